package main

import (
	"errors"
	"syscall"
	"testing"
	"time"

	"github.com/cunkao/cunkao/testkit"
)

// TestKilledReplicas kills one replica after the other under load, while the
// morning's reminders are made and sent, and starts it again at once.
func TestKilledReplicas(t *testing.T) { //nolint:paralleltest // it needs the machine to itself
	r, _, _ := oneDatabase(t, func(r *rig) {
		r.remind = true
		r.clock.set(rigDay().At(7, 39).Add(55 * time.Second))
		r.platform.lose = func(n int) bool { return n%40 == 0 }
	})
	r.load.run(16, 120)
	for i := range long(51) {
		one := r.replicas[i%len(r.replicas)]
		time.Sleep(250 * time.Millisecond)
		if err := errors.Join(one.crash(), one.Start()); err != nil {
			t.Fatal(err)
		}
		one.fails.Add(1)
	}
	r.load.finish()
	r.recovered()
	f := r.check(r.load.history)
	if f.KillsProgram < 50 || f.Receipts < 100 || f.Notices < rigShifted {
		t.Errorf("too little happened: %+v", f)
	}
}

// recovered waits until every replica answers, the reminders are made, and no notice
// waits.
func (r *rig) recovered() {
	r.Helper()
	for _, one := range r.replicas {
		if err := one.ready(); err != nil {
			r.Fatal(err)
		}
	}
	if r.remind { // on a busy machine nobody lived long enough; the clock asks every 15 s
		for range 300 {
			if r.number("SELECT COUNT(*) FROM job_runs WHERE job = 'duty' AND slot_at = ?", stored(rigDay().At(7, 40))) > 0 {
				break
			}
			time.Sleep(100 * time.Millisecond)
		}
	}
	r.drain()
}

// TestKilledDatabase kills the database under load and starts it again, and lets
// it stand still for longer than the platform waits.
func TestKilledDatabase(t *testing.T) { //nolint:paralleltest // it needs the machine to itself
	testkit.Unraced(t)
	r, db, _ := oneDatabase(t, nil)
	r.load.run(16, 100)
	for i := range long(10) {
		time.Sleep(time.Second)
		up := r.databaseDown.begin()
		if i%5 == 4 {
			if err := errors.Join(db.Signal(syscall.SIGSTOP)); err != nil {
				t.Fatal(err)
			}
			time.Sleep(5200 * time.Millisecond)
			if err := db.Signal(syscall.SIGCONT); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
		}
		if err := db.Kill(); err != nil {
			t.Fatal(err)
		}
		r.figures.KillsDatabase++
		time.Sleep(500 * time.Millisecond) // people read that nothing is recorded
		if err := db.Restart(); err != nil {
			t.Fatal(err)
		}
		up()
	}
	time.Sleep(time.Second)
	r.load.finish()
	r.recovered()
	last := r.load.newMessage(rigOpenID(rigPeople-1), "签到", 1)
	r.load.deliver(last)
	if got := last.replies(); len(got) != 1 || receiptIn(got[0]) == "" {
		t.Errorf("afterwards 签到 is answered %q", got)
	}
	f := r.check(r.load.history)
	if f.Receipts < 100 || f.NotRecorded == 0 {
		t.Errorf("too little happened: %+v", f)
	}
}
