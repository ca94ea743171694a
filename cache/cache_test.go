package cache_test

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cunkao/cunkao/cache"
)

func open(t *testing.T, addr string) *cache.Cache {
	t.Helper()
	c, err := cache.Open(t.Context(), addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// eachServer runs check on the server in this process and on a real one.
func eachServer(t *testing.T, check func(*testing.T, *cache.Cache)) {
	t.Helper()
	t.Run("in this process", func(t *testing.T) {
		t.Parallel()
		check(t, open(t, ""))
	})
	t.Run("redis-server", func(t *testing.T) {
		t.Parallel()
		check(t, open(t, startServer(t).addr))
	})
}

func TestReplies(t *testing.T) {
	t.Parallel()
	eachServer(t, func(t *testing.T, c *cache.Cache) {
		t.Helper()
		ctx := t.Context()
		if text, ok := c.Reply(ctx, "k1"); ok {
			t.Errorf("nothing was kept, and yet %q", text)
		}
		c.KeepReply(ctx, "k1", "签到成功 𠮷")
		c.KeepReply(ctx, "k2", "")
		if text, ok := c.Reply(ctx, "k1"); !ok || text != "签到成功 𠮷" {
			t.Errorf("got %q, %v", text, ok)
		}
		if text, ok := c.Reply(ctx, "k2"); !ok || text != "" {
			t.Errorf("an empty reply came back as %q, %v", text, ok)
		}
	})
}

func TestTokens(t *testing.T) {
	t.Parallel()
	eachServer(t, func(t *testing.T, c *cache.Cache) {
		t.Helper()
		ctx := t.Context()
		want := func(key, value string, there bool) {
			t.Helper()
			if v, ok, err := c.Get(ctx, key); err != nil || ok != there || v != value {
				t.Errorf("%s: got %q, %v, %v; want %q, %v", key, v, ok, err, value, there)
			}
		}
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Error(err)
			}
		}
		want("a", "", false)
		must(c.Set(ctx, "a", "t1", time.Hour))
		want("a", "t1", true)
		must(c.DeleteIf(ctx, "a", "t0"))
		want("a", "t1", true)
		must(c.DeleteIf(ctx, "a", "t1"))
		want("a", "", false)
		must(c.DeleteIf(ctx, "a", "t1"))
		for _, ttl := range []time.Duration{0, -5 * time.Minute} {
			must(c.Set(ctx, "a", "t2", ttl))
			want("a", "", false)
		}
		must(c.Set(ctx, "b", "t3", time.Second))
		want("b", "t3", true)
		eventually(t, "the token ends with its time", func() bool {
			_, ok, err := c.Get(ctx, "b")
			return err == nil && !ok
		})
	})
}

func TestClaims(t *testing.T) {
	t.Parallel()
	eachServer(t, func(t *testing.T, c *cache.Cache) {
		t.Helper()
		ctx := t.Context()
		claim := func(key string, most int, within time.Duration) bool {
			ok, err := c.Claim(ctx, key, most, within)
			if err != nil {
				t.Error(err)
			}
			return ok
		}
		var yes atomic.Int64
		var wg sync.WaitGroup
		for range 40 {
			wg.Go(func() {
				if claim("many", 7, time.Hour) {
					yes.Add(1)
				}
			})
		}
		wg.Wait()
		if yes.Load() != 7 {
			t.Errorf("granted %d of 40, want 7", yes.Load())
		}
		if !claim("once", 1, time.Second) || claim("once", 1, time.Hour) {
			t.Error("once is not once")
		}
		eventually(t, "a claim ends with the time of the first", func() bool { return claim("once", 1, time.Hour) })
		if claim("once", 1, time.Hour) {
			t.Error("and does not begin anew")
		}
		if claim("none", 0, time.Hour) {
			t.Error("none is one")
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		if ok, err := c.Claim(ctx, "x", 1, time.Hour); ok || err == nil {
			t.Error("a closed cache grants")
		}
	})
}

// said counts one message of somebody.
func said(t *testing.T, c *cache.Cache, who string, n, perMinute int) cache.Verdict {
	t.Helper()
	a := cache.Arrival{Who: who, Key: fmt.Sprintf("%s-%d", who, n), At: time.Unix(1_790_000_000, 0)}
	return c.Count(context.WithoutCancel(t.Context()), a, cache.Limits{PersonMinute: perMinute})
}

func TestCount(t *testing.T) {
	t.Parallel()
	eachServer(t, func(t *testing.T, c *cache.Cache) {
		t.Helper()
		var yes atomic.Int64
		var wg sync.WaitGroup
		for i := range 40 {
			for range 3 { // repeats count once, and are fine if the first was
				wg.Go(func() {
					if said(t, c, "o1", i, 1000) == cache.Fine {
						yes.Add(1)
					}
				})
			}
		}
		wg.Wait()
		if yes.Load() != 120 {
			t.Errorf("%d of 120 were fine", yes.Load())
		}
		if said(t, c, "o1", 40, 40) != cache.TooFast || said(t, c, "o1", 41, 42) != cache.Fine || said(t, c, "o1", 7, 1) != cache.Fine {
			t.Error("40 messages and their repeats are not 40")
		}
		if said(t, c, "o2", 1, 1) != cache.Fine || said(t, c, "o2", 2, 1) != cache.TooFast {
			t.Error("another is not counted for himself")
		}
		if said(t, c, "o3", 1, 0) != cache.TooFast {
			t.Error("none a minute is one")
		}
	})
}

func TestCountOfAll(t *testing.T) {
	t.Parallel()
	eachServer(t, func(t *testing.T, c *cache.Cache) {
		t.Helper()
		fine, at := 0, time.Unix(1_790_000_100, 0)
		for i := range 20 {
			a := cache.Arrival{Who: fmt.Sprintf("p%d", i), Key: strconv.Itoa(i), At: at}
			switch c.Count(t.Context(), a, cache.Limits{PersonMinute: 9, AllSecond: 5}) {
			case cache.Fine:
				fine++
			case cache.TooFast:
				t.Errorf("person %d is too fast", i)
			case cache.TooMany:
			}
		}
		if fine != 5 {
			t.Errorf("%d of 20 in one second, want 5", fine)
		}
		next := cache.Arrival{Who: "p1", Key: "next", At: at.Add(time.Second)}
		if c.Count(t.Context(), next, cache.Limits{PersonMinute: 9, AllSecond: 5}) != cache.Fine {
			t.Error("the next second has room")
		}
	})
}

// Nothing waits for a Redis that takes connections and then says nothing.
func TestSilentRedis(t *testing.T) {
	t.Parallel()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	start := time.Now()
	c := open(t, l.Addr().String())
	for range 20 {
		c.KeepReply(t.Context(), "k", "x")
		if _, ok := c.Reply(t.Context(), "k"); ok {
			t.Fatal("an answer from nobody")
		}
		if _, _, err := c.Get(t.Context(), "k"); err == nil {
			t.Fatal("a token from nobody")
		}
	}
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("61 questions took %v", took)
	}
	counted(t, c)
}

func TestNoRedis(t *testing.T) {
	t.Parallel()
	c := open(t, "127.0.0.1:1")
	if err := c.Ping(t.Context()); err == nil {
		t.Error("nobody is there, and yet there is an answer")
	}
	counted(t, c)
	for i := range 20_000 {
		said(t, c, fmt.Sprintf("o%d", i), 1, 10)
	}
}

// counted checks that a process counts for itself.
func counted(t *testing.T, c *cache.Cache) {
	t.Helper()
	yes := 0
	for i := range 20 {
		if said(t, c, "o-counted", i, 3) == cache.Fine {
			yes++
		}
	}
	if yes != 3 || said(t, c, "o-none", 1, 0) == cache.Fine {
		t.Errorf("allowed %d of 20 while redis is silent, want 3", yes)
	}
}

func TestRedisKilledInTheMiddle(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	c := open(t, s.addr)
	ctx := t.Context()
	c.KeepReply(ctx, "k", "x")
	if _, ok := c.Reply(ctx, "k"); !ok {
		t.Fatal("not kept")
	}
	s.kill()
	if _, ok := c.Reply(ctx, "k"); ok {
		t.Error("an answer from a dead server")
	}
	if err := c.Set(ctx, "a", "t", time.Hour); err == nil {
		t.Error("a dead server keeps tokens")
	}
	if err := c.DeleteIf(ctx, "a", "t"); err == nil {
		t.Error("a dead server drops tokens")
	}
	counted(t, c)
	s.start(t)
	eventually(t, "it is asked again once it is back", func() bool {
		return c.Set(ctx, "a", "t", time.Hour) == nil
	})
}

// A caller who goes away says nothing about Redis.
func TestCallerGone(t *testing.T) {
	t.Parallel()
	c := open(t, "")
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for range 3 {
		if _, ok := c.Reply(gone, "k"); ok {
			t.Error("an answer for nobody")
		}
	}
	for range 3 {
		if _, _, err := c.Get(t.Context(), "k"); err != nil {
			t.Errorf("redis is taken for silent: %v", err)
		}
	}
}

func TestClosed(t *testing.T) {
	t.Parallel()
	c := open(t, "")
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if _, ok := c.Reply(t.Context(), "k"); ok {
		t.Error("an answer from a closed cache")
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	for name, addr := range map[string]string{
		"no port":            "localhost",
		"an empty one":       "127.0.0.1:1,",
		"another protocol":   "http://127.0.0.1:1",
		"a url that is none": "redis://:hunter2@127.0.0.1:port/0",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := cache.Open(t.Context(), addr)
			if err == nil {
				t.Fatal("taken")
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("the error shows the password: %v", err)
			}
		})
	}
}

func TestPasswordAndDatabase(t *testing.T) {
	t.Parallel()
	s := startServer(t, "--requirepass", "hunter2")
	one, two := open(t, "redis://:hunter2@"+s.addr+"/1"), open(t, "redis://:hunter2@"+s.addr+"/2")
	one.KeepReply(t.Context(), "k", "x")
	if _, ok := one.Reply(t.Context(), "k"); !ok {
		t.Error("not kept")
	}
	if _, ok := two.Reply(t.Context(), "k"); ok {
		t.Error("two databases are one")
	}
	if err := open(t, s.addr).Ping(t.Context()); err == nil {
		t.Error("the password is not asked for")
	}
}

// A cluster is asked as one; here its nodes are not there.
func TestClusterAway(t *testing.T) {
	t.Parallel()
	counted(t, open(t, "127.0.0.1:1, 127.0.0.1:2"))
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(8 * time.Second); time.Now().Before(deadline); <-tick.C {
		if ok() {
			return
		}
	}
	t.Errorf("waited in vain: %s", what)
}

func TestAskedIsKeptForSupport(t *testing.T) {
	t.Parallel()
	eachServer(t, func(t *testing.T, c *cache.Cache) {
		t.Helper()
		ctx := t.Context()
		for i := range 60 {
			c.NoteAsked(ctx, "p1", strconv.Itoa(i))
		}
		c.NoteAsked(ctx, "p2", "另一人")
		if got := c.Asked(ctx, "p1", 3); !slices.Equal(got, []string{"59", "58", "57"}) {
			t.Errorf("the newest are %q", got)
		}
		if got := c.Asked(ctx, "p1", 100); len(got) != 50 || got[49] != "10" {
			t.Errorf("%d are kept, to %q", len(got), got)
		}
		if got := c.Asked(ctx, "p3", 9); len(got) != 0 {
			t.Errorf("of nobody: %q", got)
		}
		c.ForgetAsked(ctx, "p1")
		if got, other := c.Asked(ctx, "p1", 9), c.Asked(ctx, "p2", 9); len(got) != 0 || len(other) != 1 {
			t.Errorf("of whom was forgotten: %q, of another: %q", got, other)
		}
	})
}
