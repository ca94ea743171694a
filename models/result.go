package models

import (
	"time"

	"github.com/cunkao/cunkao/calendar"
)

// Result is one cadre's assessment of one quarter and round, with everything
// that is needed to compute it again. Rows are only ever added; Sequence.Round
// says which count.
type Result struct {
	ID         string           `gorm:"size:26;primaryKey"`
	Quarter    calendar.Quarter `gorm:"type:char(6);not null;uniqueIndex:idx_results_once,priority:1"`
	Round      int              `gorm:"not null;uniqueIndex:idx_results_once,priority:2"`
	PersonID   string           `gorm:"size:26;not null;uniqueIndex:idx_results_once,priority:3;index"`
	SequenceID string           `gorm:"size:26;not null;index"`
	VillageID  string           `gorm:"size:26;not null"`
	Post       string           `gorm:"size:80;not null"`
	Rubric     string           `gorm:"size:80;not null"` // id and hash
	Facts      string           `gorm:"type:mediumtext;not null"`
	Sheet      string           `gorm:"type:mediumtext;not null"`
	Pay        string           `gorm:"type:text;not null"`
	Total      int64            `gorm:"not null"` // 1/100 point
	Grade      string           `gorm:"size:16;not null"`
	Tied       bool             `gorm:"not null"` // shut out by a tie at the last place
	Fails      int              `gorm:"not null"` // successive 不合格, this one included
	PayTotal   int64            `gorm:"not null"` // fen
	CreatedAt  time.Time
}

// AddResults stores results. It returns ErrExists if one is there already.
func (tx *Tx) AddResults(r []Result) error { return insert(tx, r) }

// Results returns the results of a sequence in a round, the best first.
func (tx *Tx) Results(sequenceID string, round int) ([]Result, error) {
	return many[Result](tx.g.Where("sequence_id = ? AND round = ?", sequenceID, round).Order("total DESC, person_id"))
}

// ResultsOf returns those of a person's results that count, the newest quarter
// first.
func (tx *Tx) ResultsOf(personID string) ([]Result, error) {
	return many[Result](tx.g.Table("results").Select("results.*").
		Joins("JOIN sequences ON sequences.id = results.sequence_id AND sequences.round = results.round").
		Where("results.person_id = ?", personID).Order("results.quarter DESC"))
}
