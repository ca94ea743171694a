package bot

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
)

// leaveForm is the conversation behind 请假.
func leaveForm() form {
	own := func(a answers) bool { return a["person"] == "" }
	return form{
		name: "leave", word: "请假", edition: 2,
		fields: []field{
			{name: "kind", read: readLeaveKind, choices: leaveKinds, stray: tellsOfLeave},
			{
				name: "first", also: []string{"last", "days", "length"}, read: readLeaveDays, change: changeLeaveDays, stray: tellsNoTime,
				show: func(a answers) string { return a["days"] + "，" + a["length"] },
			},
			{name: "reason", read: readReason, stray: tellsOfLeave},
			{name: "deputy", also: []string{"deputyname"}, quiet: true, optional: true, read: readDeputy, show: func(a answers) string { return a["deputyname"] }},
			{name: "paper", skip: own, read: readPaper},
			photosField(hearPhoto),
		},
		notes: leaveNotes, submit: submitLeave,
	}
}

func leaveKinds(h listening) ([]handlers.Offer, error) {
	var offers []handlers.Offer
	for _, kind := range h.v.LeaveKinds() {
		offers = append(offers, handlers.Offer{Say: kind, Fill: answers{"kind": kind}})
	}
	return offers, nil
}

// heardLeave reads what a text says of a leave.
func heardLeave(h listening, text string) (calendar.FoundLeave, calendar.DaysOff, error) {
	off, err := h.v.DaysOff()
	if err != nil {
		return calendar.FoundLeave{}, nil, err
	}
	return calendar.ReadLeave(lateWords.ReplaceAllString(withoutDeputy(h.withoutPaper(text)), " 补假 "), h.v.Sent.In(calendar.Zone), off), off, nil
}

func readLeaveKind(h listening, text string) (heard, error) {
	kinds := h.v.LeaveKinds()
	for _, kind := range kinds { // as it is called, first
		switch {
		case kind == "其他" || !strings.Contains(text, kind):
		case h.repeats() && kind == h.a["kind"] && kind == strings.Trim(text, " ,，请吧了的"):
			return heard{complaint: h.words.says("samekind", "kind", kind)}, nil
		default:
			return heard{fill: answers{"kind": kind}, rest: text, over: wholeLeave(text)}, nil
		}
	}
	f, _, err := heardLeave(h, text)
	switch {
	case err != nil:
		return heard{}, err
	case slices.Contains(kinds, f.Type) && (h.whole || h.a["kind"] == ""):
		return heard{fill: answers{"kind": f.Type}, rest: text, over: wholeLeave(text)}, nil
	case h.whole:
		return heard{complaint: h.words.says("nokind", "said", short(text))}, nil
	default:
		return heard{}, nil
	}
}

// wholeLeave is a text that asks for a leave of its own: nothing of the one before is left in it.
func wholeLeave(text string) string {
	if leaveSentence.MatchString(text) && clearLeave.MatchString(text) {
		return text
	}
	return ""
}

func readLeaveDays(h listening, text string) (heard, error) {
	f, off, err := heardLeave(h, text)
	if err != nil || h.strays(f) {
		return heard{}, err
	}
	if h.a["first"] != "" { // what is wrong with a change is wrong with the days
		if got, err := changeLeaveDays(h, text); err != nil || got.complaint != "" {
			return got, err
		}
	}
	if h.whole && f.HasDays() && f.Days.Start == f.Days.End && h.a["lasting"] != "" {
		// “请三天假”, and now from which day on.
		if longer := calendar.ReadLeave(text+h.a["lasting"], h.v.Sent.In(calendar.Zone), off); longer.HasDays() && longer.Days.Start == f.Days.Start {
			f = longer
		}
	}
	began := h.a["began"]
	f = h.withKept(f, text)
	if h.whole && urgentWords.MatchString(text) && f.Kind == calendar.NoPhrase && began != "" { // 紧急补假, of a day that was refused
		f.Days, f.Asks = leaveDaysIn(answers{"first": began, "last": cmp.Or(h.a["ended"], began[:10]+string(calendar.Afternoon))}), nil
	}
	if h.whole && f.Kind == calendar.Length && !f.HasDays() && began != "" { // another length, the day stays
		was := leaveDaysIn(answers{"first": began, "last": began[:10] + string(calendar.Afternoon)})
		f = calendar.CorrectLeave(was, text, h.v.Sent.In(calendar.Zone), off)
	}
	if h.whole && f.Today && began != "" && began[:10] != h.v.Today.String() { // 下午, of a day that was named before
		first := leaveDaysIn(answers{"first": began, "last": began})
		f.Choices = []calendar.LeaveDays{{Start: first.Start, StartPart: f.Days.StartPart, End: first.Start, EndPart: f.Days.EndPart}, f.Days}
	}
	if urgentWords.MatchString(text) { // what is filed afterwards is over
		over := slices.DeleteFunc(slices.Clone(f.Choices), func(l calendar.LeaveDays) bool { return l.Start.After(h.v.Today) })
		if len(over) == 1 {
			f.Days, f.Choices, f.Asks = over[0], nil, nil
		}
	}
	return fitting(h, daysHeard(h, f, off, text))
}

// mild are the words around a day that say nothing else.
var mild = regexp.MustCompile(`推迟|延后|推后|提前|多请|少请|再请|[就比]较?好|看好|好|可以|行|不行|回来|其实|那天|这天|算了|吧|了|不|就`)

// strays reports whether a sentence that names a day is about something else: “今天下午开会”
// corrects nothing, unless it says so.
func (h listening) strays(f calendar.FoundLeave) bool {
	return h.said != "" && !h.again && !corrects(h.said) && !leaveSentence.MatchString(h.said) && len([]rune(mild.ReplaceAllString(f.Reason, ""))) > 1
}

// repeats reports whether a sentence is for nothing but to correct what was answered: one that
// begins the form again may well repeat it.
func (h listening) repeats() bool { return h.said != "" && (corrects(h.said) || !h.again) }

// anew reports whether a sentence asks for the leave once more, with another reason.
func (h listening) anew(f calendar.FoundLeave) bool {
	again := leaveSentence.MatchString(h.said) || h.again && !corrects(h.said)
	return again && !corrects(f.Reason) && len([]rune(mild.ReplaceAllString(f.Reason, ""))) > 1
}

// daysHeard is what was understood of the days: the leave, the readings to choose from, or
// what is wrong.
func daysHeard(h listening, f calendar.FoundLeave, off calendar.DaysOff, text string) heard {
	if urgentWords.MatchString(text) {
		h.a["emergency"] = "1"
	}
	switch {
	case len(f.Choices) > 1 || len(f.Choices) == 1 && len(f.Asks) > 0:
		got := heard{ask: h.words.says("whichdays"), rest: text}
		keepSaid(h.a, f)
		for _, l := range f.Choices {
			got.offers = append(got.offers, handlers.Offer{Say: l.Chinese(off, h.v.Today), Fill: leaveDaysOf(l, off, h.v.Today)})
		}
		if len(got.offers) == 1 && len(f.Asks) > 0 {
			got.ask = f.Asks[0].Text
		}
		return got
	case f.HasDays() && len(f.Asks) > 0:
		return heard{ask: f.Asks[0].Text, rest: text, offers: []handlers.Offer{{Say: f.Days.Chinese(off, h.v.Today), Fill: leaveDaysOf(f.Days, off, h.v.Today)}}}
	case f.HasDays():
		return heard{fill: leaveDaysOf(f.Days, off, h.v.Today), rest: text}
	case f.Kind == calendar.NoSuchDay:
		return heard{complaint: h.words.says("noday"), rest: text}
	case f.Kind == calendar.Length:
		h.a["lasting"] = text // the day from which on is asked for; the length is kept
		return heard{complaint: h.words.says("fromwhen"), rest: text}
	case len(f.Asks) > 0:
		return heard{complaint: f.Asks[0].Text, rest: text}
	case h.whole:
		return heard{complaint: h.words.says("unreaddays", "said", short(text))}
	default:
		return heard{}
	}
}

// leaveDaysOf are the answers that a leave's days fill.
func leaveDaysOf(l calendar.LeaveDays, off calendar.DaysOff, today calendar.Date) answers {
	return answers{
		"first": l.Start.String() + string(l.StartPart), "last": l.End.String() + string(l.EndPart),
		"days": l.Chinese(off, today), "length": l.Span().Length(off), "began": l.Start.String() + string(l.StartPart),
	}
}

// leaveDaysIn reads the days back out of the answers.
func leaveDaysIn(a answers) (l calendar.LeaveDays) {
	half := func(s string) (calendar.Date, calendar.Part) {
		if len(s) < len("2026-10-08am") {
			return calendar.Date{}, ""
		}
		d, _ := calendar.Parse(s[:10])
		return d, calendar.Part(s[10:])
	}
	l.Start, l.StartPart = half(a["first"])
	l.End, l.EndPart = half(a["last"])
	return l
}

func changeLeaveDays(h listening, text string) (heard, error) {
	said, off, err := heardLeave(h, text)
	if err != nil || h.strays(said) {
		return heard{}, err
	}
	f := calendar.CorrectLeave(leaveDaysIn(h.a), h.withoutPaper(text), h.v.Sent.In(calendar.Zone), off)
	switch unsaid := !f.HasDays() && len(f.Choices) == 0; {
	case unsaid && len(f.Asks) > 0:
		return heard{complaint: f.Asks[0].Text, rest: text}, nil
	case unsaid:
		return heard{}, nil
	}
	h.whole = false
	got := daysHeard(h, f, off, text)
	got.rest = ""
	if h.repeats() && said.Type == "" && f.Days == leaveDaysIn(h.a) {
		return heard{complaint: sameDays(h.a)}, nil
	}
	return fitting(h, got)
}

func readReason(h listening, text string) (heard, error) {
	if h.whole {
		text = strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(text, "因为"), "原因是"))
		if len([]rune(text)) < 2 {
			return heard{complaint: h.words.says("shortreason")}, nil
		}
		if got, taken, err := daysForReason(h, text); taken || err != nil {
			return got, err
		}
		if only, err := onlyDeputy(h.v, text); only || err != nil {
			return heard{complaint: h.words.says("noreason", "said", short(text))}, err
		}
		return filled("reason", text), nil
	}
	f, _, err := heardLeave(h, text)
	if err != nil || f.Reason == "" || h.a["reason"] != "" && !h.anew(f) {
		return heard{}, err
	}
	if only, err := onlyDeputy(h.v, text); only || err != nil {
		return heard{}, err
	}
	return heard{fill: answers{"reason": f.Reason}, rest: text}, nil
}

// How people say that it is urgent.
var (
	urgentWords = regexp.MustCompile(`紧急|急事|来不及|补假|补请`)
	lateWords   = regexp.MustCompile(`[,，。;； ]*(?:紧急)?(?:补假|补请假)[,，。;； ]*`) // no part of a reason
)

// paperWords name the slip that a leave is entered from. Its number or day is none of the leave.
var paperWords = regexp.MustCompile(`[,，。;； ]*(?:依据|根据|凭|按)?(?:纸质|纸上|书面)?的?(?:假条|纸条|条子)(?:编号|号码|日期)?(?:是|为|:|：)?[ ]*((?:第|编号)?[0-9]+[^ ,，。;；]*)`)

// withoutPaper leaves out of a sentence for somebody else which slip it is entered from.
func (h listening) withoutPaper(text string) string {
	if h.a["person"] == "" {
		return text
	}
	return paperWords.ReplaceAllString(text, " ")
}

func readPaper(h listening, text string) (heard, error) {
	if at := paperWords.FindStringSubmatch(text); at != nil {
		return heard{fill: answers{"paper": at[1]}, rest: text}, nil
	}
	if !h.whole {
		return heard{}, nil
	}
	return filled("paper", text), nil
}

func leaveRequest(a answers) handlers.LeaveRequest {
	return handlers.LeaveRequest{
		Kind: a["kind"], Span: leaveDaysIn(a).Span(), Reason: a["reason"], DeputyID: a["deputy"], Emergency: a["emergency"] != "",
		PersonID: a["person"], PaperRef: a["paper"], Photos: photosOf(a),
	}
}

// leaveNotes are what the summary warns of, with proposals to tap.
func leaveNotes(v *handlers.View, a answers, w formWords) ([]string, error) {
	notes, err := v.LeaveNotes(leaveRequest(a))
	if err != nil {
		return nil, err
	}
	var lines []string
	takers, shifts := "", 0 // said once: who stands in does so for the whole leave
	for _, n := range notes.Notes {
		lines = append(lines, w.says("note", "note", n.Text))
		if n.Kind != handlers.NoteShift {
			continue
		}
		if shifts++; takers == "" && !n.Days[0].Before(v.Today) {
			takers = takersToTap(n, w)
		}
	}
	switch at := len(lines) - 1; {
	case takers == "":
	case shifts == 1 && notes.Notes[at].Kind == handlers.NoteShift:
		lines[at] = w.says("note", "note", notes.Notes[at].Text+"，"+takers)
	default:
		lines = append(lines, takers)
	}
	if len(notes.Better) > 0 {
		var ways []string
		for _, s := range notes.Better {
			ways = append(ways, link("改成"+spanSaid(s), spanSaid(s)))
		}
		lines = append(lines, w.says("better", "ways", strings.Join(ways, " 或 ")))
	}
	if notes.Approver != "" {
		lines = append(lines, w.says("decides", "approver", notes.Approver))
	}
	if a["name"] != "" {
		lines = append([]string{w.says("registered", "name", a["name"])}, lines...)
	}
	return lines, nil
}

// takersToTap are those who could take a shift, to be asked with a tap.
func takersToTap(n handlers.LeaveNote, w formWords) string {
	var ways []string
	for _, way := range n.Ways {
		name := strings.TrimPrefix(way, "调给")
		ways = append(ways, link(name+"替我值班", w.says("taker", "name", name)))
	}
	if len(ways) == 0 {
		return ""
	}
	return w.says("takers", "ways", strings.Join(ways, " 或 "))
}

// spanSaid writes a span as it is read again: 10月12日下午到10月13日.
func spanSaid(s calendar.Span) string {
	say := func(d calendar.Date) string { return strconv.Itoa(int(d.Month)) + "月" + strconv.Itoa(d.Day) + "日" }
	first, last := say(s.First), say(s.Last)
	if s.FromNoon {
		first += "下午"
	}
	switch {
	case s.ToNoon:
		last += "上午"
	case s.First == s.Last:
		return first
	}
	if s.First == s.Last {
		return last
	}
	return first + "到" + last
}

func submitLeave(d *handlers.Desk, a answers, w formWords) (string, error) {
	l, err := d.AskLeave(leaveRequest(a))
	if err != nil {
		return "", err
	}
	waits := w.says("waits", "approver", l.Approver)
	if !l.Begun(d.Now) {
		waits += w.says("stay")
	}
	if a["later"] != "" {
		return leaveFiled(l, w, waits) + "\n" + w.says("later", "later", a["later"]) + "　" + link(a["later"], w.says("next")), nil
	}
	return leaveFiled(l, w, waits), nil
}

// leaveFiled says what was handed in and whom it waits for.
func leaveFiled(l handlers.Leave, w formWords, waits string) string {
	no := strconv.Itoa(l.Number)
	lines := []string{w.says("filed", "no", no, "what", l.Words)}
	if l.Approver != "" {
		lines = append(lines, waits)
	} else {
		lines = append(lines, w.says("nobody"))
	}
	if l.Deputy != "" {
		lines = append(lines, w.says("deputy", "deputy", l.Deputy))
	}
	if l.RegisteredBy != "" { // who entered it can do no more than look
		return strings.Join(append(lines, say("看假条"+no)), "\n")
	}
	return strings.Join(append(lines, link("催办"+no, "催办")+"　"+link("撤回"+no, "撤回")+"　"+say("我的假条")), "\n")
}
