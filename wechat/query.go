package wechat

import (
	"net/url"
	"strings"
)

// Query is what the platform says in the address of a callback. A field that
// was not there is empty.
type Query struct {
	Signature    string // lower-case hex, over token, timestamp and nonce
	MsgSignature string // lower-case hex, over those and the ciphertext
	Timestamp    string // seconds since 1970, decimal
	Nonce        string
	EncryptType  string // "aes" in safe mode
	Echostr      string // only in the URL check
}

// ParseQuery reads the parameters of u. One that is given twice is refused
// (ErrForbidden): two readers might each believe another of the two. Parameters
// that are not ours, such as openid, are ignored.
func ParseQuery(u *url.URL) (Query, error) {
	var q Query
	seen := [6]bool{}
	for rest := u.RawQuery; rest != ""; {
		var pair string
		pair, rest, _ = strings.Cut(rest, "&")
		name, value, _ := strings.Cut(pair, "=")
		name, err := unescape(name)
		if err != nil {
			return Query{}, err
		}
		field, i := parameter(&q, name)
		if field == nil {
			continue
		}
		if seen[i] {
			return Query{}, forbid("parameter given twice")
		}
		seen[i] = true
		if *field, err = unescape(value); err != nil {
			return Query{}, err
		}
	}
	return q, nil
}

func parameter(q *Query, name string) (value *string, index int) {
	switch name {
	case "signature":
		return &q.Signature, 0
	case "msg_signature":
		return &q.MsgSignature, 1
	case "timestamp":
		return &q.Timestamp, 2
	case "nonce":
		return &q.Nonce, 3
	case "encrypt_type":
		return &q.EncryptType, 4
	case "echostr":
		return &q.Echostr, 5
	}
	return nil, 0
}

func unescape(s string) (string, error) {
	if !strings.ContainsAny(s, "%+") {
		return s, nil
	}
	u, err := url.QueryUnescape(s)
	if err != nil {
		return "", forbid("bad escape in a parameter")
	}
	return u, nil
}
