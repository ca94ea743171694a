package models

import (
	"database/sql"

	"gorm.io/gorm"

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
//
// It scans the rows by hand: this is the one place where reflection is a
// noticeable part of what a message costs.
func (tx *Tx) Warm(openIDs []string, first, last calendar.Date) error {
	w := &warm{
		asked: map[string]bool{}, people: map[string]Person{}, known: map[string]bool{},
		posts: map[string][]Post{}, roles: map[string][]Role{}, villages: map[string]Village{},
		shifts: map[string][]Shift{}, arrivals: map[string][]Arrival{}, first: first, last: last,
	}
	for _, id := range openIDs {
		w.asked[id] = true
	}
	if err := tx.warmPeople(w, openIDs); err != nil {
		return err
	}
	ids := make([]string, 0, len(w.known))
	for id := range w.known {
		ids = append(ids, id)
	}
	var err error
	if w.daysOff, err = tx.DaysOff(); err != nil {
		return err
	}
	tx.warm = w
	if len(ids) == 0 {
		return nil
	}
	return tx.warmWork(w, ids)
}

// warmPeople reads who is bound, with posts and their villages.
func (tx *Tx) warmPeople(w *warm, openIDs []string) error {
	return scan(tx.g.Raw(`SELECT b.active_openid, p.id, p.name, p.phone, p.phone_index, p.created_at
		FROM bindings b JOIN people p ON p.id = b.active_person WHERE b.active_openid IN ?`, openIDs), func(r *sql.Rows) error {
		var openID string
		var p Person
		if err := r.Scan(&openID, &p.ID, &p.Name, &p.Phone, &p.PhoneIndex, &p.CreatedAt); err != nil {
			return err
		}
		w.people[openID], w.known[p.ID] = p, true
		return nil
	})
}

// warmWork reads what belongs to the people.
func (tx *Tx) warmWork(w *warm, ids []string) error {
	posts := tx.g.Raw(`SELECT p.id, p.person_id, p.village_id, p.title, p.from_day, p.to_day, p.subsidized, v.town_id, v.name
		FROM posts p JOIN villages v ON v.id = p.village_id WHERE p.person_id IN ? ORDER BY p.from_day, p.id`, ids)
	err := scan(posts, func(r *sql.Rows) error {
		var p Post
		var v Village
		err := r.Scan(&p.ID, &p.PersonID, &p.VillageID, &p.Title, &p.FromDay, &p.ToDay, &p.Subsidized, &v.TownID, &v.Name)
		v.ID = p.VillageID
		w.posts[p.PersonID], w.villages[v.ID] = append(w.posts[p.PersonID], p), v
		return err
	})
	if err != nil {
		return err
	}
	roles := tx.g.Raw("SELECT id, person_id, name, scope_id, from_day, to_day FROM roles WHERE person_id IN ? ORDER BY id", ids)
	err = scan(roles, func(r *sql.Rows) error {
		var o Role
		err := r.Scan(&o.ID, &o.PersonID, &o.Name, &o.ScopeID, &o.FromDay, &o.ToDay)
		w.roles[o.PersonID] = append(w.roles[o.PersonID], o)
		return err
	})
	if err != nil {
		return err
	}
	return tx.warmDuty(w, ids)
}

func (tx *Tx) warmDuty(w *warm, ids []string) error {
	shifts := tx.g.Raw(`SELECT id, village_id, day, person_id, kind, chief, starts_at, ends_at FROM shifts
		WHERE person_id IN ? AND day >= ? AND day <= ? ORDER BY day`, ids, w.first, w.last)
	err := scan(shifts, func(r *sql.Rows) error {
		var s Shift
		err := r.Scan(&s.ID, &s.VillageID, &s.Day, &s.PersonID, &s.Kind, &s.Chief, &s.StartsAt, &s.EndsAt)
		w.shifts[s.PersonID] = append(w.shifts[s.PersonID], s)
		return err
	})
	if err != nil {
		return err
	}
	arrivals := tx.g.Raw(`SELECT id, person_id, day, village_id, shift_id, at, channel, receipt FROM arrivals
		WHERE person_id IN ? AND day >= ? AND day <= ? ORDER BY day`, ids, w.first, w.last)
	return scan(arrivals, func(r *sql.Rows) error {
		var a Arrival
		err := r.Scan(&a.ID, &a.PersonID, &a.Day, &a.VillageID, &a.ShiftID, &a.At, &a.Channel, &a.Receipt)
		w.arrivals[a.PersonID] = append(w.arrivals[a.PersonID], a)
		return err
	})
}

// scan reads the rows of a query one by one.
func scan(q *gorm.DB, row func(*sql.Rows) error) error {
	rows, err := q.Rows()
	if err != nil {
		return known(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows); err != nil {
			return known(err)
		}
	}
	return known(rows.Err())
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
