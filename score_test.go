package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
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

func runCases(t *testing.T, file string) {
	t.Helper()
	b, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("%s is not here", file)
	}
	if err != nil {
		t.Fatal(err)
	}
	var cases struct {
		Cases []workedCase `json:"cases"`
	}
	if err := json.Unmarshal(b, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases.Cases {
		t.Run(c.Form+" "+c.Title, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			exit := score("seed-default-v1", bytes.NewReader(c.Input), &out, false)
			if wantExit := exitFor(c.Output); exit != wantExit {
				t.Fatalf("exit %d, want %d: %s", exit, wantExit, out.String())
			}
			var got map[string]any
			if err := json.Unmarshal(out.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.Output, wanted(got, c.Output)); diff != "" {
				t.Errorf("output (-want +got):\n%s", diff)
			}
		})
	}
}

func exitFor(output map[string]any) int {
	if _, refused := output["error"]; refused {
		return exitBadInput
	}
	return 0
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

func TestOpenCases(t *testing.T) {
	t.Parallel()
	runCases(t, "../shared/examples/open.json")
}

func TestScoreExplains(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	in := `{"form": "assess", "quarter": "2026Q2", "month_standard_yuan": 2000,
		"village_facts": {"B2.1": {"numerator": 248, "denominator": 250}, "A4.1": 9},
		"cadre_facts": {"D1.1": {"duty_absent": 2}}}`
	if exit := score("seed-default-v1", strings.NewReader(in), &out, true); exit != 0 {
		t.Fatal(out.String())
	}
	t.Log(out.String())
}
