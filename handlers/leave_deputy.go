package handlers

import (
	"errors"
	"fmt"
	"slices"

	"github.com/cunkao/cunkao/models"
)

// AcceptDeputy says yes to standing in during a leave (同意代理): that of a number
// or, with 0, the only one. While the leave lasts, what waits for whose it is
// waits for the deputy.
func (d *Desk) AcceptDeputy(no int) (Leave, error) {
	if err := d.may("AcceptDeputy", own(d.Who.ID)); err != nil {
		return Leave{}, err
	}
	return d.answerAsDeputy(no, models.DeputyAccepted, "AcceptDeputy", "同意代理")
}

// DeclineDeputy says no to standing in (不代理). Whose leave it is names another.
func (d *Desk) DeclineDeputy(no int) (Leave, error) {
	if err := d.may("DeclineDeputy", own(d.Who.ID)); err != nil {
		return Leave{}, err
	}
	return d.answerAsDeputy(no, models.DeputyDeclined, "DeclineDeputy", "不能代理，请另请一位")
}

func (d *Desk) answerAsDeputy(no int, said, act, words string) (Leave, error) {
	l, err := d.standingFor(no)
	if err != nil {
		return Leave{}, err
	}
	switch err := d.tx.SetDeputySaid(l.ID, d.Who.ID, said); {
	case errors.Is(err, models.ErrStale):
		return Leave{}, Refuse("%d号假条的代理您已经答复过了。", l.Number)
	case err != nil:
		return Leave{}, fmt.Errorf("deputy of leave %s: %w", l.ID, err)
	}
	l.DeputySaid = said
	shown, err := d.show(l)
	if err != nil {
		return shown, err
	}
	err = d.tell(note{
		to: l.PersonID, kind: NoticeLeaveSaid, class: classNews, dedupe: "deputysaid:" + l.ID + ":" + l.DeputyID,
		words: leaveWords(shown, shown.Words, shown.Deputy+words, d.Now),
	})
	if err != nil {
		return shown, err
	}
	if err := d.did(act, l.ID, ""); err != nil {
		return shown, err
	}
	return shown, d.reroute(models.LeaveScope{Villages: []string{l.VillageID}})
}

// standingFor finds the leave whose deputy the person is asked to be.
func (v *View) standingFor(no int) (models.Leave, error) {
	rows, err := v.tx.LeavesStoodIn(v.Who.ID)
	if err != nil {
		return models.Leave{}, fmt.Errorf("who asks for a deputy: %w", err)
	}
	rows = slices.DeleteFunc(rows, func(l models.Leave) bool {
		return no > 0 && l.Number != no || no == 0 && l.DeputySaid != ""
	})
	switch {
	case len(rows) == 1:
		return rows[0], nil
	case len(rows) > 1:
		return models.Leave{}, RefuseField("no", "有几张假条请您代理，请带上号，如“同意代理%d”。", rows[0].Number)
	case no > 0:
		return models.Leave{}, RefuseField("no", "%d号假条没有请您代理，或者已经结束。", no)
	default:
		return models.Leave{}, Refuse("没有请您代理的假条。")
	}
}

// NameDeputy names another deputy for a leave of one's own that is asked for or
// approved, as long as none has accepted.
func (d *Desk) NameDeputy(no int, deputyID string) (Leave, error) {
	if err := d.may("NameDeputy", own(d.Who.ID)); err != nil {
		return Leave{}, err
	}
	open := func(l models.Leave) bool {
		return l.Extends == "" && (l.State == models.LeaveAsked || l.State == models.LeaveApproved)
	}
	l, err := d.mine(no, "请人代理", "可以请人代理的假", open)
	switch {
	case err != nil:
		return Leave{}, err
	case !open(l):
		return Leave{}, Refuse("%d号假条%s，不用请人代理。", l.Number, stateWord(l.State))
	case deputyID == "":
		return Leave{}, RefuseField("deputy", "请写明请谁代理。")
	}
	a, _, err := d.whose(LeaveRequest{Span: l.Span(), DeputyID: deputyID})
	if err != nil {
		return Leave{}, err
	}
	if err := d.fitsDeputy(&a); err != nil {
		return Leave{}, err
	}
	switch err := d.tx.SetDeputy(l.ID, deputyID); {
	case errors.Is(err, models.ErrStale):
		return Leave{}, Refuse("%d号假条的代理人已经同意代理，不能换人。", l.Number)
	case err != nil:
		return Leave{}, fmt.Errorf("deputy of leave %s: %w", l.ID, err)
	}
	l.DeputyID, l.DeputySaid = deputyID, ""
	shown, err := d.show(l)
	if err != nil {
		return shown, err
	}
	if err := d.tellDeputy(shown); err != nil {
		return shown, err
	}
	return shown, d.did("NameDeputy", l.ID, "")
}
