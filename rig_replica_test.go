package main

import (
	"cmp"
	"context"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/cunkao/cunkao/testkit"
)

// rigClockEnv names the file of the clock that all processes of a rig share. A
// test binary that finds it in its environment is a replica.
const rigClockEnv = "CUNKAO_RIG_CLOCK"

// rigReplica is `cunkao serve` as a process of its own, by the rig's clock.
func rigReplica() int {
	clock, err := openRigClock(os.Getenv(rigClockEnv))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	return run(ctx, []string{"serve"}, std{in: os.Stdin, out: os.Stdout, err: os.Stderr, env: os.LookupEnv, now: clock.now})
}

// rigClock runs with the real one, some time apart. How much stands in a file
// that every process has in its memory: a jump is seen by all at once.
type rigClock struct{ mem []byte }

func openRigClock(name string) (*rigClock, error) {
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if err := f.Truncate(8); err != nil {
		return nil, err
	}
	mem, err := syscall.Mmap(int(f.Fd()), 0, 8, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	return &rigClock{mem}, err
}

func (c *rigClock) now() time.Time {
	return time.Now().Add(time.Duration(binary.NativeEndian.Uint64(c.mem)))
}

func (c *rigClock) set(at time.Time) {
	binary.NativeEndian.PutUint64(c.mem, uint64(time.Until(at)))
}

func (c *rigClock) jump(d time.Duration) { c.set(c.now().Add(d)) }

// replica is one process of the service, which is killed and started again.
type replica struct {
	*testkit.Process
	n     int
	addr  string
	stops marks // when it was killed or stood still
	fails atomic.Int64
}

// base is where it takes callbacks.
func (r *replica) base() string { return "http://" + r.addr }

func (r *rig) addReplica(dsn, redis string) *replica {
	r.Helper()
	self, err := os.Executable()
	if err != nil {
		r.Fatal(err)
	}
	port, err := testkit.FreePort()
	if err != nil {
		r.Fatal(err)
	}
	n := len(r.replicas)
	dir := filepath.Join(r.TempDir(), fmt.Sprintf("r%d", n))
	if err := os.Mkdir(dir, 0o700); err != nil {
		r.Fatal(err)
	}
	one := &replica{n: n, addr: fmt.Sprintf("127.0.0.1:%d", port)}
	one.Process = &testkit.Process{Dir: dir, Name: cmp.Or(r.before, self), Env: append(plainEnv(),
		rigClockEnv+"="+r.clockFile, "CUNKAO_ADDR="+one.addr, "CUNKAO_DATABASE_DSN="+dsn, "CUNKAO_REDIS="+redis,
		"CUNKAO_SEAL_KEY="+hex.EncodeToString(rigSealKey()), "CUNKAO_WECHAT_APPID="+r.wire.appID,
		"CUNKAO_WECHAT_TOKEN="+r.wire.token, "CUNKAO_WECHAT_AES_KEY="+r.wire.aesK, "CUNKAO_WECHAT_SECRET=of-a-rig",
		"CUNKAO_WECHAT_API_BASE="+fmt.Sprintf("%s/r%d", r.platform.srv.URL, n), "CUNKAO_LOG_LEVEL=info",
		"CUNKAO_LIMITS_PERSON_MINUTE=6000",
		"CUNKAO_WECHAT_TEMPLATES={duty: {id: rig-duty, fields: {day: thing1, shift: thing2}}}")}
	one.Env = append(one.Env, r.env...)
	r.Cleanup(func() { one.Kill() })
	r.replicas = append(r.replicas, one)
	return one
}

// plainEnv is the test's environment without settings of this program.
func plainEnv() (out []string) {
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "CUNKAO_") {
			out = append(out, v)
		}
	}
	return out
}

// ready waits until a replica answers.
func (r *replica) ready() error {
	err := testkit.Answers(func(ctx context.Context) error {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.base()+"/healthz", nil)
		if err != nil {
			return err
		}
		res, err := rigHTTP.Do(req)
		if err != nil {
			return err
		}
		return res.Body.Close()
	})
	if err != nil {
		return fmt.Errorf("%w\n%s", err, r.Log())
	}
	return nil
}

// crash kills the process as a power failure would.
func (r *replica) crash() error {
	end := r.stops.begin()
	defer end()
	return r.Kill()
}

// rigHTTP keeps no connection: the process behind it may be another by now.
var rigHTTP = &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}

func TestRigClockIsSharedByProcesses(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "clock")
	a, err := openRigClock(name)
	if err != nil {
		t.Fatal(err)
	}
	b, err := openRigClock(name)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 3, 8, 0, 0, 0, 0, time.UTC)
	a.set(at)
	a.jump(time.Minute)
	if got := b.now().Sub(at); got < time.Minute || got > time.Minute+10*time.Second {
		t.Errorf("the other one says %s later", got)
	}
}
