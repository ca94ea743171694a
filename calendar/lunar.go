package calendar

import (
	"sync"
	"time"

	lunar "github.com/6tail/lunar-go/calendar"
)

// The years for which the lunar calendar is reckoned here.
const (
	firstLunarYear = 1900
	lastLunarYear  = 2199
)

// lunarYears guards the library, which keeps the last year it reckoned.
//
//nolint:gochecknoglobals // what it guards is global
var lunarYears sync.Mutex

// SpringFestival is the first day of the first lunar month of a year (正月初一),
// and false for years before 1900 or after 2199.
func SpringFestival(year int) (Date, bool) {
	if year < firstLunarYear || year > lastLunarYear {
		return Date{}, false
	}
	lunarYears.Lock()
	defer lunarYears.Unlock()
	day := lunar.NewLunarFromYmd(year, 1, 1).GetSolar()
	return Date{day.GetYear(), time.Month(day.GetMonth()), day.GetDay()}, true
}

// SpringFestivalDeadline is the last day of “春节后1个月” (article 7.4.5 and 6):
// the same day of the month after the Spring Festival, or that month's last
// day. It is false for the years that SpringFestival does not know.
func SpringFestivalDeadline(year int) (Date, bool) {
	festival, ok := SpringFestival(year)
	if !ok {
		return Date{}, false
	}
	return festival.NextMonth(), true
}
