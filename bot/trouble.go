package bot

import (
	"context"
	"log/slog"
	"time"
)

// troubleEvery is how often a loop that goes on failing says so.
const troubleEvery = time.Minute

// Trouble is what a loop says of its failures: the first, then one line a minute, and
// one when it works again. It belongs to its loop.
type Trouble struct {
	what   string // the line
	log    *slog.Logger
	first  time.Time // failure since it worked
	told   time.Time // last line of a failure
	failed int       // times since it was last said to work
	open   bool      // a failure was told, and its end was not
}

// NewTrouble is that of a loop that has not failed yet. The line is its name in the log.
func NewTrouble(log *slog.Logger, line string) *Trouble { return &Trouble{log: log, what: line} }

// Heed takes note of how one round of the loop went. What ends with ctx is no failure.
func (t *Trouble) Heed(ctx context.Context, now time.Time, err error) {
	switch {
	case ctx.Err() != nil:
	case err != nil:
		t.fail(ctx, now, err)
	case t.open:
		t.log.WarnContext(ctx, "bot: works again", "what", t.what, "failed", t.failed, "seconds", int(now.Sub(t.first).Seconds()))
		t.open, t.failed = false, 0
	}
}

// fail counts a failure. One that follows soon upon a told one is not told, even if the
// loop worked in between: a database that comes and goes is one trouble.
func (t *Trouble) fail(ctx context.Context, now time.Time, err error) {
	if t.failed++; t.failed == 1 {
		t.first = now
	}
	if !t.told.IsZero() && now.Sub(t.told) < troubleEvery {
		return
	}
	t.told, t.open = now, true
	t.log.ErrorContext(ctx, t.what, "failed", t.failed, "err", err) //nolint:sloglint // each loop has one line, which NewTrouble was given
}
