package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"github.com/cunkao/cunkao/scoring"
)

// explained is the text for people of an input.
func explained(t *testing.T, input string) string {
	t.Helper()
	var out strings.Builder
	if exit := score("seed-default-v1", strings.NewReader(input), &out, true); exit != 0 {
		t.Fatalf("exit %d: %s", exit, out.String())
	}
	return out.String()
}

func TestScoreExplainsEveryForm(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/score/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			for _, c := range casesOf(t, file) {
				text := explained(t, string(c.Input))
				if text == "" && len(c.Output) > 0 {
					t.Errorf("%s says nothing", c.Title)
				}
				if strings.Contains(text, "%!") || strings.Contains(text, "（）") {
					t.Errorf("%s is badly written:\n%s", c.Title, text)
				}
			}
		})
	}
}

func TestScoreExplainsWhyPointsWereLost(t *testing.T) {
	t.Parallel()
	text := explained(t, inputOf("assess", `, "quarter": "2026Q2", "month_standard_yuan": 2000, "second_fail": true,
		"village_facts": {"B2.1": {"numerator": 248, "denominator": 250}, "A4.1": 9, "B6.1": "n/a"},
		"cadre_facts": {"D1.1": {"duty_absent": 2}, "E1.1": {"satisfied": 6}},
		"events": [{"id": "F4", "level": "national", "matter": "资金"}, {"id": "F5", "matter": "曝光"},
			{"id": "F4", "level": "national", "matter": "安全"}, {"id": "F5", "matter": "造假"}]`))
	for _, want := range []string{
		"2026年第二季度\n",
		"A4 组织生活正常 3.50分（满分6.00）\n",
		"A4.1 少开 9次，扣2.70（第七条（一）4）\n",
		"A4.1 A4.1扣完为止，0.20分不再扣",
		"B2.1 248/250（99.20%），低于100%，扣0.16（第七条（二）2）\n",
		"B6.1 不涉及，按满分计",
		"D1.1 排定在岗日无故缺岗 2天，扣0.60（第七条（四）1）\n",
		"E 群众评价 不计（满分10.00）\n",
		"E1.1 有效票6张，不足10张，本维度不计",
		"F5 新闻媒体曝光造成社会不良影响“曝光” -10.00（第八条（二）2）\n",
		"总分：56.38\n",
		"等次：不合格\n",
		"绩效补贴：标准4800.00元，扣除2400.00元，实发2400.00元（第十一条）\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the text does not say %q", want)
		}
	}
	if t.Failed() {
		t.Log(text)
	}
}

func TestScoreTakesARubricFromAFile(t *testing.T) {
	t.Parallel()
	src := strings.Replace(string(scoring.DefaultSource()), "名额取整: 向下", "名额取整: 至少一名", 1)
	file := filepath.Join(t.TempDir(), "county.yaml")
	if err := os.WriteFile(file, []byte(src), 0o600); err != nil {
		t.Fatal(err)
	}
	input := inputOf("rank", `, "sequence": [{"name": "甲", "total": 95}]`)
	for rubric, want := range map[string]string{file: `"甲": "优秀"`, "seed-default-v1": `"甲": "合格"`} {
		var out strings.Builder
		if exit := score(rubric, strings.NewReader(input), &out, false); exit != 0 || !strings.Contains(out.String(), want) {
			t.Errorf("%s: exit %d, want %s in\n%s", rubric, exit, want, out.String())
		}
	}
}

func TestScoreRefusesABadRubric(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "county.yaml")
	src := strings.Replace(string(scoring.DefaultSource()), "总分: 100", "总分: 99", 1)
	if err := os.WriteFile(file, []byte(src), 0o600); err != nil {
		t.Fatal(err)
	}
	for rubric, want := range map[string]string{
		file:               "是99.00，但各维度合计100.00",
		file + ".not-here": "没有考评细则",
	} {
		var out strings.Builder
		exit := score(rubric, strings.NewReader(inputOf("spring", `, "year": 2026`)), &out, false)
		if exit != exitBadInput || !strings.Contains(out.String(), `"field": "rubric"`) || !strings.Contains(out.String(), want) {
			t.Errorf("exit %d, want %s in\n%s", exit, want, out.String())
		}
	}
}

func TestScoreCommand(t *testing.T) {
	t.Parallel()
	spring := inputOf("spring", `, "year": 2026`)
	file := filepath.Join(t.TempDir(), "input.json")
	if err := os.WriteFile(file, []byte(spring), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		args  []string
		stdin string
		want  string
		code  int
	}{
		"reads standard input":                 {nil, spring, "2026-03-17", 0},
		"reads standard input for a dash":      {[]string{"-"}, spring, "2026-03-17", 0},
		"reads the file that is named":         {[]string{file}, "", "2026-03-17", 0},
		"names the rubric":                     {[]string{"--rubric", "seed-default-v1", file}, "", `"deadline"`, 0},
		"explains":                             {[]string{"--explain", file}, "", "春节后1个月：2026-03-17", 0},
		"ends with status 2 for bad input":     {nil, "{}", `"field": "form"`, 2},
		"ends with status 2 for no such file":  {[]string{file + ".not-here"}, "", `"field": "file"`, 2},
		"ends with status 2 for no such rules": {[]string{"--rubric", "x", file}, "", `"field": "rubric"`, 2},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var c scoreCmd
			var out strings.Builder
			k, err := kong.New(&c, kong.Bind(std{in: strings.NewReader(tc.stdin), out: &out}))
			if err != nil {
				t.Fatal(err)
			}
			ctx, err := k.Parse(tc.args)
			if err != nil {
				t.Fatal(err)
			}
			code := 0
			if e, ok := errors.AsType[exitError](ctx.Run()); ok {
				code = e.code
			}
			if code != tc.code || !strings.Contains(out.String(), tc.want) {
				t.Errorf("status %d, want %d and %q in\n%s", code, tc.code, tc.want, out.String())
			}
		})
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestScoreSaysWhenItCannotAnswer(t *testing.T) {
	t.Parallel()
	for _, input := range []string{inputOf("spring", `, "year": 2026`), "{}"} {
		if exit := score("seed-default-v1", strings.NewReader(input), brokenWriter{}, false); exit != exitFault {
			t.Errorf("exit %d, want %d", exit, exitFault)
		}
	}
}

func FuzzScore(f *testing.F) {
	f.Add(inputOf("spring", `, "year": 2026`))
	f.Add(inputOf("assess", `, "village_facts": {"B2.1": {"numerator": 1, "denominator": 3}}`))
	f.Add(inputOf("tenure", `, "quarter": "2026Q2", "standards": [{"month_standard_yuan": "2000.00"}]`))
	r, err := scoring.Default()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, input string) {
		a, err := answerBy(r, strings.NewReader(input))
		if err == nil {
			var w prose
			a.explain(&w)
			err = writeJSON(io.Discard, a)
		}
		if _, refused := errors.AsType[*scoring.InputError](err); err != nil && !refused {
			t.Fatal(err)
		}
	})
}
