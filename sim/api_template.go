package sim

import (
	"encoding/json"
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

// outcome is what became of a message that was taken.
type outcome struct {
	id     int64
	again  bool // the same was sent before
	status string
}

// sendTemplate takes a template message, once per person and client_msg_id,
// and tells the account what became of it.
func (s *Sim) sendTemplate(c call) (any, *platformError) {
	var in templateCall
	if no := c.decode(&in); no != nil {
		return nil, no
	}
	o, no := s.takeTemplate(in, "template")
	if no != nil {
		return nil, s.declined("template", in.To, no)
	}
	if !o.again {
		s.tell(s.jobFinished(in.To, o))
	}
	return msgAnswer{platformError: platformError{Msg: "ok"}, MsgID: o.id}, nil
}

// takeTemplate checks a message and puts it into the phone.
func (s *Sim) takeTemplate(in templateCall, kind string) (outcome, *platformError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, p, no := s.addressee(in, kind)
	if no != nil {
		return outcome{}, no
	}
	data, no := readFields(t, in.Data)
	if no != nil {
		return outcome{}, no
	}
	now := s.now()
	if old, sent := s.sentBefore(in, now); sent {
		return outcome{id: old, again: true}, nil
	}
	if no := s.bother(in.To); no != nil {
		return outcome{}, no
	}
	p.use(t)
	o := outcome{status: s.statusFor(p)}
	sent := Sent{Type: kind, TemplateID: t.ID, Data: data, URL: in.URL}
	if o.status == StatusSuccess {
		o.id = s.receive(p, showTemplate(t, data, in.URL), sent)
	} else {
		o.id = s.vanish(p, kind, o.status)
	}
	if in.Once != "" {
		s.once10[in.To+"\n"+in.Once] = onceSent{at: now, msgID: o.id}
	}
	return o, nil
}

// addressee finds a message's template and its phone. Who has agreed to a notice
// need not follow. Callers hold the lock.
func (s *Sim) addressee(in templateCall, kind string) (Template, *phone, *platformError) {
	t, ok := s.templates[in.Template]
	if !ok || kind == "template" && t.Consent != NoConsent {
		return t, nil, refuse(40037, "invalid template_id")
	}
	if in.To == "" {
		return t, nil, refuse(40003, "invalid openid")
	}
	p, ok := s.phones[in.To]
	switch {
	case t.Consent != NoConsent && !ok:
		return t, nil, refuse(40003, "invalid openid")
	case t.Consent != NoConsent:
		return t, p, p.agreed(t)
	case !ok || !p.following:
		return t, nil, refuse(43004, "require subscribe")
	}
	return t, p, nil
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

// declined records a refusal in the history and passes it on.
func (s *Sim) declined(kind, openID string, no *platformError) *platformError {
	s.record(Delivery{
		At: s.now(), Out: true, Kind: kind, OpenID: openID,
		Outcome: Declined, Code: no.Code, Reason: no.Msg,
	})
	return no
}
