package calendar

// The words beside what a leave is lengthened by: 4号也请, 加上4号, 下午也请.
const (
	addedBehind = "也请 也休 也要 也得 也歇 也一起 都请"
	addedAhead  = "加上 加 再加 再加上 还有 外加 加一个 加个"
)

// adds reports whether what stands beside a day or half a day adds it to the leave.
func (c *correction) adds(before, after string) bool {
	return hasPrefix(after, addedBehind) || hasSuffix(before, addedAhead)
}

// longerBy is the leave with more days before or after it, over days of rest if need be.
func (c *correction) longerBy(f Found) FoundLeave {
	var all []LeaveDays
	for _, g := range f.each() {
		if more, ok := g.leaveDays(); ok {
			all = append(all, c.joined(more)...)
		}
	}
	switch {
	case len(all) == 0 && f.Kind == HalfDay:
		return c.ask(f, bothEnds)
	case len(all) == 0:
		return c.ask(f, apart)
	}
	return c.settled(f, all[0])
}

// joined is the leave and more days as one, none if working days lie between.
func (c *correction) joined(more LeaveDays) []LeaveDays {
	first, last := c.leave, more
	if last.Start.Before(first.Start) || last.Start == first.Start && last.StartPart == Morning {
		first, last = last, first
	}
	gap := LeaveDays{first.End, Afternoon, last.Start, Morning}
	if gap.StartPart = Afternoon; first.EndPart == Afternoon {
		gap.Start, gap.StartPart = first.End.Add(1), Morning
	}
	if gap.EndPart = Morning; last.StartPart == Morning {
		gap.End, gap.EndPart = last.Start.Add(-1), Afternoon
	}
	inside := first.Span().Overlaps(last.Span())
	if inside || gap.Span().Valid() && gap.Halves(c.r.off) > 0 {
		return nil
	}
	first.End, first.EndPart = last.End, last.EndPart
	return []LeaveDays{first}
}

// trimmed are the leaves that half of the last day, or of the first, leaves open: 3号只请上午 may
// be the end of the leave, or all of it.
func (c *correction) trimmed(l LeaveDays, length *Found) ([]LeaveDays, bool) {
	was := c.leave
	half := length != nil && length.Workdays == 0 && length.halves() == 1 && l.StartPart != l.EndPart
	if c.goes || hasAny(c.plain, "开始 结束 为止") {
		return nil, false
	}
	if was.Start == was.End || l.Start != l.End || !hasAny(c.plain, onlyWords+" 最后 第一天 头一天") || l.StartPart != l.EndPart && !half {
		return nil, false
	}
	am, pm := LeaveDays{l.Start, Morning, l.End, Morning}, LeaveDays{l.Start, Afternoon, l.End, Afternoon}
	longer, later := was, was
	longer.EndPart, later.StartPart = Morning, Afternoon
	switch ends, starts := l.Start == was.End, l.Start == was.Start; {
	case ends && (half || l.StartPart == Morning):
		if half {
			return []LeaveDays{longer, am, pm}, true
		}
		return []LeaveDays{longer, l}, true
	case starts && half:
		return []LeaveDays{later, am, pm}, true
	case starts && l.StartPart == Afternoon:
		return []LeaveDays{later, l}, true
	}
	return nil, false
}
