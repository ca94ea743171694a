//go:build !race

package sheet_test

const slower = 1
