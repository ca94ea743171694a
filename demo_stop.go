package main

import (
	"context"
	"slices"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/sim"
)

// stops are the moments worth moving the clock to.
func (d *demo) stops(ctx context.Context) ([]sim.Stop, error) {
	var off calendar.DaysOff
	now := d.clock.Now()
	q := calendar.QuarterOf(calendar.On(now))
	if !q.Last().At(20, 0).After(now) {
		q = q.Next()
	}
	out := []sim.Stop{
		{Label: "下一个工作日", At: off.AddWorkdays(calendar.On(now), 1).At(8, 0), Hint: "早上上班"},
		{Label: "季度末", At: q.Last().At(20, 0), Hint: ordinal(q) + "结束"},
	}
	card, ok, err := d.unpublished(ctx)
	if err != nil || !ok {
		return out, err
	}
	publish := sim.Stop{Label: "到公布日", At: publishDay(card, off).At(18, 0), Hint: "公示" + ordinal(card.Quarter)}
	if !publish.At.After(now) { // somebody is late
		publish.At = out[0].At.Add(10 * time.Hour)
	}
	waits, err := d.crowd.awaited(ctx, card.Quarter)
	if waits != "" {
		publish.Hint = waits
	}
	return append(out, publish), err
}

// ordinal is a quarter without its year: 第三季度.
func ordinal(q calendar.Quarter) string { return string([]rune(q.Chinese())[5:]) }

// unpublished is the oldest quarter that waits to be published. Cycles come
// newest first.
func (d *demo) unpublished(ctx context.Context) (card handlers.CycleCard, ok bool, err error) {
	cycles, err := d.app.clock.cycles(ctx)
	for _, c := range slices.Backward(cycles) {
		if c.State != models.CycleFinal && c.State != models.CyclePublicNotice {
			return c, true, err
		}
	}
	return card, false, err
}

// publishDay is when a quarter will be published, if everybody takes the time
// there is.
func publishDay(card handlers.CycleCard, off calendar.DaysOff) calendar.Date {
	term := handlers.DefaultPolicy().Deadlines
	review := off.AddWorkdays(off.AddWorkdays(card.Quarter.Last(), term.Verification).Add(1), term.Review)
	filing := off.AddWorkdays(review, term.Filing)
	switch card.State {
	case models.CycleTownReview:
		filing = off.AddWorkdays(calendar.On(card.Due), term.Filing)
	case models.CycleCountyFiling:
		filed := !slices.ContainsFunc(card.Sequences, func(q models.Sequence) bool { return q.Step == models.SequenceConfirmed })
		if filed { // what is due is the publishing itself
			return calendar.On(card.Due)
		}
		filing = calendar.On(card.Due)
	default:
	}
	return off.AddWorkdays(filing, term.Publishing)
}

// awaited names whoever is played on the page and keeps a quarter waiting: 等金涛审定.
func (c *crowd) awaited(ctx context.Context, q calendar.Quarter) (string, error) {
	for _, p := range demoPeople() {
		if len(p.Roles) == 0 || !c.idle(p.openID()) {
			continue
		}
		waiting, err := c.waiting(ctx, p.openID())
		if err != nil {
			return "", err
		}
		for _, w := range waiting {
			if w.Quarter == q {
				return "等" + p.Name + w.Step.Name, nil
			}
		}
	}
	return "", nil
}
