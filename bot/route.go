package bot

import (
	"errors"
	"regexp"
	"slices"
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
	marks bool // only marks of a self-evaluation may
	cadre bool // only village cadres need it
	talks bool // it belongs to a conversation: no open question is to be brought back
	// appends says that do only appends rows, and may share a transaction.
	appends bool
	do      func(d *handlers.Desk, rest string) (string, error)
	look    func(v *handlers.View, rest string) (string, error)
}

// allCommands lists the commands, those of logs and of kinds of leave apart.
func (b *Bot) allCommands() []command {
	return []command{
		{words: []string{"签到", "打卡", "到岗", "我到了", "我到岗了", "签到了", "我要签到", "我来签到", "到岗了", "到村部了", "我到村部了", "到村委会了", "我到村委会了", "到值班室了", "我到值班室了", "到办公室了", "我到办公室了", "我到单位了"}, help: "到岗时发这两个字", cadre: true, appends: b.byWord(), talks: !b.byWord(), do: b.checkIn},
		{words: []string{"签到了吗", "我签到了吗", "签到了没", "我签到了没", "签到没有", "我签到没有", "签到没", "签上了吗"}, takes: true, cadre: true, look: checkedIn},
		{words: []string{"我的排班", "排班", "我的班"}, help: "看自己接下来的班", cadre: true, look: myShifts},
		{words: []string{"谁在值班", "值班", "今天谁值班"}, help: "看村里今天谁值班", takes: true, look: b.onDuty},
		{words: []string{"请人作证", "找人作证"}, help: "没能签到的，请在岗的同事作证，后面写姓名", takes: true, cadre: true, do: askWitness},
		{words: []string{"作证", "我作证"}, help: "给没能签到的同事作证，后面写姓名", takes: true, do: offerWitness},
		{words: []string{"同意作证"}, takes: true, do: answerWitness((*handlers.Desk).AgreeAttestation)},
		{words: []string{"不作证", "不同意作证"}, takes: true, do: answerWitness((*handlers.Desk).DeclineAttestation)},
		{words: []string{"请假", "我要请假", "我想请假", "要请假", "请个假"}, help: "说一句就行，如“明天请事假，送孩子上学”", takes: true, talks: true, cadre: true, do: b.askLeave("")},
		{words: []string{"紧急补假", "补假", "补请假"}, help: "有急事先走了，两天以内补上", takes: true, talks: true, cadre: true, do: b.askLate},
		{words: []string{"代请假", "代录请假", "代录假条"}, help: "按纸质假条替别人登记", takes: true, talks: true, do: b.askLeaveFor},
		{words: []string{"销假", "我回来了", "回村了", "我回村了", "回来了"}, help: "请假回来后发这两个字", takes: true, cadre: true, do: b.reportReturn},
		{words: []string{"收回销假", "撤销销假", "撤回销假", "取消销假", "销假销错", "销假错了"}, help: "销假销错了，四小时内收回", takes: true, do: undoReturn},
		{words: []string{"代销假"}, help: "替别人销假，后面写假条号", takes: true, do: reportReturnFor},
		{words: []string{"续假"}, help: "假到期回不来，再请几天", takes: true, talks: true, cadre: true, do: b.extend},
		{words: []string{"撤回", "撤回请假"}, help: "撤回还没批的假条", takes: true, cadre: true, do: onOwn((*handlers.Desk).WithdrawLeave, "已撤回 ")},
		{words: []string{"取消请假", "不请假了", "不请了"}, help: "批了又不去了", takes: true, talks: true, cadre: true, do: b.cancelLeave},
		{words: []string{"确认取消"}, takes: true, cadre: true, do: onOwn((*handlers.Desk).CancelLeave, "已取消 ")},
		{words: []string{"催办", "催一下"}, help: "催一催还没批的假条", takes: true, cadre: true, do: onOwn((*handlers.Desk).UrgeLeave, "已催办 ")},
		{words: []string{"我的假条", "我的请假", "假条"}, help: "看自己的假条", takes: true, pages: true, cadre: true, look: myLeaves},
		{words: []string{"看假条", "查看假条"}, help: "看一张假条", takes: true, look: seeLeave},
		{words: []string{"同意代理"}, takes: true, cadre: true, do: deputySays((*handlers.Desk).AcceptDeputy, "好的，您代理")},
		{words: []string{"不代理", "不同意代理"}, takes: true, cadre: true, do: deputySays((*handlers.Desk).DeclineDeputy, "好的，您不代理")},
		{words: []string{"请人代理"}, takes: true, cadre: true, do: nameDeputy},
		{words: []string{"自评", "述职自评", "述职", "我要自评", "开始自评"}, help: "季末给自己评一评，一项一项来", marks: true, talks: true, cadre: true, do: b.selfEval(false)},
		{words: []string{"重新自评", "改自评"}, help: "交了的自评，截止前可以改", marks: true, talks: true, cadre: true, do: b.selfEval(true)},
		{words: []string{"删照片", "删除照片", "删掉照片", "撤回照片"}, help: "自评的照片，截止前可以删", takes: true, talks: true, cadre: true, do: b.dropPhotos},
		{words: []string{"我的自评"}, help: "看自己的自评", takes: true, cadre: true, look: b.mySelfEval},
		{words: []string{"代录自评"}, help: "按纸质自评表替别人登记", takes: true, talks: true, do: b.selfEvalFor},
		{words: []string{"存着", "先存着", "放着", "先放着"}, talks: true, do: b.keepForLater},
		{words: []string{"继续"}, talks: true, do: b.goOn},
		{words: []string{"复核"}, help: "看自评和核定差得多的，后面写姓名和理由", takes: true, do: b.recheck},
		{words: []string{"我的得分", "得分", "我的分数", "成绩", "我的成绩"}, help: "看到今天为止的得分，公布后看等次", takes: true, cadre: true, look: b.myScore},
		{words: []string{"为什么", "扣分原因", "为啥"}, help: "看每一分扣在哪里", takes: true, cadre: true, look: b.whyScore},
		{words: []string{"我的补贴", "补贴", "工资"}, help: "看补贴怎么算的", takes: true, cadre: true, look: myPay},
		{words: []string{"待办", "我的待办"}, help: "看有什么要办", takes: true, pages: true, look: todo},
		{words: []string{"我的记录", "记录"}, help: "看最近办过的事", do: recordsShown},
		{words: []string{"申诉", "我要申诉", "我想申诉", "我有异议", "我不服"}, takes: true, look: objection},
		{words: []string{"异议", "不服", "我有意见", "复议"}, look: objection},
		{words: []string{"公示", "公告", "通知"}, help: "看已公布的考核结果", takes: true, pages: true, look: publicNotice},
		{words: []string{"绑定", "我要绑定", "我想绑定", "要绑定"}, help: "第一次用，先绑定身份", takes: true, talks: true, do: b.bind},
		{words: []string{"绑定码", "发绑定码"}, help: "给本镇的人发绑定码，后面写姓名", takes: true, do: b.newCode},
		{words: []string{"解绑", "换绑"}, help: "有人换了、丢了手机，后面写姓名", takes: true, do: b.unbind},
		{words: []string{"确认"}, help: "办理待办里的事", takes: true, talks: true, do: b.confirm},
		{words: []string{"同意", "批准"}, takes: true, talks: true, do: b.agree},
		{words: []string{"不同意", "不批准"}, takes: true, talks: true, do: b.disagree},
		{words: []string{"查看", "看结果"}, takes: true, look: seeResults},
		{words: []string{"取消", "算了", "不办了"}, talks: true, do: b.cancel},
		{words: []string{"退出"}, talks: true, do: b.quit},
		{words: []string{"菜单", "0"}, look: b.menu},
		{words: []string{"帮助", "?", "怎么用", "你好", "您好"}, look: b.help},
		{words: []string{"欢迎"}, do: b.welcome},
		{words: []string{"人工", "电话"}, help: "找工作人员", look: b.human},
	}
}

// logCommands are about the logs of a day and their matters.
func (b *Bot) logCommands() []command {
	return []command{
		{words: []string{"记日志", "写日志", "日志", "记一下", "写日记"}, help: "把当天办的事说一句就行", takes: true, talks: true, cadre: true, do: b.writeLog("", "")},
		{words: []string{"接待", "来访"}, takes: true, talks: true, cadre: true, do: b.writeLog("接待", "")},
		{words: []string{"今日日志", "今天的日志", "今天日志"}, takes: true, talks: true, cadre: true, do: b.writeLog("今天 ", "")},
		{words: []string{"今天接待", "今日接待", "上午接待", "下午接待"}, takes: true, talks: true, cadre: true, do: b.writeLog("今天接待", "")},
		{words: []string{"改日志", "更正日志", "日志更正", "修改日志", "日志记错了", "日志写错了", "日志错了", "日志不对"}, help: "记过的日志有错，改过来", takes: true, talks: true, cadre: true, do: b.fixLog},
		{words: []string{"记错了", "我记错了", "刚才记错了"}, takes: true, talks: true, cadre: true, do: b.fixOrAnswer},
		{words: []string{"补记", "日志补充", "补充日志"}, help: "给当天的日志再补几句", takes: true, talks: true, cadre: true, do: b.writeLog("", "1")},
		{words: []string{"无事", "今日无事", "今天无事", "今日无事项", "今天没事", "没啥事", "啥事没有", "没什么事"}, help: "当天没有事，一句话记好", talks: true, cadre: true, do: b.noMatters},
		{words: []string{"代录日志"}, help: "按纸上的替别人记日志", takes: true, talks: true, do: b.writeLogFor},
		{words: []string{"代改日志"}, help: "代录的日志有错，改过来，后面写姓名", takes: true, talks: true, do: b.fixLogFor},
		{words: []string{"我的日志"}, help: "看自己记过的日志", cadre: true, takes: true, pages: true, look: myLogs},
		{words: []string{logsBefore, "更正前的日志", "看更正前", "更正前"}, cadre: true, takes: true, look: myLogsBefore},
		{words: []string{"村里日志", "本村日志", "看日志"}, help: "看村里某天的日志", takes: true, look: b.villageLogs(false)},
		{words: []string{"村里更正前"}, takes: true, look: b.villageLogs(true)},
		{words: []string{"查日志"}, help: "写明原因，看日志里群众的姓名", takes: true, do: openLogs},
		{words: []string{"未办事项", "没办完的事"}, help: "看村里没办完的事", cadre: true, takes: true, pages: true, look: openMatters},
		{words: []string{"办结"}, help: "事情办好了，后面写编号和结果", takes: true, cadre: true, do: closeMatter},
		{words: []string{"移交"}, help: "把没办完的事转给同事", takes: true, cadre: true, do: handOver},
	}
}

// leaveCommands begin a sentence that asks for a kind of leave: 请事假 10.8-10.9.
func (b *Bot) leaveCommands() (all []command) {
	for _, kind := range []string{"事假", "病假", "年休假", "年假", "婚假", "产假", "陪产假", "丧假", "公差"} {
		all = append(all, command{words: []string{"请" + kind, "请个" + kind}, takes: true, talks: true, cadre: true, do: b.askLeave(kind + " ")})
	}
	return all
}

// route finds the command that a text asks for. A longer word goes before a
// shorter one that begins it.
func (b *Bot) route(text string) (found command, rest string, ok bool) {
	best := 0
	for _, c := range b.commands {
		for _, w := range c.words {
			after, hit := strings.CutPrefix(text, w)
			if !hit || len(w) <= best || after != "" && !c.takes && !c.marks {
				continue
			}
			found, rest, ok, best = c, strings.TrimSpace(after), true, len(w)
		}
	}
	if !ok {
		if c, said := b.asSaid(text); said {
			return c, text, true
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
	case c.words[0] == "谁在值班" && quietDuty.MatchString(rest):
		return false // it is told, not asked
	case c.marks:
		return rest == "" || marksSaid(rest)
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

// glued is a number behind a command, as a tap sends it (看假条18, 移交3孙玉山), and no count or
// day of something else (补贴500元).
var glued = regexp.MustCompile(`^[0-9]+(?:$|号?(?:$|[ ,:])|[^0-9号天日月年点时个件人次名位户家元块万斤亩米里岁周章条张本份场.:/~-])`)

// mayAnswer reports whether a text that begins like a command may be an answer all the
// same, in an open conversation: “值班冲突” asks nobody 谁在值班.
func (c command) mayAnswer(text, rest string) bool {
	return !glued.MatchString(rest) && rest != "" && !c.talks && !strings.HasPrefix(strings.TrimSuffix(text, rest), " ") && !strings.HasSuffix(strings.TrimSuffix(text, rest), " ")
}

// kindly makes a refusal lead on: to what this person can do instead, by words
// that can be tapped.
func (b *Bot) kindly(v *handlers.View, c command, err error) error {
	r, refused := errors.AsType[*handlers.Refusal](tapped(err, c.words[0], ""))
	if !refused {
		return err
	}
	text := r.Text
	if c.cadre && v.Bound() && !v.Is(handlers.Cadre) && !slices.Contains(wordsFor(v), c.words[0]) {
		menu, err := b.menu(v, "")
		if err != nil {
			return err
		}
		whose := "村干部"
		if v.Left() {
			whose = "在任的村干部"
		}
		text = "“" + c.words[0] + "”是" + whose + "用的。\n" + menu
	}
	for _, other := range b.commands {
		if w := other.words[0]; w != c.words[0] {
			text = strings.ReplaceAll(text, "“"+w+"”", "“"+say(w)+"”")
		}
	}
	return &handlers.Refusal{Field: r.Field, Text: text}
}
