package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/seal"
)

// demoFolder is where a demo keeps its data.
func demoFolder(data string) (dir string, drop func() error, err error) {
	if data != "" {
		if err := os.MkdirAll(data, 0o700); err != nil {
			return "", nil, fmt.Errorf("data folder: %w", err)
		}
		return data, func() error { return nil }, nil
	}
	dir, err = os.MkdirTemp("", "cunkao-demo-")
	if err != nil {
		return "", nil, fmt.Errorf("data folder: %w", err)
	}
	return dir, func() error { return os.RemoveAll(dir) }, nil
}

// demoKey keeps the key of sealed values beside the data.
func demoKey(file string) ([]byte, error) {
	key, err := os.ReadFile(file) //nolint:gosec // a file of our own folder
	if err == nil && len(key) == seal.KeySize {
		return key, nil
	}
	key = make([]byte, seal.KeySize)
	_, _ = rand.Read(key) // never fails
	if err := replaceFile(file, key); err != nil {
		return nil, fmt.Errorf("store the seal key: %w", err)
	}
	return key, nil
}

// replaceFile writes a file so that whoever reads it finds the old or the new
// whole, even if the process is killed.
func replaceFile(file string, content []byte) error {
	if err := os.WriteFile(file+".new", content, 0o600); err != nil {
		return err
	}
	return os.Rename(file+".new", file)
}

// seedAside fills a database beside the one to be, and puts it there once it is
// whole: a demo that was killed meanwhile begins afresh at the next start.
func seedAside(ctx context.Context, p parts, now time.Time) error {
	file, aside := p.database.File, p.database.File+".new"
	if _, err := os.Stat(file); err == nil {
		return nil
	}
	for _, left := range []string{"", "-wal", "-shm", "-journal"} {
		if err := os.Remove(aside + left); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("remove a half-seeded county: %w", err)
		}
	}
	turn := &turnable{at: now}
	p.database.File, p.now = aside, turn.now
	a, err := open(ctx, p)
	if err != nil {
		return err
	}
	s := &seeder{app: a, crowd: newCrowd(a.desk), set: turn.set}
	// Closing brings what is in the -wal into the file, so that it can be moved alone.
	if err := errors.Join(s.seed(ctx, now), a.close()); err != nil {
		return err
	}
	return os.Rename(aside, file)
}

// ownFile reports whether the demo keeps its county in a file of its own, and
// not where a test says.
func (o demoOptions) ownFile() bool { return o.database == (models.Source{}) }

// clockFile remembers where the demo's clock stands, so that it does not go back
// when the demo is started again. A walk and the loop may save at once.
type clockFile struct {
	path string
	mu   sync.Mutex
	last time.Time
}

func clockIn(dir string) *clockFile { return &clockFile{path: filepath.Join(dir, "clock")} }

// later is the instant in the file, if it is after another. A file that cannot
// be read counts as none.
func (f *clockFile) later(start time.Time) time.Time {
	b, err := os.ReadFile(f.path)
	if err != nil {
		return start
	}
	if at, err := time.Parse(time.RFC3339Nano, string(b)); err == nil && at.After(start) {
		return at
	}
	return start
}

func (f *clockFile) save(at time.Time) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !at.After(f.last) {
		return nil
	}
	if err := replaceFile(f.path, []byte(at.UTC().Format(time.RFC3339Nano))); err != nil {
		return fmt.Errorf("store the clock: %w", err)
	}
	f.last = at
	return nil
}
