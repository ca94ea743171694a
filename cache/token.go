package cache

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
)

// dropIf deletes a key that still has a certain value, in one step: another
// process may have put a new value there in between.
const dropIf = `if redis.call("GET", KEYS[1]) == ARGV[1] then return redis.call("DEL", KEYS[1]) end return 0`

// Get is the token under key. That there is none is no error.
func (c *Cache) Get(ctx context.Context, key string) (value string, ok bool, err error) {
	err = c.ask(ctx, func() (err error) {
		value, err = c.r.Get(ctx, prefix+"token:"+key).Result()
		return err
	})
	if errors.Is(err, redis.Nil) {
		return "", false, nil
	}
	if err != nil {
		return "", false, fmt.Errorf("read token: %w", err)
	}
	return value, true, nil
}

// Set keeps a token under key for ttl. A ttl of nothing or less keeps nothing:
// Redis would refuse it, and without one the token would stay for ever.
func (c *Cache) Set(ctx context.Context, key, value string, ttl time.Duration) error {
	if ttl < time.Millisecond {
		return nil
	}
	err := c.ask(ctx, func() error {
		return c.r.Set(ctx, prefix+"token:"+key, value, ttl).Err()
	})
	if err != nil {
		return fmt.Errorf("keep token: %w", err)
	}
	return nil
}

// DeleteIf drops the token under key if it still is value.
func (c *Cache) DeleteIf(ctx context.Context, key, value string) error {
	err := c.ask(ctx, func() error {
		return c.r.Eval(ctx, dropIf, []string{prefix + "token:" + key}, value).Err()
	})
	if err != nil {
		return fmt.Errorf("drop token: %w", err)
	}
	return nil
}

// count counts a key up and lets it end some time after the first.
const count = `local n = redis.call("INCR", KEYS[1])
if n == 1 or redis.call("PTTL", KEYS[1]) < 0 then redis.call("PEXPIRE", KEYS[1], ARGV[1]) end
return n`

// Claim counts one more under key and reports whether that is at most most
// within the time that began with the first. All processes count together.
func (c *Cache) Claim(ctx context.Context, key string, most int, within time.Duration) (bool, error) {
	var n int64
	err := c.ask(ctx, func() (err error) {
		n, err = c.r.Eval(ctx, count, []string{prefix + "claim:" + key}, max(within.Milliseconds(), 1)).Int64()
		return err
	})
	if err != nil {
		return false, fmt.Errorf("claim: %w", err)
	}
	return n <= int64(most), nil
}
