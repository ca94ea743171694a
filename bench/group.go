package bench

import (
	"context"
	"database/sql"
	"fmt"
)

// GroupBy reads the rows that a quarter is computed from as plainly as SQL can,
// and adds them up by person and subject: the yardstick of a computation. It
// returns how many rows it read.
func GroupBy(ctx context.Context, db Database) (rows int64, err error) {
	pool, err := sql.Open(db.Driver, db.DSN)
	if err != nil {
		return 0, fmt.Errorf("open: %w", err)
	}
	defer pool.Close()
	for _, q := range []string{
		`SELECT s.person_id, COUNT(*), COUNT(a.id) FROM shifts s
			LEFT JOIN arrivals a ON a.person_id = s.person_id AND a.day = s.day GROUP BY s.person_id`,
		`SELECT subject_id, COUNT(*), SUM(LENGTH(payload)) FROM facts GROUP BY subject_id`,
	} {
		n, err := grouped(ctx, pool, q)
		if err != nil {
			return 0, err
		}
		rows += n
	}
	return rows, nil
}

func grouped(ctx context.Context, pool *sql.DB, query string) (total int64, err error) {
	lines, err := pool.QueryContext(ctx, query)
	if err != nil {
		return 0, fmt.Errorf("group by: %w", err)
	}
	defer lines.Close()
	for lines.Next() {
		var who string
		var n, other int64
		if err := lines.Scan(&who, &n, &other); err != nil {
			return 0, fmt.Errorf("group by: %w", err)
		}
		total += n
	}
	return total, lines.Err()
}

// Questions is how many statements a MySQL-protocol server has been sent, this one
// included.
func Questions(ctx context.Context, db Database) (n int, err error) {
	pool, err := sql.Open(db.Driver, db.DSN)
	if err != nil {
		return 0, fmt.Errorf("open: %w", err)
	}
	defer pool.Close()
	var name string
	if err := pool.QueryRowContext(ctx, "SHOW GLOBAL STATUS LIKE 'Questions'").Scan(&name, &n); err != nil {
		return 0, fmt.Errorf("count the statements: %w", err)
	}
	return n, nil
}
