package testkit_test

import (
	"context"
	"database/sql"
	"strings"
	"testing"
	"time"

	"github.com/cunkao/cunkao/testkit"
)

// TestMySQLProxy adds a row by a transaction through a line that breaks in every
// way, and counts the rows by another.
func TestMySQLProxy(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		fault testkit.Fault
		fails bool
		rows  int
	}{
		"nothing":                        {testkit.Fault{Kind: "NEVER"}, false, 1},
		"a delayed COMMIT":               {testkit.Fault{How: testkit.Delay, Kind: "COMMIT", Wait: 50 * time.Millisecond}, false, 1},
		"a slow answer":                  {testkit.Fault{How: testkit.Slow, Kind: "SELECT", Wait: time.Millisecond}, false, 1},
		"cut before COMMIT":              {testkit.Fault{How: testkit.CutBefore, Kind: "COMMIT"}, true, 0},
		"cut after COMMIT":               {testkit.Fault{How: testkit.CutAfter, Kind: "COMMIT"}, true, 1},
		"cut in the answer to COMMIT":    {testkit.Fault{How: testkit.CutMiddle, Kind: "COMMIT"}, true, 1},
		"reset at the INSERT":            {testkit.Fault{How: testkit.Reset, Kind: "INSERT"}, true, 0},
		"cut after the INSERT":           {testkit.Fault{How: testkit.CutAfter, Kind: "INSERT"}, true, 0},
		"a black hole":                   {testkit.Fault{How: testkit.BlackHole, Kind: "SELECT"}, true, 0},
		"the second SELECT, not reached": {testkit.Fault{How: testkit.CutBefore, Kind: "SELECT", Nth: 2}, false, 1},
		"nobody is let in":               {testkit.Fault{How: testkit.RefuseLine}, true, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			direct := testkit.MariaDB(t)
			pool := openPool(t, direct)
			if _, err := pool.ExecContext(t.Context(), "CREATE TABLE t (a INT)"); err != nil {
				t.Fatal(err)
			}
			p, through := testkit.MySQLProxy(t, direct, 1)
			p.Break(tc.fault)
			err := addRow(t.Context(), openPool(t, through+"?readTimeout=300ms"))
			if (err != nil) != tc.fails {
				t.Errorf("error %v, want one: %t", err, tc.fails)
			}
			if hit := p.Hits() > 0; hit != (tc.fault.Kind != "NEVER" && tc.fault.Nth == 0) {
				t.Errorf("%d hits", p.Hits())
			}
			if n := count(t, pool); n != tc.rows {
				t.Errorf("%d rows, want %d", n, tc.rows)
			}
		})
	}
}

func TestAProxyIsDownUntilMended(t *testing.T) {
	t.Parallel()
	direct := testkit.MariaDB(t)
	p, through := testkit.MySQLProxy(t, direct, 1)
	pool := openPool(t, through)
	if _, err := pool.ExecContext(t.Context(), "CREATE TABLE t (a INT)"); err != nil {
		t.Fatal(err)
	}
	p.Break(testkit.Fault{How: testkit.CutAfter, Kind: "COMMIT", Times: 1, Down: true})
	for i := range 3 {
		if err := addRow(t.Context(), pool); err == nil {
			t.Errorf("try %d went through", i)
		}
	}
	p.Mend()
	if err := addRow(t.Context(), pool); err != nil {
		t.Error(err)
	}
	if n := count(t, pool); n != 2 {
		t.Errorf("%d rows, want that of the lost answer and that of the last try", n)
	}
}

// TestAProxyIsAsRandomAsItsSeed spoils some of many commands, the same each time.
func TestAProxyIsAsRandomAsItsSeed(t *testing.T) {
	t.Parallel()
	direct := testkit.MariaDB(t)
	spoiled := func(seed uint64) string {
		p, through := testkit.MySQLProxy(t, direct, seed)
		p.Break(testkit.Fault{How: testkit.CutBefore, Kind: "DO", Permille: 500})
		pool := openPool(t, through)
		var out strings.Builder
		for range 20 {
			before := p.Hits()
			_, _ = pool.ExecContext(t.Context(), "DO 1")
			out.WriteString(map[bool]string{true: "x", false: "."}[p.Hits() > before])
		}
		return out.String()
	}
	a, b, other := spoiled(7), spoiled(7), spoiled(8)
	if a != b || a == other || !strings.Contains(a, "x") || !strings.Contains(a, ".") {
		t.Errorf("%s, %s; of another seed %s", a, b, other)
	}
}

func TestRedisProxy(t *testing.T) {
	t.Parallel()
	server := testkit.KillableRedis(t)
	p := testkit.RedisProxy(t, server.Addr, 1)
	through := &testkit.Cache{Addr: p.Addr}
	incr := func() error {
		_, err := through.Do(t.Context(), "INCR", "n")
		return err
	}
	for _, tc := range []struct {
		name  string
		fault testkit.Fault
		fails bool
		n     string
	}{
		{"untouched", testkit.Fault{Kind: "GET"}, false, "1"},
		{"the answer is lost", testkit.Fault{How: testkit.CutAfter, Kind: "INCR"}, true, "2"},
		{"cut before it arrives", testkit.Fault{How: testkit.CutBefore, Kind: "INCR"}, true, "2"},
		{"only the second", testkit.Fault{How: testkit.CutBefore, Kind: "INCR", Nth: 2}, false, "3"},
		{"slow", testkit.Fault{How: testkit.Slow, Wait: time.Millisecond}, false, "4"},
	} {
		p.Break(tc.fault)
		if err := incr(); (err != nil) != tc.fails {
			t.Errorf("%s: %v", tc.name, err)
		}
		if got, err := server.Do(t.Context(), "GET", "n"); err != nil || got != tc.n {
			t.Errorf("%s: n is %s, %v; want %s", tc.name, got, err, tc.n)
		}
	}
	p.Down()
	if incr() == nil {
		t.Error("it is down, and answers")
	}
	p.Mend()
	if err := incr(); err != nil {
		t.Error(err)
	}
}

func openPool(t *testing.T, dsn string) *sql.DB {
	t.Helper()
	pool, err := sql.Open("mysql", dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pool.Close() })
	return pool
}

func addRow(ctx context.Context, pool *sql.DB) error {
	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var one int
	if err := tx.QueryRowContext(ctx, "SELECT 1").Scan(&one); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "INSERT INTO t VALUES (1)"); err != nil {
		return err
	}
	return tx.Commit()
}

func count(t *testing.T, pool *sql.DB) (n int) {
	t.Helper()
	if err := pool.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM t").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
