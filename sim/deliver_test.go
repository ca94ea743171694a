package sim_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/cunkao/cunkao/sim"
)

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if got, want := w.mustSay(t, li, "请假"), "收到：请假"; got != want {
		t.Errorf("reply %q, want %q", got, want)
	}
	reply, err := w.Click(t.Context(), li, "menu:duty")
	if err != nil || reply != "收到：menu:duty" {
		t.Errorf("click: %q, %v", reply, err)
	}
	seen := w.account.all()
	if m := seen[0]; m.From != li || m.To != "gh_cunkao" || m.Type != "text" || m.MsgID <= 1<<53 || m.Created != start().Unix() {
		t.Errorf("text arrived as %+v", m)
	}
	if m := seen[1]; m.Type != "event" || m.Event != "CLICK" || m.MsgID != 0 {
		t.Errorf("click arrived as %+v", m)
	}
}

func TestHostileWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, text := range []string{
		"]]>", "]]]]>>", "<xml><FromUserName>x</FromUserName>", "&amp;<b>&#0;", "<![CDATA[", "换\n行\t", "𠮷😀", strings.Repeat("长", 600),
		"<script>alert(1)</script>", "';DROP TABLE", `{"a":1}`,
	} {
		w.mustSay(t, li, text)
		seen := w.account.all()
		if got := seen[len(seen)-1].Content; got != text {
			t.Errorf("%q arrived as %q", text, got)
		}
	}
	w.mustSay(t, li, "a\x00b\x1bc\xffd")
	seen := w.account.all()
	if got, want := seen[len(seen)-1].Content, "abc\uFFFDd"; got != want {
		t.Errorf("what XML cannot carry arrived as %q, want %q", got, want)
	}
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		answer func(a *account, m got) string
		shown  string
		failed bool
	}{
		"success is quiet":         {func(*account, got) string { return "success" }, "", false},
		"nothing is quiet":         {func(*account, got) string { return "" }, "", false},
		"links show their words":   {func(a *account, m got) string { return a.say(m, tapLink+"还是"+webLink) }, "确认还是网页", false},
		"plain words are no reply": {func(*account, got) string { return "收到" }, "", true},
		"JSON is no reply":         {func(*account, got) string { return `{"errcode":0}` }, "", true},
		"plain XML is no reply":    {func(_ *account, m got) string { return textReply(m, "收到") }, "", true},
		"empty words":              {func(a *account, m got) string { return a.say(m, "") }, "", true},
		"too many words":           {func(a *account, m got) string { return a.say(m, strings.Repeat("长", 700)) }, "", true},
		"to somebody else":         {func(a *account, m got) string { m.From = wang; return a.say(m, "收到") }, "", true},
		"from somebody else":       {func(a *account, m got) string { m.To = "gh_x"; return a.say(m, "收到") }, "", true},
		"signed wrongly":           {func(a *account, m got) string { return strings.Replace(a.say(m, "收到"), "77", "78", 1) }, "", true},
		"another account":          {func(a *account, m got) string { return another(a).say(m, "收到") }, "", true},
		"unknown kind":             {func(a *account, m got) string { return a.seal(strings.Replace(textReply(m, "x"), "text", "json", 1)) }, "", true},
		"quotes around success":    {func(*account, got) string { return `"success"` }, "", true},
		"handed over to a colleague": {func(a *account, m got) string {
			return a.seal(strings.Replace(textReply(m, ""), "text", "transfer_customer_service", 1))
		}, "", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.account.on(func(m got) string { return test.answer(w.account, m) })
			reply, err := w.Say(t.Context(), li, "你好")
			notice, failed := errors.AsType[*sim.NoticeError](err)
			if err != nil && !failed || failed != test.failed {
				t.Fatalf("error %v, failed %t", err, failed)
			}
			if failed && (reply != sim.Notice || notice.Last.Outcome != sim.Broken || notice.Last.Try != 1) {
				t.Errorf("reply %q after %+v", reply, notice.Last)
			}
			if !failed && reply != test.shown {
				t.Errorf("reply %q, want %q", reply, test.shown)
			}
		})
	}
}

const (
	tapLink = `<a href="weixin://bizmsgmenu?msgmenucontent=确认 7&msgmenuid=7">确认</a>`
	webLink = `<a href="https://example.com/a?b=c">网页</a>`
)

// another is the same account with another appid.
func another(a *account) *account {
	who := a.who
	who.AppID = "wxsomebodyelse"
	return &account{t: a.t, who: who}
}

func TestStatusIsBroken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	hits := 0
	bad := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		hits++
		w.WriteHeader(http.StatusForbidden)
	}))
	defer bad.Close()
	w.SetWebhooks(bad.URL)
	reply, err := w.Say(t.Context(), li, "你好")
	if _, failed := errors.AsType[*sim.NoticeError](err); !failed || reply != sim.Notice || hits != 1 {
		t.Errorf("reply %q, error %v after %d tries", reply, err, hits)
	}
}

func TestCutAndTries(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *sim.Options) { o.Cut = 200 * time.Millisecond })
	stop := make(chan struct{})
	defer close(stop)
	w.account.on(func(m got) string {
		if m.try < 3 {
			<-stop
		}
		return w.account.say(m, "第三次")
	})
	if got := w.mustSay(t, li, "慢"); got != "第三次" {
		t.Errorf("reply %q", got)
	}
	seen := w.account.all()
	if len(seen) != 3 {
		t.Fatalf("%d tries", len(seen))
	}
	for _, m := range seen[1:] {
		if m.MsgID != seen[0].MsgID || m.Created != seen[0].Created {
			t.Errorf("try is another message: %+v", m)
		}
		if m.nonce == seen[0].nonce || m.sealed == seen[0].sealed {
			t.Errorf("try has the same envelope")
		}
	}
	h := w.History()
	if len(h) != 3 || h[0].Outcome != sim.TimedOut || h[2].Outcome != sim.Replied || h[2].Try != 3 {
		t.Errorf("history %+v", h)
	}
}

func TestThreeSilencesShowTheNotice(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *sim.Options) { o.Cut = 100 * time.Millisecond })
	stop := make(chan struct{})
	defer close(stop)
	w.account.on(func(got) string { <-stop; return "" })
	reply, err := w.Say(t.Context(), li, "在吗")
	notice, failed := errors.AsType[*sim.NoticeError](err)
	if !failed || reply != sim.Notice || notice.Last.Try != 3 || notice.Last.Outcome != sim.TimedOut {
		t.Errorf("reply %q, error %v", reply, err)
	}
}

func TestAnotherReplicaHelps(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	dead := httptest.NewServer(http.NotFoundHandler())
	dead.Close()
	w.SetWebhooks(dead.URL, w.account.server.URL)
	refused := 0
	for range 12 {
		_, err := w.Say(t.Context(), li, "你好")
		if _, failed := errors.AsType[*sim.NoticeError](err); err != nil && !failed {
			t.Fatal(err)
		}
	}
	for _, d := range w.History() {
		if d.Outcome == sim.Refused {
			refused++
		}
	}
	if refused == 0 || len(w.account.all()) == 0 {
		t.Errorf("%d tries refused, %d arrived", refused, len(w.account.all()))
	}
}

func TestNoWebhookIsTheSimulatorsFault(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.SetWebhooks()
	_, err := w.Say(t.Context(), li, "你好")
	if _, failed := errors.AsType[*sim.NoticeError](err); err == nil || failed {
		t.Errorf("error %v", err)
	}
}

func TestRepeat(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if _, err := w.Repeat(t.Context(), li); err == nil {
		t.Error("repeated what was never said")
	}
	w.mustSay(t, li, "签到")
	w.wall.pass(time.Minute)
	reply, err := w.Repeat(t.Context(), li)
	if err != nil || reply != "收到：签到" {
		t.Fatalf("%q, %v", reply, err)
	}
	seen := w.account.all()
	if seen[0].MsgID != seen[1].MsgID || seen[0].Created != seen[1].Created {
		t.Errorf("not the same message: %+v", seen)
	}
	if seen[0].sealed == seen[1].sealed || seen[0].stamp == seen[1].stamp {
		t.Errorf("the same envelope: %+v", seen)
	}
}

func TestFollowing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	if _, err := w.Say(ctx, wang, "你好"); err == nil {
		t.Error("a stranger could speak")
	}
	for range 2 {
		if _, err := w.Scan(ctx, wang, "bind-1"); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Unfollow(ctx, wang); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Subscribe(ctx, wang); err != nil {
		t.Fatal(err)
	}
	seen := w.account.all()
	want := []string{"subscribe qrscene_bind-1", "SCAN bind-1", "unsubscribe ", "subscribe "}
	for i, m := range seen {
		if got := m.Event + " " + m.Key; got != want[i] {
			t.Errorf("event %q, want %q", got, want[i])
		}
	}
	if seen[0].Ticket == "" {
		t.Error("a scan without a ticket")
	}
}

func TestTaps(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.account.on(func(m got) string { return w.account.say(m, "请"+tapLink+"，或看"+webLink) })
	w.mustSay(t, li, "请假")
	links := w.Links(li)
	if len(links) != 2 || links[0].Say != "确认 7" || links[0].ID != "7" || links[1].URL != "https://example.com/a?b=c" {
		t.Fatalf("links %+v", links)
	}
	if _, err := w.Tap(t.Context(), li, links[0]); err != nil {
		t.Fatal(err)
	}
	seen := w.account.all()
	if m := seen[1]; m.Content != "确认 7" || m.MenuID != "7" || m.Type != "text" {
		t.Errorf("tap arrived as %+v", m)
	}
}
