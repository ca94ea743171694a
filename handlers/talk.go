package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
)

// Draft is a form that somebody has begun and not finished.
type Draft struct {
	Form    string            `json:"form"`
	Edition int               `json:"edition"` // of the form, as it was when the draft began
	Said    string            `json:"said,omitempty"`
	Answers map[string]string `json:"answers"`
	Open    string            `json:"open,omitempty"` // the question that was asked last; empty is the summary
	Tries   int               `json:"tries,omitempty"`
	Offers  []Offer           `json:"offers,omitempty"` // the choices that were shown
	Seen    []string          `json:"seen,omitempty"`   // digests of the lines of the summary that was shown
	At      time.Time         `json:"at"`               // of the last answer
}

// Offer is a choice that was shown: the word for it, and the answers it gives.
type Offer struct {
	Say  string            `json:"say"`
	Fill map[string]string `json:"fill"`
}

// sealedTalk names the one answer of a stored talk: all of it, sealed, for people
// tell the account of illness and family.
const sealedTalk = "sealed"

// Talk returns the person's drafts, the open one first; none if nothing is open.
func (v *View) Talk() ([]Draft, error) { return v.talk(v.tx.Talk(v.OpenID)) }

// HeldTalk is Talk, held so that two quick messages of one person take turns.
func (d *Desk) HeldTalk() ([]Draft, error) { return d.talk(d.tx.TalkHeld(d.OpenID)) }

// Talking guesses whether a WeChat user has a talk open, before a message of his is
// carried out.
func (h *Handlers) Talking(ctx context.Context, openID string) (open bool, err error) {
	err = h.db.Glance(ctx, func(tx *models.Tx) error {
		_, err := tx.Talk(openID)
		open = err == nil
		if errors.Is(err, models.ErrNotFound) {
			return nil
		}
		return err
	})
	if err != nil {
		return false, fmt.Errorf("is a talk open: %w", err)
	}
	return open, nil
}

// TakeTurns holds the person until the command ends: what is decided about him is then
// decided on the present, by one command at a time. His talk, where that is held too, is held
// before: two messages with two orders would deadlock.
func (d *Desk) TakeTurns() error {
	if d.Who.ID == "" {
		return nil
	}
	if err := d.tx.HoldPerson(d.Who.ID); err != nil {
		return fmt.Errorf("hold who asks: %w", err)
	}
	return nil
}

func (v *View) talk(t models.Talk, err error) ([]Draft, error) {
	if errors.Is(err, models.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("talk: %w", err)
	}
	var drafts []Draft
	text, err := v.h.box.Open(t.Answers[sealedTalk], talkContext(t.OpenID))
	if err == nil {
		err = json.Unmarshal([]byte(text), &drafts)
	}
	if err != nil {
		return nil, fmt.Errorf("talk: %w", err)
	}
	return drafts, nil
}

func talkContext(openID string) string { return "talks.answers." + openID }

// SetTalk stores the person's drafts, the open one first, even if the command is
// refused. None ends the talk.
func (d *Desk) SetTalk(drafts []Draft) error {
	if len(drafts) == 0 {
		return d.Keep(func() error { return d.tx.EndTalk(d.OpenID) })
	}
	text, err := json.Marshal(drafts)
	if err != nil {
		return fmt.Errorf("talk: %w", err)
	}
	row := models.Talk{
		OpenID: d.OpenID, Form: drafts[0].Form, Edition: drafts[0].Edition, UpdatedAt: d.Now,
		Answers: map[string]string{sealedTalk: d.h.box.Seal(string(text), talkContext(d.OpenID))},
	}
	return d.Keep(func() error { return d.tx.SetTalk(row) })
}

// How long a talk may be silent (草稿): its person is warned, then it ends, and he is
// told that too.
const (
	talkWarned = 24 * time.Hour
	talkEnds   = 72 * time.Hour
)

// TendTalks tells people that a draft of theirs will end, or ends it and tells them. It
// takes up to n talks behind an openid, and returns the last of them; none when all are
// done.
func (d *Desk) TendTalks(after string, n int) (last string, err error) {
	if err := d.may("TendTalks", Target{}); err != nil {
		return "", err
	}
	idle, err := d.tx.IdleTalks(d.Now.Add(-talkWarned), after, n)
	if err != nil {
		return "", fmt.Errorf("tend talks: %w", err)
	}
	for _, t := range idle {
		if err := d.tendTalk(t); err != nil {
			return "", fmt.Errorf("tend talks: %w", err)
		}
		last = t.OpenID
	}
	return last, nil
}

// tendTalk leaves a talk alone that went on meanwhile. Whoever is not bound is told
// nothing: no way leads to him.
func (d *Desk) tendTalk(t models.Talk) error {
	kind := NoticeDraft
	if d.Now.Sub(t.UpdatedAt) >= talkEnds {
		kind = NoticeDraftEnded
		if ended, err := d.tx.EndTalkOf(t.OpenID, t.UpdatedAt); err != nil || !ended {
			return err
		}
	}
	person, err := d.tx.PersonByOpenID(t.OpenID)
	if errors.Is(err, models.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	until := t.UpdatedAt.Add(talkEnds)
	return d.tell(note{
		to: person.ID, kind: kind, class: classTask,
		words:  map[string]string{"form": t.Form, "until": calendar.On(until).Chinese() + " " + calendar.TimeOfDay(until)},
		dedupe: fmt.Sprintf("%s:%s:%d", kind, person.ID, t.UpdatedAt.UnixMilli()),
	})
}
