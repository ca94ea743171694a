package handlers

import (
	"fmt"
	"strconv"
	"time"

	"github.com/cunkao/cunkao/models"
)

// leaveTasks are the leaves that wait for the person: to decide about, to stand
// in for, and the own one to report back from.
func (v *View) leaveTasks() ([]Task, error) {
	var out []Task
	if v.Is(Cadre) || v.Is(TownLeader) || v.Is(Org) {
		waiting, err := v.PendingLeaves()
		if err != nil {
			return nil, err
		}
		for _, l := range waiting {
			no := strconv.Itoa(l.Number)
			out = append(out, Task{Text: l.Village + l.Name + "申请" + l.Words + "，待您审批（" + no + "号）", Say: "同意" + no, Look: "看假条" + no})
		}
	}
	if !v.Is(Cadre) {
		return out, nil
	}
	mine, err := v.returnTasks()
	if err != nil {
		return nil, err
	}
	asked, err := v.deputyTasks()
	return append(append(out, mine...), asked...), err
}

// returnTasks are the own leaves that end today or have ended.
func (v *View) returnTasks() ([]Task, error) {
	open, err := v.tx.LeavesOpenOf(v.Who.ID)
	if err != nil {
		return nil, fmt.Errorf("my open leaves: %w", err)
	}
	var out []Task
	for _, l := range open {
		if l.State != models.LeaveApproved || l.LastDay.After(v.Today) {
			continue
		}
		out = append(out, Task{
			Text: fmt.Sprintf("%d号假%s到期，回村后请销假", l.Number, l.LastDay.Chinese()), Say: "销假",
			Due: l.Absence(v.Now).End().Add(24 * time.Hour),
		})
	}
	return out, nil
}

func (v *View) deputyTasks() ([]Task, error) {
	rows, err := v.tx.LeavesStoodIn(v.Who.ID)
	if err != nil {
		return nil, fmt.Errorf("who asks for a deputy: %w", err)
	}
	var out []Task
	for _, l := range rows {
		if l.DeputySaid != "" || l.LastDay.Before(v.Today) {
			continue
		}
		p, err := v.tx.Person(l.PersonID)
		if err != nil {
			return nil, fmt.Errorf("who asks for a deputy: %w", err)
		}
		out = append(out, Task{
			Text: p.Name + spanWords(l.Span()) + "请假，请您代理", Say: "同意代理" + strconv.Itoa(l.Number), Look: "看假条" + strconv.Itoa(l.Number),
		})
	}
	return out, nil
}
