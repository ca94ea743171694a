package bot

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
)

// logLines are the entries of a log as lines; head begins one.
func logLines(cards []handlers.LogCard, head func(handlers.LogCard) string) (lines []string) {
	for _, c := range cards {
		head := head(c) + " " + calendar.TimeOfDay(c.At)
		switch {
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
		for _, old := range c.Before {
			lines = append(lines, "· 更正前（"+calendar.TimeOfDay(old.At)+"记的）："+strings.Join(pastLine(old), "；"))
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

func myLogs(v *handlers.View, rest string) (string, error) {
	cards, err := v.MyLogs(v.Today.Add(-14))
	if err != nil {
		return "", err
	}
	if len(cards) == 0 {
		return "最近两周您还没有记日志。回复" + say("记日志") + "就能记。", nil
	}
	return onPage("您最近的日志：", logLines(cards, func(c handlers.LogCard) string { return c.Day.Chinese() }), pageIn(rest), "我的日志"), nil
}

// villageLogs shows the log of a village: one's own or the one that is named; of today, or
// of the day that is named.
func (b *Bot) villageLogs(v *handlers.View, rest string) (string, error) {
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
	again := strings.TrimSpace("村里日志 "+name) + " " + day.Chinese()
	return onPage(day.Chinese()+"的日志：", logLines(cards, func(c handlers.LogCard) string { return c.Name }), page, again), nil
}

// logsMeant is which village's logs are meant, with its name if one was said, and of which
// day; no village if none fits.
func logsMeant(v *handlers.View, rest string) (village, name string, day calendar.Date, err error) {
	day, name = v.Today, rest
	for at := range rest { // the day may stand before the village or behind it
		found, after, err := pastDay(v, rest[at:])
		if err != nil {
			return "", "", day, err
		}
		if !found.IsZero() {
			day, name = found, strings.TrimSpace(rest[:at]+after)
			break
		}
	}
	if village = v.MyVillage(); village != "" && name == "" {
		return village, "", day, nil
	}
	found, err := v.VillageByName(name)
	if err != nil || len(found) != 1 {
		return "", name, day, err
	}
	return found[0].ID, name, day, nil
}

var whyWords = regexp.MustCompile(`^(.*?)[ ,，]*(?:原因是|原因|因为|因)[ :：是为]*(.{2,})$`)

// whyIn is what stands before a reason, and the reason; none if there is none.
func whyIn(text string) (before, why string) {
	if at := whyWords.FindStringSubmatch(text); at != nil {
		return strings.TrimSpace(at[1]), strings.TrimSpace(at[2])
	}
	return text, ""
}

// openLogs shows the log of a village with the villagers' names, for a reason.
func openLogs(d *handlers.Desk, rest string) (string, error) {
	rest, why := whyIn(rest)
	if why == "" {
		return "", handlers.Refuse("要看群众的姓名，请写明村、哪天和原因，如“查日志 石桥村 昨天 因信访核查”。原因会记下来。")
	}
	village, name, day, err := logsMeant(d.View, rest)
	if err != nil || village == "" {
		return "没有找到" + name + "。请写上村名，如“查日志 石桥村 昨天 因信访核查”。", err
	}
	cards, err := d.OpenVillageLogs(village, day, why)
	if err != nil {
		return "", err
	}
	if len(cards) == 0 {
		return day.Chinese() + "村里还没有日志。", nil
	}
	lines := logLines(cards, func(c handlers.LogCard) string { return c.Name })
	return day.Chinese() + "的日志（为“" + why + "”查看，已记下）：\n" + strings.Join(lines, "\n"), nil
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
