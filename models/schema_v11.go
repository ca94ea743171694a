package models

import "gorm.io/gorm"

// The eleventh step of the schema, frozen like the others: which entry of a log took the
// place of which.

type v11LogCorrection struct {
	LogID    string `gorm:"size:26;primaryKey"`
	Replaces string `gorm:"size:26;not null;uniqueIndex:idx_log_corrections_replaces"`
	Was      string `gorm:"type:text;not null"`
}

func addV11(g *gorm.DB) error {
	return createTables(g, map[string]any{"log_corrections": &v11LogCorrection{}})
}
