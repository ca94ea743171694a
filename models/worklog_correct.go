package models

import (
	"errors"
)

// LogCorrection says that an entry of a log took the place of another (更正), which stays as
// it was: its row, and here the matters as they stood, for matters go on living.
type LogCorrection struct {
	LogID    string `gorm:"size:26;primaryKey"`                                        // the entry that counts
	Replaces string `gorm:"size:26;not null;uniqueIndex:idx_log_corrections_replaces"` // the one before it
	Was      string `gorm:"type:text;not null"`                                        // sealed: its matters
}

// AddLogCorrection stores a correction. It returns ErrExists if the entry was replaced
// already.
func (tx *Tx) AddLogCorrection(c *LogCorrection) error { return known(tx.g.Create(c).Error) }

// LogCorrections returns the corrections that entries are, and those that took their place,
// by the entry that each replaced.
func (tx *Tx) LogCorrections(logs []string) (map[string]LogCorrection, error) {
	out := map[string]LogCorrection{}
	err := chunks(logs, func(ids []string) error {
		rows, err := many[LogCorrection](tx.g.Where("log_id IN ? OR replaces IN ?", ids, ids))
		for _, c := range rows {
			out[c.Replaces] = c
		}
		return err
	})
	return out, err
}

// movedLogs are those of the entries that where finds, as l, whose last correction is of
// another day: they are no log of theirs any more. Days are rarely corrected, so each is
// followed by itself.
func (tx *Tx) movedLogs(where string, args ...any) (map[string]bool, error) {
	moves, err := many[LogCorrection](tx.g.Joins("JOIN work_logs l ON l.id = log_corrections.replaces").
		Joins("JOIN work_logs n ON n.id = log_corrections.log_id").Where("l.day <> n.day").Where(where, args...))
	if err != nil {
		return nil, err
	}
	out := map[string]bool{}
	for _, c := range moves {
		if out[c.Replaces] {
			continue
		}
		chain, err := tx.wordings(c.Replaces)
		if err != nil {
			return nil, err
		}
		for _, l := range chain {
			if l.Day != chain[len(chain)-1].Day {
				out[l.ID] = true
			}
		}
	}
	return out, nil
}

// wordings are an entry and all that it replaced and that replaced it, the last at the end.
func (tx *Tx) wordings(id string) (all []WorkLog, err error) {
	for {
		c, err := one[LogCorrection](tx.g.Where("log_id = ?", id))
		if errors.Is(err, ErrNotFound) {
			break
		}
		if err != nil {
			return nil, err
		}
		id = c.Replaces
	}
	for {
		l, err := tx.WorkLog(id)
		if err != nil {
			return nil, err
		}
		all = append(all, l)
		c, err := one[LogCorrection](tx.g.Where("replaces = ?", id))
		if errors.Is(err, ErrNotFound) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		id = c.LogID
	}
}

// CorrectMatter stores a matter as a correction leaves it, whatever its state, and reports
// whether it still was as it was read.
func (tx *Tx) CorrectMatter(m Matter) (bool, error) {
	was := m.Version
	m.Version++
	done := tx.g.Model(&Matter{}).Where("id = ? AND version = ?", m.ID, was).
		Select("log_id", "day", "words", "holder_id", "state", "result", "version", "handed_at", "done_at").Updates(&m)
	return done.RowsAffected == 1, known(done.Error)
}
