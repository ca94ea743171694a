package models

import (
	"time"

	"gorm.io/gorm"

	"github.com/cunkao/cunkao/calendar"
)

// SelfEvalState is how far somebody's self-evaluation is.
type SelfEvalState string

// The states of a self-evaluation.
const (
	SelfEvalDraft     SelfEvalState = "draft"
	SelfEvalSubmitted SelfEvalState = "submitted"
	SelfEvalMissing   SelfEvalState = "missing" // the time to submit it is over; no points are lost
)

// SelfEval is what a cadre thinks of his own quarter (述职自评). There is one of a quarter
// and person. What was entered for a draft stays when it turns missing.
type SelfEval struct {
	ID          string           `gorm:"size:26;primaryKey"`
	Quarter     calendar.Quarter `gorm:"type:char(6);not null;uniqueIndex:idx_self_evals_once,priority:1"`
	PersonID    string           `gorm:"size:26;not null;uniqueIndex:idx_self_evals_once,priority:2"`
	State       SelfEvalState    `gorm:"size:10;not null"`
	Version     int              `gorm:"not null"`           // raised by each change
	Items       string           `gorm:"type:text;not null"` // sealed JSON: points, a sentence and the ids of photos, by check
	Statement   string           `gorm:"type:text;not null"` // sealed: 述职; may be empty
	Channel     string           `gorm:"size:16;not null"`
	EnteredBy   string           `gorm:"size:26;not null"` // somebody else, from paper (代录); else empty
	Receipt     string           `gorm:"size:16;not null"`
	SubmittedAt *time.Time
	UpdatedAt   time.Time `gorm:"not null;autoUpdateTime:false"`
}

// AddSelfEvals stores new self-evaluations. It returns ErrExists if one is there already.
func (tx *Tx) AddSelfEvals(rows []SelfEval) error { return insert(tx, rows) }

// SelfEval returns somebody's self-evaluation of a quarter, or ErrNotFound.
func (tx *Tx) SelfEval(q calendar.Quarter, personID string) (SelfEval, error) {
	return one[SelfEval](tx.g.Where("quarter = ? AND person_id = ?", q, personID))
}

// SelfEvalByID returns a self-evaluation, or ErrNotFound.
func (tx *Tx) SelfEvalByID(id string) (SelfEval, error) {
	return one[SelfEval](tx.g.Where("id = ?", id))
}

// SelfEvalsAmong returns the self-evaluations of people in a quarter, by person.
func (tx *Tx) SelfEvalsAmong(q calendar.Quarter, people []string) (map[string]SelfEval, error) {
	rows, err := among[SelfEval](people, func(ids []string) *gorm.DB {
		return tx.g.Where("quarter = ? AND person_id IN ?", q, ids)
	})
	of := make(map[string]SelfEval, len(rows))
	for _, r := range rows {
		of[r.PersonID] = r
	}
	return of, err
}

// MoveSelfEval stores a self-evaluation that was read at the version it has, one version
// on. It returns ErrStale if somebody was faster.
func (tx *Tx) MoveSelfEval(s *SelfEval) error {
	was := s.Version
	s.Version, s.UpdatedAt = was+1, tx.Now
	return moved(tx.g.Model(&SelfEval{}).Where("id = ? AND version = ?", s.ID, was).
		Select("State", "Version", "Items", "Statement", "Channel", "EnteredBy", "Receipt", "SubmittedAt", "UpdatedAt").Updates(*s))
}

// MissSelfEvals marks the drafts of a quarter that nobody submitted.
func (tx *Tx) MissSelfEvals(q calendar.Quarter) error {
	return known(tx.g.Model(&SelfEval{}).Where("quarter = ? AND state = ?", q, SelfEvalDraft).
		Updates(map[string]any{"state": SelfEvalMissing, "version": gorm.Expr("version + 1"), "updated_at": tx.Now}).Error)
}

// Recheck ends looking again (复核) at one result that is far from its self-evaluation.
type Recheck struct {
	ID       string    `gorm:"size:26;primaryKey"`
	ResultID string    `gorm:"size:26;not null;uniqueIndex:idx_rechecks_result"`
	PersonID string    `gorm:"size:26;not null"`   // whose result it is
	Reason   string    `gorm:"type:text;not null"` // sealed
	ClosedBy string    `gorm:"size:26;not null"`
	ClosedAt time.Time `gorm:"not null"`
}

// AddRecheck stores a recheck. It returns ErrExists if the result has one.
func (tx *Tx) AddRecheck(r *Recheck) error { return known(tx.g.Create(r).Error) }

// RechecksOf returns the rechecks of results, by result.
func (tx *Tx) RechecksOf(results []string) (map[string]Recheck, error) {
	rows, err := among[Recheck](results, func(ids []string) *gorm.DB { return tx.g.Where("result_id IN ?", ids) })
	of := make(map[string]Recheck, len(rows))
	for _, r := range rows {
		of[r.ResultID] = r
	}
	return of, err
}
