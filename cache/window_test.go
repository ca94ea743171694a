package cache_test

import (
	"testing"
	"time"

	"github.com/cunkao/cunkao/cache"
)

// TestWindows follows what is left of the platform's windows for customer
// messages: five within 48 hours of a word, three within a minute of an act.
func TestWindows(t *testing.T) {
	t.Parallel()
	eachServer(t, func(t *testing.T, c *cache.Cache) {
		t.Helper()
		ctx, at := t.Context(), time.Date(2026, 9, 28, 8, 0, 0, 0, time.UTC)
		heard := 0
		hear := func(who string, opens cache.Opening, at time.Time) {
			heard++
			for range 3 { // the third is counted before Count returns
				heard++
				c.Count(ctx, cache.Arrival{Who: who, Key: who + at.String() + string(rune(heard)), At: at, Opens: opens}, cache.Limits{PersonMinute: 60})
			}
		}
		want := func(what, who string, at time.Time, way cache.Way) {
			t.Helper()
			if got := c.WayTo(ctx, who, at); got != way {
				t.Errorf("%s: %v, want %v", what, got, way)
			}
		}
		want("somebody who was never heard", "o-1", at, cache.WayUnknown)
		hear("o-1", cache.OpensNone, at)
		want("an event that opens nothing", "o-1", at, cache.WayUnknown)

		hear("o-1", cache.OpensSpoke, at)
		want("after a word", "o-1", at.Add(48*time.Hour), cache.WayOpen)
		want("after two days and a second", "o-1", at.Add(48*time.Hour+time.Second), cache.WayShut)
		for range 5 {
			want("while some are left", "o-1", at, cache.WayOpen)
			c.Spent(ctx, "o-1", at)
		}
		want("after five messages", "o-1", at, cache.WayShut)
		hear("o-1", cache.OpensActed, at.Add(time.Hour))
		want("after a click", "o-1", at.Add(time.Hour+time.Minute), cache.WayOpen)
		want("a minute after a click", "o-1", at.Add(time.Hour+61*time.Second), cache.WayShut)

		hear("o-2", cache.OpensSpoke, at)
		hear("o-2", cache.OpensActed, at)
		for range 3 {
			c.Spent(ctx, "o-2", at)
		}
		for range 5 {
			want("the click's three go first, the word's five are left", "o-2", at.Add(time.Hour), cache.WayOpen)
			c.Spent(ctx, "o-2", at.Add(time.Hour))
		}
		want("eight messages", "o-2", at.Add(time.Hour), cache.WayShut)

		hear("o-4", cache.OpensTapped, at)
		want("after a tap on a link", "o-4", at, cache.WayOpen)
		want("a minute after a tap, which may count as a word", "o-4", at.Add(time.Hour), cache.WayUnknown)

		c.ShutWay(ctx, "o-3")
		want("the platform has refused", "o-3", at, cache.WayShut)
		hear("o-3", cache.OpensSpoke, at)
		want("and he writes", "o-3", at, cache.WayOpen)
	})
}

func TestAWriterIsToldOnceForWhatWasParked(t *testing.T) {
	t.Parallel()
	eachServer(t, func(t *testing.T, c *cache.Cache) {
		t.Helper()
		ctx, at := t.Context(), time.Date(2026, 9, 28, 8, 0, 0, 0, time.UTC)
		say := func(who, key string) {
			c.Count(ctx, cache.Arrival{Who: who, Key: key, At: at, Opens: cache.OpensSpoke}, cache.Limits{PersonMinute: 60})
		}
		c.Park(ctx, "o-1")
		say("o-2", "k-1")
		say("o-1", "k-2")
		select {
		case who := <-c.Writers():
			if who != "o-1" {
				t.Errorf("told of %s", who)
			}
		case <-time.After(5 * time.Second):
			t.Fatal("nobody is told")
		}
		for _, key := range []string{"k-3", "k-4", "k-5"} {
			say("o-1", key)
		}
		select {
		case who := <-c.Writers():
			t.Errorf("told again, of %s", who)
		default:
		}
	})
}
