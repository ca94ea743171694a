package calendar

import (
	"slices"
	"time"
)

// weekDay reads a day of the week or a week: 周三, 下周三, 这礼拜, 下下周, 周末.
func (r *reader) weekDay(i int) (days, int) {
	shift, next, shifted := r.weekShift(i)
	if r.at(next) == cWeekend {
		return r.weekend(shift), next + 1
	}
	if r.at(next) != cWeek || !shifted && r.at(i-1) == cNumber && r.at(i-2) != cWeek && r.close(i) {
		return days{}, i
	}
	day, end := r.dayOfWeek(next + 1)
	whole := r.wholeWeek(next + 1)
	switch {
	case shifted && whole > next+1:
		return theSpan(weekSpan(r.today.Add(7*shift)), aWeek), whole
	case day == time.Saturday && end > next+1 && r.sundayToo(end) > end:
		return r.weekend(shift), r.sundayToo(end)
	case end > next+1 && shifted:
		return r.weekDays(r.inWeek(shift, day), end)
	case end > next+1:
		return r.weekDays(r.nextWeekday(day), end)
	case shifted:
		return theSpan(weekSpan(r.today.Add(7*shift)), aWeek), end
	}
	return days{}, i
}

// wholeWeek skips what says that all of a week is meant: 下周|全周, 下周|一整周, 下周|一周.
func (r *reader) wholeWeek(i int) int {
	next := i
	if n, ok := r.number(i, 1, 1); ok && n == 1 {
		next++
	}
	end := r.skip(next, cWhole, cMeasure)
	if _, day := r.dayOfWeek(end + 1); end == i || r.at(end) != cWeek || day > end+1 {
		return i
	}
	return end + 1
}

// weekDays adds the days that go on with one: 周二三四, 周五六日. Days that do not stand
// together are more than one leave.
func (r *reader) weekDays(d days, i int) (days, int) {
	next := i
	for next < len(r.toks) && r.toks[next].run {
		next++
	}
	if next == i {
		return d, i
	}
	last := r.val(next-1) - r.val(i-1)
	if last != next-i {
		return days{vague: apart}, next
	}
	if end := r.sundayToo(next); end > next && r.val(next-1) == int(time.Saturday) {
		last, next = last+1, end
	}
	out := days{size: aFew}
	for _, s := range d.spans {
		out.spans = append(out.spans, Stretch{s.From, s.From.Add(last)})
	}
	return out, next
}

// weekShift reads 这, 下个, 上一 before a week.
func (r *reader) weekShift(i int) (shift, next int, said bool) {
	if r.at(i) != cShift {
		return 0, i, false
	}
	next = r.skip(i+1, cMeasure)
	if n, ok := r.number(next, 1, 1); ok && n == 1 {
		next++
	}
	return r.val(i), r.skip(next, cMeasure, cWhole), true
}

// dayOfWeek reads what stands after 周: 三, 日, 天.
func (r *reader) dayOfWeek(i int) (time.Weekday, int) {
	if r.at(i) == cDay && r.close(i) {
		return time.Sunday, i + 1
	}
	if n, ok := r.number(i, 1, 7); ok && r.close(i) && r.toks[i].width == 1 && !r.is(i+1, cMeasure, cMonth) {
		return time.Weekday(n % 7), i + 1
	}
	return 0, i
}

// sundayToo reads what makes 周六 into 周六日.
func (r *reader) sundayToo(i int) int {
	next := r.skip(i, cAnd)
	if r.at(next) == cDay && r.close(next) && r.val(next) == 0 {
		return next + 1
	}
	return i
}

// nextWeekday is a weekday alone: the next one. Said on that very day it may be
// today; after the other end of a span it is the first one from there.
func (r *reader) nextWeekday(day time.Weekday) days {
	d := days{weekday: true}
	if r.left != nil && len(r.left.spans) > 0 {
		for _, s := range r.left.spans {
			first := nthWeekday(s.From, 1, day)
			d.spans = append(d.spans, Stretch{first, first})
		}
		return d
	}
	if near := weekSpan(r.about).From.Add((int(day) + 6) % 7); !r.about.IsZero() && !near.Before(r.today) {
		d.spans = []Stretch{{near, near}}
		return d
	}
	first := nthWeekday(r.today, 1, day)
	d.spans = []Stretch{{first, first}}
	if first == r.today {
		d.spans = append(d.spans, Stretch{first.Add(7), first.Add(7)})
	}
	return d
}

// inWeek is a weekday of this week or another one. Some mean by 下周三 the next
// Wednesday, and by 这周一 on a Friday the next Monday.
func (r *reader) inWeek(shift int, day time.Weekday) days {
	this := weekSpan(r.today).From.Add((int(day) + 6) % 7)
	said := this.Add(7 * shift)
	d := days{spans: []Stretch{{said, said}}, weekday: true}
	switch {
	case shift == 1 && this.After(r.today) && (this.Since(r.today) <= 2 || day == time.Sunday):
		d.spans = append(d.spans, Stretch{this, this})
	case shift == 0 && this.Before(r.today):
		d.spans = append(d.spans, Stretch{this.Add(7), this.Add(7)})
	}
	return d
}

func (r *reader) weekend(shift int) days {
	monday := weekSpan(r.today.Add(7 * shift)).From
	return theSpan(Stretch{monday.Add(5), monday.Add(6)}, aFew)
}

// withWeekday reads the day of the week that stands beside a day, 10月8日（周四）.
// One that contradicts the day leaves both to be asked about.
func (r *reader) withWeekday(d days, i int) (days, int) {
	if d.size != aDay || len(d.spans) == 0 {
		return d, i
	}
	next := r.skip(i, cAnd, cOpen)
	if d.weekday {
		return r.withDate(d, i, next)
	}
	if r.at(next) != cWeek || r.is(i, cAnd) && r.val(i) < 2 {
		return d, i
	}
	day, end := r.dayOfWeek(next + 1)
	if end == next+1 || r.is(end, cTo, cDash, cTilde) && next == i && r.at(i-1) != cHao || r.at(i) == cAnd && r.is(end, cNot, cBack) { // 1号到5号，周四不请
		return d, i
	}
	if r.at(end) == cClose && r.is(next-1, cOpen) {
		end++
	}
	return r.agree(d, day), end
}

// withDate reads the date that stands after a day of the week: 周日, 二月十号.
func (r *reader) withDate(d days, i, next int) (days, int) {
	if r.is(i, cAnd) && r.val(i) < 2 {
		return d, i
	}
	date, end := r.calendarDay(next)
	if end == next {
		date, end = r.numericDay(next)
	}
	if end == next && !r.is(i, cAnd) && r.at(next) == cDayName { // 周四今天
		date, end = r.namedDay(next)
	}
	if end == next || date.size != aDay || len(date.spans) == 0 {
		return d, i
	}
	if r.at(end) == cClose && r.is(next-1, cOpen) {
		end++
	}
	return r.agree(date, d.spans[0].From.Weekday()), end
}

// agree keeps the readings that fall on a weekday. If none does, the day and the
// nearest such weekday are what may be meant.
func (r *reader) agree(d days, day time.Weekday) days {
	out := d
	out.spans = nil
	for _, s := range d.spans {
		if s.From.Weekday() == day {
			out.spans = append(out.spans, s)
		}
	}
	if len(out.spans) == 0 && d.month > 0 { // the day of another year may be it
		for _, y := range []int{-1, 1} {
			s := d.spans[0].From
			s.Year += y
			if s.exists() && s.Weekday() == day && d.year == 0 {
				out.spans = append(out.spans, Stretch{s, s})
			}
		}
	}
	if len(out.spans) > 0 {
		return out
	}
	said := d.spans[0].From
	near := nthWeekday(said.Add(-3), 1, day)
	out.spans = []Stretch{{said, said}, {near, near}}
	return out
}

// isMadeUp reports whether the token says of a day that was named before what kind of day it
// is: 礼拜天补班, 9月27日（周日，补班）.
func (r *reader) isMadeUp(i int) bool {
	if r.is(i-1, cDay, cHao, cNumber, cDayName, cPart, cFestival) {
		return true
	}
	return r.val(i) == 0 && slices.ContainsFunc(r.toks[:i], func(t token) bool { return slices.Contains([]class{cHao, cDayName, cWeek}, t.class) })
}
