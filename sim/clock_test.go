package sim_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cunkao/cunkao/sim"
)

func TestClockTicks(t *testing.T) {
	t.Parallel()
	wall := &wall{at: time.Unix(1_800_000_000, 0)}
	c := sim.NewClock(start(), wall.now)
	wall.pass(90 * time.Second)
	if got, want := c.Now(), start().Add(90*time.Second); !got.Equal(want) {
		t.Errorf("now %s, want %s", got, want)
	}
}

// hourly is due every full hour and writes down what the clock says then.
type hourly struct {
	c    *sim.Clock
	wall *wall
	mu   sync.Mutex
	at   []time.Time
	fail bool
}

func (h *hourly) steps() sim.Steps {
	return sim.Steps{
		Next: func(_ context.Context, after time.Time) (time.Time, bool) {
			return after.Truncate(time.Hour).Add(time.Hour), true
		},
		Run: func(_ context.Context, at time.Time) error {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.wall.pass(time.Minute) // work takes time, but the clock stands still
			h.at = append(h.at, h.c.Now())
			if !h.c.Now().Equal(at) || h.fail {
				return errors.New("not at the instant")
			}
			return nil
		},
	}
}

func TestWalk(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]bool{"every step goes well": false, "every step fails": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wall := &wall{at: time.Unix(1_800_000_000, 0)}
			c := sim.NewClock(start(), wall.now)
			h := &hourly{c: c, wall: wall, fail: fail}
			to := start().Add(3*time.Hour + 30*time.Minute)
			if err := c.Walk(t.Context(), to, h.steps()); err != nil {
				t.Fatal(err)
			}
			var want []time.Time
			for i := range 3 {
				want = append(want, start().Add(time.Duration(i+1)*time.Hour))
			}
			if !slices.EqualFunc(h.at, want, time.Time.Equal) {
				t.Errorf("ran at %v, want %v", h.at, want)
			}
			if !c.Now().Equal(to) {
				t.Errorf("arrived at %s, want %s", c.Now(), to)
			}
			wall.pass(time.Second)
			if !c.Now().Equal(to.Add(time.Second)) {
				t.Errorf("does not tick: %s", c.Now())
			}
		})
	}
}

func TestWalkRefusals(t *testing.T) {
	t.Parallel()
	wall := &wall{at: time.Unix(1_800_000_000, 0)}
	c := sim.NewClock(start(), wall.now)
	err := c.Walk(t.Context(), start().Add(-time.Second), sim.Steps{})
	if _, back := errors.AsType[*sim.BackError](err); !back {
		t.Errorf("error %v", err)
	}
	stuck := sim.Steps{
		Next: func(context.Context, time.Time) (time.Time, bool) { return start().Add(time.Minute), true },
		Run:  func(context.Context, time.Time) error { return nil },
	}
	if err := c.Walk(t.Context(), start().Add(time.Hour), stuck); err != nil || !c.Now().Equal(start().Add(time.Hour)) {
		t.Errorf("a Next that repeats itself: %v, at %s", err, c.Now())
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := sim.Steps{
		Next: func(_ context.Context, after time.Time) (time.Time, bool) { return after.Add(time.Minute), true },
		Run:  func(context.Context, time.Time) error { cancel(); return nil },
	}
	if err := c.Walk(ctx, start().Add(2*time.Hour), ended); !errors.Is(err, context.Canceled) || !c.Now().Equal(start().Add(61*time.Minute)) {
		t.Errorf("a walk that is called off: %v, at %s", err, c.Now())
	}
}

func TestWalksTakeTurns(t *testing.T) {
	t.Parallel()
	wall := &wall{at: time.Unix(1_800_000_000, 0)}
	c := sim.NewClock(start(), wall.now)
	h := &hourly{c: c, wall: wall}
	var backs atomic.Int32
	var group sync.WaitGroup
	for i := range 4 {
		group.Go(func() {
			err := c.Walk(t.Context(), start().Add(time.Duration(i+1)*6*time.Hour), h.steps())
			if _, back := errors.AsType[*sim.BackError](err); back {
				backs.Add(1)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if !slices.IsSortedFunc(h.at, time.Time.Compare) || len(h.at) != 24 {
		t.Errorf("%d steps: %v", len(h.at), h.at)
	}
	if got := c.Now(); !got.Equal(start().Add(24 * time.Hour)) {
		t.Errorf("ended at %s after %d refusals", got, backs.Load())
	}
}

// until waits for something that another goroutine brings about.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatal(what)
		}
	}
}

// TestMessagesWaitForAWalk lets a phone and another program speak in the
// middle of a walk. Both are heard, but only after it.
func TestMessagesWaitForAWalk(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	atStep, goOn := make(chan struct{}), make(chan struct{})
	steps := sim.Steps{
		Next: func(_ context.Context, after time.Time) (time.Time, bool) {
			return start().Add(time.Hour), after.Before(start().Add(time.Hour))
		},
		Run: func(context.Context, time.Time) error {
			close(atStep)
			<-goOn
			if len(w.account.all()) != 0 {
				t.Error("somebody spoke during the walk")
			}
			if a := w.template(t, li, "办"); a.Code != 0 {
				t.Errorf("the API must not wait: %+v", a)
			}
			return nil
		},
	}
	arrived := start().Add(2 * time.Hour)
	var group sync.WaitGroup
	group.Go(func() {
		if err := w.clock.Walk(t.Context(), arrived, steps); err != nil {
			t.Error(err)
		}
	})
	<-atStep
	group.Go(func() { w.mustSay(t, li, "走路时说的") })
	var gated atomic.Bool
	other := httptest.NewServer(w.clock.Gate(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		gated.Store(true)
		if now := w.clock.Now(); now.Before(arrived) {
			t.Errorf("let in at %s", now)
		}
	})))
	defer other.Close()
	group.Go(func() {
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, other.URL, nil)
		res, err := other.Client().Do(req)
		if err != nil {
			t.Error(err)
			return
		}
		res.Body.Close()
	})
	if gated.Load() || !w.clock.Walking() {
		t.Error("the gate stands open")
	}
	close(goOn)
	group.Wait()
	w.Wait()
	if !gated.Load() || len(w.account.all()) != 2 {
		t.Errorf("gated %t, arrived %+v", gated.Load(), w.account.all())
	}
	for _, m := range w.account.all() {
		if m.Type == "text" && m.Created != arrived.Unix() {
			t.Errorf("said at %d, want %d", m.Created, arrived.Unix())
		}
	}
}

// TestAWalkWaitsForMessages begins a walk while an answer is being made.
func TestAWalkWaitsForMessages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	asked, answer := make(chan struct{}), make(chan struct{})
	w.account.on(func(m got) string {
		close(asked)
		<-answer
		if now := w.clock.Now(); !now.Equal(start()) {
			t.Errorf("the clock has moved to %s", now)
		}
		return w.account.say(m, "好")
	})
	var group sync.WaitGroup
	group.Go(func() { w.mustSay(t, li, "你好") })
	<-asked
	group.Go(func() {
		if err := w.clock.Walk(t.Context(), start().Add(time.Hour), sim.Steps{}); err != nil {
			t.Error(err)
		}
	})
	until(t, "the walk does not begin", w.clock.Walking)
	close(answer)
	group.Wait()
}

func TestAStepMaySpeak(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	steps := sim.Steps{
		Next: func(_ context.Context, after time.Time) (time.Time, bool) { return after.Add(time.Hour), true },
		Run: func(ctx context.Context, _ time.Time) error {
			_, err := w.Say(ctx, li, "自动签到")
			if err != nil {
				t.Error(err)
			}
			return err
		},
	}
	if err := w.clock.Walk(t.Context(), start().Add(2*time.Hour), steps); err != nil {
		t.Fatal(err)
	}
	seen := w.account.all()
	if len(seen) != 2 || seen[1].Created != start().Add(2*time.Hour).Unix() {
		t.Errorf("arrived %+v", seen)
	}
}

// TestClose leaves nothing running: no push, and no walk that somebody waits for.
func TestClose(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Close()
	w.Close()
	w.Wait()
}

func TestArrivedIsWithinTheWalk(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	old := start().Add(-time.Hour)
	if got := w.clock.Arrived(old); !got.Equal(start()) {
		t.Errorf("with no walk: %s", got)
	}
	at := start().Add(48 * time.Hour)
	err := w.clock.Walk(t.Context(), at, sim.Steps{
		Next: func(_ context.Context, after time.Time) (time.Time, bool) { return at, after.Before(at) },
		Run: func(context.Context, time.Time) error {
			for made, want := range map[time.Time]time.Time{
				old: start(), start().Add(time.Hour): start().Add(time.Hour), at.Add(time.Hour): at,
			} {
				if got := w.clock.Arrived(made); !got.Equal(want) {
					t.Errorf("made at %s, arrived at %s, want %s", made, got, want)
				}
			}
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
}
