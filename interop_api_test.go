package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"image"
	"image/png"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/sim"
)

// otherClient is an account's program that others wrote, at work with the simulator.
type otherClient struct {
	*script
	*stranger
	demo *demo
}

// called is what a call came to. Code is 0 for success, Bytes are an answer that
// is no JSON, Broken says that there was none to make anything of.
type called struct {
	Result  json.RawMessage
	Code    int
	Message string
	Bytes   []byte `json:"base64"`
	Broken  string
}

func (c *otherClient) call(name string, args ...any) called {
	c.script.t.Helper()
	var out called
	c.ask(map[string]any{"op": "call", "name": name, "args": append([]any{}, args...)}, &out)
	return out
}

// must is call for what has to succeed.
func (c *otherClient) must(into any, name string, args ...any) {
	c.script.t.Helper()
	out := c.call(name, args...)
	if out.Code != 0 || out.Broken != "" {
		c.script.t.Fatalf("%s: %d %s %s", name, out.Code, out.Message, out.Broken)
	}
	if err := json.Unmarshal(out.Result, into); err != nil {
		c.script.t.Fatalf("%s: %s: %v", name, out.Result, err)
	}
}

// heldToken is the access token that the client would use next.
func (c *otherClient) heldToken() string {
	c.script.t.Helper()
	var out struct{ Token string }
	c.ask(map[string]any{"op": "token"}, &out)
	return out.Token
}

type done struct {
	Errcode int
	Errmsg  string
	MsgID   json.Number // the client writes a long one as a string
}

// api lets a client that others wrote use the simulator, so that what our
// own client is tested against is not only what we imagine.
func (o others) api() {
	d := newTestDemo(o.t, models.Source{})
	c := &otherClient{script: o.start("api.js"), stranger: newStranger(o.t, d), demo: d}
	c.ask(map[string]any{"op": "start", "base": c.base + "/sim/api", "appid": c.appID, "secret": d.account.Secret}, &struct{}{})
	who := c.unboundCadre().OpenID
	c.customMessages(who)
	c.templateMessages(who)
	c.menus()
	c.codes(who)
	c.tags(who)
	c.media(who)
	c.notices(who)
	c.failures(who)
	c.renewal()
}

func (c *otherClient) customMessages(who string) {
	t := c.script.t
	if out := c.call("sendText", who, "没有说过话"); out.Code != 45015 {
		t.Errorf("to somebody who said nothing: %+v, want 45015", out)
	}
	c.say(who, "帮助")
	for i := range 5 {
		c.must(&done{}, "sendText", who, "您好，第"+string('1'+rune(i))+"条 <a href=\"weixin://bizmsgmenu?msgmenucontent=帮助&msgmenuid=1\">帮助</a>")
	}
	if out := c.call("sendText", who, "第六条"); out.Code != 45047 {
		t.Errorf("the sixth: %+v, want 45047", out)
	}
	if sent := c.demo.sim.Outbox(who); len(sent) != 5 || sent[4].Text != "您好，第5条 帮助" {
		t.Errorf("outbox = %+v", sent)
	}
	if out := c.call("sendText", who, ""); out.Code != 44004 {
		t.Errorf("no words: %+v, want 44004", out)
	}
}

func (c *otherClient) templateMessages(who string) {
	t := c.script.t
	data := func(first string) map[string]any {
		return map[string]any{"thing1": map[string]any{"value": first}, "thing2": map[string]any{"value": "早班"}, "thing3": map[string]any{"value": "到岗后回复签到"}}
	}
	var sent done
	c.must(&sent, "sendTemplate", who, "demo-duty", "", "", data("9月28日"), nil)
	box := c.demo.sim.Outbox(who)
	last := box[len(box)-1]
	if id, err := sent.MsgID.Int64(); err != nil || last.ID != id || last.Data["thing1"] != "9月28日" {
		t.Errorf("%+v arrived as %+v", sent, last)
	}
	for name, args := range map[string][]any{
		"40037": {who, "no-such", "", "", data("9月28日"), nil},
		"47003": {who, "demo-duty", "", "", data(""), nil},
		"43004": {"o_nobody", "demo-duty", "", "", data("9月28日"), nil},
	} {
		if out := c.call("sendTemplate", args...); name != jsonNumber(out.Code) {
			t.Errorf("sendTemplate: %+v, want %s", out, name)
		}
	}
}

func jsonNumber(n int) string {
	b, _ := json.Marshal(n) // a number can always be written
	return string(b)
}

type buttons struct {
	Button []map[string]any `json:"button"`
}

func (c *otherClient) menus() {
	t := c.script.t
	want := buttons{Button: []map[string]any{
		{"type": "click", "name": "签到", "key": "签到"},
		{"name": "我的", "sub_button": []any{
			map[string]any{"type": "click", "name": "我的得分", "key": "我的得分"},
			map[string]any{"type": "view", "name": "办法", "url": "https://a.example/?b=1&c=2"},
		}},
	}}
	c.must(&done{}, "createMenu", want)
	var got struct{ Menu buttons }
	c.must(&got, "getMenu")
	if diff := cmp.Diff(want, got.Menu); diff != "" {
		t.Errorf("the menu comes back changed (-made +got):\n%s", diff)
	}
	if out := c.call("createMenu", buttons{Button: []map[string]any{{"type": "click", "name": "很长很长的名字", "key": "k"}}}); out.Code != 40018 {
		t.Errorf("a long name: %+v, want 40018", out)
	}
	c.must(&done{}, "removeMenu")
	if out := c.call("getMenu"); out.Code != 46003 {
		t.Errorf("no menu: %+v, want 46003", out)
	}
}

func (c *otherClient) codes(who string) {
	t := c.script.t
	var code struct {
		Ticket string
		URL    string
		Expire int `json:"expire_seconds"`
	}
	c.must(&code, "createTmpQRCode", "bind_1", 600)
	if code.Ticket == "" || code.Expire != 600 || code.URL == "" {
		t.Fatalf("the code = %+v", code)
	}
	res, err := http.Get(c.base + "/sim/api/cgi-bin/showqrcode?ticket=" + url.QueryEscape(code.Ticket))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := png.Decode(bytes.NewReader(body)); err != nil || res.StatusCode != http.StatusOK {
		t.Errorf("the picture: %s, %v", res.Status, err)
	}
	if out := c.call("createTmpQRCode", "bind_2", 2_592_001); out.Code != 40091 {
		t.Errorf("for over 30 days: %+v, want 40091", out)
	}
	if reply, err := c.demo.sim.Scan(t.Context(), who, "bind_1"); err != nil || reply == "" {
		t.Errorf("scanned: %q, %v", reply, err)
	}
}

// media sends pictures in both directions.
func (c *otherClient) media(who string) {
	t := c.script.t
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 40, 30))); err != nil {
		t.Fatal(err)
	}
	var up struct {
		Type    string
		MediaID string `json:"media_id"`
	}
	c.must(&up, "uploadMedia", map[string]string{"base64": base64.StdEncoding.EncodeToString(picture.Bytes())}, "image", "田.png", "image/png")
	if up.Type != "image" || up.MediaID == "" {
		t.Fatalf("uploaded %+v", up)
	}
	if out := c.call("getMedia", up.MediaID); !bytes.Equal(out.Bytes, picture.Bytes()) {
		t.Errorf("comes back as %+v", out)
	}
	if out := c.call("getMedia", "unknown"); out.Code != 40007 {
		t.Errorf("an unknown one: %+v, want 40007", out)
	}
	c.say(who, "帮助")
	c.must(&done{}, "sendImage", who, up.MediaID)
	if box := c.demo.sim.Outbox(who); box[len(box)-1].Type != "image" {
		t.Errorf("arrived as %+v", box[len(box)-1])
	}
}

// notices sends one by hand: the client knows only those of mini programs.
func (c *otherClient) notices(who string) {
	data := func(first string) map[string]any {
		return map[string]any{"thing1": map[string]any{"value": first}, "thing2": map[string]any{"value": "早班"}, "thing3": map[string]any{"value": "到岗后回复签到"}}
	}
	for name, test := range map[string]struct {
		id   string
		data map[string]any
		code int
		says string
	}{
		"a good one":     {"demo-duty", data("9月28日"), 0, ""},
		"too long":       {"demo-duty", data(strings.Repeat("长", 21)), 47003, "data.thing1.value"},
		"a missing key":  {"demo-duty", map[string]any{"thing1": map[string]any{"value": "x"}}, 47003, "data.thing2"},
		"an unknown one": {"no-such", data("9月28日"), 40037, "template_id"},
	} {
		var out called
		c.ask(map[string]any{"op": "post", "path": "message/subscribe/bizsend", "body": map[string]any{"touser": who, "template_id": test.id, "data": test.data}}, &out)
		if out.Code != test.code || out.Broken != "" || !strings.Contains(out.Message, test.says) {
			c.script.t.Errorf("%s: %+v, want %d %s", name, out, test.code, test.says)
		}
	}
}

// failures are what the client makes of answers that go wrong on purpose.
func (c *otherClient) failures(who string) {
	t := c.script.t
	script := func(api string, fails ...sim.Fail) {
		t.Helper()
		if err := c.demo.sim.Script(api, fails...); err != nil {
			t.Fatal(err)
		}
	}
	script("tags/get", sim.Fail{Code: 45009, Times: 1}, sim.Fail{Status: 502, Times: 1}, sim.Fail{HTML: true, Times: 1}, sim.Fail{Half: true, Times: 1}, sim.Fail{Cut: true, Times: 1}, sim.Fail{Code: 40001, Times: 1})
	for _, test := range []struct {
		what string
		is   func(called) bool
	}{
		{"an errcode", func(a called) bool { return a.Code == 45009 }},
		{"a status", func(a called) bool { return strings.Contains(a.Broken, "502") }},
		{"a page", func(a called) bool { return bytes.HasPrefix(a.Bytes, []byte("<html>")) }},
		{"half an answer", func(a called) bool { return a.Broken != "" }},
		{"a cut line", func(a called) bool { return a.Broken != "" }},
		{"a dead token, after which it takes another", func(a called) bool { return a.Result != nil && a.Code == 0 }},
		{"a good answer", func(a called) bool { return a.Result != nil && a.Code == 0 }},
	} {
		if out := c.call("getTags"); !test.is(out) {
			t.Errorf("%s: %+v", test.what, out)
		}
	}
	c.demo.sim.SetLimits(sim.Limits{PerDay: map[string]int{"tags/get": 1}})
	if first, second := c.call("getTags"), c.call("getTags"); first.Code != 0 || second.Code != 45009 {
		t.Errorf("more than a day may have: %+v, %+v", first, second)
	}
	c.demo.sim.SetLimits(sim.Limits{})
	if err := c.demo.sim.Unfollow(t.Context(), who); err != nil {
		t.Fatal(err)
	}
	if out := c.call("sendText", who, "您还在吗"); out.Code != 45015 {
		t.Errorf("to somebody who has left: %+v, want 45015", out)
	}
}

// renewal lets the client's token end, in each of the two ways.
func (c *otherClient) renewal() {
	t := c.script.t
	held := c.heldToken()
	if held == "" {
		t.Fatal("the client holds no token")
	}
	var other struct {
		Token string `json:"access_token"`
	}
	c.get("/sim/api/cgi-bin/token?grant_type=client_credential&appid="+c.appID+"&secret="+c.demo.account.Secret, &other)
	c.must(&done{}, "createMenu", buttons{Button: []map[string]any{{"type": "click", "name": "签到", "key": "签到"}}})
	if got := c.heldToken(); got != held || other.Token == held {
		t.Errorf("within the overlap the token changed")
	}
	ways := map[string]time.Duration{"40001: another token took its place": 6 * time.Minute, "42001: it ended": 2*time.Hour + time.Minute}
	for _, way := range []string{"40001: another token took its place", "42001: it ended"} {
		c.walk(c.clock().Add(ways[way]).Format(time.RFC3339))
		c.must(&struct{}{}, "getMenu")
		now := c.heldToken()
		if now == held || now == "" {
			t.Errorf("%s: the client went on with the same", way)
		}
		held = now
	}
}
