package bot

import (
	"sync"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/wechat"
)

// pauses are until when ways rest that the platform has closed to the account:
// whoever asks all the same is refused once more for each notice.
type pauses struct {
	mu    sync.Mutex
	until map[string]time.Time // by way
}

// anyWay is the pause of all ways: the account itself is refused.
const anyWay = ""

// For how long a way rests.
const (
	accountRest = 10 * time.Minute // until somebody has mended it, or not yet
	rightRest   = time.Hour        // without the right to it
)

// rest lets a way rest.
func (p *pauses) rest(way string, until time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.until == nil {
		p.until = map[string]time.Time{}
	}
	p.until[way] = until
}

// resting says until when a way rests; false if it does not.
func (p *pauses) resting(way string, now time.Time) (until time.Time, rests bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, w := range []string{anyWay, way} {
		if u := p.until[w]; u.After(now) && u.After(until) {
			until = u
		}
	}
	return until, !until.IsZero()
}

// midnight is when the platform fills its quotas again, in Beijing.
func midnight(now time.Time) time.Time { return calendar.On(now).Add(1).At(0, 0) }

// restAfter lets a way rest after a refusal that is about the account and not about
// the notice.
func (b *Bot) restAfter(way string, e *wechat.Error) {
	now := b.Now()
	switch {
	case e.Class() == wechat.Quota:
		b.pauses.rest(way, midnight(now))
	case e.Code == 48001:
		b.pauses.rest(way, now.Add(rightRest))
	case e.Class() == wechat.Config:
		b.pauses.rest(anyWay, now.Add(accountRest))
	default:
		return
	}
	b.meter.Refusals.Add(1)
}
