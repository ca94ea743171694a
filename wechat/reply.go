package wechat

import (
	"encoding/base64"
	"encoding/binary"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Reply seals a text that answers m, under the key that opened m, with fresh
// random bytes. The text is made valid XML: bytes that are no UTF-8 and control
// characters go. How long it may be is the caller's to know (the platform cuts
// or fails above about 2,048 bytes). A text without words is ErrEmptyReply; to
// say nothing, answer the bare word success instead.
func (c *Codec) Reply(m Message, text string, now time.Time) ([]byte, error) {
	return c.AppendReply(nil, m, text, now)
}

// AppendReply is Reply, appended to dst.
func (c *Codec) AppendReply(dst []byte, m Message, text string, now time.Time) ([]byte, error) {
	if !worded(text) {
		return dst, ErrEmptyReply
	}
	s := c.borrow()
	defer c.pool.Put(s)
	b := random(s.plain[:0])
	// The nonce takes the place of the length until that is known, so that
	// nothing of the salt is ever sent in the clear.
	nonce := binary.BigEndian.Uint32(b[saltLen:])
	b = appendText(b, m, text, now)
	binary.BigEndian.PutUint32(b[saltLen:], uint32(len(b)-headLen)) //nolint:gosec // far below 4 GiB
	b = pad(append(b, c.appID...))
	s.plain = b
	c.keys[m.key%len(c.keys)].encrypt(b)
	return c.appendEnvelope(dst, s, nonce, now), nil
}

// appendText writes the plaintext message.
func appendText(b []byte, m Message, text string, now time.Time) []byte {
	b = append(b, "<xml><ToUserName>"...)
	b = appendCDATA(b, m.FromUser)
	b = append(b, "</ToUserName><FromUserName>"...)
	b = appendCDATA(b, m.ToUser)
	b = append(b, "</FromUserName><CreateTime>"...)
	b = strconv.AppendInt(b, now.Unix(), 10)
	b = append(b, "</CreateTime><MsgType><![CDATA[text]]></MsgType><Content>"...)
	b = appendCDATA(b, text)
	return append(b, "</Content></xml>"...)
}

// appendEnvelope writes the sealed s.plain with its signature.
func (c *Codec) appendEnvelope(dst []byte, s *scratch, salt uint32, now time.Time) []byte {
	var digits [2][20]byte
	at := string(strconv.AppendInt(digits[0][:0], now.Unix(), 10))
	nonce := string(strconv.AppendUint(digits[1][:0], uint64(salt), 10))
	size := base64.StdEncoding.EncodedLen(len(s.plain))
	dst = slices.Grow(dst, size+256)
	dst = append(dst, "<xml><Encrypt><![CDATA["...)
	from := len(dst)
	dst = base64.StdEncoding.AppendEncode(dst, s.plain)
	sum := s.sum(c.token, at, nonce, dst[from:])
	dst = append(dst, "]]></Encrypt><MsgSignature><![CDATA["...)
	dst = append(dst, sum[:]...)
	dst = append(dst, "]]></MsgSignature><TimeStamp>"...)
	dst = append(dst, at...)
	dst = append(dst, "</TimeStamp><Nonce><![CDATA["...)
	dst = append(dst, nonce...)
	return append(dst, "]]></Nonce></xml>"...)
}

// appendCDATA writes s as a CDATA section, split where s itself has the end of
// one. The end is looked for in what is written, not in s: the characters that
// are left out could have stood in the middle of it.
func appendCDATA(b []byte, s string) []byte {
	b = append(b, "<![CDATA["...)
	for _, r := range s {
		if !printable(r) {
			continue
		}
		if r == '>' && b[len(b)-1] == ']' && b[len(b)-2] == ']' {
			b = append(b, "]]><![CDATA["...)
		}
		b = utf8.AppendRune(b, r)
	}
	return append(b, "]]>"...)
}

// printable is what a reply may consist of. Bytes that are no UTF-8 arrive here
// as U+FFFD, which nobody writes on purpose.
func printable(r rune) bool { return r != utf8.RuneError && !control(r) }

// worded reports whether anything of s would be seen.
func worded(s string) bool {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if !printable(r) {
			return -1
		}
		return r
	}, s)) != ""
}
