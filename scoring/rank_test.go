package scoring_test

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/cunkao/cunkao/scoring"
)

// entry is a graded cadre with a valid survey, whose five dimensions are worth
// the points given, in the order A to E; the total is their sum.
func entry(name string, dims ...scoring.Points) scoring.Entry {
	e := scoring.Entry{Name: name, Dims: map[string]scoring.Points{}, SurveyValid: true, Graded: true}
	for i, p := range dims {
		e.Dims[string(rune('A'+i))] = p
		e.Total += p
	}
	return e
}

// total is a cadre of whom only the total is known.
func total(name string, p scoring.Points) scoring.Entry {
	return scoring.Entry{Name: name, Total: p, SurveyValid: true, Graded: true}
}

// fillers are n cadres who are no candidates.
func fillers(n int) []scoring.Entry {
	var out []scoring.Entry
	for i := range n {
		out = append(out, total(fmt.Sprintf("其他%d", i), 80_00))
	}
	return out
}

func TestRank(t *testing.T) {
	t.Parallel()
	noSurvey, ungraded := total("甲", 95_00), total("甲", 95_00)
	noSurvey.SurveyValid, ungraded.Graded = false, false
	tests := map[string]struct {
		seq        []scoring.Entry
		rounding   scoring.Rounding
		excellent  []string
		candidates []string
		tied       []string
		quota      int
	}{
		"nobody": {nil, scoring.AtLeastOne, nil, nil, nil, 0},
		"four people are 0.8 of a place, so none": {append(fillers(3), total("甲", 95_00)), scoring.Floor, nil, []string{"甲"}, nil, 0},
		"a county may give at least one":          {append(fillers(3), total("甲", 95_00)), scoring.AtLeastOne, []string{"甲"}, []string{"甲"}, nil, 1},
		"or round 0.8 up":                         {append(fillers(3), total("甲", 95_00)), scoring.HalfUp, []string{"甲"}, []string{"甲"}, nil, 1},
		"but not 0.4":                             {append(fillers(1), total("甲", 95_00)), scoring.HalfUp, nil, []string{"甲"}, nil, 0},
		"five people have one place":              {append(fillers(4), total("甲", 90_00)), "", []string{"甲"}, []string{"甲"}, nil, 1},
		"a place stays empty below the line":      {append(fillers(4), total("甲", 89_99)), "", nil, nil, nil, 1},
		"or without a valid survey":               {append(fillers(4), noSurvey), "", nil, nil, nil, 1},
		"who is not graded is not counted":        {append(fillers(4), ungraded), "", nil, nil, nil, 0},
		"one nobody graded gets no least place":   {[]scoring.Entry{ungraded}, scoring.AtLeastOne, nil, nil, nil, 0},
		"the better total goes first": {
			append(fillers(3), total("甲", 91_00), total("乙", 92_00)), "", []string{"乙"}, []string{"乙", "甲"}, nil, 1,
		},
		"then the better B": {
			append(fillers(3), entry("甲", 29_00, 37_00, 9_00, 9_00, 9_00), entry("乙", 28_00, 38_00, 9_00, 9_00, 9_00)), "", []string{"乙"}, []string{"乙", "甲"}, nil, 1,
		},
		"then the better E, before D": {
			append(fillers(3), entry("甲", 28_00, 38_00, 9_00, 9_50, 9_00), entry("乙", 28_00, 38_00, 9_00, 9_00, 9_50)), "", []string{"乙"}, []string{"乙", "甲"}, nil, 1,
		},
		"then the better A, before C": {
			append(fillers(3), entry("甲", 28_00, 38_00, 9_50, 9_00, 9_00), entry("乙", 28_50, 38_00, 9_00, 9_00, 9_00)), "", []string{"乙"}, []string{"乙", "甲"}, nil, 1,
		},
		"a tie for the only place shuts both out": {
			append(fillers(3), total("甲", 95_00), total("乙", 95_00)), "", nil, []string{"甲", "乙"}, []string{"甲", "乙"}, 1,
		},
		"a tie above the border is none": {
			append(fillers(8), total("甲", 95_00), total("乙", 95_00)), "", []string{"甲", "乙"}, []string{"甲", "乙"}, nil, 2,
		},
		"a tie across the border shuts all of it out, not who is better": {
			append(fillers(6), total("甲", 95_00), total("乙", 94_00), total("丙", 94_00), total("丁", 94_00)), "",
			[]string{"甲"},
			[]string{"甲", "乙", "丙", "丁"},
			[]string{"乙", "丙", "丁"},
			2,
		},
		"a tie of all shuts out those inside, too": {
			append(fillers(7), total("乙", 94_00), total("丙", 94_00), total("丁", 94_00)), "", nil,
			[]string{"乙", "丙", "丁"},
			[]string{"乙", "丙", "丁"},
			2,
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := scoring.Rank(theDefault(t), tc.seq, tc.rounding)
			var excellent []string
			for i, g := range got.Grades {
				if g == scoring.Excellent {
					excellent = append(excellent, tc.seq[i].Name)
				}
			}
			want := []any{tc.quota, tc.excellent, append([]string{}, tc.candidates...), append([]string{}, tc.tied...)}
			if diff := cmp.Diff(want, []any{got.Quota, excellent, got.Candidates, got.Tied}); diff != "" {
				t.Errorf("quota, excellent, candidates, tied (-want +got):\n%s", diff)
			}
		})
	}
}

func TestGrades(t *testing.T) {
	t.Parallel()
	r := theDefault(t)
	ungraded := total("丁", 20_00)
	ungraded.Graded = false
	got := scoring.Rank(r, []scoring.Entry{total("甲", 60_00), total("乙", 59_99), total("丙", -3_00), ungraded}, "")
	want := []scoring.Grade{scoring.Qualified, scoring.Unqualified, scoring.Unqualified, scoring.Ungraded}
	if diff := cmp.Diff(want, got.Grades); diff != "" || got.Headcount != 3 {
		t.Errorf("headcount %d, grades (-want +got):\n%s", got.Headcount, diff)
	}
	if g := scoring.GradeTotal(r, 59_99); g != scoring.Unqualified {
		t.Errorf("59.99 is %s", g)
	}
}

func TestASheetEntersItsSequence(t *testing.T) {
	t.Parallel()
	r := theDefault(t)
	full := assess(t, r, nil).Entry("甲", true)
	want := entry("甲", 30_00, 40_00, 10_00, 10_00, 10_00)
	if diff := cmp.Diff(want, full); diff != "" {
		t.Errorf("entry (-want +got):\n%s", diff)
	}
	s, err := scoring.Assess(r, nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, named := s.Entry("乙", true).Dims["E"]; named {
		t.Error("a dimension that is left out is named")
	}
}

// anySequence draws a sequence in which ties are likely.
func anySequence(t *rapid.T) []scoring.Entry {
	n := rapid.IntRange(0, 60).Draw(t, "n")
	seq := make([]scoring.Entry, n)
	for i := range seq {
		b := scoring.Points(rapid.IntRange(36, 39).Draw(t, "B")) * 100
		seq[i] = entry(strconv.Itoa(i), 29_00, b, 9_00, 9_00, scoring.Points(rapid.IntRange(8, 9).Draw(t, "E"))*100)
		seq[i].Total = scoring.Points(rapid.SampledFrom([]int{59, 60, 89, 90, 93, 93, 94}).Draw(t, "total")) * 100
		seq[i].Graded = rapid.IntRange(0, 9).Draw(t, "graded") > 0
		seq[i].SurveyValid = rapid.IntRange(0, 9).Draw(t, "survey") > 0
	}
	return seq
}

func TestAtMostAFifthIsExcellent(t *testing.T) {
	t.Parallel()
	r := theDefault(t)
	rapid.Check(t, func(t *rapid.T) {
		seq := anySequence(t)
		got := scoring.Rank(r, seq, scoring.Floor)
		excellent, headcount := 0, 0
		for i, g := range got.Grades {
			if g == scoring.Excellent {
				excellent++
			}
			if seq[i].Graded {
				headcount++
			}
			if (g == scoring.Ungraded) == seq[i].Graded {
				t.Fatalf("%v is %s", seq[i], g)
			}
		}
		if 5*excellent > headcount || headcount != got.Headcount {
			t.Fatalf("%d of %d are excellent", excellent, headcount)
		}
	})
}

func TestEqualsAreTreatedEqually(t *testing.T) {
	t.Parallel()
	r := theDefault(t)
	rapid.Check(t, func(t *rapid.T) {
		seq := anySequence(t)
		rounding := rapid.SampledFrom([]scoring.Rounding{scoring.Floor, scoring.AtLeastOne, scoring.HalfUp}).Draw(t, "rounding")
		grades := scoring.Rank(r, seq, rounding).Grades
		for i := range seq {
			for j := range i {
				a, b := seq[i], seq[j]
				a.Name = b.Name
				if cmp.Equal(a, b) && grades[i] != grades[j] {
					t.Fatalf("%v are %s and %s", a, grades[i], grades[j])
				}
			}
		}
	})
}

func TestTheOrderOfASequenceChangesNoGrade(t *testing.T) {
	t.Parallel()
	r := theDefault(t)
	rapid.Check(t, func(t *rapid.T) {
		seq := anySequence(t)
		byName := func(seq []scoring.Entry) map[string]scoring.Grade {
			out := map[string]scoring.Grade{}
			for i, g := range scoring.Rank(r, seq, "").Grades {
				out[seq[i].Name] = g
			}
			return out
		}
		shuffled := rapid.Permutation(seq).Draw(t, "shuffled")
		if diff := cmp.Diff(byName(seq), byName(shuffled)); diff != "" {
			t.Fatalf("grades (-want +got):\n%s", diff)
		}
	})
}
