package handlers

import (
	"slices"
	"strings"

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
	leaves leaveBook
	said   map[string]string // who attested a cadre's shifts
}

// factOf counts what the records hold against one cadre, with the record of
// each.
func (b dutyBook) factOf(personID string) scoring.Fact {
	var records []scoring.Record
	for _, s := range b.missed[personID] {
		if !b.inPost(personID, s.Day) || b.leaves.allDay(personID, s.Day) {
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
	return scoring.Fact{Value: scoring.Tally(counts), Records: records, Note: b.said[personID]}
}

// headless are the working days on which no 正职, and nobody who stood in for
// one, was on the spot. Each 正职 in post answers for them who was not on leave;
// if all were, the 书记 does.
func (b dutyBook) headless(personID string) []scoring.Record {
	var out []scoring.Record
	for _, day := range b.bare {
		if b.answersFor(personID, day.Day) {
			out = append(out, scoring.Record{ID: day.First, Date: day.Day, Event: noHeadOnSite, Note: "当日无正职签到"})
		}
	}
	return out
}

func (b dutyBook) answersFor(personID string, day calendar.Date) bool {
	there := func(p models.Post) bool { return p.Title.Head() && p.On(day) && !b.leaves.allDay(p.PersonID, day) }
	if slices.ContainsFunc(b.posts, there) {
		return slices.ContainsFunc(b.posts, func(p models.Post) bool { return p.PersonID == personID && there(p) })
	}
	return slices.ContainsFunc(b.posts, func(p models.Post) bool {
		return p.PersonID == personID && p.Title == models.PartySecretary && p.On(day)
	})
}

// inPost reports whether somebody held an assessed post of the village on a day:
// a shift after the post ended is nobody's absence.
func (b dutyBook) inPost(personID string, day calendar.Date) bool {
	return slices.ContainsFunc(b.posts, func(p models.Post) bool {
		return p.PersonID == personID && p.Title != models.Supervisor && p.On(day)
	})
}

// withEntered adds what inspections found, events of which no record is kept, to
// what the records say.
func withEntered(recorded, entered scoring.Fact, events ...string) scoring.Fact {
	counts := map[string]int64{}
	for _, r := range recorded.Records {
		counts[r.Event]++
	}
	for _, event := range events {
		if n := entered.Value.Count(event); n > 0 {
			counts[event] = n
		}
	}
	recorded.Value = scoring.Tally(counts)
	recorded.Note = strings.Trim(recorded.Note+"；"+entered.Note, "；")
	recorded.Records = append(recorded.Records, entered.Records...)
	return recorded
}
