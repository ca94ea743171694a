package main

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/sim"
)

// kind is a message of any kind, with these fields.
func (s *stranger) kind(openID, kind, fields string) string {
	s.msgID++
	return fmt.Sprintf("<xml><ToUserName>gh_x</ToUserName><FromUserName>%s</FromUserName><CreateTime>%d</CreateTime><MsgType>%s</MsgType>%s<MsgId>%d</MsgId></xml>",
		openID, s.clock().Unix(), kind, fields, s.msgID)
}

func (s *stranger) event(openID, name, fields string) string {
	return fmt.Sprintf("<xml><ToUserName>gh_x</ToUserName><FromUserName>%s</FromUserName><CreateTime>%d</CreateTime><MsgType>event</MsgType><Event>%s</Event>%s</xml>",
		openID, s.clock().Unix(), name, fields)
}

// TestWireEveryKindIsAnswered sends a message of every kind that the platform
// has, and some that it has not.
func TestWireEveryKindIsAnswered(t *testing.T) {
	t.Parallel()
	d := newTestDemo(t, models.Source{}, "unreadable message", "warns of the account")
	s := newStranger(t, d)
	me := s.unboundCadre().OpenID
	for name, tc := range map[string]struct{ message, want string }{
		"a photo":                      {s.kind(me, "image", "<PicUrl>http://x/y</PicUrl><MediaId>m</MediaId>"), "照片收到了"},
		"a voice":                      {s.kind(me, "voice", "<MediaId>m</MediaId><Format>amr</Format>"), "语音听不了"},
		"a film":                       {s.kind(me, "video", "<MediaId>m</MediaId>"), "这种消息看不了"},
		"a place":                      {s.kind(me, "location", "<Location_X>38.0</Location_X><Location_Y>110.5</Location_Y><Scale>16</Scale><Label>村</Label>"), "位置收到了"},
		"a place without coordinates":  {s.kind(me, "location", "<Location_X></Location_X><Location_Y></Location_Y>"), "没有看到位置"},
		"a link":                       {s.kind(me, "link", "<Title>t</Title><Url>http://x</Url>"), "这种消息看不了"},
		"a click":                      {s.event(me, "CLICK", "<EventKey>谁在值班</EventKey>"), "值班"},
		"following":                    {s.event(me, "subscribe", ""), "欢迎关注"},
		"a page":                       {s.event(me, "VIEW", "<EventKey>http://x</EventKey>"), ""},
		"where somebody is":            {s.event(me, "LOCATION", "<Latitude>38</Latitude><Longitude>110</Longitude><Precision>30</Precision>"), ""},
		"a template that arrived":      {s.event(me, "TEMPLATESENDJOBFINISH", "<MsgID>99</MsgID><Status>Success</Status>"), ""},
		"a choice of subscriptions":    {s.event(me, "subscribe_msg_popup_event", "<SubscribeMsgPopupEvent><List><TemplateId>x</TemplateId><SubscribeStatusString>accept</SubscribeStatusString></List></SubscribeMsgPopupEvent>"), ""},
		"the end of the verification":  {s.event(me, "verify_expired", "<ExpiredTime>1</ExpiredTime>"), ""},
		"a kind that nobody knows":     {s.kind(me, "hologram", ""), ""},
		"an event that nobody knows":   {s.event(me, "thought_of_you", ""), ""},
		"what no program can read":     {"<xml><FromUserName>" + me + "</FromUserName><xml>", ""},
		"the same that nobody can":     {"<xml><FromUserName>" + me + "</FromUserName><xml>", ""},
		"a message without any sender": {"<xml><MsgType>text</MsgType></xml>", ""},
	} {
		code, body := s.send(tc.message, s.clock(), nil)
		switch {
		case code != http.StatusOK:
			t.Errorf("%s: status %d", name, code)
		case tc.want == "" && body != "success":
			t.Errorf("%s: %q, want success", name, body)
		case tc.want != "" && (body == "success" || !strings.Contains(s.read(body), tc.want)):
			t.Errorf("%s: %q, want %q in it", name, body, tc.want)
		}
	}
	err := d.db.Read(t.Context(), func(tx *models.Tx) error {
		letters, err := tx.DeadLetters(99)
		if len(letters) != 4 {
			t.Errorf("kept are %d: %+v", len(letters), letters)
		}
		_, reported := tx.Report("99")
		if reported != nil {
			t.Errorf("the report of a message: %v", reported)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	if got := s.say(me, "帮助"); !strings.Contains(got, "绑定") {
		t.Errorf("afterwards: %q", got)
	}
}

// TestWireAnEventIsTakenInWhateverWasSaid lets somebody talk too much, and leave.
func TestWireAnEventIsTakenInWhateverWasSaid(t *testing.T) {
	t.Parallel()
	d := newTestDemo(t, models.Source{})
	d.bot.PerMinute = 6
	s := newStranger(t, d)
	me := s.unboundCadre()
	for i := 0; !strings.Contains(s.say(me.OpenID, "帮助"), "发得太快"); i++ {
		if i > 99 {
			t.Fatal("nobody is ever too fast")
		}
	}
	for _, event := range []string{
		s.event(me.OpenID, "TEMPLATESENDJOBFINISH", "<MsgID>99</MsgID><Status>failed:user block</Status>"),
		s.event(me.OpenID, "unsubscribe", ""),
	} {
		if code, body := s.send(event, s.clock(), nil); code != http.StatusOK || body != "success" {
			t.Errorf("%d %q to %s", code, s.read(body), event)
		}
	}
	err := d.db.Read(t.Context(), func(tx *models.Tx) error {
		if _, err := tx.Report("99"); err != nil {
			t.Errorf("the report: %v", err)
		}
		leavers, err := tx.Leavers(s.clock().Add(time.Hour), 9)
		if len(leavers) != 1 {
			t.Errorf("%d have left", len(leavers))
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// TestWireAFarewell leaves the account, three times over, and comes back.
func TestWireAFarewell(t *testing.T) {
	t.Parallel()
	s := newStranger(t, newTestDemo(t, models.Source{}))
	me := s.unboundCadre()
	s.say(me.OpenID, "绑定 "+*me.Code+" "+me.Phone4)
	s.say(me.OpenID, "同意")
	for _, event := range []string{s.event(me.OpenID, "unsubscribe", ""), s.event(me.OpenID, "user_authorization_cancellation", "<OpenID>"+me.OpenID+"</OpenID>")} {
		for range 3 {
			if code, body := s.send(event, s.clock(), nil); code != http.StatusOK || body != "success" {
				t.Fatalf("%d %q", code, body)
			}
		}
	}
	code, body := s.send(s.event(me.OpenID, "subscribe", "<EventKey></EventKey>"), s.clock(), nil)
	if got := s.read(body); code != http.StatusOK || !strings.Contains(got, "欢迎回来") {
		t.Errorf("%d %q", code, got)
	}
	if got := s.say(me.OpenID, "签到"); !strings.Contains(got, "签到成功") {
		t.Errorf("签到: %q", got)
	}
}

// TestWhoIsFoundToHaveLeftIsForgotten loses the event of leaving: the platform's
// refusal of a notice says the same. A word of his brings him back.
func TestWhoIsFoundToHaveLeftIsForgotten(t *testing.T) {
	t.Parallel()
	for _, code := range []int{43004, 40003} {
		t.Run(strconv.Itoa(code), func(t *testing.T) {
			t.Parallel()
			d := newTestDemo(t, models.Source{})
			s := newStranger(t, d)
			me := s.boundCadre()
			d.writes(t, me)
			if err := d.sim.Script("message/custom/send", sim.Fail{Code: code, Times: 1}); err != nil {
				t.Fatal(err)
			}
			late := handlers.Command{Key: "wx:late", Who: handlers.Who{OpenID: me}, Channel: handlers.ByWeChat}
			if err := d.desk.ReplyLate(t.Context(), late, "迟到的回答"); err != nil {
				t.Fatal(err)
			}
			bound := func() (is bool) {
				err := d.db.Read(t.Context(), func(tx *models.Tx) error {
					_, err := tx.PersonByOpenID(me)
					if is = err == nil; errors.Is(err, models.ErrNotFound) {
						return nil
					}
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
				return is
			}
			if d.told(t, me); bound() {
				t.Error("the binding holds his openid")
			}
			s.walk(s.clock().Add(time.Minute).Format(time.RFC3339))
			if got := s.say(me, "签到"); !strings.Contains(got, "签到成功") || !bound() {
				t.Errorf("back: %q", got)
			}
		})
	}
}
