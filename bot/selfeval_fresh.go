package bot

import (
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
)

// What a self-evaluation shows is what the records say when it is shown.

// presentSheet is what the records say by now; of somebody else's paper, or when its time is
// over, which is said as it is submitted, nothing is found.
func presentSheet(v *handlers.View, a answers) (s handlers.SelfEvalSheet, found bool, err error) {
	if a["person"] != "" {
		return s, false, nil
	}
	q, _ := calendar.ParseQuarter(a["quarter"]) // written by known
	s, err = v.SelfEvalSheet(v.Who.ID, q)
	if _, refused := refusal(err); refused {
		return s, false, nil
	}
	return s, err == nil, err
}

// renewItem brings up to date what the records say of the checks, when one is asked for.
func (b *Bot) renewItem(name string) func(v *handlers.View, a answers) (string, error) {
	return func(v *handlers.View, a answers) (string, error) {
		said := b.keptSaid(a)
		if _, answered := a[name]; answered {
			return said, nil
		}
		s, found, err := presentSheet(v, a)
		if err != nil || !found {
			return said, err
		}
		all := itemsOf(a)
		for i, one := range all {
			if at := slices.IndexFunc(s.Items, func(it handlers.SelfItem) bool { return it.Check == one.Check }); at >= 0 {
				all[i].Recorded, all[i].Found = s.Items[at].Recorded, foundSaid(s.Items[at])
			}
		}
		text, _ := json.Marshal(all) //nolint:errchkjson // strings and numbers only
		a["list"] = string(text)
		return said, nil
	}
}

// foundSaid is what the records say of a check, in one line.
func foundSaid(it handlers.SelfItem) string {
	var found []string
	for _, f := range it.Found {
		found = append(found, f.String())
	}
	return strings.Join(found, "；")
}

// changeAllWords say that all are to have what a word says, those that have points too: 都改成满分.
var changeAllWords = regexp.MustCompile(`^(?:把)?(?:前面的|所有的?|每一?项|[0-9]+项)*(?:全部都|全部|全都|都|全|统统|一律)(?:给我)?(?:改成|改为|换成|改)(.+)$`)

// changeMarks gives all the points that a word says.
func (b *Bot) changeMarks(h listening, _ string) (heard, error) {
	said := changeAllWords.FindStringSubmatch(h.said)
	if h.whole || said == nil {
		return heard{}, nil
	}
	got := heard{fill: answers{}}
	for i, it := range itemsOf(h.a) {
		p, known, none := b.markAs(it, said[1])
		switch {
		case !known:
			return heard{}, nil
		case p == nil:
			got.complaint = none
		default:
			got.fill[handlers.SelfEvalField(i)] = packMark(handlers.SelfMark{Points: *p})
		}
	}
	if len(got.fill) > 0 {
		got.complaint = ""
	}
	return got, nil
}

// keepMark notes an item that has other points than all were to have (都满分).
func keepMark(fill answers, i int, what string) {
	kept, _, _ := strings.Cut(cmp.Or(fill["kept"], "|"), "|")
	fill["kept"] = strings.TrimPrefix(kept+"、"+strconv.Itoa(i+1), "、") + "|" + what
}

// keptSaid tells once which items have their points still, and how to change them.
func (b *Bot) keptSaid(a answers) string {
	which, what, any := strings.Cut(a["kept"], "|")
	delete(a, "kept")
	if !any {
		return ""
	}
	return b.forms["selfeval"].words.says("keptmarks", "which", itemsNamed(strings.Split(which, "、")), "what", what) + "\n"
}

// itemsNamed names items by their places: 前3项, 第1、3项.
func itemsNamed(places []string) string {
	if n := len(places); n > 1 && places[n-1] == strconv.Itoa(n) {
		return fmt.Sprintf("前%d项", n)
	}
	return "第" + strings.Join(places, "、") + "项"
}

// renewStatement drafts the statement of the records as they are now. Where it stands as it
// was drafted, with or without sentences of its person behind it, those alone stay.
func (b *Bot) renewStatement(v *handlers.View, a answers) (said string, err error) {
	said = b.keptSaid(a)
	s, found, err := presentSheet(v, a)
	old := a["draft"]
	if err != nil || !found || s.Draft == old {
		return said, err
	}
	a["draft"] = s.Draft
	_, answered := a["statement"]
	renewed := !answered && a[former("statement")] == ""
	for _, name := range []string{"statement", former("statement")} {
		if own, drafted := strings.CutPrefix(a[name], old); drafted && old != "" {
			a[name], renewed = s.Draft+own, true
		}
	}
	if !renewed {
		return said, nil
	}
	return said + b.forms["selfeval"].words.says("renewed") + "\n", nil
}

// aboutStatement words the question about the statement: with what the records say or, from
// paper, without.
func aboutStatement(a answers, w formWords, own fieldWords) fieldWords {
	switch was := a[former("statement")]; {
	case was != "":
		own.Ask = w.says("statementstands", "statement", was)
		if a["draft"] != "" && a["draft"] != was {
			own.Ask += "\n" + w.says("redraft")
		}
	case a["person"] != "":
		own.Ask = w.says("paperstatement")
	case a["draft"] == "":
		own.Ask = w.says("nodraft")
	default:
		own.Ask = fmt.Sprintf("%s\n%s\n%s", w.says("draft"), a["draft"], w.says("draftask"))
	}
	return own
}
