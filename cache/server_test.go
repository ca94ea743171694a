package cache_test

import (
	"net"
	"os/exec"
	"strings"
	"testing"

	"github.com/cunkao/cunkao/cache"
	"github.com/cunkao/cunkao/testkit"
)

// server is a private redis-server.
type server struct {
	path, addr string
	args       []string
	cmd        *exec.Cmd
}

// startServer starts a redis-server that ends with the test. Without one on the
// PATH the test is skipped, or fails where services are required.
func startServer(t *testing.T, args ...string) *server {
	t.Helper()
	path, err := exec.LookPath("redis-server")
	if err != nil {
		testkit.Without(t, "redis-server")
	}
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &server{path: path, addr: l.Addr().String()}
	_ = l.Close()
	_, port, _ := strings.Cut(s.addr, ":")
	s.args = append([]string{
		"--port", port, "--bind", "127.0.0.1", "--dir", t.TempDir(), "--save", "", "--appendonly", "no",
	}, args...)
	s.start(t)
	t.Cleanup(s.kill)
	return s
}

func (s *server) start(t *testing.T) {
	t.Helper()
	s.cmd = exec.Command(s.path, s.args...)
	dieWithUs(s.cmd)
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	c, err := cache.Open(t.Context(), s.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	eventually(t, "redis-server comes up", func() bool {
		err := c.Ping(t.Context())
		return err == nil || strings.Contains(err.Error(), "NOAUTH")
	})
}

func (s *server) kill() {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
}
