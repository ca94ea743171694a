package cache

import (
	"context"
	"crypto/sha256"
	"strconv"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
	"golang.org/x/time/rate"
)

// maxLocal is how many are counted in memory while Redis says nothing.
const maxLocal = 10_000

// Verdict is what counting a message says.
type Verdict int

// The verdicts.
const (
	Fine    Verdict = iota
	TooFast         // more of this person than one minute may have
	TooMany         // more of all people together than one second may have
)

// Limits are how many messages are taken: of one person in a minute of the
// clock, and of all together in a second. 0 of all means any number.
type Limits struct {
	PersonMinute int
	AllSecond    int
}

// Arrival is a message that has come.
type Arrival struct {
	Who string
	Key string // the same for the repeats of a message, which count once
	At  time.Time
}

// Count counts a message. All processes count together; while Redis says
// nothing, each counts for itself. A repeat of a message is always fine: it is
// not the sender's doing, nor can a stranger who replays one lock him out.
//
// Messages that come at the same time are counted in one exchange with Redis.
func (c *Cache) Count(ctx context.Context, a Arrival, l Limits) Verdict {
	t := &tally{Arrival: a, done: make(chan struct{})}
	c.counts.mu.Lock()
	c.counts.queue = append(c.counts.queue, t)
	lead := !c.counts.led
	c.counts.led = true
	c.counts.mu.Unlock()
	if lead {
		go c.countAll(context.WithoutCancel(ctx))
	}
	<-t.done // Redis has a fraction of a second
	switch {
	case t.err != nil:
		return c.local.count(a, l)
	case t.repeat:
		return Fine
	case t.person > int64(l.PersonMinute):
		return TooFast
	case l.AllSecond > 0 && t.all > int64(l.AllSecond):
		return TooMany
	}
	return Fine
}

// tally is one message that waits to be counted, and then what was counted.
type tally struct {
	Arrival
	done   chan struct{}
	repeat bool
	person int64
	all    int64
	err    error
}

// counts gathers what is to be counted while the exchange before is under way.
type counts struct {
	mu    sync.Mutex
	queue []*tally
	led   bool
}

// countBatch is how many messages one exchange counts.
const countBatch = 256

func (c *Cache) countAll(ctx context.Context) {
	for {
		c.counts.mu.Lock()
		n := min(countBatch, len(c.counts.queue))
		batch := c.counts.queue[:n:n]
		c.counts.queue = c.counts.queue[n:]
		c.counts.led = n > 0
		c.counts.mu.Unlock()
		if n == 0 {
			return
		}
		err := c.ask(ctx, func() error { return c.countThese(ctx, batch) })
		for _, t := range batch {
			t.err = err
			close(t.done)
		}
	}
}

// countThese keeps a set of each person's messages of this minute, so that
// repeats count once, and one number for all. Each key is asked by itself, as a
// cluster may keep them in different places.
func (c *Cache) countThese(ctx context.Context, batch []*tally) error {
	added, held, all := make([]*redis.IntCmd, len(batch)), make([]*redis.IntCmd, len(batch)), (*redis.IntCmd)(nil)
	_, err := c.r.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, t := range batch {
			k := prefix + "said:" + t.Who + ":" + strconv.FormatInt(t.At.Unix()/60, 10)
			sum := sha256.Sum256([]byte(t.Key))
			added[i] = p.SAdd(ctx, k, sum[:8])
			held[i] = p.SCard(ctx, k)
			p.Expire(ctx, k, 2*time.Minute)
		}
		k := prefix + "all:" + strconv.FormatInt(batch[0].At.Unix(), 10)
		all = p.IncrBy(ctx, k, int64(len(batch)))
		p.Expire(ctx, k, time.Minute)
		return nil
	})
	if err != nil {
		return err
	}
	for i, t := range batch {
		t.repeat, t.person = added[i].Val() == 0, held[i].Val()
		t.all = all.Val() - int64(len(batch)-1-i)
	}
	return nil
}

// count is Count without Redis.
func (l *limits) count(a Arrival, most Limits) Verdict {
	switch {
	case !l.allow("message:"+a.Key, 1):
		return Fine // a repeat
	case !l.allow(a.Who, most.PersonMinute):
		return TooFast
	case most.AllSecond > 0 && !l.allow("all", 60*most.AllSecond):
		return TooMany
	}
	return Fine
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
