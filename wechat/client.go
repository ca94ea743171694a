package wechat

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	sdk "github.com/silenceper/wechat/v2/officialaccount/context"
)

const (
	officialHost   = "api.weixin.qq.com"
	officialImages = "https://mp.weixin.qq.com"
	// maxAnswer is the size in bytes of an answer above which it is none of
	// the platform's.
	maxAnswer      = 1 << 20
	defaultTimeout = 10 * time.Second
)

// ClientOptions say for which account and to which server a Client speaks.
type ClientOptions struct {
	AppID  string
	Secret string
	// BaseURL is the server, by default the platform's own. A path in it is
	// put before the platform's paths.
	BaseURL string
	// Timeout is for a call as a whole, with the fetching of a token and a
	// repetition; by default ten seconds.
	Timeout time.Duration
	// Tokens keeps the token where other processes find it; nil keeps it in
	// memory.
	Tokens TokenCache
	// Now is the clock.
	Now func() time.Time
}

// Client calls the platform. Every call has a deadline, every refusal is an
// *Error, and no error contains a token or the secret. It is safe for
// concurrent use.
type Client struct {
	base      *url.URL
	images    string
	timeout   time.Duration
	transport *http.Transport
	tokens    *tokens
	drawing   chan struct{} // held by whoever decodes a picture
}

// NewClient checks o and returns its client. It calls nobody.
func NewClient(o ClientOptions) (*Client, error) {
	switch {
	case o.AppID == "" || o.Secret == "":
		return nil, errors.New("wechat client: app id and secret must be set")
	case o.Now == nil:
		return nil, errors.New("wechat client: no clock")
	}
	c := &Client{timeout: o.Timeout, images: officialImages, drawing: make(chan struct{}, 1)}
	if c.timeout <= 0 {
		c.timeout = defaultTimeout
	}
	if o.BaseURL == "" {
		o.BaseURL = "https://" + officialHost
	} else {
		c.images = strings.TrimRight(o.BaseURL, "/")
	}
	base, err := url.Parse(strings.TrimRight(o.BaseURL, "/"))
	if err != nil || base.Host == "" || base.Scheme != "https" && base.Scheme != "http" || base.RawQuery != "" {
		return nil, errors.New("wechat client: base url must be http(s)://host[/path]")
	}
	c.base = base.JoinPath("/")
	c.transport = &http.Transport{
		Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true,
		MaxIdleConnsPerHost: 32, IdleConnTimeout: 90 * time.Second,
		TLSHandshakeTimeout: 5 * time.Second, MaxResponseHeaderBytes: 64 << 10,
	}
	c.tokens = newTokens(o, base.Host, c.fetchToken)
	return c, nil
}

// Close ends the connections that are idle.
func (c *Client) Close() { c.transport.CloseIdleConnections() }

// answer is what the endpoints in use say, in one.
type answer struct {
	Code        *int            `json:"errcode"`
	Message     string          `json:"errmsg"`
	MsgID       json.RawMessage `json:"msgid"`
	Ticket      string          `json:"ticket"`
	URL         string          `json:"url"`
	AccessToken string          `json:"access_token"`
	ExpiresIn   int64           `json:"expires_in"`
	MenuID      json.RawMessage `json:"menuid"`
	Menu        json.RawMessage `json:"menu"`
	Conditional []struct {
		MenuID json.RawMessage `json:"menuid"`
	} `json:"conditionalmenu"`
	Tag   *Tag  `json:"tag"`
	Tags  []Tag `json:"tags"`
	Count *int  `json:"count"`
	Data  struct {
		OpenIDs []string `json:"openid"`
	} `json:"data"`
	NextOpenID string `json:"next_openid"`
	VideoURL   string `json:"video_url"`
	// binary is what was answered in place of JSON.
	binary []byte
}

// results reports whether anything was answered, where luck is not told by a
// code.
func (a *answer) results() bool {
	return a.Ticket != "" || a.AccessToken != "" || a.Tag != nil || a.Tags != nil ||
		a.Count != nil || len(a.Menu) > 0 || len(a.MenuID) > 0 || a.VideoURL != ""
}

// call makes one call through the SDK.
func (c *Client) call(ctx context.Context, api string, use func(*sdk.Context) error) (answer, error) {
	return c.withToken(ctx, c.timeout, func(ctx context.Context, token string) (answer, error) {
		return c.try(ctx, api, token, use)
	})
}

// withToken makes one call with the account's token. If the platform says that
// the token is no longer good, the call is repeated once with another: the
// refused one had no effect.
func (c *Client) withToken(ctx context.Context, timeout time.Duration, once func(ctx context.Context, token string) (answer, error)) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	token, err := c.tokens.current(ctx)
	if err != nil {
		return answer{}, unsentError{err}
	}
	a, err := once(ctx, token)
	if !stale(err) {
		return a, err
	}
	token, renewErr := c.tokens.renew(ctx, token)
	if renewErr != nil {
		return answer{}, unsentError{errors.Join(renewErr, err)}
	}
	return once(ctx, token)
}

// stale reports whether the platform refused the token.
func stale(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && (e.Code == 40001 || e.Code == 40014 || e.Code == 42001)
}

// try makes one call with that token. Of what the SDK returns only that it
// failed before it sent anything is used: its errors are texts, some with
// tokens in them, and it takes an answer for a failure that has "ok" for its
// message. What was answered has been read on the way.
func (c *Client) try(ctx context.Context, api, token string, use func(*sdk.Context) error) (answer, error) {
	var a answer
	var sent bool
	var failure error
	err := theWire().with(func(req *http.Request) (*http.Response, error) {
		sent = true
		out := req.Clone(ctx)
		out.URL = c.base.JoinPath(req.URL.Path)
		out.URL.RawQuery = url.Values{"access_token": {token}}.Encode()
		out.Host = ""
		var body []byte
		a, body, failure = c.exchange(out, api)
		if failure != nil && body == nil {
			return nil, errors.New("no answer")
		}
		return &http.Response{
			Status: "200 OK", StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
			Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)), Request: req,
		}, nil
	}, use)
	if err != nil && !sent {
		return answer{}, unsentError{fmt.Errorf("wechat %s: %s", api, c.tokens.scrub(err.Error(), token))}
	}
	if failure != nil {
		return answer{}, c.clean(failure, token)
	}
	return a, nil
}

// clean takes what is secret out of an error and keeps what can be asked of it.
func (c *Client) clean(err error, token string) error {
	if e, ok := errors.AsType[*Error](err); ok {
		e.Message = c.tokens.scrub(e.Message, token)
		return e
	}
	cleaned := errors.New(c.tokens.scrub(err.Error(), token))
	for _, known := range []error{context.DeadlineExceeded, context.Canceled, ErrPhotoSize} {
		if errors.Is(err, known) {
			cleaned = fmt.Errorf("%w: %w", cleaned, known)
		}
	}
	if errors.Is(err, ErrUnsent) {
		return unsentError{cleaned}
	}
	return cleaned
}

// send sends req. No redirect is followed: it would carry the token to whatever
// is named there. The error is ErrUnsent if no connection was had; with one, the
// request may have been written, and one byte too few is not for us to know.
func (c *Client) send(req *http.Request, api string) (*http.Response, error) {
	var connected atomic.Bool
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected.Store(true) }}
	resp, err := c.transport.RoundTrip(req.WithContext(httptrace.WithClientTrace(req.Context(), trace)))
	switch {
	case err == nil:
		return resp, nil
	case !connected.Load():
		return nil, unsentError{fmt.Errorf("wechat %s: %w", api, err)}
	}
	return nil, fmt.Errorf("wechat %s: %w", api, err)
}

// exchange sends req and reads the answer. It returns the body if it was an
// answer of the platform, be it a refusal.
func (c *Client) exchange(req *http.Request, api string) (a answer, body []byte, err error) {
	resp, err := c.send(req, api)
	if err != nil {
		return a, nil, err
	}
	defer resp.Body.Close()
	body, err = io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	switch {
	case err != nil:
		return a, nil, fmt.Errorf("wechat %s: read the answer: %w", api, err)
	case resp.StatusCode != http.StatusOK:
		return a, nil, fmt.Errorf("wechat %s: http status %d", api, resp.StatusCode)
	case len(body) > maxAnswer:
		return a, nil, fmt.Errorf("wechat %s: answer over %d bytes", api, maxAnswer)
	}
	a, err = read(body, api)
	if _, refused := errors.AsType[*Error](err); err != nil && !refused {
		return answer{}, nil, err
	}
	return a, body, err
}

// read reads an answer.
func read(body []byte, api string) (a answer, err error) {
	switch {
	case json.Unmarshal(body, &a) != nil:
		return a, fmt.Errorf("wechat %s: answer is no json of the platform", api)
	case a.Code == nil && !a.results():
		return a, fmt.Errorf("wechat %s: answer without a result", api)
	case a.Code != nil && *a.Code != 0:
		return a, &Error{Code: *a.Code, Message: a.Message, API: api}
	}
	return a, nil
}
