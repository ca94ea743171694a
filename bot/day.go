package bot

import (
	"strings"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
)

// pastDay finds the day that a text begins with, and what follows it. Of two readings that
// is meant which is over and nearest: nobody tells of a day that is to come.
func pastDay(v *handlers.View, text string) (day calendar.Date, rest string, err error) {
	off, err := v.DaysOff()
	if err != nil {
		return day, text, err
	}
	f := calendar.Read(text, v.Sent.In(calendar.Zone), off)
	if f.From != 0 {
		return day, text, nil
	}
	for _, g := range readingsOf(f) {
		one := g.Kind == calendar.OneDay || g.Kind == calendar.HalfDay
		if one && !g.Start.After(v.Today) && (day.IsZero() || g.Start.After(day)) {
			day = g.Start
		}
	}
	if day.IsZero() {
		return day, text, nil
	}
	return day, strings.TrimLeft(string([]rune(text)[f.To:]), " ,，、的"), nil
}

// dayNamed is the day that a question names, of several readings the nearest, and what is left of
// it; it is whole if it names none.
func dayNamed(v *handlers.View, text string) (day calendar.Date, rest string, err error) {
	off, err := v.DaysOff()
	if err != nil {
		return day, text, err
	}
	f := calendar.Read(text, v.Sent.In(calendar.Zone), off)
	for _, g := range readingsOf(f) {
		if !g.Start.IsZero() && g.Start == g.End && (day.IsZero() || distance(v.Today, g.Start) < distance(v.Today, day)) {
			day = g.Start
		}
	}
	if day.IsZero() {
		return day, text, nil
	}
	runes := []rune(text)
	return day, string(runes[:f.From]) + string(runes[f.To:]), nil
}

// readLogDay takes the day of a log.
func readLogDay(h listening, text string) (heard, error) {
	day, rest, err := pastDay(h.v, text)
	switch {
	case err != nil:
		return heard{}, err
	case !day.IsZero() && (h.whole || rest == ""):
		return filled("day", day.String()), nil
	case h.whole:
		return heard{complaint: h.words.says("unreadday", "said", short(text))}, nil
	default:
		return heard{}, nil
	}
}

func showLogDay(a answers) string {
	d, err := calendar.Parse(a["day"])
	if err != nil {
		return a["day"]
	}
	return calendar.DaysOff{}.Chinese(d)
}
