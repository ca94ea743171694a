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
	// Opens says what else it does: see WayTo.
	Opens Opening
}

// Count counts a message. All processes count together; while Redis says
// nothing, each counts for itself. A repeat of a message is always fine: it is
// not the sender's doing, nor can a stranger who replays one lock him out.
//
// Messages that come at the same time are counted in one exchange with Redis.
// The first two of a person in a minute do not wait for what it says: nearly all
// messages are such, and what is too much is known by the third.
func (c *Cache) Count(ctx context.Context, a Arrival, l Limits) Verdict {
	mine, all := c.counts.seen(a)
	t := &tally{Arrival: a, done: make(chan struct{}), waits: mine > min(unasked, l.PersonMinute) || c.down.Load()}
	if l.AllSecond > 0 && all > int64(l.AllSecond) {
		return TooMany
	}
	c.counts.mu.Lock()
	c.counts.queue = append(c.counts.queue, t)
	lead := !c.counts.led
	c.counts.led = true
	c.counts.mu.Unlock()
	if lead {
		go c.countAll(context.WithoutCancel(ctx))
	}
	if !t.waits {
		return Fine
	}
	<-t.done // Redis has a fraction of a second
	switch {
	case t.err != nil:
		return c.local.count(a, l)
	case t.repeat:
		return Fine
	case t.person > int64(l.PersonMinute):
		return TooFast
	}
	return Fine
}

// tally is one message that waits to be counted, and then what was counted.
type tally struct {
	Arrival
	done   chan struct{}
	waits  bool // for what is counted
	repeat bool
	person int64
	err    error
}

// counts gathers what is to be counted while the exchange before is under way.
type counts struct {
	mu    sync.Mutex
	queue []*tally
	led   bool

	minute int64          // of the clock, to which here belongs
	here   map[string]int // how often each person was counted by this process
	second int64          // to which all belongs
	all    int64          // by this process or, where Redis knows of more, by all
}

// unasked is how many messages of a person in a minute do not wait for Redis.
const unasked = 2

// seen counts a message here and returns how many that makes of its sender in
// this minute, and of all in this second as far as is known. Of too many people
// none is known to be at the first message.
func (c *counts) seen(a Arrival) (mine int, all int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if m := a.At.Unix() / 60; m != c.minute || c.here == nil {
		c.minute, c.here = m, map[string]int{}
	}
	if n := c.here[a.Who]; n > 0 || len(c.here) < 10*maxLocal {
		mine = n + 1
		c.here[a.Who] = mine
	} else {
		mine = unasked + 1
	}
	if s := a.At.Unix(); s != c.second {
		c.second, c.all = s, 0
	}
	c.all++
	return mine, c.all
}

// heard takes over what Redis counted for all, if it is more.
func (c *counts) heard(second, all int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.second == second {
		c.all = max(c.all, all)
	}
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
	var parked *redis.IntCmd
	_, err := c.r.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, t := range batch {
			k := prefix + "said:" + t.Who + ":" + strconv.FormatInt(t.At.Unix()/60, 10)
			sum := sha256.Sum256([]byte(t.Key))
			added[i] = p.SAdd(ctx, k, sum[:8])
			if t.waits {
				held[i] = p.SCard(ctx, k)
			}
			p.Expire(ctx, k, 2*time.Minute)
			t.open(ctx, p)
		}
		parked = p.Exists(ctx, anyParked)
		k := prefix + "all:" + strconv.FormatInt(batch[0].At.Unix(), 10)
		all = p.IncrBy(ctx, k, int64(len(batch)))
		p.Expire(ctx, k, time.Minute)
		return nil
	})
	if err != nil {
		return err
	}
	for i, t := range batch {
		if t.waits {
			t.repeat, t.person = added[i].Val() == 0, held[i].Val()
		}
	}
	if parked.Val() > 0 {
		c.findWriters(ctx, batch)
	}
	c.counts.heard(batch[0].At.Unix(), all.Val())
	return nil
}

// count is Count without Redis.
func (l *limits) count(a Arrival, most Limits) Verdict {
	switch {
	case !l.allow("message:"+a.Key, 1):
		return Fine // a repeat
	case !l.allow(a.Who, most.PersonMinute):
		return TooFast
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
