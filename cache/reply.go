package cache

import (
	"context"
	"time"
)

// replyTTL covers the platform's three tries, five seconds apart, and a slow
// network.
const replyTTL = time.Minute

// Reply is the answer, sealed, that was kept for the message of that key. If Redis says
// nothing, there is none, and it is made anew.
func (c *Cache) Reply(ctx context.Context, key string) (text string, ok bool) {
	err := c.ask(ctx, func() (err error) {
		text, err = c.r.Get(ctx, prefix+"said:"+key).Result()
		return err
	})
	return text, err == nil
}

// KeepReply keeps a sealed answer for 60 seconds, so that the platform's repeats of
// the message get the same words. If Redis says nothing it is not kept.
func (c *Cache) KeepReply(ctx context.Context, key, text string) {
	_ = c.ask(ctx, func() error {
		return c.r.Set(ctx, prefix+"said:"+key, text, replyTTL).Err()
	})
}

// moreTTL is how long the rest of a long reply can be asked for.
const moreTTL = 10 * time.Minute

// More is the rest of the last long reply to somebody. If Redis says nothing,
// there is none.
func (c *Cache) More(ctx context.Context, who string) (text string, ok bool) {
	err := c.ask(ctx, func() (err error) {
		text, err = c.r.Get(ctx, prefix+"rest:"+who).Result()
		return err
	})
	return text, err == nil
}

// KeepMore keeps the sealed rest of a long reply for ten minutes.
func (c *Cache) KeepMore(ctx context.Context, who, text string) {
	_ = c.ask(ctx, func() error {
		return c.r.Set(ctx, prefix+"rest:"+who, text, moreTTL).Err()
	})
}
