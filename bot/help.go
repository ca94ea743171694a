package bot

import (
	"fmt"
	"strings"

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
		return []string{"待办", "谁在值班", "公示", "我的记录"}
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

func (b *Bot) help(v *handlers.View, _ string) (string, error) {
	lines := []string{"直接发这些字："}
	if !v.Bound() {
		lines = []string{"第一次用，请先绑定。绑定码找镇上工作人员要，然后发：绑定 绑定码 手机尾号"}
	}
	for _, w := range wordsFor(v) {
		c, _, _ := b.route(w)
		lines = append(lines, w+"："+c.help)
	}
	lines = append(lines, "办到一半想退出，发“取消”。找人帮忙，发“人工”。", "点这里办："+say("菜单"))
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
	if text == "" {
		return menu, err
	}
	return "没有听懂“" + short(text) + "”。\n" + menu, err
}

// welcome greets a new follower.
func (b *Bot) welcome(v *handlers.View, _ string) (string, error) {
	if v.Bound() {
		return b.menu(v, "")
	}
	return "欢迎关注！村干部请先绑定：发“绑定 绑定码 手机尾号”，或点" + say("绑定") + "一步步来。\n村民可以直接看" + say("谁在值班") + "和" + say("公示") + "。", nil
}

func todo(v *handlers.View, _ string) (string, error) {
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
	lines := []string{fmt.Sprintf("有%d件事：", len(tasks))}
	for i, t := range tasks {
		lines = append(lines, fmt.Sprintf("%d. %s", i+1, taskLine(t)))
	}
	return strings.Join(lines, "\n"), nil
}

func taskLine(t handlers.Task) string {
	line := t.Text
	if !t.Due.IsZero() {
		line += "，" + calendar.On(t.Due).Chinese() + clock(t.Due) + "前"
	}
	if t.Look != "" {
		line += " " + link(t.Look, "查看")
	}
	if t.Say != "" {
		line += " " + link(t.Say, strings.Fields(t.Say)[0])
	}
	return line
}

// acts are the names of what was done, as “我的记录” shows it.
func actName(act string) string {
	names := map[string]string{"CheckIn": "签到", "Bind": "绑定", "TakeStep": "办理考核步骤", "ImportFacts": "录入考核数据"}
	if n, ok := names[act]; ok {
		return n
	}
	return act
}

func myRecords(v *handlers.View, _ string) (string, error) {
	rows, err := v.MyRecords(10)
	if err != nil {
		return "", err
	}
	if len(rows) == 0 {
		return "还没有记录。", nil
	}
	lines := []string{"您最近办过的事："}
	for _, r := range rows {
		at := r.ReceivedAt.In(calendar.Zone)
		line := at.Format("1月2日 15:04 ") + actName(r.Act)
		if _, after, ok := strings.Cut(r.Reply, "回执："); ok {
			line += " 回执" + strings.Fields(after)[0]
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n"), nil
}
