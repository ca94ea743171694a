package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/glebarez/sqlite"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
	"github.com/pressly/goose/v3/lock"
	"gorm.io/driver/mysql"
	"gorm.io/gorm"
)

// Migrate brings the schema up to date. Several programs may start at once:
// one migrates, the others wait.
func (db *DB) Migrate(ctx context.Context) error {
	pool, err := db.write.g.DB()
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	dialect, options := database.DialectSQLite3, []goose.ProviderOption{
		goose.WithGoMigrations(migrations(db.mysql)...), goose.WithDisableGlobalRegistry(true),
	}
	if db.mysql {
		dialect = database.DialectMySQL
		// A lease in a table, not GET_LOCK, which a cluster keeps to one node.
		locker, err := lock.NewMySQLTableLocker(lock.WithTableLockTimeout(200*time.Millisecond, 300))
		if err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
		options = append(options, goose.WithLocker(locker))
	}
	p, err := goose.NewProvider(dialect, pool, nil, options...)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	up := func() error { _, err := p.Up(ctx); return err }
	if db.mysql {
		// Nothing to do is the common case, and needs no lease.
		if pending, asked := p.HasPending(ctx); asked == nil && !pending {
			return nil
		}
		err = up()
	} else { // goose holds the only connection while a locker of its own would want one
		err = underLease(ctx, pool, up)
	}
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// migrations are all steps of the schema, the oldest first. In the embedded
// file a step is one transaction: it happens whole or not at all. A server's
// DDL is not undone when a step is interrupted, so there each statement must
// stand repeating by itself.
//
//nolint:revive // server says which of the two databases it is
func migrations(server bool) []*goose.Migration {
	step := func(version int64, up func(*gorm.DB) error) *goose.Migration {
		over := func(ctx context.Context, conn gorm.ConnPool) error {
			g, err := overConn(conn, server)
			if err != nil {
				return err
			}
			return up(g.WithContext(ctx))
		}
		run := &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error { return over(ctx, tx) }}
		if server {
			run = &goose.GoFunc{RunDB: func(ctx context.Context, pool *sql.DB) error { return over(ctx, pool) }}
		}
		return goose.NewGoMigration(version, run, nil)
	}
	return []*goose.Migration{
		step(1, func(g *gorm.DB) error { return createTables(g, v1Tables()) }),
		step(2, addV2),
		step(3, addV3),
		step(4, addV4),
		step(5, addV5),
		step(7, addV7),
		step(8, addV8),
		step(9, addV9),
		step(10, addV10),
		step(11, addV11),
	}
}

// createTables makes the tables that are not there. On a server CREATE TABLE has
// the indexes in it, so a table that is there is whole; in the embedded file they
// are statements of their own, within the step's transaction.
func createTables(g *gorm.DB, tables map[string]any) error {
	for _, name := range slices.Sorted(maps.Keys(tables)) {
		if g.Migrator().HasTable(name) {
			continue
		}
		if err := g.Table(name).Migrator().CreateTable(tables[name]); err != nil {
			return fmt.Errorf("create %s: %w", name, err)
		}
	}
	return nil
}

// overConn is gorm for a migration: over a server, or over the embedded file.
//
//nolint:revive // server says which of the two databases it is
func overConn(conn gorm.ConnPool, server bool) (*gorm.DB, error) {
	var d gorm.Dialector = sqlite.Dialector{Conn: conn}
	if server {
		d = mysql.New(mysql.Config{Conn: conn, DisableWithReturning: true})
	}
	g, err := gorm.Open(d, gormConfig())
	if err != nil {
		return nil, fmt.Errorf("open for migration: %w", err)
	}
	if server {
		// Names and openids differ by case and accent: compare them byte by byte.
		g = g.Set("gorm:table_options", "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin")
	}
	return g, nil
}

// Missing lists the columns and indexes that the program's types need and the
// database does not have. It is for tests and for a check after an upgrade.
func (db *DB) Missing(ctx context.Context) ([]string, error) {
	var missing []string
	g := db.write.g.WithContext(ctx)
	for _, row := range liveTypes() {
		stmt := &gorm.Statement{DB: g}
		if err := stmt.Parse(row); err != nil {
			return nil, fmt.Errorf("parse %T: %w", row, err)
		}
		for _, f := range stmt.Schema.Fields {
			if f.DBName != "" && !g.Migrator().HasColumn(row, f.DBName) {
				missing = append(missing, stmt.Schema.Table+"."+f.DBName)
			}
		}
		for _, index := range stmt.Schema.ParseIndexes() {
			if !g.Migrator().HasIndex(row, index.Name) {
				missing = append(missing, stmt.Schema.Table+": index "+index.Name)
			}
		}
	}
	return missing, nil
}

func liveTypes() []any {
	return []any{
		&Town{}, &Village{}, &DayOff{}, &Person{}, &Post{}, &Role{}, &Binding{}, &BindingCode{}, &Attempt{},
		&Shift{}, &Arrival{}, &Fact{}, &Adjustment{}, &Cycle{}, &Sequence{}, &Result{}, &Rubric{},
		&Inbox{}, &Talk{}, &Journal{}, &JobRun{}, &Notice{}, &DeadLetter{}, &Report{}, &Subscription{}, &Leaver{}, &Intake{},
		&WorkLog{}, &Matter{}, &LogCorrection{}, &SelfEval{}, &Recheck{}, &Photo{}, &Fence{}, &Presence{},
		&Leave{}, &LeaveNumber{}, &Kin{},
		&Attestation{},
	}
}

// Ready reports whether the database answers and its schema is there.
func (db *DB) Ready(ctx context.Context) error {
	return db.Read(ctx, func(tx *Tx) error {
		_, err := tx.Inbox("")
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		return err
	})
}
