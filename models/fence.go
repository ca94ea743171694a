package models

import "gorm.io/gorm"

// Fence is a place at which a village's cadres are on duty (在岗范围).
type Fence struct {
	ID        string `gorm:"size:26;primaryKey"`
	VillageID string `gorm:"size:26;not null;index"`
	Latitude  int    `gorm:"not null"` // millionths of a degree, WGS-84
	Longitude int    `gorm:"not null"`
	Radius    int    `gorm:"not null"` // metres
}

// Verdict is where somebody was when he checked in.
type Verdict string

// The verdicts. An unknown one is held against nobody.
const (
	VerdictIn      Verdict = "in"      // 在岗
	VerdictOut     Verdict = "out"     // 外出
	VerdictUnknown Verdict = "unknown" // no place was sent, or the village has no fence
)

// Presence is what is kept of the place of an arrival: never the place.
type Presence struct {
	ArrivalID string  `gorm:"size:26;primaryKey"`
	Verdict   Verdict `gorm:"size:8;not null"`
	Distance  string  `gorm:"size:8;not null"`    // class of the distance from the fence; empty unless out
	Reason    string  `gorm:"type:text;not null"` // sealed; empty unless out
}

// FencesOf returns the fences of a village.
func (tx *Tx) FencesOf(villageID string) ([]Fence, error) {
	return many[Fence](tx.g.Where("village_id = ?", villageID).Order("id"))
}

// SetFences puts fences in the place of those that a village had.
func (tx *Tx) SetFences(villageID string, fences []Fence) error {
	if err := tx.g.Where("village_id = ?", villageID).Delete(&Fence{}).Error; err != nil {
		return known(err)
	}
	return insert(tx, fences)
}

// AddPresence stores what is kept of the place of an arrival.
func (tx *Tx) AddPresence(p *Presence) error { return known(tx.g.Create(p).Error) }

// PresencesOf returns what is kept of the places of arrivals.
func (tx *Tx) PresencesOf(arrivals []string) ([]Presence, error) {
	return among[Presence](arrivals, func(ids []string) *gorm.DB { return tx.g.Where("arrival_id IN ?", ids) })
}
