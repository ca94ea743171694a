package handlers_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
)

// TestWhoeverApprovesHearsOfBareShifts: a shift in an approved leave that no deputy takes is
// named to whoever approves, and stands in the list of the village's heads until somebody has
// it.
func TestWhoeverApprovesHearsOfBareShifts(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		var day calendar.Date // of the 委员's first shift at the desk
		for _, s := range o.roster(t, "甲村", on(10, 9), on(10, 16)) {
			if s.PersonID == o.ids["委员"] && s.Kind == "desk" && day.IsZero() {
				day = s.Day
			}
		}
		if day.IsZero() {
			t.Fatal("the 委员 has no shift")
		}
		bare := func(name string) (out []string) {
			o.look(t, name, func(v *handlers.View) error {
				tasks, err := v.Todo()
				for _, k := range tasks {
					if strings.Contains(k.Text, "还没有人") {
						out = append(out, k.Text+"|"+k.Look)
					}
				}
				return err
			})
			return out
		}
		approved := func(no int) (said []string) {
			o.leave(t, "书记", func(d *handlers.Desk) (l handlers.Leave, err error) {
				l, err = d.ApproveLeave(no, handlers.Approval{})
				for _, n := range l.Notes {
					said = append(said, n.Text)
				}
				return l, err
			})
			return said
		}
		req := request(calendar.Span{First: day, Last: day})
		req.DeputyID = o.ids["副书记"]
		o.asked(t, "委员", req)
		if got := bare("书记"); len(got) > 0 {
			t.Errorf("before it is approved: %v", got)
		}
		if got := approved(1); len(got) != 1 || !strings.Contains(got[0], "的坐班还没有人，副书记还没有答应代理") {
			t.Errorf("approved: %v", got)
		}
		for name, want := range map[string]int{"书记": 1, "主任": 1, "副书记": 0, "委员": 0} {
			if got := bare(name); len(got) != want || want > 0 && !strings.HasSuffix(got[0], "请假，请安排别人到岗签到|看假条1") {
				t.Errorf("%s sees %v", name, got)
			}
		}
		o.leave(t, "副书记", func(d *handlers.Desk) (handlers.Leave, error) { return d.AcceptDeputy(1) })
		if got := bare("书记"); len(got) > 0 {
			t.Errorf("with a deputy: %v", got)
		}
		o.leave(t, "委员", func(d *handlers.Desk) (handlers.Leave, error) { return d.CancelLeave(1) })

		l := o.asked(t, "委员", request(calendar.Span{First: day, Last: day}))
		if got := approved(l.Number); !slices.ContainsFunc(got, func(s string) bool { return strings.HasSuffix(s, "的坐班还没有人") }) {
			t.Errorf("without a deputy: %v", got)
		}
		if got := bare("书记"); len(got) != 1 {
			t.Errorf("without a deputy: %v", got)
		}
		o.set(day.At(8, 30))
		o.do(t, "副书记", o.key(), func(d *handlers.Desk) error { _, err := d.CheckIn(); return err })
		scheduled := false
		for _, s := range o.roster(t, "甲村", day, day) {
			scheduled = scheduled || s.PersonID == o.ids["副书记"]
		}
		if got := bare("书记"); len(got) > 0 != scheduled {
			t.Errorf("somebody came: %v, on the roster %t", got, scheduled)
		}
	})
}

// TestWhoeverComesFillsOneShift: of the bare shifts of a day each person who came without being
// on the roster fills one, of his own kind if he can; so does whoever is on leave and comes.
func TestWhoeverComesFillsOneShift(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		deputy string   // the other cadre on the roster named him, and he accepted
		came   []string // chief and other are on the roster; head and spare are not
		bare   []string
	}{
		"nobody":                     {bare: []string{"chief", "other"}},
		"one of the others":          {came: []string{"spare"}, bare: []string{"chief"}},
		"the other head":             {came: []string{"head"}, bare: []string{"other"}},
		"both":                       {came: []string{"head", "spare"}},
		"one on leave":               {came: []string{"other"}, bare: []string{"chief"}},
		"the deputy, for his shift":  {deputy: "spare", came: []string{"spare"}, bare: []string{"chief"}},
		"the deputy, and the head":   {deputy: "spare", came: []string{"spare", "head"}},
		"the deputy has not come":    {deputy: "spare", bare: []string{"chief"}},
		"the deputy only, by a head": {deputy: "spare", came: []string{"head"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t, models.Source{File: t.TempDir() + "/t.db", Unsynced: true})
			day := on(10, 9)
			is := map[string]string{}
			for _, s := range o.roster(t, "甲村", day, day) {
				if is["other"] = o.named(s.PersonID); s.Chief {
					is["chief"] = is["other"]
				}
			}
			is["head"], is["spare"] = other(is["chief"], "书记", "主任"), other(is["other"], "委员", "副书记")
			for _, who := range []string{"chief", "other"} {
				req, by := request(calendar.Span{First: day, Last: day}), "东镇党委"
				if who == "other" {
					by, req.DeputyID = "书记", o.ids[is[tc.deputy]]
				}
				l := o.granted(t, is[who], by, req)
				if req.DeputyID != "" {
					o.leave(t, is[tc.deputy], func(d *handlers.Desk) (handlers.Leave, error) { return d.AcceptDeputy(l.Number) })
				}
			}
			o.set(day.At(8, 30))
			for _, who := range tc.came {
				if said := o.do(t, is[who], o.key(), func(d *handlers.Desk) error { _, err := d.CheckIn(); return err }); said != "" {
					t.Fatal(said)
				}
			}
			var got []string
			o.look(t, is["head"], func(v *handlers.View) error {
				tasks, err := v.Todo()
				for _, k := range tasks {
					for _, who := range []string{"chief", "other"} {
						if strings.Contains(k.Text, "还没有人："+is[who]+"请假") {
							got = append(got, who)
						}
					}
				}
				return err
			})
			if !slices.Equal(got, tc.bare) {
				t.Errorf("nobody has the shift of %v, want %v", got, tc.bare)
			}
		})
	}
}

// other is the one of two that one is not.
func other(one, a, b string) string {
	if one == a {
		return b
	}
	return a
}
