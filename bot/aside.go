package bot

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/cunkao/cunkao/handlers"
)

// What people say beside what they are about: two things in one message, or a question in
// the middle of a form. One message does one thing; the other is named, never dropped.

// withOther adds to an answer what else its message asked for.
func withOther[D any](in Input, fn func(D) (string, error)) func(D) (string, error) {
	return func(d D) (string, error) {
		reply, err := fn(d)
		return named(reply, err, in.other)
	}
}

// named adds to an answer or a refusal what else was asked for.
func named(reply string, err error, other string) (string, error) {
	if other == "" {
		return reply, err
	}
	return continued(reply, err, alsoSaid(other))
}

// continued adds words to an answer or a refusal.
func continued(reply string, err error, words string) (string, error) {
	if r, refused := refusal(err); refused {
		return "", &handlers.Refusal{Field: r.Field, Text: r.Text + words}
	}
	return reply + words, err
}

// alsoSaid names what a message asked for and what was not done.
func alsoSaid(other string) string {
	return "\n您还说了“" + strings.ReplaceAll(short(other), ",", "，") + "”，这件还没有办：" + link(other, "接着办")
}

// stops part what is said; a message has them as plain leaves them.
const stops = ",。;!、\n "

// mereLead is how something begins of which nothing is said yet.
var mereLead = regexp.MustCompile(`^(?:另外|还有|顺便|对了|那个)[,。;、 ]*$`)

// twoThings cuts a message that asks for two different things. Whoever is in the middle of
// one says so by begun; otherwise the message must begin with one itself.
func (b *Bot) twoThings(text, begun string) (first, other string) {
	for at := 0; at < len(text); {
		stop := firstStop(text[at:])
		clause, _, goesOn := strings.Cut(text[at:], stop)
		switch {
		case at > 0 && b.another(begun, clause, !goesOn):
			return plain(text[:at]), plain(text[at:])
		case at > 0 || begun != "":
		default:
			if begun = cmp.Or(b.certain(clause), b.titleAt(clause)); begun == "" {
				return text, "" // whatever it is, it is one thing
			}
		}
		if at += len(clause) + len(stop); mereLead.MatchString(text[:min(at, len(text))]) {
			return text, ""
		}
	}
	return text, ""
}

// commandAnd cuts a message that begins with a command, be it without a stop behind: 签到今天
// 接待2人. c is what route found; of any other message its talk must be known first.
func (b *Bot) commandAnd(c command, text string) (first, other string) {
	if len(c.words) > 0 {
		return b.twoThings(text, "")
	}
	word, after := b.bareWord(text)
	clause, _, _ := strings.Cut(plain(after), firstStop(plain(after)))
	if then := b.certain(clause); then != "" && then != word {
		return strings.TrimSuffix(text, after), plain(after)
	}
	return text, ""
}

// firstStop is the first stop in a text, and its whole end if it has none.
func firstStop(text string) string {
	if at := strings.IndexAny(text, stops); at >= 0 {
		for _, r := range text[at:] {
			return string(r)
		}
	}
	return "\n"
}

// bareWord cuts off a word at the front that nothing may follow, as people say it in one
// breath with what comes next: 签到今天接待2人.
func (b *Bot) bareWord(text string) (word, after string) {
	best := 0
	for _, c := range b.commands {
		for _, w := range c.words {
			if rest, hit := strings.CutPrefix(text, w); hit && c.starts() && !c.takes && len(w) > best {
				word, after, best = c.title(), rest, len(w)
			}
		}
	}
	return word, after
}

// titleAt is the title of the command that a text has at its front, and what it is about
// behind.
func (b *Bot) titleAt(text string) string {
	if c, _, known := b.route(plain(text)); known && c.starts() {
		return c.title()
	}
	return ""
}

// starts reports whether a word alone does something for its cadre.
func (c command) starts() bool { return c.do != nil && c.cadre }

// title is the word that stands for all commands that do the same.
func (c command) title() string {
	switch w := c.words[0]; {
	case slices.Contains([]string{"无事", "补记", "改日志", "记错了", "今日日志"}, w) || strings.HasSuffix(w, "接待"):
		return "记日志"
	case w == "续假" || w == "紧急补假" || strings.HasPrefix(w, "请") && strings.HasSuffix(w, "假"):
		return "请假"
	default:
		return w
	}
}

// question is how somebody asks instead of answering, and about how it is told that he only
// passes a question on.
var (
	question   = regexp.MustCompile(`^.{0,14}(?:吗|么|\?|咋样|怎么样|[咋怎]么?[办填写弄说]|[啥什]么?意思|是啥|是什么|[写填说]啥|[写填说]什么|哪天|几号|几点|多少|是谁|[是放上休]不[是放上休].{1,8})\??$`)
	whoDecides = regexp.MustCompile(`^(?:这个?|我的?|这张)?(?:假条|假)?(?:要|该|得|由|归|是|找)*谁(?:来|给我?|能)?(?:审)?批(?:准)?(?:的|啊|呀|呢)?\??$`)
	passedOn   = regexp.MustCompile(`问|询|反映|^(?:回|去|看|陪|送|接|带|到|给|帮|找)`)
	ownReturn  = regexp.MustCompile(`^(?:我|本人|今天|昨天|昨晚|今早|刚刚?|已经|提前|上午|下午|早上|中午|晚上|从.{1,6})*(?:回来了|回村了|到村了)$`)
	ofItself   = regexp.MustCompile(`意思|[咋怎]么?[填写弄说]|[写填说][啥什]|^[啥?]+$`)
)

// aside takes what is no answer to an open form: another thing that is begun, a question.
func (t *turn) aside(text string) (reply string, done bool, err error) {
	q, open := t.form.field(t.draft().Open)
	if (q.prose || t.form.word != "") && ownReturn.MatchString(text) {
		reply, err = t.b.reportReturn(t.d, text)
		return reply, err == nil, err
	}
	if open && q.prose {
		return "", false, nil
	}
	switch other := t.b.beginningOf(t.b.certain(text)); {
	case t.form.word != "" && other.begin != nil && t.b.another(t.form.word, text, true):
		reply, err = other.begin(t.d, text)
	case !open && t.form.name == "leave" && whoDecides.MatchString(text): // the summary says it
		reply, err = t.review(t.form.words.says("whodecides") + "\n")
	case question.MatchString(text) && !passedOn.MatchString(text):
		reply, err = t.asked(q, text)
	case open && !q.agrees && t.form.word != "" && agreed(text): // a consent is an answer elsewhere
		reply, err = t.ask(q, "还没到确认这一步。\n")
	default:
		return "", false, nil
	}
	return reply, true, err
}

// proseOpen reports whether the open question takes whatever is said.
func (b *Bot) proseOpen(v *handlers.View) (bool, error) {
	drafts, err := v.Talk()
	if err != nil || len(drafts) == 0 {
		return false, err
	}
	q, open := b.forms[drafts[0].Form].field(drafts[0].Open)
	return open && q.prose, nil
}

// asked answers a question that comes in the middle of a form, and goes back to it.
func (t *turn) asked(q field, text string) (string, error) {
	reply := "没有听懂“" + short(text) + "”。"
	word := t.b.meant(t.d.View, text)
	c, _, known := t.b.route(word)
	switch {
	case ofItself.MatchString(text):
		reply = t.b.helpInTalk(t.drafts)
	case known && c.look != nil:
		said, err := c.look(t.d.View, "")
		if err != nil {
			return "", t.b.kindly(t.d.View, c, err)
		}
		reply = said
	}
	return t.ask(q, reply+"\n——\n")
}

// agreed reports whether a text only agrees: 确认, 好的确认, 确认(已办结).
func agreed(text string) bool {
	bare, _, _ := strings.Cut(text, "(")
	if bare == "对了" { // is how people begin with something else
		return false
	}
	bare = strings.TrimRight(bare, " 。.!~了吧啊哈呀")
	return agrees(bare) || strings.HasSuffix(bare, "确认") && slices.Contains(yes(), strings.TrimRight(strings.TrimSuffix(bare, "确认"), ", "))
}
