package sim

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

// drainFor is how long a walk waits for messages under way: the three tries of
// a message whose account is dead take 15 s.
const drainFor = 20 * time.Second

// walkHeader lets a message through the gate that is itself part of a walk.
const walkHeader = "X-Sim-Walk"

// BackError refuses to turn a clock back.
type BackError struct{ Now, To time.Time }

// Error says which way the clock would have gone.
func (e *BackError) Error() string {
	return fmt.Sprintf("clock cannot go back from %s to %s", e.Now.Format(time.RFC3339), e.To.Format(time.RFC3339))
}

// Clock is a clock that ticks, and that can be walked forward. Nothing jumps:
// whatever is due on the way happens at its instant.
type Clock struct {
	real func() time.Time
	turn chan struct{} // whoever has put something in walks
	pass string

	mu     sync.Mutex
	base   time.Time     // what the clock said ...
	since  time.Time     // ... when the real one said this
	began  time.Time     // where the last walk began
	still  bool          // in a walk the clock says base until told otherwise
	coming bool          // a walk waits for messages under way
	under  int           // messages under way
	change chan struct{} // closed and replaced whenever one of these changes
}

// Steps are what happens by itself on a walk. Next names the first due instant
// strictly after another; Run carries it out.
type Steps struct {
	Next func(ctx context.Context, after time.Time) (time.Time, bool)
	Run  func(ctx context.Context, at time.Time) error
	Log  *slog.Logger
}

// NewClock starts a clock at an instant. real is the clock on the wall.
func NewClock(start time.Time, real func() time.Time) *Clock {
	return &Clock{
		real: real, turn: make(chan struct{}, 1), pass: rand.Text(),
		base: start, since: real(), change: make(chan struct{}),
	}
}

// Now is the time on this clock.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

// now is for callers who hold the lock.
func (c *Clock) now() time.Time {
	if c.still {
		return c.base
	}
	return c.base.Add(c.real().Sub(c.since))
}

// Walking reports whether somebody is moving the clock.
func (c *Clock) Walking() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.still || c.coming
}

// Arrived is when something came that says when it was made. In the moment it
// took on its way a walk may have gone on for days: what was made since the walk
// began came when it was made.
func (c *Clock) Arrived(made time.Time) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	switch {
	case !c.still || made.After(now):
		return now
	case made.Before(c.began):
		return c.began
	}
	return made
}

// Walk moves the clock to an instant, standing still at each due instant in
// order, and lets it tick again from there. Messages wait meanwhile. Walks take
// turns. Going back is refused with a BackError; a walk whose context ends
// stays where it has come to.
func (c *Clock) Walk(ctx context.Context, to time.Time, steps Steps) error {
	select {
	case c.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-c.turn }()
	if now := c.Now(); to.Before(now.Truncate(time.Second)) {
		return &BackError{Now: now, To: to}
	}
	if err := c.freeze(ctx); err != nil {
		return err
	}
	defer c.thaw()
	if err := c.walk(context.WithValue(ctx, passKey{}, c.pass), to, steps); err != nil {
		return err
	}
	if to.After(c.Now()) {
		c.stand(to)
	}
	return nil
}

// rest waits until nobody walks.
func (c *Clock) rest() {
	c.turn <- struct{}{}
	<-c.turn
}

// walk does what is due until to. Where nothing is ever due it is over at once.
func (c *Clock) walk(ctx context.Context, to time.Time, steps Steps) error {
	if steps.Next == nil || steps.Run == nil {
		return ctx.Err()
	}
	after := c.Now()
	for ctx.Err() == nil {
		at, ok := steps.Next(ctx, after)
		if !ok || at.After(to) {
			break
		}
		// A Next that names the same instant again would keep us here for ever.
		if !at.After(after) {
			steps.log().ErrorContext(ctx, "sim: next instant is not later", "at", at, "after", after)
			break
		}
		c.stand(at)
		if err := steps.Run(ctx, at); err != nil && ctx.Err() == nil {
			steps.log().ErrorContext(ctx, "sim: run due instant", "at", at, "err", err)
		}
		after = at
	}
	return ctx.Err()
}

func (s Steps) log() *slog.Logger {
	if s.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return s.Log
}

// freeze stops the clock once the messages under way have been answered.
func (c *Clock) freeze(ctx context.Context) error {
	c.alter(func() { c.coming = true })
	drain, cancel := context.WithTimeout(ctx, drainFor)
	defer cancel()
	err := c.when(drain, func() bool { return c.under == 0 })
	if err != nil && ctx.Err() != nil {
		c.alter(func() { c.coming = false })
		return ctx.Err()
	}
	c.alter(func() {
		c.base = c.now()
		c.began, c.still, c.coming = c.base, true, false
	})
	return nil
}

// thaw lets the clock tick again from where it stands, and everybody go on.
func (c *Clock) thaw() {
	c.alter(func() { c.since, c.still = c.real(), false })
}

// stand puts the hands of a stopped clock.
func (c *Clock) stand(at time.Time) {
	c.alter(func() { c.base = at })
}

// alter changes the clock's state and wakes whoever waits for that.
func (c *Clock) alter(change func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change()
	close(c.change)
	c.change = make(chan struct{})
}

// changed is closed when the clock's state next changes.
func (c *Clock) changed() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.change
}

// when waits until ready, asked under the lock, says yes.
func (c *Clock) when(ctx context.Context, ready func() bool) error {
	for {
		c.mu.Lock()
		yes, change := ready(), c.change
		c.mu.Unlock()
		if yes {
			return nil
		}
		select {
		case <-change:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

type passKey struct{}

// passOf is the pass of a walk, if ctx belongs to one of this clock's.
func (c *Clock) passOf(ctx context.Context) string {
	pass, ok := ctx.Value(passKey{}).(string)
	if !ok || pass != c.pass {
		return ""
	}
	return pass
}

// depart lets a phone's message start, between walks. It must be followed by
// leave once the message has been answered. A message that a walk's own Run
// sends does not wait for that walk.
func (c *Clock) depart(ctx context.Context) (leave func(), err error) {
	if c.passOf(ctx) != "" {
		return func() {}, nil
	}
	return c.enter(ctx, func() bool { return !c.still && !c.coming })
}

// arrive lets a request in. While a walk waits for messages under way requests
// still pass, for they may be those very messages.
func (c *Clock) arrive(ctx context.Context) (leave func(), err error) {
	return c.enter(ctx, func() bool { return !c.still })
}

// enter waits until the way is free and counts one more message under way, in
// the same moment, so that no walk can begin in between.
func (c *Clock) enter(ctx context.Context, free func() bool) (leave func(), err error) {
	err = c.when(ctx, func() bool {
		if !free() {
			return false
		}
		c.under++
		return true
	})
	if err != nil {
		return nil, err
	}
	return func() { c.alter(func() { c.under-- }) }, nil
}

// Gate lets requests wait while the clock is walking. It goes around the
// account's webhook, so that other programs' messages cannot fall into a walk.
func (c *Clock) Gate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if subtle.ConstantTimeCompare([]byte(r.Header.Get(walkHeader)), []byte(c.pass)) == 1 {
			next.ServeHTTP(w, r)
			return
		}
		leave, err := c.arrive(r.Context())
		if err != nil {
			http.Error(w, "gone while the clock was moving", http.StatusServiceUnavailable)
			return
		}
		defer leave()
		next.ServeHTTP(w, r)
	})
}
