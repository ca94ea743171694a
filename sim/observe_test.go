package sim_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/cunkao/cunkao/sim"
)

// post posts as a program does that plays a phone of its own.
func (w *world) post(t *testing.T, h http.Handler, from, kind, token string) {
	t.Helper()
	plain := fmt.Sprintf("<xml><FromUserName>%s</FromUserName><MsgType>%s</MsgType><Event>LOCATION</Event></xml>", from, kind)
	sealed, err := sim.Seal(w.account.who, []byte("0123456789abcdef"), []byte(plain))
	if err != nil {
		t.Fatal(err)
	}
	who := w.account.who
	who.Token = token
	body := "<xml><Encrypt>" + sealed + "</Encrypt></xml>"
	url := "/wechat?timestamp=1&nonce=2&msg_signature=" + sim.Sign(who, "1", "2", sealed)
	passes(t, h, url, body)
}

// passes posts something and makes sure that it arrives as it was sent.
func passes(t *testing.T, h http.Handler, url, body string) {
	t.Helper()
	res := httptest.NewRecorder()
	h.ServeHTTP(res, httptest.NewRequest(http.MethodPost, url, strings.NewReader(body)))
	if got := res.Body.String(); got != body {
		t.Errorf("%d bytes arrived as %d", len(body), len(got))
	}
}

func TestObserveOpensTheWindowOfWhoeverAnotherProgramPlays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.Observe(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		w.Write(body)
	}))
	custom := fmt.Sprintf(`{"touser":%q,"msgtype":"text","text":{"content":"来了"}}`, li)
	closed := func(what string) {
		t.Helper()
		if a := w.call(t, "message/custom/send", custom); a.Code != 45015 {
			t.Errorf("%s: %+v", what, a)
		}
	}
	closed("nothing was said")
	w.post(t, h, li, "text", "another token")
	closed("a wrong signature")
	w.post(t, h, li, "event", w.account.who.Token)
	closed("an event that nobody caused")
	w.post(t, h, wang, "text", w.account.who.Token)
	closed("somebody else spoke")
	passes(t, h, "/wechat", "no envelope")
	passes(t, h, "/wechat", string(bytes.Repeat([]byte("x"), 100<<10)))
	closed("what is no message")

	w.post(t, h, li, "text", w.account.who.Token)
	if a := w.call(t, "message/custom/send", custom); a.Code != 0 {
		t.Errorf("after a message: %+v", a)
	}
	if out := w.Outbox(wang); len(out) != 0 {
		t.Errorf("a stranger received %+v", out)
	}
}
