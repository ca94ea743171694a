package scoring_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/scoring"
)

func quarter(year, n int) calendar.Quarter { return calendar.Quarter{Year: year, N: n} }

func day(year, month, day int) calendar.Date {
	return calendar.Date{Year: year, Month: time.Month(month), Day: day}
}

func TestPayByGrade(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		outcome scoring.Outcome
		change  scoring.Fen
	}{
		"合格 is paid in full":            {scoring.Outcome{Grade: scoring.Qualified}, 0},
		"优秀 has a bonus":                {scoring.Outcome{Grade: scoring.Excellent}, 1344_01},
		"不合格 has a deduction":           {scoring.Outcome{Grade: scoring.Unqualified}, -1344_01},
		"a second one has a larger one": {scoring.Outcome{Grade: scoring.Unqualified, Second: true}, -2240_01},
		"不定等次 has neither":              {scoring.Outcome{Grade: scoring.Ungraded}, 0},
		"a good grade after a failure":  {scoring.Outcome{Grade: scoring.Qualified, Second: true}, 0},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := scoring.PayQuarter(theDefault(t).Pay, scoring.WholeQuarter(quarter(2026, 3), 1866_67), tc.outcome)
			month := func(m string) scoring.MonthPay {
				return scoring.MonthPay{Month: m, Base: 373_33, Performance: 1493_34}
			}
			want := scoring.Pay{
				Months:      []scoring.MonthPay{month("2026-07"), month("2026-08"), month("2026-09")},
				BaseQuarter: 1119_99, PerformanceStandard: 4480_02,
				Change: tc.change, PerformancePaid: 4480_02 + tc.change, QuarterTotal: 5600_01 + tc.change,
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("pay (-want +got):\n%s", diff)
			}
		})
	}
}

func TestService(t *testing.T) {
	t.Parallel()
	rules := theDefault(t).Pay
	second := quarter(2026, 2) // 91 days
	tests := map[string]struct {
		service scoring.Service
		days    int
		graded  bool
		seq     string
		perf    scoring.Fen
	}{
		"all of it":                      {scoring.WholeQuarter(second, 2000_00), 91, true, "", 4800_00},
		"46 days of 91 are half":         {inOffice(second, day(2026, 5, 16), calendar.Date{}), 46, true, "", 2425_81},
		"45 days are not":                {inOffice(second, day(2026, 5, 17), calendar.Date{}), 45, false, "", 2374_19},
		"45 days of 90 are half exactly": {inOffice(quarter(2026, 1), calendar.Date{}, day(2026, 2, 14)), 45, true, "", 2400_00},
		"one day":                        {inOffice(second, day(2026, 6, 30), day(2026, 6, 30)), 1, false, "", 53_33},
		"gone before it began":           {inOffice(second, calendar.Date{}, day(2026, 3, 31)), 0, false, "", 0},
		"from one post to another": {scoring.Service{Quarter: quarter(2026, 3), Standards: []scoring.Standard{
			{Span: scoring.Span{To: day(2026, 8, 19)}, Month: 2000_00, Sequence: scoring.HeadSequence},
			{Span: scoring.Span{From: day(2026, 8, 20)}, Month: 1500_00, Sequence: scoring.OtherSequence},
		}}, 92, true, scoring.HeadSequence, 4245_17},
		"46 days in each sequence is head": {scoring.Service{Quarter: quarter(2026, 3), Standards: []scoring.Standard{
			{Span: scoring.Span{To: day(2026, 8, 15)}, Month: 2000_00, Sequence: scoring.OtherSequence},
			{Span: scoring.Span{From: day(2026, 8, 16)}, Month: 2000_00, Sequence: scoring.HeadSequence},
		}}, 92, true, scoring.HeadSequence, 4800_00},
		"a day more in the other": {scoring.Service{Quarter: quarter(2026, 3), Standards: []scoring.Standard{
			{Span: scoring.Span{To: day(2026, 8, 16)}, Month: 2000_00, Sequence: scoring.OtherSequence},
			{Span: scoring.Span{From: day(2026, 8, 17)}, Month: 2000_00, Sequence: scoring.HeadSequence},
		}}, 92, true, scoring.OtherSequence, 4800_00},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pay := scoring.PayQuarter(rules, tc.service, scoring.Outcome{Grade: scoring.Qualified})
			got := []any{tc.service.Days(), tc.service.Graded(rules), tc.service.Sequence(), pay.PerformanceStandard}
			if diff := cmp.Diff([]any{tc.days, tc.graded, tc.seq, tc.perf}, got); diff != "" {
				t.Errorf("days, graded, sequence, performance pay (-want +got):\n%s", diff)
			}
		})
	}
}

// inOffice is service at 2000.00 a month between two days.
func inOffice(q calendar.Quarter, from, to calendar.Date) scoring.Service {
	s := scoring.WholeQuarter(q, 2000_00)
	s.Tenure = scoring.Span{From: from, To: to}
	return s
}

func TestOverlap(t *testing.T) {
	t.Parallel()
	s := scoring.WholeQuarter(quarter(2026, 3), 1)
	if _, found := s.Overlap(); found {
		t.Error("one standard overlaps nothing")
	}
	s.Standards = []scoring.Standard{
		{Span: scoring.Span{To: day(2026, 8, 19)}},
		{Span: scoring.Span{From: day(2026, 8, 20), To: day(2026, 8, 31)}},
		{Span: scoring.Span{From: day(2026, 8, 31)}},
	}
	if i, found := s.Overlap(); !found || i != 2 {
		t.Errorf("the third shares a day with the second, not %d", i)
	}
}

func TestPayAddsUpToTheFen(t *testing.T) {
	t.Parallel()
	rules := theDefault(t).Pay
	rapid.Check(t, func(t *rapid.T) {
		q := quarter(rapid.IntRange(2020, 2030).Draw(t, "year"), rapid.IntRange(1, 4).Draw(t, "n"))
		month := scoring.Fen(rapid.Int64Range(0, 1_000_000).Draw(t, "fen"))
		s := scoring.WholeQuarter(q, month)
		g := rapid.SampledFrom([]scoring.Grade{scoring.Excellent, scoring.Qualified, scoring.Unqualified, scoring.Ungraded}).Draw(t, "grade")
		whole := scoring.PayQuarter(rules, s, scoring.Outcome{Grade: g})
		if whole.BaseQuarter+whole.PerformanceStandard != 3*month {
			t.Fatalf("3 × %s became %s and %s", month, whole.BaseQuarter, whole.PerformanceStandard)
		}
		if whole.QuarterTotal != 3*month+whole.Change || whole.PerformancePaid != whole.PerformanceStandard+whole.Change || whole.PerformancePaid < 0 {
			t.Fatalf("%+v", whole)
		}
		cut := q.First().Add(rapid.IntRange(0, q.Days()-2).Draw(t, "cut"))
		s.Standards = []scoring.Standard{{Span: scoring.Span{To: cut}, Month: month}, {Span: scoring.Span{From: cut.Add(1)}, Month: month}}
		parts := scoring.PayQuarter(rules, s, scoring.Outcome{Grade: scoring.Qualified})
		if gap := parts.QuarterTotal - 3*month; gap < -2 || gap > 2 {
			t.Fatalf("cutting 3 × %s at %s makes it %s", month, cut, parts.QuarterTotal)
		}
	})
}
