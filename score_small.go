package main

import (
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/scoring"
)

// leaveAnswer is the answer to leave.
type leaveAnswer struct {
	Overstay int            `json:"overstay_days"`
	Late     bool           `json:"return_reported_late"`
	D3       scoring.Points `json:"D3_score"`
}

func scoreLeave(r *scoring.Rubric, in value) (answer, error) {
	from, last := in.key("approved_from").dateOr(), in.key("approved_to").date()
	if !from.IsZero() && last.Before(from) {
		in.key("approved_to").fail("早于开始的日期。")
	}
	a := calendar.Absence{
		Last:        last,
		LastMorning: in.key("approved_to_part").oneOf("pm", "am", "pm") == "am",
		Returned:    in.key("returned_on").dateOr(),
		Reported:    readMoment(in.key("reported_at")),
	}
	if err := in.failed(); err != nil {
		return nil, err
	}
	out := &leaveAnswer{Overstay: a.Overstayed(), Late: a.ReportedLate()}
	var known bool
	if out.D3, known = scoring.LeavePoints(r, a); !known {
		return nil, &scoring.InputError{Field: "rubric", Text: "这份考评细则没有逾期未归的扣分。"}
	}
	return out, nil
}

// readMoment reads a moment such as 2026-05-11T09:00, in the offices' zone
// unless it names its own.
func readMoment(in value) time.Time {
	s := in.text()
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05", time.RFC3339, "2006-01-02T15:04Z07:00"} {
		if t, err := time.ParseInLocation(layout, s, calendar.Zone); err == nil {
			return t
		}
	}
	in.fail("应当是时间，例如2026-05-11T09:00。")
	return time.Time{}
}

// recheckAnswer is the answer to recheck.
type recheckAnswer struct {
	Difference scoring.Points `json:"difference_rate_percent"`
	Recheck    bool           `json:"recheck"`
}

func scoreRecheck(_ *scoring.Rubric, in value) (answer, error) {
	self, group := readScore(in.key("self")), readScore(in.key("group"))
	if err := in.failed(); err != nil {
		return nil, err
	}
	out := &recheckAnswer{}
	out.Difference, out.Recheck = scoring.Difference(self, group)
	return out, nil
}

func readScore(in value) scoring.Points {
	p := in.points()
	if p < 0 {
		in.fail("不能是负数。")
	}
	return p
}

// springAnswer is the answer to spring.
type springAnswer struct {
	Deadline calendar.Date `json:"deadline"`
}

func scoreSpring(_ *scoring.Rubric, in value) (answer, error) {
	year := in.key("year").whole(1900, 2199)
	if err := in.failed(); err != nil {
		return nil, err
	}
	deadline, _ := calendar.SpringFestivalDeadline(year)
	return &springAnswer{deadline}, nil
}
