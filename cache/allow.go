package cache

import (
	"context"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
	"golang.org/x/time/rate"
)

// maxLocal is how many are counted in memory while Redis says nothing.
const maxLocal = 10_000

// Allow counts who once more and reports whether that is at most perMinute
// times in the minute that began with the first. All processes count together;
// while Redis says nothing, each counts for itself.
func (c *Cache) Allow(ctx context.Context, who string, perMinute int) bool {
	var n *redis.IntCmd
	err := c.ask(ctx, func() error {
		k := prefix + "allow:" + who
		var left *redis.DurationCmd
		_, err := c.r.TxPipelined(ctx, func(p redis.Pipeliner) error {
			p.SetNX(ctx, k, 0, time.Minute)
			n = p.Incr(ctx, k)
			left = p.PTTL(ctx, k)
			return nil
		})
		// Should the key have ended between the first two commands, the
		// count would stand for ever.
		if err == nil && left.Val() < 0 {
			return c.r.Expire(ctx, k, time.Minute).Err()
		}
		return err
	})
	if err != nil {
		return c.local.allow(who, perMinute)
	}
	return n.Val() <= int64(perMinute)
}

// limits counts in memory, of a bounded number.
type limits struct {
	mu  sync.Mutex
	who map[limit]*rate.Limiter
}

type limit struct {
	who       string
	perMinute int
}

func newLimits() *limits { return &limits{who: map[limit]*rate.Limiter{}} }

func (l *limits) allow(who string, perMinute int) bool {
	if perMinute <= 0 {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	k := limit{who, perMinute}
	r := l.who[k]
	if r == nil {
		l.room()
		r = rate.NewLimiter(rate.Every(time.Minute/time.Duration(perMinute)), perMinute)
		l.who[k] = r
	}
	return r.Allow()
}

// room makes room for one more, at the cost of anybody.
func (l *limits) room() {
	if len(l.who) < maxLocal {
		return
	}
	for k := range l.who {
		delete(l.who, k)
		return
	}
}
