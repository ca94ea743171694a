package models

import (
	"errors"
	"time"
)

// DeadLetter is a message of the platform's that nobody here can read or knows
// what to do with. It was acknowledged, and is kept for whoever looks into it.
type DeadLetter struct {
	CmdKey string    `gorm:"size:190;primaryKey"`
	Kind   string    `gorm:"size:80;not null"`
	Why    string    `gorm:"size:200;not null"`
	Body   string    `gorm:"type:mediumtext;not null"` // sealed; empty when its time is over
	At     time.Time `gorm:"not null;index:idx_dead_inbox_at"`
}

// TableName is beside the inbox.
func (*DeadLetter) TableName() string { return "dead_inbox" }

// AddDeadLetter keeps a message. One that is kept already stays as it is.
func (tx *Tx) AddDeadLetter(l *DeadLetter) error {
	if err := known(tx.g.Create(l).Error); !errors.Is(err, ErrExists) {
		return err
	}
	return nil
}

// DeadLetter returns one.
func (tx *Tx) DeadLetter(key string) (DeadLetter, error) {
	return one[DeadLetter](tx.g.Where("cmd_key = ?", key))
}

// DeadLetters returns the n latest.
func (tx *Tx) DeadLetters(n int) ([]DeadLetter, error) {
	return many[DeadLetter](tx.g.Order("at DESC, cmd_key").Limit(n))
}

// EmptyDeadLetters deletes what older ones said.
func (tx *Tx) EmptyDeadLetters(before time.Time) error {
	return known(tx.g.Model(&DeadLetter{}).Where("at < ? AND body <> ''", before.UTC()).Update("body", "").Error)
}
