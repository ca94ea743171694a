package main

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/scoring"
	"github.com/cunkao/cunkao/testkit"
)

// TestWhatMayBeRecordedIsNotDenied loses the answer to a COMMIT and then the
// database: the platform's repeat must not be told that nothing was recorded.
func TestWhatMayBeRecordedIsNotDenied(t *testing.T) {
	t.Parallel()
	account := rigAccount()
	db := testkit.Killable(t, rigData(t, account))
	line, through := testkit.MySQLProxy(t, db.DSN("rig"), 1)
	var clock atomic.Int64
	at := rigDay().At(9, 0)
	clock.Store(at.UnixMilli())
	now := func() time.Time { return time.UnixMilli(clock.Load()) }
	a, err := open(t.Context(), parts{
		database: models.Source{DSN: through}, sealKey: rigSealKey(), account: account,
		sender: nobody{}, county: handlers.County{Name: "试验县", Policy: handlers.DefaultPolicy(), OthersPerShift: 1, Leave: handlers.DefaultLeaveRules()},
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

	line.Break(testkit.Fault{How: testkit.CutAfter, Kind: "COMMIT", Times: 1, Down: true})
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
	line.Mend()
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
