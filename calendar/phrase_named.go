package calendar

// feastDay reads a festival, with its year, or as days off: 国庆, 明年春节, 国庆假期,
// 五一放假.
func (r *reader) feastDay(i int) (days, int) {
	year, next := r.yearAt(i)
	if r.at(next) == cTerm {
		return r.term(year, r.val(next)), r.skip(next+1, cFeast)
	}
	if r.at(next) != cFestival {
		return r.shortFeast(i, year, next)
	}
	f := r.val(next)
	d := r.feastIn(year, f)
	end := r.skip(next+1, cFeast)
	if r.at(end) == cBlock {
		return r.blocks(d), r.skip(end, cBlock)
	}
	if n, ok := r.number(end, 3, 9); ok && r.at(end+1) == cDay && r.val(end+1) == 1 && d.blockDays(r) == n { // 国庆七天
		return r.blocks(d), r.skip(end+2, cBlock)
	}
	return d, end
}

// shortFeast reads 五一 and 十一, where nothing else is meant: alone, or as days
// off.
func (r *reader) shortFeast(i, year, next int) (days, int) {
	if r.at(next) != cNumber || r.toks[next].digits {
		return days{}, i
	}
	f, ok := shortFeasts[r.val(next)]
	alone := next == 0 && len(r.toks) == 1
	end := next + 1
	dated := year > 0 && !r.countsSomething(end)
	asked := r.at(end) == cAsk && (next == 0 || r.at(next-1) == cAnd) // 五一请假
	if !ok || !alone && !dated && !asked && !r.is(end, cBlock, cFeast) && (!r.is(end, cBefore, cAfter) || r.is(next-1, cPast, cFuture)) {
		return days{}, i
	}
	d := days{month: int(f.Month), day: f.Day}
	if year > 0 {
		take(&d, Date{year, f.Month, f.Day})
	} else {
		r.inSomeYear(&d)
	}
	d.month, d.day = 0, 0
	d.feast = 1
	end = r.skip(end, cFeast)
	if r.at(end) == cBlock {
		return r.blocks(d), r.skip(end, cBlock)
	}
	return d, end
}

// pastFeast reads 过完国庆, 过完年: some day after it, or what is counted or named from
// there, 过完国庆第一天.
func (r *reader) pastFeast(i int) (days, int) {
	if r.at(i) != cAgain || r.val(i) != 1 {
		return days{}, i
	}
	d, end := r.feastDay(i + 1)
	if r.at(i+1) == cYear {
		d, end = r.feastIn(0, newYearIndex), i+2
	}
	if d.feast == 0 {
		return days{}, i
	}
	if more, next := r.besideFeast(d, end); next > end {
		return more, next
	}
	if more, next := r.dayAt(end); next > end {
		return more, next
	}
	n, ok := r.number(r.skip(end, cNth), 1, 60)
	unit := r.skip(end+2, cMeasure)
	if !ok || r.at(end) != cNth || !r.is(unit, cDay, cWorkday) {
		return days{vague: whichDayAfter}, end
	}
	return r.blocks(d).each(aDay, func(s Stretch) (Stretch, bool) { return theOne(r.off.AddWorkdays(s.To, n)) }), unit + 1
}

// whichDayAfter asks for a day that was said to be after a holiday.
const whichDayAfter = "请说具体哪一天，例如“节后第一天”或“10月8日”。"

// feastIn is the festival f in a year, or the next one; if this year's has passed
// it may be that too. 今年除夕 may be the one that ends the lunar year or the one
// that falls in the solar one.
func (r *reader) feastIn(year, f int) days {
	d := days{feast: f + 1}
	if year > 0 {
		r.takeFeast(&d, year, f)
		if byLunarYear(f) && len(d.spans) > 0 && d.spans[0].From.Year != year {
			r.takeFeast(&d, year-1, f)
		}
		return d
	}
	now := r.today.Year
	if byLunarYear(f) {
		now = r.today.Moon().Year
	}
	this, ok := feast(f, now)
	if ok && !this.Before(r.today) {
		r.takeFeast(&d, now, f)
		return d
	}
	r.takeFeast(&d, now+1, f)
	r.takeFeast(&d, now, f)
	return d
}

func (r *reader) takeFeast(d *days, year, f int) {
	if day, ok := feast(f, year); ok {
		take(d, day)
	}
}

// term is a solar term in a year, or the next one.
func (r *reader) term(year, i int) days {
	d := days{}
	for _, y := range []int{year, r.today.Year, r.today.Year + 1} {
		day, ok := solarTerm(y, i)
		if y == 0 || !ok || year == 0 && day.Before(r.today) {
			continue
		}
		take(&d, day)
		return d
	}
	return d
}

// blocks are the days off of each reading of a festival.
func (r *reader) blocks(d days) days {
	out := d.each(aFew, func(s Stretch) (Stretch, bool) { return r.off.Block(s.From), r.off.Known(s.From.Year) })
	out.feast = d.feast
	if len(d.spans) > 0 && !r.off.Known(d.spans[0].From.Year) {
		out.spans = nil
		out.vague = unknownYear(d.spans[0].From.Year)
	}
	return out
}

// blockDays counts the days off of a festival.
func (d days) blockDays(r *reader) int {
	if len(d.spans) == 0 {
		return 0
	}
	return r.off.Block(d.spans[0].From).Days()
}

// workDay reads 下个工作日, 节后第一天, 节前最后一个工作日, 补班那天.
func (r *reader) workDay(i int) (days, int) {
	if r.is(i, cShift) {
		next := r.skip(i+1, cMeasure)
		if r.at(next) == cWorkday && r.val(i) == 1 {
			return theDay(r.off.AddWorkdays(r.today, 1)), next + 1
		}
		if r.at(next) == cWorkday && r.val(i) == -1 {
			return theDay(r.off.AddWorkdays(r.today, -1)), next + 1
		}
	}
	if r.at(i) == cMakeUp && !r.isMadeUp(i) {
		return r.makeUp(), i + 1
	}
	if !r.is(i, cFeast, cBlock) || !r.is(i+1, cAfter, cBefore) {
		return days{}, i
	}
	block, ok := r.off.NextBlock(r.today)
	d := theSpan(block, aFew)
	d.feast = 1
	more, end := r.besideFeast(d, i+1)
	if end == i+1 {
		return days{}, i
	}
	if !ok {
		return days{vague: "下一个假期的放假安排尚未录入，请说具体的日子。"}, end
	}
	return more, end
}

// makeUp is the next working day that makes up for a holiday.
func (r *reader) makeUp() days {
	for n := range 366 {
		if d := r.today.Add(n); r.off.dayOf(d).Kind == MakeUpWorkday {
			return theDay(d)
		}
	}
	return days{vague: "没有查到补班日，请说具体的日子。"}
}

// moonDay reads a day or month of the lunar calendar: 农历八月初八, 腊月二十三, 正月
// 初二, 大年初一, 闰四月, 初八.
func (r *reader) moonDay(i int) (days, int) {
	year, next := r.yearAt(i)
	said := next
	next = r.skip(next, cLunar, cBigYear)
	lunar := next > said
	if year == 0 {
		year, next = r.yearAt(next)
	}
	m := MoonDay{Year: year}
	if r.at(next) == cLeap {
		m.Leap, lunar, next = true, true, next+1
	}
	m.Month, next, lunar = r.moonMonth(next, lunar)
	if m.Month == 0 && r.is(next-1, cBigYear) {
		m.Month = 1
	}
	day, end, first := r.dayOfMoon(next, lunar)
	if bare := next == i && !lunar; bare && (first || day > 10 && r.at(end) == cAsk) {
		if d, ok := r.moonBeside(day, i); ok {
			return d, end
		}
	}
	switch {
	case day > 0 && first && m.Month == 0 && r.at(next-1) == cMonth: // 13月初一
		return days{}, i
	case day > 0 && (lunar || first):
		m.Day = day
		if r.is(next-1, cBigYear) && day == 30 {
			return r.feastIn(year, eveIndex), end
		}
		return r.moonReadings(m), end
	case day == 0 && lunar && m.Month > 0 && r.is(next-1, cMonth, cLunarMonth):
		return r.moonReadings(m), next
	case day > 0 && m.Month > 0 && year == 0 && r.spokenMoon(m.Month, next, end):
		return r.eitherCalendar(m, day), end
	}
	return days{}, i
}

// eveIndex and newYearIndex are 除夕 and 春节 in the table of festivals.
const (
	eveIndex     = 4
	newYearIndex = 5
)

// moonMonth reads a month, and whether it can only be a lunar one.
func (r *reader) moonMonth(i int, lunar bool) (month, next int, isLunar bool) {
	if r.at(i) == cLunarMonth {
		return r.val(i), i + 1, true
	}
	if n, ok := r.number(i, 1, 12); ok && r.at(i+1) == cMonth {
		return n, i + 2, lunar
	}
	return 0, i, lunar
}

// dayOfMoon reads a lunar day: 初八, 十五, 廿三. first says that it is written as
// only lunar days are.
func (r *reader) dayOfMoon(i int, lunar bool) (day, next int, first bool) { //nolint:revive // what was said before, no switch
	if r.at(i) == cEdge && r.val(i) == 1 {
		if n, ok := r.number(i+1, 1, 10); ok {
			return n, i + 2, true
		}
		return 0, i, false
	}
	n, ok := r.number(i, 1, 30)
	if !ok || r.countsSomething(i+1) && (r.at(i+1) != cDay || r.val(i+1) > 0) {
		return 0, i, false
	}
	next, first = i+1, r.toks[i].moon
	if r.at(next) == cHao || r.at(next) == cDay {
		if !lunar && !first {
			return 0, i, false
		}
		next, first = next+1, false
	}
	if r.toks[i].digits && !lunar {
		return 0, i, false
	}
	return n, next, first
}

// moonReadings finds a lunar day or, without a day, a lunar month.
func (r *reader) moonReadings(m MoonDay) days {
	d := days{lunar: true}
	if m.Day == 0 {
		d.size = aMonth
	}
	now := r.today.Moon()
	switch {
	case m.Year > 0:
		takeMoon(&d, m)
		if s := d.spans; len(s) > 0 && s[0].From.Year != m.Year && m.Year >= r.today.Year-1 && m.Month > 10 {
			m.Year--
			takeMoon(&d, m)
		}
	case m.Month == 0:
		m.Year, m.Month, m.Leap = now.Year, now.Month, now.Leap
		for n := 0; n < 3 && len(d.spans) == 0; n++ {
			takeMoonFrom(&d, m, r.today)
			m.Leap = false
			if m.Month++; m.Month > 12 {
				m.Year, m.Month = m.Year+1, 1
			}
		}
	default:
		r.nextMoon(&d, m, now.Year)
	}
	return d
}

// nextMoon is the lunar day this year, or if it has passed next year or then.
func (r *reader) nextMoon(d *days, m MoonDay, year int) {
	m.Year = year
	takeMoonFrom(d, m, r.today)
	if len(d.spans) > 0 {
		return
	}
	for n := 1; n < 20 && len(d.spans) == 0; n++ {
		m.Year = year + n
		takeMoon(d, m)
		if !m.Leap {
			break
		}
	}
	m.Year = year
	takeMoon(d, m)
}

func takeMoon(d *days, m MoonDay) {
	if s, ok := m.span(); ok {
		d.spans = append(d.spans, s)
	}
}

func takeMoonFrom(d *days, m MoonDay, from Date) {
	if s, ok := m.span(); ok && !s.To.Before(from) {
		d.spans = append(d.spans, s)
	}
}

// span is the day, or the month where no day is set. The last day of the year is
// 腊月三十 even if that month has 29 days.
func (m MoonDay) span() (Stretch, bool) {
	if m.Day > 0 {
		d, ok := m.Date()
		if !ok && m.Month == 12 && m.Day == 30 {
			m.Day = 29
			d, ok = m.Date()
		}
		return Stretch{d, d}, ok
	}
	m.Day = 1
	first, ok := m.Date()
	return Stretch{first, first.Add(max(m.monthDays(), 1) - 1)}, ok
}

// partOfYear reads what needs no year: 三季度, 本季度, 上半年, 下半月, 上旬, 月底, 年初.
func (r *reader) partOfYear(i int) (days, int) {
	year := theSpan(yearSpan(r.today.Year), aYear)
	month := theSpan(monthSpan(r.today.Year, int(r.today.Month)), aMonth)
	switch {
	case r.at(i) == cShift && r.at(r.skip(i+1, cMeasure)) == cQuarter:
		q := QuarterOf(r.today)
		first := addMonths(q.First(), 3*r.val(i))
		q = QuarterOf(first)
		return theSpan(Stretch{q.First(), q.Last()}, aQuarter), r.skip(i+1, cMeasure) + 1
	case r.at(i-1) == cNumber:
	case r.at(i) == cMonth && r.at(i+1) == cEdge:
		return r.narrowed(month, i+1)
	case r.at(i) == cYear && r.at(i+1) == cEdge:
		return r.narrowed(year, i+1)
	case r.is(i, cHalfMonth, cDecade):
		return r.narrowed(month, i)
	case r.at(i) == cHalfYear:
		return r.narrowed(year, i)
	}
	if d, next := r.quarter(year, i); next > i {
		return d, next
	}
	return days{}, i
}

// quarterSpan is a quarter as days.
func quarterSpan(year, n int) Stretch {
	q := Quarter{year, n}
	return Stretch{q.First(), q.Last()}
}
