package bot

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// What is stored is what was shown: all of it once, and after that what was changed.

// review shows everything before it is stored, and remembers what was shown.
func (t *turn) review(head string) (string, error) {
	lines, said, err := t.look(head)
	return said + strings.Join(lines, "\n"), err
}

// A summary of more lines than longSummary is shown whole once; after a correction only what
// changed, if that is no more than mostChanged lines.
const (
	longSummary = 8
	mostChanged = 4
)

// reviewChange shows what a correction changed in a long summary, if that is all that is
// different from what was shown.
func (t *turn) reviewChange(head string) (string, error) {
	seen := t.draft().Seen
	lines, said, err := t.look(head)
	if err != nil || len(lines) == 0 {
		return said, err
	}
	changed := changedLines(seen, lines)
	if len(lines) <= longSummary || len(changed) == 0 || len(changed) > mostChanged {
		return said + strings.Join(lines, "\n"), nil
	}
	return said + t.form.words.Title + "，这里变了：\n" + strings.Join(changed, "\n") +
		"\n其余不变，看全部回复" + say("进度") + "。没错请回复" + say("确认") + "，还要改接着说。", nil
}

// changedLines are the lines that were not shown before; none if something went without
// its like in its place, as whoever reads only what changed would not see that.
func changedLines(seen, lines []string) []string {
	now, at := seenLines(lines), 0
	var changed []string
	for i, line := range now {
		if at < len(seen) && seen[at] == line {
			at++
			continue
		}
		changed = append(changed, lines[i])
		switch {
		case at == len(seen) || slices.Contains(now, seen[at]): // it came before that
		case slices.Contains(seen, line), placeOf(seen[at]) != placeOf(line):
			return nil
		default:
			at++
		}
	}
	if len(seen) == 0 || at < len(seen) {
		return nil
	}
	return changed
}

// seenLines are what is remembered of lines that were shown: the number of an answer, and
// its digest.
func seenLines(lines []string) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		number, _, _ := strings.Cut(line, ". ")
		if _, err := strconv.Atoi(number); err != nil {
			number = ""
		}
		out[i] = number + "#" + digestOf(line)
	}
	return out
}

func placeOf(seen string) string {
	number, _, _ := strings.Cut(seen, "#")
	return number
}

// look prepares the summary and remembers it as shown. Where a rule refuses an answer by now,
// there are no lines, and what is said asks for it.
func (t *turn) look(head string) (lines []string, said string, err error) {
	news, err := t.renew()
	if err != nil {
		return nil, "", err
	}
	head += news
	one := t.draft()
	lines, digest, err := t.form.summary(t.d.View, one.Answers)
	if q, asked := t.refused(err); asked {
		said, err = t.ask(q, head+err.Error()+"\n")
		return nil, said, err
	}
	if err != nil {
		return nil, "", err
	}
	one.Open, one.Offers, one.Shown, one.Tries = "", nil, digest, 0
	one.Seen = seenLines(lines)
	return lines, head, t.keep()
}

// renew brings what the summary shows up to date.
func (t *turn) renew() (string, error) {
	var said []string
	for _, q := range t.form.listed(t.draft().Answers) {
		if q.renew == nil {
			continue
		}
		one, err := q.renew(t.d.View, t.draft().Answers)
		if err != nil {
			return "", err
		}
		said = append(said, one)
	}
	return strings.Join(said, ""), nil
}

// confirm stores what was shown. If it would look different by now, it is shown again.
func (t *turn) confirm() (string, error) {
	news, err := t.renew()
	if err != nil {
		return "", err
	}
	_, digest, err := t.form.summary(t.d.View, t.draft().Answers)
	switch {
	case err != nil: // the review meets it again, and asks what a rule refuses by now
		return t.review("")
	case digest != t.draft().Shown:
		return t.review(cmp.Or(news, "情况有变化，请再看一遍。\n"))
	default:
		return t.submit()
	}
}
