package models

import (
	"context"
	"database/sql"
	"database/sql/driver"

	"github.com/glebarez/sqlite"
)

// Source says where the database is. With a DSN it is a MySQL-protocol server,
// else a SQLite file.
type Source struct {
	DSN  string // in the form of go-sql-driver/mysql: user:password@tcp(host:3306)/name
	File string // of SQLite
	// Unsynced lets SQLite skip waiting for the disk: for tests only.
	Unsynced bool
	Pool     int // connections to a server; 0 means 16
	// Between stands between this room and the driver, for tests that let calls
	// fail. Usually nothing does.
	Between interface {
		Wrap(driver.Connector) driver.Connector
	}
}

// pool opens connections to a server or a file.
func (src Source) pool(c driver.Connector) *sql.DB {
	if src.Between != nil {
		c = src.Between.Wrap(c)
	}
	return sql.OpenDB(ending{c})
}

// openFile opens connections to a SQLite file.
func (src Source) openFile(dsn string, n int) (*pool, error) {
	plain, err := sql.Open(sqlite.DriverName, dsn)
	if err != nil {
		return nil, err
	}
	defer plain.Close()
	return openPool(&sqlite.Dialector{Conn: src.pool(fileConnector{dsn, plain.Driver()})}, n)
}

// fileConnector opens connections to a SQLite file.
type fileConnector struct {
	dsn    string
	driver driver.Driver
}

// Connect opens a connection.
func (c fileConnector) Connect(context.Context) (driver.Conn, error) { return c.driver.Open(c.dsn) }

// Driver returns that of SQLite.
func (c fileConnector) Driver() driver.Driver { return c.driver }
