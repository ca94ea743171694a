package bot

import (
	"errors"
	"strings"

	"github.com/cunkao/cunkao/handlers"
)

// command is one thing that people can say at any time. One of do and look is
// set: do stores something, look only reads. rest is what followed the word.
type command struct {
	words []string // the first is the one that help names
	help  string
	takes bool // something may follow the word
	pages bool // only a page may follow it
	cadre bool // only village cadres need it
	// appends says that do only appends rows, and may share a transaction.
	appends bool
	do      func(d *handlers.Desk, rest string) (string, error)
	look    func(v *handlers.View, rest string) (string, error)
}

// allCommands lists every command, in the order in which help names them.
func (b *Bot) allCommands() []command {
	return []command{
		{words: []string{"签到", "打卡", "到岗", "我到了", "我到岗了", "签到了", "我要签到", "我来签到"}, help: "到岗时发这两个字", cadre: true, appends: true, do: checkIn},
		{words: []string{"我的排班", "排班", "我的班"}, help: "看自己接下来的班", cadre: true, look: myShifts},
		{words: []string{"谁在值班", "值班", "今天谁值班"}, help: "看村里今天谁值班", takes: true, look: b.onDuty},
		{words: []string{"我的得分", "得分", "我的分数", "成绩", "我的成绩"}, help: "看到今天为止的得分，公布后看等次", takes: true, cadre: true, look: myScore},
		{words: []string{"为什么", "扣分原因", "为啥"}, help: "看每一分扣在哪里", takes: true, cadre: true, look: whyScore},
		{words: []string{"我的补贴", "补贴", "工资"}, help: "看补贴怎么算的", takes: true, cadre: true, look: myPay},
		{words: []string{"待办", "我的待办"}, help: "看有什么要办", takes: true, pages: true, look: todo},
		{words: []string{"我的记录", "记录"}, help: "看最近办过的事", do: recordsShown},
		{words: []string{"公示", "公告", "通知"}, help: "看已公布的考核结果", takes: true, pages: true, look: publicNotice},
		{words: []string{"绑定"}, help: "第一次用，先绑定身份", takes: true, do: b.bind},
		{words: []string{"绑定码", "发绑定码"}, help: "给本镇的人发绑定码，后面写姓名", takes: true, do: b.newCode},
		{words: []string{"解绑", "换绑"}, help: "有人换了、丢了手机，后面写姓名", takes: true, do: b.unbind},
		{words: []string{"确认"}, help: "办理待办里的事", takes: true, do: b.confirm},
		{words: []string{"同意"}, do: b.agree},
		{words: []string{"查看", "看结果"}, takes: true, look: seeResults},
		{words: []string{"取消", "算了", "不办了", "不同意"}, do: b.cancel},
		{words: []string{"菜单", "0"}, look: b.menu},
		{words: []string{"帮助", "?", "怎么用", "你好", "您好"}, look: b.help},
		{words: []string{"欢迎"}, do: b.welcome},
		{words: []string{"人工", "电话"}, help: "找工作人员", look: b.human},
	}
}

// route finds the command that a text asks for. A longer word goes before a
// shorter one that begins it.
func (b *Bot) route(text string) (found command, rest string, ok bool) {
	best := 0
	for _, c := range b.commands {
		for _, w := range c.words {
			after, hit := strings.CutPrefix(text, w)
			if !hit || len(w) <= best || after != "" && !c.takes {
				continue
			}
			found, rest, ok, best = c, strings.TrimSpace(after), true, len(w)
		}
	}
	if ok && !found.follows(rest) {
		return command{}, "", false
	}
	return found, rest, ok
}

// follows reports whether what follows a word can belong to it: “确认一下时间” is
// no command.
func (c command) follows(rest string) bool {
	switch {
	case c.pages:
		return rest == "" || strings.HasPrefix(rest, "第")
	case rest == "" || c.words[0] != "确认":
		return true
	}
	for _, s := range handlers.Steps() {
		if strings.HasPrefix(rest, s.Name) {
			return true
		}
	}
	return false
}

// kindly makes a refusal lead on: to what this person can do instead, by words
// that can be tapped.
func (b *Bot) kindly(v *handlers.View, c command, err error) error {
	r, refused := errors.AsType[*handlers.Refusal](err)
	if !refused {
		return err
	}
	text := r.Text
	if c.cadre && v.Bound() && !v.Is(handlers.Cadre) {
		menu, err := b.menu(v, "")
		if err != nil {
			return err
		}
		text = "“" + c.words[0] + "”是村干部用的。\n" + menu
	}
	for _, other := range b.commands {
		if w := other.words[0]; w != c.words[0] {
			text = strings.ReplaceAll(text, "“"+w+"”", "“"+say(w)+"”")
		}
	}
	return &handlers.Refusal{Field: r.Field, Text: text}
}
