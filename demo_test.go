package main

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/testkit"
)

// keptDemo starts a demo that keeps its data in a folder.
func keptDemo(t *testing.T, dir string) *demo {
	t.Helper()
	d, err := newDemo(t.Context(), demoOptions{
		now: demoStart, data: dir, env: func(string) string { return "" },
		log: slog.New(slog.NewTextHandler(testLog{t, nil}, &slog.HandlerOptions{Level: slog.LevelError})),
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// seededFolder is a folder in which a demo was seeded and closed.
func seededFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	from, err := template()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"seal.key", "cunkao.db"} {
		copyFile(t, filepath.Join(from, name), filepath.Join(dir, name))
	}
	return dir
}

func TestDemoClockDoesNotGoBackAtARestart(t *testing.T) {
	t.Parallel()
	dir := seededFolder(t)
	there := demoStart.Add(30*24*time.Hour + 17*time.Minute)
	d := keptDemo(t, dir)
	if err := d.clock.Walk(t.Context(), there, silentSteps()); err != nil {
		t.Fatal(err)
	}
	if err := d.close(); err != nil {
		t.Fatal(err)
	}
	d = keptDemo(t, dir)
	if now := d.clock.Now(); now.Before(there) {
		t.Errorf("the clock says %s after %s", now, there)
	}
	if err := d.close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "clock"), []byte("torn"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := clockIn(dir).later(demoStart); got != demoStart {
		t.Errorf("a torn file says %s", got)
	}
}

// A demo that was killed while it was seeded leaves a database beside the one
// to be, and perhaps half a key.
func TestDemoKilledWhileSeedingBeginsAfresh(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, content := range map[string]string{
		"cunkao.db.new": "torn", "cunkao.db.new-wal": "torn", "cunkao.db.new-shm": "torn", "seal.key": "half",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	d := keptDemo(t, dir)
	people, err := d.people(t.Context())
	if err != nil || len(people) != len(demoPeople()) {
		t.Errorf("%d people, %v", len(people), err)
	}
	if err := d.close(); err != nil {
		t.Fatal(err)
	}
	left, err := filepath.Glob(filepath.Join(dir, "*.new*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left over: %v, %v", left, err)
	}
}

// TestDemoStopsInTheMiddleOfAWalk does what Ctrl-C does while the clock is on
// its way to a day far ahead.
func TestDemoStopsInTheMiddleOfAWalk(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	out, into := io.Pipe()
	var errs bytes.Buffer // read when the demo has ended
	code := make(chan int, 1)
	args := []string{"demo", "--data", seededFolder(t), "--addr", "127.0.0.1:0"}
	go func() {
		code <- run(ctx, args, std{in: strings.NewReader(""), out: into, err: &errs, env: func(string) (string, bool) { return "", false }})
		into.Close()
	}()
	first := make([]byte, 400)
	n, err := out.Read(first)
	base := regexp.MustCompile(`http://[0-9.:]+`).FindString(string(first[:n]))
	if err != nil || base == "" {
		t.Fatalf("%q, %v", first[:n], err)
	}
	go io.Copy(io.Discard, out)
	s := &stranger{t: t, base: base}
	walked := make(chan int, 1)
	go func() {
		res, err := http.Post(base+"/sim/clock", "application/json", strings.NewReader(`{"now":"2028-09-28T08:00:00+08:00"}`))
		if err != nil {
			walked <- 0
			return
		}
		res.Body.Close()
		walked <- res.StatusCode
	}()
	for s.clock().Before(demoStart.Add(72 * time.Hour)) {
		time.Sleep(20 * time.Millisecond)
	}
	cancel()
	// Had the server waited for the walk, its patience would have ended, and that is a fault.
	if got := <-code; got != 0 || errs.Len() > 0 {
		t.Errorf("exit %d\n%s", got, errs.String())
	}
	if got := <-walked; got != http.StatusServiceUnavailable {
		t.Errorf("the walk was answered with %d", got)
	}
}

// TestDemoRefusesAWalkWithoutEnd asks for a day that no walk would reach.
func TestDemoRefusesAWalkWithoutEnd(t *testing.T) {
	t.Parallel()
	s := newStranger(t, newTestDemo(t, models.Source{}))
	for _, to := range []string{"9999-12-31T00:00:00+08:00", "2028-12-31T00:00:00+08:00"} {
		res, err := http.Post(s.base+"/sim/clock", "application/json", strings.NewReader(`{"now":"`+to+`"}`))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil || res.StatusCode != http.StatusBadRequest || string(body) != `{"error":"一次最多往前走800天。"}`+"\n" {
			t.Errorf("%s: %d %s %v", to, res.StatusCode, body, err)
		}
	}
}

// TestDemoCrowdLeavesTimeToCheckIn plays a program that begins to speak for
// somebody in the middle of a shift, without having told the page.
func TestDemoCrowdLeavesTimeToCheckIn(t *testing.T) {
	t.Parallel()
	d := newTestDemo(t, models.Source{})
	open := func(at string) (n int) {
		d.walkTo(t, at)
		day := calendarDay(d.clock.Now().Add(-8 * time.Hour)) // a shift of a day off ends the next morning
		_, err := d.desk.Look(t.Context(), as("test", ""), func(v *handlers.View) (string, error) {
			shifts, err := v.OpenShifts(day)
			for _, s := range shifts {
				if !d.crowd.idle(s.OpenID) {
					n++
				}
			}
			return "", err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for _, c := range []struct {
		what, before, after string
	}{
		{"a desk shift", "2026-09-29T16:59:00+08:00", "2026-09-29T17:00:00+08:00"},
		{"a shift of a day off", "2026-10-02T06:59:00+08:00", "2026-10-02T07:00:00+08:00"},
	} {
		if n := open(c.before); n == 0 {
			t.Errorf("%s is confirmed early", c.what)
		}
		if n := open(c.after); n != 0 {
			t.Errorf("%s: %d are open in the last hour", c.what, n)
		}
	}
	for _, p := range demoPeople() {
		for _, sent := range d.sim.Outbox(p.openID()) {
			if sent.TemplateID == "demo-nohead" {
				t.Errorf("%s is told: %s", p.Name, sent.Text)
			}
		}
	}
}

// TestDemoAnswersWhatCameInAWalk posts while the clock is on its way.
func TestDemoAnswersWhatCameInAWalk(t *testing.T) {
	testkit.Unraced(t)
	t.Parallel()
	d := newTestDemo(t, models.Source{})
	s := newStranger(t, d)
	var all sync.WaitGroup
	all.Go(func() { s.walk("2026-10-28T08:00:00+08:00") })
	sent := 0
	for _, p := range demoPeople()[:6] { // cadres of one village
		if !p.Bound {
			continue
		}
		for !d.clock.Walking() {
			time.Sleep(time.Millisecond)
		}
		now := d.clock.Now()
		message, own := s.text(p.openID(), "帮助", now), *s
		sent++
		all.Go(func() {
			if code, body := own.send(message, now, nil); code != http.StatusOK || !strings.Contains(s.read(body), "签到：") {
				t.Errorf("%s: %d %s", p.Name, code, body)
			}
		})
	}
	all.Wait()
	if sent < 4 {
		t.Errorf("only %d messages were sent", sent)
	}
}

// TestDemoLateReplyReachesAProgramsPhone holds commands for longer than the
// platform waits, while another program posts for somebody.
func TestDemoLateReplyReachesAProgramsPhone(t *testing.T) {
	t.Parallel()
	d := newTestDemo(t, models.Source{DSN: testkit.MariaDB(t)})
	s := newStranger(t, d)
	release := d.holdCommands(t)
	me, now := demoPeople()[1].openID(), s.clock()
	if code, body := s.send(s.text(me, "签到", now), now, nil); code != http.StatusOK || body != "success" {
		t.Errorf("%d %q, want success and no words", code, body)
	}
	release()
	d.bot.Wait()
	if err := d.bot.DeliverDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	if sent := d.sim.Outbox(me); len(sent) != 1 || !strings.Contains(sent[0].Text, "签到成功") {
		t.Errorf("outbox = %+v", sent)
	}
}

// TestDemoFindsNoLogMissingThatIsNotDue: the sheet is entered on the evening of the last day, on which
// no log of the days before can be called missing by whoever only looks.
func TestDemoFindsNoLogMissingThatIsNotDue(t *testing.T) {
	t.Parallel()
	for _, p := range demoPeople() {
		for _, f := range cadreFacts(calendar.Quarter{Year: 2026, N: 3}, p) {
			if f.Matter == "缺工作日志" {
				t.Errorf("%s lacks a log: %+v", p.Name, f)
			}
		}
	}
}

func TestDemoNamesAreAllDifferent(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, p := range demoPeople() {
		if seen[p.Name] {
			t.Errorf("two people are called %s", p.Name)
		}
		seen[p.Name] = true
	}
}
