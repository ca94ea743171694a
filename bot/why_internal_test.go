package bot

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/scoring"
)

// TestCausesOfAScore: one's own before the village's, each in short and whole, and what was
// given oneself behind the last of a check.
func TestCausesOfAScore(t *testing.T) {
	t.Parallel()
	on := func(month time.Month, day int, note string) scoring.Record {
		return scoring.Record{Date: calendar.Date{Year: 2026, Month: month, Day: day}, Note: note}
	}
	lost := func(check, reason string, records ...scoring.Record) scoring.Line {
		return scoring.Line{Check: check, Points: -30, Reason: reason, Records: records, Article: "第七条"}
	}
	s := handlers.Score{Quarter: calendar.Quarter{Year: 2026, N: 3}, Own: map[string]bool{"D": true}}
	s.Sheet.Dimensions = []scoring.DimensionScore{
		{ID: "A", Items: []scoring.ItemScore{
			{Name: "班子", Lines: []scoring.Line{lost("A1", "扣0.30", on(6, 30, "台账没有签字")), {Reason: "不涉及"}}},
		}},
		{ID: "D", Name: "履职", Items: []scoring.ItemScore{
			{Name: "上班(值班)", Lines: []scoring.Line{
				lost("D1", "缺岗4天", on(7, 1, "一"), on(7, 2, "二"), on(7, 3, "三"), on(8, 4, "四")),
				lost("D1", "晚到2天", on(7, 5, "五"), on(7, 6, "六")),
			}},
			{Name: "日志", Lines: []scoring.Line{lost("D2", "缺1天", on(9, 27, strings.Repeat("长", 60)))}},
		}, Lines: []scoring.Line{{Points: 10, Reason: "保底"}}},
	}
	s.Sheet.Adjustments = []scoring.AdjustmentLine{{Name: "通报(镇)", Points: -50, Matter: "镇里通报", Article: "第八条"}}
	got := causesOf(s, selfSaid{whole: map[string]string{"D1": "（长）"}, brief: map[string]string{"D1": "（短）"}})
	want := []cause{
		{"上班：缺岗4天〔第七条〕7月1日、7月2日等4次", "上班：缺岗4天〔第七条〕依据：7月1日 周三 一、7月2日 周四 二、7月3日 周五 三、8月4日 周二 四", false},
		{"上班：晚到2天〔第七条〕7月5日、7月6日（短）", "上班：晚到2天〔第七条〕依据：7月5日 周日 五、7月6日 周一 六（长）", false},
		{"日志：缺1天〔第七条〕9月27日 " + strings.Repeat("长", 34) + "…", "日志：缺1天〔第七条〕依据：9月27日 周日 " + strings.Repeat("长", 60), false},
		{"履职：保底", "履职：保底", false},
		{"通报：扣分 -0.50，镇里通报〔第八条〕", "通报：扣分 -0.50，镇里通报〔第八条〕", false},
		{"班子：扣0.30〔第七条〕6月30日 台账没有签字（沿用以前的核查）", "班子：扣0.30〔第七条〕依据：6月30日 周二 台账没有签字（沿用以前的核查）", true},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(cause{})); diff != "" {
		t.Errorf("causes (-want +got):\n%s", diff)
	}
	for _, c := range got {
		if own, _, _ := strings.Cut(c.brief, "（"); visible(own) > briefCause {
			t.Errorf("%d characters in short: %s", visible(own), c.brief)
		}
	}
	page := whyPage(s.Quarter, got, selfSaid{all: "全部", more: "还有"}, "")
	if !strings.Contains(page, "全部\n1. 上班") || strings.Contains(page, "还有") || strings.Contains(page, "6. 班子") {
		t.Errorf("the first page:\n%s", page)
	}
	page = whyPage(s.Quarter, got, selfSaid{all: "全部", more: "还有"}, "第2页")
	if strings.Contains(page, "全部\n") || !strings.Contains(page, "全村一起算的：\n6. 班子") || !strings.Contains(page, "\n还有\n") {
		t.Errorf("the last page:\n%s", page)
	}
}

// TestWhichCause: a number names one; a page and a quarter do not.
func TestWhichCause(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"3": 3, "第3条": 3, "第三项": 3, "2026Q3 12": 12, "2026Q3 第2条": 2, "三": 3,
		"": 0, "2026Q3": 0, "第2页": 0, "2026Q3 第2页": 0, "扣分": 0, "2026": 0, "0": 0,
	} {
		if got, ok := causeIn(text); got != want || ok != (want > 0) {
			t.Errorf("%q: %d %t, want %d", text, got, ok, want)
		}
	}
}
