package scoring

import (
	"fmt"
	"math/big"
	"strings"
)

// found turns one legal fact into lines, before any floor. left means that a
// survey has too few valid votes.
func (c *Check) found(f Fact) (lines []Line, left bool) {
	switch f.Value.kind {
	case notApplicable:
		return remark(f, "不涉及，按满分计"), false
	case notDue:
		return remark(f, "未到期，按满分计"), false
	case unnamed:
		if c.Rule.Type != SurveyRule {
			return nil, false
		}
	default:
	}
	switch c.Rule.Type {
	case JudgedRule:
		return c.judged(f), false
	case DeductRule:
		return c.deduct(f), false
	case DeductListRule:
		return c.deductList(f), false
	case AllOrNothingRule:
		return c.flagged(f, "未达标"), false
	case ObligationRule:
		return c.flagged(f, "到期未办"), false
	case RateRule:
		return c.rate(f), false
	case ProportionalRule:
		return c.proportional(f), false
	case RatioObligationRule:
		return append(c.ratio(f), c.deductList(f)...), false
	default:
		return c.survey(f)
	}
}

func remark(f Fact, reason string) []Line {
	return []Line{{Reason: reason, Records: f.Records}}
}

// lost is one line about points lost; none if nothing was.
func lost(f Fact, size Points, format string, args ...any) []Line {
	if size == 0 {
		return nil
	}
	reason := fmt.Sprintf(format, args...) + "，扣" + size.String()
	return []Line{{Points: -size, Reason: reason, Records: f.Records}}
}

func (c *Check) judged(f Fact) []Line {
	n, _ := f.Value.num.scaled(2)
	return lost(f, c.Points-Points(n), "评为%s分（满分%s）", Points(n), c.Points)
}

func (c *Check) deduct(f Fact) []Line {
	n, _ := f.Value.num.whole()
	return lost(f, Points(n)*c.Rule.Points, "%s %d%s", c.Rule.Label, n, c.Rule.Unit)
}

func (c *Check) deductList(f Fact) []Line {
	var lines []Line
	for _, e := range c.Rule.Events {
		n := f.Value.Count(e.Event)
		behind := Fact{Records: recordsOf(f.Records, e.Event)}
		for _, l := range lost(behind, Points(n)*e.Points, "%s %d%s", e.Label, n, e.Unit) {
			l.Event = e.Event
			lines = append(lines, l)
		}
	}
	return lines
}

func recordsOf(records []Record, event string) []Record {
	var of []Record
	for _, r := range records {
		if r.Event == event {
			of = append(of, r)
		}
	}
	return of
}

func (c *Check) flagged(f Fact, reason string) []Line {
	if f.Value.flag {
		return nil
	}
	return lost(f, c.Points, "%s", reason)
}

// rate takes off what a rate misses of its target, continuously; the deduction
// is rounded once, half a hundredth up.
func (c *Check) rate(f Fact) []Line {
	target, _ := Decimal{c.Rule.Target, 0}.shift(-2)
	if n, ok := f.Value.num.scaled(4); ok && f.Value.kind == numbered {
		missed := c.Rule.Target*100 - n // in 1/10,000 of a percentage point
		if missed <= 0 {
			return nil
		}
		size := (2*Points(missed)*c.Rule.PerPoint + 10_000) / 20_000
		return lost(f, size, "%s%%，低于%s%%", f.Value.num, target)
	}
	percent, text := f.Value.percent()
	missed := new(big.Rat).Sub(big.NewRat(c.Rule.Target, 100), percent)
	if missed.Sign() <= 0 {
		return nil
	}
	size := missed.Mul(missed, big.NewRat(int64(c.Rule.PerPoint), 1))
	return lost(f, Points(roundHalfUp(size)), "%s，低于%s%%", text, target)
}

// percent is a rate in per cent, and as people write it.
func (v Value) percent() (rate *big.Rat, text string) {
	if v.kind == numbered {
		return v.num.rat(), v.num.String() + "%"
	}
	rate = v.ratio()
	rate.Mul(rate, big.NewRat(100, 1))
	return rate, fmt.Sprintf("%s/%s（%s%%）", v.parts[partNumerator], v.parts[partDenominator], rate.FloatString(2))
}

// ratio is the number that v is, or its numerator over its denominator.
func (v Value) ratio() *big.Rat {
	if v.kind == numbered {
		return v.num.rat()
	}
	return new(big.Rat).Quo(v.parts[partNumerator].rat(), v.parts[partDenominator].rat())
}

// proportional gives the check's points times the ratio reached, rounded once,
// half a hundredth up; a ratio over the cap counts as the cap.
func (c *Check) proportional(f Fact) []Line {
	ratio, most := f.Value.ratio(), big.NewRat(c.Rule.Cap, 100)
	if ratio.Cmp(most) > 0 {
		ratio = most
	}
	got := c.part(ratio)
	reached := new(big.Rat).Mul(ratio, big.NewRat(100, 1))
	return lost(f, c.Points-got, "完成%s%%，得%s分（满分%s）", reached.FloatString(2), got, c.Points)
}

// part is a share of the check's points, rounded once, half a hundredth up.
func (c *Check) part(share *big.Rat) Points {
	return Points(roundHalfUp(new(big.Rat).Mul(share, big.NewRat(int64(c.Points), 1))))
}

// ratio obligation: done of required, more done than required counts as all of
// it; nothing required gives full points.
func (c *Check) ratio(f Fact) []Line {
	done, required := f.Value.Count(c.Rule.Done), f.Value.Count(c.Rule.Required)
	if done >= required {
		return nil
	}
	got := c.part(big.NewRat(done, required))
	size := c.Points - got
	behind := Fact{Records: recordsOf(f.Records, "")}
	return lost(behind, size, "%s应%d%s，已%d%s", c.Rule.Label, required, c.Rule.Unit, done, c.Rule.Unit)
}

// survey gives the check's points times the mean weight of the valid votes,
// rounded once, half a hundredth up.
func (c *Check) survey(f Fact) (lines []Line, left bool) {
	var valid, weighted int64
	var votes []string
	for _, v := range c.Rule.Votes {
		n := f.Value.Count(v.Vote)
		valid += n
		weighted += n * v.Weight
		votes = append(votes, fmt.Sprintf("%s%d", v.Label, n))
	}
	if valid < c.Rule.MinValid {
		return remark(f, fmt.Sprintf("有效票%d张，不足%d张，本维度不计", valid, c.Rule.MinValid)), true
	}
	got := c.part(big.NewRat(weighted, valid*100))
	return lost(f, c.Points-got, "有效票%d张（%s），得%s分", valid, strings.Join(votes, "、"), got), false
}

// limitLine says what a floor gave back, or a cap took.
func limitLine(by Points, name, article string) Line {
	if by > 0 {
		return Line{Points: by, Article: article, Reason: fmt.Sprintf("%s扣完为止，%s分不再扣", name, by)}
	}
	return Line{Points: by, Article: article, Reason: fmt.Sprintf("%s得分封顶，%s分不计", name, -by)}
}
