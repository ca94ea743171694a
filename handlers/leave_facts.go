package handlers

import (
	"fmt"
	"slices"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/scoring"
)

// leaveCheck is the check that leave records fill (D3, article 7.4.3). Leaving
// without leave is found by inspections, by entry.
const leaveCheck = "D3.1"

const filedLate = "leave_filed_late"

// leaveBook is the approved leaves of people that may count in a quarter.
type leaveBook map[string][]models.Leave

// leaveBook reads the leaves of people that count in a quarter.
func (v *View) leaveBook(q calendar.Quarter, people []string) (leaveBook, error) {
	rows, err := v.tx.LeavesCounting(people, q.First(), q.Last())
	if err != nil {
		return nil, fmt.Errorf("leaves of %s: %w", q, err)
	}
	return bookOf(rows), nil
}

// leavesOn reads the leaves of people from first to last.
func (v *View) leavesOn(people []string, first, last calendar.Date) (leaveBook, error) {
	rows, err := v.tx.LeavesGranted(people, first, last)
	if err != nil {
		return nil, fmt.Errorf("leaves from %s to %s: %w", first, last, err)
	}
	return bookOf(rows), nil
}

func bookOf(rows []models.Leave) leaveBook {
	book := leaveBook{}
	for _, l := range rows {
		book[l.PersonID] = append(book[l.PersonID], l)
	}
	return book
}

// on reports whether somebody was on leave for half a day.
func (b leaveBook) on(personID string, h calendar.Half) bool {
	return slices.ContainsFunc(b[personID], func(l models.Leave) bool {
		taken := l.Taken()
		return taken.Valid() && taken.Has(h)
	})
}

// anyOf reports whether somebody was on leave for some of a day.
func (b leaveBook) anyOf(personID string, day calendar.Date) bool {
	return b.on(personID, calendar.Half{Day: day}) || b.on(personID, calendar.Half{Day: day, Noon: true})
}

// allDay reports whether somebody was on leave for the whole of a day: whoever was
// there for half of it had his duty.
func (b leaveBook) allDay(personID string, day calendar.Date) bool {
	return b.on(personID, calendar.Half{Day: day}) && b.on(personID, calendar.Half{Day: day, Noon: true})
}

// factOf counts what the leaves of a quarter hold against one cadre by an
// instant, with the leave behind each. A day counts in the quarter that it is in,
// and as long as he is in post.
func (b leaveBook) factOf(m member, q calendar.Quarter, now time.Time) scoring.Fact {
	var records []scoring.Record
	for _, l := range b[m.person.ID] {
		add := func(day calendar.Date, event, note string) {
			inPost := slices.ContainsFunc(m.posts, func(p models.Post) bool { return p.On(day) })
			if inPost && !day.Before(q.First()) && !day.After(q.Last()) {
				records = append(records, scoring.Record{ID: l.ID, Date: day, Event: event, Note: fmt.Sprintf("%d号假条，%s", l.Number, note)})
			}
		}
		if l.FiledLate {
			add(l.FirstDay, filedLate, "离开以后才补")
		}
		a := l.Absence(now)
		for i := range a.Overstayed() {
			add(l.LastDay.Add(i+1), scoring.EventOverstayDay, "批到"+l.LastDay.Chinese())
		}
		if a.ReportedLate() {
			add(calendar.On(a.End().Add(24*time.Hour)), scoring.EventReturnNotReported, reportedWords(l))
		}
	}
	slices.SortStableFunc(records, func(x, y scoring.Record) int { return x.Date.Compare(y.Date) })
	counts := map[string]int64{}
	for _, r := range records {
		counts[r.Event]++
	}
	return scoring.Fact{Value: scoring.Tally(counts), Records: records}
}

func reportedWords(l models.Leave) string {
	if l.ReportedAt == nil {
		return "还没有销假"
	}
	return calendar.On(*l.ReportedAt).Chinese() + " " + calendar.TimeOfDay(*l.ReportedAt) + "销假"
}
