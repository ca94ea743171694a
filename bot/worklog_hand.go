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
	strangers = regexp.MustCompile(`^[,，、 ]*` + handVerbs + `(?:了)?(\p{Han}{0,2}(?:副?书记|副?主任|委员|会计|文书|支书|村长|同志)|[小老]\p{Han})(?:那里|处)?(?:来|去)?(?:接着|继续)?(?:办理|处理|办|负责|跟进)?(?:了)?$`)
	offices   = regexp.MustCompile(`^[,，、 ]*` + handVerbs + `(?:了)?(?:镇|乡|县|市|区|上级|上面)?\p{Han}{0,8}(?:局|所|站|办|办公室|中心|部门|医院|法院|派出所|政府|公司|镇|县|镇上|县上|镇里|县里|上级|上面)(?:来|去)?(?:办理|处理|解决|研究)?(?:了)?$`)
	// handsOn ends a clause of which nothing else is said: “王家水管坏了转钱主任”.
	handsOn = regexp.MustCompile(`(?:转给|移交给|交给|移交|转)(\p{Han}{2,5})$`)
)

// handed tells the matter what a clause says that hands it over, to a colleague or to somebody
// else; no if it does not.
func (m *logMatter) handed(clause string, who hands) bool {
	if c := handedTo(clause, who); c.PersonID != "" {
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
	return got, err == nil && got.fill["matters"] != "", err
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
