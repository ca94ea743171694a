package calendar_test

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/cunkao/cunkao/calendar"
)

func anyDate(t *rapid.T) calendar.Date {
	return on(1900, 1, 1).Add(rapid.IntRange(0, 120_000).Draw(t, "day"))
}

func TestDateGoesThroughTextAndBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := anyDate(t)
		var got calendar.Date
		b, err := json.Marshal(want)
		if err == nil {
			err = json.Unmarshal(b, &got)
		}
		if err != nil || got != want {
			t.Fatalf("%s became %s (%v)", want, got, err)
		}
		stored, err := want.Value()
		if err != nil || got.Scan(stored) != nil || got != want {
			t.Fatalf("%s was stored as %v", want, stored)
		}
	})
}

func TestDaysAreCountedBothWays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d, n := anyDate(t), rapid.IntRange(-5000, 5000).Draw(t, "n")
		if e := d.Add(n); e.Since(d) != n || e.Add(-n) != d || e.Before(d) != (n < 0) || e.After(d) != (n > 0) {
			t.Fatalf("%d days after %s is %s", n, d, e)
		}
	})
}

func TestDateIsReadStrictly(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"2026-02-29", "2026-2-1", "2026/02/01", "26-02-01", "", "2026-02-01 "} {
		if d, err := calendar.Parse(s); err == nil {
			t.Errorf("%q was read as %s", s, d)
		}
	}
}

func TestNoDayIsNothing(t *testing.T) {
	t.Parallel()
	b, err := json.Marshal(calendar.Date{})
	if err != nil || string(b) != `""` {
		t.Errorf("no day is written %s (%v)", b, err)
	}
	d := on(2026, 1, 1)
	if err := json.Unmarshal(b, &d); err != nil || !d.IsZero() {
		t.Errorf("nothing is read as %s (%v)", d, err)
	}
	if err := d.Scan([]byte("2026-04-20")); err != nil || d != on(2026, 4, 20) {
		t.Errorf("bytes are scanned as %s (%v)", d, err)
	}
	if d.Scan(3) == nil {
		t.Error("a number is no day")
	}
}

func TestAnInstantFallsOnTheDayOfTheOffices(t *testing.T) {
	t.Parallel()
	evening := time.Date(2026, 4, 19, 16, 0, 0, 0, time.UTC)
	if d := calendar.On(evening); d != on(2026, 4, 20) {
		t.Errorf("16:00 UTC is midnight there, not %s", d)
	}
	if got := on(2026, 4, 20).At(24, 0); !got.Equal(on(2026, 4, 21).At(0, 0)) {
		t.Errorf("24:00 is the next midnight, not %s", got)
	}
}

func TestQuarters(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := anyDate(t)
		q := calendar.QuarterOf(d)
		if !q.Has(d) || d.Before(q.First()) || d.After(q.Last()) || q.Next().Prev() != q || q.Compare(q.Next()) >= 0 {
			t.Fatalf("%s is in %s, %s to %s", d, q, q.First(), q.Last())
		}
		if n := q.Last().Since(q.First()) + 1; n != q.Days() || n < 90 || n > 92 {
			t.Fatalf("%s has %d days", q, q.Days())
		}
		if m := q.Months(); m[0] != q.First() || m[2].LastOfMonth() != q.Last() {
			t.Fatalf("%s has the months %v", q, m)
		}
		var back calendar.Quarter
		stored, err := q.Value()
		if err != nil || back.Scan(stored) != nil || back != q {
			t.Fatalf("%s was stored as %v", q, stored)
		}
	})
	for _, s := range []string{"2026Q0", "2026Q5", "2026q1", "2026Q", "26Q1", "2026-1", "+026Q1"} {
		if q, err := calendar.ParseQuarter(s); err == nil {
			t.Errorf("%q was read as %s", s, q)
		}
	}
	if got := (calendar.Quarter{Year: 2026, N: 3}).Chinese(); got != "2026年第三季度" {
		t.Error(got)
	}
}
