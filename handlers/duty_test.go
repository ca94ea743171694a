package handlers_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/scoring"
)

func morningDay() calendar.Date { return calendar.On(morning) }

func on(month time.Month, day int) calendar.Date {
	return calendar.Date{Year: 2026, Month: month, Day: day}
}

func (o *office) roster(t testing.TB, village string, first, last calendar.Date) []models.Shift {
	t.Helper()
	id := o.village(t, village)
	o.job(t, "roster:"+village+first.String(), func(d *handlers.Desk) error {
		_, err := d.MakeRoster(id, first, last)
		return err
	})
	var shifts []models.Shift
	err := o.db.Read(t.Context(), func(tx *models.Tx) (err error) {
		shifts, err = tx.ShiftsIn(id, first, last)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return shifts
}

func TestARosterIsFairAndKnowsTheDaysOff(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		shifts := o.roster(t, "甲村", on(9, 1), on(10, 31))
		turns, kinds := map[string]map[models.ShiftKind]int{}, map[calendar.Date]models.ShiftKind{}
		chiefs := map[calendar.Date]int{}
		for _, s := range shifts {
			if turns[s.PersonID] == nil {
				turns[s.PersonID] = map[models.ShiftKind]int{}
			}
			turns[s.PersonID][s.Kind]++
			kinds[s.Day] = s.Kind
			if s.Chief {
				chiefs[s.Day]++
			}
		}
		for day := on(9, 1); !day.After(on(10, 31)); day = day.Add(1) {
			if chiefs[day] != 1 {
				t.Errorf("%s has %d chiefs", day, chiefs[day])
			}
		}
		for day, want := range map[calendar.Date]models.ShiftKind{
			on(9, 28): models.DeskShift, // a Monday
			on(9, 27): models.RestShift, // Mid-autumn
			on(9, 20): models.DeskShift, // a Sunday that is worked
			on(10, 1): models.RestShift, on(10, 7): models.RestShift, on(10, 8): models.DeskShift,
			on(10, 10): models.DeskShift, // a Saturday that is worked
			on(10, 11): models.RestShift,
		} {
			if kinds[day] != want {
				t.Errorf("%s is %s, want %s", day, kinds[day], want)
			}
		}
		for _, pair := range [][2]string{{"书记", "主任"}, {"委员", "副书记"}} {
			for _, kind := range []models.ShiftKind{models.DeskShift, models.RestShift} {
				a, b := turns[o.ids[pair[0]]][kind], turns[o.ids[pair[1]]][kind]
				if a-b > 1 || b-a > 1 || a == 0 {
					t.Errorf("%s: %s has %d, %s %d", kind, pair[0], a, pair[1], b)
				}
			}
		}
		if turns[o.ids["监委"]] != nil {
			t.Error("the supervisor sits shifts")
		}
	})
}

func TestWhoHoldsBothPostsTakesTurnsWithTheDeputy(t *testing.T) {
	t.Parallel()
	o := newOffice(t, models.Source{File: t.TempDir() + "/t.db", Unsynced: true})
	chiefs := map[string]int{}
	for _, s := range o.roster(t, "乙村", on(10, 1), on(10, 31)) {
		if s.Chief {
			chiefs[s.PersonID]++
		}
	}
	a, b := chiefs[o.ids["一肩挑"]], chiefs[o.ids["乙副书记"]]
	if a+b != 31 || b < 8 { // the deputy has turns as one of the others besides
		t.Errorf("chief %d days and deputy %d of 31", a, b)
	}
}

func TestARosterIsMadeAgainOnlyWhereItIsMissing(t *testing.T) {
	t.Parallel()
	o := newOffice(t, models.Source{File: t.TempDir() + "/t.db", Unsynced: true})
	first := o.roster(t, "甲村", on(10, 1), on(10, 10))
	more := o.roster(t, "甲村", on(10, 1).Add(0), on(10, 10))
	if diff := cmp.Diff(first, more); diff != "" {
		t.Errorf("the second time changed it (-first +second):\n%s", diff)
	}
	all := o.roster(t, "甲村", on(10, 2), on(10, 31))
	if len(all) != 30*2 {
		t.Errorf("%d shifts from the 2nd to the 31st, want 60", len(all))
	}
}

func TestCheckInFindsItsShift(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		sent time.Time
		day  calendar.Date // zero: refused
		desk bool
	}{
		"ninety minutes before a desk shift":  {on(9, 28).At(7, 0), on(9, 28), true},
		"in the middle of it":                 {on(9, 28).At(12, 30), on(9, 28), true},
		"in the last minute":                  {on(9, 28).At(17, 59), on(9, 28), true},
		"before its ninety minutes":           {on(9, 28).At(6, 10), calendar.Date{}, false},
		"after it, in the evening":            {on(9, 28).At(18, 0), calendar.Date{}, false},
		"late at night":                       {on(9, 28).At(22, 0), calendar.Date{}, false},
		"one minute to midnight of a day off": {on(10, 3).At(23, 59), on(10, 3), true},
		"just after midnight":                 {on(10, 4).At(0, 1), on(10, 3), true},
		"at the end of a night":               {on(10, 4).At(7, 59), on(10, 3), true},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t, models.Source{File: t.TempDir() + "/t.db", Unsynced: true})
			shifts := append(o.roster(t, "甲村", on(9, 28), on(9, 28)), o.roster(t, "甲村", on(10, 3), on(10, 3))...)
			who := "" // whoever sits that day's shift
			for _, s := range shifts {
				for n, id := range o.ids {
					if id == s.PersonID && s.Chief && (s.Day == tc.day || tc.day.IsZero() && s.Day == on(9, 28)) {
						who = n
					}
				}
			}
			o.set(tc.sent)
			var got handlers.CheckedIn
			said := o.do(t, who, "k-1", func(d *handlers.Desk) (err error) { got, err = d.CheckIn(); return err })
			if (said != "") != tc.day.IsZero() || got.Arrival.Day != tc.day || (got.Shift.ID != "") != tc.desk {
				t.Errorf("day %s, shift %q, refusal %q", got.Arrival.Day, got.Shift.ID, said)
			}
		})
	}
}

func TestDutyRecordsBecomeFacts(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		q := calendar.Quarter{Year: 2026, N: 3}
		o.set(on(9, 1).At(0, 30))
		o.openCycle(t, q)
		shifts := o.roster(t, "甲村", on(9, 21), on(9, 26)) // five working days but 25, 26: a festival
		village := o.village(t, "甲村")
		// Nobody comes on the 22nd and the 26th; on the 23rd only the other comes.
		var lines []handlers.PaperArrival
		for _, s := range shifts {
			if s.Day == on(9, 22) || s.Day == on(9, 26) || s.Day == on(9, 23) && s.Chief {
				continue
			}
			lines = append(lines, handlers.PaperArrival{PersonID: s.PersonID, Day: s.Day, At: s.StartsAt})
		}
		o.set(on(9, 28).At(8, 0))
		o.job(t, "book", func(d *handlers.Desk) error { return d.RegisterArrivals(village, lines) })
		missed := map[string]int{}
		for _, s := range shifts {
			if s.Day == on(9, 22) || s.Day == on(9, 23) && s.Chief {
				missed[s.PersonID] += 30
			}
			if s.Day == on(9, 26) {
				missed[s.PersonID] += 50
			}
		}
		for _, name := range []string{"书记", "主任", "委员", "副书记"} {
			want := scoring.Points(-missed[o.ids[name]])
			if name == "书记" || name == "主任" {
				want -= 40 // two working days without a 正职, charged to both
			}
			var got scoring.Points
			said := o.look(t, name, func(v *handlers.View) error {
				s, err := v.MyScore(q)
				p, _ := s.Sheet.Item("D1")
				got = p - 250
				return err
			})
			if got != max(want, -250) || said != "" {
				t.Errorf("%s lost %s at D1, want %s (%s)", name, got, want, said)
			}
		}
	})
}

func TestNoHeadIsShownToThoseWhoCanMendIt(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.roster(t, "甲村", on(9, 28), on(9, 28))
		o.set(on(9, 28).At(9, 40))
		gap := func(name string) bool {
			var tasks []handlers.Task
			o.look(t, name, func(v *handlers.View) (err error) { tasks, err = v.Todo(); return err })
			return slices.ContainsFunc(tasks, func(k handlers.Task) bool { return k.Text == "甲村今天还没有正职到岗" })
		}
		for name, want := range map[string]bool{"书记": true, "主任": true, "东镇干事": true, "东镇党委": true, "委员": false, "西镇党委": false, "村民": false} {
			if gap(name) != want {
				t.Errorf("%s sees the gap: %v, want %v", name, !want, want)
			}
		}
		for range 2 {
			id := o.village(t, "甲村")
			o.job(t, "nohead", func(d *handlers.Desk) error { return d.TellNoHead(id, on(9, 28)) })
		}
		leases, _, err := o.LeaseNotices(t.Context(), 50)
		if err != nil {
			t.Fatal(err)
		}
		if len(leases) != 0 { // none of them is bound
			t.Errorf("%d notices went out", len(leases))
		}
		if said := o.do(t, "主任", "k-in", func(d *handlers.Desk) error { _, err := d.CheckIn(); return err }); said != "" {
			t.Fatal(said)
		}
		if gap("书记") || gap("东镇干事") {
			t.Error("the gap is still shown after a 正职 came")
		}
	})
}

func TestAnUnknownYearIsSaidNotGuessed(t *testing.T) {
	t.Parallel()
	o := newOffice(t, models.Source{File: t.TempDir() + "/t.db", Unsynced: true})
	o.set(calendar.Date{Year: 2031, Month: 12, Day: 20}.At(9, 0))
	var tasks []handlers.Task
	o.look(t, "组织部", func(v *handlers.View) (err error) { tasks, err = v.Todo(); return err })
	if len(tasks) != 1 || tasks[0].Text != "2031年放假安排尚未录入，先按周末休息计。" {
		t.Errorf("tasks = %+v", tasks)
	}
}

func TestAShiftAfterThePostEndedIsNobodysAbsence(t *testing.T) {
	t.Parallel()
	o := newOffice(t, models.Source{File: t.TempDir() + "/t.db", Unsynced: true})
	o.set(on(9, 1).At(0, 30))
	o.openCycle(t, third)
	shifts := o.roster(t, "甲村", on(9, 21), on(9, 25))
	last := on(9, 22)
	err := o.db.Write(t.Context(), func(tx *models.Tx) error {
		posts, err := tx.PostsOf(o.ids["委员"])
		if err != nil {
			return err
		}
		return tx.EndPost(posts[0].ID, calendar.Date{}, last)
	})
	if err != nil {
		t.Fatal(err)
	}
	o.set(on(9, 28).At(8, 0))
	want := scoring.Points(250)
	for _, s := range shifts {
		if s.PersonID != o.ids["委员"] || s.Day.After(last) {
			continue
		}
		want -= 30
	}
	o.look(t, "委员", func(v *handlers.View) error { _, err := v.MyScore(third); return err }) // no cadre any more: refused
	reviewed(t, o)
	err = o.db.Read(t.Context(), func(tx *models.Tx) error {
		r, err := tx.ResultsOf(o.ids["委员"])
		if err != nil || len(r) != 1 {
			t.Fatalf("%d results, %v", len(r), err)
		}
		var sheet scoring.Sheet
		if err := json.Unmarshal([]byte(r[0].Sheet), &sheet); err != nil {
			return err
		}
		if got, _ := sheet.Item("D1"); got != want {
			t.Errorf("D1 = %s, want %s", got, want)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
