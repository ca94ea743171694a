package handlers

import (
	"errors"
	"fmt"
	"slices"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
)

// drawnAhead is how many days ahead of today shifts can be drawn up.
const drawnAhead = 200

// leaver is somebody whose post in a village has an end: from is the first day without him.
type leaver struct {
	person, village string
	from            calendar.Date
}

// refill gives the coming shifts that somebody cannot sit any more, since his post has ended
// or is another, to whoever's turn it is. Where there is nobody the day has one fewer. Shifts of
// today and before that he did not come to are nobody's: nobody was told.
func (d *Desk) refill(l leaver) error {
	last := d.Today.Add(drawnAhead)
	if l.from.After(d.Today) {
		last = l.from.Add(drawnAhead)
	}
	own, err := d.tx.ShiftsOf(l.person, l.from, last)
	if err != nil {
		return fmt.Errorf("coming shifts: %w", err)
	}
	own = slices.DeleteFunc(slices.Clone(own), func(s models.Shift) bool { return s.VillageID != l.village })
	if len(own) == 0 {
		return nil
	}
	posts, err := d.tx.PostsWithin(l.village, l.from, last)
	if err != nil {
		return fmt.Errorf("posts: %w", err)
	}
	all, err := d.tx.ShiftsIn(l.village, calendar.QuarterOf(l.from).First(), last)
	if err != nil {
		return fmt.Errorf("shifts: %w", err)
	}
	away, err := d.leavesOn(holders(posts, []string{l.village}, nil), l.from, last)
	if err != nil {
		return err
	}
	turns := turnsOf(all)
	var taken []models.Shift
	for _, s := range own {
		who, still := d.sitters(posts, s)
		if still {
			continue
		}
		if !s.Day.After(d.Today) {
			if err := d.dropUnlessHeCame(s); err != nil {
				return err
			}
			continue
		}
		who = slices.DeleteFunc(slices.Clone(who), func(id string) bool {
			sits := func(x models.Shift) bool { return x.Day == s.Day && x.PersonID == id }
			return away.anyOf(id, s.Day) || slices.ContainsFunc(all, sits)
		})
		if err := d.tx.DropShift(s.ID); err != nil {
			return fmt.Errorf("drop shift %s: %w", s.ID, err)
		}
		if len(who) == 0 {
			continue
		}
		s.ID, s.PersonID = d.tx.NewID(), turns.next(who, s.Kind)
		turns.add(s.PersonID, s.Kind, s.Day)
		taken = append(taken, s)
	}
	switch err := d.tx.AddShifts(taken); {
	case errors.Is(err, models.ErrExists):
		return Refuse("排班刚刚被别人改过，请再试一次。")
	case err != nil:
		return fmt.Errorf("store the shifts: %w", err)
	}
	return nil
}

// sitters are who may sit a shift, and whether he whose it is may still.
func (d *Desk) sitters(posts []models.Post, s models.Shift) (who []string, still bool) {
	chiefs, others := able(posts, s.Day, d.h.county.ActingHead)
	if s.Chief {
		return chiefs, slices.Contains(chiefs, s.PersonID)
	}
	return others, slices.Contains(others, s.PersonID) || slices.Contains(chiefs, s.PersonID)
}

func (d *Desk) dropUnlessHeCame(s models.Shift) error {
	switch _, err := d.tx.Arrival(s.PersonID, s.Day); {
	case err == nil:
		return nil
	case !errors.Is(err, models.ErrNotFound):
		return fmt.Errorf("did he come: %w", err)
	}
	if err := d.tx.DropShift(s.ID); err != nil {
		return fmt.Errorf("drop shift %s: %w", s.ID, err)
	}
	return nil
}
