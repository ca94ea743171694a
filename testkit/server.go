package testkit

import (
	"context"
	"database/sql"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// Database is a MariaDB server that a test may kill: what it has committed is
// on the disk.
type Database struct {
	*Process
	Socket string
	Port   int
}

// Killable starts a MariaDB server of the test's own, from a copy of the data
// folder of another that was ended in an orderly way, or from an empty one.
func Killable(tb testing.TB, from string) *Database {
	tb.Helper()
	d, err := newDatabase(tb, from)
	if err != nil {
		tb.Fatal(err)
	}
	d.Args = append(d.Args, "--user=root", "--skip-log-bin")
	d.endWith(tb)
	if err := d.Restart(); err != nil {
		tb.Fatal(err)
	}
	return d
}

func newDatabase(tb testing.TB, from string) (*Database, error) {
	tb.Helper()
	path, err := exec.LookPath("mariadbd")
	if err != nil {
		Without(tb, "mariadbd")
	}
	if from == "" {
		if from, err = mariadbTemplate(); err != nil {
			return nil, err
		}
	}
	dir, err := os.MkdirTemp("", "ckdb") //nolint:usetesting // short: a socket's path has 107 bytes
	if err != nil {
		return nil, err
	}
	tb.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.CopyFS(filepath.Join(dir, "data"), os.DirFS(from)); err != nil {
		return nil, err
	}
	port, err := FreePort()
	if err != nil {
		return nil, err
	}
	d := &Database{Socket: filepath.Join(dir, "s"), Port: port, Process: &Process{Dir: dir, Name: path}}
	d.Args = []string{
		"--no-defaults", "--datadir=" + d.Data(), "--socket=" + d.Socket, "--pid-file=" + filepath.Join(dir, "pid"),
		"--bind-address=127.0.0.1", fmt.Sprintf("--port=%d", port), "--skip-name-resolve", "--performance-schema=OFF",
		"--innodb-log-file-size=4M", "--innodb-buffer-pool-size=64M", "--innodb-flush-log-at-trx-commit=1",
		"--max-connections=500", "--character-set-server=utf8mb4", "--collation-server=utf8mb4_bin",
	}
	return d, nil
}

// Data is the server's data folder.
func (d *Database) Data() string { return filepath.Join(d.Dir, "data") }

// DSN is that of a database on this server.
func (d *Database) DSN(name string) string {
	return fmt.Sprintf("root@tcp(127.0.0.1:%d)/%s", d.Port, name)
}

// local is the DSN by the socket: over TCP a new server lets nobody in yet.
func (d *Database) local() string { return "root@unix(" + d.Socket + ")/" }

// Restart starts the server and waits until it answers.
func (d *Database) Restart() error {
	if err := d.Start(); err != nil {
		return err
	}
	return d.Answers()
}

// Answers waits until the server answers.
func (d *Database) Answers() error {
	err := Answers(func(ctx context.Context) error { return d.run(ctx, "DO 1") })
	if err != nil {
		return fmt.Errorf("%w\n%s", err, d.Log())
	}
	return nil
}

// Ping asks once whether the server answers.
func (d *Database) Ping() error {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	return d.run(ctx, "DO 1")
}

// Run runs statements that return nothing.
func (d *Database) Run(tb testing.TB, statements ...string) {
	tb.Helper()
	for _, s := range statements {
		if err := d.run(tb.Context(), s); err != nil {
			tb.Fatalf("%s: %v", s, err)
		}
	}
}

func (d *Database) run(ctx context.Context, statement string) error {
	pool, err := sql.Open("mysql", d.local())
	if err != nil {
		return err
	}
	defer pool.Close()
	_, err = pool.ExecContext(ctx, statement)
	return err
}

// Stop ends the server in an orderly way, so that its folder can be copied.
func (d *Database) Stop() error {
	if err := d.run(context.Background(), "SET GLOBAL innodb_fast_shutdown = 1"); err != nil {
		return err
	}
	_, err := d.End(syscall.SIGTERM, time.Minute)
	return err
}

// Cache is a redis-server that a test may kill.
type Cache struct {
	*Process
	Addr string
}

// KillableRedis starts a redis-server of the test's own.
func KillableRedis(tb testing.TB, options ...string) *Cache {
	tb.Helper()
	path, err := exec.LookPath("redis-server")
	if err != nil {
		Without(tb, "redis-server")
	}
	port, err := FreePort()
	if err != nil {
		tb.Fatal(err)
	}
	dir, n := tb.TempDir(), strconv.Itoa(port)
	args := append([]string{"--port", n, "--bind", "127.0.0.1", "--dir", dir, "--save", "", "--appendonly", "no"}, options...)
	c := &Cache{&Process{Dir: dir, Name: path, Args: args}, net.JoinHostPort("127.0.0.1", n)}
	c.endWith(tb)
	if err := c.Restart(); err != nil {
		tb.Fatal(err)
	}
	return c
}

// Restart starts the server and waits until it answers.
func (c *Cache) Restart() error {
	if err := c.Start(); err != nil {
		return err
	}
	return Answers(func(ctx context.Context) error { _, err := c.Do(ctx, "PING"); return err })
}
