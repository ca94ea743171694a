package wechat_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/cunkao/cunkao/wechat"
)

// Every code that the platform's pages name for what is called here, with what
// to do about it.
func TestClassOfEveryCode(t *testing.T) {
	t.Parallel()
	classes := map[wechat.Class][]int{
		wechat.Retry:       {-1},
		wechat.RetryLater:  {40001, 40014, 42001, 45011, 43117, 40037},
		wechat.UnderReview: {40252},
		wechat.Window:      {45015, 45047, 43101, 40200},
		wechat.Gone:        {40007, 40029, 40163, 41008, 42003, 42002, 42007, 40030},
		wechat.Dead:        {40003, 43004, 50005, 43019, 48002, 49003, 70000},
		wechat.Quota:       {45009},
		wechat.Config:      {40125, 40164, 89503, 89506, 89507, 40243, 50004, 50007, 48001, 48004, 50002, 48006, 40013, 61024},
		wechat.Ours: {
			45002, 45008, 47001, 47003,
			40004, 40005, 40006, 40008, 40009, 40010, 40011, 40012, 41005, 45001, 45007, // media
			40016, 40017, 40018, 40019, 40020, 40021, 40022, 40023, 40024, 40025, 40026, 40027, 40033, 40054, 40055, // menus
			65301, 65302, 65303, 65304, 65305, 65306, 65307, 65308, 65309, 65310, 65311, 65312, 65313, 65314, 65316, 65317, 65318, 65319, 65320,
			45072, 45080, 45081, // typing, which is not called
			76001, 76003, 76021, 76022, 200001, 200011, 200012, 200013, 200014, 200016, 200017, 200018, 200019, 200020, 200021, 200022, 200100,
			99999, // whatever it is
		},
	}
	seen := map[int]bool{}
	for want, codes := range classes {
		for _, code := range codes {
			if seen[code] {
				t.Errorf("%d stands here twice", code)
			}
			seen[code] = true
			e := &wechat.Error{Code: code, API: "message/custom/send"}
			if got := e.Class(); got != want || wechat.ClassOf(fmt.Errorf("x: %w", e)) != want {
				t.Errorf("%d is %v, want %v", code, got, want)
			}
			if want == wechat.RetryLater && e.Delay() < time.Minute {
				t.Errorf("%d again after %v", code, e.Delay())
			}
		}
	}
	for _, code := range []int{40001, 40125, 40164, 40243, 50004, 50007, 89503} {
		if got := (&wechat.Error{Code: code, API: "stable_token"}).Class(); got != wechat.Config {
			t.Errorf("%d of the token is %v", code, got)
		}
	}
	if got := (&wechat.Error{Code: -1, API: "stable_token"}).Class(); got != wechat.Retry {
		t.Errorf("a busy platform is %v", got)
	}
	if got := (&wechat.Error{Code: 45009, API: "stable_token"}).Class(); got != wechat.Quota {
		t.Errorf("no tokens left for today is %v", got)
	}
}

func TestClassNames(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for c := wechat.Retry; c <= wechat.Ours; c++ {
		if name := c.String(); name == "unknown" || seen[name] {
			t.Errorf("class %d is called %q", int(c), name)
		} else {
			seen[name] = true
		}
	}
	for _, c := range []wechat.Class{-1, wechat.Ours + 1} {
		if got := c.String(); got != "unknown" {
			t.Errorf("class %d is called %s", int(c), got)
		}
	}
	for err, want := range map[error]wechat.Class{
		wechat.ErrInvalid: wechat.Ours, wechat.ErrEmptyReply: wechat.Ours, wechat.ErrUnsent: wechat.Retry,
		wechat.ErrPhotoKind: wechat.Gone, wechat.ErrPhotoSize: wechat.Gone, wechat.ErrPhotoBroken: wechat.Gone,
		context.DeadlineExceeded: wechat.Retry,
	} {
		if got := wechat.ClassOf(fmt.Errorf("x: %w", err)); got != want {
			t.Errorf("%v is %v, want %v", err, got, want)
		}
	}
}

// A call that certainly had no effect can be told from one that may have had.
func TestUnsent(t *testing.T) {
	t.Parallel()
	warm := func(t *testing.T, f *fake, c *wechat.Client) {
		t.Helper()
		mustSend(t, c) // so that the token is there
		c.Close()
		f.CloseClientConnections()
	}
	tests := map[string]struct {
		spoil  func(*testing.T, *fake, *wechat.Client)
		url    string
		unsent bool
	}{
		"nobody listens":                 {spoil: func(t *testing.T, f *fake, c *wechat.Client) { t.Helper(); warm(t, f, c); f.Close() }, unsent: true},
		"nobody listens to tokens":       {spoil: func(t *testing.T, f *fake, _ *wechat.Client) { t.Helper(); f.Close() }, unsent: true},
		"the name is not known":          {url: "http://no..name", unsent: true},
		"no TLS":                         {url: "https", unsent: true},
		"the token is not given":         {spoil: answerToken("%s", `{"errcode":40164,"errmsg":"invalid ip 1.2.3.4"}`), unsent: true},
		"the token is nonsense":          {spoil: answerToken("<html>"), unsent: true},
		"the token does not come":        {spoil: hangToken, unsent: true},
		"the answer does not come":       {spoil: hangAnswer},
		"the connection is cut":          {spoil: answerCall(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })},
		"a gateway that is out of order": {spoil: answerCall(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })},
		"half an answer": {spoil: answerCall(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "99")
			say(w, `{"errcode":0`)
		})},
		"an answer that is none": {spoil: answerCall(func(w http.ResponseWriter, _ *http.Request) { say(w, "ok") })},
		"a refusal":              {spoil: answerCall(func(w http.ResponseWriter, _ *http.Request) { say(w, `{"errcode":45015,"errmsg":"x"}`) })},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t, "a")
			t.Cleanup(f.CloseClientConnections)
			c := newClient(t, f, func(o *wechat.ClientOptions) {
				o.Timeout = time.Second
				if tt.url == "https" {
					o.BaseURL = "https" + f.URL[len("http"):]
				} else if tt.url != "" {
					o.BaseURL = tt.url
				}
			})
			if tt.spoil != nil {
				tt.spoil(t, f, c)
			}
			err := send(t, c)
			if err == nil || errors.Is(err, wechat.ErrUnsent) != tt.unsent {
				t.Errorf("unsent is %v: %v", !tt.unsent, err)
			}
			quiet(t, err)
		})
	}
}

func answerToken(format string, args ...any) func(*testing.T, *fake, *wechat.Client) {
	return func(_ *testing.T, f *fake, _ *wechat.Client) {
		f.token = func(w http.ResponseWriter, _ *http.Request) { say(w, format, args...) }
	}
}

func answerCall(h http.HandlerFunc) func(*testing.T, *fake, *wechat.Client) {
	return func(_ *testing.T, f *fake, _ *wechat.Client) { f.answer = h }
}

func hangToken(_ *testing.T, f *fake, _ *wechat.Client) {
	f.token = func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
}

func hangAnswer(_ *testing.T, f *fake, _ *wechat.Client) {
	f.answer = func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
}

// The reason why there is no token can be asked of the same error.
func TestUnsentKeepsTheReason(t *testing.T) {
	t.Parallel()
	f := newFake(t, "a")
	answerToken(`{"errcode":40164,"errmsg":"invalid ip 1.2.3.4"}`)(t, f, nil)
	err := send(t, newClient(t, f, nil))
	e, ok := errors.AsType[*wechat.Error](err)
	if !ok || e.Code != 40164 || e.API != "stable_token" || wechat.ClassOf(err) != wechat.Config || !errors.Is(err, wechat.ErrUnsent) {
		t.Errorf("got %v", err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := newClient(t, f, nil).SendText(gone, openID, "好"); !errors.Is(err, context.Canceled) || !errors.Is(err, wechat.ErrUnsent) {
		t.Errorf("got %v", err)
	}
}

// A server that takes the bytes of a request and then goes away is the case in
// which a repetition would double a message.
func TestCutWhileSent(t *testing.T) {
	t.Parallel()
	f := newFake(t, "a")
	got := make(chan int, 8)
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			n, _ := conn.Read(make([]byte, 64))
			got <- n
			_ = conn.Close()
		}
	}()
	k := newClock()
	s := newStore(k)
	address := "http://" + l.Addr().String()
	if err := s.Set(t.Context(), l.Addr().String()+":"+appID, "TOKEN-a-1", time.Hour); err != nil {
		t.Fatal(err)
	}
	c := newClient(t, f, func(o *wechat.ClientOptions) { o.BaseURL, o.Tokens, o.Now = address, s, k.Now })
	err = send(t, c)
	if err == nil || errors.Is(err, wechat.ErrUnsent) {
		t.Errorf("a request that was begun counts as unsent: %v", err)
	}
	if n := <-got; n == 0 {
		t.Error("nothing arrived: the test shows nothing")
	}
}
