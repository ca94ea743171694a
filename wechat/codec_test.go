package wechat_test

import (
	"encoding/base64"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/cunkao/cunkao/wechat"
)

// The vectors of the platform's own page on the encryption of messages.
const (
	officialToken = "AAAAA"
	officialKey   = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	officialAppID = "wxba5fad812f8e6fb9"
	officialText  = "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="
)

const (
	token   = "VillageToken2026"
	appID   = "wx0123456789abcdef"
	aesKey  = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
	oldKey  = "GFEDCBA9876543210zyxwvutsrqponmlkjihgfedcba"
	account = "gh_0123456789ab"
	openID  = "oABCDabcd_-0123456789abcdefg"
)

var moment = time.Date(2026, 11, 22, 8, 30, 0, 0, time.UTC)

const said = `<xml><ToUserName><![CDATA[gh_0123456789ab]]></ToUserName>` +
	`<FromUserName><![CDATA[oABCDabcd_-0123456789abcdefg]]></FromUserName>` +
	`<CreateTime>1795336200</CreateTime><MsgType><![CDATA[text]]></MsgType>` +
	`<Content><![CDATA[请事假 10.8-10.9 送孩子上学]]></Content>` +
	`<MsgId>24536789012345678</MsgId></xml>`

func newCodec(tb testing.TB) *wechat.Codec {
	tb.Helper()
	c, err := wechat.NewCodec(wechat.Account{AppID: appID, Token: token, AESKey: aesKey})
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// callback makes a push of xml as the platform would, by the code in
// platform_test.go.
func callback(xml string, at time.Time) (wechat.Query, []byte) {
	return platform{token: token, key: aesKey, appID: appID}.push(xml, at)
}

func TestOfficialVectors(t *testing.T) {
	t.Parallel()
	c, err := wechat.NewCodec(wechat.Account{AppID: officialAppID, Token: officialToken, AESKey: officialKey})
	if err != nil {
		t.Fatal(err)
	}
	check := wechat.Query{
		Signature: "f464b24fc39322e44b38aa78f5edd27bd1441696",
		Timestamp: "1714036504", Nonce: "1514711492", Echostr: "4375120948345356249",
	}
	if !c.CheckURL(check) {
		t.Error("the official question for the address is not recognised")
	}
	plain := wechat.Query{
		Signature: "899cf89e464efb63f54ddac96b0a0a235f53aa78",
		Timestamp: "1714037059", Nonce: "486452656", Echostr: "x",
	}
	if !c.CheckURL(plain) {
		t.Error("the official plain signature is not recognised")
	}
	q := wechat.Query{
		MsgSignature: "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3", EncryptType: "aes",
		Timestamp: "1714112445", Nonce: "415670741",
	}
	body := "<xml><ToUserName>gh_97417a04a28d</ToUserName><Encrypt>" + officialText + "</Encrypt></xml>"
	m, err := c.Open(q, []byte(body), time.Unix(1714112445, 0))
	// The official message is JSON: genuine, but nothing for us. That it was
	// decrypted shows by its length.
	if !errors.Is(err, wechat.ErrMalformed) || len(m.XML) != 167 {
		t.Errorf("got %d bytes (%v), want the 167 of the official vector", len(m.XML), err)
	}
}

// The test's own platform must agree with the official one, or it proves nothing.
func TestTestPlatformOnOfficialVectors(t *testing.T) {
	t.Parallel()
	p := platform{token: officialToken, key: officialKey, appID: officialAppID}
	sealed := p.seal([]byte(`{"demo_resp":"good luck"}`), "707722b803182950", 32)
	if want := "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="; sealed != want {
		t.Errorf("sealed %s, want %s", sealed, want)
	}
	if got := p.sign("1713424427", "415670741", sealed); got != "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1" {
		t.Errorf("signed %s", got)
	}
	raw, err := base64.StdEncoding.DecodeString(officialText)
	if err != nil {
		t.Fatal(err)
	}
	salt, message := p.unseal(t, raw)
	if salt != "a8eedb185eb2fecf" || len(message) != 167 {
		t.Errorf("unsealed salt %q and %d bytes", salt, len(message))
	}
}

func TestNewCodecRefusesBadAccounts(t *testing.T) {
	t.Parallel()
	good := wechat.Account{AppID: appID, Token: token, AESKey: aesKey}
	tests := map[string]func(*wechat.Account){
		"no app id":                             func(a *wechat.Account) { a.AppID = "" },
		"an app id with a colon":                func(a *wechat.Account) { a.AppID = "wx:1" },
		"a token of two letters":                func(a *wechat.Account) { a.Token = "ab" },
		"a token of 33 letters":                 func(a *wechat.Account) { a.Token = strings.Repeat("a", 33) },
		"a token with a line break":             func(a *wechat.Account) { a.Token = "abc\n" },
		"no key":                                func(a *wechat.Account) { a.AESKey = "" },
		"a key of 42 characters":                func(a *wechat.Account) { a.AESKey = aesKey[1:] },
		"a key of 44 characters":                func(a *wechat.Account) { a.AESKey = aesKey + "=" },
		"a key with a line break in it":         func(a *wechat.Account) { a.AESKey = aesKey[:20] + "\n" + aesKey[21:] },
		"a key with a character out of place":   func(a *wechat.Account) { a.AESKey = "!" + aesKey[1:] },
		"a previous key that is none":           func(a *wechat.Account) { a.PreviousAESKey = "short" },
		"a key of the alphabet meant for paths": func(a *wechat.Account) { a.AESKey = "-_" + aesKey[2:] },
	}
	for name, spoil := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := good
			spoil(&a)
			if _, err := wechat.NewCodec(a); err == nil {
				t.Error("taken")
			} else if a.AESKey != "" && strings.Contains(err.Error(), a.AESKey) {
				t.Error("the error shows the key")
			}
		})
	}
}

func TestOpenReadsWhatThePlatformSends(t *testing.T) {
	t.Parallel()
	c := newCodec(t)
	// All lengths in turn, so that every padding from 1 to 32 occurs.
	for n := range 70 {
		text := strings.Repeat("字", n/3) + strings.Repeat("a", n%3) + "."
		xml := strings.Replace(said, "请事假 10.8-10.9 送孩子上学", text, 1)
		q, body := callback(xml, moment)
		m, err := c.Open(q, body, moment)
		if err != nil {
			t.Fatalf("%d bytes: %v", len(text), err)
		}
		if m.Content != text || m.FromUser != openID || m.ToUser != account || m.XML != xml {
			t.Errorf("read %+v", m)
		}
	}
}

func TestOpenForbids(t *testing.T) {
	t.Parallel()
	c := newCodec(t)
	tests := map[string]func(q *wechat.Query, body *[]byte){
		"no signature over the message":          func(q *wechat.Query, _ *[]byte) { q.MsgSignature = "" },
		"a signature in capitals":                func(q *wechat.Query, _ *[]byte) { q.MsgSignature = strings.ToUpper(q.MsgSignature) },
		"a signature with something behind":      func(q *wechat.Query, _ *[]byte) { q.MsgSignature += "0" },
		"the plain signature in its place":       func(q *wechat.Query, _ *[]byte) { q.MsgSignature = q.Signature },
		"no timestamp":                           func(q *wechat.Query, _ *[]byte) { q.Timestamp = "" },
		"another timestamp":                      func(q *wechat.Query, _ *[]byte) { q.Timestamp = "1795336201" },
		"a timestamp that is no number":          func(q *wechat.Query, _ *[]byte) { q.Timestamp = "soon" },
		"a timestamp beyond all bounds":          func(q *wechat.Query, _ *[]byte) { q.Timestamp = "9223372036854775807" },
		"a timestamp below zero":                 func(q *wechat.Query, _ *[]byte) { q.Timestamp = "-9223372036854775808" },
		"no nonce":                               func(q *wechat.Query, _ *[]byte) { q.Nonce = "" },
		"another nonce":                          func(q *wechat.Query, _ *[]byte) { q.Nonce = "1" },
		"no encrypt_type":                        func(q *wechat.Query, _ *[]byte) { q.EncryptType = "" },
		"encrypt_type raw":                       func(q *wechat.Query, _ *[]byte) { q.EncryptType = "raw" },
		"a plain body under a plain signature":   func(q *wechat.Query, b *[]byte) { q.EncryptType, *b = "", []byte(said) },
		"a plain body that claims the safe mode": func(_ *wechat.Query, b *[]byte) { *b = []byte(said) },
		"an empty body":                          func(_ *wechat.Query, b *[]byte) { *b = nil },
		"an empty ciphertext":                    func(_ *wechat.Query, b *[]byte) { *b = []byte("<xml><Encrypt></Encrypt></xml>") },
		"two ciphertexts": func(_ *wechat.Query, b *[]byte) {
			*b = []byte(strings.Replace(string(*b), "</xml>", "<Encrypt>AAAA</Encrypt></xml>", 1))
		},
		"another ciphertext before the signed one": func(_ *wechat.Query, b *[]byte) {
			*b = []byte(strings.Replace(string(*b), "<xml>", "<xml><Encrypt>AAAA</Encrypt>", 1))
		},
		"something after the root": func(_ *wechat.Query, b *[]byte) { *b = append(*b, "<xml></xml>"...) },
		"a document type": func(_ *wechat.Query, b *[]byte) {
			*b = append([]byte(`<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>`), *b...)
		},
		"a body over 64 KiB": func(_ *wechat.Query, b *[]byte) { *b = append(*b, strings.Repeat(" ", wechat.MaxBody)...) },
		"JSON":               func(_ *wechat.Query, b *[]byte) { *b = []byte(`{"Encrypt":"AAAA"}`) },
	}
	for name, spoil := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q, body := callback(said, moment)
			spoil(&q, &body)
			m, err := c.Open(q, body, moment)
			if !errors.Is(err, wechat.ErrForbidden) || errors.Is(err, wechat.ErrMalformed) {
				t.Errorf("got %v, want forbidden", err)
			}
			if m != (wechat.Message{}) {
				t.Errorf("and yet it was read: %+v", m)
			}
		})
	}
}

func TestOpenForbidsOtherSeals(t *testing.T) {
	t.Parallel()
	ours := platform{token: token, key: aesKey, appID: appID}
	tests := map[string]struct {
		p      platform
		sealed string
	}{
		"another app id under our key and token": {p: platform{token: token, key: aesKey, appID: officialAppID}},
		"an app id that only begins like ours":   {p: platform{token: token, key: aesKey, appID: appID + "0"}},
		"no app id":                              {p: platform{token: token, key: aesKey}},
		"another key":                            {p: platform{token: token, key: oldKey, appID: appID}},
		"another token":                          {p: platform{token: "AAAAA", key: aesKey, appID: appID}},
		"a ciphertext that is no base64":         {p: ours, sealed: "?!?!"},
		"a ciphertext of half a block":           {p: ours, sealed: "AAAAAAAAAAA="},
		"a ciphertext of one block":              {p: ours, sealed: "AAAAAAAAAAAAAAAAAAAAAA=="},
		"a pad of zero":                          {p: ours, sealed: ours.sealRaw(make([]byte, 64))},
		"a pad of 33":                            {p: ours, sealed: ours.sealRaw([]byte(strings.Repeat("\x21", 64)))},
		"a pad whose bytes differ":               {p: ours, sealed: ours.sealRaw([]byte(strings.Repeat("x", 62) + "\x01\x02"))},
		"nothing but padding":                    {p: ours, sealed: ours.sealRaw([]byte(strings.Repeat("\x20", 32)))},
		"a length beyond the end":                {p: ours, sealed: ours.sealRaw([]byte(strings.Repeat("\xff", 31) + "\x01"))},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q, body := tt.p.push(said, moment)
			if tt.sealed != "" {
				q, body = tt.p.post(tt.sealed, moment)
			}
			if _, err := newCodec(t).Open(q, body, moment); !errors.Is(err, wechat.ErrForbidden) {
				t.Errorf("got %v, want forbidden", err)
			}
		})
	}
}

func TestOpenWindow(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		late time.Duration
		ok   bool
	}{
		"at once":                      {0, true},
		"ten minutes late":             {10 * time.Minute, true},
		"ten minutes and a second":     {10*time.Minute + time.Second, false},
		"replayed after 20 minutes":    {20 * time.Minute, false},
		"ten minutes ahead":            {-10 * time.Minute, true},
		"more than ten minutes ahead":  {-10*time.Minute - time.Second, false},
		"replayed after three years":   {3 * 365 * 24 * time.Hour, false},
		"fifteen seconds, third try":   {15 * time.Second, true},
		"replayed after three decades": {30 * 365 * 24 * time.Hour, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q, body := callback(said, moment)
			_, err := newCodec(t).Open(q, body, moment.Add(tt.late))
			if tt.ok != (err == nil) || !tt.ok && !errors.Is(err, wechat.ErrForbidden) {
				t.Errorf("got %v, want accepted: %v", err, tt.ok)
			}
		})
	}
}

// Whatever byte of a callback is changed, it says the same as before or is not
// accepted: the address of the account beside the ciphertext is not read.
func TestOpenTamperedBytes(t *testing.T) {
	t.Parallel()
	c := newCodec(t)
	q, body := callback(said, moment)
	want, err := c.Open(q, body, moment)
	if err != nil {
		t.Fatal(err)
	}
	for i := range body {
		for _, bit := range []byte{0x01, 0x20, 0x80} {
			changed := []byte(string(body))
			changed[i] ^= bit
			if m, err := c.Open(q, changed, moment); err == nil && m != want {
				t.Fatalf("byte %d changed by %#x: read %+v", i, bit, m)
			} else if err != nil && !errors.Is(err, wechat.ErrForbidden) {
				t.Fatalf("byte %d changed by %#x: %v", i, bit, err)
			}
		}
	}
}

func TestOpenMalformed(t *testing.T) {
	t.Parallel()
	q, body := callback("<xml><FromUserName>o</FromUserName>", moment)
	m, err := newCodec(t).Open(q, body, moment)
	if !errors.Is(err, wechat.ErrMalformed) || errors.Is(err, wechat.ErrForbidden) {
		t.Errorf("got %v, want malformed only", err)
	}
	if m.XML == "" {
		t.Error("what cannot be read is lost")
	}
}

func TestOpenIgnoresPlainSignature(t *testing.T) {
	t.Parallel()
	q, body := callback(said, moment)
	q.Signature = ""
	if _, err := newCodec(t).Open(q, body, moment); err != nil {
		t.Errorf("the plain signature is demanded: %v", err)
	}
}

// In the compatible mode plain fields stand beside the ciphertext. Nobody
// signed them.
func TestOpenIgnoresPlainFieldsBeside(t *testing.T) {
	t.Parallel()
	q, body := callback(said, moment)
	forged := strings.Replace(string(body), "</xml>", "<FromUserName>somebody</FromUserName><Content>x</Content></xml>", 1)
	m, err := newCodec(t).Open(q, []byte(forged), moment)
	if err != nil || m.FromUser != openID {
		t.Errorf("read %q, %v", m.FromUser, err)
	}
}

func TestCheckURLRefuses(t *testing.T) {
	t.Parallel()
	p := platform{token: token, key: aesKey, appID: appID}
	good := wechat.Query{Timestamp: "1", Nonce: "2", Echostr: "3", Signature: p.sign("1", "2", "")}
	for range 2 {
		if !newCodec(t).CheckURL(good) {
			t.Fatal("the platform's question is refused, or its repetition is")
		}
	}
	tests := map[string]func(*wechat.Query){
		"a wrong signature":       func(q *wechat.Query) { q.Signature = strings.Repeat("0", 40) },
		"no signature":            func(q *wechat.Query) { q.Signature = "" },
		"an overlong signature":   func(q *wechat.Query) { q.Signature += q.Signature },
		"no timestamp":            func(q *wechat.Query) { q.Timestamp = "" },
		"no nonce":                func(q *wechat.Query) { q.Nonce = "" },
		"no echostr":              func(q *wechat.Query) { q.Echostr = "" },
		"digits moved to a place": func(q *wechat.Query) { q.Timestamp, q.Nonce = "12", "" },
	}
	for name, spoil := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q := good
			spoil(&q)
			if newCodec(t).CheckURL(q) {
				t.Error("taken")
			}
		})
	}
}

func TestParseQuery(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		raw  string
		want wechat.Query
		bad  bool
	}{
		"all there": {
			raw: "signature=s&timestamp=1&nonce=2&openid=o&encrypt_type=aes&msg_signature=m",
			want: wechat.Query{
				Signature: "s", Timestamp: "1", Nonce: "2", EncryptType: "aes", MsgSignature: "m",
			},
		},
		"escapes":                              {raw: "echostr=a%2Bb+c&nonce=%32", want: wechat.Query{Echostr: "a+b c", Nonce: "2"}},
		"a stranger twice":                     {raw: "openid=1&openid=2&&=", want: wechat.Query{}},
		"a timestamp twice":                    {raw: "timestamp=1&timestamp=1", bad: true},
		"an empty one and then another":        {raw: "nonce=&nonce=1", bad: true},
		"the second in disguise":               {raw: "nonce=1&%6eonce=2", bad: true},
		"an escape that is none in the value":  {raw: "nonce=%zz", bad: true},
		"an escape that is none in the name":   {raw: "%zz=1", bad: true},
		"an escape that is none in a stranger": {raw: "openid=%zz", want: wechat.Query{}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := wechat.ParseQuery(&url.URL{RawQuery: tt.raw})
			if tt.bad != errors.Is(err, wechat.ErrForbidden) || got != tt.want {
				t.Errorf("read %+v, %v", got, err)
			}
		})
	}
}
