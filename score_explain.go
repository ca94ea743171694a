package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/cunkao/cunkao/scoring"
)

// prose is a text for people, written line by line.
type prose struct{ strings.Builder }

func (w *prose) line(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }

func (a *assessAnswer) explain(w *prose) {
	if a.quarter.Year != 0 {
		w.line("%s", a.quarter.Chinese())
	}
	w.sheet(a.sheet)
	w.line("等次：%s%s", a.Grade, map[bool]string{true: "（可参评优秀）"}[a.Candidate])
	if a.Pay != nil {
		w.pay(*a.Pay)
	}
}

// sheet says what every dimension gave and why points were lost, with the
// article behind each.
func (w *prose) sheet(s scoring.Sheet) {
	for _, d := range s.Dimensions {
		w.dimension(d)
	}
	w.line("基础分：%s", s.Base)
	for _, a := range s.Adjustments {
		w.line("  %s %s“%s” %s（%s）", a.ID, a.Name, a.Matter, signed(a.Points), a.Article)
	}
	w.line("加减分：%s", signed(s.AdjustmentTotal))
	w.line("总分：%s", s.Total)
}

func (w *prose) dimension(d scoring.DimensionScore) {
	if d.Left {
		w.line("%s %s 不计（满分%s）", d.ID, d.Name, d.Max)
		for _, it := range d.Items {
			w.reasons(it.Lines)
		}
		return
	}
	w.line("%s %s %s分（满分%s）", d.ID, d.Name, d.Points, d.Max)
	for _, it := range d.Items {
		w.item(it)
	}
	w.reasons(d.Lines)
}

func (w *prose) item(it scoring.ItemScore) {
	if len(it.Lines) == 0 {
		return
	}
	w.line("  %s %s %s分（满分%s）", it.ID, it.Name, it.Points, it.Max)
	w.reasons(it.Lines)
}

func (w *prose) reasons(lines []scoring.Line) {
	for _, l := range lines {
		w.line("    %s %s（%s）", l.Check, l.Reason, l.Article)
	}
}

func signed(p scoring.Points) string {
	if p > 0 {
		return "+" + p.String()
	}
	return p.String()
}

func (w *prose) pay(p scoring.Pay) {
	for _, m := range p.Months {
		w.line("  %s 每月发放%s元，绩效标准%s元", m.Month, m.Base, m.Performance)
	}
	change := "不加发、不扣除"
	switch {
	case p.Change > 0:
		change = "加发" + p.Change.String() + "元"
	case p.Change < 0:
		change = "扣除" + (-p.Change).String() + "元"
	}
	w.line("绩效补贴：标准%s元，%s，实发%s元（第十一条）", p.PerformanceStandard, change, p.PerformancePaid)
	w.line("本季合计：%s元", p.QuarterTotal)
}

func (a *rankAnswer) explain(w *prose) {
	w.line("定等次%d人，优秀名额%d名（第十条）", a.Headcount, a.Quota)
	if len(a.Candidates) > 0 {
		w.line("优秀候选依次：%s", strings.Join(a.Candidates, "、"))
	}
	if len(a.Tied) > 0 {
		w.line("最后一名并列，由镇党委研究：%s", strings.Join(a.Tied, "、"))
	}
	for _, e := range a.entries {
		w.line("  %s %s分 %s", e.Name, e.Total, a.Grades[e.Name])
	}
}

func (a *townAnswer) explain(w *prose) {
	w.line("%s", a.quarter.Chinese())
	for i, row := range a.Rows {
		w.line("\n【%s %s】", row.Village, row.Name)
		w.sheet(a.sheets[i])
		w.line("等次：%s", row.Grade)
		w.pay(a.pays[i])
	}
	for _, sequence := range []string{scoring.HeadSequence, scoring.OtherSequence} {
		w.line("\n%s序列", map[string]string{scoring.HeadSequence: "正职", scoring.OtherSequence: "其他"}[sequence])
		a.Sequences[sequence].explain(w)
	}
	p := a.Payroll
	w.line("\n全镇：每月发放%s元，绩效标准%s元，加发和扣除%s元，合计%s元", p.Base, p.Perf, p.Delta, p.Total)
}

func (a *payAnswer) explain(w *prose) {
	w.line("%s，%s", a.quarter.Chinese(), a.grade)
	w.pay(a.Pay)
}

func (a *tenureAnswer) explain(w *prose) {
	w.line("%s共%d天，任职%d天，%s", a.quarter.Chinese(), a.DaysInQuarter, a.DaysServed, a.Grade)
	for _, sequence := range slices.Sorted(maps.Keys(a.DaysBySequence)) {
		w.line("  %s序列%d天", map[string]string{scoring.HeadSequence: "正职", scoring.OtherSequence: "其他"}[sequence], a.DaysBySequence[sequence])
	}
	w.pay(a.Pay)
}

func (a streakAnswer) explain(w *prose) {
	words := map[scoring.Consequence]string{
		scoring.TalkByTown: "镇党委诫勉谈话", scoring.TalkByVillage: "村党组织诫勉谈话",
		scoring.ReferralParty: "提请按程序免去党内职务", scoring.ReferralCommittee: "提请按程序免去村委会职务",
	}
	for _, q := range slices.Sorted(maps.Keys(a)) {
		one := a[q]
		w.line("%s %s，连续不合格%d次", q, one.Grade, one.Fails)
		for _, c := range one.Consequences {
			w.line("  %s（第十一条）", words[c])
		}
		w.pay(one.Pay)
	}
}

func (a *leaveAnswer) explain(w *prose) {
	late := "24小时内已销假"
	if a.Late {
		late = "24小时内未销假"
	}
	w.line("逾期未归%d天，%s，请销假得%s分（第七条（四）3）", a.Overstay, late, a.D3)
}

func (a *recheckAnswer) explain(w *prose) {
	need := "不需要复查"
	if a.Recheck {
		need = "超过10%，需要复查并写明理由"
	}
	w.line("自评与考核组相差%s%%，%s", a.Difference, need)
}

func (a *springAnswer) explain(w *prose) {
	w.line("春节后1个月：%s", a.Deadline)
}
