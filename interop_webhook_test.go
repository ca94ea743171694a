package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/cunkao/cunkao/models"
)

// packages are the two that seal, sign and open.
var packages = []string{"wecom", "old"}

// platform is the platform's side of the callback, in the hands of others.
type platform struct {
	*script
	*stranger
	demo      *demo
	forgeries []string
	id        int64
}

// pushed is how one try of a message ended. Reply is empty where the answer was
// words, not sealed.
type pushed struct {
	Status int
	Words  string
	Reply  struct{ ToUserName, FromUserName, MsgType, Content, CreateTime string }
}

func (o others) platform() *platform {
	o.t.Helper()
	d := newTestDemo(o.t, models.Source{}, "warns of the account")
	p := &platform{script: o.start("webhook.js"), stranger: newStranger(o.t, d), demo: d}
	var out struct{ Forgeries []string }
	p.ask(map[string]any{
		"op": "start", "url": p.base + "/wechat", "appid": p.appID, "token": p.token, "aesKey": p.aesK,
	}, &out)
	p.forgeries = out.Forgeries
	return p
}

// message puts the fields of one kind, which are JSON, behind those that all
// kinds have. Each but an event has an id of its own.
func (p *platform) message(openID, fields string, at time.Time) json.RawMessage {
	if !strings.HasPrefix(fields, `"MsgType":"event"`) {
		p.id++
		fields += fmt.Sprintf(`,"MsgId":%d`, p.id)
	}
	return json.RawMessage(fmt.Sprintf(`{"ToUserName":"gh_x","FromUserName":%q,"CreateTime":%d,%s}`, openID, at.Unix(), fields))
}

func (p *platform) words(openID, words string, at time.Time) json.RawMessage {
	return p.message(openID, fmt.Sprintf(`"MsgType":"text","Content":%q`, words), at)
}

// push posts a message once.
func (p *platform) push(by string, message json.RawMessage, at time.Time, forge string) pushed {
	p.script.t.Helper()
	var out pushed
	p.ask(map[string]any{"op": "post", "by": by, "message": message, "at": at.Unix(), "forge": forge}, &out)
	return out
}

// tell is push for what must be answered with words to that person.
func (p *platform) tell(by, openID, words string) string {
	p.script.t.Helper()
	now := p.clock()
	out := p.push(by, p.words(openID, words, now), now, "")
	if out.Status != http.StatusOK || out.Reply.ToUserName != openID || out.Reply.MsgType != "text" || out.Reply.FromUserName != "gh_x" {
		p.script.t.Fatalf("%s by %s: %+v", words, by, out)
	}
	return out.Reply.Content
}

// bound binds a cadre whom nobody has bound yet.
func (p *platform) bound() string {
	p.script.t.Helper()
	me := p.unboundCadre()
	p.tell("old", me.OpenID, "绑定 "+*me.Code+" "+me.Phone4)
	if got := p.tell("wecom", me.OpenID, "同意"); !strings.Contains(got, "绑定成功") {
		p.script.t.Fatalf("binding: %q", got)
	}
	return me.OpenID
}

func (p *platform) arrivals() int {
	p.script.t.Helper()
	n := 0
	err := p.demo.db.Read(p.script.t.Context(), func(tx *models.Tx) error {
		rows, err := tx.ArrivalsOn(calendarDay(demoStart))
		n = len(rows)
		return err
	})
	if err != nil {
		p.script.t.Fatal(err)
	}
	return n
}

// webhook sends every kind of message that the platform is known for, and
// some that it may invent, sealed by one package and then by the other.
func (o others) webhook() {
	t, p := o.t, o.platform()
	for _, by := range packages {
		p.checkURL(by)
		for name, fields := range answeredKinds {
			now := p.clock()
			who := "o_" + by + "_answered"
			got := p.push(by, p.message(who, fields, now), now, "")
			if got.Status != http.StatusOK || got.Reply.Content == "" || got.Reply.ToUserName != who || got.Reply.MsgType != "text" {
				t.Errorf("%s by %s: %+v, want a reply", name, by, got)
			}
		}
		for name, fields := range quietKinds {
			now := p.clock()
			if got := p.push(by, p.message("o_"+by+"_quiet", fields, now), now, ""); got.Status != http.StatusOK || got.Words != "success" {
				t.Errorf("%s by %s: %+v, want success", name, by, got)
			}
		}
	}
	if n := p.demo.bot.Meter().Unreadable.Load(); n != 0 {
		t.Errorf("%d messages were unreadable", n)
	}
	me := p.bound()
	if got := p.tell("wecom", me, "签到"); !strings.Contains(got, "签到成功") {
		t.Errorf("check-in: %q", got)
	}
	now := p.clock()
	click := p.push("old", p.message(me, `"MsgType":"event","Event":"CLICK","EventKey":"签到"`, now), now, "")
	if !strings.Contains(click.Reply.Content, "已经签到了") {
		t.Errorf("the menu's button: %+v", click)
	}
	if n := p.arrivals(); n != 1 {
		t.Errorf("%d arrivals, want 1", n)
	}
}

// checkURL is what saving the form of the console does, twice.
func (p *platform) checkURL(by string) {
	p.script.t.Helper()
	for token, want := range map[string]string{"": "4375120948345356249", "another1": ""} {
		for range 2 {
			var out pushed
			p.ask(map[string]any{"op": "check", "by": by, "at": 1714036504, "echostr": "4375120948345356249", "token": token}, &out)
			if out.Words != want || (out.Status == http.StatusOK) != (want != "") {
				p.script.t.Errorf("the question by %s with token %q: %+v", by, token, out)
			}
		}
	}
}

// answeredKinds are the kinds that a person waits behind.
var answeredKinds = map[string]string{
	"text":                    `"MsgType":"text","Content":"帮助"`,
	"text with ]]>":           `"MsgType":"text","Content":"a]]>b<&\"'"`,
	"text of a menu":          `"MsgType":"text","Content":"帮助","bizmsgmenuid":"101"`,
	"text of a worded menu":   `"MsgType":"text","Content":"帮助","bizmsgmenuid":"leave:approve:1"`,
	"text of a huge menu":     `"MsgType":"text","Content":"帮助","bizmsgmenuid":"99999999999999999999"`,
	"text of an article":      `"MsgType":"text","Content":"帮助","MsgDataId":"2247483","Idx":1`,
	"text of 600 characters":  `"MsgType":"text","Content":"` + strings.Repeat("村", 600) + `"`,
	"text of nothing":         `"MsgType":"text","Content":""`,
	"image":                   `"MsgType":"image","PicUrl":"http://mmbiz.example/p","MediaId":"m1"`,
	"voice":                   `"MsgType":"voice","MediaId":"m2","Format":"amr","MediaId16K":"m3","Recognition":""`,
	"video":                   `"MsgType":"video","MediaId":"m4","ThumbMediaId":"t4"`,
	"shortvideo":              `"MsgType":"shortvideo","MediaId":"m5","ThumbMediaId":"t5"`,
	"location":                `"MsgType":"location","Location_X":38.019,"Location_Y":110.493,"Scale":16,"Label":"佳芦镇"`,
	"location of nowhere":     `"MsgType":"location","Location_X":"","Location_Y":"","Scale":"","Label":""`,
	"link":                    `"MsgType":"link","Title":"通知","Description":"说明","Url":"http://a.example/?b=1&c=2"`,
	"subscribe":               `"MsgType":"event","Event":"subscribe","EventKey":""`,
	"subscribe without a key": `"MsgType":"event","Event":"subscribe"`,
	"subscribe by a code":     `"MsgType":"event","Event":"subscribe","EventKey":"qrscene_nobody","Ticket":"gQ1"`,
	"SCAN":                    `"MsgType":"event","Event":"SCAN","EventKey":"nobody","Ticket":"gQ1"`,
	"CLICK":                   `"MsgType":"event","Event":"CLICK","EventKey":"帮助"`,
	"CLICK of an old menu":    `"MsgType":"event","Event":"CLICK","EventKey":"V1_GONE"`,
}

// quietKinds are the events that nobody reads a reply to.
var quietKinds = map[string]string{
	"unsubscribe":                     `"MsgType":"event","Event":"unsubscribe","EventKey":""`,
	"LOCATION":                        `"MsgType":"event","Event":"LOCATION","Latitude":38.019,"Longitude":110.493,"Precision":65.0`,
	"VIEW":                            `"MsgType":"event","Event":"VIEW","EventKey":"http://a.example/?b=1&c=2","MenuId":419119257`,
	"view_miniprogram":                `"MsgType":"event","Event":"view_miniprogram","EventKey":"pages/index","MenuId":419119257`,
	"scancode_push":                   `"MsgType":"event","Event":"scancode_push","EventKey":"k","ScanCodeInfo":{"ScanType":"qrcode","ScanResult":"1"}`,
	"scancode_waitmsg":                `"MsgType":"event","Event":"scancode_waitmsg","EventKey":"k","ScanCodeInfo":{"ScanType":"qrcode","ScanResult":"2"}`,
	"pic_sysphoto":                    `"MsgType":"event","Event":"pic_sysphoto","EventKey":"k","SendPicsInfo":{"Count":1,"PicList":{"item":{"PicMd5Sum":"1b5f7c23b5bf75682a53e7b6d163e185"}}}`,
	"pic_photo_or_album":              `"MsgType":"event","Event":"pic_photo_or_album","EventKey":"k","SendPicsInfo":{"Count":2,"PicList":{"item":[{"PicMd5Sum":"1"},{"PicMd5Sum":"2"}]}}`,
	"pic_weixin":                      `"MsgType":"event","Event":"pic_weixin","EventKey":"k","SendPicsInfo":{"Count":0,"PicList":""}`,
	"location_select":                 `"MsgType":"event","Event":"location_select","EventKey":"k","SendLocationInfo":{"Location_X":"38","Location_Y":"110","Scale":"15","Label":"佳芦镇","Poiname":""}`,
	"TEMPLATESENDJOBFINISH":           `"MsgType":"event","Event":"TEMPLATESENDJOBFINISH","MsgID":200163836,"Status":"success"`,
	"TEMPLATESENDJOBFINISH, blocked":  `"MsgType":"event","Event":"TEMPLATESENDJOBFINISH","MsgID":200163840,"Status":"failed:user block"`,
	"templatesendjobfinish":           `"MsgType":"event","Event":"templatesendjobfinish","MsgID":200163841,"Status":"failed: system failed"`,
	"subscribe_msg_popup_event":       `"MsgType":"event","Event":"subscribe_msg_popup_event","SubscribeMsgPopupEvent":{"List":[{"TemplateId":"a","SubscribeStatusString":"accept","PopupScene":"2"},{"TemplateId":"b","SubscribeStatusString":"reject","PopupScene":"x"}]}`,
	"subscribe_msg_change_event":      `"MsgType":"event","Event":"subscribe_msg_change_event","SubscribeMsgChangeEvent":{"List":{"TemplateId":"a","SubscribeStatusString":"reject"}}`,
	"subscribe_msg_sent_event":        `"MsgType":"event","Event":"subscribe_msg_sent_event","SubscribeMsgSentEvent":{"List":{"TemplateId":"a","MsgID":"1700827132819554304","ErrorCode":"0","ErrorStatus":"success"}}`,
	"user_info_modified":              `"MsgType":"event","Event":"user_info_modified","OpenID":"o","AppID":"wx","RevokeInfo":"1"`,
	"user_authorization_revoke":       `"MsgType":"event","Event":"user_authorization_revoke","OpenID":"o","AppID":"wx","RevokeInfo":"301"`,
	"user_authorization_cancellation": `"MsgType":"event","Event":"user_authorization_cancellation","OpenID":"o","AppID":"wx"`,
	"qualification_verify_success":    `"MsgType":"event","Event":"qualification_verify_success","ExpiredTime":1442401156`,
	"qualification_verify_fail":       `"MsgType":"event","Event":"qualification_verify_fail","FailTime":1442401122,"FailReason":"by time"`,
	"naming_verify_success":           `"MsgType":"event","Event":"naming_verify_success","ExpiredTime":1442401093`,
	"naming_verify_fail":              `"MsgType":"event","Event":"naming_verify_fail","FailTime":1442401061,"FailReason":"by time"`,
	"annual_renew":                    `"MsgType":"event","Event":"annual_renew","ExpiredTime":1442401004`,
	"verify_expired":                  `"MsgType":"event","Event":"verify_expired","ExpiredTime":1442400900`,
	"MASSSENDJOBFINISH":               `"MsgType":"event","Event":"MASSSENDJOBFINISH","MsgID":1000001625,"Status":"send success","TotalCount":100,"CopyrightCheckResult":{"Count":2,"ResultList":{"item":[{"ArticleIdx":1},{"ArticleIdx":2}]}}`,
	"kf_create_session":               `"MsgType":"event","Event":"kf_create_session","KfAccount":"a@b"`,
	"a kind to come":                  `"MsgType":"sticker","StickerId":"s1","Detail":{"Width":1,"Height":2}`,
	"an event to come":                `"MsgType":"event","Event":"weather_changed","Detail":{"Sky":["clear","grey"]}`,
}

// forged sends what the platform never sends. Each is refused without a
// word, and nothing comes of it: the person's message is a check-in.
func (o others) forged() {
	t, p := o.t, o.platform()
	me := p.bound()
	if len(p.forgeries) < 25 {
		t.Fatalf("only %d forgeries", len(p.forgeries))
	}
	meter := p.demo.bot.Meter()
	answered, tries := meter.Answered.Load(), int64(0)
	refused := func(by, name string, message json.RawMessage, at time.Time, forge string) {
		t.Helper()
		tries++
		if got := p.push(by, message, at, forge); got.Status != http.StatusForbidden || got.Words != "" || got.Reply.Content != "" {
			t.Errorf("%s by %s: %+v, want 403 and no words", name, by, got)
		}
	}
	for _, by := range packages {
		now := p.clock()
		for _, forge := range p.forgeries {
			refused(by, forge, p.words(me, "签到", now), now, forge)
		}
		for _, off := range []time.Duration{-11 * time.Minute, 11 * time.Minute, -time.Hour * 24 * 365} {
			refused(by, "sealed "+off.String()+" away", p.words(me, "签到", now), now.Add(off), "")
			refused(by, "said "+off.String()+" away", p.words(me, "签到", now.Add(off)), now, "")
		}
	}
	if got := meter.Forged.Load(); got != tries {
		t.Errorf("%d counted as forged, want %d", got, tries)
	}
	if got := meter.Answered.Load(); got != answered {
		t.Errorf("%d of the forged were answered", got-answered)
	}
	if n := p.arrivals(); n != 0 {
		t.Errorf("%d arrivals of forged messages", n)
	}
	if got := p.tell("wecom", me, "签到"); !strings.Contains(got, "签到成功") {
		t.Errorf("the true check-in after them: %q", got)
	}
}

// repeats sends messages as often as the platform does, in an envelope of the
// other package each time, and after others that would change the answer.
func (o others) repeats() {
	t, p := o.t, o.platform()
	me := p.bound()
	kinds := []string{
		`"MsgType":"text","Content":"我的记录"`, `"MsgType":"text","Content":"谁在值班"`, `"MsgType":"text","Content":"签到"`,
		`"MsgType":"event","Event":"CLICK","EventKey":"签到"`, `"MsgType":"image","PicUrl":"http://mmbiz.example/p","MediaId":"m1"`,
		`"MsgType":"event","Event":"SCAN","EventKey":"nobody","Ticket":"gQ1"`,
	}
	messages, first := make([]json.RawMessage, len(kinds)), make([]pushed, len(kinds))
	for i, fields := range kinds {
		now := p.clock()
		messages[i] = p.message(me, fields, now)
		first[i] = p.push("wecom", messages[i], now, "")
	}
	for _, by := range []string{"old", "wecom"} {
		for i, fields := range kinds {
			again := p.push(by, messages[i], p.clock(), "")
			if first[i].Reply.Content == "" || again.Reply.Content != first[i].Reply.Content {
				t.Errorf("%s: %+v, then by %s %+v", fields, first[i], by, again)
			}
		}
	}
	if n := p.arrivals(); n != 1 {
		t.Errorf("%d arrivals, want 1", n)
	}
	if records := p.tell("old", me, "我的记录"); records == first[0].Reply.Content {
		t.Errorf("the records are the same before and after a check-in, so that a repeat shows nothing: %q", records)
	}
}
