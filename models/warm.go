package models

import (
	"github.com/cunkao/cunkao/calendar"
)

// warm is what was read at once for many people, so that what one of them asks
// needs no query of its own. It was read in the same transaction.
type warm struct {
	asked    map[string]bool   // openids
	people   map[string]Person // by openid
	known    map[string]bool   // ids of those people
	posts    map[string][]Post // by person, as the following
	roles    map[string][]Role
	shifts   map[string][]Shift
	arrivals map[string][]Arrival
	villages map[string]Village // by id
	daysOff  []DayOff
	first    calendar.Date // of shifts and arrivals
	last     calendar.Date
}

// Warm reads at once what a 签到 of each of these WeChat users looks at: who they
// are, their posts and roles, and their shifts and arrivals from first to last.
// The methods that ask for these then answer without a query.
func (tx *Tx) Warm(openIDs []string, first, last calendar.Date) error {
	w := &warm{asked: map[string]bool{}, people: map[string]Person{}, known: map[string]bool{}, first: first, last: last}
	type bound struct {
		Person
		ActiveOpenID string `gorm:"column:active_openid"`
	}
	rows, err := many[bound](tx.g.Table("people").Select("people.*, bindings.active_openid").
		Joins("JOIN bindings ON bindings.active_person = people.id").Where("bindings.active_openid IN ?", openIDs))
	if err != nil {
		return err
	}
	for _, id := range openIDs {
		w.asked[id] = true
	}
	ids := make([]string, 0, len(rows))
	for _, r := range rows {
		w.people[r.ActiveOpenID], w.known[r.ID] = r.Person, true
		ids = append(ids, r.ID)
	}
	if err := tx.warmWork(w, ids); err != nil {
		return err
	}
	tx.warm = w
	return nil
}

// warmWork reads what belongs to the people.
func (tx *Tx) warmWork(w *warm, ids []string) error {
	posts, err := many[Post](tx.g.Where("person_id IN ?", ids).Order("person_id, from_day, id"))
	if err != nil {
		return err
	}
	w.posts = by(posts, func(p Post) string { return p.PersonID })
	roles, err := many[Role](tx.g.Where("person_id IN ?", ids).Order("person_id, id"))
	if err != nil {
		return err
	}
	w.roles = by(roles, func(r Role) string { return r.PersonID })
	shifts, err := many[Shift](tx.g.Where("person_id IN ? AND day >= ? AND day <= ?", ids, w.first, w.last).Order("person_id, day"))
	if err != nil {
		return err
	}
	w.shifts = by(shifts, func(s Shift) string { return s.PersonID })
	arrivals, err := many[Arrival](tx.g.Where("person_id IN ? AND day >= ? AND day <= ?", ids, w.first, w.last).Order("person_id, day"))
	if err != nil {
		return err
	}
	w.arrivals = by(arrivals, func(a Arrival) string { return a.PersonID })
	return tx.warmPlaces(w, posts)
}

func (tx *Tx) warmPlaces(w *warm, posts []Post) error {
	places := map[string]bool{}
	for _, p := range posts {
		places[p.VillageID] = true
	}
	ids := make([]string, 0, len(places))
	for id := range places {
		ids = append(ids, id)
	}
	villages, err := many[Village](tx.g.Where("id IN ?", ids))
	if err != nil {
		return err
	}
	w.villages = make(map[string]Village, len(villages))
	for _, v := range villages {
		w.villages[v.ID] = v
	}
	w.daysOff, err = tx.DaysOff()
	return err
}

// by sorts rows into heaps of one owner each, in the order in which they came.
func by[R any](rows []R, owner func(R) string) map[string][]R {
	heaps := make(map[string][]R, len(rows))
	for _, r := range rows {
		heaps[owner(r)] = append(heaps[owner(r)], r)
	}
	return heaps
}

// within are the rows of a person whose day is from first to last, if they were
// read.
func within[R any](w *warm, heaps map[string][]R, personID string, span [2]calendar.Date, day func(R) calendar.Date) (rows []R, ok bool) {
	if !w.known[personID] || span[0].Before(w.first) || w.last.Before(span[1]) {
		return nil, false
	}
	for _, r := range heaps[personID] {
		if !day(r).Before(span[0]) && !span[1].Before(day(r)) {
			rows = append(rows, r)
		}
	}
	return rows, true
}
