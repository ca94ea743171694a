package sim

import (
	"encoding/json"
	"strconv"
	"time"
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
	if no := s.bother(in.To); no != nil {
		return 0, false, no
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
