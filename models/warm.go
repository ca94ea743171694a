package models

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
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
	talks    map[string]Talk    // by openid
	daysOff  []DayOff
	first    calendar.Date // of shifts and arrivals
	last     calendar.Date
}

func newWarm() *warm {
	return &warm{
		asked: map[string]bool{}, people: map[string]Person{}, known: map[string]bool{},
		posts: map[string][]Post{}, roles: map[string][]Role{}, villages: map[string]Village{},
		shifts: map[string][]Shift{}, arrivals: map[string][]Arrival{}, talks: map[string]Talk{},
	}
}

// Ask says what a group of commands is about: their keys, whose they are, and
// the days on which they look at duty.
type Ask struct {
	Keys    []string
	OpenIDs []string
	Days    func(now time.Time) (first, last calendar.Date)
}

// Gather runs fn in one transaction as Write does, when it has read at once what
// a 签到 of each of these WeChat users looks at: who they are, their posts and
// roles, and their shifts and arrivals. The methods that ask for these then
// answer without a query. kept are the commands that were carried out before.
//
// On a server the reading is done by several connections side by side: where each
// statement sees what is committed when it starts, that is as good as reading
// inside the transaction, and takes a fraction of the time.
//
// A panic is an error here: of a group nobody stands above who could catch it,
// and it would end the process.
func (db *DB) Gather(ctx context.Context, ask Ask, fn func(tx *Tx, kept map[string]Inbox) error) error {
	return calm(func() error { return db.gather(ctx, ask, fn) })
}

func (db *DB) gather(ctx context.Context, ask Ask, fn func(tx *Tx, kept map[string]Inbox) error) error {
	if !db.mysql {
		return db.Write(ctx, func(tx *Tx) error {
			kept, err := tx.warmUp(ask, func(steps ...func() error) error {
				for _, step := range steps {
					if err := step(); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				return err
			}
			return fn(tx, kept)
		})
	}
	early := &Tx{g: db.read.g.WithContext(ctx), Now: db.instant(), mysql: true} // with no memo: it is read from many sides
	kept, err := early.warmUp(ask, func(steps ...func() error) error {
		var g errgroup.Group
		for _, step := range steps {
			g.Go(func() error { return calm(step) })
		}
		return g.Wait()
	})
	if err != nil {
		return err
	}
	return db.Write(ctx, func(tx *Tx) error {
		tx.warm, tx.Now = early.warm, early.Now
		return fn(tx, kept)
	})
}

// calm turns a panic into an error.
func calm(do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return do()
}

// warmUp reads by steps that may run side by side. It scans the rows by hand:
// this is the one place where reflection is a noticeable part of what a message
// costs.
func (tx *Tx) warmUp(ask Ask, run func(steps ...func() error) error) (kept map[string]Inbox, err error) {
	w := newWarm()
	w.first, w.last = ask.Days(tx.Now)
	for _, id := range ask.OpenIDs {
		w.asked[id] = true
	}
	err = run(
		func() (err error) { kept, err = tx.Inboxes(ask.Keys); return err },
		func() (err error) { w.daysOff, err = tx.DaysOff(); return err },
		func() error { return tx.warmPeople(w, ask.OpenIDs) },
		func() error { return tx.warmDuty(w, ask.OpenIDs) },
		func() error { return tx.warmTalks(w, ask.OpenIDs) },
	)
	if err != nil {
		return nil, err
	}
	w.sort()
	tx.warm = w
	return kept, nil
}

// sort puts the rows of each person into the order of the queries that they
// stand for; here that is cheaper than in the database.
func (w *warm) sort() {
	for _, rows := range w.posts {
		slices.SortFunc(rows, func(a, b Post) int { return cmp.Or(a.FromDay.Compare(b.FromDay), cmp.Compare(a.ID, b.ID)) })
	}
	for _, rows := range w.roles {
		slices.SortFunc(rows, func(a, b Role) int { return cmp.Compare(a.ID, b.ID) })
	}
	for _, rows := range w.shifts {
		slices.SortFunc(rows, func(a, b Shift) int { return a.Day.Compare(b.Day) })
	}
	for _, rows := range w.arrivals {
		slices.SortFunc(rows, func(a, b Arrival) int { return a.Day.Compare(b.Day) })
	}
}

// warmPeople reads who is bound, with posts, their villages, and roles: a row
// for each pair of post and role.
func (tx *Tx) warmPeople(w *warm, openIDs []string) error {
	rows := tx.g.Raw(`SELECT b.active_openid, p.id, p.name, p.phone, p.phone_index, p.created_at,
		COALESCE(o.id, ''), COALESCE(o.village_id, ''), COALESCE(o.title, ''), COALESCE(o.from_day, ''), COALESCE(o.to_day, ''),
		COALESCE(o.subsidized, 0), COALESCE(v.town_id, ''), COALESCE(v.name, ''),
		COALESCE(r.id, ''), COALESCE(r.name, ''), COALESCE(r.scope_id, ''), COALESCE(r.from_day, ''), COALESCE(r.to_day, '')
		FROM bindings b JOIN people p ON p.id = b.active_person
		LEFT JOIN posts o ON o.person_id = p.id LEFT JOIN villages v ON v.id = o.village_id
		LEFT JOIN roles r ON r.person_id = p.id
		WHERE b.active_openid IN ?`, openIDs)
	seen := map[string]bool{}
	return scan(rows, func(rows *sql.Rows) error {
		var openID string
		var p Person
		var o Post
		var v Village
		var r Role
		err := rows.Scan(&openID, &p.ID, &p.Name, &p.Phone, &p.PhoneIndex, &p.CreatedAt,
			&o.ID, &o.VillageID, &o.Title, &o.FromDay, &o.ToDay, &o.Subsidized, &v.TownID, &v.Name,
			&r.ID, &r.Name, &r.ScopeID, &r.FromDay, &r.ToDay)
		o.PersonID, r.PersonID, v.ID = p.ID, p.ID, o.VillageID
		w.people[openID], w.known[p.ID] = p, true
		if o.ID != "" && !seen[o.ID] {
			w.posts[p.ID], w.villages[v.ID], seen[o.ID] = append(w.posts[p.ID], o), v, true
		}
		if r.ID != "" && !seen[r.ID] {
			w.roles[p.ID], seen[r.ID] = append(w.roles[p.ID], r), true
		}
		return err
	})
}

// warmTalks reads the open talks, of which few people have one.
func (tx *Tx) warmTalks(w *warm, openIDs []string) error {
	rows, err := many[Talk](tx.g.Where("openid IN ?", openIDs))
	for _, t := range rows {
		w.talks[t.OpenID] = t
	}
	return err
}

// warmDuty reads shifts and arrivals: a row for each pair of them.
func (tx *Tx) warmDuty(w *warm, openIDs []string) error {
	rows := tx.g.Raw(`SELECT b.active_person,
		COALESCE(s.id, ''), COALESCE(s.village_id, ''), COALESCE(s.day, ''), COALESCE(s.kind, ''), COALESCE(s.chief, 0), s.starts_at, s.ends_at,
		COALESCE(a.id, ''), COALESCE(a.day, ''), COALESCE(a.village_id, ''), COALESCE(a.shift_id, ''), a.at, COALESCE(a.channel, ''), COALESCE(a.receipt, '')
		FROM bindings b
		LEFT JOIN shifts s ON s.person_id = b.active_person AND s.day >= ? AND s.day <= ?
		LEFT JOIN arrivals a ON a.person_id = b.active_person AND a.day >= ? AND a.day <= ?
		WHERE b.active_openid IN ?`, w.first, w.last, w.first, w.last, openIDs)
	seen := map[string]bool{}
	return scan(rows, func(rows *sql.Rows) error {
		var s Shift
		var a Arrival
		var starts, ends, at sql.NullTime
		err := rows.Scan(&s.PersonID, &s.ID, &s.VillageID, &s.Day, &s.Kind, &s.Chief, &starts, &ends,
			&a.ID, &a.Day, &a.VillageID, &a.ShiftID, &at, &a.Channel, &a.Receipt)
		s.StartsAt, s.EndsAt, a.At, a.PersonID = starts.Time, ends.Time, at.Time, s.PersonID
		if s.ID != "" && !seen[s.ID] {
			w.shifts[s.PersonID], seen[s.ID] = append(w.shifts[s.PersonID], s), true
		}
		if a.ID != "" && !seen[a.ID] {
			w.arrivals[a.PersonID], seen[a.ID] = append(w.arrivals[a.PersonID], a), true
		}
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
