package bot

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// longest is how many characters of a reply arrive: longer ones fail without a
// word from the platform.
const longest = 600

// more ends a reply that had to be cut.
const more = "\n……内容较多，后面的请分项查看。"

// cut shortens a reply at the end of a line, never inside a link.
func cut(s string) string {
	if visible(s) <= longest && len(s) <= 2000 {
		return s
	}
	var out strings.Builder
	n := utf8.RuneCountInString(more)
	for line := range strings.Lines(s) {
		if n += visible(line); n > longest || out.Len()+len(line)+len(more) > 2000 {
			break
		}
		out.WriteString(line)
	}
	return strings.TrimRight(out.String(), "\n") + more
}

// onPage is a list that may be too long for one reply: as many lines as fit,
// from a page on (0 is the first), and the words that ask for the next.
func onPage(head string, lines []string, page int, again string) string {
	pages := paginate(lines, longest-visible(head)-len(again)-100, len(lines))
	if page >= len(pages) {
		page = 0
	}
	out := head + "\n" + strings.Join(pages[page], "\n")
	if page+1 < len(pages) {
		out += "\n" + link(fmt.Sprintf("%s 第%d页", again, page+2), "看后面的")
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
