package handlers

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/cunkao/cunkao/models"
)

// leaveTasks are the leaves that wait for the person: to decide about, to stand
// in for, and the own one to report back from.
func (v *View) leaveTasks() ([]Task, error) {
	var out []Task
	if v.Is(Cadre) || v.Is(TownLeader) || v.Is(Org) {
		var err error
		if out, err = v.decisionTasks(); err != nil {
			return nil, err
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

// decisionTasks are the leaves in the hands of the person, each with what it leaves of its
// village.
func (v *View) decisionTasks() ([]Task, error) {
	if err := v.may("PendingLeaves", own(v.Who.ID)); err != nil {
		return nil, err
	}
	mine, all, err := v.pending()
	if err != nil || len(mine) == 0 {
		return nil, err
	}
	shown, err := v.showAll(mine)
	if err != nil {
		return nil, err
	}
	warned, err := v.warnings(mine, all)
	tasks := make([]Task, len(shown))
	for i, l := range shown {
		tasks[i] = decisionTask(l, warned[i])
	}
	return tasks, err
}

// warnings say what leaves that wait leave of their villages. All is what waits there.
func (v *View) warnings(mine, all []models.Leave) ([]string, error) {
	first, last, villages := mine[0].FirstDay, mine[0].LastDay, make([]string, len(mine))
	for i, l := range mine {
		if villages[i] = l.VillageID; l.FirstDay.Before(first) {
			first = l.FirstDay
		}
		if l.LastDay.After(last) {
			last = l.LastDay
		}
	}
	slices.Sort(villages)
	villages = slices.Compact(villages)
	posts, err := v.tx.PostsAmong(villages, first, last)
	if err != nil {
		return nil, fmt.Errorf("posts around leaves that wait: %w", err)
	}
	granted, err := v.tx.LeavesGranted(holders(posts, villages, nil), first, last)
	if err != nil {
		return nil, fmt.Errorf("leaves around those that wait: %w", err)
	}
	out := make([]string, len(mine))
	for i, l := range mine {
		here := slices.DeleteFunc(slices.Clone(posts), func(p models.Post) bool { return p.VillageID != l.VillageID })
		c, err := v.coverWith(l, here, slices.Concat(granted, all))
		if err != nil {
			return nil, err
		}
		out[i] = LeaveNotes{Notes: c.gaps(l.Span(), nil)}.warning()
	}
	return out, nil
}

// decisionTask is a leave in the hands of whoever decides: what it is for is said with it,
// for he is to judge it.
func decisionTask(l Leave, warning string) Task {
	no, text := strconv.Itoa(l.Number), l.Village+l.Name+l.Words+"，"+inFew(l.Why)
	if l.Emergency {
		text += "（紧急补假）"
	}
	text += "，待您审批"
	if warning != "" {
		text += "（注意：" + warning + "）"
	}
	return Task{Text: text, Say: "同意" + no, Other: "不同意" + no, Look: "看假条" + no, Leave: l.Number}
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
