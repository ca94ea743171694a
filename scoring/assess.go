package scoring

import (
	"maps"
	"math/big"
	"slices"
)

// Assess scores one cadre's quarter (article 7 and 8): the facts of the
// village, those of the cadre, and the events that count for the cadre. The
// order of facts and events changes no number. Facts that are not legal give
// an [InputError] whose Field starts with village_facts, cadre_facts or events.
func Assess(r *Rubric, village, cadre Facts, events []Event) (Sheet, error) {
	if err := r.verifyAll(VillageScope, village); err != nil {
		return Sheet{}, err.under("village_facts")
	}
	if err := r.verifyAll(CadreScope, cadre); err != nil {
		return Sheet{}, err.under("cadre_facts")
	}
	lines, err := r.adjust(events)
	if err != nil {
		return Sheet{}, err
	}
	s := Sheet{Rubric: r.ID, Adjustments: lines, SurveyValid: true}
	facts := map[Scope]Facts{VillageScope: village, CadreScope: cadre}
	for _, d := range r.Dimensions {
		score := d.score(facts[d.Scope])
		s.Dimensions = append(s.Dimensions, score)
		s.SurveyValid = s.SurveyValid && !score.Left
	}
	s.Base = r.base(s.Dimensions)
	for _, a := range s.Adjustments {
		s.AdjustmentTotal += a.Points
	}
	s.Total = s.Base + s.AdjustmentTotal
	return s, nil
}

// verifyAll checks the facts of one scope, in a fixed order so that the same
// mistakes give the same error.
func (r *Rubric) verifyAll(scope Scope, facts Facts) *InputError {
	for _, id := range slices.Sorted(maps.Keys(facts)) {
		p, ok := r.checks[id]
		if !ok || p.scope != scope {
			return bad(id, "考评细则在这里没有要点%s。", id)
		}
		if err := p.check.verify(facts[id].Value); err != nil {
			return err
		}
	}
	return nil
}

// base adds up the dimensions. Where one is left out for want of a valid
// survey, the rest is scaled up to the rubric's total, half a hundredth up.
func (r *Rubric) base(dimensions []DimensionScore) Points {
	var sum, counted Points
	for _, d := range dimensions {
		if !d.Left {
			sum += d.Points
			counted += d.Max
		}
	}
	if counted == r.Total || counted == 0 {
		return sum
	}
	scaled := big.NewRat(int64(max(sum, -sum)), int64(counted))
	size := Points(roundHalfUp(scaled.Mul(scaled, big.NewRat(int64(r.Total), 1))))
	if sum < 0 {
		return -size
	}
	return size
}

func (d Dimension) score(facts Facts) DimensionScore {
	out := DimensionScore{ID: d.ID, Name: d.Name, Max: d.Points, Items: make([]ItemScore, 0, len(d.Items))}
	for _, it := range d.Items {
		score, left := it.score(facts)
		out.Items = append(out.Items, score)
		out.Points += score.Points
		out.Left = out.Left || left
	}
	if out.Left {
		out.leave()
		return out
	}
	if by := limited(out.Points, d.Floor, d.Cap); by != 0 {
		out.Points += by
		out.Lines = []Line{limitLine(by, d.Name, d.Article)}
	}
	return out
}

// leave takes a dimension without a valid survey out of the reckoning.
func (d *DimensionScore) leave() {
	d.Points = 0
	for i := range d.Items {
		d.Items[i].Points = 0
	}
}

func (it Item) score(facts Facts) (score ItemScore, left bool) {
	score = ItemScore{ID: it.ID, Name: it.Name, Max: it.Points, Points: it.Points}
	for _, c := range it.Checks {
		lines, out := c.lines(facts[c.ID])
		score.Lines = append(score.Lines, lines...)
		score.Points += sum(lines)
		left = left || out
	}
	if by := limited(score.Points, it.Floor, it.Cap); by != 0 {
		score.Points += by
		score.Lines = append(score.Lines, limitLine(by, it.Name, it.Article))
	}
	return score, left
}

// lines says what is to be said of one check, down to its floor (扣完为止).
// left means that it is a survey without enough valid votes.
func (c *Check) lines(f Fact) (lines []Line, left bool) {
	lines, left = c.found(f)
	for i := range lines {
		lines[i].Check, lines[i].Article = c.ID, c.Article
	}
	if by := limited(c.Points+sum(lines), c.Floor, Limit{}); by != 0 && !left {
		line := limitLine(by, c.ID, c.Article)
		line.Check = c.ID
		lines = append(lines, line)
	}
	return lines, left
}

func sum(lines []Line) Points {
	var p Points
	for _, l := range lines {
		p += l.Points
	}
	return p
}

// limited is what a floor gives to p, or a cap takes from it.
func limited(p Points, floor, top Limit) Points {
	switch {
	case floor.Set && p < floor.Points:
		return floor.Points - p
	case top.Set && p > top.Points:
		return top.Points - p
	default:
		return 0
	}
}
