// Package bench loads a callback as the platform would, and times it: the
// program's own, and yardsticks that do less. It knows the wire, and no cadre.
package bench

import (
	"crypto/rand"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/silenceper/wechat/v2/util"

	"github.com/cunkao/cunkao/wechat"
)

// Account is the invented account under which everything here is signed. Its
// keys are made anew for each run.
func Account() wechat.Account {
	return wechat.Account{AppID: "wxbench0000000000", Token: rand.Text()[:20], AESKey: (rand.Text() + rand.Text())[:42] + "A"}
}

// Callback is one HTTP request that carries a text message in safe mode, whole
// and ready to be written to a connection. It is encrypted with code that is not
// this program's.
func Callback(a wechat.Account, openID, content string, id int64, at time.Time) ([]byte, error) {
	stamp, nonce := strconv.FormatInt(at.Unix(), 10), strconv.FormatInt(id, 10)
	msg := fmt.Sprintf("<xml><ToUserName><![CDATA[gh_bench]]></ToUserName><FromUserName><![CDATA[%s]]></FromUserName>"+
		"<CreateTime>%s</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[%s]]></Content><MsgId>%d</MsgId></xml>",
		openID, stamp, content, id)
	random := make([]byte, 16)
	_, _ = rand.Read(random)
	sealed, err := util.EncryptMsg(random, []byte(msg), a.AppID, a.AESKey)
	if err != nil {
		return nil, fmt.Errorf("encrypt: %w", err)
	}
	body := fmt.Sprintf("<xml><ToUserName><![CDATA[gh_bench]]></ToUserName><Encrypt><![CDATA[%s]]></Encrypt></xml>", sealed)
	q := url.Values{
		"signature": {util.Signature(a.Token, stamp, nonce)}, "timestamp": {stamp}, "nonce": {nonce}, "openid": {openID},
		"encrypt_type": {"aes"}, "msg_signature": {util.Signature(a.Token, stamp, nonce, string(sealed))},
	}
	return fmt.Appendf(nil, "POST /wechat?%s HTTP/1.1\r\nHost: bench\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n%s",
		q.Encode(), len(body), body), nil
}

// Reply is what an answer to a callback says, or nothing for “success”.
func Reply(a wechat.Account, body []byte) (string, error) {
	if len(body) == 0 || string(body) == "success" {
		return "", nil
	}
	sealed := field(string(body), "Encrypt")
	if sealed == "" {
		return "", fmt.Errorf("an answer of %d bytes without a ciphertext", len(body))
	}
	_, plain, err := util.DecryptMsg(a.AppID, sealed, a.AESKey)
	if err != nil {
		return "", fmt.Errorf("decrypt: %w", err)
	}
	return field(string(plain), "Content"), nil
}

// field is what stands in an element, with or without CDATA.
func field(s, name string) string {
	_, s, _ = strings.Cut(s, "<"+name+">")
	s, _, _ = strings.Cut(s, "</"+name+">")
	return strings.TrimSuffix(strings.TrimPrefix(s, "<![CDATA["), "]]>")
}
