package calendar_test

import (
	"testing"
	"time"

	"github.com/cunkao/cunkao/calendar"
)

func TestAbsence(t *testing.T) {
	t.Parallel()
	last := on(2026, 5, 8)
	tests := map[string]struct {
		absence  calendar.Absence
		overstay int
		late     bool
	}{
		"back the next morning and reported":        {calendar.Absence{Last: last, Returned: on(2026, 5, 9), Reported: on(2026, 5, 9).At(8, 0)}, 0, false},
		"exactly 24 hours after the end is in time": {calendar.Absence{Last: last, Returned: on(2026, 5, 9), Reported: on(2026, 5, 10).At(0, 0)}, 0, false},
		"a minute more is late":                     {calendar.Absence{Last: last, Returned: on(2026, 5, 9), Reported: on(2026, 5, 10).At(0, 1)}, 0, true},
		"a morning ends at noon":                    {calendar.Absence{Last: last, LastMorning: true, Returned: on(2026, 5, 9), Reported: on(2026, 5, 9).At(12, 1)}, 0, true},
		"noon of the next day is in time":           {calendar.Absence{Last: last, LastMorning: true, Returned: on(2026, 5, 9), Reported: on(2026, 5, 9).At(12, 0)}, 0, false},
		"two days between the end and the return":   {calendar.Absence{Last: last, Returned: on(2026, 5, 11), Reported: on(2026, 5, 11).At(9, 0)}, 2, true},
		"back before the end":                       {calendar.Absence{Last: last, Returned: on(2026, 5, 6), Reported: on(2026, 5, 6).At(9, 0)}, 0, false},
		"nobody stated the day of return":           {calendar.Absence{Last: last, Reported: on(2026, 5, 12).At(9, 0)}, 3, true},
		"the day of the report is a day over there": {calendar.Absence{Last: last, Reported: time.Date(2026, 5, 9, 16, 30, 0, 0, time.UTC)}, 1, true},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := tc.absence.Overstayed(); got != tc.overstay {
				t.Errorf("overstayed %d days, want %d", got, tc.overstay)
			}
			if got := tc.absence.ReportedLate(); got != tc.late {
				t.Errorf("late %v, want %v", got, tc.late)
			}
		})
	}
}

func TestNextMonthStaysWithinTheMonth(t *testing.T) {
	t.Parallel()
	for from, want := range map[calendar.Date]calendar.Date{
		on(2026, 1, 31):  on(2026, 2, 28),
		on(2028, 1, 30):  on(2028, 2, 29),
		on(2026, 12, 31): on(2027, 1, 31),
		on(2026, 2, 17):  on(2026, 3, 17),
	} {
		if got := from.NextMonth(); got != want {
			t.Errorf("a month after %s is %s, want %s", from, got, want)
		}
	}
	if got := on(2024, 2, 3).LastOfMonth(); got != on(2024, 2, 29) {
		t.Errorf("February 2024 ends on %s", got)
	}
}
