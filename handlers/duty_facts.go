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

// dutyBook is what a village's duty of one stretch of days lacks.
type dutyBook struct {
	missed map[string][]models.Missed // shifts that nobody confirmed, by person
	bare   []models.BareDay           // working days without a 正职 on the spot
	posts  []models.Post
}

// factOf counts what the records hold against one cadre, with the record of
// each.
func (b dutyBook) factOf(personID string) scoring.Fact {
	var records []scoring.Record
	for _, s := range b.missed[personID] {
		if !b.inPost(personID, s.Day) {
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
	for _, day := range b.bare {
		if b.headOn(personID, day.Day) {
			out = append(out, scoring.Record{ID: day.First, Date: day.Day, Event: noHeadOnSite, Note: "当日无正职签到"})
		}
	}
	return out
}

// inPost reports whether somebody held an assessed post of the village on a day:
// a shift after the post ended is nobody's absence.
func (b dutyBook) inPost(personID string, day calendar.Date) bool {
	return slices.ContainsFunc(b.posts, func(p models.Post) bool {
		return p.PersonID == personID && p.Title != models.Supervisor && p.On(day)
	})
}

// headOn reports whether somebody was a 正职 of the village on a day.
func (b dutyBook) headOn(personID string, day calendar.Date) bool {
	return slices.ContainsFunc(b.posts, func(p models.Post) bool {
		return p.PersonID == personID && p.Title.Head() && p.On(day)
	})
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
