package wechat

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// instant is a day, a time of day, or both, as people write them.
var instant = regexp.MustCompile(`^(?:([0-9]{4})(?:年|[-/.])([0-9]{1,2})(?:月|[-/.])([0-9]{1,2})日?)?(?:[ T]?([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?)?$`)

// shapeTime fits a time (a time of day, a day may precede) or a date (a day, a
// time may follow), or a span of two with ~ in between. The second of two times
// may be on the day of the first.
func shapeTime(kind, value string) (out, why string) {
	ends := strings.Split(halfWidth(value), "~")
	if len(ends) > 2 {
		return "", "more than two ends"
	}
	var parts []string
	for i, end := range ends {
		day, clock, ok := readInstant(strings.TrimSpace(end))
		switch {
		case !ok, kind == "time" && clock == "", kind == "date" && day == "":
			return "", "no " + kind
		case i == 1 && day != "" && !strings.Contains(parts[0], "日"):
			return "", "a day at the second end only"
		}
		parts = append(parts, strings.TrimSpace(day+" "+clock))
	}
	return strings.Join(parts, "~"), ""
}

// readInstant reads a day and a time of day, of which one may be empty.
func readInstant(s string) (day, clock string, ok bool) {
	m := instant.FindStringSubmatch(s)
	if m == nil || s == "" {
		return "", "", false
	}
	if m[1] != "" {
		var t time.Time
		t, ok = dayOf(m[1], m[2], m[3])
		if !ok {
			return "", "", false
		}
		day = fmt.Sprintf("%d年%d月%d日", t.Year(), int(t.Month()), t.Day())
	}
	if m[4] != "" {
		if len(m[4]) == 1 {
			m[4] = "0" + m[4]
		}
		if m[4] > "23" || m[5] > "59" || m[6] > "59" {
			return "", "", false
		}
		clock = m[4] + ":" + m[5]
		if m[6] != "" {
			clock += ":" + m[6]
		}
	}
	return day, clock, true
}

// dayOf is the day of that name, if there is one.
func dayOf(year, month, day string) (time.Time, bool) {
	y, _ := strconv.Atoi(year)
	m, _ := strconv.Atoi(month)
	d, _ := strconv.Atoi(day)
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	return t, y >= 1000 && int(t.Month()) == m && t.Day() == d
}
