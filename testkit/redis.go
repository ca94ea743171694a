package testkit

import (
	"context"
	"net"
	"os/exec"
	"strconv"
	"testing"
)

// Redis starts a redis-server that holds nothing and ends with the process, and
// returns its address. Without one on the PATH the test is skipped.
func Redis(tb testing.TB) string {
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
	if err := Start(dir, path, "--port", n, "--bind", "127.0.0.1", "--dir", dir, "--save", "", "--appendonly", "no"); err != nil {
		tb.Fatal(err)
	}
	addr := net.JoinHostPort("127.0.0.1", n)
	err = Answers(func(ctx context.Context) error {
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", addr)
		if err == nil {
			err = conn.Close()
		}
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return addr
}
