package models

import (
	"time"

	"gorm.io/gorm"
)

// Inbox remembers each command that was carried out and what was answered. It
// is what makes a repeat harmless, so it is written with the command itself.
type Inbox struct {
	CmdKey     string `gorm:"size:190;primaryKey"`
	Digest     string `gorm:"size:64;not null"`
	Who        string `gorm:"size:80;not null;index:idx_inbox_who,priority:1"`
	Channel    string `gorm:"size:16;not null"`
	Act        string `gorm:"size:40;not null"` // what it was, for “我的记录”; empty if nothing was stored
	Reply      string `gorm:"type:text;not null"`
	Field      string `gorm:"size:40;not null"` // of a refusal
	Refused    bool   `gorm:"not null"`
	Repeats    int    `gorm:"not null"` // how often it came again: see Repeat
	SentAt     time.Time
	ReceivedAt time.Time `gorm:"index:idx_inbox_who,priority:2"`
}

// TableName keeps the name singular: there is one inbox.
func (*Inbox) TableName() string { return "inbox" }

// AddInbox claims a command. It returns ErrExists if it was carried out before.
func (tx *Tx) AddInbox(in *Inbox) error { return known(tx.g.Create(in).Error) }

// Inbox returns what is known of a command.
func (tx *Tx) Inbox(key string) (Inbox, error) {
	return one[Inbox](tx.g.Where("cmd_key = ?", key))
}

// Inboxes returns what is known of commands, by key.
func (tx *Tx) Inboxes(keys []string) (map[string]Inbox, error) {
	rows, err := many[Inbox](tx.g.Where("cmd_key IN ?", keys))
	known := make(map[string]Inbox, len(rows))
	for _, in := range rows {
		known[in.CmdKey] = in
	}
	return known, err
}

// Repeat counts that commands came again which were carried out before. Without
// this write nobody may answer what he has read of them: a server shows others
// what is committed a moment before it is on the disk, and whoever would be told
// of it then could lose it to a failure of that moment. What commits later is on
// the disk later.
func (tx *Tx) Repeat(keys ...string) error {
	if len(keys) == 0 {
		return nil
	}
	return known(tx.g.Model(&Inbox{}).Where("cmd_key IN ?", keys).Update("repeats", gorm.Expr("repeats + 1")).Error)
}

// SetInboxReply stores what is answered to a command.
func (tx *Tx) SetInboxReply(in Inbox) error {
	return moved(tx.g.Model(&Inbox{}).Where("cmd_key = ?", in.CmdKey).
		Select("Reply", "Act", "Refused", "Field").Updates(in))
}

// InboxOf returns the last n commands since an instant by which somebody changed
// something, newest first.
func (tx *Tx) InboxOf(who string, since time.Time, n int) ([]Inbox, error) {
	return many[Inbox](tx.g.Where("who = ? AND received_at >= ? AND act <> '' AND refused = ?", who, since.UTC(), false).
		Order("received_at DESC, cmd_key DESC").Limit(n))
}

// InboxAll returns the last n commands of somebody, refused ones and answers within a talk
// too, the newest first.
func (tx *Tx) InboxAll(who string, n int) ([]Inbox, error) {
	return many[Inbox](tx.g.Where("who = ?", who).Order("received_at DESC, cmd_key DESC").Limit(n))
}
