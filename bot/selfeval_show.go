package bot

import (
	"slices"
	"strconv"
	"strings"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/scoring"
)

// mySelfEval shows one's self-evaluation beside the score, once that is published.
func (b *Bot) mySelfEval(v *handlers.View, rest string) (string, error) {
	w := b.forms["selfeval"].words
	asked, named := quarterIn(rest)
	running := calendar.QuarterOf(v.Today)
	for _, q := range []calendar.Quarter{asked, running, running.Prev(), running.Prev().Prev()} {
		if q == (calendar.Quarter{}) || named && q != asked {
			continue
		}
		c, published, err := v.MySelfEvals(q)
		if err != nil {
			return "", err
		}
		if c.State != "" {
			return w.selfEvalText(q.Chinese(), c, published), nil
		}
	}
	return w.says("none", "quarter", running.Prev().Chinese()), nil
}

func (w formWords) selfEvalText(quarter string, c handlers.SelfCompared, published bool) string { //nolint:revive // which of two texts
	if c.State == models.SelfEvalMissing {
		return w.says("missing", "quarter", quarter)
	}
	state := map[models.SelfEvalState]string{models.SelfEvalDraft: "存着，还没有交", models.SelfEvalSubmitted: "已交"}[c.State]
	if c.Paper {
		state += "，代录"
	}
	lines := []string{w.says("mine", "quarter", quarter, "self", short2(c.Self), "state", state)}
	if published {
		lines = append([]string{quarter + w.says("beside", "self", short2(c.Self), "group", short2(c.Group), "full", short2(c.Full)) + "："}, w.comparedLines(c)...)
	}
	if c.Photos > 0 {
		lines = append(lines, w.says("allphotos", "n", strconv.Itoa(c.Photos)))
	}
	if c.Statement != "" {
		lines = append(lines, w.says("statement", "statement", c.Statement))
	}
	if c.Recheck != "" {
		lines = append(lines, w.says("reason", "reason", c.Recheck))
	}
	return strings.Join(lines, "\n")
}

// selfBeside are the lines of a published result about the self-evaluation.
func (b *Bot) selfBeside(v *handlers.View, q calendar.Quarter) (lines []string, err error) {
	w := b.forms["selfeval"].words
	c, published, err := v.MySelfEvals(q)
	if err != nil || !published || c.State != models.SelfEvalSubmitted {
		return nil, err
	}
	lines = append(lines, link("我的自评 "+q.String(), w.says("beside", "self", short2(c.Self), "group", short2(c.Group), "full", short2(c.Full))))
	if c.Recheck != "" {
		lines = append(lines, w.says("reason", "reason", c.Recheck))
	}
	return lines, nil
}

// comparedLines are the checks at which the two scores differ.
func (w formWords) comparedLines(c handlers.SelfCompared) (lines []string) {
	for _, it := range c.Items {
		if it.Self == it.Group {
			continue
		}
		line := w.says("item", "name", it.Name, "self", short2(it.Self), "group", short2(it.Group)) + w.photos(it.Photos)
		if len(it.Why) > 0 {
			line += w.says("why", "why", strings.Join(it.Why, "；"))
		}
		lines = append(lines, line)
	}
	return lines
}

// selfSaid is what a published result's explanation says of the self-evaluation: a line for all
// of it, words for each check, in short too, and a line for those that lost nothing although
// their cadre had given himself less.
type selfSaid struct {
	all, more    string
	whole, brief map[string]string
}

// explained says nothing where nothing was ever to be evaluated, or is not published.
func (b *Bot) explained(v *handlers.View, q calendar.Quarter) (said selfSaid, err error) {
	w := b.forms["selfeval"].words
	c, published, err := v.MySelfEvals(q)
	switch {
	case err != nil || !published:
		return said, err
	case c.State == models.SelfEvalMissing:
		return selfSaid{all: w.says("notin")}, nil
	case c.State != models.SelfEvalSubmitted:
		return said, nil
	}
	said.whole, said.brief = map[string]string{}, map[string]string{}
	var better []string
	for _, it := range c.Items {
		both := []string{"self", short2(it.Self), "group", short2(it.Group), "name", bare(it.Name)}
		said.whole[it.Check] = w.says("explained", "said", w.bothSaid(it.Self, it.Group))
		said.brief[it.Check] = w.says("explainedbrief", slices.Clone(both)...)
		if it.Group > it.Self && it.Group == it.Max {
			better = append(better, w.says("betteritem", both...))
		}
	}
	said.all = w.says("explainedall", "said", w.bothSaid(c.Self, c.Group), "full", short2(c.Full))
	if len(better) > 0 {
		said.more = w.says("better", "n", strconv.Itoa(len(better)), "items", strings.Join(better, "、"))
	}
	return said, nil
}

// bothSaid says what a cadre gave himself, what the group gave, and the difference.
func (w formWords) bothSaid(self, group scoring.Points) string {
	say, far := "same", scoring.Points(0)
	switch {
	case self > group:
		say, far = "less", self-group
	case self < group:
		say, far = "more", group-self
	}
	return w.says("both", "self", short2(self), "group", short2(group)) + w.says(say, "far", short2(far))
}

// beside is a self-evaluation in a line of somebody's result.
func beside(c handlers.SelfCompared) string {
	switch c.State {
	case models.SelfEvalSubmitted:
		said := "，自评" + short2(c.Self) + "/核定" + short2(c.Group)
		if c.Photos > 0 {
			said += "，照片" + strconv.Itoa(c.Photos) + "张"
		}
		return said
	case models.SelfEvalMissing:
		return "，未自评"
	default:
		return ""
	}
}

// recheck lists the results that are far from the self-evaluations, or closes one: “复核
// 张三 督查记录属实”.
func (b *Bot) recheck(d *handlers.Desk, rest string) (string, error) {
	d.Private()
	w := b.forms["selfeval"].words
	gaps, err := d.GapList()
	if err != nil {
		return "", err
	}
	name, reason, _ := strings.Cut(strings.TrimSpace(rest), " ")
	if name == "" || strings.HasPrefix(name, "第") || name == "名单" {
		return w.gapPage(gaps, pageIn(rest)), nil
	}
	var fit []handlers.Gap
	for _, g := range gaps {
		if g.Name == name || g.Village+g.Name == name {
			fit = append(fit, g)
		}
	}
	switch len(fit) {
	case 0:
		return "", handlers.Refuse("%s", linked(w.says("whom", "name", short(name))))
	case 1:
	default:
		return "", handlers.Refuse("%s", w.says("several", "name", name, "village", fit[0].Village))
	}
	if err := d.CloseRecheck(fit[0].ResultID, reason); err != nil {
		return "", err
	}
	return w.says("rechecked", "name", fit[0].Name), nil
}

func (w formWords) gapPage(gaps []handlers.Gap, page int) string {
	if len(gaps) == 0 {
		return w.says("nogaps")
	}
	lines, open := make([]string, len(gaps)), 0
	for i, g := range gaps {
		var items []string
		for _, it := range g.Items {
			if !it.Far {
				continue
			}
			item := w.says("gapitem", "name", it.Name, "self", short2(it.Self), "group", short2(it.Group)) + w.photos(it.Photos)
			if len(it.Why) > 0 {
				item += w.says("why", "why", strings.Join(it.Why, "；"))
			}
			items = append(items, item)
		}
		lines[i] = strconv.Itoa(i+1) + ". " + w.says("gap", "village", g.Village, "name", g.Name,
			"self", short2(g.Self), "group", short2(g.Group), "items", strings.Join(items, "、"))
		if g.Recheck != "" {
			lines[i] += "　" + w.says("closed", "reason", g.Recheck)
		} else {
			open++
		}
	}
	if open == 0 {
		return onPage(w.says("allclosed"), lines, page, "复核")
	}
	return onPage(w.says("gaps", "n", strconv.Itoa(open)), lines, page, "复核")
}
