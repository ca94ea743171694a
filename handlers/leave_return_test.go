package handlers_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
)

// The leave of the 委员 is from noon of Monday 12 to Wednesday 14 October.
func TestReportingBack(t *testing.T) {
	t.Parallel()
	oct := func(day int, noon bool) calendar.Half { return calendar.Half{Day: on(10, day), Noon: noon} }
	for name, tc := range map[string]struct {
		at     time.Time
		said   calendar.Half // when he says he was back
		refuse string
		given  int // half days given back, of five
		faults string
	}{
		"before it begins":                         {at: on(10, 12).At(11, 0), refuse: "没有要销的假"},
		"when it begins":                           {at: on(10, 12).At(12, 0), given: 5},
		"the morning after":                        {at: on(10, 13).At(9, 0), given: 4},
		"the afternoon after":                      {at: on(10, 13).At(14, 0), given: 3},
		"on the last afternoon":                    {at: on(10, 14).At(20, 0), given: 1},
		"the day after it":                         {at: on(10, 15).At(9, 0)},
		"within 24 hours":                          {at: on(10, 16).At(0, 0), faults: "逾期1天"},
		"a minute later":                           {at: on(10, 16).At(0, 1), faults: "逾期1天，超过24小时才销假"},
		"a minute later, and back in time":         {at: on(10, 16).At(0, 1), said: oct(15, false), faults: "超过24小时才销假"},
		"three days late":                          {at: on(10, 18).At(9, 0), faults: "逾期3天，超过24小时才销假"},
		"three days late, and back on the first":   {at: on(10, 18).At(9, 0), said: oct(16, true), faults: "逾期1天，超过24小时才销假"},
		"on the last day, and back the day before": {at: on(10, 14).At(9, 0), said: oct(13, false), given: 4},
		"as if tomorrow":                           {at: on(10, 14).At(9, 0), said: oct(15, false), refuse: "10月15日 周四上午还没有到，回来了再销假。"},
		"as if this afternoon":                     {at: on(10, 14).At(9, 0), said: oct(14, true), refuse: "10月14日 周三下午还没有到，回来了再销假。"},
		"as if before it began":                    {at: on(10, 14).At(9, 0), said: oct(12, false), refuse: "10月12日 周一上午假还没有开始。"},
		"as if on the day before":                  {at: on(10, 14).At(9, 0), said: oct(11, true), refuse: "10月11日 周日下午假还没有开始。"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachOffice(t, func(t *testing.T, o *office) {
				l := o.granted(t, "委员", "书记", request(half(days(time.October, 12, 14), true, false)))
				o.set(tc.at)
				refused := o.leave(t, "委员", back(0, tc.said))
				if (refused == "") != (tc.refuse == "") || !strings.Contains(refused, tc.refuse) {
					t.Fatalf("refused %q, want %q", refused, tc.refuse)
				}
				got := o.seen(t, "委员", l.Number)
				if tc.refuse != "" {
					if got.State != models.LeaveApproved {
						t.Errorf("refused, and the leave is %s", got.State)
					}
					return
				}
				if got.GivenBack() != tc.given || got.Faults(o.now()) != tc.faults || got.Span().Halves() != 5 {
					t.Errorf("%d given back of %d, want %d; %q, want %q", got.GivenBack(), got.Span().Halves(), tc.given, got.Faults(o.now()), tc.faults)
				}
				told := o.notices(t, "书记", handlers.NoticeLeaveSaid)
				if len(told) != 1 || !strings.HasPrefix(told[0]["said"], "已销假，") || !strings.HasSuffix(told[0]["said"], "回村"+mark(tc.faults)) {
					t.Errorf("the 书记 heard %v", told)
				}
			})
		})
	}
}

func mark(faults string) string {
	if faults == "" {
		return ""
	}
	return "，" + faults
}

func TestReportingBackForSomebodyElse(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		l := o.granted(t, "委员", "书记", request(days(time.October, 12, 14)))
		mine := o.granted(t, "书记", "东镇党委", request(days(time.October, 13, 13)))
		o.set(on(10, 15).At(9, 0))
		report := func(no int) func(*handlers.Desk) (handlers.Leave, error) {
			return func(d *handlers.Desk) (handlers.Leave, error) {
				return d.ReportReturnFor(no, calendar.Half{Day: on(10, 15)})
			}
		}
		for i, step := range []struct {
			who  string
			no   int
			want string
		}{
			{"主任", l.Number, "您没有办理这件事的权限。"},
			{"西镇党委", l.Number, "没有1号假条，或者不归您管。"},
			{"书记", mine.Number, "自己的假请回复“销假”。"},
			{"书记", l.Number, ""},
			{"东镇干事", l.Number, "1号假已经销了（10月15日 周四上午回村），不用再销。"},
			{"东镇干事", mine.Number, ""},
		} {
			if got := o.leave(t, step.who, report(step.no)); got != step.want {
				t.Errorf("step %d: %q, want %q", i, got, step.want)
			}
		}
		if got := o.seen(t, "委员", l.Number); got.ReportedBy != o.ids["书记"] {
			t.Errorf("reported by %s", got.ReportedBy)
		}
	})
}

func TestWithdrawingCancellingAndUrging(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		withdraw := func(no int) func(*handlers.Desk) (handlers.Leave, error) {
			return func(d *handlers.Desk) (handlers.Leave, error) { return d.WithdrawLeave(no) }
		}
		cancel := func(no int) func(*handlers.Desk) (handlers.Leave, error) {
			return func(d *handlers.Desk) (handlers.Leave, error) { return d.CancelLeave(no) }
		}
		urge := func(no int) func(*handlers.Desk) (handlers.Leave, error) {
			return func(d *handlers.Desk) (handlers.Leave, error) { return d.UrgeLeave(no) }
		}
		ask := func(first int) func() {
			return func() { o.asked(t, "委员", request(days(time.October, first, first+1))) }
		}
		at := func(h, m int) func() {
			return func() { o.set(morning.Add(time.Duration(h)*time.Hour + time.Duration(m)*time.Minute)) }
		}
		for i, step := range []struct {
			first func()
			who   string
			do    func(*handlers.Desk) (handlers.Leave, error)
			want  string
		}{
			{nil, "委员", withdraw(0), "您没有可以撤回的假条。"},
			{ask(12), "委员", urge(0), "1号假条刚提交不久，12:00以后可以催办。"},
			{at(4, 0), "委员", urge(0), ""},
			{nil, "委员", urge(1), "1号假条刚刚催过，4小时以后可以再催。"},
			{at(8, 0), "委员", urge(1), ""},
			{ask(19), "委员", withdraw(0), "可以撤回的假条有2张，请点一张：\n“撤回2”　事假10月19日"},
			{nil, "主任", withdraw(1), "您没有1号假条。"},
			{nil, "委员", withdraw(1), ""},
			{nil, "委员", withdraw(1), "1号假条已撤回，不能撤回。"},
			{nil, "书记", approve(1), "1号假条已撤回，不用审批了。"},
			{nil, "委员", cancel(2), "2号假条待审批，不能取消。"},
			{nil, "书记", approve(2), ""},
			{nil, "委员", withdraw(2), "2号假条已批准，不能撤回。"},
			{nil, "委员", urge(2), "2号假条已批准，不用催了。"},
			{nil, "委员", cancel(0), ""},
			{nil, "委员", cancel(2), "2号假条已取消，不能取消。"},
			{ask(12), "书记", approve(3), ""},
			{func() { o.set(on(10, 12).At(0, 0)) }, "委员", cancel(3), "3号假已经开始，不能取消"},
			{nil, "委员", back(3, calendar.Half{}), ""},
		} {
			if step.first != nil {
				step.first()
			}
			if got := o.leave(t, step.who, step.do); (got == "") != (step.want == "") || !strings.HasPrefix(got, step.want) {
				t.Errorf("step %d: %q, want %q", i, got, step.want)
			}
		}
		if got := o.notices(t, "书记", handlers.NoticeLeaveAsk); len(got) != 5 { // three requests, urged twice
			t.Errorf("the 书记 was asked %d times", len(got))
		}
	})
}

// An extension has a number and a decision of its own, and moves the end.
func TestExtending(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		extend := func(day int, noon bool, why string) func(*handlers.Desk) (handlers.Leave, error) {
			return func(d *handlers.Desk) (handlers.Leave, error) {
				return d.ExtendLeave(0, calendar.Half{Day: on(10, day), Noon: noon}, why)
			}
		}
		ask := func(first, last int) func() {
			return func() { o.asked(t, "委员", request(days(time.October, first, last))) }
		}
		at := func(day, hour int) func() { return func() { o.set(on(10, day).At(hour, 0)) } }
		for i, step := range []struct {
			first func()
			who   string
			do    func(*handlers.Desk) (handlers.Leave, error)
			want  string
		}{
			{ask(12, 13), "委员", extend(15, true, "车停运"), "您没有可以续的假。"},
			{nil, "书记", approve(1), ""},
			{at(13, 9), "委员", extend(13, true, "车停运"), "续假要到10月13日 周二下午以后。"},
			{nil, "委员", extend(15, true, " "), "请写明续假的事由。"},
			{ask(16, 16), "委员", extend(16, false, "车停运"), "这段时间已经有2号假条"},
			{nil, "委员", extend(15, true, "车停运"), ""}, // 3
			{nil, "委员", extend(15, false, "车停运"), "3号续假条还在等审批。"},
			{nil, "书记", reject(3, "明天有会"), ""},
			{nil, "委员", extend(14, false, "车停运"), ""}, // 4
			{nil, "书记", approve(4), ""},
			{nil, "委员", extend(15, true, "还是没有车"), ""}, // 5
			{at(15, 9), "委员", back(1, calendar.Half{}), ""},
			{nil, "书记", approve(5), "5号假条已撤回，不用审批了。"},
			{ask(20, 21), "书记", approve(6), ""},
			{nil, "委员", func(d *handlers.Desk) (handlers.Leave, error) {
				return d.ExtendLeave(6, calendar.Half{Day: on(10, 22)}, "再办一件事")
			}, ""}, // 7
			{nil, "委员", func(d *handlers.Desk) (handlers.Leave, error) { return d.CancelLeave(6) }, ""},
			{nil, "书记", approve(7), "7号假条已撤回，不用审批了。"},
		} {
			if step.first != nil {
				step.first()
			}
			if got := o.leave(t, step.who, step.do); (got == "") != (step.want == "") || !strings.HasPrefix(got, step.want) {
				t.Errorf("step %d: %q, want %q", i, got, step.want)
			}
		}
		got := o.seen(t, "委员", 1)
		if got.Words != "事假10月12日至10月14日上午，2天半" || got.Faults(o.now()) != "" || got.GivenBack() != 0 {
			t.Errorf("extended to noon of the 14th, back on the 15th: %q, %q", got.Words, got.Faults(o.now()))
		}
		if ext := o.seen(t, "委员", 4); ext.Words != "续事假10月14日上午，半天" || ext.State != models.LeaveApproved {
			t.Errorf("the extension: %q, %s", ext.Words, ext.State)
		}
	})
}

// Who hears when of a leave that ends on Wednesday 14 October, and of one that
// was extended on its last day.
func TestRemindersOfReturn(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.granted(t, "委员", "书记", request(days(time.October, 12, 14)))
		o.granted(t, "主任", "东镇党委", request(days(time.October, 12, 14)))
		var got []string
		for day := 12; day <= 20; day++ {
			for _, hour := range []int{7, 12} { // the second time says nothing new
				o.set(on(10, day).At(hour, 50))
				o.job(t, o.key(), (*handlers.Desk).RemindLeaves)
			}
			if day == 14 {
				o.leave(t, "主任", func(d *handlers.Desk) (handlers.Leave, error) {
					return d.ExtendLeave(0, calendar.Half{Day: on(10, 16), Noon: true}, "车停运")
				})
				o.leave(t, "东镇党委", approve(3))
			}
			if day == 17 {
				o.leave(t, "主任", back(0, calendar.Half{Day: on(10, 17)}))
			}
			for _, who := range []string{"委员", "主任"} {
				for _, w := range o.notices(t, who, handlers.NoticeLeaveBack) {
					got = appendOnce(got, day, who+w["when"]+w["day"])
				}
			}
			for _, who := range []string{"书记", "东镇党委", "东镇干事", "组织部"} {
				for _, w := range o.notices(t, who, handlers.NoticeLeaveOver) {
					got = appendOnce(got, day, who+"："+w["who"]+w["days"])
				}
			}
		}
		want := []string{
			"13 委员明天到期10月14日 周三", "13 主任明天到期10月14日 周三",
			"14 委员今天到期10月14日 周三", "14 主任今天到期10月14日 周三",
			"15 委员已经到期，还没有销假10月14日 周三", "15 主任明天到期10月16日 周五",
			"16 主任今天到期10月16日 周五", "16 书记：甲村委员2",
			"17 主任已经到期，还没有销假10月16日 周五", "17 东镇党委：甲村委员3",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// Whoever has not decided hears once of a leave that is about to begin.
func TestRemindersToDecide(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.asked(t, "委员", request(days(time.October, 12, 13)))
		told := []int{1, 1, 2, 2} // with that of the request
		for i, day := range []int{9, 10, 11, 12} {
			o.set(on(10, day).At(7, 50))
			o.job(t, o.key(), (*handlers.Desk).RemindLeaves)
			if got := o.notices(t, "书记", handlers.NoticeLeaveAsk); len(got) != told[i] {
				t.Errorf("on the %dth the 书记 was told %d times, want %d", day, len(got), told[i])
			}
		}
	})
}

func appendOnce(lines []string, day int, said string) []string {
	if slices.ContainsFunc(lines, func(l string) bool { return strings.HasSuffix(l, " "+said) }) {
		return lines
	}
	return append(lines, fmt.Sprintf("%d %s", day, said))
}
