package handlers

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/cunkao/cunkao/models"
)

// TalkLine is one message of somebody as support sees it: what was done, or which input a
// rule refused. Said is what was answered, for whoever may read it; else empty.
type TalkLine struct {
	At      time.Time
	Act     string // of the use case; empty for an answer within a talk
	Refused bool
	Field   string // of a refusal
	Repeats int
	Said    string
}

// TalkState is a form that somebody has open, and where he is in it.
type TalkState struct {
	Form  string
	Open  string // the question; empty is the summary
	Tries int
	At    time.Time
}

// TalkLog returns the last n messages of a person that stored something, and his open
// forms: what was understood, not what was said.
func (d *Desk) TalkLog(personID string, n int) ([]TalkLine, []TalkState, error) {
	if err := d.may("TalkLog", Target{Person: personID}); err != nil {
		return nil, nil, err
	}
	lines, states, err := d.talkLog(personID, n, false)
	if err != nil {
		return nil, nil, err
	}
	return lines, states, d.did("TalkLog", personID, "")
}

// OpenTalkLog is TalkLog with what was answered, for a reason that is journalled.
func (d *Desk) OpenTalkLog(personID string, n int, reason string) ([]TalkLine, []TalkState, error) {
	if err := d.may("OpenTalkLog", Target{Person: personID}); err != nil {
		return nil, nil, err
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		return nil, nil, RefuseField("reason", "要看内容，请写明原因。")
	}
	d.Secret()
	lines, states, err := d.talkLog(personID, n, true)
	if err != nil {
		return nil, nil, err
	}
	return lines, states, d.did("OpenTalkLog", personID, reason)
}

//nolint:revive // open says whether what was answered is to be read
func (v *View) talkLog(personID string, n int, open bool) ([]TalkLine, []TalkState, error) {
	openID, err := v.tx.OpenIDOf(personID)
	if errors.Is(err, models.ErrNotFound) {
		return nil, nil, Refuse("这个人现在没有绑定微信。")
	}
	if err != nil {
		return nil, nil, fmt.Errorf("talk log: %w", err)
	}
	rows, err := v.tx.InboxAll(Who{OpenID: openID}.String(), n)
	if err != nil {
		return nil, nil, fmt.Errorf("talk log: %w", err)
	}
	lines := make([]TalkLine, len(rows))
	for i, r := range rows {
		lines[i] = TalkLine{At: r.ReceivedAt, Act: r.Act, Refused: r.Refused, Field: r.Field, Repeats: r.Repeats}
		if !open {
			continue
		}
		if strings.HasPrefix(r.Reply, secretReply) {
			lines[i].Said = "（绑定码一类的内容，不显示）"
		} else if lines[i].Said, err = v.h.Opened(r.Reply, r.CmdKey); err != nil {
			return nil, nil, err
		}
	}
	drafts, err := v.talk(v.tx.Talk(openID))
	if err != nil {
		return nil, nil, err
	}
	states := make([]TalkState, len(drafts))
	for i, one := range drafts {
		states[i] = TalkState{Form: one.Form, Open: one.Open, Tries: one.Tries, At: one.At}
	}
	return lines, states, nil
}
