package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/cunkao/cunkao/bench"
	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/scoring"
)

// benchScoreCmd is `cunkao bench score`.
type benchScoreCmd struct {
	benchPlace
	Profile string `help:"把计算期间的CPU采样写入文件。" placeholder:"FILE" type:"path"`
	Cadres  []int  `help:"干部人数；每种人数要一个空库，用MySQL时一次只测一种。" default:"1000"`
}

// Run computes a quarter from duty records and entered facts, and compares that
// with a plain GROUP BY over the same rows.
func (c *benchScoreCmd) Run(ctx context.Context, s std) error {
	if c.DSN != "" && len(c.Cadres) != 1 {
		return errors.New("one number of cadres for one empty database")
	}
	if err := pureAssess(s); err != nil {
		return err
	}
	for _, n := range c.Cadres {
		if err := c.measure(ctx, s, n); err != nil {
			return err
		}
	}
	return nil
}

func (c *benchScoreCmd) measure(ctx context.Context, s std, n int) (err error) {
	a, err := c.openBench(ctx, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.done()) }()
	q := calendar.QuarterOf(benchDay(0))
	a.set(q.First().At(1, 0))
	if err := a.scoreCounty(ctx, q, n); err != nil {
		return err
	}
	if err := a.clock.stepQuarters(ctx, a.now()); err != nil {
		return err
	}
	dsn := a.dsn
	if a.driver == "sqlite" {
		dsn = "file:" + a.source.File
	}
	before, rows, err := groupBy(ctx, bench.Database{Driver: a.driver, DSN: dsn})
	if err != nil {
		return err
	}
	// What goes before is none of it: self-evaluations that are missing, and verifying.
	if err := a.verified(ctx, q); err != nil {
		return err
	}
	a.set(q.Last().Add(40).At(9, 0))
	start := time.Now() //nolint:forbidigo // main's clock
	err = sampled(c.Profile, func() error { return a.reckon(ctx, q) })
	took := time.Since(start)
	if err != nil {
		return err
	}
	after, _, err := groupBy(ctx, bench.Database{Driver: a.driver, DSN: dsn})
	if err != nil {
		return err
	}
	plain := (before + after) / 2
	stored, err := a.results(ctx, q)
	if err == nil && stored != n {
		err = fmt.Errorf("%d results of %d cadres", stored, n)
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	fmt.Fprintf(s.out, "%6d名干部，%d行记录：从记录到存下结果%s（每人%s），GROUP BY %s，是它的%d.%d倍；堆最大%d MiB\n", n, rows,
		took.Round(time.Millisecond), (took / time.Duration(n)).Round(time.Microsecond), plain.Round(time.Millisecond),
		took*10/plain/10, took*10/plain%10, m.HeapSys>>20)
	return err
}

// verified takes a quarter as far as the time for verifying.
func (a *benchApp) verified(ctx context.Context, q calendar.Quarter) error {
	for day := q.Last(); day.Before(q.Last().Add(40)); day = day.Add(1) {
		a.set(day.At(9, 0))
		if err := a.reckon(ctx, q); err != nil {
			return err
		}
		cards, err := a.clock.cycles(ctx)
		if err != nil {
			return err
		}
		for _, card := range cards {
			if card.Quarter == q && card.State == models.CycleVerification {
				return nil
			}
		}
	}
	return fmt.Errorf("%s is not verified", q)
}

// groupBy times the yardstick: the middle one of three.
func groupBy(ctx context.Context, db bench.Database) (took time.Duration, rows int64, err error) {
	var times []time.Duration
	for range 3 {
		start := time.Now() //nolint:forbidigo // main's clock
		if rows, err = bench.GroupBy(ctx, db); err != nil {
			return 0, 0, err
		}
		times = append(times, time.Since(start))
	}
	slices.Sort(times)
	return times[1], rows, nil
}

// reckon takes a quarter from its records to its results.
func (a *benchApp) reckon(ctx context.Context, q calendar.Quarter) error {
	cards, err := a.clock.cycles(ctx)
	for _, card := range cards {
		if card.Quarter == q {
			err = errors.Join(err, a.clock.stepQuarter(ctx, card))
		}
	}
	return err
}

// scoreCounty is a county of towns with ten villages of ten cadres each, its
// duty of a quarter and what was entered about it.
func (a *benchApp) scoreCounty(ctx context.Context, q calendar.Quarter, n int) error {
	var town, village string
	return a.inChunks(ctx, n, 500, func(tx *models.Tx, i int) error {
		if i%100 == 0 {
			town = tx.NewID()
			if err := tx.AddTown(&models.Town{ID: town, Name: fmt.Sprintf("%d镇", i/100)}); err != nil {
				return err
			}
		}
		if i%10 == 0 {
			village = tx.NewID()
			if err := tx.AddVillage(&models.Village{ID: village, TownID: town, Name: fmt.Sprintf("%d村", i/10)}); err != nil {
				return err
			}
			if err := tx.SetFacts(benchFacts(q, models.OfVillage, village, "A2.4=0.75", "B1.4=0.85", "B8.3=0.90", "C4.1=0.85", "C5.1=0.75")); err != nil {
				return err
			}
		}
		return scoreOne(tx, q, i, village)
	})
}

// scoreOne is one cadre with a shift on every third day, most of them confirmed.
// As in a roster that the program draws up, each day has a 正职 or somebody who
// stands in for one.
func scoreOne(tx *models.Tx, q calendar.Quarter, i int, village string) error {
	p := models.Person{ID: tx.NewID(), Name: fmt.Sprintf("干部%d", i), PhoneIndex: benchOpenID(i), CreatedAt: tx.Now}
	if err := tx.AddPerson(&p); err != nil {
		return err
	}
	title := models.CommitteeMember
	if i%10 < 2 {
		title = []models.PostTitle{models.PartySecretary, models.CommitteeDirector}[i%10]
	}
	err := tx.AddPost(&models.Post{
		ID: tx.NewID(), PersonID: p.ID, VillageID: village, Title: title,
		FromDay: calendar.Date{Year: 2024, Month: 1, Day: 1}, Subsidized: true,
	})
	if err != nil {
		return err
	}
	var shifts []models.Shift
	var arrivals []models.Arrival
	for day := q.First().Add(i % 3); !day.After(q.Last()); day = day.Add(3) {
		s := models.Shift{
			ID: tx.NewID(), VillageID: village, Day: day, PersonID: p.ID, Kind: models.DeskShift, Chief: i%10 < 3,
			StartsAt: day.At(8, 30).UTC(), EndsAt: day.At(18, 0).UTC(),
		}
		shifts = append(shifts, s)
		if (i+day.Day)%17 != 0 {
			arrivals = append(arrivals, models.Arrival{
				ID: tx.NewID(), PersonID: p.ID, Day: day, VillageID: village, ShiftID: s.ID, At: s.StartsAt, Channel: "wechat", Receipt: "BENCH1",
			})
		}
	}
	if err := errors.Join(tx.AddShifts(shifts), tx.AddArrivals(arrivals)); err != nil {
		return err
	}
	return tx.SetFacts(benchFacts(q, models.OfCadre, p.ID))
}

// benchFacts are facts, each written as check=value.
func benchFacts(q calendar.Quarter, kind, subject string, checks ...string) []models.Fact {
	out := make([]models.Fact, 0, len(checks))
	for _, f := range checks {
		check, value, _ := strings.Cut(f, "=")
		out = append(out, models.Fact{
			Quarter: q, Kind: kind, SubjectID: subject, CheckID: check,
			Payload: `{"value":"` + value + `","note":"考核组现场核查"}`, Source: "bench", EnteredAt: q.First().At(9, 0).UTC(),
		})
	}
	return out
}

// results counts the results of a quarter.
func (a *benchApp) results(ctx context.Context, q calendar.Quarter) (n int, err error) {
	err = a.db.Read(ctx, func(tx *models.Tx) error {
		sequences, err := tx.Sequences(q)
		if err != nil {
			return err
		}
		for _, seq := range sequences {
			rows, err := tx.Results(seq.ID, seq.Round)
			if err != nil {
				return err
			}
			n += len(rows)
		}
		return nil
	})
	return n, err
}

// pureAssess times the arithmetic alone, on one core.
func pureAssess(s std) error {
	r, err := scoring.ParseRubric(scoring.DefaultSource())
	if err != nil {
		return err
	}
	var village scoring.Facts
	if err := json.Unmarshal([]byte(`{"A2.4":{"value":"0.75"},"B1.4":{"value":"0.88"},"B8.3":{"value":"0.9"}}`), &village); err != nil {
		return fmt.Errorf("facts: %w", err)
	}
	const n = 20_000
	start := time.Now() //nolint:forbidigo // main's clock
	for range n {
		if _, err := scoring.Assess(r, village, scoring.Facts{}, nil); err != nil {
			return err
		}
	}
	took := time.Since(start)
	fmt.Fprintf(s.out, "纯计算：每秒%d名干部（单核）\n", n*int64(time.Second)/int64(took))
	return nil
}
