package sim

import (
	"encoding/xml"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxText is where a passive reply or a customer message becomes too long, in
// bytes. It is measured by users, not documented.
const maxText = 2048

// inbound is something that goes from a phone to the account.
type inbound struct {
	openID  string
	kind    string // text, CLICK, SCAN, subscribe, unsubscribe, ...
	fields  []pair
	created int64
	msgID   int64 // 0 for events
	silent  bool  // whatever the account answers, the phone shows nothing
}

type pair struct {
	name, value string
	number      bool
	sub         []pair // instead of a value
}

// isMessage tells what people say from events.
func isMessage(kind string) bool {
	return slices.Contains([]string{"text", "image", "voice", "location", "link"}, kind)
}

// xml writes the message as the platform does: words in CDATA, numbers bare.
func (m inbound) xml(ghID string) []byte {
	kind := pair{name: "MsgType", value: "event"}
	if m.msgID != 0 {
		kind.value = m.kind
	}
	all := []pair{
		{name: "ToUserName", value: ghID},
		{name: "FromUserName", value: m.openID},
		{name: "CreateTime", value: strconv.FormatInt(m.created, 10), number: true},
		kind,
	}
	all = append(all, m.fields...)
	if m.msgID != 0 {
		all = append(all, pair{name: "MsgId", value: strconv.FormatInt(m.msgID, 10), number: true})
	}
	return writeXML(all)
}

// writeXML writes one message.
func writeXML(all []pair) []byte {
	var b strings.Builder
	b.WriteString("<xml>")
	writePairs(&b, all)
	b.WriteString("</xml>")
	return []byte(b.String())
}

func writePairs(b *strings.Builder, all []pair) {
	for _, p := range all {
		b.WriteString("<" + p.name + ">")
		switch {
		case p.sub != nil:
			writePairs(b, p.sub)
		case p.number:
			b.WriteString(p.value)
		default:
			b.WriteString(cdata(p.value))
		}
		b.WriteString("</" + p.name + ">")
	}
}

// cdata wraps words. What XML cannot carry at all is left out, and a "]]>" in
// them is cut in two.
func cdata(s string) string {
	s = strings.Map(func(r rune) rune {
		if (r < ' ' && r != '\t' && r != '\n' && r != '\r') || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return "<![CDATA[" + strings.ReplaceAll(s, "]]>", "]]]]><![CDATA[>") + "]]>"
}

// envelope is an encrypted reply.
type envelope struct {
	XMLName   xml.Name `xml:"xml"`
	Encrypt   string   `xml:"Encrypt"`
	Signature string   `xml:"MsgSignature"`
	TimeStamp string   `xml:"TimeStamp"`
	Nonce     string   `xml:"Nonce"`
}

// reply is a passive reply, decrypted.
type reply struct {
	XMLName  xml.Name  `xml:"xml"`
	To       string    `xml:"ToUserName"`
	From     string    `xml:"FromUserName"`
	Created  string    `xml:"CreateTime"`
	Type     string    `xml:"MsgType"`
	Content  string    `xml:"Content"`
	Count    string    `xml:"ArticleCount"`
	Articles []article `xml:"Articles>item"`
	MediaID  string    `xml:"Image>MediaId"`
}

// article is one item of a news message.
type article struct {
	Title       string `json:"title" xml:"Title"`
	Description string `json:"description" xml:"Description"`
	PicURL      string `json:"picurl" xml:"PicUrl"`
	URL         string `json:"url" xml:"Url"`
}

// readReply opens what a webhook answered and finds fault with it as the
// platform would.
func (s *Sim) readReply(body []byte, openID string) (reply, error) {
	var e envelope
	if err := xml.Unmarshal(body, &e); err != nil {
		return reply{}, fmt.Errorf("answer is not XML: %w", err)
	}
	switch {
	case e.Encrypt == "":
		return reply{}, errors.New("answer is not encrypted")
	case e.Signature != s.box.sign(e.TimeStamp, e.Nonce, e.Encrypt):
		return reply{}, errors.New("answer is not signed rightly")
	}
	plain, err := s.box.open(e.Encrypt)
	if err != nil {
		return reply{}, err
	}
	var r reply
	if err := xml.Unmarshal(plain, &r); err != nil {
		return reply{}, fmt.Errorf("reply is not XML: %w", err)
	}
	return r, r.check(openID, s.o.Account.GhID)
}

// check finds fault with a decrypted reply. The platform says nothing of the
// reason to anybody; the history does.
func (r reply) check(openID, ghID string) error {
	if r.To != openID || r.From != ghID {
		return fmt.Errorf("reply from %q to %q", r.From, r.To)
	}
	if n, err := strconv.ParseInt(r.Created, 10, 64); err != nil || n <= 0 {
		return fmt.Errorf("reply with CreateTime %q", r.Created)
	}
	switch r.Type {
	case "text":
		return checkText(r.Content)
	case "news":
		return r.checkNews()
	case "image":
		return nonEmpty("MediaId", r.MediaID)
	case "voice", "video", "music", "transfer_customer_service":
		return nil
	default:
		return fmt.Errorf("reply of type %q", r.Type)
	}
}

// checkText knows the two commonest causes of the notice: no words, too many.
func checkText(s string) error {
	switch {
	case strings.TrimSpace(s) == "":
		return errors.New("reply with empty Content")
	case len(s) > maxText:
		return fmt.Errorf("reply of %d bytes", len(s))
	case !utf8.ValidString(s):
		return errors.New("reply that is not UTF-8")
	}
	return nil
}

func (r reply) checkNews() error {
	if len(r.Articles) == 0 || r.Count != strconv.Itoa(len(r.Articles)) {
		return fmt.Errorf("news with %d articles that says %q", len(r.Articles), r.Count)
	}
	return nil
}

func nonEmpty(name, value string) error {
	if value == "" {
		return errors.New("reply with empty " + name)
	}
	return nil
}
