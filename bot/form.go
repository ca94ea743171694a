package bot

import (
	"cmp"
	"maps"
	"slices"

	"github.com/cunkao/cunkao/handlers"
)

// A conversation is data: the fields to be asked for and what is done in the end. The
// grammar that every form has for nothing (上一步, 跳过, 重来, 进度, the summary and its
// corrections) is in form_turn.go and form_change.go, several drafts are in talk.go; they
// know no form.

// answers are what a person has said in a conversation, by field.
type answers = map[string]string

// form is one conversation. Its words are in bot/text, under its name.
type form struct {
	name    string
	edition int // raised when the fields change: a draft of another edition is read anew
	fields  []field
	like    string // the form whose words it has; empty is its own
	// word is how a sentence that begins it is told from one that begins something else; empty
	// where its answers may hold any words.
	word  string
	plain bool // what is asked is so little that no summary is shown
	// notes are what the summary warns of; they may change while it is looked at.
	notes  func(v *handlers.View, a answers, w formWords) ([]string, error)
	submit func(d *handlers.Desk, a answers, w formWords) (string, error)
	words  formWords
}

// field is one question. Its name is that of the input in the use case, so that a rule
// that refuses the input makes the question be asked again.
type field struct {
	name     string
	also     []string // other inputs that its answer fills
	former   string   // the input that keeps its answer while it is asked again; empty forgets it
	optional bool     // may be left empty: 跳过
	prose    bool     // whatever is said is its answer
	agrees   bool     // 对 and 好 are answers
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
	// stray reports whether a text that is no answer to it may be one to other questions; nil never.
	stray func(text string) bool
	// sent takes a photo or, unless photo is set, a place for an answer.
	sent  func(h listening, s sent) (heard, error)
	photo bool
	// renew brings what it is asked with up to date, before it is asked for and before the
	// summary, and says so if that changed what was answered.
	renew func(v *handlers.View, a answers) (said string, err error)
	show  func(a answers) string // for the summary; nil shows the answer itself
	words fieldWords
}

// listening is what a text is heard with.
type listening struct {
	v     *handlers.View
	a     answers
	words formWords // of the form
	// whole says that the text answers this very question. Otherwise it is a sentence in
	// which the answer may stand, and nothing is taken that is not certain.
	whole bool
	// said is a sentence that may replace what was answered, as it was said: “张家改成王家”.
	// again says that it begins the form once more, and so means all of it.
	said  string
	again bool
}

// heard is what a field understood.
type heard struct {
	fill      answers
	rest      string           // of a sentence: what was not understood
	complaint string           // what is wrong with the answer
	ask       string           // where two readings fit: which is meant
	offers    []handlers.Offer // the readings
	said      string           // to a photo or a place
	over      string           // rest again, if it may replace what was answered
}

// understood reports whether anything was, be it only which readings there are.
func (g heard) understood() bool { return len(g.fill) > 0 || g.ask != "" }

// unclear reports whether somebody has to say more about it.
func (g heard) unclear() bool { return g.ask != "" || g.complaint != "" }

func filled(name, value string) heard { return heard{fill: answers{name: value}} }

// owns reports whether an input is filled by its answer.
func (q field) owns(name string) bool {
	return name != "" && (q.name == name || q.former == name || slices.Contains(q.also, name))
}

func (q field) answered(a answers) bool {
	_, ok := a[q.name]
	return ok
}

func (q field) forget(a answers) {
	maps.DeleteFunc(a, func(name, _ string) bool { return q.owns(name) })
}

// stood is what a question that is asked again was answered with.
func (q field) stood(a answers) string {
	if q.former == "" || q.answered(a) {
		return ""
	}
	return a[q.former]
}

// reopen takes an answer back, to be asked for again.
func (q field) reopen(a answers) {
	was := cmp.Or(a[q.name], q.stood(a))
	q.forget(a)
	if q.former != "" && was != "" {
		a[q.former] = was
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
	if a[q.name] != "" && q.show != nil {
		return q.show(a)
	}
	return cmp.Or(a[q.name], "（不填）")
}

// line is an answer with its name.
func (f form) line(q field, a answers) string { return f.wording(q, a).Label + "：" + q.shown(a) }

// asked are the fields that stand in the summary.
func (f form) asked(a answers) []field {
	return slices.DeleteFunc(slices.Clone(f.fields), func(q field) bool { return q.skip != nil && q.skip(a) })
}

// listed are the fields that the summary numbers: those that were asked or filled.
func (f form) listed(a answers) []field {
	return slices.DeleteFunc(f.asked(a), func(q field) bool { return q.quiet && a[q.name] == "" })
}

// next is the first question without an answer.
func (f form) next(a answers) (field, bool) {
	return firstField(f.asked(a), func(q field) bool { return !q.answered(a) && !q.quiet })
}

// field finds a field by the name of one of its inputs.
func (f form) field(name string) (field, bool) {
	return firstField(f.fields, func(q field) bool { return q.owns(name) })
}

// firstField is the first field that fits, and false if there is none.
func firstField(fields []field, fits func(q field) bool) (field, bool) {
	if at := slices.IndexFunc(fields, fits); at >= 0 {
		return fields[at], true
	}
	return field{}, false
}

// given are the answers that no question asks: a scanned code, a number.
func (f form) given(a answers) answers {
	a = maps.Clone(a)
	maps.DeleteFunc(a, func(name, _ string) bool { _, asked := f.field(name); return asked })
	return a
}

// newDraft begins a form with what is known.
func (f form) newDraft(known answers, said string) handlers.Draft {
	return handlers.Draft{Form: f.name, Edition: f.edition, Said: said, Answers: maps.Clone(known)}
}

// question words the open question of a draft: differently when it was not understood.
func (f form) question(one handlers.Draft) string {
	q, open := f.field(one.Open)
	if !open {
		return "请核对后回复" + say("确认") + "；回复" + say("进度") + "再看一遍。"
	}
	words := f.wording(q, one.Answers)
	text := words.Ask
	if one.Tries > 0 {
		text = cmp.Or(words.Again, text)
	}
	if one.Tries > 1 {
		text += "\n也可以一句话说完，如：" + f.words.Example + "\n不会填就点〈人工〉。"
	}
	if q.optional && q.about == nil {
		text += "没有就回复〈跳过〉。"
	}
	return linked(text) + offered(one.Offers)
}
