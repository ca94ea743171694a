package calendar

import (
	"slices"
	"time"
)

// droppedWords say that a day is none of the leave any more: 大后儿不去了.
const droppedWords = "不去了 不请了 不休了 不歇了 不用请 就不去 就不请 不请假了"

// besideLeave is a day without a year, or without a month, near the leave that is being
// corrected, and none that has passed if the leave has not begun. One in the month of the
// leave goes first; if the same day of another month is nearer, that may be meant too.
func (r *reader) besideLeave(d *days) bool {
	if r.about.IsZero() {
		return false
	}
	first := Date{r.about.Year, r.about.Month, 1}
	step := 1
	if d.month > 0 {
		first, step = Date{r.about.Year, time.Month(d.month), 1}, 12
	}
	var near []Date
	for _, n := range []int{0, -step, step} {
		day := addMonths(first, n)
		day.Day = d.day
		if day.exists() && (!day.Before(r.today) || r.about.Before(r.today)) {
			near = append(near, day)
		}
	}
	far := func(day Date) int { return max(day.Since(r.about), r.about.Since(day)) }
	same := len(near) > 0 && d.month == 0 && near[0].Month == r.about.Month && near[0].Year == r.about.Year
	for _, day := range near {
		if same && (day == near[0] || far(day) < far(near[0])) {
			take(d, day)
		}
	}
	if !same && len(near) > 0 {
		take(d, slices.MinFunc(near, func(a, b Date) int { return far(a) - far(b) }))
	}
	return len(d.spans) > 0
}

// single reports whether the correction names days once.
func (c *correction) single() bool {
	n := 0
	for _, f := range c.found {
		if f.rank() >= 3 {
			n++
		}
	}
	return n == 1
}

// said are the words of a phrase.
func (c *correction) said(f Found) string { return string([]rune(c.plain)[f.From:f.To]) }

// without is the leave without a day that is at one of its ends; of one in the middle it
// is asked which part stays.
func (c *correction) without(f Found) FoundLeave {
	l := c.leave
	near, _ := f.following(l.Start, c.said(f)) // 1号, of a leave that began last month
	for _, g := range append(f.each(), near.Reading) {
		day, ok := g.leaveDays()
		if !ok || day.Start.Before(l.Start) || l.End.Before(day.End) {
			continue
		}
		left := l.except(day)
		if len(left) == 0 {
			return c.ask(f, "这样就没有假了。不请了回复“取消”，换一天就说哪一天。")
		}
		return c.r.offer(FoundLeave{Found: f}, left)
	}
	return c.ask(f, "您请的假里没有这一天。请说从哪天到哪天，例如“10月8日到9日”。")
}

// untilBack is a leave that ends because somebody is back on a day: 10月8号回来. The way
// home may be a day of the leave; work is none.
func (c *correction) untilBack(f Found, after string) FoundLeave {
	f, ok := f.following(c.leave.Start, c.said(f))
	back, dated := f.leaveDays()
	if !ok || !dated {
		return c.ask(f, bothEnds)
	}
	l := c.leave
	to := func(d Date, p Part) LeaveDays { return LeaveDays{l.Start, l.StartPart, d, p} }
	part, sure := f.wayHome()
	eve, home := to(back.Start.Add(-1), Afternoon), to(back.Start, part)
	work := hasPrefix(afterMay(after), workWords)
	if work && back.StartPart == Afternoon {
		eve = to(back.Start, Morning)
	}
	switch early := !eve.Span().Valid(); {
	case work && early:
		return c.ask(f, "这样就没有假了。不请了回复“取消”，换一天就说哪一天。")
	case work:
		return c.settled(f, eve)
	case early, sure:
		return c.settled(f, home)
	}
	return c.r.offer(FoundLeave{Found: f}, []LeaveDays{eve, home})
}
