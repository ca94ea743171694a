package handlers

import (
	"fmt"
	"slices"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/scoring"
)

// logCheck is the check that logs fill (D2, article 7.4.2).
const logCheck = "D2.1"

// The deductions that follow from logs. log_falsified is entered, after the cadre was heard.
const (
	logMissing  = "log_missing"
	notHandedOn = "open_not_handed_over"
)

// logsFrom reports whether the county keeps its logs here on a day: before that they were
// on paper, and no record is no fault.
func (c County) logsFrom(day calendar.Date) bool {
	return !c.LogsSince.IsZero() && !day.Before(c.LogsSince)
}

// logBook is what the logs of some villages lack, by person; nil if they are on paper.
type logBook map[string][]scoring.Record

// logBooks reads what the logs of villages lack in a quarter, as far as they are due.
func (v *View) logBooks(q calendar.Quarter, villages []string) (logBook, error) {
	first, last := q.First(), q.Last()
	if due := v.Today.Add(-2); due.Before(last) { // that of yesterday is due tonight
		last = due
	}
	if v.h.county.LogsSince.After(first) {
		first = v.h.county.LogsSince
	}
	book := logBook{}
	switch {
	case v.h.county.LogsSince.IsZero() || v.h.county.LogsSince.After(q.Last()):
		return nil, nil // on paper: what was entered counts
	case last.Before(first):
		return book, nil
	}
	missing, err := v.tx.LogsMissing(villages, first, last)
	if err != nil {
		return nil, fmt.Errorf("missing logs: %w", err)
	}
	for _, s := range missing {
		book[s.PersonID] = append(book[s.PersonID], scoring.Record{ID: s.ID, Date: s.Day, Event: logMissing, Note: "班次" + receipt(s.ID) + "没有日志"})
	}
	matters, err := v.tx.MattersAmong(villages, first, last)
	if err != nil {
		return nil, fmt.Errorf("matters left open: %w", err)
	}
	for _, m := range matters {
		if leftOpen(m) {
			book[m.PersonID] = append(book[m.PersonID], scoring.Record{ID: m.ID, Date: m.Day, Event: notHandedOn, Note: fmt.Sprintf("%d号事项", m.No)})
		}
	}
	for _, records := range book {
		slices.SortFunc(records, func(x, y scoring.Record) int { return x.Date.Compare(y.Date) })
	}
	return book, nil
}

// leftOpen reports whether a matter was neither ended nor handed on by the time the log of
// its day was due.
func leftOpen(m models.Matter) bool {
	due := logDue(m.Day)
	switch {
	case m.State != models.MatterOpen && m.DoneAt != nil && m.DoneAt.Before(due):
		return false
	case m.State != models.MatterOpen && m.Result == "": // it never was open: only its log was late
		return false
	case m.HandedAt != nil && m.HandedAt.Before(due):
		return false
	default:
		return true
	}
}

// tallied counts records by what they deduct for.
func tallied(records []scoring.Record) scoring.Fact {
	counts := map[string]int64{}
	for _, r := range records {
		counts[r.Event]++
	}
	return scoring.Fact{Value: scoring.Tally(counts), Records: slices.Clone(records)}
}
