package main

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/scoring"
	"github.com/cunkao/cunkao/testkit"
)

// cutter is a line to the database that breaks for good when a COMMIT has been
// carried out and before it is answered.
type cutter struct {
	l     net.Listener
	to    string
	armed atomic.Bool
	down  atomic.Bool

	mu    sync.Mutex
	conns []net.Conn
	all   sync.WaitGroup
}

func newCutter(t *testing.T, to string) *cutter {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cutter{l: l, to: to}
	c.all.Go(c.accept)
	t.Cleanup(func() {
		l.Close()
		c.cut()
		c.all.Wait()
	})
	return c
}

func (c *cutter) accept() {
	for {
		in, err := c.l.Accept()
		if err != nil {
			return
		}
		out, err := net.Dial("tcp", c.to)
		if err != nil || c.down.Load() {
			in.Close()
			continue
		}
		c.mu.Lock()
		c.conns = append(c.conns, in, out)
		c.mu.Unlock()
		c.all.Go(func() { c.forward(in, out) })
		c.all.Go(func() { io.Copy(in, out); in.Close() })
	}
}

// forward carries statements.
func (c *cutter) forward(in, out net.Conn) {
	defer out.Close()
	buf := make([]byte, 64<<10)
	for {
		n, err := in.Read(buf)
		if err != nil {
			return
		}
		if c.armed.Load() && bytes.Contains(buf[:n], []byte("\x03COMMIT")) {
			c.armed.Store(false)
			c.down.Store(true)
			out.Write(buf[:n])
			c.cut() // the server reads what was sent before it sees the end
			return
		}
		if _, err := out.Write(buf[:n]); err != nil {
			return
		}
	}
}

func (c *cutter) cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, conn := range c.conns {
		conn.Close()
	}
	c.conns = nil
}

// TestWhatMayBeRecordedIsNotDenied loses the answer to a COMMIT and then the
// database: the platform's repeat must not be told that nothing was recorded.
func TestWhatMayBeRecordedIsNotDenied(t *testing.T) {
	t.Parallel()
	account := rigAccount()
	db := testkit.Killable(t, rigData(t, account))
	line := newCutter(t, strings.TrimSuffix(strings.TrimPrefix(db.DSN(""), "root@tcp("), ")/"))
	var clock atomic.Int64
	at := rigDay().At(9, 0)
	clock.Store(at.UnixMilli())
	now := func() time.Time { return time.UnixMilli(clock.Load()) }
	a, err := open(t.Context(), parts{
		database: models.Source{DSN: "root@tcp(" + line.l.Addr().String() + ")/rig"}, sealKey: rigSealKey(), account: account,
		sender: nobody{}, county: handlers.County{Name: "试验县", Policy: handlers.DefaultPolicy(), OthersPerShift: 1},
		rubric: scoring.DefaultSource(), log: slog.New(slog.DiscardHandler), now: now,
	})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(a.routes())
	t.Cleanup(func() {
		srv.Close()
		a.close()
	})
	s := &stranger{t: t, base: srv.URL, appID: account.AppID, token: account.Token, aesK: account.AESKey}
	message := s.text(rigOpenID(7), "签到", at)

	line.armed.Store(true)
	if code, body := s.send(message, now(), nil); code != 0 {
		t.Fatalf("the answer to COMMIT was lost, and people read %d %q", code, s.read(body))
	}
	if code, body := s.send(message, now(), nil); code != 0 {
		t.Errorf("at once, without a database, the repeat is answered %q", s.read(body))
	}
	clock.Store(at.Add(6 * time.Second).UnixMilli())
	if code, body := s.send(s.text(rigOpenID(8), "签到", at), now(), nil); code != 0 {
		t.Errorf("a message that is old enough to be a repeat is answered %q", s.read(body))
	}
	clock.Store(at.Add(10 * time.Second).UnixMilli())
	if _, body := s.send(message, now(), nil); !strings.HasPrefix(s.read(body), saysUnsure) {
		t.Errorf("the last repeat is answered %q", s.read(body))
	}
	fresh := s.text(rigOpenID(9), "签到", now())
	if _, body := s.send(fresh, now(), nil); !strings.HasPrefix(s.read(body), saysNot) {
		t.Errorf("a message of this moment is answered %q", s.read(body))
	}
	line.down.Store(false)
	if _, body := s.send(message, now(), nil); receiptIn(s.read(body)) == "" {
		t.Errorf("when the database is back the repeat is answered %q", s.read(body))
	}
	err = a.db.Read(context.WithoutCancel(t.Context()), func(tx *models.Tx) error {
		rows, err := tx.ArrivalsOn(rigDay())
		if len(rows) != 1 {
			t.Errorf("%d records, want 1", len(rows))
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
