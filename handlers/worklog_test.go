package handlers_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
)

// wrote adds an entry, and returns what was refused.
func (o *office) wrote(t testing.TB, name string, req handlers.LogRequest) (l handlers.Logged, refused string) {
	t.Helper()
	_, err := o.Do(t.Context(), o.by(name, o.key()), func(d *handlers.Desk) (_ string, err error) {
		l, err = d.WriteLog(req)
		return "", err
	})
	if r, ok := errors.AsType[*handlers.Refusal](err); ok {
		return l, r.Text
	}
	if err != nil {
		t.Fatal(err)
	}
	return l, ""
}

// TestWhatALogMustBe is each rule of an entry. It is Monday, 28 September.
func TestWhatALogMustBe(t *testing.T) {
	t.Parallel()
	one := []handlers.MatterEntry{{Words: "低保咨询", Done: true}}
	eachOffice(t, func(t *testing.T, o *office) {
		for name, tc := range map[string]struct {
			who, refused string
			req          handlers.LogRequest
		}{
			"one matter":             {req: handlers.LogRequest{Matters: one}},
			"nothing happened":       {req: handlers.LogRequest{Day: on(9, 26), Nothing: true}},
			"only visitors":          {req: handlers.LogRequest{Visitors: 3}},
			"empty":                  {refused: "还没有写事情"},
			"tomorrow":               {req: handlers.LogRequest{Day: on(9, 29), Matters: one}, refused: "还没有到"},
			"a week ago":             {req: handlers.LogRequest{Day: on(9, 21), Matters: one}},
			"eight days ago":         {req: handlers.LogRequest{Day: on(9, 20), Matters: one}, refused: "过去太久"},
			"mending what is not":    {req: handlers.LogRequest{Day: on(9, 25), Matters: one, Amends: true}, refused: "不用补充"},
			"a holder from far away": {req: handlers.LogRequest{Matters: []handlers.MatterEntry{{Words: "危房", Holder: o.ids["乙委员"]}}}, refused: "只能转给本村"},
			"a villager":             {who: "村民", req: handlers.LogRequest{Matters: one}, refused: "没有办理这件事的权限"},
			"the supervisor":         {who: "监委", req: handlers.LogRequest{Matters: one}, refused: "没有办理这件事的权限"},
		} {
			who := tc.who
			if who == "" {
				who = "委员"
			}
			_, refused := o.wrote(t, who, tc.req)
			if tc.refused == "" && refused != "" || !strings.Contains(refused, tc.refused) {
				t.Errorf("%s: refused %q, want %q", name, refused, tc.refused)
			}
		}
		if _, refused := o.wrote(t, "委员", handlers.LogRequest{Nothing: true}); !strings.Contains(refused, "不用再记无事") {
			t.Errorf("nothing, where something was: refused %q", refused)
		}
	})
}

// TestAMatterIsHandedOnAndEnded follows a matter through three hands; a villager's name is
// read by those whom it concerns.
func TestAMatterIsHandedOnAndEnded(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.wrote(t, "委员", handlers.LogRequest{Matters: []handlers.MatterEntry{{Words: "张大爷低保", Holder: o.ids["主任"]}}})
		reads := func(name string) (words string) {
			o.look(t, name, func(v *handlers.View) error {
				cards, err := v.OpenMatters(9)
				if len(cards) == 1 {
					words = cards[0].Words
				}
				return err
			})
			return words
		}
		for name, want := range map[string]string{"委员": "张大爷低保", "主任": "张大爷低保", "书记": "张大爷低保", "副书记": "张某大爷低保"} {
			if got := reads(name); got != want {
				t.Errorf("%s reads %q, want %q", name, got, want)
			}
		}
		if got := o.notices(t, "主任", handlers.NoticeMatter); len(got) != 1 || got[0]["what"] != "张某大爷低保" {
			t.Errorf("主任 was told %v", got)
		}
		act := func(name string, fn func(*handlers.Desk) error) string { return o.do(t, name, o.key(), fn) }
		if said := act("副书记", func(d *handlers.Desk) error { _, err := d.CloseMatter(1, "好"); return err }); !strings.Contains(said, "不是您经手") {
			t.Errorf("somebody else ends it: %q", said)
		}
		if said := act("委员", func(d *handlers.Desk) error { _, err := d.HandOver(1, o.ids["副书记"]); return err }); said != "" {
			t.Error(said)
		}
		if got := o.notices(t, "主任", handlers.NoticeMatterGone); len(got) != 1 {
			t.Errorf("主任, who held it, was told %v", got)
		}
		if said := act("副书记", func(d *handlers.Desk) error { _, err := d.CloseMatter(1, "办好了"); return err }); said != "" {
			t.Error(said)
		}
		if said := act("主任", func(d *handlers.Desk) error { _, err := d.HandOver(1, o.ids["书记"]); return err }); !strings.Contains(said, "已经办结") {
			t.Errorf("handed over when ended: %q", said)
		}
	})
}

// TestWhoHeldAMatterHearsThatAnotherEndedIt: a 正职 may end what another holds, and he is told; who
// ends his own is not.
func TestWhoHeldAMatterHearsThatAnotherEndedIt(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.wrote(t, "委员", handlers.LogRequest{Matters: o.holders([]handlers.MatterEntry{
			{Words: "张家低保", Holder: "副书记"}, {Words: "修路", Holder: "主任"}, {Words: "危房"},
		})})
		for no := range 3 {
			if said := o.do(t, "主任", o.key(), func(d *handlers.Desk) error { _, err := d.CloseMatter(no+1, "好了"); return err }); said != "" {
				t.Fatal(said)
			}
		}
		for name, want := range map[string][]string{"副书记": {"1 主任办结"}, "主任": nil, "委员": {"3 主任办结"}} {
			var got []string
			for _, w := range o.notices(t, name, handlers.NoticeMatterGone) {
				got = append(got, w["no"]+" "+w["from"]+w["said"])
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s was told %q, want %q", name, got, want)
			}
		}
	})
}

// logsHere is a county that keeps its logs by phone.
func logsHere(c *handlers.County) { c.LogsSince = on(9, 1) }

// TestLogsCountForTheScore: a confirmed shift wants a log by 24:00 of the next day, and an
// open matter wants a name.
func TestLogsCountForTheScore(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.inCounty(t, logsHere)
		shifts := o.roster(t, "甲村", on(9, 9), on(9, 15))
		days := map[string][]calendar.Date{}
		for _, s := range shifts {
			o.set(s.StartsAt.Add(time.Minute))
			name := o.named(s.PersonID)
			if said := o.do(t, name, o.key(), func(d *handlers.Desk) error { _, err := d.CheckIn(); return err }); said != "" {
				t.Fatal(said)
			}
			days[name] = append(days[name], s.Day)
		}
		late, left := "书记", "主任"
		for name, its := range days {
			for i, day := range its {
				at := day.Add(1).At(23, 59)
				if name == late && i == 0 {
					at = day.Add(2).At(0, 0)
				}
				o.set(at)
				req := handlers.LogRequest{Day: day, Nothing: true}
				if name == left && i == 0 {
					req = handlers.LogRequest{Day: day, Matters: []handlers.MatterEntry{{Words: "危房"}}}
				}
				if _, refused := o.wrote(t, name, req); refused != "" {
					t.Fatal(refused)
				}
			}
		}
		o.set(morning)
		reviewed(t, o)
		for name, want := range map[string]map[string]int64{
			late: {"log_missing": 1}, left: {"open_not_handed_over": 1}, "委员": {},
		} {
			f := o.fact(t, name, "D2.1")
			for _, event := range []string{"log_missing", "open_not_handed_over"} {
				if got := f.Value.Count(event); got != want[event] {
					t.Errorf("%s: %s = %d, want %d (%v)", name, event, got, want[event], f.Records)
				}
			}
		}
	})
}
