// Package models is the only room that speaks SQL: the stored types, their
// queries, and the migrations.
package models

import (
	"context"
	"crypto/rand"
	"database/sql"
	"database/sql/driver"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"time"

	driversql "github.com/go-sql-driver/mysql"
	"gorm.io/driver/mysql"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// DB is an open database.
type DB struct {
	write *pool
	read  *pool
	keep  *pool // of a server: connections for Keep alone
	now   func() time.Time
	mysql bool
}

// Open opens the database. It does not migrate: see Migrate.
func Open(ctx context.Context, src Source, now func() time.Time) (*DB, error) {
	db, err := openSQLite, error(nil)
	if src.DSN != "" {
		db = openMySQL
	}
	opened, err := db(src)
	if err != nil {
		return nil, err
	}
	opened.now = now
	conns, err := opened.write.g.DB()
	if err == nil {
		err = conns.PingContext(ctx)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("reach the database: %w", err), opened.Close())
	}
	return opened, nil
}

// gormConfig leaves PrepareStmt off: a statement that gorm keeps is prepared
// anew by each use inside a transaction, and stays open on the server until the
// transaction ends.
func gormConfig() *gorm.Config {
	return &gorm.Config{
		Logger:                 logger.Discard, // SQL carries people's data: faults are logged where they end, without it
		TranslateError:         true,
		SkipDefaultTransaction: true, // Do opens the transaction
	}
}

// openSQLite opens one connection for writing, so that writers queue fairly,
// and a few for reading beside it.
func openSQLite(src Source) (*DB, error) {
	sync := "FULL" // with WAL, NORMAL may lose the last commits when the power fails
	if src.Unsynced {
		sync = "OFF"
	}
	base := "file:" + strings.NewReplacer("?", "%3f", "#", "%23").Replace(src.File) +
		"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=foreign_keys(1)&_pragma=synchronous(" + sync + ")"
	w, err := src.openFile(base+"&_txlock=immediate", 1)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", src.File, err)
	}
	r, err := src.openFile(base+"&_pragma=query_only(1)&_txlock=deferred", 4)
	if err != nil {
		return nil, fmt.Errorf("open %s for reading: %w", src.File, err)
	}
	return &DB{write: w, read: r, keep: w}, nil
}

func openMySQL(src Source) (*DB, error) {
	cfg, err := serverConfig(src.DSN)
	if err != nil {
		return nil, err
	}
	conns := src.Pool
	if conns == 0 {
		conns = 16
	}
	connector, err := driversql.NewConnector(cfg)
	if err != nil {
		return nil, errors.New("the database's settings do not go together")
	}
	db := &DB{mysql: true}
	for p, n := range map[**pool]int{&db.write: conns, &db.keep: keepers} {
		// RETURNING differs between MariaDB and MySQL; nothing here needs it.
		conn := mysql.New(mysql.Config{Conn: src.pool(readCommitted{connector}), DisableWithReturning: true})
		if *p, err = openPool(conn, n); err != nil {
			return nil, fmt.Errorf("open the database server: %w", err)
		}
	}
	db.read = db.write
	return db, nil
}

// keepers is how many connections are for Keep alone.
const keepers = 2

// readCommitted gives every connection that level once, so that a writing
// transaction begins with one statement.
type readCommitted struct{ driver.Connector }

// Connect opens a connection.
func (c readCommitted) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	e, ok := conn.(driver.ExecerContext)
	if !ok {
		return nil, errors.Join(errors.New("the driver takes no statement at once"), conn.Close())
	}
	if _, err := e.ExecContext(ctx, "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED", nil); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}

// Close closes the database.
func (db *DB) Close() error {
	err := db.write.close()
	if db.read != db.write {
		err = errors.Join(err, db.read.close())
	}
	if db.keep != db.write {
		err = errors.Join(err, db.keep.close())
	}
	return err
}

// Tx is a transaction on which every query is a method. Its clock stands
// still, so all rows that one command writes carry one time.
type Tx struct {
	g     *gorm.DB
	Now   time.Time // in UTC, to the millisecond, as it is stored
	mysql bool
	made  uint16 // ids
	warm  *warm  // nil unless Warm was called
	memo  memo
	held  map[string]bool // people, by HoldPerson
}

// Write runs fn in one transaction and commits if fn returns nil. If only the
// answer to COMMIT was lost the error is ErrUnknown: it may have happened.
//
// Each statement sees what is committed when it starts: a command that waited
// for a lock then decides on the present, not on a snapshot from before (see
// readCommitted).
func (db *DB) Write(ctx context.Context, fn func(*Tx) error) error {
	return db.commit(ctx, db.write, fn)
}

// Keep is Write over connections of its own: on a server it never waits behind
// the commands of others. A panic is an error, as for Gather.
func (db *DB) Keep(ctx context.Context, fn func(*Tx) error) error {
	return calm(func() error { return db.commit(ctx, db.keep, fn) })
}

func (db *DB) commit(ctx context.Context, over *pool, fn func(*Tx) error) error {
	if err := over.enter(ctx); err != nil {
		return known(err)
	}
	defer over.leave()
	g := over.g.WithContext(ctx).Begin()
	if g.Error != nil {
		return known(g.Error)
	}
	done := false
	defer func() {
		if !done { // fn panicked or failed
			g.Rollback()
		}
	}()
	if err := fn(db.tx(g)); err != nil {
		return err
	}
	done = true
	if err := g.Commit().Error; err != nil {
		g.Rollback()
		return fmt.Errorf("%w: %w", ErrUnknown, known(err))
	}
	return nil
}

// Read runs fn in one read-only transaction.
func (db *DB) Read(ctx context.Context, fn func(*Tx) error) error {
	opts := &sql.TxOptions{ReadOnly: db.mysql} // SQLite's reading pool cannot write anyhow
	if db.mysql {
		opts.Isolation = sql.LevelRepeatableRead // one view of everything
	}
	if err := db.read.enter(ctx); err != nil {
		return known(err)
	}
	defer db.read.leave()
	g := db.read.g.WithContext(ctx).Begin(opts)
	if g.Error != nil {
		return known(g.Error)
	}
	defer g.Rollback()
	return fn(db.tx(g))
}

// Glance runs fn, of one query, with no transaction around it: for a guess that whoever
// acts on it makes sure of in one.
func (db *DB) Glance(ctx context.Context, fn func(*Tx) error) error {
	if err := db.read.enter(ctx); err != nil {
		return known(err)
	}
	defer db.read.leave()
	return fn(db.tx(db.read.g.WithContext(ctx)))
}

func (db *DB) tx(g *gorm.DB) *Tx {
	m := memo{}
	return &Tx{
		g:   over(g, noting{g.Statement.ConnPool, m}),
		Now: db.instant(), mysql: db.mysql, memo: m, held: map[string]bool{},
	}
}

func (db *DB) instant() time.Time { return db.now().UTC().Truncate(time.Millisecond) }

// over is the same transaction by way of another pool.
func over(g *gorm.DB, pool gorm.ConnPool) *gorm.DB {
	g = g.Session(&gorm.Session{NewDB: true, Context: g.Statement.Context})
	g.Statement.ConnPool = pool
	return g
}

// Mark sets the one savepoint of a command. It is not gorm's: that of SQLite
// passes over an error, and then nothing could be undone.
func (tx *Tx) Mark() error { return known(tx.g.Exec("SAVEPOINT command").Error) }

// Undo undoes everything written since Mark.
func (tx *Tx) Undo() error { return known(tx.g.Exec("ROLLBACK TO SAVEPOINT command").Error) }

// NewID makes an id of 26 characters that sorts by time, and in one transaction
// by the order of making: 48 bits of milliseconds, a count of 16 bits and 64
// random bits. The program makes ids, never the database: an id is known before
// the row is stored.
func (tx *Tx) NewID() string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], uint64(tx.Now.UnixMilli())<<16|uint64(tx.made))
	tx.made++
	_, _ = rand.Read(b[8:]) // never fails (crypto/rand)
	return idText.EncodeToString(b[:])
}

//nolint:gochecknoglobals // a constant, but for the language
var idText = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// one returns the only row of a query, or ErrNotFound.
func one[T any](q *gorm.DB) (T, error) {
	var row T
	err := q.Take(&row).Error
	return row, known(err)
}

// many returns all rows of a query.
func many[T any](q *gorm.DB) ([]T, error) {
	var rows []T
	err := q.Find(&rows).Error
	return rows, known(err)
}

// moved reports ErrStale unless an update hit exactly one row.
func moved(q *gorm.DB) error {
	if q.Error != nil {
		return known(q.Error)
	}
	if q.RowsAffected != 1 {
		return ErrStale
	}
	return nil
}

// insert stores rows, some at a time so that no statement grows without bound.
func insert[T any](tx *Tx, rows []T) error {
	if len(rows) == 0 {
		return nil
	}
	return known(tx.g.CreateInBatches(rows, 100).Error)
}
