package main

import (
	"errors"
	"syscall"
	"testing"
	"time"
)

// TestOrderlyShutdowns ends one replica after the other under load as an upgrade
// does, and starts it again: what it had taken it finishes, and it ends well.
func TestOrderlyShutdowns(t *testing.T) { //nolint:paralleltest // it needs the machine to itself
	r, _, _ := oneDatabase(t, nil)
	r.load.run(16, 150)
	for i := range long(9) {
		one := r.replicas[i%len(r.replicas)]
		time.Sleep(time.Second) // longer than the platform tries
		down := one.stops.begin()
		how, err := one.End(syscall.SIGTERM, 20*time.Second)
		if err != nil || how != nil {
			t.Fatalf("the replica ended with %v, %v\n%s", how, err, one.Log())
		}
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
