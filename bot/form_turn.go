package bot

import (
	"maps"
	"strings"
)

// listening is for an answer to a very question.
func (t *turn) listening() listening {
	return listening{v: t.d.View, a: t.draft().Answers, words: t.form.words, whole: true}
}

// hear takes a message that belongs to the talk, and names what it asks for beside it.
func (t *turn) hear(text string) (string, error) {
	other := ""
	if t.form.word != "" {
		text, other = t.b.twoThings(text, t.form.word)
	}
	reply, err := t.take(text)
	return named(reply, err, other)
}

func (t *turn) take(text string) (string, error) {
	if len(t.drafts) == 0 {
		if err := t.keep(); err != nil {
			return "", err
		}
		return t.b.lost(t.d.View, text)
	}
	one := t.draft()
	if one.Edition != t.form.edition { // the sentence is read anew by the new form
		*one = t.form.newDraft(t.form.given(one.Answers), one.Said)
		return t.start(t.form.words.Title+"的填法改了，请接着填。\n", one.Said, "")
	}
	if reply, done, err := t.step(text); done || err != nil {
		return reply, err
	}
	if fill, ok := chosen(one.Offers, text); ok {
		return t.settle("", field{}, heard{fill: fill})
	}
	if reply, done, err := t.aside(text); done || err != nil {
		return reply, err
	}
	q, open := t.form.field(one.Open)
	if !open && agreed(text) {
		return t.confirm()
	}
	if _, _, placed := atPlace(text); !open || corrects(text) || q.prose && placed {
		if reply, done, err := t.correct(text); done || err != nil {
			return reply, err
		}
	}
	return t.answer(q, text)
}

// start reads a sentence and asks for what it did not say. over is the sentence if it may
// replace what was answered.
func (t *turn) start(head, text, over string) (string, error) {
	h := t.listening()
	h.whole, h.said, h.again = false, over, over != ""
	q, open, err := t.fill(h, text)
	if err != nil {
		return "", err
	}
	return t.settle(head, q, open)
}

// fill reads a sentence: each field takes what it is certain of, and leaves the rest to
// those after it. What is answered already stays, unless the sentence may replace it. What is
// left open is the first thing that was not clear, and whose it is.
func (t *turn) fill(h listening, text string) (whose field, open heard, err error) {
	for _, q := range t.form.fields {
		if text == "" || q.answered(h.a) && h.said == "" || q.skip != nil && q.skip(h.a) {
			continue
		}
		got, err := q.hear(h, text)
		if err != nil {
			return field{}, heard{}, err
		}
		maps.Copy(h.a, got.fill)
		if got.understood() && h.said == "" {
			text = got.rest
		}
		if got.unclear() && whose.name == "" {
			whose, open = q, got
		}
	}
	return whose, open, nil
}

// answer reads an answer to the open question. What is none of the choices may correct
// another, without a word that anything was wrong.
func (t *turn) answer(q field, text string) (string, error) {
	if q.name == "" {
		return t.unread(text)
	}
	got, err := q.read(t.listening(), text)
	if err != nil {
		return "", err
	}
	if !got.understood() && q.choices != nil && len([]rune(text)) > 2 && !strings.ContainsAny(text, stops) {
		if reply, done, err := t.change(text); done || err != nil {
			return reply, err
		}
	}
	if !got.understood() && got.rest == "" && q.stray != nil && q.stray(text) {
		if reply, done, err := t.keptElsewhere(text); done || err != nil {
			return reply, err
		}
	}
	if !got.understood() {
		t.draft().Tries++
	}
	return t.settle("", q, got)
}

// keptElsewhere keeps what is no answer to the open question for those that it answers, and says
// so.
func (t *turn) keptElsewhere(text string) (reply string, done bool, err error) {
	h, was := t.listening(), maps.Clone(t.draft().Answers)
	h.whole = false
	q, open, err := t.fill(h, text)
	if err != nil || maps.Equal(was, h.a) && open.ask == "" {
		return "", false, err
	}
	t.draft().Tries = 0
	head := ""
	if lines := t.different(was); len(lines) > 0 {
		head = "记下了，" + strings.Join(lines, "；") + "。\n"
	}
	reply, err = t.settle(head, q, open)
	return reply, true, err
}

// settle stores what a field understood and goes on: with which reading is meant, with what
// is wrong, with what else was said.
func (t *turn) settle(head string, q field, got heard) (string, error) {
	one := t.draft()
	maps.Copy(one.Answers, got.fill)
	switch {
	case got.ask != "":
		one.Open, one.Offers, one.Tries = q.name, got.offers, 0
		return head + got.ask + offered(got.offers), t.keep()
	case got.complaint != "":
		return t.ask(q, head+got.complaint+"\n")
	case got.rest != "":
		return t.start(head, got.rest, got.over)
	default:
		return t.advance(head)
	}
}

// advance asks the next question or shows the summary; a form without one acts.
func (t *turn) advance(head string) (string, error) {
	q, open := t.form.next(t.draft().Answers)
	if !open && t.form.plain {
		return t.submit()
	}
	return t.ask(q, head)
}

// ask asks one question, under a line that says why; without a question it shows the summary.
func (t *turn) ask(q field, head string) (string, error) {
	if q.name == "" {
		return t.review(head)
	}
	one := t.draft()
	if one.Open != q.name {
		one.Tries = 0
	}
	one.Open, one.Offers = q.name, nil
	news, err := t.renew(q)
	if err == nil && q.choices != nil {
		one.Offers, err = q.choices(t.listening())
	}
	if err != nil {
		return "", err
	}
	return head + news + t.form.question(*one), t.keep()
}

// submit does what the form is for. A rule that refuses an answer has it asked again;
// what else was said stays. The talk is stored whatever the use case says.
func (t *turn) submit() (next string, err error) {
	reply, said := t.form.submit(t.d, t.draft().Answers, t.form.words)
	if _, refused := refusal(said); said != nil && !refused {
		return "", said
	}
	if q, asks := t.refused(said); asks {
		next, err = t.ask(q, "\n")
	} else {
		next, err = t.end()
	}
	if err != nil {
		return "", err
	}
	return continued(reply, said, next)
}

// refused finds the question whose answer a rule refused, and forgets the answer.
func (t *turn) refused(err error) (q field, asks bool) {
	if r, refused := refusal(err); refused {
		if q, asks = t.form.field(r.Field); asks {
			q.forget(t.draft().Answers)
		}
	}
	return q, asks
}
