package sim

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// onceFor is how long the platform remembers a client_msg_id.
const onceFor = 10 * time.Minute

// onceSent is what was answered to a client_msg_id, and when.
type onceSent struct {
	at    time.Time
	msgID int64
}

type templateCall struct {
	To       string                     `json:"touser"`
	Template string                     `json:"template_id"`
	URL      string                     `json:"url"`
	Page     string                     `json:"page"`
	Data     map[string]json.RawMessage `json:"data"`
	Once     string                     `json:"client_msg_id"`
}

type msgAnswer struct {
	platformError

	MsgID int64 `json:"msgid"`
}

// sendTemplate takes a template message, once per person and client_msg_id,
// and tells the account later that it has arrived.
func (s *Sim) sendTemplate(c call) (any, *platformError) {
	var in templateCall
	if no := c.decode(&in); no != nil {
		return nil, no
	}
	id, first, no := s.takeTemplate(in, "template")
	if no != nil {
		return nil, s.declined("template", in.To, no)
	}
	if first {
		s.push(s.jobFinished(in.To, id))
	}
	return msgAnswer{platformError: platformError{Msg: "ok"}, MsgID: id}, nil
}

// sendSubscribe takes a subscription notice. Every follower is taken to have
// agreed, and there is no client_msg_id: a second call is a second message.
func (s *Sim) sendSubscribe(c call) (any, *platformError) {
	var in templateCall
	if no := c.decode(&in); no != nil {
		return nil, no
	}
	in.URL, in.Once = in.Page, ""
	if _, _, no := s.takeTemplate(in, "subscribe"); no != nil {
		return nil, s.declined("subscribe", in.To, no)
	}
	return done(), nil
}

// takeTemplate checks a message and puts it into the phone. first is false if
// the same was sent before.
func (s *Sim) takeTemplate(in templateCall, kind string) (id int64, first bool, no *platformError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.templates[in.Template]
	if !ok {
		return 0, false, refuse(40037, "invalid template_id")
	}
	if in.To == "" {
		return 0, false, refuse(40003, "invalid openid")
	}
	p, ok := s.phones[in.To]
	if !ok || !p.following {
		return 0, false, refuse(43004, "require subscribe")
	}
	data, no := readFields(t, in.Data)
	if no != nil {
		return 0, false, no
	}
	now := s.now()
	if old, sent := s.sentBefore(in, now); sent {
		return old, false, nil
	}
	id = s.receive(p, showTemplate(t, data, in.URL), Sent{Type: kind, TemplateID: t.ID, Data: data, URL: in.URL})
	if in.Once != "" {
		s.once10[in.To+"\n"+in.Once] = onceSent{at: now, msgID: id}
	}
	return id, true, nil
}

// sentBefore looks a client_msg_id up, and forgets those that are too old.
func (s *Sim) sentBefore(in templateCall, now time.Time) (int64, bool) {
	for key, old := range s.once10 {
		if now.Sub(old.at) >= onceFor {
			delete(s.once10, key)
		}
	}
	old, ok := s.once10[in.To+"\n"+in.Once]
	return old.msgID, ok && in.Once != ""
}

// jobFinished is the event for a message that arrived. Its MsgID is the send's,
// with a capital D that has misled many.
func (s *Sim) jobFinished(openID string, id int64) inbound {
	fields := append(event("TEMPLATESENDJOBFINISH", "")[:1],
		pair{name: "MsgID", value: strconv.FormatInt(id, 10), number: true},
		pair{name: "Status", value: "success"})
	return inbound{
		openID: openID, kind: "TEMPLATESENDJOBFINISH", fields: fields,
		created: s.now().Unix(), silent: true,
	}
}

// declined records a refusal in the history and passes it on.
func (s *Sim) declined(kind, openID string, no *platformError) *platformError {
	s.record(Delivery{
		At: s.now(), Out: true, Kind: kind, OpenID: openID,
		Outcome: Declined, Code: no.Code, Reason: no.Msg,
	})
	return no
}

// readFields takes a template's values, each as the template declares it.
func readFields(t Template, in map[string]json.RawMessage) (map[string]string, *platformError) {
	data := make(map[string]string, len(t.Fields))
	for _, f := range t.Fields {
		var v struct {
			Value string `json:"value"`
		}
		raw, ok := in[f.Key]
		if !ok {
			return nil, refuse(47003, "argument invalid! data."+f.Key+" is missing")
		}
		if err := json.Unmarshal(raw, &v); err != nil {
			return nil, refuse(47003, "argument invalid! data."+f.Key+".value is not a string")
		}
		if strings.TrimSpace(v.Value) == "" {
			return nil, refuse(47003, "argument invalid! data."+f.Key+".value is empty")
		}
		if !fits(strings.TrimRight(f.Key, "0123456789"), v.Value) {
			return nil, refuse(47003, "argument invalid! data."+f.Key+".value invalid")
		}
		data[f.Key] = v.Value
	}
	return data, nil
}

// fits reports whether a value suits its kind of field. The limits are those
// that accounts have met; where sources differ the wider one counts.
func fits(kind, value string) bool {
	n := utf8.RuneCountInString(value)
	if strings.ContainsAny(value, "\r\n") {
		return false
	}
	switch kind {
	case "thing", "const":
		return n <= 20
	case "phrase":
		return n <= 5 && all(value, isHan)
	case "character_string":
		return n <= 32 && !anyHan(value)
	case "number":
		return n <= 32 && all(value, isNumeral)
	case "letter":
		return n <= 32 && all(value, unicode.IsLetter) && !anyHan(value)
	case "symbol":
		return n <= 5
	case "name":
		return n <= 10 || n <= 20 && !anyHan(value)
	case "time", "date":
		return n <= 64 && strings.ContainsAny(value, "0123456789")
	case "amount", "phone_number":
		return n <= 17 && strings.ContainsAny(value, "0123456789")
	case "car_number":
		return n <= 8
	}
	return true
}

func all(s string, ok func(rune) bool) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return !ok(r) })
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

func anyHan(s string) bool { return strings.ContainsFunc(s, isHan) }

func isNumeral(r rune) bool { return r >= '0' && r <= '9' || r == '.' || r == '-' }
