package handlers

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
)

// LastJobs returns the latest slot of each job that was done since an instant.
func (h *Handlers) LastJobs(ctx context.Context, jobs []string, since time.Time) (map[string]time.Time, error) {
	last := map[string]time.Time{}
	err := h.db.Read(ctx, func(tx *models.Tx) error {
		runs, err := tx.JobRuns(jobs, since)
		for _, r := range runs {
			if r.SlotAt.After(last[r.Job]) {
				last[r.Job] = r.SlotAt
			}
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("last runs of jobs: %w", err)
	}
	return last, nil
}

// JobDone records that a slot was carried out. Another replica may have been
// faster: what the slot did was once only, by the keys of its commands.
func (h *Handlers) JobDone(ctx context.Context, job string, slot time.Time) error {
	err := h.db.Write(ctx, func(tx *models.Tx) error { return tx.AddJobRun(job, slot) })
	if err != nil && !errors.Is(err, models.ErrExists) {
		return fmt.Errorf("record %s at %s: %w", job, slot, err)
	}
	return nil
}

// PersonNamed finds a person by id or by a name that only one has.
func (h *Handlers) PersonNamed(ctx context.Context, name string) (id string, err error) {
	err = h.db.Read(ctx, func(tx *models.Tx) error {
		if p, err := tx.Person(name); err == nil {
			id = p.ID
			return nil
		}
		people, err := tx.PeopleNamed(name)
		switch {
		case err != nil:
			return err
		case len(people) == 0:
			return Refuse("没有叫“%s”的人。", name)
		case len(people) > 1:
			return (&View{h: h, tx: tx, Today: calendar.On(tx.Now)}).namesakes(people)
		}
		id = people[0].ID
		return nil
	})
	return id, err
}

// namesakes refuses a name that several have, and tells them apart.
func (v *View) namesakes(people []models.Person) error {
	lines := make([]string, len(people))
	for i, p := range people {
		me, err := v.meOf(p)
		if err != nil {
			return err
		}
		lines[i] = p.ID + " " + me.Title()
	}
	return Refuse("叫“%s”的有%d个人，请用编号：\n%s", people[0].Name, len(people), strings.Join(lines, "\n"))
}

// CheckKey reports a seal key that is not the one the database was written
// with: with it nobody's phone opens, and every code that is issued is void.
func (h *Handlers) CheckKey(ctx context.Context) error {
	return h.db.Read(ctx, func(tx *models.Tx) error {
		p, err := tx.AnyPerson()
		if errors.Is(err, models.ErrNotFound) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("check the seal key: %w", err)
		}
		if _, err := h.box.Open(p.Phone, "people.phone."+p.ID); err != nil {
			return Refuse("seal_key（CUNKAO_SEAL_KEY）不是写这个数据库时用的密钥，请找出原来的那一份。")
		}
		return nil
	})
}
