package models

import (
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Talk is a conversation that is not finished. It outlives restarts.
type Talk struct {
	OpenID    string            `gorm:"column:openid;size:64;primaryKey"`
	Form      string            `gorm:"size:32;not null"`
	Edition   int               `gorm:"not null"` // of the form, as it was when the talk began
	Answers   map[string]string `gorm:"serializer:json;type:text;not null"`
	UpdatedAt time.Time         `gorm:"autoUpdateTime:false"` // by the command's clock, not by gorm's
}

// Talk returns the open conversation of a WeChat user, or ErrNotFound.
func (tx *Tx) Talk(openID string) (Talk, error) {
	if w := tx.warm; w != nil && w.asked[openID] {
		if t, open := w.talks[openID]; open {
			return t, nil
		}
		return Talk{}, ErrNotFound
	}
	return tx.talkOf("open: talks", tx.g, openID)
}

// talkOf is the talk that a query finds.
func (tx *Tx) talkOf(name string, q *gorm.DB, openID string) (Talk, error) {
	rows, err := remembered(tx, name, func() ([]Talk, error) { return many[Talk](q.Where("openid = ?", openID)) }, openID)
	if err == nil && len(rows) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Talk{}, err
	}
	return rows[0], nil
}

// TalkHeld is Talk, held until the transaction ends, so that two quick
// messages of one person take turns. What was read before stays: a talk decides nothing, and
// what it does in the end holds the person or compares what it changes.
func (tx *Tx) TalkHeld(openID string) (Talk, error) {
	return tx.talkOf("held: talks", tx.g.Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate}), openID)
}

// SetTalk stores a conversation.
func (tx *Tx) SetTalk(t Talk) error {
	return known(tx.g.Clauses(clause.OnConflict{UpdateAll: true}).Create(&t).Error)
}

// EndTalk forgets a conversation.
func (tx *Tx) EndTalk(openID string) error {
	return known(tx.g.Where("openid = ?", openID).Delete(&Talk{}).Error)
}

// IdleTalks returns up to n conversations behind an openid in which nothing was said since
// an instant, by openid.
func (tx *Tx) IdleTalks(since time.Time, after string, n int) ([]Talk, error) {
	return many[Talk](tx.g.Where("updated_at <= ? AND openid > ?", since, after).Order("openid").Limit(n))
}

// EndTalkOf forgets a conversation unless it went on since an instant, and reports whether
// it did forget it.
func (tx *Tx) EndTalkOf(openID string, since time.Time) (bool, error) {
	done := tx.g.Where("openid = ? AND updated_at = ?", openID, since).Delete(&Talk{})
	return done.RowsAffected == 1, known(done.Error)
}
