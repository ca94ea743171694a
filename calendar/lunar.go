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

// MoonDay is a day of the lunar calendar (农历): 八月十五 is {Month: 8, Day: 15}.
// Leap says that the month is the second of its number (闰月). The year begins
// with the Spring Festival.
type MoonDay struct {
	Year, Month, Day int
	Leap             bool
}

// moonYear is a lunar year: the first day, and the days of its months in order.
type moonYear struct {
	first  Date
	months []int // days of each
	leap   int   // the leap month comes after the month of this number; 0: none
	terms  [24]Date
}

// moonYears keeps each year that was asked for. The library takes some hundred
// microseconds for a year and keeps only the last one, without a lock.
//
//nolint:gochecknoglobals // a constant, reckoned when it is needed
var moonYears struct {
	sync.RWMutex

	years map[int]*moonYear
}

// moonYearOf is a lunar year, nil if it is not reckoned here.
func moonYearOf(year int) *moonYear {
	if year < firstLunarYear || year > lastLunarYear {
		return nil
	}
	moonYears.RLock()
	y := moonYears.years[year]
	moonYears.RUnlock()
	if y != nil {
		return y
	}
	moonYears.Lock()
	defer moonYears.Unlock()
	if moonYears.years == nil {
		moonYears.years = map[int]*moonYear{}
	}
	y = reckonMoonYear(year)
	moonYears.years[year] = y
	return y
}

func reckonMoonYear(year int) *moonYear {
	y := &moonYear{}
	src := lunar.NewLunarYear(year)
	for e := src.GetMonthsInYear().Front(); e != nil; e = e.Next() {
		m, ok := e.Value.(*lunar.LunarMonth)
		if !ok {
			continue
		}
		if m.GetMonth() < 0 {
			y.leap = -m.GetMonth()
		}
		y.months = append(y.months, m.GetDayCount())
	}
	y.first = solar(lunar.NewLunarFromYmd(year, 1, 1).GetSolar())
	table := lunar.NewLunarFromYmd(year, 6, 1).GetJieQiTable()
	for i, name := range solarTerms() {
		if day, ok := table[name]; ok {
			y.terms[i] = solar(day)
		}
	}
	return y
}

func solar(d *lunar.Solar) Date { return Date{d.GetYear(), time.Month(d.GetMonth()), d.GetDay()} }

// Date is the day in the solar calendar, and false if there is no such day: the
// thirtieth of a short month, a leap month that the year does not have, a year
// before 1900 or after 2199.
func (m MoonDay) Date() (Date, bool) {
	y := moonYearOf(m.Year)
	if y == nil || m.Month < 1 || m.Month > 12 || m.Day < 1 || m.Leap && m.Month != y.leap {
		return Date{}, false
	}
	at := m.Month - 1
	if m.Leap || y.leap > 0 && m.Month > y.leap {
		at++
	}
	if m.Day > y.months[at] {
		return Date{}, false
	}
	d := y.first
	for _, n := range y.months[:at] {
		d = d.Add(n)
	}
	return d.Add(m.Day - 1), true
}

// monthDays counts the days of m's month, 0 if there is no such month.
func (m MoonDay) monthDays() int {
	for n := 30; n > 28; n-- {
		m.Day = n
		if _, ok := m.Date(); ok {
			return n
		}
	}
	return 0
}

// Moon is the day in the lunar calendar, the zero MoonDay outside the years that
// are reckoned here.
func (d Date) Moon() MoonDay {
	y := moonYearOf(d.Year)
	m := MoonDay{Year: d.Year}
	if y != nil && d.Before(y.first) {
		m.Year--
		y = moonYearOf(m.Year)
	}
	if y == nil {
		return MoonDay{}
	}
	m.Day = d.Since(y.first) + 1
	for i, n := range y.months {
		if m.Day <= n {
			m.Month, m.Leap = i+1, false
			if y.leap > 0 && i >= y.leap {
				m.Month, m.Leap = i, i == y.leap
			}
			return m
		}
		m.Day -= n
	}
	return MoonDay{}
}

// Chinese writes a lunar day as people say it: 八月十五, 闰四月初一, 腊月廿三.
func (m MoonDay) Chinese() string {
	if m.Month < 1 || m.Day < 1 {
		return ""
	}
	leap := ""
	if m.Leap {
		leap = "闰"
	}
	months := [...]string{"", "正", "二", "三", "四", "五", "六", "七", "八", "九", "十", "冬", "腊"}
	digits := [...]string{"十", "一", "二", "三", "四", "五", "六", "七", "八", "九"}
	tens := [...]string{"初", "十", "廿", "三"}[m.Day/10]
	switch m.Day {
	case 10:
		tens = "初"
	case 20:
		tens = "二"
	}
	return leap + months[m.Month] + "月" + tens + digits[m.Day%10]
}

// SpringFestival is the first day of the first lunar month of a year (正月初一),
// and false for years before 1900 or after 2199.
func SpringFestival(year int) (Date, bool) { return MoonDay{Year: year, Month: 1, Day: 1}.Date() }

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
