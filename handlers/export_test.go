package handlers

import (
	"maps"
	"slices"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
)

// MatrixRows names the rows of the authorization matrix.
func MatrixRows() []string { return slices.Sorted(maps.Keys(matrix)) }

// Loud is when a reminder may be sent.
func Loud(t time.Time) time.Time { return loud(t) }

// Better is cover.better, with what it rests on: whether a span leaves no gap.
func Better(who string, posts []models.Post, leaves []models.Leave, today calendar.Date, s calendar.Span) (better []calendar.Span, free func(calendar.Span) bool) {
	c := cover{who: who, posts: posts, leaves: bookOf(leaves), percent: 50, stands: true, today: today}
	return c.better(s), func(t calendar.Span) bool {
		return c.free(t) && c.own(t) && !t.First.Before(today)
	}
}

// Masked is masked.
func Masked(words string) string { return masked(words) }
