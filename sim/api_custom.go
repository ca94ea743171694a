package sim

import (
	"strings"
	"time"
)

// The windows for messages that nobody asked for: five within two days of what
// a person said, three within a minute of what a person did.
const (
	spokeFor, spokeMay = 48 * time.Hour, 5
	actedFor, actedMay = time.Minute, 3
)

// open opens a window for a person's act: a click, scan or following opens the
// short one, words the long one.
func (p *phone) open(now time.Time, short bool) { //nolint:revive // two windows, one place that opens them
	if short {
		p.acted, p.actedLeft = now, actedMay
		return
	}
	p.spoke, p.spokeLeft = now, spokeMay
}

// spend uses up one message of an open window. The short one goes first: it
// would be lost soonest.
func (p *phone) spend(now time.Time) *platformError {
	acted := !p.acted.IsZero() && now.Sub(p.acted) <= actedFor
	spoke := !p.spoke.IsZero() && now.Sub(p.spoke) <= spokeFor
	switch {
	case !p.following || !acted && !spoke:
		return refuse(45015, "response out of time limit or subscription is canceled")
	case acted && p.actedLeft > 0:
		p.actedLeft--
	case spoke && p.spokeLeft > 0:
		p.spokeLeft--
	default:
		return refuse(45047, "out of response count limit")
	}
	return nil
}

type menuItem struct {
	ID      string `json:"id"`
	Content string `json:"content"`
}

type customCall struct {
	To   string `json:"touser"`
	Type string `json:"msgtype"`
	Text struct {
		Content string `json:"content"`
	} `json:"text"`
	Image struct {
		MediaID string `json:"media_id"`
	} `json:"image"`
	News struct {
		Articles []article `json:"articles"`
	} `json:"news"`
	Menu struct {
		Head string     `json:"head_content"`
		List []menuItem `json:"list"`
		Tail string     `json:"tail_content"`
	} `json:"msgmenu"`
}

func (s *Sim) sendCustom(c call) (any, *platformError) {
	var in customCall
	if no := c.decode(&in); no != nil {
		return nil, no
	}
	if no := s.takeCustom(in); no != nil {
		return nil, s.declined(in.Type, in.To, no)
	}
	return done(), nil
}

// takeCustom finds fault with the message first: one that is refused for its
// words does not use up the window.
func (s *Sim) takeCustom(in customCall) *platformError {
	what, sent, no := in.show()
	if no != nil {
		return no
	}
	if in.To == "" {
		return refuse(40003, "invalid openid")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if in.Type == "image" {
		if _, no := s.findMedium(in.Image.MediaID); no != nil {
			return no
		}
	}
	p, ok := s.phones[in.To]
	if !ok {
		return refuse(45015, "response out of time limit or subscription is canceled")
	}
	if p.blocks {
		return refuse(48002, "user refuses the account's messages")
	}
	if no := p.spend(s.now()); no != nil {
		return no
	}
	s.receive(p, what, sent)
	return nil
}

// show is a customer message on the screen, if it is one.
func (in customCall) show() (shown, Sent, *platformError) {
	switch in.Type {
	case "text":
		no := checkCustomText(in.Text.Content)
		return showText(in.Text.Content), Sent{Type: "text"}, no
	case "image":
		return showImage(in.Image.MediaID), Sent{Type: "image"}, nil
	case "news":
		if len(in.News.Articles) != 1 {
			return shown{}, Sent{}, refuse(45008, "article size out of limit")
		}
		return showNews(in.News.Articles), Sent{Type: "news", URL: in.News.Articles[0].URL}, nil
	case "msgmenu":
		return in.showMenu()
	default:
		return shown{}, Sent{}, refuse(40008, "invalid message type")
	}
}

func checkCustomText(s string) *platformError {
	switch {
	case strings.TrimSpace(s) == "":
		return refuse(44004, "empty content")
	case len(s) > maxText:
		return refuse(45002, "content size out of limit")
	}
	return nil
}

// showMenu is a menu message: a line before, an item a line, a line after.
func (in customCall) showMenu() (shown, Sent, *platformError) {
	if len(in.Menu.List) == 0 {
		return shown{}, Sent{}, refuse(47001, "data format error")
	}
	pieces := parseText(in.Menu.Head)
	for _, item := range in.Menu.List {
		if item.Content == "" {
			return shown{}, Sent{}, refuse(44004, "empty content")
		}
		pieces = append(pieces, Piece{Text: "\n"}, Piece{Text: item.Content, Say: item.Content, ID: item.ID, Menu: true})
	}
	if in.Menu.Tail != "" {
		pieces = append(append(pieces, Piece{Text: "\n"}), parseText(in.Menu.Tail)...)
	}
	out := shown{entries: []entry{{Type: "text", Pieces: pieces}}, words: strings.TrimSpace(plain(pieces))}
	return out, Sent{Type: "text"}, nil
}

// typing accepts the sign that somebody is typing, and shows it to nobody.
func (s *Sim) typing(call) (any, *platformError) { return done(), nil }
