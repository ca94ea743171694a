package models

import (
	"fmt"
	"time"

	"gorm.io/gorm"
)

// The third step of the schema, frozen like the others: indexes only. Whatever a
// 签到 writes has no index that no query uses, and what a quarter counts is found
// in an index alone.

type v3Shift struct {
	VillageID string    `gorm:"size:26;not null;index:idx_shifts_heads,priority:1"`
	Day       string    `gorm:"type:char(10);not null;index:idx_shifts_heads,priority:2"`
	Chief     bool      `gorm:"not null;index:idx_shifts_heads,priority:3"`
	Kind      string    `gorm:"size:8;not null;index:idx_shifts_heads,priority:4"`
	EndsAt    time.Time `gorm:"not null;index:idx_shifts_heads,priority:5"`
}

type v3Arrival struct {
	VillageID string `gorm:"size:26;not null;index:idx_arrivals_shift,priority:1"`
	Day       string `gorm:"type:char(10);not null;index:idx_arrivals_shift,priority:2"`
	ShiftID   string `gorm:"size:26;not null;index:idx_arrivals_shift,priority:3"`
}

// addV3 adds the third step.
func addV3(g *gorm.DB) error {
	for _, c := range []struct {
		table, index string
		row          any
	}{{"shifts", "idx_shifts_heads", &v3Shift{}}, {"arrivals", "idx_arrivals_shift", &v3Arrival{}}} {
		m := g.Table(c.table).Migrator()
		if m.HasIndex(c.row, c.index) {
			continue
		}
		if err := m.CreateIndex(c.row, c.index); err != nil {
			return fmt.Errorf("add %s: %w", c.index, err)
		}
	}
	for _, c := range []struct{ table, index string }{
		{"arrivals", "idx_arrivals_village"}, // the new one begins with the same columns
		{"journal", "idx_journal_at"}, {"journal", "idx_journal_actor"}, {"journal", "idx_journal_subject"},
	} {
		m := g.Migrator()
		if !m.HasIndex(c.table, c.index) {
			continue
		}
		if err := m.DropIndex(c.table, c.index); err != nil {
			return fmt.Errorf("drop %s: %w", c.index, err)
		}
	}
	return nil
}
