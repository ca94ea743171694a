package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// dateCases are the published cases of Chinese dates, beside the repository where
// they are present.
const dateCases = "../shared/dates/"

// dateCase is one of them.
type dateCase struct {
	ID        string           `json:"id"`
	Input     string           `json:"input"`
	Span      string           `json:"span"`
	Reference string           `json:"reference_datetime"`
	Kind      string           `json:"kind"`
	Expected  map[string]any   `json:"expected"`
	Accept    []map[string]any `json:"accept"`
	Tags      []string         `json:"tags"`
	State     json.RawMessage  `json:"state"`
}

// readCases reads a file of cases, and skips the test where it is not present.
func readCases(t *testing.T, name string, into any) {
	t.Helper()
	b, err := os.ReadFile(dateCases + name)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the published cases are not here")
	}
	if err == nil {
		err = json.Unmarshal(b, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// spokenAnswer is a line of understand, as others read it.
type spokenAnswer struct {
	Input    string         `json:"input"`
	Kind     string         `json:"kind"`
	Expected map[string]any `json:"expected"`
	Ask      []struct {
		Kind     string         `json:"kind"`
		Expected map[string]any `json:"expected"`
		Text     string         `json:"text"`
	} `json:"ask"`
	Leave map[string]any `json:"leave"`
}

// understandAll runs the command over the cases.
func understandAll(t *testing.T, cases []dateCase) []spokenAnswer {
	t.Helper()
	var in, out, wrong bytes.Buffer
	enc := json.NewEncoder(&in)
	for _, c := range cases {
		line := map[string]any{"input": c.Input, "reference_datetime": c.Reference}
		if c.Span != "" {
			line["input"] = c.Span
		}
		if c.State != nil {
			line["state"] = c.State
		}
		if err := enc.Encode(line); err != nil {
			t.Fatal(err)
		}
	}
	if code := run(t.Context(), []string{"understand"}, std{in: &in, out: &out, err: &wrong, now: time.Now}); code != 0 {
		t.Fatalf("it ended with %d: %s", code, wrong.String())
	}
	var all []spokenAnswer
	for dec := json.NewDecoder(&out); dec.More(); {
		var a spokenAnswer
		if err := dec.Decode(&a); err != nil {
			t.Fatal(err)
		}
		if a.Ask == nil {
			t.Fatalf("%s has no list of questions", a.Input)
		}
		all = append(all, a)
	}
	if len(all) != len(cases) {
		t.Fatalf("%d answers to %d lines", len(all), len(cases))
	}
	return all
}

// right reports whether an answer is one of those that a case takes.
func (c dateCase) right(a spokenAnswer) bool {
	if c.Kind == "invalid" || c.Kind == "none" {
		return len(a.Expected) == 0 && (a.Kind == "invalid" || a.Kind == "none")
	}
	got := []map[string]any{a.Expected}
	if len(a.Expected) == 0 {
		for _, q := range a.Ask {
			got = append(got, q.Expected)
		}
	}
	for _, want := range append(c.Accept, c.Expected) {
		if slices.ContainsFunc(got, func(g map[string]any) bool { return sameReading(want, g) }) {
			return true
		}
	}
	return false
}

// sameReading compares what a case expects with a reading; of a length one of the
// two numbers is enough.
func sameReading(want, got map[string]any) bool {
	if len(got) == 0 {
		return false
	}
	_, long := want["days"]
	for k, w := range want {
		switch {
		case long && got[k] == w:
			return true
		case !long && got[k] != w:
			return false
		}
	}
	return !long && len(got) == len(want)
}

func (c dateCase) tagged(words ...string) bool {
	return slices.ContainsFunc(c.Tags, func(tag string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(tag, w) })
	})
}

// count is how many of a number of cases are something.
type count struct{ n, of int }

func (c *count) add(is bool) {
	c.of++
	if is {
		c.n++
	}
}

// perMille is the share in thousandths.
func (c *count) perMille() int { return 1000 * c.n / max(c.of, 1) }

func TestThePublishedDatesAreUnderstood(t *testing.T) {
	t.Parallel()
	var file struct {
		Cases []dateCase `json:"cases"`
	}
	readCases(t, "open.json", &file)
	var all, days, silent, asked count
	for i, a := range understandAll(t, file.Cases) {
		c := file.Cases[i]
		ok := c.right(a)
		simplified := !c.tagged("traditional", "cantonese")
		all.add(ok)
		if simplified && slices.Contains([]string{"date", "daterange", "halfday"}, c.Kind) {
			days.add(ok)
		}
		if simplified {
			silent.add(!ok && len(a.Ask) == 0 && a.Kind != "none")
		}
		if !c.tagged("ambiguous") {
			asked.add(len(a.Ask) > 0)
		}
		if !ok {
			t.Logf("%s %s (%s) is %s %v, want %v", c.ID, c.Input, c.Reference, a.Kind, a.Expected, c.Expected)
		}
	}
	t.Logf("right %d of %d, simplified days %d of %d, silently wrong %d of %d, asked of clear ones %d of %d",
		all.n, all.of, days.n, days.of, silent.n, silent.of, asked.n, asked.of)
	if all.perMille() <= 850 || days.perMille() <= 950 || silent.perMille() >= 30 || asked.perMille() > 100 {
		t.Error("the goals are > 85 % of all, > 95 % of simplified days, < 3 % silently wrong, ≤ 10 % asked")
	}
}

func TestThePublishedLeavesAreUnderstoodOrAskedAbout(t *testing.T) {
	t.Parallel()
	var file struct {
		Cases       []dateCase `json:"cases"`
		Corrections []dateCase `json:"corrections"`
	}
	readCases(t, "leave_phrases_open.json", &file)
	cases := append(file.Cases, file.Corrections...)
	for i, a := range understandAll(t, cases) {
		if why := cases[i].leaveWrong(a); why != "" {
			t.Errorf("%s: %s; it is %s %v, %v", cases[i].Input, why, a.Kind, a.Expected, a.Leave)
		}
	}
}

// leaveWrong says what is wrong with an answer to a leave phrase, or nothing.
func (c dateCase) leaveWrong(a spokenAnswer) string {
	if c.Expected["must_ask"] == true {
		if a.Leave != nil || len(a.Ask) == 0 && a.Kind != "invalid" && a.Kind != "none" {
			return "it has to ask"
		}
		return ""
	}
	if c.Expected["must_confirm"] == true && (len(a.Expected) == 0 || len(a.Ask) == 0) {
		return "it has to be confirmed"
	}
	for k, want := range c.Expected {
		if k != "must_confirm" && a.Leave[k] != want {
			return k + " is another"
		}
	}
	return ""
}
