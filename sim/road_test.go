package sim_test

import (
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cunkao/cunkao/sim"
)

func TestRoads(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.SetRoads(sim.Roads{Copies: 4})
	if reply := w.mustSay(t, li, "签到"); reply != "收到：签到" {
		t.Errorf("reply %q", reply)
	}
	seen := w.account.all()
	ids, nonces := map[int64]bool{}, map[string]bool{}
	for _, m := range seen {
		ids[m.MsgID], nonces[m.nonce] = true, true
	}
	if len(seen) != 4 || len(ids) != 1 || len(nonces) != 4 {
		t.Errorf("%d posts of %d messages in %d envelopes", len(seen), len(ids), len(nonces))
	}
	w.account.on(func(m got) string {
		if m.try == 5 {
			return w.account.say(m, "第一个")
		}
		return "success"
	})
	if reply := w.mustSay(t, li, "签到"); reply != "第一个" {
		t.Errorf("of one reply and three that keep quiet the phone shows %q", reply)
	}
}

func TestCopiesArriveTogether(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.SetRoads(sim.Roads{Copies: 3})
	all := make(chan struct{})
	var came atomic.Int32
	w.account.on(func(m got) string {
		if came.Add(1) == 3 {
			close(all)
		}
		select {
		case <-all:
			return w.account.say(m, "好")
		case <-time.After(4 * time.Second):
			return "not together"
		}
	})
	if reply := w.mustSay(t, li, "签到"); reply != "好" {
		t.Errorf("reply %q", reply)
	}
}

func TestASlowRoad(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.SetRoads(sim.Roads{Delay: 50 * time.Millisecond})
	began := time.Now()
	w.mustSay(t, li, "签到")
	if took := time.Since(began); took < 50*time.Millisecond {
		t.Errorf("it took %v", took)
	}
	w.SetRoads(sim.Roads{Delay: time.Hour})
	gone := make(chan error)
	go func() {
		_, err := w.Say(t.Context(), li, "签到")
		gone <- err
	}()
	w.Close()
	if err := <-gone; err == nil {
		t.Error("a message arrived at a platform that is closed")
	}
}

func TestMessagesThatOvertake(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	replies, err := w.SayReversed(t.Context(), li, "一", "二", "三")
	if err != nil || !slices.Equal(replies, []string{"收到：一", "收到：二", "收到：三"}) {
		t.Errorf("replies %q, %v", replies, err)
	}
	seen := w.account.all()
	if len(seen) != 3 || seen[0].Content != "三" || seen[2].Content != "一" || seen[0].MsgID <= seen[2].MsgID || seen[0].Created < seen[2].Created {
		t.Errorf("arrived as %+v", seen)
	}
	var chat []string
	for _, e := range w.chat(t, li) {
		chat = append(chat, e.From)
	}
	if want := []string{"me", "me", "me", "account", "account", "account"}; !slices.Equal(chat, want) {
		t.Errorf("the chat is by %v", chat)
	}
}
