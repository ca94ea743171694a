package main

import (
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cunkao/cunkao/models"
)

// TestMoreThanCanBeWaitedFor lets more people come at once than a process waits
// for, while the database stands still: some get their answer, the others success,
// once they are stored, and the answer later. Everybody is recorded.
func TestMoreThanCanBeWaitedFor(t *testing.T) {
	t.Parallel()
	const people, crowd = 40, 8
	a, err := benchPlace{}.openBench(t.Context(), std{err: testLog{t, nil}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := a.done(); err != nil {
			t.Error(err)
		}
	}()
	if err := a.settle(t.Context(), people, 1); err != nil {
		t.Fatal(err)
	}
	a.bot.WaitFor(crowd)
	srv := httptest.NewServer(a.routes())
	defer srv.Close()
	at := benchDay(0).At(8, 30)
	a.set(at)
	s := &stranger{t: t, base: srv.URL, appID: a.account.AppID, token: a.account.Token, aesK: a.account.AESKey}
	messages := make([]string, people)
	for i := range messages {
		messages[i] = s.text(benchOpenID(i), "签到", at)
	}
	held, free := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() { // whoever writes now waits
		err := a.db.Write(t.Context(), func(*models.Tx) error {
			close(held)
			<-free
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
	<-held
	var receipts, later, none atomic.Int64
	for _, m := range messages {
		all.Go(func() {
			status, body := s.send(m, at, nil)
			switch {
			case status == 0:
				none.Add(1)
			case body == "success":
				later.Add(1)
			case strings.HasPrefix(s.read(body), "签到成功"):
				receipts.Add(1)
			default:
				t.Errorf("answered %q", s.read(body))
			}
		})
	}
	for a.bot.Meter().Under.Load() < people {
		time.Sleep(5 * time.Millisecond)
	}
	if n := later.Load(); n > 0 {
		t.Errorf("%d messages were acknowledged before they were stored", n)
	}
	close(free)
	all.Wait()
	if receipts.Load() != crowd || later.Load() != people-crowd || none.Load() != 0 {
		t.Errorf("%d receipts, %d later, %d without an answer", receipts.Load(), later.Load(), none.Load())
	}
	for range 20 { // as often as there is room
		a.bot.Wait()
		if err := a.bot.TakeOverDue(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	a.bot.Wait()
	if n, err := a.rows(t.Context(), 0); err != nil || n != people {
		t.Errorf("%d records of %d people, %v", n, people, err)
	}
	b, err := a.desk.Backlog(t.Context())
	if err != nil || b.Counts[models.NoticeWaiting] != people-crowd || b.Kept != 0 {
		t.Errorf("%d late replies wait and %d messages, %v; want %d", b.Counts[models.NoticeWaiting], b.Kept, err, people-crowd)
	}
	for _, m := range messages { // no repeat changes anything
		if status, body := s.send(m, at, nil); status != 200 || body == "" {
			t.Errorf("sent again: %d %q", status, body)
		}
	}
	if n, err := a.rows(t.Context(), 0); err != nil || n != people {
		t.Errorf("%d records of %d people, %v", n, people, err)
	}
}

// TestLimitsOfAll turns people away kindly when too many write in one second.
func TestLimitsOfAll(t *testing.T) {
	t.Parallel()
	d := loggedDemo(t, models.Source{}, slog.New(slog.DiscardHandler))
	d.bot.PerSecond = 5
	s := newStranger(t, d)
	away := 0
	for i := range 12 {
		status, body := s.send(s.text(fmt.Sprintf("o-many-%d", i), "帮助", demoStart), demoStart, nil)
		if status != 200 {
			t.Fatalf("status %d", status)
		}
		if strings.Contains(s.read(body), "现在发消息的人太多") {
			away++
		}
	}
	if away != 7 {
		t.Errorf("%d of 12 were turned away, want 7", away)
	}
}

// TestTheRestOfALongReply asks for what did not fit, piece by piece, and sends
// one of the questions again: the answer is the same.
func TestTheRestOfALongReply(t *testing.T) {
	t.Parallel()
	d := loggedDemo(t, models.Source{}, slog.New(slog.DiscardHandler))
	s := newStranger(t, d)
	var lines strings.Builder
	for i := range 130 {
		fmt.Fprintf(&lines, "第%d行，一二三四五六七八\n", i)
	}
	d.bot.Cache.KeepMore(t.Context(), "o-more", lines.String())
	var seen []string
	for range 5 {
		m := s.text("o-more", "更多", demoStart)
		_, body := s.send(m, demoStart, nil)
		_, again := s.send(m, demoStart, nil)
		reply := s.read(body)
		if s.read(again) != reply {
			t.Errorf("the repeat was answered %q", s.read(again))
		}
		piece, _, whole := strings.Cut(reply, "\n……还有后面的")
		seen = append(seen, piece)
		if !whole {
			break
		}
	}
	if all := strings.Join(seen, "\n"); strings.TrimSpace(all) != strings.TrimSpace(lines.String()) {
		t.Errorf("the pieces are %d bytes of %d", len(all), lines.Len())
	}
	_, body := s.send(s.text("o-more-2", "更多", demoStart), demoStart, nil)
	if !strings.Contains(s.read(body), "没有后面的内容了") {
		t.Errorf("nothing is left, and yet %q", s.read(body))
	}
}
