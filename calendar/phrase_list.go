package calendar

// list reads days that are named one after another: 8、9、10号, 9月10号，11号，12号,
// 周一和周二, 今天下午和明天.
func (r *reader) list(i int) (phrase, int) {
	left, next := r.pointAt(i)
	if next == i || left.timed || left.instants != nil || len(r.orToday(left)) == 0 {
		return phrase{}, i
	}
	sum := r.onePoint(left)
	end := next
	for {
		if r.at(end) == cOr {
			return r.eitherOf(sum, left, end)
		}
		second := r.skip(end, cAnd, cWhole)
		right, stop := r.rightPoint(left, second)
		if stop == second || !right.day || right.timed || len(right.days.spans) == 0 {
			break
		}
		if r.is(stop, cTo, cDash, cTilde) {
			break
		}
		if !sum.join(r.onePoint(right)) {
			if second == end {
				break
			}
			return phrase{vague: "您说的几天不连在一起，请分开请假。"}, stop
		}
		end = r.wholeDay(stop)
	}
	if end == next {
		return phrase{}, i
	}
	return sum, end
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

// wholeDay skips 一天 after a day: 明天一天.
func (r *reader) wholeDay(i int) int {
	if n, ok := r.number(i, 1, 1); ok && n == 1 {
		if k := r.skip(i+1, cWhole); r.at(k) == cDay && r.val(k) == 1 {
			return k + 1
		}
	}
	return i
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
	if g.Kind == HalfDay && g.Part != Morning {
		out.StartPart = Afternoon
	}
	if b.Kind == HalfDay && b.Part == Morning {
		out.EndPart = Morning
	}
	return out, true
}

// clippedDays reads days that share one 号: 8-10号, 8、9、10号, 10月8到9号, 3-5月.
func (r *reader) clippedDays(i int) (phrase, int) {
	from := r.skip(i, cFrom)
	first, ok := r.number(from, 1, 31)
	if !ok {
		return phrase{}, i
	}
	next, last, listed := from+1, first, false
	for r.is(next, cTo, cDash, cTilde, cAnd) {
		n, ok := r.number(next+1, 1, 31)
		if !ok {
			break
		}
		listed = listed || r.at(next) == cAnd
		if listed && n != last+1 {
			return phrase{}, i
		}
		last, next = n, next+2
	}
	switch {
	case next == from+1:
		return phrase{}, i
	case r.at(next) == cHao || r.at(next) == cDay && r.val(next) == 0:
		left := point{days: r.settle(0, 0, first), day: true, part: noPart}
		right, _ := r.rightPoint(left, next-1)
		return r.between(left, right), next + 1
	case r.at(next) == cMonth && last <= 12 && first <= 12:
		left := point{days: r.wholeMonth(0, first), day: true, part: noPart}
		right, _ := r.rightPoint(left, next-1)
		return r.between(left, right), next + 1
	}
	return phrase{}, i
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
