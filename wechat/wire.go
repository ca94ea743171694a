package wechat

import (
	"errors"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/silenceper/wechat/v2/credential"
	"github.com/silenceper/wechat/v2/officialaccount/config"
	sdk "github.com/silenceper/wechat/v2/officialaccount/context"
	"github.com/silenceper/wechat/v2/util"
)

// The SDK sends everything through one variable of its package util, takes no
// context, sets no timeout, and hands back errors with tokens in them. So its
// client is replaced, once for the process, by one that knows which call it is
// serving: what the SDK takes for the access token is the mark of a call of
// ours. The call has the context, the real token and the server; a request
// with any other token is not sent.
//
//nolint:gochecknoglobals // the SDK's client is global: this is its one owner
var theWire = sync.OnceValue(func() *wire {
	w := &wire{}
	util.DefaultHTTPClient = &http.Client{Transport: w}
	return w
})

// wire finds the call that a request of the SDK belongs to.
type wire struct {
	last  atomic.Uint64
	calls sync.Map // mark → serve
}

// serve sends one request and reads its answer.
type serve func(*http.Request) (*http.Response, error)

// mark names a call, and is what the SDK takes for the way to get a token.
type mark string

var _ credential.AccessTokenHandle = mark("")

// GetAccessToken gives the SDK the mark for a token.
func (m mark) GetAccessToken() (string, error) { return string(m), nil }

var errStranger = errors.New("wechat: a request of no call of ours is not sent")

// RoundTrip lets the call serve the request.
func (w *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	found, ok := w.calls.Load(mark(req.URL.Query().Get("access_token")))
	s, isServe := found.(serve)
	if !ok || !isServe || req.URL.Host != officialHost {
		if req.Body != nil {
			_ = req.Body.Close()
		}
		return nil, errStranger
	}
	return s(req)
}

// with runs use, a call of the SDK, and lets s serve its request. What use
// gets is new each time: the SDK's objects are not safe to share.
func (w *wire) with(s serve, use func(*sdk.Context) error) error {
	m := mark("cunkao-call-" + strconv.FormatUint(w.last.Add(1), 10))
	w.calls.Store(m, s)
	defer w.calls.Delete(m)
	return use(&sdk.Context{Config: &config.Config{}, AccessTokenHandle: m})
}
