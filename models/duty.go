package models

import (
	"time"

	"github.com/cunkao/cunkao/calendar"
)

// ShiftKind is the kind of a duty shift.
type ShiftKind string

// The kinds of shifts (article 7.4.1).
const (
	DeskShift ShiftKind = "desk" // 坐班: a working day
	RestShift ShiftKind = "rest" // 带班、轮值: a weekend or holiday, 24 hours
)

// Shift is one cadre's duty on one day. The day is that of the shift's start.
type Shift struct {
	ID        string        `gorm:"size:26;primaryKey"`
	VillageID string        `gorm:"size:26;not null;uniqueIndex:idx_shifts_slot,priority:1;index:idx_shifts_heads,priority:1"`
	Day       calendar.Date `gorm:"type:char(10);not null;uniqueIndex:idx_shifts_slot,priority:2;index:idx_shifts_heads,priority:2;index:idx_shifts_person,priority:2;index:idx_shifts_day"`
	PersonID  string        `gorm:"size:26;not null;uniqueIndex:idx_shifts_slot,priority:3;index:idx_shifts_person,priority:1"`
	Kind      ShiftKind     `gorm:"size:8;not null;index:idx_shifts_heads,priority:4"`
	Chief     bool          `gorm:"not null;index:idx_shifts_heads,priority:3"` // the 正职 of the shift
	StartsAt  time.Time     `gorm:"not null"`
	EndsAt    time.Time     `gorm:"not null;index:idx_shifts_heads,priority:5"`
}

// Arrival says that a cadre was on the spot for the duty of a day (签到). There
// is one of a person and day.
type Arrival struct {
	ID        string        `gorm:"size:26;primaryKey"`
	PersonID  string        `gorm:"size:26;not null;uniqueIndex:idx_arrivals_once,priority:1"`
	Day       calendar.Date `gorm:"type:char(10);not null;uniqueIndex:idx_arrivals_once,priority:2;index:idx_arrivals_shift,priority:2"`
	VillageID string        `gorm:"size:26;not null;index:idx_arrivals_shift,priority:1"`
	ShiftID   string        `gorm:"size:26;not null;index:idx_arrivals_shift,priority:3"` // empty if nobody had put him on the roster
	At        time.Time     `gorm:"not null"`                                             // when it was sent
	Channel   string        `gorm:"size:16;not null"`
	Receipt   string        `gorm:"size:16;not null"`
}

// AddShifts stores shifts. It returns ErrExists if one is there already.
func (tx *Tx) AddShifts(s []Shift) error { return insert(tx, s) }

// DropShift removes a shift that nobody sits, or returns ErrStale if it is gone.
func (tx *Tx) DropShift(id string) error { return moved(tx.g.Where("id = ?", id).Delete(&Shift{})) }

// ShiftsOf returns a person's shifts from first to last.
func (tx *Tx) ShiftsOf(personID string, first, last calendar.Date) ([]Shift, error) {
	if w := tx.warm; w != nil {
		if rows, ok := within(w, w.shifts, personID, [2]calendar.Date{first, last}, func(s Shift) calendar.Date { return s.Day }); ok {
			return rows, nil
		}
	}
	return remembered(tx, "of: shifts", func() ([]Shift, error) {
		return many[Shift](tx.g.Where("person_id = ? AND day >= ? AND day <= ?", personID, first, last).Order("day"))
	}, personID, first, last)
}

// ShiftsIn returns a village's shifts from first to last, the chief first.
func (tx *Tx) ShiftsIn(villageID string, first, last calendar.Date) ([]Shift, error) {
	return remembered(tx, "in: shifts", func() ([]Shift, error) {
		return many[Shift](tx.g.Where("village_id = ? AND day >= ? AND day <= ?", villageID, first, last).
			Order("day, chief DESC, id"))
	}, villageID, first, last)
}

// ShiftsOn returns the shifts of a day in all villages.
func (tx *Tx) ShiftsOn(day calendar.Date) ([]Shift, error) {
	return many[Shift](tx.g.Where("day = ?", day).Order("village_id, chief DESC, id"))
}

// Arrival returns a person's arrival of a day.
func (tx *Tx) Arrival(personID string, day calendar.Date) (Arrival, error) {
	return one[Arrival](tx.g.Where("person_id = ? AND day = ?", personID, day))
}

// ArrivalByID returns an arrival, or ErrNotFound.
func (tx *Tx) ArrivalByID(id string) (Arrival, error) { return one[Arrival](tx.g.Where("id = ?", id)) }

// ArrivalsOf returns a person's arrivals from first to last.
func (tx *Tx) ArrivalsOf(personID string, first, last calendar.Date) ([]Arrival, error) {
	if w := tx.warm; w != nil {
		if rows, ok := within(w, w.arrivals, personID, [2]calendar.Date{first, last}, func(a Arrival) calendar.Date { return a.Day }); ok {
			return rows, nil
		}
	}
	return remembered(tx, "of: arrivals", func() ([]Arrival, error) {
		return many[Arrival](tx.g.Where("person_id = ? AND day >= ? AND day <= ?", personID, first, last).Order("day"))
	}, personID, first, last)
}

// ArrivalsIn returns a village's arrivals from first to last.
func (tx *Tx) ArrivalsIn(villageID string, first, last calendar.Date) ([]Arrival, error) {
	return many[Arrival](tx.g.Where("village_id = ? AND day >= ? AND day <= ?", villageID, first, last).Order("day, at"))
}

// ArrivalsOn returns the arrivals of a day in all villages.
func (tx *Tx) ArrivalsOn(day calendar.Date) ([]Arrival, error) {
	return many[Arrival](tx.g.Where("day = ?", day).Order("at"))
}

// AddArrivals stores arrivals. It returns ErrExists if one is there already.
func (tx *Tx) AddArrivals(a []Arrival) error { return insert(tx, a) }
