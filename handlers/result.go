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
	Bonus     int // per cent, of the policy
}

// MyScore returns the person's live score of a quarter: what the records and
// entries say up to now. It is not yet a result.
func (v *View) MyScore(q calendar.Quarter) (Score, error) {
	if err := v.may("MyScore", own(v.Who.ID)); err != nil {
		return Score{}, err
	}
	c, err := v.tx.Cycle(q)
	if errors.Is(err, models.ErrNotFound) {
		return Score{}, Refuse("%s还没有开始考核。", q.Chinese())
	}
	if err != nil {
		return Score{}, fmt.Errorf("my score: %w", err)
	}
	policy, rubric, err := v.policy(c)
	if err != nil {
		return Score{}, err
	}
	posts, err := v.tx.PostsOf(v.Who.ID)
	if err != nil {
		return Score{}, fmt.Errorf("my posts: %w", err)
	}
	m, assessed := memberOf(v.Who, posts, q, policy)
	if !assessed {
		return Score{}, Refuse("您在%s没有列入考核的职务。", q.Chinese())
	}
	there, err := v.tx.PostsAmong([]string{m.village}, q.First(), q.Last())
	if err != nil {
		return Score{}, fmt.Errorf("posts of my village: %w", err)
	}
	known, err := v.ledger(q, []string{m.village}, []string{m.person.ID}, there)
	if err != nil {
		return Score{}, err
	}
	_, sheet, err := known.assess(rubric, m)
	return Score{Quarter: q, Sheet: sheet, Post: postNames(m.posts, q.Last())}, err
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
	return s, nil
}
