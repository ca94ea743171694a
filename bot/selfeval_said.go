package bot

import (
	"regexp"
	"strings"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
)

// What is said of a self-evaluation in the same message that begins it, or of one that is not open:
// 自评 都满分, 2改成1.5.

const (
	wordMarks = `(?:满分|全分|不扣分|没扣分|按记录|照记录|同上季度?|和上季一样|跟上季一样|同上次)`
	oneMark   = `(?:(?:[0-9]+(?:\.[0-9]+)?|[零一二两三四五六七八九十]+(?:点[零一二三四五六七八九]+)?)(?:分半|分)?|扣.{1,20}|` + wordMarks + `)(?:$|[ ,].*)`
)

var (
	allMarked = regexp.MustCompile(`^(?:其余|其他|剩下的|余下的|后面的|全部|全都|统统|一律|都|每项|给我|改成|改为)*` + wordMarks + `(?:` + mereWords + `)*$`)
	oneMarked = regexp.MustCompile(`^(?:把)?(?:第?[0-9一二三四五六七八九十]+项?(?:改成|改为|换成|应该是)|第[0-9一二三四五六七八九十]+项[ ,:]*(?:给|评|得)?)` + oneMark)
)

// marksSaid reports whether what follows 自评 are marks.
func marksSaid(rest string) bool {
	rest = bareMarks(rest)
	return allMarked.MatchString(rest) || oneMarked.MatchString(rest)
}

func bareMarks(rest string) string { return strings.TrimLeft(rest, " :,") }

// hearMarks takes marks that were said together with the word that began the form. One word is of
// all checks.
func (t *turn) hearMarks(shown, said string) (string, error) {
	head, whole := strings.CutSuffix(shown, t.form.question(*t.draft()))
	if !whole {
		head, _, _ = strings.Cut(shown, t.form.words.Title+"，请核对")
	}
	said = bareMarks(said)
	if _, all, _ := t.b.markAs(selfAsked{}, said); all {
		said = "都" + said
	}
	q, _ := t.form.field(t.draft().Open)
	if all := allMarked.MatchString(said); all && (q.name == "" || q.prose) { // every check has its points
		got, more := t.b.markRest(t.draft().Answers, itemsOf(t.draft().Answers), said)
		if !more {
			return shown, nil
		}
		return t.settle(head, q, got)
	}
	reply, err := t.hear(said)
	return head + reply, err
}

// markTold takes the correction of a mark while no form is open: it is of the self-evaluation that
// is kept or was submitted.
func (b *Bot) markTold(d *handlers.Desk, text string) (string, error) {
	if d.Bound() && d.Is(handlers.Cadre) {
		s, err := d.SelfEvalSheet(d.Who.ID, calendar.Quarter{})
		if _, refused := refusal(err); err != nil && !refused {
			return "", err
		}
		if s.State == models.SelfEvalDraft || s.State == models.SelfEvalSubmitted {
			return b.selfEval(!s.Paper)(d, text)
		}
	}
	return b.lost(d.View, text)
}

// keptSay are the words for a self-evaluation that is kept: before its time or in it, with checks left
// or without.
func keptSay(a answers, done handlers.SelfEvalDone) string {
	switch early, all := a["early"] != "", done.Judged == done.Of; {
	case early && all:
		return "keptearlyall"
	case early:
		return "keptearly"
	case all:
		return "keptall"
	default:
		return "kept"
	}
}
