package cache

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
)

// Opening is what a message or an act of a person opens: the platform then takes
// a few customer messages to him that he did not ask for.
type Opening int

// The openings.
const (
	OpensNone   Opening = iota
	OpensActed          // a click, a scan, following: three within a minute
	OpensSpoke          // words: five within 48 hours
	OpensTapped         // a link inside a message: a click or words, the platform does not say
)

// window is one kind of opening.
type window struct {
	name  string
	may   int
	lasts time.Duration
}

// windows are the kinds, that first which would be lost first.
func windows() [2]window {
	return [2]window{{"acted", 3, time.Minute}, {"spoke", 5, 48 * time.Hour}}
}

// rememberShut is for how long it is remembered that a window is over.
const rememberShut = 72 * time.Hour

func (w window) key(openID string) string { return prefix + w.name + ":" + openID }

// left is what a window has left: since when it is open, and how many messages
// may still be sent.
type left struct {
	since int64 // seconds since 1970
	n     int
}

func (l left) String() string { return fmt.Sprintf("%d:%d", l.since, l.n) }

func (w window) usable(l left, now time.Time) bool {
	return l.n > 0 && now.Sub(time.Unix(l.since, 0)) <= w.lasts
}

// open is the pipeline's part of a message that opens a window.
func (a Arrival) open(ctx context.Context, p redis.Pipeliner) {
	acted, spoke := windows()[0], windows()[1]
	set := func(w window) { p.Set(ctx, w.key(a.Who), left{a.At.Unix(), w.may}.String(), rememberShut) }
	switch a.Opens {
	case OpensNone:
	case OpensSpoke:
		set(spoke)
	case OpensTapped: // words perhaps: what is left of them is not known any more
		p.Del(ctx, spoke.key(a.Who))
		set(acted)
	default:
		set(acted)
	}
}

// Way is what is known of the way to a person.
type Way int

// What may be known.
const (
	WayUnknown Way = iota // Redis says nothing, or has forgotten: the platform will tell
	WayOpen
	WayShut
)

// WayTo says whether the platform takes a customer message to a person now.
func (c *Cache) WayTo(ctx context.Context, openID string, now time.Time) Way {
	lefts := c.lefts(ctx, openID)
	for w, l := range lefts {
		if w.usable(l, now) {
			return WayOpen
		}
	}
	if _, known := lefts[windows()[1]]; known {
		return WayShut
	}
	return WayUnknown
}

// Spent counts a customer message that was sent, or may have been.
func (c *Cache) Spent(ctx context.Context, openID string, now time.Time) {
	seen := c.lefts(ctx, openID)
	for _, w := range windows() {
		l, known := seen[w]
		if !known || !w.usable(l, now) {
			continue
		}
		l.n--
		_ = c.ask(ctx, func() error { return c.r.Set(ctx, w.key(openID), l.String(), rememberShut).Err() })
		return
	}
}

// ShutWay remembers that the platform takes no customer message to a person,
// until he writes again.
func (c *Cache) ShutWay(ctx context.Context, openID string) {
	for _, w := range windows() {
		_ = c.ask(ctx, func() error { return c.r.Set(ctx, w.key(openID), left{}.String(), rememberShut).Err() })
	}
}

// anyParked says that something waits for somebody: while it is not there, nobody
// who writes is looked up.
const anyParked = prefix + "parked"

// Park remembers that something waits for a person to write. When he does,
// Writers says so. Should Redis forget it, what waits is tried again by itself.
func (c *Cache) Park(ctx context.Context, openID string) {
	for _, key := range []string{prefix + "parked:" + openID, anyParked} {
		_ = c.ask(ctx, func() error { return c.r.Set(ctx, key, "1", rememberShut).Err() })
	}
}

// Writers are people for whom something was parked and who have just written.
func (c *Cache) Writers() <-chan string { return c.writers }

// findWriters looks which of those who have written something is parked for.
func (c *Cache) findWriters(ctx context.Context, batch []*tally) {
	parked := make([]*redis.IntCmd, len(batch))
	_, err := c.r.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, t := range batch {
			if t.Opens != OpensNone {
				parked[i] = p.Del(ctx, prefix+"parked:"+t.Who)
			}
		}
		return nil
	})
	if err != nil {
		return // what waits is tried again by itself
	}
	for i, t := range batch {
		if parked[i] != nil && parked[i].Val() > 0 {
			c.tellWriter(t.Who)
		}
	}
}

// tellWriter says that a person has written. If nobody listens it is forgotten.
func (c *Cache) tellWriter(openID string) {
	select {
	case c.writers <- openID:
	default:
	}
}

// lefts reads what is left of each window that is remembered.
func (c *Cache) lefts(ctx context.Context, openID string) map[window]left {
	out, answers := map[window]left{}, map[window]*redis.StringCmd{}
	err := c.ask(ctx, func() error {
		_, err := c.r.Pipelined(ctx, func(p redis.Pipeliner) error {
			for _, w := range windows() {
				answers[w] = p.Get(ctx, w.key(openID))
			}
			return nil
		})
		return err
	})
	if err != nil && !errors.Is(err, redis.Nil) {
		return out
	}
	for w, a := range answers {
		var l left
		if _, err := fmt.Sscanf(a.Val(), "%d:%d", &l.since, &l.n); err == nil {
			out[w] = l
		}
	}
	return out
}
