package wechat_test

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cunkao/cunkao/wechat"
)

// platform does what the platform does with an envelope, written apart from the
// code under test and with other tools, and checked against the platform's own
// vectors.
type platform struct{ token, key, appID string }

func (p platform) cbc() (cipher.Block, []byte) {
	k, err := base64.StdEncoding.DecodeString(p.key + "=")
	if err != nil {
		panic(err)
	}
	block, err := aes.NewCipher(k)
	if err != nil {
		panic(err)
	}
	return block, k[:aes.BlockSize]
}

// sealRaw encrypts b, of which every byte is the caller's.
func (p platform) sealRaw(b []byte) string {
	block, iv := p.cbc()
	out := make([]byte, len(b))
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(out, b)
	return base64.StdEncoding.EncodeToString(out)
}

func (p platform) seal(message []byte, salt string, block int) string {
	b := []byte(salt)
	b = binary.BigEndian.AppendUint32(b, uint32(len(message)))
	b = append(b, message...)
	b = append(b, p.appID...)
	n := block - len(b)%block
	return p.sealRaw(append(b, strings.Repeat(string(rune(n)), n)...))
}

func (p platform) sign(timestamp, nonce, sealed string) string {
	parts := []string{p.token, timestamp, nonce, sealed}
	sort.Strings(parts)
	return fmt.Sprintf("%x", sha1.Sum([]byte(strings.Join(parts, ""))))
}

// push seals text and posts it.
func (p platform) push(text string, at time.Time) (wechat.Query, []byte) {
	return p.post(p.seal([]byte(text), "0123456789abcdef", 32), at)
}

// post puts what is sealed into a signed envelope.
func (p platform) post(sealed string, at time.Time) (wechat.Query, []byte) {
	timestamp, nonce := strconv.FormatInt(at.Unix(), 10), "415670741"
	q := wechat.Query{
		Signature: p.sign(timestamp, nonce, ""), MsgSignature: p.sign(timestamp, nonce, sealed),
		Timestamp: timestamp, Nonce: nonce, EncryptType: "aes",
	}
	body := "<xml>\n    <ToUserName><![CDATA[gh_0123456789ab]]></ToUserName>\n    <Encrypt><![CDATA[" + sealed + "]]></Encrypt>\n</xml>\n"
	return q, []byte(body)
}

func (p platform) unseal(tb testing.TB, raw []byte) (salt, message string) {
	tb.Helper()
	block, iv := p.cbc()
	b := make([]byte, len(raw))
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(b, raw)
	n := int(b[len(b)-1])
	if n < 1 || n > 32 || string(b[len(b)-n:]) != strings.Repeat(string(rune(n)), n) {
		tb.Fatalf("padding of %d bytes is wrong", n)
	}
	b = b[:len(b)-n]
	size := binary.BigEndian.Uint32(b[16:20])
	if id := string(b[20+size:]); id != p.appID {
		tb.Fatalf("app id %q, want %q", id, p.appID)
	}
	return string(b[:16]), string(b[20 : 20+size])
}

// reply is what the platform reads in an answer.
type reply struct {
	XMLName      xml.Name `xml:"xml"`
	ToUserName   string   `xml:"ToUserName"`
	FromUserName string   `xml:"FromUserName"`
	CreateTime   int64    `xml:"CreateTime"`
	MsgType      string   `xml:"MsgType"`
	Content      string   `xml:"Content"`
}

// read verifies and opens an answer.
func (p platform) read(tb testing.TB, answer []byte) (r reply, salt, nonce string) {
	tb.Helper()
	var env struct {
		XMLName      xml.Name `xml:"xml"`
		Encrypt      string   `xml:"Encrypt"`
		MsgSignature string   `xml:"MsgSignature"`
		TimeStamp    string   `xml:"TimeStamp"`
		Nonce        string   `xml:"Nonce"`
	}
	if err := xml.Unmarshal(answer, &env); err != nil {
		tb.Fatalf("the envelope is no XML: %v\n%s", err, answer)
	}
	if want := p.sign(env.TimeStamp, env.Nonce, env.Encrypt); env.MsgSignature != want {
		tb.Fatalf("signature %s, want %s", env.MsgSignature, want)
	}
	raw, err := base64.StdEncoding.DecodeString(env.Encrypt)
	if err != nil {
		tb.Fatal(err)
	}
	salt, text := p.unseal(tb, raw)
	if err := xml.Unmarshal([]byte(text), &r); err != nil {
		tb.Fatalf("the reply is no XML: %v\n%s", err, text)
	}
	return r, hex.EncodeToString([]byte(salt)), env.Nonce
}
