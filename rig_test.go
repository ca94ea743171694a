package main

import (
	"database/sql"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/testkit"
	"github.com/cunkao/cunkao/wechat"
)

// rig is a whole service of several processes, its servers and the platform.
type rig struct {
	*testing.T
	clock     *rigClock
	clockFile string
	platform  *rigPlatform
	wire      *stranger
	replicas  []*replica
	load      *loader
	dsn       string // of a server that holds everything
	remind    bool   // whether the day's reminders fall into the run
	env       []string
	before    string // the binary that replicas run first; empty is this one
	prepare   func() // what is to be in the database before a replica looks

	databaseDown marks
	jumps        marks // of the clock
	began        time.Time
	figures      figures
}

// rigAccount is invented.
func rigAccount() wechat.Account {
	return wechat.Account{AppID: "wx00000000000000aa", Token: "rigrigrig", AESKey: "rigrigrigrigrigrigrigrigrigrigrigrigrigrigA"}
}

// newRig sets the clock to the morning of the rig's day. Nothing runs yet but
// the platform.
func newRig(t *testing.T) *rig {
	t.Helper()
	if testing.Short() {
		t.Skip("it takes long")
	}
	a := rigAccount()
	r := &rig{T: t, platform: newRigPlatform(t), wire: &stranger{t: t, appID: a.AppID, token: a.Token, aesK: a.AESKey}}
	r.clockFile = filepath.Join(t.TempDir(), "clock")
	clock, err := openRigClock(r.clockFile)
	if err != nil {
		t.Fatal(err)
	}
	r.clock, r.load, r.began = clock, &loader{rig: r}, time.Now()
	r.clock.set(rigDay().At(9, 0))
	return r
}

// start starts the replicas, one for each place of the rows.
func (r *rig) start(redis string, dsns ...string) {
	r.Helper()
	r.dsn = dsns[0]
	for _, dsn := range dsns {
		r.addReplica(dsn, redis)
	}
	r.launch()
}

// launch starts the replicas that were added.
func (r *rig) launch() {
	r.Helper()
	if !r.remind {
		r.skipReminders()
	}
	if r.prepare != nil {
		r.prepare()
	}
	for _, one := range r.replicas {
		if err := errors.Join(one.Start(), one.ready()); err != nil {
			r.Fatal(err)
		}
	}
	r.began = time.Now()
}

// skipReminders records the duty job as done before any replica asks.
func (r *rig) skipReminders() {
	r.Helper()
	r.exec("INSERT IGNORE INTO job_runs (job, slot_at, done_at) VALUES ('duty', ?, ?)", rigDay().At(7, 40).UTC(), rigDay().At(7, 41).UTC())
}

func (r *rig) exec(query string, args ...any) {
	r.Helper()
	pool, err := sql.Open("mysql", r.dsn+"?parseTime=true")
	if err != nil {
		r.Fatal(err)
	}
	defer pool.Close()
	if _, err := pool.ExecContext(r.Context(), query, args...); err != nil {
		r.Fatal(err)
	}
}

func (r *rig) number(query string, args ...any) (n int) {
	r.Helper()
	pool, err := sql.Open("mysql", r.dsn)
	if err != nil {
		r.Fatal(err)
	}
	defer pool.Close()
	if err := pool.QueryRowContext(r.Context(), query, args...).Scan(&n); err != nil {
		r.Fatal(err)
	}
	return n
}

// one is a rig with three replicas on one database and one Redis.
func oneDatabase(t *testing.T, prepare func(*rig)) (*rig, *testkit.Database, *testkit.Cache) {
	t.Helper()
	r := newRig(t)
	if prepare != nil {
		prepare(r)
	}
	db := testkit.Killable(t, rigData(t, rigAccount()))
	redis := testkit.KillableRedis(t)
	dsn := db.DSN("rig")
	r.start(redis.Addr, dsn, dsn, dsn)
	return r, db, redis
}

// lines are the proxies before the servers, one for each replica.
type lines struct {
	db    []*testkit.Proxy
	redis []*testkit.Proxy
}

// behindProxies is a rig with three replicas on one database and one Redis, each
// of which has lines of its own to both. The database knows it as a user who may
// not write to a server that is read-only.
func behindProxies(t *testing.T, prepare func(*rig)) (*rig, *testkit.Database, *testkit.Cache, lines) {
	t.Helper()
	r := newRig(t)
	if prepare != nil {
		prepare(r)
	}
	db, redis, l := testkit.Killable(t, rigData(t, rigAccount())), testkit.KillableRedis(t), lines{}
	db.Run(t, "CREATE USER app@'127.0.0.1'", "GRANT ALL ON rig.* TO app@'127.0.0.1'")
	r.dsn = db.DSN("rig")
	for i := range 3 {
		p, through := testkit.MySQLProxy(t, strings.Replace(r.dsn, "root@", "app@", 1), uint64(i))
		l.db, l.redis = append(l.db, p), append(l.redis, testkit.RedisProxy(t, redis.Addr, uint64(i)))
		r.addReplica(through, l.redis[i].Addr)
	}
	r.launch()
	return r, db, redis, l
}

// hits is how many commands and lines were spoiled.
func hits(some []*testkit.Proxy) (n int) {
	for _, p := range some {
		n += p.Hits()
	}
	return n
}

func breakAll(some []*testkit.Proxy, faults ...testkit.Fault) {
	for _, p := range some {
		p.Break(faults...)
	}
}

func mendAll(some []*testkit.Proxy) {
	for _, p := range some {
		p.Mend()
	}
}

// drain lets the leases of the dead run out, and waits until no notice and no
// message waits any more.
func (r *rig) drain() {
	r.Helper()
	left := 0
	for range 4 {
		for range 100 {
			if left = r.waiting() + r.kept(); left == 0 {
				return
			}
			time.Sleep(100 * time.Millisecond)
			if r.number("SELECT COUNT(*) FROM notices WHERE state = 'sending'")+r.due() == 0 {
				break // all that is left waits for its time
			}
		}
		r.clock.jump(handlers.IntakeLease + 5*time.Second)
	}
	r.Errorf("%d notices and %d messages wait", r.waiting(), r.kept())
}

// kept counts the messages that were acknowledged and not carried out yet.
func (r *rig) kept() int {
	r.Helper()
	return r.number("SELECT COUNT(*) FROM intake")
}

func (r *rig) waiting() int {
	r.Helper()
	return r.number("SELECT COUNT(*) FROM notices WHERE state IN ('waiting', 'sending')")
}

// due counts the notices that could be sent now, and the messages that could be
// carried out.
func (r *rig) due() int {
	r.Helper()
	now := stored(r.clock.now())
	return r.number("SELECT COUNT(*) FROM notices WHERE state = 'waiting' AND not_before <= ?", now) +
		r.number("SELECT COUNT(*) FROM intake WHERE lease_until <= ?", now)
}

// long is how much more a run of an hour does.
func long(n int) int {
	if os.Getenv("CUNKAO_RIG") == "long" {
		return n * 10
	}
	return n
}

// publish appends the figures to the file that CUNKAO_RIG_OUT names, a line a
// test, and the history to the file beside it.
func (r *rig) publish() {
	r.Helper()
	line, err := json.Marshal(r.figures)
	if err != nil {
		r.Fatal(err)
	}
	r.Logf("%s", line)
	name := os.Getenv("CUNKAO_RIG_OUT")
	if err := testkit.AppendLine(name, line); err != nil {
		r.Fatal(err)
	}
	if name == "" {
		return
	}
	for _, m := range r.load.history {
		line, err := json.Marshal(m)
		if err != nil {
			r.Fatal(err)
		}
		if err := testkit.AppendLine(name+".history", line); err != nil {
			r.Fatal(err)
		}
	}
}
