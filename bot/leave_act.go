package bot

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
)

// backWords are how a return is told: “昨天下午回来了”, “已经回村”. backBare is what of it is
// no time.
var (
	backWords = regexp.MustCompile(`^[^不没]{0,12}(?:回来了|回村了|到村了)$|` +
		`^(?:我|咱|俺|本人|[今昨前]天|昨晚|今早|刚刚?|已经|提前|上午|下午|早上|中午|晚上|[0-9]+[月号日]|从.{1,6})+(?:回来|回村|回的村|到村)的?$`)
	backBare = regexp.MustCompile(`我|咱|俺|本人|已经|提前|刚刚?|回来|回村|回的村|到村|[的了]$`)
)

// leaveSentence is how a leave is asked for without the word at the front: “明天下午到后天
// 请事假，送孩子上学”.
// A length without the word 假 is enough (娃发烧，明儿请一天), unless it counts something else:
// 请两天工人.
var leaveSentence = regexp.MustCompile(`请.{0,10}假|(?:想|要|得)请[^教问客]|(?:事|病|年休|年|婚|产|陪产|丧)假|` +
	`请.{0,4}公差|^公差[ ,，:：].{2}|(?:[明后]天|[明后]儿|[0-9]+[号日]).{0,10}公差|` +
	`请(?:上|个|他|她)?(?:半|[0-9]+|[一两二三四五六七八九十]+)(?:个)?(?:天半|天|上午|下午|后晌|头晌|星期|礼拜|周)(?:$|[ ,，。;；、!?吧啊嘛呗哈去回看办陪送带因到给])`)

// askLeave begins a leave with what stood in the same sentence.
func (b *Bot) askLeave(lead string) func(d *handlers.Desk, rest string) (string, error) {
	return func(d *handlers.Desk, rest string) (string, error) {
		if !d.Bound() || !d.Is(handlers.Cadre) {
			_, err := d.LeaveNotes(handlers.LeaveRequest{})
			return "", err
		}
		said := strings.TrimSpace(lead + rest)
		if asked, err := asksHow(d.View, said); asked || err != nil {
			w := b.forms["leave"].words
			reply, err := b.withOpenQuestion(d.View, linked(w.says("howto", "example", w.Example)))
			return reply, err
		}
		if strings.HasPrefix(said, "没") { // 请假没去
			return onRecord(d.View, said)
		}
		first, later := firstLeave(d.View, said)
		f, given, head := b.forms["leave"], answers{}, ""
		if later != "" {
			given["later"] = later
			head = f.words.says("oneonly", "later", short(later)) + "\n"
		}
		reply, err := b.begin(d, f, given, first)
		return head + reply, err
	}
}

// askLate is 紧急补假: of the days that were refused as over or, without any, a leave of its own.
func (b *Bot) askLate(d *handlers.Desk, rest string) (string, error) {
	t, err := b.heldTurn(d)
	if err != nil {
		return "", err
	}
	if len(t.drafts) > 0 && t.form.name == "leave" && t.draft().Open == "first" && t.draft().Answers["began"] != "" {
		return t.hear("紧急补假 " + rest)
	}
	return b.askLeave("紧急补假 ")(d, rest)
}

// leaveTold takes a sentence that asks for a leave without the word at its front, unless it tells
// of one.
func (b *Bot) leaveTold(d *handlers.Desk, text string) (string, error) {
	if d.Bound() && d.Is(handlers.Cadre) && speaksOfPast(text) {
		return onRecord(d.View, text)
	}
	return b.askLeave("")(d, text)
}

// howLeave is how somebody asks about leave who wants none: 请假条咋写, 请假要几天批.
var howLeave = regexp.MustCompile(`(?:咋|怎么|怎样|如何)(?:个)?(?:写|填|请|弄|交|批)|(?:几天|多久|多长时间|啥时候|什么时候|谁)(?:来|能|才|给)?批|(?:最多|能|可以|一次).{0,3}请?几天|(?:啥|什么|哪些)手续|扣.{0,3}(?:钱|分|补贴|工资)(?:吗|么|不)`)

func asksHow(v *handlers.View, text string) (bool, error) {
	if !howLeave.MatchString(text) {
		return false, nil
	}
	f, _, err := heardLeave(listening{v: v}, text)
	return !f.HasDays() && len(f.Choices) == 0, err
}

// askLeaveFor begins a leave from paper for somebody else (代请假).
func (b *Bot) askLeaveFor(d *handlers.Desk, rest string) (string, error) {
	name, said, _ := strings.Cut(rest, " ")
	who, ask, err := b.inScope(d.View, "代请假", name)
	if err != nil || ask != "" {
		return ask, err
	}
	return b.begin(d, b.forms["leave"], answers{"person": who.PersonID, "name": who.Name}, said)
}

// inScope finds the cadre whom a word of somebody in charge is about.
func (b *Bot) inScope(v *handlers.View, word, name string) (found handlers.Colleague, ask string, err error) {
	if name == "" {
		return found, "请写上姓名，如“" + word + " 张三”。", nil
	}
	fit, err := v.CadresNamed(name)
	if err != nil {
		return found, "", err
	}
	switch len(fit) {
	case 0:
		return found, "您管的范围里没有叫“" + short(name) + "”的村干部。", nil
	case 1:
		return fit[0], "", nil
	default:
		return found, "叫“" + short(name) + "”的有几位，请到镇上登记。", nil
	}
}

// onOwn is a command about an own leave, by its number or the only one.
func onOwn(act func(*handlers.Desk, int) (handlers.Leave, error), done string) func(*handlers.Desk, string) (string, error) {
	return func(d *handlers.Desk, rest string) (string, error) {
		no, err := slipNumber(rest)
		if err != nil {
			return "", err
		}
		l, err := act(d, no)
		if err != nil {
			return "", err
		}
		return done + strconv.Itoa(l.Number) + "号假条：" + l.Words + "。", nil
	}
}

// slip is a number of a leave at the front of what is said; a date is none.
var slip = regexp.MustCompile(`^第? ?([0-9]+)(?:号?(?:续?假条?|的)?(?:吧|了|一下)?|号?[ ,].*)$`)

// slipNumber reads the number of a leave of one's own, 0 for the only one.
func slipNumber(rest string) (int, error) {
	rest = strings.TrimSpace(rest)
	if m := slip.FindStringSubmatch(rest); m != nil {
		no, _ := strconv.Atoi(m[1])
		return no, tooLong(m[1])
	}
	if rest == "" || strings.ContainsAny(rest, "假批我吧") || polite(rest) {
		return 0, nil
	}
	return 0, handlers.Refuse("没有听懂“%s”。要办假条，请写假条号；号在“我的假条”里。", short(rest))
}

// cameBack is how somebody says no more than that he is back, and from where.
var cameBack = regexp.MustCompile(`^(?:我|咱|俺)(?:已经|现在|刚刚?)?(?:从|在|打)[^,，不没]{1,8}(?:回来了|回村了|到村了)$`)

// back reads when somebody came back: the half day that is named, or now.
func back(v *handlers.View, text string) (calendar.Half, error) {
	here := cameBack.MatchString(text)
	text = strings.Trim(backBare.ReplaceAllString(text, ""), " ,，的了")
	if text == "" {
		return calendar.Half{}, nil
	}
	off, err := v.DaysOff()
	if err != nil {
		return calendar.Half{}, err
	}
	f := calendar.ReadLeave(text, v.Sent.In(calendar.Zone), off)
	if here && f.Kind == calendar.NoPhrase && len(f.Asks) == 0 {
		return calendar.Half{}, nil
	}
	if !f.HasDays() || f.Days.Start != f.Days.End {
		return calendar.Half{}, handlers.RefuseField("returned", "没有看懂“%s”是什么时候。现在就回来了回复“销假”，先回来的说“昨天下午回来了”。", short(text))
	}
	return calendar.Half{Day: f.Days.Start, Noon: f.Days.StartPart == calendar.Afternoon}, nil
}

func (b *Bot) reportReturn(d *handlers.Desk, rest string) (string, error) {
	no, when := 0, rest
	if n, after := numbered(rest); n > 0 && !strings.ContainsAny(after, "月日点.-") {
		no, when = n, after
	}
	half, err := back(d.View, when)
	if err != nil {
		return "", err
	}
	l, err := d.ReportReturn(no, half)
	if err != nil {
		return "", tapped(err, "销假", when)
	}
	reply := returned(l, d.View)
	if l.GivenBack() == l.Span().Halves() {
		reply += "\n" + b.forms["leave"].words.says("unused")
	}
	dropped, err := b.forgetExtension(d, l.Number)
	return reply + dropped, err
}

// forgetExtension drops the form that would extend a leave which has ended, and says so.
func (b *Bot) forgetExtension(d *handlers.Desk, no int) (string, error) {
	dropped, err := b.forgetForm(d, func(one handlers.Draft) bool {
		slip := one.Answers["slip"]
		return one.Form == "extend" && (slip == "" || slip == strconv.Itoa(no))
	})
	if !dropped {
		return "", err
	}
	return "\n" + b.forms["extend"].words.says("back"), err
}

// reportReturnFor is 代销假: by number, of somebody in one's charge.
func reportReturnFor(d *handlers.Desk, rest string) (string, error) {
	no, when := numbered(rest)
	if no == 0 {
		return "", handlers.Refuse("请写上假条号，如“代销假12 昨天下午”。")
	}
	half, err := back(d.View, when)
	if err != nil {
		return "", err
	}
	l, err := d.ReportReturnFor(no, half)
	if err != nil {
		return "", err
	}
	return l.Name + "的" + returned(l, d.View), nil
}

func returned(l handlers.Leave, v *handlers.View) string {
	noon := "上午"
	if l.ReturnedNoon {
		noon = "下午"
	}
	lines := []string{"销假成功 ✓ " + strconv.Itoa(l.Number) + "号假，" + l.ReturnedDay.Chinese() + noon + "回村。"}
	if n := l.GivenBack(); n > 0 {
		lines = append(lines, "提前回来，退还"+calendar.DayCount(n)+"。销错了点"+link("收回销假"+strconv.Itoa(l.Number), "收回销假")+"。")
	}
	if faults := l.Faults(v.Now); faults != "" {
		lines = append(lines, "注意："+faults+"，按规定会扣分。")
	}
	return strings.Join(lines, "\n")
}

func deputySays(act func(*handlers.Desk, int) (handlers.Leave, error), said string) func(*handlers.Desk, string) (string, error) {
	return func(d *handlers.Desk, rest string) (string, error) {
		no, _ := numbered(rest)
		l, err := act(d, no)
		if err != nil {
			return "", err
		}
		return said + l.Name + "的" + strconv.Itoa(l.Number) + "号假条，已告诉他。", nil
	}
}

// nameDeputy names another deputy: 请人代理 12 王主任.
func nameDeputy(d *handlers.Desk, rest string) (string, error) {
	no, name := numbered(rest)
	all, err := d.Colleagues(calendar.Span{})
	if err != nil {
		return "", err
	}
	c := whoIs(name, all)
	if c.PersonID == "" {
		return "", handlers.RefuseField("deputy", "本村没有认出“%s”。请写姓名，如“请人代理 张三”。", short(name))
	}
	l, err := d.NameDeputy(no, c.PersonID)
	if err != nil {
		return "", err
	}
	return "已请" + c.Name + "代理" + strconv.Itoa(l.Number) + "号假，等他答复。", nil
}

func myLeaves(v *handlers.View, rest string) (string, error) {
	rows, err := v.MyLeaves(30)
	if err != nil {
		return "", err
	}
	if len(rows) == 0 {
		return "您还没有请过假。要请假，回复" + say("请假") + "。", nil
	}
	var lines []string
	for _, l := range rows {
		lines = append(lines, leaveLine(v, l))
	}
	return onPage("您的假条：", lines, pageIn(rest), "我的假条"), nil
}

// leaveLine is an own leave with what can be done with it.
func leaveLine(v *handlers.View, l handlers.Leave) string {
	no := strconv.Itoa(l.Number)
	line := no + "号 " + l.Words + "，" + leaveState(l)
	switch {
	case l.State == models.LeaveAsked:
		line += " " + link("催办"+no, "催办") + " " + link("撤回"+no, "撤回")
	case l.State != models.LeaveApproved || l.Extends != "":
	case l.Begun(v.Now):
		line += " " + link("销假"+no, "销假")
	default:
		line += " " + link("取消请假"+no, "不请了")
	}
	return line
}

// leaveState says how far a leave is, and whom it waits for.
func leaveState(l handlers.Leave) string {
	if l.State == models.LeaveAsked {
		return "等" + l.Approver + "审批"
	}
	return l.StateWord()
}

// seeLeave shows one leave to whom it concerns, with what is to be known of it.
func seeLeave(v *handlers.View, rest string) (string, error) {
	rest = arabic(rest)
	if err := tooLong(rest); err != nil {
		return "", err
	}
	no, _ := numbered(rest)
	if no == 0 {
		return "", handlers.Refuse("请写上假条号，如“看假条12”。")
	}
	l, err := v.LeaveByNo(no)
	if err != nil {
		return "", err
	}
	lines := []string{fmt.Sprintf("%d号假条：%s %s", no, l.Village, l.Name), l.Words + "，" + leaveState(l)}
	if l.Why != "" {
		lines = append(lines, "事由："+l.Why)
	}
	if l.Emergency {
		lines = append(lines, "紧急先走，事后补假。")
	}
	if l.Deputy != "" {
		lines = append(lines, "代理人："+l.Deputy)
	}
	for _, n := range l.Notes {
		lines = append(lines, noteSaid(n))
	}
	if l.Answer != "" {
		lines = append(lines, "批语："+l.Answer)
	}
	if faults := l.Faults(v.Now); faults != "" {
		lines = append(lines, faults+"。")
	}
	if l.Decides {
		lines = append(lines, say("同意"+strconv.Itoa(no))+"　"+say("不同意"+strconv.Itoa(no)))
	}
	return strings.Join(lines, "\n"), nil
}
