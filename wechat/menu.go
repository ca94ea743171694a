package wechat

import (
	"context"

	sdk "github.com/silenceper/wechat/v2/officialaccount/context"
	"github.com/silenceper/wechat/v2/officialaccount/menu"
)

// The platform's limits for a menu.
const (
	maxButtons    = 3
	maxSub        = 5
	maxName       = 16 // bytes; a phone shows four characters
	maxSubName    = 60 // bytes; a phone shows eight characters
	maxEventKey   = 128
	maxAddress    = 1024
	maxScene      = 64
	maxQRLifeDays = 30
)

// Menu is what stands below the conversation: up to three buttons.
type Menu struct{ Buttons []Button }

// Button is one of: a click (Key), an address (URL), or up to five others (Sub).
type Button struct {
	Name string
	Key  string // comes back as the EventKey of a CLICK
	URL  string
	Sub  []Button
}

// PublishMenu replaces the account's menu. Phones show it after five minutes at
// most; the platform takes 1,000 a day.
func (c *Client) PublishMenu(ctx context.Context, m Menu) error {
	if len(m.Buttons) == 0 || len(m.Buttons) > maxButtons {
		return invalid("%d buttons in a menu", len(m.Buttons))
	}
	buttons := make([]*menu.Button, 0, len(m.Buttons))
	for _, b := range m.Buttons {
		sub, err := b.translate(maxName)
		if err != nil {
			return err
		}
		buttons = append(buttons, sub)
	}
	_, err := c.call(ctx, "menu/create", func(s *sdk.Context) error {
		return menu.NewMenu(s).SetMenu(buttons)
	})
	return err
}

// translate checks a button and makes the SDK's of it.
func (b Button) translate(longest int) (*menu.Button, error) {
	if b.Name == "" || len(b.Name) > longest {
		return nil, invalid("name of button %q: 1 to %d bytes", b.Name, longest)
	}
	switch {
	case len(b.Sub) > 0 && b.Key == "" && b.URL == "":
		return b.translateSub(longest)
	case len(b.Sub) == 0 && b.Key != "" && b.URL == "" && len(b.Key) <= maxEventKey:
		return new(menu.Button).SetClickButton(b.Name, b.Key), nil
	case len(b.Sub) == 0 && b.Key == "" && b.URL != "" && len(b.URL) <= maxAddress:
		return new(menu.Button).SetViewButton(b.Name, b.URL), nil
	}
	return nil, invalid("button %q: a key of at most %d bytes, or an address of at most %d, or others", b.Name, maxEventKey, maxAddress)
}

func (b Button) translateSub(longest int) (*menu.Button, error) {
	if longest != maxName || len(b.Sub) > maxSub {
		return nil, invalid("button %q: at most %d others, and none below them", b.Name, maxSub)
	}
	var sub []*menu.Button
	for _, s := range b.Sub {
		t, err := s.translate(maxSubName)
		if err != nil {
			return nil, err
		}
		sub = append(sub, t)
	}
	return new(menu.Button).SetSubButton(b.Name, sub), nil
}
