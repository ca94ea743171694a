package calendar

// droppedWords say that a day is none of the leave any more: 大后儿不去了.
const droppedWords = "不去了 不请了 不休了 不歇了 不用请 就不去 就不请 不请假了"

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

// without is the leave without a day that is at one of its ends; of one in the middle it
// is asked which part stays.
func (c *correction) without(f Found) FoundLeave {
	l := c.leave
	near, _ := f.following(l.Start, c.plain) // 1号, of a leave that began last month
	for _, g := range append(f.each(), near.Reading) {
		day, ok := g.leaveDays()
		if !ok || day.Start.Before(l.Start) || l.End.Before(day.End) {
			continue
		}
		before, after := l, l
		before.End, before.EndPart = day.Start.Add(-1), Afternoon
		after.Start, after.StartPart = day.End.Add(1), Morning
		if day.Start == day.End && day.StartPart == Afternoon && l.halves() > 1 { // 后天下午不去了
			before.End, before.EndPart = day.Start, Morning
		}
		var left []LeaveDays
		for _, part := range []LeaveDays{before, after} {
			if !part.End.Before(part.Start) && part.halves() > 0 {
				left = append(left, part)
			}
		}
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
	f, ok := f.following(c.leave.Start, c.plain)
	back, dated := f.leaveDays()
	if !ok || !dated {
		return c.ask(f, "请说从哪天到哪天，例如“10月8日到9日”。")
	}
	l := c.leave
	to := func(d Date, p Part) LeaveDays { return LeaveDays{l.Start, l.StartPart, d, p} }
	eve, home := to(back.Start.Add(-1), Afternoon), to(back.Start, back.EndPart)
	work := hasPrefix(after, workWords)
	if work && back.StartPart == Afternoon {
		eve = to(back.Start, Morning)
	}
	switch early := !eve.Span().Valid(); {
	case work && early:
		return c.ask(f, "这样就没有假了。不请了回复“取消”，换一天就说哪一天。")
	case work:
		return c.settled(f, eve)
	case early, back.StartPart == Afternoon && back.EndPart == Afternoon:
		return c.settled(f, home)
	}
	return c.r.offer(FoundLeave{Found: f}, []LeaveDays{eve, home})
}
