package handlers_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
)

// entered enters a log for somebody from paper.
func (o *office) entered(t testing.TB, name, of string, req handlers.LogRequest) (l handlers.Logged) {
	t.Helper()
	said := o.do(t, name, o.key(), func(d *handlers.Desk) (err error) { l, err = d.RegisterLog(o.ids[of], req); return err })
	if said != "" {
		t.Fatal(said)
	}
	return l
}

// TestWhoMayCorrectALogFromPaper: its cadre, and who entered it, until the cadre has put it right
// himself; nobody else, and nobody who may not enter any more.
func TestWhoMayCorrectALogFromPaper(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		by, corrects string
		own          bool // the cadre has corrected it himself before
		days         int
		want         string
	}{
		"the 书记 who entered it":               {by: "书记", corrects: "书记"},
		"the town that entered it":            {by: "东镇干事", corrects: "东镇干事"},
		"whose it is":                         {by: "书记", corrects: "委员"},
		"the 书记, of what the town entered":    {by: "东镇干事", corrects: "书记", want: "没有找到"},
		"the town, of what the 书记 entered":    {by: "书记", corrects: "东镇干事", want: "没有办理这件事的权限"},
		"a colleague":                         {by: "书记", corrects: "主任", want: "没有找到"},
		"who entered it, after the cadre did": {by: "书记", corrects: "书记", own: true, want: "没有找到"},
		"who entered it, after a week":        {by: "书记", corrects: "书记", days: 8, want: "过去太久了"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t, models.Source{File: t.TempDir() + "/t.db", Unsynced: true})
			l := o.entered(t, tc.by, "委员", handlers.LogRequest{Visitors: 3, Matters: []handlers.MatterEntry{{Words: "危房"}}})
			o.set(morning.Add(time.Duration(24*tc.days)*time.Hour + time.Hour))
			id := l.ID
			if tc.own {
				o.do(t, "委员", o.key(), func(d *handlers.Desk) error {
					l, err := d.CorrectLog(id, handlers.LogRequest{Visitors: 4})
					id = l.ID
					return err
				})
			}
			said := o.do(t, tc.corrects, o.key(), func(d *handlers.Desk) error {
				_, err := d.CorrectLog(id, handlers.LogRequest{Visitors: 5})
				return err
			})
			if (said == "") != (tc.want == "") || !strings.Contains(said, tc.want) {
				t.Errorf("refused %q, want %q", said, tc.want)
			}
			if tc.want != "" {
				return
			}
			o.look(t, "委员", func(v *handlers.View) error {
				cards, err := v.MyLogs(v.Today)
				if len(cards) != 1 || cards[0].Visitors != 5 || !cards[0].Paper {
					t.Errorf("it is read as %+v", cards)
				}
				return err
			})
		})
	}
}

// TestWhichLogIsCorrected: the last one that somebody wrote or entered; of a day his own first.
func TestWhichLogIsCorrected(t *testing.T) {
	t.Parallel()
	o := newOffice(t, models.Source{File: t.TempDir() + "/t.db", Unsynced: true})
	o.wrote(t, "书记", handlers.LogRequest{Visitors: 1})
	o.set(morning.Add(time.Hour))
	o.entered(t, "书记", "委员", handlers.LogRequest{Visitors: 2})
	o.set(morning.Add(2 * time.Hour))
	o.entered(t, "书记", "副书记", handlers.LogRequest{Visitors: 3})
	o.entered(t, "东镇干事", "主任", handlers.LogRequest{Visitors: 4})
	for _, tc := range []struct {
		who, of string
		day     calendar.Date
		want    []string
	}{
		{who: "书记", want: []string{"副书记"}},
		{who: "书记", of: "委员", want: []string{"委员"}},
		{who: "书记", of: "主任"},
		{who: "书记", day: morningDay(), want: []string{"书记"}},
		{who: "书记", day: morningDay().Add(-1)},
		{who: "东镇干事", want: []string{"主任"}},
		{who: "东镇干事", of: "委员"},
		{who: "委员", want: []string{"委员"}},
		{who: "主任", of: "委员"},
	} {
		var got []string
		o.look(t, tc.who, func(v *handlers.View) error {
			entries, err := v.LogsToCorrect(o.ids[tc.of], tc.day)
			for _, e := range entries {
				got = append(got, e.Name)
			}
			return err
		})
		if !slices.Equal(got, tc.want) {
			t.Errorf("%s, of %q on %s: %v, want %v", tc.who, tc.of, tc.day, got, tc.want)
		}
	}
}

// moved puts the last log of a day on another.
func (o *office) moved(t testing.TB, name string, from, to calendar.Date) (left calendar.Date) {
	t.Helper()
	said := o.do(t, name, o.key(), func(d *handlers.Desk) error {
		was, err := d.LogsToCorrect("", from)
		if err != nil {
			return err
		}
		l, err := d.CorrectLog(was[0].ID, handlers.LogRequest{Day: to, Visitors: was[0].Visitors, Matters: was[0].Matters})
		left = l.Left
		return err
	})
	if said != "" {
		t.Fatal(said)
	}
	return left
}

// TestALogThatIsMovedCountsForItsDay: from when it was moved, and never better than it was. Hours
// count from the beginning of the 21st, on which the cadre sat; the log of that day is due at the
// 48th, that of the day after it at the 72nd.
func TestALogThatIsMovedCountsForItsDay(t *testing.T) {
	t.Parallel()
	type move struct{ hour, from, to int } // days after the 21st
	for name, tc := range map[string]struct {
		hour, day     int // when it was written, and for which day
		was           handlers.MatterEntry
		moves         []move
		again         int // hour at which another is written for the 21st; none if 0
		missing, left int64
	}{
		"to the day of the shift, in time":            {hour: 30, day: 1, moves: []move{{40, 1, 0}}},
		"to the day of the shift, too late":           {hour: 30, day: 1, moves: []move{{60, 1, 0}}, missing: 1},
		"away from the day of the shift":              {hour: 30, moves: []move{{40, 0, 1}}, missing: 1},
		"away, and back when it is late":              {hour: 30, moves: []move{{40, 0, 1}, {60, 1, 0}}},
		"there, away, and there too late":             {hour: 30, day: 1, moves: []move{{40, 1, 0}, {45, 0, 1}, {60, 1, 0}}},
		"away, and another is written in time":        {hour: 30, moves: []move{{40, 0, 1}}, again: 45},
		"away, and another is written late":           {hour: 30, moves: []move{{40, 0, 1}}, again: 50, missing: 1},
		"what was left open, to a later day, in time": {hour: 30, was: handlers.MatterEntry{Words: "危房"}, moves: []move{{40, 0, 1}}, missing: 1, left: 1},
		"what was left open, to a later day":          {hour: 30, was: handlers.MatterEntry{Words: "危房"}, moves: []move{{60, 0, 1}}, missing: 1, left: 1},
		"what was handed on, to an earlier day":       {hour: 60, day: 1, was: handlers.MatterEntry{Words: "危房", Holder: "委员"}, moves: []move{{65, 1, 0}}, missing: 1, left: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t, models.Source{File: t.TempDir() + "/t.db", Unsynced: true})
			who, day := o.sat(t)
			o.set(day.At(tc.hour, 0))
			req := handlers.LogRequest{Day: day.Add(tc.day), Visitors: 3}
			if tc.was.Words != "" {
				req.Matters = o.holders([]handlers.MatterEntry{tc.was})
			}
			if _, refused := o.wrote(t, who, req); refused != "" {
				t.Fatal(refused)
			}
			for _, m := range tc.moves {
				o.set(day.At(m.hour, 0))
				if left := o.moved(t, who, day.Add(m.from), day.Add(m.to)); left != day.Add(m.from) {
					t.Errorf("it is said that %s is left without a log", left)
				}
			}
			if tc.again > 0 {
				o.set(day.At(tc.again, 0))
				o.wrote(t, who, handlers.LogRequest{Day: day, Nothing: true})
			}
			o.lacks(t, who, tc.missing, tc.left)
		})
	}
}

// TestALateMatterStaysLateOnALaterDay: what was left open when its log was due stays so
// on a later day, though by that one's due it was handed on.
func TestALateMatterStaysLateOnALaterDay(t *testing.T) {
	t.Parallel()
	o := newOffice(t, models.Source{File: t.TempDir() + "/t.db", Unsynced: true})
	who, day := o.sat(t)
	o.set(day.At(30, 0))
	o.wrote(t, who, handlers.LogRequest{Day: day, Matters: []handlers.MatterEntry{{Words: "危房"}, {Words: "修路"}}})
	o.set(day.At(40, 0))
	if said := o.do(t, who, o.key(), func(d *handlers.Desk) error { _, err := d.CloseMatter(2, "修了"); return err }); said != "" {
		t.Fatal(said)
	}
	o.set(day.At(60, 0))
	o.moved(t, who, day, day.Add(1))
	o.set(day.At(61, 0))
	if said := o.do(t, who, o.key(), func(d *handlers.Desk) error { _, err := d.HandOver(1, o.ids["委员"]); return err }); said != "" {
		t.Fatal(said)
	}
	o.lacks(t, who, 1, 1)
}

// TestAMovedLogIsReadOnItsDay: with what it was, and on no other; who left a day without a log is
// reminded of that.
func TestAMovedLogIsReadOnItsDay(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		who, day := o.sat(t)
		o.set(day.At(20, 0))
		o.wrote(t, who, handlers.LogRequest{Day: day, Visitors: 3, Matters: []handlers.MatterEntry{{Words: "危房"}}})
		o.set(day.At(26, 0))
		o.moved(t, who, day, day.Add(1))
		o.look(t, "副书记", func(v *handlers.View) error {
			for at, want := range []int{0, 1} {
				cards, err := v.VillageLogs(v.MyVillage(), day.Add(at))
				if err != nil {
					return err
				}
				if len(cards) != want || want > 0 && (len(cards[0].Before) != 1 || cards[0].Before[0].Day != day || cards[0].Matters[0].Day != day.Add(1)) {
					t.Errorf("on %s is read %+v", day.Add(at), cards)
				}
			}
			return nil
		})
		o.job(t, o.key(), func(d *handlers.Desk) error { return d.RemindLogs(day) })
		if got := o.notices(t, who, handlers.NoticeLog); len(got) != 1 {
			t.Errorf("was reminded %v", got)
		}
		for to, want := range map[calendar.Date]string{day.Add(2): "还没有到", day.Add(-8): "过去太久了"} {
			said := o.do(t, who, o.key(), func(d *handlers.Desk) error {
				was, err := d.LogsToCorrect("", day.Add(1))
				if err != nil {
					return err
				}
				_, err = d.CorrectLog(was[0].ID, handlers.LogRequest{Day: to, Visitors: 3})
				return err
			})
			if !strings.Contains(said, want) {
				t.Errorf("to %s: %q, want %q", to, said, want)
			}
		}
	})
}
