package sim_test

import (
	"testing"

	"go.uber.org/goleak"
)

// TestMain fails if a closed platform leaves something running.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}
