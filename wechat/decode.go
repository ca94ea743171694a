package wechat

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxFields is how many of a message's fields can be known at once.
const maxFields = 64

// Decode reads a decrypted message. Unknown kinds, events and fields are kept
// or passed over, never refused; sender, kind and time must be there, and no
// field that is read may stand there twice. The error matches ErrMalformed, and
// the Message then carries at least its XML.
func Decode(src []byte) (Message, error) {
	// The only copy: all fields are pieces of it.
	text := string(src)
	m := Message{XML: text}
	at := ""
	var names [maxFields]span
	n := 0
	p := parser{src: src}
	for {
		e, err := p.next()
		if err != nil {
			return m, malformed(err.Error())
		}
		if e.kind == done {
			break
		}
		m.nested = m.nested || e.depth > 2
		field := fieldOf(&m, &at, p.name(e), e.depth)
		if field == nil || e.kind != leaf {
			continue
		}
		if *field != "" || repeated(&p, names[:n], e.tag) {
			if e.depth > 2 {
				continue // the first of several entries stands for the push
			}
			return m, malformed("a field is given twice")
		}
		if e.depth == 2 && n < maxFields {
			names[n] = e.tag
			n++
		}
		*field = clean(textOf(e, text))
	}
	return m, check(&m, at)
}

func textOf(e event, text string) string {
	if e.joined != nil {
		return string(e.joined)
	}
	return text[e.text.from:e.text.to]
}

func repeated(p *parser, names []span, tag span) bool {
	for _, s := range names {
		if bytes.Equal(p.slice(s), p.slice(tag)) {
			return true
		}
	}
	return false
}

// check reads the time and sees that nothing is missing without which the
// message could not be answered or told from its repeats.
func check(m *Message, at string) error {
	m.ToUser, m.FromUser = strings.TrimSpace(m.ToUser), strings.TrimSpace(m.FromUser)
	m.Type, m.Event = strings.TrimSpace(m.Type), strings.TrimSpace(m.Event)
	m.MsgID = strings.TrimSpace(m.MsgID)
	sec, _, _ := strings.Cut(strings.TrimSpace(at), ".")
	n, err := strconv.ParseInt(sec, 10, 64)
	m.CreateTime = n
	switch {
	case m.FromUser == "":
		return malformed("no sender")
	case m.Type == "":
		return malformed("no kind")
	case m.Type == TypeEvent && m.Event == "":
		return malformed("no event")
	case err != nil || n <= 0:
		return malformed("no time")
	}
	return nil
}

// fieldOf is where the element of that name at that depth belongs, or nil. Below
// the message's own fields only a few are looked at: what was scanned, the
// point that was picked, and the id of the message of ours that was sent.
func fieldOf(m *Message, at *string, name []byte, depth int) *string {
	switch {
	case depth == 2 && string(name) == "CreateTime":
		return at
	case depth == 2:
		if f := common(m, name); f != nil {
			return f
		}
		if f := special(m, name); f != nil {
			return f
		}
		return rare(m, name)
	case depth > 2 && deep(name):
		return special(m, name)
	}
	return nil
}

func deep(name []byte) bool {
	switch string(name) {
	case "ScanType", "ScanResult", "Count", "Location_X", "Location_Y", "Scale", "Label", "Poiname", "MsgID":
		return true
	}
	return false
}

// common are the fields that most messages have.
func common(m *Message, name []byte) *string {
	switch string(name) {
	case "ToUserName":
		return &m.ToUser
	case "FromUserName":
		return &m.FromUser
	case "MsgType":
		return &m.Type
	case "Content":
		return &m.Content
	case "Event":
		return &m.Event
	case "EventKey":
		return &m.EventKey
	case "bizmsgmenuid":
		return &m.BizMenuID
	}
	return nil
}

// special are the fields of one kind of message or event.
func special(m *Message, name []byte) *string {
	switch string(name) {
	case "MsgId", "MsgID": // messages spell it one way, events the other
		return &m.MsgID
	case "Ticket":
		return &m.Ticket
	case "MediaId":
		return &m.MediaID
	case "PicUrl":
		return &m.PicURL
	case "Format":
		return &m.Format
	case "Title":
		return &m.Title
	case "Url":
		return &m.URL
	case "Location_X", "Latitude":
		return &m.Latitude
	case "Location_Y", "Longitude":
		return &m.Longitude
	case "Precision":
		return &m.Precision
	case "Scale":
		return &m.Scale
	case "Label":
		return &m.Label
	case "Status":
		return &m.Status
	case "MenuId":
		return &m.MenuID
	case "Poiname":
		return &m.Poi
	case "ScanType":
		return &m.ScanType
	case "ScanResult":
		return &m.ScanResult
	case "Count":
		return &m.PicCount
	}
	return nil
}

// rare are the fields that hardly anybody asks for.
func rare(m *Message, name []byte) *string {
	switch string(name) {
	case "MsgDataId":
		return &m.MsgDataID
	case "Idx":
		return &m.Idx
	case "MediaId16K":
		return &m.MediaID16K
	case "ThumbMediaId":
		return &m.ThumbID
	case "Description":
		return &m.Descr
	case "OpenID":
		return &m.OpenID
	case "UnionID":
		return &m.UnionID
	case "AppID":
		return &m.AppID
	case "RevokeInfo":
		return &m.RevokeInfo
	case "FailReason":
		return &m.FailReason
	case "ExpiredTime":
		return &m.Expired
	}
	return nil
}

// clean takes out of s what is no character of a text: bytes that are no UTF-8
// become U+FFFD, control characters go. Nearly always s is returned as it is.
func clean(s string) string {
	if utf8.ValidString(s) && strings.IndexFunc(s, control) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if control(r) {
			return -1
		}
		return r
	}, s)
}

// control reports whether XML has no place for r.
func control(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF
}
