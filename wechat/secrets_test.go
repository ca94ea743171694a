package wechat_test

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"testing"
	"time"

	"github.com/cunkao/cunkao/wechat"
)

// everyCall is each method of the Client that calls the platform, and what its
// errors name.
var everyCall = map[string]struct {
	api string
	do  func(context.Context, *wechat.Client) error
}{
	"SendText": {"message/custom/send", func(ctx context.Context, c *wechat.Client) error { return c.SendText(ctx, openID, "好") }},
	"SendTemplate": {"message/template/send", func(ctx context.Context, c *wechat.Client) error {
		_, err := c.SendTemplate(ctx, wechat.Template{OpenID: openID, TemplateID: "t"})
		return err
	}},
	"SendSubscription": {"message/subscribe/bizsend", func(ctx context.Context, c *wechat.Client) error {
		_, err := c.SendSubscription(ctx, wechat.Subscription{OpenID: openID, TemplateID: "t", Data: map[string]string{"thing1": "好"}})
		return err
	}},
	"PublishMenu": {"menu/create", func(ctx context.Context, c *wechat.Client) error {
		return c.PublishMenu(ctx, wechat.Menu{Buttons: []wechat.Button{{Name: "a", Key: "k"}}})
	}},
	"PublishMenus": {"menu/get", func(ctx context.Context, c *wechat.Client) error {
		return c.PublishMenus(ctx, wechat.Menu{Buttons: []wechat.Button{{Name: "a", Key: "k"}}})
	}},
	"SceneQR": {"qrcode/create", func(ctx context.Context, c *wechat.Client) error {
		_, err := c.SceneQR(ctx, "s", time.Hour)
		return err
	}},
	"Tags":       {"tags/get", func(ctx context.Context, c *wechat.Client) error { _, err := c.Tags(ctx); return err }},
	"EnsureTag":  {"tags/get", func(ctx context.Context, c *wechat.Client) error { _, err := c.EnsureTag(ctx, "村书记"); return err }},
	"TagMembers": {"user/tag/get", func(ctx context.Context, c *wechat.Client) error { _, err := c.TagMembers(ctx, 101); return err }},
	"SetTag":     {"tags/members/batchtagging", func(ctx context.Context, c *wechat.Client) error { return c.SetTag(ctx, 101, nil, openID) }},
	"Media":      {"media/get", func(ctx context.Context, c *wechat.Client) error { _, err := c.Media(ctx, "m"); return err }},
}

func TestEveryCallIsKnownHere(t *testing.T) {
	t.Parallel()
	methods := reflect.TypeFor[*wechat.Client]()
	for m := range methods.Methods() {
		if _, known := everyCall[m.Name]; !known && m.Name != "Close" {
			t.Errorf("%s is not among the calls whose errors are looked at", m.Name)
		}
	}
}

// However a call fails, and whatever the other side says back, no error shows
// the token or the secret, and a refusal is typed.
func TestNoCallShowsSecrets(t *testing.T) {
	t.Parallel()
	echo := func(r *http.Request) string {
		return r.URL.String() + " " + r.URL.Query().Get("access_token") + " " + secret
	}
	ways := map[string]struct {
		spoil func(*fake)
		code  int
	}{
		"a refusal that repeats it": {func(f *fake) {
			f.answer = func(w http.ResponseWriter, r *http.Request) { say(w, `{"errcode":45009,"errmsg":"reach %s"}`, echo(r)) }
		}, 45009},
		"a token that is refused for ever": {func(f *fake) {
			f.answer = func(w http.ResponseWriter, r *http.Request) { say(w, `{"errcode":40001,"errmsg":"not %s"}`, echo(r)) }
		}, 40001},
		"a status": {func(f *fake) {
			f.answer = func(w http.ResponseWriter, r *http.Request) { http.Error(w, echo(r), http.StatusTeapot) }
		}, 0},
		"a redirect": {func(f *fake) {
			f.answer = func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, "/elsewhere?"+r.URL.RawQuery, http.StatusFound)
			}
		}, 0},
		"a page": {func(f *fake) {
			f.answer = func(w http.ResponseWriter, r *http.Request) { gives("text/html", []byte("<html>"+echo(r)))(w, r) }
		}, 0},
		"a cut connection": {func(f *fake) {
			f.answer = func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
		}, 0},
		"no answer": {func(f *fake) {
			f.answer = func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
		}, 0},
		"no token, with the secret for a reason": {func(f *fake) {
			f.token = func(w http.ResponseWriter, _ *http.Request) { say(w, `{"errcode":40125,"errmsg":"bad %s"}`, secret) }
		}, 40125},
		"a token behind a status": {func(f *fake) {
			f.token = func(w http.ResponseWriter, r *http.Request) { http.Error(w, echo(r), http.StatusBadGateway) }
		}, 0},
		"nobody listens": {func(f *fake) { f.Close() }, 0},
	}
	for name, way := range ways {
		for method, call := range everyCall {
			t.Run(method+", "+name, func(t *testing.T) {
				t.Parallel()
				f := newFake(t, "a")
				t.Cleanup(f.CloseClientConnections)
				way.spoil(f)
				c := newClient(t, f, func(o *wechat.ClientOptions) { o.Timeout = 300 * time.Millisecond })
				err := call.do(t.Context(), c)
				if err == nil {
					t.Fatal("no error")
				}
				quiet(t, err)
				e, ok := errors.AsType[*wechat.Error](err)
				if ok != (way.code != 0) || ok && (e.Code != way.code || e.API != call.api && e.API != "stable_token") {
					t.Errorf("got %v, want code %d of %s", err, way.code, call.api)
				}
			})
		}
	}
}
