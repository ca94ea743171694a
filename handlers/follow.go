package handlers

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cunkao/cunkao/models"
)

// mark is all that is kept of the openid of a user who has left the account: a
// keyed hash, by which the binding is found when he comes back.
func (h *Handlers) mark(openID string) string { return h.box.Index("openid", openID) }

// Unfollow takes in that the asking WeChat user has left the account: drafts are
// forgotten, nothing is sent any more, and the openid gives way to its mark. A
// farewell that comes after the return is no farewell.
func (d *Desk) Unfollow() error {
	if err := d.may("Unfollow", own(d.Who.ID)); err != nil {
		return err
	}
	mark := d.h.mark(d.OpenID)
	gone, err := d.tx.Estrange(d.OpenID, mark, d.Sent)
	if err != nil {
		return fmt.Errorf("unfollow: %w", err)
	}
	if d.Bound() && !gone {
		return nil // back already
	}
	l := models.Leaver{Mark: mark, OpenID: d.h.box.Seal(d.OpenID, "leavers.openid."+mark), At: d.Now}
	if d.cmd.Sent.After(l.At) { // the platform's clock is ahead: so are the times of his messages
		l.At = d.cmd.Sent.UTC()
	}
	if err := d.tx.AddLeaver(&l); err != nil {
		return fmt.Errorf("unfollow: %w", err)
	}
	if !gone {
		return nil
	}
	return d.noted("Unfollow")
}

// Follow takes in that the asking WeChat user follows the account, again or for
// the first time. Whoever was bound before he left is bound again.
func (d *Desk) Follow() error {
	if err := d.may("Follow", own(d.Who.ID)); err != nil {
		return err
	}
	if !d.Bound() {
		return nil
	}
	if err := d.tx.SetFollowed(d.OpenID, d.Sent); err != nil {
		return fmt.Errorf("follow: %w", err)
	}
	return nil
}

// reunite gives somebody his binding back who left the account and is heard of
// again. That he followed it anew may have been told late, or never. What he sent
// before he left is carried out, but brings nobody back.
func (d *Desk) reunite() error {
	back, err := d.tx.Reunite(d.h.mark(d.OpenID), d.OpenID, d.Sent)
	if err != nil {
		return fmt.Errorf("bind %s again: %w", d.Who.ID, err)
	}
	if !back {
		return nil
	}
	if err := d.wakeNotices(d.Who.ID); err != nil {
		return err
	}
	return d.noted("Follow")
}

// noted is did for what the platform told, which is no deed of the person's.
func (d *Desk) noted(act string) error {
	err := d.did(act, d.Who.ID, "")
	d.act = ""
	return err
}

// forgetAfter is for how long the keys of a leaver's messages are kept as they
// were: until the platform sends none of them again.
const forgetAfter = time.Hour

// forgetAtOnce is how many leavers one transaction forgets.
const forgetAtOnce = 20

// ForgetLeavers takes the openids of those who left out of what is kept of their
// messages.
func (h *Handlers) ForgetLeavers(ctx context.Context) error {
	for more := true; more; {
		err := h.keepHouse(ctx, func(tx *models.Tx) error {
			gone, err := tx.Leavers(tx.Now.Add(-forgetAfter), forgetAtOnce)
			more = len(gone) == forgetAtOnce
			for _, l := range gone {
				openID, opened := h.box.Open(l.OpenID, "leavers.openid."+l.Mark)
				if opened != nil {
					return fmt.Errorf("leaver %s: %w", l.Mark[:8], opened)
				}
				if err := tx.Forget(l, openID); err != nil {
					return err
				}
			}
			return err
		})
		if err != nil {
			return fmt.Errorf("forget who left: %w", err)
		}
	}
	return nil
}

// Unbind ends the binding of a person, whose telephone was lost or changed, by
// whoever may give him a new code. The old telephone is told.
func (d *Desk) Unbind(personID, reason string) error {
	at, err := d.placeOf(personID)
	if err != nil {
		return err
	}
	if err := d.may("Unbind", at); err != nil {
		return err
	}
	who, err := d.tx.Person(personID)
	if err != nil {
		return fmt.Errorf("unbind %s: %w", personID, err)
	}
	b, err := d.tx.EndBinding(personID)
	switch {
	case errors.Is(err, models.ErrNotFound):
		return Refuse("%s现在没有绑定微信。", who.Name)
	case errors.Is(err, models.ErrStale):
		return Refuse("%s的微信刚刚解绑过了。", who.Name)
	case err != nil:
		return fmt.Errorf("unbind %s: %w", personID, err)
	}
	if b.OpenID != "" {
		if err := d.farewell(b.OpenID, who.Name); err != nil {
			return err
		}
	}
	return d.did("Unbind", personID, reason)
}

// farewell ends what the old telephone had begun, and tells it.
func (d *Desk) farewell(openID, name string) error {
	if err := d.tx.EndTalk(openID); err != nil {
		return fmt.Errorf("end the talk of an old telephone: %w", err)
	}
	row := models.Notice{
		OpenID: openID, Kind: NoticeUnbound, Class: classTask, NotBefore: loud(d.Now).UTC(), Dedupe: "unbound:" + d.tx.NewID(),
		Words: map[string]string{"text": "这个微信已经和" + name + "解绑，不能再替他办事。如果不是您让镇上办的，请马上联系镇上工作人员。", "name": name},
	}
	if err := d.tx.AddNotice(&row); err != nil {
		return fmt.Errorf("tell an old telephone: %w", err)
	}
	d.told = true
	return nil
}

// Candidate is one of several people of one name.
type Candidate struct {
	ID, Name, Title string
	Bound           bool
	Since           time.Time // when he was bound
}

// Candidates are the people of a name whom the asker may bind or unbind.
func (v *View) Candidates(name string) ([]Candidate, error) {
	if err := v.may("Candidates", own(v.Who.ID)); err != nil {
		return nil, err
	}
	people, err := v.tx.PeopleNamed(name)
	if err != nil {
		return nil, fmt.Errorf("people of a name: %w", err)
	}
	var out []Candidate
	for _, p := range people {
		at, err := v.placeOf(p.ID)
		if err != nil {
			return nil, err
		}
		if v.may("IssueCode", at) != nil {
			continue
		}
		me, err := v.meOf(p)
		if err != nil {
			return nil, err
		}
		b, err := v.tx.BindingOf(p.ID)
		if err != nil && !errors.Is(err, models.ErrNotFound) {
			return nil, fmt.Errorf("is %s bound: %w", p.ID, err)
		}
		out = append(out, Candidate{ID: p.ID, Name: p.Name, Title: me.Title(), Bound: err == nil, Since: b.BoundAt})
	}
	return out, nil
}
