package models

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// leaseSeconds is longer than any step's pause between two transactions.
const leaseSeconds = 15

// underLease runs fn while a row of an embedded file says that it does, so that
// of several starters one brings the file up to date and the others wait. The
// lease ends by the file's own clock: a starter that was killed holds nobody up
// for long. While a step is under way its transaction holds the file, whatever
// the lease says.
func underLease(ctx context.Context, file *sql.DB, fn func() error) error {
	owner := rand.Text()
	if err := lease(ctx, file, owner); err != nil {
		return fmt.Errorf("lease of the schema: %w", err)
	}
	err := fn()
	_, gave := file.ExecContext(ctx, "UPDATE schema_lease SET until = 0 WHERE id = 1 AND owner = ?", owner)
	return errors.Join(err, gave)
}

// lease waits for the lease.
func lease(ctx context.Context, file *sql.DB, owner string) error {
	for _, q := range []string{
		"CREATE TABLE IF NOT EXISTS schema_lease (id INTEGER PRIMARY KEY, owner TEXT NOT NULL, until INTEGER NOT NULL)",
		"INSERT OR IGNORE INTO schema_lease VALUES (1, '', 0)",
	} {
		if _, err := file.ExecContext(ctx, q); err != nil {
			return err
		}
	}
	for {
		r, err := file.ExecContext(ctx, `UPDATE schema_lease SET owner = ?, until = CAST(strftime('%s', 'now') AS INTEGER) + ?
			WHERE id = 1 AND until < CAST(strftime('%s', 'now') AS INTEGER)`, owner, leaseSeconds)
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n == 1 {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}
