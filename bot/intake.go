package bot

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/wechat"
)

// takeAtOnce is how many kept messages are taken over at a time.
const takeAtOnce = 256

// errTooOften ends the tries of a message.
var errTooOften = errors.New("tried too often")

// WaitFor sets how many messages are waited for at once; 0 is what is usual.
func (b *Bot) WaitFor(n int) { b.most.Store(int64(cmp.Or(n, crowd))) }

// crowded is how many messages are waited for at once.
func (b *Bot) crowded() int { return int(b.most.Load()) }

// shed acknowledges a message that cannot be waited for, once it is stored. It is
// carried out at once, or left for whoever has room. What cannot be stored is not
// acknowledged: the platform sends it again.
func (b *Bot) shed(w http.ResponseWriter, r *http.Request, m wechat.Message, in Input, under int) {
	ctx, t := context.WithoutCancel(r.Context()), b.taken(m)
	if under > 3*b.crowded() {
		b.meter.Full.Add(1)
		t.Tries = 0
	}
	_ = in.Right.GiveUp()
	fresh, err := b.takeIn(ctx, t, shedFor)
	if err != nil {
		b.meter.Under.Add(-1)
		b.hangUp()
	}
	b.meter.Shed.Add(1)
	if fresh && t.Tries == 0 {
		b.meter.Under.Add(-1)
	} else { // also if it is under way already: somebody else may have hung up, and believe that he is waited for
		b.under.Go(func() { b.carryOn(ctx, in) })
	}
	_, _ = io.WriteString(w, success)
}

// taken is a message as it is kept, for its first try.
func (b *Bot) taken(m wechat.Message) handlers.Taken {
	return handlers.Taken{Key: m.Key(b.AppID), Body: m.XML, Tries: 1}
}

// takeIn stores a message before it is acknowledged.
func (b *Bot) takeIn(ctx context.Context, t handlers.Taken, within time.Duration) (fresh bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	fresh, err = b.Desk.TakeIn(ctx, t)
	if err != nil {
		b.Log.ErrorContext(ctx, "bot: keep a message", "number", number(t.Key), "err", err)
	}
	return fresh, err
}

// carryOn answers a message that was acknowledged.
func (b *Bot) carryOn(ctx context.Context, in Input) {
	done := make(chan outcome, 1)
	b.work(ctx, in, queueFor, done)
	b.settle(ctx, in, <-done)
	if b.left.Load() && int(b.meter.Under.Load()) <= b.crowded()/2 {
		select {
		case b.room <- struct{}{}:
		default: // a signal waits already
		}
	}
}

// settle lets a message go that was carried out. After a fault it stays, and is
// tried again.
func (b *Bot) settle(ctx context.Context, in Input, out outcome) {
	if out.err != nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, hearFor)
	defer cancel()
	if err := b.Desk.LetGo(ctx, in.Key); err != nil { // taken over, it is found to be carried out
		b.Log.WarnContext(ctx, "bot: let a message go", "message", in.name(), "err", err)
	}
}

// overdue ends a wait that took too long: the message is stored, and acknowledged,
// and the reply comes as a notice. If the work holds the right to answer by then,
// it is about to come.
func (b *Bot) overdue(w http.ResponseWriter, r *http.Request, m wechat.Message, in Input, done <-chan outcome) {
	ctx := context.WithoutCancel(r.Context())
	kept := make(chan error, 1)
	b.under.Go(func() {
		_, err := b.takeIn(ctx, b.taken(m), keepFor)
		kept <- err
	})
	select {
	case out := <-done:
		b.under.Go(func() {
			if <-kept == nil {
				b.settle(ctx, in, out)
			}
		})
		b.finish(w, r, m, out)
		return
	case err := <-kept:
		if err != nil && b.Now().Sub(m.Sent()) < lastTry {
			b.hangUp()
		}
		if !in.Right.GiveUp() {
			b.lastMoment(w, r, m, in, done)
			return
		}
		if err != nil { // it does not come again: who sent it reads the reply as a notice, if there is one
			b.hangUp()
		}
		b.meter.Late.Add(1)
		b.under.Go(func() { b.settle(ctx, in, <-done) })
		_, _ = io.WriteString(w, success)
	}
}

// lastMoment waits a little more, once the answer is certain to come.
func (b *Bot) lastMoment(w http.ResponseWriter, r *http.Request, m wechat.Message, in Input, done <-chan outcome) {
	wait := time.NewTimer(waitOnce)
	defer wait.Stop()
	ctx := context.WithoutCancel(r.Context())
	select {
	case out := <-done:
		b.under.Go(func() { b.settle(ctx, in, out) })
		b.finish(w, r, m, out)
	case <-wait.C:
		b.under.Go(func() { b.settle(ctx, in, <-done) })
		b.hangUp()
	}
}

// TakeOver carries out what was kept and left, by a process that died or for want
// of room, until ctx ends. It looks every so often, and when there is room again.
func (b *Bot) TakeOver(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	trouble := NewTrouble(b.Log, "bot: take over")
	for {
		err := b.TakeOverDue(ctx)
		trouble.Heed(ctx, b.Now(), err)
		select {
		case <-ctx.Done():
			return
		case <-b.room:
		case <-tick.C:
		}
	}
}

// TakeOverDue takes over what is due now, as far as there is room.
func (b *Bot) TakeOverDue(ctx context.Context) error {
	for ctx.Err() == nil {
		room := min(takeAtOnce, b.crowded()-int(b.meter.Under.Load()))
		if b.left.Store(room <= 0); room <= 0 {
			return nil
		}
		taken, err := b.Desk.TakeOver(ctx, room)
		for _, t := range taken {
			b.resume(context.WithoutCancel(ctx), t)
		}
		if err != nil || len(taken) < room {
			return err
		}
	}
	return ctx.Err()
}

// resume goes on with a message that was taken over.
func (b *Bot) resume(ctx context.Context, t handlers.Taken) {
	if t.Orphan {
		b.meter.TakenOver.Add(1)
	}
	m, err := wechat.Decode([]byte(t.Body))
	if err != nil { // it was read before: another version of the program left it
		b.Log.ErrorContext(ctx, "bot: read a kept message", "number", number(t.Key), "err", err)
		return
	}
	in, _ := b.input(m)
	in.Right = &handlers.Right{}
	_ = in.Right.GiveUp()
	b.meter.Under.Add(1)
	if t.Tries <= handlers.IntakeTries {
		b.under.Go(func() { b.carryOn(ctx, in) })
		return
	}
	b.under.Go(func() {
		defer b.meter.Under.Add(-1)
		b.giveUp(ctx, in, t)
	})
}

// giveUp tells the sender of a message that it was tried too often.
func (b *Bot) giveUp(ctx context.Context, in Input, t handlers.Taken) {
	ctx, cancel := context.WithTimeout(ctx, workFor)
	defer cancel()
	said, _ := handlers.Explain(errTooOften, number(in.Key))
	b.meter.Faults.Add(1)
	err := b.Desk.GiveUp(ctx, in.command(), t, said)
	b.Log.ErrorContext(ctx, "bot: gave up a message", "message", in.name(), "number", number(in.Key), "err", err)
}
