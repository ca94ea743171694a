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
			out = append(out, decisionTask(l))
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

// decisionTask is a leave in the hands of whoever decides: what it is for is said with it,
// for he is to judge it.
func decisionTask(l Leave) Task {
	no, text := strconv.Itoa(l.Number), l.Village+l.Name+l.Words+"，"+inFew(l.Why)
	if l.Emergency {
		text += "（紧急补假）"
	}
	return Task{Text: text + "，待您审批", Say: "同意" + no, Other: "不同意" + no, Look: "看假条" + no, Leave: l.Number}
}

// mostOfReason is how many characters of a reason stand in a list.
const mostOfReason = 20

func inFew(said string) string {
	if r := []rune(said); len(r) > mostOfReason {
		return string(r[:mostOfReason-1]) + "…"
	}
	return said
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
			Text: l.LastDay.Chinese() + "到期，回村后请销假", Say: "销假", Leave: l.Number,
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
			Text: p.Name + spanWords(l.Span()) + "请假，请您代理", Say: "同意代理" + strconv.Itoa(l.Number), Other: "不代理" + strconv.Itoa(l.Number), Look: "看假条" + strconv.Itoa(l.Number), Leave: l.Number,
		})
	}
	return out, nil
}
