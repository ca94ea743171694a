package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// workedCase is one worked example: an input, and the keys that its answer has
// at least.
type workedCase struct {
	Form   string          `json:"form"`
	Title  string          `json:"title"`
	Input  json.RawMessage `json:"input"`
	Output map[string]any  `json:"output"`
}

func casesOf(t *testing.T, file string) []workedCase {
	t.Helper()
	b, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("%s is not here", file)
	}
	if err != nil {
		t.Fatal(err)
	}
	var all struct {
		Cases []workedCase `json:"cases"`
	}
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatal(err)
	}
	return all.Cases
}

func runCases(t *testing.T, file string) {
	t.Helper()
	for _, c := range casesOf(t, file) {
		t.Run(c.Form+" "+c.Title, func(t *testing.T) {
			t.Parallel()
			exit, got := answered(t, string(c.Input))
			if exit != 0 {
				t.Fatalf("exit %d: %v", exit, got)
			}
			if diff := cmp.Diff(c.Output, wanted(got, c.Output)); diff != "" {
				t.Errorf("output (-want +got):\n%s", diff)
			}
		})
	}
}

// answered scores an input by the default rubric.
func answered(t *testing.T, input string) (exit int, answer map[string]any) {
	t.Helper()
	var out bytes.Buffer
	exit = score("seed-default-v1", strings.NewReader(input), &out, false)
	if err := json.Unmarshal(out.Bytes(), &answer); err != nil {
		t.Fatalf("the answer is no JSON: %v", err)
	}
	return exit, answer
}

// wanted is got without the keys at the top that nobody asked for.
func wanted(got, want map[string]any) map[string]any {
	out := map[string]any{}
	for key := range want {
		if v, ok := got[key]; ok {
			out[key] = v
		}
	}
	return out
}

func TestScoreGivesTheWorkedExamples(t *testing.T) {
	t.Parallel()
	runCases(t, "../shared/examples/open.json")
}

func TestScoreGivesOurOwnExamples(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/score/*.json")
	if err != nil || len(files) != 9 {
		t.Fatalf("%d files of cases, want one for each of 9 forms (%v)", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			runCases(t, file)
		})
	}
}

// inputOf is an input of a form, with the rest of its keys.
func inputOf(form, rest string) string { return `{"form": "` + form + `"` + rest + `}` }

func TestScoreRefusesBadInput(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ input, field string }{
		"nothing at all":                       {``, "input"},
		"half an object":                       {`{"form": "assess"`, "input"},
		"a list":                               {`[]`, "input"},
		"something after the object":           {`{"form": "spring", "year": 2026} x`, "input"},
		"two objects":                          {`{"form": "spring", "year": 2026} {}`, "input"},
		"a key that stands twice":              {`{"form": "spring", "year": 2026, "year": 2027}`, "year"},
		"a fact that stands twice":             {inputOf("assess", `, "village_facts": {"A1.1": 1, "A1.1": 1}`), "village_facts.A1.1"},
		"an event that stands twice":           {inputOf("assess", `, "cadre_facts": {"D1.1": {"duty_absent": 1, "duty_absent": 2}}`), "cadre_facts.D1.1.duty_absent"},
		"too deep":                             {inputOf("assess", `, "x": `+strings.Repeat("[", 40)+strings.Repeat("]", 40)), "x" + strings.Repeat("[0]", 32)},
		"no form":                              {`{}`, "form"},
		"a form that is no word":               {`{"form": 3}`, "form"},
		"an unknown form":                      {`{"form": "judge"}`, "form"},
		"an unknown check":                     {inputOf("assess", `, "village_facts": {"A9.9": 1}`), "village_facts.A9.9"},
		"a cadre's check among the village's":  {inputOf("assess", `, "village_facts": {"D1.1": {}}`), "village_facts.D1.1"},
		"an unknown event":                     {inputOf("assess", `, "cadre_facts": {"D1.1": {"slept": 1}}`), "cadre_facts.D1.1.slept"},
		"a negative count":                     {inputOf("assess", `, "village_facts": {"A1.3": -1}`), "village_facts.A1.3"},
		"half a count":                         {inputOf("assess", `, "village_facts": {"A1.3": 1.5}`), "village_facts.A1.3"},
		"half an event":                        {inputOf("assess", `, "cadre_facts": {"D1.1": {"duty_absent": "0.5"}}`), "cadre_facts.D1.1.duty_absent"},
		"a negative rate":                      {inputOf("assess", `, "village_facts": {"B1.4": "-0.1"}`), "village_facts.B1.4"},
		"a denominator of 0":                   {inputOf("assess", `, "village_facts": {"B2.1": {"numerator": 0, "denominator": 0}}`), "village_facts.B2.1.denominator"},
		"no denominator":                       {inputOf("assess", `, "village_facts": {"B2.1": {"numerator": 1}}`), "village_facts.B2.1"},
		"a judged value off its step":          {inputOf("assess", `, "village_facts": {"A1.1": 0.8}`), "village_facts.A1.1"},
		"a judged value above the check's":     {inputOf("assess", `, "village_facts": {"A1.1": 1.75}`), "village_facts.A1.1"},
		"a negative judged value":              {inputOf("assess", `, "village_facts": {"A1.1": -0.25}`), "village_facts.A1.1"},
		"a number that is none":                {inputOf("assess", `, "village_facts": {"B1.4": "1,5"}`), "village_facts.B1.4"},
		"an empty number":                      {inputOf("assess", `, "village_facts": {"B1.4": ""}`), "village_facts.B1.4"},
		"a list as fact":                       {inputOf("assess", `, "village_facts": {"B1.4": [1]}`), "village_facts.B1.4"},
		"yes for a count":                      {inputOf("assess", `, "village_facts": {"A1.3": true}`), "village_facts.A1.3"},
		"a count for yes":                      {inputOf("assess", `, "village_facts": {"A7.1": 1}`), "village_facts.A7.1"},
		"a number for a list":                  {inputOf("assess", `, "cadre_facts": {"D1.1": 1}`), "cadre_facts.D1.1"},
		"an unknown vote":                      {inputOf("assess", `, "cadre_facts": {"E1.1": {"great": 30}}`), "cadre_facts.E1.1.great"},
		"facts that are no object":             {inputOf("assess", `, "cadre_facts": 3`), "cadre_facts"},
		"an unknown adjustment":                {inputOf("assess", `, "events": [{"id": "F9", "level": "county", "matter": "x"}]`), "events[0].id"},
		"an unknown level":                     {inputOf("assess", `, "events": [{"id": "F1", "level": "village", "matter": "x"}]`), "events[0].level"},
		"no level where there must be one":     {inputOf("assess", `, "events": [{"id": "F5", "matter": "x"}, {"id": "F1", "matter": "x"}]`), "events[1].level"},
		"no matter":                            {inputOf("assess", `, "events": [{"id": "F5"}]`), "events[0].matter"},
		"a quarter that is none":               {inputOf("assess", `, "quarter": "2026Q5"`), "quarter"},
		"pay without a quarter":                {inputOf("assess", `, "month_standard_yuan": "2000.00"`), "quarter"},
		"pay of a third of a fen":              {inputOf("assess", `, "quarter": "2026Q2", "month_standard_yuan": "2000.001"`), "month_standard_yuan"},
		"negative pay":                         {inputOf("assess", `, "quarter": "2026Q2", "month_standard_yuan": -1`), "month_standard_yuan"},
		"a flag that is a word":                {inputOf("assess", `, "second_fail": "yes"`), "second_fail"},
		"rank without a sequence":              {inputOf("rank", ``), "sequence"},
		"a sequence that is no list":           {inputOf("rank", `, "sequence": {}`), "sequence"},
		"a rank without a name":                {inputOf("rank", `, "sequence": [{"total": 90}]`), "sequence[0].name"},
		"a name that stands twice":             {inputOf("rank", `, "sequence": [{"name": "甲", "total": 90}, {"name": "甲", "total": 80}]`), "sequence[1].name"},
		"a rank without a total":               {inputOf("rank", `, "sequence": [{"name": "甲"}]`), "sequence[0].total"},
		"an unknown dimension":                 {inputOf("rank", `, "sequence": [{"name": "甲", "total": 90, "dims": {"X": 1}}]`), "sequence[0].dims.X"},
		"three decimals":                       {inputOf("rank", `, "sequence": [{"name": "甲", "total": 90.001}]`), "sequence[0].total"},
		"an unknown rounding":                  {inputOf("rank", `, "sequence": [], "quota_rounding": "ceil"`), "quota_rounding"},
		"a cadre of no village":                {inputOf("town", `, "quarter": "2026Q3", "villages": {}, "cadres": [{"name": "甲", "village": "东村", "sequence": "head", "month_standard_yuan": 1}]`), "cadres[0].village"},
		"an unknown sequence":                  {inputOf("town", `, "quarter": "2026Q3", "villages": {"东村": {}}, "cadres": [{"name": "甲", "village": "东村", "sequence": "chief", "month_standard_yuan": 1}]`), "cadres[0].sequence"},
		"a cadre's unknown check":              {inputOf("town", `, "quarter": "2026Q3", "villages": {"东村": {}}, "cadres": [{"name": "甲", "village": "东村", "sequence": "head", "month_standard_yuan": 1, "facts": {"A1.1": 1}}]`), "cadres[0].facts.A1.1"},
		"a village's bad fact":                 {inputOf("town", `, "quarter": "2026Q3", "villages": {"东村": {"A1.3": -1}}, "cadres": []`), "villages.东村.A1.3"},
		"an event of no village":               {inputOf("town", `, "quarter": "2026Q3", "villages": {"东村": {}}, "cadres": [], "events": [{"id": "F5", "matter": "x", "village": "西村"}]`), "events[0].village"},
		"an event for a stranger":              {inputOf("town", `, "quarter": "2026Q3", "villages": {"东村": {}}, "cadres": [], "events": [{"id": "F5", "matter": "x", "village": "东村", "applies_to": ["甲"]}]`), "events[0].applies_to[0]"},
		"an event for a word":                  {inputOf("town", `, "quarter": "2026Q3", "villages": {"东村": {}}, "cadres": [], "events": [{"id": "F5", "matter": "x", "village": "东村", "applies_to": "some"}]`), "events[0].applies_to"},
		"a streak of no quarters":              {inputOf("streak", `, "month_standard_yuan": 1, "posts": []`), "scores"},
		"a streak in no quarter":               {inputOf("streak", `, "month_standard_yuan": 1, "posts": [], "scores": {"2026": 1}`), "scores.2026"},
		"a score that is none":                 {inputOf("streak", `, "month_standard_yuan": 1, "posts": [], "scores": {"2026Q1": "good"}`), "scores.2026Q1"},
		"an unknown post":                      {inputOf("streak", `, "month_standard_yuan": 1, "posts": ["mayor"], "scores": {}`), "posts[0]"},
		"no standard":                          {inputOf("tenure", `, "quarter": "2026Q2", "standards": []`), "standards"},
		"standards that overlap":               {inputOf("tenure", `, "quarter": "2026Q2", "standards": [{"from": "2026-01-01", "to": "2026-05-01", "month_standard_yuan": 1}, {"from": "2026-05-01", "month_standard_yuan": 1}]`), "standards[1]"},
		"a standard that ends first":           {inputOf("tenure", `, "quarter": "2026Q2", "standards": [{"from": "2026-05-01", "to": "2026-04-01", "month_standard_yuan": 1}]`), "standards[0].to"},
		"tenure that ends first":               {inputOf("tenure", `, "quarter": "2026Q2", "standards": [{"month_standard_yuan": 1}], "start": "2026-05-02", "end": "2026-05-01"`), "end"},
		"a day that does not exist":            {inputOf("tenure", `, "quarter": "2026Q2", "standards": [{"month_standard_yuan": 1}], "start": "2026-02-30"`), "start"},
		"an unknown grade":                     {inputOf("tenure", `, "quarter": "2026Q2", "standards": [{"month_standard_yuan": 1}], "grade": "良好"`), "grade"},
		"a leave without an end":               {inputOf("leave", `, "reported_at": "2026-05-11T09:00"`), "approved_to"},
		"a leave that ends before it begins":   {inputOf("leave", `, "approved_from": "2026-05-09", "approved_to": "2026-05-08", "reported_at": "2026-05-11T09:00"`), "approved_to"},
		"a leave until the evening":            {inputOf("leave", `, "approved_to": "2026-05-08", "approved_to_part": "night", "reported_at": "2026-05-11T09:00"`), "approved_to_part"},
		"a return that nobody reported":        {inputOf("leave", `, "approved_to": "2026-05-08"`), "reported_at"},
		"a report on a day, without a time":    {inputOf("leave", `, "approved_to": "2026-05-08", "reported_at": "2026-05-11"`), "reported_at"},
		"a negative self-evaluation":           {inputOf("recheck", `, "self": "-1", "group": "1"`), "self"},
		"no score of the group":                {inputOf("recheck", `, "self": "1"`), "group"},
		"a year before the calendar begins":    {inputOf("spring", `, "year": 1492`), "year"},
		"half a year":                          {inputOf("spring", `, "year": 2026.5`), "year"},
		"a bonus over 100 per cent":            {inputOf("pay", `, "quarter": "2026Q2", "month_standard_yuan": 1, "grade": "优秀", "bonus_percent": 130`), "bonus_percent"},
		"pay without a grade":                  {inputOf("pay", `, "quarter": "2026Q2", "month_standard_yuan": 1`), "grade"},
		"a number of more digits than we keep": {inputOf("assess", `, "village_facts": {"B1.4": 76.5000000000000000001}`), "village_facts.B1.4"},
		"a count beyond belief":                {inputOf("assess", `, "village_facts": {"A1.3": 1e15}`), "village_facts.A1.3"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			exit, answer := answered(t, tc.input)
			what, _ := answer["error"].(map[string]any)
			if exit != exitBadInput || what["field"] != tc.field || what["text"] == "" {
				t.Errorf("exit %d, %v; want 2 and field %q", exit, answer, tc.field)
			}
		})
	}
}

func TestScoreTakesWhatMeansTheSame(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ one, other string }{
		"a decimal string is a number": {
			inputOf("assess", `, "village_facts": {"A1.3": "1", "B1.4": "76.5"}, "cadre_facts": {"E1.1": {"satisfied": "20"}}`),
			inputOf("assess", `, "village_facts": {"A1.3": 1.0, "B1.4": 76.50}, "cadre_facts": {"E1.1": {"satisfied": 20}}`),
		},
		"more than the limit is the limit": {
			inputOf("assess", `, "village_facts": {"C4.1": 3, "B1.4": 250, "A4.1": 9}, "cadre_facts": {"D4.1": {"talks_required": 2, "talks_done": 9}}`),
			inputOf("assess", `, "village_facts": {"C4.1": 1, "B1.4": 80, "A4.1": 30}, "cadre_facts": {"D4.1": {"talks_required": 2, "talks_done": 2}}`),
		},
		"nothing named is nothing lost": {
			inputOf("assess", `, "village_facts": {}, "cadre_facts": {"D1.1": {}, "D4.1": {}}, "events": []`),
			inputOf("assess", `, "village_facts": {"A4.3": "not_due", "B6.1": "n/a", "A1.1": null, "A7.1": true}, "cadre_facts": {"D4.1": "n/a"}`),
		},
		"keys that nobody knows are passed over": {
			inputOf("spring", `, "year": "2026"`),
			inputOf("spring", `, "year": 2026, "note": [{}]`),
		},
		"a report stands for the day of return": {
			inputOf("leave", `, "approved_to": "2026-05-08", "reported_at": "2026-05-11T09:00"`),
			inputOf("leave", `, "approved_to": "2026-05-08", "returned_on": "2026-05-11", "reported_at": "2026-05-11T01:00:00Z"`),
		},
		"the rubric rounds the quota down": {
			inputOf("rank", `, "sequence": [{"name": "甲", "total": 95}]`),
			inputOf("rank", `, "sequence": [{"name": "甲", "total": "95.00", "graded": true, "survey_valid": true}], "quota_rounding": "floor"`),
		},
		"a dimension left out is no valid survey": {
			inputOf("rank", `, "sequence": [{"name": "甲", "total": 95, "dims": {"E": null}}], "quota_rounding": "at_least_one"`),
			inputOf("rank", `, "sequence": [{"name": "甲", "total": 95, "survey_valid": false}], "quota_rounding": "at_least_one"`),
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			exit, one := answered(t, tc.one)
			_, other := answered(t, tc.other)
			if diff := cmp.Diff(one, other); exit != 0 || diff != "" {
				t.Errorf("exit %d (-one +other):\n%s", exit, diff)
			}
		})
	}
}
