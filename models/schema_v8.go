package models

import (
	"time"

	"gorm.io/gorm"
)

// The eighth step of the schema, frozen like the others: self-evaluations and what came of
// looking again where they and the group differ.

type v8SelfEval struct {
	ID          string `gorm:"size:26;primaryKey"`
	Quarter     string `gorm:"type:char(6);not null;uniqueIndex:idx_self_evals_once,priority:1"`
	PersonID    string `gorm:"size:26;not null;uniqueIndex:idx_self_evals_once,priority:2"`
	State       string `gorm:"size:10;not null"`
	Version     int    `gorm:"not null"`
	Items       string `gorm:"type:text;not null"`
	Statement   string `gorm:"type:text;not null"`
	Channel     string `gorm:"size:16;not null"`
	EnteredBy   string `gorm:"size:26;not null"`
	Receipt     string `gorm:"size:16;not null"`
	SubmittedAt *time.Time
	UpdatedAt   time.Time `gorm:"not null;autoUpdateTime:false"`
}

type v8Recheck struct {
	ID       string    `gorm:"size:26;primaryKey"`
	ResultID string    `gorm:"size:26;not null;uniqueIndex:idx_rechecks_result"`
	PersonID string    `gorm:"size:26;not null"`
	Reason   string    `gorm:"type:text;not null"`
	ClosedBy string    `gorm:"size:26;not null"`
	ClosedAt time.Time `gorm:"not null"`
}

func addV8(g *gorm.DB) error {
	return createTables(g, map[string]any{"self_evals": &v8SelfEval{}, "rechecks": &v8Recheck{}})
}
