package bot

import (
	"strings"

	"github.com/cunkao/cunkao/handlers"
)

// consent is what a person agrees to before binding
// (handlers.ConsentEdition).
const consent = "绑定前请先看一看：本账号保存您的姓名、手机号（加密）和签到、考核记录，只用于村干部季度考核；不取位置、不要照片。\n"

// bindForm is the conversation behind 绑定.
func bindForm() form {
	scanned := func(a answers) bool { return a["scene"] != "" }
	return form{
		name: "bind", title: "绑定", edition: 1,
		fields: []field{
			{
				name: "consent",
				ask:  consent + "同意请回复" + say("同意") + "，不同意回复" + say("取消") + "。",
				read: readConsent,
			},
			{
				name: "code", skip: scanned,
				ask:  "请发8位绑定码（镇上工作人员给您的，如 ABCD2345）。",
				read: readCode,
			},
			{
				name: "phone4", skip: scanned,
				ask:  "请发您手机号的最后4位。",
				read: readPhone4,
			},
		},
		submit: submitBind,
	}
}

func readConsent(text string) (answers, string) {
	switch text {
	case "同意", "确认", "好", "好的", "是", "行", "可以":
		return answers{"consent": handlers.ConsentEdition}, ""
	default:
		return nil, "没有看懂“" + short(text) + "”。"
	}
}

// readCode takes a code, or a code and four digits in one message.
func readCode(text string) (answers, string) {
	all := handlers.PlainCode(text)
	switch len(all) {
	case 8:
		return answers{"code": all}, ""
	case 12:
		if isDigits(all[8:]) {
			return answers{"code": all[:8], "phone4": all[8:]}, ""
		}
	default:
	}
	return nil, "绑定码是8位字母和数字，您发的是“" + short(text) + "”。"
}

func readPhone4(text string) (answers, string) {
	digits := handlers.PlainCode(text)
	if len(digits) == 11 && isDigits(digits) {
		digits = digits[7:] // the whole number does as well
	}
	if len(digits) != 4 || !isDigits(digits) {
		return nil, "要4个数字，您发的是“" + short(text) + "”。"
	}
	return answers{"phone4": digits}, ""
}

func isDigits(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

// short quotes a few characters of what somebody wrote.
func short(text string) string {
	r := []rune(text)
	if len(r) > 12 {
		return string(r[:12]) + "…"
	}
	return text
}

// scanned begins the binding with a code that was scanned.
func (b *Bot) scanned(d *handlers.Desk, scene string) (string, error) {
	if err := d.MayBind(); err != nil {
		return "", err
	}
	return b.advance(d, bindForm(), answers{"scene": scene})
}

// bind begins the binding, with what stood in the same message.
func (b *Bot) bind(d *handlers.Desk, rest string) (string, error) {
	if err := d.MayBind(); err != nil {
		return "", err
	}
	known := answers{}
	if rest != "" {
		filled, complaint := readCode(rest)
		if complaint != "" {
			return complaint + "\n" + bindForm().fields[0].ask, d.SetTalk(talkOf(bindForm(), known))
		}
		known = filled
	}
	return b.advance(d, bindForm(), known)
}

func submitBind(d *handlers.Desk, a answers) (string, error) {
	who, err := d.Bind(handlers.Proof{Code: a["code"], Phone4: a["phone4"], Scene: a["scene"]})
	if err != nil {
		return "", err
	}
	me, err := d.Introduce()
	if err != nil {
		return "", err
	}
	return "绑定成功。" + who.Name + "，您好！\n您的身份：" + me.Title() + "。\n" + waysOn(me), nil
}

// waysOn names what somebody can do first.
func waysOn(me handlers.Me) string {
	switch {
	case me.Has(handlers.Cadre):
		return "到岗时回复" + say("签到") + "，看班回复" + say("我的排班") + "，看分回复" + say("我的得分") + "。"
	case me.Has(handlers.TownLeader), me.Has(handlers.Org), me.Has(handlers.TownStaff):
		return "有事要办时回复" + say("待办") + "。"
	default:
		return "回复" + say("谁在值班") + "看村里今天谁值班，回复" + say("公示") + "看考核结果。"
	}
}
