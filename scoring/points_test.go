package scoring_test

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"

	"github.com/cunkao/cunkao/scoring"
)

func TestPointsAreReadExactly(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]scoring.Points{
		"88.92": 8892, "-12.8": -1280, "0": 0, "-0.05": -5, "3": 300, "1.50000": 150, "007": 700,
	} {
		if got, err := scoring.ParsePoints(s); err != nil || got != want {
			t.Errorf("%q is %d (%v), want %d", s, got, err, want)
		}
	}
	for _, s := range []string{"", "-", ".5", "5.", "1.005", "1e2", "+1", " 1", "1,5", "１", "--1", "100000.01", "99999999999999999999"} {
		if got, err := scoring.ParsePoints(s); err == nil {
			t.Errorf("%q was read as %s", s, got)
		}
		if got, err := scoring.ParseFen(s); err == nil && s != "100000.01" {
			t.Errorf("%q was read as %s yuan", s, got)
		}
	}
}

func TestPointsGoThroughTextAndBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := scoring.Points(rapid.Int64Range(-1e6, 1e6).Draw(t, "points"))
		got, err := scoring.ParsePoints(want.String())
		if err != nil || got != want {
			t.Fatalf("%d became %d (%v)", want, got, err)
		}
		var fen scoring.Fen
		b, err := json.Marshal(scoring.Fen(want))
		if err == nil {
			err = json.Unmarshal(b, &fen)
		}
		if err != nil || fen != scoring.Fen(want) {
			t.Fatalf("%s became %s (%v)", b, fen, err)
		}
	})
}

func TestHalfAFenRoundsUp(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		fen  scoring.Fen
		pct  int
		want scoring.Fen
	}{{448002, 30, 134401}, {5, 50, 3}, {1, 49, 0}, {1, 50, 1}, {0, 50, 0}, {186667, 20, 37333}} {
		if got := tc.fen.Percent(tc.pct); got != tc.want {
			t.Errorf("%d %% of %s is %s, want %s", tc.pct, tc.fen, got, tc.want)
		}
	}
}

func TestDecimalsAreExact(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"0.82": "0.82", "1.300": "1.3", "-0.05": "-0.05", "66.66666666666667": "66.66666666666667", "0.000": "0", "-0": "0",
		"0.000000000000000001": "0.000000000000000001",
	} {
		if d, err := scoring.ParseDecimal(s); err != nil || d.String() != want {
			t.Errorf("%q is %s (%v), want %s", s, d, err, want)
		}
	}
	for _, s := range []string{"1234567890123456789", "0.0000000000000000001", "1.2.3", "0x1", "NaN", "1_000"} {
		if d, err := scoring.ParseDecimal(s); err == nil {
			t.Errorf("%q was read as %s", s, d)
		}
	}
}
