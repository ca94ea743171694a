package scoring

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

// Decimal is an exact decimal number of at most 18 digits: a count, points, a
// rate in per cent, or a ratio. Equal numbers are equal values: trailing zeros
// are not kept.
type Decimal struct {
	coef  int64
	scale int // digits behind the point, 0 to 18
}

const mostDigits = 18

// Whole is the decimal of a whole number.
func Whole(n int64) Decimal { return Decimal{coef: n} }

// ParseDecimal reads a number such as 76.5, -3 or 0.82, with digits on both
// sides of the point and no exponent.
func ParseDecimal(s string) (Decimal, error) {
	digits, negative := strings.CutPrefix(s, "-")
	whole, frac, pointed := strings.Cut(digits, ".")
	if !allDigits(whole) || pointed && !allDigits(frac) {
		return Decimal{}, fmt.Errorf("%.40q is not a decimal number", s)
	}
	frac = strings.TrimRight(frac, "0")
	digits = strings.TrimLeft(whole+frac, "0")
	if len(digits) > mostDigits || len(frac) > mostDigits {
		return Decimal{}, fmt.Errorf("%.40q has too many digits", s)
	}
	if digits == "" {
		return Decimal{}, nil
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return Decimal{}, fmt.Errorf("%.40q is not a decimal number", s)
	}
	if negative {
		n = -n
	}
	return Decimal{n, len(frac)}, nil
}

// parseNumber reads a JSON number, which is a decimal that may have an
// exponent.
func parseNumber(s string) (Decimal, error) {
	mantissa, exp, found := s, "", false
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		mantissa, exp, found = s[:i], s[i+1:], true
	}
	d, err := ParseDecimal(mantissa)
	if err != nil || !found {
		return d, err
	}
	shift, err := strconv.Atoi(exp)
	if err != nil || shift > mostDigits || shift < -mostDigits {
		return Decimal{}, fmt.Errorf("%.40q has too many digits", s)
	}
	return d.shift(shift)
}

// shift moves the point n digits to the right.
func (d Decimal) shift(n int) (Decimal, error) {
	digits := strconv.FormatInt(d.coef, 10)
	if scale := d.scale - n; scale > 0 {
		sign := ""
		digits, sign = strings.TrimPrefix(digits, "-"), digits[:len(digits)-len(strings.TrimPrefix(digits, "-"))]
		digits = strings.Repeat("0", max(0, scale+1-len(digits))) + digits
		return ParseDecimal(sign + digits[:len(digits)-scale] + "." + digits[len(digits)-scale:])
	}
	return ParseDecimal(digits + strings.Repeat("0", n-d.scale))
}

func allDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// String writes the number as ParseDecimal reads it.
func (d Decimal) String() string {
	sign, n := "", d.coef
	if n < 0 {
		sign, n = "-", -n
	}
	s := strconv.FormatInt(n, 10)
	if d.scale == 0 {
		return sign + s
	}
	if len(s) <= d.scale {
		s = strings.Repeat("0", d.scale+1-len(s)) + s
	}
	return sign + s[:len(s)-d.scale] + "." + s[len(s)-d.scale:]
}

// whole returns the number as an integer, and false if it has decimals.
func (d Decimal) whole() (int64, bool) { return d.coef, d.scale == 0 }

// scaled returns the number times 10^digits, and false if that is not whole or
// too large.
func (d Decimal) scaled(digits int) (int64, bool) {
	if d.scale > digits {
		return 0, false
	}
	n := d.coef
	for range digits - d.scale {
		if n > 1e17 || n < -1e17 {
			return 0, false
		}
		n *= 10
	}
	return n, true
}

func (d Decimal) negative() bool { return d.coef < 0 }

func (d Decimal) zero() bool { return d.coef == 0 }

func (d Decimal) rat() *big.Rat {
	den := int64(1)
	for range d.scale {
		den *= 10
	}
	return big.NewRat(d.coef, den)
}
