package cache

import (
	"context"
	"time"
)

// What somebody only asked for is remembered for support: so much of it, for so long.
const (
	askedMost = 50
	askedTTL  = 14 * 24 * time.Hour
)

func askedKey(personID string) string { return prefix + "asked:" + personID }

// NoteAsked keeps a sealed line about what somebody asked for, the newest first. If Redis
// says nothing it is not kept.
func (c *Cache) NoteAsked(ctx context.Context, personID, line string) {
	_ = c.ask(ctx, func() error {
		p := c.r.Pipeline()
		key := askedKey(personID)
		p.LPush(ctx, key, line)
		p.LTrim(ctx, key, 0, askedMost-1)
		p.Expire(ctx, key, askedTTL)
		_, err := p.Exec(ctx)
		return err
	})
}

// Asked returns up to n of the lines that were kept about somebody, the newest first;
// none if Redis says nothing.
func (c *Cache) Asked(ctx context.Context, personID string, n int) (lines []string) {
	_ = c.ask(ctx, func() (err error) {
		lines, err = c.r.LRange(ctx, askedKey(personID), 0, int64(n)-1).Result()
		return err
	})
	return lines
}

// ForgetAsked forgets what was kept about somebody. If Redis says nothing it goes by itself.
func (c *Cache) ForgetAsked(ctx context.Context, personID string) {
	_ = c.ask(ctx, func() error { return c.r.Del(ctx, askedKey(personID)).Err() })
}
