package main

import (
	"database/sql"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/testkit"
	"github.com/cunkao/cunkao/wechat"
)

// acknowledged leaves a message in the database as a process does that says
// success and dies. It returns the message's key.
func (d *demo) acknowledged(t *testing.T, s *stranger, openID, words string) (key string) {
	t.Helper()
	message := s.text(openID, words, s.clock())
	m, err := wechat.Decode([]byte(message))
	if err != nil {
		t.Fatal(err)
	}
	key = m.Key(s.appID)
	if mine, err := d.desk.TakeIn(t.Context(), handlers.Taken{Key: key, Body: message, Tries: 1}); err != nil || !mine {
		t.Fatalf("taken in: %v, %v", mine, err)
	}
	return key
}

// takesOver lets a process look for what others left, and waits until it is done.
func takesOver(t *testing.T, a *app) {
	t.Helper()
	if err := a.bot.TakeOverDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	a.bot.Wait()
}

// writes opens the window in which somebody can be told something.
func (d *demo) writes(t *testing.T, openID string) {
	t.Helper()
	if _, err := d.sim.Say(t.Context(), openID, "帮助"); err != nil {
		t.Fatal(err)
	}
}

func (d *demo) kept(t *testing.T) int64 {
	t.Helper()
	b, err := d.desk.Backlog(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return b.Kept
}

// told delivers what waits and returns what somebody was sent since the last time.
func (d *demo) told(t *testing.T, openID string) (out []string) {
	t.Helper()
	before := len(d.sim.Outbox(openID))
	if err := d.bot.DeliverDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, m := range d.sim.Outbox(openID)[before:] {
		out = append(out, m.Text)
	}
	return out
}

// TestAKeptMessageIsTakenOver lets a process die that has acknowledged a command
// and a question: another one answers both when the lease is over, and not before.
func TestAKeptMessageIsTakenOver(t *testing.T) {
	t.Parallel()
	for name, database := range databases(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newTestDemo(t, database(t))
			s := newStranger(t, d)
			me := s.boundCadre()
			d.writes(t, me)
			d.acknowledged(t, s, me, "签到")
			d.acknowledged(t, s, me, "我的班")
			other := d.another(t)
			takesOver(t, other)
			if n := d.kept(t); n != 2 {
				t.Errorf("before the lease is over %d are kept", n)
			}
			s.walk(s.clock().Add(handlers.IntakeLease + time.Second).Format(time.RFC3339))
			takesOver(t, other)
			d.bot.Wait() // the walk may have roused this one
			if n := d.arrivalsToday(t); n != 1 || d.kept(t) != 0 {
				t.Errorf("%d records, and %d are kept", n, d.kept(t))
			}
			d.told(t, me)
			var said strings.Builder
			for _, m := range d.sim.Outbox(me) {
				said.WriteString(m.Text)
			}
			if strings.Count(said.String(), "签到成功") != 1 || strings.Count(said.String(), "您接下来的班") != 1 {
				t.Errorf("told %q", &said)
			}
			if n := d.bot.Meter().TakenOver.Load() + other.bot.Meter().TakenOver.Load(); n != 2 {
				t.Errorf("%d were taken over", n)
			}
		})
	}
}

// TestAMessageThatCannotBeCarriedOutIsGivenUp lets a command fail each time: it is
// tried five times, and then its sender is told, and it is among the dead letters.
func TestAMessageThatCannotBeCarriedOutIsGivenUp(t *testing.T) {
	t.Parallel()
	src := models.Source{DSN: testkit.MariaDB(t)}
	d := loggedDemo(t, src, slog.New(slog.DiscardHandler))
	s := newStranger(t, d)
	me := s.boundCadre()
	pool := raw(t, d.parts.database)
	if _, err := pool.ExecContext(t.Context(), "RENAME TABLE arrivals TO arrivals_gone"); err != nil {
		t.Fatal(err)
	}
	d.writes(t, me)
	key := d.acknowledged(t, s, me, "签到")
	for range handlers.IntakeTries {
		d.told(t, me)
		if n := d.kept(t); n != 1 {
			t.Fatalf("%d are kept", n)
		}
		s.walk(s.clock().Add(handlers.IntakeLease + time.Second).Format(time.RFC3339))
		takesOver(t, d.app)
	}
	said := d.told(t, me)
	if len(said) != 1 || !strings.HasPrefix(said[0], "没有记录下来") || d.kept(t) != 0 {
		t.Errorf("told %q, and %d are kept", said, d.kept(t))
	}
	err := d.db.Read(t.Context(), func(tx *models.Tx) error {
		l, err := tx.DeadLetter(key)
		if l.Why == "" || l.Body == "" {
			t.Errorf("buried %+v", l)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func raw(t *testing.T, src models.Source) *sql.DB {
	t.Helper()
	pool, err := sql.Open("mysql", src.DSN)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pool.Close() })
	return pool
}

// holdCommands keeps every command on a server waiting until release is called;
// messages can be kept meanwhile.
func (d *demo) holdCommands(t *testing.T) (release func()) {
	t.Helper()
	conn, err := raw(t, d.parts.database).Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	do := func(query string) {
		if _, err := conn.ExecContext(t.Context(), query); err != nil {
			t.Error(err)
		}
	}
	do("LOCK TABLES inbox WRITE")
	return func() {
		do("UNLOCK TABLES")
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestWireASlowAnswerComesAsAMessage holds what a command needs for longer than
// the platform waits: it is stored, acknowledged, and answered afterwards.
func TestWireASlowAnswerComesAsAMessage(t *testing.T) {
	t.Parallel()
	d := newTestDemo(t, models.Source{DSN: testkit.MariaDB(t)})
	s := newStranger(t, d)
	me := s.boundCadre()
	release := d.holdCommands(t)
	began := time.Now()
	reply, err := d.sim.Say(t.Context(), me, "签到")
	if took := time.Since(began); err != nil || reply != "" || took > 4900*time.Millisecond {
		t.Errorf("%q, %v after %s; want success and no words", reply, err, took)
	}
	release()
	d.bot.Wait()
	if said := d.told(t, me); len(said) != 1 || !strings.Contains(said[0], "签到成功") || d.kept(t) != 0 {
		t.Errorf("told %q, and %d are kept", said, d.kept(t))
	}
}

// TestWireWhatCannotBeKeptIsNotAcknowledged holds the whole database for longer
// than the platform waits: nothing is said, and the repeat gets the answer.
func TestWireWhatCannotBeKeptIsNotAcknowledged(t *testing.T) {
	t.Parallel()
	d := newTestDemo(t, models.Source{}, "keep a message")
	s := newStranger(t, d)
	me := s.boundCadre()
	held, release := make(chan struct{}), make(chan struct{})
	var holding sync.WaitGroup
	holding.Go(func() {
		err := d.db.Write(t.Context(), func(*models.Tx) error { close(held); <-release; return nil })
		if err != nil {
			t.Error(err)
		}
	})
	<-held
	message, began := s.text(me, "签到", s.clock()), time.Now()
	status, body := s.send(message, s.clock(), nil)
	if took := time.Since(began); status != 0 || took > 4900*time.Millisecond {
		t.Errorf("answered %d %q after %s", status, body, took)
	}
	close(release)
	holding.Wait()
	if _, body := s.send(message, s.clock(), nil); body == "success" || !strings.Contains(s.read(body), "签到成功") {
		t.Errorf("the repeat is answered %q", body)
	}
	d.bot.Wait()
	if said := d.told(t, me); len(said) > 0 || d.arrivalsToday(t) != 1 {
		t.Errorf("told %q, %d records", said, d.arrivalsToday(t))
	}
}
