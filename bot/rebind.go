package bot

import (
	"fmt"
	"strings"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
)

// rebinds reports whether somebody may give codes and end bindings.
func rebinds(v *handlers.View) bool {
	return v.Is(handlers.TownStaff) || v.Is(handlers.TownLeader) || v.Is(handlers.Org)
}

// onePerson finds the person whom a word of the staff is about: “张三”, or “张三”
// and what he is, where several have the name. ask is what is asked otherwise.
func onePerson(v *handlers.View, word, rest string) (found handlers.Candidate, ask string, err error) {
	name, what, _ := strings.Cut(rest, " ")
	if name == "" {
		return found, "请写上姓名，如“" + word + " 张三”。", nil
	}
	all, err := v.Candidates(name)
	if err != nil {
		return found, "", err
	}
	var fit []handlers.Candidate
	for _, c := range all {
		if what == "" || strings.Contains(strings.ReplaceAll(c.Title, " ", ""), strings.ReplaceAll(what, " ", "")) {
			fit = append(fit, c)
		}
	}
	switch len(fit) {
	case 0:
		return found, "您管的范围里没有“" + name + "”。请核对姓名。", nil
	case 1:
		return fit[0], "", nil
	}
	lines := []string{fmt.Sprintf("叫“%s”的有%d个人，点一下是哪位：", name, len(fit))}
	for _, c := range fit {
		lines = append(lines, link(word+" "+name+" "+c.Title, c.Title))
	}
	return found, strings.Join(lines, "\n"), nil
}

// newCode makes a binding code for somebody, by the staff.
func (b *Bot) newCode(d *handlers.Desk, rest string) (string, error) {
	if !rebinds(d.View) {
		return "", handlers.Refuse("绑定码由镇上工作人员发。要绑定请回复“绑定”。")
	}
	who, ask, err := onePerson(d.View, "绑定码", rest)
	if err != nil || ask != "" {
		return ask, err
	}
	d.Secret()
	codes, err := d.IssueCode(who.ID)
	if err != nil {
		return "", err
	}
	until := calendar.On(codes.Expires).Chinese() + " " + calendar.TimeOfDay(codes.Expires)
	return fmt.Sprintf("%s（%s）的绑定码：%s\n%s前有效，只能用一次。请本人发给公众号：\n绑定 %s 手机尾号4位", who.Name, who.Title, codes.Code, until, codes.Code), nil
}

// unbind ends somebody's binding, by the staff: first it is asked whether that is
// meant. The answer names when the binding was made: a link stays in the chat for
// ever, and an old one is not about a binding of today.
func (b *Bot) unbind(d *handlers.Desk, rest string) (string, error) {
	if !rebinds(d.View) {
		return "", handlers.Refuse("换手机、丢手机要解绑，请找镇上工作人员，他们会给您重发绑定码。")
	}
	rest, sure := strings.CutPrefix(rest, "确定 ")
	since := ""
	if word, name, two := strings.Cut(rest, " "); sure && two && strings.Contains(word, ":") {
		since, rest = word, name
	}
	who, ask, err := onePerson(d.View, "解绑", rest)
	if err != nil || ask != "" {
		return ask, err
	}
	if !who.Bound {
		return who.Name + "（" + who.Title + "）现在没有绑定微信。要发码，点" + link("绑定码 "+who.Name+" "+who.Title, "绑定码") + "。", nil
	}
	meant := who.Since.In(calendar.Zone).Format("1月2日15:04")
	if since != meant {
		return fmt.Sprintf("要把%s（%s）的微信解绑吗？解绑后他要用新的绑定码再绑，原来的微信会收到通知。\n%s　%s",
			who.Name, who.Title, link("解绑 确定 "+meant+" "+who.Name+" "+who.Title, "确定解绑"), link("菜单", "不解绑")), nil
	}
	if err := d.Unbind(who.ID, ""); err != nil {
		return "", err
	}
	return who.Name + "已解绑。给他发新码，点" + link("绑定码 "+who.Name+" "+who.Title, "绑定码") + "。", nil
}
