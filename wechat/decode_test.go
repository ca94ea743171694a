package wechat_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/cunkao/cunkao/wechat"
)

const head = `<ToUserName>gh</ToUserName><FromUserName>o1</FromUserName><CreateTime>1795336200</CreateTime>`

// event wraps the fields of an event.
func event(fields string) string {
	return "<xml>" + head + "<MsgType>event</MsgType>" + fields + "</xml>"
}

func TestDecode(t *testing.T) {
	t.Parallel()
	base := wechat.Message{ToUser: "gh", FromUser: "o1", CreateTime: 1795336200}
	tests := map[string]struct {
		xml  string
		want func(*wechat.Message)
	}{
		"a text": {
			"<xml>" + head + "<MsgType>text</MsgType><Content>签到</Content><MsgId>12</MsgId></xml>",
			func(m *wechat.Message) { m.Type, m.Content, m.MsgID = "text", "签到", "12" },
		},
		"a text from a tapped link whose id is no number": {
			"<xml>" + head + "<MsgType>text</MsgType><Content>同意</Content><MsgId>12</MsgId><bizmsgmenuid>leave:approve:1</bizmsgmenuid></xml>",
			func(m *wechat.Message) {
				m.Type, m.Content, m.MsgID, m.BizMenuID = "text", "同意", "12", "leave:approve:1"
			},
		},
		"a text of spaces": {
			"<xml>" + head + "<MsgType>text</MsgType><Content><![CDATA[  ]]></Content><MsgId>12</MsgId></xml>",
			func(m *wechat.Message) { m.Type, m.Content, m.MsgID = "text", "  ", "12" },
		},
		"escapes, sections and comments in one text": {
			"<xml>" + head + "<MsgType>text</MsgType><Content>a&lt;b&amp;&#20013;&#x6587;<![CDATA[<c>&amp;]]><!-- no -->&nbsp;d&#0;</Content><MsgId>12</MsgId></xml>",
			func(m *wechat.Message) { m.Type, m.Content, m.MsgID = "text", "a<b&中文<c>&amp;&nbsp;d", "12" },
		},
		"control characters and broken UTF-8": {
			"<xml>" + head + "<MsgType>text</MsgType><Content><![CDATA[a\x00b\xffc]]></Content><MsgId>12</MsgId></xml>",
			func(m *wechat.Message) { m.Type, m.Content, m.MsgID = "text", "ab\uFFFDc", "12" },
		},
		"a message id beyond 64 bits": {
			"<xml>" + head + "<MsgType>text</MsgType><MsgId>99999999999999999999999</MsgId></xml>",
			func(m *wechat.Message) { m.Type, m.MsgID = "text", "99999999999999999999999" },
		},
		"a location with a stray number": {
			"<xml>" + head + "<MsgType>location</MsgType><Location_X>23.134</Location_X><Location_Y></Location_Y><Scale>x</Scale><Label>村口</Label><MsgId>12</MsgId></xml>",
			func(m *wechat.Message) {
				m.Type, m.Latitude, m.Scale, m.Label, m.MsgID = "location", "23.134", "x", "村口", "12"
			},
		},
		"an image": {
			"<xml>" + head + "<MsgType>image</MsgType><PicUrl>http://a/b?c&amp;d</PicUrl><MediaId>m</MediaId><MsgId>12</MsgId></xml>",
			func(m *wechat.Message) { m.Type, m.PicURL, m.MediaID, m.MsgID = "image", "http://a/b?c&d", "m", "12" },
		},
		"a LOCATION event": {
			event("<Event>LOCATION</Event><Latitude>23.1</Latitude><Longitude>113.3</Longitude><Precision>119</Precision>"),
			func(m *wechat.Message) {
				m.Type, m.Event, m.Latitude, m.Longitude, m.Precision = "event", "LOCATION", "23.1", "113.3", "119"
			},
		},
		"the result of a template": {
			event("<Event>TEMPLATESENDJOBFINISH</Event><MsgID>200163836</MsgID><Status>failed:user block</Status>"),
			func(m *wechat.Message) {
				m.Type, m.Event, m.MsgID, m.Status = "event", "TEMPLATESENDJOBFINISH", "200163836", "failed:user block"
			},
		},
		"a scan from the menu": {
			event("<Event>scancode_waitmsg</Event><EventKey>k</EventKey><ScanCodeInfo><ScanType>qrcode</ScanType><ScanResult>r</ScanResult></ScanCodeInfo>"),
			func(m *wechat.Message) {
				m.Type, m.Event, m.EventKey, m.ScanType, m.ScanResult = "event", "scancode_waitmsg", "k", "qrcode", "r"
			},
		},
		"a point picked from the menu": {
			event("<Event>location_select</Event><EventKey>k</EventKey><SendLocationInfo><Location_X>1</Location_X><Location_Y>2</Location_Y><Scale>3</Scale><Label>l</Label><Poiname/></SendLocationInfo>"),
			func(m *wechat.Message) {
				m.Type, m.Event, m.EventKey, m.Latitude, m.Longitude, m.Scale, m.Label = "event", "location_select", "k", "1", "2", "3", "l"
			},
		},
		"a point at zero, with a name": {
			event("<Event>location_select</Event><EventKey>k</EventKey><SendLocationInfo><Location_X>0</Location_X><Location_Y>0.000</Location_Y><Poiname>村委会</Poiname></SendLocationInfo>"),
			func(m *wechat.Message) {
				m.Type, m.Event, m.EventKey, m.Latitude, m.Longitude, m.Poi = "event", "location_select", "k", "0", "0.000", "村委会"
			},
		},
		"a point that is not given": {
			event("<Event>location_select</Event><EventKey>k</EventKey><SendLocationInfo><Location_X></Location_X><Location_Y/><Scale>3</Scale></SendLocationInfo>"),
			func(m *wechat.Message) {
				m.Type, m.Event, m.EventKey, m.Scale = "event", "location_select", "k", "3"
			},
		},
		"photos from the menu": {
			event("<Event>pic_photo_or_album</Event><EventKey>k</EventKey><SendPicsInfo><Count>2</Count><PicList><item><PicMd5Sum>a</PicMd5Sum></item><item><PicMd5Sum>b</PicMd5Sum></item></PicList></SendPicsInfo>"),
			func(m *wechat.Message) {
				m.Type, m.Event, m.EventKey, m.PicCount = "event", "pic_photo_or_album", "k", "2"
			},
		},
		"a voice with its copy": {
			"<xml>" + head + "<MsgType>voice</MsgType><MediaId>m</MediaId><MediaId16K>m16</MediaId16K><Format>amr</Format><MsgId>12</MsgId></xml>",
			func(m *wechat.Message) {
				m.Type, m.MediaID, m.MediaID16K, m.Format, m.MsgID = "voice", "m", "m16", "amr", "12"
			},
		},
		"a film": {
			"<xml>" + head + "<MsgType>shortvideo</MsgType><MediaId>m</MediaId><ThumbMediaId>t</ThumbMediaId><MsgId>12</MsgId></xml>",
			func(m *wechat.Message) {
				m.Type, m.MediaID, m.ThumbID, m.MsgID = "shortvideo", "m", "t", "12"
			},
		},
		"a link": {
			"<xml>" + head + "<MsgType>link</MsgType><Title>t</Title><Description>d</Description><Url>u</Url><MsgId>12</MsgId></xml>",
			func(m *wechat.Message) { m.Type, m.Title, m.Descr, m.URL, m.MsgID = "link", "t", "d", "u", "12" },
		},
		"a text sent from an article": {
			"<xml>" + head + "<MsgType>text</MsgType><Content>好</Content><MsgId>12</MsgId><MsgDataId>9</MsgDataId><Idx>2</Idx></xml>",
			func(m *wechat.Message) {
				m.Type, m.Content, m.MsgID, m.MsgDataID, m.Idx = "text", "好", "12", "9", "2"
			},
		},
		"somebody takes back what he allowed": {
			event("<Event>user_authorization_revoke</Event><OpenID>o9</OpenID><AppID>wx</AppID><RevokeInfo>301</RevokeInfo><UnionID>u</UnionID>"),
			func(m *wechat.Message) {
				m.Type, m.Event, m.OpenID, m.AppID, m.RevokeInfo, m.UnionID = "event", "user_authorization_revoke", "o9", "wx", "301", "u"
			},
		},
		"the account is no longer verified": {
			event("<Event>verify_expired</Event><ExpiredTime>1442401061</ExpiredTime>"),
			func(m *wechat.Message) { m.Type, m.Event, m.Expired = "event", "verify_expired", "1442401061" },
		},
		"the account is not verified": {
			event("<Event>qualification_verify_fail</Event><FailTime>1442401122</FailTime><FailReason>by time</FailReason>"),
			func(m *wechat.Message) {
				m.Type, m.Event, m.FailReason = "event", "qualification_verify_fail", "by time"
			},
		},
		"a kind nobody knows": {
			"<xml>" + head + "<MsgType>hologram</MsgType><Depth>3</Depth><MsgId>12</MsgId></xml>",
			func(m *wechat.Message) { m.Type, m.MsgID = "hologram", "12" },
		},
		"an event nobody knows, with unknown fields twice": {
			event("<Event>wave</Event><Hand>1</Hand><Hand>2</Hand>"),
			func(m *wechat.Message) { m.Type, m.Event = "event", "wave" },
		},
		"a declaration, attributes, spaces and a mark at the front": {
			"\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"GBK\"?>\n<!-- c --><xml a='>' b=\"/\">" + head + "<MsgType > text </MsgType\n><Content/><MsgId>12</MsgId></xml>\n<!-- end -->\n",
			func(m *wechat.Message) { m.Type, m.MsgID = "text", "12" },
		},
		"a time with a fraction": {
			strings.Replace(event("<Event>wave</Event>"), "1795336200", " 1795336200.7 ", 1),
			func(m *wechat.Message) { m.Type, m.Event = "event", "wave" },
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := wechat.Decode([]byte(tt.xml))
			if err != nil {
				t.Fatal(err)
			}
			want := base
			want.XML = tt.xml
			tt.want(&want)
			if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(wechat.Message{})); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	text := "<MsgType>text</MsgType><MsgId>1</MsgId>"
	tests := map[string]string{
		"nothing":                    "",
		"JSON":                       `{"MsgType":"text"}`,
		"another root":               "<html>" + head + text + "</html>",
		"two roots":                  "<xml>" + head + text + "</xml><xml></xml>",
		"words behind the root":      "<xml>" + head + text + "</xml>x",
		"words before the root":      "x<xml>" + head + text + "</xml>",
		"a section behind the root":  "<xml>" + head + text + "</xml><![CDATA[]]>",
		"two senders":                "<xml>" + head + text + "<FromUserName>o2</FromUserName></xml>",
		"an empty sender, then one":  "<xml><FromUserName/>" + head + text + "</xml>",
		"two kinds":                  "<xml>" + head + text + "<MsgType>event</MsgType></xml>",
		"two times":                  "<xml>" + head + text + "<CreateTime>1</CreateTime></xml>",
		"two ids":                    "<xml>" + head + text + "<MsgId>2</MsgId></xml>",
		"two ids in two spellings":   "<xml>" + head + text + "<MsgID>2</MsgID></xml>",
		"no sender":                  "<xml><CreateTime>1</CreateTime>" + text + "</xml>",
		"no kind":                    "<xml>" + head + "</xml>",
		"no time":                    "<xml><FromUserName>o</FromUserName>" + text + "</xml>",
		"a time that is none":        "<xml><FromUserName>o</FromUserName><CreateTime>soon</CreateTime>" + text + "</xml>",
		"a time beyond 64 bits":      "<xml><FromUserName>o</FromUserName><CreateTime>99999999999999999999</CreateTime>" + text + "</xml>",
		"a time below zero":          "<xml><FromUserName>o</FromUserName><CreateTime>-1</CreateTime>" + text + "</xml>",
		"an event without a name":    event(""),
		"a tag not closed":           "<xml>" + head + text,
		"a tag cut off":              "<xml>" + head + text + "</xml",
		"a tag cut off in a quote":   "<xml a=\"></xml>",
		"tags crossed":               "<xml>" + head + text + "<a><b></a></b></xml>",
		"a tag without a name":       "<xml>" + head + text + "<></></xml>",
		"a tag closed, never opened": "</xml>",
		"a tag in a tag":             "<xml>" + head + text + "<a <b></a></xml>",
		"a section not closed":       "<xml>" + head + text + "<![CDATA[</xml>",
		"a comment not closed":       "<xml>" + head + text + "<!-- </xml>",
		"an instruction not closed":  "<?xml <xml>",
		"nine elements deep":         "<xml>" + head + text + strings.Repeat("<a>", 8) + strings.Repeat("</a>", 8) + "</xml>",
		"200,000 elements deep":      strings.Repeat("<xml>", 200_000),
		"a billion laughs":           `<!DOCTYPE xml [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><xml>` + head + text + "</xml>",
		"a file from outside":        `<!DOCTYPE xml SYSTEM "file:///etc/passwd"><xml>` + head + text + "</xml>",
		"an entity declared inside":  "<xml>" + head + text + `<!ENTITY a "b"></xml>`,
	}
	for name, xml := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, err := wechat.Decode([]byte(xml))
			if !errors.Is(err, wechat.ErrMalformed) {
				t.Errorf("got %v, want malformed", err)
			}
			if m.XML != xml {
				t.Error("what came is lost")
			}
		})
	}
}

func TestDecodeDepthOfEight(t *testing.T) {
	t.Parallel()
	xml := "<xml>" + head + "<MsgType>text</MsgType>" + strings.Repeat("<a>", 7) + strings.Repeat("</a>", 7) + "</xml>"
	if _, err := wechat.Decode([]byte(xml)); err != nil {
		t.Error(err)
	}
}

const popup = "<Event>subscribe_msg_popup_event</Event><SubscribeMsgPopupEvent>" +
	"<List><TemplateId>t1</TemplateId><SubscribeStatusString>accept</SubscribeStatusString><PopupScene>x</PopupScene></List>" +
	"<List><TemplateId>t2</TemplateId><SubscribeStatusString>reject</SubscribeStatusString></List></SubscribeMsgPopupEvent>"

func TestLists(t *testing.T) {
	t.Parallel()
	m, err := wechat.Decode([]byte(event(popup)))
	if err != nil {
		t.Fatal(err)
	}
	want := []map[string]string{
		{"TemplateId": "t1", "SubscribeStatusString": "accept", "PopupScene": "x"},
		{"TemplateId": "t2", "SubscribeStatusString": "reject"},
	}
	if diff := cmp.Diff(want, m.Lists()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if l := (wechat.Message{}).Lists(); l != nil {
		t.Errorf("a message without lists has %v", l)
	}
}

func TestKey(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("https://example.org/", 10)
	sum := sha256.Sum256([]byte(long))
	tests := map[string]struct {
		m    wechat.Message
		want string
	}{
		"a message": {
			wechat.Message{FromUser: "o1", CreateTime: 7, Type: "text", MsgID: "12", Content: "x"}, "wx1:o1:7:12",
		},
		"a menu event": {
			wechat.Message{FromUser: "o1", CreateTime: 7, Type: "event", Event: "CLICK", EventKey: "duty"}, "wx1:o1:7:CLICK:duty:",
		},
		"the result of a template": {
			wechat.Message{FromUser: "o1", CreateTime: 7, Type: "event", Event: "TEMPLATESENDJOBFINISH", MsgID: "9"},
			"wx1:o1:7:TEMPLATESENDJOBFINISH::9",
		},
		"an address as the event's key": {
			wechat.Message{FromUser: "o1", CreateTime: 7, Type: "event", Event: "VIEW", EventKey: long},
			fmt.Sprintf("wx1:o1:7:VIEW:#%x:", sum[:16]),
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := tt.m.Key("wx1"); got != tt.want {
				t.Errorf("key %s, want %s", got, tt.want)
			}
		})
	}
}

func TestKeysDiffer(t *testing.T) {
	t.Parallel()
	at := func(change func(*wechat.Message)) wechat.Message {
		m := wechat.Message{FromUser: "o1", CreateTime: 7, Type: "event", Event: "CLICK", EventKey: "duty"}
		change(&m)
		return m
	}
	long := strings.Repeat("k", 1024)
	seen := map[string]string{}
	for name, m := range map[string]wechat.Message{
		"a click":                      at(func(*wechat.Message) {}),
		"another button":               at(func(m *wechat.Message) { m.EventKey = "leave" }),
		"another event":                at(func(m *wechat.Message) { m.Event = "SCAN" }),
		"another second":               at(func(m *wechat.Message) { m.CreateTime = 8 }),
		"another user":                 at(func(m *wechat.Message) { m.FromUser = "o2" }),
		"another message of ours":      at(func(m *wechat.Message) { m.MsgID = "1" }),
		"a text":                       at(func(m *wechat.Message) { m.Type, m.MsgID = "text", "1" }),
		"a text without an id":         at(func(m *wechat.Message) { m.Type, m.Content = "text", "a" }),
		"another text without an id":   at(func(m *wechat.Message) { m.Type, m.Content = "text", "b" }),
		"a long key":                   at(func(m *wechat.Message) { m.EventKey = long }),
		"another long key":             at(func(m *wechat.Message) { m.EventKey = long + "x" }),
		"a user with a long name":      at(func(m *wechat.Message) { m.FromUser = long }),
		"another user with a long one": at(func(m *wechat.Message) { m.FromUser = long + "x" }),
	} {
		k := m.Key("wx1")
		if len(k) > 190 {
			t.Errorf("the key of %s has %d bytes", name, len(k))
		}
		if other := seen[k]; other != "" {
			t.Errorf("%s and %s share the key %s", name, other, k)
		}
		seen[k] = name
	}
}

func TestDigest(t *testing.T) {
	t.Parallel()
	c := newCodec(t)
	open := func(xml, salt string) wechat.Message {
		p := platform{token: token, key: aesKey, appID: appID}
		q, body := p.post(p.seal([]byte(xml), salt, 32), moment)
		m, err := c.Open(q, body, moment)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	first := open(said, "0123456789abcdef")
	again := open(said, "fedcba9876543210")
	if first.Digest() != again.Digest() || first.Key(appID) != again.Key(appID) {
		t.Error("a repeat under new ciphertext has another digest or key")
	}
	other := open(strings.Replace(said, "送孩子", "接孩子", 1), "0123456789abcdef")
	if other.Key(appID) != first.Key(appID) || other.Digest() == first.Digest() {
		t.Error("the same key with other content is not told")
	}
	a, b := open(event(popup), "0123456789abcdef"), open(event(strings.Replace(popup, "reject", "accept", 1)), "0123456789abcdef")
	if a.Digest() == b.Digest() {
		t.Error("the lists are not part of the digest")
	}
	l, r := wechat.Message{Title: "ab"}, wechat.Message{Title: "a", URL: "b"}
	if l.Digest() == r.Digest() {
		t.Error("two fields read as one")
	}
	if len(first.Digest()) != 64 || first.Digest() != strings.ToLower(first.Digest()) {
		t.Errorf("digest %s", first.Digest())
	}
}

func TestSceneAndSent(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		m    wechat.Message
		want string
	}{
		"a new follower by code":  {wechat.Message{Type: "event", Event: "subscribe", EventKey: "qrscene_bind-1"}, "bind-1"},
		"a new follower":          {wechat.Message{Type: "event", Event: "subscribe"}, ""},
		"a follower's scan":       {wechat.Message{Type: "event", Event: "SCAN", EventKey: "bind-1"}, "bind-1"},
		"a click":                 {wechat.Message{Type: "event", Event: "CLICK", EventKey: "bind-1"}, ""},
		"a text that says SCAN":   {wechat.Message{Type: "text", Event: "SCAN", EventKey: "bind-1"}, ""},
		"a follower with a trade": {wechat.Message{Type: "event", Event: "subscribe", EventKey: "last_trade_no_1"}, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := tt.m.Scene(); got != tt.want {
				t.Errorf("scene %q, want %q", got, tt.want)
			}
		})
	}
	if got := (wechat.Message{CreateTime: moment.Unix()}).Sent(); !got.Equal(moment) || got.Location() != time.UTC {
		t.Errorf("sent %v, want %v", got, moment)
	}
}
