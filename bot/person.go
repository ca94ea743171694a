package bot

import (
	"regexp"
	"slices"
	"strings"

	"github.com/cunkao/cunkao/handlers"
)

// bindForm is the conversation behind 绑定. What is agreed to has an edition
// (handlers.ConsentEdition).
func bindForm() form {
	scanned := func(a answers) bool { return a["scene"] != "" }
	return form{
		name: "bind", edition: 2, plain: true, submit: submitBind,
		fields: []field{
			{name: "consent", read: readConsent},
			{name: "code", skip: scanned, read: readCode},
			{name: "phone4", skip: scanned, read: readPhone4},
		},
	}
}

func readConsent(h listening, text string) (heard, error) {
	switch {
	case !h.whole:
		return heard{}, nil
	case slices.Contains(yes(), text):
		return filled("consent", handlers.ConsentEdition), nil
	default:
		return heard{complaint: h.words.says("unread", "said", short(text))}, nil
	}
}

// bareCode is a code with the digits after it, and no word before.
var bareCode = regexp.MustCompile(`^[A-Za-z0-9]{8}[ ,]*[0-9]{4}$`)

// codeLead is what people say before a code, and between it and the digits.
var codeLead = regexp.MustCompile(`我的|绑定码|码是|码|是|,|、|手机|号码|尾号|后四位`)

// readCode takes a code, or a code and four digits in one message.
func readCode(h listening, text string) (heard, error) {
	all := handlers.PlainCode(strings.TrimPrefix(codeLead.ReplaceAllString(plain(text), ""), ":"))
	switch {
	case len(all) == 8:
		return filled("code", all), nil
	case len(all) == 12 && isDigits(all[8:]):
		return heard{fill: answers{"code": all[:8], "phone4": all[8:]}}, nil
	case h.said != "": // anything may be meant
		return heard{}, nil
	default:
		return heard{complaint: h.words.says("nocode", "said", short(text))}, nil
	}
}

func readPhone4(h listening, text string) (heard, error) {
	digits := lastDigits.FindString(inDigits(handlers.PlainCode(text)))
	if len(digits) == 11 && isDigits(digits) {
		digits = digits[7:] // the whole number does as well
	}
	switch {
	case len(digits) == 4 && isDigits(digits):
		return filled("phone4", digits), nil
	case h.said != "":
		return heard{}, nil
	default:
		return heard{complaint: h.words.says("nophone4", "said", short(text))}, nil
	}
}

// lastDigits are those that a sentence ends with: “手机尾号是0692”.
var lastDigits = regexp.MustCompile(`[0-9]*$`)

// inDigits writes figures that were spoken one by one as such: 零六九二, 洞六九两.
func inDigits(s string) string {
	return strings.NewReplacer("零", "0", "〇", "0", "洞", "0", "一", "1", "幺", "1", "二", "2", "两", "2", "三", "3", "四", "4", "五", "5",
		"六", "6", "七", "7", "拐", "7", "八", "8", "九", "9").Replace(s)
}

func isDigits(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

// short quotes a few characters of what somebody wrote.
func short(text string) string {
	r := []rune(text)
	if len(r) > 12 {
		return string(r[:12]) + "…"
	}
	return text
}

// scanned begins the binding with a code that was scanned.
func (b *Bot) scanned(d *handlers.Desk, scene string) (string, error) {
	if err := d.MayBind(); err != nil {
		return "", err
	}
	return b.begin(d, b.forms["bind"], answers{"scene": scene}, "")
}

// bind begins the binding, with what stood in the same message.
func (b *Bot) bind(d *handlers.Desk, rest string) (string, error) {
	if err := d.MayBind(); err != nil {
		return "", err
	}
	return b.begin(d, b.forms["bind"], answers{}, rest)
}

func submitBind(d *handlers.Desk, a answers, w formWords) (string, error) {
	who, err := d.Bind(handlers.Proof{Code: a["code"], Phone4: a["phone4"], Scene: a["scene"]})
	if err != nil {
		return "", err
	}
	me, err := d.Introduce()
	if err != nil {
		return "", err
	}
	return w.says("done", "name", who.Name, "title", me.Title()) + "\n" + linked(w.says(waysOn(me))), nil
}

// waysOn is the sentence that names what somebody can do first.
func waysOn(me handlers.Me) string {
	switch {
	case me.Has(handlers.Cadre):
		return "waycadre"
	case me.Has(handlers.TownLeader), me.Has(handlers.Org), me.Has(handlers.TownStaff):
		return "waytown"
	default:
		return "wayvillage"
	}
}
