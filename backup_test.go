package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	driversql "github.com/go-sql-driver/mysql"

	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/testkit"
)

// delivered is a message that was answered before the backup.
type delivered struct {
	message string
	at      time.Time
	reply   string
}

// deliver sends a message and keeps it.
func (s *stranger) deliver(openID, words string) delivered {
	s.t.Helper()
	now := s.clock()
	d := delivered{message: s.text(openID, words, now), at: now}
	d.reply = s.redeliver(d)
	return d
}

func (s *stranger) redeliver(d delivered) string {
	s.t.Helper()
	code, body := s.send(d.message, d.at, nil)
	if code != http.StatusOK || body == "success" {
		s.t.Fatalf("%s: %d %s", d.message, code, body)
	}
	return s.read(body)
}

// boundCadre is somebody who is known to the county since before the test.
func (s *stranger) boundCadre() string {
	s.t.Helper()
	var people []phoneOwner
	s.get("/sim/people", &people)
	for _, p := range people {
		if p.Bound && strings.Contains(strings.Join(p.Roles, " "), "cadre") {
			return p.OpenID
		}
	}
	s.t.Fatal("no bound cadre")
	return ""
}

// restored is a process on a backup, and whoever speaks with it.
type restored struct {
	*app
	*stranger
	stop func()
}

// restore opens a backup of a demo's database as a new process would: with the
// same settings, and a Redis that knows nothing.
func (d *demo) restore(s *stranger, backup models.Source) *restored {
	s.t.Helper()
	p := d.parts
	p.now, p.redis, p.database = d.clock.Now, "", backup
	a, err := open(context.WithoutCancel(s.t.Context()), p)
	if err != nil {
		s.t.Fatal(err)
	}
	srv := httptest.NewServer(a.bot)
	other := *s
	other.base = srv.URL
	return &restored{app: a, stranger: &other, stop: func() {
		srv.Close()
		if err := a.close(); err != nil {
			s.t.Error(err)
		}
	}}
}

// holds checks that a backup is whole: what was answered is answered the same
// and not carried out again, what was published can still be asked for, and the
// fields under seal can be opened with no key but ours.
func (r *restored) holds(d *demo, before *stranger, who string, all []delivered) {
	t := r.t
	t.Helper()
	for _, m := range all {
		if got := r.redeliver(m); got != m.reply {
			t.Errorf("%s: %q after the backup, %q before", m.message, got, m.reply)
		}
	}
	n := 0
	err := r.db.Read(t.Context(), func(tx *models.Tx) error {
		rows, err := tx.ArrivalsOn(calendarDay(demoStart))
		n = len(rows)
		return err
	})
	if err != nil || n != 1 {
		t.Errorf("%d arrivals after the repeats, %v; want 1", n, err)
	}
	if missing, err := r.db.Missing(t.Context()); err != nil || len(missing) != 0 {
		t.Errorf("the backup lacks %q, %v", missing, err)
	}
	now := d.clock.Now()
	for _, words := range []string{"我的记录", "我的得分 2026Q2", "我的补贴"} {
		ask := delivered{message: before.text(who, words, now), at: now}
		if want, got := before.redeliver(ask), r.redeliver(ask); want != got {
			t.Errorf("%s: %q after the backup, %q before", words, got, want)
		}
	}
}

// otherKey opens a backup with another key: the program must say so at once, and
// not write what nobody can read later.
func (d *demo) otherKey(t *testing.T, backup models.Source) {
	t.Helper()
	p := d.parts
	p.now, p.redis, p.database, p.sealKey = d.clock.Now, "", backup, make([]byte, 32)
	a, err := open(t.Context(), p)
	if err == nil {
		_ = a.close()
	}
	if err == nil || !strings.Contains(err.Error(), "seal_key") {
		t.Errorf("with another key: %v", err)
	}
}

// TestBackupOfMariaDB takes the backup that docs/operations.zh-CN.md tells of
// while the program serves, and brings it into an empty database.
func TestBackupOfMariaDB(t *testing.T) {
	t.Parallel()
	for _, program := range []string{"mariadb-dump", "mariadb"} {
		if _, err := exec.LookPath(program); err != nil {
			testkit.Without(t, program)
		}
	}
	from, to := testkit.MariaDB(t), testkit.MariaDB(t)
	d := newTestDemo(t, models.Source{DSN: from})
	from = d.parts.database.DSN // the seeded copy
	s := newStranger(t, d)
	who := s.boundCadre()
	all := []delivered{s.deliver(who, "签到"), s.deliver(who, "签到")}

	dump := filepath.Join(t.TempDir(), "cunkao.sql")
	client(t, from, dump, "mariadb-dump", "--single-transaction", "--quick", "--hex-blob", "--default-character-set=utf8mb4", "--result-file="+dump)
	client(t, to, dump, "mariadb", "--default-character-set=utf8mb4")

	r := d.restore(s, models.Source{DSN: to})
	defer r.stop()
	r.holds(d, s, who, all)
	d.otherKey(t, models.Source{DSN: to})
}

// client runs a program of MariaDB's on a database, with a file as its input.
func client(t *testing.T, dsn, file, name string, args ...string) {
	t.Helper()
	cfg, err := driversql.ParseDSN(dsn)
	if err != nil {
		t.Fatal(err)
	}
	in, err := os.OpenFile(file, os.O_RDONLY|os.O_CREATE, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	args = append([]string{"--no-defaults", "--socket=" + cfg.Addr, "--user=" + cfg.User}, append(args, cfg.DBName)...)
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Stdin = in
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

// TestBackupOfSQLite takes the two backups of an embedded file: VACUUM INTO
// while the program serves, and a copy of the file after it has stopped.
func TestBackupOfSQLite(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("sqlite3"); err != nil {
		testkit.Without(t, "sqlite3")
	}
	file := filepath.Join(t.TempDir(), "cunkao.db")
	d := newTestDemo(t, models.Source{File: file})
	s := newStranger(t, d)
	who := s.boundCadre()
	all := []delivered{s.deliver(who, "签到")}

	serving := filepath.Join(t.TempDir(), "serving.db")
	out, err := exec.CommandContext(t.Context(), "sqlite3", file, "VACUUM INTO '"+serving+"'").CombinedOutput()
	if err != nil {
		t.Fatalf("VACUUM INTO: %v\n%s", err, out)
	}
	r := d.restore(s, models.Source{File: serving})
	r.holds(d, s, who, all)
	all = append(all, r.deliverAt(who, "签到", d.clock.Now()))
	r.stop()

	stopped := filepath.Join(t.TempDir(), "stopped.db")
	copyFile(t, serving, stopped) // and nothing beside it
	again := d.restore(s, models.Source{File: stopped})
	defer again.stop()
	again.holds(d, s, who, all[:1])
	if got := again.redeliver(all[1]); got != all[1].reply {
		t.Errorf("%q after the second backup, %q before", got, all[1].reply)
	}
	d.otherKey(t, models.Source{File: stopped})
}

// deliverAt is deliver where there is no simulator to ask for the time.
func (s *stranger) deliverAt(openID, words string, at time.Time) delivered {
	s.t.Helper()
	s.msgID += 1000 // the process before goes on counting from where it was
	d := delivered{message: s.text(openID, words, at), at: at}
	d.reply = s.redeliver(d)
	return d
}
