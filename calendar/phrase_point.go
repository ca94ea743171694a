package calendar

import "time"

// point is one end of what was said: a day, a part of it, a time of day.
type point struct {
	days  days
	day   bool // a day was said
	part  int
	clock clock
	timed bool
	never bool // there is no such time: 25点
	// instants are readings that were reckoned from now, 半小时前.
	instants []time.Time
}

// pointAt reads a day, part of a day or time: 明天下午三点, 上午, 今晚8点, 半小时后.
func (r *reader) pointAt(i int) (point, int) {
	p := point{part: noPart}
	if at, next := r.fromNow(i); next > i {
		return point{instants: at, part: noPart}, next
	}
	next := r.skip(i, cApprox)
	if d, end := r.dayAt(next); end > next {
		p.days, p.day, next = d, true, end
	}
	next = r.partAt(&p, next)
	if p.day && len(p.days.spans) > 0 {
		next = r.timeOfDay(&p, next)
	} else if !p.day {
		next = r.timeOfDay(&p, next)
	}
	if end := r.neverTime(next); end > next && !p.timed && (p.day || p.part != noPart || r.left != nil) {
		p.never, next = true, end
	}
	switch {
	case !p.day && p.part == noPart && !p.timed && !p.never:
		return p, i
	case !p.day && r.late(i) && !p.timed: // 晚, 早 alone
		return p, i
	}
	if r.at(next) == cApprox {
		next++
	}
	return p, next
}

// neverTime skips an hour that no day has: 25点, 25:30.
func (r *reader) neverTime(i int) int {
	if _, ok := r.number(i, 25, 99); !ok || !r.toks[i].digits {
		return i
	}
	switch {
	case r.at(i+1) == cClock:
		return i + 2
	case r.at(i+1) == cColon && r.at(i+2) == cNumber && r.close(i+1) && r.close(i+2):
		return i + 3
	}
	return i
}

// late reports whether the token is 晚 or 早 and no more.
func (r *reader) late(i int) bool { return r.at(i) == cLate }

// partAt reads a part of a day into p, and the day too if it was said with it:
// 今晚.
func (r *reader) partAt(p *point, i int) int {
	if r.val(i) == 1 && r.at(i) == cNumber && !r.toks[i].digits && r.at(i+1) == cPart && r.close(i+1) { // 一上午
		i++
	}
	from := i
	if r.at(i) == cAnd && r.val(i) == 2 && p.day {
		from++
	}
	switch {
	case r.at(i) == cDayPart && !p.day:
		p.days, p.day = theDay(r.today.Add(r.val(i)/16-8)), true
		p.part = r.val(i) % 16
	case r.at(from) == cPart && (from == i || r.at(from+1) == cNumber):
		p.part = r.val(from)
		i = from
	case r.at(i) == cLate && (p.day && p.days.size == aDay || r.at(i+1) == cNumber):
		p.part = r.val(i)
	case r.is(i, cOpen) && r.at(i+1) == cPart && r.at(i+2) == cClose && p.day:
		p.part = r.val(i + 1)
		return i + 3
	default:
		return i
	}
	if r.at(i+1) == cPart && r.val(i+1) != p.part && r.at(i+1) != cOther { // 今晚半夜
		p.part = r.val(i + 1)
		i++
	}
	return r.sideOfPart(p, i+1)
}

// sideOfPart reads what turns a part of a day into the half before or after it:
// 晌午以前, 中午后.
func (r *reader) sideOfPart(p *point, i int) int {
	noon := partNames[p.part] == Noon
	switch said := r.val(i) == 1; {
	case r.at(i) == cBefore && (noon || said && partNames[p.part] == Afternoon):
		p.part = 1
	case r.at(i) == cAfter && (noon || said && partNames[p.part] == Morning):
		p.part = 3
	default:
		return i
	}
	return i + 1
}

// timeOfDay reads the time after a day and its part.
func (r *reader) timeOfDay(p *point, i int) int {
	from := i
	if p.day {
		from = r.skip(i, cAnd)
	}
	c, next := r.clockAt(from)
	if next == from || p.day && p.days.size > aFew {
		return i
	}
	p.clock, p.timed = c, true
	if c.part != noPart {
		p.part = c.part
	}
	return next
}

// fromNow reads a moment that is so far from now in hours or minutes: 半小时前,
// 一刻钟后, 过两个小时.
func (r *reader) fromNow(i int) ([]time.Time, int) {
	if r.at(i) == cNow {
		return []time.Time{r.now}, i + 1
	}
	from := r.skip(i, cAgain)
	l, next := r.length(from)
	if next == from || l.isDays() || l.vague {
		return nil, i
	}
	switch {
	case r.at(next) == cBefore:
		return []time.Time{l.instant(r.now, -1)}, next + 1
	case r.at(next) == cAfter || from > i:
		return []time.Time{l.instant(r.now, 1)}, r.skip(next, cAfter)
	}
	return nil, i
}

// moments are the readings of a point that has a time. without is the day of one
// that named none.
func (p point) moments(without Date, part int) []time.Time {
	if p.instants != nil {
		return p.instants
	}
	if p.part != noPart {
		part = p.part
	}
	if !p.day {
		return p.clock.with(without, part)
	}
	var all []time.Time
	for _, s := range p.days.spans {
		all = append(all, p.clock.with(s.From, part)...)
	}
	return all
}
