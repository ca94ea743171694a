package bot

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/cunkao/cunkao/handlers"
)

// How people agree, choose and correct: what can be told from their words alone, whatever
// they talk about. The words are as plain leaves them.

// yes are the words that agree to a summary.
func yes() []string {
	return []string{"确认", "同意", "对", "对的", "是", "是的", "好", "好的", "可以", "行", "没错", "提交", "没问题", "嗯", "ok", "OK"}
}

// agrees reports whether a text is made of such words alone: 好的没问题.
func agrees(text string) bool {
	words := append(yes(), " ", ",", "了", "吧")
	slices.SortFunc(words, func(a, b string) int { return len(b) - len(a) })
	rest := text
	for rest != "" {
		at := slices.IndexFunc(words, func(w string) bool { return strings.HasPrefix(rest, w) })
		if at < 0 {
			return false
		}
		rest = strings.TrimPrefix(rest, words[at])
	}
	return text != ""
}

// chosen finds the choice that a text names: by its number, its words, or a part of them
// that only one has.
func chosen(offers []handlers.Offer, text string) (fill answers, ok bool) {
	number := strings.Trim(strings.TrimPrefix(text, "第"), "个项种号.、 ")
	if at := ordinal(number); at > 0 && at <= len(offers) {
		return offers[at-1].Fill, true
	}
	if at := slices.IndexFunc(offers, func(o handlers.Offer) bool { return o.Say == text }); at >= 0 {
		return offers[at].Fill, true
	}
	fits := 0
	for _, o := range offers {
		if len([]rune(text)) > 1 && strings.Contains(o.Say, text) {
			fill, fits = o.Fill, fits+1
		}
	}
	return fill, fits == 1
}

// ordinal reads 3, 三; 0 is none.
func ordinal(s string) int {
	if n, err := strconv.Atoi(s); err == nil && n < 100 {
		return max(0, n)
	}
	return max(0, slices.Index([]string{"", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"}, s))
}

// chinese is a number in Chinese words, up to ten thousand: 十三, 一百零二.
var chinese = regexp.MustCompile(`^[零〇一二两三四五六七八九十百千]+`)

// arabic writes the number that stands at the front of what follows a command in figures: of
// 十三号 13号. “第二张” and the like are no numbers of a leave.
func arabic(rest string) string {
	said := chinese.FindString(rest)
	after := rest[len(said):]
	if bare := strings.TrimSuffix(strings.TrimSuffix(strings.TrimPrefix(after, "号"), "吧"), "假条"); said == "" || bare != "" && !strings.HasPrefix(bare, " ") {
		return rest
	}
	return strconv.Itoa(numeral(said)) + after
}

// numeral is a number in Chinese words.
func numeral(said string) int {
	sum, digit := 0, 0
	for _, r := range said {
		switch r {
		case '十', '百', '千':
			sum, digit = sum+max(digit, 1)*map[rune]int{'十': 10, '百': 100, '千': 1000}[r], 0
		case '两', '俩':
			digit = 2
		case '仨':
			digit = 3
		default:
			digit = max(0, slices.Index([]rune("零一二三四五六七八九"), r))
		}
	}
	return sum + digit
}

// placed reads 第2项, 2; 0 is none.
func placed(s string) int { return ordinal(strings.TrimSuffix(strings.TrimPrefix(s, "第"), "项")) }

// atPlace cuts “第二项扣两分” in two: which place, and what is to stand there.
func atPlace(text string) (at int, rest string, ok bool) {
	number, rest, ok := strings.Cut(text, "项")
	number, first := strings.CutPrefix(number, "第")
	at = ordinal(number)
	return at, strings.TrimLeft(rest, " ,:、的"), ok && first && at > 0
}

// corrects reports whether a text sounds like a correction.
func corrects(text string) bool {
	text = strings.ReplaceAll(text, "是不是", "") // asks
	return slices.ContainsFunc([]string{"改", "不是", "换成", "不对", "说错", "应该是"}, func(w string) bool { return strings.Contains(text, w) })
}

// toward are the words before what an answer is to become.
func toward() []string { return []string{"改成", "改为", "换成", "应该是", "改到"} }

// naming is a way to read a correction: an answer, by its number or its name, and what it
// is to become. Without that it is to be asked for again.
type naming struct{ what, value string }

// wrong says of an answer that it is not right.
var wrong = regexp.MustCompile(`(?:写|填|说|弄|记)?错了?|不对|有误`)

// namings are the ways to read a correction that names an answer. Whether there is such an
// answer only its form knows.
func namings(text string) []naming {
	bare := strings.NewReplacer("修改", "", "改一下", "", "改", "", "错了", "", "不对", "").Replace(text)
	all := []naming{{what: strings.TrimSpace(bare)}}
	if head, value, ok := cutChange(text); ok {
		head = strings.TrimSpace(strings.TrimPrefix(head, "把"))
		all = append(all, naming{cmp.Or(strings.Trim(wrong.ReplaceAllString(head, ""), " ,"), head), value})
	}
	if at, value, ok := atPlace(text); ok && value != "" {
		all = append(all, naming{strconv.Itoa(at), value})
	}
	return all
}

// cutChange cuts “日期改成9号” and “2 9号” in two.
func cutChange(text string) (head, value string, ok bool) {
	for _, w := range append(toward(), "是", ":", "改") {
		if head, value, ok := strings.Cut(text, w); ok && head != "" && value != "" && !strings.HasSuffix(head, "不") {
			return head, strings.TrimSpace(value), true
		}
	}
	head, value, ok = strings.Cut(text, " ")
	return head, strings.TrimSpace(value), ok && ordinal(head) > 0
}

// newValue is what a correction that names no answer says is right: of “不是事假是病假” the
// end.
func newValue(text string) string {
	for _, w := range []string{"不对", "说错了", "错了", "写错了"} {
		text = strings.Trim(strings.ReplaceAll(text, w, ""), " ,，")
	}
	words := toward()
	before, after, not := strings.Cut(text, "不是")
	if not {
		text, words = after, []string{"而是", "应该是", "是"}
	}
	if right := strings.TrimPrefix(strings.Trim(before, " ,，"), "是"); right != "" && not && !strings.Contains(after, "是") { // 病假，不是事假，13号
		_, more, _ := strings.Cut(after, ",")
		return strings.Trim(right+","+more, ",")
	}
	for _, w := range words {
		if _, right, ok := strings.Cut(text, w); ok && (not || right != "") {
			return strings.TrimSpace(right)
		}
	}
	return strings.TrimSpace(text)
}
