package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/cunkao/cunkao/testkit"
)

// TestKilledWithMoreThanCanBeWaitedFor kills one replica after the other while
// more comes than they wait for: whatever was answered success is carried out by
// whoever is alive, once.
func TestKilledWithMoreThanCanBeWaitedFor(t *testing.T) { //nolint:paralleltest // it needs the machine to itself
	testkit.Unraced(t)
	r, _, _, l := behindProxies(t, func(r *rig) { r.env = []string{"CUNKAO_LIMITS_WAITING=16"} })
	breakAll(l.db, testkit.Fault{How: testkit.Delay, Kind: "SELECT", Wait: 50 * time.Millisecond},
		testkit.Fault{How: testkit.Delay, Kind: "COMMIT", Wait: 30 * time.Millisecond})
	r.load.run(240, 700)
	for i := range long(6) {
		time.Sleep(300 * time.Millisecond)
		one := r.replicas[i%len(r.replicas)]
		if err := errors.Join(one.crash(), one.Start(), one.ready()); err != nil {
			t.Fatal(err)
		}
		one.fails.Add(1)
	}
	r.load.finish()
	mendAll(l.db)
	r.recovered()
	r.figures.Spoiled = hits(l.db)
	r.figures.TakenOver = r.counted("cunkao_messages_taken_over_total")
	f := r.check(r.load.history)
	if f.Later < 300 || f.TakenOver < 10 || f.KillsProgram < 6 {
		t.Errorf("too little happened: %+v", f)
	}
}

// counted is what a metric of all replicas comes to, since each was started.
func (r *rig) counted(name string) (sum int) {
	r.Helper()
	for _, one := range r.replicas {
		res, err := rigHTTP.Get(one.base() + "/metrics")
		if err != nil {
			r.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != http.StatusOK {
			r.Fatal(res.Status, err)
		}
		n := 0
		if _, line, found := strings.Cut(string(body), "\n"+name+" "); !found {
			r.Fatalf("there is no %s", name)
		} else if _, err := fmt.Sscan(line, &n); err != nil {
			r.Fatal(err)
		}
		sum += n
	}
	return sum
}
