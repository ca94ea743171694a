package handlers

import (
	"errors"
	"fmt"
	"strings"

	"github.com/cunkao/cunkao/models"
)

// NoticeCard is a notice as whoever runs the program sees it: what it says is
// none of his business.
type NoticeCard struct {
	models.Notice
	Name string // of the person; empty for somebody who is not bound
}

// Queue lists the n latest notices of a state, or of any; of a person, or of all.
func (v *View) Queue(state models.NoticeState, personID string, n int) ([]NoticeCard, error) {
	if err := v.may("Queue", Target{}); err != nil {
		return nil, err
	}
	rows, err := v.tx.Notices(state, personID, n)
	if err != nil {
		return nil, fmt.Errorf("list notices: %w", err)
	}
	ids := make([]string, 0, len(rows))
	for _, r := range rows {
		ids = append(ids, r.PersonID)
	}
	people, err := v.tx.PeopleByID(ids)
	if err != nil {
		return nil, fmt.Errorf("list notices: %w", err)
	}
	cards := make([]NoticeCard, 0, len(rows))
	for _, r := range rows {
		r.Words = nil
		cards = append(cards, NoticeCard{r, people[r.PersonID].Name})
	}
	return cards, nil
}

// Requeue makes a notice that was given up, or of which it is not known whether it
// arrived, due once more.
func (d *Desk) Requeue(id, reason string) error {
	if err := d.may("Requeue", Target{}); err != nil {
		return err
	}
	switch err := d.tx.RequeueNotice(id); {
	case errors.Is(err, models.ErrStale):
		return Refuse("没有编号%s的、发不出去或不确定的通知。", id)
	case err != nil:
		return fmt.Errorf("requeue notice %s: %w", id, err)
	}
	d.told = true
	return d.did("Requeue", id, reason)
}

// DeadLetters lists the n latest messages that could not be carried out, without
// what they say.
func (v *View) DeadLetters(n int) ([]models.DeadLetter, error) {
	if err := v.may("DeadLetters", Target{}); err != nil {
		return nil, err
	}
	rows, err := v.tx.DeadLetters(n)
	if err != nil {
		return nil, fmt.Errorf("list dead letters: %w", err)
	}
	for i := range rows {
		rows[i].Body = ""
	}
	return rows, nil
}

// OpenDeadLetter returns what a message says that could not be carried out. That
// it was read is journalled, with the reason.
func (d *Desk) OpenDeadLetter(key, reason string) (string, error) {
	if err := d.may("OpenDeadLetter", Target{}); err != nil {
		return "", err
	}
	if reason == "" {
		return "", RefuseField("reason", "查看内容要写明理由。")
	}
	l, err := d.tx.DeadLetter(key)
	switch {
	case errors.Is(err, models.ErrNotFound):
		return "", Refuse("没有这条消息：%s。", key)
	case err != nil:
		return "", fmt.Errorf("dead letter: %w", err)
	case l.Body == "":
		return "", Refuse("这条消息的内容已过保存期，已删除。")
	}
	body, err := d.h.box.Open(l.Body, "dead_inbox.body."+key)
	if err != nil {
		return "", fmt.Errorf("dead letter: %w", err)
	}
	return body, d.did("OpenDeadLetter", short(withoutOpenID(key), 80), reason)
}

// withoutOpenID is the key of a message as a journal may hold it (Command.Name),
// where it is not known whose it is: the second part is the openid.
func withoutOpenID(key string) string {
	parts := strings.SplitN(key, ":", 3)
	if len(parts) == 3 && len(parts[1]) > shownOpenID {
		parts[1] = short(parts[1], shownOpenID) + "…"
	}
	return strings.Join(parts, ":")
}
