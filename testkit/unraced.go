package testkit

import "testing"

// Unraced skips a long test under the race detector, where another of its kind is enough.
func Unraced(t *testing.T) {
	t.Helper()
	if Raced {
		t.Skip("another of its kind is run by the race detector")
	}
}
