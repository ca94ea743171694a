package calendar

// secondsOfDay is a day as a length.
const secondsOfDay = 24 * 60 * 60

// amount is a length of time by its units.
type amount struct {
	months, days, weeks int // weeks are in days too
	seconds             int64
	workdays            int
	halfDay             bool // half a day, in seconds too
	vague               bool
	approx              int64 // seconds by which years and months count as a length
}

// isDays reports whether the amount is made of whole days.
func (l amount) isDays() bool {
	return l.seconds == 0 && (l.months > 0 || l.days > 0 || l.workdays > 0 || l.vague)
}

// total is the length in seconds: a month has 30 days, a year 365.
func (l amount) total() int64 {
	return l.approx + int64(l.days+l.workdays)*secondsOfDay + l.seconds
}

// add adds hundredths of a unit.
func (l amount) add(hundredths int, u class) amount {
	n, rest := hundredths/100, hundredths%100
	part := int64(rest) * secondsOfDay / 100
	switch u {
	case cYear:
		l.months += hundredths * 12 / 100
		l.approx += int64(hundredths) * 365 * secondsOfDay / 100
	case cQuarter:
		l.months += hundredths * 3 / 100
		l.approx += int64(hundredths) * 90 * secondsOfDay / 100
	case cMonth:
		l.months += n
		l.days += rest * 30 / 100
		l.approx += int64(n) * 30 * secondsOfDay
	case cWeek:
		l.weeks += n
		l.days += 7 * n
		l.seconds += 7 * part
	case cDay:
		l.days += n
		l.seconds += part
		l.halfDay = rest == 50
	case cWorkday:
		l.workdays += n
		l.seconds += part
		l.halfDay = rest == 50
	default:
		l.seconds += int64(hundredths) * unitSeconds(u) / 100
	}
	return l
}

// unitSeconds is how long a unit of a clock is.
func unitSeconds(u class) int64 {
	switch u {
	case cHour, cClock:
		return 60 * 60
	case cQuarterHr:
		return 15 * 60
	case cMinute:
		return 60
	case cSecond:
		return 1
	default:
		return 0
	}
}

// length reads a length: 三天, 两天半, 一个半小时, 36天5小时30分, 3个工作日.
func (r *reader) length(i int) (amount, int) {
	var l amount
	next := r.lengthPiece(i, &l)
	if next == i {
		return l, i
	}
	for {
		end := r.lengthPiece(next, &l)
		if end == next || l.vague {
			return l, next
		}
		next = end
	}
}

// lengthPiece reads one number with its unit. A piece after the first has a
// smaller unit.
func (r *reader) lengthPiece(i int, l *amount) int {
	from := r.skip(i, cApprox)
	if r.at(i-1) == cNth {
		return i
	}
	first := *l == amount{}
	if first && (r.at(from) == cVague || r.at(from) == cNumber && r.toks[from].vague || r.severalNumbers(from) || r.someMore(from)) {
		return r.vaguePiece(i, from, l)
	}
	if r.at(from) == cHalf && r.val(from) == 1 { // 半晌
		*l = l.add(50, cDay)
		return from + 1
	}
	n, next := r.count(from)
	if next == from {
		return i
	}
	u, end := r.unit(next, n)
	switch {
	case u == cOther, n > mostOf(u), !first && !r.smaller(u, l), u == cNightUnit && n != 100*l.days:
		return i
	case first && u == cClock, first && u == cDay && r.isDayOfMonth(next, n) && r.at(i-1) != cAsk: // 20时, 29日
		return i
	}
	if r.at(end) == cHalf && n%100 == 0 && r.close(end) { // 两天半, 一小时半
		if k := r.skip(end+1, cMeasure); !r.is(k, cDay, cHour, cMonth, cYear) {
			n, end = n+50, end+1
		}
	}
	if r.at(end-1) == cMinute && r.val(end-1) == 2 {
		n *= 5 // 三个字
	}
	*l = l.add(n, u)
	return end
}

// mostOf is how much of a unit is read, in hundredths: nobody means more, and to
// count it would take long.
func mostOf(u class) int {
	switch u {
	case cYear:
		return 100 * 100
	case cMonth, cQuarter, cWeek, cWorkday:
		return 600 * 100
	default:
		return 40_000 * 100
	}
}

// isDayOfMonth reports whether 29日 is a day: 90日, 半日 and 一日 are lengths.
func (r *reader) isDayOfMonth(i, n int) bool {
	return r.val(i) == 0 && !r.is(i+1, cWithin, cAfter, cBefore) && n%100 == 0 && n <= 3100 && (n > 100 || r.toks[i-1].digits)
}

// severalNumbers reports whether there are two numbers of one unit: 三到五天.
func (r *reader) severalNumbers(i int) bool {
	return r.at(i) == cNumber && r.is(i+1, cTo, cDash, cTilde) && r.at(i+2) == cNumber &&
		r.val(i+2) > r.val(i) && r.isLengthUnit(i+3)
}

// someMore reports whether the number is rounded: 十来天, 十几天.
func (r *reader) someMore(i int) bool {
	return r.at(i) == cNumber && r.is(i+1, cMore, cVague) && r.close(i+1)
}

// isLengthUnit reports whether the token can only be a unit of length.
func (r *reader) isLengthUnit(i int) bool {
	return r.is(i, cMeasure, cHour, cWeek, cYear, cWorkday) || r.at(i) == cDay && r.val(i) == 1
}

// vaguePiece reads 三四天, 几天, 三到五天: a length that is not fixed.
func (r *reader) vaguePiece(i, from int, l *amount) int {
	next := from + 1
	switch {
	case r.at(from) == cVague && r.val(from) == 2:
		l.vague = true
		return next
	case r.severalNumbers(from):
		next = from + 3
	case r.someMore(from):
		next = from + 2
	}
	next = r.skip(next, cMeasure)
	if !r.is(next, cDay, cHour, cWeek, cYear, cWorkday, cMinute) && (r.at(next) != cMonth || r.at(next-1) != cMeasure && r.val(from) != 1) || r.at(next) == cDay && r.val(next) == 0 {
		return i
	}
	l.vague = true
	return next + 1
}

// smaller reports whether a piece with the unit can follow what was read: 天 after
// 周.
func (r *reader) smaller(u class, l *amount) bool {
	switch u {
	case cMonth:
		return l.months > 0 && l.days == 0 && l.seconds == 0
	case cWeek, cDay:
		return (l.months > 0 || l.days > 0) && l.seconds == 0 && (u == cDay || l.days == 0)
	case cHour, cClock, cMinute, cSecond, cQuarterHr, cNightUnit:
		return l.workdays == 0
	default:
		return false
	}
}

// count reads how many, in hundredths: 三, 半, 个半, 一个半, 1.5.
func (r *reader) count(i int) (n, next int) {
	switch {
	case r.at(i) == cHalf:
		return 50, r.skip(i+1, cMeasure)
	case r.at(i) == cMeasure && r.at(i+1) == cHalf:
		return 150, i + 2
	case r.at(i) == cWhole:
		return 100, i + 1
	case r.at(i) != cNumber || r.val(i) > 99999:
		return 0, i
	}
	n = 100 * r.val(i)
	next = r.skip(i+1, cMeasure, cWhole)
	if r.at(next) == cHalf && next > i+1 && r.at(next+1) == cDay { // 两个半天
		return n / 2, next + 1
	}
	if r.at(next) == cHalf && next > i+1 && r.is(next+1, cDay, cHour, cMonth, cWeek, cYear, cMeasure) {
		return n + 50, r.skip(next+1, cMeasure)
	}
	if r.is(i+1, cDot, cClock) && r.val(i+1) == 0 && r.at(i+2) == cNumber && r.isLengthUnit(r.skip(i+3, cMeasure)) {
		return n + r.decimals(i+2), r.skip(i+3, cMeasure)
	}
	return n, next
}

// decimals is what stands after a decimal point, in hundredths.
func (r *reader) decimals(i int) int {
	v, width := r.val(i), r.toks[i].width
	if width == 1 {
		return 10 * v
	}
	for ; width > 2; width-- {
		v /= 10
	}
	return v
}

// unit reads a unit of length at i. A month needs 个 before it, unless it is 两月.
func (r *reader) unit(i, n int) (class, int) {
	measured := r.at(i-1) == cMeasure || r.at(i-1) == cHalf
	switch r.at(i) {
	case cMonth:
		if measured || r.at(i-1) == cNumber && r.close(i) && r.isPair(i-1) {
			return cMonth, i + 1
		}
	case cYear:
		if n < 100000 {
			return cYear, i + 1
		}
	case cDay, cWorkday, cSecond:
		return r.at(i), i + 1
	case cWeek:
		if _, end := r.dayOfWeek(i + 1); end == i+1 || n > 100 {
			return cWeek, i + 1
		}
	case cQuarter:
		if measured {
			return cQuarter, i + 1
		}
	case cHour:
		return cHour, i + 1
	case cClock:
		if r.val(i) == 1 {
			return cClock, i + 1
		}
	case cQuarterHr:
		return cQuarterHr, r.skip(i+1, cMonthsOnly)
	case cMinute:
		if r.val(i) < 2 || measured {
			return cMinute, i + 1
		}
	case cNightUnit:
		return cNightUnit, i + 1
	default:
	}
	return cOther, i
}

// isPair reports whether the number before 月 is a count: 前两月, 后三月.
func (r *reader) isPair(i int) bool {
	return !r.toks[i].digits && (r.is(i-1, cBefore, cAfter, cPast, cFuture) || r.toks[i].val == 2 && r.at(i-1) == cShift)
}
