package main

import (
	"time"

	"github.com/cunkao/cunkao/calendar"
)

// The years whose holidays both tables know, and those whose new moons both
// packages reckon. Of 2013 our table lacks two make-up days, which nobody asks
// for any more.
const (
	firstHolidays, lastHolidays = 2014, 2026
	firstLunar, lastLunar       = 1901, 2100
)

// calendar compares which days are worked, and when the lunar year
// begins, with two packages and a table that others keep.
func (o others) calendar() {
	t, s := o.t, o.start("calendar.js")
	var off calendar.DaysOff
	for year := firstHolidays; year <= lastHolidays; year++ {
		if !off.Known(year) {
			t.Errorf("%d is not known", year)
		}
	}
	var out struct {
		Days []struct {
			Date calendar.Date
			Work bool
			Name string
		}
	}
	from, to := calendar.Date{Year: firstHolidays, Month: time.January, Day: 1}, calendar.Date{Year: lastHolidays, Month: time.December, Day: 31}
	s.ask(map[string]any{"op": "days", "from": from.String(), "to": to.String()}, &out)
	if want := to.Since(from) + 1; len(out.Days) != want {
		t.Fatalf("%d days, want %d", len(out.Days), want)
	}
	made := map[int]int{}
	for _, d := range out.Days {
		ours := off.Of(d.Date)
		if ours.Work() != d.Work || off.IsWorkday(d.Date) != d.Work {
			t.Errorf("%s (%s): worked %t here and %t there", d.Date, d.Name, ours.Work(), d.Work)
		}
		weekend := d.Date.Weekday() == time.Saturday || d.Date.Weekday() == time.Sunday
		if is := ours.Kind == calendar.MakeUpWorkday; is != (d.Work && weekend) {
			t.Errorf("%s (%s): made up for here %t, there %t", d.Date, d.Name, is, !is)
		}
		if ours.Kind == calendar.MakeUpWorkday {
			made[d.Date.Year]++
		}
	}
	for year := 2024; year <= 2026; year++ {
		if made[year] == 0 {
			t.Errorf("%d has no make-up day", year)
		}
	}
	for year := firstLunar; year <= lastLunar; year++ {
		var first struct{ Days, Solarlunar calendar.Date }
		s.ask(map[string]any{"op": "spring", "year": year}, &first)
		if ours, ok := calendar.SpringFestival(year); !ok || ours != first.Days || ours != first.Solarlunar {
			t.Errorf("the lunar year %d begins on %s here, on %s and %s there", year, ours, first.Days, first.Solarlunar)
		}
	}
}
