package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/cunkao/cunkao/bot"
	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
)

// job is something that the clock starts, at a time of every day. What it does
// is once only by the keys of its commands, whichever replicas run it.
type job struct {
	name         string
	hour, minute int
	run          func(ctx context.Context, slot time.Time) error
	stale        bool // still to be done when its day is over
}

// next is the first slot of a job after an instant.
func (j job) next(after time.Time) time.Time {
	day := calendar.On(after)
	if slot := day.At(j.hour, j.minute); slot.After(after) {
		return slot
	}
	return day.Add(1).At(j.hour, j.minute)
}

// last is the latest slot of a job that has come by an instant.
func (j job) last(now time.Time) time.Time { return j.next(now.AddDate(0, 0, -1)) }

// clockwork is all that the clock starts.
type clockwork struct {
	desk   *handlers.Handlers
	rubric []byte // what the next quarter opens with
	log    *slog.Logger
	jobs   []job
}

func newClockwork(desk *handlers.Handlers, rubric []byte, log *slog.Logger) *clockwork {
	c := &clockwork{desk: desk, rubric: rubric, log: log}
	c.jobs = []job{
		{name: "cycle", hour: 0, minute: 10, run: c.stepQuarters, stale: true},
		{name: "roster", hour: 0, minute: 20, run: c.makeRosters, stale: true},
		{name: "tags", hour: 1, minute: 20, run: func(ctx context.Context, _ time.Time) error { return desk.CheckTags(ctx) }},
		{name: "leavers", hour: 3, minute: 20, run: func(ctx context.Context, _ time.Time) error { return desk.ForgetLeavers(ctx) }},
		{name: "graves", hour: 3, minute: 30, run: func(ctx context.Context, _ time.Time) error { return desk.EmptyGraves(ctx) }},
		{name: "intake", hour: 3, minute: 40, run: func(ctx context.Context, _ time.Time) error { return desk.TidyIntake(ctx) }},
		{name: "photos", hour: 3, minute: 50, run: func(ctx context.Context, _ time.Time) error { return desk.TidyPhotos(ctx) }},
		{name: "duty", hour: 7, minute: 40, run: c.remindDuty},
		{name: "leave", hour: 7, minute: 50, run: c.remindLeaves},
		{name: "leave-noon", hour: 12, minute: 5, run: c.routeLeaves},
		{name: "steps", hour: 8, minute: 30, run: c.remindSteps},
		{name: "selfevals", hour: 8, minute: 40, run: c.remindSelfEvals},
		{name: "talks", hour: 9, minute: 0, run: c.tendTalks},
		{name: "logs", hour: 18, minute: 30, run: c.remindLogs},
		{name: "nohead", hour: 9, minute: 40, run: c.tellNoHead},
	}
	return c
}

// next is the first slot of any job after an instant.
func (c *clockwork) next(after time.Time) time.Time {
	first := c.jobs[0].next(after)
	for _, j := range c.jobs[1:] {
		if at := j.next(after); at.Before(first) {
			first = at
		}
	}
	return first
}

// tick runs the latest slot of each job that has come and is not done. A slot
// that was missed is caught up; of several, the latest does for all.
func (c *clockwork) tick(ctx context.Context, now time.Time) error {
	var names []string
	for _, j := range c.jobs {
		names = append(names, j.name)
	}
	done, failed := c.desk.LastJobs(ctx, names, now.AddDate(0, 0, -1))
	if failed != nil {
		return failed
	}
	for _, j := range c.jobs {
		if err := c.runDue(ctx, j, now, done[j.name]); err != nil {
			failed = errors.Join(failed, fmt.Errorf("job %s: %w", j.name, err))
		}
	}
	return failed
}

// errNobody leaves a slot for the next tick: the county has not been brought in, and is
// to begin as soon as it is. Only its shifts wait for the night: nobody is late for one that
// was drawn up in the middle of its day.
var errNobody = errors.New("there are no villages yet")

// runDue runs the latest slot of a job, unless one as late is done.
func (c *clockwork) runDue(ctx context.Context, j job, now, done time.Time) error {
	slot := j.last(now)
	if !done.Before(slot) {
		return nil
	}
	if j.stale || calendar.On(slot) == calendar.On(now) {
		err := j.run(ctx, slot)
		if errors.Is(err, errNobody) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return c.desk.JobDone(ctx, j.name, slot)
}

// keep runs the jobs as they fall due, until ctx ends.
func (c *clockwork) keep(ctx context.Context, now func() time.Time) {
	tick := time.NewTicker(15 * time.Second)
	defer tick.Stop()
	trouble := bot.NewTrouble(c.log, "jobs: tick")
	for {
		err := c.tick(ctx, now())
		trouble.Heed(ctx, now(), err)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// as is a command of a job, with what it does in its key.
func as(name, period string) handlers.Command {
	return handlers.Command{Key: "job:" + name + ":" + period, Who: handlers.Who{Job: name}, Channel: handlers.ByJob}
}

// do runs a command of a job. A refusal is an answer: somebody was faster.
func (c *clockwork) do(ctx context.Context, cmd handlers.Command, fn func(*handlers.Desk) error) error {
	_, err := c.desk.Do(ctx, cmd, func(d *handlers.Desk) (string, error) { return "", fn(d) })
	if refused, ok := errors.AsType[*handlers.Refusal](err); ok {
		c.log.WarnContext(ctx, "jobs: refused", "job", cmd.Key, "why", refused.Text)
		return nil
	}
	return err
}

func (c *clockwork) remindDuty(ctx context.Context, slot time.Time) error {
	day := calendar.On(slot)
	return c.do(ctx, as("RemindDuty", day.String()), func(d *handlers.Desk) error { return d.RemindDuty(day) })
}

// remindLogs reminds of the logs of the day before, which are due tonight.
func (c *clockwork) remindLogs(ctx context.Context, slot time.Time) error {
	day := calendar.On(slot).Add(-1)
	return c.do(ctx, as("RemindLogs", day.String()), func(d *handlers.Desk) error { return d.RemindLogs(day) })
}

// remindSelfEvals reminds of self-evaluations, on the days on which that is done.
func (c *clockwork) remindSelfEvals(ctx context.Context, slot time.Time) error {
	day := calendar.On(slot)
	return c.do(ctx, as("RemindSelfEvals", day.String()), func(d *handlers.Desk) error { return d.RemindSelfEvals(day) })
}

// tendTalks warns of drafts that will end, and ends them, some at a time.
func (c *clockwork) tendTalks(ctx context.Context, slot time.Time) error {
	for last, first := "", true; first || last != ""; first = false {
		key := as("TendTalks", calendar.On(slot).String()+":"+last)
		after := last
		err := c.do(ctx, key, func(d *handlers.Desk) (err error) {
			last, err = d.TendTalks(after, 100)
			return err
		})
		if err != nil {
			return err
		}
		if last == after {
			return nil
		}
	}
	return nil
}

// remindLeaves tells those whose leave ends, and passes on what waits for those
// whose leave begins.
func (c *clockwork) remindLeaves(ctx context.Context, slot time.Time) error {
	if err := c.routeLeaves(ctx, slot); err != nil {
		return err
	}
	return c.do(ctx, as("RemindLeaves", calendar.On(slot).String()), (*handlers.Desk).RemindLeaves)
}

func (c *clockwork) routeLeaves(ctx context.Context, slot time.Time) error {
	return c.do(ctx, as("RouteLeaves", slot.UTC().Format(time.RFC3339)), (*handlers.Desk).RouteLeaves)
}

// tellNoHead looks at each village in a transaction of its own.
func (c *clockwork) tellNoHead(ctx context.Context, slot time.Time) error {
	day := calendar.On(slot)
	crews, err := c.rosters(ctx, day, day)
	if err != nil {
		return err
	}
	for _, crew := range crews {
		key := as("TellNoHead", day.String()+":"+crew.VillageID)
		err := c.do(ctx, key, func(d *handlers.Desk) error { return d.TellNoHead(crew.VillageID, day) })
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *clockwork) remindSteps(ctx context.Context, slot time.Time) error {
	return c.do(ctx, as("RemindSteps", calendar.On(slot).String()), (*handlers.Desk).RemindSteps)
}

// makeRosters draws up this month's shifts and, from the 25th, the next month's.
// It looks every day: a village may have got its cadres since.
func (c *clockwork) makeRosters(ctx context.Context, slot time.Time) error {
	day := calendar.On(slot)
	spans := [][2]calendar.Date{{day, day.LastOfMonth()}}
	if day.Day >= 25 {
		next := day.LastOfMonth().Add(1)
		spans = append(spans, [2]calendar.Date{next, next.LastOfMonth()})
	}
	for _, span := range spans {
		crews, err := c.rosters(ctx, span[0], span[1])
		if err != nil {
			return err
		}
		for _, crew := range crews {
			if err := c.makeRoster(ctx, day, crew, span); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *clockwork) makeRoster(ctx context.Context, day calendar.Date, crew handlers.VillageCrew, span [2]calendar.Date) error {
	days := map[calendar.Date]bool{}
	for _, s := range crew.Shifts {
		days[s.Day] = true
	}
	if len(days) == span[1].Since(span[0])+1 {
		return nil // every day has its shift
	}
	key := as("roster", day.String()+":"+span[0].String()+":"+crew.VillageID)
	return c.do(ctx, key, func(d *handlers.Desk) error {
		_, err := d.MakeRoster(crew.VillageID, span[0], span[1])
		return err
	})
}

func (c *clockwork) rosters(ctx context.Context, first, last calendar.Date) (crews []handlers.VillageCrew, err error) {
	_, err = c.desk.Look(ctx, as("roster", first.String()), func(v *handlers.View) (string, error) {
		crews, err = v.Rosters(first, last)
		return "", err
	})
	return crews, err
}

// stepQuarters opens the running quarter if nobody has, and takes every quarter
// as far as its time has come. Each step is one command.
func (c *clockwork) stepQuarters(ctx context.Context, slot time.Time) error {
	running := calendar.QuarterOf(calendar.On(slot))
	cycles, err := c.cycles(ctx)
	if err != nil {
		return err
	}
	open := false
	for _, card := range cycles {
		open = open || card.Quarter == running
		if err := c.stepQuarter(ctx, card); err != nil {
			return err
		}
	}
	if open {
		return nil
	}
	crews, err := c.rosters(ctx, calendar.On(slot), calendar.On(slot))
	if err != nil {
		return err
	}
	if len(crews) == 0 { // the command is not given: its refusal would be kept as the answer to it
		return errNobody
	}
	key := as("open", running.String()+":"+calendar.On(slot).String())
	return c.do(ctx, key, func(d *handlers.Desk) error { return d.OpenCycle(running, c.rubric) })
}

func (c *clockwork) cycles(ctx context.Context) (cards []handlers.CycleCard, err error) {
	_, err = c.desk.Look(ctx, as("cycles", ""), func(v *handlers.View) (string, error) {
		cards, err = v.Cycles()
		return "", err
	})
	return cards, err
}

// mostSteps bounds the steps of one slot: a cycle has fewer states.
const mostSteps = 12

func (c *clockwork) stepQuarter(ctx context.Context, card handlers.CycleCard) error {
	for range mostSteps {
		if card.State == models.CycleAggregation {
			if err := c.compute(ctx, card); err != nil {
				return err
			}
		}
		if card.State != models.CycleAggregation && (card.Due.IsZero() || card.Now.Before(card.Due)) {
			return nil
		}
		stepped := false
		key := as("step", fmt.Sprintf("%s:%d:%d", card.Quarter, card.Version, card.Now.Unix()))
		err := c.do(ctx, key, func(d *handlers.Desk) (err error) {
			stepped, err = d.StepCycle(card.Quarter)
			return err
		})
		if err != nil || !stepped {
			return err
		}
		cards, err := c.cycles(ctx)
		if err != nil {
			return err
		}
		for _, next := range cards {
			if next.Quarter == card.Quarter {
				card = next
			}
		}
	}
	return nil
}

// How a quarter is computed: at most so many sequences in one transaction, which
// bounds what is held in memory, and so many transactions at once, so that some are
// made up while the database stores another.
const (
	computeTogether = 8
	computeAtOnce   = 3
)

// compute computes every sequence of a quarter.
func (c *clockwork) compute(ctx context.Context, card handlers.CycleCard) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(computeAtOnce)
	// A small county's are spread, so that nobody waits for the last one's whole.
	together := min(computeTogether, max(1, len(card.Sequences)/(2*computeAtOnce)))
	for _, ids := range wholeTowns(card.Sequences, together) {
		key := as("compute", fmt.Sprintf("%s:%d:%s:%s", card.Quarter, card.Round, ids[0], ids[len(ids)-1]))
		g.Go(func() error {
			return c.do(ctx, key, func(d *handlers.Desk) error { return d.Compute(ids...) })
		})
	}
	return g.Wait()
}

// wholeTowns puts about so many sequences together, and those of one town always: what
// their villages did is read once for all of them.
func wholeTowns(seqs []models.Sequence, together int) (ids [][]string) {
	for i, seq := range seqs {
		if i == 0 || len(ids[len(ids)-1]) >= together && seq.TownID != seqs[i-1].TownID {
			ids = append(ids, nil)
		}
		last := &ids[len(ids)-1]
		*last = append(*last, seq.ID)
	}
	return ids
}
