package sim

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Roads say how messages and events travel to the account. The zero value is one
// post without delay.
type Roads struct {
	Copies int           // so many posts of each at the same instant, each with its repeats
	Delay  time.Duration // on the clock on the wall, before it is posted
}

// SetRoads changes how messages travel from now on.
func (s *Sim) SetRoads(r Roads) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.roads = r
}

// deliver brings a message to the account and returns what the phone shows.
func (s *Sim) deliver(ctx context.Context, m inbound) (shown, error) {
	if s.boxErr != nil {
		return shown{}, s.boxErr
	}
	s.mu.Lock()
	r := s.roads
	s.mu.Unlock()
	if r.Delay > 0 && !s.pause(ctx, r.Delay) {
		return shown{}, fmt.Errorf("sim: deliver %s: %w", m.kind, errors.Join(ctx.Err(), errGone))
	}
	if r.Copies < 2 {
		return s.deliverOne(ctx, m)
	}
	return s.deliverCopies(ctx, m, r.Copies)
}

var errGone = errors.New("whoever waited for it has gone")

// deliverCopies delivers a message several times at once. The phone shows one
// reply, if there is any.
func (s *Sim) deliverCopies(ctx context.Context, m inbound, n int) (shown, error) {
	outs, errs := make([]shown, n), make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { outs[i], errs[i] = s.deliverOne(ctx, m) })
	}
	all.Wait()
	best := 0
	for i := range n {
		if better := errs[best] != nil || outs[best].empty(); better && errs[i] == nil {
			best = i
		}
	}
	return outs[best], errs[best]
}

// SayReversed says several texts, one right after the other, which overtake each
// other on their way: the last reaches the account first. The replies are in the
// order of the texts.
func (s *Sim) SayReversed(ctx context.Context, openID string, texts ...string) ([]string, error) {
	leave, err := s.o.Clock.depart(ctx)
	if err != nil {
		return nil, fmt.Errorf("sim: wait for the clock: %w", err)
	}
	defer leave()
	messages := make([]inbound, len(texts))
	for i, text := range texts {
		if messages[i], err = s.begin(s.saying(openID, Piece{Say: text})); err != nil {
			return nil, err
		}
	}
	replies := make([]string, len(texts))
	for i := len(texts) - 1; i >= 0; i-- {
		reply, err := s.answer(ctx, messages[i])
		if _, failed := errors.AsType[*NoticeError](err); err != nil && !failed {
			return replies, err
		}
		replies[i] = reply
	}
	return replies, nil
}
