package calendar

import "time"

// numericDay reads a day in digits: 2026-10-08, 10.8, 10/8, 1008, 20261008,
// 2026 10 8.
func (r *reader) numericDay(i int) (days, int) {
	inside := r.close(i) && r.is(i-1, cDot, cSlash) && r.part(i-2) >= 0 // 12.1.2.3
	if r.at(i) != cNumber || !r.toks[i].digits || inside {
		return days{}, i
	}
	if d, next := r.threeNumbers(i); next > i {
		return d, next
	}
	if d, next := r.twoNumbers(i); next > i {
		return d, next
	}
	return r.oneNumber(i)
}

// separator is the sign that separates the numbers of a date, with its class.
func (r *reader) separator(i int) class {
	if r.is(i, cDot, cSlash, cDash, cMiddle) && r.close(i) && r.close(i+1) {
		return r.at(i)
	}
	return cOther
}

// part is the number in digits at i, -1 if there is none.
func (r *reader) part(i int) int {
	if r.at(i) != cNumber || !r.toks[i].digits || r.toks[i].width > 4 {
		return -1
	}
	return r.toks[i].val
}

func (r *reader) threeNumbers(i int) (days, int) {
	if d, next := r.spacedNumbers(i); next > i {
		return d, next
	}
	sign := r.separator(i + 1)
	if sign == cOther || r.separator(i+3) != sign || r.part(i+2) < 0 || r.part(i+4) < 0 {
		return days{}, i
	}
	a, b, c := r.part(i), r.part(i+2), r.part(i+4)
	next := i + 5
	if r.at(next) == cHao || r.at(next) == cDay && r.val(next) == 0 {
		next++
	}
	switch {
	case r.separator(next) == sign && r.part(next+1) >= 0:
	case r.toks[i].width == 4:
		return r.settle(a, b, c), next
	case r.toks[i+4].width == 4:
		return r.eitherWay(a, b, c), next
	case r.toks[i].width == 2 && b <= 12:
		return r.settle(r.century(a), b, c), next
	}
	return days{}, i
}

// spacedNumbers reads 2026 10 8.
func (r *reader) spacedNumbers(i int) (days, int) {
	for k := i; k < i+3; k++ {
		if r.part(k) < 0 || k > i && r.close(k) {
			return days{}, i
		}
	}
	y, m, d := r.part(i), r.part(i+1), r.part(i+2)
	if r.toks[i].width != 4 || m < 1 || m > 12 || d < 1 || d > 31 {
		return days{}, i
	}
	return r.settle(y, m, d), i + 3
}

// eitherWay is 1/2/2020: the second of January, or the first of February.
func (r *reader) eitherWay(a, b, year int) days {
	d := days{year: year, month: a, day: b}
	take(&d, Date{year, time.Month(a), b})
	if a != b {
		take(&d, Date{year, time.Month(b), a})
	}
	return d
}

func (r *reader) twoNumbers(i int) (days, int) {
	if r.separator(i+1) == cOther || r.part(i+2) < 0 {
		return days{}, i
	}
	a, b := r.part(i), r.part(i+2)
	next := i + 3
	if r.toks[i].width == 4 && r.toks[i].val >= 1900 && b >= 1 && b <= 12 && !r.countsSomething(next) {
		return r.wholeMonth(a, b), next
	}
	if a < 1 || a > 12 || b < 1 || b > 31 || r.toks[i+2].width > 2 {
		return days{}, i
	}
	marked := r.at(next) == cHao || r.at(next) == cDay && r.val(next) == 0
	switch {
	case marked && r.at(i+1) == cDash: // 8-10号
		return days{}, i
	case marked:
		next++
	case r.countsSomething(next) || r.close(next) && r.is(next, cDot, cSlash) && r.part(next+1) >= 0:
		return days{}, i
	}
	return r.settle(0, a, b), next
}

// oneNumber reads 1008 and 20261008.
func (r *reader) oneNumber(i int) (days, int) {
	t := r.toks[i]
	twins := r.separator(i+1) == cDash && r.at(i+2) == cNumber && r.toks[i+2].digits && r.toks[i+2].width == t.width // 1008-1009
	if r.countsSomething(i+1) || r.separator(i+1) != cOther && !twins || i > 0 && r.close(i) && r.is(i-1, cDot, cColon, cNumber) {
		return days{}, i
	}
	switch t.width {
	case 4:
		if d := r.settle(0, t.val/100, t.val%100); t.val/100 >= 1 && t.val/100 <= 12 && len(d.spans) > 0 {
			return d, i + 1
		}
	case 8:
		if d := r.settle(t.val/10000, t.val/100%100, t.val%100); t.val/10000 >= 1900 && t.val/10000 < 2200 && len(d.spans) > 0 {
			return d, i + 1
		}
	}
	return days{}, i
}
