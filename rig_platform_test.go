package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// How a call to the platform ended.
const (
	callDone    = "done"    // delivered, and answered
	callRepeat  = "repeat"  // a client_msg_id that was delivered before: answered, and not delivered
	callRefused = "refused" // by errcode
	callLost    = "lost"    // delivered, and the answer did not arrive
)

// platformCall is one message that a replica asked the platform to send.
type platformCall struct {
	Replica  int       `json:"replica"`
	To       string    `json:"to"`
	ID       string    `json:"id,omitempty"` // client_msg_id of a template message
	Text     string    `json:"text,omitempty"`
	From     time.Time `json:"from"` // by the real clock
	Answered time.Time `json:"answered"`
	How      string    `json:"how"`
}

// rigPlatform is the platform's API as far as notices need it. It remembers
// every call, and is the truth of what arrived on the phones.
type rigPlatform struct {
	srv *httptest.Server

	mu    sync.Mutex
	calls []*platformCall
	ids   map[string]bool
	// no says which receivers are refused, and with what.
	no map[string]int
	// lose says after which calls the line is cut instead of an answer.
	lose func(n int) bool
	// slow is how long a call takes, by replica.
	slow map[int]time.Duration
}

func newRigPlatform(t testing.TB) *rigPlatform {
	t.Helper()
	p := &rigPlatform{ids: map[string]bool{}, no: map[string]int{}, slow: map[int]time.Duration{}, lose: func(int) bool { return false }}
	p.srv = httptest.NewServer(p)
	t.Cleanup(p.srv.Close)
	return p
}

// ServeHTTP is the API below /rN, where N is the replica that calls.
func (p *rigPlatform) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n := 0
	_, _ = fmt.Sscanf(r.URL.Path, "/r%d/", &n)
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if strings.HasSuffix(r.URL.Path, "/stable_token") {
		_, _ = io.WriteString(w, `{"access_token":"rig","expires_in":7200}`)
		return
	}
	var in struct {
		ToUser      string
		ClientMsgID string `json:"client_msg_id"`
		Text        struct{ Content string }
	}
	if err := json.Unmarshal(body, &in); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	call := &platformCall{Replica: n, To: in.ToUser, ID: in.ClientMsgID, Text: in.Text.Content, From: time.Now()}
	code, lost := p.take(call)
	if lost {
		panic(http.ErrAbortHandler)
	}
	_, _ = fmt.Fprintf(w, `{"errcode":%d,"errmsg":"rig","msgid":1}`, code)
	_ = http.NewResponseController(w).Flush()
	if r.Context().Err() != nil { // who asked is gone
		p.mu.Lock()
		defer p.mu.Unlock()
		if call.How == callDone {
			call.How = callLost
		}
	}
}

func (p *rigPlatform) take(c *platformCall) (code int, lost bool) {
	p.mu.Lock()
	wait := p.slow[c.Replica]
	p.mu.Unlock()
	time.Sleep(wait)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calls = append(p.calls, c)
	c.Answered = time.Now()
	switch {
	case p.no[c.To] != 0:
		c.How = callRefused
		return p.no[c.To], false
	case c.ID != "" && p.ids[c.To+c.ID]:
		c.How = callRepeat
		return 0, false
	}
	p.ids[c.To+c.ID] = c.ID != ""
	if c.How = callDone; p.lose(len(p.calls)) {
		c.How = callLost
	}
	return 0, c.How == callLost
}

// refused reports whether a notice's problem is one that the platform was told to
// make.
func (p *rigPlatform) refused(problem string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, code := range p.no {
		if strings.Contains(problem, strconv.Itoa(code)) {
			return true
		}
	}
	return false
}

// delivered are the calls by which a message appeared on a phone, by receiver
// and text or id, in their order.
func (p *rigPlatform) delivered() map[string][]*platformCall {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := map[string][]*platformCall{}
	for _, c := range p.calls {
		if c.How == callDone || c.How == callLost {
			k := c.To + "\x00" + c.ID + "\x00" + c.Text
			out[k] = append(out[k], c)
		}
	}
	return out
}

// asked are all calls for a message with an id, by it, in their order.
func (p *rigPlatform) asked() map[string][]*platformCall {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := map[string][]*platformCall{}
	for _, c := range p.calls {
		if c.ID != "" && c.How != callRefused {
			out[c.To+" "+c.ID] = append(out[c.To+" "+c.ID], c)
		}
	}
	return out
}

// marks are spans of time in which something was down.
type marks struct {
	mu    sync.Mutex
	spans []*span
}

type span struct{ from, to time.Time }

func (m *marks) begin() (end func()) {
	s := &span{from: time.Now()}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.spans = append(m.spans, s)
	return func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		s.to = time.Now()
	}
}

// touches reports whether a span has an instant in common with these.
func (m *marks) touches(from, to time.Time) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.ContainsFunc(m.spans, func(s *span) bool {
		return !s.from.After(to) && (s.to.IsZero() || !s.to.Before(from))
	})
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
