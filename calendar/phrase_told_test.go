package calendar_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cunkao/cunkao/calendar"
)

// told writes what was found in one line: a day 2026-10-08, days a..b, half a day
// 2026-10-08 am, a moment 2026-10-08T15:30, a length in seconds 3600s or working
// days 3w. Readings to choose from stand after ? with | between, the text of a
// question without any is “?”.
func told(f calendar.Found) string {
	switch {
	case len(f.Asks) == 1 && f.Asks[0].Kind == calendar.NoPhrase && f.Kind == calendar.NoPhrase:
		return "?"
	case len(f.Asks) > 0 && !f.Confirm:
		var all []string
		for _, q := range f.Asks {
			all = append(all, toldReading(q.Reading))
		}
		return "? " + strings.Join(all, " | ")
	}
	return toldReading(f.Reading)
}

func toldReading(g calendar.Reading) string {
	const clock = "2006-01-02T15:04"
	switch g.Kind {
	case calendar.OneDay:
		return g.Start.String()
	case calendar.Days:
		return strings.TrimSpace(fmt.Sprintf("%s %s", g.Start, g.StartPart)) + ".." + strings.TrimSpace(fmt.Sprintf("%s %s", g.End, g.EndPart))
	case calendar.HalfDay:
		return fmt.Sprintf("%s %s", g.Start, g.Part)
	case calendar.Moment:
		return g.StartAt.Format(clock)
	case calendar.Spell:
		return g.StartAt.Format(clock) + ".." + g.EndAt.Format(clock)
	case calendar.Length:
		if g.Workdays > 0 {
			return fmt.Sprintf("%dw", g.Workdays)
		}
		return fmt.Sprintf("%ds", g.Seconds)
	default:
		return string(g.Kind)
	}
}

// readAs holds phrases, said on Monday 2026-09-28 at ten, to what told says of
// them.
func readAs(t *testing.T, rows [][2]string) {
	t.Helper()
	now := on(2026, 9, 28).At(10, 0)
	for _, row := range rows {
		if got := told(calendar.Read(row[0], now, nil)); got != row[1] {
			t.Errorf("%s is %s, want %s", row[0], got, row[1])
		}
	}
}
