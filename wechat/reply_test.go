package wechat_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cunkao/cunkao/testkit"
	"github.com/cunkao/cunkao/wechat"
)

func TestReply(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ text, want string }{
		"plain words":                             {"签到成功 08:01", "签到成功 08:01"},
		"rare characters and emoji":               {"𠮷 䶮 👨‍👩‍👧", "𠮷 䶮 👨‍👩‍👧"},
		"a link":                                  {`<a href="weixin://bizmsgmenu?msgmenucontent=是&msgmenuid=1">是</a>`, `<a href="weixin://bizmsgmenu?msgmenucontent=是&msgmenuid=1">是</a>`},
		"several lines":                           {"一\n二", "一\n二"},
		"the end of a section":                    {"a]]>b]]]>c]]", "a]]>b]]]>c]]"},
		"the end of a section in pieces":          {"a]]\x00>b]\x01]>c", "a]]>b]]>c"},
		"control characters":                      {"a\x00b\x1bc\x7fd", "abc\x7fd"},
		"bytes that are no UTF-8":                 {"a\xffb\xc0\xafc", "abc"},
		"half a character at the end":             {"好\xe5\xa5", "好"},
		"what is a character but not one for XML": {"a\uFFFEb\uFFFFc", "abc"},
		"entities stand for themselves":           {"&lt;&amp;", "&lt;&amp;"},
		"a long text":                             {strings.Repeat("长", 600), strings.Repeat("长", 600)},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCodec(t)
			q, body := callback(said, moment)
			m, err := c.Open(q, body, moment)
			if err != nil {
				t.Fatal(err)
			}
			b, err := c.Reply(m, tt.text, moment.Add(time.Second))
			if err != nil {
				t.Fatal(err)
			}
			got, _, _ := platform{token: token, key: aesKey, appID: appID}.read(t, b)
			want := reply{
				XMLName:    xml.Name{Local: "xml"},
				ToUserName: openID, FromUserName: account, CreateTime: moment.Unix() + 1, MsgType: "text", Content: tt.want,
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestReplyNeverEmpty(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"nothing": "", "spaces": " \n\t", "an ideographic space": "\u3000",
		"control characters": "\x00\x01", "no UTF-8": "\xff\xfe",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, err := newCodec(t).Reply(wechat.Message{FromUser: openID, ToUser: account}, text, moment)
			if !errors.Is(err, wechat.ErrEmptyReply) || len(b) != 0 {
				t.Errorf("got %q, %v", b, err)
			}
		})
	}
}

func TestReplyEveryPadding(t *testing.T) {
	t.Parallel()
	c := newCodec(t)
	for n := 1; n < 70; n++ {
		text := strings.Repeat("a", n)
		b, err := c.Reply(wechat.Message{FromUser: openID, ToUser: account}, text, moment)
		if err != nil {
			t.Fatal(err)
		}
		if r, _, _ := (platform{token: token, key: aesKey, appID: appID}).read(t, b); r.Content != text {
			t.Errorf("%d bytes: read %q", n, r.Content)
		}
	}
}

func TestReplyUnderTheKeyThatOpened(t *testing.T) {
	t.Parallel()
	c, err := wechat.NewCodec(wechat.Account{AppID: appID, Token: token, AESKey: aesKey, PreviousAESKey: oldKey})
	if err != nil {
		t.Fatal(err)
	}
	for name, k := range map[string]string{"the current key": aesKey, "the previous key": oldKey} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := platform{token: token, key: k, appID: appID}
			q, body := p.push(said, moment)
			m, err := c.Open(q, body, moment)
			if err != nil {
				t.Fatal(err)
			}
			b, err := c.Reply(m, "好", moment)
			if err != nil {
				t.Fatal(err)
			}
			if r, _, _ := p.read(t, b); r.Content != "好" {
				t.Errorf("read %q", r.Content)
			}
		})
	}
}

func TestReplyNeverRepeatsItself(t *testing.T) {
	t.Parallel()
	c := newCodec(t)
	p := platform{token: token, key: aesKey, appID: appID}
	seen := map[string]bool{}
	for range 50 {
		b, err := c.Reply(wechat.Message{FromUser: openID, ToUser: account}, "好", moment)
		if err != nil {
			t.Fatal(err)
		}
		_, salt, nonce := p.read(t, b)
		if seen[salt] || seen[nonce] {
			t.Fatal("random bytes or nonce came twice")
		}
		seen[salt], seen[nonce] = true, true
	}
}

func TestAppendReplyKeepsWhatIsThere(t *testing.T) {
	t.Parallel()
	b, err := newCodec(t).AppendReply([]byte("before"), wechat.Message{FromUser: openID}, "好", moment)
	if err != nil || !bytes.HasPrefix(b, []byte("before<xml>")) {
		t.Errorf("got %q, %v", b, err)
	}
}

// mostAllocs is what one message opened and answered may cost: the text its
// fields are pieces of, and the answer.
const mostAllocs = 2

func TestEnvelopeAllocations(t *testing.T) { //nolint:paralleltest // it counts allocations of the process
	c := newCodec(t)
	q, body := callback(said, moment)
	n := testing.AllocsPerRun(200, func() {
		m, err := c.Open(q, body, moment)
		if err != nil {
			t.Fatal(err)
		}
		if _, err = c.Reply(m, "已收到：事假，10月8日至9日。", moment); err != nil {
			t.Fatal(err)
		}
	})
	t.Logf("%.0f allocations", n)
	if n > mostAllocs && !testkit.Raced {
		t.Errorf("%.0f allocations a message, at most %d", n, mostAllocs)
	}
}

func BenchmarkEnvelope(b *testing.B) {
	c := newCodec(b)
	q, body := callback(said, moment)
	dst := make([]byte, 0, 4096)
	b.Run("open and reply", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			m, _ := c.Open(q, body, moment)
			_, _ = c.Reply(m, "已收到：事假，10月8日至9日。", moment)
		}
	})
	b.Run("open and append reply", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			m, _ := c.Open(q, body, moment)
			_, _ = c.AppendReply(dst[:0], m, "已收到：事假，10月8日至9日。", moment)
		}
	})
	b.Run("open", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, _ = c.Open(q, body, moment)
		}
	})
}
