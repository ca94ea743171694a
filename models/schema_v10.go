package models

import (
	"time"

	"gorm.io/gorm"
)

// The tenth step of the schema, frozen like the others: what colleagues say of a shift.

type v10Attestation struct {
	ID         string    `gorm:"size:26;primaryKey"`
	VillageID  string    `gorm:"size:26;not null;uniqueIndex:idx_attestations_no,priority:1;index:idx_attestations_day,priority:1"`
	No         int       `gorm:"not null;uniqueIndex:idx_attestations_no,priority:2"`
	ShiftID    string    `gorm:"size:26;not null"`
	Day        string    `gorm:"type:char(10);not null;uniqueIndex:idx_attestations_pair,priority:2;index:idx_attestations_day,priority:2"`
	Pair       string    `gorm:"size:53;not null;uniqueIndex:idx_attestations_pair,priority:1"`
	PersonID   string    `gorm:"size:26;not null;index:idx_attestations_person,priority:1"`
	WitnessID  string    `gorm:"size:26;not null;index:idx_attestations_witness,priority:1"`
	AskedBy    string    `gorm:"size:26;not null"`
	State      string    `gorm:"size:8;not null;index:idx_attestations_person,priority:2;index:idx_attestations_witness,priority:2"`
	AskedAt    time.Time `gorm:"not null"`
	Deadline   time.Time `gorm:"not null"`
	AnsweredAt *time.Time
}

// addV10 adds the tenth step.
func addV10(g *gorm.DB) error {
	return createTables(g, map[string]any{"attestations": &v10Attestation{}})
}
