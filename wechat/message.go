package wechat

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"strconv"
	"strings"
	"time"
)

// The kinds of message. Names are case-sensitive, and new ones appear without
// notice.
const (
	TypeText       = "text"
	TypeImage      = "image"
	TypeVoice      = "voice"
	TypeVideo      = "video"
	TypeShortVideo = "shortvideo"
	TypeLocation   = "location"
	TypeLink       = "link"
	TypeEvent      = "event"
)

// The events. Most only report: nobody reads a reply to them.
const (
	EventSubscribe          = "subscribe"
	EventUnsubscribe        = "unsubscribe"
	EventScan               = "SCAN"
	EventLocation           = "LOCATION"
	EventClick              = "CLICK"
	EventView               = "VIEW"
	EventViewMiniProgram    = "view_miniprogram"
	EventScanPush           = "scancode_push"
	EventScanWait           = "scancode_waitmsg"
	EventPhoto              = "pic_sysphoto"
	EventPhotoOrAlbum       = "pic_photo_or_album"
	EventAlbum              = "pic_weixin"
	EventLocationSelect     = "location_select"
	EventTemplateSendJob    = "TEMPLATESENDJOBFINISH"
	EventSubscriptionPopup  = "subscribe_msg_popup_event"
	EventSubscriptionChange = "subscribe_msg_change_event"
	EventSubscriptionSent   = "subscribe_msg_sent_event"
	EventUserModified       = "user_info_modified"              // ours to update
	EventUserRevoked        = "user_authorization_revoke"       // ours to delete
	EventUserCancelled      = "user_authorization_cancellation" // ours to delete
	EventQualified          = "qualification_verify_success"
	EventUnqualified        = "qualification_verify_fail"
	EventNamed              = "naming_verify_success"
	EventUnnamed            = "naming_verify_fail"
	EventAnnualRenew        = "annual_renew"
	EventVerifyExpired      = "verify_expired" // the rights to call end: alert
	EventMassSendJob        = "MASSSENDJOBFINISH"
)

// maxKey is the longest key in bytes, so that it fits an indexed column.
const maxKey = 190

// Message is what a user sent, or an event about them. Everything but the time
// is text as it came, cleaned of what is no character: a field that should be
// a number and is none must not cost the message. A field that was not there
// is empty.
type Message struct {
	ToUser     string // the account, gh_…
	FromUser   string // the user's openid
	Type       string // MsgType: text, image, voice, video, location, link, event, …
	Event      string // of an event: subscribe, SCAN, CLICK, …
	EventKey   string // the button's key, the address, the scene
	Ticket     string // of the QR code that was scanned
	Content    string // of a text
	MsgID      string // MsgId of a message, MsgID of an event about one of ours
	BizMenuID  string // bizmsgmenuid of a tapped link: a hint, never authority
	MsgDataID  string // of a message sent from an article
	Idx        string // of the article, from 1, of several
	MediaID    string // image, voice, video: valid for three days
	MediaID16K string // of a voice: a copy of 16 kHz
	ThumbID    string // ThumbMediaId of a video
	PicURL     string // the platform's copy of an image
	Format     string // of a voice: amr, speex
	Title      string // of a link
	Descr      string // Description of a link
	URL        string // of a link
	Latitude   string // degrees, of a location message, of LOCATION or location_select; empty is not 0
	Longitude  string // degrees; as above
	Precision  string // metres, of a LOCATION event
	Scale      string // zoom of the map on which the point was picked
	Label      string // the address of the point, in words
	Poi        string // Poiname: what stands there, in words; often empty
	Status     string // of TEMPLATESENDJOBFINISH; compare it without regard to case
	MenuID     string // of VIEW
	ScanType   string // of scancode_push and scancode_waitmsg: qrcode, barcode, …
	ScanResult string // of the same
	PicCount   string // of the pic_ events: photos that come as messages of their own
	OpenID     string // of the user_ events: whom it is about
	UnionID    string // as above
	AppID      string // as above
	RevokeInfo string // as above: what is no longer allowed
	FailReason string // of the verify events
	Expired    string // ExpiredTime of the verify events: seconds since 1970
	CreateTime int64  // seconds since 1970
	// XML is the decrypted message as it came. It is private to its sender.
	XML string

	nested bool // there is more in XML than the fields above
	key    int  // which key opened it, so that the reply is under the same
}

// Key names the message so that the platform's repeats of it can be told:
// appid:openid:CreateTime:MsgId, and for an event
// appid:openid:CreateTime:Event:EventKey:MsgID. The message id alone repeats
// across users; sender and time alone repeat when a user causes two events in
// one second. A scene, and a part that would make the key longer than 190 bytes,
// stands as
// its hash.
func (m Message) Key(appID string) string {
	at := strconv.FormatInt(m.CreateTime, 10)
	parts := []string{appID, m.FromUser, at, m.MsgID}
	if m.Type == TypeEvent {
		parts = []string{appID, m.FromUser, at, m.Event, m.EventKey, m.MsgID}
		if m.Scene() != "" { // it may be what binds a person: keys are stored and logged
			parts[4] = short(m.EventKey)
		}
	} else if m.MsgID == "" {
		// Every message has an id. Should one come without, two in one
		// second are told apart by what they say.
		parts[3] = "#" + m.Digest()[:32]
	}
	k := strings.Join(parts, ":")
	if len(k) > maxKey && m.Type == TypeEvent {
		parts[4] = short(m.EventKey)
		k = strings.Join(parts, ":")
	}
	if len(k) > maxKey {
		k = appID[:min(len(appID), 32)] + ":" + short(k)
	}
	return k
}

func short(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "#" + hex.EncodeToString(sum[:16])
}

// Sent is when the platform says it was sent, to the second.
func (m Message) Sent() time.Time { return time.Unix(m.CreateTime, 0).UTC() }

// Scene is the scene of the QR code through which the user came: a new
// follower and one who follows already carry it in different forms. Empty if
// there was none.
func (m Message) Scene() string {
	if m.Type != TypeEvent {
		return ""
	}
	switch m.Event {
	case EventScan:
		return m.EventKey
	case EventSubscribe:
		if scene, ok := strings.CutPrefix(m.EventKey, "qrscene_"); ok {
			return scene
		}
	}
	return ""
}

// Digest is a hash (SHA-256, hex) over what the message says, by which the same
// key with another content can be told. A repeat has the same digest, although
// its ciphertext differs. The address of an image's copy is left out: its
// MediaID says which image it is, and the address may be made anew.
func (m Message) Digest() string {
	h := sha256.New()
	for _, s := range []string{
		m.ToUser, m.FromUser, strconv.FormatInt(m.CreateTime, 10), m.Type, m.Event, m.EventKey,
		m.Ticket, m.Content, m.MsgID, m.BizMenuID, m.MediaID, m.Format, m.Title, m.URL,
		m.Latitude, m.Longitude, m.Precision, m.Scale, m.Label, m.Status, m.MenuID, m.ScanResult,
		m.MsgDataID, m.Idx, m.MediaID16K, m.ThumbID, m.Descr, m.OpenID, m.UnionID, m.AppID, m.RevokeInfo,
		m.FailReason, m.Expired,
	} {
		part(h, s)
	}
	if m.nested {
		_ = deeper([]byte(m.XML), func(p *parser, e event) {
			part(h, string(p.name(e)))
			part(h, clean(string(p.value(e))))
		})
	}
	return hex.EncodeToString(h.Sum(nil))
}

// part adds s to h behind its length, so that two parts never read as one.
func part(h hash.Hash, s string) {
	var n [8]byte
	binary.BigEndian.PutUint64(n[:], uint64(len(s)))
	_, _ = h.Write(n[:])
	_, _ = h.Write([]byte(s))
}

// Lists returns what stands in each <List> of a push about subscription
// notices, in order: one push may carry the answers to several templates.
func (m Message) Lists() []map[string]string {
	if !m.nested {
		return nil
	}
	var lists []map[string]string
	item := map[string]string{}
	_ = deeper([]byte(m.XML), func(p *parser, e event) {
		switch {
		case e.kind == leaf && string(p.slice(e.parent)) == "List":
			item[string(p.name(e))] = clean(string(p.value(e)))
		case e.kind == inner && string(p.name(e)) == "List":
			lists = append(lists, item)
			item = map[string]string{}
		}
	})
	return lists
}

// deeper visits the ends of elements below the fields of a message.
func deeper(src []byte, visit func(*parser, event)) error {
	p := &parser{src: src}
	for {
		e, err := p.next()
		if err != nil || e.kind == done {
			return err
		}
		if e.depth > 2 {
			visit(p, e)
		}
	}
}
