// Package calendar counts days, working days and quarters where the offices
// are. It never reads a clock.
package calendar

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Zone is where every office is. There has been no summer time since 1991, and the first
// assessment is later: what a machine knows of zones is not needed.
//
//nolint:gochecknoglobals // a constant, but for the language
var Zone = time.FixedZone("CST", 8*60*60)

// Date is a day without a time of day. The zero Date is no day.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// On returns the day on which t falls in Zone.
func On(t time.Time) Date {
	y, m, d := t.In(Zone).Date()
	return Date{y, m, d}
}

// Parse reads a day such as 2026-04-20. A day that does not exist is an error,
// never rolled over.
func Parse(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("parse date %q: %w", s, err)
	}
	y, m, d := t.Date()
	return Date{y, m, d}, nil
}

// IsZero reports whether d is no day.
func (d Date) IsZero() bool { return d == Date{} }

// String writes a day as 2026-04-20.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// Chinese writes a day as people say it: 9月28日 周一.
func (d Date) Chinese() string {
	return fmt.Sprintf("%d月%d日 %s", d.Month, d.Day, d.WeekdayName())
}

// WeekdayName writes the day of the week: 周一.
func (d Date) WeekdayName() string {
	return [...]string{"周日", "周一", "周二", "周三", "周四", "周五", "周六"}[d.Weekday()]
}

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return d.midnight().Weekday() }

// Before reports whether d is earlier than e.
func (d Date) Before(e Date) bool { return d.Compare(e) < 0 }

// After reports whether d is later than e.
func (d Date) After(e Date) bool { return d.Compare(e) > 0 }

// Compare orders days: negative if d is the earlier.
func (d Date) Compare(e Date) int {
	switch {
	case d.Year != e.Year:
		return d.Year - e.Year
	case d.Month != e.Month:
		return int(d.Month) - int(e.Month)
	default:
		return d.Day - e.Day
	}
}

// Since counts the days from e to d.
func (d Date) Since(e Date) int {
	return int(d.midnight().Sub(e.midnight()) / (24 * time.Hour))
}

// Add returns the day n days after d, or before it if n is negative.
func (d Date) Add(n int) Date {
	y, m, day := d.midnight().AddDate(0, 0, n).Date()
	return Date{y, m, day}
}

// LastOfMonth returns the last day of d's month.
func (d Date) LastOfMonth() Date {
	y, m, day := time.Date(d.Year, d.Month+1, 0, 0, 0, 0, 0, time.UTC).Date()
	return Date{y, m, day}
}

// NextMonth returns the same day of the next month, or that month's last day
// if it has none.
func (d Date) NextMonth() Date {
	next := d.LastOfMonth().Add(1)
	next.Day = min(d.Day, next.LastOfMonth().Day)
	return next
}

// At returns the instant of a time of day on d in Zone. An hour of 24 or more
// falls on a later day.
func (d Date) At(hour, minute int) time.Time {
	return time.Date(d.Year, d.Month, d.Day, hour, minute, 0, 0, Zone)
}

func (d Date) midnight() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// MarshalText writes a day as 2026-04-20, and no day as nothing.
func (d Date) MarshalText() ([]byte, error) {
	if d.IsZero() {
		return nil, nil
	}
	return []byte(d.String()), nil
}

// UnmarshalText reads what MarshalText wrote.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	got, err := Parse(string(b))
	if err != nil {
		return err
	}
	*d = got
	return nil
}

// Value stores a day as text that sorts, and no day as the empty text.
func (d Date) Value() (driver.Value, error) {
	b, err := d.MarshalText()
	return string(b), err
}

// Scan reads what Value stored.
func (d *Date) Scan(src any) error {
	switch v := src.(type) {
	case string:
		return d.UnmarshalText([]byte(v))
	case []byte:
		return d.UnmarshalText(v)
	default:
		return fmt.Errorf("scan date from %T", src)
	}
}

// TimeOfDay writes the time of day of an instant in Zone: 08:03.
func TimeOfDay(t time.Time) string { return t.In(Zone).Format("15:04") }
