package testkit

import (
	"context"
	"database/sql/driver"
	"errors"
	"sync"

	"github.com/go-sql-driver/mysql"
)

// Way is how a call to the database fails.
type Way int

// The ways in which a call fails.
const (
	FailBefore Way = iota // an error, and the call was not made
	FailAfter             // an error, and the call was made
	LoseBefore            // the connection is lost, and the call was not made
	LoseAfter             // the connection is lost, and the call was made
	LockWait              // nobody waits for the lock any longer: only the statement is undone
	Hang                  // nothing happens until the caller's context ends
	Panic                 // the caller panics when it looks at what the call returned
	Sulk                  // an error, the call was not made, and the transaction cannot be ended: the line stays
)

// Ways are all ways, by name.
func Ways() map[string]Way {
	return map[string]Way{
		"error before": FailBefore, "error after": FailAfter, "lost before": LoseBefore, "lost after": LoseAfter,
		"lock wait": LockWait, "hang": Hang, "panic": Panic, "sulk": Sulk,
	}
}

// ErrPlanted is what a call says that was made to fail.
var ErrPlanted = errors.New("planted fault")

// Calls stands between a program and its database driver and counts the calls:
// begin, every statement, commit. It lets one of them fail.
type Calls struct {
	mu   sync.Mutex
	way  Way
	left int // calls until the one that fails; 0 means none will
	hit  bool
	n    int
	hung func()
}

// Arm lets the nth call from now on fail. hung is called when a call hangs; it
// is to end the caller's context.
func (c *Calls) Arm(n int, way Way, hung func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.left, c.way, c.hit, c.n, c.hung = n, way, false, 0, hung
}

// Disarm lets no call fail any more, and says whether one did, and how many
// there were.
func (c *Calls) Disarm() (hit bool, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.left = 0
	return c.hit, c.n
}

// next counts a call.
func (c *Calls) next() (way Way, fails bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
	if c.left == 0 {
		return 0, false
	}
	c.left--
	c.hit = c.hit || c.left == 0
	return c.way, c.left == 0
}

// Wrap counts the calls of a connector's connections.
func (c *Calls) Wrap(to driver.Connector) driver.Connector { return &callConnector{to, c} }

type callConnector struct {
	driver.Connector
	calls *Calls
}

// Connect opens a connection.
func (c *callConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	full, ok := conn.(fullConn)
	if !ok {
		return nil, errors.Join(errors.New("the driver's connection is not as expected"), conn.Close())
	}
	return &callConn{fullConn: full, calls: c.calls}, nil
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

// callConn is a connection whose calls are counted.
type callConn struct {
	fullConn
	calls *Calls
	lost  bool
	open  bool // a transaction is
	sulks bool // until its caller has given it up
}

// call makes a call, or fails as it is to. drop lets go of what a call returned
// that nobody will get.
func (c *callConn) call(ctx context.Context, do func() error, drop func() error) (panics bool, err error) {
	if c.lost {
		return false, driver.ErrBadConn
	}
	if c.sulks {
		return false, sulking()
	}
	way, fails := c.calls.next()
	if !fails {
		return false, do()
	}
	switch way {
	case Sulk:
		c.sulks = c.open
		return false, sulking()
	case FailBefore:
		return false, ErrPlanted
	case LoseBefore:
		return false, c.lose()
	case LockWait:
		return false, &mysql.MySQLError{Number: 1205, Message: ErrPlanted.Error()}
	case Hang:
		c.calls.hung()
		<-ctx.Done()
		return false, errors.Join(ctx.Err(), c.close())
	case FailAfter:
		return false, errors.Join(after(do, drop), ErrPlanted)
	case LoseAfter:
		return false, errors.Join(after(do, drop), c.lose())
	default:
		return true, do()
	}
}

func after(do, drop func() error) error {
	if err := do(); err != nil {
		return err
	}
	return drop()
}

func nothing() error { return nil }

// sulking is what a node says that has lost its cluster.
func sulking() error { return &mysql.MySQLError{Number: 1047, Message: ErrPlanted.Error()} }

// lose breaks the connection.
func (c *callConn) lose() error { return errors.Join(driver.ErrBadConn, c.close()) }

func (c *callConn) close() error {
	c.lost = true
	return c.fullConn.Close()
}

// Close closes the connection, unless it is lost.
func (c *callConn) Close() error {
	if c.lost {
		return nil
	}
	return c.fullConn.Close()
}

// IsValid reports whether the connection can be used again.
func (c *callConn) IsValid() bool {
	if v, ok := c.fullConn.(driver.Validator); ok && !c.lost {
		return v.IsValid()
	}
	return !c.lost
}

// ResetSession is asked before a connection is used again.
func (c *callConn) ResetSession(ctx context.Context) error {
	if c.lost {
		return driver.ErrBadConn
	}
	if r, ok := c.fullConn.(driver.SessionResetter); ok {
		return r.ResetSession(ctx)
	}
	return nil
}

// CheckNamedValue leaves the values to the driver.
func (c *callConn) CheckNamedValue(v *driver.NamedValue) error {
	if n, ok := c.fullConn.(driver.NamedValueChecker); ok {
		return n.CheckNamedValue(v)
	}
	return driver.ErrSkip
}

// ExecContext makes a call.
func (c *callConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (r driver.Result, err error) {
	panics, err := c.call(ctx, func() (err error) {
		r, err = c.fullConn.ExecContext(ctx, query, args)
		return err
	}, nothing)
	if panics && err == nil {
		return panicking{}, nil
	}
	return r, err
}

// QueryContext makes a call.
func (c *callConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (r driver.Rows, err error) {
	panics, err := c.call(ctx, func() (err error) {
		r, err = c.fullConn.QueryContext(ctx, query, args)
		return err
	}, func() error { return r.Close() })
	switch {
	case err != nil:
		return nil, err
	case panics:
		return panickingRows{r}, nil
	default:
		return r, nil
	}
}

// BeginTx makes a call.
func (c *callConn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	var tx driver.Tx
	_, err := c.call(ctx, func() (err error) {
		tx, err = c.fullConn.BeginTx(ctx, o)
		return err
	}, func() error { return tx.Rollback() })
	if err != nil {
		return nil, err
	}
	c.open = true
	return &callTx{tx, c, ctx}, nil
}

// callTx is a transaction whose end is counted.
type callTx struct {
	driver.Tx
	conn *callConn
	ctx  context.Context
}

// Commit makes a call. One that fails before it was made is rolled back, as a
// server does that cannot commit.
func (t *callTx) Commit() error {
	_, err := t.conn.call(t.ctx, t.Tx.Commit, nothing)
	if t.over() {
		return err
	}
	if err != nil && !t.conn.lost {
		_ = t.Tx.Rollback() // of what was committed nothing is left to roll back
	}
	return err
}

// Rollback is no call, but a server that sulks refuses it too, and what was
// written stays on the line.
func (t *callTx) Rollback() error {
	switch {
	case t.over():
		return sulking()
	case t.conn.lost:
		return nil
	default:
		return t.Tx.Rollback()
	}
}

// over ends the transaction for its caller, and says whether the server has
// refused to end it.
func (t *callTx) over() (sulked bool) {
	sulked = t.conn.sulks
	t.conn.open, t.conn.sulks = false, false
	return sulked
}

// panicking is a result that nobody can look at.
type panicking struct{}

func (panicking) LastInsertId() (int64, error) { panic(ErrPlanted) }
func (panicking) RowsAffected() (int64, error) { panic(ErrPlanted) }

type panickingRows struct{ driver.Rows }

// Next panics.
func (panickingRows) Next([]driver.Value) error { panic(ErrPlanted) }
