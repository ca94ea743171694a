package calendar

import (
	"slices"
	"time"
)

// Stretch is some days, both ends included.
type Stretch struct{ From, To Date }

// Days counts the days of the span.
func (s Stretch) Days() int { return s.To.Since(s.From) + 1 }

// The sizes of what names days.
const (
	aDay = iota
	aFew // some days that belong together: 周末, 前三天
	aWeek
	aMonth
	aQuarter
	aYear
)

// days is what words for days mean: one reading or more, the likeliest first. No
// reading: there is no such day, or vague says what to ask.
type days struct {
	spans []Stretch
	size  int
	vague string
	feast int // the festival it was named by, plus one
	// What was said of year, month and day, 0 where it was left out: the other end
	// of a span takes it over.
	year, month, day int
	weekday          bool
	lunar            bool
}

func theDay(d Date) days               { return days{spans: []Stretch{{d, d}}} }
func theSpan(s Stretch, size int) days { return days{spans: []Stretch{s}, size: size} }

// reader reads the tokens of one sentence.
type reader struct {
	toks  []token
	now   time.Time
	today Date
	off   DaysOff
	left  *days   // the other end, while the right end of a span is read
	last  Stretch // the days that were named last
	about Date    // a leave that is being corrected, near which days without a month are
	// unsure says that last is only the first of several readings.
	unsure bool
}

// mostRunes is how much of a text is read: no message is longer.
const mostRunes = 1000

func newReader(text string, now time.Time, off DaysOff) *reader {
	now = now.In(Zone)
	runes := []rune(text)
	return &reader{toks: tokens(plain(runes[:min(len(runes), mostRunes)])), now: now, today: On(now), off: off}
}

// at is the class of a token, cOther past the end.
func (r *reader) at(i int) class {
	if i < 0 || i >= len(r.toks) {
		return cOther
	}
	return r.toks[i].class
}

// is reports whether the token i has one of the classes.
func (r *reader) is(i int, classes ...class) bool {
	c := r.at(i)
	return c != cOther && slices.Contains(classes, c)
}

// val is the value of a token, 0 past the end.
func (r *reader) val(i int) int {
	if i < 0 || i >= len(r.toks) {
		return 0
	}
	return r.toks[i].val
}

// skip returns the first token from i that has none of the classes.
func (r *reader) skip(i int, classes ...class) int {
	for r.is(i, classes...) {
		i++
	}
	return i
}

// number is a plain number at i between low and high.
func (r *reader) number(i, low, high int) (int, bool) {
	if r.at(i) != cNumber || r.toks[i].vague {
		return 0, false
	}
	n := r.toks[i].val
	return n, n >= low && n <= high
}

// close reports whether no space stands before the token i.
func (r *reader) close(i int) bool { return i < len(r.toks) && !r.toks[i].gap }

// rule reads something that begins at token i and returns where it ends, i if it
// is not there.
type rule[T any] func(r *reader, i int) (T, int)

// longest takes the rule that reads furthest, the first of those that read
// equally far.
func longest[T any](r *reader, i int, rules []rule[T]) (T, int) {
	var best T
	end := i
	for _, try := range rules {
		if got, next := try(r, i); next > end {
			best, end = got, next
		}
	}
	return best, end
}

// dayAt reads words for days, with what narrows them down: 国庆后第二个工作日.
func (r *reader) dayAt(i int) (days, int) {
	d, next := longest(r, i, []rule[days]{
		(*reader).moonDay, (*reader).endOfYear, (*reader).namedDay, (*reader).calendarDay, (*reader).numericDay, (*reader).weekDay, (*reader).shifted,
		(*reader).awayFromNow, (*reader).feastDay, (*reader).pastFeast, (*reader).workDay, (*reader).partOfYear, (*reader).sinceLast,
	})
	if next == i {
		return d, i
	}
	for {
		more, end := r.narrowed(d, next)
		if end == next && d.size == aDay && r.at(next) == cSameDay { // 冬至当天
			end, more = next+1, d
		}
		if end == next {
			break
		}
		d, next = more, end
	}
	return r.withWeekday(d, next)
}

// each makes days of every reading of d.
func (d days) each(size int, fn func(Stretch) (Stretch, bool)) days {
	out := days{size: size}
	for _, s := range d.spans {
		if t, ok := fn(s); ok {
			out.spans = append(out.spans, t)
		}
	}
	return out
}

// namedDay reads 今天, 大后天, 明后天, 今明两天.
func (r *reader) namedDay(i int) (days, int) {
	switch {
	case r.at(i) == cDayName:
		return theDay(r.today.Add(r.val(i))), i + 1
	case r.at(i) == cSameDay && r.val(i) == 0:
		return theDay(r.today), i + 1
	}
	return r.namedDays(i)
}

// sinceLast reads a day that is counted from those that were named before: 30号走，次日回,
// 30号走，第三天回.
func (r *reader) sinceLast(i int) (days, int) {
	switch n, ok := r.number(i+1, 2, 60); {
	case r.last.From.IsZero():
	case r.at(i) == cNextDay:
		return theDay(r.last.To.Add(r.val(i))), i + 1
	case ok && r.at(i) == cNth && r.at(i+2) == cDay && r.val(i+2) == 1:
		return theDay(r.last.From.Add(n - 1)), i + 3
	case !r.about.IsZero():
		return r.endOfLeave(i)
	}
	return days{}, i
}

// endOfLeave reads the first day or the last of the leave that is being corrected: 第一天下午走,
// 最后一天不请.
func (r *reader) endOfLeave(i int) (days, int) {
	n, one := r.number(i+1, 1, 1)
	if few, ok := r.number(i+1, 2, 60); ok && r.is(i, cBefore, cAfter, cFirst, cLast) && r.at(i+2) == cDay && r.val(i+2) == 1 && few <= r.last.Days() {
		if r.is(i, cBefore, cFirst) { // 只请前两天
			return theSpan(Stretch{r.last.From, r.last.From.Add(few - 1)}, aFew), i + 3
		}
		return theSpan(Stretch{r.last.To.Add(1 - few), r.last.To}, aFew), i + 3
	}
	switch {
	case r.is(i, cBefore, cAfter) && one && r.at(i+2) == cDay && r.val(i+2) == 1: // 前一天, of it or before it
		return days{vague: whichDay}, i + 3
	case r.at(i) == cFirst && r.at(i+1) == cDay && r.val(i+1) == 1:
		return theDay(r.last.From), i + 2
	case !one || n != 1 || r.at(i+2) != cDay || r.val(i+2) != 1:
	case r.at(i) == cNth:
		return theDay(r.last.From), i + 3
	case r.at(i) == cLast:
		return theDay(r.last.To), i + 3
	}
	return days{}, i
}

// namedDays reads 今明两天, 明后天.
func (r *reader) namedDays(i int) (days, int) {
	if r.at(i) != cDayNames {
		return days{}, i
	}
	first, n := r.val(i)/16-8, r.val(i)%16
	next := i + 1
	if r.at(next) == cNumber && r.val(next) == n {
		next++
	}
	if !r.is(next, cDay) {
		return days{}, i
	}
	from := r.today.Add(first)
	return theSpan(Stretch{from, from.Add(n - 1)}, aFew), next + 1
}
