package calendar

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/6tail/lunar-go/HolidayUtil"
)

// OwnDay is what a county's own table says of one day: off, with the name of
// the festival, or to be worked (补班).
type OwnDay struct {
	Name string
	Work bool
}

// DaysOff knows which days are worked: the national table of holidays with
// their make-up days (调休), under the county's own table, which goes first.
// The zero DaysOff is the national table alone. It must not be changed once it
// is in use, and then serves several goroutines.
type DaysOff map[Date]OwnDay

// Kind is what kind of day a day is.
type Kind int

// The kinds of day.
const (
	Workday       Kind = iota // 工作日
	MakeUpWorkday             // 补班日: worked to make up for a holiday
	Weekend                   // 周末
	Holiday                   // 节假日: a festival, or a day off that belongs to it
)

// Day is what DaysOff knows of a day. Name is the festival's, for a Holiday and
// where it is known for a MakeUpWorkday. Known is false in a year whose holidays
// nobody has announced: then only weekends are off, which is not yet true.
type Day struct {
	Kind  Kind
	Name  string
	Known bool
}

// Work reports whether the day is worked.
func (d Day) Work() bool { return d.Kind == Workday || d.Kind == MakeUpWorkday }

// Of says what kind of day d is.
func (o DaysOff) Of(d Date) Day {
	day := o.dayOf(d)
	day.Known = o.Known(d.Year)
	return day
}

// dayOf is Of without the question whether the year is known.
func (o DaysOff) dayOf(d Date) Day {
	weekend := d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
	own, listed := o.listed(d)
	switch {
	case listed && !own.Work:
		return Day{Kind: Holiday, Name: own.Name}
	case listed && weekend:
		return Day{Kind: MakeUpWorkday, Name: own.Name}
	case weekend && !listed:
		return Day{Kind: Weekend}
	default:
		return Day{}
	}
}

// listed is what the two tables say of d, and false if they say nothing.
func (o DaysOff) listed(d Date) (OwnDay, bool) {
	if own, ok := o[d]; ok {
		return own, true
	}
	own, ok := national()[d]
	return own, ok
}

// national is the national table by day. Where it comes from every question is a
// search through the whole of it, and each 签到 asks.
//
//nolint:gochecknoglobals // a constant, but for the language
var national = sync.OnceValue(func() map[Date]OwnDay {
	table := map[Date]OwnDay{}
	for year := 2000; year < 2100; year++ {
		for e := HolidayUtil.GetHolidaysByYear(year).Front(); e != nil; e = e.Next() {
			h, ok := e.Value.(*HolidayUtil.Holiday)
			if !ok {
				continue
			}
			d, err := Parse(h.GetDay())
			if _, twice := table[d]; err == nil && !twice {
				table[d] = OwnDay{Name: festival(h.GetName()), Work: h.IsWork()}
			}
		}
	}
	return table
})

// festival is what people call a festival of the table.
func festival(name string) string {
	if name == "元旦节" {
		return "元旦"
	}
	return name
}

// Known reports whether the holidays of a year were announced: the national
// table has the year's festivals, or the county's own table has a day of it.
func (o DaysOff) Known(year int) bool {
	for d := range o {
		if d.Year == year {
			return true
		}
	}
	return announced()[year]
}

// announced are the years of which the national table has the festivals; it also
// has days in a December that belong to the next year.
//
//nolint:gochecknoglobals // a constant, but for the language
var announced = sync.OnceValue(func() map[int]bool {
	years := map[int]bool{}
	for year := 2000; year < 2100; year++ {
		target := fmt.Sprintf("%04d-", year)
		for e := HolidayUtil.GetHolidaysByYear(year).Front(); e != nil; e = e.Next() {
			if h, ok := e.Value.(*HolidayUtil.Holiday); ok && strings.HasPrefix(h.GetTarget(), target) {
				years[year] = true
			}
		}
	}
	return years
})

// IsWorkday reports whether d is worked.
func (o DaysOff) IsWorkday(d Date) bool { return o.dayOf(d).Work() }

// AddWorkdays returns the nth working day after d, or, if n is negative, before
// it. For n = 0 it is d itself, worked or not.
func (o DaysOff) AddWorkdays(d Date, n int) Date {
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	for n > 0 {
		d = d.Add(step)
		if o.IsWorkday(d) {
			n--
		}
	}
	return d
}

// NextWorkday returns the first working day on or after d.
func (o DaysOff) NextWorkday(d Date) Date {
	for !o.IsWorkday(d) {
		d = d.Add(1)
	}
	return d
}

// Chinese writes a day with what kind of day it is, where that is not plain
// from the day of the week: 10月10日 周六 · 补班日, 10月1日 周四 · 国庆节.
func (o DaysOff) Chinese(d Date) string {
	switch day := o.dayOf(d); day.Kind {
	case MakeUpWorkday:
		return d.Chinese() + " · 补班日"
	case Holiday:
		return d.Chinese() + " · " + day.Name
	default:
		return d.Chinese()
	}
}
