package handlers

import (
	"slices"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/scoring"
)

// dutyCheck is the check that duty records fill (D1, article 7.4.1).
const dutyCheck = "D1.1"

// The deductions that follow from duty records. The others of the check come
// from inspections, by entry.
const (
	dutyAbsent    = "duty_absent"
	holidayAbsent = "holiday_duty_absent"
	noHeadOnSite  = "no_head_on_site_day"
)

// dutyBook is a village's duty of one stretch of days.
type dutyBook struct {
	shifts  []models.Shift
	arrived map[string]map[calendar.Date]models.Arrival // by person
	posts   []models.Post
	off     calendar.DaysOff
}

// factOf counts what the records hold against one cadre, with the record of
// each.
func (b dutyBook) factOf(personID string) scoring.Fact {
	var records []scoring.Record
	for _, s := range b.shifts {
		if s.PersonID != personID || b.came(s) || !b.inPost(personID, s.Day) {
			continue
		}
		event := dutyAbsent
		if s.Kind == models.RestShift {
			event = holidayAbsent
		}
		records = append(records, scoring.Record{ID: s.ID, Date: s.Day, Event: event, Note: "班次" + receipt(s.ID)})
	}
	records = append(records, b.headless(personID)...)
	slices.SortFunc(records, func(x, y scoring.Record) int { return x.Date.Compare(y.Date) })
	counts := map[string]int64{}
	for _, r := range records {
		counts[r.Event]++
	}
	return scoring.Fact{Value: scoring.Tally(counts), Records: records}
}

// headless are the working days on which no 正职, and nobody who stood in for
// one, was on the spot. Each 正职 in post answers for them.
func (b dutyBook) headless(personID string) []scoring.Record {
	var out []scoring.Record
	for i, s := range b.shifts {
		if s.Kind != models.DeskShift || i > 0 && b.shifts[i-1].Day == s.Day {
			continue // one of a day
		}
		if b.headOn(personID, s.Day) && !b.headCame(s.Day) {
			out = append(out, scoring.Record{ID: s.ID, Date: s.Day, Event: noHeadOnSite, Note: "当日无正职签到"})
		}
	}
	return out
}

// came reports whether a shift was confirmed: by a 签到 for it, or by one in its
// hours before anybody had drawn it up.
func (b dutyBook) came(s models.Shift) bool {
	a, there := b.arrived[s.PersonID][s.Day]
	return there && (a.ShiftID == s.ID || confirms(a.At, s))
}

// inPost reports whether somebody held an assessed post of the village on a day:
// a shift after the post ended is nobody's absence.
func (b dutyBook) inPost(personID string, day calendar.Date) bool {
	return slices.ContainsFunc(b.posts, func(p models.Post) bool {
		return p.PersonID == personID && p.Title != models.Supervisor && p.On(day)
	})
}

func (b dutyBook) headOn(personID string, day calendar.Date) bool {
	return slices.ContainsFunc(b.posts, func(p models.Post) bool {
		return p.PersonID == personID && p.Title.Head() && p.On(day)
	})
}

// headCame reports whether a 正职, or whoever stood in for one, was on the spot
// on a working day, on the roster or not.
func (b dutyBook) headCame(day calendar.Date) bool {
	if slices.ContainsFunc(b.posts, func(p models.Post) bool {
		a, there := b.arrived[p.PersonID][day]
		return there && p.Title.Head() && p.On(day) && a.At.Before(day.At(0, deskEnd))
	}) {
		return true
	}
	return slices.ContainsFunc(b.shifts, func(s models.Shift) bool { return s.Day == day && s.Chief && b.came(s) })
}

// withEntered adds what inspections found to what the records say.
func withEntered(duty, entered scoring.Fact) scoring.Fact {
	counts := map[string]int64{}
	for _, r := range duty.Records {
		counts[r.Event]++
	}
	for _, event := range []string{"late_or_left", "key_period_absent"} {
		if n := entered.Value.Count(event); n > 0 {
			counts[event] = n
		}
	}
	duty.Value, duty.Note = scoring.Tally(counts), entered.Note
	duty.Records = append(duty.Records, entered.Records...)
	return duty
}
