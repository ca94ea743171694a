package calendar_test

import (
	"testing"

	"github.com/cunkao/cunkao/calendar"
)

func day(s string) calendar.Date {
	d, err := calendar.Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

func TestASpanCountsHalfDays(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name         string
		span         calendar.Span
		halves, work int
		words        string
	}{
		{"one day", calendar.Span{First: day("2026-10-08"), Last: day("2026-10-08")}, 2, 2, "1天"},
		{"a morning", calendar.Span{First: day("2026-10-08"), Last: day("2026-10-08"), ToNoon: true}, 1, 1, "半天"},
		{"over the 补班 Saturday", calendar.Span{First: day("2026-10-09"), FromNoon: true, Last: day("2026-10-11")}, 5, 3, "2天半"},
		{"within a holiday", calendar.Span{First: day("2026-10-01"), Last: day("2026-10-03")}, 6, 0, "3天"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := tt.span.Halves(); got != tt.halves {
				t.Errorf("Halves() = %d, want %d", got, tt.halves)
			}
			if got := tt.span.WorkHalves(calendar.DaysOff{}); got != tt.work {
				t.Errorf("WorkHalves() = %d, want %d", got, tt.work)
			}
			if got := calendar.DayCount(tt.span.Halves()); got != tt.words {
				t.Errorf("DayCount() = %s, want %s", got, tt.words)
			}
		})
	}
}

func TestSpansOverlapByHalfDays(t *testing.T) {
	t.Parallel()
	morning := calendar.Span{First: day("2026-10-08"), Last: day("2026-10-08"), ToNoon: true}
	afternoon := calendar.Span{First: day("2026-10-08"), FromNoon: true, Last: day("2026-10-09")}
	both := calendar.Span{First: day("2026-10-07"), Last: day("2026-10-08")}
	if morning.Overlaps(afternoon) || afternoon.Overlaps(morning) {
		t.Error("a morning and the afternoon behind it share nothing")
	}
	if !both.Overlaps(morning) || !afternoon.Overlaps(both) {
		t.Error("a whole day shares its morning and its afternoon")
	}
	if (calendar.Span{First: day("2026-10-08"), FromNoon: true, Last: day("2026-10-08"), ToNoon: true}).Valid() {
		t.Error("from noon to noon of one day is no time")
	}
	if !afternoon.Has(calendar.Half{Day: day("2026-10-09")}) || afternoon.Has(calendar.Half{Day: day("2026-10-08")}) {
		t.Error("Has is off by half a day")
	}
}
