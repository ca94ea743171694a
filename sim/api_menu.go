package sim

import (
	"bytes"
	"fmt"
)

// The platform's limits on menus, in buttons and bytes.
const (
	menuTop, menuSub   = 3, 5
	nameTop, nameSub   = 16, 60
	menuKey, menuURL   = 128, 1024
	escapedUnicodeMark = `\u`
)

// Button is one button of the account's menu.
type Button struct {
	Type string   `json:"type,omitempty"`
	Name string   `json:"name"`
	Key  string   `json:"key,omitempty"`
	URL  string   `json:"url,omitempty"`
	Sub  []Button `json:"sub_button,omitempty"`
}

type menu struct {
	Button []Button `json:"button"`
}

func (s *Sim) createMenu(c call) (any, *platformError) {
	buttons, no := readMenu(c)
	if no != nil {
		return nil, no
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastMenu++
	s.menu, s.menuID = buttons, s.lastMenu
	return done(), nil
}

// readMenu takes a menu's buttons, if all of them are good.
func readMenu(c call) ([]Button, *platformError) {
	// The platform takes escapes for letters, and finds the names too long.
	if bytes.Contains(c.body, []byte(escapedUnicodeMark)) {
		return nil, refuse(40033, "invalid charset. please check your request, if include \\uxxxx will create fail!")
	}
	var in menu
	if no := c.decode(&in); no != nil {
		return nil, no
	}
	if n := len(in.Button); n < 1 || n > menuTop {
		return nil, refuse(40016, "invalid button size")
	}
	for _, b := range in.Button {
		if no := checkTop(b); no != nil {
			return nil, no
		}
	}
	return in.Button, nil
}

func checkTop(b Button) *platformError {
	if b.Name == "" || len(b.Name) > nameTop {
		return refuse(40018, fmt.Sprintf("invalid button name size, name is %q", b.Name))
	}
	if len(b.Sub) == 0 {
		return checkButton(b)
	}
	if len(b.Sub) > menuSub {
		return refuse(40023, "invalid sub button size")
	}
	for _, sub := range b.Sub {
		if sub.Name == "" || len(sub.Name) > nameSub {
			return refuse(40025, fmt.Sprintf("invalid sub button name size, name is %q", sub.Name))
		}
		if no := checkButton(sub); no != nil {
			return no
		}
	}
	return nil
}

// checkButton checks what happens when a button is tapped.
func checkButton(b Button) *platformError {
	switch b.Type {
	case "click", "scancode_push", "scancode_waitmsg", "pic_sysphoto", "pic_photo_or_album", "pic_weixin", "location_select":
		if b.Key == "" || len(b.Key) > menuKey {
			return refuse(40019, "invalid button key size")
		}
	case "view":
		if webURL(b.URL) == "" {
			return refuse(40055, "invalid button url domain")
		}
		if len(b.URL) > menuURL {
			return refuse(40020, "invalid button url size")
		}
	case "miniprogram", "media_id", "article_id", "article_view_limited":
	default:
		return refuse(40017, "invalid button type")
	}
	return nil
}

// deleteMenu deletes the menu of everybody, and with it those for some.
func (s *Sim) deleteMenu(call) (any, *platformError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.menu, s.conditional = nil, nil
	return done(), nil
}

// Menu is the menu that the account has published for everybody.
func (s *Sim) Menu() []Button {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Button{}, s.menu...)
}
