package handlers_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
)

// days is a span of whole days of 2026.
func days(month time.Month, first, last int) calendar.Span {
	return calendar.Span{First: on(month, first), Last: on(month, last)}
}

func request(s calendar.Span) handlers.LeaveRequest {
	return handlers.LeaveRequest{Kind: "事假", Span: s, Reason: "送孩子上学"}
}

// key is a command's key that no other has.
func (o *office) key() string { return fmt.Sprintf("leave:%d", o.n.Add(1)) }

// ask asks for a leave and returns it, or what was refused.
func (o *office) ask(t testing.TB, name string, req handlers.LeaveRequest) (l handlers.Leave, refused string) {
	t.Helper()
	refused = o.do(t, name, o.key(), func(d *handlers.Desk) (err error) {
		l, err = d.AskLeave(req)
		return err
	})
	return l, refused
}

// asked is ask for what must not be refused.
func (o *office) asked(t testing.TB, name string, req handlers.LeaveRequest) handlers.Leave {
	t.Helper()
	l, refused := o.ask(t, name, req)
	if refused != "" {
		t.Fatalf("%s asks for leave: %s", name, refused)
	}
	return l
}

// leave does something with leave for somebody and returns what was refused.
func (o *office) leave(t testing.TB, name string, fn func(*handlers.Desk) (handlers.Leave, error)) string {
	t.Helper()
	return o.do(t, name, o.key(), func(d *handlers.Desk) error {
		_, err := fn(d)
		return err
	})
}

func approve(no int) func(*handlers.Desk) (handlers.Leave, error) {
	return func(d *handlers.Desk) (handlers.Leave, error) { return d.ApproveLeave(no, handlers.Approval{}) }
}

func reject(no int, why string) func(*handlers.Desk) (handlers.Leave, error) {
	return func(d *handlers.Desk) (handlers.Leave, error) { return d.RejectLeave(no, why) }
}

func back(no int, h calendar.Half) func(*handlers.Desk) (handlers.Leave, error) {
	return func(d *handlers.Desk) (handlers.Leave, error) { return d.ReportReturn(no, h) }
}

// granted asks for a leave and has it approved.
func (o *office) granted(t testing.TB, name, by string, req handlers.LeaveRequest) handlers.Leave {
	t.Helper()
	l := o.asked(t, name, req)
	if refused := o.leave(t, by, approve(l.Number)); refused != "" {
		t.Fatalf("%s approves %d: %s", by, l.Number, refused)
	}
	return l
}

func (o *office) seen(t testing.TB, name string, no int) (l handlers.Leave) {
	t.Helper()
	if refused := o.look(t, name, func(v *handlers.View) (err error) { l, err = v.LeaveByNo(no); return err }); refused != "" {
		t.Fatalf("%s looks at %d: %s", name, no, refused)
	}
	return l
}

func (o *office) pending(t testing.TB, name string) (nos []int) {
	t.Helper()
	o.look(t, name, func(v *handlers.View) error {
		rows, err := v.PendingLeaves()
		for _, l := range rows {
			nos = append(nos, l.Number)
		}
		return err
	})
	return nos
}

func TestALeaveIsAskedForApprovedAndReportedBack(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		l := o.asked(t, "委员", request(days(10, 12, 13)))
		if l.Number != 1 || l.Approver != "书记" || l.Words != "事假10月12日至10月13日，2天" || l.State != models.LeaveAsked {
			t.Fatalf("asked: %+v", l)
		}
		if got := o.pending(t, "书记"); len(got) != 1 {
			t.Errorf("书记 has %v to decide", got)
		}
		if refused := o.leave(t, "书记", approve(1)); refused != "" {
			t.Fatal(refused)
		}
		if refused := o.leave(t, "书记", reject(1, "晚了")); !strings.Contains(refused, "已由书记办过：已批准") {
			t.Errorf("rejected after it was approved: %q", refused)
		}
		if refused := o.leave(t, "委员", back(0, calendar.Half{})); !strings.Contains(refused, "没有要销的假") {
			t.Errorf("reported back before it began: %q", refused)
		}
		o.set(on(10, 13).At(9, 0))
		if refused := o.leave(t, "委员", back(0, calendar.Half{})); refused != "" {
			t.Fatal(refused)
		}
		got := o.seen(t, "书记", 1)
		if got.State != models.LeaveReturned || got.GivenBack() != 2 || got.Span().Halves() != 4 || got.Why != "送孩子上学" || got.Faults(o.now()) != "" {
			t.Errorf("returned: %+v, %d given back, %q", got, got.GivenBack(), got.Faults(o.now()))
		}
		if refused := o.leave(t, "委员", back(1, calendar.Half{})); !strings.Contains(refused, "已经销了（10月13日 周二上午回村）") {
			t.Errorf("reported back twice: %q", refused)
		}
		if got := o.notices(t, "委员", handlers.NoticeLeaveSaid); len(got) != 1 || got[0]["said"] != "已批准" {
			t.Errorf("told %v", got)
		}
	})
}

func TestALeaveIsRejectedWithAReason(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.asked(t, "主任", request(days(10, 12, 13)))
		if refused := o.leave(t, "书记", approve(1)); refused != "1号假条由东镇党委审批。" {
			t.Errorf("the 书记 approves a 正职's: %q", refused)
		}
		if refused := o.leave(t, "东镇党委", reject(1, " ")); !strings.Contains(refused, "要写原因") {
			t.Errorf("without a reason: %q", refused)
		}
		if refused := o.leave(t, "东镇党委", reject(1, "那天有检查")); refused != "" {
			t.Fatal(refused)
		}
		if got := o.seen(t, "主任", 1); got.State != models.LeaveRejected || got.Answer != "那天有检查" {
			t.Errorf("rejected: %+v", got)
		}
		for _, why := range []string{"", "那天有检查"} { // that it is decided goes before a reason
			if refused := o.leave(t, "东镇党委", reject(1, why)); !strings.Contains(refused, "已由东镇党委办过：未批准") {
				t.Errorf("rejected again for %q: %q", why, refused)
			}
		}
		o.set(o.now().Add(time.Minute))
		o.asked(t, "主任", request(days(10, 12, 13))) // again, after that
	})
}

// notices are the words of what was queued to somebody, the oldest first.
func (o *office) notices(t testing.TB, name, kind string) (out []map[string]string) {
	t.Helper()
	err := o.db.Read(t.Context(), func(tx *models.Tx) error {
		rows, err := tx.Notices("", o.ids[name], 200)
		for _, n := range rows {
			if n.Kind == kind {
				out = append([]map[string]string{n.Words}, out...)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// What the approver sees before he decides, and what nobody decides for him: a
// 签到 on a day of leave.
func TestWhatTheApproverSees(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.granted(t, "书记", "东镇党委", request(days(time.October, 14, 14)))
		l := o.asked(t, "主任", request(days(time.October, 14, 15)))
		got := o.seen(t, "东镇党委", l.Number)
		if len(got.Notes) != 1 || got.Notes[0].Kind != handlers.NoteNoHead || len(got.Better) != 2 || got.Why != "送孩子上学" {
			t.Errorf("seen: %+v", got)
		}
		told := o.notices(t, "东镇党委", handlers.NoticeLeaveAsk)
		if !slices.ContainsFunc(told, func(w map[string]string) bool {
			return w["warning"] == "10月14日书记、主任都不在，违反至少一名正职在岗"
		}) {
			t.Errorf("told %v", told)
		}
		if refused := o.leave(t, "东镇党委", approve(l.Number)); refused != "" {
			t.Errorf("a warning forbids: %s", refused)
		}
		o.set(on(10, 14).At(9, 0))
		if _, err := o.Do(t.Context(), o.by("主任", o.key()), checkIn); err != nil {
			t.Fatal(err)
		}
		got = o.seen(t, "东镇党委", l.Number)
		if !slices.ContainsFunc(got.Notes, func(n handlers.LeaveNote) bool {
			return n.Kind == handlers.NoteArrived && n.Text == "10月14日有签到，和请假对不上，请核实"
		}) {
			t.Errorf("checked in on leave: %+v", got.Notes)
		}
	})
}

// A day off without a shift, where the county wants leave for it all the same, and
// where there is a shift.
func TestTheExemptionOfDaysOff(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		sunday := request(days(time.October, 4, 4))
		var onDuty string
		for _, s := range o.roster(t, "甲村", on(10, 4), on(10, 4)) {
			if who := o.named(s.PersonID); who != "书记" {
				onDuty = who
			}
		}
		o.asked(t, onDuty, sunday)
		if _, refused := o.ask(t, "乙委员", sunday); !strings.Contains(refused, "不用请假") {
			t.Errorf("without a shift: %q", refused)
		}
		o.inCounty(t, func(c *handlers.County) { c.Leave.RestDayExempt = false })
		o.asked(t, "乙委员", sunday)
	})
}

func TestWhoCanStandInAndForWhomPapersAreEntered(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.granted(t, "主任", "东镇党委", request(days(time.October, 14, 14)))
		var got []string
		o.look(t, "委员", func(v *handlers.View) error {
			people, err := v.Colleagues(days(time.October, 13, 14))
			for _, c := range people {
				got = append(got, fmt.Sprint(c.Name, " ", c.Post, " ", c.Away, " ", c.PersonID == o.ids[c.Name]))
			}
			return err
		})
		if want := []string{"书记 村党组织书记 false true", "主任 村委会主任 true true", "副书记 党组织副书记 false true"}; !slices.Equal(got, want) {
			t.Errorf("deputies: %q", got)
		}
		found := func(who, name string) (n int) {
			o.look(t, who, func(v *handlers.View) error {
				people, err := v.CadresNamed(name)
				n = len(people)
				return err
			})
			return n
		}
		for _, tc := range []struct {
			who, name string
			want      int
		}{{"书记", "委员", 1}, {"东镇干事", "委员", 1}, {"书记", "乙委员", 0}, {"东镇干事", "乙委员", 0}, {"主任", "委员", 0}, {"书记", "村民", 0}, {"书记", "监委", 0}} {
			if got := found(tc.who, tc.name); got != tc.want {
				t.Errorf("%s finds %d named %s, want %d", tc.who, got, tc.name, tc.want)
			}
		}
		l := o.asked(t, "东镇干事", handlers.LeaveRequest{
			Kind: "病假", Span: days(time.October, 20, 21), Reason: "复查", PersonID: o.ids["委员"], PaperRef: "第7号",
		})
		told := o.notices(t, "委员", handlers.NoticeLeaveSaid)
		if l.Approver != "书记" || l.RegisteredBy != o.ids["东镇干事"] || len(told) != 1 || !strings.HasPrefix(told[0]["said"], "已由东镇干事按纸质假条第7号代为提交") {
			t.Errorf("from paper: %+v, told %v", l, told)
		}
	})
}

// The reason lies sealed, and in no notice, journal or reply.
func TestTheReasonOfALeaveIsSealed(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		req := request(days(time.October, 20, 21))
		req.Kind, req.Reason = "病假", "化疗第三次"
		l := o.asked(t, "委员", req)
		o.leave(t, "书记", func(d *handlers.Desk) (handlers.Leave, error) {
			return d.ApproveLeave(l.Number, handlers.Approval{Note: "好好治病"})
		})
		s := &sweep{t: t}
		s.openRaw(o.src)
		for _, query := range []string{"SELECT * FROM leaves", "SELECT * FROM journal", "SELECT * FROM notices", "SELECT * FROM inbox"} {
			for _, row := range s.query(query) {
				if strings.Contains(row, "化疗") || strings.Contains(row, "好好治病") && query != "SELECT * FROM notices" {
					t.Errorf("%s: %s", query, row)
				}
			}
		}
	})
}
