package handlers_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
)

// queue puts n late replies in the queue, each to somebody else.
func (o *office) queue(t testing.TB, n int) {
	t.Helper()
	for i := range n {
		if err := o.ReplyLate(t.Context(), o.by(fmt.Sprintf("o-%d", i), fmt.Sprintf("q-%d", i)), "回答"); err != nil {
			t.Fatal(err)
		}
	}
}

func (o *office) lease(t testing.TB, n int) []handlers.Lease {
	t.Helper()
	l, _, err := o.LeaseNotices(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func (o *office) settle(t testing.TB, l handlers.Lease, f handlers.Fate) {
	t.Helper()
	if err := o.SettleNotice(t.Context(), l, f); err != nil {
		t.Fatal(err)
	}
}

func TestTwoWorkersNeverLeaseTheSameNotice(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.queue(t, 60)
		other, _ := o.replica(t)
		var mu sync.Mutex
		got := map[string]int{}
		var all sync.WaitGroup
		for _, h := range []*handlers.Handlers{o.Handlers, other, o.Handlers, other} {
			all.Go(func() {
				for {
					leases, seen, err := h.LeaseNotices(t.Context(), 7)
					if err != nil {
						t.Error(err)
						return
					}
					if seen == 0 {
						return
					}
					mu.Lock()
					for _, l := range leases {
						got[l.ID]++
					}
					mu.Unlock()
				}
			})
		}
		all.Wait()
		for id, n := range got {
			if n != 1 {
				t.Errorf("%s was leased %d times", id, n)
			}
		}
		if len(got) != 60 {
			t.Errorf("%d of 60 were leased", len(got))
		}
	})
}

func TestABatchThatNobodyCanGetDoesNotHideTheNext(t *testing.T) {
	t.Parallel()
	o := newOffice(t, models.Source{File: t.TempDir() + "/t.db", Unsynced: true})
	err := o.db.Write(t.Context(), func(tx *models.Tx) error {
		for i, openID := range []string{"", "", "o-1"} { // two people who are not bound
			n := &models.Notice{PersonID: fmt.Sprint("p", i), OpenID: openID, Kind: handlers.NoticeStep, NotBefore: tx.Now.Add(time.Duration(i-9) * time.Second)}
			if err := tx.AddNotice(n); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for {
		leases, seen, err := o.LeaseNotices(t.Context(), 2)
		if err != nil {
			t.Fatal(err)
		}
		if seen == 0 {
			break
		}
		for _, l := range leases {
			got = append(got, l.OpenID)
		}
	}
	if len(got) != 1 || got[0] != "o-1" {
		t.Errorf("leased for %q, want o-1", got)
	}
}

func TestAnOutageOfThePlatformKillsNoNotice(t *testing.T) {
	t.Parallel()
	o := newOffice(t, models.Source{File: t.TempDir() + "/t.db", Unsynced: true})
	o.queue(t, 1)
	for hour := range 72 {
		o.set(morning.Add(time.Duration(hour) * time.Hour))
		leases := o.lease(t, 1)
		if len(leases) != 1 || leases[0].Tries != hour+1 {
			t.Fatalf("after %d hours: %+v", hour, leases)
		}
		o.settle(t, leases[0], handlers.Fate{Problem: "busy", Again: time.Hour})
	}
	o.set(morning.Add(73 * time.Hour))
	if leases := o.lease(t, 1); len(leases) != 0 {
		t.Errorf("after 73 hours: %+v", leases)
	}
}

func TestAResultWaitsForTheBinding(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		err := o.db.Write(t.Context(), func(tx *models.Tx) error {
			return tx.AddNotice(&models.Notice{PersonID: o.ids["委员"], Kind: handlers.NoticeResult, Class: 2})
		})
		if err != nil {
			t.Fatal(err)
		}
		for day := range 9 {
			o.set(morning.AddDate(0, 0, day))
			if leases := o.lease(t, 9); len(leases) != 0 {
				t.Fatalf("day %d, not bound: %+v", day, leases)
			}
		}
		night := morning.AddDate(0, 0, 9).Add(14 * time.Hour) // ten in the evening
		o.set(night)
		c := o.codes(t, "委员")
		if said := o.bind(t, "o-1", "k-1", handlers.Proof{Scene: c.Scene}); said != "" {
			t.Fatal(said)
		}
		if leases := o.lease(t, 9); len(leases) != 0 {
			t.Errorf("in quiet hours: %+v", leases)
		}
		o.set(night.Add(10 * time.Hour))
		leases := o.lease(t, 9)
		if len(leases) != 1 || leases[0].OpenID != "o-1" || leases[0].Tries != 1 {
			t.Fatalf("in the morning: %+v", leases)
		}
		o.settle(t, leases[0], handlers.Fate{Problem: "busy", Again: time.Minute})
		o.set(night.Add(11 * time.Hour))
		if leases := o.lease(t, 9); len(leases) != 1 {
			t.Errorf("after the platform was busy: %+v", leases)
		}
	})
}

func TestANoticeDoesNotWaitForABindingForEver(t *testing.T) {
	t.Parallel()
	o := newOffice(t, models.Source{File: t.TempDir() + "/t.db", Unsynced: true})
	row := &models.Notice{PersonID: o.ids["委员"], Kind: handlers.NoticeResult, Class: 2}
	if err := o.db.Write(t.Context(), func(tx *models.Tx) error { return tx.AddNotice(row) }); err != nil {
		t.Fatal(err)
	}
	state := func() (n models.Notice) {
		err := o.db.Read(t.Context(), func(tx *models.Tx) (err error) { n, err = tx.Notice(row.ID); return err })
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	o.set(morning.AddDate(0, 0, 30))
	o.lease(t, 1)
	if n := state(); n.State != models.NoticeWaiting || n.Problem != "not bound" || n.Tries != 0 || n.TriedAt != nil {
		t.Errorf("after thirty days: %+v", n)
	}
	o.set(morning.AddDate(0, 0, 31))
	o.lease(t, 1)
	if n := state(); n.State != models.NoticeDead {
		t.Errorf("after a month: %+v", n)
	}
}

func TestTheRestOfASlowBatchGoesBack(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.queue(t, 1)
		l := o.lease(t, 1)[0]
		if now := morning.Add(59 * time.Second); !l.Fresh(now) {
			t.Error("not fresh within half of the lease")
		}
		now := morning.Add(time.Minute)
		if l.Fresh(now) {
			t.Error("fresh after half of the lease")
		}
		o.set(now)
		o.settle(t, l, handlers.Fate{Untried: true})
		again := o.lease(t, 1)
		if len(again) != 1 || again[0].ID != l.ID || again[0].Tries != 1 || !again[0].Fresh(now) || !again[0].TriedAt.Equal(now) {
			t.Errorf("given back: %+v", again)
		}
	})
}

func TestTheFateOfANotice(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.queue(t, 4)
		leases := o.lease(t, 10)
		o.settle(t, leases[0], handlers.Fate{PlatformID: "1"})
		o.settle(t, leases[1], handlers.Fate{Problem: "busy", Again: time.Minute})
		o.settle(t, leases[2], handlers.Fate{Problem: "no follower"})
		// The worker of the fourth dies.
		if more := o.lease(t, 10); len(more) != 0 {
			t.Errorf("%d were leased again at once", len(more))
		}
		o.set(morning.Add(61 * time.Second))
		again := o.lease(t, 10)
		if len(again) != 1 || again[0].ID != leases[1].ID || again[0].Tries != 2 {
			t.Fatalf("after a minute: %+v", again)
		}
		o.settle(t, again[0], handlers.Fate{PlatformID: "2"})
		o.set(morning.Add(3 * time.Minute))
		dead := o.lease(t, 10)
		if len(dead) != 1 || dead[0].ID != leases[3].ID {
			t.Fatalf("after the lease: %+v", dead)
		}
		o.settle(t, leases[3], handlers.Fate{PlatformID: "late"}) // whose lease ran out
		if n := o.Meter().PutOff.Load(); n != 1 {
			t.Errorf("%d notices were put off", n)
		}
		o.set(morning.Add(20 * time.Minute))
		if more := o.lease(t, 10); len(more) != 0 {
			t.Errorf("a notice that may have arrived was risked again: %+v", more)
		}
		err := o.db.Read(t.Context(), func(tx *models.Tx) error {
			for id, want := range map[string]models.NoticeState{
				leases[0].ID: models.NoticeSent, leases[1].ID: models.NoticeSent,
				leases[2].ID: models.NoticeDead, leases[3].ID: models.NoticeUnknown,
			} {
				if n, err := tx.Notice(id); err != nil || n.State != want {
					t.Errorf("%s is %s (%s), want %s; %v", id, n.State, n.Problem, want, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestNoReminderInQuietHours(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ at, want time.Time }{
		"in the morning":         {on(9, 28).At(7, 29), on(9, 28).At(7, 30)},
		"in the day":             {on(9, 28).At(12, 0), on(9, 28).At(12, 0)},
		"just before nine":       {on(9, 28).At(20, 59), on(9, 28).At(20, 59)},
		"at nine in the evening": {on(9, 28).At(21, 0), on(9, 29).At(7, 30)},
		"at the quarter's end":   {on(9, 30).At(23, 59), on(10, 1).At(7, 30)},
	} {
		if got := handlers.Loud(tc.at); !got.Equal(tc.want) {
			t.Errorf("%s: %s, want %s", name, got, tc.want)
		}
	}
}
