package bot

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/scoring"
)

// agree answers the open question. Without one it does nothing: a stray 同意
// must not confirm or publish.
func (b *Bot) agree(d *handlers.Desk, rest string) (string, error) {
	rest = arabic(strings.TrimLeft(rest, "了 "))
	if reply, done, err := oneOfSeveral("同意", rest, func(no string) (string, error) { return b.agreeLeave(d, no) }); done {
		return reply, err
	}
	if no, _ := numbered(rest); no > 0 {
		return b.agreeLeave(d, rest)
	}
	if no, note, err := ofName(d.View, rest); err != nil || no > 0 {
		if err != nil {
			return "", err
		}
		return b.agreeLeave(d, strconv.Itoa(no)+" "+note)
	}
	if reply, open, err := b.openTalk(d, strings.TrimSpace("同意 "+strings.Trim(rest, "吧啊呀的"))); open || err != nil {
		return reply, err
	}
	leaves, err := waitingLeaves(d.View, "同意", rest)
	if err != nil {
		return "", err
	}
	if leaves != "" {
		return "", handlers.Refuse("%s", leaves)
	}
	return "", handlers.Refuse("现在没有等您同意的事。要办理结果，请发“待办”。")
}

// disagree rejects a leave by its number, or is the reason that is asked for. Without either
// it asks which leave is meant or, of the only one that waits, why; it leads out of nothing but a
// binding.
func (b *Bot) disagree(d *handlers.Desk, rest string) (string, error) {
	rest = arabic(rest)
	if reply, done, err := oneOfSeveral("不同意", rest, func(no string) (string, error) { return b.rejectLeave(d, no) }); done {
		return reply, err
	}
	if no, _ := numbered(rest); no > 0 {
		return b.rejectLeave(d, rest)
	}
	no, why, err := ofName(d.View, rest)
	switch {
	case err != nil:
		return "", err
	case no > 0:
		return b.rejectLeave(d, strconv.Itoa(no)+" "+why)
	}
	t, err := b.heldTurn(d)
	switch {
	case err != nil:
		return "", err
	case t.begun && t.form.name == "reject":
		return t.hear(cmp.Or(rest, "不同意"))
	case t.begun && (len(t.drafts) == 0 || t.form.name == "bind"):
		return b.cancel(d, rest)
	}
	if !t.begun && (rest == "" || noReason(rest)) {
		if reply, only, err := b.rejectOnly(d); only || err != nil {
			return reply, err
		}
	}
	leaves, err := waitingLeaves(d.View, "不同意", rest)
	switch {
	case err != nil:
		return "", err
	case leaves != "":
		return "", handlers.Refuse("%s", leaves)
	case t.begun:
		return "", handlers.Refuse("%s还没有办完。不办了回复〈取消〉，要改直接说怎么改。", t.form.words.Title)
	default:
		return b.cancel(d, rest)
	}
}

// confirm takes the step that is named, or the only one that waits. Inside a
// conversation it is an answer.
func (b *Bot) confirm(d *handlers.Desk, rest string) (string, error) {
	if rest == "" {
		if reply, open, err := b.openTalk(d, "确认"); open || err != nil {
			return reply, err
		}
		if err := d.TakeTurns(); err != nil {
			return "", err
		}
	}
	step, code, _ := strings.Cut(rest, " ")
	waiting, err := d.Waiting(step, strings.TrimSpace(code))
	switch {
	case err != nil:
		return "", err
	case len(waiting) == 0:
		return "", handlers.Refuse("现在没有等您确认的事，或者已经办过了。还有什么要办，看“待办”。")
	case len(waiting) > 1:
		lines := []string{fmt.Sprintf("有%d件事等您确认，请点一件：", len(waiting))}
		for _, w := range waiting[:min(listed, len(waiting))] {
			lines = append(lines, link("确认"+w.Step.Name+" "+w.Code(), w.Step.Name+" "+w.Title()))
		}
		return strings.Join(append(lines, "全部的看"+say("待办")+"。"), "\n"), nil
	}
	if err := d.TakeStep(waiting[0]); err != nil {
		return "", err
	}
	done := fmt.Sprintf("已%s：%s。\n", waiting[0].Step.Name, waiting[0].Title())
	left, err := d.Waiting("", "")
	if err != nil {
		return "", err
	}
	if len(left) > 0 {
		return done + fmt.Sprintf("还有%d件等您办，看%s。", len(left), say("待办")), nil
	}
	return done + thenWho(waiting[0].Step), nil
}

// thenWho says what becomes of a sequence after a step.
func thenWho(s handlers.Step) string {
	for _, next := range handlers.Steps() {
		if next.From == s.To {
			return fmt.Sprintf("下一步由%s%s。", map[handlers.RoleName]string{handlers.Org: "县委组织部", handlers.TownLeader: "镇党委"}[next.By], next.Name)
		}
	}
	return "结果已经发给每一位村干部。"
}

// listed is how many links with long words fit one reply.
const listed = 4

// seeResults shows a sequence to whoever is to take a step with it.
func seeResults(v *handlers.View, rest string) (string, error) {
	code, _, _ := strings.Cut(rest, "第")
	waiting, err := v.Waiting("", strings.TrimSpace(code))
	if err != nil {
		return "", err
	}
	if len(waiting) == 0 {
		return "现在没有等您确认的结果。", nil
	}
	w := waiting[0]
	rows, err := v.SequenceResults(w.Sequence)
	if err != nil {
		return "", err
	}
	var lines []string
	for _, r := range rows {
		line := fmt.Sprintf("%s %s %s %s", r.Village, r.Name, r.Total, r.Grade)
		if r.Tied {
			line += "（同分）"
		}
		line += beside(r.Self)
		lines = append(lines, line)
	}
	head := fmt.Sprintf("%s（%d人，优秀名额%d）%s", w.Title(), w.Sequence.Headcount, w.Sequence.Quota,
		link("确认"+w.Step.Name+" "+w.Code(), "确认"+w.Step.Name))
	return onPage(head, lines, pageIn(rest), "查看 "+w.Code()), nil
}

// publicNotice shows names and grades, as the board in the village does.
func publicNotice(v *handlers.View, rest string) (string, error) {
	notices, err := v.Notices()
	if err != nil {
		return "", err
	}
	if len(notices) == 0 {
		return "还没有公布的考核结果。", nil
	}
	var lines []string
	for _, n := range notices {
		by := map[scoring.Grade][]string{}
		for _, r := range n.Rows {
			by[r.Grade] = append(by[r.Grade], r.Name)
		}
		lines = append(lines, n.Title+"：")
		for _, grade := range []scoring.Grade{scoring.Excellent, scoring.Qualified, scoring.Unqualified, scoring.Ungraded} {
			if len(by[grade]) > 0 {
				lines = append(lines, string(grade)+"："+strings.Join(by[grade], "、"))
			}
		}
	}
	return onPage("村干部季度考核结果", lines, pageIn(rest), "公示"), nil
}
