package main

import (
	"fmt"
	"syscall"
	"testing"
	"time"

	"github.com/cunkao/cunkao/testkit"
)

// TestStoppedPastItsLeases lets a replica stand still while it sends, until its
// leases have run out and others have sent what it held, and then go on.
func TestStoppedPastItsLeases(t *testing.T) { //nolint:paralleltest // it needs the machine to itself
	testkit.Unraced(t)
	r, _, _ := oneDatabase(t, func(r *rig) {
		r.remind = true
		r.clock.set(rigDay().At(7, 40).Add(time.Second))
		for n := range 3 {
			r.platform.slow[n] = 15 * time.Millisecond
		}
	})
	r.load.run(8, 40)
	for i := range 3 {
		one := r.replicas[i]
		r.waitFor("a replica sends", func() bool { return r.platform.sentBy(i) > 2 })
		end := one.stops.begin()
		must(t, one.Signal(syscall.SIGSTOP))
		r.figures.Stopped++
		r.jump(125 * time.Second)
		time.Sleep(700 * time.Millisecond)
		must(t, one.Signal(syscall.SIGCONT))
		end()
	}
	r.load.finish()
	r.recovered()
	f := r.check(r.load.history)
	if f.Stopped < 3 || f.Notices < rigShifted {
		t.Errorf("too little happened: %+v", f)
	}
}

// jump moves the clock of all. Whoever was sending then, or about to, has lost his
// lease, as if he had slept.
func (r *rig) jump(d time.Duration) {
	end := r.jumps.begin()
	defer end()
	r.clock.jump(d)
	r.figures.ClockJumps++
	time.Sleep(200 * time.Millisecond)
}

// waitFor waits until something is so.
func (r *rig) waitFor(what string, so func() bool) {
	r.Helper()
	for range 600 {
		if so() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	r.Fatalf("it does not come that %s", what)
}

// sentBy is how many messages a replica asked the platform to send.
func (p *rigPlatform) sentBy(replica int) (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.calls {
		if c.Replica == replica {
			n++
		}
	}
	return n
}

// TestSameMessageToEveryReplica delivers every message to all replicas at the
// same instant, of which there are two, and then three, while the clock jumps.
func TestSameMessageToEveryReplica(t *testing.T) { //nolint:paralleltest // it needs the machine to itself
	testkit.Unraced(t)
	for _, n := range []int{2, 3} { //nolint:paralleltest // the same
		t.Run(fmt.Sprintf("%d replicas", n), func(t *testing.T) {
			r := newRig(t)
			db, redis := testkit.Killable(t, rigData(t, rigAccount())), testkit.KillableRedis(t)
			dsns := []string{db.DSN("rig"), db.DSN("rig"), db.DSN("rig")}
			r.load.copies = n
			r.start(redis.Addr, dsns[:n]...)
			r.load.run(16, 80)
			for range long(1) {
				for _, jump := range []time.Duration{
					time.Minute, -30 * time.Second, time.Hour, -time.Second, -time.Hour, 3 * time.Hour, -20 * time.Minute,
				} {
					r.jump(jump)
					time.Sleep(400 * time.Millisecond)
				}
			}
			r.load.finish()
			r.recovered()
			f := r.check(r.load.history)
			if f.Receipts < 60 || f.Duplicates < f.Messages/2 {
				t.Errorf("too little happened: %+v", f)
			}
		})
	}
}
