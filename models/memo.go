package models

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"
)

// memo is what a transaction has read, by the table and the query: one message asks for the
// same rows several times over. What it writes to a table it forgets of that table, and
// everything where it has waited for others (forget): there it decides on the present.
type memo map[string]map[string]any

// remembered reads rows of one table once a transaction. name is the query's, with the table
// behind a colon if that is not all (“kin”, “open: leaves”), args are what it is asked with.
func remembered[T any](tx *Tx, name string, read func() ([]T, error), args ...any) ([]T, error) {
	table, query := asked(name, args)
	if known, ok := tx.memo[table][query].([]T); ok {
		return slices.Clone(known), nil
	}
	rows, err := read()
	if err != nil {
		return nil, err
	}
	tx.remember(name, rows, args...)
	return slices.Clone(rows), nil
}

// rememberedOne is remembered for a query of one row, or ErrNotFound.
func rememberedOne[T any](tx *Tx, name string, read func() (T, error), args ...any) (T, error) {
	rows, err := remembered(tx, name, func() ([]T, error) {
		row, err := read()
		return []T{row}, err
	}, args...)
	if err != nil {
		var none T
		return none, err
	}
	return rows[0], nil
}

// remember keeps rows that were read otherwise, a slice, as those of a query.
func (tx *Tx) remember(name string, rows any, args ...any) {
	if tx.memo == nil {
		return
	}
	table, query := asked(name, args)
	if tx.memo[table] == nil {
		tx.memo[table] = map[string]any{}
	}
	tx.memo[table][query] = rows
}

// asked is of which table a query is, and what tells it from others.
func asked(name string, args []any) (table, query string) {
	return name[strings.LastIndex(name, " ")+1:], fmt.Sprintln(append([]any{name}, args...)...)
}

func (tx *Tx) forget() { clear(tx.memo) }

// noting passes statements on, and has the memo forget what they change.
type noting struct {
	gorm.ConnPool
	memo memo
}

// ExecContext forgets the table that is written.
func (n noting) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	n.note(query)
	return n.ConnPool.ExecContext(ctx, query, args...) //nolint:wrapcheck // as if it were not there
}

// QueryContext forgets too: a statement that writes may return rows.
func (n noting) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	n.note(query)
	return n.ConnPool.QueryContext(ctx, query, args...) //nolint:wrapcheck // as if it were not there
}

// PrepareContext forgets the table that is going to be written.
func (n noting) PrepareContext(ctx context.Context, query string) (*sql.Stmt, error) {
	n.note(query)
	return n.ConnPool.PrepareContext(ctx, query) //nolint:wrapcheck // as if it were not there
}

func (n noting) note(query string) {
	if len(n.memo) == 0 {
		return
	}
	words := strings.Fields(query[:min(len(query), 60)])
	before := map[string]string{"INSERT": "INTO", "DELETE": "FROM", "UPDATE": "UPDATE"}[words[0]] // the table
	at := slices.Index(words, before) + 1
	switch {
	case words[0] == "SELECT" || words[0] == "SAVEPOINT":
	case at == 0 || at == len(words): // who knows what
		clear(n.memo)
	default:
		delete(n.memo, strings.Trim(words[at], "`\""))
	}
}
