package handlers

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
)

// away reports whether a leave is one that somebody can report back from.
func (v *View) away(l models.Leave) bool {
	return l.State == models.LeaveApproved && l.Extends == "" && begun(l, v.Now)
}

// ReportReturn ends a leave of one's own (销假): that of a number or, with 0, the
// only one. back is the first half day back in the village; none means now. An
// early return gives back what was not taken.
func (d *Desk) ReportReturn(no int, back calendar.Half) (Leave, error) {
	if err := d.may("ReportReturn", own(d.Who.ID)); err != nil {
		return Leave{}, err
	}
	l, err := d.mine(no, "销假", "要销的假", d.away)
	if err != nil {
		return Leave{}, err
	}
	return d.comeBack(l, back, "ReportReturn")
}

// ReportReturnFor is ReportReturn for somebody else, by the village or the town
// (代销假).
func (d *Desk) ReportReturnFor(no int, back calendar.Half) (Leave, error) {
	l, target, err := d.deciding(no)
	if err != nil {
		return Leave{}, err
	}
	if err := d.may("ReportReturnFor", target); err != nil {
		return Leave{}, err
	}
	if l.PersonID == d.Who.ID {
		return Leave{}, Refuse("自己的假请回复“销假”。")
	}
	return d.comeBack(l, back, "ReportReturnFor")
}

// comeBack records a return and when it was reported: when the message was sent.
func (d *Desk) comeBack(l models.Leave, back calendar.Half, act string) (Leave, error) {
	if err := d.mayComeBack(l); err != nil {
		return Leave{}, err
	}
	today := calendar.On(d.Sent)
	now := calendar.Half{Day: today, Noon: !d.Sent.Before(today.At(12, 0))}
	if back.Day.IsZero() {
		back = now
	}
	switch {
	case back.Day.After(now.Day), back.Day == now.Day && back.Noon && !now.Noon:
		return Leave{}, RefuseField("returned", "%s还没有到，回来了再销假。", halfWords(back))
	case back.Day.Before(l.FirstDay), back.Day == l.FirstDay && l.FromNoon && !back.Noon:
		return Leave{}, RefuseField("returned", "%s假还没有开始。", halfWords(back))
	}
	sent := d.Sent.UTC().Truncate(time.Millisecond)
	l.State, l.ReturnedDay, l.ReturnedNoon, l.ReportedAt, l.ReportedBy = models.LeaveReturned, back.Day, back.Noon, &sent, d.Who.ID
	if err := d.move(&l, models.LeaveApproved); err != nil {
		return Leave{}, err
	}
	if err := d.dropExtensions(l); err != nil {
		return Leave{}, err
	}
	shown, err := d.show(l)
	if err != nil {
		return shown, err
	}
	knew := l.DecidedBy
	if l.ReportedBy != l.PersonID {
		knew = l.PersonID
	}
	if err := d.tellKnower(shown, knew, "已销假，"+halfWords(back)+"回村"+after("，", shown.Faults(d.Now))); err != nil {
		return shown, err
	}
	if err := d.did(act, l.ID, ""); err != nil {
		return shown, err
	}
	return shown, d.reroute(models.LeaveScope{Villages: []string{l.VillageID}})
}

func (d *Desk) mayComeBack(l models.Leave) error {
	switch {
	case l.State == models.LeaveReturned:
		return Refuse("%d号假已经销了（%s回村），不用再销。", l.Number, halfWords(calendar.Half{Day: l.ReturnedDay, Noon: l.ReturnedNoon}))
	case l.Extends != "":
		return Refuse("%d号是续假条，请销原来的假。", l.Number)
	case l.State != models.LeaveApproved:
		return Refuse("%d号假条%s，不用销假。", l.Number, stateWord(l.State))
	case !begun(l, d.Now):
		return Refuse("%d号假还没有开始；不去了请回复“取消请假%d”。", l.Number, l.Number)
	}
	return nil
}

// dropExtensions withdraws what still waits to extend a leave that has ended.
func (d *Desk) dropExtensions(l models.Leave) error {
	waiting, err := d.tx.ExtensionsAsked(l.ID)
	if err != nil {
		return fmt.Errorf("extensions of leave %s: %w", l.ID, err)
	}
	for _, ext := range waiting {
		ext.State = models.LeaveWithdrawn
		if err := d.move(&ext, models.LeaveAsked); err != nil {
			return err
		}
	}
	return nil
}

// Faults says in words what article 7.4.3 has against a leave by an instant: days
// overstayed, a return reported late. Empty if nothing.
func (l Leave) Faults(now time.Time) string {
	if l.Extends != "" || l.State != models.LeaveApproved && l.State != models.LeaveReturned {
		return ""
	}
	var said []string
	a := l.Absence(now)
	if n := a.Overstayed(); n > 0 {
		said = append(said, fmt.Sprintf("逾期%d天", n))
	}
	if a.ReportedLate() {
		said = append(said, "超过24小时才销假")
	}
	if l.State == models.LeaveApproved && a.ReportedLate() {
		said[len(said)-1] = "超过24小时没有销假"
	}
	return strings.Join(said, "，")
}

// GivenBack is how many half days an early return gave back.
func (l Leave) GivenBack() int {
	if taken := l.Taken(); taken.Valid() {
		return l.Span().Halves() - taken.Halves()
	}
	return l.Span().Halves()
}

// extendable are the leaves of one's own that an extension may be for: that of a number or,
// with 0, those that the person is on; without one, those that are to come. There is one.
func (v *View) extendable(no int) ([]models.Leave, error) {
	rows, err := v.ownLeaves(no)
	if err != nil {
		return nil, err
	}
	granted := slices.DeleteFunc(slices.Clone(rows), func(l models.Leave) bool { return l.State != models.LeaveApproved || l.Extends != "" })
	switch {
	case no > 0 && len(granted) == 0:
		return nil, Refuse("%d号假条%s，不能续。", no, stateWord(rows[0].State))
	case len(granted) == 0:
		return nil, Refuse("您没有可以续的假。")
	}
	if on := slices.DeleteFunc(slices.Clone(granted), func(l models.Leave) bool { return !v.away(l) }); len(on) > 0 {
		return on, nil
	}
	return granted, nil
}

// ExtendLeave asks for a later end of a leave (续假): that of a number or, with 0, the only
// one that is extendable. end is the last half day of it. It is decided as the leave was, by its whole
// length, and has a number of its own.
func (d *Desk) ExtendLeave(no int, end calendar.Half, reason string) (Leave, error) {
	if err := d.may("ExtendLeave", own(d.Who.ID)); err != nil {
		return Leave{}, err
	}
	which, err := d.extendable(no)
	switch {
	case err != nil:
		return Leave{}, err
	case len(which) > 1:
		return Leave{}, whichOf(which, "续假", "可以续的假")
	}
	l := which[0]
	a, _, err := d.whose(LeaveRequest{})
	if err != nil {
		return Leave{}, err
	}
	ext, err := d.extension(l, end)
	if err != nil {
		return Leave{}, err
	}
	whole := l.Span()
	whole.Last, whole.ToNoon = ext.LastDay, ext.ToNoon
	a.Kind, a.Span, a.Reason, a.Emergency = l.Kind, ext.Span(), reason, true
	switch {
	case whole.Halves() > 2*longestLeave:
		return Leave{}, RefuseField("last", "连续假一共最多%d天。", longestLeave)
	case strings.TrimSpace(reason) == "":
		return Leave{}, RefuseField("reason", "请写明续假的事由。")
	case d.Today.Since(ext.FirstDay) > EmergencyDays:
		return Leave{}, RefuseField("last", "%d号假已经到期超过%d天，不能再续，请先销假。", l.Number, EmergencyDays)
	}
	if waiting, err := d.tx.ExtensionsAsked(l.ID); err != nil {
		return Leave{}, fmt.Errorf("extensions of leave %s: %w", l.ID, err)
	} else if len(waiting) > 0 {
		return Leave{}, Refuse("%d号续假条还在等审批。", waiting[0].Number)
	}
	ext.Reason = d.h.box.Seal(strings.TrimSpace(reason), reasonOf(ext.ID))
	ext.Level = d.startLevel(a.head, whole.Halves())
	return d.file(ext, "ExtendLeave")
}

// extension is the leave that moves another's end.
func (d *Desk) extension(l models.Leave, end calendar.Half) (models.Leave, error) {
	s := calendar.Span{First: l.LastDay.Add(1), Last: end.Day, ToNoon: !end.Noon}
	if l.ToNoon {
		s.First, s.FromNoon = l.LastDay, true
	}
	if !s.Valid() {
		return l, RefuseField("last", "续假要到%s以后。", halfWords(calendar.Half{Day: l.LastDay, Noon: !l.ToNoon}))
	}
	return models.Leave{
		ID: d.tx.NewID(), TownID: l.TownID, VillageID: l.VillageID, PersonID: l.PersonID, Extends: l.ID, Kind: l.Kind,
		FirstDay: s.First, FromNoon: s.FromNoon, LastDay: s.Last, ToNoon: s.ToNoon,
		State: models.LeaveAsked, AskedAt: d.Now,
	}, nil
}
