//go:build race

package main

// raceEnabled is set because the race detector makes everything many times
// slower.
const raceEnabled = true
