package bot

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/scoring"
)

// freshFor is how many days after publishing a result is what people mean when
// they ask for their score.
const freshFor = 45

// quarterIn reads a quarter such as 2026Q3 in what followed a word.
func quarterIn(rest string) (calendar.Quarter, bool) {
	for w := range strings.FieldsSeq(strings.ToUpper(rest)) {
		if q, err := calendar.ParseQuarter(w); err == nil {
			return q, true
		}
	}
	return calendar.Quarter{}, false
}

// scoreAsked finds the score that is meant: of the quarter that is named, the
// result that was published lately, or else the running quarter's.
func scoreAsked(v *handlers.View, rest string) (handlers.Score, error) {
	results, err := v.MyResults()
	if err != nil {
		return handlers.Score{}, err
	}
	q, named := quarterIn(rest)
	for _, r := range results {
		if named && r.Quarter == q || !named && v.Today.Since(calendar.On(*r.Published)) <= freshFor {
			return r, nil
		}
	}
	if !named {
		q = calendar.QuarterOf(v.Today)
	}
	return v.MyScore(q)
}

func (b *Bot) myScore(v *handlers.View, rest string) (string, error) {
	s, err := scoreAsked(v, rest)
	if err != nil {
		return "", err
	}
	lines := []string{headline(s)}
	for _, d := range s.Sheet.Dimensions {
		lines = append(lines, dimensionLine(d, s.Published != nil))
	}
	for _, a := range s.Sheet.Adjustments {
		lines = append(lines, fmt.Sprintf("%s：%s（%s）", sign(a.Points), a.Name, a.Matter))
	}
	if s.Published != nil {
		said, err := b.selfBeside(v, s.Quarter)
		if err != nil {
			return "", err
		}
		lines = append(lines, said...)
	}
	lines = append(lines, "扣在哪里："+link("为什么 "+s.Quarter.String(), "为什么"))
	if s.Published != nil {
		lines[len(lines)-1] += "　" + link("我的补贴 "+s.Quarter.String(), "我的补贴")
		if now := calendar.QuarterOf(v.Today); now != s.Quarter {
			lines = append(lines, link("我的得分 "+now.String(), "看本季度到今天的得分"))
		}
	}
	prev, waits := s.Quarter.Prev(), false
	if s.Published == nil {
		waits, err = unpublished(v, prev)
	}
	if waits {
		lines = append(lines, link("我的得分 "+prev.String(), "上季度还没有公布，先看算到哪了"))
	}
	return strings.Join(lines, "\n"), err
}

// unpublished reports whether a quarter ended lately and is not published yet:
// that is the one people look for.
func unpublished(v *handlers.View, q calendar.Quarter) (bool, error) {
	if ago := v.Today.Since(q.Last()); ago < 1 || ago > freshFor {
		return false, nil
	}
	results, err := v.MyResults()
	if err != nil || slices.ContainsFunc(results, func(s handlers.Score) bool { return s.Quarter == q }) {
		return false, err
	}
	_, err = v.MyScore(q)
	if _, refused := errors.AsType[*handlers.Refusal](err); refused {
		return false, nil
	}
	return err == nil, err
}

// headline says what the score is, and whether it is final.
func headline(s handlers.Score) string {
	switch {
	case s.Published == nil && !s.Sheet.SurveyValid:
		sum, most := soFar(s.Sheet)
		return fmt.Sprintf("%s 到今天：%s分（满分%s，群众测评还没有计入）", s.Quarter.Chinese(), sum, most)
	case s.Published == nil:
		return fmt.Sprintf("%s 到今天：%s分（还不是最后结果）", s.Quarter.Chinese(), s.Sheet.Total)
	default:
		state := "公示中"
		if s.Final {
			state = "已定"
		}
		line := fmt.Sprintf("%s 考核结果：%s，%s分（%s）", s.Quarter.Chinese(), s.Grade, s.Sheet.Total, state)
		if s.Tied {
			line += "\n与他人同分，优秀名额由镇党委研究。"
		}
		return line
	}
}

// soFar sums the dimensions that can be scored already.
func soFar(sheet scoring.Sheet) (sum, most scoring.Points) {
	for _, d := range sheet.Dimensions {
		if !d.Left {
			sum += d.Points
			most += d.Max
		}
	}
	return sum + sheet.AdjustmentTotal, most
}

func dimensionLine(d scoring.DimensionScore, published bool) string {
	switch {
	case d.Left && published:
		return d.Name + "：有效票不足，不计，其余折算"
	case d.Left:
		return d.Name + "：季末测评后计入"
	default:
		return fmt.Sprintf("%s：%s/%s", d.Name, d.Points, d.Max)
	}
}

func sign(p scoring.Points) string {
	if p > 0 {
		return "加分 +" + p.String()
	}
	return "扣分 " + p.String()
}

// pageIn is the page that is asked for; 0 is the first.
func pageIn(rest string) int {
	var n int
	if _, after, ok := strings.Cut(rest, "第"); ok {
		if _, err := fmt.Sscanf(after, "%d页", &n); err == nil && n > 0 && n < 1000 {
			return n - 1
		}
	}
	return 0
}

// myPay says what a published result is worth and how that was reckoned.
func myPay(v *handlers.View, rest string) (string, error) {
	results, err := v.MyResults()
	if err != nil {
		return "", err
	}
	q, named := quarterIn(rest)
	for _, r := range results {
		if !named || r.Quarter == q {
			return payText(r), nil
		}
	}
	return "还没有公布的考核结果，公布后才能算补贴。\n每月的基础补贴（20%）按月发放，绩效补贴（80%）按季度考核结果发放。", nil
}

func payText(s handlers.Score) string {
	lines := []string{fmt.Sprintf("%s 补贴（%s）：", s.Quarter.Chinese(), s.Grade)}
	lines = append(lines,
		fmt.Sprintf("基础补贴 %s元（20%%，已按月发放）", s.Pay.BaseQuarter),
		fmt.Sprintf("绩效补贴 %s元（80%%）", s.Pay.PerformanceStandard))
	switch {
	case s.Pay.Change > 0:
		lines = append(lines, fmt.Sprintf("优秀加发 +%s元", s.Pay.Change))
	case s.Pay.Change < 0:
		lines = append(lines, fmt.Sprintf("不合格扣除 %s元", s.Pay.Change))
	}
	lines = append(lines, fmt.Sprintf("本季绩效实发 %s元，合计 %s元", s.Pay.PerformancePaid, s.Pay.QuarterTotal))
	if !s.Final {
		lines = append(lines, "公示期满、没有异议后发放。")
	}
	return strings.Join(lines, "\n")
}
