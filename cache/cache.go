// Package cache is the only room that speaks Redis: the keys, how long they
// live, and what is stored under them. All of it may be lost at any moment, and
// every method has an answer for a Redis that says nothing.
package cache

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
	"golang.org/x/time/rate"
)

// prefix keeps our keys apart from others in a shared Redis. A command here
// touches one key, so a cluster needs no hash tags; two keys that ever meet in
// one command must carry the same {tag}.
const prefix = "ck:"

// A person waits for what is asked here, five seconds at most, so Redis gets a
// fraction of that.
const (
	dialTimeout = 500 * time.Millisecond
	talkTimeout = 300 * time.Millisecond
)

// ErrSilent is the answer without asking while Redis does not answer: one call
// in a second tries, the others do not wait for it.
var ErrSilent = errors.New("cache: redis is silent")

// Cache is a connection to Redis, or to the one inside this process. It is safe
// for concurrent use.
type Cache struct {
	r       redis.UniversalClient
	stop    func()
	local   *limits
	counts  counts
	writers chan string
	down    atomic.Bool
	probe   *rate.Limiter
}

// Open connects to addr: host:port, or redis://user:password@host:port/db, or
// several of them with commas between, which are a cluster. With no addr it
// starts a Redis in this process, on loopback, which Close ends. A Redis that
// cannot be reached is no error, because it may come back (see Ping); an
// address that cannot be understood is one, and the error does not show it.
func Open(ctx context.Context, addr string) (*Cache, error) {
	redis.SetLogger(silence{}) // it would write to stderr, past our log
	stop := func() {}
	if addr == "" {
		m := miniredis.NewMiniRedis()
		if err := m.Start(); err != nil {
			return nil, fmt.Errorf("start the in-process redis: %w", err)
		}
		addr, stop = m.Addr(), age(m)
	}
	o, err := options(addr)
	if err != nil {
		return nil, err
	}
	c := &Cache{
		r: redis.NewUniversalClient(o), stop: sync.OnceFunc(stop),
		local: newLimits(), writers: make(chan string, 1024), probe: rate.NewLimiter(rate.Every(time.Second), 1),
	}
	c.down.Store(c.Ping(ctx) != nil)
	return c, nil
}

// options reads an address. No command is repeated by the client: an INCR whose
// answer was lost would count twice.
func options(addr string) (*redis.UniversalOptions, error) {
	o := &redis.UniversalOptions{
		MaxRetries: -1, DialerRetries: 1, ContextTimeoutEnabled: true,
		DialTimeout: dialTimeout, ReadTimeout: talkTimeout, WriteTimeout: talkTimeout, PoolTimeout: talkTimeout,
		DisableIdentity:          true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	}
	for i, a := range strings.Split(addr, ",") {
		a = strings.TrimSpace(a)
		if !strings.Contains(a, "://") {
			o.Addrs = append(o.Addrs, a)
			continue
		}
		u, err := redis.ParseURL(a)
		if err != nil {
			// Not wrapped: it would show the password.
			return nil, fmt.Errorf("redis address %d is no redis:// url", i+1)
		}
		o.Addrs = append(o.Addrs, u.Addr)
		o.Username, o.Password, o.DB, o.TLSConfig = u.Username, u.Password, u.DB, u.TLSConfig
	}
	for i, a := range o.Addrs {
		if a == "" || !strings.Contains(a, ":") {
			return nil, fmt.Errorf("redis address %d is no host:port", i+1)
		}
	}
	return o, nil
}

// age makes keys of an in-process redis expire, which they do not by
// themselves. The returned function ends it and the server.
func age(m *miniredis.Miniredis) (stop func()) {
	done, tick := make(chan struct{}), time.NewTicker(time.Second)
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				m.FastForward(time.Second)
			}
		}
	})
	return func() { tick.Stop(); close(done); wg.Wait(); m.Close() }
}

// Close ends the connection, and the server if it is our own. Methods of a
// closed Cache answer as if Redis said nothing.
func (c *Cache) Close() error {
	err := c.r.Close()
	c.stop()
	if err != nil && !errors.Is(err, redis.ErrClosed) {
		return fmt.Errorf("close redis: %w", err)
	}
	return nil
}

// Ping asks Redis whether it is there.
func (c *Cache) Ping(ctx context.Context) error {
	if err := c.r.Ping(ctx).Err(); err != nil {
		return fmt.Errorf("ping redis: %w", err)
	}
	return nil
}

// Silent reports whether Redis did not answer when it was last asked.
func (c *Cache) Silent() bool { return c.down.Load() }

// ask runs one exchange with Redis. That a key is not there is an answer, and a
// caller that went away is no reason to think Redis did.
func (c *Cache) ask(ctx context.Context, exchange func() error) error {
	if c.down.Load() && !c.probe.Allow() {
		return ErrSilent
	}
	err := exchange()
	switch {
	case err == nil || errors.Is(err, redis.Nil):
		c.down.Store(false)
	case ctx.Err() == nil:
		c.down.Store(true)
	}
	return err
}

// silence is a logger for the client that says nothing.
type silence struct{}

// Printf does nothing.
func (silence) Printf(context.Context, string, ...any) {}
