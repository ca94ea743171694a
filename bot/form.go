package bot

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
)

// answers are what a person has said in a conversation, by field.
type answers = map[string]string

// form is a conversation as data: what is asked, in which order, and what is
// done in the end.
type form struct {
	name    string
	title   string
	edition int // raised when the fields change: an older draft begins anew
	fields  []field
	submit  func(d *handlers.Desk, a answers) (string, error)
}

// field is one question. Its name is that of the input in the use case, so that
// a rule that refuses it makes the question be asked again.
type field struct {
	name string
	ask  string
	skip func(a answers) bool // the question is pointless
	// read takes an answer; it may fill other fields too. complaint says what
	// is wrong with it.
	read func(text string) (filled answers, complaint string)
}

// next is the first field without an answer, and false if none is left.
func (f form) next(a answers) (field, bool) {
	for _, q := range f.fields {
		if _, answered := a[q.name]; !answered && (q.skip == nil || !q.skip(a)) {
			return q, true
		}
	}
	return field{}, false
}

// advance asks the next question or, when all are answered, acts; a form begins
// with what is known already. The talk is
// stored whatever the use case says.
func (b *Bot) advance(d *handlers.Desk, f form, a answers) (string, error) {
	if q, open := f.next(a); open {
		return q.ask, d.SetTalk(talkOf(f, a))
	}
	reply, err := f.submit(d, a)
	refusal, refused := errors.AsType[*handlers.Refusal](err)
	if refused && f.reask(refusal.Field, a) {
		q, _ := f.next(a)
		if err := d.SetTalk(talkOf(f, a)); err != nil {
			return "", err
		}
		return "", &handlers.Refusal{Field: refusal.Field, Text: refusal.Text + "\n" + q.ask}
	}
	if ended := d.EndTalk(); ended != nil {
		return "", ended // a fault, whatever the use case said
	}
	return reply, err
}

// reask forgets the answer that was refused and those after it.
func (f form) reask(name string, a answers) bool {
	at := slices.IndexFunc(f.fields, func(q field) bool { return q.name == name })
	if at < 0 {
		return false
	}
	if _, answered := a[name]; !answered {
		return false
	}
	for _, q := range f.fields[at:] {
		delete(a, q.name)
	}
	return true
}

// continueTalk takes an answer to the open question.
func (b *Bot) continueTalk(d *handlers.Desk, text string) (string, error) {
	t, err := d.HeldTalk()
	if errors.Is(err, models.ErrNotFound) {
		return b.lost(d.View, text)
	}
	if err != nil {
		return "", fmt.Errorf("open talk: %w", err)
	}
	f, known := b.forms[t.Form]
	if !known { // of a release that had other forms
		if err := d.EndTalk(); err != nil {
			return "", err
		}
		return b.lost(d.View, text)
	}
	if t.Edition != f.edition {
		return b.advance(d, f, f.given(t.Answers))
	}
	q, _ := f.next(t.Answers)
	switch text {
	case "上一步":
		f.back(t.Answers)
		return b.advance(d, f, t.Answers)
	case "重来":
		return b.advance(d, f, f.given(t.Answers))
	}
	filled, complaint := q.read(text)
	if complaint != "" {
		return complaint + "\n" + q.ask, nil
	}
	maps.Copy(t.Answers, filled)
	return b.advance(d, f, t.Answers)
}

// given is what a talk began with that no question asks: a scanned code.
func (f form) given(a answers) answers {
	out := maps.Clone(a)
	for _, q := range f.fields {
		delete(out, q.name)
	}
	return out
}

// back forgets the last answer.
func (f form) back(a answers) {
	for _, q := range slices.Backward(f.fields) {
		if _, answered := a[q.name]; answered {
			delete(a, q.name)
			return
		}
	}
}

// withOpenQuestion reminds of the conversation that a question interrupted.
func (b *Bot) withOpenQuestion(v *handlers.View, reply string) (string, error) {
	t, err := v.Talk()
	if errors.Is(err, models.ErrNotFound) {
		return reply, nil
	}
	if err != nil {
		return "", fmt.Errorf("open talk: %w", err)
	}
	f, known := b.forms[t.Form]
	q, open := f.next(t.Answers)
	if !known || !open {
		return reply, nil
	}
	return reply + "\n——\n" + f.title + "还没办完：" + q.ask, nil
}

// cancel leads out of any conversation.
func (b *Bot) cancel(d *handlers.Desk, _ string) (string, error) {
	t, err := d.HeldTalk()
	if errors.Is(err, models.ErrNotFound) {
		return "现在没有正在办的事。回复" + say("菜单") + "看能办什么。", nil
	}
	if err != nil {
		return "", fmt.Errorf("cancel: %w", err)
	}
	if err := d.EndTalk(); err != nil {
		return "", err
	}
	return "已取消" + b.forms[t.Form].title + "，什么也没有记下。", nil
}
