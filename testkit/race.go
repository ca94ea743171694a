//go:build race

package testkit

// Raced says that the race detector runs, which makes everything many times slower.
const Raced = true
