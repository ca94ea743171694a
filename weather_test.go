package main

import (
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/sim"
	"github.com/cunkao/cunkao/testkit"
)

// TestEveryReminderArrivesOnceInBadWeather walks the demo through a week twice:
// on a good day of the platform's, and with answers that are lost, cut, late or
// refused, outcomes that come early or in the wrong order, each event several
// times, and tokens that turn bad. People must see the same.
func TestEveryReminderArrivesOnceInBadWeather(t *testing.T) {
	testkit.Unraced(t)
	t.Parallel()
	good := weekOfReminders(t, func(*sim.Sim) {})
	if len(good) == 0 {
		t.Fatal("nobody was reminded of anything")
	}
	for name, reports := range map[string]sim.Reports{
		"early outcomes": {Early: true}, "outcomes last first": {Gather: 3}, "late outcomes": {Late: 20 * time.Minute}, "no outcomes": {Lose: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var platform *sim.Sim
			bad := weekOfReminders(t, func(s *sim.Sim) {
				s.SetReports(reports)
				s.SetRoads(sim.Roads{Copies: 2})
				s.SpoilTokens(10 * time.Minute)
				if err := s.Script("message/template/send", storm(uint64(len(name)))...); err != nil {
					t.Error(err)
				}
				platform = s
			})
			wrong := map[string]int{}
			for _, h := range platform.History() {
				if h.Outcome == sim.Scripted {
					wrong[h.Reason]++
				}
			}
			if len(wrong) < 6 {
				t.Errorf("went wrong: %v, want each of the ways", wrong)
			}
			if diff := cmp.Diff(good, bad); diff != "" {
				t.Errorf("reminders (-good weather +bad):\n%s", diff)
			}
		})
	}
}

// storm is a series of all that can go wrong with a call, each some time.
func storm(seed uint64) []sim.Fail {
	ways := []sim.Fail{
		{Code: -1}, {Lost: true, Cut: true}, {Status: 502}, {Half: true}, {}, {HTML: true}, {Cut: true}, {Code: 40001}, {Code: 45011}, {},
	}
	var out []sim.Fail
	for i := range 60 {
		f := ways[i%len(ways)]
		f.Times, f.Chance, f.Seed = 1, 60, seed+uint64(i)
		out = append(out, f)
	}
	return out
}

// weekOfReminders counts the template messages of a week, by person and words.
func weekOfReminders(t *testing.T, weather func(*sim.Sim)) map[string]int {
	t.Helper()
	d := loggedDemo(t, models.Source{}, slog.New(slog.DiscardHandler))
	s := newStranger(t, d)
	weather(d.sim)
	s.walk("2026-10-05T12:00:00+08:00")
	d.sim.SetReports(sim.Reports{})
	d.sim.Wait()
	seen := map[string]int{}
	for _, p := range demoPeople() {
		for _, sent := range d.sim.Outbox(p.openID()) {
			if sent.Type == "template" {
				seen[fmt.Sprintf("%s: %s", p.Name, sent.Text)]++
			}
		}
	}
	return seen
}
