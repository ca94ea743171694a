package models

import (
	"time"

	"gorm.io/gorm"
)

// The fifth step of the schema, frozen like the others: leave and who is kin to
// whom.

type v5Leave struct {
	ID        string `gorm:"size:26;primaryKey"`
	TownID    string `gorm:"size:26;not null;uniqueIndex:idx_leaves_number,priority:1;index:idx_leaves_open,priority:2"`
	Number    int    `gorm:"not null;uniqueIndex:idx_leaves_number,priority:2"`
	VillageID string `gorm:"size:26;not null;index:idx_leaves_village,priority:1"`
	PersonID  string `gorm:"size:26;not null;index:idx_leaves_person,priority:1"`
	Extends   string `gorm:"size:26;not null;index:idx_leaves_extends"`
	Kind      string `gorm:"size:40;not null"`
	FirstDay  string `gorm:"type:char(10);not null"`
	FromNoon  bool   `gorm:"not null"`
	LastDay   string `gorm:"type:char(10);not null;index:idx_leaves_person,priority:2;index:idx_leaves_village,priority:2"`
	ToNoon    bool   `gorm:"not null"`
	Reason    string `gorm:"type:text;not null"`
	Emergency bool   `gorm:"not null"`
	FiledLate bool   `gorm:"not null"`
	Level     int    `gorm:"not null"`

	DeputyID   string `gorm:"size:26;not null;index:idx_leaves_deputy"`
	DeputySaid string `gorm:"size:4;not null"`

	PaperRef     string `gorm:"size:60;not null"`
	PaperDay     string `gorm:"type:char(10);not null"`
	RegisteredBy string `gorm:"size:26;not null"`

	State     string    `gorm:"size:10;not null;index:idx_leaves_open,priority:1"`
	Version   int       `gorm:"not null"`
	AskedAt   time.Time `gorm:"not null"`
	ToldID    string    `gorm:"size:26;not null"`
	ToldAt    time.Time `gorm:"not null"`
	UrgedAt   *time.Time
	DecidedBy string `gorm:"size:26;not null"`
	DecidedAt *time.Time
	Said      string `gorm:"type:text;not null"`

	ReturnedDay  string `gorm:"type:char(10);not null"`
	ReturnedNoon bool   `gorm:"not null"`
	ReportedAt   *time.Time
	ReportedBy   string `gorm:"size:26;not null"`
}

type v5LeaveNumber struct {
	TownID string `gorm:"size:26;primaryKey"`
	N      int    `gorm:"not null"`
}

type v5Kin struct {
	PersonID  string    `gorm:"size:26;primaryKey"`
	OtherID   string    `gorm:"size:26;primaryKey;index:idx_kin_other"`
	Relation  string    `gorm:"size:20;not null"`
	AddedBy   string    `gorm:"size:26;not null"`
	CreatedAt time.Time `gorm:"autoCreateTime:false"`
}

// addV5 adds the fifth step.
func addV5(g *gorm.DB) error {
	return createTables(g, map[string]any{"leaves": &v5Leave{}, "leave_numbers": &v5LeaveNumber{}, "kin": &v5Kin{}})
}
