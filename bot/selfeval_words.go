package bot

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/scoring"
)

// mereWords say nothing.
const mereWords = `吧|了|哈|呗|嘛|啊|算了|就行|就好|好了|就够了|行了`

var (
	markDigits  = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?) *分?[,，:： ]*(.*)$`)
	markChinese = regexp.MustCompile(`^([零一二两三四五六七八九十]+)(?:点([零一二三四五六七八九]+))?(分半|分)?[,，:： ]*(.*)$`)
	mere        = regexp.MustCompile(`^(?:` + mereWords + `)+$`)
	merely      = regexp.MustCompile(`(?:` + mereWords + `)+$`)
	// A message arrives with half-width signs: plain makes them so.
	commaBetween = regexp.MustCompile(`,([^0-9])`)
)

// moneyWords are an amount of money, which is no points: 5毛, 五分钱.
var moneyWords = regexp.MustCompile(`^(?:[0-9.]+|[零一二两三四五六七八九十百半点]+) *(?:毛|角|块|元|分儿?钱)`)

// readMarked reads the points at the front of a text, and what is said with them. ok says
// that there are some; exact that they have no more than two decimals.
func readMarked(text string) (points scoring.Points, words string, ok, exact bool) {
	if at := markDigits.FindStringSubmatch(text); at != nil {
		p, err := scoring.ParsePoints(at[1])
		return p, at[2], true, err == nil
	}
	at := markChinese.FindStringSubmatch(text)
	if at == nil || at[2] == "" && at[3] == "" && at[4] != "" { // “一直在岗” gives no points
		return 0, "", false, false
	}
	whole := count(at[1])
	if at[1] == "零" {
		whole = 0
	}
	if whole < 0 {
		return 0, "", false, false
	}
	points = scoring.Points(whole) * 100
	if at[3] == "分半" {
		return points + 50, at[4], true, true
	}
	unit := scoring.Points(10)
	for _, r := range at[2] {
		points += unit * scoring.Points(strings.IndexRune("零一二三四五六七八九", r)/len("零"))
		unit /= 10
	}
	return points, at[4], true, len([]rune(at[2])) <= 2
}

// readMark reads what somebody gives himself at the i-th check: 满分, 1.5, 扣0.3 and why,
// 同上季, 按记录, 下一项, or one of these for all that are left.
func (b *Bot) readMark(i int) func(listening, string) (heard, error) {
	return func(h listening, text string) (heard, error) {
		all := itemsOf(h.a)
		if !h.whole || i >= len(all) {
			return heard{}, nil
		}
		if got, meant := b.markRest(h.a, all, text); meant {
			return got, nil
		}
		if at, rest, placed := atPlace(text); placed && rest != "" && at <= len(all) {
			return b.readMark(at-1)(h, rest)
		}
		name := handlers.SelfEvalField(i)
		if answer, meant := left(text, standing(h.a, name)); meant {
			return filled(name, answer), nil
		}
		if p, meant, none := b.markAs(all[i], text); meant {
			if p == nil {
				return heard{complaint: none}, nil
			}
			return filled(name, packMark(handlers.SelfMark{Points: *p})), nil
		}
		m, complaint := b.marked(all[i], text)
		if complaint != "" {
			return heard{complaint: complaint}, nil
		}
		return filled(name, packMark(m)), nil
	}
}

// left reads a word that leaves an item as it stands, or without points.
func left(text, stands string) (answer string, meant bool) {
	switch text {
	case "先不评", "以后再评", "不评", "不评了":
		return "", true
	case "下一项", "下一个", "下一题":
		return stands, true
	case "不改", "不改了", "不变", "就这样":
		return stands, stands != ""
	default:
		return stands, stands != "" && slices.Contains(yes(), text)
	}
}

// markAs reads a word that stands for points, and says why there are none.
func (b *Bot) markAs(it selfAsked, text string) (p *scoring.Points, meant bool, none string) {
	w := b.forms["selfeval"].words
	switch merely.ReplaceAllString(text, "") {
	case "满分", "全分", "不扣分", "没扣分":
		return &it.Max, true, ""
	case "按记录", "照记录":
		return it.Recorded, true, w.says("norecord")
	case "同上季", "同上季度", "和上季一样", "跟上季一样", "同上次", "不变":
		return it.Last, true, w.says("nolast")
	default:
		return nil, false, ""
	}
}

// markRest gives all that are left what a word says, where that is known: 其余同上季.
func (b *Bot) markRest(a answers, all []selfAsked, text string) (got heard, meant bool) {
	what, whole := "", false
	for _, w := range []string{"其余", "其他", "剩下的", "余下的", "后面的", "全部", "全都", "统统", "一律", "都"} {
		if rest, found := strings.CutPrefix(text, w); found {
			what, whole = strings.TrimSpace(strings.TrimPrefix(rest, "都")), slices.Contains([]string{"全部", "全都", "统统", "一律", "都"}, w)
			break
		}
	}
	if what = merely.ReplaceAllString(what, ""); what == "" {
		return heard{}, false
	}
	got.fill = answers{}
	for i, it := range all {
		name := handlers.SelfEvalField(i)
		p, known, none := b.markAs(it, what)
		was := standing(a, name)
		if was != "" && whole && p != nil && unpackMark(was).Points != *p {
			keepMark(got.fill, i, what)
		}
		switch {
		case !known:
			return heard{}, false
		case a[name] != "":
		case was != "": // it is looked at again, and is none of the rest
			got.fill[name] = was
		case p != nil:
			got.fill[name] = packMark(handlers.SelfMark{Points: *p})
		default:
			got.complaint = none
		}
	}
	if len(got.fill) > 0 {
		got.complaint = ""
	}
	return got, len(got.fill) > 0 || got.complaint != ""
}

// marked reads points, or how many are lost, and a sentence.
func (b *Bot) marked(it selfAsked, text string) (m handlers.SelfMark, complaint string) {
	w, said := b.forms["selfeval"].words, text
	lost := false
	for _, word := range []string{"扣", "减", "丢", "评", "给", "得"} {
		if rest, found := strings.CutPrefix(text, word); found {
			text, lost = strings.TrimSpace(rest), slices.Contains([]string{"扣", "减", "丢"}, word)
			break
		}
	}
	points, words, ok, exact := readMarked(text)
	switch {
	case moneyWords.MatchString(text):
		return m, w.says("money", "said", short(said))
	case !ok:
		return m, w.says("unread", "said", short(text))
	case !exact:
		return m, w.says("decimals")
	case lost && points > it.Max:
		return m, w.says("toomuchlost", "name", it.Name, "max", short2(it.Max))
	case points > it.Max:
		return m, w.says("toomuch", "name", it.Name, "max", short2(it.Max), "said", short2(points))
	case lost:
		points = it.Max - points
	}
	return handlers.SelfMark{Points: points, Words: mere.ReplaceAllString(words, "")}, ""
}

// readStatement reads what becomes of the drafted statement: it stands, is replaced, or
// gets a sentence more.
func readStatement(h listening, text string) (heard, error) {
	own, draft := standing(h.a, "statement"), h.a["draft"]
	if _, answered := h.a["statement"]; !answered && own == "" && h.a["person"] == "" {
		own = draft
	}
	for _, w := range []string{"补充", "再加", "加上", "加一句"} {
		if more, adds := strings.CutPrefix(text, w); adds && strings.Trim(more, ":：,， ") != "" {
			return filled("statement", own+sentence(more)), nil
		}
	}
	if !h.whole {
		return heard{}, nil
	}
	for _, w := range []string{"改成", "改为", "换成"} {
		if other, replaces := strings.CutPrefix(text, w); replaces {
			return filled("statement", sentence(other)), nil
		}
	}
	switch {
	case slices.Contains([]string{"就这样", "可以", "好", "行", "确认", "同意", "没问题"}, text):
		return filled("statement", own), nil
	case draft != "" && slices.Contains([]string{"重新起草", "用草稿", "重写", "草稿"}, text):
		return filled("statement", draft), nil
	case slices.Contains([]string{"不写", "不要", "不用写", "没有写", "不用了"}, text):
		return filled("statement", ""), nil
	case len([]rune(text)) < 6: // too short to be one
		return heard{complaint: h.words.says("unread", "said", short(text))}, nil
	default:
		return filled("statement", sentence(text)), nil
	}
}

// sentence ends what was said with a stop.
func sentence(s string) string {
	s = strings.Trim(s, ":：,，。 ")
	if s == "" {
		return ""
	}
	return commaBetween.ReplaceAllString(s, "，$1") + "。"
}

func refusal(err error) (*handlers.Refusal, bool) { return errors.AsType[*handlers.Refusal](err) }
