package bot

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// What is stored is what was shown: all of it once, and after that what was changed.

// summary is what is looked at before it is stored, brought up to date, line by line. news say
// what that changed.
func (t *turn) summary() (lines []string, news string, err error) {
	f, a := t.form, t.draft().Answers
	if news, err = t.renew(f.listed(a)...); err != nil {
		return nil, "", err
	}
	lines = []string{f.words.Title + "，请核对："}
	for i, q := range f.listed(a) {
		lines = append(lines, fmt.Sprintf("%d. %s", i+1, f.line(q, a)))
	}
	if f.notes != nil {
		notes, err := f.notes(t.d.View, a, f.words)
		if err != nil {
			return nil, news, err
		}
		lines = append(lines, notes...)
	}
	return append(lines, "没错请回复"+say("确认")+"；要改，回复序号或直接说，如“"+f.words.Change+"”。"), news, nil
}

// renew brings what questions are asked with up to date, and says what that changed.
func (t *turn) renew(fields ...field) (string, error) {
	var said []string
	for _, q := range fields {
		if q.renew == nil {
			continue
		}
		news, err := q.renew(t.d.View, t.draft().Answers)
		if err != nil {
			return "", err
		}
		said = append(said, news)
	}
	return strings.Join(said, ""), nil
}

// A summary of more lines than longSummary is shown whole once; after a correction only what
// changed, if that is no more than mostChanged lines.
const longSummary, mostChanged = 8, 4

// review shows everything before it is stored or, of a long summary, what is different from what
// was shown, and remembers that. An answer that a rule refuses by now is asked for instead.
func (t *turn) review(head string) (string, error) {
	lines, news, err := t.summary()
	head += news
	if q, asked := t.refused(err); asked {
		return t.ask(q, head+err.Error()+"\n")
	}
	if err != nil {
		return "", err
	}
	one := t.draft()
	changed := changedLines(one.Seen, lines)
	one.Open, one.Offers, one.Tries, one.Seen = "", nil, 0, seenLines(lines)
	if len(lines) > longSummary && len(changed) > 0 && len(changed) <= mostChanged {
		head += t.form.words.Title + "，这里变了：\n"
		lines = append(changed, "其余不变，看全部回复"+say("进度")+"。没错请回复"+say("确认")+"，还要改接着说。")
	}
	return head + strings.Join(lines, "\n"), t.keep()
}

// confirm stores what was shown. If it would look different by now, all of it is shown again;
// what a rule refuses by now, the review meets once more and asks. Whoever submits holds his
// talk and then himself, in this order always, before the summary is looked at.
func (t *turn) confirm() (string, error) {
	if err := t.d.TakeTurns(); err != nil {
		return "", err
	}
	lines, news, err := t.summary()
	if err == nil && slices.Equal(seenLines(lines), t.draft().Seen) {
		return t.submit()
	}
	if err == nil {
		news = cmp.Or(news, "情况有变化，请再看一遍。\n")
	}
	t.draft().Seen = nil
	return t.review(news)
}

// changedLines are the lines that were not shown before; none if something went without
// its like in its place, as whoever reads only what changed would not see that.
func changedLines(seen, lines []string) (changed []string) {
	now, at, place := seenLines(lines), 0, lineNumber.FindString
	for i, line := range now {
		if at < len(seen) && seen[at] == line {
			at++
			continue
		}
		changed = append(changed, lines[i])
		if at < len(seen) && !slices.Contains(now, seen[at]) {
			if slices.Contains(seen, line) || place(seen[at]) != place(line) {
				return nil
			}
			at++
		}
	}
	if at < len(seen) {
		return nil
	}
	return changed
}

// lineNumber is that of an answer.
var lineNumber = regexp.MustCompile(`^[0-9]+\. `)

// seenLines are what is remembered of lines that were shown: the number of an answer, and
// its digest.
func seenLines(lines []string) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		out[i] = fmt.Sprintf("%s#%.8x", lineNumber.FindString(line), sha256.Sum256([]byte(line)))
	}
	return out
}
