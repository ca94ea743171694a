// Package scoring turns a quarter's facts into points, grades and pay.
//
// It is pure: no clock, no database, no network, no logging, no chance. What
// it needs is an argument and what it decides is a return value, so that a
// result can be computed again years later from the stored facts, to the same
// hundredth of a point and the same fen.
package scoring

import (
	"fmt"
	"math/big"
	"strconv"
)

// Points counts hundredths of one point of the assessment (分值): 12.5 points
// are 1250. A deduction is negative.
type Points int64

// Fen is an amount of money in hundredths of a yuan.
type Fen int64

// The largest amounts that are read from outside. They leave room for every
// product and sum below, so that nothing here can overflow.
const (
	mostPoints Points = 10_000_000      // 100,000.00 points
	mostFen    Fen    = 100_000_000_000 // 1,000,000,000.00 yuan
)

// ParsePoints reads points such as "88.92", "-12.8" or "3". More than two
// decimals are an error, never rounded.
func ParsePoints(s string) (Points, error) {
	n, err := parseHundredths(s)
	if err == nil && (n > int64(mostPoints) || n < -int64(mostPoints)) {
		err = fmt.Errorf("points %q out of range", s)
	}
	return Points(n), err
}

// ParseFen reads yuan such as "4800.00" or "1866.67". More than two decimals
// are an error, never rounded.
func ParseFen(s string) (Fen, error) {
	n, err := parseHundredths(s)
	if err == nil && (n > int64(mostFen) || n < -int64(mostFen)) {
		err = fmt.Errorf("yuan %q out of range", s)
	}
	return Fen(n), err
}

// String writes points with two decimals: 88.92.
func (p Points) String() string { return hundredths(int64(p)) }

// String writes an amount in yuan with two decimals: 4800.00.
func (f Fen) String() string { return hundredths(int64(f)) }

// MarshalText writes points as String does.
func (p Points) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// MarshalText writes an amount as String does.
func (f Fen) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (p *Points) UnmarshalText(b []byte) error {
	n, err := parseHundredths(string(b))
	*p = Points(n)
	return err
}

// UnmarshalText reads what MarshalText wrote.
func (f *Fen) UnmarshalText(b []byte) error {
	n, err := parseHundredths(string(b))
	*f = Fen(n)
	return err
}

// Percent is pct hundredths of f, half a fen rounded up. f is not negative.
func (f Fen) Percent(pct int) Fen { return f.share(pct, 100) }

// share is part/whole of f, half a fen rounded up. f is not negative.
func (f Fen) share(part, whole int) Fen {
	return (2*f*Fen(part) + Fen(whole)) / (2 * Fen(whole))
}

func hundredths(n int64) string { return string(appendHundredths(nil, n)) }

func appendHundredths(b []byte, n int64) []byte {
	if n < 0 {
		b, n = append(b, '-'), -n
	}
	b = strconv.AppendUint(b, uint64(n)/100, 10) //nolint:gosec // the lowest integer, too, is its own size
	cents := uint64(n) % 100                     //nolint:gosec // see above
	return append(b, '.', byte('0'+cents/10), byte('0'+cents%10))
}

func parseHundredths(s string) (int64, error) {
	d, err := ParseDecimal(s)
	if err != nil {
		return 0, err
	}
	n, ok := d.scaled(2)
	if !ok {
		return 0, fmt.Errorf("%q: more than two decimals, or too large", s)
	}
	return n, nil
}

// roundHalfUp rounds a quotient that is not negative to a whole number.
func roundHalfUp(r *big.Rat) int64 {
	two := big.NewInt(2)
	num := new(big.Int).Mul(r.Num(), two)
	num.Add(num, r.Denom())
	return num.Quo(num, new(big.Int).Mul(r.Denom(), two)).Int64()
}
