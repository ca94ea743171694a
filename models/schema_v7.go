package models

import (
	"time"

	"gorm.io/gorm"
)

// The seventh step of the schema, frozen like the others: the day's log and its matters.

type v7WorkLog struct {
	ID        string    `gorm:"size:26;primaryKey"`
	VillageID string    `gorm:"size:26;not null;index:idx_work_logs_village,priority:1"`
	Day       string    `gorm:"type:char(10);not null;index:idx_work_logs_village,priority:2;index:idx_work_logs_person,priority:2"`
	PersonID  string    `gorm:"size:26;not null;index:idx_work_logs_person,priority:1"`
	EnteredBy string    `gorm:"size:26;not null"`
	Amends    string    `gorm:"size:26;not null"`
	Visitors  int       `gorm:"not null"`
	Nothing   bool      `gorm:"not null"`
	Words     string    `gorm:"type:text;not null"`
	At        time.Time `gorm:"not null"`
	Channel   string    `gorm:"size:16;not null"`
	Receipt   string    `gorm:"size:16;not null"`
}

type v7Matter struct {
	ID        string `gorm:"size:26;primaryKey"`
	VillageID string `gorm:"size:26;not null;uniqueIndex:idx_matters_no,priority:1;index:idx_matters_open,priority:1"`
	No        int    `gorm:"not null;uniqueIndex:idx_matters_no,priority:2"`
	LogID     string `gorm:"size:26;not null;index:idx_matters_log_id"`
	Day       string `gorm:"type:char(10);not null"`
	PersonID  string `gorm:"size:26;not null"`
	HolderID  string `gorm:"size:26;not null;index:idx_matters_holder,priority:1"`
	State     string `gorm:"size:8;not null;index:idx_matters_open,priority:2;index:idx_matters_holder,priority:2"`
	Words     string `gorm:"type:text;not null"`
	Result    string `gorm:"type:text;not null"`
	Version   int    `gorm:"not null"`
	HandedAt  *time.Time
	DoneAt    *time.Time
}

func addV7(g *gorm.DB) error {
	return createTables(g, map[string]any{"work_logs": &v7WorkLog{}, "matters": &v7Matter{}})
}
