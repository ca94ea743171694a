package scoring_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cunkao/cunkao/scoring"
)

func decimal(tb testing.TB, s string) scoring.Decimal {
	tb.Helper()
	d, err := scoring.ParseDecimal(s)
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

func TestValueHasOneJSON(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		json  string
		value scoring.Value
		back  string
	}{
		"yes":                  {`true`, scoring.Flag(true), `true`},
		"no":                   {` false `, scoring.Flag(false), `false`},
		"a count":              {`3`, scoring.Count(3), `3`},
		"a count as a string":  {`"3"`, scoring.Count(3), `3`},
		"points":               {`0.75`, scoring.Judged(75), `"0.75"`},
		"points with a nought": {`1.50`, scoring.Judged(150), `"1.5"`},
		"an exponent":          {`12e-1`, scoring.Judged(120), `"1.2"`},
		"a large exponent":     {`1.5E+3`, scoring.Count(1500), `1500`},
		"a small number":       {`-5e-2`, scoring.Judged(-5), `"-0.05"`},
		"a rate":               {`{"numerator": 248, "denominator": "250"}`, scoring.Rate(248, 250), `{"denominator":250,"numerator":248}`},
		"counts":               {`{"late_or_left": 2, "duty_absent": 1}`, scoring.Tally(map[string]int64{"duty_absent": 1, "late_or_left": 2}), `{"duty_absent":1,"late_or_left":2}`},
		"nothing happened":     {`{}`, scoring.Tally(nil), `{}`},
		"not applicable":       {`"n/a"`, scoring.NotApplicable(), `"n/a"`},
		"not due":              {`"not_due"`, scoring.NotDue(), `"not_due"`},
		"nobody named it":      {`null`, scoring.Value{}, `null`},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got scoring.Value
			if err := got.UnmarshalJSON([]byte(tc.json)); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.value, got); diff != "" {
				t.Errorf("value (-want +got):\n%s", diff)
			}
			if b, err := json.Marshal(got); err != nil || string(b) != tc.back {
				t.Errorf("written %s (%v), want %s", b, err, tc.back)
			}
		})
	}
}

func TestValueRefusesWhatIsNone(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		``, `"`, `"yes"`, `"1e2"`, `[]`, `[1]`, `{"a": true}`, `{"a": {}}`, `{"a": null}`, `{"a": 1, "a": 1}`, `{"a": 1`, `{"a"}`, `1 2`,
		`{} {}`, `1e400`, `1e19`, `1e-19`, `0.1e-18`, `nil`,
	} {
		var v scoring.Value
		if err := v.UnmarshalJSON([]byte(s)); err == nil {
			t.Errorf("%s was read as %v", s, v)
		}
	}
}

func TestValueIsAsked(t *testing.T) {
	t.Parallel()
	if n, ok := scoring.Judged(75).Number(); !ok || n != decimal(t, "0.75") {
		t.Errorf("0.75 is %s", n)
	}
	if _, ok := scoring.Flag(true).Number(); ok {
		t.Error("yes is no number")
	}
	if n := scoring.Tally(map[string]int64{"a": 2}).Count("a"); n != 2 {
		t.Errorf("2 is %d", n)
	}
	if !(scoring.Value{}).IsZero() || scoring.Count(0).IsZero() {
		t.Error("only a fact that nobody named is zero")
	}
}

func TestVerify(t *testing.T) {
	t.Parallel()
	r := theDefault(t)
	tests := map[string]struct {
		check string
		value scoring.Value
		field string // of the error; empty if the value is legal
	}{
		"points on a step":              {"A1.1", scoring.Judged(125), ""},
		"no points":                     {"A1.1", scoring.Judged(0), ""},
		"points off the step":           {"A1.1", scoring.Judged(130), "A1.1"},
		"points above the check's":      {"A1.1", scoring.Judged(175), "A1.1"},
		"a tenth of a hundredth":        {"A1.1", scoring.Number(decimal(t, "0.251")), "A1.1"},
		"a rate of two numbers":         {"B2.1", scoring.Rate(3, 4), ""},
		"a rate above 100":              {"B2.1", scoring.Number(decimal(t, "104.5")), ""},
		"a rate of nothing":             {"B2.1", scoring.Rate(0, 0), "B2.1.denominator"},
		"a negative part":               {"B2.1", scoring.Rate(-1, 4), "B2.1.numerator"},
		"a rate with a word":            {"B2.1", scoring.Tally(map[string]int64{"half": 1}), "B2.1.half"},
		"a rate for a count":            {"A1.3", scoring.Rate(3, 4), "A1.3"},
		"talks done":                    {"D4.1", scoring.Tally(map[string]int64{"talks_done": 3, "talks_required": 2, "talk_refused": 1}), ""},
		"a number for talks":            {"D4.1", scoring.Count(1), "D4.1"},
		"an excluded vote":              {"E1.1", scoring.Tally(map[string]int64{"abstain": 3}), ""},
		"a flag for votes":              {"E1.1", scoring.Flag(true), "E1.1"},
		"an obligation done":            {"A4.3", scoring.Flag(true), ""},
		"any check may not be due":      {"E1.1", scoring.NotDue(), ""},
		"any check may not concern one": {"A7.1", scoring.NotApplicable(), ""},
		"any check may not be named":    {"A7.1", scoring.Value{}, ""},
		"a check that is none":          {"A7", scoring.Flag(true), "A7"},
		"more than anybody counts":      {"A1.3", scoring.Count(1e10), "A1.3"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkField(t, r.Verify(tc.check, tc.value), tc.field)
		})
	}
}

func FuzzValue(f *testing.F) {
	for _, s := range []string{`1`, `"0.82"`, `{"numerator": 1, "denominator": 3}`, `"n/a"`, `1e3`, `-0.5e-7`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var v, back scoring.Value
		if v.UnmarshalJSON(b) != nil {
			return
		}
		written, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(written, &back); err != nil || !back.Equal(v) {
			t.Fatalf("%s was written %s and read %v (%v)", b, written, back, err)
		}
	})
}
