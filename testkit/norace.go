//go:build !race

package testkit

// Raced says that the race detector runs.
const Raced = false
