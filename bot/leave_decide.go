package bot

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/cunkao/cunkao/handlers"
)

// agreeLeave approves a leave by its number; what follows is said with it.
func (b *Bot) agreeLeave(d *handlers.Desk, rest string) (string, error) {
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

// forgetRejection drops the question why a leave is rejected, once it is decided.
func (b *Bot) forgetRejection(d *handlers.Desk, no int) error {
	t, err := b.heldTurn(d)
	if err != nil {
		return err
	}
	was := len(t.drafts)
	t.drafts = slices.DeleteFunc(t.drafts, func(one handlers.Draft) bool { return one.Form == "reject" && one.Answers["no"] == strconv.Itoa(no) })
	if len(t.drafts) == was {
		return nil
	}
	return t.keep()
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
	switch text = strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(text, "不同意"), "因为")); {
	case !h.whole:
		return heard{}, nil
	case len([]rune(text)) < 2 || slices.Contains(yes(), text):
		return heard{complaint: h.words.says("noreason", "said", short(text))}, nil
	}
	return filled("reason", text), nil
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
	no, reason := numbered(rest)
	a := answers{"no": strconv.Itoa(no)}
	if reason != "" {
		a["reason"] = reason
	}
	f := b.forms["reject"]
	reply, err := f.submit(d, a, f.words)
	if r, refused := errors.AsType[*handlers.Refusal](err); refused && r.Field == "reason" && reason == "" {
		return b.begin(d, f, answers{"no": a["no"]}, "")
	}
	if err != nil {
		return "", err
	}
	return reply, b.forgetRejection(d, no)
}

// waitingLeaves asks whoever says 同意 or 不同意 alone which leave he means; empty without
// any. What he said with it is in what he taps.
func waitingLeaves(v *handlers.View, word, said string) (string, error) {
	leaves, err := v.PendingLeaves()
	if _, refused := errors.AsType[*handlers.Refusal](err); refused {
		return "", nil
	}
	if err != nil || len(leaves) == 0 {
		return "", err
	}
	lines := []string{"您" + word + "的是哪张假条？还没有批。"}
	for _, l := range leaves[:min(tappable, len(leaves))] {
		no := strconv.Itoa(l.Number)
		lines = append(lines, l.Name+"，"+l.Words+"　"+link(strings.TrimSpace(word+no+" "+said), word+no)+"　"+say("看假条"+no))
	}
	if len(leaves) > tappable {
		lines = append(lines, "还有"+strconv.Itoa(len(leaves)-tappable)+"张，看"+say("待办")+"。")
	}
	return strings.Join(lines, "\n"), nil
}
