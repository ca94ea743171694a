package calendar

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Quarter is a quarter of a calendar year, the period of one assessment.
type Quarter struct {
	Year int
	N    int // 1 to 4
}

// QuarterOf returns the quarter in which a day falls.
func QuarterOf(d Date) Quarter { return Quarter{d.Year, (int(d.Month) + 2) / 3} }

// ParseQuarter reads a quarter such as 2026Q3.
func ParseQuarter(s string) (Quarter, error) {
	var q Quarter
	if len(s) != 6 {
		return q, fmt.Errorf("parse quarter %q: want a form like 2026Q3", s)
	}
	if _, err := fmt.Sscanf(s, "%4dQ%1d", &q.Year, &q.N); err != nil || q.N < 1 || q.N > 4 || q.String() != s {
		return Quarter{}, fmt.Errorf("parse quarter %q: want a form like 2026Q3", s)
	}
	return q, nil
}

// String writes a quarter as 2026Q3.
func (q Quarter) String() string { return fmt.Sprintf("%04dQ%d", q.Year, q.N) }

// Chinese writes a quarter as 2026年第三季度.
func (q Quarter) Chinese() string {
	return fmt.Sprintf("%d年第%s季度", q.Year, [...]string{"", "一", "二", "三", "四"}[q.N])
}

// First is the first day of the quarter.
func (q Quarter) First() Date { return Date{q.Year, time.Month(q.N*3 - 2), 1} }

// Last is the last day of the quarter.
func (q Quarter) Last() Date { return q.Next().First().Add(-1) }

// Days counts the days of the quarter.
func (q Quarter) Days() int { return q.Last().Since(q.First()) + 1 }

// Has reports whether a day falls in the quarter.
func (q Quarter) Has(d Date) bool { return QuarterOf(d) == q }

// Months are the first days of the quarter's three months.
func (q Quarter) Months() [3]Date {
	first := q.First()
	return [3]Date{first, {q.Year, first.Month + 1, 1}, {q.Year, first.Month + 2, 1}}
}

// Next is the following quarter.
func (q Quarter) Next() Quarter {
	if q.N == 4 {
		return Quarter{q.Year + 1, 1}
	}
	return Quarter{q.Year, q.N + 1}
}

// Prev is the preceding quarter.
func (q Quarter) Prev() Quarter {
	if q.N == 1 {
		return Quarter{q.Year - 1, 4}
	}
	return Quarter{q.Year, q.N - 1}
}

// Compare orders quarters: negative if q is the earlier.
func (q Quarter) Compare(r Quarter) int { return (q.Year*4 + q.N) - (r.Year*4 + r.N) }

// MarshalText writes a quarter as 2026Q3, and none as nothing.
func (q Quarter) MarshalText() ([]byte, error) {
	if q == (Quarter{}) {
		return nil, nil
	}
	return []byte(q.String()), nil
}

// UnmarshalText reads what MarshalText wrote.
func (q *Quarter) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*q = Quarter{}
		return nil
	}
	got, err := ParseQuarter(string(b))
	if err != nil {
		return err
	}
	*q = got
	return nil
}

// Value stores a quarter as text that sorts.
func (q Quarter) Value() (driver.Value, error) {
	b, err := q.MarshalText()
	return string(b), err
}

// Scan reads what Value stored.
func (q *Quarter) Scan(src any) error {
	switch v := src.(type) {
	case string:
		return q.UnmarshalText([]byte(v))
	case []byte:
		return q.UnmarshalText(v)
	default:
		return fmt.Errorf("scan quarter from %T", src)
	}
}
