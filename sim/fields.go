package sim

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// readFields takes a template's values, each as the template declares it. What
// templates had before and after their fields is left out, as it has been since
// May 2023; another key that the template does not have is refused.
func readFields(t Template, in map[string]json.RawMessage) (map[string]string, *platformError) {
	data := make(map[string]string, len(t.Fields))
	for _, f := range t.Fields {
		raw, ok := in[f.Key]
		if !ok {
			return nil, refuse(47003, "argument invalid! data."+f.Key+" is missing")
		}
		value, no := readField(f.Key, raw)
		if no != nil {
			return nil, no
		}
		data[f.Key] = value
	}
	for _, key := range slices.Sorted(maps.Keys(in)) {
		if _, ok := data[key]; !ok && key != "first" && key != "remark" {
			return nil, refuse(47003, "argument invalid! data."+key+" is not defined in the template")
		}
	}
	return data, nil
}

func readField(key string, raw json.RawMessage) (string, *platformError) {
	var v struct {
		Value string `json:"value"`
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		return "", refuse(47003, "argument invalid! data."+key+".value is not a string")
	}
	switch {
	case strings.TrimSpace(v.Value) == "":
		return "", refuse(47003, "argument invalid! data."+key+".value is empty")
	case !fits(strings.TrimRight(key, "0123456789"), v.Value):
		return "", refuse(47003, "argument invalid! data."+key+".value invalid")
	}
	return v.Value, nil
}

// The forms of values that are no free words. Where sources differ, the wider
// one counts: 10 or 12 digits of an amount, any usual way to write a day.
const (
	dayForm    = `\d{4}(年|-|/|\.)\d{1,2}(月|-|/|\.)\d{1,2}日?`
	hourForm   = `([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?`
	timeForm   = `(` + dayForm + ` ?)?` + hourForm
	dateForm   = dayForm + `( ?` + hourForm + `)?`
	amountForm = `[¥￥$€£]?\d{1,12}(\.\d+)?元?`
	phoneForm  = `[-+() \d]{1,17}`
	carForm    = `[\p{Han}A-Za-z\d][A-Za-z\d]{0,6}[\p{Han}A-Za-z\d]?`
)

// fits reports whether a value suits its kind of field. The limits are those
// that accounts have met.
func fits(kind, value string) bool {
	n := utf8.RuneCountInString(value)
	if strings.ContainsAny(value, "\r\n") || !utf8.ValidString(value) {
		return false
	}
	switch kind {
	case "phrase":
		return n <= 5 && all(value, isHan)
	case "character_string":
		return n <= 32 && !anyHan(value)
	case "number":
		return n <= 32 && has(value, `-?\d+(\.\d+)?`)
	case "letter":
		return n <= 32 && has(value, `[A-Za-z]+`)
	case "symbol":
		return n <= 5 && all(value, isSign)
	case "name":
		return (n <= 10 || n <= 20 && !anyHan(value)) && !strings.ContainsFunc(value, unicode.IsDigit)
	case "time":
		return has(value, timeForm+`(~`+timeForm+`)?`)
	case "date":
		return has(value, dateForm+`(~`+dateForm+`)?`)
	case "amount":
		return has(value, amountForm)
	case "phone_number":
		return has(value, phoneForm) && strings.ContainsAny(value, "0123456789")
	case "car_number":
		return has(value, carForm)
	default: // thing, const, and kinds that nobody has described
		return n <= 20
	}
}

// has reports whether a value is of a form as a whole.
func has(value, form string) bool {
	ok, err := regexp.MatchString(`^(?:`+form+`)$`, value)
	return err == nil && ok
}

func all(s string, ok func(rune) bool) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return !ok(r) })
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

func anyHan(s string) bool { return strings.ContainsFunc(s, isHan) }

func isSign(r rune) bool { return unicode.IsPunct(r) || unicode.IsSymbol(r) }
