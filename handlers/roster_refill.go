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
	own, err := d.tx.ShiftsOf(l.person, l.from, last)
	if err != nil {
		return fmt.Errorf("coming shifts: %w", err)
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
		if still || s.VillageID != l.village {
			continue
		}
		switch came, err := d.freed(s); {
		case err != nil:
			return err
		case came || !s.Day.After(d.Today):
			continue
		}
		if who = free(who, s.Day, all, away); len(who) > 0 {
			s.ID, s.PersonID = d.tx.NewID(), turns.next(who, s.Kind)
			turns.add(s.PersonID, s.Kind, s.Day)
			taken = append(taken, s)
		}
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

// free are those who neither have a shift of the day nor are on leave.
func free(who []string, day calendar.Date, shifts []models.Shift, away leaveBook) []string {
	return slices.DeleteFunc(slices.Clone(who), func(id string) bool {
		sits := func(x models.Shift) bool { return x.Day == day && x.PersonID == id }
		return away.anyOf(id, day) || slices.ContainsFunc(shifts, sits)
	})
}

// freed takes a shift from whoever it is, unless he came to it.
func (d *Desk) freed(s models.Shift) (came bool, err error) {
	switch _, err := d.tx.Arrival(s.PersonID, s.Day); {
	case err == nil:
		return true, nil
	case !errors.Is(err, models.ErrNotFound):
		return false, fmt.Errorf("did he come: %w", err)
	}
	if err := d.tx.DropShift(s.ID); err != nil {
		return false, fmt.Errorf("drop shift %s: %w", s.ID, err)
	}
	return false, nil
}
