package scoring

import (
	"slices"
	"strings"
)

// mostCount is the largest count that is believed: more is a slip of the
// finger, and keeps every product below within its integer.
const mostCount = 1_000_000_000

// Verify reports whether v is a legal fact of a check; if not, the error is an
// [InputError] whose Field is the check's id, with the event or the part
// behind it. The zero Value, n/a and not_due are legal for every check.
func (r *Rubric) Verify(check string, v Value) error {
	p, ok := r.checks[check]
	if !ok {
		return bad(check, "考评细则里没有要点%s。", check)
	}
	if err := p.check.verify(v); err != nil {
		return err
	}
	return nil
}

func (c *Check) verify(v Value) *InputError {
	switch v.kind {
	case unnamed, notApplicable, notDue:
		return nil
	case flagged:
		return c.verifyFlag()
	case numbered:
		return c.verifyNumber(v.num)
	default:
		return c.verifyParts(v)
	}
}

func (c *Check) verifyFlag() *InputError {
	if c.Rule.Type != AllOrNothingRule && c.Rule.Type != ObligationRule {
		return c.wrongKind()
	}
	return nil
}

func (c *Check) verifyNumber(n Decimal) *InputError {
	switch c.Rule.Type {
	case JudgedRule:
		return c.verifyJudged(n)
	case DeductRule:
		return verifyCount(c.ID, n)
	case RateRule, ProportionalRule:
		return verifyAmount(c.ID, n)
	default:
		return c.wrongKind()
	}
}

func (c *Check) verifyJudged(n Decimal) *InputError {
	p, ok := n.scaled(2)
	if !ok || p < 0 || Points(p) > c.Points || Points(p)%c.Rule.Step != 0 {
		return bad(c.ID, "%s应在0到%s之间，每档%s，不能是%s。", c.ID, c.Points, c.Rule.Step, n)
	}
	return nil
}

func verifyAmount(field string, n Decimal) *InputError {
	if n.negative() {
		return bad(field, "数目不能是负数（%s）。", n)
	}
	return nil
}

func verifyCount(field string, n Decimal) *InputError {
	whole, ok := n.whole()
	switch {
	case n.negative():
		return bad(field, "次数不能是负数（%s）。", n)
	case !ok:
		return bad(field, "次数应是整数，不能是%s。", n)
	case whole > mostCount:
		return bad(field, "次数%s太大。", n)
	}
	return nil
}

func (c *Check) verifyParts(v Value) *InputError {
	switch c.Rule.Type {
	case RateRule, ProportionalRule:
		return c.verifyRate(v)
	case DeductListRule, RatioObligationRule, SurveyRule:
		return c.verifyTally(v)
	default:
		return c.wrongKind()
	}
}

func (c *Check) verifyRate(v Value) *InputError {
	for _, name := range v.partNames() {
		if name != partNumerator && name != partDenominator {
			return bad(c.ID+"."+name, "比率只有numerator（分子）和denominator（分母）。")
		}
		if err := verifyAmount(c.ID+"."+name, v.parts[name]); err != nil {
			return err
		}
	}
	switch denominator, ok := v.parts[partDenominator]; {
	case len(v.parts) != 2:
		return bad(c.ID, "比率要写numerator（分子）和denominator（分母）。")
	case ok && denominator.zero():
		return bad(c.ID+"."+partDenominator, "分母不能是0；不涉及的写n/a。")
	}
	return nil
}

func (c *Check) verifyTally(v Value) *InputError {
	known := c.Rule.partNames()
	for _, name := range v.partNames() {
		if !slices.Contains(known, name) {
			return bad(c.ID+"."+name, "%s没有“%s”，只有%s。", c.ID, name, strings.Join(known, "、"))
		}
		if err := verifyCount(c.ID+"."+name, v.parts[name]); err != nil {
			return err
		}
	}
	return nil
}

// partNames are the names that a tally of the rule may have.
func (r *Rule) partNames() []string {
	var names []string
	if r.Type == RatioObligationRule {
		names = append(names, r.Required, r.Done)
	}
	for _, e := range r.Events {
		names = append(names, e.Event)
	}
	for _, v := range r.Votes {
		names = append(names, v.Vote)
	}
	return append(names, r.Excluded...)
}

func (c *Check) wrongKind() *InputError {
	want := map[RuleType]string{
		JudgedRule:          "得分，例如0.75",
		DeductRule:          "次数，例如2",
		DeductListRule:      "各项次数，例如{\"duty_absent\": 1}",
		AllOrNothingRule:    "true（达标）或false（未达标）",
		ObligationRule:      "true（已办）或false（未办）",
		RateRule:            "百分数，例如98.5，或分子和分母",
		ProportionalRule:    "完成的比例，例如0.82",
		RatioObligationRule: "应做和已做的次数",
		SurveyRule:          "各种票数",
	}[c.Rule.Type]
	return bad(c.ID, "%s应填%s。", c.ID, want)
}
