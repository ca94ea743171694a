//go:build race

package calendar_test

// slower is how much more time a bound on time allows under the race detector.
const slower = 10
