package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/cunkao/cunkao/testkit"
)

// TestFullDisk lets the database's disk fill up under load, and makes room again:
// whoever could not be served was told so, and what was confirmed is there.
func TestFullDisk(t *testing.T) { //nolint:paralleltest // it needs the machine to itself
	testkit.Unraced(t)
	r := newRig(t)
	from := rigData(t, rigAccount())
	disk := smallDisk(t, sizeOf(t, from)+40<<20)
	db := killableOn(t, disk, from)
	redis := testkit.KillableRedis(t)
	dsn := db.DSN("rig")
	r.start(redis.Addr, dsn, dsn, dsn)

	r.load.run(24, 400)
	time.Sleep(500 * time.Millisecond)
	full := r.databaseDown.begin()
	fill := filepath.Join(disk, "fill")
	for range 40 { // the server frees and takes a little all the time
		fillUp(t, fill)
		time.Sleep(150 * time.Millisecond)
	}
	if err := os.Remove(fill); err != nil {
		t.Fatal(err)
	}
	r.figures.FaultsDatabase++
	time.Sleep(time.Second)
	if db.Ping() != nil { // a full disk may be the death of a server
		r.figures.KillsDatabase++
		if err := errors.Join(db.Kill(), db.Restart()); err != nil {
			t.Fatal(err)
		}
	}
	full()
	time.Sleep(time.Second)
	r.load.finish()
	r.recovered()
	f := r.check(r.load.history)
	if f.Receipts < 100 || f.NotRecorded+f.Unsure+f.Unanswered == 0 {
		t.Errorf("too little happened: %+v", f)
	}
	last := r.load.newMessage(rigOpenID(rigPeople-1), "签到", 1)
	r.load.deliver(last)
	if said := last.replies(); len(said) == 0 || receiptIn(said[0]) == "" {
		t.Errorf("with room again a check-in is answered %q", said)
	}
}

// smallDisk is a folder with so many bytes and no more.
func smallDisk(t *testing.T, size int64) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "ckdisk") //nolint:usetesting // what is mounted must be gone before the folder is
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d", size)); err != nil {
		_ = os.Remove(dir)
		testkit.Without(t, "the right to mount a small disk")
	}
	t.Cleanup(func() {
		if err := errors.Join(syscall.Unmount(dir, syscall.MNT_DETACH), os.Remove(dir)); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// killableOn starts a database server whose folder is on a disk.
func killableOn(t *testing.T, disk, from string) *testkit.Database {
	t.Helper()
	before := os.Getenv("TMPDIR")
	t.Setenv("TMPDIR", disk)
	defer t.Setenv("TMPDIR", before)
	return testkit.Killable(t, from)
}

func sizeOf(t *testing.T, dir string) (n int64) {
	t.Helper()
	err := filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		if err == nil {
			n += info.Size()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// fillUp makes a file as large as the disk allows.
func fillUp(t *testing.T, name string) {
	t.Helper()
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for block := bytes.Repeat([]byte{1}, 64<<10); err == nil && len(block) > 0; {
		if _, err = f.Write(block); errors.Is(err, syscall.ENOSPC) && len(block) > 512 {
			block, err = block[:len(block)/2], nil
		}
	}
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
}
