package wechat_test

import (
	"errors"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/cunkao/cunkao/wechat"
)

func send(t *testing.T, c *wechat.Client) error {
	t.Helper()
	return c.SendText(t.Context(), openID, "好")
}

func mustSend(t *testing.T, c *wechat.Client) {
	t.Helper()
	if err := send(t, c); err != nil {
		t.Fatal(err)
	}
}

func wantCounts(t *testing.T, f *fake, asked, forced, calls int) {
	t.Helper()
	if a, o, n := f.counts(); a != asked || o != forced || n != calls {
		t.Errorf("asked for %d tokens, forced %d, made %d calls; want %d, %d, %d", a, o, n, asked, forced, calls)
	}
}

func TestTokenIsAskedForOnce(t *testing.T) {
	t.Parallel()
	f := newFake(t, "a")
	k := newClock()
	c := newClient(t, f, func(o *wechat.ClientOptions) { o.Now = k.Now })
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			if err := send(t, c); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	wantCounts(t, f, 1, 0, 50)
	k.pass(2*time.Hour - 5*time.Minute - time.Second)
	mustSend(t, c)
	wantCounts(t, f, 1, 0, 51)
	k.pass(time.Second)
	mustSend(t, c)
	wantCounts(t, f, 2, 0, 52)
}

func TestTokenIsShared(t *testing.T) {
	t.Parallel()
	f, other := newFake(t, "a"), newFake(t, "b")
	k := newClock()
	s := newStore(k)
	shared := func(o *wechat.ClientOptions) { o.Now, o.Tokens = k.Now, s }
	one, two, elsewhere := newClient(t, f, shared), newClient(t, f, shared), newClient(t, other, shared)
	for _, c := range []*wechat.Client{one, two, one} {
		mustSend(t, c)
	}
	wantCounts(t, f, 1, 0, 3)
	mustSend(t, elsewhere)
	wantCounts(t, other, 1, 0, 1)
	// The second finds the token that the first has renewed.
	f.kill(false)
	mustSend(t, one)
	wantCounts(t, f, 3, 1, 5)
	mustSend(t, two)
	wantCounts(t, f, 3, 1, 6)
}

func TestTokenWithoutACache(t *testing.T) {
	t.Parallel()
	f := newFake(t, "a")
	k := newClock()
	s := newStore(k)
	s.broken = true
	c := newClient(t, f, func(o *wechat.ClientOptions) { o.Now, o.Tokens = k.Now, s })
	for range 5 {
		mustSend(t, c)
	}
	wantCounts(t, f, 1, 0, 5)
	f.kill(true)
	mustSend(t, c)
	wantCounts(t, f, 2, 0, 7)
}

func TestTokenNearItsEnd(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		expires    int
		after      time.Duration
		asked      int
		cacheAlive bool
	}{
		"300 seconds left, at once":      {300, 0, 1, true},
		"300 seconds left, later":        {300, 31 * time.Second, 2, true},
		"eight seconds left, at once":    {8, 0, 1, true},
		"eight seconds left, and past":   {8, 3 * time.Second, 2, true},
		"345 seconds left, within":       {345, 44 * time.Second, 1, true},
		"345 seconds left, and past":     {345, 46 * time.Second, 2, true},
		"nothing left":                   {0, 0, 2, true},
		"less than nothing left":         {-5, 0, 2, true},
		"300 seconds left and no cache":  {300, 0, 1, false},
		"a lifetime that nobody grants":  {1 << 40, 24 * time.Hour, 2, true},
		"a full lifetime and no cache":   {7200, time.Hour, 1, false},
		"past its lifetime and no cache": {7200, 2 * time.Hour, 2, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t, "a")
			f.expires = tt.expires
			k := newClock()
			s := newStore(k)
			s.broken = !tt.cacheAlive
			c := newClient(t, f, func(o *wechat.ClientOptions) { o.Now, o.Tokens = k.Now, s })
			mustSend(t, c)
			k.pass(tt.after)
			mustSend(t, c)
			wantCounts(t, f, tt.asked, 0, 2)
		})
	}
}

func TestTokenRefused(t *testing.T) {
	t.Parallel()
	t.Run("the platform has another ready", func(t *testing.T) {
		t.Parallel()
		f := newFake(t, "a")
		c := newClient(t, f, nil)
		mustSend(t, c)
		f.kill(true)
		mustSend(t, c)
		wantCounts(t, f, 2, 0, 3)
	})
	t.Run("the platform must be forced", func(t *testing.T) {
		t.Parallel()
		f := newFake(t, "a")
		c := newClient(t, f, nil)
		mustSend(t, c)
		f.kill(false)
		mustSend(t, c)
		wantCounts(t, f, 3, 1, 3)
		mustSend(t, c)
		wantCounts(t, f, 3, 1, 4)
	})
	t.Run("renewed once in a minute at most", func(t *testing.T) {
		t.Parallel()
		f := newFake(t, "a")
		k := newClock()
		c := newClient(t, f, func(o *wechat.ClientOptions) { o.Now = k.Now })
		mustSend(t, c)
		f.kill(false)
		mustSend(t, c)
		f.kill(false)
		for range 5 {
			err := send(t, c)
			if e, ok := errors.AsType[*wechat.Error](err); !ok || e.Code != 40001 || e.Class() != wechat.RetryLater {
				t.Errorf("got %v", err)
			}
			if !errors.Is(err, wechat.ErrUnsent) {
				t.Error("a call whose token was refused had no effect")
			}
			quiet(t, err)
		}
		if _, forced, _ := f.counts(); forced != 1 {
			t.Errorf("forced %d times within a moment", forced)
		}
		k.pass(59 * time.Second)
		if err := send(t, c); err == nil {
			t.Error("renewed again before a minute was over")
		}
		k.pass(time.Second)
		mustSend(t, c)
		if _, forced, _ := f.counts(); forced != 2 {
			t.Errorf("forced %d times, want 2", forced)
		}
	})
	t.Run("many at once cause one renewal", func(t *testing.T) {
		t.Parallel()
		f := newFake(t, "a")
		c := newClient(t, f, nil)
		mustSend(t, c)
		f.kill(false)
		var wg sync.WaitGroup
		for range 40 {
			wg.Go(func() {
				if err := send(t, c); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		mustSend(t, c)
		if _, forced, _ := f.counts(); forced != 1 {
			t.Errorf("forced %d times, want once", forced)
		}
	})
	t.Run("the call is repeated once only", func(t *testing.T) {
		t.Parallel()
		f := newFake(t, "a")
		f.answer = func(w http.ResponseWriter, _ *http.Request) {
			say(w, `{"errcode":42001,"errmsg":"access_token expired"}`)
		}
		if err := send(t, newClient(t, f, nil)); wechat.ClassOf(err) != wechat.RetryLater {
			t.Errorf("got %v", err)
		}
		wantCounts(t, f, 3, 1, 2)
	})
}

func TestWrongSecret(t *testing.T) {
	t.Parallel()
	f := newFake(t, "a")
	k := newClock()
	c := newClient(t, f, func(o *wechat.ClientOptions) { o.Now, o.Secret = k.Now, "wrong" })
	for range 10 {
		if err := send(t, c); wechat.ClassOf(err) != wechat.Config {
			t.Errorf("got %v", err)
		}
	}
	wantCounts(t, f, 1, 0, 0)
	k.pass(30 * time.Second)
	if err := send(t, c); err == nil {
		t.Error("sent")
	}
	wantCounts(t, f, 2, 0, 0)
}

func TestTokenEndpointTalksNonsense(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]string{
		"a page": "<html>", "no token": `{"errcode":0}`, "a ticket": `{"ticket":"x"}`, "a number": `{"access_token":7}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t, "a")
			f.token = func(w http.ResponseWriter, _ *http.Request) { say(w, "%s", answer) }
			if err := send(t, newClient(t, f, nil)); err == nil {
				t.Error("sent")
			}
			wantCounts(t, f, 1, 0, 0)
		})
	}
}
