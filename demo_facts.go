package main

import (
	"context"
	"fmt"
	"strconv"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
)

// facts enters what was found in a quarter, as one of the assessment group
// would from a sheet.
func (s *seeder) facts(ctx context.Context, q calendar.Quarter) error {
	var rows []handlers.FactRow
	add := func(r handlers.FactRow) {
		r.N = len(rows) + 2
		rows = append(rows, r)
	}
	for _, t := range demoTowns() {
		for _, village := range t.Villages {
			for _, f := range villageFacts(q, village) {
				f.Kind, f.Town, f.Village = "村", t.Name, village
				add(f)
			}
		}
	}
	who := handlers.Who{}
	for _, p := range demoPeople() {
		if len(p.Roles) == 1 && p.Roles[0] == handlers.Assessor {
			who.OpenID = p.openID()
		}
		if len(p.Posts) == 0 || p.Posts[0] == models.Supervisor {
			continue
		}
		for _, f := range cadreFacts(q, p) {
			f.Kind, f.Town, f.Village, f.Name = "干部", p.Town, p.Village, p.Name
			add(f)
		}
	}
	return s.do(ctx, who, func(d *handlers.Desk) error {
		_, err := d.ImportFacts(q, "考核组现场核查", rows)
		return err
	})
}

// villageFacts are a village's exceptions: what is not at full points.
func villageFacts(q calendar.Quarter, village string) []handlers.FactRow {
	h := func(what string, n uint32) uint32 { return chance(q.String(), village, what) % n }
	out := []handlers.FactRow{
		{Check: "A2.4", Value: "0.75", Note: "日常考核台账有两处没有签字"},
		{Check: "B1.4", Value: strconv.Itoa(74 + int(h("B1.4", 22))), Note: "建档立卡户参与产业的比率"},
		{Check: "B2.1", Value: fmt.Sprintf("%d/250", 246+h("B2.1", 5)), Note: "参合人数与应参合人数"},
		{Check: "B8.3", Value: strconv.Itoa(86 + int(h("B8.3", 12))), Note: "获贷户比率"},
		{Check: "C3.1", Value: []string{"1", "1.25", "1.5", "1.75"}[h("C3.1", 4)], Note: "分红到户进度"},
		{Check: "C4.1", Value: "0." + strconv.Itoa(70+int(h("C4.1", 30))), Note: "累计经营性收入与序时目标之比"},
		{Check: "C5.1", Value: "0.75", Note: "带动户数比上季少3户"},
	}
	if n := h("A5.2", 4); n > 0 {
		out = append(out, handlers.FactRow{Check: "A5.2", Value: strconv.Itoa(int(n)), Note: "档案抽查缺会议记录"})
	}
	if n := h("A4.1", 3); n > 0 {
		out = append(out, handlers.FactRow{Check: "A4.1", Value: strconv.Itoa(int(n)), Note: "支委会没有按月召开"})
	}
	if h("B2.5", 2) == 0 {
		out = append(out, handlers.FactRow{Check: "B2.5", Value: "1", Note: "一户慢病随访没有落实"})
	}
	if h("B6", 2) == 0 {
		for _, check := range []string{"B6.1", "B6.2", "B6.3", "B6.4", "B6.5"} {
			out = append(out, handlers.FactRow{Check: check, Value: "不涉及", Note: "本村没有搬迁户"})
		}
	}
	return out
}

// cadreFacts are what was found about one cadre, with the villagers' votes.
func cadreFacts(q calendar.Quarter, p demoPerson) []handlers.FactRow {
	h := func(what string, n uint32) int { return int(chance(q.String(), p.Phone, what) % n) }
	satisfied, fairly, average := 12+h("满意", 9), 3+h("基本", 5), h("一般", 4)
	out := []handlers.FactRow{
		{Check: "E1.1", Matter: "满意", Value: strconv.Itoa(satisfied)},
		{Check: "E1.1", Matter: "基本满意", Value: strconv.Itoa(fairly)},
		{Check: "E1.1", Matter: "一般", Value: strconv.Itoa(average)},
		{Check: "E1.1", Matter: "不满意", Value: strconv.Itoa(h("不满意", 3))},
		{Check: "E1.1", Matter: "不了解", Value: strconv.Itoa(h("不了解", 4))},
	}
	if n := h("日志", 4); n == 1 || n == 2 { // none is missing: that of the last days is not due yet
		out = append(out, handlers.FactRow{Check: "D2.1", Matter: "日志缺项", Value: strconv.Itoa(2 * n), Note: "抽查日志，没有写处理结果"})
	}
	if h("督查", 9) == 0 {
		out = append(out, handlers.FactRow{Check: "D1.1", Matter: "迟到早退脱岗（督查）", Value: "1", Note: "督查时不在岗，半小时后返回"})
	}
	return out
}
