package models

import (
	"slices"

	"gorm.io/gorm"

	"github.com/cunkao/cunkao/calendar"
)

// chunks calls fn with some ids at a time, so that no statement grows without
// bound, in the order of the ids.
func chunks(ids []string, fn func(ids []string) error) error {
	for some := range slices.Chunk(slices.Compact(slices.Sorted(slices.Values(ids))), 400) {
		if err := fn(some); err != nil {
			return err
		}
	}
	return nil
}

// among runs a query in chunks of ids and joins the rows.
func among[T any](ids []string, query func(ids []string) *gorm.DB) (out []T, err error) {
	err = chunks(ids, func(ids []string) error {
		rows, err := many[T](query(ids))
		out = append(out, rows...)
		return err
	})
	return out, err
}

// FactsAmong returns what was entered about subjects of one kind in a quarter.
func (tx *Tx) FactsAmong(q calendar.Quarter, kind string, subjects []string) ([]Fact, error) {
	return among[Fact](subjects, func(ids []string) *gorm.DB {
		return tx.g.Where("quarter = ? AND kind = ? AND subject_id IN ?", q, kind, ids)
	})
}

// SequencesAmong returns sequences by id.
func (tx *Tx) SequencesAmong(ids []string) ([]Sequence, error) {
	return among[Sequence](ids, func(ids []string) *gorm.DB { return tx.g.Where("id IN ?", ids) })
}

// PostsAmong returns the tenures in villages that touch the days from first to
// last.
func (tx *Tx) PostsAmong(villages []string, first, last calendar.Date) ([]Post, error) {
	return among[Post](villages, func(ids []string) *gorm.DB {
		return tx.g.Where("village_id IN ? AND from_day <= ? AND (to_day = '' OR to_day >= ?)", ids, last, first).
			Order("village_id, person_id, from_day, id")
	})
}

// PostsOfAll returns all tenures of people, each one's in the order of PostsOf.
func (tx *Tx) PostsOfAll(people []string) (map[string][]Post, error) {
	rows, err := among[Post](people, func(ids []string) *gorm.DB {
		return tx.g.Where("person_id IN ?", ids).Order("person_id, from_day, id")
	})
	of := make(map[string][]Post, len(people))
	for _, p := range rows {
		of[p.PersonID] = append(of[p.PersonID], p)
	}
	return of, err
}

// FailsBefore returns how many failures in succession people have behind them
// when a quarter begins: what their last result before it says.
func (tx *Tx) FailsBefore(people []string, q calendar.Quarter) (map[string]int, error) {
	type line struct {
		PersonID string
		Fails    int
	}
	rows, err := among[line](people, func(ids []string) *gorm.DB {
		return tx.g.Table("results").Select("results.person_id, results.fails").
			Joins("JOIN sequences ON sequences.id = results.sequence_id AND sequences.round = results.round").
			Where("results.person_id IN ? AND results.quarter < ?", ids, q).Order("results.quarter")
	})
	fails := make(map[string]int, len(rows))
	for _, r := range rows {
		fails[r.PersonID] = r.Fails // the last one stays
	}
	return fails, err
}
