package sim

import (
	"bytes"
	"encoding/xml"
	"io"
	"net/http"
)

// mineHeader marks what the simulator itself posts.
const mineHeader = "X-Sim-Own"

// Observe goes around the account's webhook. Another program may play a phone by
// posting to it directly; the platform would have seen that message pass, and
// opens the person's window for customer messages. Whatever is not such a
// message passes on untouched.
func (s *Sim) Observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && r.Header.Get(mineHeader) != s.boot {
			head, err := io.ReadAll(io.LimitReader(r.Body, maxPost+1))
			r.Body = again{io.MultiReader(bytes.NewReader(head), failed{err}, r.Body), r.Body}
			if err == nil && len(head) <= maxPost {
				s.observe(r, head)
			}
		}
		next.ServeHTTP(w, r)
	})
}

// observe opens a window for a message that is rightly signed.
func (s *Sim) observe(r *http.Request, body []byte) {
	var e envelope
	q := r.URL.Query()
	if s.boxErr != nil || xml.Unmarshal(body, &e) != nil ||
		q.Get("msg_signature") != s.box.sign(q.Get("timestamp"), q.Get("nonce"), e.Encrypt) {
		return
	}
	plain, err := s.box.open(e.Encrypt)
	if err != nil {
		return
	}
	var m struct {
		From  string `xml:"FromUserName"`
		Type  string `xml:"MsgType"`
		Event string `xml:"Event"`
	}
	if xml.Unmarshal(plain, &m) != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p, known := s.phones[m.From]
	if !known || !p.following {
		return
	}
	switch {
	case m.Type != "event":
		p.open(s.now(), false)
	case m.Event == "CLICK" || m.Event == "SCAN":
		p.open(s.now(), true)
	default: // the rest is the platform's own doing
	}
}

// again is a body that is read from its beginning.
type again struct {
	io.Reader
	io.Closer
}

// failed passes on, to whoever reads the body again, why it could not be read.
type failed struct{ err error }

// Read fails, or is at its end.
func (f failed) Read([]byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	return 0, io.EOF
}
