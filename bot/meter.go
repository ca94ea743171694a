package bot

import (
	"sync/atomic"
	"time"
)

// Meter counts what becomes of messages. Main shows it to whoever watches.
type Meter struct {
	Under      atomic.Int64 // messages under way
	Answered   atomic.Int64 // with a reply, or with success where none was asked for
	Forged     atomic.Int64 // refused: not from the platform, or too old
	Unreadable atomic.Int64 // the platform's own, that could not be read
	Refusals   atomic.Int64 // of the account by the platform: quota, rights, secret, address
	Alerts     atomic.Int64 // warnings of the platform's about the account itself
	Buried     atomic.Int64 // kept unread, or of a kind that nobody knows
	TooFast    atomic.Int64 // turned away: too many of one person
	TooMany    atomic.Int64 // turned away: too many of all
	Shed       atomic.Int64 // taken at once, the reply later: more than can be waited for
	Full       atomic.Int64 // kept for later: far more than can be waited for
	TakenOver  atomic.Int64 // kept by a process that died, and gone on with here
	Late       atomic.Int64 // taken, the reply later: it took too long
	HungUp     atomic.Int64 // left without an answer: the platform sends them again
	Faults     atomic.Int64 // people were told that nothing was recorded
	Unsure     atomic.Int64 // whether something was recorded was not known
	PhotosKept atomic.Int64 // fetched
	PhotosLost atomic.Int64 // whoever sent them was asked for others
	Panics     atomic.Int64
	Waits      Waits // for the answer
}

// Waits counts how long something took, by the bounds of Bounds.
type Waits struct {
	in  [13]atomic.Int64 // the last has no bound
	sum atomic.Int64     // nanoseconds
}

// Bounds are the upper bounds of the classes in which waits are counted, the
// last of which is open.
func Bounds() [12]time.Duration {
	const ms = time.Millisecond
	return [...]time.Duration{
		ms, 2 * ms, 5 * ms, 10 * ms, 20 * ms, 50 * ms, 100 * ms, 200 * ms, 500 * ms, 1000 * ms, 2000 * ms, 4500 * ms,
	}
}

func (w *Waits) add(d time.Duration) {
	w.sum.Add(int64(d))
	for i, b := range Bounds() {
		if d <= b {
			w.in[i].Add(1)
			return
		}
	}
	w.in[len(w.in)-1].Add(1)
}

// Read returns how many waits were within each bound, the open class last, and
// what they took together.
func (w *Waits) Read() (counts []int64, sum time.Duration) {
	for i := range w.in {
		counts = append(counts, w.in[i].Load())
	}
	return counts, time.Duration(w.sum.Load())
}
