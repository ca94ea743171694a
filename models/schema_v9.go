package models

import (
	"time"

	"gorm.io/gorm"
)

// The ninth step of the schema, frozen like the others: photos, and where villages are.

type v9Photo struct {
	ID        string    `gorm:"size:26;primaryKey"`
	PersonID  string    `gorm:"size:26;not null;index:idx_photos_person,priority:1"`
	VillageID string    `gorm:"size:26;not null"`
	Kind      string    `gorm:"size:8;not null"`
	SubjectID string    `gorm:"size:26;not null;index:idx_photos_subject"`
	Quarter   string    `gorm:"type:char(6);not null;index:idx_photos_expires,priority:2"`
	MediaID   string    `gorm:"size:500;not null"`
	State     string    `gorm:"size:8;not null;index:idx_photos_due,priority:1"`
	DueAt     time.Time `gorm:"not null;index:idx_photos_due,priority:2"`
	Tries     int       `gorm:"not null"`
	Problem   string    `gorm:"size:200;not null"`
	Body      string    `gorm:"type:mediumtext;not null"`
	TakenAt   time.Time `gorm:"not null;index:idx_photos_person,priority:2"`
	ExpiresAt time.Time `gorm:"not null;index:idx_photos_expires,priority:1"`
}

type v9Fence struct {
	ID        string `gorm:"size:26;primaryKey"`
	VillageID string `gorm:"size:26;not null;index:idx_fences_village_id"`
	Latitude  int    `gorm:"not null"`
	Longitude int    `gorm:"not null"`
	Radius    int    `gorm:"not null"`
}

type v9Presence struct {
	ArrivalID string `gorm:"size:26;primaryKey"`
	Verdict   string `gorm:"size:8;not null"`
	Distance  string `gorm:"size:8;not null"`
	Reason    string `gorm:"type:text;not null"`
}

func addV9(g *gorm.DB) error {
	return createTables(g, map[string]any{"photos": &v9Photo{}, "fences": &v9Fence{}, "presences": &v9Presence{}})
}
