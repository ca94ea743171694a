package bot

import (
	"regexp"
	"slices"
	"strings"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
)

// How people name who stands in.
var (
	deputyWords = regexp.MustCompile(`[,，。;； ]*(?:请|由|让|叫|找)?([^,，。;； 0-9请由让叫找]{1,6}?)(?:来)?(?:[替代帮][我俺咱]|替|代|顶)(?:一下)?(?:坐班|带班|上班|班|代理|顶班|值班|代班|替班|我)?(?:一下)?$|[,，。;； ]+(?:代理人|替班人)(?:是|:|：)?([^,，。;； ]{1,6})$`)
	deputyInner = regexp.MustCompile(`[,，。;； ]+(?:请|由|让|叫|找)?([^,，。;； 0-9请由让叫找]{1,6}?)(?:替班|代班|顶班|代理|[替代][我俺咱])[,，。;； ]`)
)

// deputyIn finds who is to stand in, as he was named.
func deputyIn(text string) (name string, at []int) {
	if m := deputyWords.FindStringSubmatchIndex(text); m != nil {
		if m[2] >= 0 {
			return text[m[2]:m[3]], m[:2]
		}
		return text[m[4]:m[5]], m[:2]
	}
	if m := deputyInner.FindStringSubmatchIndex(text); m != nil {
		return text[m[2]:m[3]], m[:2]
	}
	return "", nil
}

func withoutDeputy(text string) string {
	if _, at := deputyIn(text); at != nil {
		return text[:at[0]] + " " + text[at[1]:]
	}
	return text
}

// noDeputy is how somebody wants nobody to stand in.
var noDeputy = regexp.MustCompile(`^(?:代理人?|替班人?)?(?:不要|不用|不需要|不请|取消|去掉|删掉)(?:人|谁)?(?:替班人?|代班|顶班|代理人?|替)?(?:了|吧)*$`)

func readDeputy(h listening, text string) (heard, error) {
	if noDeputy.MatchString(text) && strings.ContainsAny(text, "替代顶") {
		return heard{fill: answers{"deputy": "", "deputyname": ""}, rest: text}, nil
	}
	name, at := deputyIn(text)
	if at == nil && !h.whole {
		if only, err := onlyDeputy(h.v, text); !only || err != nil {
			return heard{}, err
		}
	}
	if at == nil {
		name = text
	}
	all, err := h.v.Colleagues(calendar.Span{})
	if err != nil {
		return heard{}, err
	}
	switch c := whoIs(name, all); {
	case c.PersonID != "" && h.repeats() && c.PersonID == h.a["deputy"] && strings.TrimSpace(withoutDeputy(text)) == "":
		return heard{complaint: h.words.says("samedeputy", "name", c.Name)}, nil
	case c.PersonID != "":
		return heard{fill: answers{"deputy": c.PersonID, "deputyname": c.Name}, rest: text}, nil
	}
	got := heard{ask: h.words.says("whichdeputy", "said", short(name)), rest: text}
	for _, c := range all[:min(8, len(all))] {
		got.offers = append(got.offers, handlers.Offer{Say: c.Name, Fill: answers{"deputy": c.PersonID, "deputyname": c.Name}})
	}
	got.offers = append(got.offers, handlers.Offer{Say: "不用代理", Fill: answers{"deputy": "", "deputyname": ""}})
	return got, nil
}

// longestName is how many characters a name has that is said by itself.
const longestName = 4

// onlyDeputy reports whether a text is for nothing but to say who stands in: 小王替我, or a
// colleague's name.
func onlyDeputy(v *handlers.View, text string) (bool, error) {
	if _, at := deputyIn(text); at != nil {
		return strings.TrimSpace(withoutDeputy(text)) == "", nil
	}
	if len([]rune(text)) > longestName {
		return false, nil
	}
	all, err := v.Colleagues(calendar.Span{})
	return slices.ContainsFunc(all, func(c handlers.Colleague) bool { return c.Name == text }), err
}

// tellsNothing is said of a leave, or asked, and answers no question about it.
var tellsNothing = regexp.MustCompile(`[?吗呢]$|什么|啥|哪|怎么|咋|几天|多久|不知道|不晓得|不清楚|不懂|不会|随便|都行|都可以|无所谓|看着办|假$|^[^\p{Han}]*$`)

// tellsOfLeave reports whether what is no answer to a question of a leave may be one to another.
func tellsOfLeave(text string) bool { return len([]rune(text)) > 1 && !tellsNothing.MatchString(text) }

// ofTime is in words for a time, be it one that nobody can read.
var ofTime = regexp.MustCompile(`[0-9天日号月周年点早晚午]|星期|礼拜|以后|马上|尽快|现在|到时`)

// tellsNoTime is tellsOfLeave for what was said where the days are asked for.
func tellsNoTime(text string) bool { return tellsOfLeave(text) && !ofTime.MatchString(text) }
