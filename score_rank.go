package main

import "github.com/cunkao/cunkao/scoring"

// rankAnswer is the answer to rank, and a sequence of town.
type rankAnswer struct {
	Headcount  int                      `json:"headcount"`
	Quota      int                      `json:"quota"`
	Candidates []string                 `json:"candidates_in_order"`
	Tied       []string                 `json:"tie_for_review"`
	Grades     map[string]scoring.Grade `json:"grades"`

	entries []scoring.Entry
}

func scoreRank(r *scoring.Rubric, in value) (answer, error) {
	var entries []scoring.Entry
	seen := map[string]bool{}
	for _, one := range in.key("sequence").list() {
		e := readEntry(r, one)
		if seen[e.Name] {
			one.key("name").fail("%s写了两次。", e.Name)
		}
		seen[e.Name] = true
		entries = append(entries, e)
	}
	rounding := in.key("quota_rounding").oneOf("", string(scoring.Floor), string(scoring.AtLeastOne), string(scoring.HalfUp))
	if err := in.failed(); err != nil {
		return nil, err
	}
	return rankOf(r, entries, scoring.Rounding(rounding)), nil
}

// rankEntry is an entry that is being read.
type rankEntry struct{ scoring.Entry }

// readEntry reads one cadre of a sequence. Points are needed of those who are
// graded only.
func readEntry(r *scoring.Rubric, in value) scoring.Entry {
	e := rankEntry{scoring.Entry{
		Name:        in.key("name").text(),
		Dims:        map[string]scoring.Points{},
		SurveyValid: true,
		Graded:      in.key("graded").flag(true),
	}}
	if total := in.key("total"); e.Graded || total.there() {
		e.Total = total.points()
	}
	if adjust := in.key("adjust"); adjust.there() {
		adjust.points()
	}
	if dims := in.key("dims"); dims.there() {
		e.readDims(r, dims)
	}
	e.SurveyValid = in.key("survey_valid").flag(e.SurveyValid)
	return e.Entry
}

// readDims reads the points by dimension. One that is null was left out, for
// want of a valid survey.
func (e *rankEntry) readDims(r *scoring.Rubric, dims value) {
	for _, id := range dims.keys() {
		one := dims.key(id)
		if _, known := r.Dimension(id); !known {
			one.fail("考评细则没有维度%s。", id)
		}
		if one.there() {
			e.Dims[id] = one.points()
		} else {
			e.SurveyValid = false
		}
	}
}

func rankOf(r *scoring.Rubric, entries []scoring.Entry, rounding scoring.Rounding) *rankAnswer {
	ranking := scoring.Rank(r, entries, rounding)
	out := &rankAnswer{
		Headcount:  ranking.Headcount,
		Quota:      ranking.Quota,
		Candidates: ranking.Candidates,
		Tied:       ranking.Tied,
		Grades:     map[string]scoring.Grade{},
		entries:    entries,
	}
	for i, e := range entries {
		out.Grades[e.Name] = ranking.Grades[i]
	}
	return out
}
