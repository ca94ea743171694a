package bot

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
)

// pastWords are how people speak of a leave that they have asked for, not of one they want:
// 9月22日我请了假的, 那天请过假.
var (
	pastWords  = regexp.MustCompile(`请了.{0,8}假|请过.{0,8}假|请的(?:事|病|年休|年|婚|产|陪产|丧)?假|已经请.{0,8}假|假.{0,3}请过|请假没(?:去|走|用)|假.{0,3}批[了过]|^批[了没]`)
	freshWords = regexp.MustCompile(`补假|补请|补个|再请|还要请|还想请|想请|要请|续`)
)

// speaksOfPast reports whether a sentence is about a leave that is on record.
func speaksOfPast(text string) bool {
	at := pastWords.FindStringIndex(text)
	return at != nil && !freshWords.MatchString(text) && !leaveSentence.MatchString(text[:at[0]]+text[at[1]:])
}

// onRecord answers who speaks of a leave of his with what is on record for that day.
func onRecord(v *handlers.View, text string) (string, error) {
	days, err := daysMeant(v, text)
	if err != nil {
		return "", err
	}
	rows, err := v.MyLeaves(50)
	if err != nil {
		return "", err
	}
	if len(days) == 0 {
		return myLeaves(v, "")
	}
	var lines []string
	for _, l := range rows {
		if slices.ContainsFunc(days, func(d calendar.Date) bool { return !d.Before(l.FirstDay) && !l.LastDay.Before(d) }) {
			lines = append(lines, leaveLine(v, l))
		}
	}
	if len(lines) > 0 {
		return "您说的那天，记着的假条：\n" + strings.Join(lines, "\n"), nil
	}
	return noneOnRecord(v, days, strings.Contains(text, "请过") || strings.Contains(text, "请了"))
}

// noneOnRecord says so, and how a leave for that day can still be had.
// Who says that he had one means a day that is over.
func noneOnRecord(v *handlers.View, days []calendar.Date, had bool) (string, error) { //nolint:revive // how it was said
	off, err := v.DaysOff()
	if err != nil {
		return "", err
	}
	day := days[0]
	if at := slices.IndexFunc(days, func(d calendar.Date) bool { return !d.After(v.Today) }); had && at >= 0 {
		day = days[at]
	}
	said := "没有查到您" + calendar.Reading{Kind: calendar.OneDay, Start: day, End: day}.Chinese(off, v.Today) + "的假条。"
	switch past := v.Today.Since(day); {
	case past > handlers.EmergencyDays:
		said += "真请过假的，请把纸质假条交镇上登记。"
	case past > 0:
		said += "紧急先走、还没请的可以补，如“请事假 " + spanSaid(calendar.Span{First: day, Last: day}) + " 父亲住院，紧急补假”。"
	default:
		said += "还没请的，点" + say("请假") + "。"
	}
	return said + "\n全部的看" + say("我的假条") + "。", nil
}

// daysMeant are the days that somebody may mean who speaks of the past: of two readings the
// one that is nearest goes first, and a month may be of the year before.
func daysMeant(v *handlers.View, text string) (days []calendar.Date, err error) {
	off, err := v.DaysOff()
	if err != nil {
		return nil, err
	}
	f := calendar.Read(text, v.Sent.In(calendar.Zone), off)
	for _, g := range readingsOf(f) {
		if g.Start.IsZero() {
			continue
		}
		if g.Start.Since(v.Today) > handlers.EmergencyDays && strings.Contains(text, "月") {
			last := g.Start
			last.Year--
			days = append(days, last)
		}
		days = append(days, g.Start)
	}
	slices.SortStableFunc(days, func(a, b calendar.Date) int { return distance(v.Today, a) - distance(v.Today, b) })
	return slices.Compact(days), nil
}

func distance(from, to calendar.Date) int { return max(from.Since(to), to.Since(from)) }

// whyRefused asks why a leave of one's own was not granted: 为什么不同意, 赵书记为啥不批.
var whyRefused = regexp.MustCompile(`^(?:我的?|咱|俺)?(?:\p{Han}{0,4})?(?:[0-9]+号)?(?:假条|请假|假)?(?:为什么|为啥|为何|凭啥|凭什么|咋|怎么)(?:还)?(?:不|没|未)(?:有)?(?:同意|批准?|准)(?:我|俺)?(?:的|请)?(?:假条|假)?(?:了|呢|啊|呀)*\??$`)

// refusedLeave shows the last leave that was refused or still waits.
func (b *Bot) refusedLeave(v *handlers.View, _ string) (string, error) {
	rows, err := v.MyLeaves(10)
	if err != nil {
		return "", err
	}
	for _, l := range rows {
		if l.State == models.LeaveRejected || l.State == models.LeaveAsked {
			return seeLeave(v, strconv.Itoa(l.Number))
		}
	}
	return myLeaves(v, "")
}
