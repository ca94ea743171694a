package handlers

import (
	"errors"
	"fmt"
	"slices"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
)

// Hours of a shift (article 7.4.1): desk duty on a working day, and 24 hours
// from eight to eight on a day off.
const (
	deskStart, deskEnd = 8*60 + 30, 18 * 60
	restStart, restEnd = 8 * 60, 32 * 60
)

// MakeRoster draws up a village's shifts from first to last, as fairly as the
// shifts of the quarter so far allow: each time it is the turn of whoever had
// the fewest of that kind. Days that have a shift already are left as they are.
func (d *Desk) MakeRoster(villageID string, first, last calendar.Date) (int, error) {
	village, err := d.tx.Village(villageID)
	if err != nil {
		return 0, fmt.Errorf("make a roster: %w", err)
	}
	if err := d.may("MakeRoster", Target{Village: villageID, Town: village.TownID}); err != nil {
		return 0, err
	}
	shifts, err := d.draw(villageID, first, last)
	if err != nil {
		return 0, err
	}
	switch err := d.tx.AddShifts(shifts); {
	case errors.Is(err, models.ErrExists):
		return 0, Refuse("排班刚刚被别人改过，请再试一次。")
	case err != nil:
		return 0, fmt.Errorf("store the roster of %s: %w", village.Name, err)
	}
	return len(shifts), d.did("MakeRoster", villageID, first.String()+"–"+last.String())
}

// draw makes the shifts that are missing.
func (d *Desk) draw(villageID string, first, last calendar.Date) ([]models.Shift, error) {
	off, err := d.daysOff()
	if err != nil {
		return nil, err
	}
	since := calendar.QuarterOf(first).First()
	posts, err := d.tx.PostsWithin(villageID, since, last)
	if err != nil {
		return nil, fmt.Errorf("posts of %s: %w", villageID, err)
	}
	past, err := d.tx.ShiftsIn(villageID, since, last)
	if err != nil {
		return nil, fmt.Errorf("shifts of %s: %w", villageID, err)
	}
	away, err := d.leavesOn(holders(posts, []string{villageID}, nil), first, last)
	if err != nil {
		return nil, err
	}
	turns, taken := turnsOf(past), map[calendar.Date]bool{}
	for _, s := range past {
		taken[s.Day] = true
	}
	var out []models.Shift
	for day := first; !day.After(last); day = day.Add(1) {
		if taken[day] {
			continue
		}
		here := slices.DeleteFunc(slices.Clone(posts), func(p models.Post) bool { return away.anyOf(p.PersonID, day) })
		for _, s := range d.crew(here, turns, day, off) {
			s.ID, s.VillageID = d.tx.NewID(), villageID
			out = append(out, s)
		}
	}
	return out, nil
}

// turn counts a person's shifts of a kind.
type turn struct {
	n    int
	last calendar.Date
}

type turns map[string]map[models.ShiftKind]turn

func turnsOf(shifts []models.Shift) turns {
	t := turns{}
	for _, s := range shifts {
		t.add(s.PersonID, s.Kind, s.Day)
	}
	return t
}

func (t turns) add(personID string, kind models.ShiftKind, day calendar.Date) {
	if t[personID] == nil {
		t[personID] = map[models.ShiftKind]turn{}
	}
	was := t[personID][kind]
	t[personID][kind] = turn{was.n + 1, day}
}

// next picks whose turn it is: the fewest shifts of the kind, then the longest
// since the last one, then the order of ids.
func (t turns) next(people []string, kind models.ShiftKind) string {
	return slices.MinFunc(people, func(a, b string) int {
		x, y := t[a][kind], t[b][kind]
		if x.n != y.n {
			return x.n - y.n
		}
		if c := x.last.Compare(y.last); c != 0 {
			return c
		}
		if a < b {
			return -1
		}
		return 1
	})
}

// crew picks who has the shift of a day: one 正职 where there is one, and others
// beside.
func (d *Desk) crew(posts []models.Post, t turns, day calendar.Date, off calendar.DaysOff) []models.Shift {
	kind, starts, ends := models.RestShift, restStart, restEnd
	if off.IsWorkday(day) {
		kind, starts, ends = models.DeskShift, deskStart, deskEnd
	}
	chiefs, others := able(posts, day, d.h.county.ActingHead)
	var out []models.Shift
	take := func(people []string, chief bool) []string {
		id := t.next(people, kind)
		t.add(id, kind, day)
		out = append(out, models.Shift{
			Day: day, PersonID: id, Kind: kind, Chief: chief,
			StartsAt: day.At(0, starts).UTC(), EndsAt: day.At(0, ends).UTC(),
		})
		return slices.DeleteFunc(slices.Clone(people), func(p string) bool { return p == id })
	}
	if len(chiefs) > 0 {
		take(chiefs, true)
	}
	if len(out) > 0 {
		others = slices.DeleteFunc(others, func(p string) bool { return p == out[0].PersonID })
	}
	for range min(d.h.county.OthersPerShift, len(others)) {
		others = take(others, false)
	}
	return out
}

// able says who may sit a shift as 正职 on a day and who else may. Where one
// person holds both posts, the deputy secretary may stand in if the county has it
// so (stands).
//
//nolint:revive // stands is the county's choice
func able(posts []models.Post, day calendar.Date, stands bool) (chiefs, others []string) {
	var deputies []string
	for _, p := range posts {
		switch {
		case !p.On(day) || p.Title == models.Supervisor:
		case p.Title.Head():
			chiefs = append(chiefs, p.PersonID)
		case p.Title == models.PartyDeputySecretary:
			deputies = append(deputies, p.PersonID)
			others = append(others, p.PersonID)
		default:
			others = append(others, p.PersonID)
		}
	}
	slices.Sort(chiefs)
	chiefs = slices.Compact(chiefs)
	slices.Sort(others)
	others = slices.DeleteFunc(slices.Compact(others), func(id string) bool { return slices.Contains(chiefs, id) })
	if len(chiefs) == 1 && stands {
		chiefs = append(chiefs, deputies...)
	}
	return chiefs, others
}
