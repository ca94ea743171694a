package wechat_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/silenceper/wechat/v2/officialaccount/config"
	sdk "github.com/silenceper/wechat/v2/officialaccount/context"
	"github.com/silenceper/wechat/v2/officialaccount/message"

	"github.com/cunkao/cunkao/wechat"
)

func TestSendText(t *testing.T) {
	t.Parallel()
	f := newFake(t, "a")
	c := newClient(t, f, nil)
	if err := c.SendText(t.Context(), openID, "第一行\n<a href=\"https://e.org/?a=1&b=2\">二</a>\x00\xff𠮷"); err != nil {
		t.Fatal(err)
	}
	want := request{
		"/cgi-bin/message/custom/send", "TOKEN-a-1",
		`{"touser":"` + openID + `","msgtype":"text","text":{"content":"第一行\n<a href=\"https://e.org/?a=1&b=2\">二</a>` + "\uFFFD" + `𠮷"}}`,
	}
	if diff := cmp.Diff(want, f.last(t), cmp.AllowUnexported(request{})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestBaseURLWithAPath(t *testing.T) {
	t.Parallel()
	f := newFake(t, "a")
	c := newClient(t, f, func(o *wechat.ClientOptions) { o.BaseURL += "/proxy/wx/" })
	if err := c.SendText(t.Context(), openID, "好"); err != nil {
		t.Fatal(err)
	}
	if got := f.last(t).path; got != "/proxy/wx/cgi-bin/message/custom/send" {
		t.Errorf("path %s", got)
	}
}

func TestSendTemplate(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ answer, want string }{
		"a number beyond a float's": {`{"errcode":0,"errmsg":"ok","msgid":4611686018427387905}`, "4611686018427387905"},
		"an id as text":             {`{"errcode":0,"errmsg":"ok","msgid":"77"}`, "77"},
		"no id":                     {`{"errcode":0,"errmsg":"ok"}`, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t, "a")
			f.answer = func(w http.ResponseWriter, _ *http.Request) { say(w, "%s", tt.answer) }
			id, err := newClient(t, f, nil).SendTemplate(t.Context(), wechat.Template{
				OpenID: openID, TemplateID: "tpl", URL: "https://e.org/?a=1&b=2", ClientMsgID: "notice-7",
				Data: map[string]string{"thing1": "请假已批准"},
			})
			if err != nil || id != tt.want {
				t.Errorf("id %q, %v; want %q", id, err, tt.want)
			}
			body := f.last(t).body
			for _, part := range []string{
				`"touser":"` + openID + `"`, `"template_id":"tpl"`, `"url":"https://e.org/?a=1&b=2"`,
				`"client_msg_id":"notice-7"`, `"thing1":{"value":"请假已批准"}`,
			} {
				if !strings.Contains(body, part) {
					t.Errorf("%s is not in %s", part, body)
				}
			}
		})
	}
}

func TestPublishMenu(t *testing.T) {
	t.Parallel()
	f := newFake(t, "a")
	c := newClient(t, f, nil)
	err := c.PublishMenu(t.Context(), wechat.Menu{Buttons: []wechat.Button{
		{Name: "签到", Key: "duty"},
		{Name: "更多", Sub: []wechat.Button{{Name: "我的记录", URL: "https://e.org/?a=1&b=2"}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	want := request{
		"/cgi-bin/menu/create", "TOKEN-a-1",
		`{"button":[{"type":"click","name":"签到","key":"duty"},{"name":"更多","sub_button":[{"type":"view","name":"我的记录","url":"https://e.org/?a=1&b=2"}]}]}`,
	}
	if diff := cmp.Diff(want, f.last(t), cmp.AllowUnexported(request{})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestSceneQR(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]string{
		"as documented":       `{"ticket":"gQ+/=&x","expire_seconds":60,"url":"http://weixin.qq.com/q/k"}`,
		"with a word of luck": `{"errcode":0,"errmsg":"ok","ticket":"gQ+/=&x","expire_seconds":60,"url":"http://weixin.qq.com/q/k"}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t, "a")
			f.answer = func(w http.ResponseWriter, _ *http.Request) { say(w, "%s", answer) }
			got, err := newClient(t, f, nil).SceneQR(t.Context(), "bind-7", 72*time.Hour)
			if err != nil {
				t.Fatal(err)
			}
			want := wechat.QR{
				Ticket: "gQ+/=&x", URL: "http://weixin.qq.com/q/k",
				ImageURL: f.URL + "/cgi-bin/showqrcode?ticket=gQ%2B%2F%3D%26x",
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if body := f.last(t).body; body != `{"expire_seconds":259200,"action_name":"QR_STR_SCENE","action_info":{"scene":{"scene_str":"bind-7"}}}` {
				t.Errorf("sent %s", body)
			}
		})
	}
}

func TestEveryCallTypesItsErrors(t *testing.T) {
	t.Parallel()
	f := newFake(t, "a")
	f.answer = func(w http.ResponseWriter, _ *http.Request) {
		say(w, `{"errcode":45009,"errmsg":"reach max api daily quota limit rid: 6"}`)
	}
	c := newClient(t, f, nil)
	for method, call := range everyCall {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			e, ok := errors.AsType[*wechat.Error](call.do(t.Context(), c))
			if !ok {
				t.Fatal("untyped")
			}
			want := &wechat.Error{Code: 45009, Message: "reach max api daily quota limit rid: 6", API: call.api}
			if diff := cmp.Diff(want, e); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestAnswersThatAreNone(t *testing.T) {
	t.Parallel()
	tests := map[string]func(http.ResponseWriter, *http.Request){
		"a page": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>网络异常</html>")) },
		"a bad gateway": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusBadGateway)
			say(w, `{"errcode":0}`)
		},
		"nothing":         func(http.ResponseWriter, *http.Request) {},
		"null":            func(w http.ResponseWriter, _ *http.Request) { say(w, "null") },
		"a list":          func(w http.ResponseWriter, _ *http.Request) { say(w, "[]") },
		"an empty object": func(w http.ResponseWriter, _ *http.Request) { say(w, "{}") },
		"two megabytes": func(w http.ResponseWriter, _ *http.Request) {
			say(w, `{"errcode":0,"ticket":"t"}%s`, strings.Repeat(" ", 2<<20))
		},
		"another address":   func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) },
		"half an answer":    func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Length", "99"); say(w, "{") },
		"a cut connection":  func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"an echo of tokens": func(w http.ResponseWriter, r *http.Request) { http.Error(w, r.URL.String()+secret, http.StatusTeapot) },
	}
	for name, answer := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t, "a")
			f.answer = answer
			c := newClient(t, f, nil)
			_, err := c.SceneQR(t.Context(), "s", time.Hour)
			if err == nil || wechat.ClassOf(err) != wechat.Retry {
				t.Errorf("got %v, want an error to retry", err)
			}
			quiet(t, err)
			if err := c.SendText(t.Context(), openID, "好"); err == nil {
				t.Error("a text counts as sent")
			}
		})
	}
}

// quiet checks that an error says nothing secret, however it is looked at.
func quiet(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		return
	}
	if s := fmt.Sprintf("%v %+v %#v", err, err, err); strings.Contains(s, secret) || strings.Contains(s, "TOKEN-") {
		t.Errorf("secrets in %q", s)
	}
	switch e := err.(type) { //nolint:errorlint // every error of the tree
	case interface{ Unwrap() error }:
		quiet(t, e.Unwrap())
	case interface{ Unwrap() []error }:
		for _, one := range e.Unwrap() {
			quiet(t, one)
		}
	}
}

func TestSecretsNeverInErrors(t *testing.T) {
	t.Parallel()
	f := newFake(t, "a")
	f.answer = func(w http.ResponseWriter, r *http.Request) {
		say(w, `{"errcode":47003,"errmsg":"got %s and %s"}`, r.URL.Query().Get("access_token"), secret)
	}
	c := newClient(t, f, nil)
	err := c.SendText(t.Context(), openID, "好")
	if e, ok := errors.AsType[*wechat.Error](err); !ok || e.Message != "got *** and ***" {
		t.Errorf("got %v", err)
	}
	f.mu.Lock()
	f.token = func(w http.ResponseWriter, _ *http.Request) { say(w, `{"errcode":40125,"errmsg":"bad %s"}`, secret) }
	f.mu.Unlock()
	quiet(t, newClient(t, f, nil).SendText(t.Context(), openID, "好"))
	f.Close()
	quiet(t, c.SendText(t.Context(), openID, "好"))
	quiet(t, newClient(t, f, nil).SendText(t.Context(), openID, "好"))
}

func TestDeadlines(t *testing.T) {
	t.Parallel()
	wait := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	tests := map[string]func(*fake){
		"the call hangs":  func(f *fake) { f.answer = wait },
		"the token hangs": func(f *fake) { f.token = wait },
		"the answer stops after its header": func(f *fake) {
			f.answer = func(w http.ResponseWriter, r *http.Request) { w.(http.Flusher).Flush(); <-r.Context().Done() }
		},
	}
	for name, spoil := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t, "a")
			spoil(f)
			t.Cleanup(f.CloseClientConnections)
			c := newClient(t, f, func(o *wechat.ClientOptions) { o.Timeout = 300 * time.Millisecond })
			short, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer cancel()
			for _, ctx := range []context.Context{short, t.Context()} {
				start := time.Now()
				err := c.SendText(ctx, openID, "好")
				if !errors.Is(err, context.DeadlineExceeded) || wechat.ClassOf(err) != wechat.Retry {
					t.Errorf("got %v, want a deadline", err)
				}
				if took := time.Since(start); took > 3*time.Second {
					t.Errorf("took %v", took)
				}
				quiet(t, err)
			}
			gone, leave := context.WithCancel(t.Context())
			leave()
			if err := c.SendText(gone, openID, "好"); !errors.Is(err, context.Canceled) {
				t.Errorf("got %v, want canceled", err)
			}
		})
	}
}

func TestClientsDoNotDisturbEachOther(t *testing.T) {
	t.Parallel()
	var wg sync.WaitGroup
	for _, name := range []string{"a", "b", "c"} {
		f := newFake(t, name)
		f.answer = func(w http.ResponseWriter, r *http.Request) {
			say(w, `{"ticket":"%s","url":"u"}`, r.URL.Query().Get("access_token"))
		}
		c := newClient(t, f, nil)
		for range 40 {
			wg.Go(func() {
				if qr, err := c.SceneQR(t.Context(), "s", time.Hour); err != nil || qr.Ticket != "TOKEN-"+name+"-1" {
					t.Errorf("client %s got %q, %v", name, qr.Ticket, err)
				}
			})
		}
	}
	wg.Wait()
}

// stranger is what code would use that goes past the client.
type stranger string

func (s stranger) GetAccessToken() (string, error) { return string(s), nil }

func TestStrangersAreNotSent(t *testing.T) {
	t.Parallel()
	f := newFake(t, "a")
	if err := newClient(t, f, nil).SendText(t.Context(), openID, "好"); err != nil {
		t.Fatal(err)
	}
	for _, token := range []stranger{"", "REAL", "cunkao-call-0"} {
		s := &sdk.Context{Config: &config.Config{}, AccessTokenHandle: token}
		if err := message.NewMessageManager(s).Send(message.NewCustomerTextMessage(openID, "好")); err == nil || !strings.Contains(err.Error(), "no call of ours") {
			t.Errorf("token %q: got %v", token, err)
		}
	}
}

func TestNewClientRefuses(t *testing.T) {
	t.Parallel()
	good := wechat.ClientOptions{AppID: appID, Secret: secret, Now: newClock().Now}
	if _, err := wechat.NewClient(good); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*wechat.ClientOptions){
		"no app id":            func(o *wechat.ClientOptions) { o.AppID = "" },
		"no secret":            func(o *wechat.ClientOptions) { o.Secret = "" },
		"no clock":             func(o *wechat.ClientOptions) { o.Now = nil },
		"an address of a file": func(o *wechat.ClientOptions) { o.BaseURL = "file:///etc" },
		"an address of a word": func(o *wechat.ClientOptions) { o.BaseURL = "api.weixin.qq.com" },
		"an address that asks": func(o *wechat.ClientOptions) { o.BaseURL = "https://e.org/?a=b" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := good
			spoil(&o)
			if _, err := wechat.NewClient(o); err == nil {
				t.Error("taken")
			}
		})
	}
}

// The SDK's root package prints every message at its loudest, from its init on.
func TestNothingPrintsMessages(t *testing.T) {
	t.Parallel()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		switch path := strings.TrimSpace(line); path {
		case "github.com/silenceper/wechat/v2", "github.com/sirupsen/logrus":
			t.Errorf("%s is linked in", path)
		}
	}
}
