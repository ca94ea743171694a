package models

import (
	"slices"
	"time"

	"gorm.io/gorm"
)

// Intake is a message that was acknowledged before it was carried out. Its row
// goes when it was: whoever holds the lease is at it, and a lease that ran out is
// of a process that died.
type Intake struct {
	CmdKey     string    `gorm:"size:190;primaryKey"`
	Body       string    `gorm:"type:mediumtext;not null"` // sealed
	ReceivedAt time.Time `gorm:"not null"`
	Owner      string    `gorm:"size:26;not null"` // of the lease; empty until somebody takes it
	LeaseUntil time.Time `gorm:"not null;index:idx_intake_lease"`
	Tries      int       `gorm:"not null"`
	Repeats    int       `gorm:"not null"` // how often it was delivered again meanwhile
}

// TableName is beside the inbox.
func (*Intake) TableName() string { return "intake" }

// AddIntakes stores messages in one statement. It returns ErrExists if one of
// them is there already; which one, the database does not say.
func (tx *Tx) AddIntakes(rows []*Intake) error {
	return storeRows(tx, "intake (cmd_key, body, received_at, owner, lease_until, tries, repeats)", rows, func(in *Intake) []any {
		return []any{in.CmdKey, in.Body, in.ReceivedAt, in.Owner, in.LeaseUntil, in.Tries, in.Repeats}
	})
}

// RepeatIntakes counts that messages came again, and returns which of these keys
// are there: as for Inbox.Repeats, what is only read may not be on the disk yet.
func (tx *Tx) RepeatIntakes(keys []string) (there []string, err error) {
	slices.Sort(keys) // two writers lock in one order
	if err := known(tx.intakes(keys).Update("repeats", gorm.Expr("repeats + 1")).Error); err != nil {
		return nil, err
	}
	return there, known(tx.intakes(keys).Pluck("cmd_key", &there).Error)
}

func (tx *Tx) intakes(keys []string) *gorm.DB {
	return tx.g.Model(&Intake{}).Where("cmd_key IN ?", keys)
}

// LeaseIntakes takes up to n messages whose lease ran out, the longest waiting
// first, for owner until another lease ends: by one conditional update, so that no
// two processes get the same. The rows are as they were before, and say who lost
// them.
func (tx *Tx) LeaseIntakes(owner string, n int, lease time.Duration) ([]Intake, error) {
	rows, err := many[Intake](tx.g.Where("lease_until <= ?", tx.Now).Order("lease_until, cmd_key").Limit(n))
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	keys := make([]string, 0, len(rows))
	for _, in := range rows {
		keys = append(keys, in.CmdKey)
	}
	slices.Sort(keys)
	q := tx.intakes(keys).Where("lease_until <= ?", tx.Now).
		Updates(map[string]any{"owner": owner, "lease_until": tx.Now.Add(lease), "tries": gorm.Expr("tries + 1")})
	if q.Error != nil || int(q.RowsAffected) == len(rows) {
		return rows, known(q.Error)
	}
	var mine []string
	if err := tx.intakes(keys).Where("owner = ?", owner).Pluck("cmd_key", &mine).Error; err != nil {
		return nil, known(err)
	}
	return slices.DeleteFunc(rows, func(in Intake) bool { return !slices.Contains(mine, in.CmdKey) }), nil
}

// DropIntakes deletes messages that were carried out.
func (tx *Tx) DropIntakes(keys []string) error {
	slices.Sort(keys)
	return known(tx.g.Where("cmd_key IN ?", keys).Delete(&Intake{}).Error)
}

// IntakesBefore returns up to n messages that came before an instant, the oldest
// first.
func (tx *Tx) IntakesBefore(at time.Time, n int) ([]Intake, error) {
	return many[Intake](tx.g.Where("received_at < ?", at.UTC()).Order("received_at, cmd_key").Limit(n))
}

// CountIntakes counts the messages that were acknowledged and not carried out.
func (tx *Tx) CountIntakes() (n int64, err error) {
	return n, known(tx.g.Model(&Intake{}).Count(&n).Error)
}
