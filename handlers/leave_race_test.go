package handlers_test

import (
	"sync"
	"testing"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/testkit"
)

// Of approve, reject and withdraw at one moment exactly one happens, whichever
// replica each comes to; the others hear that somebody was faster.
func TestOneOutcomeOfALeave(t *testing.T) {
	t.Parallel()
	rounds := 500
	if testing.Short() || testkit.Raced {
		rounds = 40
	}
	eachOffice(t, func(t *testing.T, o *office) {
		other, _ := o.replica(t)
		outcomes := map[models.LeaveState]int{}
		for i := range rounds {
			who := []string{"委员", "副书记"}[i%2]
			day := on(time.October, 1).Add(i / 2)
			l := o.asked(t, who, request(calendar.Span{First: day, FromNoon: true, Last: day.Add(1), ToNoon: true}))
			acts := []struct {
				by string
				on *handlers.Handlers
				do func(*handlers.Desk) (handlers.Leave, error)
				to models.LeaveState
			}{
				{"书记", o.Handlers, approve(l.Number), models.LeaveApproved},
				{"书记", other, reject(l.Number, "那天有检查"), models.LeaveRejected},
				{who, other, func(d *handlers.Desk) (handlers.Leave, error) { return d.WithdrawLeave(l.Number) }, models.LeaveWithdrawn},
			}
			errs := make([]error, len(acts))
			start, done := make(chan struct{}), sync.WaitGroup{}
			for n, act := range acts {
				cmd := o.by(act.by, o.key())
				done.Go(func() {
					<-start
					_, errs[n] = act.on.Do(t.Context(), cmd, func(d *handlers.Desk) (string, error) { _, err := act.do(d); return "", err })
				})
			}
			close(start)
			done.Wait()
			won := models.LeaveState("")
			for n, act := range acts {
				if refusal(t, errs[n]) == "" {
					if won != "" {
						t.Fatalf("round %d: both %s and %s", i, won, act.to)
					}
					won = act.to
				}
			}
			if got := o.seen(t, who, l.Number); got.State != won || got.Version != 1 {
				t.Fatalf("round %d: %s at version %d, and told %s", i, got.State, got.Version, won)
			}
			outcomes[won]++
		}
		if len(outcomes) < 2 {
			t.Errorf("the same one was always faster: %v", outcomes)
		}
		t.Logf("outcomes of %d rounds: %v", rounds, outcomes)
	})
}

// Two requests of one person for the same days at one moment: one is taken.
func TestOneOfTwoRequestsAtOnce(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		other, _ := o.replica(t)
		for i := range 30 {
			day := on(time.October, 12).Add(2 * i)
			errs := make([]error, 2)
			start, done := make(chan struct{}), sync.WaitGroup{}
			for n, h := range []*handlers.Handlers{o.Handlers, other} {
				cmd := o.by("委员", o.key())
				done.Go(func() {
					<-start
					_, errs[n] = h.Do(t.Context(), cmd, func(d *handlers.Desk) (string, error) {
						_, err := d.AskLeave(request(calendar.Span{First: day, Last: day.Add(1)}))
						return "", err
					})
				})
			}
			close(start)
			done.Wait()
			if a, b := refusal(t, errs[0]), refusal(t, errs[1]); (a == "") == (b == "") {
				t.Fatalf("round %d: %q and %q", i, a, b)
			}
		}
	})
}
