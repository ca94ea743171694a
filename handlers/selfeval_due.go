package handlers

import (
	"fmt"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
)

// selfEvaluated are those who are assessed in a quarter, and so evaluate themselves, each
// with his tenures.
func (v *View) selfEvaluated(q calendar.Quarter) ([][]models.Post, error) {
	towns, err := v.tx.Towns()
	if err != nil {
		return nil, fmt.Errorf("who evaluates himself in %s: %w", q, err)
	}
	var villages []string
	for _, t := range towns {
		rows, err := v.tx.VillagesOf(t.ID)
		if err != nil {
			return nil, fmt.Errorf("who evaluates himself in %s: %w", q, err)
		}
		for _, r := range rows {
			villages = append(villages, r.ID)
		}
	}
	posts, err := v.tx.PostsAmong(villages, q.First(), q.Last())
	if err != nil {
		return nil, fmt.Errorf("who evaluates himself in %s: %w", q, err)
	}
	seen, out := map[string]bool{}, [][]models.Post(nil)
	for _, theirs := range byPerson(posts) {
		if !seen[theirs[0].PersonID] { // whoever changed villages is one person
			seen[theirs[0].PersonID] = true
			out = append(out, theirs)
		}
	}
	return out, nil
}

// missSelfEvals says of everybody who has not submitted that his self-evaluation is
// missing, as its time is over. No points are lost.
func (d *Desk) missSelfEvals(q calendar.Quarter) error {
	if err := d.tx.MissSelfEvals(q); err != nil {
		return fmt.Errorf("miss self-evaluations of %s: %w", q, err)
	}
	people, there, err := d.selfEvalsOf(q)
	if err != nil {
		return err
	}
	var rows []models.SelfEval
	for _, id := range people {
		if _, known := there[id]; !known {
			rows = append(rows, models.SelfEval{
				ID: d.tx.NewID(), Quarter: q, PersonID: id, State: models.SelfEvalMissing, Version: 1, Channel: ByJob, UpdatedAt: d.Now,
			})
		}
	}
	if err := d.tx.AddSelfEvals(rows); err != nil {
		return fmt.Errorf("miss self-evaluations of %s: %w", q, err)
	}
	return nil
}

// selfEvalsOf are those who are to evaluate themselves, and what is there of them.
func (v *View) selfEvalsOf(q calendar.Quarter) (people []string, there map[string]models.SelfEval, err error) {
	all, err := v.selfEvaluated(q)
	if err != nil {
		return nil, nil, err
	}
	for _, posts := range all {
		people = append(people, posts[0].PersonID)
	}
	if there, err = v.tx.SelfEvalsAmong(q, people); err != nil {
		return nil, nil, fmt.Errorf("self-evaluations of %s: %w", q, err)
	}
	return people, there, nil
}

// remindedOn are the working days after a quarter on which those are reminded who have not
// submitted their self-evaluation.
func remindedOn() []int { return []int{2, 4} }

// RemindSelfEvals reminds of the self-evaluations that are missing, on two working days
// after a quarter, while there is time.
func (d *Desk) RemindSelfEvals(day calendar.Date) error {
	if err := d.may("RemindSelfEvals", Target{}); err != nil {
		return err
	}
	off, err := d.daysOff()
	if err != nil {
		return err
	}
	cycles, err := d.tx.CyclesAlive()
	if err != nil {
		return fmt.Errorf("remind of self-evaluations: %w", err)
	}
	for _, c := range cycles {
		for _, n := range remindedOn() {
			if c.State != models.CycleSelfEval || off.AddWorkdays(c.Quarter.Last(), n) != day {
				continue
			}
			due, err := d.selfEvalDue(c)
			if err != nil {
				return err
			}
			if err := d.remindSelfEvals(c.Quarter, day, due); err != nil {
				return err
			}
		}
	}
	return d.did("RemindSelfEvals", day.String(), "")
}

func (d *Desk) remindSelfEvals(q calendar.Quarter, day calendar.Date, due time.Time) error {
	people, there, err := d.selfEvalsOf(q)
	if err != nil {
		return err
	}
	last := calendar.On(due.Add(-time.Second))
	for _, id := range people {
		if there[id].State == models.SelfEvalSubmitted {
			continue
		}
		words := map[string]string{"quarter": q.Chinese(), "due": last.Chinese(), "date": plainTime(due)}
		if err := d.remind(id, NoticeSelfEval, "selfeval:"+q.String()+":"+day.String()+":"+id, due, words); err != nil {
			return err
		}
	}
	return nil
}

// selfEvalTasks says that one's self-evaluation waits, while there is time to submit it.
func (v *View) selfEvalTasks() ([]Task, error) {
	if !v.Is(Cadre) {
		return nil, nil
	}
	cycles, err := v.tx.CyclesAlive()
	if err != nil {
		return nil, fmt.Errorf("is a self-evaluation due: %w", err)
	}
	var out []Task
	for _, c := range cycles {
		if c.State != models.CycleSelfEval {
			continue
		}
		due, err := v.selfEvalDue(c)
		if err != nil {
			return nil, err
		}
		there, err := v.tx.SelfEvalsAmong(c.Quarter, []string{v.Who.ID})
		if err != nil {
			return nil, fmt.Errorf("is a self-evaluation due: %w", err)
		}
		text := c.Quarter.Chinese() + "述职自评还没有交"
		switch there[v.Who.ID].State {
		case models.SelfEvalSubmitted:
			continue
		case models.SelfEvalDraft:
			text += "（存着一份）"
		default:
		}
		if v.Now.Before(due) {
			out = append(out, Task{Text: text, Say: "自评", Due: due.Add(-time.Minute)})
		}
	}
	return out, nil
}
