package calendar

// The words beside a length by which one end of a leave moves: 早一天回来, 晚走一天.
const (
	endMoves   = "回 结束 上班 返 到岗 销假 收假"
	startMoves = "走 出发 动身 启程 开始"
)

// moves is the way in which a length moves a leave: 1 for 推迟一天, 晚一天, -1 for 提前一天,
// 早一天, 0 if it does not.
func (c *correction) moves(f Found) int {
	before, after := clauseAround([]rune(c.plain), f.From, f.To)
	switch {
	case hasSuffix(before, "晚 晚走 晚回 晚回来 晚去"), hasAny(c.plain, laterWords):
		return 1
	case hasSuffix(before, "早 早走 早回 早回来 早去"), hasAny(c.plain, earlierWords), hasPrefix(after, "早"):
		return -1
	}
	return 0
}

// byMoving moves the leave by some half-days: one end of it if that is said. Whoever goes
// earlier may be back earlier too.
func (c *correction) byMoving(f Found, n int) FoundLeave {
	before, after := clauseAround([]rune(c.plain), f.From, f.To)
	l, beside := c.leave, before+" "+after
	switch {
	case f.Workdays == 0 && f.Seconds < secondsOfDay/2: // 推迟两个小时
		return c.ask(f, bothEnds)
	case hasAny(beside, endMoves) && n > 0:
		return c.settled(f, l.lasting(l.halves()+n))
	case hasAny(beside, endMoves):
		return c.shorter(f, -n)
	case hasAny(beside, startMoves) && n < l.halves() && l.halves() > 2:
		later := l.moved(n)
		later.End, later.EndPart = l.End, l.EndPart
		return c.r.offer(FoundLeave{Found: f}, []LeaveDays{l.moved(n), later})
	}
	return c.settled(f, l.moved(n))
}

// shorter is the leave without its last half-days.
func (c *correction) shorter(f Found, n int) FoundLeave {
	if n >= c.leave.halves() {
		return c.ask(f, "这样就没有假了。要改成请几天？")
	}
	return c.settled(f, c.leave.lasting(c.leave.halves()-n))
}

// moved is the leave some half-days later, or earlier if n is negative. Whole days
// move both ends alike.
func (l LeaveDays) moved(n int) LeaveDays {
	long := l.halves()
	at := n
	if l.StartPart == Afternoon {
		at++
	}
	days := at / 2
	if at%2 < 0 {
		days--
	}
	l.Start, l.StartPart = l.Start.Add(days), Morning
	if at-2*days == 1 {
		l.StartPart = Afternoon
	}
	return l.lasting(long)
}
