package main

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/testkit"
)

// TestRollingUpgrade lets a process run over the schema of before while another
// starts, which adds its own step: what the first has answered the second answers
// alike, both go on, and so does one that is older than the schema.
func TestRollingUpgrade(t *testing.T) {
	t.Parallel()
	d := newTestDemo(t, models.Source{DSN: testkit.MariaDB(t)})
	pool := raw(t, d.parts.database)
	exec := func(query string) {
		t.Helper()
		if _, err := pool.ExecContext(t.Context(), query); err != nil {
			t.Fatal(err)
		}
	}
	exec("DROP TABLE intake") // all that the fourth step adds; the later ones stand repeating
	exec("DELETE FROM goose_db_version WHERE version_id >= 4")

	old := newStranger(t, d)
	me, before := old.boundCadre(), old.clock()
	message := old.text(me, "签到", before)
	_, sealed := old.send(message, before, nil)
	receipt := old.read(sealed)
	if !strings.Contains(receipt, "签到成功") {
		t.Fatalf("before: %q", receipt)
	}
	late := handlers.Command{Key: "wx:late", Who: handlers.Who{OpenID: me}, Channel: handlers.ByWeChat}
	if err := d.desk.ReplyLate(t.Context(), late, "迟到的回答"); err != nil {
		t.Fatal(err)
	}

	next := d.another(t)
	srv := httptest.NewServer(next.routes())
	t.Cleanup(srv.Close)
	fresh := *old
	fresh.base, fresh.msgID = srv.URL, 5000
	if _, again := fresh.send(message, before, nil); fresh.read(again) != receipt {
		t.Errorf("the repeat at the new one is answered %q, after %q", fresh.read(again), receipt)
	}
	for _, s := range []*stranger{old, &fresh} {
		if _, body := s.send(s.text(me, "我的班", before), before, nil); !strings.Contains(s.read(body), "班") {
			t.Errorf("afterwards: %q", s.read(body))
		}
	}
	d.acknowledged(t, old, me, "我的班")
	if _, err := next.desk.TakeOver(t.Context(), 9); err != nil || d.kept(t) != 1 {
		t.Errorf("%d are kept, %v", d.kept(t), err)
	}
	if n := d.arrivalsToday(t); n != 1 {
		t.Errorf("%d records", n)
	}
	exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, 1)")
	if err := d.another(t).db.Ready(t.Context()); err != nil {
		t.Errorf("on a schema that is newer: %v", err)
	}
}
