package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
)

// crowd is everybody of the demo whom nobody plays. An hour before a step or
// shift falls due, each takes it by himself, as any person would: through Do.
type crowd struct {
	desk     *handlers.Handlers
	careless map[string]bool

	mu     sync.Mutex
	played map[string]bool
}

func newCrowd(desk *handlers.Handlers) *crowd {
	c := &crowd{desk: desk, careless: map[string]bool{}, played: map[string]bool{}}
	for _, p := range demoPeople() {
		c.careless[p.openID()] = p.Careless
	}
	return c
}

// play hands somebody over to the person in front of the page.
func (c *crowd) play(openID string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.played[openID] = true
}

func (c *crowd) idle(openID string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return openID == "" || c.played[openID] || c.careless[openID]
}

// The times of day at which the crowd looks at what is open: an hour before a
// shift of a day off ends, at eight of the next morning, and an hour before a
// desk shift ends and the offices close.
func crowdTimes() [][2]int { return [][2]int{{7, 0}, {17, 0}} }

// next is the first time after an instant at which the crowd acts.
func (c *crowd) next(after time.Time) time.Time {
	day := calendar.On(after)
	for _, t := range crowdTimes() {
		if at := day.At(t[0], t[1]); at.After(after) {
			return at
		}
	}
	return day.Add(1).At(crowdTimes()[0][0], crowdTimes()[0][1])
}

// passBy is act for an instant of a walk: most of them are not the crowd's.
func (c *crowd) passBy(ctx context.Context, at time.Time) error {
	if !c.next(at.Add(-time.Nanosecond)).Equal(at) {
		return nil
	}
	return c.act(ctx, at)
}

// act does what is due within the hour.
func (c *crowd) act(ctx context.Context, now time.Time) error {
	return errors.Join(c.checkIn(ctx, now), c.evaluate(ctx, now), c.takeSteps(ctx, now), c.decideLeaves(ctx))
}

// decideLeaves approves what waits for those who decide about leave.
func (c *crowd) decideLeaves(ctx context.Context) error {
	for _, p := range demoPeople() {
		decides := slices.Contains(p.Posts, models.PartySecretary) || slices.Contains(p.Roles, handlers.TownLeader)
		if !decides || c.idle(p.openID()) {
			continue
		}
		var waiting []handlers.Leave
		cmd := handlers.Command{Key: "crowd", Who: handlers.Who{OpenID: p.openID()}, Channel: handlers.ByWeChat}
		_, err := c.desk.Look(ctx, cmd, func(v *handlers.View) (_ string, err error) {
			waiting, err = v.PendingLeaves()
			return "", err
		})
		if err != nil {
			return err
		}
		for _, l := range waiting {
			err := c.do(ctx, p.openID(), "leave:"+l.ID, func(d *handlers.Desk) error {
				_, err := d.ApproveLeave(l.Number, handlers.Approval{})
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// evaluate submits self-evaluations on the last afternoon: by the records or, where there
// are none, with full points.
func (c *crowd) evaluate(ctx context.Context, now time.Time) error {
	due := false
	_, err := c.desk.Look(ctx, as("crowd", ""), func(v *handlers.View) (string, error) {
		cards, err := v.Cycles()
		for _, card := range cards {
			due = due || card.State == models.CycleSelfEval && !now.Before(card.Due.Add(-8*time.Hour))
		}
		return "", err
	})
	if err != nil || !due {
		return err
	}
	for _, p := range demoPeople() {
		if len(p.Posts) == 0 || p.Posts[0] == models.Supervisor || !p.Bound || c.idle(p.openID()) {
			continue
		}
		if err := c.do(ctx, p.openID(), "evaluate:"+calendar.On(now).String(), evaluateByRecords); err != nil {
			return err
		}
	}
	return nil
}

// evaluateByRecords is the self-evaluation of somebody who says what the records say.
func evaluateByRecords(d *handlers.Desk) error {
	s, err := d.SelfEvalSheet(d.Who.ID, calendar.Quarter{})
	if err != nil || s.State == models.SelfEvalSubmitted {
		return err
	}
	req := handlers.SelfEvalRequest{Quarter: s.Quarter, Version: s.Version, Statement: s.Draft, Marks: map[string]handlers.SelfMark{}}
	for _, it := range s.Items {
		req.Marks[it.Check] = handlers.SelfMark{Points: it.Max}
		if it.Recorded != nil {
			req.Marks[it.Check] = handlers.SelfMark{Points: *it.Recorded}
		}
	}
	_, err = d.SubmitSelfEval(req)
	return err
}

// checkIn confirms the shifts that end within the hour. That of a day off began
// the day before.
func (c *crowd) checkIn(ctx context.Context, now time.Time) error {
	var open []handlers.OpenShift
	_, err := c.desk.Look(ctx, as("crowd", ""), func(v *handlers.View) (string, error) {
		for _, day := range []calendar.Date{calendar.On(now).Add(-1), calendar.On(now)} {
			shifts, err := v.OpenShifts(day)
			if err != nil {
				return "", err
			}
			open = append(open, shifts...)
		}
		return "", nil
	})
	if err != nil {
		return err
	}
	for _, s := range open {
		if c.idle(s.OpenID) || now.Before(s.EndsAt.Add(-time.Hour)) || !now.Before(s.EndsAt) {
			continue
		}
		err := c.do(ctx, s.OpenID, "checkin:"+s.ID, func(d *handlers.Desk) error {
			_, err := d.CheckIn()
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *crowd) takeSteps(ctx context.Context, now time.Time) error {
	for _, p := range demoPeople() {
		if len(p.Roles) == 0 || c.idle(p.openID()) {
			continue
		}
		waiting, err := c.waiting(ctx, p.openID())
		if err != nil {
			return err
		}
		for _, w := range waiting {
			if now.Before(w.Due.Add(-time.Hour)) {
				continue
			}
			key := fmt.Sprintf("%s:%s:%d", w.Step.To, w.Sequence.ID, w.Sequence.Version)
			if err := c.do(ctx, p.openID(), key, func(d *handlers.Desk) error { return d.TakeStep(w) }); err != nil {
				return err
			}
		}
	}
	return nil
}

// waiting are the steps that somebody could take now.
func (c *crowd) waiting(ctx context.Context, openID string) (waiting []handlers.Waiting, err error) {
	cmd := handlers.Command{Key: "crowd", Who: handlers.Who{OpenID: openID}, Channel: handlers.ByWeChat}
	_, err = c.desk.Look(ctx, cmd, func(v *handlers.View) (_ string, err error) {
		waiting, err = v.Waiting("", "")
		return "", err
	})
	return waiting, err
}

// do is one command of one of the crowd. A refusal means that somebody was
// faster.
func (c *crowd) do(ctx context.Context, openID, key string, fn func(*handlers.Desk) error) error {
	cmd := handlers.Command{Key: "crowd:" + openID + ":" + key, Who: handlers.Who{OpenID: openID}, Channel: handlers.ByWeChat}
	_, err := c.desk.Do(ctx, cmd, func(d *handlers.Desk) (string, error) { return "", fn(d) })
	if _, refused := errors.AsType[*handlers.Refusal](err); refused {
		return nil
	}
	return err
}
