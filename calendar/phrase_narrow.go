package calendar

import (
	"fmt"
	"time"
)

// narrowed reads what picks days out of the days before it, or counts on from
// them: 十月|第一个星期一, 今年|最后三周, 去年|上半年, 2月13号|后的第3天, 国庆|前一天.
func (r *reader) narrowed(d days, i int) (days, int) {
	if len(d.spans) == 0 {
		return d, i
	}
	if d.feast > 0 {
		if more, next := r.besideFeast(d, i); next > i {
			return more, next
		}
	}
	rules := []func(days, int) (days, int){r.weekdayIn, r.thatDay, r.nth, r.lastOf, r.firstOf, r.half, r.quarter, r.edge}
	if d.size <= aFew {
		rules = []func(days, int) (days, int){r.awayFrom, r.nth, r.lastOf}
	}
	for _, try := range rules {
		if more, next := try(d, i); next > i {
			return more, next
		}
	}
	return d, i
}

// weekdayIn reads the day of a week: 下周|的周三, 下周|末.
func (r *reader) weekdayIn(d days, i int) (days, int) {
	if d.size != aWeek {
		return d, i
	}
	if r.at(i) == cWeekend {
		return d.each(aFew, func(s Stretch) (Stretch, bool) { return Stretch{s.From.Add(5), s.To}, true }), i + 1
	}
	if r.at(i) != cWeek {
		return d, i
	}
	day, next := r.dayOfWeek(i + 1)
	if next == i+1 {
		return d, i
	}
	return d.each(aDay, func(s Stretch) (Stretch, bool) { return theOne(nthWeekday(s.From, 1, day)) }), next
}

func theOne(d Date) (Stretch, bool) { return Stretch{d, d}, true }

// thatDay reads 去年|的今天.
func (r *reader) thatDay(d days, i int) (days, int) {
	if r.at(i) != cDayName || r.val(i) != 0 || d.size == aWeek {
		return d, i
	}
	return d.each(aDay, func(s Stretch) (Stretch, bool) {
		day := Date{s.From.Year, s.From.Month, r.today.Day}
		if d.size == aYear {
			day.Month = r.today.Month
		}
		return Stretch{day, day}, day.exists()
	}), i + 1
}

// nth reads 第二天, 第二周, 第一个星期一, 第二个工作日.
func (r *reader) nth(d days, i int) (days, int) {
	if r.at(i) != cNth {
		return d, i
	}
	n, ok := r.number(i+1, 1, 366)
	if !ok {
		return d, i
	}
	return r.nthUnit(d, r.skip(i+2, cMeasure), n)
}

// nthUnit is the nth day, week, weekday or working day of d.
func (r *reader) nthUnit(d days, i, n int) (days, int) {
	switch r.at(i) {
	case cDay, cHao:
		return d.each(aDay, func(s Stretch) (Stretch, bool) { return theOne(s.From.Add(n - 1)) }), i + 1
	case cWorkday:
		return r.announced(d.each(aDay, func(s Stretch) (Stretch, bool) { return theOne(r.off.AddWorkdays(s.From.Add(-1), n)) })), i + 1
	case cWeek:
		if day, next := r.dayOfWeek(i + 1); next > i+1 {
			return d.each(aDay, func(s Stretch) (Stretch, bool) { return theOne(nthWeekday(s.From, n, day)) }), next
		}
		return d.each(aWeek, func(s Stretch) (Stretch, bool) {
			monday := nthWeekday(s.From, n, time.Monday)
			return Stretch{monday, monday.Add(6)}, true
		}).orByDays(d, n), i + 1
	case cWeekend:
		return d.each(aFew, func(s Stretch) (Stretch, bool) {
			day := nthWeekday(s.From, n, time.Saturday)
			return Stretch{day, day.Add(1)}, true
		}), i + 1
	case cMonth:
		return d.each(aMonth, func(s Stretch) (Stretch, bool) {
			first := addMonths(s.From, n-1)
			return Stretch{first, first.LastOfMonth()}, true
		}), i + 1
	case cQuarter:
		return d.each(aQuarter, func(s Stretch) (Stretch, bool) { return quarterSpan(s.From.Year, min(n, 4)), n <= 4 }), i + 1
	default:
	}
	return d, i
}

// announced asks for another word where working days were counted in a year of
// which nobody knows the holidays.
func (r *reader) announced(d days) days {
	for _, s := range d.spans {
		if !r.off.Known(s.To.Year) {
			return days{vague: unknownYear(s.To.Year)}
		}
	}
	return d
}

// unknownYear says that a year's days off are not known.
func unknownYear(year int) string {
	return fmt.Sprintf("%d年放假安排尚未录入，请说具体的日子。", year)
}

// orByDays adds the week that a month's days are in, where the month does not
// begin on a Monday: its first days are a week to some.
func (d days) orByDays(of days, n int) days {
	if of.size != aMonth || len(of.spans) != 1 || of.spans[0].From.Weekday() == time.Monday {
		return d
	}
	week := weekSpan(of.spans[0].From.Add(7 * (n - 1)))
	d.spans = append(d.spans, week)
	return d
}

// lastOf reads 最后一天, 最后三周, 最后一个周五, 最后4个月, 最后一个工作日.
func (r *reader) lastOf(d days, i int) (days, int) {
	if r.at(i) != cLast {
		return d, i
	}
	n, ok := r.number(r.skip(i+1, cNth), 1, 366)
	if !ok {
		return d, i
	}
	next := r.skip(r.skip(i+1, cNth)+1, cMeasure)
	switch r.at(next) {
	case cDay:
		return d.each(size(n), func(s Stretch) (Stretch, bool) { return Stretch{s.To.Add(1 - n), s.To}, true }), next + 1
	case cWorkday:
		return r.announced(d.each(aDay, func(s Stretch) (Stretch, bool) { return theOne(r.off.AddWorkdays(s.To.Add(1), -n)) })), next + 1
	case cMonth:
		return d.each(aMonth, func(s Stretch) (Stretch, bool) {
			return Stretch{addMonths(Date{s.To.Year, s.To.Month, 1}, 1-n), s.To}, true
		}), next + 1
	case cWeekend:
		return d.each(aFew, func(s Stretch) (Stretch, bool) {
			sunday := s.To.Add(-int(s.To.Weekday()))
			return Stretch{sunday.Add(-1), sunday}, true
		}), next + 1
	case cWeek:
		if day, end := r.dayOfWeek(next + 1); end > next+1 {
			return d.each(aDay, func(s Stretch) (Stretch, bool) { return theOne(nthWeekday(s.To.Add(-6), 1, day).Add(7 - 7*n)) }), end
		}
		out := days{size: aWeek}
		for _, s := range d.spans {
			sunday := s.To.Add(-int(s.To.Weekday()))
			out.spans = append(out.spans, Stretch{sunday.Add(1 - 7*n), sunday}, Stretch{s.To.Add(1 - 7*n), s.To})
		}
		return out, next + 1
	default:
	}
	return d, i
}

func size(n int) int {
	if n == 1 {
		return aDay
	}
	return aFew
}

// firstOf reads 前两周, 前三天, 头一个月, 首周.
func (r *reader) firstOf(d days, i int) (days, int) {
	if !r.is(i, cBefore, cFirst) {
		return d, i
	}
	n, next := 1, i+1
	if k, ok := r.number(next, 1, 366); ok {
		n, next = k, next+1
	} else if r.at(i) == cBefore {
		return d, i
	}
	next = r.skip(next, cMeasure)
	switch r.at(next) {
	case cDay:
		return d.each(size(n), func(s Stretch) (Stretch, bool) { return Stretch{s.From, s.From.Add(n - 1)}, true }), next + 1
	case cMonth:
		return d.each(aMonth, func(s Stretch) (Stretch, bool) { return Stretch{s.From, addMonths(s.From, n).Add(-1)}, true }), next + 1
	case cQuarter:
		return d.each(aMonth, func(s Stretch) (Stretch, bool) { return Stretch{s.From, addMonths(s.From, 3*n).Add(-1)}, true }), next + 1
	case cWeek:
		out := days{size: aWeek}
		for _, s := range d.spans {
			monday := nthWeekday(s.From, 1, time.Monday)
			out.spans = append(out.spans, Stretch{monday, monday.Add(7*n - 1)})
			if monday != s.From {
				out.spans = append(out.spans, Stretch{s.From, s.From.Add(7*n - 1)})
			}
		}
		return out, next + 1
	default:
	}
	return d, i
}

// half reads 上半年, 下半月 and 上旬.
func (r *reader) half(d days, i int) (days, int) {
	n := r.val(i)
	switch {
	case r.at(i) == cHalfYear && d.size == aYear:
		return d.each(aMonth, func(s Stretch) (Stretch, bool) {
			return Stretch{Date{s.From.Year, time.Month(6*n - 5), 1}, monthSpan(s.From.Year, 6*n).To}, true
		}), i + 1
	case r.at(i) == cHalfMonth && d.size == aMonth:
		return d.each(aFew, func(s Stretch) (Stretch, bool) {
			if n == 1 {
				return Stretch{s.From, s.From.Add(14)}, true
			}
			return Stretch{s.From.Add(15), s.To}, true
		}), i + 1
	case r.at(i) == cDecade && d.size == aMonth:
		return d.each(aFew, func(s Stretch) (Stretch, bool) { return decade(s, n), true }), i + 1
	}
	return d, i
}

// decade is the nth third (旬) of a month.
func decade(s Stretch, n int) Stretch {
	if n == 3 {
		return Stretch{s.From.Add(20), s.To}
	}
	return Stretch{s.From.Add(10*n - 10), s.From.Add(10*n - 1)}
}

// quarter reads 第三季度, 一季度, 首季度 in a year.
func (r *reader) quarter(d days, i int) (days, int) {
	if d.size != aYear {
		return d, i
	}
	if r.at(i) == cQuarterName {
		return d.each(aQuarter, func(s Stretch) (Stretch, bool) { return quarterSpan(s.From.Year, r.val(i)), true }), i + 1
	}
	next := r.skip(i, cNth)
	n, ok := r.number(next, 1, 4)
	if r.at(i) == cFirst {
		n, ok = 1, true
	}
	end := r.skip(next+1, cMeasure)
	if !ok || r.at(end) != cQuarter || end > next+1 && next == i {
		return d, i
	}
	return d.each(aQuarter, func(s Stretch) (Stretch, bool) { return quarterSpan(s.From.Year, n), true }), end + 1
}

// edge reads 月初, 月底, 年底: nobody knows how many days that is.
func (r *reader) edge(d days, i int) (days, int) {
	if r.at(i) == cYear && d.size == aYear || r.at(i) == cMonth && d.size == aMonth { // 明年年初
		if more, next := r.edge(d, i+1); next > i+1 {
			return more, next
		}
	}
	if r.at(i) != cEdge || d.size != aMonth && d.size != aYear || !r.close(i) || r.at(i+1) == cNumber && r.close(i+1) && r.val(i) == 1 {
		return d, i
	}
	n := r.val(i)
	out := days{size: aFew}
	for _, s := range d.spans[:1] {
		switch {
		case d.size == aYear && n == 1:
			out.spans = append(out.spans, monthSpan(s.From.Year, 1), quarterSpan(s.From.Year, 1))
		case d.size == aYear && n == 2:
			out.spans = append(out.spans, Stretch{monthSpan(s.From.Year, 6).From, monthSpan(s.From.Year, 7).To}, monthSpan(s.From.Year, 6))
		case d.size == aYear:
			out.spans = append(out.spans, monthSpan(s.From.Year, 12), Stretch{s.To, s.To})
		case n == 1:
			out.spans = append(out.spans, Stretch{s.From, s.From}, Stretch{s.From, s.From.Add(4)}, decade(s, 1))
		case n == 2:
			out.spans = append(out.spans, decade(s, 2), Stretch{s.From.Add(14), s.From.Add(14)})
		default:
			out.spans = append(out.spans, Stretch{s.To, s.To}, decade(s, 3), Stretch{s.To.Add(-4), s.To})
		}
	}
	return out, i + 1
}
