package handlers

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
)

// MyShift is one shift of one's own, with whether it was confirmed.
type MyShift struct {
	models.Shift
	Arrived *models.Arrival
	Witness string // who attests it; empty if it was confirmed otherwise
	Day     string // as it is said
	With    []string
}

// MyShifts returns the person's shifts from today on, at most n, and a warning
// about holidays that nobody has announced.
func (v *View) MyShifts(n int) (shifts []MyShift, warning string, err error) {
	if err := v.may("MyShifts", own(v.Who.ID)); err != nil {
		return nil, "", err
	}
	off, err := v.daysOff()
	if err != nil {
		return nil, "", err
	}
	rows, err := v.tx.ShiftsOf(v.Who.ID, v.Today.Add(-1), v.Today.Add(60))
	if err != nil {
		return nil, "", fmt.Errorf("my shifts: %w", err)
	}
	rows = slices.DeleteFunc(rows, func(s models.Shift) bool { return !s.EndsAt.After(v.Now) })
	for _, s := range rows[:min(n, len(rows))] {
		mine, err := v.myShift(s, off)
		if err != nil {
			return nil, "", err
		}
		shifts = append(shifts, mine)
	}
	return shifts, unannounced(off, v.Today, v.Today.Add(31)), nil
}

func (v *View) myShift(s models.Shift, off calendar.DaysOff) (MyShift, error) {
	mine := MyShift{Shift: s, Day: off.Chinese(s.Day)}
	a, err := v.tx.Arrival(s.PersonID, s.Day)
	switch {
	case err == nil:
		mine.Arrived = &a
		if mine.Witness, err = v.witnessOf(a); err != nil {
			return mine, err
		}
	case !errors.Is(err, models.ErrNotFound):
		return mine, fmt.Errorf("arrival of %s: %w", s.Day, err)
	}
	crew, err := v.tx.ShiftsIn(s.VillageID, s.Day, s.Day)
	if err != nil {
		return mine, fmt.Errorf("crew of %s: %w", s.Day, err)
	}
	for _, c := range crew {
		if c.PersonID == s.PersonID {
			continue
		}
		p, err := v.tx.Person(c.PersonID)
		if err != nil {
			return mine, fmt.Errorf("crew of %s: %w", s.Day, err)
		}
		mine.With = append(mine.With, p.Name)
	}
	return mine, nil
}

// OnDutyPerson is one who has a shift today.
type OnDutyPerson struct {
	ID      string
	Name    string
	Chief   bool
	Arrived *time.Time
	Witness string // who attests it; empty if it was confirmed otherwise
	OnLeave bool   // for the whole day
}

// VillageDuty is who is on duty in a village now (谁在值班). Gap says that no
// 正职 has confirmed being on the spot.
type VillageDuty struct {
	Village string
	On      calendar.Date
	Day     string // as it is said
	Kind    models.ShiftKind
	People  []OnDutyPerson
	Gap     bool
}

// OnDuty says who is on duty in a village on a day; none means now: before eight the shift
// of a day off that began the day before still runs.
func (v *View) OnDuty(villageID string, on calendar.Date) (VillageDuty, error) {
	if err := v.may("OnDuty", Target{}); err != nil {
		return VillageDuty{}, err
	}
	village, err := v.tx.Village(villageID)
	if err != nil {
		return VillageDuty{}, fmt.Errorf("on duty: %w", err)
	}
	off, err := v.daysOff()
	if err != nil {
		return VillageDuty{}, err
	}
	day := on
	if on.IsZero() {
		day = v.Today
	}
	shifts, err := v.tx.ShiftsIn(villageID, day.Add(-1), day)
	if err != nil {
		return VillageDuty{}, fmt.Errorf("on duty: %w", err)
	}
	if on.IsZero() && v.Now.Before(v.Today.At(8, 0)) && slices.ContainsFunc(shifts, func(s models.Shift) bool {
		return s.Day == v.Today.Add(-1) && s.EndsAt.After(v.Now)
	}) {
		day = v.Today.Add(-1)
	}
	duty := VillageDuty{Village: village.Name, On: day, Day: off.Chinese(day)}
	err = v.crewOf(&duty, shifts, day)
	return duty, err
}

func (v *View) crewOf(duty *VillageDuty, shifts []models.Shift, day calendar.Date) error {
	away, err := v.leavesOn(peopleOn(shifts), day, day)
	if err != nil {
		return err
	}
	for _, s := range shifts {
		if s.Day != day {
			continue
		}
		p, err := v.tx.Person(s.PersonID)
		if err != nil {
			return fmt.Errorf("on duty: %w", err)
		}
		one := OnDutyPerson{ID: p.ID, Name: p.Name, Chief: s.Chief, OnLeave: away.allDay(p.ID, day)}
		a, err := v.tx.Arrival(s.PersonID, day)
		switch {
		case err == nil:
			one.Arrived = &a.At
			if one.Witness, err = v.witnessOf(a); err != nil {
				return err
			}
		case !errors.Is(err, models.ErrNotFound):
			return fmt.Errorf("on duty: %w", err)
		}
		duty.Kind, duty.People = s.Kind, append(duty.People, one)
	}
	head, err := v.headOnSite(shifts, day)
	duty.Gap = !head
	return err
}

func peopleOn(shifts []models.Shift) []string {
	ids := make([]string, len(shifts))
	for i, s := range shifts {
		ids[i] = s.PersonID
	}
	return ids
}

// headOnSite reports whether a 正职 of the village, or who stands in for one, has
// confirmed being on the spot on a day, on the roster or not.
func (v *View) headOnSite(shifts []models.Shift, day calendar.Date) (bool, error) {
	for _, s := range shifts {
		if s.Day != day {
			continue
		}
		arrivals, err := v.tx.ArrivalsIn(s.VillageID, day, day)
		if err != nil {
			return false, fmt.Errorf("head on site: %w", err)
		}
		heads, err := v.chiefsOn(s.VillageID, shifts, day)
		if err != nil {
			return false, err
		}
		return slices.ContainsFunc(arrivals, func(a models.Arrival) bool { return slices.Contains(heads, a.PersonID) }), nil
	}
	return false, nil
}

// chiefsOn are the 正职 in post on a day and who sat the day's shift for one.
func (v *View) chiefsOn(villageID string, shifts []models.Shift, day calendar.Date) ([]string, error) {
	posts, err := v.tx.PostsWithin(villageID, day, day)
	if err != nil {
		return nil, fmt.Errorf("posts on %s: %w", day, err)
	}
	var heads []string
	for _, p := range posts {
		if p.Title.Head() {
			heads = append(heads, p.PersonID)
		}
	}
	for _, s := range shifts {
		if s.Day == day && s.VillageID == villageID && s.Chief {
			heads = append(heads, s.PersonID)
		}
	}
	return heads, nil
}

// VillageByName finds villages whose name is in a text; with no such name, all.
func (v *View) VillageByName(text string) ([]models.Village, error) {
	if err := v.may("VillageByName", Target{}); err != nil {
		return nil, err
	}
	all, err := v.tx.Villages()
	if err != nil {
		return nil, fmt.Errorf("villages: %w", err)
	}
	var found []models.Village
	longest := 0 // 大松树村 has 松树 in its name, too
	for _, one := range all {
		name := strings.TrimSuffix(one.Name, "村")
		if text == "" || !strings.Contains(text, name) || len(name) < longest {
			continue
		}
		if len(name) > longest {
			found, longest = nil, len(name)
		}
		found = append(found, one)
	}
	if found == nil {
		return all, nil
	}
	return found, nil
}

// MyVillage returns the village of the person's post or role, if there is one.
func (v *View) MyVillage() string {
	for _, g := range v.grants {
		if g.Village != "" {
			return g.Village
		}
	}
	return ""
}
