package models

import (
	"database/sql"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/cunkao/cunkao/calendar"
)

// Missed is a shift that no 签到 names. At is when its cadre was on the spot in
// that village on that day all the same; zero if never.
type Missed struct {
	Shift
	At time.Time
}

// Missed returns the missed shifts of villages from first to last that have
// ended by an instant, village by village and day by day. The database joins the
// rows within their indexes and hands over only those that may cost a point: a
// quarter has thousands of shifts of which all but a few were confirmed. That
// s, the shift itself, depends on a has it look for the 签到 first and read a row
// only where there is none, whatever its statistics say.
func (tx *Tx) Missed(villages []string, first, last calendar.Date, ended time.Time) (out []Missed, err error) {
	err = chunks(villages, func(ids []string) error {
		rows := tx.g.Raw(`SELECT s.id, s.village_id, s.day, s.person_id, s.kind, s.chief, s.starts_at, s.ends_at, b.at
			FROM shifts i LEFT JOIN arrivals a ON a.village_id = i.village_id AND a.day = i.day AND a.shift_id = i.id
			LEFT JOIN shifts s ON s.id = i.id AND a.id IS NULL
			LEFT JOIN arrivals b ON b.person_id = s.person_id AND b.day = s.day AND b.village_id = s.village_id
			WHERE i.village_id IN ? AND i.day >= ? AND i.day <= ? AND a.id IS NULL
			ORDER BY s.village_id, s.day, s.chief DESC, s.id`, ids, first, last)
		return scan(rows, func(rows *sql.Rows) error {
			var m Missed
			var at sql.NullTime
			err := rows.Scan(&m.ID, &m.VillageID, &m.Day, &m.PersonID, &m.Kind, &m.Chief, &m.StartsAt, &m.EndsAt, &at)
			m.At = at.Time
			if !m.EndsAt.After(ended) {
				out = append(out, m)
			}
			return err
		})
	})
	return out, err
}

// BareDay is a day of a village on which no 签到 names the shift of a 正职. First
// is the day's first shift, that of a 正职 if there is one; Desk says that it is
// a shift of a working day.
type BareDay struct {
	VillageID string
	Day       calendar.Date
	First     string
	Desk      bool
}

// BareDays returns the bare days among those on which villages had shifts, from
// first to last, as far as these have ended by an instant.
func (tx *Tx) BareDays(villages []string, first, last calendar.Date, ended time.Time) (out []BareDay, err error) {
	err = chunks(villages, func(ids []string) error {
		rows := tx.g.Raw(`SELECT s.village_id, s.day, COALESCE(MIN(CASE WHEN s.chief = 1 THEN s.id END), MIN(s.id)),
			COALESCE(MIN(CASE WHEN s.chief = 1 AND s.kind = ? THEN s.id END), ''), COALESCE(MIN(CASE WHEN s.kind = ? THEN s.id END), '')
			FROM shifts s LEFT JOIN arrivals a ON s.chief = 1 AND a.village_id = s.village_id AND a.day = s.day AND a.shift_id = s.id
			WHERE s.village_id IN ? AND s.day >= ? AND s.day <= ? AND s.ends_at <= ?
			GROUP BY s.village_id, s.day HAVING COUNT(a.id) = 0 ORDER BY s.village_id, s.day`,
			DeskShift, DeskShift, ids, first, last, ended)
		return scan(rows, func(rows *sql.Rows) error {
			var b BareDay
			var chief, desk string
			err := rows.Scan(&b.VillageID, &b.Day, &b.First, &chief, &desk)
			b.Desk = b.First == chief || b.First == desk
			out = append(out, b)
			return err
		})
	})
	return out, err
}

// ArrivalsOnDays returns the arrivals of people on some days of each.
func (tx *Tx) ArrivalsOnDays(days map[string][]calendar.Date) ([]Arrival, error) {
	var out []Arrival
	for people := range slices.Chunk(slices.Sorted(maps.Keys(days)), 100) {
		args := make([]any, 0, 2*len(people))
		for _, id := range people {
			args = append(args, id, days[id])
		}
		either := strings.TrimPrefix(strings.Repeat(" OR person_id = ? AND day IN ?", len(people)), " OR ")
		rows, err := many[Arrival](tx.g.Where(either, args...))
		if err != nil {
			return nil, err
		}
		out = append(out, rows...)
	}
	return out, nil
}
