package handlers_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/scoring"
	"github.com/cunkao/cunkao/sheet"
)

func factQuarter() calendar.Quarter { return calendar.Quarter{Year: 2026, N: 3} }

// factOffice is an office whose quarter is open.
func factOffice(t *testing.T, o *office) *office {
	t.Helper()
	o.openCycle(t, factQuarter())
	return o
}

// enter imports rows as somebody and returns how many checks changed, or what
// was refused.
func (o *office) enter(t *testing.T, name string, rows ...handlers.FactRow) (n int, refused string) {
	t.Helper()
	for i := range rows {
		rows[i].N = i + 2
	}
	refused = o.do(t, name, fmt.Sprintf("enter:%d", o.n.Add(1)), func(d *handlers.Desk) (err error) {
		n, err = d.ImportFacts(factQuarter(), "三季度核查.xlsx", rows)
		return err
	})
	return n, refused
}

func ofVillage(village, check, value string) handlers.FactRow {
	return handlers.FactRow{Kind: "村", Village: village, Check: check, Value: value}
}

func ofCadre(village, name, check, value string) handlers.FactRow {
	return handlers.FactRow{Kind: "干部", Village: village, Name: name, Check: check, Value: value}
}

// factLine makes a row one of a list.
func factLine(r handlers.FactRow, matter, note string) handlers.FactRow {
	r.Matter, r.Note = matter, note
	return r
}

// stored returns what stands for a check.
func (o *office) stored(t *testing.T, kind, id, check string) (models.Fact, scoring.Fact) {
	t.Helper()
	var row models.Fact
	var f scoring.Fact
	err := o.db.Read(t.Context(), func(tx *models.Tx) error {
		rows, err := tx.Facts(factQuarter())
		if i := slices.IndexFunc(rows, func(r models.Fact) bool { return r.Kind == kind && r.SubjectID == id && r.CheckID == check }); i >= 0 {
			row = rows[i]
			return json.Unmarshal([]byte(row.Payload), &f)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return row, f
}

func (o *office) exported(t *testing.T, name string) (header []string, rows [][]string) {
	t.Helper()
	refused := o.look(t, name, func(v *handlers.View) (err error) {
		header, rows, err = v.ExportFacts(factQuarter())
		return err
	})
	if refused != "" {
		t.Fatal(refused)
	}
	return header, rows
}

func TestFactsAreEnteredWithTheirRecords(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		factOffice(t, o)
		noted := ofVillage("甲村", "a1.3", "２")
		noted.Note = "6月检查，缺额2人"
		n, refused := o.enter(
			t, "东镇干事", noted,
			ofVillage("甲村", "B2.1", "248/250"),
			factLine(ofCadre("甲村", "书记", "D1.1", "1"), "迟到早退脱岗（督查）", "7月3日督查"),
			ofVillage("丁村", "A1.1", ""),
		)
		if n != 3 || refused != "" {
			t.Fatalf("%d, %s", n, refused)
		}
		row, fact := o.stored(t, models.OfVillage, o.village(t, "甲村"), "A1.3")
		if row.Source != "三季度核查.xlsx" || row.EnteredBy != o.ids["东镇干事"] {
			t.Errorf("entered from %q by %q", row.Source, row.EnteredBy)
		}
		if !fact.Value.Equal(scoring.Count(2)) || fact.Note != noted.Note || len(fact.Records) != 1 ||
			!strings.HasPrefix(fact.Records[0].ID, "录入") || fact.Records[0].Date != morningDay() || fact.Records[0].Note != noted.Note {
			t.Errorf("%+v", fact)
		}
		_, duty := o.stored(t, models.OfCadre, o.ids["书记"], "D1.1")
		if duty.Value.Count("late_or_left") != 1 || len(duty.Records) != 1 || duty.Records[0].Event != "late_or_left" {
			t.Errorf("%+v", duty)
		}
	})
}

func TestValuesByTheirRule(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		check, value string
		want         scoring.Value
		wrong        string
	}{
		"points":                   {check: "A1.1", value: "１．２５", want: scoring.Judged(125)},
		"points between steps":     {check: "A1.1", value: "1.3", wrong: "A1.1应在0到1.50之间，每档0.25，不能是1.3。"},
		"too many points":          {check: "A1.1", value: "2", wrong: "A1.1应在0到1.50之间，每档0.25，不能是2。"},
		"no points":                {check: "A1.1", value: "好", wrong: "应填得分，例如1.50，不是“好”。"},
		"a count":                  {check: "A1.3", value: "3", want: scoring.Count(3)},
		"half a count":             {check: "A1.3", value: "1.5", wrong: "应填次数，例如0或2，不是“1.5”。"},
		"less than none":           {check: "A1.3", value: "－1", wrong: "应填次数，例如0或2，不是“-1”。"},
		"a rate":                   {check: "B2.1", value: "97.5", want: decimal(t, "97.5")},
		"a rate with its sign":     {check: "B2.1", value: "９７.５％", want: decimal(t, "97.5")},
		"a small rate":             {check: "B2.1", value: "0.5%", want: decimal(t, "0.5")},
		"a rate of nothing":        {check: "B2.1", value: "0", want: scoring.Count(0)},
		"a rate of two numbers":    {check: "B2.1", value: "248／250", want: scoring.Rate(248, 250)},
		"of nothing":               {check: "B2.1", value: "0/0", wrong: "应填比率，例如248/250，分子不大于分母，不是“0/0”。"},
		"more than all":            {check: "B2.1", value: "251/250", wrong: "应填比率，例如248/250，分子不大于分母，不是“251/250”。"},
		"a point forgotten":        {check: "B2.1", value: "975", wrong: "比率应在0到100之间，不是“975”。"},
		"a sign forgotten":         {check: "B2.1", value: "0.975", wrong: "“0.975”是百分之几？请写成97.5这样，或者带上%。"},
		"yes":                      {check: "A7.1", value: "是", want: scoring.Flag(true)},
		"no":                       {check: "A4.3", value: "否", want: scoring.Flag(false)},
		"perhaps":                  {check: "A7.1", value: "大概", wrong: "应填“是”或“否”，不是“大概”。"},
		"does not concern it":      {check: "B6.1", value: "不涉及", want: scoring.NotApplicable()},
		"not due":                  {check: "A4.3", value: "未到期", want: scoring.NotDue()},
		"a ratio":                  {check: "C4.1", value: "0.82", want: decimal(t, "0.82")},
		"more than all of it":      {check: "C4.1", value: "1.2", want: decimal(t, "1.2")},
		"a ratio in per cent":      {check: "C4.1", value: "82.5%", want: scoring.Rate(825, 1000)},
		"a ratio of two numbers":   {check: "C4.1", value: "41000/50000", want: scoring.Rate(41000, 50000)},
		"per cent without a sign":  {check: "C4.1", value: "82", wrong: "应填完成的比例，例如0.82或者82%，不是“82”。"},
		"a formula for a ratio":    {check: "C4.1", value: "=1/2", wrong: "应填完成的比例，例如0.82或者82%，不是“=1/2”。"},
		"a ratio below everything": {check: "C4.1", value: "-1", wrong: "应填完成的比例，例如0.82或者82%，不是“-1”。"},
	}
	o := factOffice(t, newOffice(t, models.Source{File: t.TempDir() + "/test.db", Unsynced: true}))
	id := o.village(t, "甲村")
	for name, test := range tests {
		_, refused := o.enter(t, "考核组", ofVillage("甲村", test.check, test.value))
		want := ""
		if test.wrong != "" {
			want = "有1处要改，一行也没有录入：\n第2行“值”：" + test.wrong
		}
		if refused != want {
			t.Errorf("%s: %q, want %q", name, refused, want)
		}
		if _, f := o.stored(t, models.OfVillage, id, test.check); test.wrong == "" && !f.Value.Equal(test.want) {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

func decimal(t *testing.T, s string) scoring.Value {
	t.Helper()
	d, err := scoring.ParseDecimal(s)
	if err != nil {
		t.Fatal(err)
	}
	return scoring.Number(d)
}

// F075: one bad row among many, and nothing is entered; the next try enters all.
func TestOneBadRowKeepsTheWholeSheetOut(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		factOffice(t, o)
		note := ofVillage("甲村", "A1.2", "")
		note.Note = "忘了填"
		wrongTown := ofVillage("甲村", "A1.1", "1")
		wrongTown.Town = "西镇"
		_, refused := o.enter(
			t, "东镇干事",
			ofVillage("甲村", "A1.1", "1"),
			ofVillage("乙村", "A1.1", "1"),
			ofVillage("丙村", "A1.1", "1"),
			wrongTown,
			ofCadre("甲村", "张三", "D2.1", "1"),
			ofCadre("甲村", "监委", "D2.1", "1"),
			ofVillage("甲村", "A9.9", "1"),
			ofVillage("甲村", "D1.1", "1"),
			ofCadre("甲村", "书记", "A1.1", "1"),
			ofVillage("甲村", "A1.1", "0.5"),
			factLine(ofVillage("甲村", "A1.3", "1"), "迟到", ""),
			factLine(ofCadre("甲村", "书记", "D1.1", "1"), "排定在岗日无故缺岗", ""),
			factLine(ofCadre("甲村", "书记", "D1.1", "1"), "早睡", ""),
			factLine(ofCadre("甲村", "书记", "D1.1", "不涉及"), "", ""),
			ofCadre("甲村", "书记", "D2.1", "1"),
			note,
			handlers.FactRow{Kind: "镇", Value: "1"},
		)
		want := `有16处要改，一行也没有录入：
第3行“镇”：西镇不归您录入。
第4行“村”：没有丙村这个村。
第5行“村”：没有西镇甲村这个村。
第6行“姓名”：甲村本季度没有叫“张三”的村干部。
第7行“姓名”：甲村本季度没有叫“监委”的村干部。
第8行“编号”：考评细则里没有要点“A9.9”。
第9行“类别”：D1.1是干部个人的要点，类别应填“干部”。
第10行“类别”：A1.1是村的要点，类别应填“村”。
第11行“编号”：与第2行重复。
第12行“事项”：A1.3不分事项，这一格应当空着。
第13行“事项”：“排定在岗日无故缺岗”由值班记录计算，不能录入。
第14行“事项”：应填迟到早退脱岗（督查）、重要时段擅自脱岗，不是“早睡”。
第15行“值”：D1.1由值班记录计算，不能填“不涉及”。
第16行“事项”：应填缺工作日志、日志缺项、未办结事项未移交、日志造假，不是“”。
第17行“值”：写了说明，但没有填值。
第18行“类别”：应填“村”或“干部”，不是“镇”。`
		if d := cmp.Diff(want, refused); d != "" {
			t.Errorf("(-want +got)\n%s", d)
		}
		if row, _ := o.stored(t, models.OfVillage, o.village(t, "甲村"), "A1.1"); row.CheckID != "" {
			t.Error("the good row was entered")
		}
		if n, refused := o.enter(t, "东镇干事", ofVillage("甲村", "A1.1", "1")); n != 1 {
			t.Errorf("the second try: %d, %s", n, refused)
		}
	})
}

func TestManyMistakesAreCounted(t *testing.T) {
	t.Parallel()
	o := factOffice(t, newOffice(t, models.Source{File: t.TempDir() + "/test.db", Unsynced: true}))
	var rows []handlers.FactRow
	for range 27 {
		rows = append(rows, ofVillage("丙村", "A1.1", "1"))
	}
	_, refused := o.enter(t, "组织部", rows...)
	if strings.Count(refused, "\n第") != 20 || !strings.HasSuffix(refused, "另外还有7处。") || !strings.HasPrefix(refused, "有27处要改") {
		t.Error(refused)
	}
}

func TestLinesOfOneCheckReplaceItWhole(t *testing.T) {
	t.Parallel()
	o := factOffice(t, newOffice(t, models.Source{File: t.TempDir() + "/test.db", Unsynced: true}))
	log := func(value string) handlers.FactRow { return ofCadre("甲村", "书记", "D2.1", value) }
	if n, refused := o.enter(t, "东镇干事", factLine(log("2"), "缺工作日志", "7月"), factLine(log("1"), "日志缺项", "")); n != 1 {
		t.Fatal(refused)
	}
	if n, refused := o.enter(t, "东镇干事", factLine(log("2"), "缺工作日志", "7月"), factLine(log("1"), "日志缺项", "")); n != 0 || refused != "" {
		t.Errorf("the same again changes %d: %s", n, refused)
	}
	if n, refused := o.enter(t, "东镇干事", factLine(log("3"), "日志缺项", "8月")); n != 1 {
		t.Fatal(refused)
	}
	_, fact := o.stored(t, models.OfCadre, o.ids["书记"], "D2.1")
	if !fact.Value.Equal(scoring.Tally(map[string]int64{"log_incomplete": 3})) || fact.Note != "日志缺项：8月" {
		t.Errorf("%+v", fact)
	}
	if len(fact.Records) != 1 || fact.Records[0].Event != "log_incomplete" || fact.Records[0].Note != "8月" {
		t.Errorf("%+v", fact.Records)
	}
	_, refused := o.enter(t, "东镇干事", factLine(log("不涉及"), "日志缺项", ""), factLine(log("1"), "缺工作日志", ""))
	if !strings.Contains(refused, "要么都填") {
		t.Error(refused)
	}
	talk := func(value string) handlers.FactRow { return ofCadre("甲村", "书记", "D4.1", value) }
	if _, refused := o.enter(t, "东镇干事", factLine(talk("3"), "已做：与其他干部谈话", "")); !strings.Contains(refused, "一起填") {
		t.Error(refused)
	}
	if n, refused := o.enter(t, "东镇干事", factLine(talk("3"), "已做：与其他干部谈话", ""), factLine(talk("4"), "应做：与其他干部谈话", "缺1人")); n != 1 {
		t.Error(refused)
	}
}

func TestNamesakesAreToldApartByPost(t *testing.T) {
	t.Parallel()
	o := factOffice(t, newOffice(t, models.Source{File: t.TempDir() + "/test.db", Unsynced: true}))
	village, other := o.village(t, "甲村"), "01BBBBBBBBBBBBBBBBBBBBBBBB"
	err := o.db.Write(t.Context(), func(tx *models.Tx) error {
		if err := tx.AddPerson(&models.Person{ID: other, Name: "委员", Phone: "x", PhoneIndex: "x"}); err != nil {
			return err
		}
		return tx.AddPost(&models.Post{
			ID: other, PersonID: other, VillageID: village, Title: models.PartyMember, Subsidized: true,
			FromDay: calendar.Date{Year: 2025, Month: 1, Day: 1},
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, refused := o.enter(t, "东镇干事", factLine(ofCadre("甲村", "委员", "D2.1", "1"), "缺工作日志", "")); !strings.Contains(refused, "甲村有同名干部，请写成“委员（") {
		t.Error(refused)
	}
	if n, refused := o.enter(t, "东镇干事", factLine(ofCadre("甲村", "委员（党组织委员）", "D2.1", "1"), "缺工作日志", "")); n != 1 {
		t.Error(refused)
	}
	if row, _ := o.stored(t, models.OfCadre, other, "D2.1"); row.CheckID == "" {
		t.Error("the other one was meant")
	}
}

func TestFactsAreTakenOnlyWhileTheQuarterIsOpen(t *testing.T) {
	t.Parallel()
	o := newOffice(t, models.Source{File: t.TempDir() + "/test.db", Unsynced: true})
	if _, refused := o.enter(t, "组织部", ofVillage("甲村", "A1.1", "1")); refused != "2026年第三季度还没有开始考核。" {
		t.Error(refused)
	}
	factOffice(t, o)
	for _, name := range []string{"书记", "东镇党委", "审计", "管理员", "农业局", "村民"} {
		if _, refused := o.enter(t, name, ofVillage("甲村", "A1.1", "1")); refused != "您没有办理这件事的权限。" {
			t.Errorf("%s: %q", name, refused)
		}
	}
	want := map[models.CycleState]string{
		models.CycleSelfEval: "", models.CycleVerification: "",
		models.CycleSuspended:   "2026年第三季度的考核现在是“暂停”，不能录入。",
		models.CycleAggregation: "2026年第三季度已经汇总，不能再录入。", models.CycleFinal: "2026年第三季度已经汇总，不能再录入。",
	}
	for state, text := range want {
		err := o.db.Write(t.Context(), func(tx *models.Tx) error {
			c, err := tx.Cycle(factQuarter())
			if err == nil {
				_, err = tx.MoveCycle(c, state)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, refused := o.enter(t, "组织部", ofVillage("甲村", "A1.1", "1")); refused != text {
			t.Errorf("%s: %q", state, refused)
		}
	}
}

func TestExportedSheetIsTheOneToFill(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		factOffice(t, o)
		_, rows := o.exported(t, "东镇干事")
		if strings.Contains(fmt.Sprint(rows), "乙村") {
			t.Error("another town's village is in the sheet")
		}
		_, all := o.exported(t, "考核组")
		if len(all) <= len(rows) {
			t.Errorf("%d rows of the county, %d of a town", len(all), len(rows))
		}
		var matters []string
		for _, r := range rows {
			if r[3] == "书记" && r[4] == "D1.1" {
				matters = append(matters, r[7])
			}
			if r[3] == "监委" || r[8] != "" {
				t.Errorf("unexpected %q", r)
			}
		}
		if d := cmp.Diff([]string{"迟到早退脱岗（督查）", "重要时段擅自脱岗"}, matters); d != "" {
			t.Errorf("(-want +got)\n%s", d)
		}
		if refused := o.look(t, "书记", func(v *handlers.View) error {
			_, _, err := v.ExportFacts(factQuarter())
			return err
		}); refused != "您没有办理这件事的权限。" {
			t.Error(refused)
		}
	})
}

// What is exported and brought back through a spreadsheet changes nothing.
func TestExportComesBackAsItWas(t *testing.T) {
	t.Parallel()
	o := factOffice(t, newOffice(t, models.Source{File: t.TempDir() + "/test.db", Unsynced: true}))
	log := func(value string) handlers.FactRow { return ofCadre("甲村", "书记", "D2.1", value) }
	vote := func(label, n string) handlers.FactRow {
		return factLine(ofCadre("甲村", "书记", "E1.1", n), label, "")
	}
	noted := ofVillage("甲村", "A1.3", "2")
	noted.Note = "=1+1"
	n, refused := o.enter(
		t, "考核组", noted, ofVillage("甲村", "B2.1", "248/250"), ofVillage("丁村", "B2.1", "97.5%"),
		ofVillage("甲村", "A7.1", "否"), ofVillage("乙村", "B6.1", "不涉及"), ofVillage("乙村", "C4.1", "0.82"),
		factLine(log("2"), "缺工作日志", "7月"), factLine(log("0"), "日志造假", "没有"),
		factLine(ofCadre("乙村", "乙委员", "D2.1", "未到期"), "", "新任"),
		vote("满意", "30"), vote("一般", "2"), vote("弃权", "1"),
	)
	if n != 9 || refused != "" {
		t.Fatalf("%d, %s", n, refused)
	}
	header, rows := o.exported(t, "组织部")
	var b bytes.Buffer
	if err := sheet.Write(&b, "考核数据", header, rows); err != nil {
		t.Fatal(err)
	}
	table, err := sheet.Read(&b, sheet.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	back, err := handlers.FactRows(table)
	if err != nil {
		t.Fatal(err)
	}
	if n, refused := o.enter(t, "组织部", back...); n != 0 || refused != "" {
		t.Errorf("%d changed, %s", n, refused)
	}
}

func TestFactRowsAsksForTheColumns(t *testing.T) {
	t.Parallel()
	_, err := handlers.FactRows(sheet.Table{Header: []string{"类别", "镇", "村", "姓名", "编号", "值"}})
	if text, refused := handlers.Explain(err, ""); !refused || text != "表头缺少“事项”、“说明”，请用导出的表格填写。" {
		t.Error(err)
	}
}
