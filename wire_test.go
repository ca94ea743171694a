package main

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/testkit"
)

// stranger is a program that knows the account's credentials, the callback and
// the simulator's addresses, and nothing else. Its envelope is written for this
// test alone.
type stranger struct {
	t                  testing.TB
	base               string
	appID, token, aesK string
	msgID              int64
}

func newStranger(t testing.TB, d *demo) *stranger {
	t.Helper()
	srv := httptest.NewServer(d.handler())
	t.Cleanup(srv.Close)
	return &stranger{t: t, base: srv.URL, appID: d.account.AppID, token: d.account.Token, aesK: d.account.AESKey, msgID: 1000}
}

func (s *stranger) key() []byte {
	key, err := base64.StdEncoding.DecodeString(s.aesK + "=")
	if err != nil {
		s.t.Fatal(err)
	}
	return key
}

func (s *stranger) sign(parts ...string) string {
	all := append([]string{s.token}, parts...)
	slices.Sort(all)
	sum := sha1.Sum([]byte(strings.Join(all, "")))
	return hex.EncodeToString(sum[:])
}

func (s *stranger) seal(plain string) string {
	head := make([]byte, 20)
	_, _ = rand.Read(head[:16])
	binary.BigEndian.PutUint32(head[16:], uint32(len(plain)))
	b := slices.Concat(head, []byte(plain), []byte(s.appID))
	pad := 32 - len(b)%32
	b = append(b, bytes.Repeat([]byte{byte(pad)}, pad)...)
	block, err := aes.NewCipher(s.key())
	if err != nil {
		s.t.Fatal(err)
	}
	cipher.NewCBCEncrypter(block, s.key()[:16]).CryptBlocks(b, b)
	return base64.StdEncoding.EncodeToString(b)
}

func (s *stranger) open(sealed string) string {
	b, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil || len(b)%16 != 0 || len(b) == 0 {
		s.t.Fatalf("sealed reply: %v", err)
	}
	block, err := aes.NewCipher(s.key())
	if err != nil {
		s.t.Fatal(err)
	}
	cipher.NewCBCDecrypter(block, s.key()[:16]).CryptBlocks(b, b)
	b = b[:len(b)-int(b[len(b)-1])]
	n := binary.BigEndian.Uint32(b[16:20])
	if got := string(b[20+n:]); got != s.appID {
		s.t.Fatalf("the reply is of %q", got)
	}
	return string(b[20 : 20+n])
}

// send posts one delivery and returns the status and the body.
func (s *stranger) send(message string, at time.Time, change func(url.Values, *string)) (int, string) {
	s.t.Helper()
	sealed, ts, nonce := s.seal(message), strconv.FormatInt(at.Unix(), 10), "n"+strconv.FormatInt(s.msgID, 10)
	q := url.Values{
		"timestamp": {ts}, "nonce": {nonce}, "encrypt_type": {"aes"},
		"signature": {s.sign(ts, nonce)}, "msg_signature": {s.sign(ts, nonce, sealed)},
	}
	body := "<xml><ToUserName>gh_x</ToUserName><Encrypt>" + sealed + "</Encrypt></xml>"
	if change != nil {
		change(q, &body)
	}
	res, err := http.Post(s.base+"/wechat?"+q.Encode(), "text/xml", strings.NewReader(body))
	if err != nil {
		return 0, err.Error()
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, err.Error()
	}
	return res.StatusCode, string(got)
}

func (s *stranger) text(openID, words string, at time.Time) string {
	s.msgID++
	return fmt.Sprintf("<xml><ToUserName>gh_x</ToUserName><FromUserName>%s</FromUserName><CreateTime>%d</CreateTime><MsgType>text</MsgType><Content><![CDATA[%s]]></Content><MsgId>%d</MsgId></xml>",
		openID, at.Unix(), words, s.msgID)
}

// read decrypts a reply.
func (s *stranger) read(body string) string {
	s.t.Helper()
	var outer struct {
		Encrypt, MsgSignature, TimeStamp, Nonce string
	}
	if err := xml.Unmarshal([]byte(body), &outer); err != nil {
		s.t.Fatalf("reply %q: %v", body, err)
	}
	if want := s.sign(outer.TimeStamp, outer.Nonce, outer.Encrypt); outer.MsgSignature != want {
		s.t.Fatalf("reply's signature %s, want %s", outer.MsgSignature, want)
	}
	var inner struct{ ToUserName, FromUserName, Content string }
	if err := xml.Unmarshal([]byte(s.open(outer.Encrypt)), &inner); err != nil {
		s.t.Fatal(err)
	}
	return inner.Content
}

// say sends one text by the simulator's clock and returns the reply.
func (s *stranger) say(openID, words string) string {
	s.t.Helper()
	now := s.clock()
	code, body := s.send(s.text(openID, words, now), now, nil)
	if code != http.StatusOK || body == "success" {
		s.t.Fatalf("%s: %d %s", words, code, body)
	}
	return s.read(body)
}

func (s *stranger) get(path string, into any) {
	s.t.Helper()
	res, err := http.Get(s.base + path)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(into); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stranger) clock() time.Time {
	s.t.Helper()
	var out struct{ Now time.Time }
	s.get("/sim/clock", &out)
	return out.Now
}

func (s *stranger) walk(to string) {
	s.t.Helper()
	res, err := http.Post(s.base+"/sim/clock", "application/json", strings.NewReader(`{"now":"`+to+`"}`))
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		s.t.Fatalf("walk to %s: %s", to, res.Status)
	}
}

type phoneOwner struct {
	OpenID  string `json:"openid"`
	Name    string
	Roles   []string
	Village string
	Bound   bool
	Code    *string
	Phone4  string `json:"phone4"`
}

func (s *stranger) unboundCadre() phoneOwner {
	s.t.Helper()
	var people []phoneOwner
	s.get("/sim/people", &people)
	unbound := map[string]bool{}
	for _, p := range people {
		for _, r := range p.Roles {
			unbound[r] = unbound[r] || !p.Bound
		}
	}
	for _, role := range []string{"cadre", "villager", "town_staff"} {
		if !unbound[role] {
			s.t.Errorf("nobody unbound is %s", role)
		}
	}
	for _, p := range people {
		if !p.Bound && slices.Contains(p.Roles, "cadre") && p.Code != nil {
			return p
		}
	}
	s.t.Fatal("no unbound cadre")
	return phoneOwner{}
}

// TestWireFromAMessageToAPublishedResult does the main job as a program that
// knows nothing of this one.
func TestWireFromAMessageToAPublishedResult(t *testing.T) {
	t.Parallel()
	for name, database := range databases(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStranger(t, newTestDemo(t, database(t)))
			me := s.unboundCadre()
			expect := func(words, want string) {
				t.Helper()
				if got := s.say(me.OpenID, words); !strings.Contains(got, want) {
					t.Errorf("%s: %q, want %q in it", words, got, want)
				}
			}
			expect("绑定 "+*me.Code+" "+me.Phone4, "同意")
			expect("同意", "绑定成功")
			expect("签到", "签到成功")
			expect("签到", "已经签到了")
			expect("我的得分", "2026年第三季度 到今天")
			s.walk("2026-11-05T09:00:00+08:00")
			expect("我的得分", "2026年第三季度 考核结果")
			expect("为什么", "2026年第三季度")
			expect("我的补贴", "合计")
			var out []struct {
				Type, Text string
				TemplateID string `json:"template_id"`
				Data       map[string]string
			}
			s.get("/sim/outbox?openid="+me.OpenID, &out)
			if !slices.ContainsFunc(out, func(m struct {
				Type, Text string
				TemplateID string `json:"template_id"`
				Data       map[string]string
			},
			) bool {
				return m.Type == "template" && strings.Contains(m.Text, "考核等次")
			}) {
				t.Errorf("the result was not told: %+v", out)
			}
		})
	}
}

func TestWireRefusesWhatIsNotThePlatforms(t *testing.T) {
	t.Parallel()
	s := newStranger(t, newTestDemo(t, models.Source{}, "unreadable message"))
	me, now := s.unboundCadre(), demoStart
	plain := s.text(me.OpenID, "帮助", now)
	for name, change := range map[string]func(url.Values, *string){
		"a plain message with the plain signature": func(q url.Values, b *string) { q.Del("encrypt_type"); q.Del("msg_signature"); *b = plain },
		"encrypt_type raw":                         func(q url.Values, b *string) { q.Set("encrypt_type", "raw"); *b = plain },
		"a wrong msg_signature":                    func(q url.Values, _ *string) { q.Set("msg_signature", strings.Repeat("0", 40)) },
		"no msg_signature":                         func(q url.Values, _ *string) { q.Del("msg_signature") },
		"two timestamps":                           func(q url.Values, _ *string) { q.Add("timestamp", "1") },
		"a body over 64 KiB":                       func(_ url.Values, b *string) { *b += strings.Repeat(" ", 64<<10) },
	} {
		if code, body := s.send(s.text(me.OpenID, "帮助", now), now, change); code != http.StatusForbidden || body != "" {
			t.Errorf("%s: %d %q", name, code, body)
		}
	}
	if code, _ := s.send(s.text(me.OpenID, "帮助", now), now.Add(-11*time.Minute), nil); code != http.StatusForbidden {
		t.Errorf("eleven minutes old: %d", code)
	}
	noPlain := func(q url.Values, _ *string) { q.Del("signature") }
	if code, body := s.send(s.text(me.OpenID, "帮助", now), now, noPlain); code != http.StatusOK || !strings.Contains(s.read(body), "绑定") {
		t.Errorf("without the plain signature: %d", code)
	}
	unreadable := "<xml><FromUserName>" + me.OpenID + "</FromUserName><xml>"

	if code, body := s.send(unreadable, now, nil); code != http.StatusOK || body != "success" {
		t.Errorf("an unreadable message of the platform's own: %d %q", code, body)
	}
}

// TestWireThreeDeliveriesToTwoReplicas sends one message three times to two
// processes on one database, whose Redis knows nothing of each other.
func TestWireThreeDeliveriesToTwoReplicas(t *testing.T) {
	t.Parallel()
	d := newTestDemo(t, models.Source{DSN: testkit.MariaDB(t)})
	s := newStranger(t, d)
	me := s.unboundCadre()
	s.say(me.OpenID, "绑定 "+*me.Code+" "+me.Phone4)
	s.say(me.OpenID, "同意")
	second := d.another(t)
	srv := httptest.NewServer(second.bot)
	t.Cleanup(srv.Close)
	other := *s
	other.base = srv.URL

	for _, words := range []string{"签到", "谁在值班"} {
		now := s.clock()
		message := s.text(me.OpenID, words, now)
		replies := make([]string, 3)
		var all sync.WaitGroup
		for i, at := range []*stranger{s, &other, s} {
			all.Go(func() {
				if code, body := at.send(message, now, nil); code == http.StatusOK {
					replies[i] = s.read(body)
				}
			})
		}
		all.Wait()
		if replies[0] == "" || replies[0] != replies[1] || replies[1] != replies[2] {
			t.Errorf("%s: %q", words, replies)
		}
	}
	err := d.db.Read(t.Context(), func(tx *models.Tx) error {
		rows, err := tx.ArrivalsOn(calendarDay(demoStart))
		if len(rows) != 1 {
			t.Errorf("%d arrivals, want 1", len(rows))
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// another is a second process on the same database.
func (d *demo) another(t *testing.T) *app {
	t.Helper()
	p := d.parts
	p.now, p.redis = d.clock.Now, ""
	a, err := open(context.WithoutCancel(t.Context()), p)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.close() })
	return a
}
