package models

import "time"

// The second step of the schema, frozen like the first.

type v2DeadLetter struct {
	CmdKey string    `gorm:"size:190;primaryKey"`
	Kind   string    `gorm:"size:80;not null"`
	Why    string    `gorm:"size:200;not null"`
	Body   string    `gorm:"type:mediumtext;not null"`
	At     time.Time `gorm:"not null;index:idx_dead_inbox_at"`
}

// v2Tables are the tables that the second step adds, by name.
func v2Tables() map[string]any { return map[string]any{"dead_inbox": &v2DeadLetter{}} }
