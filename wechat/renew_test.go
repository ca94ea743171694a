package wechat_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/cunkao/cunkao/wechat"
)

// Three processes with two hundred callers each find that their token is dead.
func TestTokenStorm(t *testing.T) {
	t.Parallel()
	for name, known := range map[string]bool{"the platform has another ready": true, "the platform must be forced": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t, "a")
			k := newClock()
			s := newStore(k)
			var processes []*wechat.Client
			for range 3 {
				processes = append(processes, newClient(t, f, func(o *wechat.ClientOptions) { o.Now, o.Tokens, o.Timeout = k.Now, s, 30*time.Second }))
			}
			for _, c := range processes {
				mustSend(t, c)
			}
			wantCounts(t, f, 1, 0, 3)
			f.kill(known)
			var wg sync.WaitGroup
			for _, c := range processes {
				for range 200 {
					wg.Go(func() {
						if err := send(t, c); err != nil {
							t.Error(err)
						}
					})
				}
			}
			wg.Wait()
			asked, forced, _ := f.counts()
			if asked-1 > 3 || forced > 1 || !known && forced != 1 {
				t.Errorf("asked for %d tokens, forced %d", asked-1, forced)
			}
		})
	}
}

// The process that renews dies with it half done: another does it.
func TestTokenRenewedByAnother(t *testing.T) {
	t.Parallel()
	f := newFake(t, "a")
	k := newClock()
	s := newStore(k)
	c := newClient(t, f, func(o *wechat.ClientOptions) { o.Now, o.Tokens = k.Now, s })
	mustSend(t, c)
	s.mu.Lock()
	var key string
	for k := range s.values {
		key = k
	}
	s.mu.Unlock()
	f.kill(true)
	// Whoever claims first leads; the rest looks for another token.
	lead := newClient(t, f, func(o *wechat.ClientOptions) { o.Now, o.Tokens = k.Now, &claimed{store: s} })
	if err := send(t, lead); err != nil {
		t.Errorf("nobody renews: %v", err)
	}
	if v, ok, _ := s.Get(t.Context(), key); !ok || v != "TOKEN-a-2" {
		t.Errorf("the cache has %q", v)
	}
}

// claimed is a cache in which others have claimed everything first, but the
// right to force.
type claimed struct{ *store }

func (c *claimed) Claim(ctx context.Context, key string, most int, within time.Duration) (bool, error) {
	_, _ = c.store.Claim(ctx, key, most, within)
	return c.store.Claim(ctx, key, most, within)
}

func TestForcedRenewalsAreCounted(t *testing.T) {
	t.Parallel()
	t.Run("across processes, thirty seconds apart", func(t *testing.T) {
		t.Parallel()
		f := newFake(t, "a")
		k := newClock()
		s := newStore(k)
		shared := func(o *wechat.ClientOptions) { o.Now, o.Tokens = k.Now, s }
		one, two := newClient(t, f, shared), newClient(t, f, shared)
		mustSend(t, one)
		f.kill(false)
		mustSend(t, one)
		f.kill(false)
		k.pass(29 * time.Second)
		if err := send(t, two); wechat.ClassOf(err) != wechat.RetryLater || !errors.Is(err, wechat.ErrUnsent) {
			t.Errorf("got %v", err)
		}
		if _, forced, _ := f.counts(); forced != 1 {
			t.Errorf("forced %d times", forced)
		}
		k.pass(61 * time.Second)
		mustSend(t, two)
		if _, forced, _ := f.counts(); forced != 2 {
			t.Errorf("forced %d times, want 2", forced)
		}
	})
	for name, cached := range map[string]bool{"ten in a day, in the cache": true, "ten in a day, in memory": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t, "a")
			k := newClock()
			s := newStore(k)
			client := func() *wechat.Client {
				return newClient(t, f, func(o *wechat.ClientOptions) {
					o.Now = k.Now
					if cached {
						o.Tokens = s
					}
				})
			}
			c := client()
			for range 14 {
				if cached { // a process that has just started knows of no limit
					c = client()
				}
				f.kill(false)
				_ = send(t, c)
				k.pass(2 * time.Minute)
			}
			if _, forced, _ := f.counts(); forced != 10 {
				t.Errorf("forced %d times in a day, want 10", forced)
			}
			k.pass(24 * time.Hour)
			_ = send(t, c)
			if _, forced, _ := f.counts(); forced != 11 {
				t.Errorf("forced %d times, want once more the day after", forced)
			}
		})
	}
}

// What was put into the cache by somebody quicker is not dropped for being
// refused under another name.
func TestOnlyTheUsedTokenIsReplaced(t *testing.T) {
	t.Parallel()
	f := newFake(t, "a")
	k := newClock()
	s := newStore(k)
	c := newClient(t, f, func(o *wechat.ClientOptions) { o.Now, o.Tokens = k.Now, s })
	mustSend(t, c)
	f.answer = func(w http.ResponseWriter, _ *http.Request) {
		s.mu.Lock()
		for key := range s.values {
			s.values[key] = "TOKEN-a-1-newer"
		}
		s.mu.Unlock()
		f.mu.Lock()
		f.good, f.answer = "TOKEN-a-1-newer", nil
		f.mu.Unlock()
		say(w, `{"errcode":40014,"errmsg":"invalid access_token"}`)
	}
	mustSend(t, c)
	wantCounts(t, f, 1, 0, 3)
	if got := f.last(t).token; got != "TOKEN-a-1-newer" {
		t.Errorf("repeated with %s", got)
	}
}
