package scoring

import (
	"slices"

	"github.com/cunkao/cunkao/calendar"
)

// The two sequences (序列) in which cadres are compared.
const (
	HeadSequence  = "head"  // 正职
	OtherSequence = "other" // 其他
)

// Span is the days from From to To, both included. A zero day is no limit.
type Span struct {
	From calendar.Date `json:"from"`
	To   calendar.Date `json:"to"`
}

// and is what two spans share.
func (s Span) and(t Span) Span {
	if s.From.Before(t.From) {
		s.From = t.From
	}
	if s.To.IsZero() || !t.To.IsZero() && t.To.Before(s.To) {
		s.To = t.To
	}
	return s
}

// days counts the days of a span with both limits; 0 if it ends before it
// begins.
func (s Span) days() int { return max(0, s.To.Since(s.From)+1) }

// Standard is a monthly subsidy and the sequence of the post it belongs to, for
// the days in Span.
type Standard struct {
	Span
	Month    Fen    `json:"month_standard"`
	Sequence string `json:"sequence,omitempty"`
}

// Service is one cadre's service in a quarter: in office for the days of
// Tenure, paid by Standards, of which no two share a day.
type Service struct {
	Quarter   calendar.Quarter `json:"quarter"`
	Tenure    Span             `json:"tenure"`
	Standards []Standard       `json:"standards"`
}

// WholeQuarter is the service of a cadre who was in one post all the time.
func WholeQuarter(q calendar.Quarter, month Fen) Service {
	return Service{Quarter: q, Standards: []Standard{{Month: month}}}
}

func (s Service) quarter() Span { return Span{s.Quarter.First(), s.Quarter.Last()} }

// Days counts the days in office within the quarter.
func (s Service) Days() int { return s.quarter().and(s.Tenure).days() }

// daysOf counts the days in office of a standard within part.
func (s Service) daysOf(standard Standard, part Span) int {
	return part.and(s.Tenure).and(standard.Span).days()
}

// Graded reports whether the days in office are enough for a grade: half of
// the quarter by default. Fewer is 不定等次.
func (s Service) Graded(p PayRules) bool {
	return s.Days()*p.MinServiceShare[1] >= s.Quarter.Days()*p.MinServiceShare[0]
}

// DaysBySequence counts the days in office by the sequence of the post.
func (s Service) DaysBySequence() map[string]int {
	days := map[string]int{}
	for _, standard := range s.Standards {
		if n := s.daysOf(standard, s.quarter()); n > 0 && standard.Sequence != "" {
			days[standard.Sequence] += n
		}
	}
	return days
}

// Sequence is the one with more days, HeadSequence if they are equal; empty if
// no standard names one.
func (s Service) Sequence() string {
	days := s.DaysBySequence()
	switch {
	case len(days) == 0:
		return ""
	case days[HeadSequence] >= days[OtherSequence]:
		return HeadSequence
	default:
		return OtherSequence
	}
}

// Overlap returns the index of a standard that shares a day with an earlier
// one, and false if none does.
func (s Service) Overlap() (int, bool) {
	for i, standard := range s.Standards {
		if slices.ContainsFunc(s.Standards[:i], func(other Standard) bool {
			return s.daysOf(standard, other.and(s.quarter())) > 0
		}) {
			return i, true
		}
	}
	return 0, false
}
