package models

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

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
// is there already; which one, the database does not say. It writes the SQL by
// hand: here reflection is a noticeable part of what a 签到 costs.
func (tx *Tx) Store(p Pile) error {
	if err := storeRows(tx, "inbox (cmd_key, digest, who, channel, act, reply, field, refused, repeats, sent_at, received_at)", p.inbox,
		func(in *Inbox) []any {
			return []any{in.CmdKey, in.Digest, in.Who, in.Channel, in.Act, in.Reply, in.Field, in.Refused, in.Repeats, in.SentAt, in.ReceivedAt}
		}); err != nil {
		return err
	}
	if err := storeRows(tx, "arrivals (id, person_id, day, village_id, shift_id, at, channel, receipt)", p.arrivals,
		func(a *Arrival) []any {
			return []any{a.ID, a.PersonID, a.Day, a.VillageID, a.ShiftID, a.At, a.Channel, a.Receipt}
		}); err != nil {
		return err
	}
	if err := storeRows(tx, "journal (id, at, actor, act, subject, reason, digest, cmd_key)", p.journal,
		func(j *Journal) []any {
			return []any{j.ID, j.At, j.Actor, j.Act, j.Subject, j.Reason, j.Digest, j.CmdKey}
		}); err != nil {
		return err
	}
	return tx.storeNotices(p.notices)
}

func (tx *Tx) storeNotices(rows []*Notice) error {
	words := make(map[*Notice]string, len(rows))
	for _, n := range rows {
		said, err := json.Marshal(n.Words)
		if err != nil {
			return fmt.Errorf("words of a notice: %w", err)
		}
		words[n] = string(said)
	}
	return storeRows(tx, "notices (id, dedupe, person_id, openid, kind, words, class, state, not_before, not_after, owner, tries, "+
		"problem, platform_id, way, report, created_at, tried_at, sent_at)", rows, func(n *Notice) []any {
		return []any{
			n.ID, n.Dedupe, n.PersonID, n.OpenID, n.Kind, words[n], n.Class, string(n.State), n.NotBefore, n.NotAfter, n.Owner, n.Tries,
			n.Problem, n.PlatformID, n.Way, n.Report, n.CreatedAt, n.TriedAt, n.SentAt,
		}
	})
}

// storeRows inserts rows into a table with the columns named behind it, some at
// a time so that no statement grows without bound.
func storeRows[T any](tx *Tx, into string, rows []*T, values func(*T) []any) error {
	columns := strings.Count(into, ",") + 1
	marks := "(?" + strings.Repeat(", ?", columns-1) + ")"
	for some := range slices.Chunk(rows, 1024) {
		args := make([]any, 0, columns*len(some))
		for _, row := range some {
			args = append(args, values(row)...)
		}
		_, err := tx.g.Statement.ConnPool.ExecContext(tx.g.Statement.Context,
			"INSERT INTO "+into+" VALUES "+marks+strings.Repeat(", "+marks, len(some)-1), args...)
		if err != nil {
			return tx.known(err)
		}
	}
	return nil
}

// known is the function of that name for an error that did not come through
// gorm, which translates the embedded file's.
func (tx *Tx) known(err error) error {
	if t, ok := tx.g.Dialector.(gorm.ErrorTranslator); ok {
		err = t.Translate(err)
	}
	return known(err)
}

// Reading is the same transaction, for reading only: a write is ErrReadOnly.
func (tx *Tx) Reading() *Tx {
	return &Tx{g: over(tx.g, reader{tx.g.Statement.ConnPool}), Now: tx.Now, mysql: tx.mysql, warm: tx.warm, memo: tx.memo, held: tx.held}
}

// reader lets no statement through but queries.
type reader struct{ gorm.ConnPool }

// ExecContext refuses.
func (reader) ExecContext(context.Context, string, ...any) (sql.Result, error) {
	return nil, ErrReadOnly
}
