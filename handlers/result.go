package handlers

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/scoring"
)

// Score is a cadre's score of one quarter: as it stands today, or as it was
// published.
type Score struct {
	Quarter   calendar.Quarter
	Sheet     scoring.Sheet
	Published *time.Time // nil while the quarter is open
	Final     bool
	Grade     scoring.Grade
	Pay       scoring.Pay
	Tied      bool
	Post      string
	Bonus     int             // per cent, of the policy
	Own       map[string]bool // the dimensions that are scored for the cadre alone, by id
}

// MyScore returns the person's live score of a quarter: what the records and
// entries say up to now. It is not yet a result.
func (v *View) MyScore(q calendar.Quarter) (Score, error) {
	if err := v.may("MyScore", own(v.Who.ID)); err != nil {
		return Score{}, err
	}
	own, err := v.liveOf(v.Who, q)
	if err != nil {
		return Score{}, err
	}
	return Score{Quarter: q, Sheet: own.sheet, Post: postNames(own.posts, q.Last()), Own: ownDimensions(own.rubric)}, nil
}

func ownDimensions(r *scoring.Rubric) map[string]bool {
	own := map[string]bool{}
	for _, d := range r.Dimensions {
		own[d.ID] = d.Scope == scoring.CadreScope
	}
	return own
}

// live is one cadre's quarter as it stands.
type live struct {
	member
	rubric  *scoring.Rubric
	known   ledger
	dossier Dossier
	sheet   scoring.Sheet
}

// liveOf computes one cadre's quarter from what is known by now.
func (v *View) liveOf(who models.Person, q calendar.Quarter) (live, error) {
	c, err := v.tx.Cycle(q)
	if errors.Is(err, models.ErrNotFound) {
		return live{}, Refuse("%s还没有开始考核。", q.Chinese())
	}
	if err != nil {
		return live{}, fmt.Errorf("score of %s: %w", who.ID, err)
	}
	policy, rubric, err := v.policy(c)
	if err != nil {
		return live{}, err
	}
	posts, err := v.tx.PostsOf(who.ID)
	if err != nil {
		return live{}, fmt.Errorf("posts of %s: %w", who.ID, err)
	}
	m, assessed := memberOf(who, posts, q, policy)
	if !assessed {
		return live{}, Refuse("%s在%s没有列入考核的职务。", v.you(who), q.Chinese())
	}
	there, err := v.tx.PostsAmong([]string{m.village}, q.First(), q.Last())
	if err != nil {
		return live{}, fmt.Errorf("posts of a village: %w", err)
	}
	out := live{member: m, rubric: rubric}
	if out.known, err = v.ledger(q, []string{m.village}, []string{m.person.ID}, there); err != nil {
		return live{}, err
	}
	out.dossier, out.sheet, err = out.known.assess(rubric, m)
	return out, err
}

// you is how the asker is told of somebody.
func (v *View) you(who models.Person) string {
	if who.ID == v.Who.ID {
		return "您"
	}
	return who.Name
}

// MyResults returns the person's published results, the newest first.
func (v *View) MyResults() ([]Score, error) {
	if err := v.may("MyResults", own(v.Who.ID)); err != nil {
		return nil, err
	}
	rows, err := v.tx.ResultsOf(v.Who.ID)
	if err != nil {
		return nil, fmt.Errorf("my results: %w", err)
	}
	var out []Score
	for _, r := range rows {
		seq, err := v.tx.Sequence(r.SequenceID)
		if err != nil {
			return nil, fmt.Errorf("my result of %s: %w", r.Quarter, err)
		}
		if seq.Step != models.SequencePublished && seq.Step != models.SequenceFinal {
			continue
		}
		s, err := v.published(r, seq)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

func (v *View) published(r models.Result, seq models.Sequence) (Score, error) {
	s := Score{
		Quarter: r.Quarter, Published: seq.PublishedAt, Final: seq.Step == models.SequenceFinal,
		Grade: scoring.Grade(r.Grade), Tied: r.Tied, Post: r.Post,
	}
	if err := json.Unmarshal([]byte(r.Sheet), &s.Sheet); err != nil {
		return s, fmt.Errorf("sheet of result %s: %w", r.ID, err)
	}
	if err := json.Unmarshal([]byte(r.Pay), &s.Pay); err != nil {
		return s, fmt.Errorf("pay of result %s: %w", r.ID, err)
	}
	rubric, err := v.rubric(r.Rubric)
	if err != nil {
		return s, fmt.Errorf("result %s: %w", r.ID, err)
	}
	s.Own = ownDimensions(rubric)
	return s, nil
}
