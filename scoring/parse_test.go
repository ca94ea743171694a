package scoring_test

import (
	"testing"

	"github.com/cunkao/cunkao/scoring"
)

func theDefault(tb testing.TB) *scoring.Rubric {
	tb.Helper()
	r, err := scoring.Default()
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

func TestDefault(t *testing.T) {
	t.Parallel()
	r := theDefault(t)
	t.Log(r.ID)
}
