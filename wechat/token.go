package wechat

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

const (
	// reserve is how long before its end a token is no longer used. The
	// platform makes the next one five minutes early.
	reserve = 5 * time.Minute
	// sulk is how long a refusal that only a person can mend is repeated
	// instead of asking again.
	sulk = 30 * time.Second
)

// TokenCache keeps the access token where all processes of the account find it.
// Its errors are no failures of a call: the token is then kept in memory.
type TokenCache interface {
	// Get is the value under key; that there is none is no error.
	Get(ctx context.Context, key string) (value string, ok bool, err error)
	// Set keeps value under key for ttl, which is more than nothing.
	Set(ctx context.Context, key, value string, ttl time.Duration) error
	// DeleteIf drops key if it still has value.
	DeleteIf(ctx context.Context, key, value string) error
	// Claim counts one more under key and reports whether that is at most most
	// within the time that began with the first.
	Claim(ctx context.Context, key string, most int, within time.Duration) (bool, error)
}

// tokens hands out the account's access token. It asks for the stable kind:
// asking twice gives the same one, so that processes do not kill each other's.
// The SDK has a client for that endpoint too, but it holds a lock while it
// waits, cannot force a renewal, gives its cache lifetimes below zero, and tells
// refusals as text; so the request is made here.
type tokens struct {
	key     string // in the cache; with the server, so that a test's token is never a real one
	appID   string
	secret  string
	timeout time.Duration
	cache   TokenCache
	now     func() time.Time
	fetch   func(ctx context.Context, body []byte) (answer, error)
	flights singleflight.Group

	mu      sync.Mutex
	held    string // the token, should the cache not answer
	until   time.Time
	renewed time.Time // the last renewal of this process
	forces  claims    // forced renewals of this process
	refused error     // by the platform, and only a person can mend it
	sulking time.Time // until then
}

func newTokens(o ClientOptions, host string, fetch func(context.Context, []byte) (answer, error)) *tokens {
	t := &tokens{
		key: host + ":" + o.AppID, appID: o.AppID, secret: o.Secret,
		timeout: o.Timeout, cache: o.Tokens, now: o.Now, fetch: fetch,
	}
	if t.timeout <= 0 {
		t.timeout = defaultTimeout
	}
	return t
}

// current is the token to use now.
func (t *tokens) current(ctx context.Context) (string, error) {
	if value, ok := t.known(ctx); ok {
		return value, nil
	}
	return t.share(ctx, "fetch", func(ctx context.Context) (string, error) {
		// Somebody may have been faster between the question and here.
		if value, ok := t.known(ctx); ok {
			return value, nil
		}
		a, err := t.ask(ctx, false)
		if err != nil {
			return "", err
		}
		t.keep(ctx, a)
		return a.AccessToken, nil
	})
}

// known is the token in the cache, or in memory if the cache does not answer.
func (t *tokens) known(ctx context.Context) (string, bool) {
	if t.cache != nil {
		value, ok, err := t.cache.Get(ctx, t.key)
		if err == nil {
			return value, ok && value != ""
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.held, t.held != "" && t.now().Before(t.until)
}

// share lets callers who want the same thing at once wait for one of them. Each
// waits as long as its own context allows; the work does not end with whoever
// happened to come first.
func (t *tokens) share(ctx context.Context, what string, work func(context.Context) (string, error)) (string, error) {
	result := t.flights.DoChan(what, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), t.timeout)
		defer cancel()
		return work(ctx)
	})
	select {
	case <-ctx.Done():
		return "", fmt.Errorf("wechat %s: %w", tokenAPI, ctx.Err())
	case r := <-result:
		value, _ := r.Val.(string)
		return value, r.Err
	}
}

// ask gets a token from the platform.
func (t *tokens) ask(ctx context.Context, force bool) (answer, error) {
	if err := t.sulks(); err != nil {
		return answer{}, err
	}
	body, err := json.Marshal(map[string]any{
		"grant_type": "client_credential", "appid": t.appID, "secret": t.secret, "force_refresh": force,
	})
	if err != nil {
		return answer{}, errors.New("wechat " + tokenAPI + ": app id or secret is no text")
	}
	a, err := t.fetch(ctx, body)
	if err != nil {
		return answer{}, t.remember(err)
	}
	if a.AccessToken == "" {
		return answer{}, errors.New("wechat " + tokenAPI + ": answer without a token")
	}
	return a, nil
}

// lifetime is how long a token is kept that the platform lets live for so many
// seconds. In its last minutes it is still kept a little, so that not every
// call asks anew.
func lifetime(seconds int64) time.Duration {
	d := time.Duration(min(max(seconds, 0), 86_400)) * time.Second
	return max(d-reserve, min(d/4, reserve/10))
}

// keep puts the token that was answered where it is found.
func (t *tokens) keep(ctx context.Context, a answer) {
	value, ttl := a.AccessToken, lifetime(a.ExpiresIn)
	t.mu.Lock()
	t.held, t.until = value, t.now().Add(ttl)
	t.refused = nil
	t.mu.Unlock()
	if t.cache != nil && ttl > 0 {
		_ = t.cache.Set(ctx, t.key, value, ttl)
	}
}

// remember keeps a refusal that asking again would not change.
func (t *tokens) remember(err error) error {
	if ClassOf(err) == Config {
		t.mu.Lock()
		t.refused, t.sulking = err, t.now().Add(sulk)
		t.mu.Unlock()
	}
	return err
}

func (t *tokens) sulks() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.refused != nil && t.now().Before(t.sulking) {
		return t.refused
	}
	return nil
}

// scrub takes the secret and the tokens out of a text for the log.
func (t *tokens) scrub(text string, tokens ...string) string {
	for _, secret := range append(tokens, t.secret) {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, "***")
		}
	}
	return text
}

// fetchToken posts body to the token endpoint.
func (c *Client) fetchToken(ctx context.Context, body []byte) (answer, error) {
	at := c.base.JoinPath("/cgi-bin/" + tokenAPI).String()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, at, bytes.NewReader(body))
	if err != nil {
		return answer{}, fmt.Errorf("wechat %s: %w", tokenAPI, err)
	}
	req.Header.Set("Content-Type", "application/json;charset=utf-8")
	a, _, err := c.exchange(req, tokenAPI)
	if err != nil {
		return answer{}, c.clean(err, "")
	}
	return a, nil
}
