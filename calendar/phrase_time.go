package calendar

import "time"

// noPart is no part of a day.
const noPart = -1

// partNames are the parts of a day by the number that the word table gives them.
//
//nolint:gochecknoglobals // a constant, but for the language
var partNames = [...]Part{Dawn, Morning, Noon, Afternoon, Evening, Night}

// clock is a time of day as it was said: 三点半, 15:30, 下午三点.
type clock struct {
	hour, minute, second int
	part                 int  // an index of partNames, noPart if none was said
	colon                bool // 5:00, which may be meant in 24 hours
	vague                bool
}

// clockAt reads a time of day, without the part before it.
func (r *reader) clockAt(i int) (clock, int) {
	c := clock{part: noPart}
	from := r.skip(i, cApprox)
	next := r.lacking(&c, from)
	if next == from {
		next = r.hourAt(&c, from)
	}
	if next == from {
		return c, i
	}
	switch r.at(next) {
	case cPm:
		c.part, next = 3, next+1
	case cAm:
		c.part, next = 1, next+1
	default:
	}
	return c, next
}

// lacking reads 差五分八点, 差一刻三点.
func (r *reader) lacking(c *clock, i int) int {
	if r.at(i) != cLack {
		return i
	}
	n, ok := r.number(i+1, 1, 59)
	if !ok || !r.is(i+2, cMinute, cQuarterHr) {
		return i
	}
	hour, ok := r.number(i+3, 1, 24)
	if !ok || r.at(i+4) != cClock {
		return i
	}
	if r.at(i+2) == cQuarterHr {
		n *= 15
	}
	c.hour, c.minute = hour-1, 60-n
	return i + 5
}

// hourAt reads the hour with what follows it.
func (r *reader) hourAt(c *clock, i int) int {
	if r.at(i) != cNumber {
		return i
	}
	t := r.toks[i]
	c.hour, c.vague = t.val, t.vague
	if t.vague && t.width == 2 {
		c.hour = t.val / 10 // 七八点
	}
	if c.hour > 24 {
		return i
	}
	switch {
	case r.at(i+1) == cColon && t.width <= 2:
		return r.colonTime(c, i)
	case r.at(i+1) == cClock:
		return r.minutes(c, i+2)
	case r.is(i+1, cAm, cPm) && t.digits:
		return i + 1
	}
	return i
}

// colonTime reads 15:30 and 15:30:10.
func (r *reader) colonTime(c *clock, i int) int {
	m, ok := r.number(i+2, 0, 59)
	if !ok || r.toks[i+2].width != 2 {
		return i
	}
	c.minute, c.colon = m, true
	next := i + 3
	if s, ok := r.number(next+1, 0, 59); ok && r.at(next) == cColon {
		c.second, next = s, next+2
	}
	if r.is(next, cClock, cMinute) && r.val(next) < 2 {
		next++
	}
	return next
}

// minutes reads what follows 点: 半, 一刻, 十五分, 零五, 整.
func (r *reader) minutes(c *clock, i int) int {
	if r.at(i) == cHour && r.close(i) { // 三点钟
		i++
	}
	switch {
	case r.at(i) == cHalf && !r.is(i+1, cDay, cMeasure, cMonth, cYear):
		c.minute = 30
		return r.seconds(c, i+1)
	case r.at(i) == cFull, r.at(i) == cWhole && !r.is(i+1, cDay):
		return i + 1
	case r.at(i) == cLack:
		return r.minutesLacking(c, i)
	case r.at(i) == cAgain && r.at(i+2) == cMinute: // 三点过五分
		return r.minutesPast(c, i+1)
	}
	return r.minutesPast(c, i)
}

// minutesLacking reads 差五分 after the hour.
func (r *reader) minutesLacking(c *clock, i int) int {
	n, ok := r.number(i+1, 1, 30)
	if !ok || !r.is(i+2, cMinute, cQuarterHr) {
		return i
	}
	if r.at(i+2) == cQuarterHr {
		n *= 15
	}
	c.hour, c.minute = c.hour-1, 60-n
	return i + 3
}

// minutesPast reads 一刻, 十五分, 零五. A single digit needs 分, as 三点3 is none.
func (r *reader) minutesPast(c *clock, i int) int {
	n, ok := r.number(i, 0, 59)
	if !ok || !r.close(i) {
		return i
	}
	switch {
	case r.at(i+1) == cQuarterHr && n <= 3:
		c.minute = 15 * n
		return i + 2
	case r.at(i+1) == cMinute && r.val(i+1) == 0:
		c.minute = n
		return r.seconds(c, i+2)
	case !r.countsSomething(i+1) && (n > 9 || r.toks[i].width == 2 || !r.toks[i].digits):
		c.minute = n
		return i + 1
	}
	return i
}

// seconds reads 五十九秒.
func (r *reader) seconds(c *clock, i int) int {
	if n, ok := r.number(i, 0, 59); ok && r.at(i+1) == cSecond {
		c.second = n
		return i + 2
	}
	return i
}

// with puts the time on a day: the readings it has, as instants. base is an
// index of partNames.
func (c clock) with(d Date, base int) []time.Time {
	at := func(days, hour int) time.Time {
		return time.Date(d.Year, d.Month, d.Day+days, hour, c.minute, c.second, 0, Zone)
	}
	h := c.hour
	if base == noPart {
		if h >= 1 && h <= 6 && !c.vague {
			if c.colon {
				return []time.Time{at(0, h), at(0, h+12)}
			}
			return []time.Time{at(0, h+12), at(0, h)}
		}
		return []time.Time{at(0, h)}
	}
	switch part := partNames[base]; {
	case h > 12 || h == 0:
		return []time.Time{at(0, h)}
	case part == Dawn || part == Morning:
		if h == 12 && part == Dawn {
			h = 0
		}
		return []time.Time{at(0, h)}
	case part == Noon:
		if h < 6 {
			h += 12
		}
		return []time.Time{at(0, h)}
	case part == Afternoon && h == 12:
		return []time.Time{at(0, 12)}
	case h == 12: // 晚上12点
		return []time.Time{at(1, 0)}
	case part == Afternoon:
		return []time.Time{at(0, h+12)}
	case h <= 4: // 晚上两点
		return []time.Time{at(1, h), at(0, h)}
	default:
		return []time.Time{at(0, h+12)}
	}
}
