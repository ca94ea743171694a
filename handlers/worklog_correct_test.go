package handlers_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/seal"
)

// corrects puts the last entry of a day right, as change makes it, and returns what was refused.
func (o *office) corrects(t testing.TB, name string, day calendar.Date, change func(*handlers.LogRequest)) string {
	t.Helper()
	return o.do(t, name, o.key(), func(d *handlers.Desk) error {
		was, err := d.LogsToCorrect("", day)
		if err != nil || len(was) == 0 {
			return errors.Join(err, handlers.Refuse("没有日志。"))
		}
		req := handlers.LogRequest{Visitors: was[0].Visitors, Nothing: was[0].Nothing, Matters: was[0].Matters}
		change(&req)
		_, err = d.CorrectLog(was[0].ID, req)
		return err
	})
}

// TestACorrectionTakesTheEntrysPlace: what is right is read and counted, once; what was
// written before is read beside it.
func TestACorrectionTakesTheEntrysPlace(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.wrote(t, "委员", handlers.LogRequest{Visitors: 3, Matters: []handlers.MatterEntry{
			{Words: "张家低保", Done: true}, {Words: "李家危房", Holder: o.ids["主任"]}, {Words: "修路"},
		}})
		o.set(morning.Add(time.Hour))
		said := o.corrects(t, "委员", calendar.Date{}, func(r *handlers.LogRequest) {
			r.Visitors = 5
			r.Matters = []handlers.MatterEntry{r.Matters[0], r.Matters[1], {Words: "开证明", Done: true}}
			r.Matters[0].Words, r.Matters[1].Holder = "王家低保", o.ids["副书记"]
		})
		if said != "" {
			t.Fatal(said)
		}
		var cards []handlers.LogCard
		var open []handlers.MatterCard
		o.look(t, "书记", func(v *handlers.View) (err error) {
			if cards, err = v.VillageLogs(v.MyVillage(), v.Today); err != nil {
				return err
			}
			open, err = v.OpenMatters(9)
			return err
		})
		if len(cards) != 1 || cards[0].Visitors != 5 || len(cards[0].Matters) != 3 || len(cards[0].Before) != 1 {
			t.Fatalf("the village reads %+v", cards)
		}
		if old := cards[0].Before[0]; old.Visitors != 3 || len(old.Matters) != 3 || old.Matters[0].Words != "张家低保" || old.Matters[1].Holder != "主任" {
			t.Errorf("what was written before is read as %+v", old)
		}
		if len(open) != 1 || open[0].No != 2 || open[0].Holder != "副书记" {
			t.Errorf("open are %+v", open)
		}
		if got := o.notices(t, "副书记", handlers.NoticeMatter); len(got) != 1 {
			t.Errorf("who goes on with it was told %v", got)
		}
		if got := o.notices(t, "主任", handlers.NoticeMatterGone); len(got) != 1 {
			t.Errorf("who went on with it was told %v", got)
		}
		o.look(t, "委员", func(v *handlers.View) error {
			again, err := v.LogsToCorrect("", calendar.Date{})
			if len(again) != 1 || again[0].Visitors != 5 {
				t.Errorf("to be corrected is %+v", again)
			}
			return err
		})
	})
}

// TestWhoeverWentOnWithAMatterHearsThatItIsGone: what a correction ends or drops leaves the list
// of the one who held it, and he is told why; who corrects it is not, nor of what had ended.
func TestWhoeverWentOnWithAMatterHearsThatItIsGone(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.wrote(t, "委员", handlers.LogRequest{Matters: o.holders([]handlers.MatterEntry{
			{Words: "张家低保", Holder: "主任"},
			{Words: "李家危房", Holder: "副书记"},
			{Words: "修路", Holder: "委员"},
			{Words: "垃圾清运", Holder: "书记"},
			{Words: "开证明", Holder: "书记"},
		})})
		if said := o.do(t, "书记", o.key(), func(d *handlers.Desk) error { _, err := d.CloseMatter(5, "开了"); return err }); said != "" {
			t.Fatal(said)
		}
		said := o.corrects(t, "委员", calendar.Date{}, func(r *handlers.LogRequest) {
			r.Matters[0].Done = true
			r.Matters = []handlers.MatterEntry{r.Matters[0], r.Matters[3]}
		})
		if said != "" {
			t.Fatal(said)
		}
		for name, want := range map[string][]string{"主任": {"1 更正为已办结"}, "副书记": {"2 更正日志时去掉"}, "委员": nil, "书记": nil} {
			var got []string
			for _, w := range o.notices(t, name, handlers.NoticeMatterGone) {
				got = append(got, w["no"]+" "+w["said"])
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s was told %q, want %q", name, got, want)
			}
		}
	})
}

// TestACorrectionKeepsWhatWasSaid: what was said stays where a correction says nothing, and
// the mark of an entry from paper stays; a photo that comes next is of the correction.
func TestACorrectionKeepsWhatWasSaid(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		box, err := seal.New(bytes.Repeat([]byte{7}, seal.KeySize))
		if err != nil {
			t.Fatal(err)
		}
		req := handlers.LogRequest{Visitors: 3, Words: "来了三个人"}
		said := o.do(t, "书记", o.key(), func(d *handlers.Desk) error { _, err := d.RegisterLog(o.ids["委员"], req); return err })
		if said != "" {
			t.Fatal(said)
		}
		for i, step := range []struct{ said, want string }{{"", "来了三个人"}, {"是五个人", "是五个人"}} {
			o.set(morning.Add(time.Duration(i+1) * time.Minute))
			if said := o.corrects(t, "委员", calendar.Date{}, func(r *handlers.LogRequest) { r.Visitors, r.Words = r.Visitors+1, step.said }); said != "" {
				t.Fatal(said)
			}
			var id string
			o.look(t, "委员", func(v *handlers.View) error {
				cards, err := v.MyLogs(v.Today)
				if len(cards) != 1 || !cards[0].Paper {
					t.Errorf("it is read as %+v", cards)
				}
				entries, err2 := v.LogsToCorrect("", calendar.Date{})
				photo, err3 := v.PhotoSubject()
				if id = entries[0].ID; photo.ID != id {
					t.Errorf("a photo is of %q, not of the correction", photo.ID)
				}
				return errors.Join(err, err2, err3)
			})
			var l models.WorkLog
			err := o.db.Read(t.Context(), func(tx *models.Tx) (err error) { l, err = tx.WorkLog(id); return err })
			if got, err2 := box.Open(l.Words, "work_logs.words."+id); got != step.want || err != nil || err2 != nil {
				t.Errorf("kept as said is %q (%v, %v), want %q", got, err, err2, step.want)
			}
		}
	})
}

// TestWhatACorrectionMustBe is each rule of a correction.
func TestWhatACorrectionMustBe(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		first, _ := o.wrote(t, "委员", handlers.LogRequest{Visitors: 3, Matters: []handlers.MatterEntry{{Words: "李家危房", Holder: o.ids["主任"]}}})
		more := func(r *handlers.LogRequest) { r.Visitors = 9 }
		correct := func(name string, req handlers.LogRequest) string {
			return o.do(t, name, o.key(), func(d *handlers.Desk) error { _, err := d.CorrectLog(first.ID, req); return err })
		}
		if said := correct("书记", handlers.LogRequest{Visitors: 1}); !strings.Contains(said, "没有找到") {
			t.Errorf("somebody else's: %q", said)
		}
		if said := correct("委员", handlers.LogRequest{}); !strings.Contains(said, "还没有写事情") {
			t.Errorf("to nothing: %q", said)
		}
		stale := func(r *handlers.LogRequest) { r.Matters[0].Version-- }
		if said := o.corrects(t, "委员", calendar.Date{}, stale); !strings.Contains(said, "刚被别人办过") {
			t.Errorf("a matter that moved on: %q", said)
		}
		if said := o.corrects(t, "委员", calendar.Date{}, more); said != "" {
			t.Error(said)
		}
		if said := correct("委员", handlers.LogRequest{Visitors: 1}); !strings.Contains(said, "已经更正过了") {
			t.Errorf("one that was replaced: %q", said)
		}
		o.set(morning.Add(8 * 24 * time.Hour))
		if said := o.corrects(t, "委员", calendar.Date{}, more); !strings.Contains(said, "没有日志") {
			t.Errorf("of last week: %q", said)
		}
	})
}

// TestACorrectionCountsForTheScore: what stood when the log was due is neither forgiven nor
// counted twice by what is corrected later.
func TestACorrectionCountsForTheScore(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		written, corrected int // hours from the beginning of the day
		was                handlers.MatterEntry
		change             func(*handlers.LogRequest)
		missing, left      int64
	}{
		"left open, in time ended":           {20, 40, handlers.MatterEntry{Words: "危房"}, done, 0, 0},
		"left open, ended too late":          {20, 60, handlers.MatterEntry{Words: "危房"}, done, 0, 1},
		"left open, in time dropped":         {20, 40, handlers.MatterEntry{Words: "危房"}, dropped, 0, 0},
		"left open, dropped too late":        {20, 60, handlers.MatterEntry{Words: "危房"}, dropped, 0, 1},
		"ended, other words afterwards":      {20, 60, handlers.MatterEntry{Words: "危房", Done: true}, reworded, 0, 0},
		"ended, dropped afterwards":          {20, 60, handlers.MatterEntry{Words: "危房", Done: true}, dropped, 0, 0},
		"ended, afterwards not ended":        {20, 60, handlers.MatterEntry{Words: "危房", Done: true}, reopened, 0, 1},
		"left open, other words":             {20, 60, handlers.MatterEntry{Words: "危房"}, reworded, 0, 1},
		"written too late, ended":            {50, 60, handlers.MatterEntry{Words: "危房", Done: true}, reworded, 1, 0},
		"written too late, ended afterwards": {50, 60, handlers.MatterEntry{Words: "危房"}, done, 1, 1},
		"written too late, ended, dropped":   {50, 60, handlers.MatterEntry{Words: "危房", Done: true}, dropped, 1, 0},
		"written too late, left, dropped":    {50, 60, handlers.MatterEntry{Words: "危房"}, dropped, 1, 1},
		"handed on, afterwards to another":   {20, 60, handlers.MatterEntry{Words: "危房", Holder: "委员"}, passedOn, 0, 0},
		"handed on too late, and again":      {50, 60, handlers.MatterEntry{Words: "危房", Holder: "委员"}, passedOn, 1, 1},
		"left open, handed on too late":      {20, 60, handlers.MatterEntry{Words: "危房"}, passedOn, 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t, models.Source{File: t.TempDir() + "/t.db", Unsynced: true})
			who, day := o.sat(t)
			o.set(day.At(tc.written, 0))
			if _, refused := o.wrote(t, who, handlers.LogRequest{Day: day, Matters: o.holders([]handlers.MatterEntry{tc.was})}); refused != "" {
				t.Fatal(refused)
			}
			o.set(day.At(tc.corrected, 0))
			if said := o.corrects(t, who, day, func(r *handlers.LogRequest) { tc.change(r); o.holders(r.Matters) }); said != "" {
				t.Fatal(said)
			}
			o.lacks(t, who, tc.missing, tc.left)
		})
	}
}

// TestHandedOnAgainCountsForTheScore: what was handed on in time is so, whoever has it later.
func TestHandedOnAgainCountsForTheScore(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		who, day := o.sat(t)
		o.set(day.At(20, 0))
		o.wrote(t, who, handlers.LogRequest{Day: day, Matters: []handlers.MatterEntry{{Words: "危房"}, {Words: "修路"}}})
		for _, s := range []struct {
			no, hour int
			to       string
		}{{1, 40, "委员"}, {1, 60, "副书记"}, {2, 60, "委员"}} {
			o.set(day.At(s.hour, 0))
			if said := o.do(t, who, o.key(), func(d *handlers.Desk) error { _, err := d.HandOver(s.no, o.ids[s.to]); return err }); said != "" {
				t.Fatal(said)
			}
		}
		o.lacks(t, who, 0, 1)
	})
}

// sat lets somebody of 甲村 sit a shift of a week ago, and returns who it was and the day.
func (o *office) sat(t *testing.T) (string, calendar.Date) {
	t.Helper()
	o.inCounty(t, logsHere)
	s := o.roster(t, "甲村", on(9, 21), on(9, 21))[0]
	who := o.named(s.PersonID)
	o.set(s.StartsAt.Add(time.Minute))
	if said := o.do(t, who, o.key(), func(d *handlers.Desk) error { _, err := d.CheckIn(); return err }); said != "" {
		t.Fatal(said)
	}
	return who, s.Day
}

// lacks wants so much to be missing in somebody's logs of the quarter.
func (o *office) lacks(t *testing.T, who string, missing, left int64) {
	t.Helper()
	o.set(morning)
	reviewed(t, o)
	f := o.fact(t, who, "D2.1")
	if m, l := f.Value.Count("log_missing"), f.Value.Count("open_not_handed_over"); m != missing || l != left {
		t.Errorf("missing %d, left open %d; want %d, %d (%v)", m, l, missing, left, f.Records)
	}
}

// holders puts ids in the place of the names of those who are to go on with matters.
func (o *office) holders(matters []handlers.MatterEntry) []handlers.MatterEntry {
	for i, m := range matters {
		if id, ok := o.ids[m.Holder]; ok {
			matters[i].Holder = id
		}
	}
	return matters
}

func done(r *handlers.LogRequest)     { r.Matters[0].Done = true }
func reopened(r *handlers.LogRequest) { r.Matters[0].Done = false }
func reworded(r *handlers.LogRequest) { r.Matters[0].Words = "王家危房" }
func dropped(r *handlers.LogRequest)  { r.Matters, r.Visitors = nil, 1 }
func passedOn(r *handlers.LogRequest) { r.Matters[0].Holder = "副书记" }
