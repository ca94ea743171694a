package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"
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
