package bot

import (
	"errors"
	"fmt"
	"strings"

	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
)

// confirm takes the step that is named, or the only one that waits. Inside a
// conversation it is an answer.
func (b *Bot) confirm(d *handlers.Desk, rest string) (string, error) {
	if rest == "" {
		_, err := d.HeldTalk()
		switch {
		case err == nil:
			return b.continueTalk(d, "同意")
		case !errors.Is(err, models.ErrNotFound):
			return "", fmt.Errorf("confirm: %w", err)
		}
	}
	step, code, _ := strings.Cut(rest, " ")
	waiting, err := d.Waiting(step, strings.TrimSpace(code))
	switch {
	case err != nil:
		return "", err
	case len(waiting) == 0:
		return "", handlers.Refuse("现在没有等您确认的事，或者已经办过了。")
	case len(waiting) > 1:
		lines := []string{fmt.Sprintf("有%d件事等您确认，请点一件：", len(waiting))}
		for _, w := range waiting {
			lines = append(lines, link("确认"+w.Step.Name+" "+w.Code(), w.Step.Name+" "+w.Title()))
		}
		return strings.Join(lines, "\n"), nil
	}
	if err := d.TakeStep(waiting[0]); err != nil {
		return "", err
	}
	return fmt.Sprintf("已%s：%s。", waiting[0].Step.Name, waiting[0].Title()), nil
}

// seeResults shows a sequence to whoever is to take a step with it.
func seeResults(v *handlers.View, rest string) (string, error) {
	waiting, err := v.Waiting("", rest)
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
	lines := []string{fmt.Sprintf("%s（%d人，优秀名额%d）：", w.Title(), w.Sequence.Headcount, w.Sequence.Quota)}
	for _, r := range rows {
		line := fmt.Sprintf("%s %s %s %s", r.Village, r.Name, r.Total, r.Grade)
		if r.Tied {
			line += "（同分）"
		}
		lines = append(lines, line)
	}
	lines = append(lines, link("确认"+w.Step.Name+" "+w.Code(), "确认"+w.Step.Name))
	return strings.Join(lines, "\n"), nil
}

// publicNotice shows names and grades, as the board in the village does.
func publicNotice(v *handlers.View, _ string) (string, error) {
	notices, err := v.Notices()
	if err != nil {
		return "", err
	}
	if len(notices) == 0 {
		return "还没有公布的考核结果。", nil
	}
	var lines []string
	for _, n := range notices {
		by := map[string][]string{}
		var order []string
		for _, r := range n.Rows {
			grade := string(r.Grade)
			if by[grade] == nil {
				order = append(order, grade)
			}
			by[grade] = append(by[grade], r.Name)
		}
		lines = append(lines, n.Title+"：")
		for _, grade := range order {
			lines = append(lines, grade+"："+strings.Join(by[grade], "、"))
		}
	}
	return strings.Join(lines, "\n"), nil
}
