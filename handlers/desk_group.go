package handlers

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
)

// How commands are gathered. A group is what came while the one before was
// committed. Those who were answered send their next message at once, the first
// of them before the others: a group that began with it alone would keep all
// others waiting, so it waits for them, a millisecond at most.
// Where commands come one by one, nothing waits. A group is as large as the queue
// is long: when the processors are busy taking messages in, each exchange with the
// database waits its turn, and what counts is how much one of them carries.
const (
	groupSize     = 1024
	groupsAtOnce  = 2 // one computes while the other waits for the disk
	groupWait     = time.Millisecond
	groupWorth    = 16 // how many must wait for another group to begin beside one
	groupFor      = 8 * time.Second
	triesTogether = 2
)

// errAlone sends a command out of its group: it is tried alone, at once.
var errAlone = errors.New("to be tried alone")

// group gathers commands that only append rows and carries out several in one
// transaction: the only exception to one command, one transaction. A command
// that cannot share falls out. Two commands of one person never run at once.
type group struct {
	h     *Handlers
	mu    sync.Mutex
	queue []*joiner
	busy  map[Who]bool // whose commands are under way
	led   int          // groups under way
	full  *gathering   // the leader who waits for company
}

// gathering is a leader's wait for as many as the group before had.
type gathering struct {
	want  int
	ready chan struct{}
}

// joiner is one command in the queue, and then what became of it.
type joiner struct {
	ctx   context.Context
	cmd   Command
	fn    func(*Desk) (string, error)
	done  chan struct{}
	in    models.Inbox
	told  bool
	err   error
	panic any // what fn panicked with: its caller is to hear of it
	pile  models.Pile
}

// join queues a command and waits for its group. Its errors are those of
// attempt, or errAlone.
func (g *group) join(ctx context.Context, cmd Command, fn func(*Desk) (string, error)) (models.Inbox, bool, error) {
	m := &joiner{ctx: ctx, cmd: cmd, fn: fn, done: make(chan struct{})}
	g.mu.Lock()
	g.queue = append(g.queue, m)
	if g.full != nil && len(g.queue) >= g.full.want {
		close(g.full.ready)
		g.full = nil
	}
	lead := g.led == 0 || g.led < groupsAtOnce && len(g.queue) >= groupWorth
	if lead {
		g.led++
	}
	g.mu.Unlock()
	if lead {
		go g.lead(context.WithoutCancel(ctx))
	}
	<-m.done // the group has a deadline of its own
	if m.panic != nil {
		panic(m.panic)
	}
	return m.in, m.told, m.err
}

// lead carries out groups until nothing is left to take. What it leaves in the
// queue belongs to people who are in another group, whose leader will take it.
func (g *group) lead(ctx context.Context) {
	for {
		batch := g.take()
		if len(batch) == 0 {
			return
		}
		g.together(ctx, batch)
		for _, m := range batch {
			close(m.done)
		}
		g.gather(batch)
	}
}

// gather ends a group and waits for a moment until those who were in it are back
// among those who came meanwhile.
func (g *group) gather(last []*joiner) {
	g.mu.Lock()
	for _, m := range last {
		delete(g.busy, m.cmd.Who)
	}
	if len(last) < 4 || g.full != nil {
		g.mu.Unlock()
		return
	}
	mine := &gathering{want: min(groupSize, len(last)+len(g.queue)), ready: make(chan struct{})}
	g.full = mine
	g.mu.Unlock()
	t := time.NewTimer(groupWait)
	defer t.Stop()
	select {
	case <-mine.ready:
	case <-t.C:
		g.mu.Lock()
		if g.full == mine {
			g.full = nil
		}
		g.mu.Unlock()
	}
}

// take chooses the next group, in the order of the queue.
func (g *group) take() (batch []*joiner) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.led > 1 && len(g.queue) < groupWorth { // the other leader takes these
		g.led--
		return nil
	}
	var left []*joiner
	for i, m := range g.queue {
		if len(batch) == groupSize {
			left = append(left, g.queue[i:]...)
			break
		}
		if g.busy[m.cmd.Who] {
			left = append(left, m)
			continue
		}
		g.busy[m.cmd.Who] = true
		batch = append(batch, m)
	}
	g.queue = left
	if len(batch) == 0 {
		g.led--
	}
	return batch
}

// together carries out a group in one transaction. If that fails, each member
// goes its own way with the error, and what is nobody's fault is tried again.
func (g *group) together(ctx context.Context, batch []*joiner) {
	ctx, cancel := context.WithTimeout(ctx, groupFor)
	defer cancel()
	err := g.h.db.Gather(ctx, g.h.about(batch), func(tx *models.Tx, kept map[string]models.Inbox) error {
		var all models.Pile
		var again []string
		for _, m := range batch {
			if err := g.one(tx, m, kept); err != nil {
				return err
			}
			all.Join(m.pile)
			if _, repeat := kept[m.cmd.Key]; repeat {
				again = append(again, m.cmd.Key)
			}
		}
		if err := tx.Repeat(again...); err != nil {
			return err
		}
		return tx.Store(all)
	})
	g.h.meter.Groups.Add(1)
	g.h.meter.Gathered.Add(int64(len(batch)))
	if err == nil {
		return
	}
	if !errors.Is(err, models.ErrAgain) && !errors.Is(err, models.ErrUnknown) {
		err = fmt.Errorf("%w: %w", errAlone, err)
	}
	for _, m := range batch {
		m.in, m.told = models.Inbox{}, false
		if m.err == nil {
			m.err = err
		}
	}
}

// about says what the commands will look at.
func (h *Handlers) about(batch []*joiner) models.Ask {
	var ask models.Ask
	for _, m := range batch {
		ask.Keys = append(ask.Keys, m.cmd.Key)
		if m.cmd.Who.OpenID != "" {
			ask.OpenIDs = append(ask.OpenIDs, m.cmd.Who.OpenID, h.mark(m.cmd.Who.OpenID))
		}
	}
	ask.Days = func(now time.Time) (first, last calendar.Date) {
		first = calendar.On(now)
		for _, m := range batch {
			if sent := calendar.On(m.cmd.Sent); !m.cmd.Sent.IsZero() && sent.Before(first) {
				first = sent
			}
		}
		return first.Add(-1), calendar.On(now)
	}
	return ask
}

// one carries out a joiner. Its error is one that ends the whole group.
func (g *group) one(tx *models.Tx, m *joiner, kept map[string]models.Inbox) error {
	if in, repeat := kept[m.cmd.Key]; repeat {
		if m.in, m.err = in, m.cmd.same(in); m.err == nil && !m.cmd.Right.Take() {
			m.err = errRepeat // to be told later, by a transaction of its own
			return nil
		}
		g.h.meter.Repeats.Add(1)
		return nil
	}
	if m.err = m.ctx.Err(); m.err != nil {
		return nil
	}
	defer func() {
		if p := recover(); p != nil {
			m.panic, m.pile = p, models.Pile{}
		}
	}()
	m.in = claim(m.cmd, tx.Now)
	d := &Desk{View: &View{h: g.h, tx: tx.Reading()}, cmd: m.cmd, pile: &m.pile}
	err := d.seat(m.cmd)
	if err == nil && d.estranged {
		err = errAlone
	}
	if err == nil {
		err = d.carryOut(&m.in, m.fn)
	}
	switch {
	case errors.Is(err, models.ErrAgain):
		return err
	case err != nil || len(d.keeps) > 0:
		m.pile, m.err = models.Pile{}, errAlone
	default:
		m.told = d.told
		m.pile.Put(&m.in)
	}
	return nil
}
