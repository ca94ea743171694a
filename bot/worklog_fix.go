package bot

import (
	"maps"
	"regexp"
	"strconv"
	"strings"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
)

// A log that is stored is put right (改日志) by the form that wrote it, filled in with what
// stands.

// worklogFixForm is the conversation behind 改日志. It has the words and the numbers of 记日志.
func worklogFixForm() form {
	f := worklogForm()
	f.name, f.like, f.edition = "worklogfix", "worklog", 1
	f.fields[0] = field{name: "day", quiet: true, read: keepLogDay, show: showLogDay, about: func(_ answers, form formWords, own fieldWords) fieldWords {
		own.Ask, own.Again = form.says("sameday"), ""
		return own
	}}
	f.notes, f.submit = fixNotes, submitFix
	return f
}

// entryField asks which of several entries of a day is corrected.
func entryField() field {
	return field{
		name: "entry", quiet: true, skip: func(a answers) bool { return a["several"] == "" }, read: readNothingElse,
		choices: entryChoices, show: func(a answers) string { return a["at"] + "记的" },
		// What was said of one entry is not said of another.
		also: []string{"at", "was", "state", "holder", "holdername", "photos"},
	}
}

// keepLogDay takes any answer: a correction keeps its day.
func keepLogDay(h listening, text string) (heard, error) {
	if !h.whole {
		return heard{}, nil
	}
	return heard{fill: answers{"day": h.a["first"]}, rest: text}, nil
}

func entryChoices(h listening) ([]handlers.Offer, error) {
	day, _ := calendar.Parse(h.a["first"]) // written by fixLog
	entries, err := h.v.LogsToCorrect(h.a["person"], day)
	offers := make([]handlers.Offer, len(entries))
	for i, e := range entries {
		what := h.words.says("counted", "visitors", strconv.Itoa(e.Visitors), "matters", strconv.Itoa(len(e.Matters)))
		if e.Nothing {
			what = h.words.says("nothing")
		}
		offers[i] = handlers.Offer{Say: calendar.TimeOfDay(e.At) + " " + what, Fill: entryAnswers(h.v, e)}
	}
	return offers, err
}

// entryAnswers are the answers that an entry stands for.
func entryAnswers(v *handlers.View, e handlers.LogEntry) answers {
	a := answers{"entry": e.ID, "at": calendar.TimeOfDay(e.At), "visitors": strconv.Itoa(e.Visitors), "nothing": ""}
	if e.Nothing {
		a["nothing"] = "1"
	}
	matters := make([]logMatter, len(e.Matters))
	for i, m := range e.Matters {
		matters[i] = logMatter{Words: m.Words, State: matterOpen, Holder: m.Holder, Name: m.HolderName, No: m.No, Version: m.Version}
		if m.Done {
			matters[i].State = matterDone
		}
		if m.Holder == v.Who.ID {
			matters[i].Name = mySelf
		}
	}
	a["matters"] = packMatters(matters)
	a["was"] = fixedTo(a)
	return a
}

// fixedTo is what of a log can become different by a correction.
func fixedTo(a answers) string {
	if a["nothing"] != "" {
		return a["nothing"]
	}
	return a["visitors"] + packMatters(settledMatters(a)) + a["holder"] + a["photos"]
}

func fixNotes(_ *handlers.View, a answers, w formWords) ([]string, error) {
	return []string{w.says("fixing", "at", a["at"])}, nil
}

func submitFix(d *handlers.Desk, a answers, w formWords) (string, error) {
	if a["was"] == fixedTo(a) {
		return w.says("same"), nil
	}
	req := logRequest(a)
	done, err := d.CorrectLog(a["entry"], req)
	if err != nil {
		return "", err
	}
	return logReceipt("fixed", done, w) + "\n" + w.says("kept"), nil
}

// fixLog begins to correct the log that was written last, or that of the day that is named.
// A log that is not stored yet is corrected where it is.
func (b *Bot) fixLog(d *handlers.Desk, rest string) (string, error) {
	said := wrongSaid(rest)
	day, after, err := pastDay(d.View, said)
	if err != nil {
		return "", err
	}
	t, err := b.heldTurn(d)
	if err != nil {
		return "", err
	}
	if open := t.form.name; open == "worklogfix" && (day.IsZero() || t.draft().Answers["first"] == day.String()) || open == "worklog" && t.draft().Answers["person"] == "" {
		if said == "" {
			return t.progress("")
		}
		return t.hear(said)
	}
	if !day.IsZero() {
		said = wrongSaid(after)
	}
	f := b.forms["worklogfix"]
	entries, err := d.LogsToCorrect("", day)
	switch {
	case err != nil:
		return "", err
	case len(entries) == 0 && day.IsZero():
		return "", handlers.Refuse("%s", f.words.says("nolog"))
	case len(entries) == 0:
		return "", handlers.Refuse("%s", f.words.says("nologof", "day", day.Chinese()))
	}
	given := entryAnswers(d.View, entries[0])
	given["day"] = entries[0].Day.String()
	given["first"] = given["day"]
	if len(entries) > 1 {
		given["several"] = "1"
	}
	shown, err := t.begin(f, given, "")
	if err != nil || said == "" {
		return shown, err
	}
	return t.firstFix(shown, said)
}

// firstFix takes what was said together with 改日志. What it does not understand it shows with
// what stands.
func (t *turn) firstFix(shown, said string) (string, error) {
	was := maps.Clone(t.draft().Answers)
	reply, done, err := t.correct(said)
	if err != nil || done && !maps.Equal(was, t.draft().Answers) {
		head, _, _ := strings.Cut(shown, t.form.words.Title+"，请核对")
		return head + reply, err
	}
	return t.review("没有看懂“" + short(said) + "”要改哪一项。\n")
}

// wrongSaid is what somebody says is right, after the words that something is wrong.
func wrongSaid(rest string) string {
	said := strings.TrimLeft(rest, ":,。;、 了")
	for _, w := range []string{"应该是", "应当是", "其实是", "是"} {
		if !strings.Contains(said, "不是") {
			said = strings.TrimPrefix(said, w)
		}
	}
	if fixAsks.MatchString(said) {
		return ""
	}
	return said
}

var (
	// fixWords are how people begin to say that a log is wrong: “刚才记错了，是接待5人”.
	fixBegins = regexp.MustCompile(`记错了?(?:$|[,，。;； ]|是|应该|不是|[0-9一二两三四五六七八九十]|接待|来了|日志)`)
	fixWords  = regexp.MustCompile(`^(?:我|刚才|刚刚|前面|上面|今天|昨天|上午|下午|那篇|工作日志|日志|又|给|的|,|，)*记错了?`)
	// fixAsks are how they ask how to put it right.
	fixAsks = regexp.MustCompile(`^(?:怎么|咋|如何|能|可以|可不可以|行不行|吗|要改|想改|我要改|改一下)`)
)

// fixOrAnswer takes a word that something was written down wrong: in another open form it is
// about that.
func (b *Bot) fixOrAnswer(d *handlers.Desk, rest string) (string, error) {
	t, err := b.heldTurn(d)
	if err != nil {
		return "", err
	}
	if t.form.name != "" && !strings.HasPrefix(t.form.name, "worklog") {
		return t.hear("记错了" + rest)
	}
	return b.fixLog(d, rest)
}

// fixSaid corrects a log of which somebody says that it is wrong.
func (b *Bot) fixSaid(d *handlers.Desk, text string) (string, error) {
	return b.fixLog(d, fixWords.ReplaceAllString(text, ""))
}
