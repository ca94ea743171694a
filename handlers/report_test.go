package handlers_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/testkit"
)

func (o *office) notice(t testing.TB, id string) (n models.Notice) {
	t.Helper()
	err := o.db.Read(t.Context(), func(tx *models.Tx) (err error) { n, err = tx.Notice(id); return err })
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (o *office) report(t testing.TB, platformID, outcome string) {
	t.Helper()
	if err := o.Report(t.Context(), platformID, outcome); err != nil {
		t.Fatal(err)
	}
}

// TestAReportFindsItsNotice lets the platform's word of a message come after its
// id is recorded, and before.
func TestAReportFindsItsNotice(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		outcome string
		tries   int
		state   models.NoticeState
		report  string
	}{
		"arrived":                         {handlers.ReportSuccess, 1, models.NoticeSent, handlers.ReportSuccess},
		"refused by the person":           {"failed:user block", 1, models.NoticeDead, "failed:user block"},
		"the platform failed":             {handlers.ReportSystem, 1, models.NoticeWaiting, ""},
		"the platform failed three times": {handlers.ReportSystem, 3, models.NoticeDead, handlers.ReportSystem},
	} {
		for when, early := range map[string]bool{"late": false, "early": true} {
			t.Run(name+", "+when, func(t *testing.T) {
				t.Parallel()
				eachOffice(t, func(t *testing.T, o *office) {
					o.queue(t, 1)
					l := o.lease(t, 1)[0]
					l.Tries = tc.tries
					if early {
						o.report(t, "4711", tc.outcome)
					}
					o.settle(t, l, handlers.Fate{PlatformID: "4711", Way: "template"})
					if !early {
						o.report(t, "4711", tc.outcome)
					}
					o.report(t, "4711", tc.outcome) // the platform sends it again
					n := o.notice(t, l.ID)
					if n.State != tc.state || n.Report != tc.report {
						t.Errorf("state %s, report %q; want %s, %q", n.State, n.Report, tc.state, tc.report)
					}
					if tc.state == models.NoticeWaiting && n.NotBefore.Sub(o.now()) < 10*time.Minute {
						t.Errorf("sent again at %s, while the platform drops repeats", n.NotBefore)
					}
				})
			})
		}
	}
}

// TestAReportWithoutAnID is about no message: what went without an id of the
// platform's, as texts do, is not what it means.
func TestAReportWithoutAnID(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.queue(t, 1)
		l := o.lease(t, 1)[0]
		o.settle(t, l, handlers.Fate{Way: "text"})
		o.report(t, "", handlers.ReportSystem)
		if n := o.notice(t, l.ID); n.State != models.NoticeSent {
			t.Errorf("a text that was sent is %s, %q", n.State, n.Problem)
		}
	})
}

func TestAReportAtTheSameInstantIsNotMissed(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.queue(t, 20)
		for _, l := range o.lease(t, 20) {
			var both sync.WaitGroup
			both.Go(func() { o.settle(t, l, handlers.Fate{PlatformID: "p-" + l.ID, Way: "template"}) })
			both.Go(func() { o.report(t, "p-"+l.ID, handlers.ReportSuccess) })
			both.Wait()
			if n := o.notice(t, l.ID); n.Report != handlers.ReportSuccess {
				t.Errorf("%s: the report is %q", l.ID, n.Report)
			}
		}
	})
}

func TestAReportOfNobodysMessageIsKeptForAWeek(t *testing.T) {
	t.Parallel()
	o := newOffice(t, models.Source{File: t.TempDir() + "/t.db", Unsynced: true})
	o.report(t, "99", handlers.ReportSuccess)
	kept := func() error {
		return o.db.Read(t.Context(), func(tx *models.Tx) error { _, err := tx.Report("99"); return err })
	}
	for day, want := range []bool{true, false} {
		o.set(morning.AddDate(0, 0, 8*day))
		if err := o.EmptyGraves(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := kept(); (err == nil) != want {
			t.Errorf("after %d days: %v", 8*day, err)
		}
	}
}

func TestSubscriptionsAreCounted(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		choose := func(key string, withdrawn bool, choices ...handlers.Choice) {
			t.Helper()
			if said := o.do(t, "o-1", key, func(d *handlers.Desk) error { return d.Choose(choices, withdrawn) }); said != "" {
				t.Fatal(said)
			}
		}
		want := func(what, template string, n int) {
			t.Helper()
			if got, err := o.Subscribed(t.Context(), "o-1", template); err != nil || got != n {
				t.Errorf("%s: %d, %v; want %d", what, got, err, n)
			}
		}
		yes, lasting := handlers.Choice{TemplateID: "once", Accepted: true}, handlers.Choice{TemplateID: "always", Accepted: true, Lasting: true}
		want("nobody was asked", "once", 0)
		choose("k-1", false, yes, lasting)
		choose("k-1", false, yes, lasting) // the platform sends it again
		want("one yes", "once", 1)
		want("a lasting yes", "always", 1)
		choose("k-2", false, yes, lasting)
		want("two yes", "once", 2)
		want("a lasting yes, twice", "always", 1)
		choose("k-3", false, handlers.Choice{TemplateID: "once"})
		want("a no takes back no yes that was given", "once", 2)
		choose("k-4", true, handlers.Choice{TemplateID: "always"})
		want("withdrawn", "always", 0)
		if err := o.SpendSubscription(t.Context(), "o-1", "once", 1); err != nil {
			t.Fatal(err)
		}
		want("one is used", "once", 1)
		o.do(t, "o-1", "k-5", (*handlers.Desk).Unfollow)
		want("who left", "once", 0)
	})
}

func TestWhatWaitsForAWriterIsSentWhenHeWrites(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.bound(t, "委员", "o-1")
		row := &models.Notice{PersonID: o.ids["委员"], Kind: handlers.NoticeStep, Class: 1}
		if err := o.db.Write(t.Context(), func(tx *models.Tx) error { return tx.AddNotice(row) }); err != nil {
			t.Fatal(err)
		}
		o.settle(t, o.lease(t, 1)[0], handlers.Fate{Shut: true, Problem: "the window is over"})
		o.set(morning.Add(time.Hour))
		if leases := o.lease(t, 1); len(leases) != 0 {
			t.Errorf("tried again: %+v", leases)
		}
		if err := o.WakeNoticesOf(t.Context(), "o-1"); err != nil {
			t.Fatal(err)
		}
		leases := o.lease(t, 1)
		if len(leases) != 1 || leases[0].ID != row.ID || leases[0].Tries != 1 {
			t.Fatalf("when he writes: %+v", leases)
		}
		o.settle(t, leases[0], handlers.Fate{Shut: true, Problem: "the window is over"})
		o.set(morning.Add(8 * time.Hour))
		if leases := o.lease(t, 1); len(leases) != 1 {
			t.Errorf("after a while it is tried by itself: %+v", leases)
		}
	})
}

func TestAReportWithoutAnIDIsOfTheOldestNoticeOfItsKind(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.bound(t, "委员", "o-1")
		var ids []string
		err := o.db.Write(t.Context(), func(tx *models.Tx) error {
			for _, kind := range []string{handlers.NoticeStep, handlers.NoticeStep, handlers.NoticeResult} {
				n := &models.Notice{PersonID: o.ids["委员"], Kind: kind, Class: 1}
				if err := tx.AddNotice(n); err != nil {
					return err
				}
				ids = append(ids, n.ID)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		hear := func(outcome string) error {
			return o.ReportOf(t.Context(), "o-1", handlers.NoticeStep, "subscription", outcome)
		}
		if err := hear(handlers.ReportSuccess); err != nil {
			t.Errorf("before anything was sent: %v", err)
		}
		leases := o.lease(t, 9)
		if err := hear(handlers.ReportSuccess); !errors.Is(err, handlers.ErrNotYet) {
			t.Errorf("while it is on its way: %v", err)
		}
		for _, l := range leases {
			o.settle(t, l, handlers.Fate{Way: "subscription"})
		}
		for _, outcome := range []string{handlers.ReportSuccess, "failed: 43101 refuse"} {
			if err := hear(outcome); err != nil {
				t.Fatal(err)
			}
		}
		for i, want := range []string{handlers.ReportSuccess, "failed: 43101 refuse", ""} {
			if n := o.notice(t, ids[i]); n.Report != want {
				t.Errorf("notice %d: report %q, want %q", i, n.Report, want)
			}
		}
		if n := o.notice(t, ids[1]); n.State != models.NoticeDead {
			t.Errorf("what did not arrive is %s", n.State)
		}
	})
}

// TestAReportLeftAloneFindsItsNoticeLater lets the process end between recording
// that a notice was sent and looking for an earlier report of it.
func TestAReportLeftAloneFindsItsNoticeLater(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.queue(t, 1)
		l := o.lease(t, 1)[0]
		o.report(t, "4711", "failed:user block")
		calls := &testkit.Calls{}
		dying := &office{src: o.src, at: o.now()}
		dying.src.Between = calls
		h, _ := dying.replica(t)
		calls.Arm(4, testkit.FailBefore, nil) // BEGIN, UPDATE, COMMIT, and no more
		if err := h.SettleNotice(t.Context(), l, handlers.Fate{PlatformID: "4711", Way: "template"}); err == nil {
			t.Fatal("nothing failed")
		}
		if n := o.notice(t, l.ID); n.State != models.NoticeSent {
			t.Fatalf("the notice is %s", n.State)
		}
		if err := o.EmptyGraves(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := o.notice(t, l.ID); n.State != models.NoticeDead || n.Report != "failed:user block" {
			t.Errorf("the notice is %s, report %q", n.State, n.Report)
		}
	})
}

// TestAnOldTelephoneIsToldWhenItWrites finds no way to tell it at first.
func TestAnOldTelephoneIsToldWhenItWrites(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.bound(t, "委员", "o-1")
		if said := o.do(t, "东镇干事", "k-1", func(d *handlers.Desk) error { return d.Unbind(o.ids["委员"], "丢了手机") }); said != "" {
			t.Fatal(said)
		}
		o.settle(t, o.lease(t, 1)[0], handlers.Fate{Shut: true, Problem: "the window is over"})
		if err := o.WakeNoticesOf(t.Context(), "o-1"); err != nil {
			t.Fatal(err)
		}
		if leases := o.lease(t, 1); len(leases) != 1 || leases[0].OpenID != "o-1" {
			t.Errorf("when it writes: %+v", leases)
		}
	})
}
