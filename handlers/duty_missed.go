package handlers

import (
	"fmt"
	"slices"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
)

// dutyBooks reads what the duty of villages lacks in a quarter, up to now: a
// shift that still runs is nobody's absence. posts are the tenures of the
// quarter in these villages, each village's together, and leaves those of their
// holders.
func (v *View) dutyBooks(q calendar.Quarter, villages []string, posts []models.Post, leaves leaveBook) (map[string]dutyBook, error) {
	missed, err := v.tx.Missed(villages, q.First(), q.Last(), v.Now)
	if err != nil {
		return nil, fmt.Errorf("missed shifts: %w", err)
	}
	bare, err := v.tx.BareDays(villages, q.First(), q.Last(), v.Now)
	if err != nil {
		return nil, fmt.Errorf("days without a head: %w", err)
	}
	said, err := v.witnesses(q, villages)
	if err != nil {
		return nil, fmt.Errorf("who attested: %w", err)
	}
	books := make(map[string]dutyBook, len(villages))
	for _, id := range villages {
		books[id] = dutyBook{missed: map[string][]models.Missed{}, leaves: leaves, said: said}
	}
	for _, p := range posts {
		if book, wanted := books[p.VillageID]; wanted {
			book.posts = append(book.posts, p)
			books[p.VillageID] = book
		}
	}
	stood := keepMissed(books, missed)
	bare = slices.DeleteFunc(bare, func(b models.BareDay) bool { return !b.Desk || stood[place{b.VillageID, b.Day}] })
	if err := v.headsOnSite(books, bare, stood); err != nil {
		return nil, err
	}
	for _, b := range bare {
		if book := books[b.VillageID]; !stood[place{b.VillageID, b.Day}] {
			book.bare = append(book.bare, b)
			books[b.VillageID] = book
		}
	}
	return books, nil
}

// place is a village on a day.
type place struct {
	village string
	day     calendar.Date
}

// keepMissed notes the shifts that were not confirmed either by a 签到 in their
// hours from before anybody had drawn them up, and returns the places where such
// a 签到 confirmed the shift of a 正职.
func keepMissed(books map[string]dutyBook, missed []models.Missed) (stood map[place]bool) {
	stood = map[place]bool{}
	for _, m := range missed {
		came := !m.At.IsZero() && confirms(m.At, m.Shift)
		if came && m.Chief {
			stood[place{m.VillageID, m.Day}] = true
		}
		if !came {
			of := books[m.VillageID].missed
			of[m.PersonID] = append(of[m.PersonID], m)
		}
	}
	return stood
}

// headsOnSite adds to stood the bare days on which a 正职 was on the spot while
// the office was open, on the roster or not.
func (v *View) headsOnSite(books map[string]dutyBook, bare []models.BareDay, stood map[place]bool) error {
	days, heads := map[string][]calendar.Date{}, map[place]map[string]bool{}
	for _, b := range bare {
		at := place{b.VillageID, b.Day}
		heads[at] = map[string]bool{}
		for _, p := range books[b.VillageID].posts {
			if p.Title.Head() && p.On(b.Day) && !heads[at][p.PersonID] {
				heads[at][p.PersonID] = true
				days[p.PersonID] = append(days[p.PersonID], b.Day)
			}
		}
	}
	arrivals, err := v.tx.ArrivalsOnDays(days)
	if err != nil {
		return fmt.Errorf("arrivals of heads: %w", err)
	}
	for _, a := range arrivals {
		at := place{a.VillageID, a.Day}
		if heads[at][a.PersonID] && a.At.Before(a.Day.At(0, deskEnd)) {
			stood[at] = true
		}
	}
	return nil
}
