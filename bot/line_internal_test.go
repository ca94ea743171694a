package bot

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// TestMessagesOfOnePersonTakeTurns: each begins when the one before it is done, and nobody
// waits for somebody else.
func TestMessagesOfOnePersonTakeTurns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var l lines
		var mu sync.Mutex
		var order []string
		var done sync.WaitGroup
		work := func(who, text string, takes time.Duration) {
			wait, leave := l.join(who)
			done.Go(func() {
				defer leave()
				wait(time.Minute)
				time.Sleep(takes)
				mu.Lock()
				order = append(order, text)
				mu.Unlock()
			})
		}
		work("a", "first", 3*time.Second)
		work("a", "second", time.Second)
		work("b", "somebody else", 2*time.Second)
		work("a", "third", 0)
		done.Wait()
		want := []string{"somebody else", "first", "second", "third"}
		for i := range want {
			if i >= len(order) || order[i] != want[i] {
				t.Fatalf("order = %q, want %q", order, want)
			}
		}
		if len(l.tails) != 0 {
			t.Errorf("%d lines are left", len(l.tails))
		}
	})
}

// TestNobodyWaitsForEver: a message that hangs holds up those behind it for as long as they
// would be waited for.
func TestNobodyWaitsForEver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var l lines
		_, leave := l.join("a")
		wait, done := l.join("a")
		start := time.Now()
		wait(4 * time.Second)
		if waited := time.Since(start); waited != 4*time.Second {
			t.Errorf("waited %s", waited)
		}
		done()
		leave()
	})
}
