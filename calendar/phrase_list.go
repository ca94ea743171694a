package calendar

// apart asks somebody who named days that do not stand together: each stretch is a
// leave of its own.
const apart = "您说了不止一段日子，请分开请假，先说头一段，例如“10月8日到9日”。"

// list reads days that are named one after another: 8、9、10号, 9月10号，11号，12号,
// 周一和周二, 今天下午和明天.
func (r *reader) list(i int) (phrase, int) {
	left, next := r.pointAt(i)
	if next == i || left.timed || left.instants != nil || len(r.orToday(left)) == 0 {
		return phrase{}, i
	}
	sum := r.onePoint(left)
	end := r.itsLength(left, next)
	first := end
	for {
		if r.at(end) == cOr {
			return r.eitherOf(sum, left, end)
		}
		second := r.skip(end, cAnd, cWhole)
		right, stop := r.goesOnWith(left, second, second > end)
		if stop == second || r.is(stop, cTo, cDash, cTilde) || r.another(i, next, second, stop) || second == end && left.days.size > aDay && !r.alike(i, end) { // 中秋放假28号请假
			break
		}
		if r.at(second+1) != cMonth && right.days.overMonth(sum) {
			right.days = right.days.each(aDay, func(s Stretch) (Stretch, bool) { return theOne(addMonths(s.From, 1)) })
		}
		if !sum.join(r.onePoint(right)) {
			if second == end && !r.alike(i, end) {
				break
			}
			return phrase{vague: apart}, stop
		}
		next, end = stop, r.itsLength(right, stop)
	}
	if end == first {
		return phrase{}, i
	}
	return sum, end
}

// goesOnWith reads a further day of a list, or the other half of a day after a comma: 明天上午和
// 下午.
func (r *reader) goesOnWith(left point, i int, tied bool) (point, int) {
	right, stop := r.rightPoint(left, i)
	switch half := !right.day && right.part != noPart && tied && (left.day || left.part != noPart); {
	case half:
		right.day, right.days = left.day, left.days
	case !right.day:
		return right, i
	}
	if right.timed || len(r.orToday(right)) == 0 {
		return right, i
	}
	return right, stop
}

// overMonth reports whether a day of the next month is meant, which goes on with others: 1号 after 30号.
func (d days) overMonth(last phrase) bool {
	return d.day > 0 && d.size == aDay && len(d.spans) > 0 && len(last.readings) > 0 &&
		addMonths(d.spans[0].From, 1) == last.readings[0].End.Add(1)
}

// another reports whether the day that begins at second and ends at stop is none of those
// from i to next: it is said that it is not asked for, 请明天，后天不请, or that somebody is
// back, 3号，4号上班.
func (r *reader) another(i, next, second, stop int) bool {
	back := r.at(stop) == cBack || r.at(stop) == cOther && r.at(stop+1) == cBack
	long := second > next && r.at(second-1) != cAnd // 明天一天后天不请
	comma := second > next && r.at(second-1) == cAnd && r.val(second-1) == 2
	not := long || comma && (r.about.IsZero() || r.at(i-1) == cAsk) // 28号、29号不请了 takes two days off a leave
	return r.at(stop) == cNot && not || back && (long || comma || r.val(stop) == 1)
}

// alike reports whether two days are named in one way, so that the second does not
// explain the first: 周二周四, 今天后天, 8号12号.
func (r *reader) alike(i, k int) bool {
	a, b := r.skip(i, cShift), r.skip(k, cShift)
	return r.is(b, cWeek, cDayName) && r.at(a) == r.at(b) || r.at(a) == cNumber && r.at(b) == cNumber && r.at(a+1) == cHao && r.at(b+1) == cHao
}

// eitherOf reads 8号或9号: both are to be asked about.
func (r *reader) eitherOf(sum phrase, left point, i int) (phrase, int) {
	right, stop := r.rightPoint(left, i+1)
	if stop == i+1 {
		return phrase{}, i
	}
	for _, g := range r.onePoint(right).readings {
		sum.add(g)
	}
	return sum, stop
}

// wholeDay skips 一天 and 全天 after a day: 明天一天.
func (r *reader) wholeDay(i int) int {
	if k := r.allDay(i); k > i {
		return k
	}
	if n, ok := r.number(i, 1, 1); ok && n == 1 {
		if k := r.skip(i+1, cWhole); r.at(k) == cDay && r.val(k) == 1 {
			return k + 1
		}
	}
	return i
}

// allDay skips 全天, 一整天.
func (r *reader) allDay(i int) int {
	from := i
	if n, ok := r.number(i, 1, 1); ok && n == 1 {
		from++
	}
	if k := r.skip(from, cWhole); k > from && r.at(k) == cDay && r.val(k) == 1 {
		return k + 1
	}
	return i
}

// itsLength skips the length of a point that it has anyway: 明天一天, 今天下午半天.
func (r *reader) itsLength(p point, i int) int {
	if p.part != noPart && r.at(i) == cHalf && r.at(i+1) == cDay {
		return i + 2
	}
	if p.part != noPart {
		return i
	}
	return r.wholeDay(i)
}

// join lengthens days by those that come right after them.
func (p *phrase) join(q phrase) bool {
	var out []Reading
	for _, a := range p.readings {
		for _, b := range q.readings {
			if got, ok := a.join(b); ok {
				out = append(out, got)
				break
			}
		}
	}
	p.readings = out
	return len(out) > 0
}

func (g Reading) join(b Reading) (Reading, bool) {
	halfEnd := g.Kind == HalfDay && g.Part == Morning || g.EndPart == Morning
	halfStart := b.Kind == HalfDay && b.Part != Morning
	sameDay := b.Start == g.End && halfEnd && halfStart
	if !sameDay && (b.Start != g.End.Add(1) || halfEnd || halfStart) {
		return g, false
	}
	out := Reading{Kind: Days, Start: g.Start, End: b.End, StartPart: g.StartPart, EndPart: b.EndPart}
	if sameDay && g.Start == b.End && g.Part == Morning && b.Part == Afternoon { // 上午和下午
		return Reading{Kind: OneDay, Start: g.Start, End: g.Start, Today: g.Today && b.Today}, true
	}
	if g.Kind == HalfDay && g.Part != Morning {
		out.StartPart = Afternoon
	}
	if b.Kind == HalfDay && b.Part == Morning {
		out.EndPart = Morning
	}
	return out, true
}

// runOfDays reads days whose numerals stand in a row: 一二三号, 12月一二三号. Two of them may be
// either day, or both.
func (r *reader) runOfDays(i int) (phrase, int) {
	month, next := r.number(i, 1, 12)
	from := i
	if next && r.at(i+1) == cMonth {
		from = i + 2
	} else {
		month = 0
	}
	if r.at(from) != cNumber || r.toks[from].width < 2 || r.toks[from].digits || !r.is(from+1, cHao, cDay) || r.val(from+1) != 0 {
		return phrase{}, i
	}
	n, width := r.val(from), r.toks[from].width
	last := n % 10
	first := last - width + 1
	for k, rest := last, n; k >= first; k, rest = k-1, rest/10 {
		if rest%10 != k || k < 1 {
			return phrase{}, i
		}
	}
	left := point{days: r.settle(0, month, first), day: true, part: noPart}
	right := left
	right.days = left.days.each(aDay, func(s Stretch) (Stretch, bool) { return theOne(s.From.Add(last - first)) })
	out := r.between(left, right)
	if width == 2 && len(out.readings) == 1 {
		out.add(r.onePoint(left).readings[0])
		out.add(r.onePoint(right).readings[0])
	}
	return out, from + 2
}

// countedDays reports whether n days are said to be meant: 两天.
func (r *reader) countedDays(i, n int) bool {
	said, ok := r.number(i, n, n)
	k := r.skip(i+1, cMeasure, cWhole)
	return ok && said > 1 && r.at(k) == cDay && r.val(k) == 1
}

// clippedHours reads hours that share one 点: 9~12点半, 明天2-4点.
func (r *reader) clippedHours(i int) (phrase, int) {
	left := point{part: noPart}
	next := i
	if d, end := r.dayAt(i); end > i && len(d.spans) > 0 && d.size == aDay {
		left.days, left.day, next = d, true, end
	}
	next = r.partAt(&left, next)
	hour, ok := r.number(next, 0, 24)
	if !ok || !r.is(next+1, cTo, cDash, cTilde) {
		return phrase{}, i
	}
	left.timed, left.clock = true, clock{hour: hour, part: noPart}
	right := point{part: noPart}
	c, end := r.clockAt(next + 2)
	if end == next+2 || c.colon {
		return phrase{}, i
	}
	right.clock, right.timed, right.part = c, true, c.part
	return r.spell(left, right), end
}
