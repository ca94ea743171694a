package handlers

import (
	"maps"
	"slices"
	"time"
)

// MatrixRows names the rows of the authorization matrix.
func MatrixRows() []string { return slices.Sorted(maps.Keys(matrix)) }

// Loud is when a reminder may be sent.
func Loud(t time.Time) time.Time { return loud(t) }
