package calendar

import "time"

// shifted reads a number of months, weeks or days before or after now that is
// called by 上 or 下: 上两个月, 下三周, 这三天.
func (r *reader) shifted(i int) (days, int) {
	if r.at(i) != cShift || r.at(i+1) != cNumber {
		return days{}, i
	}
	l, next := r.length(i + 1)
	if next == i+1 || !l.isDays() {
		return days{}, i
	}
	switch shift := r.val(i); {
	case shift == 0 && r.close(i+1):
		return theSpan(Stretch{r.today, l.after(r, r.today).Add(-1)}, aFew), next
	case shift > 0:
		return r.ahead(l), next
	case shift < 0:
		return r.behind(l), next
	}
	return days{}, i
}

// awayFromNow reads days that are so and so far from now: 三天后, 3天前, 过两周,
// 未来两天, 前三个月, 一周内.
func (r *reader) awayFromNow(i int) (days, int) {
	switch {
	case r.at(i) == cFuture && r.val(i) == 2 && !r.about.IsZero(): // 往后一天 moves a leave
		return days{}, i
	case r.is(i, cBefore, cAfter) && !r.about.IsZero(): // 前两天 are those of the leave
		return days{}, i
	case r.is(i, cFuture, cAfter):
		return r.stretch(i, r.skip(i, cFuture, cAfter, cWithin), r.ahead)
	case r.is(i, cPast, cBefore):
		return r.stretch(i, r.skip(i, cPast, cBefore, cWithin), r.behind)
	}
	again := r.skip(i, cAgain)
	l, next := r.length(again)
	if next == again || !l.isDays() {
		return days{}, i
	}
	switch {
	case l.vague:
		return r.vagueLength(i, next, l)
	case r.at(next) == cAfter && !r.is(next+1, cDay) || again > i:
		return theDay(l.after(r, r.today)), r.skip(next, cAfter)
	case r.at(next) == cBefore:
		return theDay(l.before(r, r.today)), next + 1
	case r.at(next) == cWithin:
		return r.within(l), next + 1
	}
	return days{}, i
}

// stretch reads a length from next on and lays it out from now.
func (r *reader) stretch(i, next int, lay func(amount) days) (days, int) {
	l, end := r.length(next)
	if end == next || !l.isDays() {
		return days{}, i
	}
	if l.vague {
		return days{vague: "您说的是几天？请说具体的日子，例如“10月8日到9日”。"}, end
	}
	return lay(l), r.skip(end, cWithin)
}

func (r *reader) vagueLength(i, next int, _ amount) (days, int) {
	if !r.is(next, cAfter, cBefore, cWithin) {
		return days{}, i
	}
	return days{vague: whichDay}, next + 1
}

// ahead is the time after today: whole months or weeks, and counted from tomorrow
// or from today.
func (r *reader) ahead(l amount) days {
	tomorrow := r.today.Add(1)
	d := days{size: aFew}
	if whole, ok := l.whole(r.today, 1); ok {
		d.spans = append(d.spans, whole)
	}
	d.spans = append(d.spans, Stretch{tomorrow, l.after(r, tomorrow).Add(-1)}, Stretch{r.today, l.after(r, r.today).Add(-1)})
	return d
}

// behind is the time before today: whole months or weeks, and counted back from
// yesterday or from today.
func (r *reader) behind(l amount) days {
	d := days{size: aFew}
	if whole, ok := l.whole(r.today, -1); ok {
		d.spans = append(d.spans, whole)
	}
	d.spans = append(d.spans, Stretch{l.before(r, r.today), r.today.Add(-1)}, Stretch{l.before(r, r.today).Add(1), r.today})
	return d
}

// within is 三天内: with today or without, or the last day on which it may be.
func (r *reader) within(l amount) days {
	last := l.after(r, r.today)
	return days{size: aFew, spans: []Stretch{{r.today, last.Add(-1)}, {r.today, last}, {last, last}}}
}

// whole lays a number of whole months, weeks, quarters or years beside the
// present one.
func (l amount) whole(today Date, way int) (Stretch, bool) {
	switch {
	case l.days == 0 && l.months > 0 && l.months%12 == 0:
		n := l.months / 12
		if way > 0 {
			return Stretch{Date{today.Year + 1, 1, 1}, Date{today.Year + n, 12, 31}}, true
		}
		return Stretch{Date{today.Year - n, 1, 1}, Date{today.Year - 1, 12, 31}}, true
	case l.days == 0 && l.months > 0:
		first := Date{today.Year, today.Month, 1}
		if way > 0 {
			return Stretch{addMonths(first, 1), addMonths(first, l.months).LastOfMonth()}, true
		}
		return Stretch{addMonths(first, -l.months), addMonths(first, -1).LastOfMonth()}, true
	case l.weeks > 0 && l.days == 7*l.weeks && l.months == 0:
		monday := weekSpan(today).From
		if way > 0 {
			return Stretch{monday.Add(7), monday.Add(7*l.weeks + 6)}, true
		}
		return Stretch{monday.Add(-7 * l.weeks), monday.Add(-1)}, true
	}
	return Stretch{}, false
}

// after is the day that lies the amount after d.
func (l amount) after(r *reader, d Date) Date {
	if l.workdays > 0 {
		return r.off.AddWorkdays(d, l.workdays)
	}
	return addMonths(d, l.months).Add(l.days)
}

// before is the day that lies the amount before d.
func (l amount) before(r *reader, d Date) Date {
	if l.workdays > 0 {
		return r.off.AddWorkdays(d, -l.workdays)
	}
	return addMonths(d, -l.months).Add(-l.days)
}

// instant is the moment that lies the amount after t, before it if way is -1.
func (l amount) instant(t time.Time, way int) time.Time {
	return t.AddDate(0, way*l.months, way*l.days).Add(time.Duration(int64(way)*l.seconds) * time.Second)
}
