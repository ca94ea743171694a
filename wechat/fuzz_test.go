package wechat_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/cunkao/cunkao/wechat"
)

func FuzzDecode(f *testing.F) {
	for _, xml := range []string{said, event(popup), event("<Event>a</Event>"), "<xml>&#x1F600;<![CDATA[]]]]><![CDATA[>]]></xml>", "<!DOCTYPE a>", "<xml a='"} {
		f.Add([]byte(xml))
	}
	f.Fuzz(func(t *testing.T, xml []byte) {
		m, err := wechat.Decode(xml)
		if m.XML != string(xml) {
			t.Error("what came is lost")
		}
		if err != nil {
			if !errors.Is(err, wechat.ErrMalformed) {
				t.Errorf("untyped error %v", err)
			}
			return
		}
		if m.FromUser == "" || m.Type == "" || m.CreateTime <= 0 {
			t.Errorf("accepted without sender, kind or time: %+v", m)
		}
		if k := m.Key(appID); len(k) > 190 {
			t.Errorf("key of %d bytes", len(k))
		}
		for _, s := range []string{m.Content, m.EventKey, m.FromUser} {
			if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
				t.Errorf("not clean: %q", s)
			}
		}
		again, err := wechat.Decode(xml)
		if err != nil || again.Digest() != m.Digest() {
			t.Error("read differently the second time")
		}
		m.Lists()
	})
}

func FuzzOpen(f *testing.F) {
	q, body := callback(said, moment)
	f.Add(body, q.MsgSignature)
	f.Add([]byte(said), q.Signature)
	f.Add([]byte("<xml><Encrypt>AAAAAAAAAAAAAAAAAAAAAA==</Encrypt></xml>"), "")
	p := platform{token: token, key: aesKey, appID: appID}
	c := newCodec(f)
	f.Fuzz(func(t *testing.T, data []byte, signature string) {
		// As a stranger's body.
		forged := q
		forged.MsgSignature = signature
		if _, err := c.Open(forged, data, moment); err != nil && !errors.Is(err, wechat.ErrForbidden) {
			t.Errorf("a stranger's body: %v", err)
		}
		// As a ciphertext under a right signature.
		whole := data[:len(data)/16*16]
		if len(whole) > 0 && len(whole) < 30_000 {
			q, body := p.post(p.sealRaw(whole), moment)
			if _, err := c.Open(q, body, moment); err == nil && !strings.Contains(string(whole), appID) {
				t.Error("accepted without the app id")
			}
		}
		// As a message of the platform.
		if len(data) < 30_000 {
			q, body := p.push(string(data), moment)
			m, err := c.Open(q, body, moment)
			if m.XML != string(data) || errors.Is(err, wechat.ErrForbidden) {
				t.Errorf("genuine and not read: %v", err)
			}
		}
	})
}
