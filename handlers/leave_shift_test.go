package handlers_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
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
