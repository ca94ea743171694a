package bot

import (
	"strings"

	"github.com/cunkao/cunkao/calendar"
)

// changeExtension moves the last day of a longer leave from where it was put: 往后推一天,
// 再多请半天. A length that moves nothing counts from the end of the leave that there is.
func changeExtension(h listening, text string) (heard, error) {
	said, off, err := heardLeave(h, text)
	if err != nil || said.Kind != calendar.Length {
		return heard{}, err
	}
	end, err := h.v.LeaveEnd(0)
	if err != nil {
		return heard{}, err
	}
	last, err := calendar.Parse(strings.TrimRight(h.a["last"], "amp"))
	if err != nil { // an answer of another edition
		return heard{}, nil //nolint:nilerr // it is read anew
	}
	longer := calendar.LeaveDays{Start: end.Next().Day, StartPart: calendar.Morning, End: last, EndPart: calendar.Afternoon}
	if end.Next().Noon {
		longer.StartPart = calendar.Afternoon
	}
	if !strings.HasSuffix(h.a["last"], "pm") {
		longer.EndPart = calendar.Morning
	}
	f := calendar.CorrectLeave(longer, text, h.v.Sent.In(calendar.Zone), off)
	switch {
	case f.HasDays():
		return heard{fill: endOf(calendar.Half{Day: f.Days.End, Noon: f.Days.EndPart == calendar.Afternoon}, off)}, nil
	case len(f.Asks) > 0:
		return heard{complaint: f.Asks[0].Text}, nil
	default:
		return heard{}, nil
	}
}
