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
	f.fields[0] = field{name: "day", quiet: true, agrees: true, read: keepLogDay, change: changeLogDay, show: showLogDay, about: func(a answers, form formWords, own fieldWords) fieldWords {
		own.Ask, own.Again = form.says("whichday", "day", showLogDay(answers{"day": a["first"]})), ""
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

// keepLogDay takes another day, or that the day stays. A day in a sentence is no certain answer.
func keepLogDay(h listening, text string) (heard, error) {
	switch {
	case !h.whole:
		return heard{}, nil
	case agreed(text) || text == "不改" || text == "不改了":
		return filled("day", h.a["first"]), nil
	default:
		return readLogDay(h, text)
	}
}

// changeLogDay takes which day a log is of and not of: “是25号的，不是26号的”, “应该是25号的”.
func changeLogDay(h listening, _ string) (heard, error) {
	if h.whole {
		return heard{}, nil
	}
	from, to, err := daysSwapped(h.v, h.said)
	if err != nil || to.IsZero() {
		return heard{}, err
	}
	if !from.IsZero() && from.String() != h.a["day"] {
		return heard{}, nil
	}
	return filled("day", to.String()), nil
}

// daysSwapped are the day that a log is not of and the one that it is of; with no more than the
// second where only that is said.
func daysSwapped(v *handlers.View, said string) (from, to calendar.Date, err error) {
	right := ofDay.FindStringSubmatch(said)
	s, swaps := swapsIn(said)
	if swaps {
		if from, err = onlyDay(v, s.wrong); err != nil || from.IsZero() {
			return from, to, err
		}
		right = []string{said, s.right}
	}
	if right == nil {
		return from, to, nil
	}
	to, err = onlyDay(v, right[1])
	return from, to, err
}

// ofDay is how somebody says of which day a log is.
var ofDay = regexp.MustCompile(`^(?:日期|日子)?[ ,，:：]*(?:应该是|应当是|其实是|是)(.+?的?)$`)

// onlyDay is the day that words name if they say no more.
func onlyDay(v *handlers.View, text string) (calendar.Date, error) {
	day, rest, err := pastDay(v, strings.Trim(strings.TrimPrefix(text, "是"), " ,，"))
	if rest = strings.TrimSuffix(strings.TrimSuffix(rest, "日志"), "事"); rest != "" {
		day = calendar.Date{}
	}
	return day, err
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
	if e.PersonID != v.Who.ID { // it was on paper
		a["person"], a["name"] = e.PersonID, e.Name
	}
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

func fixNotes(v *handlers.View, a answers, w formWords) ([]string, error) {
	notes, err := logNotes(v, a, w)
	if from, to := showLogDay(answers{"day": a["first"]}), showLogDay(a); from != to {
		notes = append(notes, w.says("moving", "from", from, "to", to))
	}
	return append(notes, w.says("fixing", "at", a["at"])), err
}

func submitFix(d *handlers.Desk, a answers, w formWords) (string, error) {
	if a["was"] == fixedTo(a) && a["day"] == a["first"] {
		return w.says("same"), nil
	}
	req := logRequest(a)
	done, err := d.CorrectLog(a["entry"], req)
	if err != nil {
		return "", err
	}
	reply := logReceipt("fixed", done, w)
	if !done.Left.IsZero() {
		reply += "\n" + w.says("left", "day", done.Left.Chinese())
	}
	if a["person"] != "" {
		return reply, nil
	}
	return reply + "\n" + w.says("kept"), nil
}

// fixLog begins to correct the log that was written last, or that of the day that is named.
// A log that is not stored yet is corrected where it is.
func (b *Bot) fixLog(d *handlers.Desk, rest string) (string, error) { return b.fixLogOf(d, "", rest) }

// fixLogFor corrects a log that was entered from paper for somebody else (代改日志).
func (b *Bot) fixLogFor(d *handlers.Desk, rest string) (string, error) {
	name, said, _ := strings.Cut(rest, " ")
	who, ask, err := b.inScope(d.View, "代改日志", name)
	if err != nil || ask != "" {
		return ask, err
	}
	return b.fixLogOf(d, who.PersonID, said)
}

// dayToFix is the day whose log is to be corrected, and what is to become of it.
func dayToFix(v *handlers.View, rest string) (day calendar.Date, said, after string, err error) {
	said = wrongSaid(rest)
	if from, to, err := daysSwapped(v, said); err != nil || !from.IsZero() && !to.IsZero() {
		return from, said, said, err
	}
	if day, after, err = pastDay(v, said); err != nil || day.IsZero() || after != "" {
		return day, said, after, err
	}
	if _, to, err := daysSwapped(v, strings.TrimLeft(rest, ":,。;、 了")); err != nil || to != day {
		return day, said, after, err
	}
	logs, err := v.LogsToCorrect("", day)
	if err == nil && len(logs) == 0 { // it is of that day only by what is right
		return calendar.Date{}, "是" + said, "", nil
	}
	return day, said, after, err
}

func (b *Bot) fixLogOf(d *handlers.Desk, of, rest string) (string, error) {
	day, said, after, err := dayToFix(d.View, rest)
	if err != nil {
		return "", err
	}
	t, err := b.heldTurn(d)
	if err != nil {
		return "", err
	}
	if t.form.name == "worklog" && of == "" {
		if reply, done, err := t.fixOpen(day, said, after); done || err != nil {
			return reply, err
		}
	}
	if t.form.name == "worklogfix" && (day.IsZero() || t.draft().Answers["first"] == day.String()) {
		if said == "" {
			return t.progress("")
		}
		return t.hear(said)
	}
	if !day.IsZero() {
		said = wrongSaid(after)
	}
	f := b.forms["worklogfix"]
	entries, err := d.LogsToCorrect(of, day)
	switch {
	case err != nil:
		return "", err
	case len(entries) == 0 && of != "":
		return "", handlers.Refuse("%s", f.words.says("nologby"))
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

// fixOpen takes 改日志 in the middle of a log: it is about that one, unless a day is named, or nothing
// was told yet, and there is a log that is stored.
func (t *turn) fixOpen(day calendar.Date, said, after string) (reply string, done bool, err error) {
	a, w := t.draft().Answers, t.form.words
	if a["person"] != "" {
		return "", false, nil
	}
	bare, told := !day.IsZero() && after == "", a["matters"] != "" || a["visitors"] != ""
	var stored []handlers.LogEntry
	if bare || !told {
		if stored, err = t.d.LogsToCorrect("", day); err != nil {
			return "", false, err
		}
	}
	switch {
	case len(stored) > 0 && !told: // nothing of it is to be gone on with
		_, err = t.end()
		return "", false, err
	case len(stored) > 0:
		return "", false, nil
	case bare && day.String() == a["day"]:
		reply, err = t.progress(w.says("fixopen", "day", day.Chinese()) + "\n")
	case bare:
		reply, err = t.progress(w.says("fixnone", "day", day.Chinese()) + "\n")
	case said == "":
		reply, err = t.progress("")
	default:
		reply, err = t.hear(said)
	}
	return reply, true, err
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
