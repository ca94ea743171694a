package models

import (
	"slices"
	"strings"
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

// resultsAtOnce is how many results one statement stores.
const resultsAtOnce = 20

// AddResults stores results. It returns ErrExists if one is there already. A
// result is some kilobytes of text: by a prepared statement nobody has to quote
// them, nor to read them as SQL.
func (tx *Tx) AddResults(rows []Result) error {
	whole := len(rows) / resultsAtOnce * resultsAtOnce
	if whole > 0 {
		if err := tx.addResults(rows[:whole]); err != nil {
			return tx.known(err)
		}
	}
	return insert(tx, rows[whole:])
}

func (tx *Tx) addResults(rows []Result) error {
	const columns = 17
	marks := "(?" + strings.Repeat(", ?", columns-1) + ")"
	insert := `INSERT INTO results (id, quarter, round, person_id, sequence_id, village_id,
		post, rubric, facts, sheet, pay, total, grade, tied, fails, pay_total, created_at)
		VALUES ` + marks + strings.Repeat(", "+marks, resultsAtOnce-1)
	stmt, err := tx.g.Statement.ConnPool.PrepareContext(tx.g.Statement.Context, insert) //nolint:sqlclosecheck // two lines below
	if err != nil {
		return err
	}
	defer stmt.Close()
	for some := range slices.Chunk(rows, resultsAtOnce) {
		args := make([]any, 0, columns*len(some))
		for i := range some {
			r := &some[i]
			args = append(args, r.ID, r.Quarter, r.Round, r.PersonID, r.SequenceID, r.VillageID,
				r.Post, r.Rubric, r.Facts, r.Sheet, r.Pay, r.Total, r.Grade, r.Tied, r.Fails, r.PayTotal, r.CreatedAt)
		}
		if _, err := stmt.ExecContext(tx.g.Statement.Context, args...); err != nil {
			return err
		}
	}
	return nil
}

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
