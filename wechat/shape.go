package wechat

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
)

// The limits of a field's value, in UTF-16 units: whether the platform counts a
// rare character as one or two is not said.
const (
	maxThing  = 20
	maxString = 32 // of number, letter and character_string
	maxPhrase = 5
	maxHan    = 10 // of a name with Chinese characters in it
	maxConst  = 20
)

// keyPattern is a key of a template: its kind, and a number.
var keyPattern = regexp.MustCompile(`^([A-Za-z_]+?)[0-9]*$`)

// kindPatterns are what the values of the kinds look like that are not free
// texts. What does not fit is refused, not cut: half a number is another number.
//
//nolint:gochecknoglobals // patterns are as good as constants
var kindPatterns = map[string]*regexp.Regexp{
	"number":           regexp.MustCompile(`^[0-9]+(\.[0-9]+)?$`),
	"letter":           regexp.MustCompile(`^[A-Za-z]+$`),
	"symbol":           regexp.MustCompile(`^[\pP\pS]{1,5}$`),
	"character_string": regexp.MustCompile(`^[ -~]+$`),
	"amount":           regexp.MustCompile(`^[¥￥$€£]?[0-9]{1,10}(\.[0-9]{1,2})?元?$`),
	"phone_number":     regexp.MustCompile(`^[+(]?[0-9][0-9()+ -]{0,15}$`),
	"car_number":       regexp.MustCompile(`^[\p{Han}A-Za-z0-9][A-Za-z0-9]{0,6}[\p{Han}A-Za-z0-9]?$`),
	"name":             regexp.MustCompile(`^[\pL\pM\pP\pZ]+$`),
	"phrase":           regexp.MustCompile(`^\p{Han}+$`),
}

// Shape makes a value fit the field of a template or of a notice whose key is
// key, such as thing1, by the platform's published limits: one line, no emoji,
// not empty, of the characters and the length of its kind. Texts (thing, name,
// phrase and kinds that are not known here) are cut between characters; a thing
// then ends in …. What would mean something else when cut or changed (numbers,
// dates, amounts, …) is refused. Dates come back in the documented form,
// 2026年11月22日 08:30. The error is ErrInvalid, names the key and does not show
// the value.
func Shape(key, value string) (string, error) {
	match := keyPattern.FindStringSubmatch(key)
	if match == nil {
		return "", invalid("field %q: no key of a template", key)
	}
	kind, value := match[1], layout(value)
	if value == "" {
		return "", invalid("field %s: empty", key)
	}
	out, why := shapeKind(kind, value)
	if why == "" && out == "" {
		why = "nothing is left of it"
	}
	if why != "" {
		return "", invalid("field %s: %s", key, why)
	}
	return out, nil
}

// shapeKind fits a value without line breaks or emoji to a kind, or says why not.
func shapeKind(kind, value string) (out, why string) {
	switch kind {
	case "time", "date":
		return shapeTime(kind, value)
	case "const":
		if units(value) > maxConst {
			return "", "more than 20 characters"
		}
		return value, ""
	}
	pattern := kindPatterns[kind]
	if pattern == nil {
		return cutText(value, maxThing, "…"), ""
	}
	if kind != "name" && kind != "phrase" {
		value = halfWidth(value)
	}
	switch {
	case !pattern.MatchString(value):
		return "", "not the characters of its kind"
	case kind == "name":
		return cutText(value, nameLimit(value), ""), ""
	case kind == "phrase":
		return cutText(value, maxPhrase, ""), ""
	case kind == "amount" && len(digits(value)) > 10:
		return "", "more than 10 digits"
	case units(value) > maxString:
		return "", "more than 32 characters"
	case kind == "car_number":
		return strings.ToUpper(value), ""
	}
	return value, ""
}

// nameLimit is how long a name may be: ten characters, or twenty if none is
// Chinese.
func nameLimit(value string) int {
	if strings.ContainsFunc(value, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
		return maxHan
	}
	return 2 * maxHan
}

// shaped shapes every value of a template.
func shaped(data map[string]string) (map[string]string, error) {
	out := make(map[string]string, len(data))
	for _, key := range slices.Sorted(maps.Keys(data)) {
		value, err := Shape(key, data[key])
		if err != nil {
			return nil, err
		}
		out[key] = value
	}
	return out, nil
}

// layout puts a text on one line, without emoji, without what is seen only by
// what it does to others, and without marks that have no letter to stand on.
func layout(s string) string {
	var b strings.Builder
	bare := true // nothing before that a mark could stand on
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			if !bare {
				b.WriteByte(' ')
			}
			bare = true
		case unwanted(r) || bare && unicode.IsMark(r):
		default:
			b.WriteRune(r)
			bare = false
		}
	}
	return strings.TrimSpace(b.String())
}

// unwanted reports whether r is left out of every field.
func unwanted(r rune) bool {
	return r == unicode.ReplacementChar || unicode.Is(unicode.C, r) || emoji(r)
}

// emoji reports whether r is one, or belongs to one: pictures, the frames of
// keys, the choice of colours.
func emoji(r rune) bool {
	switch {
	case r == '★' || r == '☆':
		return false
	case r >= 0x1F000 && r <= 0x1FBFF, r >= 0x2600 && r <= 0x27BF, r >= 0x2B00 && r <= 0x2BFF, r >= 0x2300 && r <= 0x23FF:
		return true
	case r >= 0xFE00 && r <= 0xFE0F, r >= 0xE0000 && r <= 0xE0FFF, r == 0x20E3, r == 0x3030, r == 0x303D:
		return true
	}
	return false
}

// units is the length of s as the platform may count it.
func units(s string) int { return len(utf16.Encode([]rune(s))) }

// cutText cuts s to at most limit units, with tail at its end if it was cut. What
// belongs to one character, a letter and the marks on it, stays whole or goes.
func cutText(s string, limit int, tail string) string {
	if units(s) <= limit {
		return s
	}
	var out, whole strings.Builder
	room := limit - units(tail)
	for _, r := range s {
		if !unicode.IsMark(r) {
			out.WriteString(whole.String())
			whole.Reset()
		}
		whole.WriteRune(r)
		if units(out.String()+whole.String()) > room {
			break
		}
	}
	kept := strings.TrimSpace(out.String())
	if kept == "" {
		return ""
	}
	return kept + tail
}

// halfWidth turns full-width digits, letters and signs (，１Ａ：) into those of
// ASCII.
func halfWidth(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' && r != '￥' {
			return r - '！' + '!'
		}
		return r
	}, s)
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}
