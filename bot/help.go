package bot

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
)

// wordsFor are the commands that serve a person, most needed first.
func wordsFor(v *handlers.View) []string {
	switch {
	case !v.Bound():
		return []string{"绑定", "谁在值班", "公示", "人工"}
	case v.Is(handlers.Cadre):
		return []string{"签到", "记日志", "请假", "销假", "待办", "我的得分", "我的排班", "无事", "为什么", "我的补贴", "我的假条", "我的日志", "未办事项", "自评", "谁在值班", "我的记录"}
	case v.Is(handlers.TownLeader), v.Is(handlers.Org), v.Is(handlers.TownStaff):
		return []string{"待办", "谁在值班", "公示", "绑定码", "解绑", "我的记录"}
	case v.Left():
		return []string{"我的得分", "为什么", "我的补贴", "我的记录", "谁在值班", "公示", "人工"}
	default:
		return []string{"谁在值班", "公示", "人工"}
	}
}

func (b *Bot) menu(v *handlers.View, _ string) (string, error) {
	var words, more []string
	for i, w := range wordsFor(v) {
		if i < tappedWords {
			words = append(words, say(w))
		} else {
			more = append(more, w)
		}
	}
	greeting := "您好！点一点就能办："
	if v.Bound() {
		greeting = v.Who.Name + "，您好！点一点就能办："
	}
	text := greeting + "\n" + strings.Join(words, "　")
	if len(more) > 0 {
		text += "\n也可以直接发：" + strings.Join(more, "、")
	}
	return text, nil
}

// tappedWords is how many words of a menu are links: each takes room that nobody sees.
const tappedWords = 6

// helped is how many words help explains: more do not fit on a small screen.
const helped = 6

// help explains the open question or, without one, the commands.
func (b *Bot) help(v *handlers.View, _ string) (string, error) {
	if drafts, err := v.Talk(); err != nil || len(drafts) > 0 && !v.Left() {
		return b.helpInTalk(drafts), err
	}
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

// helpInTalk explains the open question; the question itself follows.
func (b *Bot) helpInTalk(drafts []handlers.Draft) string {
	if len(drafts) == 0 {
		return ""
	}
	f := b.forms[drafts[0].Form]
	lines := []string{"可以一句话说完，如：" + f.words.Example}
	if q, open := f.field(drafts[0].Open); open && q.words.Help != "" {
		lines = []string{f.wording(q, drafts[0].Answers).Help}
	}
	return strings.Join(append(lines, say("上一步")+"　"+say("进度")+"　"+say("重来")+"　"+say("取消")), "\n")
}

func (b *Bot) human(*handlers.View, string) (string, error) {
	if b.Hotline == "" {
		return "请联系本镇党建办工作人员，他们可以替您登记（代录），也能重发绑定码。", nil
	}
	return "请联系本镇党建办：" + b.Hotline + "。他们可以替您登记（代录），也能重发绑定码。", nil
}

// lost answers what was not understood.
func (b *Bot) lost(v *handlers.View, text string) (string, error) {
	if said, err := b.afterLeave(v, text); err != nil || said != "" {
		return said, err
	}
	menu, err := b.menu(v, "")
	switch word := b.meant(v, text); {
	case text == "":
		return menu, err
	case polite(text):
		return "不客气，有事随时说。要办事，点" + say("菜单") + "。", nil
	case slices.Contains([]string{"上一步", "重来", "跳过", "进度", "继续"}, text):
		return "现在没有正在办的事。\n" + menu, err
	case word != "":
		return "没有听懂“" + short(text) + "”。您是想说" + say(word) + "吗？\n不是的话，看" + say("菜单") + "。", nil
	default:
		return "没有听懂“" + short(text) + "”。\n" + menu, err
	}
}

// sticker is how a face comes: [强].
var sticker = regexp.MustCompile(`\[[^\[\]]{1,6}\]`)

// polite reports whether a text wants nothing: thanks, a greeting, a face.
func polite(text string) bool {
	bare := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, sticker.ReplaceAllString(text, ""))
	for _, end := range []string{"您", "你", "了", "啊", "哈", "呢", "呀", "哦"} {
		bare = strings.TrimSuffix(bare, end)
	}
	if bare == "" {
		return !strings.ContainsAny(text, "?？")
	}
	return slices.Contains([]string{
		"谢谢", "多谢", "感谢", "谢", "辛苦", "麻烦", "好", "好的", "行", "可以", "知道", "晓得", "收到", "明白", "嗯", "嗯嗯", "再见", "拜拜", "早上好", "下午好", "晚上好",
	}, bare)
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
		lines[i] = taskMark(tasks, i) + taskLine(t, v.Now)
	}
	return onPage(fmt.Sprintf("有%d件事：", len(tasks)), lines, pageIn(rest), "待办"), nil
}

// taskMark begins the line of a task: with its place or, where a leave is on the list, only
// with a leave's own number. That is the one which 同意 takes, and beside another it misleads.
func taskMark(tasks []handlers.Task, i int) string {
	switch leave := func(t handlers.Task) bool { return t.Leave > 0 }; {
	case leave(tasks[i]):
		return fmt.Sprintf("%d号假条：", tasks[i].Leave)
	case slices.ContainsFunc(tasks, leave):
		return "· "
	default:
		return fmt.Sprintf("%d. ", i+1)
	}
}

func taskLine(t handlers.Task, now time.Time) string {
	line := t.Text
	switch {
	case t.Due.IsZero():
	case t.Due.Before(now):
		line += "，" + calendar.On(t.Due.Add(-time.Second)).Chinese() + "到期，已经过了，请尽快办"
	case slices.Contains([]string{"23:59", "00:00"}, calendar.TimeOfDay(t.Due)): // people call both 24:00
		line += "，" + calendar.On(t.Due.Add(-time.Second)).Chinese() + " 24:00前"
	default:
		line += "，" + calendar.On(t.Due).Chinese() + " " + calendar.TimeOfDay(t.Due) + "前"
	}
	if t.Leave > 0 {
		words := slices.DeleteFunc([]string{t.Say, t.Other, t.Look}, func(word string) bool { return word == "" })
		for i, word := range words {
			words[i] = say(word)
		}
		return line + " " + strings.Join(words, " ")
	}
	if t.Look != "" {
		line += " " + link(t.Look, "查看")
	}
	if t.Say != "" {
		line += " " + link(t.Say, strings.Fields(t.Say)[0])
	}
	return line
}

// ActName is what was done, as “我的记录” shows it; empty for what no person
// does. The last step of a quarter moves the quarter on.
func ActName(act string) string {
	return map[string]string{
		"AskAttestation": "请人作证", "OfferAttestation": "作证", "AgreeAttestation": "同意作证", "DeclineAttestation": "不作证",
		"CheckIn": "签到", "CheckInWith": "签到", "Bind": "绑定", "TakeStep": "办理考核步骤", "StepCycle": "办理考核步骤", "ImportFacts": "录入考核数据",
		"AskLeave": "请假", "ApproveLeave": "同意请假", "RejectLeave": "不同意请假", "WithdrawLeave": "撤回假条", "CancelLeave": "取消请假",
		"UrgeLeave": "催办", "ExtendLeave": "续假", "ReportReturn": "销假", "ReportReturnFor": "代销假", "UndoReturn": "收回销假", "AcceptDeputy": "同意代理",
		"DeclineDeputy": "不代理", "NameDeputy": "请人代理", "WriteLog": "记日志", "RegisterLog": "代录日志", "CorrectLog": "更正日志",
		"OpenVillageLogs": "查日志", "CloseMatter": "办结事项", "HandOver": "移交事项", "AttachPhoto": "补照片",
		"Admit": "登记人员", "IssueCode": "发绑定码", "Unbind": "解绑", "MakeRoster": "排班", "RegisterArrivals": "代录签到", "OpenCycle": "开始考核",
		"SaveSelfEval": "存自评", "SubmitSelfEval": "交自评", "RegisterSelfEval": "代录自评", "CloseRecheck": "复核",
		"RemoveSelfPhotos": "删自评照片",
	}[act]
}

// recordLine is one thing that was done; empty if there is no name for it.
func recordLine(r models.Inbox) string {
	what := ActName(r.Act)
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
