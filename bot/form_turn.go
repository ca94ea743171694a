package bot

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/cunkao/cunkao/handlers"
)

// turn is one message within a talk.
type turn struct {
	b      *Bot
	d      *handlers.Desk
	drafts []handlers.Draft // the open one first
	form   form
}

// draft is the open one.
func (t *turn) draft() *handlers.Draft { return &t.drafts[0] }

// listening is for an answer to a very question.
func (t *turn) listening() listening {
	return listening{v: t.d.View, a: t.draft().Answers, whole: true}
}

// overhearing is for a sentence.
func (t *turn) overhearing() listening { return listening{v: t.d.View, a: t.draft().Answers} }

// correcting is for a sentence that may replace what was answered.
func (t *turn) correcting() listening {
	return listening{v: t.d.View, a: t.draft().Answers, corrects: true}
}

// heldTurn holds the person's talk and finds the form that is open; a form of another
// release that is gone is forgotten.
func (b *Bot) heldTurn(d *handlers.Desk) (*turn, error) {
	d.Private()
	drafts, err := d.HeldTalk()
	if err != nil {
		return nil, err
	}
	drafts = slices.DeleteFunc(drafts, func(one handlers.Draft) bool { return b.forms[one.Form].name == "" })
	t := &turn{b: b, d: d, drafts: drafts}
	if len(drafts) > 0 {
		t.form = b.forms[drafts[0].Form]
	}
	return t, nil
}

// begin opens a form, with what is known and what was said in the same sentence. Another
// form that was open is set aside; the same form goes on.
func (b *Bot) begin(d *handlers.Desk, f form, given answers, said string) (string, error) {
	t, err := b.heldTurn(d)
	if err != nil {
		return "", err
	}
	at := slices.IndexFunc(t.drafts, func(one handlers.Draft) bool { return one.Form == f.name })
	head := ""
	switch {
	case at >= 0:
		mine := t.drafts[at]
		t.drafts = slices.Insert(slices.Delete(t.drafts, at, at+1), 0, mine)
		t.form = f
		if mine.Edition == f.edition && !differs(f.given(mine.Answers), given) {
			head = f.words.Title + "上次还没办完，接着办。重新填请回复" + say("重来") + "。\n"
			if said == "" {
				return t.advance(head)
			}
			return t.headed(head, func() (string, error) { return t.start(t.correcting(), said) })
		}
		t.drafts[0] = f.newDraft(given, said)
	default:
		if len(t.drafts) > 0 {
			head = t.form.words.Title + "先放着，办完这件再接着办。\n"
		}
		t.drafts = slices.Insert(t.drafts, 0, f.newDraft(given, said))
		t.drafts = t.drafts[:min(len(t.drafts), mostDrafts)]
	}
	t.form = f
	return t.headed(head, func() (string, error) { return t.start(t.overhearing(), said) })
}

// mostDrafts is how many forms may be set aside.
const mostDrafts = 5

func differs(old, given answers) bool {
	for name, value := range given {
		if old[name] != value {
			return true
		}
	}
	return false
}

// start reads the sentence that began the form and asks for what it did not say.
func (t *turn) start(h listening, said string) (string, error) {
	open, name, err := t.form.fill(h, said)
	if err != nil {
		return "", err
	}
	if open.ask != "" {
		return t.offer(name, open)
	}
	if open.complaint != "" {
		return t.ask(name, open.complaint+"\n")
	}
	return t.advance("")
}

// headed puts a line above what a step answers.
func (t *turn) headed(head string, step func() (string, error)) (string, error) {
	reply, err := step()
	if err != nil {
		return "", err
	}
	return head + reply, nil
}

// keep stores the talk as it is now.
func (t *turn) keep() error {
	if len(t.drafts) > 0 {
		t.draft().At = t.d.Now
	}
	return t.d.SetTalk(t.drafts)
}

// advance asks the next question or shows the summary; a form without one acts.
func (t *turn) advance(head string) (string, error) {
	if q, open := t.form.next(t.draft().Answers); open {
		return t.ask(q.name, head)
	}
	if t.form.plain {
		return t.submit()
	}
	return t.review(head)
}

// ask asks one question, under a line that says why.
func (t *turn) ask(name, head string) (string, error) {
	q, _ := t.form.field(name)
	one := t.draft()
	if one.Open != q.name {
		one.Tries = 0
	}
	one.Open, one.Shown, one.Offers = q.name, "", nil
	if q.choices != nil {
		offers, err := q.choices(t.listening())
		if err != nil {
			return "", err
		}
		one.Offers = offers
	}
	return head + t.form.question(*one), t.keep()
}

// question words the open question of a draft: differently when it was not understood.
func (f form) question(one handlers.Draft) string {
	q, open := f.field(one.Open)
	if !open {
		return "请核对后回复" + say("确认") + "；回复" + say("进度") + "再看一遍。"
	}
	words := f.wording(q, one.Answers)
	text := words.Ask
	switch {
	case one.Tries == 1 && words.Again != "":
		text = words.Again
	case one.Tries >= 2:
		text = words.Again + "\n也可以一句话说完，如：" + f.words.Example + "\n不会填就点〈人工〉。"
		text = strings.TrimLeft(text, "\n")
	}
	if q.optional && q.about == nil {
		text += "没有就回复〈跳过〉。"
	}
	return linked(text) + offered(one.Offers)
}

// linked makes of each word 〈in such brackets〉 one to tap.
func linked(text string) string {
	before, rest, ok := strings.Cut(text, "〈")
	word, after, closed := strings.Cut(rest, "〉")
	if !ok || !closed {
		return text
	}
	return before + say(word) + linked(after)
}

// tappable is how many choices are links: more do not fit one message. The others are
// chosen by their numbers.
const tappable = 4

// offered are choices, numbered, to tap.
func offered(offers []handlers.Offer) string {
	var words []string
	for i, o := range offers {
		word := fmt.Sprintf("%d %s", i+1, o.Say)
		if i < tappable {
			word = link(o.Say, word)
		}
		words = append(words, word)
	}
	if len(words) == 0 {
		return ""
	}
	sep := "　"
	if slices.ContainsFunc(offers, func(o handlers.Offer) bool { return visible(o.Say) > 8 }) {
		sep = "\n"
	}
	return "\n" + strings.Join(words, sep)
}

// offer asks which of two readings is meant.
func (t *turn) offer(name string, open heard) (string, error) {
	one := t.draft()
	one.Open, one.Offers, one.Shown, one.Tries = name, open.offers, "", 0
	return open.ask + offered(open.offers), t.keep()
}

// review shows everything before it is stored, and remembers what was shown.
func (t *turn) review(head string) (string, error) {
	lines, digest, err := t.form.summary(t.d.View, t.draft().Answers)
	if asked, ok := t.refused(err); ok {
		return t.ask(asked.name, err.Error()+"\n")
	}
	if err != nil {
		return "", err
	}
	one := t.draft()
	one.Open, one.Offers, one.Shown, one.Tries = "", nil, digest, 0
	return head + lines, t.keep()
}

// summary is what is looked at before it is stored, and its digest.
func (f form) summary(v *handlers.View, a answers) (text, digest string, err error) {
	lines := []string{f.words.Title + "，请核对："}
	for i, q := range f.listed(a) {
		lines = append(lines, fmt.Sprintf("%d. %s：%s", i+1, f.wording(q, a).Label, q.shown(a)))
	}
	if f.notes != nil {
		notes, err := f.notes(v, a)
		if err != nil {
			return "", "", err
		}
		lines = append(lines, notes...)
	}
	lines = append(lines, "没错请回复"+say("确认")+"；要改，回复序号或直接说，如“"+f.words.Change+"”。")
	text = strings.Join(lines, "\n")
	sum := sha256.Sum256([]byte(text))
	return text, hex.EncodeToString(sum[:8]), nil
}

// confirm stores what was shown. If it would look different by now, it is shown again.
func (t *turn) confirm() (string, error) {
	_, digest, err := t.form.summary(t.d.View, t.draft().Answers)
	if _, refused := errors.AsType[*handlers.Refusal](err); err != nil && !refused {
		return "", err
	}
	if digest != t.draft().Shown {
		return t.review("情况有变化，请再看一遍。\n")
	}
	return t.submit()
}

// submit does what the form is for. A rule that refuses an answer has it asked again;
// what else was said stays. The talk is stored whatever the use case says.
func (t *turn) submit() (string, error) {
	reply, err := t.form.submit(t.d, t.draft().Answers, t.form.words)
	refusal, refused := errors.AsType[*handlers.Refusal](err)
	if err != nil && !refused {
		return "", err
	}
	if q, asks := t.refused(err); asks {
		reply, err := t.ask(q.name, refusal.Text+"\n")
		if err != nil {
			return "", err
		}
		return "", &handlers.Refusal{Field: refusal.Field, Text: reply}
	}
	next, ended := t.end()
	switch {
	case ended != nil:
		return "", ended
	case refused:
		return "", &handlers.Refusal{Field: refusal.Field, Text: refusal.Text + next}
	default:
		return reply + next, nil
	}
}

// refused finds the question whose answer a rule refused, and forgets the answer.
func (t *turn) refused(err error) (field, bool) {
	refusal, refused := errors.AsType[*handlers.Refusal](err)
	if !refused {
		return field{}, false
	}
	q, asks := t.form.field(refusal.Field)
	if asks {
		q.forget(t.draft().Answers)
	}
	return q, asks
}

// end forgets the open draft and goes back to the one before it.
func (t *turn) end() (next string, err error) {
	t.drafts = t.drafts[1:]
	if len(t.drafts) == 0 {
		return "", t.d.SetTalk(nil)
	}
	t.form = t.b.forms[t.draft().Form]
	return reminder(t.form, *t.draft()), t.keep()
}

// reminder brings an open question back.
func reminder(f form, one handlers.Draft) string {
	one.Tries = 0 // nobody failed to understand anything
	return "\n——\n" + f.words.Title + "还没办完：" + f.question(one)
}

// withOpenQuestion reminds of the conversation that a command interrupted.
func (b *Bot) withOpenQuestion(v *handlers.View, reply string) (string, error) {
	drafts, err := v.Talk()
	if err != nil || len(drafts) == 0 || b.forms[drafts[0].Form].name == "" {
		return reply, err
	}
	f := b.forms[drafts[0].Form]
	long := reply + reminder(f, drafts[0])
	if _, rest := part(long); rest != "" {
		return reply + "\n——\n" + f.words.Title + "还没办完，接着办请回复" + say("继续") + "。", nil
	}
	return long, nil
}

// cancel leads out of the open form, and back to one that was set aside.
func (b *Bot) cancel(d *handlers.Desk, _ string) (string, error) {
	t, err := b.heldTurn(d)
	if err != nil {
		return "", err
	}
	if len(t.drafts) == 0 {
		return "现在没有正在办的事。回复" + say("菜单") + "看能办什么。", t.keep()
	}
	title := t.form.words.Title
	next, err := t.end()
	return "已取消" + title + "，什么也没有记下。" + next, err
}
