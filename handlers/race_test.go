//go:build race

package handlers_test

// raceEnabled is set because the race detector makes everything many times
// slower.
const raceEnabled = true
