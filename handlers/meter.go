package handlers

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/cunkao/cunkao/models"
)

// Meter counts how commands go. Main shows it to whoever watches.
type Meter struct {
	Commands atomic.Int64 // asked of Do
	Looks    atomic.Int64 // asked of Look
	Repeats  atomic.Int64 // found carried out before
	Again    atomic.Int64 // tries that the database asked to repeat
	Unsure   atomic.Int64 // commits without an answer
	Groups   atomic.Int64 // transactions of several commands
	Gathered atomic.Int64 // commands in them
	Alone    atomic.Int64 // commands that fell out of a group
	PutOff   atomic.Int64 // notices that the platform did not take, to be tried again
}

// Meter is what is counted.
func (h *Handlers) Meter() *Meter { return &h.meter }

// Queued is how many commands wait for a group.
func (h *Handlers) Queued() int {
	h.group.mu.Lock()
	defer h.group.mu.Unlock()
	return len(h.group.queue)
}

// Backlog is what is to be done or told and was not yet.
type Backlog struct {
	Counts map[models.NoticeState]int
	Oldest time.Duration // of what is due: how long ago it was
	Kept   int64         // messages that were acknowledged and are not carried out yet
}

// Backlog counts the notices by state, and the messages that are kept.
func (h *Handlers) Backlog(ctx context.Context) (b Backlog, err error) {
	err = h.db.Read(ctx, func(tx *models.Tx) error {
		var due time.Time
		if b.Counts, due, err = tx.CountNotices(); err == nil && !due.IsZero() {
			b.Oldest = max(0, tx.Now.Sub(due))
		}
		if err == nil {
			b.Kept, err = tx.CountIntakes()
		}
		return err
	})
	if err != nil {
		return b, fmt.Errorf("backlog: %w", err)
	}
	return b, nil
}
