// Package testkit starts private database servers for tests. Only tests import
// it.
package testkit

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	_ "github.com/go-sql-driver/mysql" // the driver behind sql.Open
)

// Required reports whether a missing server is a failure.
func Required() bool { return os.Getenv("CUNKAO_TEST_SERVICES") == "required" }

// Without skips a test that needs what is not there, or fails it where
// everything must be there.
func Without(tb testing.TB, what string) {
	tb.Helper()
	if Required() {
		tb.Fatalf("%s is not here, and CUNKAO_TEST_SERVICES=required", what)
	}
	tb.Skipf("%s is not here", what)
}

//nolint:gochecknoglobals // one server for all tests of a package; it ends with the process
var mariadb = sync.OnceValues(startMariaDB)

//nolint:gochecknoglobals // makes the names of databases unique
var databases atomic.Int64

// MariaDB returns the DSN of a fresh database on a private server, which starts
// with the first call. Without mariadbd on the PATH the test is skipped.
func MariaDB(tb testing.TB) string {
	tb.Helper()
	if _, err := exec.LookPath("mariadbd"); err != nil {
		Without(tb, "mariadbd")
	}
	socket, err := mariadb()
	if err != nil {
		tb.Fatal(err)
	}
	name := fmt.Sprintf("t%d", databases.Add(1))
	pool, err := sql.Open("mysql", "root@unix("+socket+")/")
	if err != nil {
		tb.Fatal(err)
	}
	defer pool.Close()
	if _, err := pool.ExecContext(tb.Context(), "CREATE DATABASE "+name); err != nil {
		tb.Fatal(err)
	}
	return "root@unix(" + socket + ")/" + name
}

// CloneMariaDB returns the DSN of a new database with the tables and rows of
// another.
func CloneMariaDB(t testing.TB, from string) string {
	t.Helper()
	to := MariaDB(t)
	pool, err := sql.Open("mysql", to)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	_, source, _ := strings.Cut(from, ")/")
	rows, err := pool.QueryContext(t.Context(), "SELECT table_name FROM information_schema.tables WHERE table_schema = ?", source)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	if err := rows.Err(); err != nil || len(names) == 0 {
		t.Fatalf("tables of %s: %v", source, err)
	}
	for _, name := range names {
		for _, q := range []string{"CREATE TABLE `%s` LIKE `%s`.`%s`", "INSERT INTO `%s` SELECT * FROM `%s`.`%s`"} {
			if _, err := pool.ExecContext(t.Context(), fmt.Sprintf(q, name, source, name)); err != nil {
				t.Fatal(err)
			}
		}
	}
	return to
}

// startMariaDB starts a server in a folder of its own and returns its socket.
// The kernel ends it when the test's process ends.
func startMariaDB() (socket string, err error) {
	template, err := mariadbTemplate()
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "ckdb") // short: a socket's path has 107 bytes
	if err != nil {
		return "", err
	}
	if err := os.CopyFS(filepath.Join(dir, "data"), os.DirFS(template)); err != nil {
		return "", err
	}
	port, err := FreePort()
	if err != nil {
		return "", err
	}
	socket = filepath.Join(dir, "s")
	err = Start(dir, "mariadbd", "--no-defaults", "--user=root", "--datadir="+filepath.Join(dir, "data"),
		"--socket="+socket, "--pid-file="+filepath.Join(dir, "pid"), "--bind-address=127.0.0.1", fmt.Sprintf("--port=%d", port),
		"--skip-log-bin", "--skip-name-resolve", "--performance-schema=OFF", "--innodb-log-file-size=4M",
		"--innodb-buffer-pool-size=64M", "--innodb-flush-log-at-trx-commit=0", "--max-connections=500",
		"--character-set-server=utf8mb4", "--collation-server=utf8mb4_bin")
	if err != nil {
		return "", err
	}
	return socket, Answers(func(ctx context.Context) error {
		pool, err := sql.Open("mysql", "root@unix("+socket+")/")
		if err != nil {
			return err
		}
		defer pool.Close()
		return pool.PingContext(ctx)
	})
}

// mariadbTemplate makes, once a machine, the folder that a new server starts
// from.
func mariadbTemplate() (string, error) {
	version, err := exec.CommandContext(context.Background(), "mariadbd", "--version").Output()
	if err != nil {
		return "", err
	}
	name := "cunkao-mariadb-" + strings.NewReplacer(" ", "", "/", "", "\n", "").Replace(string(version))
	if len(name) > 80 {
		name = name[:80]
	}
	done := filepath.Join(os.TempDir(), name)
	if _, err := os.Stat(done); err == nil {
		return done, nil
	}
	fresh, err := os.MkdirTemp("", "ckinst")
	if err != nil {
		return "", err
	}
	out, err := exec.CommandContext(context.Background(), "mariadb-install-db", "--no-defaults", "--datadir="+fresh,
		"--auth-root-authentication-method=normal", "--skip-test-db", "--user=root", "--innodb-log-file-size=4M").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("mariadb-install-db: %w\n%s", err, out)
	}
	if err := os.Rename(fresh, done); err != nil && !errors.Is(err, os.ErrExist) && !errors.Is(err, syscall.ENOTEMPTY) {
		return "", err
	}
	return done, nil
}

// Start runs a server until the process ends. Its output goes to dir/log.
func Start(dir, name string, args ...string) error {
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(context.Background(), name, args...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return cmd.Start()
}

// Answers waits until a server answers.
func Answers(ask func(context.Context) error) error {
	deadline := time.Now().Add(60 * time.Second)
	for {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		err := ask(ctx)
		cancel()
		if err == nil || time.Now().After(deadline) {
			return err
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// FreePort returns a port on loopback on which nobody listens. It is below those
// that the system gives to whoever connects: one of those may be taken before a
// server that is started again has it back.
func FreePort() (int, error) {
	const first, last = 10_000, 32_000
	var err error
	for range 100 {
		port := first + rand.IntN(last-first) //nolint:gosec // any will do
		var l net.Listener
		if l, err = (&net.ListenConfig{}).Listen(context.Background(), "tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			return port, l.Close()
		}
	}
	return 0, fmt.Errorf("no port is free: %w", err)
}
