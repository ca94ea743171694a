package handlers

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/scoring"
)

// OpenCycle opens a quarter: what it is assessed by is frozen from then on. The
// rubric's source is stored with it, and village facts are carried over from
// the quarter before.
func (d *Desk) OpenCycle(q calendar.Quarter, rubricSource []byte) error {
	if err := d.may("OpenCycle", Target{}); err != nil {
		return err
	}
	rubric, err := scoring.ParseRubric(rubricSource)
	if err != nil {
		return Refuse("考评细则有错：%s。", err)
	}
	sum := sha256.Sum256(rubricSource)
	policy := d.h.county.Policy
	policy.Rubric = hex.EncodeToString(sum[:])
	frozen, err := json.Marshal(policy)
	if err != nil {
		return fmt.Errorf("open %s: %w", q, err)
	}
	if err := d.tx.AddRubric(&models.Rubric{Hash: policy.Rubric, Name: rubric.ID, Source: string(rubricSource)}); err != nil {
		return fmt.Errorf("open %s: %w", q, err)
	}
	d.h.rubrics.Store(policy.Rubric, rubric) // whoever computes need not parse it
	c := models.Cycle{Quarter: q, State: models.CycleOpen, Policy: string(frozen), StateAt: d.Now, CreatedAt: d.Now}
	switch err := d.tx.AddCycle(&c); {
	case errors.Is(err, models.ErrExists):
		return Refuse("%s已经开始考核。", q.Chinese())
	case err != nil:
		return fmt.Errorf("open %s: %w", q, err)
	}
	towns, err := d.tx.Towns()
	if err != nil {
		return fmt.Errorf("open %s: %w", q, err)
	}
	if len(towns) == 0 {
		return Refuse("还没有录入镇和村，不能开始考核。")
	}
	if err := d.addSequences(q, towns); err != nil {
		return fmt.Errorf("open %s: %w", q, err)
	}
	if err := d.carryFacts(q, rubric); err != nil {
		return err
	}
	return d.did("OpenCycle", q.String(), rubric.ID)
}

// addSequences lays down who is graded together: each class of posts of each
// town (article 10).
func (d *Desk) addSequences(q calendar.Quarter, towns []models.Town) error {
	var rows []models.Sequence
	for _, t := range towns {
		for _, class := range []string{models.ClassHead, models.ClassOther} {
			rows = append(rows, models.Sequence{
				ID: d.tx.NewID(), Quarter: q, TownID: t.ID, Class: class, Step: models.SequenceOpen, StepAt: d.Now,
			})
		}
	}
	return d.tx.AddSequences(rows)
}

// policy reads what a cycle was opened with.
func (v *View) policy(c models.Cycle) (Policy, *scoring.Rubric, error) {
	p, err := policyOf(c)
	if err != nil {
		return p, nil, err
	}
	r, err := v.rubric(p.Rubric)
	return p, r, err
}

// CycleCard is a cycle as it stands.
type CycleCard struct {
	models.Cycle
	Now       time.Time // when it stood so
	Due       time.Time // of the state; zero if it has none
	Sequences []models.Sequence
}

// Cycles returns all cycles, the newest first.
func (v *View) Cycles() ([]CycleCard, error) {
	if err := v.may("Cycles", Target{Town: v.myTown()}); err != nil {
		return nil, err
	}
	rows, err := v.tx.Cycles()
	if err != nil {
		return nil, fmt.Errorf("cycles: %w", err)
	}
	cards := make([]CycleCard, 0, len(rows))
	for _, c := range rows {
		card, err := v.cycleCard(c)
		if err != nil {
			return nil, err
		}
		cards = append(cards, card)
	}
	return cards, nil
}

func (v *View) myTown() string {
	for _, g := range v.grants {
		if g.Town != "" {
			return g.Town
		}
	}
	return ""
}

func (v *View) cycleCard(c models.Cycle) (CycleCard, error) {
	card := CycleCard{Cycle: c, Now: v.Now}
	var err error
	if card.Sequences, err = v.tx.Sequences(c.Quarter); err != nil {
		return card, fmt.Errorf("sequences of %s: %w", c.Quarter, err)
	}
	card.Due, err = v.due(c, card.Sequences)
	return card, err
}

// policyOf is what a cycle was opened with, but for the rubric.
func policyOf(c models.Cycle) (p Policy, err error) {
	if err := json.Unmarshal([]byte(c.Policy), &p); err != nil {
		return p, fmt.Errorf("policy of %s: %w", c.Quarter, err)
	}
	return p, nil
}

// due says when the state of a cycle ends: by itself, or by when a person is to
// act. Zero means that nothing is due.
func (v *View) due(c models.Cycle, seqs []models.Sequence) (time.Time, error) {
	off, err := v.daysOff()
	if err != nil {
		return time.Time{}, err
	}
	p, err := policyOf(c)
	if err != nil {
		return time.Time{}, err
	}
	term, last := p.Deadlines, c.Quarter.Last()
	switch c.State {
	case models.CycleOpen:
		return last.At(24, 0), nil
	case models.CycleSelfEval:
		return off.AddWorkdays(last, term.SelfEval).At(24, 0), nil
	case models.CycleVerification:
		return off.AddWorkdays(last, term.Verification).At(24, 0), nil
	case models.CycleTownReview:
		return off.AddWorkdays(calendar.On(c.StateAt), term.Review).At(18, 0), nil
	case models.CycleCountyFiling:
		return term.filingDue(off, c, seqs), nil
	case models.CyclePublicNotice:
		return term.noticeEnd(off, seqs), nil
	default:
		return time.Time{}, nil
	}
}

// filingDue is by when the county files, and once it has, by when the towns
// publish.
func (t Deadlines) filingDue(off calendar.DaysOff, c models.Cycle, seqs []models.Sequence) time.Time {
	filed := calendar.Date{}
	for _, s := range seqs {
		if s.Step == models.SequenceConfirmed {
			return off.AddWorkdays(calendar.On(c.StateAt), t.Filing).At(18, 0)
		}
		if d := calendar.On(s.StepAt); s.Step == models.SequenceFiled && d.After(filed) {
			filed = d
		}
	}
	return off.AddWorkdays(filed, t.Publishing).At(18, 0)
}

// noticeEnd is the later of the end of the public notice and of the time to
// file an appeal, which counts calendar days and never ends on a day off.
func (t Deadlines) noticeEnd(off calendar.DaysOff, seqs []models.Sequence) time.Time {
	var published calendar.Date
	for _, s := range seqs {
		if s.PublishedAt != nil && calendar.On(*s.PublishedAt).After(published) {
			published = calendar.On(*s.PublishedAt)
		}
	}
	notice := off.AddWorkdays(published, t.Notice)
	if appeal := off.NextWorkday(published.Add(t.Appeal)); appeal.After(notice) {
		notice = appeal
	}
	return notice.At(24, 0)
}

// StepCycle moves a quarter on if its time has come, and says whether it did.
// What persons must do first stands still: confirming, filing, publishing.
func (d *Desk) StepCycle(q calendar.Quarter) (moved bool, err error) {
	if err := d.may("StepCycle", Target{}); err != nil {
		return false, err
	}
	c, err := d.tx.CycleHeld(q)
	if err != nil {
		return false, fmt.Errorf("step %s: %w", q, err)
	}
	seqs, err := d.tx.Sequences(q)
	if err != nil {
		return false, fmt.Errorf("step %s: %w", q, err)
	}
	due, err := d.due(c, seqs)
	if err != nil {
		return false, err
	}
	to, ready := next(c, seqs, !due.IsZero() && !d.Now.Before(due))
	if !ready {
		return false, nil
	}
	return true, d.moveCycle(c, to)
}

// next says where the clock may take a cycle.
func next(c models.Cycle, seqs []models.Sequence, due bool) (models.CycleState, bool) {
	computed := !slices.ContainsFunc(seqs, func(s models.Sequence) bool {
		return s.Step != models.SequenceComputed || s.Round != c.Round
	})
	switch c.State {
	case models.CycleOpen:
		return models.CycleSelfEval, due
	case models.CycleSelfEval:
		return models.CycleVerification, due
	case models.CycleVerification:
		return models.CycleAggregation, due
	case models.CycleAggregation:
		return models.CycleTownReview, computed
	case models.CyclePublicNotice:
		return models.CycleFinal, due
	default:
		return "", false
	}
}

func (d *Desk) moveCycle(c models.Cycle, to models.CycleState) error {
	if _, err := d.tx.MoveCycle(c, to); err != nil {
		return fmt.Errorf("move %s to %s: %w", c.Quarter, to, err)
	}
	if c.State == models.CycleSelfEval {
		if err := d.missSelfEvals(c.Quarter); err != nil {
			return err
		}
	}
	if to == models.CycleFinal {
		if err := d.finalise(c.Quarter); err != nil {
			return err
		}
	}
	return d.did("StepCycle", c.Quarter.String(), string(c.State)+"→"+string(to))
}

// finalise fixes the grades of a quarter.
func (d *Desk) finalise(q calendar.Quarter) error {
	seqs, err := d.tx.Sequences(q)
	if err != nil {
		return fmt.Errorf("finalise %s: %w", q, err)
	}
	for _, s := range seqs {
		s.Step = models.SequenceFinal
		if err := d.tx.MoveSequence(s, models.SequencePublished); err != nil {
			return fmt.Errorf("finalise %s: %w", q, err)
		}
	}
	return nil
}
