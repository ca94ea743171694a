package handlers_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/scoring"
)

var third = calendar.Quarter{Year: 2026, N: 3}

// step lets the clock take a quarter on, and returns the state it is in then.
func (o *office) step(t testing.TB, at time.Time) models.CycleState {
	t.Helper()
	o.set(at)
	for i := range 10 {
		c := o.cycle(t)
		if c.State == models.CycleAggregation {
			for _, seq := range c.Sequences {
				o.job(t, "compute:"+seq.ID, func(d *handlers.Desk) error { return d.Compute(seq.ID) })
			}
		}
		moved := false
		o.job(t, fmt.Sprintf("step:%d:%d:%d", at.Unix(), c.Version, i), func(d *handlers.Desk) (err error) {
			moved, err = d.StepCycle(third)
			return err
		})
		if !moved {
			break
		}
	}
	return o.cycle(t).State
}

func (o *office) cycle(t testing.TB) (c handlers.CycleCard) {
	t.Helper()
	o.look(t, "组织部", func(v *handlers.View) error {
		cards, err := v.Cycles()
		c = cards[0]
		return err
	})
	return c
}

// take takes a step of the first sequence that waits for somebody.
func (o *office) take(t testing.TB, name, step string) string {
	t.Helper()
	return o.do(t, name, fmt.Sprintf("take:%d", o.n.Add(1)), func(d *handlers.Desk) error {
		w, err := d.Waiting(step, "")
		if err != nil {
			return err
		}
		if len(w) == 0 {
			return handlers.Refuse("没有。")
		}
		return d.TakeStep(w[0])
	})
}

// reviewed takes an office's quarter to where it waits for the towns.
func reviewed(t *testing.T, o *office) {
	t.Helper()
	o.set(third.First().At(0, 30))
	o.openCycle(t, third)
	if got := o.step(t, on(10, 23).At(0, 10)); got != models.CycleTownReview {
		t.Fatalf("the quarter is in %s", got)
	}
}

func TestTheClockMovesAQuarterByItsDeadlines(t *testing.T) {
	t.Parallel()
	o := newOffice(t, models.Source{File: t.TempDir() + "/t.db", Unsynced: true})
	o.set(third.First().At(0, 30))
	o.openCycle(t, third)
	for _, tc := range []struct {
		at   time.Time
		want models.CycleState
	}{
		{on(9, 30).At(23, 59), models.CycleOpen},
		{on(10, 1).At(0, 10), models.CycleSelfEval},
		{on(10, 13).At(23, 0), models.CycleSelfEval}, // the fifth working day: 8th, 9th, Saturday the 10th, worked, 12th, 13th
		{on(10, 14).At(0, 10), models.CycleVerification},
		{on(10, 22).At(23, 59), models.CycleVerification},
		{on(10, 23).At(0, 10), models.CycleTownReview},
		{on(12, 1).At(0, 10), models.CycleTownReview}, // no clock confirms for a person
	} {
		if got := o.step(t, tc.at); got != tc.want {
			t.Errorf("at %s: %s, want %s", tc.at.Format("01-02 15:04"), got, tc.want)
		}
	}
}

func TestAQuarterIsPublishedByTwoOrganisations(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		reviewed(t, o)
		for _, tc := range []struct{ who, step, want string }{
			{"组织部", "备案", "没有。"}, // not before the towns
			{"西镇党委", "审定", ""},
			{"西镇党委", "审定", ""},
			{"西镇党委", "审定", "没有。"},
			{"组织部", "备案", "没有。"}, // not before all towns
			{"东镇党委", "审定", ""},
			{"东镇干事", "审定", "没有。"},
			{"书记", "审定", "没有。"},
			{"东镇党委", "审定", ""},
			{"东镇党委", "公布", "没有。"}, // not before it is filed
			{"组织部", "备案", ""},
			{"组织部", "备案", ""},
			{"组织部", "备案", ""},
			{"组织部", "备案", ""},
			{"组织部", "公布", "没有。"},
			{"东镇党委", "公布", ""},
			{"东镇党委", "公布", ""},
			{"西镇党委", "公布", ""},
		} {
			if got := o.take(t, tc.who, tc.step); got != tc.want {
				t.Fatalf("%s %s: %q, want %q", tc.who, tc.step, got, tc.want)
			}
		}
		if got := o.cycle(t).State; got != models.CycleCountyFiling {
			t.Errorf("before the last town published: %s", got)
		}
		if said := o.take(t, "西镇党委", "公布"); said != "" {
			t.Fatal(said)
		}
		if got := o.cycle(t).State; got != models.CyclePublicNotice {
			t.Errorf("after the last town published: %s", got)
		}
		o.readsTheResult(t)
		if got := o.step(t, on(11, 2).At(23, 0)); got != models.CyclePublicNotice {
			t.Errorf("on the tenth day: %s", got)
		}
		if got := o.step(t, on(11, 3).At(0, 10)); got != models.CycleFinal {
			t.Errorf("after notice and appeal: %s", got)
		}
	})
}

func (o *office) readsTheResult(t *testing.T) {
	t.Helper()
	said := o.look(t, "委员", func(v *handlers.View) error {
		results, err := v.MyResults()
		if err != nil || len(results) != 1 {
			return fmt.Errorf("%d results: %w", len(results), err)
		}
		r := results[0]
		if r.Grade != scoring.Qualified || r.Pay.QuarterTotal != 4800_00 || r.Published == nil {
			t.Errorf("result = %s, %s, published %v", r.Grade, r.Pay.QuarterTotal, r.Published)
		}
		return nil
	})
	if said != "" {
		t.Error(said)
	}
	if said := o.look(t, "村民", func(v *handlers.View) error { _, err := v.MyResults(); return err }); said == "" {
		t.Error("a villager reads results of points")
	}
	var public []handlers.PublicNotice
	o.look(t, "o-stranger", func(v *handlers.View) (err error) { public, err = v.Notices(); return err })
	if len(public) != 4 || public[0].Rows[0].Total != 0 {
		t.Errorf("public notices = %+v", public)
	}
}

func TestAResultIsComputedAgainToTheSameBytes(t *testing.T) {
	t.Parallel()
	o := newOffice(t, models.Source{File: t.TempDir() + "/t.db", Unsynced: true})
	reviewed(t, o)
	rubric, err := scoring.Default()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	err = o.db.Read(t.Context(), func(tx *models.Tx) error {
		seqs, err := tx.Sequences(third)
		for _, seq := range seqs {
			rows, err := tx.Results(seq.ID, seq.Round)
			if err != nil {
				return err
			}
			for _, r := range rows {
				n++
				recompute(t, rubric, r)
			}
		}
		return err
	})
	if err != nil || n != 7 {
		t.Errorf("%d results, %v", n, err)
	}
}

func recompute(t *testing.T, rubric *scoring.Rubric, r models.Result) {
	t.Helper()
	var d handlers.Dossier
	if err := json.Unmarshal([]byte(r.Facts), &d); err != nil {
		t.Fatal(err)
	}
	sheet, err := scoring.Assess(rubric, d.Village, d.Cadre, d.Events)
	if err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(sheet)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r.Sheet, string(again)); diff != "" {
		t.Errorf("sheet of %s (-stored +again):\n%s", r.PersonID, diff)
	}
	pay, err := json.Marshal(scoring.PayQuarter(rubric.Pay, d.Service, scoring.Outcome{Grade: scoring.Grade(r.Grade), Second: r.Fails > 1}))
	if err != nil || string(pay) != r.Pay {
		t.Errorf("pay of %s = %s, %v; stored %s", r.PersonID, pay, err, r.Pay)
	}
}

func TestAStepTakenTwiceAtOnceIsTakenOnce(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		reviewed(t, o)
		var w []handlers.Waiting
		o.look(t, "东镇党委", func(v *handlers.View) (err error) { w, err = v.Waiting("审定", ""); return err })
		said := make([]string, 8)
		var all sync.WaitGroup
		for i := range said {
			all.Go(func() {
				_, err := o.Do(context.WithoutCancel(t.Context()), o.by("东镇党委", fmt.Sprintf("race:%d", i)), func(d *handlers.Desk) (string, error) {
					return "", d.TakeStep(w[0])
				})
				said[i] = refusal(t, err)
			})
		}
		all.Wait()
		done := 0
		for _, s := range said {
			if s == "" {
				done++
			} else if !strings.Contains(s, "审定") {
				t.Errorf("a loser reads %q", s)
			}
		}
		if done != 1 {
			t.Errorf("the step was taken %d times: %q", done, said)
		}
	})
}

func TestTheLastStepsOfTwoTownsAtOnceMoveTheQuarterOn(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		reviewed(t, o)
		o.take(t, "东镇党委", "审定")
		o.take(t, "西镇党委", "审定")
		var all sync.WaitGroup
		for _, name := range []string{"东镇党委", "西镇党委"} {
			all.Go(func() {
				if said := o.take(t, name, "审定"); said != "" {
					t.Errorf("%s: %s", name, said)
				}
			})
		}
		all.Wait()
		if got := o.cycle(t).State; got != models.CycleCountyFiling {
			t.Errorf("the quarter stands at %s", got)
		}
	})
}

func TestAQuarterKeepsThePolicyItOpenedWith(t *testing.T) {
	t.Parallel()
	o := newOffice(t, models.Source{File: t.TempDir() + "/t.db", Unsynced: true})
	o.set(third.First().At(0, 30))
	o.openCycle(t, third)
	if said := o.do(t, "组织部", "again", func(d *handlers.Desk) error { return d.OpenCycle(third, scoring.DefaultSource()) }); !strings.Contains(said, "已经开始考核") {
		t.Errorf("opened twice: %q", said)
	}
	if said := o.do(t, "组织部", "bad", func(d *handlers.Desk) error { return d.OpenCycle(third.Next(), []byte("标题: x")) }); !strings.Contains(said, "考评细则有错") {
		t.Errorf("a broken rubric: %q", said)
	}
	if said := o.do(t, "东镇党委", "town", func(d *handlers.Desk) error { return d.OpenCycle(third.Next(), scoring.DefaultSource()) }); said != "您没有办理这件事的权限。" {
		t.Errorf("a town opened a quarter: %q", said)
	}
}

func TestACombinedPostIsOnePersonAndOneAssessment(t *testing.T) {
	t.Parallel()
	o := newOffice(t, models.Source{File: t.TempDir() + "/t.db", Unsynced: true})
	reviewed(t, o)
	var rows []handlers.ResultRow
	o.look(t, "组织部", func(v *handlers.View) error {
		for _, seq := range o.cycle(t).Sequences {
			r, err := v.SequenceResults(seq)
			if err != nil {
				return err
			}
			rows = append(rows, r...)
		}
		return nil
	})
	n := 0
	for _, r := range rows {
		if r.Name == "一肩挑" {
			n++
			if r.Post != "村党组织书记兼村委会主任" {
				t.Errorf("post = %s", r.Post)
			}
		}
	}
	if n != 1 || len(rows) != 7 {
		t.Errorf("%d results of the combined post, %d in all", n, len(rows))
	}
}

func TestWhoChangedVillagesIsAssessedOnceWhereMostDaysWere(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		// The member of 甲村 went to 丁村 on the 1st of August: 31 days and 61.
		err := o.db.Write(t.Context(), func(tx *models.Tx) error {
			id := o.ids["委员"]
			posts, err := tx.PostsOf(id)
			if err != nil {
				return err
			}
			if err := tx.EndPost(posts[0].ID, calendar.Date{}, on(7, 31)); err != nil {
				return err
			}
			return tx.AddPost(&models.Post{
				ID: tx.NewID(), PersonID: id, VillageID: o.village(t, "丁村"), Title: models.CommitteeMember,
				FromDay: on(8, 1), Subsidized: true,
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		reviewed(t, o)
		n := 0
		for _, seq := range o.cycle(t).Sequences {
			o.look(t, "组织部", func(v *handlers.View) error {
				rows, err := v.SequenceResults(seq)
				for _, r := range rows {
					if r.Name == "委员" {
						n++
						if r.Village != "丁村" {
							t.Errorf("assessed in %s", r.Village)
						}
					}
				}
				return err
			})
		}
		if n != 1 {
			t.Errorf("assessed %d times", n)
		}
	})
}
