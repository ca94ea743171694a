package handlers_test

import (
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
)

// someSpan draws a span of up to five days in three weeks of October.
func someSpan(t *rapid.T) calendar.Span {
	first := on(time.October, 8).Add(rapid.IntRange(0, 20).Draw(t, "first"))
	s := calendar.Span{
		First: first, Last: first.Add(rapid.IntRange(0, 4).Draw(t, "days")),
		FromNoon: rapid.Bool().Draw(t, "from noon"), ToNoon: rapid.Bool().Draw(t, "to noon"),
	}
	if !s.Valid() {
		s.ToNoon = false
	}
	return s
}

// What is proposed works: it leaves no gap, and no span of the same length that is
// nearer does; a part lies within what was asked for and cannot be made longer.
func TestWhatIsProposedWorks(t *testing.T) {
	t.Parallel()
	titles := []models.PostTitle{models.PartySecretary, models.CommitteeDirector, models.PartyDeputySecretary, models.CommitteeMember}
	rapid.Check(t, func(t *rapid.T) {
		var posts []models.Post
		for i, title := range titles[:rapid.IntRange(1, len(titles)).Draw(t, "posts")] {
			posts = append(posts, models.Post{PersonID: string(rune('a' + i)), Title: title, FromDay: on(time.January, 1)})
		}
		var leaves []models.Leave
		for range rapid.IntRange(0, 5).Draw(t, "leaves") {
			s, who := someSpan(t), posts[rapid.IntRange(0, len(posts)-1).Draw(t, "whose")].PersonID
			leaves = append(leaves, models.Leave{
				ID: strconv.Itoa(len(leaves)), PersonID: who, State: models.LeaveApproved,
				FirstDay: s.First, FromNoon: s.FromNoon, LastDay: s.Last, ToNoon: s.ToNoon,
			})
		}
		today := on(time.October, 1).Add(rapid.IntRange(0, 10).Draw(t, "today"))
		who, s := posts[rapid.IntRange(0, len(posts)-1).Draw(t, "who")].PersonID, someSpan(t)
		better, free := handlers.Better(who, posts, leaves, today, s)
		if len(better) > 2 {
			t.Fatalf("%d proposals", len(better))
		}
		for i, b := range better {
			within := s.Has(calendar.Half{Day: b.First, Noon: b.FromNoon}) && s.Has(calendar.Half{Day: b.Last, Noon: !b.ToNoon})
			if within && b.Halves() < s.Halves() {
				if !free(b) || growable(b, s, free) {
					t.Errorf("%v of %v leaves a gap, or can be longer", b, s)
				}
				continue
			}
			if !b.Valid() || !free(b) || b.Halves() != s.Halves() {
				t.Errorf("%v for %v leaves a gap, or is not as long", b, s)
			}
			if i > 0 || s.Halves() == 1 {
				continue
			}
			for n := 1; n < max(b.First.Since(s.First), s.First.Since(b.First)); n++ {
				for _, by := range []int{n, -n} {
					near := s
					near.First, near.Last = s.First.Add(by), s.Last.Add(by)
					if free(near) && near.WorkHalves(nil) > 0 {
						t.Errorf("%v is nearer than %v", near, b)
					}
				}
			}
		}
	})
}

// growable reports whether a part has a half day more within the whole that
// leaves no gap.
func growable(part, whole calendar.Span, free func(calendar.Span) bool) bool {
	before, behind := part, part
	if before.FromNoon {
		before.FromNoon = false
	} else {
		before.First, before.FromNoon = before.First.Add(-1), true
	}
	if behind.ToNoon {
		behind.ToNoon = false
	} else {
		behind.Last, behind.ToNoon = behind.Last.Add(1), true
	}
	return whole.Has(calendar.Half{Day: before.First, Noon: before.FromNoon}) && free(before) ||
		whole.Has(calendar.Half{Day: behind.Last, Noon: !behind.ToNoon}) && free(behind)
}

// legal are the states that may follow each other.
func legal() map[models.LeaveState][]models.LeaveState {
	return map[models.LeaveState][]models.LeaveState{
		"":                   {models.LeaveAsked},
		models.LeaveAsked:    {models.LeaveApproved, models.LeaveRejected, models.LeaveWithdrawn},
		models.LeaveApproved: {models.LeaveReturned, models.LeaveCancelled},
		models.LeaveReturned: {models.LeaveApproved}, // by mistake
	}
}

// Whatever people do in whatever order, states follow each other as they may,
// nobody decides about himself, and nobody has two leaves for one half day.
func TestLeavesStayLegal(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	done := map[models.LeaveState]int{}
	t.Cleanup(func() {
		t.Logf("%v", done)
		if len(done) < 6 {
			t.Errorf("only %v happened", done)
		}
	})
	for seed := range uint64(8) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			o := newOffice(t, models.Source{File: filepath.Join(t.TempDir(), "test.db"), Unsynced: true})
			r := rand.New(rand.NewPCG(seed, 1))
			was := map[string]models.Leave{}
			for range 160 {
				someAct(t, o, r)
				for _, l := range o.allLeaves(t) {
					illegal(t, was[l.ID], l)
					if l.State != was[l.ID].State {
						mu.Lock()
						done[l.State]++
						mu.Unlock()
					}
					was[l.ID] = l
				}
				twice(t, was)
				if t.Failed() {
					return
				}
			}
		})
	}
}

// someAct lets somebody do something, or some time pass.
func someAct(t *testing.T, o *office, r *rand.Rand) {
	t.Helper()
	people := []string{"书记", "主任", "委员", "副书记", "东镇党委", "组织部"}
	who, no := people[r.IntN(len(people))], r.IntN(12)+1
	some := func(n int) calendar.Half {
		return calendar.Half{Day: calendar.On(o.now()).Add(r.IntN(n) - n/4), Noon: r.IntN(2) == 0}
	}
	switch r.IntN(10) {
	case 0, 1, 2:
		from := some(12)
		s := calendar.Span{First: from.Day, FromNoon: from.Noon, Last: from.Day.Add(r.IntN(4)), ToNoon: r.IntN(2) == 0}
		req := handlers.LeaveRequest{Kind: "事假", Span: s, Reason: "有事", Emergency: r.IntN(2) == 0}
		if r.IntN(3) == 0 {
			req.DeputyID = o.ids[people[r.IntN(4)]]
		}
		o.ask(t, who, req)
	case 3, 4:
		for _, waits := range o.pending(t, who) {
			if r.IntN(4) == 0 {
				o.leave(t, who, reject(waits, "不行"))
			}
			o.leave(t, who, approve(waits))
		}
	case 5:
		o.leave(t, who, func(d *handlers.Desk) (handlers.Leave, error) { return d.WithdrawLeave(0) })
	case 6:
		o.leave(t, who, func(d *handlers.Desk) (handlers.Leave, error) { return d.CancelLeave(no) })
	case 7:
		o.leave(t, who, func(d *handlers.Desk) (handlers.Leave, error) { return d.ExtendLeave(0, some(8), "还有事") })
	case 8:
		o.leave(t, who, back(0, calendar.Half{}))
		if r.IntN(3) == 0 {
			o.leave(t, who, func(d *handlers.Desk) (handlers.Leave, error) { return d.UndoReturn(0) })
		}
		o.leave(t, who, func(d *handlers.Desk) (handlers.Leave, error) { return d.AcceptDeputy(0) })
	default:
		o.set(o.now().Add(time.Duration(r.IntN(20)) * time.Hour))
		o.job(t, o.key(), (*handlers.Desk).RouteLeaves)
		o.job(t, o.key(), (*handlers.Desk).RemindLeaves)
	}
}

func (o *office) allLeaves(t testing.TB) (all []models.Leave) {
	t.Helper()
	err := o.db.Read(t.Context(), func(tx *models.Tx) error {
		for _, name := range []string{"书记", "主任", "委员", "副书记"} {
			rows, err := tx.LeavesOf(o.ids[name], 1000)
			if err != nil {
				return err
			}
			all = append(all, rows...)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// illegal fails for a change that must not be.
func illegal(t *testing.T, was, is models.Leave) {
	t.Helper()
	decided := is.State != models.LeaveAsked && is.State != models.LeaveWithdrawn
	switch {
	case was.State != is.State && !slices.Contains(legal()[was.State], is.State):
		t.Errorf("from %q to %s", was.State, is.State)
	case was.State != "" && was.State != is.State && is.Version <= was.Version:
		t.Errorf("%s at the version of before", is.State)
	case is.DecidedBy == is.PersonID, decided != (is.DecidedBy != ""):
		t.Errorf("%s, and decided by %q", is.State, is.DecidedBy)
	case is.State == models.LeaveReturned && (is.ReportedAt == nil || is.Extends != ""):
		t.Errorf("returned: %+v", is)
	case !is.Span().Valid():
		t.Errorf("no time in %+v", is)
	}
}

// twice fails if somebody has two leaves for one half day.
func twice(t *testing.T, all map[string]models.Leave) {
	t.Helper()
	var standing []models.Leave
	for _, l := range all {
		open := l.State == models.LeaveAsked || l.State == models.LeaveApproved && l.Extends == "" || l.State == models.LeaveReturned
		if open && l.Taken().Valid() {
			standing = append(standing, l)
		}
	}
	for i, a := range standing {
		for _, b := range standing[i+1:] {
			if a.PersonID == b.PersonID && a.Taken().Overlaps(b.Taken()) {
				t.Errorf("both %d %s %v and %d %s %v", a.Number, a.State, a.Taken(), b.Number, b.State, b.Taken())
			}
		}
	}
}
