package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cunkao/cunkao/testkit"
)

// TestPoison sends what cannot be read and what nobody knows among the others'
// messages, and refuses one receiver for good among the others' notices.
func TestPoison(t *testing.T) { //nolint:paralleltest // it needs the machine to itself
	testkit.Unraced(t)
	const bad = 40
	r, _, _ := oneDatabase(t, func(r *rig) {
		r.remind = true
		r.clock.set(rigDay().At(7, 40).Add(time.Second))
		r.platform.no[rigOpenID(rigShifted-1)] = 43004 // who is reminded before he writes
	})
	r.load.run(16, 100)
	for i := range bad {
		at := r.clock.now().Unix()
		poison := []string{
			fmt.Sprintf("<xml><FromUserName>o-poison-%d</FromUserName><xml>\x00\xff", i),
			fmt.Sprintf("<xml><ToUserName>gh_rig</ToUserName><FromUserName>o-poison-%d</FromUserName><CreateTime>%d</CreateTime><MsgType>hologram</MsgType><MsgId>9%d</MsgId></xml>", i, at, i),
			fmt.Sprintf("<xml><ToUserName>gh_rig</ToUserName><FromUserName>o-poison-%d</FromUserName><CreateTime>%d</CreateTime><MsgType>event</MsgType><Event>NEVER_HEARD_OF</Event></xml>", i, at),
		}[i%3]
		for range 2 { // a repeat is buried once
			if got := r.load.post(&message{body: poison}, r.replicas[i%len(r.replicas)]); !got.Success {
				t.Errorf("%q was answered %+v", poison, got)
			}
		}
		r.figures.Poison++
	}
	time.Sleep(2 * time.Second)
	r.load.finish()
	r.recovered()
	if n := r.number("SELECT COUNT(*) FROM dead_inbox"); n != bad {
		t.Errorf("%d messages were kept of %d", n, bad)
	}
	dead := r.number("SELECT COUNT(*) FROM notices WHERE state = 'dead' AND problem LIKE '%43004%'")
	r.figures.Poison += dead
	f := r.check(r.load.history)
	if dead != 1 || f.NoticesDelivered < rigShifted-1 || f.Receipts < 50 || f.NotRecorded+f.Unanswered > 0 {
		t.Errorf("%d dead notices, %+v", dead, f)
	}
}

// queued is how many notices wait in TestQueue: with CUNKAO_RIG=long as many as
// come together in an hour of a large province.
func queued() int {
	if os.Getenv("CUNKAO_RIG") == "long" {
		return 100_000
	}
	return 4_000
}

// TestQueue lets many notices wait that were written over two hours, and counts
// how fast three replicas send them: the important ones first, and none whose
// time is over.
func TestQueue(t *testing.T) { //nolint:paralleltest // it needs the machine to itself
	testkit.Unraced(t)
	n := queued()
	r, _, _ := oneDatabase(t, func(r *rig) {
		r.clock.set(rigDay().At(10, 0))
		r.prepare = func() { r.enqueue(n) }
	})
	from := time.Now()
	for r.waiting() > 0 && time.Since(from) < 20*time.Minute {
		time.Sleep(50 * time.Millisecond)
	}
	took := time.Since(from)
	r.figures.QueuePerSecond = n * 1000 / int(took.Milliseconds()+1)
	f := r.check(nil)
	if f.Notices != n || f.NoticesDelivered != n-n/10 {
		t.Errorf("%d of %d notices were delivered, and %d have a time that is over", f.NoticesDelivered, f.Notices, n/10)
	}
	if late := r.number("SELECT COUNT(*) FROM notices WHERE not_after < ? AND state <> 'dead'", stored(r.clock.now())); late > 0 {
		t.Errorf("%d notices went out when their time was over", late)
	}
	r.inOrder(n)
}

func stored(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05.000") }

// enqueue writes notices of three classes by turns, a tenth of which are too late.
func (r *rig) enqueue(n int) {
	r.Helper()
	now := r.clock.now()
	r.exec(`INSERT INTO notices (id, dedupe, person_id, openid, kind, words, class, state, not_before, not_after, owner, tries,
			problem, platform_id, way, report, created_at)
		SELECT CONCAT('queue', LPAD(n, 21, '0')), CONCAT('queue:', n), p.id, '', 'duty', '{"day":"3月8日","shift":"值班"}', n MOD 3, 'waiting',
			? - INTERVAL (n * 7919) MOD 7200 SECOND, IF(n MOD 10 = 9, ? - INTERVAL 1 MINUTE, NULL), '', 0, '', '', '', '', ? - INTERVAL 2 HOUR
		FROM (SELECT seq AS n FROM seq_0_to_`+strconv.Itoa(n-1)+`) s
		JOIN (SELECT id, ROW_NUMBER() OVER (ORDER BY id) - 1 AS i FROM people) p ON p.i = n MOD ?`,
		stored(now), stored(now), stored(now), rigPeople)
}

// inOrder says how many notices of a lower class were sent before one of a higher.
func (r *rig) inOrder(n int) {
	r.Helper()
	r.platform.mu.Lock()
	defer r.platform.mu.Unlock()
	left := [3]int{}
	for i := range n {
		if i%10 != 9 {
			left[i%3]++
		}
	}
	early := 0
	for _, c := range r.platform.calls {
		var i int
		if _, err := fmt.Sscanf(strings.TrimPrefix(c.ID, "queue"), "%d", &i); err != nil {
			r.Fatalf("call of %q", c.ID)
		}
		for class := range i % 3 {
			if left[class] > 0 {
				early++
				break
			}
		}
		left[i%3]--
	}
	// While one replica sends the last of a class the others have begun the next.
	if most := 2 * len(r.replicas) * 20; early > most {
		r.Errorf("%d notices were sent before more important ones, at most %d may be", early, most)
	}
}
