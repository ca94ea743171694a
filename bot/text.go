package bot

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/cunkao/cunkao/handlers"
)

// longest is how many characters of a reply arrive: longer ones fail without a
// word from the platform.
const longest = 600

// more ends a reply that had to be cut.
func more() string { return "\n……还有后面的，回复“" + say("更多") + "”接着看。" }

// part cuts a text that is too long for one message: at the end of a line or, if
// one line is too long, inside it, never inside a link. rest is what follows.
func part(s string) (head, rest string) {
	if visible(s) <= longest && len(s) <= 2000 {
		return s, ""
	}
	n, size := visible(more()), len(more())
	for line := range strings.Lines(s) {
		if n += visible(line); n > longest || size+len(line) > 2000 {
			break
		}
		size += len(line)
		head = s[:size-len(more())]
	}
	if head == "" { // no line of ours is so long; whatever it is, it arrives
		left := longest - visible(more())
		for i := range s { // at the beginnings of characters
			if left < 0 || size+i > 2000 {
				break
			}
			head = s[:i]
			left--
		}
	}
	rest = strings.TrimLeft(s[len(head):], "\n")
	return strings.TrimRight(head, "\n") + more(), rest
}

// shorten makes one message of a reply, and keeps the rest for whoever asks.
func (b *Bot) shorten(ctx context.Context, openID, reply string) string {
	head, rest := part(reply)
	if m := pageLink.FindStringSubmatch(reply); m != nil && rest == "" {
		rest = nextPage + m[1]
	}
	if rest != "" {
		b.Cache.KeepMore(ctx, openID, b.Desk.Shut(rest, restOf(openID)))
	}
	return head
}

// restOf stands for a command's key: the rest is of no one message.
func restOf(openID string) string { return "rest:" + openID }

// showMore answers 更多. It runs beside the table of commands, as what it shows is
// no record.
func (b *Bot) showMore(ctx context.Context, in Input) (string, error) {
	in.word = "更多"
	return b.look(ctx, in, func(v *handlers.View) (string, error) {
		if kept, ok := b.Cache.More(ctx, in.Who); ok {
			if rest, err := b.Desk.Opened(kept, restOf(in.Who)); err == nil {
				return b.restOrPage(v, rest)
			}
		}
		menu, err := b.menu(v, "")
		return "没有后面的内容了，或者隔得太久。请把刚才的话再发一遍。\n" + menu, err
	})
}

// nextPage begins what is kept of a list, whose rest is shown by a command.
const nextPage = "\x00"

var pageLink = regexp.MustCompile(`msgmenucontent=([^&"]+)&msgmenuid=1">` + follows + `<`)

// follows leads to the next page of a list; it may be typed as well.
const follows = "看后面的"

// restOrPage is the rest of a reply, or the page that comes after it.
func (b *Bot) restOrPage(v *handlers.View, kept string) (string, error) {
	page, is := strings.CutPrefix(kept, nextPage)
	if !is {
		return kept, nil
	}
	c, rest, _ := b.route(page)
	if c.look == nil {
		return b.lost(v, page)
	}
	return c.look(v, rest)
}

// onPage is a list that may be too long for one reply: as many lines as fit,
// from a page on (0 is the first), and the words that ask for the next.
func onPage(head string, lines []string, page int, again string) string {
	return pageOf(head, paginate(lines, longest-visible(head)-len(again)-100, len(lines)), page, again)
}

// pageOf is a page of a list under its head, and the words that ask for the next.
func pageOf(head string, pages [][]string, page int, again string) string {
	if page >= len(pages) {
		page = 0
	}
	out := head + "\n" + strings.Join(pages[page], "\n")
	if page+1 < len(pages) {
		out += "\n" + link(fmt.Sprintf("%s 第%d页", again, page+2), follows)
	}
	return out
}

// paginate cuts lines into pages of so many characters and lines at most. There
// is always one page.
func paginate(lines []string, room, most int) [][]string {
	pages, size := [][]string{nil}, 0
	for _, line := range lines {
		last := len(pages) - 1
		size += visible(line) + 1
		if len(pages[last]) > 0 && (size > room || len(pages[last]) == most) {
			pages, size = append(pages, nil), visible(line)+1
			last++
		}
		pages[last] = append(pages[last], line)
	}
	return pages
}

// visible counts the characters of a text; what is inside a tag is not seen but
// is sent, so it counts as well.
func visible(s string) int { return utf8.RuneCountInString(s) }

// link is a word that can be tapped: the tap sends say. What is sent arrives as
// text that anybody could type, so it carries no authority.
func link(say, shown string) string {
	clean := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`&<>"'`, r) || unicode.IsControl(r) {
			return -1
		}
		return r
	}, say)
	return `<a href="weixin://bizmsgmenu?msgmenucontent=` + clean + `&msgmenuid=1">` + shown + `</a>`
}

// say is a link that shows what it sends.
func say(word string) string { return link(word, word) }

// linked makes of each word 〈in such brackets〉 one to tap.
func linked(text string) string {
	before, rest, ok := strings.Cut(text, "〈")
	word, after, closed := strings.Cut(rest, "〉")
	if !ok || !closed {
		return text
	}
	return before + say(word) + linked(after)
}

// tappable is how many choices are links: more do not fit one message. The others are
// chosen by their numbers.
const tappable = 4

// offered are choices, numbered, to tap.
func offered(offers []handlers.Offer) string {
	var words []string
	for i, o := range offers {
		word := fmt.Sprintf("%d %s", i+1, o.Say)
		if i < tappable {
			word = link(o.Say, word)
		}
		words = append(words, word)
	}
	if len(words) == 0 {
		return ""
	}
	sep := "　"
	if slices.ContainsFunc(offers, func(o handlers.Offer) bool { return visible(o.Say) > 8 }) {
		sep = "\n"
	}
	return "\n" + strings.Join(words, sep)
}

// plain writes a message as commands are compared: full-width signs as
// half-width, no spaces or stops around it, no invisible characters.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\u3000':
			return ' '
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		case unicode.Is(unicode.Cf, r): // zero-width characters, direction marks
			return -1
		default:
			return r
		}
	}, s)
	return strings.Trim(s, " \t\r\n。.!,;、“”\"'")
}
