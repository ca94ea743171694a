package calendar

import (
	"fmt"
	"slices"
	"time"
)

// calendarDay reads a day, month or year of the calendar: 2026年10月8日, 十月八号,
// 8号, 明年四月, 下个月20号, 07年.
func (r *reader) calendarDay(i int) (days, int) {
	if r.noSuchMonth(i) {
		return days{}, i + 4
	}
	next := r.skip(i, cSolar)
	year, next := r.yearAt(next)
	afterYear := next
	if year > 0 {
		next = r.skip(next, cAnd)
	}
	month, afterMonth := r.monthAt(next, &year)
	if month > 0 {
		next = afterMonth
	} else {
		next = afterYear
	}
	day, afterDay := r.dayOfMonth(next, month > 0)
	switch {
	case day > 0 && (month > 0 || year == 0):
		return r.settle(year, month, day), afterDay
	case month > 0:
		return r.wholeMonth(year, month), next
	case year > 0:
		return days{spans: []Stretch{yearSpan(year)}, size: aYear, year: year}, next
	}
	return days{}, i
}

// noSuchMonth reports whether 13月1日 begins at i.
func (r *reader) noSuchMonth(i int) bool {
	n, ok := r.number(i, 13, 99)
	_, day := r.number(i+2, 1, 31)
	return ok && n > 12 && r.at(i+1) == cMonth && day && r.is(i+3, cHao, cDay)
}

// yearAt reads a year: 2026年, 九七年, 明年. Of a number of two digits it is a year
// only if more of a date follows.
func (r *reader) yearAt(i int) (year, next int) {
	if r.at(i) == cYearName {
		return r.today.Year + r.val(i), i + 1
	}
	if r.is(i, cShift) && r.at(i+1) == cYear {
		return r.today.Year + r.val(i), i + 2
	}
	if n, ok := r.number(i, 1900, 2199); ok && r.at(i+1) == cQuarterName {
		return n, i + 1
	}
	if r.at(i) != cNumber || r.at(i+1) != cYear {
		return 0, i
	}
	switch t := r.toks[i]; {
	case t.width == 4 || t.width == 0 && t.val >= 1900:
		return t.val, i + 2
	case t.width == 2 && r.goesOn(i+2):
		return r.century(t.val), i + 2
	}
	return 0, i
}

// goesOn reports whether what begins at i can follow a year.
func (r *reader) goesOn(i int) bool {
	return r.is(i, cNumber, cHalfYear, cQuarter, cNth, cFirst, cLast, cFestival, cLunarMonth, cLunar, cEdge, cLeap, cTerm)
}

// century is the year that two digits stand for: within twenty years ahead.
func (r *reader) century(yy int) int {
	y := r.today.Year/100*100 + yy
	switch {
	case y > r.today.Year+20:
		return y - 100
	case y < r.today.Year-79:
		return y + 100
	}
	return y
}

// monthAt reads a month: 10月, 十月份, 下个月. The last one sets the year too, 0 if
// it is left open.
func (r *reader) monthAt(i int, year *int) (month, next int) {
	if n, ok := r.number(i, 1, 12); ok && r.at(i+1) == cMonth {
		return n, i + 2
	}
	if !r.is(i, cShift) || *year > 0 {
		return 0, i
	}
	next = r.skip(i+1, cMeasure)
	if r.at(next) != cMonth {
		return 0, i
	}
	first := Date{r.today.Year, r.today.Month, 1}
	if r.left != nil && r.left.month > 0 && r.isSame(i) {
		first = Date{r.left.year, time.Month(r.left.month), 1}
	}
	first = addMonths(first, r.val(i))
	*year = first.Year
	return int(first.Month), next + 1
}

// isSame reports whether the token is 同 or 当: of the month that was just named.
func (r *reader) isSame(i int) bool { return r.val(i) == 0 }

// dayOfMonth reads 8号, or a plain 8 after a month. counts says that 90日 is no
// day.
func (r *reader) dayOfMonth(i int, afterMonth bool) (day, next int) {
	if r.at(i) != cNumber || r.toks[i].vague {
		return 0, i
	}
	n := r.val(i)
	marked := r.at(i+1) == cHao || r.at(i+1) == cDay && r.val(i+1) == 0
	switch {
	case n < 1 || n > 99 || n > 31 && !afterMonth:
		return 0, i
	case marked:
		return n, i + 2
	case afterMonth && !r.countsSomething(i+1):
		return n, i + 1
	}
	return 0, i
}

// countsSomething reports whether the token is what a number before it counts.
func (r *reader) countsSomething(i int) bool {
	return r.close(i) && r.is(i, cMeasure, cDay, cWeek, cHour, cClock, cMinute, cYear, cMonth, cUnitOther, cQuarter, cWorkday, cColon, cHalf)
}

// settle finds the day that was said, with what was left out: from the other end
// of the span, or else the next such day; if it has passed in this year or this
// month it may be that one too.
func (r *reader) settle(year, month, day int) days {
	d := days{year: year, month: month, day: day}
	switch {
	case year > 0:
		take(&d, Date{year, time.Month(month), day})
	case r.left != nil && r.left.day > 0:
		r.follow(&d)
	case month > 0:
		r.inSomeYear(&d)
	default:
		r.inSomeMonth(&d)
	}
	if len(d.spans) > 0 {
		first := d.spans[0].From
		d.year, d.month = first.Year, int(first.Month)
	}
	return d
}

// take adds a reading if there is such a day.
func take(d *days, day Date) {
	if day.exists() {
		d.spans = append(d.spans, Stretch{day, day})
	}
}

// follow completes the right end of a span from its left end. A day that would
// come before it stands in the same month or year all the same: the caller sees
// that, and asks.
func (r *reader) follow(d *days) {
	for _, s := range r.left.spans {
		day := Date{s.From.Year, time.Month(d.month), d.day}
		if d.month == 0 {
			day.Month = s.From.Month
		} else if day.Before(s.From) && r.left.year == 0 || day.Before(s.From) && d.month < int(s.From.Month) {
			day.Year++
		}
		take(d, day)
	}
}

// inSomeYear is a day without a year: this year's, and if that has passed next
// year's or it.
func (r *reader) inSomeYear(d *days) {
	if r.besideLeave(d) {
		return
	}
	this := Date{r.today.Year, time.Month(d.month), d.day}
	if this.exists() && !this.Before(r.today) {
		take(d, this)
		return
	}
	if d.month != 2 || d.day != 29 {
		take(d, Date{r.today.Year + 1, this.Month, d.day})
		take(d, this)
		return
	}
	for y := r.today.Year + 1; y < r.today.Year+9 && len(d.spans) == 0; y++ {
		take(d, Date{y, this.Month, d.day})
	}
	for y := r.today.Year; y > r.today.Year-8 && len(d.spans) == 1; y-- {
		take(d, Date{y, this.Month, d.day})
	}
}

// recent is how many days ago a day without a month may be meant.
const recent = 14

// inSomeMonth is a day without a month: this month's, and if that has passed the
// next one's, or it if that is not long ago.
func (r *reader) inSomeMonth(d *days) {
	if r.besideLeave(d) {
		return
	}
	defer r.besideLast(d)
	this := Date{r.today.Year, r.today.Month, d.day}
	if this.exists() && !this.Before(r.today) {
		take(d, this)
		return
	}
	first := Date{this.Year, this.Month, 1}
	for n := 1; n <= 2 && len(d.spans) == 0; n++ {
		next := addMonths(first, n)
		take(d, Date{next.Year, next.Month, d.day})
	}
	if this.exists() {
		if r.today.Since(this) <= recent {
			take(d, this)
		}
		return
	}
	last := addMonths(first, -1)
	take(d, Date{last.Year, last.Month, d.day})
}

// besideLast adds to a day without a month the one right after the day that was named before, if
// that is another: 元旦值班，2号补休. It goes first.
func (r *reader) besideLast(d *days) {
	last := r.last.To
	if last.IsZero() || r.unsure || r.left != nil || last.Since(r.today) > soon || last.Before(r.today) {
		return
	}
	near := Date{last.Year, last.Month, d.day}
	if near.Before(last) {
		near = addMonths(Date{last.Year, last.Month, 1}, 1)
		near.Day = d.day
	}
	if s := (Stretch{near, near}); near.exists() && near.Since(last) <= recent && !slices.Contains(d.spans, s) {
		d.spans = append([]Stretch{s}, d.spans...)
	}
}

// wholeMonth is a month: the year that was said, or this year, or if it has passed
// next year or this.
func (r *reader) wholeMonth(year, month int) days {
	d := days{size: aMonth, year: year, month: month}
	switch {
	case year > 0:
	case r.left != nil && r.left.month > 0 && len(r.left.spans) > 0:
		for _, s := range r.left.spans {
			y := s.From.Year
			if month < int(s.From.Month) {
				y++
			}
			d.spans = append(d.spans, monthSpan(y, month))
		}
		return d
	case month >= int(r.today.Month):
		year = r.today.Year
	default:
		d.spans = []Stretch{monthSpan(r.today.Year+1, month), monthSpan(r.today.Year, month)}
		return d
	}
	d.year = year
	d.spans = []Stretch{monthSpan(year, month)}
	return d
}

// exists reports whether there is such a day.
func (d Date) exists() bool {
	return d.Year > 0 && d.Year < 10000 && d.Month >= 1 && d.Month <= 12 && d.Day >= 1 && d == d.Add(0)
}

// addMonths is the same day n months later, or that month's last day.
func addMonths(d Date, n int) Date {
	first := Date{d.Year, d.Month + time.Month(n), 1}.Add(0)
	first.Day = min(d.Day, first.LastOfMonth().Day)
	return first
}

func monthSpan(year, month int) Stretch {
	first := Date{year, time.Month(month), 1}
	return Stretch{first, first.LastOfMonth()}
}

func yearSpan(year int) Stretch { return Stretch{Date{year, 1, 1}, Date{year, 12, 31}} }

// weekSpan is the week of d, from Monday.
func weekSpan(d Date) Stretch {
	monday := d.Add(-(int(d.Weekday()) + 6) % 7)
	return Stretch{monday, monday.Add(6)}
}

// noSuchDay says why a day was refused.
func (d days) noSuchDay() string {
	switch {
	case d.lunar:
		return "农历没有这一天。"
	case d.year > 0 && d.month > 0:
		return fmt.Sprintf("%d年%d月没有%d日。", d.year, d.month, d.day)
	case d.month > 0:
		return fmt.Sprintf("%d月没有%d日。", d.month, d.day)
	}
	return "没有这一天。"
}
