package scoring

// Sheet is one cadre's result of one quarter, with everything that led to it.
// It marshals to JSON and back to the same bytes.
type Sheet struct {
	Rubric          string           `json:"rubric"`
	Dimensions      []DimensionScore `json:"dimensions"`
	Base            Points           `json:"base"`
	Adjustments     []AdjustmentLine `json:"adjustments"`
	AdjustmentTotal Points           `json:"adjustment_total"`
	Total           Points           `json:"total"` // may exceed 100 or be negative (article 9)
	SurveyValid     bool             `json:"survey_valid"`
}

// DimensionScore is the result of one dimension. Left means that it is left
// out for want of a valid survey: its Points and its items' are then 0 and
// mean nothing. Lines are those of the dimension's own floor or cap.
type DimensionScore struct {
	ID     string      `json:"id"`
	Name   string      `json:"name"`
	Max    Points      `json:"max"`
	Points Points      `json:"points"`
	Left   bool        `json:"left,omitempty"`
	Items  []ItemScore `json:"items"`
	Lines  []Line      `json:"lines,omitempty"`
}

// ItemScore is the result of one item. Unless its dimension is left out, Max
// and the points of its lines add up to Points.
type ItemScore struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Max    Points `json:"max"`
	Points Points `json:"points"`
	Lines  []Line `json:"lines,omitempty"`
}

// Line is one thing to be said about a score: what was lost (Points negative),
// what a floor gave back (positive), or a remark such as 不涉及 (0). Event is
// the entry of a list of deductions, where there is one.
type Line struct {
	Check   string   `json:"check,omitempty"`
	Event   string   `json:"event,omitempty"`
	Points  Points   `json:"points"`
	Reason  string   `json:"reason"`
	Records []Record `json:"records,omitempty"`
	Article string   `json:"article,omitempty"`
}

// AdjustmentLine is one bonus or penalty that counts (article 8).
type AdjustmentLine struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Level   string `json:"level,omitempty"`
	Matter  string `json:"matter"`
	Points  Points `json:"points"`
	Record  string `json:"record,omitempty"`
	Article string `json:"article,omitempty"`
}

// Dimension returns the points of a dimension, and false if it is left out or
// there is none of that id.
func (s Sheet) Dimension(id string) (Points, bool) {
	for _, d := range s.Dimensions {
		if d.ID == id {
			return d.Points, !d.Left
		}
	}
	return 0, false
}

// Item returns the points of an item, and false if its dimension is left out
// or there is none of that id.
func (s Sheet) Item(id string) (Points, bool) {
	for _, d := range s.Dimensions {
		for _, it := range d.Items {
			if it.ID == id {
				return it.Points, !d.Left
			}
		}
	}
	return 0, false
}
