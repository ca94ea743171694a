package models

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

// LogCorrections returns the corrections that entries are, by the entry that each replaced.
func (tx *Tx) LogCorrections(logs []string) (map[string]LogCorrection, error) {
	out := map[string]LogCorrection{}
	err := chunks(logs, func(ids []string) error {
		rows, err := many[LogCorrection](tx.g.Where("log_id IN ?", ids))
		for _, c := range rows {
			out[c.Replaces] = c
		}
		return err
	})
	return out, err
}

// CorrectMatter stores a matter as a correction leaves it, whatever its state, and reports
// whether it still was as it was read.
func (tx *Tx) CorrectMatter(m Matter) (bool, error) {
	was := m.Version
	m.Version++
	done := tx.g.Model(&Matter{}).Where("id = ? AND version = ?", m.ID, was).
		Select("log_id", "words", "holder_id", "state", "result", "version", "handed_at", "done_at").Updates(&m)
	return done.RowsAffected == 1, known(done.Error)
}
