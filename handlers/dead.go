package handlers

import (
	"context"
	"fmt"
	"time"

	"github.com/cunkao/cunkao/models"
)

// deadBodies is for how long is kept what an unreadable message said. That there
// was one is kept longer.
const deadBodies = 30 * 24 * time.Hour

// Bury keeps a message of the platform's that cannot be carried out: one that
// cannot be read, or of a kind that nobody knows here. What it says is sealed. A
// repeat changes nothing.
func (h *Handlers) Bury(ctx context.Context, key, kind, why, body string) error {
	err := h.keepHouse(ctx, func(tx *models.Tx) error { return h.bury(tx, key, kind, why, body) })
	if err != nil {
		return fmt.Errorf("bury a message: %w", err)
	}
	return nil
}

func (h *Handlers) bury(tx *models.Tx, key, kind, why, body string) error {
	return tx.AddDeadLetter(&models.DeadLetter{
		CmdKey: key, Kind: short(kind, 80), Why: short(why, 200), At: tx.Now, Body: h.box.Seal(body, "dead_inbox.body."+key),
	})
}

// EmptyGraves deletes what messages said that were buried long ago, and reports
// of which nobody here knows the message.
func (h *Handlers) EmptyGraves(ctx context.Context) error {
	if err := h.matchReports(ctx); err != nil {
		return err
	}
	err := h.keepHouse(ctx, func(tx *models.Tx) error {
		if err := tx.EmptyReports(tx.Now.Add(-reportsFor)); err != nil {
			return err
		}
		return tx.EmptyDeadLetters(tx.Now.Add(-deadBodies))
	})
	if err != nil {
		return fmt.Errorf("empty the dead inbox: %w", err)
	}
	return nil
}
