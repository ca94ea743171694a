package handlers

import (
	"fmt"
	"slices"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
)

// undoReturn is how long a return that was reported by mistake may be taken back.
const undoReturn = 4 * time.Hour

// UndoReturn takes back a return (收回销假) that the same person reported by mistake: of a number
// or, with 0, of the only leave of one's own. The leave goes on as if nothing had been said, and
// what waits for whose it is waits for his deputy again. Whoever was told of the return is told.
func (d *Desk) UndoReturn(no int) (Leave, error) {
	l, target, err := d.returnTold(no)
	if err != nil {
		return Leave{}, err
	}
	if err := d.may("UndoReturn", target); err != nil {
		return Leave{}, err
	}
	if err := d.mayUndoReturn(l); err != nil {
		return Leave{}, err
	}
	if err := d.tx.HoldPerson(l.PersonID); err != nil { // now nobody asks for what was given back
		return Leave{}, fmt.Errorf("hold who was back: %w", err)
	}
	l.State, l.ReturnedDay, l.ReturnedNoon, l.ReportedAt, l.ReportedBy = models.LeaveApproved, calendar.Date{}, false, nil, ""
	if err := d.overlaps(l); err != nil {
		return Leave{}, err
	}
	if err := d.move(&l, models.LeaveReturned); err != nil {
		return Leave{}, err
	}
	shown, err := d.show(l)
	if err != nil {
		return shown, err
	}
	knew := l.DecidedBy
	if l.PersonID != d.Who.ID {
		knew = l.PersonID
	}
	if err := d.tellKnower(shown, knew, "销假收回了，还没有回村"); err != nil {
		return shown, err
	}
	if err := d.did("UndoReturn", l.ID, ""); err != nil {
		return shown, err
	}
	return shown, d.reroute(models.LeaveScope{Villages: []string{l.VillageID}})
}

// returnTold is the leave whose return is to be taken back, and whose act that is.
func (v *View) returnTold(no int) (models.Leave, Target, error) {
	if no > 0 {
		return v.deciding(no)
	}
	l, err := v.mine(0, "收回销假", "可以收回的销假", func(l models.Leave) bool {
		return l.State == models.LeaveReturned && l.ReportedBy == v.Who.ID && v.Sent.Sub(*l.ReportedAt) < 24*time.Hour // long enough to hear that it is too late
	})
	return l, own(v.Who.ID), err
}

// mayUndoReturn refuses where the return is not one's own report, was long ago, or where somebody
// is there: he has checked in.
func (v *View) mayUndoReturn(l models.Leave) error {
	switch {
	case l.State != models.LeaveReturned:
		return Refuse("%d号假条%s，没有销假可以收回。", l.Number, stateWord(l.State))
	case l.ReportedBy != v.Who.ID:
		return Refuse("%d号假不是您销的，请销假的人来收回。", l.Number)
	case v.Sent.Sub(*l.ReportedAt) > undoReturn:
		return Refuse("%d号假销了超过%d小时，不能收回。还在外面的，请重新请假。", l.Number, int(undoReturn.Hours()))
	}
	came, err := v.tx.ArrivalsOf(l.PersonID, l.ReturnedDay, v.Today)
	if err != nil {
		return fmt.Errorf("who was back: %w", err)
	}
	hour := 0
	if l.ReturnedNoon {
		hour = 12
	}
	if slices.ContainsFunc(came, func(a models.Arrival) bool { return !a.At.Before(l.ReturnedDay.At(hour, 0)) }) {
		return Refuse("%d号假销假以后已经有签到，人回来了，不能收回。", l.Number)
	}
	return nil
}
