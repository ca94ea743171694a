package scoring

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/cunkao/cunkao/calendar"
)

// Sheets and facts are written once for every cadre of a county and are most of
// what a quarter stores. What follows appends the very bytes of [json.Marshal],
// without its reflection: a test compares the two.

// AppendJSON appends the sheet as JSON.
func (s Sheet) AppendJSON(b []byte) []byte {
	b = appendText(append(b, `{"rubric":`...), s.Rubric)
	b = appendList(append(b, `,"dimensions":`...), s.Dimensions, appendDimension)
	b = appendPoints(append(b, `,"base":`...), s.Base)
	b = appendList(append(b, `,"adjustments":`...), s.Adjustments, AdjustmentLine.appendJSON)
	b = appendPoints(append(b, `,"adjustment_total":`...), s.AdjustmentTotal)
	b = appendPoints(append(b, `,"total":`...), s.Total)
	b = strconv.AppendBool(append(b, `,"survey_valid":`...), s.SurveyValid)
	return append(b, '}')
}

func appendDimension(d DimensionScore, b []byte) []byte {
	b = appendText(append(b, `{"id":`...), d.ID)
	b = appendText(append(b, `,"name":`...), d.Name)
	b = appendPoints(append(b, `,"max":`...), d.Max)
	b = appendPoints(append(b, `,"points":`...), d.Points)
	if d.Left {
		b = append(b, `,"left":true`...)
	}
	b = appendList(append(b, `,"items":`...), d.Items, ItemScore.appendJSON)
	if len(d.Lines) > 0 {
		b = appendList(append(b, `,"lines":`...), d.Lines, Line.appendJSON)
	}
	return append(b, '}')
}

func (it ItemScore) appendJSON(b []byte) []byte {
	b = appendText(append(b, `{"id":`...), it.ID)
	b = appendText(append(b, `,"name":`...), it.Name)
	b = appendPoints(append(b, `,"max":`...), it.Max)
	b = appendPoints(append(b, `,"points":`...), it.Points)
	if len(it.Lines) > 0 {
		b = appendList(append(b, `,"lines":`...), it.Lines, Line.appendJSON)
	}
	return append(b, '}')
}

func (l Line) appendJSON(b []byte) []byte {
	b = append(b, '{')
	b = appendNamed(b, "check", l.Check)
	b = appendNamed(b, "event", l.Event)
	b = appendPoints(append(b, `"points":`...), l.Points)
	b = appendText(append(b, `,"reason":`...), l.Reason)
	if len(l.Records) > 0 {
		b = appendList(append(b, `,"records":`...), l.Records, Record.appendJSON)
	}
	if l.Article != "" {
		b = appendText(append(b, `,"article":`...), l.Article)
	}
	return append(b, '}')
}

func (a AdjustmentLine) appendJSON(b []byte) []byte {
	b = appendText(append(b, `{"id":`...), a.ID)
	b = append(appendText(append(b, `,"name":`...), a.Name), ',')
	b = appendNamed(b, "level", a.Level)
	b = appendText(append(b, `"matter":`...), a.Matter)
	b = append(appendPoints(append(b, `,"points":`...), a.Points), ',')
	b = appendNamed(b, "record", a.Record)
	b = appendNamed(b, "article", a.Article)
	b[len(b)-1] = '}' // for the last comma
	return b
}

func (r Record) appendJSON(b []byte) []byte {
	b = appendText(append(b, `{"id":`...), r.ID)
	b = append(appendDate(append(b, `,"date":`...), r.Date), ',')
	b = appendNamed(b, "event", r.Event)
	b = appendNamed(b, "note", r.Note)
	b[len(b)-1] = '}' // for the last comma
	return b
}

// AppendJSON appends the facts as JSON.
func (f Facts) AppendJSON(b []byte) []byte {
	if f == nil {
		return append(b, "null"...)
	}
	b = append(b, '{')
	for i, id := range slices.Sorted(maps.Keys(f)) {
		if i > 0 {
			b = append(b, ',')
		}
		b = f[id].appendJSON(append(appendText(b, id), ':'))
	}
	return append(b, '}')
}

func (f Fact) appendJSON(b []byte) []byte {
	b = f.Value.appendJSON(append(b, `{"value":`...))
	if len(f.Records) > 0 {
		b = appendList(append(b, `,"records":`...), f.Records, Record.appendJSON)
	}
	if f.Note != "" {
		b = appendText(append(b, `,"note":`...), f.Note)
	}
	return append(b, '}')
}

func (v Value) appendJSON(b []byte) []byte {
	switch v.kind {
	case flagged:
		return strconv.AppendBool(b, v.flag)
	case numbered:
		return v.num.appendJSON(b)
	case parted:
		b = append(b, '{')
		for i, name := range v.partNames() {
			if i > 0 {
				b = append(b, ',')
			}
			b = v.parts[name].appendJSON(append(appendText(b, name), ':'))
		}
		return append(b, '}')
	case notApplicable:
		return appendText(b, wordNotApplicable)
	case notDue:
		return appendText(b, wordNotDue)
	default:
		return append(b, "null"...)
	}
}

func (d Decimal) appendJSON(b []byte) []byte {
	if d.scale == 0 {
		return strconv.AppendInt(b, d.coef, 10)
	}
	return appendText(b, d.String())
}

// appendList appends a list, of which nil is null.
func appendList[T any](b []byte, list []T, one func(T, []byte) []byte) []byte {
	if list == nil {
		return append(b, "null"...)
	}
	b = append(b, '[')
	for i, v := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = one(v, b)
	}
	return append(b, ']')
}

// appendNamed appends a member and a comma, unless it is empty.
func appendNamed(b []byte, name, text string) []byte {
	if text == "" {
		return b
	}
	b = append(append(append(b, '"'), name...), `":`...)
	return append(appendText(b, text), ',')
}

func appendPoints(b []byte, p Points) []byte {
	return append(appendHundredths(append(b, '"'), int64(p)), '"')
}

// appendDate appends a day: four digits, or none for no day.
func appendDate(b []byte, d calendar.Date) []byte {
	text, _ := d.MarshalText() // a day is always text
	return append(append(append(b, '"'), text...), '"')
}

// appendText appends a string. One with a character that is escaped is left to
// encoding/json.
func appendText(b []byte, s string) []byte {
	if !plain(s) {
		quoted, _ := json.Marshal(s) // a string always has JSON
		return append(b, quoted...)
	}
	return append(append(append(b, '"'), s...), '"')
}

// plain reports whether nothing in s is escaped.
func plain(s string) bool {
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c < ' ' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' || c == 0x7f:
			return false
		case c < utf8.RuneSelf:
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError || r == '\u2028' || r == '\u2029' {
			return false
		}
		i += size
	}
	return true
}
