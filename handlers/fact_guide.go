package handlers

import (
	"fmt"
	"strings"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/scoring"
)

// FactGuide are the words that go with the sheet of facts, for whoever fills it.
func FactGuide() []string {
	return []string{
		"1. 只填“值”一列，每行右边的“怎么填”写着这一行填什么。没有问题的行不用填，空着的按原来的数算。",
		"2. 不归这个村或这名干部的要点，填“不涉及”；还没到考核时间的，填“未到期”。",
		"3. 一个要点分几行的（如各种缺漏、各种票数），只要有一行填了，同一要点空着的行都算0。",
		"4. 扣了分的，请在“说明”写上哪天、什么事、根据哪份材料，本人问“为什么”时能看到。没有填值的行不要写说明。",
		"5. 签到、请假、日志里已经有的，系统自己计，表里不列；“怎么填”后面写着记录到导出时为止计了多少，不用再填，也不要重复填。",
		"6. 不要改表头和前面几列，不要用公式。填好保存，直接用这个文件导入；有一行不对，整张表都不入库，并逐行说明。",
	}
}

// howTo says what a line of a check takes.
func howTo(c scoring.Check, m matter) string {
	switch c.Rule.Type {
	case scoring.AllOrNothingRule:
		return "填“是”或“否”，“是”得分"
	case scoring.ObligationRule:
		return "填“是”或“否”；没到期填“未到期”"
	case scoring.RateRule:
		return "填比率，如248/250或97.5%"
	case scoring.ProportionalRule:
		return "填完成的比例，如82%或41/50"
	case scoring.DeductRule:
		return "填次数，没有填0"
	case scoring.DeductListRule, scoring.RatioObligationRule:
		return "填次数，没有填0"
	case scoring.SurveyRule:
		return "填" + m.label + "的票数"
	default:
		return "填得分，最多" + c.Points.String()
	}
}

// recordWords are the facts that records make of people, of the checks that they fill.
type recordWords map[factKey]scoring.Fact

// recorded counts what the records of a quarter say, up to now, of the cadres of the
// towns reached.
func (v *View) recorded(q calendar.Quarter, subjects []factSubject, reached map[string]bool) (recordWords, error) {
	var villages, people []string
	of := map[string]string{} // village, by person
	for _, s := range subjects {
		switch {
		case !reached[s.town.ID]:
		case s.kind == models.OfVillage:
			villages = append(villages, s.id)
		default:
			people, of[s.id] = append(people, s.id), villages[len(villages)-1] // a village's cadres follow it
		}
	}
	posts, err := v.tx.PostsAmong(villages, q.First(), q.Last())
	if err != nil {
		return nil, fmt.Errorf("posts of %s: %w", q, err)
	}
	l, err := v.ledger(q, villages, people, posts)
	if err != nil {
		return nil, err
	}
	held := map[string][]models.Post{}
	for _, p := range posts {
		held[p.PersonID] = append(held[p.PersonID], p)
	}
	out := recordWords{}
	for _, id := range people {
		out[factKey{models.OfCadre, id, dutyCheck}] = l.books[of[id]].factOf(id)
		out[factKey{models.OfCadre, id, leaveCheck}] = l.leaves.factOf(member{person: models.Person{ID: id}, posts: held[id]}, q, v.Now)
		if l.logs != nil {
			out[factKey{models.OfCadre, id, logCheck}] = tallied(l.logs[id])
		}
	}
	return out, nil
}

// of says what the records hold of a check, behind how to fill it; nothing if none do.
func (w recordWords) of(s factSubject, c scoring.Check) string {
	f, kept := w[factKey{s.kind, s.id, c.ID}]
	if !kept {
		return ""
	}
	counts, labels := map[string]int{}, []string{}
	for _, r := range f.Records {
		counts[r.Event]++
	}
	for _, e := range c.Rule.Events {
		if n := counts[e.Event]; n > 0 {
			labels = append(labels, fmt.Sprintf("%s%d", e.Label, n))
		}
	}
	said := "没有要扣的"
	if len(labels) > 0 {
		said = strings.Join(labels, "、")
	}
	if f.Note != "" {
		said += "（" + f.Note + "）"
	}
	return "。记录已计：" + said + "，不用再填"
}
