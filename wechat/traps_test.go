package wechat_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cunkao/cunkao/wechat"
)

// traps is how many the SDK is known to have.
const traps = 38

// Every trap of docs/wechat-traps.md has a line, and every test that is named
// there exists in the module.
func TestTrapsAreTested(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../docs/wechat-traps.md")
	if err != nil {
		t.Fatal(err)
	}
	tests := testsOf(t, "..")
	line := regexp.MustCompile(`^\| (\d+) \|.*\|([^|]*)\|$`)
	named := regexp.MustCompile("`((?:Test|Fuzz|Benchmark)[A-Za-z0-9_]+)`")
	next := 1
	for l := range strings.Lines(string(text)) {
		m := line.FindStringSubmatch(strings.TrimSpace(l))
		if m == nil {
			continue
		}
		if m[1] != strconv.Itoa(next) {
			t.Errorf("line of trap %s, want %d", m[1], next)
		}
		next++
		names := named.FindAllStringSubmatch(m[2], -1)
		if len(names) == 0 {
			t.Errorf("trap %s: no test is named", m[1])
		}
		for _, name := range names {
			if !tests[name[1]] {
				t.Errorf("trap %s: %s does not exist", m[1], name[1])
			}
		}
	}
	if next != traps+1 {
		t.Errorf("%d traps, want %d", next-1, traps)
	}
}

// testsOf are the tests in the files below root.
func testsOf(t *testing.T, root string) map[string]bool {
	t.Helper()
	declared := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz|Benchmark)[A-Za-z0-9_]+)\(`)
	found := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, m := range declared.FindAllStringSubmatch(string(text), -1) {
			found[m[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// An echostr beside a message is no question for the address: what the platform
// signed is opened all the same.
func TestPostWithEchostrIsAMessage(t *testing.T) {
	t.Parallel()
	q, body := callback(said, moment)
	q.Echostr = "4375120948345356249"
	m, err := newCodec(t).Open(q, body, moment)
	if err != nil || m.FromUser != openID {
		t.Errorf("read %q, %v", m.FromUser, err)
	}
}

func TestCodecAfter2038(t *testing.T) {
	t.Parallel()
	late := time.Date(2040, 2, 29, 12, 0, 0, 0, time.UTC)
	c := newCodec(t)
	q, body := callback(strings.Replace(said, "1795336200", strconv.FormatInt(late.Unix(), 10), 1), late)
	m, err := c.Open(q, body, late)
	if err != nil || !m.Sent().Equal(late) {
		t.Fatalf("sent %v, %v", m.Sent(), err)
	}
	b, err := c.Reply(m, "好", late)
	if err != nil {
		t.Fatal(err)
	}
	if r, _, _ := (platform{token: token, key: aesKey, appID: appID}).read(t, b); r.CreateTime != late.Unix() {
		t.Errorf("answered at %d", r.CreateTime)
	}
}

// What nobody knows keeps every word of it, for whoever reads the dead letters.
func TestUnknownKindsKeepTheirXML(t *testing.T) {
	t.Parallel()
	c := newCodec(t)
	for name, xml := range map[string]string{
		"a kind":     "<xml>" + head + "<MsgType>hologram</MsgType><Depth><a>1</a></Depth><MsgId>12</MsgId></xml>",
		"an event":   event("<Event>wave</Event><Hand><Finger>5</Finger></Hand>"),
		"unreadable": "<xml>" + head + "<MsgType>text</MsgType><open></xml>",
		"of another": `{"MsgType":"text"}`,
	} {
		q, body := callback(xml, moment)
		m, err := c.Open(q, body, moment)
		if m.XML != xml {
			t.Errorf("%s: kept %q (%v)", name, m.XML, err)
		}
	}
	// The names of all events are one each: two of one name would be one case.
	seen := map[string]bool{}
	for _, e := range []string{
		wechat.EventSubscribe, wechat.EventUnsubscribe, wechat.EventScan, wechat.EventLocation, wechat.EventClick, wechat.EventView,
		wechat.EventViewMiniProgram, wechat.EventScanPush, wechat.EventScanWait, wechat.EventPhoto, wechat.EventPhotoOrAlbum,
		wechat.EventAlbum, wechat.EventLocationSelect, wechat.EventTemplateSendJob, wechat.EventSubscriptionPopup,
		wechat.EventSubscriptionChange, wechat.EventSubscriptionSent, wechat.EventUserModified, wechat.EventUserRevoked,
		wechat.EventUserCancelled, wechat.EventQualified, wechat.EventUnqualified, wechat.EventNamed, wechat.EventUnnamed,
		wechat.EventAnnualRenew, wechat.EventVerifyExpired, wechat.EventMassSendJob,
	} {
		if seen[e] {
			t.Errorf("%s is there twice", e)
		}
		seen[e] = true
	}
}
