package handlers

import (
	"maps"
	"slices"
)

// MatrixRows names the rows of the authorization matrix.
func MatrixRows() []string { return slices.Sorted(maps.Keys(matrix)) }
