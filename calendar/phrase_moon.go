package calendar

import (
	"slices"
	"time"
)

// searchedMoon is how many days around a lunar day another is looked for: more than half
// of a month.
const searchedMoon = 15

// moonBeside reads a lunar day without its month after one with it, wherever that stood in
// the sentence: 正月初八上班初七请一天 names the seventh of the same month, 腊月二十八走
// 初五回 the fifth of the next. The nearest is meant.
func (r *reader) moonBeside(day, i int) (days, bool) {
	for k := i - 1; k >= 0; k-- {
		near, end := r.moonNamed(k)
		if end > i || len(near.spans) == 0 || near.size != aDay {
			continue
		}
		out := days{lunar: true}
		for _, s := range near.spans {
			if d, ok := nearestMoon(s.From, day); ok {
				out.spans = append(out.spans, Stretch{d, d})
			}
		}
		return out, len(out.spans) > 0
	}
	return days{}, false
}

// moonNamed reads the day whose lunar month, or lunar feast, is the token k, with the year
// before it.
func (r *reader) moonNamed(k int) (days, int) {
	first, read := k, (*reader).moonDay
	switch {
	case r.at(k) == cFestival && byLunarYear(r.val(k)):
		read = (*reader).feastDay
	case r.at(k) == cMonth && r.at(k+1) == cEdge && r.at(k-1) == cNumber: // 九月初九
		first = k - 1
	case r.at(k) != cLunarMonth && r.at(k) != cBigYear:
		return days{}, k
	}
	for r.is(first-1, cLeap, cLunar, cBigYear) {
		first--
	}
	for _, from := range []int{first - 2, first - 1} { // 明年正月初八
		if year, next := r.yearAt(from); year > 0 && next == first {
			return read(r, from)
		}
	}
	return read(r, first)
}

// nearestMoon is the day of the lunar month that is nearest to another day.
func nearestMoon(to Date, day int) (Date, bool) {
	for n := range searchedMoon + 1 {
		for _, d := range []Date{to.Add(-n), to.Add(n)} {
			if d.Moon().Day == day {
				return d, true
			}
		}
	}
	return Date{}, false
}

// feastOfMoon are the days that people name by month and day alone, and mean the
// lunar calendar.
func feastOfMoon(month, day int) bool {
	return month == 8 && day == 15 || month == 9 && day == 9 || month == 7 && (day == 7 || day == 15) ||
		month == 5 && day == 5 || month == 3 && day == 3 || month == 6 && day == 6 || month == 1 && day == 15 || month == 2 && day == 2
}

// spokenMoon reports whether a day of a month may be one of the lunar calendar by how it is
// said: 八月廿三号, 八月十五, or 八月十六 if the solar day is over.
func (r *reader) spokenMoon(month, i, end int) bool {
	if feastOfMoon(month, r.val(i)) {
		return true
	}
	over := Date{r.today.Year, time.Month(month), r.val(i)}.Before(r.today)
	return r.toks[i].moon || over && end == i+1 && r.val(i) > 10 && !r.toks[i].digits && !r.toks[i-2].digits
}

// eitherCalendar is 八月十五: of the lunar calendar or of the solar one.
func (r *reader) eitherCalendar(m MoonDay, day int) days {
	m.Day = day
	d := r.moonReadings(m)
	sun := days{month: m.Month, day: day}
	r.inSomeYear(&sun)
	if feastOfMoon(m.Month, day) {
		sun.spans = sun.spans[:1]
	}
	d.spans = slices.Insert(d.spans, min(1, len(d.spans)), sun.spans...)
	return d
}

// endOfYear reads 年二十八: a day at the end of the lunar year.
func (r *reader) endOfYear(i int) (days, int) {
	n, ok := r.number(i+1, 23, 30)
	if r.at(i) != cYear || !ok || r.is(i-1, cNumber, cShift) || r.toks[i+1].digits || r.countsSomething(i+2) || r.is(i+2, cHao, cDay) {
		return days{}, i
	}
	return r.moonReadings(MoonDay{Month: 12, Day: n}), i + 2
}
