package scoring_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/scoring"
)

// checkField fails unless err is an InputError of a field, or nil for none.
func checkField(t *testing.T, err error, field string) {
	t.Helper()
	e, _ := errors.AsType[*scoring.InputError](err)
	switch {
	case field == "" && err != nil:
		t.Errorf("it is refused: %v", err)
	case field != "" && (e == nil || e.Field != field || !strings.HasSuffix(e.Text, "。")):
		t.Errorf("the error is %v, want one of %s", err, field)
	}
}

func fact(v scoring.Value) scoring.Fact { return scoring.Fact{Value: v} }

// satisfied is a survey that gives full points.
func satisfied() scoring.Facts {
	return scoring.Facts{"E1.1": fact(scoring.Tally(map[string]int64{"satisfied": 20}))}
}

func assess(t *testing.T, r *scoring.Rubric, facts scoring.Facts, events ...scoring.Event) scoring.Sheet {
	t.Helper()
	village, cadre := scoring.Facts{}, satisfied()
	for id, f := range facts {
		if _, scope, _ := r.Check(id); scope == scoring.CadreScope {
			cadre[id] = f
		} else {
			village[id] = f
		}
	}
	s, err := scoring.Assess(r, village, cadre, events)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestEveryRuleGivesItsPoints(t *testing.T) {
	t.Parallel()
	tally := scoring.Tally
	tests := map[string]struct {
		check string
		value scoring.Value
		lost  scoring.Points
		says  string
	}{
		"judged below full":                     {"A1.1", scoring.Judged(75), 75, "评为0.75分（满分1.50），扣0.75"},
		"judged in full":                        {"A1.1", scoring.Judged(150), 0, ""},
		"nothing was missing":                   {"A1.3", scoring.Count(0), 0, ""},
		"one was missing":                       {"A1.3", scoring.Count(1), 50, "缺额超期未补 1人，扣0.50"},
		"more were missing than there is":       {"A4.1", scoring.Count(9), 250, "少开 9次，扣2.70"},
		"it was reached":                        {"A7.1", scoring.Flag(true), 0, ""},
		"it was not reached":                    {"A7.1", scoring.Flag(false), 100, "未达标，扣1.00"},
		"a duty was not done":                   {"A4.3", scoring.Flag(false), 100, "到期未办，扣1.00"},
		"a duty is not due":                     {"A4.3", scoring.NotDue(), 0, "未到期，按满分计"},
		"it does not concern the village":       {"B6.1", scoring.NotApplicable(), 0, "不涉及，按满分计"},
		"a rate at its target":                  {"B1.4", scoring.Count(80), 0, ""},
		"a rate below its target":               {"B1.4", scoring.Number(decimal(t, "76.5")), 35, "76.5%，低于80%，扣0.35"},
		"half a hundredth costs a hundredth":    {"B1.4", scoring.Number(decimal(t, "79.95")), 1, "79.95%，低于80%，扣0.01"},
		"a little less than half costs none":    {"B1.4", scoring.Number(decimal(t, "79.951")), 0, ""},
		"a rate of two numbers":                 {"B2.1", scoring.Rate(248, 250), 16, "248/250（99.20%），低于100%，扣0.16"},
		"a third is rounded once":               {"B2.1", scoring.Rate(299, 300), 7, "299/300（99.67%），低于100%，扣0.07"},
		"more than all is all":                  {"B2.1", scoring.Rate(251, 250), 0, ""},
		"a rate of nothing costs the check":     {"B2.1", scoring.Count(0), 100, "0%，低于100%，扣20.00"},
		"part of the income":                    {"C4.1", scoring.Number(decimal(t, "0.82")), 36, "完成82.00%，得1.64分（满分2.00），扣0.36"},
		"half a hundredth gained is one":        {"C4.1", scoring.Number(decimal(t, "0.8225")), 35, "完成82.25%，得1.65分"},
		"the income as two amounts":             {"C4.1", scoring.Rate(41000, 50000), 36, "完成82.00%"},
		"more than the income":                  {"C4.1", scoring.Number(decimal(t, "1.3")), 0, ""},
		"two of three talks":                    {"D4.1", tally(map[string]int64{"talks_required": 3, "talks_done": 2}), 33, "与其他干部谈话应3人，已2人，扣0.33"},
		"no talk was required":                  {"D4.1", tally(map[string]int64{"talks_required": 0}), 0, ""},
		"more talks than required":              {"D4.1", tally(map[string]int64{"talks_required": 2, "talks_done": 3}), 0, ""},
		"a talk was refused":                    {"D4.1", tally(map[string]int64{"talk_refused": 1}), 50, "无故拒谈 1次，扣0.50"},
		"a day was missed":                      {"D1.1", tally(map[string]int64{"duty_absent": 2}), 60, "排定在岗日无故缺岗 2天，扣0.60"},
		"a log was false":                       {"D2.1", tally(map[string]int64{"log_falsified": 1}), 150, "日志造假 1次，扣1.50"},
		"votes of all kinds":                    {"E1.1", tally(map[string]int64{"satisfied": 14, "fairly": 8, "average": 5, "dissatisfied": 3, "unknown": 4}), 220, "有效票30张（满意14、基本满意8、一般5、不满意3），得7.80分，扣2.20"},
		"a survey that does not concern anyone": {"E1.1", scoring.NotApplicable(), 0, "不涉及，按满分计"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := assess(t, theDefault(t), scoring.Facts{tc.check: fact(tc.value)})
			if got := 100_00 - s.Base; got != tc.lost || s.Total != s.Base {
				t.Errorf("it cost %s, want %s", got, tc.lost)
			}
			var says []string
			for _, d := range s.Dimensions {
				for _, it := range d.Items {
					for _, l := range it.Lines {
						says = append(says, l.Reason)
						if l.Check != tc.check || l.Article == "" {
							t.Errorf("%+v does not say which check and article", l)
						}
					}
				}
			}
			if all := strings.Join(says, " "); !strings.HasPrefix(all, tc.says) || (tc.says == "") != (all == "") {
				t.Errorf("it says %q, want %q", all, tc.says)
			}
		})
	}
}

func TestALineCarriesTheRecordsBehindIt(t *testing.T) {
	t.Parallel()
	monday := calendar.Date{Year: 2026, Month: 5, Day: 11}
	absent := scoring.Record{ID: "duty-7", Date: monday, Event: "duty_absent", Note: "督查"}
	late := scoring.Record{ID: "spot-2", Date: monday.Add(1), Event: "late_or_left"}
	s := assess(t, theDefault(t), scoring.Facts{"D1.1": {
		Value:   scoring.Tally(map[string]int64{"duty_absent": 1, "late_or_left": 1}),
		Records: []scoring.Record{absent, late},
	}})
	want := []scoring.Line{
		{Check: "D1.1", Event: "duty_absent", Points: -30, Reason: "排定在岗日无故缺岗 1天，扣0.30", Records: []scoring.Record{absent}, Article: "第七条（四）1"},
		{Check: "D1.1", Event: "late_or_left", Points: -10, Reason: "迟到早退脱岗（督查） 1次，扣0.10", Records: []scoring.Record{late}, Article: "第七条（四）1"},
	}
	if diff := cmp.Diff(want, s.Dimensions[3].Items[0].Lines); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}

func TestWithoutEnoughVotesTheSurveyIsLeftOut(t *testing.T) {
	t.Parallel()
	r := theDefault(t)
	for name, cadre := range map[string]scoring.Facts{
		"nine valid votes": {"E1.1": fact(scoring.Tally(map[string]int64{"satisfied": 9, "unknown": 30}))},
		"no survey":        nil,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			village := scoring.Facts{"A1.3": fact(scoring.Count(1)), "A5.2": fact(scoring.Count(10))}
			s, err := scoring.Assess(r, village, cadre, nil)
			if err != nil {
				t.Fatal(err)
			}
			if s.SurveyValid || s.Base != 98_33 { // 88.50 × 100/90
				t.Errorf("valid %v, base %s", s.SurveyValid, s.Base)
			}
			if _, counted := s.Dimension("E"); counted {
				t.Error("E counts")
			}
			if _, counted := s.Item("E1"); counted {
				t.Error("E1 counts")
			}
			if grade, candidate := scoring.GradeAlone(r, s); grade != scoring.Qualified || candidate {
				t.Errorf("%s, candidate %v", grade, candidate)
			}
		})
	}
}

func TestAdjustments(t *testing.T) {
	t.Parallel()
	event := func(id, level, matter string) scoring.Event {
		return scoring.Event{ID: id, Level: level, Matter: matter}
	}
	tests := map[string]struct {
		events []scoring.Event
		want   []scoring.Points
	}{
		"nothing happened":                     {nil, nil},
		"one matter counts at its highest":     {[]scoring.Event{event("F2", "county", "菌棒"), event("F2", "municipal", "菌棒"), event("F2", "county", "菌棒")}, []scoring.Points{10_00}},
		"two matters count twice":              {[]scoring.Event{event("F2", "county", "菌棒"), event("F2", "county", "光伏")}, []scoring.Points{5_00, 5_00}},
		"one matter of two kinds counts twice": {[]scoring.Event{event("F1", "county", "菌棒"), event("F2", "county", "菌棒")}, []scoring.Points{2_00, 5_00}},
		"the worst penalty counts":             {[]scoring.Event{event("F4", "county", "资金"), event("F4", "national", "资金")}, []scoring.Points{-10_00}},
		"the media have no level":              {[]scoring.Event{event("F5", "", "曝光")}, []scoring.Points{-10_00}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := assess(t, theDefault(t), nil, tc.events...)
			var got []scoring.Points
			var sum scoring.Points
			for _, a := range s.Adjustments {
				got = append(got, a.Points)
				sum += a.Points
				if !strings.HasPrefix(a.Article, "第八条") {
					t.Errorf("%s cites %q", a.ID, a.Article)
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" || s.AdjustmentTotal != sum || s.Total != s.Base+sum {
				t.Errorf("total %s (-want +got):\n%s", s.Total, diff)
			}
		})
	}
}

func TestAssessRefusesBadInput(t *testing.T) {
	t.Parallel()
	r := theDefault(t)
	tests := map[string]struct {
		village, cadre scoring.Facts
		events         []scoring.Event
		field          string
	}{
		"an unknown check":              {scoring.Facts{"X": {}}, nil, nil, "village_facts.X"},
		"a village's check for a cadre": {nil, scoring.Facts{"A1.1": fact(scoring.Judged(25))}, nil, "cadre_facts.A1.1"},
		"the first of two mistakes":     {scoring.Facts{"A2.1": fact(scoring.Count(-1)), "A1.3": fact(scoring.Count(-1))}, nil, nil, "village_facts.A1.3"},
		"an unknown event":              {nil, scoring.Facts{"D1.1": fact(scoring.Tally(map[string]int64{"slept": 1}))}, nil, "cadre_facts.D1.1.slept"},
		"an unknown adjustment":         {nil, nil, []scoring.Event{{ID: "F5", Matter: "x"}, {ID: "F6", Matter: "x"}}, "events[1].id"},
		"an unknown level":              {nil, nil, []scoring.Event{{ID: "F1", Level: "town", Matter: "x"}}, "events[0].level"},
		"no matter":                     {nil, nil, []scoring.Event{{ID: "F5"}}, "events[0].matter"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := scoring.Assess(r, tc.village, tc.cadre, tc.events)
			checkField(t, err, tc.field)
		})
	}
	checkField(t, r.VerifyEvent(scoring.Event{ID: "F1", Level: "county", Matter: "x"}), "")
	checkField(t, r.VerifyEvent(scoring.Event{ID: "F1", Level: "moon", Matter: "x"}), "level")
}

// changed is the default rubric with one change of its text.
func changed(t *testing.T, old, other string) *scoring.Rubric {
	t.Helper()
	src := strings.Replace(string(scoring.DefaultSource()), old, other, 1)
	r, err := scoring.ParseRubric([]byte(src))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestFloorsAndCaps(t *testing.T) {
	t.Parallel()
	six := scoring.Facts{"A1.3": fact(scoring.Count(6))} // 3.00 of a check of 1.00, an item of 4.00
	many := scoring.Facts{"A1.3": fact(scoring.Count(100))}
	tests := map[string]struct {
		old, other string
		facts      scoring.Facts
		item, dim  scoring.Points
	}{
		"a check stops at 0":                      {"", "", six, 3_00, 29_00},
		"without a floor it eats into its item":   {"编号: A1.3\n", "编号: A1.3\n            下限: 不设\n", six, 1_00, 27_00},
		"which stops at 0":                        {"编号: A1.3\n", "编号: A1.3\n            下限: 不设\n", many, 0, 26_00},
		"a check may stop higher":                 {"编号: A1.3\n", "编号: A1.3\n            下限: 0.5\n", six, 3_50, 29_50},
		"a check may stop below 0":                {"编号: A1.3\n", "编号: A1.3\n            下限: -1\n", six, 2_00, 28_00},
		"an item has a cap":                       {"        分值: 4\n", "        分值: 4\n        上限: 3.5\n", nil, 3_50, 29_50},
		"a dimension has a cap":                   {"    分值: 30\n", "    分值: 30\n    上限: 28\n", nil, 4_00, 28_00},
		"a dimension has a floor":                 {"    分值: 30\n", "    分值: 30\n    下限: 29.5\n", six, 3_00, 29_50},
		"an item without a floor eats on and out": {"编号: A1.3\n", "编号: A1.3\n            下限: -50\n", many, 0, 26_00},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := assess(t, changed(t, tc.old, tc.other), tc.facts)
			item, _ := s.Item("A1")
			dim, _ := s.Dimension("A")
			if item != tc.item || dim != tc.dim {
				t.Errorf("A1 %s, A %s; want %s and %s", item, dim, tc.item, tc.dim)
			}
			checkSums(t, s)
		})
	}
}

// checkSums fails unless every item is its maximum and its lines, and every
// dimension its items and its lines.
func checkSums(t interface{ Errorf(string, ...any) }, s scoring.Sheet) {
	for _, d := range s.Dimensions {
		if d.Left {
			continue
		}
		var sum scoring.Points
		for _, it := range d.Items {
			explained := it.Max
			for _, l := range it.Lines {
				explained += l.Points
			}
			if explained != it.Points {
				t.Errorf("%s has %s, its lines say %s", it.ID, it.Points, explained)
			}
			sum += it.Points
		}
		for _, l := range d.Lines {
			sum += l.Points
		}
		if sum != d.Points {
			t.Errorf("%s has %s, its items say %s", d.ID, d.Points, sum)
		}
	}
}

func TestSheetGoesThroughJSONAndBack(t *testing.T) {
	t.Parallel()
	s := assess(t, theDefault(t), scoring.Facts{"D1.1": {
		Value:   scoring.Tally(map[string]int64{"duty_absent": 9}),
		Records: []scoring.Record{{ID: "1", Event: "duty_absent"}},
	}}, scoring.Event{ID: "F5", Matter: "曝光"})
	var back scoring.Sheet
	first, err := json.Marshal(s)
	if err == nil {
		err = json.Unmarshal(first, &back)
	}
	second, again := json.Marshal(back)
	if err != nil || again != nil || string(first) != string(second) {
		t.Errorf("(%v, %v)\n%s\n%s", err, again, first, second)
	}
	if diff := cmp.Diff(s, back, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("sheet (-want +got):\n%s", diff)
	}
}

func BenchmarkAssess(b *testing.B) {
	r := theDefault(b)
	village := scoring.Facts{
		"A1.3": fact(scoring.Count(1)), "A4.1": fact(scoring.Count(2)), "B1.4": fact(scoring.Number(decimal(b, "76.5"))),
		"B2.1": fact(scoring.Rate(248, 250)), "B6.1": fact(scoring.NotApplicable()), "C4.1": fact(scoring.Number(decimal(b, "0.82"))),
		"A2.4": fact(scoring.Judged(75)), "B3.1": fact(scoring.Flag(true)), "B8.3": fact(scoring.Number(decimal(b, "88.4"))),
		"C1.1": fact(scoring.Judged(175)), "C2.1": fact(scoring.Judged(150)), "A5.2": fact(scoring.Count(3)),
	}
	cadre := satisfied()
	cadre["D1.1"] = fact(scoring.Tally(map[string]int64{"duty_absent": 1, "late_or_left": 2}))
	cadre["D4.1"] = fact(scoring.Tally(map[string]int64{"talks_required": 3, "talks_done": 2}))
	events := []scoring.Event{{ID: "F2", Level: "county", Matter: "菌棒"}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := scoring.Assess(r, village, cadre, events); err != nil {
			b.Fatal(err)
		}
	}
}
