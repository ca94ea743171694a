package handlers

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cunkao/cunkao/models"
)

// What the platform reports of a message that it took. Anything else is why it
// did not arrive, for good.
const (
	ReportSuccess = "success"
	ReportSystem  = "failed: system failed" // the platform's own fault: sent once more
)

// How a report is used.
const (
	reportAgain = 11 * time.Minute // for ten the platform drops a repeat
	reportTries = 3
	reportsFor  = 7 * 24 * time.Hour // how long one waits for its notice to be known
)

// Report takes in what became of a message that the platform took under an id
// of its own. That may be heard before the id is recorded here: whichever comes
// later finds the other. A report without an id is of nobody's message.
func (h *Handlers) Report(ctx context.Context, platformID, outcome string) error {
	if platformID == "" {
		return nil
	}
	platformID = short(platformID, 40)
	err := h.keepHouse(ctx, func(tx *models.Tx) error {
		return tx.AddReport(&models.Report{PlatformID: platformID, Outcome: short(outcome, 60), At: tx.Now})
	})
	if err != nil {
		return fmt.Errorf("keep the report of %s: %w", platformID, err)
	}
	return h.matchReport(ctx, platformID)
}

// matchReport brings a report and its notice together, if both are there. It is
// a transaction of its own, after that which stored either.
func (h *Handlers) matchReport(ctx context.Context, platformID string) error {
	err := h.keepHouse(ctx, func(tx *models.Tx) error {
		r, err := tx.Report(platformID)
		if errors.Is(err, models.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		n, err := tx.NoticeReported(platformID)
		if errors.Is(err, models.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		reported(tx.Now, &n, r.Outcome)
		if err := tx.SetReported(n); err != nil && !errors.Is(err, models.ErrStale) {
			return err
		}
		return tx.EndReport(platformID)
	})
	if err != nil {
		return fmt.Errorf("match the report of %s: %w", platformID, err)
	}
	return nil
}

// ErrNotYet says that a report is of a notice whose sending is not recorded yet.
var ErrNotYet = errors.New("the notice is on its way")

// ReportOf takes in what became of a notice of a kind to a WeChat user, where the
// platform gives no id: it is that of the oldest by that way of which nothing was
// heard. One that is still on its way is ErrNotYet: the platform will say it
// again.
func (h *Handlers) ReportOf(ctx context.Context, openID, kind, way, outcome string) error {
	err := h.keepHouse(ctx, func(tx *models.Tx) error {
		who, err := tx.PersonByOpenID(openID)
		if errors.Is(err, models.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		n, err := tx.NoticeUnreported(who.ID, kind, way)
		switch {
		case errors.Is(err, models.ErrNotFound):
			return nil
		case err != nil:
			return err
		case n.State == models.NoticeSending:
			return ErrNotYet
		}
		reported(tx.Now, &n, short(outcome, 60))
		if err := tx.SetReported(n); !errors.Is(err, models.ErrStale) {
			return err
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("report of a notice of %s: %w", kind, err)
	}
	return nil
}

// reportsAtOnce is how many reports are brought to their notices in one go.
const reportsAtOnce = 200

// matchReports brings together what a process left apart that died between the
// transaction that stored one and that which looks for the other.
func (h *Handlers) matchReports(ctx context.Context) error {
	for {
		var ids []string
		err := h.db.Read(ctx, func(tx *models.Tx) (err error) { ids, err = tx.ReportsLeftAlone(reportsAtOnce); return err })
		if err != nil {
			return fmt.Errorf("reports left alone: %w", err)
		}
		for _, id := range ids {
			if err := h.matchReport(ctx, id); err != nil {
				return err
			}
		}
		if len(ids) < reportsAtOnce {
			return nil
		}
	}
}

// reported says what becomes of a notice that was sent.
func reported(now time.Time, n *models.Notice, outcome string) {
	n.Report = outcome
	switch {
	case outcome == ReportSuccess:
	case outcome == ReportSystem && n.Tries < reportTries:
		n.State, n.Report, n.PlatformID = models.NoticeWaiting, "", ""
		n.Problem, n.NotBefore = outcome, now.Add(reportAgain)
	default:
		n.State, n.Problem = models.NoticeDead, outcome
	}
}

// Choice is what a WeChat user has said about the notices of one template.
type Choice struct {
	TemplateID string
	Accepted   bool
	Lasting    bool // one yes is for all that will be sent, not for one
}

// Choose takes in what the asking WeChat user has said about subscriptions. Each
// yes to a one-time template is for one more message.
func (d *Desk) Choose(choices []Choice, withdrawn bool) error {
	if err := d.may("Choose", own(d.Who.ID)); err != nil {
		return err
	}
	for _, c := range choices {
		var err error
		switch {
		case c.Accepted && c.Lasting:
			err = d.tx.SetSubscription(d.OpenID, c.TemplateID, 1)
		case c.Accepted:
			err = d.tx.AddSubscription(d.OpenID, c.TemplateID)
		case withdrawn:
			err = d.tx.SetSubscription(d.OpenID, c.TemplateID, 0)
		}
		if err != nil {
			return fmt.Errorf("choose %s: %w", c.TemplateID, err)
		}
	}
	return nil
}

// Subscribed is how many messages of a template a WeChat user agrees to.
func (h *Handlers) Subscribed(ctx context.Context, openID, templateID string) (n int, err error) {
	err = h.db.Read(ctx, func(tx *models.Tx) error {
		n, err = tx.Subscription(openID, templateID)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("subscription to %s: %w", templateID, err)
	}
	return n, nil
}

// SpendSubscription records that n of the messages that somebody agreed to are
// used: one that was sent or, where the platform knows of no yes, all that were
// thought to be left. A yes that was given meanwhile stays.
func (h *Handlers) SpendSubscription(ctx context.Context, openID, templateID string, n int) error {
	err := h.keepHouse(ctx, func(tx *models.Tx) error { return tx.SpendSubscription(openID, templateID, n) })
	if err != nil {
		return fmt.Errorf("spend a subscription to %s: %w", templateID, err)
	}
	return nil
}
