package handlers

import (
	"fmt"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
)

// StateWord is the state of a leave in words.
func (l Leave) StateWord() string { return stateWord(l.State) }

// stateWord is a state of a leave in words.
func stateWord(s models.LeaveState) string {
	switch s {
	case models.LeaveAsked:
		return "待审批"
	case models.LeaveApproved:
		return "已批准"
	case models.LeaveRejected:
		return "未批准"
	case models.LeaveWithdrawn:
		return "已撤回"
	case models.LeaveCancelled:
		return "已取消"
	default:
		return "已销假"
	}
}

// spanWords writes a span: 10月8日下午至10月9日, 10月8日上午.
func spanWords(s calendar.Span) string {
	day := func(d calendar.Date) string { return fmt.Sprintf("%d月%d日", d.Month, d.Day) }
	from, to := day(s.First), day(s.Last)
	if s.FromNoon {
		from += "下午"
	}
	if s.ToNoon {
		to += "上午"
	}
	switch {
	case s.First != s.Last:
		return from + "至" + to
	case s.ToNoon:
		return to
	default:
		return from
	}
}

// halfWords writes half a day: 10月8日 周四上午.
func halfWords(h calendar.Half) string {
	if h.Noon {
		return h.Day.Chinese() + "下午"
	}
	return h.Day.Chinese() + "上午"
}

// show fills in what people see of a leave, with its reason.
func (v *View) show(l models.Leave) (Leave, error) {
	out, err := v.showAll([]models.Leave{l})
	if err != nil {
		return Leave{Leave: l}, err
	}
	return out[0], nil
}

// showAll is show for several: the people of all are read at once.
func (v *View) showAll(rows []models.Leave) ([]Leave, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	off, err := v.daysOff()
	if err != nil {
		return nil, err
	}
	out, approvers, ids := make([]Leave, len(rows)), make([]string, len(rows)), []string(nil)
	for i, l := range rows {
		if approvers[i] = l.DecidedBy; l.State == models.LeaveAsked {
			line, err := v.line(l)
			if err != nil {
				return nil, err
			}
			approvers[i] = line.first()
		}
		out[i] = Leave{Leave: l, Words: l.Kind + spanWords(l.Span()) + "，" + l.Span().Length(off)}
		if l.Extends != "" {
			out[i].Words = "续" + out[i].Words
		}
		ids = append(ids, l.PersonID, l.DeputyID, approvers[i])
	}
	people, err := v.tx.PeopleByID(ids)
	if err != nil {
		return nil, fmt.Errorf("people of leave %s: %w", rows[0].ID, err)
	}
	for i, l := range rows {
		out[i].Name, out[i].Deputy, out[i].Approver = people[l.PersonID].Name, people[l.DeputyID].Name, people[approvers[i]].Name
		village, err := v.tx.Village(l.VillageID)
		if err != nil {
			return nil, fmt.Errorf("village of leave %s: %w", l.ID, err)
		}
		out[i].Village = village.Name
		if err := v.open(&out[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (v *View) open(l *Leave) (err error) {
	if l.Why, err = v.h.box.Open(l.Reason, reasonOf(l.ID)); err != nil {
		return fmt.Errorf("reason of leave %s: %w", l.ID, err)
	}
	if l.Said == "" {
		return nil
	}
	if l.Answer, err = v.h.box.Open(l.Said, answerOf(l.ID)); err != nil {
		return fmt.Errorf("answer to leave %s: %w", l.ID, err)
	}
	return nil
}
