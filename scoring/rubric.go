package scoring

import "slices"

// Rubric is the detailed rules of assessment (考评细则, article 6): what is
// looked at, what each thing is worth, and what a result leads to. It comes
// from [ParseRubric] or [Default], is complete and consistent, and must not be
// changed afterwards; several goroutines may use it.
type Rubric struct {
	ID          string       `json:"id"`
	Title       string       `json:"title"`
	Total       Points       `json:"base_total"` // of all dimensions
	Dimensions  []Dimension  `json:"dimensions"`
	Adjustments []Adjustment `json:"adjustments"`
	// HighestOnly counts one matter once, at its highest level (article 8).
	HighestOnly bool       `json:"same_matter_highest_only"`
	Grades      GradeRules `json:"grades"`
	TieBreak    []string   `json:"tie_break"` // dimension ids, the most telling first
	Pay         PayRules   `json:"pay"`

	checks map[string]place
}

// place is where a check stands in the rubric.
type place struct {
	check *Check
	scope Scope
}

// Scope says whose result a dimension is.
type Scope string

// The scopes of a dimension.
const (
	VillageScope Scope = "village" // 村: all its cadres share it
	CadreScope   Scope = "cadre"   // 个人
)

// Limit is the lowest or highest result of a part of the rubric. Without Set
// there is none.
type Limit struct {
	Points Points `json:"points"`
	Set    bool   `json:"set"`
}

// Dimension is one of the five contents of article 7 (维度).
type Dimension struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Points  Points `json:"points"`
	Scope   Scope  `json:"scope"`
	Article string `json:"article"`
	Floor   Limit  `json:"floor"`
	Cap     Limit  `json:"cap"`
	Items   []Item `json:"items"`
}

// Item is one part of a dimension (项).
type Item struct {
	ID      string  `json:"id"`
	Name    string  `json:"name"`
	Points  Points  `json:"points"`
	Article string  `json:"article"`
	Floor   Limit   `json:"floor"` // 0 unless the rubric says otherwise
	Cap     Limit   `json:"cap"`
	Checks  []Check `json:"checks"`
}

// Check is the smallest thing that is looked at (要点).
type Check struct {
	ID       string   `json:"id"`
	Text     string   `json:"text"`
	Points   Points   `json:"points"`
	Scorer   string   `json:"scorer"` // 考核组, 系统, 群众, or a department
	Evidence []string `json:"evidence"`
	Article  string   `json:"article"`
	Floor    Limit    `json:"floor"` // 0 unless the rubric says otherwise
	Rule     Rule     `json:"rule"`
}

// RuleType says how a check's facts become points.
type RuleType string

// The nine kinds of rule, and the value that each takes.
const (
	JudgedRule          RuleType = "judged"           // 评判: points in steps
	DeductRule          RuleType = "deduct"           // 按次扣分: a count
	DeductListRule      RuleType = "deduct_list"      // 分项扣分: counts by event
	AllOrNothingRule    RuleType = "all_or_nothing"   // 达标得分: true or false
	ObligationRule      RuleType = "obligation"       // 到期义务: true, false or not_due
	RateRule            RuleType = "rate_linear"      // 比率: per cent, or numerator and denominator
	ProportionalRule    RuleType = "proportional"     // 按比例: the ratio reached, 1 = all
	RatioObligationRule RuleType = "ratio_obligation" // 应做已做: counts done and required
	SurveyRule          RuleType = "survey"           // 群众测评: votes
)

// Rule is how one check is scored. Which fields count is Type's choice.
type Rule struct {
	Type RuleType `json:"type"`
	// Step is the step of a judged check.
	Step Points `json:"step,omitempty"`
	// Label names what a deduct rule counts, or what was due in a ratio
	// obligation; Unit what it is counted in; Points what each one costs.
	Label  string `json:"label,omitempty"`
	Unit   string `json:"unit,omitempty"`
	Points Points `json:"points,omitempty"`
	// Events are the entries of a list of deductions.
	Events []EventRule `json:"events,omitempty"`
	// Metric names what is measured; Due when it is (annual).
	Metric string `json:"metric,omitempty"`
	Due    string `json:"due,omitempty"`
	// Target is the rate that gives full points, in 1/100 per cent; PerPoint
	// what each percentage point below it costs, counted continuously.
	Target   int64  `json:"target,omitempty"`
	PerPoint Points `json:"points_per_pp,omitempty"`
	// Cap is the largest ratio that counts, in 1/100.
	Cap int64 `json:"cap,omitempty"`
	// Done and Required are the two counts of a ratio obligation.
	Done     string `json:"done,omitempty"`
	Required string `json:"required,omitempty"`
	// Votes are the answers of a survey that count, Excluded those that do
	// not, MinValid how many it takes.
	Votes    []Vote   `json:"votes,omitempty"`
	Excluded []string `json:"excluded,omitempty"`
	MinValid int64    `json:"min_valid,omitempty"`
}

// EventRule is one entry of a list of deductions: what each costs.
type EventRule struct {
	Event  string `json:"event"`
	Label  string `json:"label"`
	Unit   string `json:"unit,omitempty"`
	Points Points `json:"points"`
}

// Vote is one answer of a survey and its weight in per cent.
type Vote struct {
	Vote   string `json:"vote"`
	Label  string `json:"label"`
	Weight int64  `json:"weight"`
}

// Adjustment is one kind of bonus or penalty of article 8 (加减分). Sizes are
// not negative; Sign is 1 or -1.
type Adjustment struct {
	ID      string  `json:"id"`
	Name    string  `json:"name"`
	Sign    int     `json:"sign"`
	Levels  []Level `json:"levels,omitempty"`
	Flat    Points  `json:"flat,omitempty"` // where levels make no difference
	Scope   string  `json:"scope"`          // cadre, or village_or_named
	Article string  `json:"article"`
}

// Level is what an adjustment is worth at one level.
type Level struct {
	Level  string `json:"level"`
	Name   string `json:"name"`
	Points Points `json:"points"`
}

// GradeRules are the limits of the grades (article 10).
type GradeRules struct {
	PassLine             Points   `json:"pass_line"`
	ExcellentLine        Points   `json:"excellent_line"`
	ExcellentPercent     int      `json:"excellent_quota_percent"`
	Rounding             Rounding `json:"quota_rounding"`
	ExcellentNeedsSurvey bool     `json:"excellent_requires_valid_survey"`
}

// PayRules are the limits of pay (article 11). Percentages are whole.
type PayRules struct {
	BasePercent         int    `json:"base_percent"`          // of the standard, paid monthly
	BonusPercent        int    `json:"bonus_percent"`         // of the quarter's performance pay
	DeductPercent       int    `json:"deduct_percent"`        // the first time
	DeductPercentSecond int    `json:"deduct_percent_second"` // a second time in succession
	MinServiceShare     [2]int `json:"min_service_share"`     // days served of days, for a grade
}

// Dimension finds a dimension by its id.
func (r *Rubric) Dimension(id string) (Dimension, bool) {
	for _, d := range r.Dimensions {
		if d.ID == id {
			return d, true
		}
	}
	return Dimension{}, false
}

// Check finds a check by its id, and the scope of its dimension.
func (r *Rubric) Check(id string) (Check, Scope, bool) {
	p, ok := r.checks[id]
	if !ok {
		return Check{}, "", false
	}
	return *p.check, p.scope, true
}

// CheckOf finds the check in whose list of deductions an event stands.
func (r *Rubric) CheckOf(event string) (Check, bool) {
	for _, d := range r.Dimensions {
		for i := range d.Items {
			if c, ok := d.Items[i].checkOf(event); ok {
				return c, true
			}
		}
	}
	return Check{}, false
}

func (it *Item) checkOf(event string) (Check, bool) {
	for _, c := range it.Checks {
		if c.Rule.has(event) {
			return c, true
		}
	}
	return Check{}, false
}

func (r *Rule) has(event string) bool {
	return slices.ContainsFunc(r.Events, func(e EventRule) bool { return e.Event == event })
}

// index makes the checks findable.
func (r *Rubric) index() {
	r.checks = map[string]place{}
	for _, d := range r.Dimensions {
		for _, it := range d.Items {
			for i := range it.Checks {
				r.checks[it.Checks[i].ID] = place{&it.Checks[i], d.Scope}
			}
		}
	}
}
