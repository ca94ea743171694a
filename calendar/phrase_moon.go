package calendar

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
