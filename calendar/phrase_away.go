package calendar

// Days that are counted from those before them, forth or back: after a day, or beside the days
// off of a festival.

// awayFrom reads days that are so far from a day: 2月13号|3天后, |的31天前, |后第3天,
// |前一天, 明天|的往后三天.
func (r *reader) awayFrom(d days, i int) (days, int) {
	if l, next := r.length(i); next > i && l.isDays() && !l.vague && r.is(next, cAfter, cBefore) {
		way := r.at(next) == cAfter
		return d.each(aDay, func(s Stretch) (Stretch, bool) {
			if way {
				return theOne(l.after(r, s.To))
			}
			return theOne(l.before(r, s.From))
		}), next + 1
	}
	switch {
	case r.at(i) == cFirst && r.at(i+1) == cDay && r.val(i+1) == 1 && d.size == aDay: // 5号头一天 is the eve to most
		eve := d.each(aDay, func(s Stretch) (Stretch, bool) { return theOne(s.From.Add(-1)) })
		eve.spans = append(eve.spans, d.spans...)
		return eve, i + 2
	case r.at(i) == cAfter && r.at(i+1) == cNth:
		after := d.each(aDay, func(s Stretch) (Stretch, bool) { return theOne(s.To.Add(1)) })
		return r.backTo(d, i, after)
	case r.at(i) == cNextDay:
		return d.each(aDay, func(s Stretch) (Stretch, bool) { return theOne(s.To.Add(r.val(i))) }), i + 1
	case r.is(i, cAfter, cBefore):
		return r.daysBeside(d, i)
	case r.at(i) == cFuture:
		l, next := r.length(i + 1)
		if next == i+1 || !l.isDays() {
			return d, i
		}
		from := d.each(aFew, func(s Stretch) (Stretch, bool) { return Stretch{s.From, l.after(r, s.From).Add(-1)}, true })
		on := d.each(aFew, func(s Stretch) (Stretch, bool) { return Stretch{s.From.Add(1), l.after(r, s.From)}, true })
		from.spans = append(from.spans, on.spans...)
		return from, next
	}
	return d, i
}

// backTo reads the nth day of what comes after, or nothing.
func (r *reader) backTo(d days, i int, after days) (days, int) {
	if out, next := r.nth(after, i+1); next > i+1 {
		return out, next
	}
	return d, i
}

// daysBeside reads 前一天, 后三天 after a day.
func (r *reader) daysBeside(d days, i int) (days, int) {
	l, next := r.length(i + 1)
	if next == i+1 || !l.isDays() || l.vague {
		return d, i
	}
	if r.at(i) == cBefore {
		return d.each(aFew, func(s Stretch) (Stretch, bool) { return Stretch{l.before(r, s.From), s.From.Add(-1)}, true }).asDay(), next
	}
	return d.each(aFew, func(s Stretch) (Stretch, bool) { return Stretch{s.To.Add(1), l.after(r, s.To)}, true }).asDay(), next
}

// asDay says that the days are one day, if they are.
func (d days) asDay() days {
	if len(d.spans) > 0 && d.spans[0].Days() == 1 {
		d.size = aDay
	}
	return d
}

// besideFeast reads what is counted from the days off of a festival: 国庆后第二个工作
// 日, 节后第一天, 春节前一天, 国庆假期最后一天.
func (r *reader) besideFeast(d days, i int) (days, int) {
	if more, next := r.backAtWork(d, i); next > i {
		return more, next
	}
	if !r.is(i, cAfter, cBefore) {
		return d, i
	}
	block := r.blocks(d)
	if r.at(i) == cBefore && d.size == aDay {
		block = d
	}
	way, next := r.at(i), r.skip(i+1, cNth, cLast, cFirst)
	n, ok := r.number(next, 1, 60)
	unit := r.skip(next+1, cMeasure)
	switch {
	case !ok && next == i+1 && r.at(i) == cBefore && r.left != nil && !r.is(next, cHalf): // 24号到国庆前
		return block.each(aDay, func(s Stretch) (Stretch, bool) { return theOne(s.From.Add(-1)) }), i + 1
	case !ok && next == i+1 && (r.val(i) == 0 || r.at(i) == cAfter) && !r.is(next, cNumber, cHalf): // 国庆后请假
		return days{vague: whichDayAfter}, i + 1
	case !ok || !r.is(unit, cDay, cWorkday, cWeek):
		return d, i
	case r.at(unit) == cWeek:
		return r.weekAfter(block, way, unit+1)
	case block.vague != "":
		return days{vague: block.vague}, unit + 1
	case way == cAfter && r.at(unit) == cDay && r.is(i+1, cNth):
		out := block.each(aDay, func(s Stretch) (Stretch, bool) { return theOne(r.off.AddWorkdays(s.To, n)) })
		plain := block.each(aDay, func(s Stretch) (Stretch, bool) { return theOne(s.To.Add(n)) })
		out.spans = append(out.spans, plain.spans...)
		return out, unit + 1
	case way == cAfter && r.at(unit) == cWorkday:
		return block.each(aDay, func(s Stretch) (Stretch, bool) { return theOne(r.off.AddWorkdays(s.To, n)) }), unit + 1
	case way == cAfter:
		return block.each(size(n), func(s Stretch) (Stretch, bool) { return Stretch{s.To.Add(1), s.To.Add(n)}, true }), unit + 1
	case r.at(unit) == cWorkday:
		return block.each(aDay, func(s Stretch) (Stretch, bool) { return theOne(r.off.AddWorkdays(s.From, -n)) }), unit + 1
	default:
		return block.each(size(n), func(s Stretch) (Stretch, bool) { return Stretch{s.From.Add(-n), s.From.Add(-1)}, true }), unit + 1
	}
}

// backAtWork reads the nth day on which everybody works again: 节后|上班第一天, 节后|第一天上班,
// 国庆后|上班那天, 节后|头一天.
func (r *reader) backAtWork(d days, i int) (days, int) {
	works := func(k int) bool { return r.at(k) == cBack && r.val(k) == 1 }
	from := r.skip(i, cAfter)
	first := from
	if works(from) {
		from++
	}
	n, ok := r.number(from+1, 1, 10)
	next := from + 2
	switch day := from + 1; {
	case r.at(from) == cFirst && r.at(day) == cDay && r.val(day) == 1:
		n = 1
	case ok && r.at(from) == cNth && r.at(day+1) == cDay && r.val(day+1) == 1:
		next++
	case from > first && r.at(from) == cSameDay:
		n, next = 1, day
	default:
		return d, i
	}
	switch {
	case works(next):
		next++
	case from == first && (r.at(from) == cNth || first == i): // 国庆头一天
		return d, i
	}
	block := r.blocks(d)
	if block.vague != "" {
		return days{vague: block.vague}, next
	}
	return block.each(aDay, func(s Stretch) (Stretch, bool) { return theOne(r.off.AddWorkdays(s.To, n)) }), next
}

// weekAfter is the week after the days off.
func (r *reader) weekAfter(block days, way class, next int) (days, int) {
	return block.each(aWeek, func(s Stretch) (Stretch, bool) {
		if way == cBefore {
			return weekSpan(s.From.Add(-7)), true
		}
		return weekSpan(s.To.Add(7)), true
	}), next
}
