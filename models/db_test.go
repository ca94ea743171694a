package models_test

import (
	"database/sql"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/testkit"
)

// noon is when every test takes place: Monday 2026-09-28 in Shanghai.
var noon = time.Date(2026, 9, 28, 4, 0, 0, 0, time.UTC)

// each runs a test on every kind of database, freshly migrated.
func each(t *testing.T, test func(t *testing.T, db *models.DB)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		test(t, open(t, models.Source{File: filepath.Join(t.TempDir(), "test.db"), Unsynced: true}))
	})
	t.Run("MariaDB", func(t *testing.T) {
		t.Parallel()
		test(t, open(t, models.Source{DSN: testkit.MariaDB(t)}))
	})
}

func open(t *testing.T, src models.Source) *models.DB {
	t.Helper()
	db := unmigrated(t, src)
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return db
}

func unmigrated(t *testing.T, src models.Source) *models.DB {
	t.Helper()
	db, err := models.Open(t.Context(), src, func() time.Time { return noon })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func TestMigratedSchemaHasEveryColumnAndIndex(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *models.DB) {
		t.Helper()
		missing, err := db.Missing(t.Context())
		if err != nil || len(missing) > 0 {
			t.Errorf("missing %v, %v", missing, err)
		}
		if err := db.Migrate(t.Context()); err != nil {
			t.Errorf("the second start: %v", err)
		}
		if err := db.Ready(t.Context()); err != nil {
			t.Errorf("ready: %v", err)
		}
	})
}

// TestFiveStartersMigrateOnce lets five programs start at once on an empty
// database: each finds the whole schema, and every step was taken once.
func TestFiveStartersMigrateOnce(t *testing.T) {
	t.Parallel()
	for name, src := range map[string]models.Source{
		"SQLite": {File: filepath.Join(t.TempDir(), "test.db")}, "MariaDB": {DSN: testkit.MariaDB(t)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var starters errgroup.Group
			for range 5 {
				db := unmigrated(t, src)
				starters.Go(func() error { return errors.Join(db.Migrate(t.Context()), db.Ready(t.Context())) })
			}
			if err := starters.Wait(); err != nil {
				t.Fatal(err)
			}
			driver, at := "mysql", src.DSN
			if at == "" {
				driver, at = "sqlite", src.File
			}
			pool, err := sql.Open(driver, at)
			if err != nil {
				t.Fatal(err)
			}
			defer pool.Close()
			var steps, distinct int
			err = pool.QueryRowContext(t.Context(), "SELECT count(*), count(DISTINCT version_id) FROM goose_db_version").Scan(&steps, &distinct)
			if err != nil || steps != distinct || steps < 4 {
				t.Errorf("%d steps were recorded, %d different ones, %v", steps, distinct, err)
			}
		})
	}
}

// TestAKilledStarterHoldsNobodyUp takes the lease away from the dead.
func TestAKilledStarterHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "test.db")
	pool, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	for _, q := range []string{
		"CREATE TABLE schema_lease (id INTEGER PRIMARY KEY, owner TEXT NOT NULL, until INTEGER NOT NULL)",
		"INSERT INTO schema_lease VALUES (1, 'dead', CAST(strftime('%s', 'now') AS INTEGER) + 1)",
	} {
		if _, err := pool.ExecContext(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
	if err := unmigrated(t, models.Source{File: file, Unsynced: true}).Migrate(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestAnInterruptedMigrationOfTheFileLeavesNothing(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "test.db")
	db := unmigrated(t, models.Source{File: file, Unsynced: true})
	pool, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	do := func(q string) {
		t.Helper()
		if _, err := pool.ExecContext(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
	do("CREATE TABLE other (a)")
	do("CREATE INDEX idx_shifts_slot ON other (a)") // whose name the migration wants when half of it is done
	if err := db.Migrate(t.Context()); err == nil {
		t.Fatal("the migration went through")
	}
	var n int
	err = pool.QueryRowContext(t.Context(), "SELECT count(*) FROM sqlite_master WHERE name IN ('arrivals', 'people', 'shifts')").Scan(&n)
	if err != nil || n != 0 {
		t.Errorf("%d tables were left, %v", n, err)
	}
	do("DROP TABLE other")
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if missing, err := db.Missing(t.Context()); err != nil || len(missing) > 0 {
		t.Errorf("missing %v, %v", missing, err)
	}
}

func TestATransactionLeavesNoStatementsOnTheServer(t *testing.T) {
	t.Parallel()
	dsn := testkit.MariaDB(t)
	db := open(t, models.Source{DSN: dsn})
	pool, err := sql.Open("mysql", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	err = db.Write(t.Context(), func(tx *models.Tx) error {
		for range 2000 {
			if _, err := tx.ShiftsOf("nobody", calendar.Date{}, calendar.Date{}); err != nil {
				return err
			}
		}
		var name string
		var n int
		err := pool.QueryRowContext(t.Context(), "SHOW GLOBAL STATUS LIKE 'Prepared_stmt_count'").Scan(&name, &n)
		if n > 50 { // of the other tests
			t.Errorf("%d statements are open on the server", n)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
