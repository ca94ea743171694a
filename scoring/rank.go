package scoring

import (
	"cmp"
	"slices"
)

// Rounding is how many of a sequence may be excellent where the quota is not
// whole (article 10: at most 20 %). Only Floor keeps to the article; the other
// two are a county's written choice.
type Rounding string

// The roundings of the quota.
const (
	Floor      Rounding = "floor"
	AtLeastOne Rounding = "at_least_one" // down, but one place if anybody is graded
	HalfUp     Rounding = "round"
)

// Entry is one cadre in a sequence (序列). Dims are the points by dimension id;
// a dimension that is left out is not named.
type Entry struct {
	Name        string            `json:"name"`
	Dims        map[string]Points `json:"dims"`
	Total       Points            `json:"total"`
	SurveyValid bool              `json:"survey_valid"`
	Graded      bool              `json:"graded"`
}

// Ranking is the result of a sequence. Candidates are those good enough, best
// first; Tied those among whom the town decides, Qualified until then; Grades
// stand in the order of the entries.
type Ranking struct {
	Headcount  int      `json:"headcount"`
	Quota      int      `json:"quota"`
	Candidates []string `json:"candidates_in_order"`
	Tied       []string `json:"tie_for_review"`
	Grades     []Grade  `json:"grades"`
}

// Entry returns the sheet's entry in its sequence.
func (s Sheet) Entry(name string, graded bool) Entry {
	e := Entry{Name: name, Dims: map[string]Points{}, Total: s.Total, SurveyValid: s.SurveyValid, Graded: graded}
	for _, d := range s.Dimensions {
		if !d.Left {
			e.Dims[d.ID] = d.Points
		}
	}
	return e
}

// Rank grades a sequence (article 10). Places go to candidates by total, then
// by the rubric's tie-break, then by the order of seq. If those at the border
// are equal in all of that, none of them gets a place by itself: a quota is a
// ceiling, and no rule says how to pick among equals. An empty rounding is the
// rubric's.
func Rank(r *Rubric, seq []Entry, rounding Rounding) Ranking {
	out := Ranking{Candidates: []string{}, Tied: []string{}, Grades: make([]Grade, len(seq))}
	var candidates []int
	for i, e := range seq {
		out.Grades[i] = r.gradeOf(e)
		if e.Graded {
			out.Headcount++
		}
		if e.Graded && r.candidate(e.Total, e.SurveyValid) {
			candidates = append(candidates, i)
		}
	}
	slices.SortStableFunc(candidates, func(i, j int) int { return r.compare(seq[i], seq[j]) })
	out.Quota = r.Quota(out.Headcount, rounding)

	placed, tied := r.border(seq, candidates, out.Quota)
	for _, i := range candidates[:placed] {
		out.Grades[i] = Excellent
	}
	for n, i := range candidates {
		out.Candidates = append(out.Candidates, seq[i].Name)
		if n >= placed && n < tied {
			out.Tied = append(out.Tied, seq[i].Name)
		}
	}
	return out
}

// Quota is how many of headcount may be excellent. An empty rounding is the
// rubric's.
func (r *Rubric) Quota(headcount int, rounding Rounding) int {
	share := headcount * r.Grades.ExcellentPercent
	switch cmp.Or(rounding, r.Grades.Rounding) {
	case AtLeastOne:
		return max(share/100, min(headcount, 1))
	case HalfUp:
		return (share + 50) / 100
	default:
		return share / 100
	}
}

func (r *Rubric) gradeOf(e Entry) Grade {
	if !e.Graded {
		return Ungraded
	}
	return r.passOrFail(e.Total)
}

// compare orders two entries, the better one first.
func (r *Rubric) compare(a, b Entry) int {
	if a.Total != b.Total {
		return cmp.Compare(b.Total, a.Total)
	}
	for _, id := range r.TieBreak {
		if a.Dims[id] != b.Dims[id] {
			return cmp.Compare(b.Dims[id], a.Dims[id])
		}
	}
	return 0
}

// border says how many candidates get a place, and up to which one the tie
// behind them goes; without a tie the two are the same.
func (r *Rubric) border(seq []Entry, candidates []int, quota int) (placed, tied int) {
	quota = min(quota, len(candidates))
	same := func(i, j int) bool { return r.compare(seq[candidates[i]], seq[candidates[j]]) == 0 }
	if quota == 0 || quota == len(candidates) || !same(quota-1, quota) {
		return quota, quota
	}
	placed, tied = quota-1, quota+1
	for placed > 0 && same(placed-1, quota) {
		placed--
	}
	for tied < len(candidates) && same(quota, tied) {
		tied++
	}
	return placed, tied
}
