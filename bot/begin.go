package bot

import (
	"regexp"
	"slices"
	"strings"

	"github.com/cunkao/cunkao/handlers"
)

// beginning is how sentences begin something that have none of its words at the front.
type beginning struct {
	word  string // the command that begins the same
	begin func(d *handlers.Desk, text string) (string, error)
	// likely tells a message that begins it where nothing is open; certain, a clause that can mean
	// nothing else, be it in the middle of another message or form. nil never does.
	likely, certain func(text string) bool
	// yields tells, once it is begun, a clause that begins something else all the same; nil is any
	// that begins something.
	yields   func(clause string) bool
	stranger bool // it is for whoever is not bound yet, and not for cadres
}

// allBeginnings are what sentences begin. What goes before has fewer sentences of its own.
func (b *Bot) allBeginnings() []beginning {
	return []beginning{
		{word: "绑定", begin: b.bind, likely: bareCode.MatchString, stranger: true},
		{word: "改日志", begin: b.fixSaid, likely: saysLogIsWrong},
		{word: "请人作证", begin: askWitness, likely: witnessWords.MatchString},
		{word: "销假", begin: b.reportReturn, likely: backWords.MatchString},
		{word: "续假", begin: b.extendTold, likely: staysLonger.MatchString},
		{word: "请假", begin: b.leaveTold, likely: leaveSentence.MatchString, certain: asksForLeave, yields: visitorsCame},
		{word: "自评", begin: b.markTold, likely: oneMarked.MatchString},
		{word: "无事", begin: b.noMatters, likely: nothingSaid.MatchString},
		{word: "记日志", begin: b.writeLog("", ""), likely: tellsOfWork, certain: visitorWords.MatchString, yields: comingLeave.MatchString},
	}
}

// leadWords begin one more thing.
const leadWords = `我先|先|再|然后|另外|还有|还要|顺便|对了|我还|还`

// How a leave is asked for so clearly that nothing else can be meant, and one that is still to
// come.
var (
	leadIn      = regexp.MustCompile(`^(?:` + leadWords + `)`)
	clearLeave  = regexp.MustCompile(`[明后]天|[明后]儿|今天|周|星期|礼拜|[0-9一二三四五六七八九十][日号天]|[0-9]月|上午|下午|半天`)
	noLeave     = regexp.MustCompile(`请了|请过|假条|不请|没请|的假|请假的|[吗么?]$`)
	comingLeave = regexp.MustCompile(`^(?:` + leadWords + `|我|本人|,| )*(?:[明后]天|[明后]儿|大后|下周|下星期|下礼拜|[0-9]+[号日月]).{0,8}(?:请.{0,6}假|[事病婚产丧]假)(?:$|[^条])`)
)

func asksForLeave(clause string) bool {
	return leaveSentence.MatchString(clause) && clearLeave.MatchString(clause) && !noLeave.MatchString(clause)
}

func visitorsCame(clause string) bool { return strings.Contains(clause, "接待") }

func saysLogIsWrong(text string) bool {
	return fixWords.MatchString(text) && fixBegins.MatchString(text) || countNotCount.MatchString(text)
}

// begins finds the first beginning that fits.
func (b *Bot) begins(fits func(one beginning) bool) (found beginning, ok bool) {
	if at := slices.IndexFunc(b.beginnings, fits); at >= 0 {
		return b.beginnings[at], true
	}
	return beginning{}, false
}

// beginningOf is how a word is begun; a word that no sentence begins has none.
func (b *Bot) beginningOf(word string) beginning {
	found, _ := b.begins(func(one beginning) bool { return one.word == word })
	return found
}

// likely finds what a message begins where nothing is open; nothing for whom it is not for.
func (b *Bot) likely(v *handlers.View, text string) (found beginning, ok bool) {
	if v.Bound() && (!v.Is(handlers.Cadre) || len([]rune(text)) < 4 && !strings.HasPrefix(text, "续") || strings.HasPrefix(text, "为什么")) {
		return beginning{}, false
	}
	return b.begins(func(one beginning) bool { return one.stranger != v.Bound() && one.likely(text) })
}

// certain is the word of what a clause begins, by a command or without, and empty if that is
// not certain.
func (b *Bot) certain(clause string) string {
	clause = plain(leadIn.ReplaceAllString(plain(clause), ""))
	if c, rest, known := b.route(clause); known && rest == "" && c.starts() {
		return c.title()
	}
	found, _ := b.begins(func(one beginning) bool { return one.certain != nil && one.certain(clause) })
	return found.word
}

// another reports whether a clause begins another thing than the message does. A log tells of
// many things, and a reason of some: few that may begin something are none of them. A word by
// itself may be a part of either, unless it comes last.
func (b *Bot) another(begun, clause string, last bool) bool {
	word, yields := b.certain(clause), b.beginningOf(begun).yields
	switch {
	case word == "" || word == begun:
		return false
	case yields == nil:
		return true
	case word == "签到":
		return last
	default:
		return yields(plain(clause))
	}
}
