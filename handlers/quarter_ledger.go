package handlers

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/scoring"
)

// ledger is what is known of some villages and cadres in a quarter, read at
// once: a query for each kind of record, however many people there are.
type ledger struct {
	facts  map[string]scoring.Facts // by subject
	events []models.Adjustment
	books  map[string]dutyBook // by village
	logs   logBook
	leaves leaveBook
	fails  map[string]int // in succession before the quarter, by person

	quarter calendar.Quarter
	now     time.Time

	commons map[string]*common // by village, as they are needed
}

// ledger reads what a computation for these people needs. posts are the tenures
// of the quarter in their villages.
func (v *View) ledger(q calendar.Quarter, villages, people []string, posts []models.Post) (l ledger, err error) {
	l.facts, l.commons = map[string]scoring.Facts{}, map[string]*common{}
	if err := v.ledgerFacts(l.facts, q, villages, people); err != nil {
		return l, err
	}
	if l.events, err = v.tx.Adjustments(q); err != nil {
		return l, fmt.Errorf("adjustments of %s: %w", q, err)
	}
	l.quarter, l.now = q, v.Now
	if l.leaves, err = v.leaveBook(q, holders(posts, villages, people)); err != nil {
		return l, err
	}
	if l.books, err = v.dutyBooks(q, villages, posts, l.leaves); err != nil {
		return l, err
	}
	if l.logs, err = v.logBooks(q, villages); err != nil {
		return l, err
	}
	if l.fails, err = v.tx.FailsBefore(people, q); err != nil {
		return l, fmt.Errorf("results before %s: %w", q, err)
	}
	return l, nil
}

// holders are people and whoever holds a post in villages.
func holders(posts []models.Post, villages, people []string) []string {
	here := make(map[string]bool, len(villages))
	for _, id := range villages {
		here[id] = true
	}
	out := slices.Clone(people)
	for _, p := range posts {
		if here[p.VillageID] {
			out = append(out, p.PersonID)
		}
	}
	return out
}

func (v *View) ledgerFacts(into map[string]scoring.Facts, q calendar.Quarter, villages, people []string) error {
	for kind, ids := range map[string][]string{models.OfVillage: villages, models.OfCadre: people} {
		rows, err := v.tx.FactsAmong(q, kind, ids)
		if err != nil {
			return fmt.Errorf("facts of %s: %w", q, err)
		}
		for _, row := range rows {
			var f scoring.Fact
			if err := json.Unmarshal([]byte(row.Payload), &f); err != nil {
				return fmt.Errorf("fact %s of %s: %w", row.CheckID, row.SubjectID, err)
			}
			if into[row.SubjectID] == nil {
				into[row.SubjectID] = scoring.Facts{}
			}
			into[row.SubjectID][row.CheckID] = f
		}
	}
	return nil
}

// of returns what was entered about a subject, in a map of its own.
func (l ledger) of(subject string) scoring.Facts {
	facts := make(scoring.Facts, len(l.facts[subject])+1)
	maps.Copy(facts, l.facts[subject])
	return facts
}

// eventsOf are the additions and deductions of article 8 that a second person
// has confirmed and that count for a cadre.
func (l ledger) eventsOf(villageID, personID string) []scoring.Event {
	var out []scoring.Event
	for _, a := range l.events {
		named := slices.Contains(a.People, personID)
		if a.ConfirmedBy == "" || a.VillageID != villageID || len(a.People) > 0 && !named {
			continue
		}
		out = append(out, scoring.Event{ID: a.EventID, Level: a.Level, Matter: a.Matter, Record: a.Document, Date: a.Day})
	}
	return out
}

// common is what the cadres of a village share: its facts, also as they are
// stored, and its part of their sheets.
type common struct {
	facts  scoring.Facts
	json   []byte
	scores scoring.Shared
}

// commonOf returns a village's part, made once.
func (l ledger) commonOf(r *scoring.Rubric, villageID string) (*common, error) {
	if c := l.commons[villageID]; c != nil {
		return c, nil
	}
	facts := l.of(villageID)
	scores, err := scoring.Share(r, facts)
	if err != nil {
		return nil, err
	}
	c := &common{facts: facts, json: facts.AppendJSON(nil), scores: scores}
	l.commons[villageID] = c
	return c, nil
}

// assess makes a cadre's sheet from what is known.
func (l ledger) assess(r *scoring.Rubric, m member) (Dossier, scoring.Sheet, error) {
	dossier := Dossier{
		Service: m.service, Cadre: l.of(m.person.ID), Fails: l.fails[m.person.ID],
		Events: l.eventsOf(m.village, m.person.ID),
	}
	if _, _, ok := r.Check(dutyCheck); ok {
		dossier.Cadre[dutyCheck] = withEntered(l.books[m.village].factOf(m.person.ID), dossier.Cadre[dutyCheck], "late_or_left", "key_period_absent")
	}
	if _, _, ok := r.Check(leaveCheck); ok {
		dossier.Cadre[leaveCheck] = withEntered(l.leaves.factOf(m, l.quarter, l.now), dossier.Cadre[leaveCheck], "left_without_leave")
	}
	if _, _, ok := r.Check(logCheck); ok && l.logs != nil {
		dossier.Cadre[logCheck] = withEntered(tallied(l.logs[m.person.ID]), dossier.Cadre[logCheck], "log_incomplete", "log_falsified")
	}
	sheet := scoring.Sheet{}
	village, err := l.commonOf(r, m.village)
	if err == nil {
		dossier.Village, dossier.village = village.facts, village.json
		sheet, err = village.scores.Assess(dossier.Cadre, dossier.Events)
	}
	if err != nil {
		return dossier, sheet, fmt.Errorf("assess %s: %w", m.person.ID, err)
	}
	return dossier, sheet, nil
}
