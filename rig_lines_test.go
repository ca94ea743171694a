package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"syscall"
	"testing"
	"time"

	"github.com/cunkao/cunkao/testkit"
)

// TestSpoiledLines spoils the lines to the database under load, in one way after
// the other: above all it loses the answers to COMMIT.
func TestSpoiledLines(t *testing.T) { //nolint:paralleltest // it needs the machine to itself
	testkit.Unraced(t)
	r, _, _, l := behindProxies(t, nil)
	r.load.run(16, 120)
	lost := testkit.Fault{How: testkit.CutAfter, Kind: "COMMIT", Permille: 300}
	for range long(1) {
		for _, f := range []testkit.Fault{
			lost,
			{How: testkit.CutBefore, Kind: "COMMIT", Permille: 300},
			{How: testkit.CutMiddle, Kind: "COMMIT", Permille: 300},
			{How: testkit.Reset, Kind: "INSERT", Permille: 200},
			{How: testkit.CutAfter, Kind: "INSERT", Permille: 200},
			lost,
			{How: testkit.CutMiddle, Kind: "SELECT", Permille: 50},
			{How: testkit.CutAfter, Permille: 30},
			{How: testkit.Delay, Kind: "COMMIT", Wait: 150 * time.Millisecond},
			{How: testkit.Slow, Kind: "SELECT", Permille: 200, Wait: time.Millisecond},
			{How: testkit.RefuseLine, Permille: 500},
			{How: testkit.BlackHole, Kind: "COMMIT", Times: 1},
			lost,
		} {
			breakAll(l.db, f)
			if f.How == testkit.RefuseLine {
				cutAll(l.db)
			}
			time.Sleep(600 * time.Millisecond)
		}
		mendAll(l.db)
		r.loseTheLast(l)
	}
	r.load.finish()
	r.recovered()
	r.figures.Spoiled = hits(l.db)
	f := r.check(r.load.history)
	if f.Spoiled < 50 || f.Receipts < 200 {
		t.Errorf("too little happened: %+v", f)
	}
}

func cutAll(some []*testkit.Proxy) {
	for _, p := range some {
		p.Cut()
	}
}

// loseTheLast loses answers to COMMIT and with them the database, for as long as
// the platform sends a message again.
func (r *rig) loseTheLast(l lines) {
	up := r.databaseDown.begin()
	for _, p := range l.db {
		p.Break(testkit.Fault{How: testkit.CutAfter, Kind: "COMMIT", Times: 1, Down: true})
	}
	time.Sleep(1500 * time.Millisecond)
	mendAll(l.db)
	up()
}

// TestTroubledDatabase lets the database be slow, read-only, full of locks and
// deadlocks under load.
func TestTroubledDatabase(t *testing.T) { //nolint:paralleltest // it needs the machine to itself
	testkit.Unraced(t)
	r, db, _, l := behindProxies(t, nil)
	before := r.number("SELECT variable_value FROM information_schema.global_status WHERE variable_name = 'INNODB_DEADLOCKS'")
	r.load.run(16, 100)
	for range long(1) {
		for _, trouble := range []func(){
			func() { // slow: every statement takes its time
				breakAll(l.db, testkit.Fault{How: testkit.Delay, Wait: 60 * time.Millisecond})
				time.Sleep(1500 * time.Millisecond)
				mendAll(l.db)
			},
			func() { // so slow that nobody is answered in time
				breakAll(l.db, testkit.Fault{How: testkit.Delay, Kind: "COMMIT", Wait: 4600 * time.Millisecond, Times: 2})
				time.Sleep(5500 * time.Millisecond)
				mendAll(l.db)
			},
			func() { // the server of a failover
				up := r.databaseDown.begin()
				db.Run(t, "SET GLOBAL read_only = 1")
				time.Sleep(1200 * time.Millisecond)
				db.Run(t, "SET GLOBAL read_only = 0")
				up()
			},
			func() { r.compete(t, db, 1500*time.Millisecond, 0) },
			func() { r.compete(t, db, time.Millisecond, 2400*time.Millisecond) },
			func() { // every connection is ended
				db.Run(t, killConnections(t, db)...)
				time.Sleep(300 * time.Millisecond)
			},
		} {
			r.figures.FaultsDatabase++
			trouble()
			time.Sleep(200 * time.Millisecond)
		}
	}
	r.load.finish()
	r.recovered()
	deadlocks := r.number("SELECT variable_value FROM information_schema.global_status WHERE variable_name = 'INNODB_DEADLOCKS'") - before
	r.figures.Spoiled = hits(l.db)
	f := r.check(r.load.history)
	t.Logf("%d deadlocks", deadlocks)
	if f.Receipts < 100 || f.NotRecorded == 0 || deadlocks < 3 {
		t.Errorf("too little happened: %d deadlocks, %+v", deadlocks, f)
	}
}

func killConnections(t *testing.T, db *testkit.Database) (kills []string) {
	t.Helper()
	pool, err := sql.Open("mysql", db.DSN(""))
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	rows, err := pool.QueryContext(t.Context(), "SELECT id FROM information_schema.processlist WHERE user = 'app'")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id int
		if err := rows.Scan(&id); err != nil {
			t.Fatal(err)
		}
		kills = append(kills, fmt.Sprintf("KILL SOFT CONNECTION %d", id))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return kills
}

// compete locks what check-ins write, in the other order, and has written so much
// that the database lets the check-ins give way: for a time, over and over, or
// once for as long as nobody waits for a lock.
func (r *rig) compete(t *testing.T, db *testkit.Database, during, hold time.Duration) {
	t.Helper()
	pool, err := sql.Open("mysql", db.DSN("rig"))
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	db.Run(t, "CREATE TABLE IF NOT EXISTS rig.rival (a INT)")
	for until := time.Now().Add(during); time.Now().Before(until); {
		err := rival(t.Context(), pool, hold)
		// The rival, too, may be the one that gives way.
		if err != nil && !errors.Is(err, context.Canceled) {
			t.Logf("rival: %v", err)
		}
	}
}

func rival(ctx context.Context, pool *sql.DB, hold time.Duration) error {
	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for _, q := range []string{
		"INSERT INTO rival SELECT 1 FROM people LIMIT 2000",
		"SELECT COUNT(*) FROM (SELECT id FROM arrivals WHERE day >= '2026-03-08' FOR UPDATE) x",
	} {
		if _, err := tx.ExecContext(ctx, q); err != nil {
			return err
		}
	}
	time.Sleep(max(hold, 40*time.Millisecond))
	if hold > 0 {
		return nil
	}
	_, err = tx.ExecContext(ctx, "SELECT COUNT(*) FROM (SELECT cmd_key FROM inbox FOR UPDATE) x")
	return err
}

// TestTroubledRedis kills, wipes, stops, fills and spoils Redis under load, and
// brings it back with old data. Nobody may notice: not one message is denied.
func TestTroubledRedis(t *testing.T) { //nolint:paralleltest // it needs the machine to itself
	testkit.Unraced(t)
	r, _, redis, l := behindProxies(t, nil)
	do := func(words ...string) {
		if _, err := redis.Do(t.Context(), words...); err != nil {
			t.Errorf("%q: %v", words, err)
		}
	}
	spoil := func(f testkit.Fault) func() {
		return func() {
			breakAll(l.redis, f)
			time.Sleep(300 * time.Millisecond)
			mendAll(l.redis)
		}
	}
	troubles := []func(){
		func() { do("FLUSHALL") },
		func() { must(t, redis.Kill(), redis.Restart()) }, // back, with nothing
		func() { do("SAVE") },
		func() { // down for a while, and back with what it held then
			must(t, redis.Kill())
			time.Sleep(500 * time.Millisecond)
			must(t, redis.Restart())
		},
		func() { // stands still
			must(t, redis.Signal(syscall.SIGSTOP))
			time.Sleep(600 * time.Millisecond)
			must(t, redis.Signal(syscall.SIGCONT))
		},
		func() { // full
			do("CONFIG", "SET", "maxmemory", "1")
			time.Sleep(300 * time.Millisecond)
			do("CONFIG", "SET", "maxmemory", "0")
		},
		func() { do("SET", fmt.Sprintf("ck:all:%d", r.clock.now().Unix()+1), "no number") }, // of another type
		spoil(testkit.Fault{How: testkit.Delay, Wait: 5 * time.Second}),
		spoil(testkit.Fault{How: testkit.BlackHole}),
		spoil(testkit.Fault{How: testkit.CutAfter}),
		spoil(testkit.Fault{How: testkit.CutMiddle, Permille: 300}),
		spoil(testkit.Fault{How: testkit.Slow, Wait: 5 * time.Millisecond}),
	}
	r.load.run(16, 120)
	for range long(2) {
		for _, trouble := range troubles {
			trouble()
			r.figures.FaultsRedis++
			time.Sleep(100 * time.Millisecond)
		}
	}
	r.load.finish()
	r.recovered()
	r.figures.Spoiled = hits(l.redis)
	f := r.check(r.load.history)
	if f.FaultsRedis < 20 || f.Receipts < 200 || f.Spoiled == 0 {
		t.Errorf("too little happened: %+v", f)
	}
	if f.NotRecorded+f.Unsure+f.Unanswered+f.Later > 0 {
		t.Errorf("people noticed: %+v", f)
	}
}

func must(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}
