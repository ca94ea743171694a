package handlers

import (
	"fmt"
	"slices"

	"github.com/cunkao/cunkao/models"
)

// logTasks are the log that is due, and the matters that wait: one's own, and those of the
// village for whoever is on duty.
func (v *View) logTasks() ([]Task, error) {
	if !v.Is(Cadre) {
		return nil, nil
	}
	yesterday := v.Today.Add(-1)
	shifts, err := v.tx.ShiftsOf(v.Who.ID, yesterday, v.Today)
	if err != nil {
		return nil, fmt.Errorf("shifts to log: %w", err)
	}
	logs, err := v.tx.WorkLogsOf(v.Who.ID, yesterday, v.Today)
	if err != nil {
		return nil, fmt.Errorf("logs of the last days: %w", err)
	}
	var out []Task
	onDuty := false
	for _, s := range shifts {
		onDuty = onDuty || !v.Now.Before(s.StartsAt.Add(-early)) && v.Now.Before(s.EndsAt)
		logged := slices.ContainsFunc(logs, func(l models.WorkLog) bool { return l.Day == s.Day })
		if !logged && v.h.county.logsFrom(s.Day) && v.Now.After(s.EndsAt) {
			out = append(out, Task{Text: s.Day.Chinese() + "的日志还没有记（没有事就回复“无事”）", Say: fmt.Sprintf("记日志 %d月%d日", s.Day.Month, s.Day.Day), Due: logDue(s.Day)})
		}
	}
	matters, err := v.openTasks(onDuty)
	return append(out, matters...), err
}

// openTasks name the open matters that are somebody's, and those of the village.
//
//nolint:revive // onDuty says who is asking
func (v *View) openTasks(onDuty bool) ([]Task, error) {
	mine, err := v.tx.MattersHeldBy(v.Who.ID, 50)
	if err != nil {
		return nil, fmt.Errorf("my open matters: %w", err)
	}
	var out []Task
	if len(mine) > 0 {
		out = append(out, Task{Text: fmt.Sprintf("有%d件没办完的事等您接着办", len(mine)), Look: "未办事项"})
	}
	if !onDuty {
		return out, nil
	}
	all, err := v.tx.OpenMatters(v.MyVillage(), 50)
	if err != nil {
		return nil, fmt.Errorf("open matters: %w", err)
	}
	if others := len(all) - len(mine); others > 0 {
		out = append(out, Task{Text: fmt.Sprintf("今天您在岗，村里还有%d件别人没办完的事", others), Look: "未办事项"})
	}
	return out, nil
}
