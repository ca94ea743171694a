package bot

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/scoring"
)

// Each deduction is told twice: in three lines of a phone among the others (为什么) and, by its
// number, with all its days and records (为什么3).

// How much of the deductions a phone shows at once, in characters and in number.
const (
	briefCause   = 52
	causesOnPage = 5
)

// cause is one thing that a score is made of: points lost, given back or added.
type cause struct {
	brief, whole string
	shared       bool // by all cadres of the village
}

// whyScore lists each deduction with its date, record and article, some at a time, or tells
// one whole, beside what the cadre gave himself where the result is published.
func (b *Bot) whyScore(v *handlers.View, rest string) (string, error) {
	if why, err := b.whyAsked(v); why != "" && rest == "" || err != nil {
		return why, err
	}
	if whyRefused.MatchString("为什么" + rest) {
		return b.refusedLeave(v, "")
	}
	s, err := scoreAsked(v, rest)
	if err != nil {
		return "", err
	}
	self, err := b.explained(v, s.Quarter)
	if err != nil {
		return "", err
	}
	causes := causesOf(s, self)
	again := "为什么 " + s.Quarter.String()
	switch no, one := causeIn(rest); {
	case one && no <= len(causes):
		return fmt.Sprintf("%s 第%d条（共%d条）：\n%s\n%s", s.Quarter.Chinese(), no, len(causes), causes[no-1].whole, link(again, "看全部")), nil
	case one:
		return "", handlers.Refuse("%s一共%d条，没有第%d条。", s.Quarter.Chinese(), len(causes), no)
	case len(causes) == 0:
		return stacked(s.Quarter.Chinese()+" 没有扣分。", self.all, self.more), nil
	}
	return whyPage(s.Quarter, causes, self, rest), nil
}

// whyAsked is why the form that is open asks what it asks; empty if it does not say.
func (b *Bot) whyAsked(v *handlers.View) (string, error) {
	drafts, err := v.Talk()
	if err != nil || len(drafts) == 0 {
		return "", err
	}
	return b.forms[drafts[0].Form].words.says("whyreason"), nil
}

func stacked(lines ...string) string {
	return strings.Join(slices.DeleteFunc(lines, func(l string) bool { return l == "" }), "\n")
}

// whyPage is one page of the deductions.
func whyPage(q calendar.Quarter, causes []cause, self selfSaid, rest string) string {
	lines := make([]string, len(causes))
	for i, c := range causes {
		lines[i] = fmt.Sprintf("%d. %s", i+1, c.brief)
		if c.shared && (i == 0 || !causes[i-1].shared) {
			lines[i] = "全村一起算的：\n" + lines[i]
		}
	}
	pages := paginate(lines, longest-visible(self.all)-200, causesOnPage)
	page := pageIn(rest)
	if page >= len(pages) {
		page = 0
	}
	again, first := "为什么 "+q.String(), 1
	for _, before := range pages[:page] {
		first += len(before)
	}
	shown := fmt.Sprintf("为什么%d", first)
	if _, named := quarterIn(rest); named {
		shown = fmt.Sprintf("%s %d", again, first)
	}
	head := fmt.Sprintf("%s 每一分的来由（共%d条）：", q.Chinese(), len(causes))
	all, more, next := self.all, self.more, ""
	if page > 0 {
		all = ""
	}
	if page+1 < len(pages) {
		more, next = "", link(fmt.Sprintf("%s 第%d页", again, page+2), follows)
	}
	whole := "看哪一条的全部依据，就回复它的号，如“" + link(fmt.Sprintf("%s %d", again, first), shown) + "”"
	return stacked(head, all, strings.Join(pages[page], "\n"), more, whole, next)
}

// causeIn is the number of a deduction in what followed a word: 3, 第3条, 第三项.
func causeIn(rest string) (int, bool) {
	for w := range strings.FieldsSeq(rest) {
		number := strings.TrimPrefix(w, "第")
		for _, unit := range []string{"条", "项", "个"} {
			number = strings.TrimSuffix(number, unit)
		}
		if n := ordinal(number); n > 0 {
			return n, true
		}
	}
	return 0, false
}

// causesOf are the lines of a sheet at which points were lost, given back or added: first the
// cadre's own, then those that all of the village share. The last of a check says what its
// cadre gave himself.
func causesOf(s handlers.Score, self selfSaid) (own []cause) {
	var shared []cause
	for _, d := range s.Sheet.Dimensions {
		some := causesAt(d, s.Quarter, self)
		if s.Own[d.ID] {
			own = append(own, some...)
			continue
		}
		for i := range some {
			some[i].shared = true
		}
		shared = append(shared, some...)
	}
	for _, a := range s.Sheet.Adjustments {
		said := fmt.Sprintf("%s：%s，%s〔%s〕", bare(a.Name), sign(a.Points), a.Matter, a.Article)
		own = append(own, cause{brief: said, whole: said})
	}
	return append(own, shared...)
}

// bare is a name without what it adds in brackets.
func bare(name string) string {
	name, _, _ = strings.Cut(name, "(")
	return name
}

func causesAt(d scoring.DimensionScore, q calendar.Quarter, self selfSaid) (out []cause) {
	for _, it := range d.Items {
		lost := slices.DeleteFunc(slices.Clone(it.Lines), func(l scoring.Line) bool { return l.Points == 0 })
		for i, l := range lost {
			c := causeOf(it.Name, l, q)
			if i+1 == len(lost) || lost[i+1].Check != l.Check {
				c.whole += self.whole[l.Check]
				c.brief += self.brief[l.Check]
			}
			out = append(out, c)
		}
	}
	for _, l := range d.Lines {
		out = append(out, causeOf(d.Name, l, q))
	}
	return out
}

// causeOf is one line of a sheet.
func causeOf(of string, l scoring.Line, q calendar.Quarter) cause {
	text := bare(of) + "：" + l.Reason
	if l.Article != "" {
		text += "〔" + l.Article + "〕"
	}
	if len(l.Records) == 0 {
		return cause{brief: text, whole: text}
	}
	var days []string
	for _, r := range l.Records {
		days = append(days, strings.TrimSpace(r.Date.Chinese()+" "+r.Note)+stands(r, q))
	}
	return cause{brief: text + briefly(l.Records, q, briefCause-visible(text)), whole: text + "依据：" + strings.Join(days, "、")}
}

// stands says of what was found before the quarter began that it still holds.
func stands(r scoring.Record, q calendar.Quarter) string {
	if r.Date.Before(q.First()) {
		return "（沿用以前的核查）"
	}
	return ""
}

// briefly are the days of records, or the one day with as much of its note as there is room.
func briefly(records []scoring.Record, q calendar.Quarter, room int) string {
	var days []string
	for _, r := range records[:min(2, len(records))] {
		days = append(days, fmt.Sprintf("%d月%d日", r.Date.Month, r.Date.Day))
	}
	said, first := strings.Join(days, "、"), records[0]
	switch note := []rune(first.Note); {
	case len(records) > 2:
		said += fmt.Sprintf("等%d次", len(records))
	case len(records) == 2, len(note) == 0:
	default:
		room = max(3, room-visible(said+stands(first, q))-1)
		if len(note) > room {
			note = append(note[:room-1], '…')
		}
		said += " " + string(note)
	}
	return said + stands(first, q)
}
