package handlers

import (
	"fmt"
	"slices"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
)

// Task is one thing that waits for a person. Say is what the person sends to do
// it; empty if it cannot be done by talking.
type Task struct {
	Text  string
	Say   string
	Other string // what to send to do the opposite
	Look  string // what to send to see it first
	Leave int    // the number of the leave that it is about; 0 is none
	Due   time.Time
}

// Todo says what waits for the person, and what is due. It is made from how
// things stand, never from notices: a lost notice loses no work.
func (v *View) Todo() ([]Task, error) {
	if err := v.may("Todo", own(v.Who.ID)); err != nil {
		return nil, err
	}
	var out []Task
	for _, ask := range []func() ([]Task, error){v.dutyTasks, v.attestTasks, v.leaveTasks, v.logTasks, v.selfEvalTasks, v.gapTasks, v.bareTasks, v.stepTasks, v.recheckTasks, v.holidayTasks, v.unboundTasks} {
		tasks, err := ask()
		if err != nil {
			return nil, err
		}
		out = append(out, tasks...)
	}
	return out, nil
}

func (v *View) dutyTasks() ([]Task, error) {
	if !v.Is(Cadre) {
		return nil, nil
	}
	shifts, _, err := v.MyShifts(1)
	if err != nil || len(shifts) == 0 {
		return nil, err
	}
	s := shifts[0]
	if s.Arrived != nil || v.Now.Before(s.StartsAt.Add(-early)) {
		return nil, nil
	}
	if away, err := v.leavesOn([]string{v.Who.ID}, s.Shift.Day, s.Shift.Day); err != nil || away.allDay(v.Who.ID, s.Shift.Day) {
		return nil, err
	}
	return []Task{{Text: s.Day + "的班还没有签到", Say: "签到", Due: s.EndsAt}}, nil
}

// gapTasks name the villages where no 正职 is on the spot today, to those who can
// mend it.
func (v *View) gapTasks() ([]Task, error) {
	ids, err := v.mended()
	if err != nil {
		return nil, err
	}
	var out []Task
	for _, id := range ids {
		duty, err := v.OnDuty(id, calendar.Date{})
		if err != nil {
			return nil, err
		}
		if duty.Gap && len(duty.People) > 0 && v.afterStart(duty.Kind) {
			out = append(out, Task{Text: duty.Village + "今天还没有正职到岗", Look: "谁在值班 " + duty.Village})
		}
	}
	return out, nil
}

func (v *View) afterStart(kind models.ShiftKind) bool {
	if kind == models.DeskShift {
		return !v.Now.Before(v.Today.At(0, deskStart))
	}
	return true
}

// mended are the villages whose duty a person can mend: the village's own heads,
// the town's staff.
func (v *View) mended() ([]string, error) {
	var ids []string
	for _, g := range v.grants {
		switch g.Role {
		case Head:
			ids = append(ids, g.Village)
		case TownStaff, TownLeader:
			rows, err := v.tx.VillagesOf(g.Town)
			if err != nil {
				return nil, fmt.Errorf("villages of my town: %w", err)
			}
			for _, r := range rows {
				ids = append(ids, r.ID)
			}
		default:
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

func (v *View) stepTasks() ([]Task, error) {
	waiting, err := v.waitingSteps()
	if err != nil {
		return nil, err
	}
	out := make([]Task, len(waiting))
	for i, w := range waiting {
		text := fmt.Sprintf("%s待%s（%d人，优秀%d）", w.Title(), w.Step.Name, w.Sequence.Headcount, w.Excellent)
		if w.Tied > 0 {
			text += fmt.Sprintf("，%d人同分未评优", w.Tied)
		}
		out[i] = Task{Text: text, Say: "确认" + w.Step.Name + " " + w.Code(), Look: "查看 " + w.Code(), Due: w.Due}
	}
	return out, nil
}

// Waiting returns the steps that wait for the person, as the words of a task
// name them: by step and code, or all with neither.
func (v *View) Waiting(step, code string) ([]Waiting, error) {
	if err := v.may("Waiting", own(v.Who.ID)); err != nil {
		return nil, err
	}
	all, err := v.waitingSteps()
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(w Waiting) bool {
		return step != "" && w.Step.Name != step || code != "" && w.Code() != code
	}), nil
}

func (v *View) holidayTasks() ([]Task, error) {
	if !v.Is(Org) && !v.Is(TownStaff) {
		return nil, nil
	}
	off, err := v.daysOff()
	if err != nil {
		return nil, err
	}
	if said := unannounced(off, v.Today, v.Today.Add(31)); said != "" {
		return []Task{{Text: said}}, nil
	}
	return nil, nil
}

func (v *View) unboundTasks() ([]Task, error) {
	if !v.Is(TownStaff) {
		return nil, nil
	}
	bound, err := v.tx.Bindings()
	if err != nil {
		return nil, fmt.Errorf("who is bound: %w", err)
	}
	at := slices.IndexFunc(v.grants, func(g Grant) bool { return g.Role == TownStaff })
	villages, err := v.tx.VillagesOf(v.grants[at].Town)
	if err != nil {
		return nil, fmt.Errorf("villages of my town: %w", err)
	}
	n, seen := 0, map[string]bool{}
	for _, village := range villages {
		posts, err := v.tx.PostsWithin(village.ID, v.Today, v.Today)
		if err != nil {
			return nil, fmt.Errorf("posts of %s: %w", village.Name, err)
		}
		for _, p := range posts {
			if bound[p.PersonID] == "" && !seen[p.PersonID] {
				seen[p.PersonID] = true
				n++
			}
		}
	}
	if n == 0 {
		return nil, nil
	}
	return []Task{{Text: fmt.Sprintf("本镇还有%d名村干部没有绑定", n)}}, nil
}

// remind is what a job tells, and to whom.
func (d *Desk) remind(personID, kind, dedupe string, until time.Time, words map[string]string) error {
	return d.tell(note{to: personID, kind: kind, class: classTask, dedupe: dedupe, until: until, words: words})
}

// RemindDuty tells everybody who has a shift on a day, once.
func (d *Desk) RemindDuty(day calendar.Date) error {
	if err := d.may("RemindDuty", Target{}); err != nil {
		return err
	}
	off, err := d.daysOff()
	if err != nil {
		return err
	}
	shifts, err := d.tx.ShiftsOn(day)
	if err != nil {
		return fmt.Errorf("remind of %s: %w", day, err)
	}
	away, err := d.leavesOn(peopleOn(shifts), day, day)
	if err != nil {
		return err
	}
	for _, s := range shifts {
		if s.Kind == models.DeskShift || away.allDay(s.PersonID, day) {
			continue // daily work needs no message every morning; a day off does
		}
		words := map[string]string{"day": off.Chinese(s.Day), "shift": "带班值班 08:00至次日08:00", "date": plainTime(s.StartsAt)}
		if err := d.remind(s.PersonID, NoticeDuty, "duty:"+s.ID, s.EndsAt, words); err != nil {
			return err
		}
	}
	return d.did("RemindDuty", day.String(), "")
}

// plainTime is an instant as a template's field of time or date takes it.
func plainTime(t time.Time) string { return t.In(calendar.Zone).Format("2006-01-02 15:04") }

// TellNoHead tells a village's heads and the town's staff that no 正职 is on the
// spot, once a day.
func (d *Desk) TellNoHead(villageID string, day calendar.Date) error {
	if err := d.may("TellNoHead", Target{}); err != nil {
		return err
	}
	duty, err := d.OnDuty(villageID, calendar.Date{})
	if err != nil {
		return err
	}
	if day != d.Today || !duty.Gap || len(duty.People) == 0 || duty.Kind != models.DeskShift {
		return nil
	}
	if err := d.tellMenders(villageID, duty, day); err != nil {
		return err
	}
	return d.did("TellNoHead", villageID, day.String())
}

func (d *Desk) tellMenders(villageID string, duty VillageDuty, day calendar.Date) error {
	village, err := d.tx.Village(villageID)
	if err != nil {
		return fmt.Errorf("no head: %w", err)
	}
	heads, err := d.chiefsOn(villageID, nil, day)
	if err != nil {
		return err
	}
	staff, err := d.tx.RolesOn(string(TownStaff), village.TownID, day)
	if err != nil {
		return fmt.Errorf("no head: %w", err)
	}
	for _, r := range staff {
		heads = append(heads, r.PersonID)
	}
	away, err := d.leavesOn(heads, day, day)
	if err != nil {
		return err
	}
	heads = slices.DeleteFunc(heads, func(id string) bool { return away.on(id, d.half()) })
	slices.Sort(heads)
	for _, id := range slices.Compact(heads) {
		words := map[string]string{"village": duty.Village, "day": duty.Day, "date": plainTime(d.Now)}
		if err := d.remind(id, NoticeNoHead, "nohead:"+villageID+":"+day.String()+":"+id, day.At(18, 0), words); err != nil {
			return err
		}
	}
	return nil
}

// RemindSteps tells whoever a step waits for: when it begins to wait, and again
// on the day it is due.
func (d *Desk) RemindSteps() error {
	if err := d.may("RemindSteps", Target{}); err != nil {
		return err
	}
	open, err := d.stepsOpen()
	if err != nil {
		return err
	}
	for _, w := range open {
		scope := w.Sequence.TownID
		if w.Step.By == Org {
			scope = ""
		}
		holders, err := d.tx.RolesOn(string(w.Step.By), scope, d.Today)
		if err != nil {
			return fmt.Errorf("remind of steps: %w", err)
		}
		stage := "first"
		if calendar.On(w.Due) == d.Today {
			stage = "due"
		}
		for _, h := range holders {
			// One message of a quarter and step, not one of each sequence.
			key := fmt.Sprintf("step:%s:%s:%s:%d:%s", w.Quarter, w.Step.To, stage, w.Sequence.Round, h.PersonID)
			words := map[string]string{"what": w.Quarter.Chinese() + "结果待" + w.Step.Name, "due": calendar.On(w.Due).Chinese(), "date": plainTime(w.Due)}
			if err := d.remind(h.PersonID, NoticeStep, key, w.Due.Add(72*time.Hour), words); err != nil {
				return err
			}
		}
	}
	return d.did("RemindSteps", d.Today.String(), "")
}
