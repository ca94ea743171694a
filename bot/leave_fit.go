package bot

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/cunkao/cunkao/calendar"
)

// Days are looked at when they are said, whatever question they were said to.

func sameDays(a answers) string { return "时间已经是" + a["days"] + "，" + a["length"] + "。" }

// fitting has days that a rule refuses asked for again at once, so that what is said then is
// no answer to the next question.
func fitting(h listening, got heard) (heard, error) {
	if got.fill["first"] == "" {
		return got, nil
	}
	req := leaveRequest(got.fill)
	req.PersonID, req.Emergency = h.a["person"], h.a["emergency"] != ""
	_, err := h.v.LeaveNotes(req)
	r, refused := refusal(err)
	switch {
	case !refused:
		return got, err
	case r.Field != "first" && r.Field != "last":
		return got, nil
	}
	h.a["began"], h.a["ended"] = got.fill["began"], got.fill["last"]
	return heard{complaint: strings.ReplaceAll(r.Text, "“紧急补假”", "“"+say("紧急补假")+"”"), rest: got.rest}, nil
}

// unreasoned is what names no reason: numbers.
var unreasoned = regexp.MustCompile(`^[0-9一二两三四五六七八九十半.、 ]+$`)

// onlyOfDays reports whether a text that was said where a reason was asked for is about the days: 两天,
// 改成10号.
func onlyOfDays(said calendar.FoundLeave) bool {
	bare := strings.Trim(mild.ReplaceAllString(said.Reason, ""), "请假改成为就是到从， ")
	return bare == "" && (said.HasDays() || said.Kind == calendar.Length || len(said.Choices) > 0)
}

// daysForReason takes what is said of the days where a reason was asked for.
func daysForReason(h listening, text string) (heard, bool, error) {
	said, off, err := heardLeave(h, text)
	if err != nil || unreasoned.MatchString(text) {
		return heard{complaint: h.words.says("noreason", "said", short(text))}, true, err
	}
	if !onlyOfDays(said) {
		return heard{}, false, nil
	}
	if h.a["first"] == "" {
		return heard{complaint: h.words.says("noreason", "said", short(text))}, true, nil
	}
	f := calendar.CorrectLeave(leaveDaysIn(h.a), text, h.v.Sent.In(calendar.Zone), off)
	got, err := fitting(h, daysHeard(listening{v: h.v, a: h.a, words: h.words}, f, off, text))
	got.rest = ""
	switch {
	case err != nil || got.ask != "" || got.complaint != "":
	case got.fill["days"] == h.a["days"]:
		got.complaint = sameDays(h.a)
	default:
		got.complaint = "时间改成" + got.fill["days"] + "，" + got.fill["length"] + "。"
	}
	return got, true, err
}

// keepSaid keeps what every reading of a leave has, while its first day is asked for: its last
// half-day, or how long it is.
func keepSaid(a answers, f calendar.FoundLeave) {
	delete(a, "until")
	delete(a, "halves")
	if _, known := f.LastHalf(); known {
		a["until"] = f.Choices[0].End.String() + string(f.Choices[0].EndPart)
	} else if n, known := f.Lasting(); known && n > 2 {
		a["halves"] = strconv.Itoa(n)
	}
}

// thatAlone are the words of a day that is all of a leave: 只请明天, 明天一天.
var thatAlone = regexp.MustCompile(`只|仅|[一1半]天`)

// withKept is the leave that begins on a day and ends when it was said before, or is as long:
// 请假到周五, and then 后天开始.
func (h listening) withKept(f calendar.FoundLeave, text string) calendar.FoundLeave {
	a, l := h.a, f.Days
	until := leaveDaysIn(answers{"first": a["until"], "last": a["until"]})
	halves, _ := strconv.Atoi(a["halves"])
	switch {
	case !h.whole || !f.HasDays() || f.Today || l.Start != l.End || thatAlone.MatchString(text):
		return f
	case halves > 0:
		f.Days = l.Lasting(halves)
	case !until.Start.IsZero():
		if l.End, l.EndPart = until.End, until.EndPart; l.Span().Valid() {
			f.Days = l
		}
	}
	return f
}

// readReasonToStay takes why a leave is to be longer, or how long after all: 到12号.
func readReasonToStay(h listening, text string) (heard, error) {
	said, _, err := heardLeave(h, text)
	if err != nil || !h.whole || unreasoned.MatchString(text) || !onlyOfDays(said) {
		return readReason(h, text)
	}
	as := h
	as.whole, as.said = false, text
	got, err := readExtension(as, text)
	switch {
	case err != nil:
		return heard{}, err
	case !got.understood() && !got.unclear():
		return readReason(h, text)
	}
	if got.rest = ""; got.complaint == "" && got.fill["days"] != "" {
		got.complaint = h.words.says("until", "days", got.fill["days"])
	}
	return got, nil
}
