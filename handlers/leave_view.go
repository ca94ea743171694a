package handlers

import (
	"fmt"
	"slices"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
)

// MyLeaves returns the person's n latest leaves, the newest first.
func (v *View) MyLeaves(n int) ([]Leave, error) {
	if err := v.may("MyLeaves", own(v.Who.ID)); err != nil {
		return nil, err
	}
	rows, err := v.tx.LeavesOf(v.Who.ID, n)
	if err != nil {
		return nil, fmt.Errorf("my leaves: %w", err)
	}
	return v.showAll(rows)
}

// LeaveByNo returns the leave of a number that the person may see. The reason is
// for whose leave it is, who decides or decided, the 书记 and who entered it.
func (v *View) LeaveByNo(no int) (Leave, error) {
	l, target, err := v.deciding(no)
	if err != nil {
		return Leave{}, err
	}
	if err := v.may("LeaveByNo", target); err != nil {
		return Leave{}, err
	}
	shown, err := v.show(l)
	if err != nil {
		return shown, err
	}
	if l.State == models.LeaveAsked && l.PersonID != v.Who.ID {
		ahead, err := v.line(l)
		if err != nil {
			return shown, err
		}
		shown.Decides = slices.Contains(ahead.people, v.Who.ID)
	}
	if !shown.Decides && !v.concerned(l) {
		shown.Why, shown.Answer = "", ""
		return shown, nil
	}
	notes, err := v.notesOn(l)
	shown.Notes, shown.Better = notes.Notes, notes.Better
	return shown, err
}

// concerned reports whether a leave concerns the person, be it decided or not: it is his, he
// has had to do with it, or he is the 书记.
func (v *View) concerned(l models.Leave) bool {
	return slices.Contains([]string{l.PersonID, l.DecidedBy, l.RegisteredBy}, v.Who.ID) ||
		slices.ContainsFunc(v.grants, func(g Grant) bool { return g.Role == Secretary && g.Village == l.VillageID })
}

// PendingLeaves returns the leaves that the person may decide about now, the
// oldest first.
func (v *View) PendingLeaves() ([]Leave, error) {
	if err := v.may("PendingLeaves", own(v.Who.ID)); err != nil {
		return nil, err
	}
	mine, _, err := v.pending()
	if err != nil {
		return nil, err
	}
	return v.showAll(mine)
}

// pending are the leaves that wait for the person, and all that wait where he decides.
func (v *View) pending() (mine, all []models.Leave, err error) {
	scope, err := v.scope()
	if err != nil {
		return nil, nil, err
	}
	if all, err = v.tx.LeavesWaiting(scope); err != nil {
		return nil, nil, fmt.Errorf("leaves that wait: %w", err)
	}
	for _, l := range all {
		ahead, err := v.line(l)
		if err != nil {
			return nil, nil, err
		}
		if slices.Contains(ahead.people, v.Who.ID) {
			mine = append(mine, l)
		}
	}
	return mine, all, nil
}

// OnLeave reports whether a person is on approved leave for half a day.
func (v *View) OnLeave(personID string, h calendar.Half) (bool, error) {
	home, err := v.homeOf(personID)
	if err != nil {
		return false, err
	}
	if err := v.may("OnLeave", Target{Person: personID, Village: home.village.ID, Town: home.village.TownID}); err != nil {
		return false, err
	}
	_, away, err := v.awayOn(personID, h)
	return away, err
}

// LeavesOn returns the approved leaves of a village's cadres that hold some of a day.
func (v *View) LeavesOn(villageID string, day calendar.Date) ([]Leave, error) {
	village, err := v.tx.Village(villageID)
	if err != nil {
		return nil, fmt.Errorf("leaves on %s: %w", day, err)
	}
	if err := v.may("LeavesOn", Target{Village: village.ID, Town: village.TownID}); err != nil {
		return nil, err
	}
	posts, err := v.tx.PostsWithin(villageID, day, day)
	if err != nil {
		return nil, fmt.Errorf("leaves on %s: %w", day, err)
	}
	people := make([]string, len(posts))
	for i, p := range posts {
		people[i] = p.PersonID
	}
	slices.Sort(people)
	rows, err := v.tx.LeavesGranted(slices.Compact(people), day, day)
	if err != nil {
		return nil, fmt.Errorf("leaves on %s: %w", day, err)
	}
	return v.showAll(slices.DeleteFunc(rows, func(l models.Leave) bool {
		taken := l.Taken()
		return !taken.Valid() || !taken.Has(calendar.Half{Day: day}) && !taken.Has(calendar.Half{Day: day, Noon: true})
	}))
}

// LeaveKinds are the kinds of leave of the county.
func (v *View) LeaveKinds() []string { return v.h.county.Leave.Kinds }

// LeavesToExtend are the leaves of one's own that an extension may be for, as ExtendLeave
// finds them: of several one is to be named.
func (v *View) LeavesToExtend(no int) ([]Leave, error) {
	if err := v.may("LeavesToExtend", own(v.Who.ID)); err != nil {
		return nil, err
	}
	rows, err := v.extendable(no)
	if err != nil {
		return nil, err
	}
	return v.showAll(rows)
}
