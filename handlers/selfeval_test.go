package handlers_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/scoring"
)

// selfEvaluating is an office on the first working day after the third quarter.
func selfEvaluating(t testing.TB, o *office) {
	t.Helper()
	o.set(third.First().At(0, 30))
	o.openCycle(t, third)
	if got := o.step(t, on(10, 8).At(9, 0)); got != models.CycleSelfEval {
		t.Fatalf("the quarter is in %s", got)
	}
}

// evaluation is one with full points, but for what is named.
func evaluation(version int, less map[string]scoring.Points) handlers.SelfEvalRequest {
	req := handlers.SelfEvalRequest{Quarter: third, Version: version, Statement: "修了村道。", Marks: map[string]handlers.SelfMark{}}
	for check, full := range map[string]scoring.Points{"D1.1": 250, "D2.1": 150, "D3.1": 150, "D4.1": 100, "D5.1": 100, "D6.1": 100, "D7.1": 50, "D8.1": 100} {
		req.Marks[check] = handlers.SelfMark{Points: full - less[check]}
	}
	return req
}

func submit(req handlers.SelfEvalRequest) func(*handlers.Desk) error {
	return func(d *handlers.Desk) error { _, err := d.SubmitSelfEval(req); return err }
}

func (o *office) sheet(t testing.TB, who, whose string) (s handlers.SelfEvalSheet, refused string) {
	t.Helper()
	refused = o.look(t, who, func(v *handlers.View) (err error) {
		s, err = v.SelfEvalSheet(o.ids[whose], calendar.Quarter{})
		return err
	})
	return s, refused
}

// TestWhatASelfEvaluationMustBe is each rule of one.
func TestWhatASelfEvaluationMustBe(t *testing.T) {
	t.Parallel()
	marked := func(check string, p scoring.Points, words string) handlers.SelfEvalRequest {
		req := evaluation(0, nil)
		req.Marks[check] = handlers.SelfMark{Points: p, Words: words}
		return req
	}
	for name, tc := range map[string]struct {
		who, refused, field string
		at                  time.Time
		req                 handlers.SelfEvalRequest
	}{
		"all of it":            {req: evaluation(0, nil)},
		"one item":             {req: handlers.SelfEvalRequest{Quarter: third, Marks: map[string]handlers.SelfMark{"D3.1": {Points: 0}}}},
		"no item":              {req: handlers.SelfEvalRequest{Quarter: third}, refused: "一项都还没有评", field: "item1"},
		"more than full":       {req: marked("D2.1", 151, ""), refused: "满分1.50", field: "item2"},
		"less than nothing":    {req: marked("D1.1", -1, ""), refused: "0到2.50", field: "item1"},
		"words without end":    {req: marked("D1.1", 1, strings.Repeat("长", 201)), refused: "200字", field: "item1"},
		"a statement too long": {req: handlers.SelfEvalRequest{Quarter: third, Marks: evaluation(0, nil).Marks, Statement: strings.Repeat("长", 1001)}, refused: "1000字", field: "statement"},
		"another version":      {req: evaluation(1, nil)}, // there is none yet: it is the first
		"the last minute":      {req: evaluation(0, nil), at: on(10, 13).At(23, 59)},
		"too late":             {req: evaluation(0, nil), at: on(10, 14).At(0, 0), refused: "10月13日 周二截止了。没有交的不扣分"},
		"another quarter":      {req: handlers.SelfEvalRequest{Quarter: third.Prev(), Marks: evaluation(0, nil).Marks}, refused: "没有要自评的季度"},
		"a villager":           {who: "村民", req: evaluation(0, nil), refused: "没有办理这件事的权限"},
		"the supervisor":       {who: "监委", req: evaluation(0, nil), refused: "没有办理这件事的权限"},
		"nobody":               {who: "o-stranger", req: evaluation(0, nil), refused: "没有绑定身份"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachOffice(t, func(t *testing.T, o *office) {
				selfEvaluating(t, o)
				if !tc.at.IsZero() {
					o.set(tc.at)
				}
				who := tc.who
				if who == "" {
					who = "委员"
				}
				_, err := o.Do(t.Context(), o.by(who, "submit"), func(d *handlers.Desk) (string, error) { return "", submit(tc.req)(d) })
				refused := refusal(t, err)
				if tc.refused == "" && refused != "" || !strings.Contains(refused, tc.refused) {
					t.Fatalf("refused %q, want %q", refused, tc.refused)
				}
				if r, ok := errors.AsType[*handlers.Refusal](err); ok && r.Field != tc.field {
					t.Errorf("it asks for %q again, want %q", r.Field, tc.field)
				}
			})
		})
	}
}

// TestASelfEvaluationIsNotForgedUnderAnotherCheck: a check of the village is nobody's own.
func TestASelfEvaluationIsNotForgedUnderAnotherCheck(t *testing.T) {
	t.Parallel()
	o := newOffice(t, models.Source{File: t.TempDir() + "/t.db", Unsynced: true})
	selfEvaluating(t, o)
	req := evaluation(0, nil)
	req.Marks["A1.1"] = handlers.SelfMark{Points: 100}
	_, err := o.Do(t.Context(), o.by("委员", "x"), func(d *handlers.Desk) (string, error) { return "", submit(req)(d) })
	if _, refused := errors.AsType[*handlers.Refusal](err); err == nil || refused {
		t.Errorf("err = %v", err)
	}
}

// TestOneSelfEvaluationIsChangedByItsVersion (F046): two devices, one draft.
func TestOneSelfEvaluationIsChangedByItsVersion(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.set(third.First().At(0, 30))
		o.openCycle(t, third)
		save := func(version int, key string) string {
			return o.do(t, "委员", key, func(d *handlers.Desk) error {
				_, err := d.SaveSelfEval(evaluation(version, nil))
				return err
			})
		}
		if said := o.do(t, "委员", "early", submit(evaluation(0, nil))); !strings.Contains(said, "从10月1日 周四开始交") {
			t.Errorf("before its time: %q", said)
		}
		if said := save(0, "kept"); said != "" {
			t.Fatal(said)
		}
		if said := save(0, "again"); !strings.Contains(said, "在别处改过") {
			t.Errorf("a second draft: %q", said)
		}
		o.step(t, on(10, 8).At(9, 0))
		if said := o.do(t, "委员", "submit", submit(evaluation(1, map[string]scoring.Points{"D1.1": 30}))); said != "" {
			t.Fatal(said)
		}
		if said := save(2, "draft"); !strings.Contains(said, "已经交了") {
			t.Errorf("a draft after it was submitted: %q", said)
		}
		if said := o.do(t, "委员", "stale", submit(evaluation(1, nil))); !strings.Contains(said, "在别处改过") {
			t.Errorf("the other device: %q", said)
		}
		s, _ := o.sheet(t, "委员", "委员")
		if s.State != models.SelfEvalSubmitted || s.Version != 2 || s.Items[0].Mark.Points != 220 || s.Statement != "修了村道。" {
			t.Errorf("sheet = %+v, first mark %+v", s, s.Items[0].Mark)
		}
		if said := o.do(t, "委员", "better", submit(evaluation(2, nil))); said != "" {
			t.Errorf("another in its place: %q", said)
		}
	})
}

// TestWhoEntersASelfEvaluationFromPaper: those who may, in their scope, and nothing over
// what a cadre submitted himself.
func TestWhoEntersASelfEvaluationFromPaper(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		selfEvaluating(t, o)
		register := func(who, whose string, version int) string {
			return o.do(t, who, o.key(), func(d *handlers.Desk) error {
				_, err := d.RegisterSelfEval(o.ids[whose], evaluation(version, nil))
				return err
			})
		}
		const no = "没有办理这件事的权限"
		for _, tc := range []struct {
			who, whose, refused string
			version             int
		}{
			{"书记", "委员", "", 0},
			{"书记", "委员", "在别处改过", 0},
			{"东镇干事", "委员", "", 1},
			{"书记", "书记", "请回复“自评”", 0},
			{"主任", "委员", no, 2},
			{"委员", "主任", no, 0},
			{"书记", "乙委员", no, 0},
			{"东镇干事", "乙委员", no, 0},
			{"东镇党委", "委员", no, 2},
			{"组织部", "委员", no, 2},
			{"管理员", "委员", no, 2},
		} {
			if got := register(tc.who, tc.whose, tc.version); tc.refused == "" && got != "" || !strings.Contains(got, tc.refused) {
				t.Errorf("%s for %s: %q, want %q", tc.who, tc.whose, got, tc.refused)
			}
		}
		if s, _ := o.sheet(t, "委员", "委员"); !s.Paper || s.Version != 2 {
			t.Errorf("from paper: %+v", s)
		}
		if s, _ := o.sheet(t, "书记", "委员"); s.Draft != "" || s.Items[0].Mark != nil || s.Items[0].Recorded != nil || s.Statement != "" {
			t.Errorf("the one who enters it reads %+v", s)
		}
		if said := o.do(t, "委员", "own", submit(evaluation(2, nil))); said != "" {
			t.Error(said)
		}
		if got := register("书记", "委员", 3); !strings.Contains(got, "已经自己交了") {
			t.Errorf("over his own: %q", got)
		}
		for _, who := range []string{"主任", "乙委员", "东镇党委", "村民"} {
			if _, refused := o.sheet(t, who, "委员"); !strings.Contains(refused, no) {
				t.Errorf("%s reads it: %q", who, refused)
			}
		}
	})
}

// TestWhoSaysNothingOfHimselfIsMissingAndLosesNothing: reminded twice, then missing.
func TestWhoSaysNothingOfHimselfIsMissingAndLosesNothing(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		selfEvaluating(t, o)
		o.do(t, "委员", "submit", submit(evaluation(0, nil)))
		o.do(t, "主任", "keep", func(d *handlers.Desk) error { _, err := d.SaveSelfEval(evaluation(0, nil)); return err })
		for _, tc := range []struct {
			day  calendar.Date
			want int // notices by then
		}{{on(10, 8), 0}, {on(10, 9), 6}, {on(10, 10), 6}, {on(10, 12), 12}, {on(10, 13), 12}} {
			o.set(tc.day.At(8, 40))
			for range 2 { // told once, however often it is looked
				o.job(t, o.key(), func(d *handlers.Desk) error { return d.RemindSelfEvals(tc.day) })
			}
			if got := o.queued(t, handlers.NoticeSelfEval); got != tc.want {
				t.Errorf("by %s %d are reminded, want %d", tc.day, got, tc.want)
			}
		}
		if got := o.step(t, on(10, 23).At(0, 10)); got != models.CycleTownReview {
			t.Fatalf("the quarter is in %s", got)
		}
		states, totals := map[models.SelfEvalState]int{}, map[int64]bool{}
		err := o.db.Read(t.Context(), func(tx *models.Tx) error {
			for _, who := range []string{"书记", "主任", "委员", "副书记", "一肩挑", "乙委员", "乙副书记"} {
				row, err := tx.SelfEval(third, o.ids[who])
				if err != nil {
					return err
				}
				states[row.State]++
				results, err := tx.ResultsOf(o.ids[who])
				if err != nil {
					return err
				}
				totals[results[0].Total] = true
			}
			return nil
		})
		if err != nil || states[models.SelfEvalMissing] != 6 || states[models.SelfEvalSubmitted] != 1 || len(totals) != 1 {
			t.Errorf("states %v, totals %v, %v", states, totals, err)
		}
	})
}

// queued counts the notices of a kind.
func (o *office) queued(t testing.TB, kind string) (n int) {
	t.Helper()
	for who := range o.ids {
		n += len(o.notices(t, who, kind))
	}
	return n
}

// TestWhereTheTwoScoresAreFarApartItIsLookedAtAgain: who sees the list, who closes it, and
// when the cadre is told.
func TestWhereTheTwoScoresAreFarApartItIsLookedAtAgain(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		selfEvaluating(t, o)
		o.do(t, "委员", "a", submit(evaluation(0, map[string]scoring.Points{"D3.1": 16, "D2.1": 15}))) // more than a tenth, and just that
		o.do(t, "主任", "b", submit(evaluation(0, map[string]scoring.Points{"D2.1": 15})))
		o.do(t, "乙委员", "c", submit(evaluation(0, map[string]scoring.Points{"D1.1": 250})))
		o.step(t, on(10, 23).At(0, 10))
		gaps := func(who string) (out []handlers.Gap, refused string) {
			refused = o.look(t, who, func(v *handlers.View) (err error) { out, err = v.GapList(); return err })
			return out, refused
		}
		east, _ := gaps("东镇党委")
		if len(east) != 1 || east[0].Name != "委员" || len(east[0].Items) != 8 || !east[0].Items[2].Far || east[0].Items[1].Far || east[0].Statement != "" {
			t.Fatalf("the town's list: %+v", east)
		}
		if all, _ := gaps("组织部"); len(all) != 2 {
			t.Errorf("the county's list: %+v", all)
		}
		for _, who := range []string{"委员", "书记", "东镇干事", "考核组", "审计", "o-stranger"} {
			if _, refused := gaps(who); refused == "" {
				t.Errorf("%s reads the list", who)
			}
		}
		closes := func(who, reason string) string {
			return o.do(t, who, o.key(), func(d *handlers.Desk) error { return d.CloseRecheck(east[0].ResultID, reason) })
		}
		o.kin(t, "东镇党委", "委员")
		for _, tc := range []struct{ who, reason, want string }{
			{"西镇党委", "假条属实，不变", "不用复核"},
			{"东镇干事", "假条属实，不变", "没有办理这件事的权限"},
			{"东镇党委", "假条属实，不变", "本人或亲属"},
			{"组织部", "不变", "写清复核的理由"},
			{"组织部", strings.Repeat("长", 201), "200字"},
			{"组织部", "假条属实，不变", ""},
			{"组织部", "假条属实，再变", "已经复核过了"},
		} {
			if got := closes(tc.who, tc.reason); tc.want == "" && got != "" || !strings.Contains(got, tc.want) {
				t.Errorf("%s closes: %q, want %q", tc.who, got, tc.want)
			}
		}
		o.toldWhenPublished(t)
	})
}

// toldWhenPublished: the reason goes out with the result, and is read only then.
func (o *office) toldWhenPublished(t *testing.T) {
	t.Helper()
	beside := func() (c handlers.SelfCompared, published bool) {
		o.look(t, "委员", func(v *handlers.View) (err error) { c, published, err = v.MySelfEvals(third); return err })
		return c, published
	}
	if c, published := beside(); published || c.Recheck != "" || c.Group != 0 || c.Self != 969 {
		t.Errorf("before it is published: %+v", c)
	}
	o.look(t, "o-stranger", func(v *handlers.View) error {
		all, err := v.Notices()
		for _, n := range all {
			for _, r := range n.Rows {
				if r.Self.State != "" {
					t.Errorf("everybody reads %+v", r)
				}
			}
		}
		return err
	})
	for _, step := range []struct{ who, step string }{
		{"西镇党委", "审定"},
		{"西镇党委", "审定"},
		{"东镇党委", "审定"},
		{"东镇党委", "审定"},
		{"组织部", "备案"},
		{"组织部", "备案"},
		{"组织部", "备案"},
		{"组织部", "备案"},
		{"东镇党委", "公布"},
		{"东镇党委", "公布"},
	} {
		if said := o.take(t, step.who, step.step); said != "" {
			t.Fatalf("%s %s: %s", step.who, step.step, said)
		}
	}
	if c, published := beside(); !published || c.Recheck != "假条属实，不变" || c.Group != 1000 {
		t.Errorf("published: %+v", c)
	}
	told := o.notices(t, "委员", handlers.NoticeResult)
	if len(told) != 1 || told[0]["recheck"] != "假条属实，不变" {
		t.Errorf("told %+v", told)
	}
}
