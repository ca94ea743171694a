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
		q, _ := t.form.field(one.Open)
		if !q.optional && text != "跳过" {
			return "", false, nil
		}
		if stood := q.stood(one.Answers); text == "跳过" && stood != "" {
			reply, err = t.settle("", q, filled(q.name, stood))
			break
		}
		reply, err = t.pass(q)
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
	one, last := t.draft(), field{}
	for _, q := range t.form.asked(one.Answers) {
		if q.name == one.Open {
			break
		}
		if !q.quiet || q.answered(one.Answers) {
			last = q
		}
	}
	if last.name == "" {
		q, _ := t.form.field(one.Open)
		return t.ask(q, "这是第一个问题。\n")
	}
	return t.again(last)
}

// again asks for an answer that was given.
func (t *turn) again(q field) (string, error) {
	q.reopen(t.draft().Answers)
	return t.ask(q, "")
}

// pass leaves an optional question empty.
func (t *turn) pass(q field) (string, error) {
	switch {
	case q.name == "":
		return t.review("")
	case !q.optional:
		return t.ask(q, "这一项不能跳过。\n")
	}
	t.draft().Answers[q.name] = ""
	return t.advance("")
}

// progress shows what is answered and what is open, under a line that says why.
func (t *turn) progress(head string) (string, error) {
	one := t.draft()
	if one.Open == "" {
		return t.review(head)
	}
	lines := []string{t.form.words.Title + "，已填："}
	for i, q := range t.form.listed(one.Answers) {
		if q.answered(one.Answers) && q.name != one.Open {
			lines = append(lines, fmt.Sprintf("%d. %s：%s", i+1, t.form.wording(q, one.Answers).Label, q.shown(one.Answers)))
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

// atSummary takes what is said to a summary: agreement, or a correction.
func (t *turn) atSummary(text string) (string, error) {
	if agreed(text) {
		return t.confirm()
	}
	if reply, done, err := t.correct(text); done || err != nil {
		return reply, err
	}
	one := t.draft()
	one.Tries++
	if one.Tries > 1 {
		return "还是没有看懂“" + short(text) + "”。回复要改的序号，如“2”；不改请回复" + say("确认") + "；不办了回复" + say("取消") + "。", t.keep()
	}
	return "没有看懂“" + short(text) + "”要改哪一项。", t.keep()
}

// correct takes a correction by number (“2”, “2 改成9号”), by name (“改日期”, “日期改成9号”)
// or by value (“改成9号到10号”, “不是事假是病假”, “推迟一天”).
func (t *turn) correct(text string) (reply string, done bool, err error) {
	for _, n := range namings(text) {
		if q, ok := t.called(n.what); ok {
			reply, err := t.replace(q, n.value)
			return reply, true, err
		}
	}
	was := maps.Clone(t.draft().Answers)
	t.said = text
	q, open, err := t.fill(newValue(text), true, corrects(text))
	switch {
	case err != nil:
		return "", false, err
	case open.ask != "":
		reply, err = t.settle("", q, open)
	case open.complaint != "": // what was answered stays
		reply, err = t.advance(open.complaint + "\n")
	case maps.Equal(was, t.draft().Answers):
		return "", false, nil
	default:
		reply, err = t.advance(t.sinceThen(was))
	}
	return reply, true, err
}

// sinceThen says what a correction has changed, where the next question would hide it; the
// summary shows it by itself.
func (t *turn) sinceThen(was answers) string {
	a := t.draft().Answers
	if _, open := t.form.next(a); !open {
		return ""
	}
	var lines []string
	for _, q := range t.form.listed(a) {
		if a[q.name] != was[q.name] {
			lines = append(lines, t.form.wording(q, a).Label+"："+q.shown(a))
		}
	}
	if len(lines) == 0 {
		return ""
	}
	return "改了，" + strings.Join(lines, "；") + "。\n"
}

// called finds the field that somebody names: by its number in the summary or by its name.
func (t *turn) called(what string) (field, bool) {
	a := t.draft().Answers
	fields := t.form.listed(a)
	if at := placed(what); at > 0 && at <= len(fields) {
		return fields[at-1], true
	}
	for _, q := range t.form.asked(a) {
		if w := t.form.wording(q, a); w.Label == what || slices.Contains(w.Also, what) {
			return q, true
		}
	}
	return field{}, false
}

// replace reads another answer to one question; without one it is asked again.
func (t *turn) replace(q field, value string) (string, error) {
	if value == "" {
		return t.again(q)
	}
	got, err := q.hear(t.listening(), value)
	if err != nil {
		return "", err
	}
	if !got.understood() {
		q.reopen(t.draft().Answers)
	}
	got.rest = "" // it names one answer, and is none to another
	return t.settle("", q, got)
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
