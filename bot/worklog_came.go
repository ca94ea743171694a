package bot

import (
	"regexp"
	"strconv"
	"strings"
)

// How many came, as people say it.

const (
	figure   = `([0-9]+|[一二两三四五六七八九十]+|[俩仨])`
	callers  = `(?:来访群众|群众|村民|老乡|乡亲们?|老百姓|老人家?|大爷|大妈|大娘)`
	mostCame = 999
)

var (
	visitorWords = regexp.MustCompile(`(?:一共|共|总共)?(?:接待|来访|来了|来)(?:了|过)?(?:的是|的)?(?:` + callers + `?` + figure + `(?:个|名|位)?(?:人次|人|户|` + callers + `)|` + callers + figure + `(?:个|名|位))(?:来访|来办事)?`)
	// cameWords say it the other way round; alone they tell of no work: “10个人来开会”.
	cameWords  = regexp.MustCompile(`^(?:一共|是|有)*` + figure + `(?:个|名|位)?(?:人|` + callers + `)来(?:的|了)(?:的)?$`)
	noneCame   = regexp.MustCompile(`(?:^|[,，。;；、 ])(?:今天|今日)?(?:都)?(?:没有人|没得人|没人|无人)(?:来访|来办事|来)(?:$|[,，。;；、 ])`)
	bareNumber = regexp.MustCompile(`^(?:接待)?` + figure + `(?:个|名|位)?(?:人次|人|户|` + callers + `)?$`)
	// countNotCount says how many came, and how many did not: “来了5个人不是3个”.
	countNotCount = regexp.MustCompile(`^(?:接待|来访|来了|来)(?:了|过)?` + figure + `(?:个|名|位)?(?:人次|人|户|` + callers + `)[,，、 ]*不是` + figure + `(?:个|名|位)?(?:人次|人|户|` + callers + `)?$`)
)

// underHundred is a number of people in Chinese words.
var underHundred = regexp.MustCompile(`^(?:[零一二两俩三仨四五六七八九]|[一二两俩三仨四五六七八九]?十[零一二两俩三仨四五六七八九]?)$`)

// count reads 3 or 三; -1 is none.
func count(s string) int {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	if !underHundred.MatchString(s) {
		return -1
	}
	return numeral(s)
}

// splitVisitors takes how many came out of a sentence. More than mostCame is how it was said,
// and is not to be stored.
func splitVisitors(text string) (n int, rest string, ok bool) {
	if at := noneCame.FindStringIndex(text); at != nil {
		return 0, strings.Trim(text[:at[0]]+","+text[at[1]:], " ,，。;；、"), true
	}
	for _, p := range []*regexp.Regexp{visitorWords, cameWords} {
		at := p.FindStringSubmatchIndex(text)
		if at == nil {
			continue
		}
		for i := 2; i < len(at); i += 2 {
			if at[i] >= 0 {
				n, ok = countOr(text[at[i]:at[i+1]])
			}
		}
		return n, strings.Trim(text[:at[0]]+text[at[1]:], " ,，。;；、"), ok
	}
	return 0, text, false
}

// countOr is a count that may be of more digits than a number holds.
func countOr(s string) (n int, ok bool) {
	if len(s) > len("999999") && s[0] <= '9' {
		return mostCame + 1, true
	}
	n = count(s)
	return n, n >= 0
}

// readVisitors takes how many came.
func readVisitors(h listening, text string) (heard, error) {
	if n, rest, ok := splitVisitors(text); ok {
		return came(h, n, rest), nil
	}
	if h.whole && noOneCame.MatchString(text) {
		return filled("visitors", "0"), nil
	}
	if at := bareNumber.FindStringSubmatch(text); at != nil && (h.whole || strings.HasSuffix(text, "人")) {
		if n, ok := countOr(at[1]); ok {
			return came(h, n, ""), nil
		}
	}
	return readNothingElse(h, text)
}

var noOneCame = regexp.MustCompile(`^(?:没有|没人|没有人|没得人|没人来|没有人来|无人|无|没)$`)

func came(h listening, n int, rest string) heard {
	if n > mostCame {
		return heard{complaint: h.words.says("toomany", "most", strconv.Itoa(mostCame))}
	}
	return heard{fill: answers{"visitors": strconv.Itoa(n)}, rest: rest}
}

// changeVisitors takes how many came and not how many: “不是3人是5人”, “来了5个人不是3个”.
func changeVisitors(h listening, _ string) (heard, error) {
	s, ok := swapsIn(h.said)
	if h.whole || !ok || !bareNumber.MatchString(s.wrong) {
		return heard{}, nil
	}
	h.whole = true
	got, err := readVisitors(h, s.right)
	if !got.understood() {
		return heard{}, err
	}
	got.rest = ""
	return got, err
}
