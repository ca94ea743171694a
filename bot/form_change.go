package bot

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/cunkao/cunkao/handlers"
)

// continueTalk takes a message that belongs to the open draft.
func (b *Bot) continueTalk(d *handlers.Desk, text string) (string, error) {
	t, err := b.heldTurn(d)
	if err != nil {
		return "", err
	}
	if len(t.drafts) == 0 {
		if err := t.keep(); err != nil {
			return "", err
		}
		return b.lost(d.View, text)
	}
	if one := t.draft(); one.Edition != t.form.edition { // the sentence is read anew by the new form
		*one = t.form.newDraft(t.form.given(one.Answers), one.Said)
		return t.headed(t.form.words.Title+"的填法改了，请接着填。\n", func() (string, error) { return t.start(t.overhearing(), one.Said) })
	}
	if reply, done, err := t.step(text); done || err != nil {
		return reply, err
	}
	if got, ok := chosen(t.draft().Offers, text); ok {
		return t.take(got)
	}
	if t.draft().Open == "" {
		return t.atSummary(text)
	}
	return t.answer(text)
}

// step takes the words that every form knows.
func (t *turn) step(text string) (reply string, done bool, err error) {
	one := t.draft()
	switch text {
	case "上一步", "返回", "退回":
		reply, err = t.back()
	case "重来", "重新填", "重填":
		*one = t.form.newDraft(t.form.given(one.Answers), "")
		reply, err = t.advance("好，从头来。\n")
	case "跳过", "没有", "无", "不用", "不填":
		q, _ := t.form.field(one.Open)
		if !q.optional && text != "跳过" {
			return "", false, nil
		}
		reply, err = t.pass(q)
	case "进度", "继续":
		reply, err = t.progress()
	default:
		return "", false, nil
	}
	return reply, true, err
}

// back asks the question before the open one again.
func (t *turn) back() (string, error) {
	one := t.draft()
	last := ""
	for _, q := range t.form.asked(one.Answers) {
		if q.name == one.Open {
			break
		}
		if !q.quiet || q.answered(one.Answers) {
			last = q.name
		}
	}
	if last == "" {
		return t.ask(one.Open, "这是第一个问题。\n")
	}
	q, _ := t.form.field(last)
	q.forget(one.Answers)
	return t.ask(last, "")
}

// pass leaves an optional question empty.
func (t *turn) pass(q field) (string, error) {
	if q.name == "" {
		return t.review("")
	}
	if !q.optional {
		return t.ask(q.name, "这一项不能跳过。\n")
	}
	t.draft().Answers[q.name] = ""
	return t.advance("")
}

// progress shows what is answered and what is open.
func (t *turn) progress() (string, error) {
	one := t.draft()
	if one.Open == "" {
		return t.review("")
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
		lines = append(lines, "放着的："+t.b.title(parked.Form))
	}
	return strings.Join(append(lines, t.form.question(*one)), "\n"), nil
}

// chosen finds the choice that a text names: by its number, its words, or a part of them
// that only one has.
func chosen(offers []handlers.Offer, text string) (heard, bool) {
	number := strings.Trim(strings.TrimPrefix(text, "第"), "个项种号.、 ")
	if at := ordinal(number); at > 0 && at <= len(offers) {
		return heard{fill: offers[at-1].Fill}, true
	}
	var fit []handlers.Offer
	for _, o := range offers {
		if o.Say == text {
			return heard{fill: o.Fill}, true
		}
		if len([]rune(text)) > 1 && strings.Contains(o.Say, text) {
			fit = append(fit, o)
		}
	}
	if len(fit) == 1 {
		return heard{fill: fit[0].Fill}, true
	}
	return heard{}, false
}

// ordinal reads 3, 三; 0 is none.
func ordinal(s string) int {
	if n, err := strconv.Atoi(s); err == nil && n < 100 {
		return n
	}
	return slices.Index([]string{"", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"}, s) * min(1, len(s))
}

// placed reads 第2项, 2; 0 is none.
func placed(s string) int { return ordinal(strings.TrimSuffix(strings.TrimPrefix(s, "第"), "项")) }

// take stores what was understood and goes on.
func (t *turn) take(got heard) (string, error) {
	maps.Copy(t.draft().Answers, got.fill)
	if got.rest != "" {
		return t.start(t.overhearing(), got.rest)
	}
	return t.advance("")
}

// answer reads an answer to the open question. What is no answer may correct another.
func (t *turn) answer(text string) (string, error) {
	one := t.draft()
	q, _ := t.form.field(one.Open)
	if corrects(text) {
		if reply, done, err := t.correct(text); done || err != nil {
			return reply, err
		}
	}
	got, err := q.read(t.listening(), text)
	switch {
	case err != nil:
		return "", err
	case got.ask != "":
		return t.offer(q.name, got)
	case len(got.fill) > 0:
		return t.take(got)
	}
	one.Tries++
	return t.ask(q.name, got.complaint+"\n")
}

// yes are the words that agree to a summary.
func yes() []string {
	return []string{"确认", "同意", "对", "对的", "是", "是的", "好", "好的", "可以", "行", "没错", "提交", "没问题", "嗯", "ok", "OK"}
}

// atSummary takes what is said to a summary: agreement, or a correction.
func (t *turn) atSummary(text string) (string, error) {
	if slices.Contains(yes(), text) {
		return t.confirm()
	}
	return t.alter(text)
}

// alter corrects what the text names, or says that it was not understood.
func (t *turn) alter(text string) (string, error) {
	reply, done, err := t.correct(text)
	if done || err != nil {
		return reply, err
	}
	one := t.draft()
	one.Tries++
	head := "没有看懂“" + short(text) + "”要改哪一项。"
	if one.Tries > 1 {
		head = "还是没有看懂“" + short(text) + "”。回复要改的序号，如“2”；不改请回复" + say("确认") + "；不办了回复" + say("取消") + "。"
	}
	return head, t.keep()
}

// corrects reports whether a text sounds like a correction.
func corrects(text string) bool {
	for _, w := range []string{"改", "不是", "换成", "不对", "说错", "应该是"} {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// correct takes a correction by number (“2”, “2 改成9号”), by name (“改日期”, “日期改成9号”)
// or by value (“改成9号到10号”, “不是事假是病假”, “推迟一天”).
func (t *turn) correct(text string) (reply string, done bool, err error) {
	q, value, named := t.target(text)
	if named && value == "" {
		q.forget(t.draft().Answers)
		reply, err := t.ask(q.name, "")
		return reply, true, err
	}
	if named {
		reply, err := t.replace(q, value)
		return reply, true, err
	}
	was := maps.Clone(t.draft().Answers)
	open, name, err := t.form.fill(t.correcting(), value)
	switch {
	case err != nil:
		return "", false, err
	case open.ask != "":
		reply, err := t.offer(name, open)
		return reply, true, err
	case maps.Equal(was, t.draft().Answers) && open.complaint == "":
		return "", false, nil
	default:
		reply, err := t.advance("")
		return reply, true, err
	}
}

// replace reads another answer to one question.
func (t *turn) replace(q field, value string) (string, error) {
	got, err := q.hear(t.listening(), value)
	switch {
	case err != nil:
		return "", err
	case got.ask != "":
		return t.offer(q.name, got)
	case len(got.fill) > 0:
		return t.take(heard{fill: got.fill})
	default:
		q.forget(t.draft().Answers)
		return t.ask(q.name, got.complaint+"\n")
	}
}

// hear reads a correction: as a change of the answer, or as another answer.
func (q field) hear(h listening, text string) (heard, error) {
	if q.change != nil && q.answered(h.a) {
		got, err := q.change(h, text)
		if err != nil || len(got.fill) > 0 || got.ask != "" {
			return got, err
		}
	}
	return q.read(h, text)
}

// target finds the field that a correction names, by its number or by its name, and the
// new value that it gives.
func (t *turn) target(text string) (q field, value string, named bool) {
	fields, all := t.form.listed(t.draft().Answers), t.form.asked(t.draft().Answers)
	value = newValue(text)
	bare := strings.TrimSpace(strings.NewReplacer("修改", "", "改一下", "", "改", "", "错了", "", "不对", "").Replace(text))
	if at := placed(bare); at > 0 && at <= len(fields) {
		return fields[at-1], "", true
	}
	for _, q := range all {
		if slices.Contains(t.names(q), bare) {
			return q, "", true
		}
	}
	head, rest, cut := cutChange(text)
	head = strings.TrimSpace(strings.TrimPrefix(head, "把"))
	if !cut {
		return q, value, false
	}
	if at := placed(head); at > 0 && at <= len(fields) {
		return fields[at-1], rest, true
	}
	for _, q := range all {
		if slices.Contains(t.names(q), head) {
			return q, rest, true
		}
	}
	return q, value, false
}

func (t *turn) names(q field) []string {
	w := t.form.wording(q, t.draft().Answers)
	return append([]string{w.Label}, w.Also...)
}

// cutChange cuts “日期改成9号” and “2 9号” in two.
func cutChange(text string) (head, value string, ok bool) {
	for _, w := range []string{"改成", "改为", "换成", "应该是", "改到", "是", "：", ":", "改"} {
		if head, value, ok := strings.Cut(text, w); ok && head != "" && value != "" && !strings.HasSuffix(head, "不") {
			return head, strings.TrimSpace(value), true
		}
	}
	head, value, ok = strings.Cut(text, " ")
	return head, strings.TrimSpace(value), ok && ordinal(head) > 0
}

// newValue is what a correction says is right: of “不是事假是病假” the end.
func newValue(text string) string {
	for _, w := range []string{"不对", "说错了", "错了", "写错了"} {
		text = strings.Trim(strings.ReplaceAll(text, w, ""), " ,，")
	}
	if _, after, ok := strings.Cut(text, "不是"); ok {
		for _, w := range []string{"而是", "应该是", "是"} {
			if _, right, ok := strings.Cut(after, w); ok {
				return strings.TrimSpace(right)
			}
		}
		return strings.TrimSpace(after)
	}
	for _, w := range []string{"改成", "改为", "换成", "应该是", "改到"} {
		if _, after, ok := strings.Cut(text, w); ok && after != "" {
			return strings.TrimSpace(after)
		}
	}
	return text
}
