package handlers

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
)

// View is what one person sees at one moment. It cannot write.
type View struct {
	Who    models.Person // with no ID if nobody is bound
	OpenID string        // of the WeChat user, if it is one
	Now    time.Time     // stands still
	Today  calendar.Date
	Sent   time.Time // when the person sent it; never later than Now

	h         *Handlers
	tx        *models.Tx
	job       string
	estranged bool // the user is known by the mark he left: see follow.go
	grants    []Grant
	off       calendar.DaysOff
	opened    bool // names of villagers are read, for a reason
}

// Look reads for a person in one read-only transaction. It is the only door for
// what stores nothing; a question is asked again without harm.
func (h *Handlers) Look(ctx context.Context, cmd Command, fn func(*View) (string, error)) (string, error) {
	h.meter.Looks.Add(1)
	reply, err := "", error(nil)
	for try := 1; ; try++ {
		err = h.db.Read(ctx, func(tx *models.Tx) error {
			v := &View{h: h, tx: tx}
			if err := v.seat(cmd); err != nil {
				return err
			}
			reply, err = fn(v)
			return err
		})
		if !errors.Is(err, models.ErrAgain) || try == maxTries || !pause(ctx, try) {
			break
		}
	}
	if _, refused := errors.AsType[*Refusal](err); err != nil && !refused {
		return "", fmt.Errorf("look %s: %w", cmd.Name(), err)
	}
	return reply, err
}

// seat finds out who asks, and what roles that person has now.
func (v *View) seat(cmd Command) error {
	v.Now, v.Today = v.tx.Now, calendar.On(v.tx.Now)
	v.Sent = cmd.Sent
	if v.Sent.IsZero() || v.Sent.After(v.Now) {
		v.Sent = v.Now
	}
	var err error
	switch {
	case cmd.Who.OpenID != "":
		v.OpenID = cmd.Who.OpenID
		if v.Who, err = v.tx.PersonByOpenID(v.OpenID); errors.Is(err, models.ErrNotFound) {
			v.Who, err = v.tx.PersonByOpenID(v.h.mark(v.OpenID))
			v.estranged = err == nil
		}
	case cmd.Who.PersonID != "":
		v.Who, err = v.tx.Person(cmd.Who.PersonID)
	default:
		v.job = cmd.Who.Job
	}
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return fmt.Errorf("find out who asks: %w", err)
	}
	v.grants, err = v.grantsOf(v.Who.ID)
	return err
}

// actor names who acts, for the journal.
func (v *View) actor() string {
	if v.job != "" {
		return "job:" + v.job
	}
	return v.Who.ID
}

// CarriedOut reports whether a command was carried out under a key: then it is answered
// again as it was, whatever has changed since.
func (v *View) CarriedOut(key string) (bool, error) {
	_, err := v.tx.Inbox(key)
	if errors.Is(err, models.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("was a command carried out: %w", err)
	}
	return true, nil
}

// Bound reports whether somebody the account knows is asking.
func (v *View) Bound() bool { return v.Who.ID != "" }

// Returned reports whether a user who had left the account is heard of again by
// this message.
func (v *View) Returned() bool { return v.estranged }

// MyRecords returns the last n commands by which this WeChat user changed
// something, the newest first. What was done by whoever was bound to him before is
// not his.
func (v *View) MyRecords(n int) ([]models.Inbox, error) {
	if err := v.may("MyRecords", own(v.Who.ID)); err != nil {
		return nil, err
	}
	var since time.Time
	if v.OpenID != "" {
		var err error
		if since, err = v.tx.BoundSince(v.OpenID); err != nil {
			return nil, fmt.Errorf("my records: %w", err)
		}
	}
	rows, err := v.tx.InboxOf(Who{OpenID: v.OpenID, PersonID: v.Who.ID}.String(), since, n)
	if err != nil {
		return nil, fmt.Errorf("my records: %w", err)
	}
	for i, r := range rows {
		if strings.HasPrefix(r.Reply, privateReply) {
			if rows[i].Reply, err = v.h.Opened(r.Reply, r.CmdKey); err != nil {
				return nil, fmt.Errorf("my records: %w", err)
			}
		}
	}
	return rows, nil
}
