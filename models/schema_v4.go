package models

import (
	"time"

	"gorm.io/gorm"
)

// The fourth step of the schema, frozen like the others: messages that were
// acknowledged and are not carried out yet.

type v4Intake struct {
	CmdKey     string    `gorm:"size:190;primaryKey"`
	Body       string    `gorm:"type:mediumtext;not null"`
	ReceivedAt time.Time `gorm:"not null"`
	Owner      string    `gorm:"size:26;not null"`
	LeaseUntil time.Time `gorm:"not null;index:idx_intake_lease"`
	Tries      int       `gorm:"not null"`
	Repeats    int       `gorm:"not null"`
}

// addV4 adds the fourth step.
func addV4(g *gorm.DB) error { return createTables(g, map[string]any{"intake": &v4Intake{}}) }
