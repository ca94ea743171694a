package wechat

import (
	"context"
	"strings"

	sdk "github.com/silenceper/wechat/v2/officialaccount/context"
	"github.com/silenceper/wechat/v2/officialaccount/message"
)

// SendText sends a customer message. The platform takes five within 48 hours
// of a message of the user's and three within a minute of a click, a scan or
// following; beyond, the error's class is Window. It has no id: whether one
// arrived whose answer was lost cannot be known. Texts above about 2,048 bytes
// are refused (45002); to split them is the caller's.
func (c *Client) SendText(ctx context.Context, openID, text string) error {
	if !worded(text) {
		return ErrEmptyReply
	}
	if openID == "" {
		return invalid("no receiver")
	}
	m := message.NewCustomerTextMessage(openID, clean(text))
	_, err := c.call(ctx, "message/custom/send", func(s *sdk.Context) error {
		return message.NewMessageManager(s).Send(m)
	})
	return err
}

// Template is a template message (模板消息).
type Template struct {
	OpenID     string
	TemplateID string
	URL        string // opened by a tap, may be empty
	// ClientMsgID makes the platform send it to this person once only,
	// however often it is asked within ten minutes.
	ClientMsgID string
	Data        map[string]string // by key, such as thing1: see Shape
}

// SendTemplate sends t and returns the id under which the platform will report
// what became of it (TEMPLATESENDJOBFINISH). A message that the platform
// wants to look at first has none: the error's class is then UnderReview. A value
// that Shape refuses is ErrInvalid, and nothing is sent.
func (c *Client) SendTemplate(ctx context.Context, t Template) (msgID string, err error) {
	if t.OpenID == "" || t.TemplateID == "" {
		return "", invalid("no receiver or no template")
	}
	data, err := shaped(t.Data)
	if err != nil {
		return "", err
	}
	m := &message.TemplateMessage{
		ToUser: t.OpenID, TemplateID: t.TemplateID, URL: t.URL, ClientMsgID: t.ClientMsgID,
		Data: make(map[string]*message.TemplateDataItem, len(data)),
	}
	for k, v := range data {
		m.Data[k] = &message.TemplateDataItem{Value: v}
	}
	a, err := c.call(ctx, "message/template/send", func(s *sdk.Context) error {
		_, err := message.NewTemplate(s).Send(m)
		return err
	})
	return strings.Trim(string(a.MsgID), `"`), err
}
