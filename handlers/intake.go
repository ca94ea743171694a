package handlers

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cunkao/cunkao/models"
)

// How messages are kept that are acknowledged before they are carried out.
const (
	// IntakeTries is how often a message is tried, the first time included.
	IntakeTries = 5
	// IntakeLease is for how long nobody else tries: whoever took it in or over
	// has ended by then, one way or the other.
	IntakeLease = 130 * time.Second

	keptAtOnce   = 512     // in one statement
	keptBytes    = 4 << 20 // as well: a server takes no statement of any size
	ownPart      = 13      // of an owner: the process; the rest is of one taking over
	keptFor      = 3 * time.Second
	untriedFor   = 24 * time.Hour // after which nobody could carry it out: five tries take minutes
	tidiedAtOnce = 100
)

// Taken is a message that was acknowledged before it was carried out.
type Taken struct {
	Key, Body string
	Tries     int  // this one included
	Orphan    bool // whoever had it died
}

// TakeIn stores a message, so that it may be acknowledged: what it says is sealed.
// fresh says that it was not there yet. With a first try the caller is to carry it
// out, and to let it go; without, it is left to whoever takes over first. Many that
// come at once are stored in one transaction, over connections of their own.
func (h *Handlers) TakeIn(ctx context.Context, t Taken) (fresh bool, err error) {
	row := &models.Intake{CmdKey: t.Key, Body: h.box.Seal(t.Body, "intake.body."+t.Key), Tries: t.Tries}
	if t.Tries > 0 {
		row.Owner = h.self
	}
	e := &comer{row: row}
	if err := h.intake.ask(ctx, e); err != nil {
		return false, fmt.Errorf("take in: %w", err)
	}
	return e.fresh, nil
}

// LetGo deletes a message that was carried out, and whose sender is told.
func (h *Handlers) LetGo(ctx context.Context, key string) error {
	if err := h.intake.ask(ctx, &comer{drop: key}); err != nil {
		return fmt.Errorf("let go: %w", err)
	}
	return nil
}

// intake gathers messages to be stored, and such to be deleted, while the ones
// before are committed.
type intake struct {
	h     *Handlers
	mu    sync.Mutex
	queue []*comer
	led   bool
}

// comer is one message in the queue, and then what became of it.
type comer struct {
	row   *models.Intake
	drop  string // or a key to be deleted
	fresh bool
	err   error
	done  chan struct{}
	gone  atomic.Bool // nobody waits any more
}

// ask queues a message and waits until it is committed, or ctx ends: then it may
// still be.
func (k *intake) ask(ctx context.Context, e *comer) error {
	e.done = make(chan struct{})
	k.mu.Lock()
	k.queue = append(k.queue, e)
	lead := !k.led
	k.led = true
	k.mu.Unlock()
	if lead {
		go k.lead(context.WithoutCancel(ctx))
	}
	select {
	case <-e.done:
		return e.err
	case <-ctx.Done():
		e.gone.Store(true)
		return ctx.Err()
	}
}

// lead stores batches until nothing is left.
func (k *intake) lead(ctx context.Context) {
	for {
		batch := k.take()
		if len(batch) == 0 {
			return
		}
		k.together(ctx, batch)
		for _, e := range batch {
			close(e.done)
			if e.row != nil && e.fresh && e.gone.Load() { // its sender was told nothing, and sends it again
				go func() { _ = k.h.LetGo(ctx, e.row.CmdKey) }()
			}
		}
	}
}

// take is the next batch, in the order of the queue.
func (k *intake) take() []*comer {
	k.mu.Lock()
	defer k.mu.Unlock()
	n, size := 0, 0
	for n < min(len(k.queue), keptAtOnce) && size < keptBytes {
		if row := k.queue[n].row; row != nil {
			size += len(row.Body)
		}
		n++
	}
	batch := k.queue[:n:n]
	k.queue, k.led = k.queue[n:], n > 0
	return batch
}

// together stores a batch in one transaction. Should one of its messages be there
// already, it is looked up which.
func (k *intake) together(ctx context.Context, batch []*comer) {
	ctx, cancel := context.WithTimeout(ctx, keptFor)
	defer cancel()
	store := (*models.Tx).AddIntakes
	err := k.h.again(ctx, func() error {
		err := k.h.db.Keep(ctx, func(tx *models.Tx) error { return storeBatch(tx, batch, store) })
		if errors.Is(err, models.ErrExists) {
			store, err = addOthers, fmt.Errorf("%w: %w", models.ErrAgain, err)
		}
		return err
	})
	for _, e := range batch {
		if e.err = err; err != nil {
			e.fresh = false
		}
	}
}

// storeBatch stores and deletes what a batch holds. A message is fresh if it was not
// there before.
func storeBatch(tx *models.Tx, batch []*comer, store func(*models.Tx, []*models.Intake) error) error {
	var rows []*models.Intake
	var drop []string
	first := map[string]bool{}
	for _, e := range batch {
		if e.row == nil {
			drop = append(drop, e.drop)
			continue
		}
		e.fresh = !first[e.row.CmdKey]
		if !e.fresh {
			continue
		}
		first[e.row.CmdKey] = true
		e.row.ReceivedAt, e.row.LeaseUntil, e.row.Repeats = tx.Now, tx.Now, 0
		if e.row.Owner != "" {
			e.row.LeaseUntil = tx.Now.Add(IntakeLease)
		}
		rows = append(rows, e.row)
	}
	if err := store(tx, rows); err != nil {
		return err
	}
	for _, e := range batch {
		e.fresh = e.fresh && e.row.Repeats == 0
	}
	if len(drop) == 0 {
		return nil
	}
	return tx.DropIntakes(drop)
}

// addOthers stores those that are not there yet, and marks the others.
func addOthers(tx *models.Tx, rows []*models.Intake) error {
	keys := make([]string, 0, len(rows))
	for _, row := range rows {
		keys = append(keys, row.CmdKey)
	}
	there, err := tx.RepeatIntakes(keys)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, key := range there {
		known[key] = true
	}
	var others []*models.Intake
	for _, row := range rows {
		if known[row.CmdKey] {
			row.Repeats = 1
			continue
		}
		others = append(others, row)
	}
	return tx.AddIntakes(others)
}

// TakeOver takes up to n messages for the caller to carry out: what a process left
// that died, and what none had room for. One that does not open is passed over.
func (h *Handlers) TakeOver(ctx context.Context, n int) (out []Taken, err error) {
	var rows []models.Intake
	err = h.keepHouse(ctx, func(tx *models.Tx) error {
		rows, err = tx.LeaseIntakes(h.self[:ownPart]+tx.NewID()[ownPart:], n, IntakeLease)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("take over: %w", err)
	}
	for _, row := range rows {
		t := Taken{Key: row.CmdKey, Tries: row.Tries + 1, Orphan: row.Owner != "" && !strings.HasPrefix(row.Owner, h.self[:ownPart])}
		body, opened := h.box.Open(row.Body, "intake.body."+row.CmdKey)
		if opened != nil {
			err = fmt.Errorf("take over: %w", opened)
			continue
		}
		t.Body = body
		out = append(out, t)
	}
	return out, err
}

// GiveUp ends the tries of a message: its sender is told that nothing was recorded,
// which is made sure of by the same transaction, and the message goes to the dead
// letters. If it was carried out after all he is told what came of it.
func (h *Handlers) GiveUp(ctx context.Context, cmd Command, t Taken, said string) error {
	err := h.keepHouse(ctx, func(tx *models.Tx) error {
		in := claim(cmd, tx.Now)
		in.Reply, in.Refused = said, true
		switch err := tx.AddInbox(&in); {
		case errors.Is(err, models.ErrExists):
			return errRepeat
		case err != nil:
			return err
		}
		d := &Desk{View: &View{h: h, tx: tx, OpenID: cmd.Who.OpenID}, cmd: cmd}
		if err := d.replyLate(said); err != nil {
			return err
		}
		if err := h.bury(tx, t.Key, "intake", "tried too often", t.Body); err != nil {
			return err
		}
		return tx.DropIntakes([]string{t.Key})
	})
	if errors.Is(err, errRepeat) {
		var in models.Inbox
		if in, _, err = h.committed(ctx, cmd); err == nil && in.Reply != "" {
			err = h.ReplyLate(ctx, cmd, lateWords(in))
		}
		if err == nil {
			err = h.LetGo(ctx, t.Key)
		}
	}
	if err != nil {
		return fmt.Errorf("give up %s: %w", cmd.Name(), err)
	}
	h.wake()
	return nil
}

// TidyIntake buries what nobody could carry out for a day, such as messages that
// another key sealed.
func (h *Handlers) TidyIntake(ctx context.Context) error {
	for more := true; more; {
		err := h.keepHouse(ctx, func(tx *models.Tx) error {
			rows, err := tx.IntakesBefore(tx.Now.Add(-untriedFor), tidiedAtOnce)
			if err != nil || len(rows) == 0 {
				more = false
				return err
			}
			var keys []string
			for _, row := range rows {
				body, opened := h.box.Open(row.Body, "intake.body."+row.CmdKey)
				why := "nobody carried it out for a day"
				if opened != nil {
					why = "it does not open"
				}
				if err := h.bury(tx, row.CmdKey, "intake", why, body); err != nil {
					return err
				}
				keys = append(keys, row.CmdKey)
			}
			return tx.DropIntakes(keys)
		})
		if err != nil {
			return fmt.Errorf("tidy the intake: %w", err)
		}
	}
	return nil
}
