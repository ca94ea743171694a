package bot

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// step takes the words that every form knows.
func (t *turn) step(text string) (reply string, done bool, err error) {
	one := t.draft()
	switch text {
	case "上一步", "返回", "退回", "上一项", "上一题":
		reply, err = t.back()
	case "重来", "重新填", "重填", "全部重来", "从头来":
		*one = t.form.newDraft(t.form.given(one.Answers), "")
		reply, err = t.advance("好，从头来。\n")
	case "跳过", "没有", "无", "不用", "不填":
		return t.pass(text)
	case "进度", "继续":
		reply, err = t.progress("")
	case "记错了", "写错了", "填错了", "说错了", "弄错了", "错了", "不对", "改", "改一下", "修改", "要改":
		reply, err = t.progress("要改哪一项？直接说，如“" + t.form.words.Change + "”。\n")
	default:
		return "", false, nil
	}
	return reply, true, err
}

// back asks the question before the open one again.
func (t *turn) back() (string, error) {
	one := t.draft()
	q, _ := t.form.field(one.Open)
	before := t.form.asked(one.Answers)
	if at := slices.IndexFunc(before, func(b field) bool { return b.name == q.name }); at >= 0 {
		before = before[:at]
	}
	before = slices.DeleteFunc(before, func(b field) bool { return b.quiet && !b.answered(one.Answers) })
	if len(before) == 0 {
		return t.ask(q, "这是第一个问题。\n")
	}
	return t.replace(before[len(before)-1], "")
}

// pass leaves an optional question empty; 跳过 leaves one that is asked again as it stood.
func (t *turn) pass(word string) (reply string, done bool, err error) {
	one, stood := t.draft(), ""
	q, open := t.form.field(one.Open)
	if word == "跳过" {
		stood = q.stood(one.Answers)
	}
	switch {
	case word != "跳过" && !q.optional: // it may be an answer
		return "", false, nil
	case !open:
		reply, err = t.review("")
	case !q.optional && stood == "":
		reply, err = t.ask(q, "这一项不能跳过。\n")
	default:
		one.Answers[q.name] = stood
		reply, err = t.advance("")
	}
	return reply, true, err
}

// progress shows what is answered and what is open, under a line that says why.
func (t *turn) progress(head string) (string, error) {
	one := t.draft()
	if one.Open == "" {
		one.Seen = nil
		return t.review(head)
	}
	lines := []string{t.form.words.Title + "，已填："}
	for i, q := range t.form.listed(one.Answers) {
		if q.answered(one.Answers) && q.name != one.Open {
			lines = append(lines, fmt.Sprintf("%d. %s", i+1, t.form.line(q, one.Answers)))
		}
	}
	if len(lines) == 1 {
		lines[0] = t.form.words.Title + "，还没有填。"
	}
	for _, parked := range t.drafts[1:] {
		lines = append(lines, "放着的："+t.b.FormTitle(parked.Form))
	}
	return head + strings.Join(append(lines, t.form.question(*one)), "\n"), nil
}

// unread answers what is neither agreement to a summary nor a correction of it.
func (t *turn) unread(text string) (string, error) {
	one, reply := t.draft(), "没有看懂“"+short(text)+"”要改哪一项。"
	if one.Tries++; one.Tries > 1 {
		reply = "还是没有看懂“" + short(text) + "”。回复要改的序号，如“2”；不改请回复" + say("确认") + "；不办了回复" + say("取消") + "。"
	}
	return reply, t.keep()
}

// correct takes a correction by number (“2”, “2 改成9号”), by name (“改日期”, “日期改成9号”)
// or by value (“改成9号到10号”, “不是事假是病假”, “推迟一天”).
func (t *turn) correct(text string) (reply string, done bool, err error) {
	if q, value, ok := t.named(text); ok {
		reply, err = t.replace(q, value)
		return reply, true, err
	}
	return t.change(text)
}

// change lets a sentence replace what was answered. One that is said to an open question and
// does not say that it corrects must be clear, and add nothing: “接待5人”, asked whether all
// was done.
func (t *turn) change(text string) (reply string, done bool, err error) {
	h, was := t.listening(), maps.Clone(t.draft().Answers)
	h.whole, h.said = false, text
	q, open, err := t.fill(h, newValue(text))
	switch {
	case err != nil:
		return "", false, err
	case t.draft().Open != "" && !corrects(text) && (open.unclear() || len(h.a) > len(was)):
		t.draft().Answers = was
		return "", false, nil
	case open.ask != "":
		reply, err = t.settle("", q, open)
	case open.complaint != "": // what was answered stays
		reply, err = t.advance(open.complaint + "\n")
	case maps.Equal(was, h.a):
		return "", false, nil
	default:
		reply, err = t.advance(t.sinceThen(was))
	}
	return reply, true, err
}

// sinceThen says what a correction has changed, where the next question would hide it; the
// summary shows it by itself.
func (t *turn) sinceThen(was answers) string {
	lines := t.different(was)
	if _, open := t.form.next(t.draft().Answers); !open || len(lines) == 0 {
		return ""
	}
	return "改了，" + strings.Join(lines, "；") + "。\n"
}

// different are the answers that are others than they were.
func (t *turn) different(was answers) (lines []string) {
	a := t.draft().Answers
	for _, q := range t.form.listed(a) {
		if line := t.form.line(q, a); a[q.name] != was[q.name] || line != t.form.line(q, was) { // of days only the last may move
			lines = append(lines, line)
		}
	}
	return lines
}

// named finds the answer that a correction names, by its number in the summary or by its
// name, and what it is to become.
func (t *turn) named(text string) (q field, value string, ok bool) {
	a := t.draft().Answers
	listed := t.form.listed(a)
	for _, n := range namings(text) {
		if at := placed(n.what); at > 0 && at <= len(listed) {
			return listed[at-1], n.value, true
		}
		q, ok := firstField(t.form.asked(a), func(q field) bool {
			w := t.form.wording(q, a)
			return w.Label == n.what || slices.Contains(w.Also, n.what)
		})
		if ok {
			return q, n.value, true
		}
	}
	return field{}, "", false
}

// replace reads another answer to one question; without one it is asked again.
func (t *turn) replace(q field, value string) (string, error) {
	if value == "" {
		q.reopen(t.draft().Answers)
		return t.ask(q, "")
	}
	got, err := q.hear(t.listening(), value)
	if err != nil {
		return "", err
	}
	if !got.understood() {
		q.reopen(t.draft().Answers)
	}
	got.rest = "" // it names one answer, and is none to another
	if got.unclear() {
		return t.settle("", q, got)
	}
	was := maps.Clone(t.draft().Answers)
	maps.Copy(t.draft().Answers, got.fill)
	return t.settle(t.sinceThen(was), q, got)
}

// hear reads a correction: as a change of the answer, or as another answer.
func (q field) hear(h listening, text string) (heard, error) {
	if q.change != nil && q.answered(h.a) {
		got, err := q.change(h, text)
		if err != nil || got.understood() {
			return got, err
		}
	}
	return q.read(h, text)
}
