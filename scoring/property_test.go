package scoring_test

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/cunkao/cunkao/scoring"
)

// anyValue draws a legal value of a check.
func anyValue(t *rapid.T, c scoring.Check) scoring.Value {
	if word := rapid.IntRange(0, 9).Draw(t, "word"); word == 0 {
		return scoring.NotApplicable()
	} else if word == 1 {
		return scoring.NotDue()
	}
	n := rapid.Int64Range(0, 12).Draw(t, "n")
	switch c.Rule.Type {
	case scoring.JudgedRule:
		return scoring.Judged(min(c.Points, c.Rule.Step*scoring.Points(n)))
	case scoring.DeductRule:
		return scoring.Count(n * n * n)
	case scoring.AllOrNothingRule, scoring.ObligationRule:
		return scoring.Flag(n > 6)
	case scoring.RateRule, scoring.ProportionalRule:
		return scoring.Rate(n, rapid.Int64Range(1, 1_000_000_000).Draw(t, "denominator"))
	default:
		return anyTally(t, c)
	}
}

// anyTally draws counts of what the rule of a check counts.
func anyTally(t *rapid.T, c scoring.Check) scoring.Value {
	counts := map[string]int64{}
	draw := func(name string) {
		if name != "" {
			counts[name] = rapid.Int64Range(0, 30).Draw(t, name)
		}
	}
	for _, e := range c.Rule.Events {
		draw(e.Event)
	}
	for _, v := range c.Rule.Votes {
		draw(v.Vote)
	}
	draw(c.Rule.Done)
	draw(c.Rule.Required)
	return scoring.Tally(counts)
}

func anyFacts(t *rapid.T, r *scoring.Rubric, scope scoring.Scope) scoring.Facts {
	facts := scoring.Facts{}
	for _, d := range r.Dimensions {
		if d.Scope != scope {
			continue
		}
		for _, it := range d.Items {
			for _, c := range it.Checks {
				if rapid.Bool().Draw(t, "named") {
					facts[c.ID] = scoring.Fact{Value: anyValue(t, c)}
				}
			}
		}
	}
	return facts
}

func anyEvents(t *rapid.T, r *scoring.Rubric) []scoring.Event {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) scoring.Event {
		a := rapid.SampledFrom(r.Adjustments).Draw(t, "adjustment")
		e := scoring.Event{ID: a.ID, Matter: rapid.SampledFrom([]string{"产业", "验收"}).Draw(t, "matter")}
		if len(a.Levels) > 0 {
			e.Level = rapid.SampledFrom(a.Levels).Draw(t, "level").Level
		}
		return e
	}), 0, 6).Draw(t, "events")
}

func TestSheetsHoldTogether(t *testing.T) {
	t.Parallel()
	r := theDefault(t)
	rapid.Check(t, func(t *rapid.T) {
		s, err := scoring.Assess(r, anyFacts(t, r, scoring.VillageScope), anyFacts(t, r, scoring.CadreScope), anyEvents(t, r))
		if err != nil {
			t.Fatal(err)
		}
		checkSums(t, s)
		for _, d := range s.Dimensions {
			for _, it := range d.Items {
				if it.Points < 0 || it.Points > it.Max {
					t.Fatalf("%s has %s of %s", it.ID, it.Points, it.Max)
				}
			}
		}
		if s.Base < 0 || s.Base > r.Total || s.Total != s.Base+s.AdjustmentTotal {
			t.Fatalf("base %s, total %s", s.Base, s.Total)
		}
	})
}

func TestTheOrderOfEventsChangesNoNumber(t *testing.T) {
	t.Parallel()
	r := theDefault(t)
	rapid.Check(t, func(t *rapid.T) {
		events := anyEvents(t, r)
		sums := func(events []scoring.Event) (scoring.Points, []scoring.Points) {
			s, err := scoring.Assess(r, nil, nil, events)
			if err != nil {
				t.Fatal(err)
			}
			var lines []scoring.Points
			for _, a := range s.Adjustments {
				lines = append(lines, a.Points)
			}
			slices.Sort(lines)
			return s.Total, lines
		}
		total, lines := sums(events)
		again, shuffled := sums(rapid.Permutation(events).Draw(t, "shuffled"))
		if total != again || !slices.Equal(lines, shuffled) {
			t.Fatalf("%s %v became %s %v", total, lines, again, shuffled)
		}
	})
}

func TestStoredFactsGiveTheSameSheet(t *testing.T) {
	t.Parallel()
	r := theDefault(t)
	rapid.Check(t, func(t *rapid.T) {
		village, cadre := anyFacts(t, r, scoring.VillageScope), anyFacts(t, r, scoring.CadreScope)
		events := anyEvents(t, r)
		first := sheetJSON(t, r, village, cadre, events)
		if second := sheetJSON(t, r, stored(t, village), stored(t, maps.Clone(cadre)), stored(t, events)); first != second {
			t.Fatalf("first\n%s\nthen\n%s", first, second)
		}
		var s scoring.Sheet
		if err := json.Unmarshal([]byte(first), &s); err != nil {
			t.Fatal(err)
		}
		if again, err := json.Marshal(s); err != nil || string(again) != first {
			t.Fatalf("a stored sheet is\n%s, not\n%s", again, first)
		}
	})
}

// stored is v as it comes back from where it was stored.
func stored[T any](t *rapid.T, v T) T {
	var back T
	b, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(b, &back)
	}
	if err != nil {
		t.Fatal(err)
	}
	return back
}

func sheetJSON(t *rapid.T, r *scoring.Rubric, village, cadre scoring.Facts, events []scoring.Event) string {
	s, err := scoring.Assess(r, village, cadre, events)
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestTotalsKnowNoLimit(t *testing.T) {
	t.Parallel()
	r := theDefault(t)
	var praise, blame []scoring.Event
	for _, matter := range []string{"一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一"} {
		praise = append(praise, scoring.Event{ID: "F2", Level: "national", Matter: matter})
		blame = append(blame, scoring.Event{ID: "F5", Matter: matter})
	}
	if s := assess(t, r, nil, praise...); s.Total != 320_00 {
		t.Errorf("much praise gives %s", s.Total)
	}
	if s := assess(t, r, nil, blame...); s.Total != -10_00 {
		t.Errorf("much blame gives %s", s.Total)
	}
}
