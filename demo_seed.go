package main

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
)

// seeder fills an empty database with the demo's county: a quarter that was
// published and one that is nearly over, all through the use cases. It turns
// the clock of the process while nobody else looks at it.
type seeder struct {
	app   *app
	crowd *crowd
	set   func(time.Time)
	ids   []string          // of demoPeople
	known map[string]string // phone by id: ids differ from run to run
	n     int
}

// seed fills the database as it would be at an instant.
func (s *seeder) seed(ctx context.Context, now time.Time) error {
	today := calendar.On(now)
	q := calendar.QuarterOf(today)
	for _, step := range []func(context.Context) error{
		func(ctx context.Context) error { return s.people(ctx, q.Prev().First()) },
		func(ctx context.Context) error { return s.quarter(ctx, q.Prev(), q.Prev().Last()) },
		func(ctx context.Context) error { return s.results(ctx, q, today) },
		func(ctx context.Context) error { return s.quarter(ctx, q, today.Add(-1)) },
	} {
		if err := step(ctx); err != nil {
			return fmt.Errorf("seed: %w", err)
		}
	}
	s.set(now)
	if err := s.app.clock.makeRosters(ctx, now); err != nil {
		return err
	}
	if err := s.quiet(ctx); err != nil {
		return err
	}
	for _, j := range s.app.clock.jobs {
		if err := s.app.desk.JobDone(ctx, j.name, j.last(now)); err != nil {
			return err
		}
	}
	return nil
}

// do is one command of the seeding.
func (s *seeder) do(ctx context.Context, who handlers.Who, fn func(*handlers.Desk) error) error {
	s.n++
	cmd := handlers.Command{Key: fmt.Sprintf("seed:%d", s.n), Who: who, Channel: handlers.ByJob}
	_, err := s.app.desk.Do(ctx, cmd, func(d *handlers.Desk) (string, error) { return "", fn(d) })
	return err
}

func (s *seeder) job(ctx context.Context, fn func(*handlers.Desk) error) error {
	return s.do(ctx, handlers.Who{Job: "seed"}, fn)
}

// people brings everybody in and binds those who are bound.
func (s *seeder) people(ctx context.Context, day calendar.Date) error {
	s.set(day.At(0, 30))
	people := demoPeople()
	r := handlers.Register{Towns: demoTowns()}
	for _, p := range people {
		r.People = append(r.People, p.PersonEntry)
	}
	err := s.job(ctx, func(d *handlers.Desk) error {
		done, err := d.Admit(r)
		s.ids = done.IDs
		return err
	})
	if err != nil {
		return err
	}
	s.known = map[string]string{}
	for i, p := range people {
		s.known[s.ids[i]] = p.Phone
		if !p.Bound {
			continue
		}
		var codes handlers.Codes
		err := s.job(ctx, func(d *handlers.Desk) (err error) {
			codes, err = d.IssueCode(s.ids[i])
			return err
		})
		if err != nil {
			return err
		}
		err = s.do(ctx, handlers.Who{OpenID: p.openID()}, func(d *handlers.Desk) error {
			_, err := d.Bind(handlers.Proof{Scene: codes.Scene})
			return err
		})
		if err != nil {
			return fmt.Errorf("bind %s: %w", p.Name, err)
		}
	}
	return s.job(ctx, func(d *handlers.Desk) error { return d.OpenCycle(calendar.QuarterOf(day), s.app.clock.rubric) })
}

// quarter draws up a quarter's shifts, copies the duty books up to a day and
// enters what was found.
func (s *seeder) quarter(ctx context.Context, q calendar.Quarter, until calendar.Date) error {
	s.set(q.First().At(1, 0))
	crews, err := s.app.clock.rosters(ctx, q.First(), q.Last())
	if err != nil {
		return err
	}
	for _, crew := range crews {
		err := s.job(ctx, func(d *handlers.Desk) error {
			_, err := d.MakeRoster(crew.VillageID, q.First(), q.Last())
			return err
		})
		if err != nil {
			return err
		}
	}
	s.set(until.At(20, 0))
	if err := s.books(ctx, q.First(), until); err != nil {
		return err
	}
	return s.facts(ctx, q)
}

// books registers who came, as people do: nearly always.
func (s *seeder) books(ctx context.Context, first, until calendar.Date) error {
	var crews []handlers.VillageCrew
	_, err := s.app.desk.Look(ctx, as("seed", ""), func(v *handlers.View) (_ string, err error) {
		crews, err = v.Rosters(first, until)
		return "", err
	})
	if err != nil {
		return err
	}
	for _, crew := range crews {
		var lines []handlers.PaperArrival
		for _, shift := range crew.Shifts {
			h := chance(s.known[shift.PersonID], shift.Day.String(), crew.Village)
			if h%100 < 3 {
				continue // forgot, or was not there
			}
			at := shift.StartsAt.Add(time.Duration(int(h/100)%40-25) * time.Minute)
			lines = append(lines, handlers.PaperArrival{PersonID: shift.PersonID, Day: shift.Day, At: at})
		}
		err := s.job(ctx, func(d *handlers.Desk) error { return d.RegisterArrivals(crew.VillageID, lines) })
		if err != nil {
			return err
		}
	}
	return nil
}

// chance is a number that looks random and is the same for the same words.
func chance(words ...string) uint32 {
	h := fnv.New32a()
	for _, w := range words {
		_, _ = h.Write([]byte(w)) // never fails
		_, _ = h.Write([]byte{0})
	}
	return h.Sum32()
}

// results takes the quarter before to its published results, day by day.
func (s *seeder) results(ctx context.Context, q calendar.Quarter, until calendar.Date) error {
	for day := q.First(); day.Before(until); day = day.Add(1) {
		s.set(day.At(0, 10))
		if err := s.app.clock.stepQuarters(ctx, day.At(0, 10)); err != nil {
			return err
		}
		s.set(day.At(17, 0))
		if err := s.crowd.takeSteps(ctx, day.At(17, 0)); err != nil {
			return err
		}
	}
	return nil
}

// quiet settles the notices of the past: they were read long ago.
func (s *seeder) quiet(ctx context.Context) error {
	for {
		leases, seen, err := s.app.desk.LeaseNotices(ctx, 100)
		if err != nil || seen == 0 {
			return err
		}
		for _, l := range leases {
			if err := s.app.desk.SettleNotice(ctx, l, handlers.Fate{}); err != nil {
				return err
			}
		}
	}
}

// seeded reports whether the county is there already.
func (a *app) seeded(ctx context.Context) (bool, error) {
	cycles, err := a.clock.cycles(ctx)
	if errors.Is(err, models.ErrNotFound) {
		return false, nil
	}
	return len(cycles) > 0, err
}
