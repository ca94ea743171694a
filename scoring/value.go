package scoring

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
)

type kind int

const (
	unnamed kind = iota // nobody named the fact
	flagged
	numbered
	parted
	notApplicable
	notDue
)

// The two words a value may be.
const (
	wordNotApplicable = "n/a"
	wordNotDue        = "not_due"
)

// The parts of a measured rate.
const (
	partNumerator   = "numerator"
	partDenominator = "denominator"
)

// Value is what was found for one check: yes or no, a number, a rate of two
// numbers, counts by event or by vote, 不涉及 (n/a) or 未到期 (not_due). The
// zero Value is a fact that nobody named. Which of these a check takes is its
// rule's choice: see [Rubric.Verify].
//
// Its JSON is true or false, a number (a string if it has decimals, so that no
// reader can round it), "n/a", "not_due", or an object of numbers.
type Value struct {
	kind  kind
	flag  bool
	num   Decimal
	parts map[string]Decimal
}

// Flag is yes or no, for an all-or-nothing check or an obligation.
func Flag(yes bool) Value { return Value{kind: flagged, flag: yes} }

// Count is how often something was found.
func Count(n int64) Value { return Number(Whole(n)) }

// Judged is the value of a judged check in points.
func Judged(p Points) Value {
	d, err := ParseDecimal(p.String())
	if err != nil { // points always fit
		return Value{}
	}
	return Number(d)
}

// Number is a count, points, a rate in per cent, or a ratio.
func Number(d Decimal) Value { return Value{kind: numbered, num: d} }

// Rate is a measured rate: numerator of denominator.
func Rate(numerator, denominator int64) Value {
	return Tally(map[string]int64{partNumerator: numerator, partDenominator: denominator})
}

// Tally is counts by event or by vote.
func Tally(counts map[string]int64) Value {
	v := Value{kind: parted, parts: make(map[string]Decimal, len(counts))}
	for name, n := range counts {
		v.parts[name] = Whole(n)
	}
	return v
}

// NotApplicable is a check that does not concern the village (不涉及).
func NotApplicable() Value { return Value{kind: notApplicable} }

// NotDue is a duty that does not fall due this quarter (未到期).
func NotDue() Value { return Value{kind: notDue} }

// IsZero reports whether nobody named the fact.
func (v Value) IsZero() bool { return v.kind == unnamed }

// Number returns the number that v is, and false if it is none.
func (v Value) Number() (Decimal, bool) { return v.num, v.kind == numbered }

// Count returns how often event was counted; 0 if it is not in v.
func (v Value) Count(event string) int64 {
	n, _ := v.parts[event].whole()
	return n
}

// Equal reports whether two values are the same.
func (v Value) Equal(w Value) bool {
	return v.kind == w.kind && v.flag == w.flag && v.num == w.num && maps.Equal(v.parts, w.parts)
}

// MarshalJSON writes a value; equal values give the same bytes.
func (v Value) MarshalJSON() ([]byte, error) {
	switch v.kind {
	case flagged:
		return strconv.AppendBool(nil, v.flag), nil
	case numbered:
		return v.num.MarshalJSON()
	case parted:
		return json.Marshal(v.parts)
	case notApplicable:
		return json.Marshal(wordNotApplicable)
	case notDue:
		return json.Marshal(wordNotDue)
	default:
		return []byte("null"), nil
	}
}

// UnmarshalJSON reads a value. A number may be a JSON number or a decimal
// string; a part named twice is an error.
func (v *Value) UnmarshalJSON(b []byte) error {
	got, err := readValue(b)
	if err == nil {
		*v = got
	}
	return err
}

// MarshalJSON writes a whole number as a JSON number and any other as a string.
func (d Decimal) MarshalJSON() ([]byte, error) {
	if d.scale == 0 {
		return strconv.AppendInt(nil, d.coef, 10), nil
	}
	return json.Marshal(d.String())
}

func readValue(b []byte) (Value, error) {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	tok, err := dec.Token()
	if err != nil {
		return Value{}, fmt.Errorf("read value: %w", err)
	}
	v, err := valueOf(tok, dec)
	if err != nil {
		return Value{}, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return Value{}, errors.New("read value: something follows it")
	}
	return v, nil
}

func valueOf(tok json.Token, dec *json.Decoder) (Value, error) {
	switch t := tok.(type) {
	case nil:
		return Value{}, nil
	case bool:
		return Flag(t), nil
	case json.Delim:
		if t != '{' {
			return Value{}, errors.New("read value: a list is none")
		}
		return readParts(dec)
	case string:
		switch t {
		case wordNotApplicable:
			return NotApplicable(), nil
		case wordNotDue:
			return NotDue(), nil
		}
	}
	d, err := decimalOf(tok)
	return Number(d), err
}

func readParts(dec *json.Decoder) (Value, error) {
	v := Value{kind: parted, parts: map[string]Decimal{}}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return Value{}, fmt.Errorf("read value: %w", err)
		}
		name, _ := key.(string) // a key is always a string
		if _, twice := v.parts[name]; twice {
			return Value{}, fmt.Errorf("read value: part %q is named twice", name)
		}
		tok, err := dec.Token()
		if err != nil {
			return Value{}, fmt.Errorf("read value: %w", err)
		}
		if v.parts[name], err = decimalOf(tok); err != nil {
			return Value{}, fmt.Errorf("part %q: %w", name, err)
		}
	}
	_, err := dec.Token()
	return v, err
}

func decimalOf(tok json.Token) (Decimal, error) {
	switch t := tok.(type) {
	case json.Number:
		return parseNumber(t.String())
	case string:
		return ParseDecimal(t)
	default:
		return Decimal{}, fmt.Errorf("%v is not a number", tok)
	}
}

// partNames returns the names of the parts in a fixed order.
func (v Value) partNames() []string { return slices.Sorted(maps.Keys(v.parts)) }
