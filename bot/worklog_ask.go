package bot

import (
	"regexp"
	"slices"
	"strings"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
)

// What is said after 日志 is not always what the log is to hold: people ask how it is written,
// whether it is there, or say that it is wrong.

const partOfLog = `^(?:上|里面|里|中|上面|那篇|的)*(?:还)?`

var (
	howToLog   = regexp.MustCompile(`^(?:到底|要|该|应该)?(?:咋个?|怎么|怎样|如何)(?:样|去)?(?:记|写|填|弄|办|用|说|搞|报)?(?:的|呀|啊|呢|嘛|法)?\??$|^(?:该|要)?(?:记|写|填)(?:什么|些什么|啥|些啥|哪些)(?:内容|东西)?(?:呀|啊|呢)?\??$|^(?:是)?(?:什么|啥)(?:意思|东西)?\??$`)
	logThere   = regexp.MustCompile(`^(?:我)?(?:今天|今日)?(?:的)?(?:有没有)?(?:记|写|交|填|存|报)(?:好|上|完|成|成功)?(?:了)?(?:没有|没|吗|么)\??$|^有没有(?:记|写|交)?(?:好|上)?\??$`)
	logLacks   = regexp.MustCompile(partOfLog + `(?:少|漏)(?:写|记|填|报|录|说)?(?:了|掉)+(?:一件事情|一件事|一件|1件事|1件|个事|一个)?`)
	logIsWrong = regexp.MustCompile(partOfLog + `(?:接待人数|人数|数字|接待|事项|内容|日期)?(?:都|也)?(?:写|记|填|弄|搞|报)?(?:得|的)?(?:不对|不准|有错|有误|错了|错)(?:了|的|啊|呀)*(?:$|[ ,:，：、])`)
)

// aboutLog answers a question about the log of the day, and takes a complaint for a correction.
func (b *Bot) aboutLog(d *handlers.Desk, lead, said string) (reply string, done bool, err error) {
	lacks := logLacks.FindString(said)
	switch {
	case countNotCount.MatchString(said):
		reply, err = b.fixLog(d, said)
	case lead != "" || said == "":
		return "", false, nil
	case howToLog.MatchString(said):
		w := b.forms["worklog"].words
		reply, err = b.besideTalk(d, linked(w.says("howto", "example", w.Example, "help", w.Fields["matters"].Help)))
	case logThere.MatchString(said):
		reply, err = b.logOfToday(d)
	case lacks != "":
		reply, err = b.fixLog(d, lackingSaid(strings.TrimPrefix(said, lacks)))
	case logIsWrong.MatchString(said):
		reply, err = b.fixLog(d, logIsWrong.ReplaceAllString(said, ""))
	default:
		return "", false, nil
	}
	return reply, true, err
}

// lackingSaid is what is missing, as one more matter.
func lackingSaid(rest string) string {
	if rest = strings.Trim(rest, " ,:，：、"); rest != "" {
		rest = "加一件 " + rest
	}
	return rest
}

// besideTalk answers beside what is open, and asks for that again.
func (b *Bot) besideTalk(d *handlers.Desk, reply string) (string, error) {
	t, err := b.heldTurn(d)
	if err != nil || t.form.name == "" {
		return reply, err
	}
	return t.progress(reply + "\n——\n")
}

// logOfToday says whether the log of the day is there.
func (b *Bot) logOfToday(d *handlers.Desk) (string, error) {
	cards, err := d.MyLogs(d.Today)
	if err != nil {
		return "", err
	}
	w := b.forms["worklog"].words
	if len(cards) == 0 {
		return b.besideTalk(d, linked(w.says("notthere")))
	}
	lines := logLines(cards, dayOf, logsBefore)
	return b.besideTalk(d, w.says("there", "logs", strings.Join(lines, "\n")))
}

// afterDay is what was said after a day. The morning parts it from the afternoon.
func afterDay(said, after string) string {
	if strings.Contains(strings.TrimSuffix(said, after), "上午") {
		return "上午" + after
	}
	return after
}

// missedDay tells of a day before today that nobody named why it is that one.
func missedDay(w formWords, named, day, today calendar.Date) string {
	if !named.IsZero() || !day.Before(today) {
		return ""
	}
	return day.String() + w.says("missed")
}

// showDayToLog is the day, and why it is that one if nobody named it.
func showDayToLog(a answers) string {
	why, ok := strings.CutPrefix(a["missed"], a["day"])
	if !ok {
		why = ""
	}
	return showLogDay(a) + why
}

// goesOn reports whether what is said without a day is said to a log that is not done: to the
// open one or, by the bare word, to one that was set aside. first is the earliest day that the
// word alone can mean.
func (t *turn) goesOn(f form, first calendar.Date, amends, said string) bool {
	at := slices.IndexFunc(t.drafts, func(one handlers.Draft) bool { return one.Form == f.name && one.Answers["amends"] == amends })
	return at == 0 && said != "" || at >= 0 && said == "" && t.drafts[at].Answers["day"] >= first.String()
}
