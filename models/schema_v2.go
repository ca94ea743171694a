package models

import (
	"fmt"
	"time"

	"gorm.io/gorm"
)

// The second step of the schema, frozen like the first.

type v2DeadLetter struct {
	CmdKey string    `gorm:"size:190;primaryKey"`
	Kind   string    `gorm:"size:80;not null"`
	Why    string    `gorm:"size:200;not null"`
	Body   string    `gorm:"type:mediumtext;not null"`
	At     time.Time `gorm:"not null;index:idx_dead_inbox_at"`
}

type v2Report struct {
	PlatformID string    `gorm:"size:40;primaryKey"`
	Outcome    string    `gorm:"size:60;not null"`
	At         time.Time `gorm:"not null;index:idx_reports_at"`
}

type v2Subscription struct {
	OpenID     string `gorm:"column:openid;size:64;primaryKey"`
	TemplateID string `gorm:"size:64;primaryKey"`
	Messages   int    `gorm:"not null"`
	UpdatedAt  time.Time
}

type v2Leaver struct {
	Mark   string    `gorm:"size:64;primaryKey"`
	OpenID string    `gorm:"column:openid;size:300;not null"`
	At     time.Time `gorm:"not null"`
}

// v2Tables are the tables that the second step adds, by name.
func v2Tables() map[string]any {
	return map[string]any{
		"dead_inbox": &v2DeadLetter{}, "reports": &v2Report{}, "subscriptions": &v2Subscription{}, "leavers": &v2Leaver{},
	}
}

type v2Binding struct {
	Tag        string `gorm:"size:20;not null;default:''"`
	FollowedAt *time.Time
}

type v2Inbox struct {
	Repeats int `gorm:"not null;default:0"`
}

type v2Notice struct {
	PlatformID string `gorm:"size:40;not null;index:idx_notices_platform_id"`
	Way        string `gorm:"size:12;not null;default:''"`
	Report     string `gorm:"size:60;not null;default:''"`

	Class     int       `gorm:"not null;index:idx_notices_class,priority:1"`
	State     string    `gorm:"size:12;not null;index:idx_notices_class,priority:2"`
	NotBefore time.Time `gorm:"index:idx_notices_class,priority:3"`
}

// addV2 adds the second step: tables, columns and indexes. What is there already
// stays, so that a step that was interrupted on a server can be taken again.
func addV2(g *gorm.DB) error {
	if err := createTables(g, v2Tables()); err != nil {
		return err
	}
	for _, c := range []struct {
		table, column string
		row           any
	}{
		{"bindings", "Tag", &v2Binding{}},
		{"bindings", "FollowedAt", &v2Binding{}},
		{"inbox", "Repeats", &v2Inbox{}},
		{"notices", "Way", &v2Notice{}},
		{"notices", "Report", &v2Notice{}},
	} {
		m := g.Table(c.table).Migrator()
		if m.HasColumn(c.row, c.column) {
			continue
		}
		if err := m.AddColumn(c.row, c.column); err != nil {
			return fmt.Errorf("add %s.%s: %w", c.table, c.column, err)
		}
	}
	for _, index := range []string{"idx_notices_platform_id", "idx_notices_class"} {
		m := g.Table("notices").Migrator()
		if m.HasIndex(&v2Notice{}, index) {
			continue
		}
		if err := m.CreateIndex(&v2Notice{}, index); err != nil {
			return fmt.Errorf("add %s: %w", index, err)
		}
	}
	return nil
}
