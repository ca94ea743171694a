package models

import (
	"context"
	"database/sql"
	"errors"

	"gorm.io/gorm"
)

// ErrReadOnly is what a transaction for reading says to a write.
var ErrReadOnly = errors.New("this transaction only reads")

// Row is a row that is only ever added, so that many of them can be stored in
// one statement. Its id was made by the program.
type Row interface{ onto(p *Pile) }

// Pile holds rows that are to be stored together.
type Pile struct {
	inbox    []*Inbox
	arrivals []*Arrival
	journal  []*Journal
	notices  []*Notice
}

// Put adds a row.
func (p *Pile) Put(r Row) { r.onto(p) }

// Join adds the rows of another pile.
func (p *Pile) Join(o Pile) {
	p.inbox, p.arrivals = append(p.inbox, o.inbox...), append(p.arrivals, o.arrivals...)
	p.journal, p.notices = append(p.journal, o.journal...), append(p.notices, o.notices...)
}

func (in *Inbox) onto(p *Pile)  { p.inbox = append(p.inbox, in) }
func (a *Arrival) onto(p *Pile) { p.arrivals = append(p.arrivals, a) }
func (j *Journal) onto(p *Pile) { p.journal = append(p.journal, j) }
func (n *Notice) onto(p *Pile)  { p.notices = append(p.notices, n) }

// Store stores the rows, the claims first. It returns ErrExists if one of them
// is there already; which one, the database does not say.
func (tx *Tx) Store(p Pile) error {
	for _, store := range []func() error{
		func() error { return insert(tx, p.inbox) },
		func() error { return insert(tx, p.arrivals) },
		func() error { return insert(tx, p.journal) },
		func() error { return insert(tx, p.notices) },
	} {
		if err := store(); err != nil {
			return err
		}
	}
	return nil
}

// Reading is the same transaction, for reading only: a write is ErrReadOnly.
func (tx *Tx) Reading() *Tx {
	g := tx.g.Session(&gorm.Session{NewDB: true, Context: tx.g.Statement.Context})
	g.Statement.ConnPool = reader{tx.g.Statement.ConnPool}
	return &Tx{g: g, Now: tx.Now, mysql: tx.mysql, warm: tx.warm}
}

// reader lets no statement through but queries.
type reader struct{ gorm.ConnPool }

// ExecContext refuses.
func (reader) ExecContext(context.Context, string, ...any) (sql.Result, error) {
	return nil, ErrReadOnly
}
