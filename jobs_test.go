package main

import (
	"context"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/testkit"
)

// TestWhatTheClockStartsHappensOnceAcrossReplicas runs the jobs of a quarter's
// end in three processes at once.
func TestWhatTheClockStartsHappensOnceAcrossReplicas(t *testing.T) {
	t.Parallel()
	d := newTestDemo(t, models.Source{DSN: testkit.MariaDB(t)})
	works := []*clockwork{d.app.clock, d.another(t).clock, d.another(t).clock}
	for _, at := range []time.Time{
		calendar.Date{Year: 2026, Month: 10, Day: 1}.At(0, 30),
		calendar.Date{Year: 2026, Month: 10, Day: 1}.At(10, 0),
		calendar.Date{Year: 2026, Month: 10, Day: 11}.At(0, 30),
		calendar.Date{Year: 2026, Month: 10, Day: 23}.At(10, 0),
	} {
		d.turn(t, at)
		var all sync.WaitGroup
		for _, c := range works {
			all.Go(func() {
				if err := c.tick(context.WithoutCancel(t.Context()), at); err != nil {
					t.Errorf("at %s: %v", at, err)
				}
			})
		}
		all.Wait()
	}
	q := calendar.Quarter{Year: 2026, N: 3}
	err := d.db.Read(t.Context(), func(tx *models.Tx) error {
		c, err := tx.Cycle(q)
		if err != nil || c.State != models.CycleTownReview || c.Round != 1 {
			t.Errorf("the quarter is %s, round %d, %v", c.State, c.Round, err)
		}
		seqs, err := tx.Sequences(q)
		if err != nil {
			return err
		}
		n := 0
		for _, s := range seqs {
			rows, err := tx.Results(s.ID, 1)
			if err != nil {
				return err
			}
			n += len(rows)
		}
		if n != 36 {
			t.Errorf("%d results, want 36", n)
		}
		shifts, err := tx.ShiftsOn(calendar.Date{Year: 2026, Month: 10, Day: 1})
		if len(shifts) != 12 {
			t.Errorf("%d shifts on the 1st of October, want 12", len(shifts))
		}
		if _, err := tx.Cycle(q.Next()); err != nil {
			t.Errorf("the next quarter did not open: %v", err)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// turn sets the demo's clock without what happens on the way.
func (d *demo) turn(t *testing.T, at time.Time) {
	t.Helper()
	if err := d.clock.Walk(t.Context(), at, silentSteps()); err != nil {
		t.Fatal(err)
	}
}

func TestAMissedSlotIsCaughtUpOnce(t *testing.T) {
	t.Parallel()
	ran := map[string][]time.Time{}
	d := newTestDemo(t, models.Source{})
	c := &clockwork{desk: d.desk, log: slog.New(slog.DiscardHandler)}
	note := func(name string) func(context.Context, time.Time) error {
		return func(_ context.Context, slot time.Time) error { ran[name] = append(ran[name], slot); return nil }
	}
	c.jobs = []job{
		{name: "t-stale", hour: 0, minute: 10, run: note("stale"), stale: true},
		{name: "t-daily", hour: 7, minute: 40, run: note("daily")},
	}
	day := calendar.Date{Year: 2026, Month: 10, Day: 12}
	for _, at := range []time.Time{
		day.At(8, 0), day.At(8, 1), // as it should be
		day.Add(3).At(3, 0), day.Add(3).At(9, 0), day.Add(3).At(9, 1), // down for two days
	} {
		if err := c.tick(t.Context(), at); err != nil {
			t.Fatal(err)
		}
	}
	if got := len(ran["stale"]); got != 2 || !ran["stale"][1].Equal(day.Add(3).At(0, 10)) {
		t.Errorf("stale ran at %v", ran["stale"])
	}
	// At three in the morning yesterday's reminder is of no use any more.
	if got := len(ran["daily"]); got != 2 || !ran["daily"][1].Equal(day.Add(3).At(7, 40)) {
		t.Errorf("daily ran at %v", ran["daily"])
	}
}

// TestACountyThatComesAfterTheStartBeginsAtOnce runs the clock before anybody is there.
func TestACountyThatComesAfterTheStartBeginsAtOnce(t *testing.T) {
	t.Parallel()
	d := newTestDemo(t, models.Source{})
	d.parts.database = models.Source{File: filepath.Join(t.TempDir(), "empty.db"), Unsynced: true}
	a := d.another(t)
	day := calendar.On(demoStart)
	tick := func(seconds int) {
		t.Helper()
		if err := a.clock.tick(t.Context(), day.At(10, 0).Add(time.Duration(seconds)*time.Second)); err != nil {
			t.Fatal(err)
		}
	}
	admit := func(town, village, phone string) {
		t.Helper()
		register := handlers.Register{
			Towns:  []handlers.TownEntry{{Name: town, Villages: []string{village}}},
			People: []handlers.PersonEntry{{Name: "李四", Phone: phone, Town: town, Village: village, Posts: []models.PostTitle{models.PartySecretary}, From: day.Add(-99)}},
		}
		_, err := a.desk.Do(t.Context(), as("admit", phone), func(d *handlers.Desk) (string, error) {
			_, err := d.Admit(register)
			return "", err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	want := func(cycles, sequences, shifts int) {
		t.Helper()
		err := a.db.Read(t.Context(), func(tx *models.Tx) error {
			all, err := tx.Cycles()
			if err != nil || len(all) != cycles {
				t.Errorf("%d quarters, want %d, %v", len(all), cycles, err)
			}
			seqs, err := tx.Sequences(calendar.QuarterOf(day))
			if err != nil || len(seqs) != sequences {
				t.Errorf("%d sequences, want %d, %v", len(seqs), sequences, err)
			}
			on, err := tx.ShiftsOn(day)
			if err != nil || len(on) != shifts {
				t.Errorf("%d shifts, want %d, %v", len(on), shifts, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	tick(0)
	tick(15)
	want(0, 0, 0)
	admit("东镇", "甲村", "13900000001")
	tick(30)
	want(1, 2, 0)
	admit("西镇", "乙村", "13900000002") // joins what is open
	tick(45)
	tick(60)
	want(1, 4, 0)
	tick(15 * 60 * 60) // past the night
	day = day.Add(1)
	want(1, 4, 2)
}
