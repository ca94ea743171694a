package sim

import (
	"context"
	"fmt"
	"strings"
)

// Consent says whether somebody must have agreed before a template is sent.
type Consent int

// The kinds of template. One without consent is a template message's; that it
// also goes out as a notice, to every follower, is for demos that have no page on
// which people could agree.
const (
	NoConsent Consent = iota
	OneTime           // one notice for each time that the person has agreed
	LongTerm          // until the person no longer agrees
)

// forEver is the count of notices that a lasting consent allows.
const forEver = -1

// Choice is what a person says about one template.
type Choice struct {
	TemplateID string `json:"template_id"`
	Accept     bool   `json:"accept"`
}

// Choose answers the question which notices a person wants, as a page asks it
// (the account's tag wx-open-subscribe). Whoever answers need not follow.
func (s *Sim) Choose(ctx context.Context, openID string, choices ...Choice) error {
	lists := make([]pair, len(choices))
	shown := make([]string, len(choices))
	for i, c := range choices {
		if !s.asks(c.TemplateID) {
			return fmt.Errorf("sim: no notice %q", c.TemplateID)
		}
		lists[i] = choiceList(c, pair{name: "PopupScene", value: "1", number: true})
		shown[i] = "不接收"
		if c.Accept {
			shown[i] = "同意接收"
		}
		shown[i] += "“" + s.templates[c.TemplateID].Title + "”"
	}
	return s.reportAs(ctx, action{
		openID: openID, anybody: true, fields: []pair{{name: "Event", value: "subscribe_msg_popup_event"}, {name: "SubscribeMsgPopupEvent", sub: lists}},
		show: entry{Type: "note", Pieces: []Piece{{Text: strings.Join(shown, "，")}}},
		open: func(p *phone) {
			for _, c := range choices {
				s.consent(p, c)
			}
		},
	})
}

// Withdraw takes consents back, in the settings of the phone.
func (s *Sim) Withdraw(ctx context.Context, openID string, templateIDs ...string) error {
	lists := make([]pair, len(templateIDs))
	for i, id := range templateIDs {
		if !s.asks(id) {
			return fmt.Errorf("sim: no notice %q", id)
		}
		lists[i] = choiceList(Choice{TemplateID: id})
	}
	return s.reportAs(ctx, action{
		openID: openID, anybody: true, fields: []pair{{name: "Event", value: "subscribe_msg_change_event"}, {name: "SubscribeMsgChangeEvent", sub: lists}},
		open: func(p *phone) {
			for _, id := range templateIDs {
				delete(p.consents, id)
			}
		},
	})
}

func choiceList(c Choice, more ...pair) pair {
	said := "reject"
	if c.Accept {
		said = "accept"
	}
	return pair{name: "List", sub: append([]pair{{name: "TemplateId", value: c.TemplateID}, {name: "SubscribeStatusString", value: said}}, more...)}
}

// asks reports whether a template needs consent.
func (s *Sim) asks(id string) bool { return s.templates[id].Consent != NoConsent }

// consent keeps what a person has said. A no does not take back the notices that
// a person has agreed to one by one before. Callers hold the lock.
func (s *Sim) consent(p *phone, c Choice) {
	if p.consents == nil {
		p.consents = make(map[string]int)
	}
	lasting := s.templates[c.TemplateID].Consent == LongTerm
	switch {
	case c.Accept && lasting:
		p.consents[c.TemplateID] = forEver
	case c.Accept:
		p.consents[c.TemplateID]++
	case lasting:
		delete(p.consents, c.TemplateID)
	}
}

// agreed finds out whether a notice may be sent. Callers hold the lock.
func (p *phone) agreed(t Template) *platformError {
	if t.Consent != NoConsent && p.consents[t.ID] == 0 {
		return refuse(43101, "user refuse to accept the msg")
	}
	return nil
}

// use uses a consent up. Callers hold the lock.
func (p *phone) use(t Template) {
	if t.Consent == OneTime {
		p.consents[t.ID]--
	}
}

// sendSubscribe takes a subscription notice. There is no client_msg_id: a second
// call is a second message. Nor is an id answered: only the event names it.
func (s *Sim) sendSubscribe(c call) (any, *platformError) {
	var in templateCall
	if no := c.decode(&in); no != nil {
		return nil, no
	}
	in.URL, in.Once = in.Page, ""
	o, no := s.takeTemplate(in, "subscribe")
	if no != nil {
		return nil, s.declined("subscribe", in.To, no)
	}
	s.tell(s.noticeSent(in.To, in.Template, o))
	return done(), nil
}
