package sim_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// answer is what the API says.
type answer struct {
	Code   int    `json:"errcode"`
	Msg    string `json:"errmsg"`
	MsgID  int64  `json:"msgid"`
	Token  string `json:"access_token"`
	Left   int64  `json:"expires_in"`
	Ticket string `json:"ticket"`
	URL    string `json:"url"`
}

// api calls the API with a token as it stands.
func (w *world) api(t *testing.T, method, path, body string) answer {
	t.Helper()
	status, out := w.do(t, method, "/sim/api/cgi-bin/"+path, body)
	if status != http.StatusOK {
		t.Errorf("%s: status %d", path, status)
	}
	var a answer
	if err := json.Unmarshal([]byte(out), &a); err != nil {
		t.Fatalf("%s: %v: %s", path, err, out)
	}
	if strings.Contains(out, testAccount().Secret) {
		t.Errorf("%s tells the secret", path)
	}
	return a
}

func (w *world) stable(t *testing.T, force string) answer {
	t.Helper()
	return w.api(t, http.MethodPost, "stable_token",
		`{"grant_type":"client_credential","appid":"wx1234567890abcdef","secret":"a secret of the account","force_refresh":`+force+`}`)
}

// call posts with a good token.
func (w *world) call(t *testing.T, path, body string) answer {
	t.Helper()
	return w.api(t, http.MethodPost, path+"?access_token="+w.stable(t, "false").Token, body)
}

// template sends a result to somebody.
func (w *world) template(t *testing.T, openID, thing string) answer {
	t.Helper()
	return w.call(t, "message/template/send", `{"touser":"`+openID+`","template_id":"T1","url":"https://example.com/r","data":{"thing1":{"value":"`+
		thing+`"},"phrase2":{"value":"优秀"}},"miniprogram":{"appid":"","pagepath":""}}`)
}

func TestTokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	get := "token?grant_type=client_credential&appid=wx1234567890abcdef&secret="
	if a := w.api(t, http.MethodGet, get+"wrong", ""); a.Code != 40125 {
		t.Errorf("wrong secret: %+v", a)
	}
	first := w.api(t, http.MethodGet, get+"a%20secret%20of%20the%20account", "")
	if first.Token == "" || first.Left != 7200 {
		t.Fatalf("token %+v", first)
	}
	check := func(what, token string, code int) {
		t.Helper()
		if a := w.api(t, http.MethodGet, "menu/get?access_token="+token, ""); a.Code != code {
			t.Errorf("%s: errcode %d, want %d", what, a.Code, code)
		}
	}
	check("no token", "", 41001)
	check("an invented token", "x", 40001)
	check("a good token without a menu", first.Token, 46003)
	second := w.api(t, http.MethodGet, get+"a%20secret%20of%20the%20account", "")
	check("the one before, for a while", first.Token, 46003)
	w.wall.pass(5 * time.Minute)
	check("the one before", first.Token, 40001)
	w.wall.pass(2 * time.Hour)
	check("an old token", second.Token, 42001)
}

func TestStableTokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.stable(t, "false")
	w.wall.pass(time.Hour)
	if a := w.stable(t, "false"); a.Token != first.Token || a.Left != 3600 {
		t.Errorf("an hour later: %+v", a)
	}
	w.wall.pass(55 * time.Minute)
	second := w.stable(t, "false")
	if second.Token == first.Token || second.Left != 7200 {
		t.Errorf("near its end: %+v", second)
	}
	if a := w.api(t, http.MethodGet, "menu/get?access_token="+first.Token, ""); a.Code != 46003 {
		t.Errorf("the old one must live on for five minutes: %+v", a)
	}
	forced := w.stable(t, "true")
	if a := w.api(t, http.MethodGet, "menu/get?access_token="+second.Token, ""); forced.Token == second.Token || a.Code != 40001 {
		t.Errorf("forced: %+v, the old one: %+v", forced, a)
	}
}

func TestMenu(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tests := map[string]struct {
		body string
		code int
	}{
		"a good menu":          {buttons, 0},
		"no button":            {`{"button":[]}`, 40016},
		"four buttons":         {`{"button":[{},{},{},{}]}`, 40016},
		"escaped letters":      {`{"button":[{"type":"click","name":"\u8bf7\u5047","key":"a"}]}`, 40033},
		"a long name":          {`{"button":[{"type":"click","name":"一二三四五六","key":"a"}]}`, 40018},
		"no key":               {`{"button":[{"type":"click","name":"请假"}]}`, 40019},
		"an unknown type":      {`{"button":[{"type":"tap","name":"请假","key":"a"}]}`, 40017},
		"a link to a script":   {`{"button":[{"type":"view","name":"看","url":"javascript:alert(1)"}]}`, 40055},
		"six in a submenu":     {`{"button":[{"name":"看","sub_button":[{},{},{},{},{},{}]}]}`, 40023},
		"not JSON":             {`menu`, 47001},
		"a nameless sub entry": {`{"button":[{"name":"看","sub_button":[{"type":"click","key":"a"}]}]}`, 40025},
	}
	for name, test := range tests {
		if a := w.call(t, "menu/create", test.body); a.Code != test.code {
			t.Errorf("%s: %+v, want %d", name, a, test.code)
		}
	}
	w.call(t, "menu/create", buttons)
	if m := w.Menu(); len(m) != 3 || len(m[0].Sub) != 2 || m[1].Key != "leave" {
		t.Errorf("menu %+v", m)
	}
	w.api(t, http.MethodGet, "menu/delete?access_token="+w.stable(t, "false").Token, "")
	if m := w.Menu(); len(m) != 0 {
		t.Errorf("menu %+v", m)
	}
}

func TestTemplate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	send := func(to, id, data, once string) answer {
		return w.call(t, "message/template/send", `{"touser":"`+to+`","template_id":"`+id+`","data":`+data+`,"client_msg_id":"`+once+`"}`)
	}
	good := `{"thing1":{"value":"柳树村","color":"#000"},"phrase2":{"value":"优秀"}}`
	tests := map[string]struct {
		to, id, data string
		code         int
	}{
		"unknown template":     {li, "T9", good, 40037},
		"nobody":               {"", "T1", good, 40003},
		"no follower":          {wang, "T1", good, 43004},
		"a missing key":        {li, "T1", `{"thing1":{"value":"x"}}`, 47003},
		"an empty value":       {li, "T1", `{"thing1":{"value":" "},"phrase2":{"value":"优秀"}}`, 47003},
		"too long a thing":     {li, "T1", `{"thing1":{"value":"` + strings.Repeat("长", 21) + `"},"phrase2":{"value":"优秀"}}`, 47003},
		"a line break":         {li, "T1", `{"thing1":{"value":"a\nb"},"phrase2":{"value":"优秀"}}`, 47003},
		"a phrase with digits": {li, "T1", `{"thing1":{"value":"a"},"phrase2":{"value":"第1名"}}`, 47003},
	}
	for name, test := range tests {
		if a := send(test.to, test.id, test.data, ""); a.Code != test.code {
			t.Errorf("%s: %+v, want %d", name, a, test.code)
		}
	}
	first := send(li, "T1", good, "n1")
	again := send(li, "T1", good, "n1")
	if first.MsgID == 0 || again.MsgID != first.MsgID || len(w.Outbox(li)) != 1 {
		t.Errorf("first %+v, again %+v, %d in the phone", first, again, len(w.Outbox(li)))
	}
	w.wall.pass(10 * time.Minute)
	if late := send(li, "T1", good, "n1"); late.MsgID == first.MsgID || len(w.Outbox(li)) != 2 {
		t.Errorf("ten minutes later: %+v", late)
	}
	w.Wait()
	seen := w.account.all()
	if len(seen) != 2 || seen[0].Event != "TEMPLATESENDJOBFINISH" || seen[0].JobID != first.MsgID || seen[0].Status != "success" {
		t.Errorf("pushed %+v", seen)
	}
	if a := w.call(t, "message/subscribe/bizsend", `{"touser":"o_li_si","template_id":"T1","page":"https://example.com/","data":`+good+`}`); a.Code != 0 {
		t.Errorf("bizsend: %+v", a)
	}
	if box := w.Outbox(li); box[2].Type != "subscribe" || box[2].URL != "https://example.com/" {
		t.Errorf("outbox %+v", box[2])
	}
}

func TestCustomerWindows(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	send := func() int {
		return w.call(t, "message/custom/send", `{"touser":"o_li_si","msgtype":"text","text":{"content":"好"}}`).Code
	}
	expect := func(when string, codes ...int) {
		t.Helper()
		for i, want := range codes {
			if got := send(); got != want {
				t.Errorf("%s, message %d: errcode %d, want %d", when, i+1, got, want)
			}
		}
	}
	expect("before anything", 45015)
	w.Click(t.Context(), li, "duty")
	expect("after a click", 0, 0, 0, 45047)
	w.wall.pass(61 * time.Second)
	expect("a minute later", 45015)
	w.mustSay(t, li, "你好")
	expect("after a message", 0, 0, 0, 0, 0, 45047)
	w.mustSay(t, li, "还在吗")
	expect("after another", 0)
	w.wall.pass(48*time.Hour + time.Second)
	expect("two days later", 45015)
	w.mustSay(t, li, "再见")
	if err := w.Unfollow(t.Context(), li); err != nil {
		t.Fatal(err)
	}
	expect("after leaving", 45015)
}

func TestCustomerMessages(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		body string
		code int
		kind string
		text string
	}{
		"text":          {`"msgtype":"text","text":{"content":"好"}`, 0, "text", "好"},
		"empty text":    {`"msgtype":"text","text":{"content":""}`, 44004, "", ""},
		"long text":     {`"msgtype":"text","text":{"content":"` + strings.Repeat("长", 700) + `"}`, 45002, "", ""},
		"no image":      {`"msgtype":"image","image":{"media_id":"m"}`, 40007, "", ""},
		"news":          {`"msgtype":"news","news":{"articles":[{"title":"通知","description":"请看","url":"https://example.com/"}]}`, 0, "news", "通知\n请看"},
		"two articles":  {`"msgtype":"news","news":{"articles":[{},{}]}`, 45008, "", ""},
		"a menu":        {`"msgtype":"msgmenu","msgmenu":{"head_content":"满意吗？","list":[{"id":"1","content":"满意"},{"id":"2","content":"不满意"}],"tail_content":"谢谢"}`, 0, "text", "满意吗？\n满意\n不满意\n谢谢"},
		"an empty menu": {`"msgtype":"msgmenu","msgmenu":{"list":[]}`, 47001, "", ""},
		"unknown":       {`"msgtype":"dance"`, 40008, "", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.mustSay(t, li, "你好")
			if a := w.call(t, "message/custom/send", `{"touser":"o_li_si",`+test.body+`}`); a.Code != test.code {
				t.Fatalf("%+v, want %d", a, test.code)
			}
			box := w.Outbox(li)
			if test.code == 0 && (len(box) != 1 || box[0].Type != test.kind || box[0].Text != test.text) {
				t.Errorf("outbox %+v", box)
			}
		})
	}
}

func TestCodes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.call(t, "qrcode/create", `{"expire_seconds":600,"action_name":"QR_STR_SCENE","action_info":{"scene":{"scene_str":"bind-1"}}}`)
	if a.Ticket == "" || a.URL == "" {
		t.Fatalf("%+v", a)
	}
	path := "/sim/api/cgi-bin/showqrcode?ticket=" + url.QueryEscape(a.Ticket)
	if status, body := w.do(t, http.MethodGet, path, ""); status != http.StatusOK || !strings.HasPrefix(body, "\x89PNG") {
		t.Errorf("picture: %d", status)
	}
	if _, err := w.Scan(t.Context(), li, "bind-1"); err != nil || w.account.all()[0].Ticket != a.Ticket {
		t.Errorf("scan: %v", err)
	}
	w.wall.pass(10 * time.Minute)
	if status, _ := w.do(t, http.MethodGet, path, ""); status != http.StatusNotFound {
		t.Errorf("an old code: %d", status)
	}
	for body, code := range map[string]int{
		`{"action_name":"QR_SCENE","action_info":{"scene":{"scene_id":7}}}`:                                    0,
		`{"action_name":"QR_LIMIT_SCENE","action_info":{"scene":{"scene_id":100001}}}`:                         40169,
		`{"action_name":"QR_STR_SCENE","action_info":{"scene":{"scene_str":""}}}`:                              40169,
		`{"action_name":"QR_PICTURE","action_info":{}}`:                                                        40053,
		`{"expire_seconds":2592001,"action_name":"QR_STR_SCENE","action_info":{"scene":{"scene_str":"bind"}}}`: 40091,
	} {
		if a := w.call(t, "qrcode/create", body); a.Code != code {
			t.Errorf("%s: %+v, want %d", body, a, code)
		}
	}
	if a := w.call(t, "no/such/thing", "{}"); a.Code != 40066 {
		t.Errorf("an unknown call: %+v", a)
	}
}
