package wechat

import (
	"context"
	"strconv"
	"strings"

	sdk "github.com/silenceper/wechat/v2/officialaccount/context"
	"github.com/silenceper/wechat/v2/officialaccount/message"
)

const bizsendAPI = "message/subscribe/bizsend"

// Subscription is a subscription notice (订阅通知). Of a one-time template there
// is one for each time that the person has agreed.
type Subscription struct {
	OpenID     string
	TemplateID string
	Page       string            // an address opened by a tap, may be empty
	Data       map[string]string // by key, such as thing1: see Shape
}

// SendSubscription sends s. A person who has not agreed, or no longer does, is
// 43101 (Window). There is no id of ours: whether one arrived whose answer was
// lost says the event subscribe_msg_sent_event (Message.SubscriptionResults)
// under the id that is returned, which may be empty. A value that Shape refuses
// is ErrInvalid, and nothing is sent.
func (c *Client) SendSubscription(ctx context.Context, s Subscription) (msgID string, err error) {
	if s.OpenID == "" || s.TemplateID == "" || len(s.Data) == 0 {
		return "", invalid("no receiver, no template or no data")
	}
	data, err := shaped(s.Data)
	if err != nil {
		return "", err
	}
	m := &message.SubscribeMessage{
		ToUser: s.OpenID, TemplateID: s.TemplateID, Page: s.Page,
		Data: make(map[string]*message.SubscribeDataItem, len(data)),
	}
	for k, v := range data {
		m.Data[k] = &message.SubscribeDataItem{Value: v}
	}
	a, err := c.call(ctx, bizsendAPI, func(s *sdk.Context) error {
		return message.NewSubscribe(s).Send(m)
	})
	return strings.Trim(string(a.MsgID), `"`), err
}

// SubscriptionChoice is what a person has said about one template.
type SubscriptionChoice struct {
	TemplateID string
	Accepted   bool // may be sent to
	Scene      string
}

// SubscriptionChoices are what a popup or a change event says, in order; nil of
// any other message. A change event tells only of refusals.
func (m Message) SubscriptionChoices() []SubscriptionChoice {
	if m.Type != TypeEvent || m.Event != EventSubscriptionPopup && m.Event != EventSubscriptionChange {
		return nil
	}
	var out []SubscriptionChoice
	for _, l := range m.Lists() {
		if l["TemplateId"] != "" {
			out = append(out, SubscriptionChoice{
				TemplateID: l["TemplateId"], Scene: l["PopupScene"],
				Accepted: strings.EqualFold(l["SubscribeStatusString"], "accept"),
			})
		}
	}
	return out
}

// SubscriptionResult is what became of one notice.
type SubscriptionResult struct {
	TemplateID string
	MsgID      string // what SendSubscription returned
	Code       string // ErrorCode as it came: 0 if it was delivered
	Status     string // in words, of the platform
}

// Err is nil if the notice was delivered, else an *Error, whose Class says what
// to do. A code that is no number is -1.
func (r SubscriptionResult) Err() error {
	n, err := strconv.Atoi(strings.TrimSpace(r.Code))
	if err != nil {
		n = -1
	}
	if n == 0 {
		return nil
	}
	return &Error{Code: n, Message: r.Status, API: bizsendAPI}
}

// SubscriptionResults are what a sent event says, in order; nil of any other
// message.
func (m Message) SubscriptionResults() []SubscriptionResult {
	if m.Type != TypeEvent || m.Event != EventSubscriptionSent {
		return nil
	}
	var out []SubscriptionResult
	for _, l := range m.Lists() {
		if l["TemplateId"] != "" || l["MsgID"] != "" {
			out = append(out, SubscriptionResult{
				TemplateID: l["TemplateId"], MsgID: l["MsgID"], Code: l["ErrorCode"], Status: l["ErrorStatus"],
			})
		}
	}
	return out
}
