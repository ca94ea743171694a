package bot

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/cunkao/cunkao/handlers"
)

// agreeLeave approves a leave by its number; what follows is said with it.
func (b *Bot) agreeLeave(d *handlers.Desk, rest string) (string, error) {
	if err := tooLong(rest); err != nil {
		return "", err
	}
	no, note := numbered(rest)
	l, err := d.ApproveLeave(no, handlers.Approval{Note: note, NotUrgent: strings.Contains(note, "不紧急")})
	if err != nil {
		return "", err
	}
	if err := b.forgetRejection(d, no); err != nil {
		return "", err
	}
	lines := []string{"已同意 ✓ " + l.Name + "的" + strconv.Itoa(no) + "号假条：" + l.Words + "。已通知本人。"}
	for _, n := range l.Notes {
		lines = append(lines, noteSaid(n))
	}
	return strings.Join(lines, "\n"), nil
}

// tooLong refuses what is no number of any leave.
func tooLong(rest string) error {
	if said := digits.FindString(rest); len(said) > 9 && strings.HasPrefix(rest, said) {
		return handlers.Refuse("没有%s号假条，或者不归您管。", said[:min(30, len(said))])
	}
	return nil
}

// forgetRejection drops the question why a leave is rejected, once it is decided.
func (b *Bot) forgetRejection(d *handlers.Desk, no int) error {
	_, err := b.forgetForm(d, func(one handlers.Draft) bool { return one.Form == "reject" && one.Answers["no"] == strconv.Itoa(no) })
	return err
}

// forgetForm drops the forms that there is nothing left for.
func (b *Bot) forgetForm(d *handlers.Desk, idle func(handlers.Draft) bool) (bool, error) {
	t, err := b.heldTurn(d)
	if err != nil {
		return false, err
	}
	was := len(t.drafts)
	t.drafts = slices.DeleteFunc(t.drafts, idle)
	if len(t.drafts) == was {
		return false, nil
	}
	return true, t.keep()
}

// noteSaid is a note on a leave as a line.
func noteSaid(n handlers.LeaveNote) string {
	if n.Kind == handlers.NoteShift && len(n.Ways) > 0 {
		return "注意：" + n.Text + "，可以" + strings.Join(n.Ways, "或") + "。"
	}
	return "注意：" + n.Text + "。"
}

// rejectForm asks why, where 不同意 came without a reason.
func rejectForm() form {
	return form{
		name: "reject", edition: 1, plain: true,
		fields: []field{{name: "reason", read: readRejection}},
		submit: submitRejection,
	}
}

// readRejection takes a whole message: no sentence of an approver is searched for reasons.
func readRejection(h listening, text string) (heard, error) {
	whole := text
	switch text = strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(text, "不同意"), "因为")); {
	case !h.whole:
		return heard{}, nil
	case asksWhy(text):
		return heard{complaint: h.words.says("whyreason")}, nil
	case noReason(text):
		return heard{complaint: h.words.says("noreason", "said", short(whole))}, nil
	}
	return filled("reason", text), nil
}

// whyReason is how somebody asks back who is asked for a reason.
var whyReason = regexp.MustCompile(`^(?:为啥|为什么|干嘛|干啥|凭啥|咋|怎么|还|非|一定|必须|我?不?想?)?(?:还|非|一定|必须)?(?:要|得|写|说|填|用)(?:写|说|填|有)?(?:个|啥|什么)?(?:理由|原因)(?:吗|啊|呢|干啥|干嘛|做什么)?$|^(?:为啥|为什么|啥|什么|凭啥|干嘛|咋了|怎么了)$`)

func asksWhy(text string) bool {
	text = strings.TrimRight(text, "?!。 ")
	return whyReason.MatchString(text) || question.MatchString(text) && !strings.ContainsAny(text, ",，。")
}

// noReason reports whether a text is an answer, and to another question than why.
func noReason(text string) bool {
	none := []string{"没有", "没有理由", "没理由", "没有原因", "没原因", "不用", "不用理由", "不写", "不写理由", "不想说", "确定", "不同意", "不批", "随便"}
	return len([]rune(text)) < 2 || agreed(text) || polite(text) || slices.Contains(none, text)
}

func submitRejection(d *handlers.Desk, a answers, w formWords) (string, error) {
	no, _ := strconv.Atoi(a["no"])
	l, err := d.RejectLeave(no, a["reason"])
	if err != nil {
		return "", err
	}
	return w.says("done", "name", l.Name, "no", a["no"]), nil
}

// rejectLeave rejects a leave by its number for the reason that follows; without one it is
// asked for, once it is sure that there is something to decide.
func (b *Bot) rejectLeave(d *handlers.Desk, rest string) (string, error) {
	if err := tooLong(rest); err != nil {
		return "", err
	}
	no, reason := numbered(rest)
	if asksWhy(reason) || reason != "" && noReason(reason) {
		reason = ""
	}
	a := answers{"no": strconv.Itoa(no)}
	if reason != "" {
		a["reason"] = reason
	}
	f := b.forms["reject"]
	reply, err := f.submit(d, a, f.words)
	if r, refused := refusal(err); refused && r.Field == "reason" && reason == "" {
		return b.begin(d, f, answers{"no": a["no"]}, "")
	}
	if err != nil {
		return "", err
	}
	return reply, b.forgetRejection(d, no)
}

// rejectOnly asks why the only leave that waits is rejected, and says which one that is.
func (b *Bot) rejectOnly(d *handlers.Desk) (reply string, only bool, err error) {
	leaves, err := waits(d.View, func(handlers.Leave) bool { return true })
	if err != nil || len(leaves) != 1 {
		return "", false, err
	}
	l, no := leaves[0], strconv.Itoa(leaves[0].Number)
	reply, err = b.rejectLeave(d, no)
	return b.forms["reject"].words.says("which", "name", l.Name, "no", no, "what", l.Words) + "\n" + reply, true, err
}

// severalNumbers are those of a decision about more than one leave: 同意3和5, 同意3、5.
var severalNumbers = regexp.MustCompile(`^第? ?([0-9]+)号?(?:假条)?((?: ?(?:和|与|跟|及|、|,| ) ?第?[0-9]+号?(?:假条)?)+)(?:都|吧|了)*$`)

// nextDecision is one more decision behind the first, be it the other way round: 同意1 不同意2.
var nextDecision = regexp.MustCompile(`^(第? ?[0-9].*?)[ ,、。;]+((?:不?同意|不?批准|驳回) ?第?[0-9]+号?(?:假条)?(?:$|[ ,].*))$`)

// oneOfSeveral decides the first of several leaves, and names the others to tap.
func oneOfSeveral(word, rest string, one func(rest string) (string, error)) (string, bool, error) {
	if next := nextDecision.FindStringSubmatch(rest); next != nil {
		reply, err := one(next[1])
		reply, err = continued(reply, err, alsoSaid(next[2]))
		return reply, true, err
	}
	m := severalNumbers.FindStringSubmatch(rest)
	if m == nil {
		return "", false, nil
	}
	var taps []string
	for _, no := range digits.FindAllString(m[2], tappable) {
		taps = append(taps, say(word+no))
	}
	left := "\n一次办一张，还没有办：" + strings.Join(taps, "　")
	reply, err := one(m[1])
	reply, err = continued(reply, err, left)
	return reply, true, err
}

var digits = regexp.MustCompile(`[0-9]+`)

// ofName finds the leave that waits of the one whom a decision names, 0 if none or several.
func ofName(v *handlers.View, rest string) (no int, after string, err error) {
	named := func(l handlers.Leave) bool {
		behind, ok := strings.CutPrefix(rest, l.Name)
		behind = strings.Trim(behind, " ,吧了")
		return ok && (slices.Contains([]string{"", "的假", "的假条", "请假", "的请假"}, behind) || strings.HasPrefix(strings.TrimPrefix(rest, l.Name), " "))
	}
	leaves, err := waits(v, named)
	if err != nil || len(leaves) != 1 {
		return 0, "", err
	}
	_, after, _ = strings.Cut(rest, " ")
	return leaves[0].Number, strings.TrimSpace(after), nil
}

// waitingLeaves asks whoever says 同意 or 不同意 alone which leave he means; empty without
// any. What he said with it is in what he taps.
func waitingLeaves(v *handlers.View, word, said string) (string, error) {
	leaves, err := waits(v, func(handlers.Leave) bool { return true })
	if err != nil || len(leaves) == 0 {
		return "", err
	}
	return leavesToTap("您"+word+"的是哪张假条？还没有批。", leaves, tappable, "待办", func(l handlers.Leave, no string) string {
		return l.Name + "，" + l.Words + "　" + link(strings.TrimSpace(word+no+" "+said), word+no) + "　" + say("看假条"+no)
	}), nil
}
