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

func undo(no int) func(*handlers.Desk) (handlers.Leave, error) {
	return func(d *handlers.Desk) (handlers.Leave, error) { return d.UndoReturn(no) }
}

// A return that was reported by mistake is taken back. The leave of the 委员 is from Monday 12 to
// Wednesday 14 October, and the return is reported on Tuesday at nine.
func TestTakingBackAReturn(t *testing.T) {
	t.Parallel()
	at := on(time.October, 13).At(9, 0)
	for name, tc := range map[string]struct {
		reports, undoes string // the 委员, if empty
		byNo            bool
		hours           int
		between         func(*testing.T, *office)
		want            string // refused with
	}{
		"at once":                              {},
		"by its number":                        {byNo: true},
		"after four hours":                     {hours: 4},
		"after five hours":                     {hours: 5, want: "超过4小时"},
		"the day after":                        {hours: 25, want: "没有可以收回的销假"},
		"after five hours, by its number":      {hours: 5, byNo: true, want: "超过4小时"},
		"by somebody else":                     {undoes: "书记", byNo: true, want: "不是您销的"},
		"by a colleague":                       {undoes: "主任", byNo: true, want: "权限"},
		"of somebody else, who reported it":    {reports: "书记", undoes: "书记", byNo: true},
		"of one's own, which another reported": {reports: "书记", byNo: true, want: "不是您销的"},
		"twice":                                {byNo: true, want: "没有销假可以收回", between: func(t *testing.T, o *office) { o.leave(t, "委员", undo(0)) }},
		"after somebody checked in": {want: "已经有签到", between: func(t *testing.T, o *office) {
			o.do(t, "委员", o.key(), func(d *handlers.Desk) error { _, err := d.CheckIn(); return err })
		}},
		"after the days were asked for again": {want: "2号假条", between: func(t *testing.T, o *office) {
			o.asked(t, "委员", request(days(time.October, 14, 15)))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachOffice(t, func(t *testing.T, o *office) {
				l := o.granted(t, "委员", "书记", request(days(time.October, 12, 14)))
				o.roster(t, "甲村", on(time.October, 13), on(time.October, 13))
				o.set(at)
				report := back(0, calendar.Half{})
				if tc.reports != "" {
					report = func(d *handlers.Desk) (handlers.Leave, error) { return d.ReportReturnFor(l.Number, calendar.Half{}) }
				}
				if refused := o.leave(t, or(tc.reports, "委员"), report); refused != "" {
					t.Fatal(refused)
				}
				if tc.between != nil {
					tc.between(t, o)
				}
				o.set(at.Add(time.Duration(tc.hours) * time.Hour))
				no := 0
				if tc.byNo {
					no = l.Number
				}
				refused := o.leave(t, or(tc.undoes, "委员"), undo(no))
				if (refused == "") != (tc.want == "") || !strings.Contains(refused, tc.want) {
					t.Fatalf("refused %q, want %q", refused, tc.want)
				}
				got := o.seen(t, "委员", l.Number)
				if tc.want != "" {
					return
				}
				if got.State != models.LeaveApproved || got.ReportedAt != nil || got.ReportedBy != "" || !got.ReturnedDay.IsZero() || got.Taken() != got.Span() {
					t.Errorf("the leave is %+v", got.Leave)
				}
				told := o.notices(t, map[bool]string{true: "委员", false: "书记"}[tc.reports != ""], handlers.NoticeLeaveSaid)
				if !slices.ContainsFunc(told, func(w map[string]string) bool { return strings.Contains(w["said"], "销假收回了") }) {
					t.Errorf("who heard of the return was told %v", told)
				}
				o.set(on(time.October, 15).At(9, 0))
				if refused := o.leave(t, "委员", back(0, calendar.Half{})); refused != "" {
					t.Errorf("back in the end: %s", refused)
				}
			})
		})
	}
}

func or(a, b string) string {
	if a == "" {
		return b
	}
	return a
}

// What waits for the 书记 goes back to his deputy.
func TestTheDeputyActsAgainAfterAMistakenReturn(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.deputized(t, "书记", "东镇党委", "副书记", days(time.September, 28, 29))
		l := o.asked(t, "委员", request(days(time.October, 12, 12)))
		waits := func(want string) {
			t.Helper()
			for _, who := range []string{"书记", "副书记"} {
				if got := len(o.pending(t, who)) > 0; got != (who == want) {
					t.Errorf("it waits for %s: %t", who, got)
				}
			}
		}
		waits("副书记")
		o.leave(t, "书记", back(0, calendar.Half{}))
		waits("书记")
		if refused := o.leave(t, "书记", undo(0)); refused != "" {
			t.Fatal(refused)
		}
		waits("副书记")
		if refused := o.leave(t, "书记", approve(l.Number)); refused == "" {
			t.Error("the 书记 approves while he is away")
		}
		if refused := o.leave(t, "副书记", approve(l.Number)); refused != "" {
			t.Error(refused)
		}
	})
}
