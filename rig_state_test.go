package main

import (
	"database/sql"
	"encoding/json"
	"strings"
	"testing"

	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/seal"
)

// rigState is what the database holds after a run, read past the program. Whose a
// row is says the seed (addPeople): a binding forgets whoever has left.
type rigState struct {
	inbox    map[string]inboxRow     // by key
	arrivals map[string]arrivalRow   // by id
	journal  map[string][]journalRow // of 签到, by key
	notices  []noticeRow
	dedupes  map[string]bool
	shifts   []string // ids, of the rig's day
}

type inboxRow struct {
	act, reply string
	refused    bool
}

type arrivalRow struct{ openID, receipt string }

type journalRow struct{ subject string }

type noticeRow struct {
	expired                                        bool // its time was over before it could be sent
	id, dedupe, openID, kind, text, state, problem string
	class                                          int
}

// phone is what the delivered message of a notice is found by.
func (n noticeRow) phone() string {
	if n.kind == "duty" {
		return n.openID + "\x00" + n.id + "\x00"
	}
	return n.openID + "\x00\x00" + n.text
}

func readRigState(t *testing.T, dsn string) *rigState {
	t.Helper()
	pool, err := sql.Open("mysql", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	s := &rigState{inbox: map[string]inboxRow{}, arrivals: map[string]arrivalRow{}, journal: map[string][]journalRow{}, dedupes: map[string]bool{}}
	each := func(query string, row func(scan func(...any) error) error) {
		t.Helper()
		rows, err := pool.QueryContext(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			if err := row(rows.Scan); err != nil {
				t.Fatal(err)
			}
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
	}
	full := map[string]string{} // keys by what the journal calls them
	each("SELECT cmd_key, act, reply, refused FROM inbox WHERE channel = 'wechat'", func(scan func(...any) error) error {
		var key string
		var r inboxRow
		err := scan(&key, &r.act, &r.reply, &r.refused)
		s.inbox[key] = r
		full[handlers.Command{Key: key, Who: handlers.Who{OpenID: strings.Split(key+":", ":")[1]}}.Name()] = key
		return err
	})
	each("SELECT a.id, p.phone_index, a.receipt FROM arrivals a JOIN people p ON p.id = a.person_id", func(scan func(...any) error) error {
		var id string
		var r arrivalRow
		err := scan(&id, &r.openID, &r.receipt)
		s.arrivals[id] = r
		return err
	})
	each("SELECT cmd_key, subject FROM journal WHERE act = 'CheckIn'", func(scan func(...any) error) error {
		var key string
		var r journalRow
		err := scan(&key, &r.subject)
		s.journal[full[key]] = append(s.journal[full[key]], r)
		return err
	})
	box, err := seal.New(rigSealKey())
	if err != nil {
		t.Fatal(err)
	}
	s.readNotices(each, box)
	each("SELECT id FROM shifts WHERE day = '"+rigDay().String()+"'", func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		s.shifts = append(s.shifts, id)
		return err
	})
	return s
}

// readNotices opens what waits sealed: the answers to questions that came late.
func (s *rigState) readNotices(each func(string, func(func(...any) error) error), box *seal.Box) {
	each(`SELECT n.id, n.dedupe, COALESCE(NULLIF(n.openid, ''), p.phone_index, ''), n.kind, n.words, n.state, n.problem, n.class,
			n.not_after IS NOT NULL AND n.problem = 'too late to be of use'
		FROM notices n LEFT JOIN people p ON p.id = n.person_id ORDER BY n.id`, func(scan func(...any) error) error {
		var r noticeRow
		var words string
		if err := scan(&r.id, &r.dedupe, &r.openID, &r.kind, &words, &r.state, &r.problem, &r.class, &r.expired); err != nil {
			return err
		}
		var by map[string]string
		if err := json.Unmarshal([]byte(words), &by); err != nil {
			return err
		}
		r.text = by["text"]
		if sealed, private := strings.CutPrefix(r.text, "private:"); private {
			plain, err := box.Open(sealed, "inbox.reply."+strings.TrimPrefix(r.dedupe, "reply:"))
			if err != nil {
				return err
			}
			r.text = plain
		}
		s.notices = append(s.notices, r)
		s.dedupes[r.dedupe] = true
		return nil
	})
}
