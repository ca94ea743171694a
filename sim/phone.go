package sim

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// Who an entry of a chat is from.
const (
	fromMe      = "me"
	fromAccount = "account"
	fromSystem  = "system"
)

// phone is one person's chat with the account, and what the platform
// remembers of it.
type phone struct {
	openID    string
	following bool
	last      *inbound // for Repeat
	entries   []entry
	outbox    []Sent
	unread    int            // of the outbox, by whoever looks at the page
	tags      []int          // in the order in which they were put on
	blocks    bool           // template messages
	consents  map[string]int // notices that may still come, by template

	// The windows in which the account may speak without being asked.
	spoke     time.Time // the last message ...
	spokeLeft int       // ... and how many customer messages it still allows
	acted     time.Time // the last click, scan or following
	actedLeft int
}

// entry is one thing that a chat shows.
type entry struct {
	ID     int64     `json:"id"`
	At     time.Time `json:"at"`
	From   string    `json:"from"`
	Type   string    `json:"type"` // text, card, note, image, place
	Title  string    `json:"title,omitempty"`
	Pieces []Piece   `json:"pieces,omitempty"`
	Rows   []row     `json:"rows,omitempty"`
	URL    string    `json:"url,omitempty"`
	Image  string    `json:"image,omitempty"` // a media id
}

type row struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

// Sent is something that a phone received without having asked.
type Sent struct {
	ID         int64             `json:"id"`
	At         time.Time         `json:"at"`
	Type       string            `json:"type"` // text, template, subscribe, image, news
	Text       string            `json:"text"` // as the phone shows it
	TemplateID string            `json:"template_id"`
	Data       map[string]string `json:"data"`
	URL        string            `json:"url"`
}

// shown is what a phone makes of a message: entries for the chat, and the same
// as words.
type shown struct {
	entries []entry
	words   string
}

func (s shown) empty() bool { return len(s.entries) == 0 }

// phone finds a person's phone, or hands out a new one. Callers hold the lock.
func (s *Sim) phone(openID string) *phone {
	p, ok := s.phones[openID]
	if !ok {
		p = &phone{openID: openID}
		s.phones[openID] = p
	}
	return p
}

// add puts entries into a chat. Callers hold the lock.
func (s *Sim) add(p *phone, from string, entries ...entry) {
	at := s.now()
	for _, e := range entries {
		s.lastSent++
		e.ID, e.At, e.From = s.lastSent, at, from
		p.entries = append(p.entries, e)
	}
	p.entries = keepLast(p.entries)
}

// receive puts something into a phone that came by itself, and returns its id.
// Callers hold the lock.
func (s *Sim) receive(p *phone, what shown, sent Sent) int64 {
	s.add(p, fromAccount, what.entries...)
	s.lastSent++
	sent.ID, sent.At, sent.Text = s.lastSent, s.now(), what.words
	if sent.Data == nil {
		sent.Data = map[string]string{}
	}
	p.outbox = keepLast(append(p.outbox, sent))
	p.unread = min(p.unread+1, keptEntries)
	s.recordLocked(Delivery{
		At: sent.At, Out: true, Kind: sent.Type, OpenID: p.openID, MsgID: sent.ID,
		Outcome: Accepted, Reply: what.words,
	})
	return sent.ID
}

// vanish gives an id to a message that is taken and that nobody sees. Callers
// hold the lock.
func (s *Sim) vanish(p *phone, kind, status string) int64 {
	s.lastSent++
	s.recordLocked(Delivery{
		At: s.now(), Out: true, Kind: kind, OpenID: p.openID, MsgID: s.lastSent,
		Outcome: Vanished, Reason: status,
	})
	return s.lastSent
}

// keepLast drops the oldest fifth of a list that has grown too long.
func keepLast[T any](list []T) []T {
	if len(list) <= keptEntries {
		return list
	}
	return append([]T(nil), list[keptEntries/5:]...)
}

// Outbox is what a phone received besides passive replies, oldest first.
func (s *Sim) Outbox(openID string) []Sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.phones[openID]
	if !ok {
		return []Sent{}
	}
	list := make([]Sent, len(p.outbox))
	for i, sent := range p.outbox {
		sent.Data = maps.Clone(sent.Data)
		list[i] = sent
	}
	return list
}

// Links are the links in the last thing the account said that had any.
func (s *Sim) Links(openID string) []Piece {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.phones[openID]
	if !ok {
		return nil
	}
	for _, e := range slices.Backward(p.entries) {
		links := slices.DeleteFunc(slices.Clone(e.Pieces), func(p Piece) bool { return p.Say == "" && p.URL == "" })
		if e.From == fromAccount && len(links) > 0 {
			return links
		}
	}
	return nil
}

// showReply is a passive reply on the screen.
func showReply(r reply) shown {
	switch r.Type {
	case "text":
		return showText(r.Content)
	case "news":
		return showNews(r.Articles)
	case "image":
		return showImage(r.MediaID)
	case "voice":
		return showText("[语音]")
	case "video", "music":
		return showText("[视频]")
	default: // nothing, or the platform hands over to a person
		return shown{}
	}
}

// showText is a text with its links.
func showText(text string) shown {
	pieces := parseText(text)
	return shown{entries: []entry{{Type: "text", Pieces: pieces}}, words: plain(pieces)}
}

// showImage is a picture. As words it is none.
func showImage(mediaID string) shown {
	return shown{entries: []entry{{Type: "image", Image: mediaID, Pieces: []Piece{{Text: "图片"}}}}, words: "[图片]"}
}

// showNews is a card for each article. An address that no browser should open
// is left out.
func showNews(articles []article) shown {
	var out shown
	var words []string
	for _, a := range articles {
		out.entries = append(out.entries, entry{
			Type: "card", Title: a.Title, Pieces: []Piece{{Text: a.Description}}, URL: webURL(a.URL),
		})
		words = append(words, strings.TrimSpace(a.Title+"\n"+a.Description))
	}
	out.words = strings.Join(words, "\n")
	return out
}

// showTemplate is a template message: its title and a line for each field.
func showTemplate(t Template, data map[string]string, url string) shown {
	card := entry{Type: "card", Title: t.Title, URL: webURL(url)}
	words := []string{t.Title}
	for _, f := range t.Fields {
		card.Rows = append(card.Rows, row{Label: f.Label, Value: data[f.Key]})
		words = append(words, f.Label+"："+data[f.Key])
	}
	return shown{entries: []entry{card}, words: strings.Join(words, "\n")}
}
