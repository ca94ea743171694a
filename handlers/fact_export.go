package handlers

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/scoring"
)

// factKey names one check of one subject.
type factKey struct{ kind, id, check string }

// standing are a quarter's facts as they stand.
func (v *View) standing(q calendar.Quarter) (map[factKey]scoring.Fact, error) {
	rows, err := v.tx.Facts(q)
	if err != nil {
		return nil, fmt.Errorf("facts of %s: %w", q, err)
	}
	out := make(map[factKey]scoring.Fact, len(rows))
	for _, row := range rows {
		var f scoring.Fact
		if err := json.Unmarshal([]byte(row.Payload), &f); err != nil {
			return nil, fmt.Errorf("fact %s of %s: %w", row.CheckID, row.SubjectID, err)
		}
		out[factKey{row.Kind, row.SubjectID, row.CheckID}] = f
	}
	return out, nil
}

// ExportFacts returns the sheet by which a quarter's facts are entered: each
// village and cadre within the person's reach with each check that people
// enter, filled with what stands now, and how each is filled. What records count is not
// to be entered; the last column says what they say up to now.
func (v *View) ExportFacts(q calendar.Quarter) (header []string, rows [][]string, err error) {
	reached, err := v.townsWithin(func(t Target) error { return v.may("ExportFacts", t) })
	if err != nil {
		return nil, nil, err
	}
	_, rubric, err := v.factCycle(q, v.tx.Cycle)
	if err != nil {
		return nil, nil, err
	}
	subjects, err := v.factSubjects(q)
	if err != nil {
		return nil, nil, err
	}
	facts, err := v.standing(q)
	if err != nil {
		return nil, nil, err
	}
	recorded, err := v.recorded(q, subjects, reached)
	if err != nil {
		return nil, nil, err
	}
	for _, s := range subjects {
		if !reached[s.town.ID] {
			continue
		}
		mine, err := s.lines(rubric, facts, recorded)
		if err != nil {
			return nil, nil, err
		}
		rows = append(rows, mine...)
	}
	return factHeader(), rows, nil
}

// checksOf are the checks of one scope, in the rubric's order.
func checksOf(r *scoring.Rubric, scope scoring.Scope) []scoring.Check {
	var out []scoring.Check
	for _, d := range r.Dimensions {
		if d.Scope != scope {
			continue
		}
		for _, it := range d.Items {
			out = append(out, it.Checks...)
		}
	}
	return out
}

// lines are a subject's rows of the sheet.
func (s factSubject) lines(r *scoring.Rubric, facts map[factKey]scoring.Fact, recorded recordWords) ([][]string, error) {
	kind := kindVillage
	if s.name != "" {
		kind = kindCadre
	}
	var out [][]string
	for _, c := range checksOf(r, s.scope()) {
		f := facts[factKey{s.kind, s.id, c.ID}]
		for _, m := range mattersOf(c) {
			value, err := enteredText(f.Value, m)
			if err != nil {
				return nil, err
			}
			out = append(out, []string{
				kind, s.town.Name, s.village, s.name, c.ID, c.Text, c.Points.String(), m.label, value, noteOf(c, f, m, value), howTo(c, m) + recorded.of(s, c),
			})
		}
	}
	return out, nil
}

// noteOf is what was said of one line. In a list each line's words stand in the
// fact's note behind the line's label.
func noteOf(c scoring.Check, f scoring.Fact, m matter, value string) string {
	if value == "" {
		return ""
	}
	if !listed(c) || value == wordNone || value == wordNotDue {
		return f.Note
	}
	for part := range strings.SplitSeq(f.Note, "\n") {
		if label, note, ok := strings.Cut(part, "："); ok && label == flatLabel(m) {
			return note
		}
	}
	return ""
}

// flatLabel is a label without the colon by which noteOf finds its end.
func flatLabel(m matter) string { return strings.ReplaceAll(m.label, "：", "") }
