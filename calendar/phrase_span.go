package calendar

import (
	"slices"
	"time"
)

// phrase is what a stretch of tokens means: readings, the likeliest first, or why
// there is none.
type phrase struct {
	readings []Reading
	invalid  string // there is no such day
	vague    string // the question, where there is nothing to choose from
	slip     bool   // the end lies before the beginning
	whole    bool   // a week, month or year as such, 下周
}

// phrase reads the longest phrase that begins at token i.
func (r *reader) phrase(i int) (phrase, int) {
	return longest(r, i, []rule[phrase]{
		(*reader).repeated, (*reader).lengthAhead, (*reader).lengthAlone, (*reader).span, (*reader).runOfDays, (*reader).single, (*reader).list, (*reader).clippedDays, (*reader).clippedHours,
	})
}

// repeated reads 每周三, which is no day.
func (r *reader) repeated(i int) (phrase, int) {
	if r.at(i) != cEvery {
		return phrase{}, i
	}
	if _, next := r.pointAt(i + 1); next > i+1 {
		return phrase{vague: whichDay}, next
	}
	return phrase{}, i
}

// single reads one point.
func (r *reader) single(i int) (phrase, int) {
	from := r.skip(i, cFrom)
	p, next := r.pointAt(from)
	if next == from {
		return phrase{}, i
	}
	if end := r.unreadDay(p, next); end > next {
		return phrase{vague: whichDay}, end
	}
	return r.onePoint(p), next
}

// whichDay asks for a day that was named vaguely.
const whichDay = "请说具体哪一天，例如“10月8日”。"

// unreadDay skips what names a day of a month and could not be read: 下月|初五, 12月|五六号. The
// month is not what is meant.
func (r *reader) unreadDay(p point, i int) int {
	switch {
	case !p.day || p.days.size != aMonth || !r.close(i):
		return i
	case r.at(i) == cEdge && r.val(i) == 1 && r.at(i+1) == cNumber:
		return i + 2
	case r.at(i) == cNumber && r.is(i+1, cHao, cDay) && r.val(i+1) == 0:
		return i + 2
	}
	return i
}

// onePoint is what a point alone means.
func (r *reader) onePoint(p point) phrase {
	switch {
	case p.never:
		return phrase{invalid: "一天只有24个小时。"}
	case p.day && p.days.vague != "":
		return phrase{vague: p.days.vague}
	case p.day && len(p.days.spans) == 0:
		return phrase{invalid: p.days.noSuchDay()}
	case p.timed || p.instants != nil:
		var out phrase
		for _, at := range p.moments(r.today, noPart) {
			out.add(Reading{Kind: Moment, StartAt: at, Start: On(at), End: On(at), Today: !p.day})
		}
		return out
	case p.part != noPart:
		var out phrase
		for _, s := range r.orToday(p) {
			for d := s.From; !d.After(s.To) && s.Days() <= 3; d = d.Add(1) { // 周末上午: one of them
				out.add(Reading{Kind: HalfDay, Start: d, End: d, Part: partNames[p.part], Today: !p.day})
			}
		}
		if len(out.readings) == 0 {
			out.vague = "请说具体哪一天的" + partNames[p.part].Chinese() + "。"
		}
		return out
	}
	var out phrase
	for _, s := range p.days.spans {
		out.whole = p.days.size >= aWeek
		kind := Days
		if p.days.size == aDay || s.From == s.To {
			kind = OneDay
		}
		out.add(Reading{Kind: kind, Start: s.From, End: s.To})
	}
	return out
}

// orToday are the readings of the day of a point, today if it named none.
func (r *reader) orToday(p point) []Stretch {
	if !p.day {
		return []Stretch{{r.today, r.today}}
	}
	return p.days.spans
}

// add adds a reading that is not there yet, three at most.
func (p *phrase) add(got Reading) {
	if slices.Contains(p.readings, got) {
		return
	}
	if got.Kind != Length && (got.Start.Year < firstLunarYear || got.End.Year > lastLunarYear) {
		p.invalid = "只认得1900年到2199年的日子。"
		return
	}
	if len(p.readings) < 3 {
		p.readings = append(p.readings, got)
	}
}

// lengthAlone reads a length that stands for itself.
func (r *reader) lengthAlone(i int) (phrase, int) {
	l, next := r.length(i)
	switch {
	case next == i:
		return phrase{}, i
	case l.vague:
		return phrase{vague: "您说的是多久？请说具体的天数，例如“三天”。"}, next
	}
	var out phrase
	if r.at(next) == cWithin && !l.isDays() && !l.halfDay { // 两小时内
		end := l.instant(r.now, 1)
		out.add(Reading{Kind: Spell, StartAt: r.now, EndAt: end, Start: r.today, End: On(end)})
		out.add(Reading{Kind: Moment, StartAt: end, Start: On(end), End: On(end)})
		return out, next + 1
	}
	if r.at(next) == cApprox {
		next++
	}
	out.add(Reading{Kind: Length, Seconds: l.total(), Workdays: l.workdays})
	return out, next
}

// lengthAhead reads hours before or after now: 未来两小时, 过去30分钟.
func (r *reader) lengthAhead(i int) (phrase, int) {
	if !r.is(i, cFuture, cPast, cShift, cAfter, cBefore) {
		return phrase{}, i
	}
	l, next := r.length(i + 1)
	if next == i+1 || l.vague || l.isDays() || l.halfDay || r.at(i) == cShift && r.val(i) == 0 {
		return phrase{}, i
	}
	from, to := r.now, l.instant(r.now, 1)
	if r.is(i, cPast, cBefore) || r.val(i) < 0 {
		from, to = l.instant(r.now, -1), r.now
	}
	var out phrase
	out.add(Reading{Kind: Spell, StartAt: from, EndAt: to, Start: On(from), End: On(to)})
	return out, next
}

// span reads two points: 从8号到10号, 明天下午两点到五点, 周三下午到周五上午.
func (r *reader) span(i int) (phrase, int) {
	from := r.skip(i, cFrom)
	left, next := r.pointAt(from)
	if next == from || left.day && left.days.vague != "" {
		return phrase{}, i
	}
	join := r.skip(next, cSince, cAnd)
	if asked := r.skip(join, cAsk, cGo, cAnd); r.at(asked) == cTo { // 24号请到26号, 3号走，请到6号
		join = asked
	}
	if !r.is(join, cTo, cDash, cTilde) {
		return phrase{}, i
	}
	second := r.skip(join, cTo, cDash, cTilde)
	right, end := r.rightPoint(left, second)
	if end == second {
		return phrase{}, i
	}
	if right.day && right.part == noPart {
		end = r.allDay(end)
	}
	if right.day && right.days.feast > 0 && r.at(end) == cUntil && r.val(end) == 1 { // 到国庆结束
		right.days = r.blocks(right.days)
	}
	if r.at(from) == cWeek && r.hasCome(right) {
		left.days = left.days.each(aDay, func(s Stretch) (Stretch, bool) { return theOne(s.From.Add(-7)) })
	}
	return r.between(left, right), r.skip(end, cUntil, cClose)
}

// hasCome reports whether the end of a span is no later than today: 从周一到现在 began on the
// last Monday.
func (r *reader) hasCome(p point) bool {
	if p.day {
		return len(p.days.spans) == 1 && !p.days.spans[0].To.After(r.today) && !p.days.weekday
	}
	return len(p.instants) == 1 && p.instants[0].Equal(r.now)
}

// rightPoint reads the right end, which takes over what it leaves out.
func (r *reader) rightPoint(left point, i int) (point, int) {
	before := r.left
	defer func() { r.left = before }()
	if left.day {
		r.left = &left.days
	}
	feast := left.days.feast > 0 && byLunarYear(left.days.feast-1) && r.at(i) == cEdge // 春节到初五
	if left.day && (left.days.lunar || feast) && left.days.size == aDay {
		if d, next := r.moonEnd(left.days, i); next > i {
			return point{days: d, day: true, part: noPart}, next
		}
	}
	p, next := r.pointAt(i)
	if n, ok := r.number(i, 1, 6); next == i && ok && left.day && left.days.weekday && left.days.size == aDay && !r.countsSomething(i+1) {
		return point{days: weekEnd(left.days, n), day: true, part: noPart}, i + 1
	}
	if next == i && r.at(i) == cDay && r.val(i) == 0 && left.day && left.days.weekday { // 周五、六、日
		return point{days: weekEnd(left.days, 7), day: true, part: noPart}, i + 1
	}
	if n, ok := r.number(i, 1, 31); next == i && ok && left.day && left.days.day > 0 && !r.countsSomething(i+1) {
		return point{days: r.settle(0, 0, n), day: true, part: noPart}, i + 1
	}
	return p, next
}

// moonEnd reads a day of the lunar month that the left end named: 初五 after 正月初三, 十六
// after 八月十四. One that is not later is of the month after.
func (r *reader) moonEnd(left days, i int) (days, int) {
	day, next, _ := r.dayOfMoon(i, true)
	if day == 0 {
		return days{}, i
	}
	out := days{lunar: true}
	for _, s := range left.spans {
		m := s.From.Moon()
		if m.Day < day {
			m.Day = day
		} else if m = s.From.Add(m.monthDays() - m.Day + 1).Moon(); m.Day > 0 {
			m.Day = day
		}
		if d, ok := m.Date(); ok {
			out.spans = append(out.spans, Stretch{d, d})
		}
	}
	return out, next
}

// weekEnd is the n-th day of a week from the left end on: 四 after 周二.
func weekEnd(left days, n int) days {
	out := days{weekday: true}
	for _, s := range left.spans {
		d := nthWeekday(s.From, 1, time.Weekday(n%7))
		out.spans = append(out.spans, Stretch{d, d})
	}
	return out
}

// between is what lies between two points.
func (r *reader) between(left, right point) phrase {
	for _, p := range []point{left, right} {
		if p.never {
			return r.onePoint(p)
		}
		if p.day && len(p.days.spans) == 0 {
			if p.days.vague != "" {
				return phrase{vague: p.days.vague}
			}
			return phrase{invalid: p.days.noSuchDay()}
		}
	}
	if left.timed || right.timed || left.instants != nil || right.instants != nil {
		return r.spell(left, right)
	}
	out := r.daysBetween(left, right)
	if unlikely := left.day && right.day && right.days.spans[0].To.Before(left.days.spans[0].From); len(out.readings) == 0 || unlikely && out.oneDay() {
		return r.slipped(left, right)
	}
	return out
}

// daysBetween pairs the readings of two days.
func (r *reader) daysBetween(left, right point) (out phrase) {
	for k, s := range r.orToday(left) {
		ends := r.orToday(right)
		if !right.day {
			ends = []Stretch{s}
		}
		e := ends[min(k, len(ends)-1)]
		if len(ends) > 1 && len(left.days.spans) == 1 {
			for _, e := range ends {
				out.addSpan(s, e, left.part, right.part)
			}
			continue
		}
		out.addSpan(s, e, left.part, right.part)
	}
	return out
}

// oneDay reports whether the first reading is one day: what 下周五到这周五 does not mean.
func (p *phrase) oneDay() bool { return p.readings[0].Start == p.readings[0].End }

// addSpan adds the days from one span to another, if they are in order.
func (p *phrase) addSpan(from, to Stretch, first, last int) {
	if to.To.Before(from.From) {
		return
	}
	got := Reading{Kind: Days, Start: from.From, End: to.To}
	if first != noPart && first >= 2 {
		got.StartPart = Afternoon
	}
	if last != noPart && last <= 2 { // 到中午 is the morning
		got.EndPart = Morning
	}
	if got.Start == got.End && got.StartPart == WholeDay && got.EndPart == WholeDay {
		got.Kind = OneDay
	}
	p.add(got)
}

// overTheEnd is how long a span may be that runs from one month into the next
// without saying so.
const overTheEnd = 15

// slipped is a span whose end lies before its beginning: the end may be in the
// next month or year, or the two were exchanged.
func (r *reader) slipped(left, right point) phrase {
	a, b := left.days.spans[0], r.orToday(right)[0]
	var out phrase
	later := b.To
	switch {
	case right.days.weekday:
		later = later.Add(7)
	case right.days.day > 0 && left.days.day > 0 && a.From.Year == b.To.Year && a.From.Month == b.To.Month:
		later = addMonths(later, 1)
	default:
		later = Date{later.Year + 1, later.Month, later.Day}.Add(0)
	}
	if later != a.From {
		out.addSpan(a, Stretch{later, later}, left.part, right.part)
	}
	if right.days.size == aDay && right.days.month > 0 && later.Since(a.From) <= overTheEnd && right.days.weekday == left.days.weekday {
		return out // 30号到2号
	}
	out.addSpan(b, a, noPart, noPart)
	out.slip = true
	return out
}
