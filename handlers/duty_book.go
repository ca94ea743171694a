package handlers

import (
	"errors"
	"fmt"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
)

// PaperArrival is a line of the duty book that a village keeps on paper.
type PaperArrival struct {
	PersonID string
	Day      calendar.Date
	At       time.Time
}

// byPaper marks what staff entered for somebody else (代录).
const byPaper = "paper"

// RegisterArrivals enters a village's duty book from paper (代录), for cadres who
// do not check in by phone: all lines or none.
func (d *Desk) RegisterArrivals(villageID string, lines []PaperArrival) error {
	village, err := d.tx.Village(villageID)
	if err != nil {
		return fmt.Errorf("register arrivals: %w", err)
	}
	if err := d.may("RegisterArrivals", Target{Village: villageID, Town: village.TownID}); err != nil {
		return err
	}
	if len(lines) == 0 {
		return nil
	}
	first, last := lines[0].Day, lines[0].Day
	for _, l := range lines {
		if l.Day.Before(first) {
			first = l.Day
		}
		if l.Day.After(last) {
			last = l.Day
		}
	}
	shifts, err := d.tx.ShiftsIn(villageID, first, last)
	if err != nil {
		return fmt.Errorf("register arrivals: %w", err)
	}
	of := map[PaperArrival]string{}
	for _, s := range shifts {
		of[PaperArrival{PersonID: s.PersonID, Day: s.Day}] = s.ID
	}
	rows := make([]models.Arrival, len(lines))
	for i, l := range lines {
		id := d.tx.NewID()
		rows[i] = models.Arrival{
			ID: id, PersonID: l.PersonID, Day: l.Day, VillageID: villageID, At: l.At.UTC(), Channel: byPaper,
			ShiftID: of[PaperArrival{PersonID: l.PersonID, Day: l.Day}], Receipt: receipt(id),
		}
	}
	switch err := d.tx.AddArrivals(rows); {
	case errors.Is(err, models.ErrExists):
		return Refuse("其中有已经签到的日子，没有登记。")
	case err != nil:
		return fmt.Errorf("register arrivals: %w", err)
	}
	return d.did("RegisterArrivals", villageID, fmt.Sprintf("%d lines", len(rows)))
}

// OpenShift is a shift of today that nobody has confirmed.
type OpenShift struct {
	models.Shift
	OpenID string // of the cadre; empty if not bound
}

// OpenShifts returns the shifts of a day that are not confirmed, but for those of
// people on leave.
func (v *View) OpenShifts(day calendar.Date) ([]OpenShift, error) {
	if err := v.may("OpenShifts", Target{}); err != nil {
		return nil, err
	}
	shifts, err := v.tx.ShiftsOn(day)
	if err != nil {
		return nil, fmt.Errorf("open shifts: %w", err)
	}
	arrivals, err := v.tx.ArrivalsOn(day)
	if err != nil {
		return nil, fmt.Errorf("open shifts: %w", err)
	}
	bound, err := v.tx.Bindings()
	if err != nil {
		return nil, fmt.Errorf("open shifts: %w", err)
	}
	away, err := v.leavesOn(peopleOn(shifts), day, day)
	if err != nil {
		return nil, err
	}
	came := map[string]bool{}
	for _, a := range arrivals {
		came[a.PersonID] = true
	}
	var out []OpenShift
	for _, s := range shifts {
		if !came[s.PersonID] && !away.allDay(s.PersonID, day) {
			out = append(out, OpenShift{s, bound[s.PersonID]})
		}
	}
	return out, nil
}

// VillageCrew is a village with its shifts of some days, for whoever draws up or
// copies a duty book.
type VillageCrew struct {
	VillageID string
	Village   string
	Shifts    []models.Shift
}

// Rosters returns the shifts of all villages from first to last.
func (v *View) Rosters(first, last calendar.Date) ([]VillageCrew, error) {
	if err := v.may("Rosters", Target{}); err != nil {
		return nil, err
	}
	villages, err := v.tx.Villages()
	if err != nil {
		return nil, fmt.Errorf("rosters: %w", err)
	}
	out := make([]VillageCrew, len(villages))
	for i, one := range villages {
		shifts, err := v.tx.ShiftsIn(one.ID, first, last)
		if err != nil {
			return nil, fmt.Errorf("rosters: %w", err)
		}
		out[i] = VillageCrew{one.ID, one.Name, shifts}
	}
	return out, nil
}
