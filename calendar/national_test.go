package calendar_test

import (
	"testing"

	"github.com/6tail/lunar-go/HolidayUtil"

	"github.com/cunkao/cunkao/calendar"
)

func TestEveryDayIsWhatTheNationalTableSays(t *testing.T) {
	t.Parallel()
	listed := 0
	for d := (calendar.Date{Year: 1999, Month: 1, Day: 1}); d.Year < 2035; d = d.Add(1) {
		h := HolidayUtil.GetHolidayByYmd(d.Year, int(d.Month), d.Day)
		want := d.Weekday() != 0 && d.Weekday() != 6
		if h != nil {
			want, listed = h.IsWork(), listed+1
		}
		if got := (calendar.DaysOff{}).IsWorkday(d); got != want {
			t.Errorf("%s is worked: %v, want %v", d, got, want)
		}
	}
	if listed < 300 {
		t.Errorf("only %d days are listed", listed)
	}
}
