package wechat

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"sync"
	"time"
)

// MaxBody is the size in bytes above which a callback's body is refused
// unread. The platform's own are far smaller.
const MaxBody = 64 << 10

// window is how far a callback's timestamp may lie from now, either way. The
// platform tries three times, five seconds apart; the rest is for clocks.
const window = 10 * time.Minute

// ErrForbidden is what every callback matches (errors.Is) that did not provably
// come from the platform for this account: answer 403 and an empty body.
var ErrForbidden = errors.New("wechat: forbidden")

// ErrMalformed is what a callback matches (errors.Is) that is genuine, signed
// and decrypted, but cannot be read. Trying again would not help, so it is to
// be acknowledged and kept.
var ErrMalformed = errors.New("wechat: malformed")

// ErrEmptyReply refuses a reply without words: the platform would show its
// user a notice that the service has broken down.
var ErrEmptyReply = errors.New("wechat: reply has no text")

// Account is what the platform's console and this server have agreed on.
type Account struct {
	AppID string // wx…
	Token string // 3 to 32 letters or digits, signs callbacks
	// AESKey is the console's EncodingAESKey, 43 characters.
	AESKey string
	// PreviousAESKey is the key before the last change, or empty. Messages
	// under it are still on their way for a while after a change.
	PreviousAESKey string
}

// Codec opens callbacks and seals replies for one account. It is safe for
// concurrent use.
type Codec struct {
	appID string
	token string
	keys  []*key
	pool  sync.Pool
}

// scratch is the memory one call works in.
type scratch struct {
	sign  []byte
	plain []byte
}

// NewCodec checks a and returns its codec. The errors name the field and never
// show its value.
func NewCodec(a Account) (*Codec, error) {
	if !regexp.MustCompile(`^[A-Za-z0-9_-]{1,32}$`).MatchString(a.AppID) {
		return nil, errors.New("wechat account: app id must be 1 to 32 letters or digits")
	}
	if !regexp.MustCompile(`^[A-Za-z0-9]{3,32}$`).MatchString(a.Token) {
		return nil, errors.New("wechat account: token must be 3 to 32 letters or digits")
	}
	c := &Codec{appID: a.AppID, token: a.Token}
	c.pool.New = func() any { return &scratch{} }
	for i, text := range []string{a.AESKey, a.PreviousAESKey} {
		if i > 0 && text == "" {
			continue
		}
		k, err := newKey(text)
		if err != nil {
			return nil, fmt.Errorf("wechat account: aes key %d: %w", i+1, err)
		}
		c.keys = append(c.keys, k)
	}
	return c, nil
}

func (c *Codec) borrow() *scratch {
	s, ok := c.pool.Get().(*scratch)
	if !ok {
		return &scratch{}
	}
	return s
}

// CheckURL reports whether q is the platform's question (GET) whether this
// server is ours: the plain signature covers token, timestamp and nonce, and
// the answer is the raw echostr. The platform asks the same thing again
// whenever the console's form is saved, so the time is not looked at and no
// nonce is remembered.
func (c *Codec) CheckURL(q Query) bool {
	if q.Timestamp == "" || q.Nonce == "" || q.Echostr == "" {
		return false
	}
	s := c.borrow()
	defer c.pool.Put(s)
	return signed(q.Signature, s.sum(c.token, q.Timestamp, q.Nonce, nil))
}

// Open reads a callback (POST). Only the safe mode is accepted: encrypt_type
// must be aes and msg_signature must cover the ciphertext, because the plain
// signature covers nothing of the body and never expires. What else stands in
// the body beside the ciphertext is ignored. The error matches ErrForbidden or
// ErrMalformed; with the latter the Message still carries its XML.
func (c *Codec) Open(q Query, body []byte, now time.Time) (Message, error) {
	if err := q.check(now); err != nil {
		return Message{}, err
	}
	if len(body) > MaxBody {
		return Message{}, forbid("body over 64 KiB")
	}
	sealed, err := ciphertext(body)
	if err != nil {
		return Message{}, err
	}
	s := c.borrow()
	defer c.pool.Put(s)
	if !signed(q.MsgSignature, s.sum(c.token, q.Timestamp, q.Nonce, sealed)) {
		return Message{}, forbid("msg_signature does not match")
	}
	for i, k := range c.keys {
		inner, ok := k.open(s, sealed, c.appID)
		if !ok {
			continue
		}
		m, err := Decode(inner)
		m.key = i
		return m, err
	}
	return Message{}, forbid("no key opens it for this account")
}

// check looks at what must hold before anything is computed.
func (q Query) check(now time.Time) error {
	if q.EncryptType != "aes" {
		return forbid("not in safe mode")
	}
	if q.Nonce == "" {
		return forbid("no nonce")
	}
	sec, err := strconv.ParseInt(q.Timestamp, 10, 64)
	if err != nil {
		return forbid("no timestamp")
	}
	// Compared in whole seconds: a time.Duration would overflow.
	if d := now.Unix() - sec; sec < 0 || d > int64(window/time.Second) || d < -int64(window/time.Second) {
		return forbid("timestamp outside the window")
	}
	return nil
}

// ciphertext finds the one <Encrypt> of the envelope. Nothing here is signed
// yet, so whatever is wrong with it is a stranger's doing.
func ciphertext(body []byte) ([]byte, error) {
	var found []byte
	p := parser{src: body}
	for {
		e, err := p.next()
		if err != nil {
			return nil, forbid(err.Error())
		}
		if e.kind == done {
			break
		}
		if e.depth != 2 || e.kind != leaf || string(p.name(e)) != "Encrypt" {
			continue
		}
		if found != nil {
			return nil, forbid("two ciphertexts")
		}
		found = bytes.TrimSpace(p.value(e))
	}
	if len(found) == 0 {
		return nil, forbid("no ciphertext")
	}
	return found, nil
}

func forbid(why string) error { return fmt.Errorf("%w: %s", ErrForbidden, why) }

func malformed(why string) error { return fmt.Errorf("%w: %s", ErrMalformed, why) }
