package wechat

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"
)

const (
	// renewEvery is how often a process renews a token that was refused: more
	// often it is not the token that is wrong.
	renewEvery = time.Minute
	// forceEvery is the platform's own limit for forced renewals: each kills the
	// token that others are using.
	forceEvery = 30 * time.Second
	// maxForces within a day from the first make at most twenty in any 24
	// hours, the platform's limit, wherever its day begins.
	maxForces = 10
	// leadTime is how long the others wait for the process that renews, and
	// pollEvery how often they look.
	leadTime  = 3 * time.Second
	pollEvery = 50 * time.Millisecond
)

var errRenewed = errors.New("wechat " + tokenAPI + ": the token is refused and was renewed a moment ago")

// renew is another token than used, which the platform has refused. One process
// of all asks, for the stable one first; only if that is the same is a new one
// forced. The refused token stays in the cache until there is another, so that
// whoever comes meanwhile is led here instead of asking as well.
func (t *tokens) renew(ctx context.Context, used string) (string, error) {
	return t.share(ctx, "renew "+used, func(ctx context.Context) (string, error) {
		if value, ok := t.known(ctx); ok && value != used {
			return value, nil
		}
		if !t.mayRenew() {
			return "", errRenewed
		}
		if !t.leads(ctx, used) {
			if value, ok := t.await(ctx, used); ok {
				return value, nil
			}
		}
		a, err := t.another(ctx, used)
		if err != nil {
			t.drop(ctx, used)
			return "", err
		}
		t.keep(ctx, a)
		return a.AccessToken, nil
	})
}

// another asks the platform for a token that is not used.
func (t *tokens) another(ctx context.Context, used string) (answer, error) {
	a, err := t.ask(ctx, false)
	if err != nil || a.AccessToken != used {
		return a, err
	}
	if !t.mayForce(ctx) {
		return answer{}, errRenewed
	}
	return t.ask(ctx, true)
}

// mayRenew reports whether this process has not renewed within a minute.
func (t *tokens) mayRenew() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	if !t.renewed.IsZero() && now.Sub(t.renewed) < renewEvery {
		return false
	}
	t.renewed = now
	return true
}

// leads reports whether this process is the one that renews used. Without a
// cache each does.
func (t *tokens) leads(ctx context.Context, used string) bool {
	if t.cache == nil {
		return true
	}
	sum := sha256.Sum256([]byte(used))
	first, err := t.cache.Claim(ctx, t.key+":renew:"+hex.EncodeToString(sum[:8]), 1, leadTime)
	return first || err != nil
}

// await waits until another process has put another token than used into the
// cache.
func (t *tokens) await(ctx context.Context, used string) (string, bool) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for range leadTime / pollEvery {
		select {
		case <-ctx.Done():
			return "", false
		case <-tick.C:
		}
		if value, ok := t.known(ctx); ok && value != used {
			return value, true
		}
	}
	return "", false
}

// mayForce counts a forced renewal, here and with all other processes, and
// reports whether there may be one.
func (t *tokens) mayForce(ctx context.Context) bool {
	t.mu.Lock()
	ours := t.forces.claim(t.now())
	t.mu.Unlock()
	if !ours || t.cache == nil {
		return ours
	}
	soon, err := t.cache.Claim(ctx, t.key+":force", 1, forceEvery)
	if err != nil {
		return true
	}
	if !soon {
		return false
	}
	today, err := t.cache.Claim(ctx, t.key+":forces", maxForces, 24*time.Hour)
	return today || err != nil
}

func (t *tokens) drop(ctx context.Context, used string) {
	if t.cache != nil {
		_ = t.cache.DeleteIf(ctx, t.key, used)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.held == used {
		t.held = ""
	}
}

// claims counts the forced renewals of one process.
type claims struct {
	last, first time.Time
	n           int
}

// claim counts one at now, if there may be one.
func (c *claims) claim(now time.Time) bool {
	if c.first.IsZero() || now.Sub(c.first) >= 24*time.Hour {
		c.first, c.n = now, 0
	}
	if c.n >= maxForces || !c.last.IsZero() && now.Sub(c.last) < forceEvery {
		return false
	}
	c.last = now
	c.n++
	return true
}
