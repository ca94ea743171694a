package wechat

import (
	"context"
	"net/url"
	"strings"

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
	maxDomains    = 3 // of the addresses in a conditional menu
	maxScene      = 64
	maxQRLifeDays = 30
)

// Menu is what stands below the conversation: up to three buttons.
type Menu struct{ Buttons []Button }

// Button is one of: something with a Key that comes back as the EventKey of an
// event, an address (URL), or up to five others (Sub).
type Button struct {
	Name string
	Type ButtonType // of one with a Key; empty is Click
	Key  string
	URL  string
	Sub  []Button
}

// ButtonType is what a button with a Key does. What it is called is also the
// event that it causes, but for Click.
type ButtonType string

// The types of buttons. Only Click and ScanWait open a window for messages, of
// a minute; the photo or the point arrives as a message of its own as well.
const (
	Click          ButtonType = "click"              // event CLICK
	ScanWait       ButtonType = "scancode_waitmsg"   // scans a code and waits for an answer
	PhotoOrAlbum   ButtonType = "pic_photo_or_album" // takes a photo or chooses one
	LocationSelect ButtonType = "location_select"    // picks a point on a map
)

// PublishMenu replaces the account's menu, the one of everybody for whom no
// conditional menu is meant; those stay. Phones show it after five minutes at
// most; the platform takes 1,000 a day.
func (c *Client) PublishMenu(ctx context.Context, m Menu) error {
	buttons, err := m.translate()
	if err != nil {
		return err
	}
	_, err = c.call(ctx, "menu/create", func(s *sdk.Context) error {
		return menu.NewMenu(s).SetMenu(buttons)
	})
	return err
}

// translate checks a menu and makes the SDK's of it.
func (m Menu) translate() ([]*menu.Button, error) {
	if len(m.Buttons) == 0 || len(m.Buttons) > maxButtons {
		return nil, invalid("%d buttons in a menu", len(m.Buttons))
	}
	buttons := make([]*menu.Button, 0, len(m.Buttons))
	for _, b := range m.Buttons {
		t, err := b.translate(maxName)
		if err != nil {
			return nil, err
		}
		buttons = append(buttons, t)
	}
	return buttons, nil
}

// translate checks a button and makes the SDK's of it.
func (b Button) translate(longest int) (*menu.Button, error) {
	if strings.TrimSpace(b.Name) == "" || len(b.Name) > longest || !plain(b.Name) {
		return nil, invalid("name of button %q: 1 to %d bytes", b.Name, longest)
	}
	switch {
	case len(b.Sub) > 0 && b.Key == "" && b.URL == "" && b.Type == "":
		return b.translateSub(longest)
	case len(b.Sub) == 0 && b.Key != "" && b.URL == "" && len(b.Key) <= maxEventKey && plain(b.Key):
		return b.translateKey()
	case len(b.Sub) == 0 && b.Key == "" && b.Type == "" && len(b.URL) <= maxAddress && b.host() != "":
		return new(menu.Button).SetViewButton(b.Name, b.URL), nil
	}
	return nil, invalid("button %q: a key of at most %d bytes, or an address of at most %d, or others", b.Name, maxEventKey, maxAddress)
}

func (b Button) translateKey() (*menu.Button, error) {
	t := new(menu.Button)
	switch b.Type {
	case "", Click:
		return t.SetClickButton(b.Name, b.Key), nil
	case ScanWait:
		return t.SetScanCodeWaitMsgButton(b.Name, b.Key), nil
	case PhotoOrAlbum:
		return t.SetPicPhotoOrAlbumButton(b.Name, b.Key), nil
	case LocationSelect:
		return t.SetLocationSelectButton(b.Name, b.Key), nil
	}
	return nil, invalid("button %q: type %q", b.Name, string(b.Type))
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

// host is the server of a button's address, or empty if that is none.
func (b Button) host() string {
	u, err := url.Parse(b.URL)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || !plain(b.URL) {
		return ""
	}
	return strings.ToLower(u.Hostname())
}

// plain reports whether s is text of one line that JSON writes as it is: the
// platform shows escapes (\u2028) to people or refuses them (40033).
func plain(s string) bool {
	return clean(s) == s && !strings.ContainsAny(s, "\r\n\t\u0085\u2028\u2029\ufffd\x7f")
}
