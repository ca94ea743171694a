package calendar

import "fmt"

// Span is a stretch of days that may begin or end with half a day: the time a
// leave asks for. FromNoon says that the first day counts from noon on, ToNoon
// that the last counts until noon. A span of one day cannot be both.
type Span struct {
	First    Date
	FromNoon bool
	Last     Date
	ToNoon   bool
}

// Valid reports whether the span has any time in it.
func (s Span) Valid() bool {
	return !s.First.IsZero() && !s.Last.Before(s.First) && (s.First != s.Last || !s.FromNoon || !s.ToNoon)
}

// Half names half a day: the morning or, if Noon is set, what follows it.
type Half struct {
	Day  Date
	Noon bool
}

// Halves counts the half days of the span: 3 for a day and a half.
func (s Span) Halves() int {
	n := 2 * (s.Last.Since(s.First) + 1)
	if s.FromNoon {
		n--
	}
	if s.ToNoon {
		n--
	}
	return max(n, 0)
}

// WorkHalves counts the half days that are worked.
func (s Span) WorkHalves(days DaysOff) (n int) {
	for d := s.First; !d.After(s.Last); d = d.Add(1) {
		if days.dayOf(d).Work() {
			n += 2 - s.missing(d)
		}
	}
	return n
}

// missing is how many half days of a day the span leaves out.
func (s Span) missing(d Date) (n int) {
	if d == s.First && s.FromNoon {
		n++
	}
	if d == s.Last && s.ToNoon {
		n++
	}
	return n
}

// Has reports whether half a day belongs to the span.
func (s Span) Has(h Half) bool {
	switch {
	case h.Day.Before(s.First) || h.Day.After(s.Last):
		return false
	case h.Day == s.First && s.FromNoon && !h.Noon:
		return false
	default:
		return h.Day != s.Last || !s.ToNoon || !h.Noon
	}
}

// Overlaps reports whether two spans have half a day in common.
func (s Span) Overlaps(t Span) bool {
	return !s.begin().after(t.end()) && !t.begin().after(s.end())
}

func (s Span) begin() Half { return Half{s.First, s.FromNoon} }
func (s Span) end() Half   { return Half{s.Last, !s.ToNoon} }

func (h Half) after(g Half) bool { return h.Day.After(g.Day) || h.Day == g.Day && h.Noon && !g.Noon }

// DayCount writes a number of half days as people say it: “3天”, “1天半”, “半天”.
func DayCount(halves int) string {
	switch {
	case halves == 1:
		return "半天"
	case halves%2 == 1:
		return fmt.Sprintf("%d天半", halves/2)
	default:
		return fmt.Sprintf("%d天", halves/2)
	}
}

// Next is the half day after this one.
func (h Half) Next() Half {
	if h.Noon {
		return Half{Day: h.Day.Add(1)}
	}
	return Half{Day: h.Day, Noon: true}
}

// Length writes how long the span is: 3天（其中工作日2天）.
func (s Span) Length(days DaysOff) string {
	all := s.Halves()
	switch work := s.WorkHalves(days); work {
	case all:
		return DayCount(all)
	case 0:
		return DayCount(all) + "（都是休息日）"
	default:
		return DayCount(all) + "（其中工作日" + DayCount(work) + "）"
	}
}
