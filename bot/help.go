package bot

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
)

func talkOf(f form, a answers) models.Talk {
	return models.Talk{Form: f.name, Edition: f.edition, Answers: a}
}

// wordsFor are the commands that serve a person, most needed first.
func wordsFor(v *handlers.View) []string {
	switch {
	case !v.Bound():
		return []string{"绑定", "谁在值班", "公示", "人工"}
	case v.Is(handlers.Cadre):
		return []string{"签到", "我的排班", "我的得分", "为什么", "我的补贴", "待办", "谁在值班", "我的记录"}
	case v.Is(handlers.TownLeader), v.Is(handlers.Org), v.Is(handlers.TownStaff):
		return []string{"待办", "谁在值班", "公示", "绑定码", "解绑", "我的记录"}
	default:
		return []string{"谁在值班", "公示", "人工"}
	}
}

func (b *Bot) menu(v *handlers.View, _ string) (string, error) {
	var words []string
	for _, w := range wordsFor(v) {
		words = append(words, say(w))
	}
	greeting := "您好！点一点就能办："
	if v.Bound() {
		greeting = v.Who.Name + "，您好！点一点就能办："
	}
	return greeting + "\n" + strings.Join(words, "　"), nil
}

// helped is how many words help explains: more do not fit on a small screen.
const helped = 6

func (b *Bot) help(v *handlers.View, _ string) (string, error) {
	lines := []string{"直接发这些字就行："}
	if !v.Bound() {
		lines = []string{"第一次用，请先绑定。绑定码找镇上工作人员要。"}
	}
	words := wordsFor(v)
	for _, w := range words[:min(helped, len(words))] {
		c, _, _ := b.route(w)
		lines = append(lines, w+"："+c.help)
	}
	lines = append(lines, "不想打字，点"+say("菜单")+"；找人帮忙，点"+say("人工")+"。")
	return strings.Join(lines, "\n"), nil
}

func (b *Bot) human(*handlers.View, string) (string, error) {
	if b.Hotline == "" {
		return "请联系本镇党建办工作人员，他们可以替您登记（代录），也能重发绑定码。", nil
	}
	return "请联系本镇党建办：" + b.Hotline + "。他们可以替您登记（代录），也能重发绑定码。", nil
}

// lost answers what was not understood.
func (b *Bot) lost(v *handlers.View, text string) (string, error) {
	menu, err := b.menu(v, "")
	switch word := b.meant(v, text); {
	case text == "":
		return menu, err
	case text == "上一步", text == "重来":
		return "现在没有正在办的事。\n" + menu, err
	case word != "":
		return "没有听懂“" + short(text) + "”。您是想说" + say(word) + "吗？\n不是的话，看" + say("菜单") + "。", nil
	default:
		return "没有听懂“" + short(text) + "”。\n" + menu, err
	}
}

// meant is the word of this person that a text contains, or that differs from it
// by one character.
func (b *Bot) meant(v *handlers.View, text string) string {
	mine := wordsFor(v)
	for _, c := range b.commands {
		if !slices.Contains(mine, c.words[0]) {
			continue
		}
		for _, w := range c.words {
			if utf8.RuneCountInString(w) > 1 && (strings.Contains(text, w) || oneOff(text, w)) {
				return c.words[0]
			}
		}
	}
	return ""
}

// oneOff reports whether two words of one length differ in one character.
func oneOff(a, b string) bool {
	x, y := []rune(a), []rune(b)
	differ := 0
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			differ++
		}
	}
	return len(x) == len(y) && differ == 1
}

// welcome greets a new follower, and one who is back.
func (b *Bot) welcome(d *handlers.Desk, _ string) (string, error) {
	if err := d.Follow(); err != nil {
		return "", err
	}
	switch {
	case d.Returned():
		menu, err := b.menu(d.View, "")
		return "欢迎回来，您的绑定还在，不用再绑。\n" + menu, err
	case d.Bound():
		return b.menu(d.View, "")
	default:
		return "欢迎关注！村干部请先绑定：发“绑定 绑定码 手机尾号”，或点" + say("绑定") + "一步步来。\n村民可以直接看" + say("谁在值班") + "和" + say("公示") + "。", nil
	}
}

func todo(v *handlers.View, rest string) (string, error) {
	if !v.Bound() {
		return "", handlers.Refuse("您还没有绑定身份。请回复“绑定”。")
	}
	tasks, err := v.Todo()
	if err != nil {
		return "", err
	}
	if len(tasks) == 0 {
		return "现在没有要您办的事。", nil
	}
	lines := make([]string, len(tasks))
	for i, t := range tasks {
		lines[i] = fmt.Sprintf("%d. %s", i+1, taskLine(t, v.Now))
	}
	return onPage(fmt.Sprintf("有%d件事：", len(tasks)), lines, pageIn(rest), "待办"), nil
}

func taskLine(t handlers.Task, now time.Time) string {
	line := t.Text
	switch {
	case t.Due.IsZero():
	case t.Due.Before(now):
		line += "，" + calendar.On(t.Due).Chinese() + "到期，已经过了，请尽快办"
	default:
		line += "，" + calendar.On(t.Due).Chinese() + " " + calendar.TimeOfDay(t.Due) + "前"
	}
	if t.Look != "" {
		line += " " + link(t.Look, "查看")
	}
	if t.Say != "" {
		line += " " + link(t.Say, strings.Fields(t.Say)[0])
	}
	return line
}

// actName is what was done, as “我的记录” shows it; empty for what no person
// does. The last step of a quarter moves the quarter on.
func actName(act string) string {
	return map[string]string{
		"CheckIn": "签到", "Bind": "绑定", "TakeStep": "办理考核步骤", "StepCycle": "办理考核步骤", "ImportFacts": "录入考核数据",
		"Admit": "登记人员", "IssueCode": "发绑定码", "Unbind": "解绑", "MakeRoster": "排班", "RegisterArrivals": "代录签到", "OpenCycle": "开始考核",
	}[act]
}

// recordLine is one thing that was done; empty if there is no name for it.
func recordLine(r models.Inbox) string {
	what := actName(r.Act)
	if what == "" {
		return ""
	}
	first, _, _ := strings.Cut(r.Reply, "\n")
	if r.Act == "TakeStep" || r.Act == "StepCycle" {
		what = cmp.Or(strings.TrimRight(first, "。"), what)
	}
	line := r.ReceivedAt.In(calendar.Zone).Format("1月2日 15:04 ") + what
	if _, after, ok := strings.Cut(r.Reply, "回执："); ok {
		line += " 回执" + strings.Fields(after)[0]
	}
	return line
}

// recordsShown shows somebody what he has done, with receipts. That it was shown is
// stored: then every receipt in it is on the disk (models.Tx.Repeat says why).
func recordsShown(d *handlers.Desk, rest string) (string, error) { return myRecords(d.View, rest) }

func myRecords(v *handlers.View, _ string) (string, error) {
	rows, err := v.MyRecords(10)
	if err != nil {
		return "", err
	}
	lines := []string{"您最近办过的事："}
	for _, r := range rows {
		if line := recordLine(r); line != "" {
			lines = append(lines, line)
		}
	}
	if len(lines) == 1 {
		return "还没有记录。", nil
	}
	return strings.Join(lines, "\n"), nil
}
