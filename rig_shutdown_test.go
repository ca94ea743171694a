package main

import (
	"errors"
	"os"
	"syscall"
	"testing"
	"time"
)

// TestOrderlyShutdowns ends one replica after the other under load as an upgrade
// does, and starts it again: what it had taken it finishes, and it ends well.
func TestOrderlyShutdowns(t *testing.T) { //nolint:paralleltest // it needs the machine to itself
	endInOrder(t, long(9), nil)
}

// TestUpgradedReplicas ends replicas of an earlier release in order under load, and starts
// each anew with this one. CUNKAO_RIG_BEFORE names the test binary of that release
// (go test -c), so this is run by hand.
func TestUpgradedReplicas(t *testing.T) { //nolint:paralleltest // it needs the machine to itself
	before := os.Getenv("CUNKAO_RIG_BEFORE")
	if before == "" {
		t.Skip("CUNKAO_RIG_BEFORE is not set")
	}
	endInOrder(t, 6, func(r *rig) { r.before = before })
}

// endInOrder ends replicas under load, one after the other, and starts each again as this
// release. Nobody may notice.
func endInOrder(t *testing.T, ends int, prepare func(*rig)) {
	t.Helper()
	r, _, _ := oneDatabase(t, prepare)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	r.load.run(16, 150)
	for i := range ends {
		one := r.replicas[i%len(r.replicas)]
		time.Sleep(time.Second) // longer than the platform tries
		down := one.stops.begin()
		how, err := one.End(syscall.SIGTERM, 20*time.Second)
		if err != nil || how != nil {
			t.Fatalf("the replica ended with %v, %v\n%s", how, err, one.Log())
		}
		one.Name = self
		if err := errors.Join(one.Start(), one.ready()); err != nil { // never two at once
			t.Fatal(err)
		}
		down()
	}
	r.load.finish()
	r.recovered()
	f := r.check(r.load.history)
	// A platform that comes three times to the replica that is down finds nobody,
	// and nothing was done.
	if f.Receipts < 100 || f.UnansweredKept > 0 || f.NotRecorded > 0 || f.Unsure > 0 {
		t.Errorf("somebody noticed: %+v", f)
	}
}
