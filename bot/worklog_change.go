package bot

import (
	"cmp"
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
	for _, p := range []*regexp.Regexp{notButWords, butNotWords, rightNotWords, mistookWords, swapWords, takeWords} {
		if at := p.FindStringSubmatch(text); at != nil {
			return swap{wrong: plain(at[p.SubexpIndex("wrong")]), right: plain(at[p.SubexpIndex("right")])}, true
		}
	}
	return swap{}, false
}

var (
	notButWords   = regexp.MustCompile(`^不是(?P<wrong>.+?)[,，、 ]*(?:而是|应该是|是)(?P<right>[^,，。;；]+?)$`)
	butNotWords   = regexp.MustCompile(`^(?:应该)?是(?P<right>.+?)[,，、 ]*不是(?P<wrong>.+?)$`)
	rightNotWords = regexp.MustCompile(`^(?P<right>.{2,}?)[,，、 ]*不是(?P<wrong>[^是]+)$`)
	mistookWords  = regexp.MustCompile(`^(?:把|将)?(?P<right>.+?)(?:写|说|记|听)(?:错)?成了?(?P<wrong>.+?)了?$`)
	swapWords     = regexp.MustCompile(`^(?:把|将)?(?P<wrong>.+?)(?:改成|改为|换成|应该是|应为)(?P<right>[^,，。;；]+?)了?$`)
	takeWords     = regexp.MustCompile(`^(?:把|将)(?P<wrong>.+?)改(?P<right>[^,，。;；]+?)了?$`) // 厕所改造 swaps nothing
	dropWords     = regexp.MustCompile(`^(?:去掉|删掉|删除|删去)(.+)$|^(?:把|将)?(.+?)(?:这件事|那件事|这件|那件)?(?:去掉|删掉|删除|删了|去了|不要了)$`)
)

// changeMatters reads what is to become different of the matters of a log.
func changeMatters(h listening, text string) (heard, error) {
	if h.a["nothing"] != "" {
		return heard{}, nil
	}
	who, err := handsOf(h)
	if err != nil {
		return heard{}, err
	}
	said := h.said
	if h.whole {
		said = text
	}
	all := mattersOf(h.a)
	if added := addWords.FindStringSubmatch(said); added != nil {
		return addMatters(h, splitMatters(added[1], who)), nil
	}
	changed, ok := placesChanged(all, said, who)
	if !ok && !h.whole {
		changed, ok = mattersChanged(all, said, text, who)
	}
	if !ok && !h.whole {
		changed, ok = eachChanged(all, said, who)
	}
	if !ok {
		return heard{}, nil
	}
	return filled("matters", packMatters(changed)), nil
}

// eachChanged are the matters after several things were said of them, one of which swaps words:
// “李家改成王家，都办完了”.
func eachChanged(all []logMatter, said string, who hands) (after []logMatter, ok bool) {
	parts := strings.FieldsFunc(said, func(r rune) bool { return strings.ContainsRune(",，。;；", r) })
	swaps := func(part string) bool { _, is := swapsIn(part); return is }
	if len(parts) < 2 || !slices.ContainsFunc(parts, swaps) {
		return all, false
	}
	for _, part := range parts {
		next, changed := mattersChanged(all, part, part, who)
		all, ok = next, ok || changed
	}
	return all, ok
}

// mattersChanged are the matters after what was said of them by their words.
func mattersChanged(all []logMatter, said, text string, who hands) (after []logMatter, ok bool) {
	s, swaps := swapsIn(said)
	drop, not := dropWords.FindStringSubmatch(text), notHim.FindStringSubmatch(said)
	switch {
	case swaps: // what is right may only be told of a matter: it is none more
		return all, swapped(all, s, who) || told(all, splitMatters(s.right, who))
	case drop != nil:
		at := meantMatter(all, drop[1]+drop[2])
		if at < 0 || len(all) < 2 {
			return all, false
		}
		return slices.Delete(all, at, at+1), true
	case not != nil:
		return all, takenFrom(all, who.named(not[1]))
	default:
		return all, allTold(all, text, who)
	}
}

// takenFrom takes the open matters from whom they were handed to: “不是让李江办”.
func takenFrom(all []logMatter, c handlers.Colleague) (changed bool) {
	for i := range all {
		if c.PersonID != "" && all[i].Holder == c.PersonID {
			all[i].Holder, all[i].Name, changed = "", "", true
		}
	}
	return changed
}

// addMatters adds what is said to be one more. If nobody said what became of it, that is asked,
// of it alone.
func addMatters(h listening, added []logMatter) heard {
	added = slices.DeleteFunc(added, func(m logMatter) bool { return !matterWords.MatchString(m.Words) })
	if len(added) == 0 {
		return heard{}
	}
	all := settledMatters(h.a)
	if slices.ContainsFunc(added, func(m logMatter) bool { return m.State == "" }) {
		delete(h.a, "state") // it was of the others, which hold it by now
	}
	return filled("matters", packMatters(append(all, added...)))
}

var (
	// addWords begin one more matter.
	addWords = regexp.MustCompile(`^(?:再|还要|还|要)?(?:(?:加|添|增加|补)(?:上|了)?(?:一|1)(?:件|个|条|项)|再加(?:上)?|加上|还有(?:一|1)件|另外(?:一|1)件)(?:事情|事)?[ ,:，：、]*(.+)$`)
	// placeWords name a matter by its place; a bare number only before what can be said of one.
	placeWords = regexp.MustCompile(`^(?:把|将)?(?:第` + figure + `|` + figure + `|(最后一))(?:件|个)?(?:事情|事)?[ ,:，：、]*(.+)$`)
	placeStart = regexp.MustCompile(`[ ,，。;；、]*(第(?:[0-9]+|[一二三四五六七八九十]+)[件个])`)
	placeAlone = regexp.MustCompile(`^(?:第(?:[0-9]+|[一二三四五六七八九十]+)|最后一)[件个](?:事情|事)?$`)
	dropsIt    = regexp.MustCompile(`^(?:去掉|删掉|删除|删了|删|去了|不要了|不要|不算|取消)$`)
	// matterWords are what there is of any matter: a word.
	matterWords = regexp.MustCompile(`\p{Han}{2}|[A-Za-z]{2}`)
)

// placesChanged are the matters after what was said of them by their places: “第一件没办完”,
// “3删了”. It is of all that was said, or of nothing.
func placesChanged(was []logMatter, said string, who hands) (after []logMatter, ok bool) {
	all, drop := slices.Clone(was), map[int]bool{}
	for clause := range strings.SplitSeq(strings.Trim(placeStart.ReplaceAllString(said, "\n$1"), "\n"), "\n") {
		at, rest := placeIn(clause, len(all))
		if at < 0 {
			return was, false
		}
		if dropsIt.MatchString(rest) {
			drop[at] = true
			continue
		}
		if !becomesIt(&all[at], rest, who) {
			return was, false
		}
	}
	for i, m := range all {
		if !drop[i] {
			after = append(after, m)
		}
	}
	return after, len(after) > 0
}

// becomesIt takes what is said of one matter: what became of it, who goes on with it, or what it
// is rightly.
func becomesIt(m *logMatter, said string, who hands) bool {
	right, renamed := strings.CutPrefix(said, "改成")
	one := clauseMatters(newValue(right), who)
	switch {
	case len(one) != 1 || one[0].State == "" && !renamed:
		return false
	case one[0].Words != "" && (!renamed || !matterWords.MatchString(one[0].Words)):
		return false
	case renamed && one[0].Words != "":
		m.Words = one[0].Words
	}
	m.becomes(one[0])
	return true
}

// placeIn is which of n matters a clause names by its place, and what it says of it. -1 is none.
func placeIn(clause string, n int) (at int, rest string) {
	p := placeWords.FindStringSubmatch(clause)
	if p == nil {
		return -1, ""
	}
	at = count(cmp.Or(p[1], p[2], "0")) - 1
	if p[3] != "" {
		at = n - 1
	}
	if at >= n {
		at = -1
	}
	return at, p[4]
}

// swapped puts right words in the place of wrong ones: in each matter in which they stand. What is
// right may be what became of a matter, or who goes on with it.
func swapped(all []logMatter, s swap, who hands) (changed bool) {
	if bareNumber.MatchString(s.wrong) && bareNumber.MatchString(s.right) { // how many came
		return false
	}
	from, to := who.named(s.wrong), who.named(s.right)
	wrong, right := oneMatter(s.wrong, who), oneMatter(s.right, who)
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
func oneMatter(text string, who hands) logMatter {
	if said := clauseMatters(text, who); len(said) == 1 && said[0].State != "" {
		return said[0]
	}
	return logMatter{Words: text}
}

// becomes takes over what a sentence says of a matter.
func (m *logMatter) becomes(said logMatter) {
	if said.State != "" {
		m.State, m.Holder, m.Name, m.To = said.State, said.Holder, said.Name, said.To
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
func allTold(all []logMatter, text string, who hands) bool {
	said := clauseMatters(text, who)
	if len(said) != 1 || said[0].Words != "" || said[0].State == "" {
		return false
	}
	if said[0].Holder != "" { // only what is open goes on
		return heldBy(all, said[0])
	}
	if len(all) != 1 && !strings.HasPrefix(text, "都") && !strings.HasPrefix(text, "全") {
		return false
	}
	for i := range all {
		all[i].becomes(said[0])
	}
	return len(all) > 0
}

// heldBy hands on what is not done: all of it that nobody holds yet, or else the only one.
func heldBy(all []logMatter, said logMatter) bool {
	var adrift, open []*logMatter
	for i := range all {
		if all[i].State != matterDone {
			open = append(open, &all[i])
			if all[i].Holder == "" {
				adrift = append(adrift, &all[i])
			}
		}
	}
	if len(adrift) == 0 && len(open) == 1 {
		adrift = open
	}
	for _, m := range adrift {
		m.becomes(said)
	}
	return len(adrift) > 0
}

// meantMatter is the matter that words mean: the one of just these words, or the only one
// in which they stand, or that stands in them. -1 is none.
func meantMatter(all []logMatter, words string) int {
	if at := slices.IndexFunc(all, func(m logMatter) bool { return m.Words == words }); at >= 0 {
		return at
	}
	if near := nearMatters(all, words); len(near) == 1 {
		return near[0]
	}
	return -1
}

// nearMatters are those in which words stand, or that stand in them.
func nearMatters(all []logMatter, words string) (near []int) {
	for i, m := range all {
		if len([]rune(words)) > 1 && strings.Contains(m.Words, words) || len([]rune(m.Words)) > 1 && strings.Contains(words, m.Words) {
			near = append(near, i)
		}
	}
	return near
}

// manyMeant are the words of the first that may be of several matters: “张家没办完”, if there
// are two of them.
func manyMeant(all, said []logMatter) string {
	for _, m := range said {
		near := nearMatters(all, m.Words)
		within := func(i int) bool { return strings.Contains(all[i].Words, m.Words) }
		if len(near) > 1 && meantMatter(all, m.Words) < 0 && !slices.ContainsFunc(near, func(i int) bool { return !within(i) }) {
			return m.Words
		}
	}
	return ""
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
