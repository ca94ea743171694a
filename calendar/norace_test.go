//go:build !race

package calendar_test

const slower = 1
