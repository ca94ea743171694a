package bot

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
)

// extendForm is the conversation behind 续假. Its answers hold the number of the leave (slip)
// and its words (what), or the list of those that may be meant (which).
func extendForm() form {
	one := func(a answers) bool { return a["which"] == "" }
	return form{
		name: "extend", word: "请假", edition: 2,
		fields: []field{
			{name: "no", skip: one, read: readWhich, about: askWhich, show: func(a answers) string { return a["no"] + "号" }},
			{name: "last", also: []string{"days"}, read: readExtension, change: changeExtension, show: func(a answers) string { return a["days"] }},
			{name: "reason", read: readReasonToStay},
		},
		notes: extensionNotes, submit: submitExtension,
	}
}

// askWhich asks for one of the leaves that may be meant.
func askWhich(a answers, _ formWords, own fieldWords) fieldWords {
	own.Ask, own.Again = own.Ask+"\n"+a["which"], own.Again+"\n"+a["which"]
	return own
}

// which lists leaves to choose from.
func which(rows []handlers.Leave) string {
	var lines []string
	for _, l := range slices.Backward(rows[:min(tappable, len(rows))]) {
		lines = append(lines, "〈"+strconv.Itoa(l.Number)+"号假条〉　"+l.Words)
	}
	return strings.Join(lines, "\n")
}

// ofLeave is the number of a leave with what follows it.
var ofLeave = regexp.MustCompile(`^第? ?([0-9]+)(号)?(?:的?续?(假条?))?(?:$|([^0-9天日月个年点周星礼小./~-].*)$)`)

// readWhich takes the number of a leave, or what only one is called.
func readWhich(h listening, text string) (heard, error) {
	if !h.whole {
		return heard{}, nil
	}
	no := 0
	if m := ofLeave.FindStringSubmatch(text); m != nil {
		no, _ = strconv.Atoi(m[1])
	}
	rows, err := h.v.LeavesToExtend(no)
	if r, refused := refusal(err); refused {
		return heard{complaint: r.Text}, nil
	}
	if no == 0 {
		rows = slices.DeleteFunc(rows, func(l handlers.Leave) bool { return !strings.Contains(l.Words, text) })
	}
	if err != nil || len(rows) != 1 {
		return heard{}, err
	}
	fill := answers{"no": strconv.Itoa(rows[0].Number), "slip": strconv.Itoa(rows[0].Number), "what": rows[0].Words}
	return heard{fill: fill, rest: h.a["lasting"]}, nil
}

// readExtension takes the last day of a longer leave; a length counts from the end of the
// leave that there is.
func readExtension(h listening, text string) (heard, error) {
	f, off, err := heardLeave(h, text)
	if err != nil {
		return heard{}, err
	}
	if h.a["last"] != "" { // what is wrong with a change is wrong with the day
		if got, err := changeExtension(h, text); err != nil || got.complaint != "" {
			return got, err
		}
	}
	to, known := f.LastHalf()
	switch {
	case f.Kind == calendar.Length && f.Workdays == 0 && h.a["which"] != "" && h.a["slip"] == "":
		h.a["lasting"] = text // until it is known from which day on
		return heard{}, nil
	case f.Kind == calendar.Length && f.Workdays == 0:
		end, err := endToExtend(h)
		if err != nil {
			return heard{}, err
		}
		for range int((f.Seconds + 43199) / 43200) {
			end = end.Next()
		}
		return heard{fill: endOf(end, off), rest: text}, nil
	case known:
		if late, err := tooSoon(h, to, off); late != "" || err != nil {
			return heard{complaint: late}, err
		}
		fill := endOf(to, off)
		if h.repeats() && fill["last"] == h.a["last"] {
			return heard{complaint: h.words.says("same", "days", fill["days"])}, nil
		}
		return heard{fill: fill, rest: text}, nil
	case h.whole:
		return heard{complaint: h.words.says("unreadday", "said", short(text))}, nil
	default:
		return heard{}, nil
	}
}

// changeExtension moves the last day of a longer leave from where it was put: 往后推一天,
// 再多请半天. A length that moves nothing counts from the end of the leave that there is.
func changeExtension(h listening, text string) (heard, error) {
	said, off, err := heardLeave(h, text)
	if err != nil || said.Kind != calendar.Length {
		return heard{}, err
	}
	end, err := endToExtend(h)
	if err != nil {
		return heard{}, err
	}
	longer := leaveDaysIn(h.a)
	if longer.End.IsZero() { // an answer of another edition
		return heard{}, nil // it is read anew
	}
	longer.Start, longer.StartPart = end.Next().Day, calendar.Morning
	if end.Next().Noon {
		longer.StartPart = calendar.Afternoon
	}
	f := calendar.CorrectLeave(longer, text, h.v.Sent.In(calendar.Zone), off)
	switch {
	case f.HasDays():
		return heard{fill: endOf(calendar.Half{Day: f.Days.End, Noon: f.Days.EndPart == calendar.Afternoon}, off)}, nil
	case len(f.Asks) > 0:
		return heard{complaint: f.Asks[0].Text}, nil
	default:
		return heard{}, nil
	}
}

// tooSoon says that a leave does not end later by an extension to some half day; empty if it does,
// or is not known yet.
func tooSoon(h listening, to calendar.Half, off calendar.DaysOff) (string, error) {
	if h.a["slip"] == "" {
		return "", nil
	}
	end, err := endToExtend(h)
	if err != nil || to.Day.After(end.Day) || to.Day == end.Day && to.Noon && !end.Noon {
		return "", err
	}
	return h.words.says("toosoon", "no", h.a["slip"], "what", h.a["what"], "days", endOf(to, off)["days"]), nil
}

// endToExtend is where the leave ends that is to be extended.
func endToExtend(h listening) (calendar.Half, error) {
	no, _ := strconv.Atoi(h.a["slip"])
	rows, err := h.v.LeavesToExtend(no)
	if err != nil {
		return calendar.Half{}, err
	}
	return calendar.Half{Day: rows[0].LastDay, Noon: !rows[0].ToNoon}, nil
}

func endOf(h calendar.Half, off calendar.DaysOff) answers {
	said, part := off.Chinese(h.Day), "pm"
	if !h.Noon {
		said, part = said+"上午", "am"
	}
	return answers{"last": h.Day.String() + part, "days": said}
}

// extensionNotes say which leave it is.
func extensionNotes(_ *handlers.View, a answers, w formWords) ([]string, error) {
	if a["slip"] == "" {
		return nil, nil
	}
	return []string{w.says("of", "no", a["slip"], "what", a["what"])}, nil
}

func submitExtension(d *handlers.Desk, a answers, w formWords) (string, error) {
	no, _ := strconv.Atoi(a["slip"])
	to := leaveDaysIn(a)
	l, err := d.ExtendLeave(no, calendar.Half{Day: to.End, Noon: to.EndPart == calendar.Afternoon}, a["reason"])
	if err != nil {
		return "", err
	}
	return leaveFiled(l, w, w.says("waits", "approver", l.Approver)), nil
}

// extend begins 续假: of the leave that is named, of the one that he is on, or with the
// question which.
func (b *Bot) extend(d *handlers.Desk, rest string) (string, error) {
	f := b.forms["extend"]
	no, said, err := leaveNamed(d.View, rest, f.words)
	if err != nil {
		return "", err
	}
	t, err := b.heldTurn(d)
	if err != nil {
		return "", err
	}
	if no > 0 && len(t.drafts) > 0 && t.form.name == f.name && t.draft().Open == "no" {
		return t.hear(strconv.Itoa(no))
	}
	rows, err := d.LeavesToExtend(no)
	if err != nil {
		return "", err
	}
	if len(rows) > 1 {
		return t.begin(f, answers{"which": which(rows)}, said)
	}
	return t.begin(f, answers{"slip": strconv.Itoa(rows[0].Number), "what": rows[0].Words}, said)
}

// staysLonger is how somebody on leave asks for more of it without the word 续假: 再请两天, 续到12号.
var staysLonger = regexp.MustCompile(`(?:再|多|还要|还想|还得)(?:多)?[请续休](?:上|个)?(?:到|半|[0-9一二两三四五六七八九十几])|^续(?:到|半|[0-9一二两三四五六七八九十])`)

var (
	untilWords = regexp.MustCompile(`(?:再|多|还要|还想|还得)*[请续休]到`)
	mayI       = regexp.MustCompile(`能不能|可不可以|可以|能|[吗嘛?]+$`)
)

// extendTold takes such a sentence: of whoever is on leave it says how long that is to last, unless
// it names another kind or the first day of another leave.
func (b *Bot) extendTold(d *handlers.Desk, text string) (string, error) {
	if rest, plainly := strings.CutPrefix(text, "续"); plainly || !d.Bound() || !d.Is(handlers.Cadre) {
		return b.extend(d, rest)
	}
	rows, err := d.LeavesToExtend(0)
	if _, refused := refusal(err); err != nil && !refused {
		return "", err
	}
	f, _, err := heardLeave(listening{v: d.View}, text)
	if err != nil {
		return "", err
	}
	more := f.Kind == calendar.Length || untilWords.MatchString(text)
	if !more || kindWords.MatchString(text) || !slices.ContainsFunc(rows, func(l handlers.Leave) bool { return l.Begun(d.Now) }) {
		return b.leaveTold(d, text)
	}
	return b.extend(d, untilWords.ReplaceAllString(mayI.ReplaceAllString(text, ""), " 到"))
}

// leaveNamed cuts the number of an own leave off what follows 续假. “20号” by itself may be
// a leave or a day, where there is such a leave.
func leaveNamed(v *handlers.View, rest string, w formWords) (no int, said string, err error) {
	m := ofLeave.FindStringSubmatch(rest)
	if m == nil {
		return 0, rest, nil
	}
	no, _ = strconv.Atoi(m[1])
	_, err = v.LeavesToExtend(no)
	r, refused := refusal(err)
	switch {
	case err != nil && !refused:
		return 0, "", err
	case refused && (r.Field == "no" || m[2] != "" && m[3] == ""): // a day
		return 0, rest, nil
	case refused:
		return 0, "", err
	}
	said = strings.Trim(m[4], " ,，")
	f, _, err := heardLeave(listening{v: v}, said)
	if err == nil && m[2] != "" && m[3] == "" && no <= 31 && !f.HasDays() && f.Kind != calendar.Length && len(f.Choices) == 0 {
		return 0, "", handlers.Refuse("%s", w.says("dayorleave", "no", m[1])+"\n"+
			link(strings.TrimSpace("续假"+m[1]+" "+said), w.says("isleave", "no", m[1]))+"　"+link(strings.TrimSpace("续假到"+m[1]+"号 "+said), w.says("isday", "no", m[1])))
	}
	return no, said, err
}

// numberedWord is a command with the number of a leave, as a refusal proposes it.
var numberedWord = regexp.MustCompile(`“(撤回|取消请假|催办|请人代理|收回销假|销假|续假)([0-9]+)”`)

// tapped makes links of the leaves that a refusal lets choose from, with what was said of
// the one that is meant.
func tapped(err error, word, said string) error {
	r, refused := refusal(err)
	if !refused {
		return err
	}
	text := numberedWord.ReplaceAllStringFunc(r.Text, func(found string) string {
		m := numberedWord.FindStringSubmatch(found)
		if m[1] != word {
			said = ""
		}
		return link(strings.TrimSpace(m[1]+m[2]+" "+strings.TrimSpace(said)), m[1]+m[2])
	})
	return &handlers.Refusal{Field: r.Field, Text: text}
}
