package handlers

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"time"

	"github.com/cunkao/cunkao/models"
)

// Who asks: a WeChat user, a person known by another way, or a job. One is set.
type Who struct {
	OpenID   string
	PersonID string
	Job      string
}

// String names who asks, for the inbox.
func (w Who) String() string {
	switch {
	case w.OpenID != "":
		return "wx:" + w.OpenID
	case w.PersonID != "":
		return "id:" + w.PersonID
	default:
		return "job:" + w.Job
	}
}

// Channels by which a command comes.
const (
	ByWeChat  = "wechat"
	ByConsole = "console"
	ByCommand = "command" // the command line
	ByJob     = "job"     // the clock
)

// Command is one thing that is asked of the program.
type Command struct {
	Key     string    // the same for every repeat of one command, and for nothing else
	Digest  string    // of the input, in hex
	Who     Who       //
	Channel string    //
	Sent    time.Time // when it was sent, by the platform's clock; zero means now
	Right   *Right    // to answer, where somebody waits for the reply
	// Gather says that the command only appends rows (appendRow): it may
	// be committed together with those of other people.
	Gather bool
}

// Name is the key as a log may hold it: of the WeChat user's openid only the
// beginning stands in it. The row of the command is found by the rest.
func (c Command) Name() string {
	if len(c.Who.OpenID) <= shownOpenID {
		return c.Key
	}
	return strings.ReplaceAll(c.Key, c.Who.OpenID, c.Who.OpenID[:shownOpenID]+"…")
}

// shownOpenID is how much of an openid may be shown to whoever runs the program.
const shownOpenID = 8

// Right is the right to answer a waiting person. The work takes it before its
// COMMIT; if the one who waits has given up first, the reply goes as a notice.
type Right struct{ holder atomic.Int32 }

const (
	heldByWork   = 1
	heldByWaiter = 2
)

// Take takes the right for the work. It fails if the waiter has given up.
func (r *Right) Take() bool {
	return r == nil || r.holder.CompareAndSwap(0, heldByWork) || r.holder.Load() == heldByWork
}

// GiveUp takes the right for the waiter. It fails if the work has it: then the
// answer is about to come.
func (r *Right) GiveUp() bool { return r.holder.CompareAndSwap(0, heldByWaiter) }

// Desk is where one command is carried out: for one person, in one transaction,
// at one moment. The use cases are its methods.
type Desk struct {
	*View
	cmd     Command
	act     string         // what was done, for the inbox
	told    bool           // a notice was queued
	secret  bool           // the reply is not to be read in the database
	private bool           // nor is this one, which may be sent again
	keeps   []func() error // what is stored even if the command is refused
	pile    *models.Pile   // where appended rows wait, if the command is gathered
}

// maxTries is how often a command is tried before its fault is told.
const maxTries = 4

// errRepeat ends a transaction whose command was carried out before.
var errRepeat = errors.New("carried out before")

// Do carries out a command once for each key, and returns what was answered.
//
// What fn does and what it answers are stored together, or not at all, so a
// repeat is answered the same and changes nothing, whichever replica gets it. A
// refusal undoes what fn did (but for what it asked to Keep), and is remembered
// as the answer. A fault undoes everything, the claim included.
func (h *Handlers) Do(ctx context.Context, cmd Command, fn func(*Desk) (string, error)) (string, error) {
	h.meter.Commands.Add(1)
	for try := 1; ; try++ {
		in, told, err := h.tryOnce(ctx, cmd, fn, try)
		switch {
		case err == nil:
			if told {
				h.wake()
			}
			return h.answer(in)
		case errors.Is(err, errRepeat), errors.Is(err, models.ErrUnknown):
			h.count(err)
			in, found, looked := h.committed(ctx, cmd)
			if looked != nil {
				return "", fmt.Errorf("do %s: %w", cmd.Name(), unsure(err, looked))
			}
			if found {
				h.wake()
				return h.repeat(ctx, cmd, in)
			}
			// The first try was undone meanwhile: this one is as good.
		case !errors.Is(err, models.ErrAgain):
			return "", fmt.Errorf("do %s: %w", cmd.Name(), err)
		}
		h.meter.Again.Add(1)
		if try == maxTries || !pause(ctx, try) {
			return "", fmt.Errorf("do %s: gave up after %d tries: %w", cmd.Name(), try, err)
		}
	}
}

func (h *Handlers) count(err error) {
	if errors.Is(err, errRepeat) {
		h.meter.Repeats.Add(1)
		return
	}
	h.meter.Unsure.Add(1)
}

// tryOnce tries a command with others or, if it may not share or fell out of
// the group, alone.
func (h *Handlers) tryOnce(ctx context.Context, cmd Command, fn func(*Desk) (string, error), try int) (models.Inbox, bool, error) {
	if cmd.Gather && try <= triesTogether {
		in, told, err := h.group.join(ctx, cmd, fn)
		if !errors.Is(err, errAlone) {
			return in, told, err
		}
		h.meter.Alone.Add(1)
	}
	return h.attempt(ctx, cmd, fn)
}

// pause waits a little longer after each try, and never the same for two.
func pause(ctx context.Context, try int) bool {
	t := time.NewTimer(time.Duration(try)*5*time.Millisecond + rand.N(20*time.Millisecond)) //nolint:gosec // jitter
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// attempt is one try of a command in one transaction.
func (h *Handlers) attempt(ctx context.Context, cmd Command, fn func(*Desk) (string, error)) (in models.Inbox, told bool, err error) {
	err = h.db.Write(ctx, func(tx *models.Tx) error {
		in = claim(cmd, tx.Now)
		switch err := tx.AddInbox(&in); {
		case errors.Is(err, models.ErrExists):
			return errRepeat // end at once: the failed insert holds locks
		case err != nil:
			return fmt.Errorf("claim: %w", err)
		}
		d := &Desk{View: &View{h: h, tx: tx}, cmd: cmd}
		if err := d.seat(cmd); err != nil {
			return err
		}
		if d.estranged {
			if err := d.reunite(); err != nil {
				return err
			}
		}
		if err := d.carryOut(&in, fn); err != nil {
			return err
		}
		told = d.told
		return tx.SetInboxReply(in)
	})
	return in, told, err
}

func claim(cmd Command, now time.Time) models.Inbox {
	sent := cmd.Sent
	if sent.IsZero() {
		sent = now
	}
	return models.Inbox{
		CmdKey: cmd.Key, Digest: cmd.Digest, Who: cmd.Who.String(), Channel: cmd.Channel,
		SentAt: sent.UTC(), ReceivedAt: now,
	}
}

// carryOut runs fn behind the command's savepoint and fills in the reply.
func (d *Desk) carryOut(in *models.Inbox, fn func(*Desk) (string, error)) error {
	if err := d.mark(); err != nil {
		return fmt.Errorf("mark: %w", err)
	}
	reply, err := fn(d)
	refusal, refused := errors.AsType[*Refusal](err)
	switch {
	case refused:
		if err := d.undo(); err != nil {
			return fmt.Errorf("undo: %w", err)
		}
		d.told, d.act = false, ""
		if refusal, err = d.keepAgain(refusal); err != nil {
			return err
		}
		in.Reply, in.Refused, in.Field = refusal.Text, true, refusal.Field
	case err != nil:
		return err
	default:
		in.Reply, in.Act = reply, d.act
	}
	switch {
	case d.private:
		in.Reply = d.h.Shut(in.Reply, d.cmd.Key)
	case d.secret && !refused:
		in.Reply = secretReply + d.h.box.Seal(in.Reply, "inbox.reply."+d.cmd.Key)
	}
	if reply == "" && !refused || d.cmd.Right.Take() {
		return nil
	}
	return d.replyLate(lateWords(*in))
}

// mark and undo are for what fn does: behind a savepoint or, gathered, on a
// pile that is thrown away.
func (d *Desk) mark() error {
	if d.pile != nil {
		return nil
	}
	return d.tx.Mark()
}

func (d *Desk) undo() error {
	if d.pile != nil {
		*d.pile = models.Pile{}
		return nil
	}
	return d.tx.Undo()
}

// appendRow stores a row that is only ever added, now or with those of others.
// Alone it returns models.ErrExists if the row is there already; in a group that
// shows later, and then the command is tried alone.
func (d *Desk) appendRow(r models.Row) error {
	if d.pile != nil {
		d.pile.Put(r)
		return nil
	}
	var p models.Pile
	p.Put(r)
	return d.tx.Store(p)
}

// Keep stores something that stays even if the command is refused: the talk's
// next step, the count of an attempt. It is stored at once, and once more when
// a refusal has undone it.
func (d *Desk) Keep(store func() error) error {
	d.keeps = append(d.keeps, store)
	return store()
}

// keepAgain stores what a refusal undid. What is stored may itself refuse, for
// others were faster meanwhile: then that is the answer.
func (d *Desk) keepAgain(said *Refusal) (*Refusal, error) {
	for _, store := range d.keeps {
		err := store()
		if refusal, refused := errors.AsType[*Refusal](err); refused {
			said = refusal
		} else if err != nil {
			return nil, fmt.Errorf("keep: %w", err)
		}
	}
	return said, nil
}
