package scoring

import (
	"math/big"
	"slices"
)

// Assess scores one cadre's quarter (article 7 and 8): the facts of the
// village, those of the cadre, and the events that count for the cadre. The
// order of facts and events changes no number. Facts that are not legal give
// an [InputError] whose Field starts with village_facts, cadre_facts or events.
func Assess(r *Rubric, village, cadre Facts, events []Event) (Sheet, error) {
	shared, err := Share(r, village)
	if err != nil {
		return Sheet{}, err
	}
	return shared.Assess(cadre, events)
}

// Shared is what the sheets of a village's cadres have in common. Several
// goroutines may use it; nobody may change what its sheets hold.
type Shared struct {
	rubric *Rubric
	scores []DimensionScore // by dimension; those of cadres are empty
}

// Share scores what concerns the village. Its error is that of [Assess].
func Share(r *Rubric, village Facts) (Shared, error) {
	if err := r.verifyAll(VillageScope, village); err != nil {
		return Shared{}, err.under("village_facts")
	}
	s := Shared{rubric: r, scores: make([]DimensionScore, len(r.Dimensions))}
	for i := range r.Dimensions {
		if d := &r.Dimensions[i]; d.Scope == VillageScope {
			s.scores[i] = d.score(village)
		}
	}
	return s, nil
}

// Assess is the function of that name, for a cadre of the village.
func (sh Shared) Assess(cadre Facts, events []Event) (Sheet, error) {
	r := sh.rubric
	if err := r.verifyAll(CadreScope, cadre); err != nil {
		return Sheet{}, err.under("cadre_facts")
	}
	lines, err := r.adjust(events)
	if err != nil {
		return Sheet{}, err
	}
	s := Sheet{Rubric: r.ID, Dimensions: slices.Clone(sh.scores), Adjustments: lines, SurveyValid: true}
	for i := range r.Dimensions {
		if d := &r.Dimensions[i]; d.Scope == CadreScope {
			s.Dimensions[i] = d.score(cadre)
		}
		s.SurveyValid = s.SurveyValid && !s.Dimensions[i].Left
	}
	s.Base = r.base(s.Dimensions)
	for _, a := range s.Adjustments {
		s.AdjustmentTotal += a.Points
	}
	s.Total = s.Base + s.AdjustmentTotal
	return s, nil
}

// verifyAll checks the facts of one scope. The same mistakes give the same
// error: that of the first check in the order of ids.
func (r *Rubric) verifyAll(scope Scope, facts Facts) (first *InputError) {
	at := ""
	for id, f := range facts {
		if first != nil && at < id {
			continue
		}
		err := (*InputError)(nil)
		if p, ok := r.checks[id]; !ok || p.scope != scope {
			err = bad(id, "考评细则在这里没有要点%s。", id)
		} else {
			err = p.check.verify(f.Value)
		}
		if err != nil {
			first, at = err, id
		}
	}
	return first
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

func (d *Dimension) score(facts Facts) DimensionScore {
	out := DimensionScore{ID: d.ID, Name: d.Name, Max: d.Points, Items: make([]ItemScore, len(d.Items))}
	for i := range d.Items {
		left := d.Items[i].score(facts, &out.Items[i])
		out.Points += out.Items[i].Points
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

func (it *Item) score(facts Facts, score *ItemScore) (left bool) {
	*score = ItemScore{ID: it.ID, Name: it.Name, Max: it.Points, Points: it.Points}
	for i := range it.Checks {
		c := &it.Checks[i]
		f, entered := facts[c.ID]
		if !entered && c.Rule.Type != SurveyRule {
			continue // of what nobody names nothing is lost; a survey needs votes
		}
		lines, out := c.lines(f)
		score.Lines = append(score.Lines, lines...)
		score.Points += sum(lines)
		left = left || out
	}
	if by := limited(score.Points, it.Floor, it.Cap); by != 0 {
		score.Points += by
		score.Lines = append(score.Lines, limitLine(by, it.Name, it.Article))
	}
	return left
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
