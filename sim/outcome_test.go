package sim_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cunkao/cunkao/sim"
)

// outcomes are the reports that arrived, by message, in their order.
func (w *world) outcomes() (list []string) {
	for _, m := range w.account.all() {
		if m.Event == "TEMPLATESENDJOBFINISH" {
			list = append(list, fmt.Sprint(m.JobID, " ", m.Status))
		}
	}
	return list
}

func TestReports(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		reports sim.Reports
		status  string
		shown   bool
	}{
		"of success":        {sim.Reports{}, "success", true},
		"of a block":        {sim.Reports{Status: sim.StatusBlocked}, "failed:user block", false},
		"of a failure":      {sim.Reports{Status: sim.StatusFailed}, "failed: system failed", false},
		"that come early":   {sim.Reports{Early: true}, "success", true},
		"early of a block":  {sim.Reports{Early: true, Status: sim.StatusBlocked}, "failed:user block", false},
		"that never arrive": {sim.Reports{Lose: true}, "", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.SetReports(test.reports)
			a := w.template(t, li, "柳树村")
			if a.Code != 0 || a.MsgID == 0 {
				t.Fatalf("%+v", a)
			}
			w.Wait()
			var want []string
			if test.status != "" {
				want = []string{fmt.Sprint(a.MsgID, " ", test.status)}
			}
			if got := w.outcomes(); !slices.Equal(got, want) {
				t.Errorf("reported %q, want %q", got, want)
			}
			if got := len(w.Outbox(li)) == 1; got != test.shown {
				t.Errorf("shown: %v, want %v", got, test.shown)
			}
			history := w.History()
			i := slices.IndexFunc(history, func(d sim.Delivery) bool { return d.Out && d.MsgID == a.MsgID })
			if i < 0 || (history[i].Outcome == sim.Accepted) != test.shown || (history[i].Outcome == sim.Vanished) == test.shown {
				t.Errorf("history %+v", history)
			}
		})
	}
}

// TestAnEarlyReportComesBeforeTheAnswer also in the middle of a walk, where
// other events wait.
func TestAnEarlyReportComesBeforeTheAnswer(t *testing.T) {
	t.Parallel()
	var w *world
	heard := map[string]int{}
	w = newWorld(t, func(o *sim.Options) {
		o.Next = func(_ context.Context, after time.Time) (time.Time, bool) {
			return start().Add(time.Hour), after.Before(start().Add(time.Hour))
		}
		o.Run = func(context.Context, time.Time) error {
			w.template(t, li, "路上")
			heard["on a walk"] = len(w.outcomes())
			return nil
		}
	})
	w.SetReports(sim.Reports{Early: true})
	w.template(t, li, "柳树村")
	heard["at rest"] = len(w.outcomes())
	if status, body := w.do(t, http.MethodPost, "/sim/clock", `{"now":"2026-03-30T12:00:00+08:00"}`); status != http.StatusOK {
		t.Fatalf("%d %s", status, body)
	}
	if diff := cmp.Diff(map[string]int{"at rest": 1, "on a walk": 2}, heard); diff != "" {
		t.Errorf("heard when the send was answered (-want +got):\n%s", diff)
	}
}

func TestLateReports(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.SetReports(sim.Reports{Late: 2 * time.Hour})
	first := w.template(t, li, "一")
	walk := func(to time.Duration) []string {
		t.Helper()
		if err := w.clock.Walk(t.Context(), start().Add(to), sim.Steps{}); err != nil {
			t.Fatal(err)
		}
		w.Wait()
		return w.outcomes()
	}
	if got := walk(time.Hour); len(got) != 0 {
		t.Errorf("an hour later: %q", got)
	}
	second := w.template(t, li, "二")
	if got, want := walk(2*time.Hour), []string{fmt.Sprint(first.MsgID, " success")}; !slices.Equal(got, want) {
		t.Errorf("two hours later: %q, want %q", got, want)
	}
	if got, want := walk(9*time.Hour), []string{fmt.Sprint(first.MsgID, " success"), fmt.Sprint(second.MsgID, " success")}; !slices.Equal(got, want) {
		t.Errorf("in the evening: %q, want %q", got, want)
	}
}

// TestLateReportsComeByThemselves: nobody walks, nobody waits.
func TestLateReportsComeByThemselves(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	heard := make(chan struct{}, 1)
	w.account.on(func(got) string {
		heard <- struct{}{}
		return ""
	})
	w.SetReports(sim.Reports{Late: time.Minute})
	w.template(t, li, "一")
	w.wall.pass(time.Minute)
	select {
	case <-heard:
	case <-time.After(20 * time.Second):
		t.Fatal("the report never came")
	}
}

func TestReportsLastFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.SetReports(sim.Reports{Gather: 3})
	var want []string
	for range 3 {
		w.Wait()
		if got := w.outcomes(); len(got) != 0 {
			t.Errorf("too early: %q", got)
		}
		want = append([]string{fmt.Sprint(w.template(t, li, "柳树村").MsgID, " success")}, want...)
	}
	w.Wait()
	if got := w.outcomes(); !slices.Equal(got, want) {
		t.Errorf("reported %q, want %q", got, want)
	}
	last := w.template(t, li, "还有一个")
	w.SetReports(sim.Reports{})
	w.Wait()
	if got := w.outcomes(); len(got) != 4 || got[3] != fmt.Sprint(last.MsgID, " success") {
		t.Errorf("what was gathered: %q", got)
	}
}

func TestABlockedAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Follow(wang)
	w.Block(li, true)
	blocked, other := w.template(t, li, "柳树村"), w.template(t, wang, "柳树村")
	w.mustSay(t, li, "你好")
	custom := func() int {
		return w.call(t, "message/custom/send", `{"touser":"o_li_si","msgtype":"text","text":{"content":"好"}}`).Code
	}
	if code := custom(); code != 48002 {
		t.Errorf("a customer message: %d", code)
	}
	w.Block(li, false)
	if code := custom(); code != 0 {
		t.Errorf("a customer message to somebody who takes them again: %d", code)
	}
	again := w.template(t, li, "柳树村")
	w.Wait()
	want := []string{fmt.Sprint(blocked.MsgID, " failed:user block"), fmt.Sprint(other.MsgID, " success"), fmt.Sprint(again.MsgID, " success")}
	if got := w.outcomes(); !slices.Equal(got, want) {
		t.Errorf("reported %q, want %q", got, want)
	}
}
