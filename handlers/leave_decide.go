package handlers

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
)

// Approval is what goes with a yes. NotUrgent says that what was filed as an
// emergency was none: then it counts as filed late.
type Approval struct {
	Note      string
	NotUrgent bool
}

// deciding is a leave in the hands of whoever decides about it.
func (v *View) deciding(no int) (models.Leave, Target, error) {
	if !v.Bound() {
		return models.Leave{}, Target{}, errUnbound()
	}
	scope, err := v.scope()
	if err != nil {
		return models.Leave{}, Target{}, err
	}
	l, err := v.numbered(no, scope)
	return l, Target{Person: l.PersonID, Village: l.VillageID, Town: l.TownID}, err
}

// numbered finds the leave of a number. Whoever sees several towns names one that
// waits, or is told that there are several.
func (v *View) numbered(no int, s models.LeaveScope) (models.Leave, error) {
	rows, err := v.tx.LeavesNumbered(no, s)
	if err != nil {
		return models.Leave{}, fmt.Errorf("leave %d: %w", no, err)
	}
	if len(rows) > 1 {
		if mine := slices.DeleteFunc(slices.Clone(rows), func(l models.Leave) bool { return l.State != models.LeaveAsked || l.ToldID != v.Who.ID }); len(mine) > 0 {
			rows = mine
		}
	}
	switch len(rows) {
	case 0:
		return models.Leave{}, RefuseField("no", "没有%d号假条，或者不归您管。", no)
	case 1:
		return rows[0], nil
	default:
		return models.Leave{}, RefuseField("no", "有%d个镇都有%d号假条，请到镇上查看。", len(rows), no)
	}
}

// mayDecide refuses whoever is not in line for a leave that waits.
func (v *View) mayDecide(l models.Leave) error {
	if l.PersonID == v.Who.ID {
		return Refuse("自己的假不能自己批。")
	}
	if l.State != models.LeaveAsked {
		return v.settled(l)
	}
	ahead, err := v.line(l)
	if err != nil {
		return err
	}
	if slices.Contains(ahead.people, v.Who.ID) {
		return nil
	}
	shown, err := v.show(l)
	if err != nil {
		return err
	}
	if l.RegisteredBy == v.Who.ID {
		return Refuse("%d号假条是您按纸质假条代为提交的，要由别人审批%s。", l.Number, after("：", shown.Approver))
	}
	barred, err := v.barred(l.PersonID, l.RegisteredBy)
	if err != nil {
		return err
	}
	switch {
	case barred[v.Who.ID]:
		return Refuse("您和申请人或代为提交的人是亲属，要回避，这张假条由别人审批。")
	case shown.Approver == "":
		return errForbidden()
	default:
		return Refuse("%d号假条由%s审批。", l.Number, shown.Approver)
	}
}

// settled says who decided what, and when.
func (v *View) settled(l models.Leave) error {
	if l.DecidedAt == nil {
		return Refuse("%d号假条%s，不用审批了。", l.Number, stateWord(l.State))
	}
	p, err := v.tx.Person(l.DecidedBy)
	if err != nil {
		return fmt.Errorf("who decided leave %s: %w", l.ID, err)
	}
	if l.State == models.LeaveRejected && l.DecidedBy == v.Who.ID {
		return Refuse("%d号假条%s%s已由%s办过：未批准，不能再改。本人还要请，请他重新提交一张。", l.Number, calendar.On(*l.DecidedAt).Chinese(), calendar.TimeOfDay(*l.DecidedAt), v.Who.Name)
	}
	return Refuse("%d号假条%s%s已由%s办过：%s。", l.Number, calendar.On(*l.DecidedAt).Chinese(), calendar.TimeOfDay(*l.DecidedAt), p.Name, stateWord(l.State))
}

// ApproveLeave approves a leave that waits for the person (同意). That of an
// extension moves the end of the leave that it extends. Its notes say who is
// left in the village and which shifts nobody has by then.
func (d *Desk) ApproveLeave(no int, say Approval) (Leave, error) {
	l, target, err := d.deciding(no)
	if err != nil {
		return Leave{}, err
	}
	if err := d.may("ApproveLeave", target); err != nil {
		return Leave{}, err
	}
	if say.NotUrgent && l.Emergency {
		l.FiledLate = true
	}
	if err := d.mayDecide(l); err != nil {
		return Leave{}, err
	}
	if err := d.decide(&l, models.LeaveApproved, say.Note); err != nil {
		return Leave{}, err
	}
	if l.Extends != "" {
		if err := d.moveEnd(l); err != nil {
			return Leave{}, err
		}
	}
	shown, err := d.show(l)
	if err != nil {
		return shown, err
	}
	if err := d.tellAsker(shown, "已批准"+after("，", say.Note)); err != nil {
		return shown, err
	}
	if shown.Notes, err = d.approvedNotes(l); err != nil {
		return shown, err
	}
	if err := d.did("ApproveLeave", l.ID, ""); err != nil {
		return shown, err
	}
	return shown, d.reroute(models.LeaveScope{Villages: []string{l.VillageID}})
}

// RejectLeave says no to a leave that waits for the person, and why (不同意).
func (d *Desk) RejectLeave(no int, reason string) (Leave, error) {
	l, target, err := d.deciding(no)
	if err != nil {
		return Leave{}, err
	}
	if err := d.may("RejectLeave", target); err != nil {
		return Leave{}, err
	}
	if err := d.mayDecide(l); err != nil { // before anybody is asked why
		return Leave{}, err
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		return Leave{}, RefuseField("reason", "不同意要写原因，如“不同意%d 那天有检查”。", no)
	}
	if err := d.decide(&l, models.LeaveRejected, reason); err != nil {
		return Leave{}, err
	}
	shown, err := d.show(l)
	if err != nil {
		return shown, err
	}
	if err := d.tellAsker(shown, "未批准，原因："+reason); err != nil {
		return shown, err
	}
	return shown, d.did("RejectLeave", l.ID, "")
}

// decide moves a leave that waits to how somebody decided who may.
func (d *Desk) decide(l *models.Leave, to models.LeaveState, said string) error {
	said = strings.TrimSpace(said)
	if utf8.RuneCountInString(said) > longestReason {
		return RefuseField("reason", "说明太长，请不超过%d个字。", longestReason)
	}
	l.State, l.DecidedBy, l.DecidedAt = to, d.Who.ID, &d.Now
	if said != "" {
		l.Said = d.h.box.Seal(said, answerOf(l.ID))
	}
	return d.move(l, models.LeaveAsked)
}

// move is a change of state that somebody may have been faster with.
func (d *Desk) move(l *models.Leave, from models.LeaveState) error {
	switch err := d.tx.MoveLeave(l, from); {
	case errors.Is(err, models.ErrStale):
		return Refuse("%d号假条刚刚被别人办过，请再看一下。", l.Number)
	case err != nil:
		return fmt.Errorf("move leave %s: %w", l.ID, err)
	}
	return nil
}

// moveEnd gives a leave the end of its extension.
func (d *Desk) moveEnd(ext models.Leave) error {
	l, err := d.tx.Leave(ext.Extends)
	if err != nil {
		return fmt.Errorf("extend leave %s: %w", ext.Extends, err)
	}
	if l.State != models.LeaveApproved {
		return Refuse("%d号假%s，不能再续。", l.Number, stateWord(l.State))
	}
	l.LastDay, l.ToNoon = ext.LastDay, ext.ToNoon
	return d.move(&l, models.LeaveApproved)
}

// WithdrawLeave takes back a leave of one's own that is not decided (撤回): that of
// a number or, with 0, the only one.
func (d *Desk) WithdrawLeave(no int) (Leave, error) {
	if err := d.may("WithdrawLeave", own(d.Who.ID)); err != nil {
		return Leave{}, err
	}
	l, err := d.mine(no, "撤回", "可以撤回的假条", func(l models.Leave) bool { return l.State == models.LeaveAsked })
	if err != nil {
		return Leave{}, err
	}
	if l.State != models.LeaveAsked {
		return Leave{}, Refuse("%d号假条%s，不能撤回。", l.Number, stateWord(l.State))
	}
	return d.end(l, models.LeaveWithdrawn, "WithdrawLeave")
}

// CancelLeave gives up an approved leave of one's own that has not begun (取消).
func (d *Desk) CancelLeave(no int) (Leave, error) {
	if err := d.may("CancelLeave", own(d.Who.ID)); err != nil {
		return Leave{}, err
	}
	l, err := d.mine(no, "取消请假", "可以取消的假", func(l models.Leave) bool {
		return l.State == models.LeaveApproved && l.Extends == "" && !begun(l, d.Now)
	})
	switch {
	case err != nil:
		return Leave{}, err
	case l.State != models.LeaveApproved || l.Extends != "":
		return Leave{}, Refuse("%d号假条%s，不能取消。", l.Number, stateWord(l.State))
	case begun(l, d.Now):
		return Leave{}, Refuse("%d号假已经开始，不能取消；回来了请销假，提前回来的天数退还。", l.Number)
	}
	return d.end(l, models.LeaveCancelled, "CancelLeave")
}

// Begun reports whether a leave has begun by then.
func (l Leave) Begun(now time.Time) bool { return begun(l.Leave, now) }

func begun(l models.Leave, now time.Time) bool {
	hour := 0
	if l.FromNoon {
		hour = 12
	}
	return !now.Before(l.FirstDay.At(hour, 0))
}

// end gives up a leave, and tells whoever was asked or had approved it.
func (d *Desk) end(l models.Leave, to models.LeaveState, act string) (Leave, error) {
	from, knew := l.State, l.DecidedBy
	if knew == "" {
		knew = l.ToldID
	}
	l.State = to
	if err := d.move(&l, from); err != nil {
		return Leave{}, err
	}
	if err := d.dropExtensions(l); err != nil {
		return Leave{}, err
	}
	shown, err := d.show(l)
	if err != nil {
		return shown, err
	}
	if err := d.tellKnower(shown, knew, stateWord(to)); err != nil {
		return shown, err
	}
	return shown, d.did(act, l.ID, "")
}

// urgeEvery is how long to wait before urging again.
const urgeEvery = 4 * time.Hour

// UrgeLeave reminds whoever a leave of one's own waits for (催办), at most once in
// four hours. Those who may act in his place are told too.
func (d *Desk) UrgeLeave(no int) (Leave, error) {
	if err := d.may("UrgeLeave", own(d.Who.ID)); err != nil {
		return Leave{}, err
	}
	l, err := d.mine(no, "催办", "等待审批的假条", func(l models.Leave) bool { return l.State == models.LeaveAsked })
	switch {
	case err != nil:
		return Leave{}, err
	case l.State != models.LeaveAsked:
		return Leave{}, Refuse("%d号假条%s，不用催了。", l.Number, stateWord(l.State))
	case d.Now.Sub(l.AskedAt) < urgeEvery:
		return Leave{}, Refuse("%d号假条刚提交不久，%s以后可以催办。", l.Number, calendar.TimeOfDay(l.AskedAt.Add(urgeEvery)))
	}
	switch err := d.tx.UrgeLeave(l.ID, d.Now.Add(-urgeEvery)); {
	case errors.Is(err, models.ErrStale):
		return Leave{}, Refuse("%d号假条刚刚催过，%d小时以后可以再催。", l.Number, int(urgeEvery.Hours()))
	case err != nil:
		return Leave{}, fmt.Errorf("urge leave %s: %w", l.ID, err)
	}
	shown, err := d.show(l)
	if err != nil {
		return shown, err
	}
	ahead, err := d.line(l)
	if err != nil {
		return shown, err
	}
	for _, id := range ahead.people {
		if err := d.urge(shown, id); err != nil {
			return shown, err
		}
	}
	return shown, d.did("UrgeLeave", l.ID, "")
}

// mostNamed is how many leaves are named to choose from.
const mostNamed = 4

// mine finds a leave of the person's own: that of a number or, with 0, the only
// one that fits. Of several he names one with word (“销假12”).
func (v *View) mine(no int, word, what string, fits func(models.Leave) bool) (models.Leave, error) {
	rows, err := v.ownLeaves(no)
	if err != nil {
		return models.Leave{}, err
	}
	rows = slices.DeleteFunc(rows, func(l models.Leave) bool { return no == 0 && !fits(l) })
	switch len(rows) {
	case 1:
		return rows[0], nil
	case 0:
		return models.Leave{}, Refuse("您没有%s。", what)
	default:
		return models.Leave{}, whichOf(rows, word, what)
	}
}

// ownLeaves are the person's own leaves of a number, of which there is one, or with 0 the
// latest.
func (v *View) ownLeaves(no int) ([]models.Leave, error) {
	rows, err := v.tx.LeavesOf(v.Who.ID, 50)
	if err != nil {
		return nil, fmt.Errorf("my leaves: %w", err)
	}
	rows = slices.DeleteFunc(rows, func(l models.Leave) bool { return no > 0 && l.Number != no })
	if no > 0 && len(rows) == 0 {
		return nil, RefuseField("no", "您没有%d号假条。", no)
	}
	return rows, nil
}

// whichOf refuses to choose among leaves.
func whichOf(rows []models.Leave, word, what string) error {
	lines := []string{fmt.Sprintf("%s有%d张，请点一张：", what, len(rows))}
	for _, l := range rows[:min(mostNamed, len(rows))] {
		lines = append(lines, fmt.Sprintf("“%s%d”　%s%s", word, l.Number, l.Kind, spanWords(l.Span())))
	}
	if len(rows) > mostNamed {
		lines = append(lines, "其余的看“我的假条”。")
	}
	return RefuseField("no", "%s", strings.Join(lines, "\n"))
}

// after writes what is said behind a mark, or nothing.
func after(mark, said string) string {
	if said = strings.TrimSpace(said); said == "" {
		return ""
	}
	return mark + said
}
