package bot

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
)

// logLines are the entries of a log as lines; head begins one. older asks for what a correction
// took the place of; without it that is shown.
func logLines(cards []handlers.LogCard, head func(handlers.LogCard) string, older string) (lines []string) {
	for _, c := range cards {
		head := head(c) + " " + calendar.TimeOfDay(c.At)
		switch {
		case len(c.Before) > 0 && older != "":
			head += "（已更正，" + link(fmt.Sprintf("%s %d月%d日", older, c.Day.Month, c.Day.Day), "看更正前") + "）"
		case len(c.Before) > 0:
			head += "（已更正）"
		case c.Amends:
			head += "（补记）"
		}
		if c.Paper {
			head += "（代录）"
		}
		lines = append(lines, head+" "+cameLine(c))
		for _, m := range c.Matters {
			lines = append(lines, "· "+matterLine(m))
		}
		if older != "" {
			continue
		}
		for _, old := range c.Before {
			at := calendar.TimeOfDay(old.At) + "记的"
			if old.Day != c.Day {
				at = old.Day.Chinese() + "，" + at
			}
			lines = append(lines, "· 更正前（"+at+"）："+strings.Join(pastLine(old), "；"))
		}
	}
	return lines
}

func cameLine(c handlers.LogCard) string {
	if c.Nothing {
		return "今日无事项"
	}
	return fmt.Sprintf("接待%d人", c.Visitors)
}

// pastLine is an entry as it stood before a correction.
func pastLine(c handlers.LogCard) []string {
	parts := []string{cameLine(c)}
	for _, m := range c.Matters {
		state := "（未办结）"
		if m.Done {
			state = "（已办结）"
		}
		parts = append(parts, m.Words+state)
	}
	return parts
}

func matterLine(m handlers.MatterCard) string {
	if m.Done {
		return m.Words + "（已办结）"
	}
	return fmt.Sprintf("%s（%d号，未办结，%s接着办）", m.Words, m.No, m.Holder)
}

// linesOfLogs is how many lines of logs a phone shows at once.
const linesOfLogs = 4

// logsBefore asks for one's own logs with what corrections took the place of.
const logsBefore = "日志更正前"

func dayOf(c handlers.LogCard) string    { return c.Day.Chinese() }
func writerOf(c handlers.LogCard) string { return c.Name }

// myLogs shows one's own logs, the last day first, a few lines at a time.
func myLogs(v *handlers.View, rest string) (string, error) {
	cards, err := v.MyLogs(v.Today.Add(-14))
	if err != nil {
		return "", err
	}
	if len(cards) == 0 {
		return "最近两周您还没有记日志。回复" + say("记日志") + "就能记。", nil
	}
	slices.SortStableFunc(cards, func(a, b handlers.LogCard) int { return b.Day.Compare(a.Day) })
	var pages [][]string
	for _, c := range cards {
		for i, some := range paginate(logLines([]handlers.LogCard{c}, dayOf, logsBefore), longest-100, linesOfLogs) {
			if last := len(pages) - 1; i == 0 && last >= 0 && len(pages[last])+len(some) <= linesOfLogs {
				pages[last] = append(pages[last], some...)
			} else {
				pages = append(pages, some)
			}
		}
	}
	return pageOf("您最近的日志：", pages, pageIn(rest), "我的日志"), nil
}

// myLogsBefore shows one's own logs that were corrected, of a day if one is named, as they are
// and were.
func myLogsBefore(v *handlers.View, rest string) (string, error) {
	rest, page := cutPage(rest)
	day, _, err := pastDay(v, rest)
	if err != nil {
		return "", err
	}
	cards, err := v.MyLogs(v.Today.Add(-14))
	if err != nil {
		return "", err
	}
	cards = slices.DeleteFunc(cards, func(c handlers.LogCard) bool { return len(c.Before) == 0 || !day.IsZero() && c.Day != day })
	if len(cards) == 0 {
		return "没有更正过的日志。", nil
	}
	return onPage("更正过的日志：", logLines(cards, dayOf, ""), page, strings.TrimSpace(logsBefore+" "+rest)), nil
}

// villageLogs shows the log of a village: one's own or the one that is named; of today, or
// of the day that is named; as it is, or with what corrections took the place of.
func (b *Bot) villageLogs(before bool) func(v *handlers.View, rest string) (string, error) {
	return func(v *handlers.View, rest string) (string, error) { return b.logsIn(v, rest, before) }
}

func (b *Bot) logsIn(v *handlers.View, rest string, before bool) (string, error) { //nolint:revive // two commands
	rest, page := cutPage(rest)
	if said, why := whyIn(rest); why != "" {
		return "要看群众的姓名，请说" + say("查日志 "+said+" 因"+why) + "，原因会记下来。", nil
	}
	village, name, day, err := logsMeant(v, rest)
	if err != nil || village == "" {
		return "请写上村名，如“村里日志 石桥村 昨天”。", err
	}
	cards, err := v.VillageLogs(village, day)
	if err != nil {
		return "", err
	}
	if len(cards) == 0 {
		return day.Chinese() + "村里还没有日志。", nil
	}
	again, older := strings.TrimSpace("村里日志 "+name), strings.TrimSpace("村里更正前 "+name)
	if before {
		again, older = older, ""
	}
	lines := logLines(cards, writerOf, older)
	return onPage(day.Chinese()+"的日志：", lines, page, again+" "+day.Chinese()), nil
}

// cutPage takes the page off what followed a word.
func cutPage(rest string) (string, int) {
	before, _, ok := strings.Cut(rest, "第")
	if !ok {
		return rest, 0
	}
	return strings.TrimSpace(before), pageIn(rest)
}

func openMatters(v *handlers.View, rest string) (string, error) {
	cards, err := v.OpenMatters(100)
	if err != nil {
		return "", err
	}
	if len(cards) == 0 {
		return "村里没有没办完的事。", nil
	}
	lines := make([]string, len(cards))
	for i, m := range cards {
		lines[i] = fmt.Sprintf("%d号 %s（%s，%s接着办）", m.No, m.Words, m.Day.Chinese(), m.Holder)
		if m.Mine {
			lines[i] += " " + link("办结"+strconv.Itoa(m.No), "办结")
		}
	}
	return onPage(fmt.Sprintf("村里没办完的事有%d件：", len(cards)), lines, pageIn(rest), "未办事项"), nil
}

// numbered takes the number off what followed a word: “3 已经修好了”, “3号转王主任”.
func numbered(rest string) (no int, after string) {
	digits := strings.TrimLeft(rest, "第 ")
	end := strings.IndexFunc(digits, func(r rune) bool { return r < '0' || r > '9' })
	if end < 0 {
		end = len(digits)
	}
	no, _ = strconv.Atoi(digits[:end])
	return no, strings.TrimLeft(digits[end:], "号件: ,，：给转")
}

func closeMatter(d *handlers.Desk, rest string) (string, error) {
	no, result := numbered(rest)
	if no == 0 {
		return "", handlers.Refuse("请写上编号和结果，如“办结3 已修好”。看编号发“未办事项”。")
	}
	if result == "" {
		result = "已办结"
	}
	m, err := d.CloseMatter(no, result)
	if err != nil {
		return "", err
	}
	reply := fmt.Sprintf("%d号事项办结了 ✓ 结果：%s。", no, strings.TrimRight(result, "。"))
	if m.HolderID != d.Who.ID {
		reply += "已经通知经手人了。"
	}
	return reply, nil
}

func handOver(d *handlers.Desk, rest string) (string, error) {
	no, name := numbered(rest)
	all, err := d.Colleagues(calendar.Span{})
	if err != nil {
		return "", err
	}
	to := whoIs(name, all)
	if no == 0 || to.PersonID == "" {
		lines := []string{"请写上编号和姓名，如“移交3 王主任”。"}
		for _, c := range all {
			if no > 0 {
				lines = append(lines, link(fmt.Sprintf("移交%d %s", no, c.Name), c.Name+"（"+c.Post+"）"))
			}
		}
		return strings.Join(lines, "\n"), nil
	}
	if _, err := d.HandOver(no, to.PersonID); err != nil {
		return "", err
	}
	return fmt.Sprintf("%d号事项已转给%s接着办，已经通知他了。", no, to.Name), nil
}
