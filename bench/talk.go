package bench

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// Talks carries on conversations: the next message of one is sent when the last was
// answered, as people do.
type Talks struct {
	Addr  string
	Talks [][][]byte // the requests of each
	Conns int
	Now   func() time.Time
}

// Told is what became of conversations.
type Told struct {
	Took    time.Duration
	CPU     time.Duration     // of this process, the generator's included
	Waits   [][]time.Duration // by place in the conversation
	Answers [][][]byte        // bodies, by conversation
}

// Rate is conversations per second.
func (t Told) Rate() int {
	return int(int64(len(t.Answers)) * int64(time.Second) / max(1, int64(t.Took)))
}

// Run carries on every conversation once. A message without an answer ends its line.
func (l Talks) Run(ctx context.Context) (Told, error) {
	t := Told{Answers: make([][][]byte, len(l.Talks))}
	waits, errs := make([][]time.Duration, len(l.Talks)), make([]error, l.Conns)
	var next atomic.Int64
	var all sync.WaitGroup
	cpu, start := cpuTime(), l.Now()
	for i := range l.Conns {
		all.Go(func() {
			c := line{}
			defer c.close()
			for errs[i] == nil && ctx.Err() == nil {
				n := int(next.Add(1)) - 1
				if n >= len(l.Talks) {
					return
				}
				waits[n], errs[i] = l.talk(ctx, &c, n, &t)
			}
		})
	}
	all.Wait()
	t.Took, t.CPU = l.Now().Sub(start), cpuTime()-cpu
	t.Waits = byPlace(waits)
	return t, errors.Join(errors.Join(errs...), ctx.Err())
}

// byPlace turns the waits of each conversation into those of each place in one.
func byPlace(talks [][]time.Duration) (out [][]time.Duration) {
	for _, waits := range talks {
		for i, w := range waits {
			if len(out) == i {
				out = append(out, nil)
			}
			out[i] = append(out[i], w)
		}
	}
	return out
}

func (l Talks) talk(ctx context.Context, c *line, n int, t *Told) (waits []time.Duration, err error) {
	for i, req := range l.Talks[n] {
		at := l.Now()
		body, err := c.ask(ctx, l.Addr, req)
		if err != nil {
			return waits, fmt.Errorf("talk %d, message %d: %w", n, i+1, err)
		}
		waits = append(waits, l.Now().Sub(at))
		t.Answers[n] = append(t.Answers[n], body)
	}
	return waits, nil
}
