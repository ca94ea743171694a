package handlers_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
)

// The rules of a request, one by one. It is Monday, 28 September, and 书记 has no
// leave; 委员 has one from 12 to 14 October, until noon.
func TestWhatALeaveMustBe(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.asked(t, "委员", request(half(days(time.October, 12, 14), false, true)))
		with := func(change func(*handlers.LeaveRequest)) handlers.LeaveRequest {
			r := request(days(time.October, 20, 21))
			change(&r)
			return r
		}
		on := func(s calendar.Span) handlers.LeaveRequest { return request(s) }
		urgent := func(s calendar.Span) handlers.LeaveRequest {
			return handlers.LeaveRequest{Kind: "事假", Span: s, Reason: "父亲住院", Emergency: true}
		}
		for name, tc := range map[string]struct {
			who   string // 委员, if empty
			req   handlers.LeaveRequest
			field string // refused because of it; "" and text "" for what is taken
			text  string
		}{
			"whole":                           {req: on(days(time.October, 20, 21))},
			"today":                           {req: on(days(time.September, 28, 28))},
			"this afternoon":                  {req: on(half(days(time.September, 28, 28), true, false))},
			"a kind that the county has not":  {req: with(func(r *handlers.LeaveRequest) { r.Kind = "探亲假" }), field: "kind", text: "没有“探亲假”这种假"},
			"no kind":                         {req: with(func(r *handlers.LeaveRequest) { r.Kind = "" }), field: "kind", text: "可以请：事假、病假"},
			"no day":                          {req: on(calendar.Span{}), field: "first", text: "从哪天"},
			"the end before the beginning":    {req: on(days(time.October, 21, 20)), field: "last", text: "早于"},
			"from noon to noon of one day":    {req: on(half(days(time.October, 20, 20), true, true)), field: "last", text: "同一天"},
			"four hundred days":               {req: on(calendar.Span{First: calendar.Date{Year: 2026, Month: 10, Day: 20}, Last: calendar.Date{Year: 2027, Month: 11, Day: 24}}), field: "last", text: "最多请190天"},
			"in two years":                    {req: on(calendar.Span{First: calendar.Date{Year: 2028, Month: 10, Day: 20}, Last: calendar.Date{Year: 2028, Month: 10, Day: 20}}), field: "first", text: "一年以内"},
			"no reason":                       {req: with(func(r *handlers.LeaveRequest) { r.Reason = " " }), field: "reason", text: "写明事由"},
			"a novel for a reason":            {req: with(func(r *handlers.LeaveRequest) { r.Reason = strings.Repeat("忙", 201) }), field: "reason", text: "200个字"},
			"yesterday":                       {req: on(days(time.September, 27, 29)), field: "first", text: "已经过了"},
			"yesterday, in an emergency":      {req: urgent(days(time.September, 27, 29))},
			"two days ago, in an emergency":   {req: urgent(days(time.September, 26, 29))},
			"three days ago, in an emergency": {req: urgent(days(time.September, 25, 29)), field: "first", text: "已经过了3天"},
			"over another":                    {req: on(days(time.October, 14, 15)), field: "first", text: "已经有1号假条（10月12日至10月14日上午，待审批）"},
			"within another":                  {req: on(days(time.October, 13, 13)), field: "first", text: "1号假条"},
			"the same again":                  {req: on(half(days(time.October, 12, 14), false, true)), field: "first", text: "不能重复"},
			"right behind another":            {req: on(half(days(time.October, 14, 14), true, false))},
			"oneself as deputy":               {req: with(func(r *handlers.LeaveRequest) { r.DeputyID = o.ids["委员"] }), field: "deputy", text: "自己"},
			"a deputy of another village":     {req: with(func(r *handlers.LeaveRequest) { r.DeputyID = o.ids["乙委员"] }), field: "deputy", text: "要是甲村在任的村干部"},
			"the supervisor as deputy":        {req: with(func(r *handlers.LeaveRequest) { r.DeputyID = o.ids["监委"] }), field: "deputy", text: "要是甲村在任的村干部"},
			"a deputy":                        {req: with(func(r *handlers.LeaveRequest) { r.DeputyID = o.ids["副书记"] })},
			"a day off, back the same day":    {req: on(days(time.October, 4, 4)), field: "first", text: "当天往返不用请假"},
			"two days off":                    {req: on(days(time.October, 3, 4))},
			"a Saturday that is worked":       {req: on(days(time.October, 10, 10))},
			"a villager":                      {who: "村民", req: on(days(time.October, 20, 21)), text: "没有任职的村干部"},
			"the supervisor":                  {who: "监委", req: on(days(time.October, 20, 21)), text: "没有任职的村干部"},
			"nobody who is bound":             {who: "o-9", req: on(days(time.October, 20, 21)), text: "还没有绑定"},
			"a 书记 for one of his, from paper": {who: "书记", req: with(func(r *handlers.LeaveRequest) { r.PersonID, r.PaperRef = o.ids["委员"], "第7号" })},
			"a 主任 for one of his, from paper": {who: "主任", req: with(func(r *handlers.LeaveRequest) { r.PersonID, r.PaperRef = o.ids["委员"], "第7号" }), text: "没有办理这件事的权限"},
			"from paper without the paper":    {who: "东镇干事", req: with(func(r *handlers.LeaveRequest) { r.PersonID = o.ids["委员"] }), field: "paper", text: "编号"},
			"from a paper of tomorrow": {who: "东镇干事", req: with(func(r *handlers.LeaveRequest) {
				r.PersonID, r.PaperRef, r.PaperDay = o.ids["委员"], "7", calendar.Date{Year: 2026, Month: 9, Day: 29}
			}), field: "paper", text: "还没有到"},
			"from another town's paper":        {who: "东镇干事", req: with(func(r *handlers.LeaveRequest) { r.PersonID, r.PaperRef = o.ids["乙委员"], "7" }), text: "没有办理这件事的权限"},
			"from paper, a week ago":           {who: "东镇干事", req: handlers.LeaveRequest{Kind: "事假", Span: days(time.September, 21, 22), Reason: "走亲戚", PersonID: o.ids["委员"], PaperRef: "7"}},
			"from paper, four months ago":      {who: "东镇干事", req: handlers.LeaveRequest{Kind: "事假", Span: days(time.May, 21, 22), Reason: "走亲戚", PersonID: o.ids["委员"], PaperRef: "7"}, field: "first", text: "92天以前"},
			"for somebody who does not exist":  {who: "东镇干事", req: with(func(r *handlers.LeaveRequest) { r.PersonID = "nobody" }), text: "没有这个人"},
			"by staff for themselves":          {who: "东镇干事", req: on(days(time.October, 20, 21)), text: "没有任职的村干部"},
			"a place of papers, as an auditor": {who: "审计", req: with(func(r *handlers.LeaveRequest) { r.PersonID, r.PaperRef = o.ids["委员"], "7" }), text: "没有办理这件事的权限"},
		} {
			who := tc.who
			if who == "" {
				who = "委员"
			}
			cmd := o.by(who, o.key())
			var l handlers.Leave
			_, err := o.Do(t.Context(), cmd, func(d *handlers.Desk) (_ string, err error) {
				l, err = d.AskLeave(tc.req)
				return "", err
			})
			text, field := refusal(t, err), ""
			if r, ok := errors.AsType[*handlers.Refusal](err); ok {
				field = r.Field
			}
			if field != tc.field || (text == "") != (tc.text == "") || !strings.Contains(text, tc.text) {
				t.Errorf("%s: %q because of %q, want %q because of %q", name, text, field, tc.text, tc.field)
			}
			if text == "" { // out of the others' way
				if said := o.end(t, l.ID); said != "" {
					t.Errorf("%s: %s", name, said)
				}
			}
		}
	})
}

// end takes a leave out of the way, whoever's it is.
func (o *office) end(t testing.TB, id string) string {
	t.Helper()
	err := o.db.Write(t.Context(), func(tx *models.Tx) error {
		l, err := tx.Leave(id)
		if err != nil {
			return err
		}
		l.State = models.LeaveWithdrawn
		return tx.MoveLeave(&l, models.LeaveAsked)
	})
	if err != nil {
		return err.Error()
	}
	return ""
}

func TestWhatIsFiledLate(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		paper := func(first int, day calendar.Date, emergency bool) handlers.LeaveRequest {
			return handlers.LeaveRequest{
				Kind: "事假", Span: days(time.September, first, first), Reason: "走亲戚", Emergency: emergency,
				PersonID: o.ids["委员"], PaperRef: "7", PaperDay: day,
			}
		}
		for name, tc := range map[string]struct {
			who                string
			req                handlers.LeaveRequest
			late, emergency    bool
			lateAfterNotUrgent bool
		}{
			"in time":                             {"委员", request(days(time.September, 28, 29)), false, false, false},
			"in time, and said to be urgent":      {"委员", handlers.LeaveRequest{Kind: "事假", Span: days(time.September, 28, 28), Reason: "急", Emergency: true}, false, false, false},
			"urgent, a day later":                 {"委员", handlers.LeaveRequest{Kind: "事假", Span: days(time.September, 27, 28), Reason: "急", Emergency: true}, false, true, true},
			"on a paper of the day before":        {"东镇干事", paper(22, on(9, 21), false), false, false, false},
			"on a paper of the day after":         {"东镇干事", paper(22, on(9, 23), false), true, false, true},
			"urgent, on a paper of the day after": {"东镇干事", paper(22, on(9, 23), true), false, true, true},
			"urgent, on a paper a week after":     {"东镇干事", paper(15, on(9, 22), true), true, true, true},
			"on a paper without a day":            {"东镇干事", paper(22, calendar.Date{}, false), true, false, true},
		} {
			l := o.asked(t, tc.who, tc.req)
			if l.FiledLate != tc.late || l.Emergency != tc.emergency {
				t.Errorf("%s: late %t, emergency %t", name, l.FiledLate, l.Emergency)
			}
			o.leave(t, "书记", func(d *handlers.Desk) (handlers.Leave, error) {
				return d.ApproveLeave(l.Number, handlers.Approval{NotUrgent: true})
			})
			if got := o.seen(t, "书记", l.Number); got.FiledLate != tc.lateAfterNotUrgent {
				t.Errorf("%s, found not urgent: late %t", name, got.FiledLate)
			}
			err := o.db.Write(t.Context(), func(tx *models.Tx) error {
				got, err := tx.Leave(l.ID)
				got.State = models.LeaveCancelled
				if err != nil {
					return err
				}
				return tx.MoveLeave(&got, models.LeaveApproved)
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}

// Who may see and do what with a leave of the 委员 that waits for the 书记.
func TestWhoMaySeeALeave(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.asked(t, "委员", request(days(time.October, 12, 13)))
		got := map[string]string{}
		for _, who := range []string{
			"委员", "书记", "主任", "副书记", "监委", "村民", "东镇干事", "东镇党委", "西镇党委", "乙委员", "组织部", "考核组", "审计", "管理员", "农业局", "o-9",
		} {
			o.look(t, who, func(v *handlers.View) error {
				l, err := v.LeaveByNo(1)
				switch {
				case err != nil:
				case l.Why == "":
					got[who] = "without the reason"
				default:
					got[who] = "all"
				}
				return err
			})
		}
		bare := "without the reason"
		want := map[string]string{
			"委员": "all", "书记": "all", "主任": bare, "监委": bare, "东镇干事": bare, "东镇党委": bare, "组织部": bare, "考核组": bare, "审计": bare,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		for who, said := range map[string]string{
			"委员": "没有1号假条，或者不归您管。", "主任": "1号假条由书记审批。", "副书记": "没有1号假条，或者不归您管。", "监委": "您没有办理这件事的权限。",
			"村民": "没有1号假条，或者不归您管。", "东镇党委": "1号假条由书记审批。", "西镇党委": "没有1号假条，或者不归您管。", "组织部": "1号假条由书记审批。",
			"审计": "您没有办理这件事的权限。", "东镇干事": "您没有办理这件事的权限。", "o-9": "您还没有绑定身份。请回复“绑定”。",
		} {
			if who == "委员" {
				said = "自己的假不能自己批。"
			}
			for _, act := range []func(*handlers.Desk) (handlers.Leave, error){approve(1), reject(1, "不行")} {
				if refused := o.leave(t, who, act); refused != said {
					t.Errorf("%s decides: %q, want %q", who, refused, said)
				}
			}
		}
	})
}
