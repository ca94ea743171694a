package scoring_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/cunkao/cunkao/scoring"
)

// seed is the rubric's machine copy, as the project was given it.
type seed struct {
	ID         string `json:"id"`
	Title      string `json:"title"`
	Dimensions []struct {
		seedPart
		Scope string `json:"scope"`
		Items []struct {
			seedPart
			Checks []seedCheck `json:"checks"`
		} `json:"items"`
	} `json:"dimensions"`
	Adjustments []struct {
		seedPart
		Scope  string           `json:"scope"`
		Sign   int              `json:"sign"`
		Levels map[string]int64 `json:"levels"`
		Flat   int64            `json:"flat"`
	} `json:"adjustments"`
	SameMatter bool           `json:"same_matter_highest_only"`
	Grades     map[string]any `json:"grades"`
	TieBreak   []string       `json:"tie_break"`
	Pay        map[string]any `json:"pay"`
}

type seedPart struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Points int64  `json:"points"`
}

type seedCheck struct {
	seedPart
	Text     string         `json:"text"`
	Scorer   string         `json:"scorer"`
	Evidence []string       `json:"evidence"`
	Rule     map[string]any `json:"rule"`
}

// number is a number as the machine copy is read.
func number(n int64) json.Number { return json.Number(strconv.FormatInt(n, 10)) }

func readSeed(t *testing.T) seed {
	t.Helper()
	b, err := os.ReadFile("../../shared/rubric/seed-default-v1.json")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the rubric's machine copy is not here")
	}
	var s seed
	if err == nil {
		dec := json.NewDecoder(bytes.NewReader(b))
		dec.UseNumber()
		err = dec.Decode(&s)
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestDefaultRubricIsTheMachineCopy(t *testing.T) {
	t.Parallel()
	s, r := readSeed(t), theDefault(t)
	want, got := map[string]any{}, map[string]any{}
	for _, d := range s.Dimensions {
		want[d.ID] = []any{d.Name, d.Points, d.Scope}
		for _, it := range d.Items {
			want[it.ID] = []any{it.Name, it.Points}
			for _, c := range it.Checks {
				want[c.ID] = []any{c.Text, c.Points, c.Scorer, c.Evidence, c.Rule}
			}
		}
	}
	for _, d := range r.Dimensions {
		got[d.ID] = []any{d.Name, int64(d.Points), string(d.Scope)}
		for _, it := range d.Items {
			got[it.ID] = []any{it.Name, int64(it.Points)}
			for _, c := range it.Checks {
				got[c.ID] = []any{c.Text, int64(c.Points), seedScorer(c.Scorer), c.Evidence, seedRule(c.Rule)}
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("dimensions, items and checks (-want +got):\n%s", diff)
	}
}

func TestDefaultRubricHasTheMachineCopysLimits(t *testing.T) {
	t.Parallel()
	s, r := readSeed(t), theDefault(t)
	for i, a := range s.Adjustments {
		got := r.Adjustments[i]
		levels := map[string]int64{}
		for _, l := range got.Levels {
			levels[l.Level] = int64(l.Points)
		}
		if diff := cmp.Diff([]any{a.ID, a.Name, a.Scope, a.Sign, a.Levels, a.Flat},
			[]any{got.ID, got.Name, got.Scope, got.Sign, levels, int64(got.Flat)}, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", a.ID, diff)
		}
	}
	got := []any{r.ID, r.Title, len(r.Adjustments), r.HighestOnly, r.TieBreak}
	if diff := cmp.Diff([]any{s.ID, s.Title, len(s.Adjustments), s.SameMatter, s.TieBreak}, got); diff != "" {
		t.Errorf("rubric (-want +got):\n%s", diff)
	}
	grades := map[string]any{
		"pass_line": number(int64(r.Grades.PassLine)), "excellent_line": number(int64(r.Grades.ExcellentLine)),
		"excellent_quota_percent": number(int64(r.Grades.ExcellentPercent)), "quota_rounding": string(r.Grades.Rounding),
		"excellent_requires_valid_survey": r.Grades.ExcellentNeedsSurvey,
	}
	if diff := cmp.Diff(s.Grades, grades); diff != "" {
		t.Errorf("grades (-want +got):\n%s", diff)
	}
	pay := map[string]any{
		"base_percent": number(int64(r.Pay.BasePercent)), "bonus_percent": number(int64(r.Pay.BonusPercent)),
		"deduct_percent": number(int64(r.Pay.DeductPercent)), "deduct_percent_second": number(int64(r.Pay.DeductPercentSecond)),
		"rounding":          "half_up_fen",
		"min_service_share": []any{number(int64(r.Pay.MinServiceShare[0])), number(int64(r.Pay.MinServiceShare[1]))},
	}
	if diff := cmp.Diff(s.Pay, pay); diff != "" {
		t.Errorf("pay (-want +got):\n%s", diff)
	}
}

// seedScorer is a scorer as the machine copy names it.
func seedScorer(s string) string {
	known := map[string]string{"考核组": "assessment_group", "系统": "system", "群众": "villagers"}
	if word, ok := known[s]; ok {
		return word
	}
	return "department:" + s
}

// seedRule is a rule as the machine copy writes it.
func seedRule(r scoring.Rule) map[string]any {
	out := map[string]any{"type": string(r.Type)}
	set := func(key string, v any, there bool) {
		if there {
			out[key] = v
		}
	}
	set("step", number(int64(r.Step)), r.Step != 0)
	set("points", number(int64(r.Points)), r.Points != 0)
	set("per", r.Label+"("+r.Unit+")", r.Type == scoring.DeductRule)
	set("metric", r.Metric, r.Metric != "")
	set("due", r.Due, r.Due != "")
	set("target", number(r.Target/100), r.Target != 0)
	set("points_per_pp", number(int64(r.PerPoint)), r.PerPoint != 0)
	set("cap", number(r.Cap/100), r.Cap != 0)
	set("done", r.Done, r.Done != "")
	set("required", r.Required, r.Required != "")
	set("min_valid", number(r.MinValid), r.MinValid != 0)
	events := []any{}
	for _, e := range r.Events {
		events = append(events, map[string]any{"event": e.Event, "points": number(int64(e.Points))})
	}
	set("list", events, r.Type == scoring.DeductListRule)
	set("minus", events, r.Type == scoring.RatioObligationRule)
	weights, excluded := map[string]any{}, []any{}
	for _, v := range r.Votes {
		weights[v.Vote] = number(v.Weight)
	}
	for _, v := range r.Excluded {
		excluded = append(excluded, v)
	}
	set("weights", weights, len(weights) > 0)
	set("excluded", excluded, len(excluded) > 0)
	return out
}
