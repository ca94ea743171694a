package bot

import (
	"regexp"
	"slices"
	"strings"

	"github.com/cunkao/cunkao/handlers"
)

// How the matters of a log are put right in words, before it is stored or after: “张家改成王家”,
// “不是李家是王家”, “李家危房已办结”, “去掉危房”.

// swap is a correction that says which words were wrong, and what is right.
type swap struct{ wrong, right string }

// swapsIn finds the words of a correction. Each pattern names what it finds.
func swapsIn(text string) (swap, bool) {
	for _, p := range []*regexp.Regexp{notButWords, butNotWords, mistookWords, swapWords} {
		if at := p.FindStringSubmatch(text); at != nil {
			return swap{wrong: plain(at[p.SubexpIndex("wrong")]), right: plain(at[p.SubexpIndex("right")])}, true
		}
	}
	return swap{}, false
}

var (
	notButWords  = regexp.MustCompile(`^不是(?P<wrong>.+?)[,，、 ]*(?:而是|应该是|是)(?P<right>.+?)$`)
	butNotWords  = regexp.MustCompile(`^(?:应该)?是(?P<right>.+?)[,，、 ]*不是(?P<wrong>.+?)$`)
	mistookWords = regexp.MustCompile(`^(?:把|将)?(?P<right>.+?)(?:写|说|记|听)(?:错)?成了?(?P<wrong>.+?)了?$`)
	swapWords    = regexp.MustCompile(`^(?:把|将)?(?P<wrong>.+?)(?:改成|改为|换成|应该是|应为|改)(?P<right>.+?)了?$`)
	dropWords    = regexp.MustCompile(`^(?:去掉|删掉|删除|删去)(.+)$|^(?:把|将)?(.+?)(?:这件事|那件事|这件|那件)?(?:去掉|删掉|删除|删了|去了|不要了)$`)
)

// changeMatters reads what is to become different of the matters of a log.
func changeMatters(h listening, text string) (heard, error) {
	if h.whole || h.a["nothing"] != "" {
		return heard{}, nil
	}
	colleagues, err := colleaguesOf(h)
	if err != nil {
		return heard{}, err
	}
	all := mattersOf(h.a)
	changed := false
	s, swaps := swapsIn(h.said)
	switch drop := dropWords.FindStringSubmatch(text); {
	case swaps: // what is right may only be told of a matter: it is none more
		changed = swapped(all, s, colleagues) || told(all, splitMatters(s.right, colleagues))
	case drop != nil:
		if at := meantMatter(all, drop[1]+drop[2]); at >= 0 && len(all) > 1 {
			all, changed = slices.Delete(all, at, at+1), true
		}
	default:
		changed = allTold(all, text, colleagues)
	}
	if !changed {
		return heard{}, nil
	}
	return filled("matters", packMatters(all)), nil
}

// swapped puts right words in the place of wrong ones: in each matter in which they stand. What is
// right may be what became of a matter, or who goes on with it.
func swapped(all []logMatter, s swap, colleagues []handlers.Colleague) (changed bool) {
	if bareNumber.MatchString(s.wrong) && bareNumber.MatchString(s.right) { // how many came
		return false
	}
	from, to := whoIs(s.wrong, colleagues), whoIs(strings.TrimLeft(s.right, "转移交给"), colleagues)
	wrong, right := oneMatter(s.wrong, colleagues), oneMatter(s.right, colleagues)
	for i := range all {
		m := &all[i]
		switch {
		case from.PersonID != "" && to.PersonID != "" && m.Holder == from.PersonID:
			m.Holder, m.Name = to.PersonID, to.Name
		case wrong.Words == "" && wrong.State != m.State || !strings.Contains(m.Words, wrong.Words):
			continue
		default:
			if wrong.Words != "" && right.Words != "" {
				m.Words = strings.ReplaceAll(m.Words, wrong.Words, right.Words)
			}
			m.becomes(right)
		}
		changed = true
	}
	return changed
}

// oneMatter parts words from what they say became of a matter; it leaves alone what says nothing
// of the kind.
func oneMatter(text string, colleagues []handlers.Colleague) logMatter {
	if said := clauseMatters(text, colleagues); len(said) == 1 && said[0].State != "" {
		return said[0]
	}
	return logMatter{Words: text}
}

// becomes takes over what a sentence says of a matter.
func (m *logMatter) becomes(said logMatter) {
	if said.State != "" {
		m.State, m.Holder, m.Name = said.State, said.Holder, said.Name
	}
}

// told tells the matters what a sentence says became of them, if it speaks of no other.
func told(all, said []logMatter) bool {
	for _, m := range said {
		if m.State == "" || meantMatter(all, m.Words) < 0 {
			return false
		}
	}
	for _, m := range said {
		all[meantMatter(all, m.Words)].becomes(m)
	}
	return len(said) > 0
}

// allTold takes what became of the only matter or of all of them: “已办结”, “都办完了”.
func allTold(all []logMatter, text string, colleagues []handlers.Colleague) bool {
	said := clauseMatters(text, colleagues)
	if len(said) != 1 || said[0].Words != "" || said[0].State == "" {
		return false
	}
	if len(all) != 1 && !strings.HasPrefix(text, "都") && !strings.HasPrefix(text, "全") {
		return false
	}
	for i := range all {
		all[i].becomes(said[0])
	}
	return len(all) > 0
}

// meantMatter is the matter that words mean: the one of just these words, or the only one
// in which they stand, or that stands in them. -1 is none.
func meantMatter(all []logMatter, words string) int {
	if at := slices.IndexFunc(all, func(m logMatter) bool { return m.Words == words }); at >= 0 {
		return at
	}
	found := -1
	for i, m := range all {
		near := len([]rune(words)) > 1 && strings.Contains(m.Words, words) || len([]rune(m.Words)) > 1 && strings.Contains(words, m.Words)
		switch {
		case near && found >= 0:
			return -1
		case near:
			found = i
		}
	}
	return found
}

// merged adds what a sentence says to what was said before: of a matter that is known what
// became of it, and matters of which nobody spoke.
func merged(all, said []logMatter) []logMatter {
	for _, m := range said {
		if at := meantMatter(all, m.Words); at >= 0 {
			all[at].becomes(m)
		} else {
			all = append(all, m)
		}
	}
	return all
}
