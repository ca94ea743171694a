package models

import (
	"context"
	"database/sql/driver"
	"errors"

	driversql "github.com/go-sql-driver/mysql"
)

// ending closes a connection on which a transaction could not be ended. A server
// may refuse a ROLLBACK or a COMMIT and keep the line, as a node does that has
// lost its cluster: then what was written waits on it, and the next BEGIN on that
// connection would commit it.
type ending struct{ driver.Connector }

// Connect opens a connection.
func (e ending) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := e.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	full, ok := conn.(fullConn)
	if !ok {
		return nil, errors.Join(errors.New("the driver's connection is not as expected"), conn.Close())
	}
	return endingConn{full}, nil
}

// fullConn is what the connections of both drivers can do.
type fullConn interface {
	driver.Conn
	driver.Pinger
	driver.ExecerContext
	driver.QueryerContext
	driver.ConnPrepareContext
	driver.ConnBeginTx
}

type endingConn struct{ fullConn }

// BeginTx begins a transaction.
func (c endingConn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	tx, err := c.fullConn.BeginTx(ctx, o)
	if err != nil {
		return nil, err
	}
	return endingTx{tx}, nil
}

// IsValid reports whether the connection can be used again.
func (c endingConn) IsValid() bool {
	v, ok := c.fullConn.(driver.Validator)
	return !ok || v.IsValid()
}

// ResetSession is asked before a connection is used again.
func (c endingConn) ResetSession(ctx context.Context) error {
	if r, ok := c.fullConn.(driver.SessionResetter); ok {
		return r.ResetSession(ctx)
	}
	return nil
}

// CheckNamedValue leaves the values to the driver.
func (c endingConn) CheckNamedValue(v *driver.NamedValue) error {
	if n, ok := c.fullConn.(driver.NamedValueChecker); ok {
		return n.CheckNamedValue(v)
	}
	return driver.ErrSkip
}

type endingTx struct{ driver.Tx }

// Commit ends the transaction, or the connection.
func (t endingTx) Commit() error { return unended(t.Tx.Commit()) }

// Rollback ends the transaction, or the connection.
func (t endingTx) Rollback() error { return unended(t.Tx.Rollback()) }

// unended makes database/sql close the connection, unless the server has undone
// the transaction because another was faster.
func unended(err error) error {
	if e, ok := errors.AsType[*driversql.MySQLError](err); err == nil || ok && e.Number == 1213 {
		return err
	}
	return unendedError{err}
}

// unendedError is why a transaction could not be ended. Only for database/sql it
// is a lost connection.
type unendedError struct{ error }

// Is says so to database/sql.
func (unendedError) Is(target error) bool { return target == driver.ErrBadConn }

// Unwrap returns the reason.
func (e unendedError) Unwrap() error { return e.error }
