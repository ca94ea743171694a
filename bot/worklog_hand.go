package bot

import (
	"regexp"
	"slices"
	"strings"

	"github.com/cunkao/cunkao/handlers"
)

// To whom a matter is handed who is none of the village's cadres: somebody nobody knows here,
// of whom it is asked, or an office, to which somebody here stays the one who asks after it.

const handVerbs = `(?:已)?(?:转给|移交给|交给|移交|转交|转到|转|交到|报给|交)`

var (
	strangers = regexp.MustCompile(`^[,，、 ]*(?:` + handVerbs + `|给)(?:了)?(\p{Han}{0,2}(?:副?书记|副?主任|委员|会计|文书|支书|村长|同志)|[小老]\p{Han})(?:那里|处)?(?:来|去)?(?:接着|继续)?(?:办理|处理|办|负责|跟进)?(?:了)?$`)
	offices   = regexp.MustCompile(`^[,，、 ]*(?:` + handVerbs + `|给)(?:了)?(?:镇|乡|县|市|区|上级|上面)?\p{Han}{0,8}(?:局|所|站|办|办公室|中心|部门|医院|法院|派出所|政府|公司|镇|县|镇上|县上|镇里|县里|上级|上面)(?:来|去)?(?:办理|处理|解决|研究)?(?:了)?$`)
	// handsOn ends a clause of which nothing else is said: “王家水管坏了转钱主任”.
	handsOn = regexp.MustCompile(`(?:转给|移交给|交给|移交|转)(\p{Han}{2,5})$`)
)

// given is a clause that says no more than to whom: “…没弄完，给钱主任”.
var given = regexp.MustCompile(`^给(\p{Han}{2,3}|\p{Han}{1,2}(?:副?书记|副?主任|委员|会计|文书))$`)

// handed tells the matter what a clause says that hands it over, to a colleague or to somebody
// else; no if it does not.
func (m *logMatter) handed(clause string, who hands) bool {
	c := handedTo(clause, who)
	if to := given.FindStringSubmatch(clause); to != nil && c.PersonID == "" {
		c = who.named(to[1])
	}
	if c.PersonID != "" {
		m.State, m.Holder, m.Name = matterOpen, c.PersonID, c.Name
		return true
	}
	if to := strangers.FindStringSubmatch(clause); to != nil {
		m.State, m.To = matterOpen, to[1]
		return true
	}
	if offices.MatchString(clause) {
		words := trimMatter(clause)
		if m.Words != "" {
			words = m.Words + "，" + words
		}
		m.State, m.Words = matterOpen, words
		return true
	}
	return false
}

// aboutHolder asks with the names that were said and are nobody's here.
func aboutHolder(a answers, form formWords, own fieldWords) fieldWords {
	var names []string
	for _, m := range settledMatters(a) {
		if m.State == matterOpen && m.Holder == "" && m.To != "" && !slices.Contains(names, m.To) {
			names = append(names, m.To)
		}
	}
	if len(names) > 0 {
		own.Ask = form.says("nobody", "said", strings.Join(names, "、")) + own.Ask
	}
	return own
}

// retold takes all matters anew, said to a question about those that were heard.
func retold(h listening, text string) (got heard, ok bool, err error) {
	who, err := handsOf(h)
	if err != nil {
		return heard{}, false, err
	}
	_, rest, _ := splitVisitors(text)
	said := func(m logMatter) bool { return m.State != "" && matterWords.MatchString(m.Words) }
	if !slices.ContainsFunc(splitMatters(rest, who), said) {
		return heard{}, false, nil
	}
	got, err = readMatters(h, text)
	if got.fill["matters"] == "" || err != nil {
		return got, false, err
	}
	got.fill["matters"] = packMatters(anew(mattersOf(h.a), mattersOf(got.fill)))
	return got, true, nil
}

// anew is what was told again in the place of what was heard. One of several, or another one,
// takes none of the rest away.
func anew(all, said []logMatter) []logMatter {
	if len(said) != 1 || len(all) == 0 {
		return said
	}
	switch at := closest(all, said[0].Words); {
	case at < 0:
		return append(all, said[0])
	case len(all) == 1:
		return said
	default:
		all[at].becomes(said[0])
		return all
	}
}

// pointing are words that are of any matter.
var pointing = regexp.MustCompile(`[这那](?:个|件|家)|事情?`)

// closest is the matter that shares most with words, two runes in a row at least; -1 if none
// or several do.
func closest(all []logMatter, words string) int {
	words = pointing.ReplaceAllString(words, "")
	best, found := 1, -1
	for i, m := range all {
		switch n := shared(m.Words, words); {
		case n > best:
			best, found = n, i
		case n == best:
			found = -1
		}
	}
	return found
}

// shared is how many runes in a row of one text stand in another.
func shared(a, b string) (most int) {
	r := []rune(a)
	for from := range r {
		for to := from + most + 1; to <= len(r) && strings.Contains(b, string(r[from:to])); to++ {
			most = to - from
		}
	}
	return most
}

// handedOn is who goes on with a matter by words in the middle of a clause that say nothing
// else of it, and what stands before them.
func handedOn(clause string, who hands) (head string, c handlers.Colleague) {
	at := handsOn.FindStringSubmatchIndex(clause)
	if at == nil || denied.MatchString(clause[:at[0]]) {
		return clause, handlers.Colleague{}
	}
	return clause[:at[0]], who.named(clause[at[2]:at[3]])
}

// changeHolder asks again if it is not he who was chosen.
func changeHolder(h listening, _ string) (heard, error) {
	not := notHim.FindStringSubmatch(h.said)
	if not == nil {
		return heard{}, nil
	}
	all, err := colleaguesOf(h)
	if c := whoIs(not[1], all); err != nil || c.PersonID == "" || c.PersonID != h.a["holder"] {
		return heard{}, err
	}
	offers, err := holderChoices(h)
	return heard{ask: h.words.says("nothimwho", "name", whoIs(not[1], all).Name), offers: offers}, err
}
