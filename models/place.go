package models

import "github.com/cunkao/cunkao/calendar"

// Town is a town of the county (镇).
type Town struct {
	ID   string `gorm:"size:26;primaryKey"`
	Name string `gorm:"size:40;not null;uniqueIndex"`
}

// Village is a village of a town (村).
type Village struct {
	ID     string `gorm:"size:26;primaryKey"`
	TownID string `gorm:"size:26;not null;uniqueIndex:idx_villages_name,priority:1"`
	Name   string `gorm:"size:40;not null;uniqueIndex:idx_villages_name,priority:2"`
}

// AddTown stores a town.
func (tx *Tx) AddTown(t *Town) error { return known(tx.g.Create(t).Error) }

// AddVillage stores a village.
func (tx *Tx) AddVillage(v *Village) error { return known(tx.g.Create(v).Error) }

// Town returns a town.
func (tx *Tx) Town(id string) (Town, error) { return one[Town](tx.g.Where("id = ?", id)) }

// Village returns a village.
func (tx *Tx) Village(id string) (Village, error) {
	if w := tx.warm; w != nil && w.villages[id].ID != "" {
		return w.villages[id], nil
	}
	return rememberedOne(tx, "villages", func() (Village, error) { return one[Village](tx.g.Where("id = ?", id)) }, id)
}

// Towns returns all towns in the order of their names.
func (tx *Tx) Towns() ([]Town, error) { return many[Town](tx.g.Order("name")) }

// Villages returns all villages, town by town.
func (tx *Tx) Villages() ([]Village, error) { return many[Village](tx.g.Order("town_id, name")) }

// VillagesOf returns the villages of a town in the order of their names.
func (tx *Tx) VillagesOf(townID string) ([]Village, error) {
	return remembered(tx, "of: villages", func() ([]Village, error) {
		return many[Village](tx.g.Where("town_id = ?", townID).Order("name"))
	}, townID)
}

// DayOff is a day of the county's own table: off, or worked in exchange (调休).
// It goes before the national table.
type DayOff struct {
	Day  calendar.Date `gorm:"type:char(10);primaryKey"`
	Name string        `gorm:"size:40;not null"`
	Work bool          `gorm:"not null"`
}

// SetDayOff stores or replaces a day.
func (tx *Tx) SetDayOff(d DayOff) error { return known(tx.g.Save(&d).Error) }

// DropDayOff takes a day out of the table, if it is there.
func (tx *Tx) DropDayOff(day calendar.Date) error {
	return known(tx.g.Where("day = ?", day).Delete(&DayOff{}).Error)
}

// DaysOff returns the county's own table.
func (tx *Tx) DaysOff() ([]DayOff, error) {
	if tx.warm != nil {
		return tx.warm.daysOff, nil
	}
	return remembered(tx, "day_offs", func() ([]DayOff, error) { return many[DayOff](tx.g.Order("day")) })
}
