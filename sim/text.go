package sim

import (
	"strings"
)

// tapPrefix is where a link that says something for the person begins.
const tapPrefix = "weixin://bizmsgmenu?"

// Piece is a stretch of a text. A tap on it says Say, or opens URL; without
// either it is just words.
type Piece struct {
	Text string `json:"text"`
	Say  string `json:"say,omitempty"`
	ID   string `json:"id,omitempty"`   // comes back as bizmsgmenuid
	Menu bool   `json:"menu,omitempty"` // an item of a msgmenu: a tap counts as a click
	URL  string `json:"url,omitempty"`
}

// parseText cuts the account's text into words and links. What is not quite a
// link stays words, as it does on a phone.
func parseText(s string) []Piece {
	var pieces []Piece
	words := ""
	for s != "" {
		before, rest, found := strings.Cut(s, "<a ")
		words += before
		if !found {
			break
		}
		link, after, ok := parseLink(rest)
		if !ok {
			words += "<a "
			s = rest
			continue
		}
		if words != "" {
			pieces = append(pieces, Piece{Text: words})
			words = ""
		}
		pieces = append(pieces, link)
		s = after
	}
	if words != "" {
		pieces = append(pieces, Piece{Text: words})
	}
	return pieces
}

// parseLink reads a link from behind its "<a ".
func parseLink(s string) (p Piece, after string, ok bool) {
	attributes, rest, ok := strings.Cut(s, ">")
	if !ok {
		return Piece{}, "", false
	}
	text, after, ok := strings.Cut(rest, "</a>")
	if !ok || text == "" {
		return Piece{}, "", false
	}
	href := attribute(attributes, "href=")
	if say, found := strings.CutPrefix(href, tapPrefix); found {
		content, id := tapOf(say)
		return Piece{Text: text, Say: content, ID: id}, after, content != ""
	}
	href = webURL(href)
	return Piece{Text: text, URL: href}, after, href != ""
}

// tapOf reads what a link says. The content is taken as it stands: whether
// phones decode it is not known, so an account had better not need it.
func tapOf(query string) (content, id string) {
	content, found := strings.CutPrefix(query, "msgmenucontent=")
	if !found {
		return "", ""
	}
	content, id, _ = strings.Cut(content, "&msgmenuid=")
	return content, id
}

// attribute is a quoted attribute's value. Phones take both kinds of quotes.
func attribute(s, name string) string {
	_, s, found := strings.Cut(s, name)
	if !found || s == "" {
		return ""
	}
	quote := s[:1]
	if quote != `"` && quote != "'" {
		return ""
	}
	value, _, found := strings.Cut(s[1:], quote)
	if !found {
		return ""
	}
	return value
}

// webURL is url if a phone would open it in its browser.
func webURL(url string) string {
	if strings.HasPrefix(url, "https://") || strings.HasPrefix(url, "http://") {
		return url
	}
	return ""
}

// plain is a text as the phone shows it.
func plain(pieces []Piece) string {
	var b strings.Builder
	for _, p := range pieces {
		b.WriteString(p.Text)
	}
	return b.String()
}
