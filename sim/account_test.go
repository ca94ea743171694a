package sim_test

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cunkao/cunkao/sim"
)

// account is a small service account of the tests' own. It decrypts and
// encrypts by itself.
type account struct {
	t      *testing.T
	who    sim.Account
	server *httptest.Server
	answer func(got) string // the raw answer; see say

	mu   sync.Mutex
	seen []got
}

// got is a message as it arrived.
type got struct {
	To      string `xml:"ToUserName"`
	From    string `xml:"FromUserName"`
	Created int64  `xml:"CreateTime"`
	Type    string `xml:"MsgType"`
	Content string `xml:"Content"`
	MsgID   int64  `xml:"MsgId"`
	MenuID  string `xml:"bizmsgmenuid"`
	Event   string `xml:"Event"`
	Key     string `xml:"EventKey"`
	Ticket  string `xml:"Ticket"`
	JobID   int64  `xml:"MsgID"`
	Status  string `xml:"Status"`
	MediaID string `xml:"MediaId"`
	Media16 string `xml:"MediaId16K"`
	PicURL  string `xml:"PicUrl"`
	Format  string `xml:"Format"`
	Title   string `xml:"Title"`
	About   string `xml:"Description"`
	Link    string `xml:"Url"`
	Pics    struct {
		Count int      `xml:"Count"`
		Sums  []string `xml:"PicList>item>PicMd5Sum"`
	} `xml:"SendPicsInfo"`
	Menu    string `xml:"MenuId"`
	Scanned struct {
		Type   string `xml:"ScanType"`
		Result string `xml:"ScanResult"`
	} `xml:"ScanCodeInfo"`
	Lat       string   `xml:"Latitude"`
	Lon       string   `xml:"Longitude"`
	Precision string   `xml:"Precision"`
	Picked    spot     `xml:"SendLocationInfo"`
	Popup     []listed `xml:"SubscribeMsgPopupEvent>List"`
	Change    []listed `xml:"SubscribeMsgChangeEvent>List"`
	Sent      []listed `xml:"SubscribeMsgSentEvent>List"`

	spot
	try    int    // of all that arrived
	stamp  string // of the envelope
	nonce  string
	sealed string
}

// listed is what an event says of one notice.
type listed struct {
	Template string `xml:"TemplateId"`
	Said     string `xml:"SubscribeStatusString"`
	Scene    string `xml:"PopupScene"`
	MsgID    string `xml:"MsgID"`
	Code     string `xml:"ErrorCode"`
	Status   string `xml:"ErrorStatus"`
}

// spot is a point on a map.
type spot struct {
	X     string `xml:"Location_X"`
	Y     string `xml:"Location_Y"`
	Scale string `xml:"Scale"`
	Label string `xml:"Label"`
	Name  string `xml:"Poiname"`
}

func testAccount() sim.Account {
	return sim.Account{
		AppID: "wx1234567890abcdef", Token: "villagetoken",
		AESKey: "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", Secret: "a secret of the account", GhID: "gh_cunkao",
	}
}

func newAccount(t *testing.T, gate func(http.Handler) http.Handler) *account {
	t.Helper()
	a := &account{t: t, who: testAccount()}
	a.answer = func(m got) string { return a.say(m, "收到："+m.Content+m.Key) }
	h := http.Handler(http.HandlerFunc(a.serve))
	if gate != nil {
		h = gate(h)
	}
	a.server = httptest.NewServer(h)
	t.Cleanup(a.server.Close)
	return a
}

func (a *account) serve(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	body, _ := io.ReadAll(r.Body)
	var env struct {
		To      string `xml:"ToUserName"`
		Encrypt string `xml:"Encrypt"`
	}
	if err := xml.Unmarshal(body, &env); err != nil {
		a.t.Errorf("body is not XML: %v", err)
	}
	if q.Get("encrypt_type") != "aes" || env.To != a.who.GhID || q.Get("openid") == "" {
		a.t.Errorf("envelope %q with query %v", body, q)
	}
	if want := a.sign(q.Get("timestamp"), q.Get("nonce"), env.Encrypt); q.Get("msg_signature") != want {
		a.t.Errorf("msg_signature %q, want %q", q.Get("msg_signature"), want)
	}
	if want := a.sign(q.Get("timestamp"), q.Get("nonce")); q.Get("signature") != want {
		a.t.Errorf("signature %q, want %q", q.Get("signature"), want)
	}
	m := a.open(env.Encrypt)
	m.stamp, m.nonce, m.sealed = q.Get("timestamp"), q.Get("nonce"), env.Encrypt
	a.mu.Lock()
	m.try = len(a.seen) + 1
	a.seen = append(a.seen, m)
	answer := a.answer
	a.mu.Unlock()
	io.WriteString(w, answer(m))
}

// on sets how the account answers.
func (a *account) on(answer func(got) string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.answer = answer
}

func (a *account) all() []got {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.seen)
}

func (a *account) sign(parts ...string) string {
	parts = append(parts, a.who.Token)
	slices.Sort(parts)
	sum := sha1.Sum([]byte(strings.Join(parts, "")))
	return hex.EncodeToString(sum[:])
}

func (a *account) key() []byte {
	key, err := base64.StdEncoding.DecodeString(a.who.AESKey + "=")
	if err != nil {
		a.t.Error(err)
	}
	return key
}

func (a *account) open(sealed string) got {
	data, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil || len(data)%32 != 0 {
		a.t.Errorf("ciphertext of %d bytes: %v", len(data), err)
		return got{}
	}
	block, _ := aes.NewCipher(a.key())
	cipher.NewCBCDecrypter(block, a.key()[:16]).CryptBlocks(data, data)
	data = data[:len(data)-int(data[len(data)-1])]
	n := binary.BigEndian.Uint32(data[16:20])
	if id := string(data[20+n:]); id != a.who.AppID {
		a.t.Errorf("message for %q", id)
	}
	var m got
	if err := xml.Unmarshal(data[20:20+n], &m); err != nil {
		a.t.Errorf("message is not XML: %v: %s", err, data[20:20+n])
	}
	return m
}

// seal wraps a reply in the platform's envelope.
func (a *account) seal(message string) string {
	var plain bytes.Buffer
	plain.WriteString("0123456789abcdef")
	binary.Write(&plain, binary.BigEndian, uint32(len(message)))
	plain.WriteString(message + a.who.AppID)
	pad := 32 - plain.Len()%32
	plain.Write(bytes.Repeat([]byte{byte(pad)}, pad))
	data := plain.Bytes()
	block, _ := aes.NewCipher(a.key())
	cipher.NewCBCEncrypter(block, a.key()[:16]).CryptBlocks(data, data)
	sealed := base64.StdEncoding.EncodeToString(data)
	return fmt.Sprintf("<xml><Encrypt>%s</Encrypt><MsgSignature>%s</MsgSignature><TimeStamp>1700000000</TimeStamp><Nonce>77</Nonce></xml>",
		sealed, a.sign("1700000000", "77", sealed))
}

func (a *account) say(m got, text string) string { return a.seal(textReply(m, text)) }

func textReply(m got, text string) string {
	var b bytes.Buffer
	xml.EscapeText(&b, []byte(text))
	return fmt.Sprintf("<xml><ToUserName>%s</ToUserName><FromUserName>%s</FromUserName><CreateTime>1700000000</CreateTime><MsgType>text</MsgType><Content>%s</Content></xml>",
		m.From, m.To, b.String())
}

// world is a platform with one account and 李四, who follows it.
type world struct {
	*sim.Sim
	account *account
	clock   *sim.Clock
	wall    *wall
	server  *httptest.Server
}

// wall is a real clock that stands still until a test moves it.
type wall struct {
	mu sync.Mutex
	at time.Time
}

func (w *wall) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.at
}

func (w *wall) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at = w.at.Add(d)
}

const (
	li   = "o_li_si"
	wang = "o_wang_wu"
)

// start is where the clocks of the tests begin.
func start() time.Time {
	return time.Date(2026, 3, 30, 9, 0, 0, 0, time.FixedZone("CST", 8*60*60))
}

func newWorld(t *testing.T, change ...func(*sim.Options)) *world {
	t.Helper()
	w := &world{wall: &wall{at: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)}}
	w.clock = sim.NewClock(start(), w.wall.now)
	w.account = newAccount(t, w.clock.Gate)
	o := sim.Options{
		Account: testAccount(), Title: "村考 · 青山县", Webhooks: []string{w.account.server.URL + "/wechat?county=1"},
		Templates: []sim.Template{{ID: "T1", Title: "考核结果通知", Fields: []sim.Field{
			{Key: "thing1", Label: "考核对象"}, {Key: "phrase2", Label: "等次"},
		}}},
		Clock: w.clock,
	}
	for _, c := range change {
		c(&o)
	}
	w.Sim = sim.New(o)
	t.Cleanup(w.Close)
	w.Follow(li)
	w.server = httptest.NewServer(w.Handler())
	t.Cleanup(w.server.Close)
	return w
}

// mustSay says something that must be answered.
func (w *world) mustSay(t *testing.T, openID, text string) string {
	t.Helper()
	reply, err := w.Say(t.Context(), openID, text)
	if err != nil {
		t.Fatalf("%s says %q: %v", openID, text, err)
	}
	return reply
}

// do makes a request and returns status and body.
func (w *world) do(t *testing.T, method, path, body string) (int, string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, w.server.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	res, err := w.server.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	out, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(out)
}
