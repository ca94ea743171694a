package bot

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/cunkao/cunkao/handlers"
)

// A conversation is data: the fields to be asked for and what is done in the end. The
// grammar that every form has for nothing (上一步, 跳过, 重来, 进度, the summary and its
// corrections, several drafts) is in form_turn.go and form_change.go, and knows no form.

// answers are what a person has said in a conversation, by field.
type answers = map[string]string

// form is one conversation. Its words are in bot/text, under its name.
type form struct {
	name    string
	edition int // raised when the fields change: a draft of another edition is read anew
	fields  []field
	like    string // the form whose words it has; empty is its own
	plain   bool   // what is asked is so little that no summary is shown
	// notes are what the summary warns of; they may change while it is looked at.
	notes  func(v *handlers.View, a answers) ([]string, error)
	submit func(d *handlers.Desk, a answers, w formWords) (string, error)
	words  formWords
}

// field is one question. Its name is that of the input in the use case, so that a rule
// that refuses the input makes the question be asked again.
type field struct {
	name     string
	also     []string // other inputs that its answer fills
	optional bool     // may be left empty: 跳过
	quiet    bool     // is not asked for, only shown in the summary
	skip     func(a answers) bool
	// choices are what can be tapped; h.a are the answers so far.
	choices func(h listening) ([]handlers.Offer, error)
	// read takes an answer out of a text.
	read func(h listening, text string) (heard, error)
	// change takes an answer that says how another is to become (推迟一天).
	change func(h listening, text string) (heard, error)
	like   string // the field whose words it has; empty is its own
	// about words a question that depends on what is known.
	about func(a answers, form formWords, own fieldWords) fieldWords
	// sent takes a photo or, unless photo is set, a place for an answer.
	sent  func(h listening, s sent) (heard, error)
	photo bool
	show  func(a answers) string // for the summary; nil shows the answer itself
	words fieldWords
}

// listening is what a text is heard with.
type listening struct {
	v *handlers.View
	a answers
	// whole says that the text answers this very question. Otherwise it is a sentence in
	// which the answer may stand, and nothing is taken that is not certain.
	whole bool
	// corrects says that the sentence may replace what was answered.
	corrects bool
}

// heard is what a field understood.
type heard struct {
	fill      answers
	rest      string           // of a sentence: what was not understood
	complaint string           // what is wrong with the answer
	ask       string           // where two readings fit: which is meant
	offers    []handlers.Offer // the readings
	said      string           // of a photo or a place that was taken
}

func filled(name, value string) heard { return heard{fill: answers{name: value}} }

func (q field) answered(a answers) bool {
	_, ok := a[q.name]
	return ok
}

func (q field) owns(name string) bool { return q.name == name || slices.Contains(q.also, name) }

func (q field) forget(a answers) {
	delete(a, q.name)
	for _, name := range q.also {
		delete(a, name)
	}
}

// wording are the words of a question, as far as things are known.
func (f form) wording(q field, a answers) fieldWords {
	if q.about == nil {
		return q.words
	}
	return q.about(a, f.words, q.words)
}

// shown is the answer as people read it.
func (q field) shown(a answers) string {
	if a[q.name] == "" {
		return "（不填）"
	}
	if q.show != nil {
		return q.show(a)
	}
	return a[q.name]
}

// asked are the fields that stand in the summary.
func (f form) asked(a answers) (fields []field) {
	for _, q := range f.fields {
		if q.skip == nil || !q.skip(a) {
			fields = append(fields, q)
		}
	}
	return fields
}

// listed are the fields that the summary numbers: those that were asked or filled.
func (f form) listed(a answers) []field {
	return slices.DeleteFunc(f.asked(a), func(q field) bool { return q.quiet && a[q.name] == "" })
}

// next is the first question without an answer, and false if none is left.
func (f form) next(a answers) (field, bool) {
	for _, q := range f.asked(a) {
		if !q.answered(a) && !q.quiet {
			return q, true
		}
	}
	return field{}, false
}

// field finds a field by the name of one of its inputs.
func (f form) field(name string) (field, bool) {
	at := slices.IndexFunc(f.fields, func(q field) bool { return q.owns(name) })
	if name == "" || at < 0 {
		return field{}, false
	}
	return f.fields[at], true
}

// given are the answers that no question asks: a scanned code, a number.
func (f form) given(a answers) answers {
	out := answers{}
	for name, value := range a {
		if _, asked := f.field(name); !asked {
			out[name] = value
		}
	}
	return out
}

// fill reads a sentence: each field takes what it is certain of, and leaves the rest to
// those after it. What is answered already stays, unless the sentence corrects it.
func (f form) fill(h listening, text string) (open heard, openField string, err error) {
	for _, q := range f.fields {
		if text == "" {
			break
		}
		if q.answered(h.a) && !h.corrects || q.skip != nil && q.skip(h.a) {
			continue
		}
		got, err := q.hear(h, text)
		if err != nil {
			return heard{}, "", err
		}
		maps.Copy(h.a, got.fill)
		if (len(got.fill) > 0 || got.ask != "") && !h.corrects {
			text = got.rest
		}
		if (got.ask != "" || got.complaint != "") && openField == "" {
			open, openField = got, q.name
		}
	}
	return open, openField, nil
}

// newDraft begins a form with what is known.
func (f form) newDraft(known answers, said string) handlers.Draft {
	return handlers.Draft{Form: f.name, Edition: f.edition, Said: said, Answers: maps.Clone(known)}
}

// FormTitle is what people call a form.
func (b *Bot) FormTitle(name string) string { return b.title(name) }

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

// title of a form that may be of another release.
func (b *Bot) title(name string) string { return cmp.Or(b.forms[name].words.Title, "刚才的事") }
