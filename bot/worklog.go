package bot

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
)

// worklogForm is the conversation behind 记日志.
func worklogForm() form {
	nothing := func(a answers) bool { return a["nothing"] != "" }
	unclear := func(m logMatter) bool { return m.State == "" }
	adrift := func(m logMatter) bool { return m.State == matterOpen && m.Holder == "" }
	return form{
		name: "worklog", word: "记日志", edition: 2,
		fields: []field{
			{name: "day", quiet: true, read: readLogDay, change: changeLogDay, show: showDayToLog},
			{name: "visitors", quiet: true, skip: nothing, read: readVisitors, change: changeVisitors, show: func(a answers) string { return a["visitors"] + "人" }},
			{name: "matters", also: []string{"nothing"}, agrees: true, read: readMatters, change: changeMatters, show: showMatters},
			{
				name: "state", agrees: true, read: readState, about: aboutState, choices: stateChoices, show: func(a answers) string { return a["state"] },
				skip: func(a answers) bool { return nothing(a) || !slices.ContainsFunc(mattersOf(a), unclear) },
			},
			{
				name: "holder", read: readHolder, change: changeHolder, choices: holderChoices, about: aboutHolder,
				skip: func(a answers) bool { return nothing(a) || !slices.ContainsFunc(settledMatters(a), adrift) },
				show: func(a answers) string { return a["holdername"] },
				also: []string{"holdername"},
			},
			photosField(hearPhoto), entryField(),
		},
		notes: logNotes, submit: submitLog,
	}
}

const (
	allDone    = "都办完了"
	allOpen    = "都没办完"
	mySelf     = "我自己"
	goOnMyself = mySelf + "接着办"
)

func stateChoices(listening) ([]handlers.Offer, error) {
	return []handlers.Offer{{Say: allDone, Fill: answers{"state": allDone}}, {Say: allOpen, Fill: answers{"state": allOpen}}}, nil
}

// aboutState asks with all matters, so that nobody thinks one was lost.
func aboutState(a answers, form formWords, own fieldWords) fieldWords {
	all := mattersOf(a)
	lines := make([]string, len(all))
	for i, m := range all {
		if m.State == "" {
			lines[i] = fmt.Sprintf("%d. %s（？）", i+1, m.Words)
		} else {
			lines[i] = fmt.Sprintf("%d. %s", i+1, m.shown())
		}
	}
	heard := form.says("heard", "matters", strings.Join(lines, "；")) + "\n"
	own.Ask, own.Again = heard+own.Ask, heard+own.Again
	return own
}

// readState takes a yes or a no for all matters.
func readState(h listening, text string) (heard, error) {
	switch {
	case h.whole && slices.Contains(doneSaid(), strings.TrimRight(text, "呢啊的了 ")): // a mere 好 closes nothing
		return filled("state", allDone), nil
	case h.whole && slices.Contains([]string{"没有", "没", "还没", "还没有", "没呢", "没办完", "不是", "否"}, strings.TrimRight(text, "呢啊的")):
		return filled("state", allOpen), nil
	case h.whole:
		if got, again, err := retold(h, text); again || err != nil {
			return got, err
		}
	}
	return readNothingElse(h, text)
}

// doneSaid are the words that can only say that all is done.
func doneSaid() []string {
	return []string{"是", "是的", "对", "对的", "办完", "都办完", "嗯办完", "嗯都办完", "是办完", "是的都办完", "都办好", "办好", "全办完", "全部办完", "都已办结"}
}

func readNothingElse(h listening, text string) (heard, error) {
	if !h.whole {
		return heard{}, nil
	}
	if got, err := dayAlone(h, text); got.understood() || err != nil {
		return got, err
	}
	return heard{complaint: h.words.says("unread", "said", short(text))}, nil
}

func holderChoices(h listening) ([]handlers.Offer, error) {
	if id := h.a["person"]; id != "" {
		return []handlers.Offer{{Say: h.a["name"] + "接着办", Fill: answers{"holder": id, "holdername": h.a["name"]}}}, nil
	}
	all, err := colleaguesOf(h)
	if err != nil {
		return nil, err
	}
	offers := []handlers.Offer{{Say: goOnMyself, Fill: answers{"holder": h.v.Who.ID, "holdername": mySelf}}}
	for _, c := range all[:min(8, len(all))] {
		offers = append(offers, handlers.Offer{Say: c.Name, Fill: answers{"holder": c.PersonID, "holdername": c.Name}})
	}
	return offers, nil
}

func readHolder(h listening, text string) (heard, error) {
	all, err := colleaguesOf(h)
	if err != nil || !h.whole {
		return heard{}, err
	}
	if not := notHim.FindStringSubmatch(text); not != nil && whoIs(not[1], all).PersonID != "" {
		return heard{complaint: h.words.says("nothim", "name", whoIs(not[1], all).Name)}, nil
	}
	text = handedOver.ReplaceAllString(text, "")
	who, err := handsOf(h)
	if err != nil {
		return heard{}, err
	}
	if self := who.self; slices.Contains([]string{"我", "我自己", "自己", "本人"}, text) || selfWords.MatchString(text) || h.a["person"] != "" && strings.HasPrefix(text, self.Name) {
		return heard{fill: answers{"holder": self.PersonID, "holdername": self.Name}}, nil
	}
	if c := whoIs(text, all); c.PersonID != "" {
		return heard{fill: answers{"holder": c.PersonID, "holdername": c.Name}}, nil
	}
	if got, err := dayAlone(h, text); got.understood() || err != nil {
		return got, err
	}
	if got, again, err := retold(h, text); again || err != nil {
		return got, err
	}
	return heard{complaint: h.words.says("nobody", "said", short(text))}, nil
}

func readMatters(h listening, text string) (heard, error) {
	if got, err := readNoMatter(h, text); err != nil || got.understood() {
		return got, err
	}
	added, complaint := answers{}, ""
	if n, rest, ok := splitVisitors(text); ok {
		got := came(h, n, "")
		complaint, text = got.complaint, rest
		maps.Copy(added, got.fill)
	}
	who, err := handsOf(h)
	if err != nil {
		return heard{}, err
	}
	matters := splitMatters(text, who)
	matters = slices.DeleteFunc(matters, func(m logMatter) bool { return !matterWords.MatchString(m.Words) || placeAlone.MatchString(m.Words) })
	known := h.a["matters"] != "" && !h.whole
	if added["visitors"] != "" && h.a["nothing"] != "" {
		added["nothing"] = ""
	}
	s, _ := swapsIn(h.said)
	switch {
	case known && s.right == text: // of a matter that is none of these
		return heard{fill: added}, nil
	case known && !slices.ContainsFunc(matters, func(m logMatter) bool { return m.State != "" }):
		return heard{fill: added}, nil // a correction must say what became of a matter
	case known && manyMeant(mattersOf(h.a), matters) != "":
		return heard{complaint: h.words.says("which", "words", manyMeant(mattersOf(h.a), matters))}, nil
	case len(matters) == 0 && added["visitors"] != "":
		return heard{fill: added}, nil
	case len(matters) == 0 && complaint == "" && h.a["matters"] != "": // what stands, stands
		return heard{fill: answers{"matters": h.a["matters"]}, complaint: h.words.says("nomatters")}, nil
	case len(matters) == 0:
		return heard{complaint: cmp.Or(complaint, h.words.says("nomatters"))}, nil
	case known:
		matters = merged(mattersOf(h.a), matters)
	}
	added["matters"], added["nothing"] = packMatters(matters), ""
	if h.a["visitors"] == "" && added["visitors"] == "" && complaint == "" {
		added["visitors"] = "0" // it is stored so, and shown
	}
	return heard{fill: added, complaint: complaint}, nil
}

// readNoMatter takes an answer that tells of no matter: that there was none, that those which are
// held stay, which day it is.
func readNoMatter(h listening, text string) (heard, error) {
	if nothingSaid.MatchString(text) {
		return heard{fill: answers{"matters": "[]", "nothing": "1"}}, nil
	}
	if h.whole && h.a["matters"] != "" && (agreed(text) || text == "不改了" || text == "不改") {
		return filled("matters", h.a["matters"]), nil
	}
	return dayAlone(h, text)
}

// dayAlone takes a day that is all that was said, whatever was asked: which day it is.
func dayAlone(h listening, text string) (heard, error) {
	day, rest, err := pastDay(h.v, text)
	if h.whole && h.a["first"] == "" && rest == "" && !day.IsZero() {
		return filled("day", day.String()), err
	}
	return heard{}, err
}

func showMatters(a answers) string {
	switch {
	case a["nothing"] != "":
		return "今日无事项"
	case a["matters"] != "" && len(mattersOf(a)) == 0:
		return "（没有）"
	}
	var lines []string
	for _, m := range settledMatters(a) {
		lines = append(lines, m.shown())
	}
	return strings.Join(lines, "；")
}

// shown is a matter with what became of it.
func (m *logMatter) shown() string {
	state := map[string]string{matterDone: "已办结", matterOpen: "未办结"}[m.State]
	switch {
	case m.Name == mySelf:
		state += "，" + goOnMyself
	case m.Holder != "":
		state += "，转" + m.Name
	}
	if state != "" {
		state = "（" + state + "）"
	}
	return m.Words + state
}

// settledMatters are the matters with what became of those of which only the answer to 结果
// says it.
func settledMatters(a answers) []logMatter {
	all := mattersOf(a)
	for i := range all {
		if all[i].State == "" {
			all[i].State = map[string]string{allDone: matterDone, allOpen: matterOpen}[a["state"]]
		}
	}
	return all
}

// logRequest is what was said as the use case wants it.
func logRequest(a answers) handlers.LogRequest {
	day, _ := calendar.Parse(a["day"]) // none is the day of the shift
	n, _ := strconv.Atoi(a["visitors"])
	req := handlers.LogRequest{Day: day, Visitors: n, Nothing: a["nothing"] != "", Words: a["said"], Amends: a["amends"] != "", Photos: photosOf(a)}
	if req.Nothing {
		req.Visitors = 0
	}
	for _, m := range settledMatters(a) {
		e := handlers.MatterEntry{Words: m.Words, Done: m.State == matterDone, Holder: m.Holder, No: m.No, Version: m.Version}
		if e.Holder == "" && !e.Done {
			e.Holder = a["holder"]
		}
		req.Matters = append(req.Matters, e)
	}
	return req
}

func submitLog(d *handlers.Desk, a answers, w formWords) (string, error) {
	write := d.WriteLog
	if id := a["person"]; id != "" {
		write = func(req handlers.LogRequest) (handlers.Logged, error) { return d.RegisterLog(id, req) }
	}
	done, err := write(logRequest(a))
	if err != nil {
		return "", err
	}
	return logReceipt("done", done, w), nil
}

// logReceipt says what was written down: as is said of what was done.
func logReceipt(said string, l handlers.Logged, w formWords) string {
	what, open := w.says("nothing"), []string(nil)
	if !l.Nothing {
		what = w.says("counted", "visitors", strconv.Itoa(l.Visitors), "matters", strconv.Itoa(len(l.Matters)))
	}
	for _, m := range l.Matters {
		if m.State == models.MatterOpen {
			open = append(open, w.says("openone", "no", strconv.Itoa(m.No), "holder", l.Holders[m.HolderID]))
		}
	}
	lines := []string{w.says(said, "day", l.Day, "what", what)}
	if len(open) > 0 {
		lines = append(lines, w.says("open", "open", strings.Join(open, "、"), "no", strconv.Itoa(openNo(l.Matters))))
	}
	if l.Late {
		lines = append(lines, w.says("late"))
	}
	return strings.Join(append(lines, w.says("receipt", "receipt", l.Receipt)), "\n")
}

func openNo(all []models.Matter) int {
	for _, m := range all {
		if m.State == models.MatterOpen {
			return m.No
		}
	}
	return 0
}

// logOf reports whether a log of a day is open; of no day, any.
func (t *turn) logOf(day calendar.Date) bool {
	return strings.HasPrefix(t.form.name, "worklog") && (day.IsZero() || t.draft().Answers["day"] == day.String())
}

// writeLog begins a log with what stood in the same sentence.
func (b *Bot) writeLog(lead, amends string) func(d *handlers.Desk, rest string) (string, error) {
	return func(d *handlers.Desk, rest string) (string, error) {
		if lead != "" && !d.Is(handlers.Cadre) { // a clerk may say it of what he enters for another
			if reply, open, err := b.openTalk(d, lead+rest); open || err != nil {
				return reply, err
			}
		}
		return b.beginLog(d, lead, amends, rest)
	}
}

func (b *Bot) beginLog(d *handlers.Desk, lead, amends, rest string) (string, error) {
	day, err := d.LogDay()
	if err != nil {
		return "", err
	}
	said := strings.TrimLeft(lead+rest, ":：,， ")
	reply, done, err := b.aboutLog(d, lead, said)
	if done || err != nil {
		return reply, err
	}
	given := answers{"said": said}
	named, after, err := pastDay(d.View, said)
	if err != nil {
		return "", err
	}
	if !named.IsZero() {
		day, said = named, afterDay(said, after)
	}
	if amends != "" {
		given["amends"] = amends
	}
	f := b.forms["worklog"]
	t, err := b.heldTurn(d)
	switch {
	case err != nil:
		return "", err
	case lead != "" && t.logOf(named): // it is said of the open one
		return t.hear(said)
	case named.IsZero() && t.goesOn(f, day, amends, said):
		delete(given, "said") // it goes on with what was said
		return t.begin(f, given, said)
	}
	if t.form.name != f.name || !named.IsZero() {
		given["day"] = day.String()
		given["missed"] = missedDay(f.words, named, day, d.Today)
	}
	return t.begin(f, given, said)
}

// writeLogFor enters a log from paper for somebody else (代录日志).
func (b *Bot) writeLogFor(d *handlers.Desk, rest string) (string, error) {
	name, said, _ := strings.Cut(rest, " ")
	who, ask, err := b.inScope(d.View, "代录日志", name)
	if err != nil || ask != "" {
		return ask, err
	}
	day, said, err := pastDay(d.View, said)
	if err != nil {
		return "", err
	}
	if day.IsZero() {
		day = d.Today
	}
	return b.begin(d, b.forms["worklog"], answers{"person": who.PersonID, "name": who.Name, "day": day.String()}, said)
}

// logNotes say for whom a log is entered.
func logNotes(_ *handlers.View, a answers, w formWords) ([]string, error) {
	if a["name"] == "" {
		return nil, nil
	}
	return []string{w.says("registered", "name", a["name"])}, nil
}

// noMatters closes the day in one word; in an open talk it is an answer.
func (b *Bot) noMatters(d *handlers.Desk, _ string) (string, error) {
	if reply, open, err := b.openTalk(d, "无事"); open || err != nil {
		return reply, err
	}
	done, err := d.WriteLog(handlers.LogRequest{Nothing: true})
	if err != nil {
		return "", err
	}
	return logReceipt("done", done, b.forms["worklog"].words), nil
}
