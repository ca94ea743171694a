package models

import (
	"time"

	"gorm.io/gorm/clause"

	"github.com/cunkao/cunkao/calendar"
)

// The kinds of subjects that facts are about.
const (
	OfVillage = "village"
	OfCadre   = "cadre"
)

// Fact is what was entered for one check of one village or cadre in one
// quarter. Payload is a scoring.Fact.
type Fact struct {
	Quarter   calendar.Quarter `gorm:"type:char(6);primaryKey"`
	Kind      string           `gorm:"size:8;primaryKey"`
	SubjectID string           `gorm:"size:26;primaryKey"`
	CheckID   string           `gorm:"size:16;primaryKey"`
	Payload   string           `gorm:"type:text;not null"`
	Source    string           `gorm:"size:80;not null"` // of the entry: a file's name, or the quarter it was carried from
	EnteredBy string           `gorm:"size:26;not null"`
	EnteredAt time.Time
}

// SetFacts stores or replaces facts.
func (tx *Tx) SetFacts(f []Fact) error {
	if len(f) == 0 {
		return nil
	}
	return known(tx.g.Clauses(clause.OnConflict{UpdateAll: true}).CreateInBatches(f, 100).Error)
}

// Facts returns everything that was entered in a quarter.
func (tx *Tx) Facts(q calendar.Quarter) ([]Fact, error) {
	return many[Fact](tx.g.Where("quarter = ?", q).Order("kind, subject_id, check_id"))
}

// Adjustment is an addition or deduction of article 8. It counts once a second
// person has confirmed it.
type Adjustment struct {
	ID          string           `gorm:"size:26;primaryKey"`
	Quarter     calendar.Quarter `gorm:"type:char(6);not null;index"`
	EventID     string           `gorm:"size:8;not null"` // F1 to F5
	Level       string           `gorm:"size:16;not null"`
	Matter      string           `gorm:"size:120;not null"`
	Document    string           `gorm:"size:120;not null"`
	Day         calendar.Date    `gorm:"type:char(10);not null"` // of the document
	VillageID   string           `gorm:"size:26;not null"`
	People      []string         `gorm:"serializer:json;type:text;not null"` // ids; none means the whole village
	ProposedBy  string           `gorm:"size:26;not null"`
	ConfirmedBy string           `gorm:"size:26;not null"` // empty while it does not count
	CreatedAt   time.Time
}

// Adjustments returns a quarter's proposals, confirmed or not.
func (tx *Tx) Adjustments(q calendar.Quarter) ([]Adjustment, error) {
	return many[Adjustment](tx.g.Where("quarter = ?", q).Order("id"))
}
