package handlers

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/scoring"
)

// Step is one of the three steps by which persons bring a sequence to its
// public notice. No one takes two in a row: two organisations must agree.
type Step struct {
	From, To models.SequenceStep
	State    models.CycleState // in which it can be taken
	By       RoleName
	Name     string // as people say it
}

// Steps are the steps in their order.
func Steps() []Step {
	return []Step{
		{models.SequenceComputed, models.SequenceConfirmed, models.CycleTownReview, TownLeader, "审定"},
		{models.SequenceConfirmed, models.SequenceFiled, models.CycleCountyFiling, Org, "备案"},
		{models.SequenceFiled, models.SequencePublished, models.CycleCountyFiling, TownLeader, "公布"},
	}
}

// Waiting is a step of a sequence that can be taken now.
type Waiting struct {
	Step      Step
	Sequence  models.Sequence
	Quarter   calendar.Quarter
	Town      string // name
	Class     string // name
	Due       time.Time
	Excellent int
	Failed    int
	Tied      int
}

// Title names a sequence: 2026年第三季度 青石镇 正职.
func (w Waiting) Title() string { return w.Quarter.Chinese() + " " + w.Town + " " + w.Class }

// Code names a sequence in a command: 2026Q3 青石镇正职.
func (w Waiting) Code() string { return w.Quarter.String() + " " + w.Town + w.Class }

// waitingSteps returns the steps that wait for the person now.
func (v *View) waitingSteps() ([]Waiting, error) {
	if !v.Is(TownLeader) && !v.Is(Org) {
		return nil, nil
	}
	all, err := v.stepsOpen()
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(w Waiting) bool { return !v.takes(w.Step, w.Sequence) }), nil
}

// takes reports whether a step of a sequence is the person's.
func (v *View) takes(step Step, seq models.Sequence) bool {
	return slices.ContainsFunc(v.grants, func(g Grant) bool {
		return g.Role == step.By && v.reaches(matrix["TakeStep"][g.Role], g, Target{Town: seq.TownID})
	})
}

// stepsOpen returns every step that can be taken now, by whomever.
func (v *View) stepsOpen() ([]Waiting, error) {
	cycles, err := v.tx.CyclesAlive()
	if err != nil {
		return nil, fmt.Errorf("open steps: %w", err)
	}
	var out []Waiting
	for _, c := range cycles {
		card, err := v.cycleCard(c)
		if err != nil {
			return nil, err
		}
		for _, seq := range card.Sequences {
			for _, step := range Steps() {
				if c.State != step.State || seq.Step != step.From {
					continue
				}
				w, err := v.waiting(step, seq, card.Due)
				if err != nil {
					return nil, err
				}
				out = append(out, w)
			}
		}
	}
	return out, nil
}

func (v *View) waiting(step Step, seq models.Sequence, due time.Time) (Waiting, error) {
	town, err := v.tx.Town(seq.TownID)
	if err != nil {
		return Waiting{}, fmt.Errorf("town of sequence %s: %w", seq.ID, err)
	}
	w := Waiting{
		Step: step, Sequence: seq, Quarter: seq.Quarter, Town: town.Name, Class: models.ClassName(seq.Class), Due: due,
	}
	rows, err := v.tx.Results(seq.ID, seq.Round)
	if err != nil {
		return w, fmt.Errorf("results of sequence %s: %w", seq.ID, err)
	}
	for _, r := range rows {
		switch scoring.Grade(r.Grade) {
		case scoring.Excellent:
			w.Excellent++
		case scoring.Unqualified:
			w.Failed++
		default:
		}
		if r.Tied {
			w.Tied++
		}
	}
	return w, nil
}

// TakeStep takes a step of a sequence: confirms, files or publishes its results.
// A step that somebody took meanwhile is refused.
func (d *Desk) TakeStep(w Waiting) error {
	if err := d.may("TakeStep", Target{Town: w.Sequence.TownID}); err != nil {
		return err
	}
	if !d.takes(w.Step, w.Sequence) {
		return errForbidden()
	}
	// The cycle's row is held, so that the last step of each sequence sees the
	// others and moves the quarter on.
	c, err := d.tx.CycleHeld(w.Quarter)
	if err != nil {
		return fmt.Errorf("take a step: %w", err)
	}
	seq, err := d.tx.Sequence(w.Sequence.ID)
	if err != nil {
		return fmt.Errorf("take a step: %w", err)
	}
	if c.State != w.Step.State || seq.Step != w.Step.From {
		return Refuse("%s已经%s过了，或者还没到这一步。", w.Title(), w.Step.Name)
	}
	if err := d.signs(w.Step, &seq); err != nil {
		return err
	}
	seq.Step = w.Step.To
	switch err := d.tx.MoveSequence(seq, w.Step.From); {
	case errors.Is(err, models.ErrStale):
		return Refuse("%s刚刚被别人%s了。", w.Title(), w.Step.Name)
	case err != nil:
		return fmt.Errorf("take a step: %w", err)
	}
	if err := d.did("TakeStep", seq.ID, w.Step.Name); err != nil {
		return err
	}
	if w.Step.To == models.SequencePublished {
		if err := d.tellResults(seq); err != nil {
			return err
		}
	}
	return d.moveOn(c)
}

// signs writes who took the step, and refuses who may not after the step before.
func (d *Desk) signs(step Step, seq *models.Sequence) error {
	self, err := d.tx.Results(seq.ID, seq.Round)
	if err != nil {
		return fmt.Errorf("results of sequence %s: %w", seq.ID, err)
	}
	if slices.ContainsFunc(self, func(r models.Result) bool { return r.PersonID == d.Who.ID }) {
		return Refuse("这里有您本人的结果，要由别人来办。")
	}
	switch step.To {
	case models.SequenceConfirmed:
		seq.ConfirmedBy = d.Who.ID
	case models.SequenceFiled:
		if seq.ConfirmedBy == d.Who.ID {
			return Refuse("审定和备案要由两个单位的两个人来办。")
		}
		seq.FiledBy = d.Who.ID
	default:
		if seq.FiledBy == d.Who.ID {
			return Refuse("备案和公布要由两个单位的两个人来办。")
		}
		seq.PublishedBy, seq.PublishedAt = d.Who.ID, &d.Now
	}
	return nil
}

// moveOn takes the quarter to its next state when its last sequence is there.
func (d *Desk) moveOn(c models.Cycle) error {
	seqs, err := d.tx.Sequences(c.Quarter)
	if err != nil {
		return fmt.Errorf("move %s on: %w", c.Quarter, err)
	}
	all := func(step models.SequenceStep) bool {
		return !slices.ContainsFunc(seqs, func(s models.Sequence) bool { return s.Step != step })
	}
	switch {
	case c.State == models.CycleTownReview && all(models.SequenceConfirmed):
		return d.moveCycle(c, models.CycleCountyFiling)
	case c.State == models.CycleCountyFiling && all(models.SequencePublished):
		return d.moveCycle(c, models.CyclePublicNotice)
	default:
		return nil
	}
}

// tellResults queues one notice to each cadre of a sequence.
func (d *Desk) tellResults(seq models.Sequence) error {
	rows, err := d.tx.Results(seq.ID, seq.Round)
	if err != nil {
		return fmt.Errorf("tell results: %w", err)
	}
	beside, err := d.comparedResults(rows)
	if err != nil {
		return err
	}
	for _, r := range rows {
		err := d.tell(note{
			to: r.PersonID, kind: NoticeResult, class: classNews, dedupe: "result:" + r.ID,
			words: map[string]string{
				"quarter": r.Quarter.Chinese(), "grade": r.Grade, "total": scoring.Points(r.Total).String(),
				"pay": scoring.Fen(r.PayTotal).String(), "recheck": beside[r.ID].Recheck,
			},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// ResultRow is one line of a sequence's results.
type ResultRow struct {
	Name    string
	Village string
	Post    string
	Total   scoring.Points
	Grade   scoring.Grade
	Tied    bool
	Self    SelfCompared // beside the group's score; not in what is published
}

// SequenceResults returns the results of a sequence for whoever takes a step
// with them.
func (v *View) SequenceResults(seq models.Sequence) ([]ResultRow, error) {
	if err := v.may("SequenceResults", Target{Town: seq.TownID}); err != nil {
		return nil, err
	}
	rows, err := v.resultRows(seq)
	if err != nil {
		return nil, err
	}
	results, err := v.tx.Results(seq.ID, seq.Round)
	if err != nil {
		return nil, fmt.Errorf("results of sequence %s: %w", seq.ID, err)
	}
	beside, err := v.comparedResults(results)
	if err != nil {
		return nil, err
	}
	for i, r := range results {
		rows[i].Self = beside[r.ID]
		rows[i].Self.Statement = ""
	}
	return rows, nil
}

func (v *View) resultRows(seq models.Sequence) ([]ResultRow, error) {
	rows, err := v.tx.Results(seq.ID, seq.Round)
	if err != nil {
		return nil, fmt.Errorf("results of sequence %s: %w", seq.ID, err)
	}
	out := make([]ResultRow, len(rows))
	for i, r := range rows {
		person, err := v.tx.Person(r.PersonID)
		if err != nil {
			return nil, fmt.Errorf("person of result %s: %w", r.ID, err)
		}
		village, err := v.tx.Village(r.VillageID)
		if err != nil {
			return nil, fmt.Errorf("village of result %s: %w", r.ID, err)
		}
		out[i] = ResultRow{
			Name: person.Name, Village: village.Name, Post: r.Post, Total: scoring.Points(r.Total), Grade: scoring.Grade(r.Grade), Tied: r.Tied,
		}
	}
	return out, nil
}

// PublicNotice is what everybody may read of a published sequence (公示): names
// and grades in the order of villages, no points and no ranking.
type PublicNotice struct {
	Title string
	Rows  []ResultRow
}

// Notices returns the public notices of the newest quarter that has any.
func (v *View) Notices() ([]PublicNotice, error) {
	if err := v.may("Notices", Target{}); err != nil {
		return nil, err
	}
	cycles, err := v.tx.Cycles()
	if err != nil {
		return nil, fmt.Errorf("public notices: %w", err)
	}
	for _, c := range cycles {
		out, err := v.publicOf(c.Quarter)
		if err != nil || len(out) > 0 {
			return out, err
		}
	}
	return nil, nil
}

func (v *View) publicOf(q calendar.Quarter) ([]PublicNotice, error) {
	seqs, err := v.tx.Sequences(q)
	if err != nil {
		return nil, fmt.Errorf("public notices: %w", err)
	}
	var out []PublicNotice
	for _, seq := range seqs {
		if seq.Step != models.SequencePublished && seq.Step != models.SequenceFinal {
			continue
		}
		w, err := v.waiting(Step{}, seq, time.Time{})
		if err != nil {
			return nil, err
		}
		rows, err := v.resultRows(seq)
		if err != nil {
			return nil, err
		}
		for i := range rows {
			rows[i].Total, rows[i].Tied = 0, false
		}
		slices.SortFunc(rows, func(a, b ResultRow) int {
			if a.Village != b.Village {
				return map[bool]int{true: -1, false: 1}[a.Village < b.Village]
			}
			return map[bool]int{true: -1, false: 1}[a.Name < b.Name]
		})
		out = append(out, PublicNotice{w.Title(), rows})
	}
	return out, nil
}
