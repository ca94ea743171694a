package main

import (
	"errors"
	"strings"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/scoring"
)

// assessAnswer is the answer to assess.
type assessAnswer struct {
	Assessment assessment    `json:"assessment"`
	Grade      scoring.Grade `json:"grade"`
	Candidate  bool          `json:"candidate"`
	Pay        *scoring.Pay  `json:"pay,omitempty"`

	quarter calendar.Quarter
	sheet   scoring.Sheet
}

// assessment is a sheet in short. A dimension that is left out is null.
type assessment struct {
	Dimensions      map[string]*scoring.Points `json:"dimensions"`
	Items           map[string]*scoring.Points `json:"items"`
	Base            scoring.Points             `json:"base"`
	Adjustments     []adjustment               `json:"adjustments"`
	AdjustmentTotal scoring.Points             `json:"adjustment_total"`
	Total           scoring.Points             `json:"total"`
	SurveyValid     bool                       `json:"survey_valid"`
}

type adjustment struct {
	ID     string         `json:"id"`
	Matter string         `json:"matter"`
	Points scoring.Points `json:"points"`
}

func scoreAssess(r *scoring.Rubric, in value) (answer, error) {
	village, cadre := in.key("village_facts").facts(), in.key("cadre_facts").facts()
	events := readEvents(r, in.key("events"))
	graded, second := in.key("graded").flag(true), in.key("second_fail").flag(false)
	if err := in.failed(); err != nil {
		return nil, err
	}
	sheet, err := scoring.Assess(r, village, cadre, events)
	if err != nil {
		return nil, err
	}
	out := &assessAnswer{Assessment: assessmentOf(sheet), sheet: sheet}
	out.Grade, out.Candidate = scoring.GradeAlone(r, sheet)
	if !graded {
		out.Grade, out.Candidate = scoring.Ungraded, false
	}
	standard := in.key("month_standard_yuan")
	if standard.there() || in.key("quarter").there() {
		out.quarter = in.key("quarter").quarter()
	}
	if standard.there() {
		service := scoring.WholeQuarter(out.quarter, standard.yuan())
		if in.failed() == nil {
			pay := scoring.PayQuarter(r.Pay, service, scoring.Outcome{Grade: out.Grade, Second: second})
			out.Pay = &pay
		}
	}
	return out, nil
}

// readEvents reads the events of one cadre; there may be none.
func readEvents(r *scoring.Rubric, in value) []scoring.Event {
	var events []scoring.Event
	if !in.there() {
		return nil
	}
	for _, one := range in.list() {
		events = append(events, readEvent(r, one))
	}
	return events
}

func readEvent(r *scoring.Rubric, in value) scoring.Event {
	e := scoring.Event{ID: in.key("id").text(), Level: in.key("level").textOr(""), Matter: in.key("matter").text()}
	if in.failed() != nil {
		return e
	}
	if err := r.VerifyEvent(e); err != nil {
		in.refuse(err, "")
	}
	return e
}

// refuse notes an error of scoring as one of the input: its field stands under
// v, without prefix.
func (v value) refuse(err error, prefix string) {
	if e, ok := errors.AsType[*scoring.InputError](err); ok {
		v.key(strings.TrimPrefix(e.Field, prefix)).fail("%s", e.Text)
		return
	}
	v.fail("%v", err)
}

func assessmentOf(s scoring.Sheet) assessment {
	a := assessment{
		Dimensions:      map[string]*scoring.Points{},
		Items:           map[string]*scoring.Points{},
		Base:            s.Base,
		Adjustments:     []adjustment{},
		AdjustmentTotal: s.AdjustmentTotal,
		Total:           s.Total,
		SurveyValid:     s.SurveyValid,
	}
	for _, d := range s.Dimensions {
		a.Dimensions[d.ID] = counted(d, d.Points)
		for _, it := range d.Items {
			a.Items[it.ID] = counted(d, it.Points)
		}
	}
	for _, l := range s.Adjustments {
		a.Adjustments = append(a.Adjustments, adjustment{l.ID, l.Matter, l.Points})
	}
	return a
}

// counted is p, or null if its dimension is left out.
func counted(d scoring.DimensionScore, p scoring.Points) *scoring.Points {
	if d.Left {
		return nil
	}
	return &p
}
