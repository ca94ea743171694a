package handlers_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
)

// Both 正职 ask for the same day: who asks second, whoever decides and his list say what it
// would leave, and the second approval what it has left.
func TestLeavesThatWaitCount(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		warned := func(notes []handlers.LeaveNote) (out []string) {
			for _, n := range notes {
				if n.Kind == handlers.NoteNoHead || n.Kind == handlers.NoteTooMany {
					out = append(out, n.Text)
				}
			}
			return out
		}
		todo := func() (out []string) {
			o.look(t, "东镇党委", func(v *handlers.View) error {
				tasks, err := v.Todo()
				for _, k := range tasks {
					_, warning, _ := strings.Cut(k.Text, "待您审批")
					out = append(out, warning)
				}
				return err
			})
			return out
		}
		approved := func(no int) (said []string) {
			o.leave(t, "东镇党委", func(d *handlers.Desk) (handlers.Leave, error) {
				l, err := d.ApproveLeave(no, handlers.Approval{})
				said = warned(l.Notes)
				return l, err
			})
			return said
		}
		same := func(what string, got []string, want ...string) {
			t.Helper()
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", what, diff)
			}
		}
		const bare = "10月14日书记、主任都不在，违反至少一名正职在岗"
		o.asked(t, "书记", request(days(time.October, 14, 14)))
		same("the list of one", todo(), "")
		n := o.notes(t, "主任", days(time.October, 14, 14))
		same("before the second asks", warned(n.Notes), "若都批准，"+bare)
		if len(n.Better) != 2 || n.Better[0].Has(calendar.Half{Day: on(10, 14)}) {
			t.Errorf("better: %v", n.Better)
		}
		o.asked(t, "主任", request(days(time.October, 14, 14)))
		same("the list of two", todo(), "（注意：若都批准，"+bare+"）", "（注意：若都批准，"+bare+"）")
		same("the first is looked at", warned(o.seen(t, "东镇党委", 1).Notes), "若都批准，"+bare)
		if told := o.notices(t, "东镇党委", handlers.NoticeLeaveAsk); !slices.ContainsFunc(told, func(w map[string]string) bool { return w["no"] == "2" && w["warning"] == "若都批准，"+bare }) {
			t.Errorf("told %v", told)
		}
		same("the first is approved", approved(1), "若都批准，"+bare)
		same("the list of the second", todo(), "（注意："+bare+"）")
		same("the second is approved", approved(2), bare)

		o.asked(t, "副书记", request(days(time.October, 20, 20)))
		o.asked(t, "书记", request(days(time.October, 20, 20)))
		same("too many", warned(o.notes(t, "委员", days(time.October, 20, 20)).Notes), "若都批准，10月20日村里4名干部有3名不在，超过50%")
	})
}

// Nobody is proposed for a shift who has asked for leave himself.
func TestWhoAsksForLeaveTakesNoShift(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		ways := func(name string, day calendar.Date) []string {
			return said(o.notes(t, name, calendar.Span{First: day, Last: day}), handlers.NoteShift)
		}
		for _, s := range o.roster(t, "甲村", on(10, 5), on(10, 16)) {
			if s.PersonID != o.ids["委员"] || s.Kind != "desk" {
				continue
			}
			before := ways("委员", s.Day)
			if len(before) != 1 || !strings.Contains(before[0], "调给副书记") {
				t.Fatalf("before: %v", before)
			}
			o.asked(t, "副书记", request(calendar.Span{First: s.Day, Last: s.Day}))
			if after := ways("委员", s.Day); slices.ContainsFunc(after, func(w string) bool { return strings.Contains(w, "调给副书记") }) {
				t.Errorf("after: %v", after)
			}
			return
		}
		t.Fatal("the 委员 has no shift")
	})
}
