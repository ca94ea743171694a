package main

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cunkao/cunkao/models"
)

// book is a log that is read afterwards.
type book struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *book) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *book) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func get(t *testing.T, h http.Handler, path string) (int, string) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil).WithContext(t.Context()))
	return w.Code, w.Body.String()
}

// TestNothingPrivateIsLogged sends canaries in everything that a person and the
// platform can send, with the database there and gone, and looks for them in the
// log at its most talkative, and in the metrics.
func TestNothingPrivateIsLogged(t *testing.T) {
	t.Parallel()
	var log book
	d := loggedDemo(t, models.Source{}, slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	s := newStranger(t, d)
	const openID = "oCanaryOpenIDabcdefghijklmno"
	canaries := []string{
		"金丝雀说的话", "AKCANARY", "29.87654321", "106.12345678", "canary-media-id", "canary-scene", "13987654321", openID,
		d.account.Token, d.account.AESKey, d.account.Secret,
	}
	now := demoStart.UTC()
	say := func(words string) string { return s.text(openID, words, now) }
	inner := func(kind, fields string) string {
		s.msgID++
		return "<xml><ToUserName>gh_x</ToUserName><FromUserName>" + openID + "</FromUserName><CreateTime>" +
			strconv.FormatInt(now.Unix(), 10) + "</CreateTime><MsgType>" + kind + "</MsgType>" + fields + "<MsgId>" +
			strconv.FormatInt(s.msgID, 10) + "</MsgId></xml>"
	}
	messages := func() []string {
		return []string{
			say("金丝雀说的话"), say("绑定 AKCANARY 13987654321"), say("签到"), say("帮助"),
			inner("image", "<PicUrl>http://127.0.0.1/canary-media-id</PicUrl><MediaId>canary-media-id</MediaId>"),
			inner("location", "<Location_X>29.87654321</Location_X><Location_Y>106.12345678</Location_Y><Scale>1</Scale><Label>金丝雀说的话</Label>"),
			inner("event", "<Event>LOCATION</Event><Latitude>29.87654321</Latitude><Longitude>106.12345678</Longitude><Precision>1</Precision>"),
			inner("event", "<Event>SCAN</Event><EventKey>canary-scene</EventKey><Ticket>x</Ticket>"),
			inner("event", "<Event>subscribe</Event><EventKey>qrscene_canary-scene</EventKey>"),
			inner("event", "<Event>金丝雀说的话</Event>"), inner("金丝雀说的话", ""), inner("text", "<Content>金丝雀说的话</Content><Content>"),
			"<xml>金丝雀说的话",
		}
	}
	for _, m := range messages() {
		s.send(m, now, nil)
		s.send(m, now.Add(-time.Hour), nil)
	}
	_, shown := get(t, d.routes(), "/metrics")
	if err := d.db.Close(); err != nil {
		t.Fatal(err)
	}
	for _, m := range messages() {
		s.send(m, now, nil)
	}
	_, gone := get(t, d.routes(), "/metrics")
	code, ready := get(t, d.routes(), "/readyz")
	if code != http.StatusServiceUnavailable {
		t.Errorf("ready with the database gone: %d", code)
	}
	if code, _ := get(t, d.routes(), "/healthz"); code != http.StatusOK {
		t.Errorf("alive with the database gone: %d", code)
	}
	written := log.String()
	for _, c := range canaries {
		for name, text := range map[string]string{"log": written, "metrics": shown + gone, "readyz": ready} {
			if i := strings.Index(text, c); i >= 0 {
				t.Errorf("%q is in the %s: …%s…", c, name, text[max(0, i-80):min(len(text), i+80)])
			}
		}
	}
	if !strings.Contains(written, `"message":"wx`) || !strings.Contains(written, "oCanaryO") {
		t.Errorf("the log does not say which message failed:\n%.2000s", written)
	}
	for _, want := range []string{"cunkao_messages_answered_total ", `cunkao_answer_seconds_bucket{le="+Inf"} `, `cunkao_notices{state="waiting"} `, "process_resident_memory_bytes "} {
		if !strings.Contains(shown, want) {
			t.Errorf("/metrics has no %s", want)
		}
	}
	if strings.Contains(shown, "cunkao_messages_answered_total 0\n") || !strings.Contains(gone, "cunkao_faults_total ") || strings.Contains(gone, "cunkao_faults_total 0\n") {
		t.Error("nothing was counted")
	}
}
