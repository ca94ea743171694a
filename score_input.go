package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/scoring"
)

// The limits of an input.
const (
	mostInput = 16 << 20
	mostDepth = 32
)

// value is a part of the input and where it stands. Reading it as something
// that it is not notes the first mistake for the whole input and gives the
// zero value, so that a form is read straight through and asked once whether
// all was well.
type value struct {
	path  string
	raw   any // nil if it is missing
	first *error
}

// readInput parses one JSON object, in which no key may stand twice.
func readInput(in io.Reader) (value, error) {
	limited := &io.LimitedReader{R: in, N: mostInput + 1}
	dec := json.NewDecoder(limited)
	dec.UseNumber()
	raw, err := readAny(dec, "", 0)
	if err == nil {
		err = nothingFollows(dec)
	}
	if limited.N <= 0 {
		err = bad("", "输入太长。")
	}
	if err != nil {
		return value{}, err
	}
	if _, ok := raw.(map[string]any); !ok {
		return value{}, bad("", "输入应当是一个JSON对象。")
	}
	return value{raw: raw, first: new(error)}, nil
}

func nothingFollows(dec *json.Decoder) error {
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return bad("", "JSON对象后面还有别的内容。")
	}
	return nil
}

func bad(path, format string, args ...any) error {
	if path == "" {
		path = "input"
	}
	return &scoring.InputError{Field: path, Text: fmt.Sprintf(format, args...)}
}

func readAny(dec *json.Decoder, path string, depth int) (any, error) {
	tok, err := dec.Token()
	if err != nil {
		return nil, bad(path, "不是完整的JSON。")
	}
	if depth > mostDepth {
		return nil, bad(path, "嵌套太深。")
	}
	switch tok {
	case json.Delim('{'):
		return readObject(dec, path, depth)
	case json.Delim('['):
		return readList(dec, path, depth)
	default:
		return tok, nil
	}
}

func readObject(dec *json.Decoder, path string, depth int) (any, error) {
	out := map[string]any{}
	for dec.More() {
		tok, err := dec.Token()
		key, ok := tok.(string)
		if err != nil || !ok {
			return nil, bad(path, "不是完整的JSON。")
		}
		at := join(path, key)
		if _, twice := out[key]; twice {
			return nil, bad(at, "“%s”写了两次。", key)
		}
		if out[key], err = readAny(dec, at, depth+1); err != nil {
			return nil, err
		}
	}
	return out, closing(dec, path)
}

func readList(dec *json.Decoder, path string, depth int) (any, error) {
	out := []any{}
	for dec.More() {
		one, err := readAny(dec, fmt.Sprintf("%s[%d]", path, len(out)), depth+1)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, closing(dec, path)
}

func closing(dec *json.Decoder, path string) error {
	if _, err := dec.Token(); err != nil {
		return bad(path, "不是完整的JSON。")
	}
	return nil
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// fail notes what is wrong here, unless something was wrong before.
func (v value) fail(format string, args ...any) {
	if *v.first == nil {
		*v.first = bad(v.path, format, args...)
	}
}

// failed is the first thing that was wrong with the input.
func (v value) failed() error { return *v.first }

// there reports whether the value was given; null is not.
func (v value) there() bool { return v.raw != nil }

// key is a part of an object; it is missing if v is none.
func (v value) key(name string) value {
	part := value{path: join(v.path, name), first: v.first}
	if v.raw == nil {
		return part
	}
	m, ok := v.raw.(map[string]any)
	if !ok {
		v.fail("应当是一个对象。")
		return part
	}
	part.raw = m[name]
	return part
}

// keys are the names of an object's parts in a fixed order.
func (v value) keys() []string {
	m, ok := v.raw.(map[string]any)
	if !ok {
		v.missing("应当是一个对象。")
	}
	return slices.Sorted(maps.Keys(m))
}

// missing notes that v is not what it should be, or not there at all.
func (v value) missing(want string) {
	if v.there() {
		v.fail("%s", want)
	} else {
		v.fail("缺少%s。", v.path)
	}
}

func (v value) list() []value {
	all, ok := v.raw.([]any)
	if !ok {
		v.missing("应当是一个列表。")
	}
	out := make([]value, len(all))
	for i, one := range all {
		out[i] = value{path: fmt.Sprintf("%s[%d]", v.path, i), raw: one, first: v.first}
	}
	return out
}

func (v value) text() string {
	s, ok := v.raw.(string)
	if !ok || strings.TrimSpace(s) == "" {
		v.missing("应当是文字。")
	}
	return s
}

func (v value) textOr(otherwise string) string {
	if !v.there() {
		return otherwise
	}
	return v.text()
}

// oneOf reads one of several words; there may be a word for none given.
func (v value) oneOf(otherwise string, words ...string) string {
	s := v.textOr(otherwise)
	if s != otherwise && !slices.Contains(words, s) {
		v.fail("“%s”不在其中：%s。", s, strings.Join(words, "、"))
	}
	return s
}

func (v value) flag(otherwise bool) bool {
	b, ok := v.raw.(bool)
	if !v.there() {
		return otherwise
	}
	if !ok {
		v.fail("应当是true或false。")
	}
	return b
}

// number is the text of a JSON number or a decimal string.
func (v value) number() string {
	switch n := v.raw.(type) {
	case json.Number:
		return n.String()
	case string:
		return n
	default:
		v.missing("应当是一个数。")
		return "0"
	}
}

func (v value) points() scoring.Points {
	p, err := scoring.ParsePoints(v.number())
	if err != nil {
		v.fail("应当是至多两位小数的分数。")
	}
	return p
}

func (v value) yuan() scoring.Fen {
	f, err := scoring.ParseFen(v.number())
	if err != nil || f < 0 {
		v.fail("应当是不小于0、至多两位小数的元数。")
	}
	return f
}

func (v value) whole(least, most int) int {
	p, err := scoring.ParsePoints(v.number())
	n := int(p / 100)
	if err != nil || p%100 != 0 || n < least || n > most {
		v.fail("应当是%d到%d的整数。", least, most)
	}
	return n
}

func (v value) wholeOr(otherwise, least, most int) int {
	if !v.there() {
		return otherwise
	}
	return v.whole(least, most)
}

func (v value) date() calendar.Date {
	d, err := calendar.Parse(v.text())
	if err != nil {
		v.fail("应当是日期，例如2026-05-08。")
	}
	return d
}

// dateOr is no day if none was given.
func (v value) dateOr() calendar.Date {
	if !v.there() || v.raw == "" {
		return calendar.Date{}
	}
	return v.date()
}

func (v value) quarter() calendar.Quarter {
	q, err := calendar.ParseQuarter(v.text())
	if err != nil {
		v.fail("应当是季度，例如2026Q2。")
	}
	return q
}

// facts reads an object of facts by check. What they mean is the rubric's to
// judge.
func (v value) facts() scoring.Facts {
	facts := scoring.Facts{}
	if !v.there() {
		return facts
	}
	for _, check := range v.keys() {
		one := v.key(check)
		var got scoring.Value
		b, err := json.Marshal(one.raw)
		if err == nil {
			err = json.Unmarshal(b, &got)
		}
		if err != nil {
			one.fail("看不懂这个值：应当是数、true或false、n/a、not_due，或由数组成的对象。")
		}
		facts[check] = scoring.Fact{Value: got}
	}
	return facts
}
