package models

import "time"

// Journal is one row of what was done: who did which act to what, when and by
// which command. The program only ever adds rows, and reads none: there is no index
// but that of the id, which sorts by time.
type Journal struct {
	ID      string `gorm:"size:26;primaryKey"`
	At      time.Time
	Actor   string `gorm:"size:80;not null"` // a person's id, or the job
	Act     string `gorm:"size:40;not null"`
	Subject string `gorm:"size:80;not null"`
	Reason  string `gorm:"size:500;not null"`
	Digest  string `gorm:"size:64;not null"` // of the command's input
	CmdKey  string `gorm:"size:190;not null"`
}

// TableName keeps the name singular: there is one journal.
func (*Journal) TableName() string { return "journal" }
