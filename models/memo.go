package models

import "slices"

// remembered reads rows that change rarely once a transaction: who holds which post and
// role, who is kin to whom. One message asks for the same ones several times over. What
// the transaction itself writes of them it forgets, and all of it where it has waited for
// others (forget): there it decides on the present.
func remembered[T any](tx *Tx, key string, read func() ([]T, error)) ([]T, error) {
	if rows, ok := tx.memo[key].([]T); ok {
		return slices.Clone(rows), nil
	}
	rows, err := read()
	if err != nil {
		return nil, err
	}
	if tx.memo == nil {
		tx.memo = map[string]any{}
	}
	tx.memo[key] = rows
	return slices.Clone(rows), nil
}

func (tx *Tx) forget() { clear(tx.memo) }
