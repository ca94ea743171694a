package bot

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/cunkao/cunkao/handlers"
)

// A talk is all that a person has begun: the form that is open and those that were set
// aside for it. What a message does to the open form is in form_turn.go.

// turn is one message within a talk.
type turn struct {
	b      *Bot
	d      *handlers.Desk
	begun  bool             // there was a talk, be it of forms that are gone
	drafts []handlers.Draft // the open one first
	form   form
}

// draft is the open one.
func (t *turn) draft() *handlers.Draft { return &t.drafts[0] }

// heldTurn holds the person's talk and finds the form that is open; a form of another
// release that is gone is forgotten.
func (b *Bot) heldTurn(d *handlers.Desk) (*turn, error) {
	drafts, err := d.HeldTalk()
	if err != nil {
		return nil, err
	}
	t := &turn{b: b, d: d, begun: len(drafts) > 0}
	t.drafts = slices.DeleteFunc(drafts, func(one handlers.Draft) bool { return b.forms[one.Form].name == "" || d.Left() })
	if len(t.drafts) > 0 {
		d.Private()
		t.form = b.forms[t.draft().Form]
	}
	return t, nil
}

// continueTalk takes a message that was found to belong to a talk.
func (b *Bot) continueTalk(d *handlers.Desk, text string) (string, error) {
	d.Private() // if the talk has ended meanwhile, what was meant for it is quoted
	t, err := b.heldTurn(d)
	if err != nil {
		return "", err
	}
	return t.hear(text)
}

// openTalk takes a text as an answer, if a talk is open. One of which only forms are left
// that are gone is open as well: what was meant for them must not do anything else.
func (b *Bot) openTalk(d *handlers.Desk, text string) (reply string, open bool, err error) {
	t, err := b.heldTurn(d)
	if err != nil || !t.begun {
		return "", false, err
	}
	reply, err = t.hear(text)
	return reply, true, err
}

// mostDrafts is how many forms may be set aside.
const mostDrafts = 5

// begin opens a form, with what is known and what was said in the same sentence.
func (b *Bot) begin(d *handlers.Desk, f form, given answers, said string) (string, error) {
	t, err := b.heldTurn(d)
	if err != nil {
		return "", err
	}
	return t.begin(f, given, said)
}

// begin sets another form aside that was open; the same form goes on, and what is said goes
// over what was.
func (t *turn) begin(f form, given answers, said string) (string, error) {
	t.d.Private()
	one, over, head := f.newDraft(given, said), "", ""
	at := slices.IndexFunc(t.drafts, func(one handlers.Draft) bool { return one.Form == f.name })
	switch {
	case at >= 0:
		if old := t.drafts[at]; old.Edition == f.edition && !differs(f.given(old.Answers), given) {
			old.Seen = nil // it is looked at anew
			one, over, head = old, said, f.words.Title+"上次还没办完，接着办。重新填请回复"+say("重来")+"。\n"
		} else {
			head = "这是另一份" + f.words.Title + "，刚才没办完的那份没有记下。\n"
		}
		t.drafts = slices.Delete(t.drafts, at, at+1)
	case len(t.drafts) > 0:
		head = t.form.words.Title + "先放着，办完这件再接着办。\n"
	}
	t.drafts = slices.Insert(t.drafts, 0, one)
	t.drafts, t.form = t.drafts[:min(len(t.drafts), mostDrafts)], f
	return t.start(head, said, over)
}

func differs(old, given answers) bool {
	for name, value := range given {
		if old[name] != value {
			return true
		}
	}
	return false
}

// keep stores the talk as it is now.
func (t *turn) keep() error {
	if len(t.drafts) > 0 {
		t.draft().At = t.d.Now
	}
	return t.d.SetTalk(t.drafts)
}

// end forgets the open draft and goes back to the one before it.
func (t *turn) end() (next string, err error) {
	t.drafts = t.drafts[1:]
	if len(t.drafts) > 0 {
		t.form = t.b.forms[t.draft().Form]
		next = reminder(t.form, *t.draft())
	}
	return next, t.keep()
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
	return "已取消" + title + "，刚才填的没有记下。" + next, err
}

// reminder brings an open question back.
func reminder(f form, one handlers.Draft) string {
	one.Tries = 0 // nobody failed to understand anything
	return "\n——\n" + f.words.Title + "还没办完：" + f.question(one)
}

// withOpenQuestion reminds of the talk that a command interrupted.
func (b *Bot) withOpenQuestion(v *handlers.View, reply string) (string, error) {
	drafts, err := v.Talk()
	if err != nil || len(drafts) == 0 || b.forms[drafts[0].Form].name == "" || v.Left() {
		return reply, err
	}
	f := b.forms[drafts[0].Form]
	long := reply + reminder(f, drafts[0])
	if _, rest := part(long); rest != "" {
		return reply + "\n——\n" + f.words.Title + "还没办完，接着办请回复" + say("继续") + "。", nil
	}
	return long, nil
}

// FormTitle is what people call a form, which may be of another release.
func (b *Bot) FormTitle(name string) string { return cmp.Or(b.forms[name].words.Title, "刚才的事") }

// QuestionName says which question of a form is open, and how often its answer was not
// understood.
func (b *Bot) QuestionName(name, open string, tries int) string {
	q, ok := b.forms[name].field(open)
	switch {
	case !ok:
		return "等本人核对"
	case tries > 0:
		return fmt.Sprintf("在问“%s”，%d次没有听懂", q.words.Label, tries)
	default:
		return "在问“" + q.words.Label + "”"
	}
}
