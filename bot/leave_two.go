package bot

import (
	"regexp"
	"strings"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
)

// kindWords name a kind of leave.
var kindWords = regexp.MustCompile(`(?:请个?)?(?:事假|病假|年休假|年假|婚假|陪产假|产假|丧假|公差)`)

// firstLeave cuts a sentence that asks for two leaves, each with its kind and its days, before
// the second: 8号请事假接孩子，9号请病假看牙. later is what is to be asked for after the first.
func firstLeave(v *handlers.View, text string) (first, later string) {
	kinds := kindWords.FindAllStringIndex(text, 2)
	if len(kinds) < 2 || corrects(text) {
		return text, ""
	}
	var days []int // where phrases for days begin, in bytes
	for _, f := range calendar.ReadAll(text, v.Sent.In(calendar.Zone), nil) {
		if f.Kind != calendar.Length {
			days = append(days, len(string([]rune(text)[:f.From])))
		}
	}
	between, before, behind := -1, false, false
	for _, at := range days {
		switch {
		case at < kinds[0][0]:
			before = true
		case at > kinds[1][0]:
			behind = true
		default:
			between = at
		}
	}
	cut := kinds[1][0] // 请事假8号，请病假9号
	switch {
	case between < 0 || !before && !behind:
		return text, ""
	case before:
		cut = between
	}
	trim := func(s string) string { return strings.Trim(s, " ,，。;；、") }
	return trim(text[:cut]), trim(text[cut:])
}
