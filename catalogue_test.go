package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cunkao/cunkao/models"
)

// Rows of the catalogue of bad inputs that no other test shows; which shows which
// stands in docs/reliability.md.

func (s *stranger) click(openID, key string, at time.Time) string {
	return fmt.Sprintf("<xml><ToUserName>gh_x</ToUserName><FromUserName>%s</FromUserName><CreateTime>%d</CreateTime>"+
		"<MsgType>event</MsgType><Event>CLICK</Event><EventKey>%s</EventKey></xml>", openID, at.Unix(), key)
}

func (d *demo) arrivalsToday(t *testing.T) (n int) {
	t.Helper()
	err := d.db.Read(t.Context(), func(tx *models.Tx) error {
		rows, err := tx.ArrivalsOn(calendarDay(demoStart))
		n = len(rows)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestForgedAndStaleEnvelopesHaveNoEffect is F009 and F010.
func TestForgedAndStaleEnvelopesHaveNoEffect(t *testing.T) {
	t.Parallel()
	d := newTestDemo(t, models.Source{})
	s := newStranger(t, d)
	me, now := s.boundCadre(), s.clock()
	other := *s
	other.appID = "wx00000000000000ff"
	if code, body := other.send(s.text(me, "签到", now), now, nil); code != 403 || body != "" {
		t.Errorf("another account's message: %d %q", code, body)
	}
	old := now.Add(-20 * time.Minute)
	if code, body := s.send(s.text(me, "签到", old), old, nil); code != 403 || body != "" {
		t.Errorf("an envelope of twenty minutes ago: %d %q", code, body)
	}
	if code, body := s.send(s.text(me, "签到", old), now, nil); code != 403 || body != "" {
		t.Errorf("an old message in a new envelope: %d %q", code, body)
	}
	if n := d.arrivalsToday(t); n != 0 {
		t.Errorf("%d records", n)
	}
}

// TestTapsInOneSecond is F017 and F018: two buttons in one second are two
// messages, one button twice in a second is one, and a second later it is
// answered with what was done.
func TestTapsInOneSecond(t *testing.T) {
	t.Parallel()
	d := newTestDemo(t, models.Source{})
	s := newStranger(t, d)
	me, now := s.boundCadre(), s.clock()
	tap := func(key string, at time.Time) string {
		t.Helper()
		_, body := s.send(s.click(me, key, at), now, nil)
		return s.read(body)
	}
	first, other, again := tap("签到", now), tap("我的记录", now), tap("签到", now)
	if !strings.HasPrefix(first, "签到成功") || first != again || !strings.Contains(other, "签到") || other == first {
		t.Errorf("first %q\nother %q\nagain %q", first, other, again)
	}
	if later := tap("签到", now.Add(time.Second)); !strings.Contains(later, "已经签到了") || !strings.Contains(later, receiptIn(first)) {
		t.Errorf("a second later: %q", later)
	}
	if n := d.arrivalsToday(t); n != 1 {
		t.Errorf("%d records", n)
	}
}

// TestAnyTextIsAnswered is F019 and F020: whatever somebody types gets an answer
// in time, and no record.
func TestAnyTextIsAnswered(t *testing.T) {
	t.Parallel()
	d := newTestDemo(t, models.Source{})
	s := newStranger(t, d)
	me, now := s.boundCadre(), s.clock()
	for name, words := range map[string]string{
		"nothing": "", "spaces": "  　 \t", "2,048 characters": strings.Repeat("村", 2048), "10,000 characters": strings.Repeat("考", 10_000),
		"four bytes": "𠮷野家の龘", "emoji and joiners": "👨‍👩‍👧‍👦😀\u200b", "markup": "]]&gt;<a href=x>&amp;", "SQL": "'; DROP TABLE people; --",
	} {
		code, body := s.send(s.text(me, words, now), now, nil)
		if code != 200 || body == "success" || s.read(body) == "" {
			t.Errorf("%s: %d %q", name, code, body)
		}
	}
	if n := d.arrivalsToday(t); n != 0 {
		t.Errorf("%d records", n)
	}
}

// TestAConversationGoesOnElsewhere is F022 and F109: an answer that comes before
// its question binds nobody, and a conversation that one process began is ended by
// another.
func TestAConversationGoesOnElsewhere(t *testing.T) {
	t.Parallel()
	d := newTestDemo(t, models.Source{})
	s := newStranger(t, d)
	me := s.unboundCadre()
	if got := s.say(me.OpenID, "同意"); strings.Contains(got, "绑定成功") {
		t.Errorf("an answer to nothing: %q", got)
	}
	s.say(me.OpenID, "绑定 "+*me.Code+" "+me.Phone4)
	srv := httptest.NewServer(d.another(t).bot)
	t.Cleanup(srv.Close)
	other, now := *s, s.clock()
	other.base = srv.URL
	if _, body := other.send(s.text(me.OpenID, "同意", now), now, nil); !strings.Contains(s.read(body), "绑定成功") {
		t.Errorf("on another process: %q", s.read(body))
	}
	if got := s.say(me.OpenID, "签到"); !strings.Contains(got, "签到成功") {
		t.Errorf("and back: %q", got)
	}
}

// TestASlowBodyIsCutAndHoldsNobodyUp is the slow half of F012: bytes that come one
// by one, and headers that never end.
func TestASlowBodyIsCutAndHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	d := newTestDemo(t, models.Source{})
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := newServer(d.routes())
	var serving sync.WaitGroup
	serving.Go(func() { _ = srv.Serve(l) })
	t.Cleanup(func() {
		srv.Close()
		serving.Wait()
	})
	s := newStranger(t, d)
	s.base = "http://" + l.Addr().String()
	me := s.unboundAt(d)

	var slow sync.WaitGroup
	for _, begin := range []string{"POST /wechat?timestamp=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n", "POST /wechat HTTP/1.1\r\nX: "} {
		slow.Go(func() {
			conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", l.Addr().String())
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close()
			began := time.Now()
			for _, err = io.WriteString(conn, begin); err == nil; _, err = io.WriteString(conn, "x") {
				if time.Since(began) > 9*time.Second {
					t.Errorf("%q: still read after %s", begin[:12], time.Since(began))
					return
				}
				time.Sleep(100 * time.Millisecond)
			}
		})
	}
	for range 5 {
		began, now := time.Now(), d.clock.Now()
		code, body := s.send(s.text(me, "帮助", now), now, nil)
		if took := time.Since(began); code != http.StatusOK || !strings.Contains(s.read(body), "绑定") || took > 4900*time.Millisecond {
			t.Errorf("meanwhile: %d after %s", code, took)
		}
	}
	slow.Wait()
}

// unboundAt is an unbound cadre, where the simulator is not asked.
func (s *stranger) unboundAt(d *demo) string {
	s.t.Helper()
	people, err := d.people(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	for _, p := range people {
		if !p.Bound {
			return p.OpenID
		}
	}
	s.t.Fatal("everybody is bound")
	return ""
}
