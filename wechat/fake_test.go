package wechat_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cunkao/cunkao/wechat"
)

const secret = "5ec7e75ec7e75ec7e75ec7e75ec7e7ff"

// fake is a platform that answers calls. It gives out tokens named after it,
// and takes the one that is good.
type fake struct {
	*httptest.Server
	name string

	mu       sync.Mutex
	n        int    // of the present token
	good     string // the only token that is taken
	expires  int
	asked    int // for tokens
	forced   int
	requests []request
	// answer is what a call is answered with; by default that all is well.
	answer http.HandlerFunc
	// token is what the token endpoint answers with instead.
	token http.HandlerFunc
}

type request struct{ path, token, body string }

func newFake(t *testing.T, name string) *fake {
	t.Helper()
	f := &fake{name: name, n: 1, expires: 7200}
	f.good = f.present()
	f.Server = httptest.NewServer(f)
	t.Cleanup(f.Close)
	return f
}

func (f *fake) present() string { return fmt.Sprintf("TOKEN-%s-%d", f.name, f.n) }

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	f.mu.Lock()
	defer f.mu.Unlock()
	if strings.HasSuffix(r.URL.Path, "/stable_token") {
		f.giveToken(w, r, body)
		return
	}
	token := r.URL.Query().Get("access_token")
	f.requests = append(f.requests, request{r.URL.Path, token, strings.TrimSpace(string(body))})
	switch {
	case token != f.good:
		say(w, `{"errcode":40001,"errmsg":"invalid credential, access_token is invalid or not latest, got %s rid: 1"}`, token)
	case f.answer != nil:
		f.apart(f.answer, w, r)
	default:
		say(w, `{"errcode":0,"errmsg":"ok","msgid":1}`)
	}
}

// apart lets h answer, however long it takes or it ends, without holding up others.
func (f *fake) apart(h http.HandlerFunc, w http.ResponseWriter, r *http.Request) {
	f.mu.Unlock()
	defer f.mu.Lock()
	h(w, r)
}

func (f *fake) giveToken(w http.ResponseWriter, r *http.Request, body []byte) {
	f.asked++
	var ask struct {
		Grant  string `json:"grant_type"`
		AppID  string `json:"appid"`
		Secret string `json:"secret"`
		Force  bool   `json:"force_refresh"`
	}
	if f.token != nil {
		f.apart(f.token, w, r)
		return
	}
	if err := json.Unmarshal(body, &ask); err != nil || ask.Grant != "client_credential" || ask.AppID != appID || ask.Secret != secret || r.Method != http.MethodPost {
		say(w, `{"errcode":40125,"errmsg":"invalid appsecret"}`)
		return
	}
	if ask.Force {
		f.forced++
		f.n++
		f.good = f.present()
	}
	say(w, `{"access_token":"%s","expires_in":%d}`, f.present(), f.expires)
}

func say(w http.ResponseWriter, format string, args ...any) {
	w.Header().Set("Content-Type", "application/json; encoding=utf-8")
	fmt.Fprintf(w, format, args...)
}

func (f *fake) counts() (asked, forced, calls int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.asked, f.forced, len(f.requests)
}

func (f *fake) last(t *testing.T) request {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.requests) == 0 {
		t.Fatal("nothing was sent")
	}
	return f.requests[len(f.requests)-1]
}

// kill makes the present token a dead one. If known, the token endpoint has the
// next one ready; else it goes on giving out the dead one until forced.
func (f *fake) kill(known bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if known {
		f.n++
		f.good = f.present()
		return
	}
	f.good = "none"
}

// clock is a clock that is set by hand.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: moment} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// store is a TokenCache in memory that several clients may share.
type store struct {
	mu     sync.Mutex
	clock  *clock
	values map[string]string
	until  map[string]time.Time
	counts map[string]int
	broken bool
}

func newStore(c *clock) *store {
	return &store{clock: c, values: map[string]string{}, until: map[string]time.Time{}, counts: map[string]int{}}
}

var errBroken = errors.New("the cache is broken")

func (s *store) Get(_ context.Context, key string) (string, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken {
		return "", false, errBroken
	}
	v, ok := s.values[key]
	if !ok || !s.clock.Now().Before(s.until[key]) {
		return "", false, nil
	}
	return v, true, nil
}

func (s *store) Set(_ context.Context, key, value string, ttl time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken || ttl <= 0 {
		return errBroken
	}
	s.values[key], s.until[key] = value, s.clock.Now().Add(ttl)
	return nil
}

func (s *store) DeleteIf(_ context.Context, key, value string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken {
		return errBroken
	}
	if s.values[key] == value {
		delete(s.values, key)
	}
	return nil
}

func (s *store) Claim(_ context.Context, key string, most int, within time.Duration) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken {
		return false, errBroken
	}
	key = "claim:" + key
	if now := s.clock.Now(); !now.Before(s.until[key]) {
		s.counts[key], s.until[key] = 0, now.Add(within)
	}
	s.counts[key]++
	return s.counts[key] <= most, nil
}

// newClient makes a client of the fake. change may be nil.
func newClient(t *testing.T, f *fake, change func(*wechat.ClientOptions)) *wechat.Client {
	t.Helper()
	o := wechat.ClientOptions{
		AppID: appID, Secret: secret, BaseURL: f.URL, Timeout: 5 * time.Second, Now: newClock().Now,
	}
	if change != nil {
		change(&o)
	}
	c, err := wechat.NewClient(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}
