package scoring_test

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"

	"github.com/cunkao/cunkao/scoring"
)

// someValue draws a value of any kind.
func someValue() *rapid.Generator[scoring.Value] {
	return rapid.Custom(func(t *rapid.T) scoring.Value {
		n := rapid.Int64Range(-1_000_000, 1_000_000).Draw(t, "n")
		switch rapid.IntRange(0, 6).Draw(t, "kind") {
		case 0:
			return scoring.Flag(n%2 == 0)
		case 1:
			return scoring.Count(n)
		case 2:
			return scoring.Judged(scoring.Points(n))
		case 3:
			return scoring.Tally(rapid.MapOf(rapid.String(), rapid.Int64Range(-9, 9_999_999)).Draw(t, "counts"))
		case 4:
			return scoring.NotApplicable()
		case 5:
			return scoring.NotDue()
		default:
			return scoring.Value{}
		}
	})
}

func TestASheetIsWrittenAsTheStandardLibraryWritesIt(t *testing.T) {
	t.Parallel()
	sheets := rapid.Make[scoring.Sheet]()
	rapid.Check(t, func(t *rapid.T) {
		s := sheets.Draw(t, "sheet")
		want, err := json.Marshal(s)
		if err != nil {
			t.Skip(err) // a day that no calendar has
		}
		if got := s.AppendJSON([]byte("x")); string(got) != "x"+string(want) {
			t.Errorf("\n%s\n%s", got[1:], want)
		}
	})
}

func TestFactsAreWrittenAsTheStandardLibraryWritesThem(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		facts := rapid.MapOf(rapid.String(), rapid.Custom(func(t *rapid.T) scoring.Fact {
			return scoring.Fact{
				Value: someValue().Draw(t, "value"), Note: rapid.String().Draw(t, "note"),
				Records: rapid.Make[[]scoring.Record]().Draw(t, "records"),
			}
		})).Draw(t, "facts")
		want, err := json.Marshal(scoring.Facts(facts))
		if err != nil {
			t.Fatal(err)
		}
		if got := scoring.Facts(facts).AppendJSON(nil); string(got) != string(want) {
			t.Errorf("\n%s\n%s", got, want)
		}
	})
}
