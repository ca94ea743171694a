package sim_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cunkao/cunkao/sim"
)

func TestPeople(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *sim.Options) { o.People = people })
	status, body := w.do(t, http.MethodGet, "/sim/people", "")
	want := `[{"openid":"o_li_si","name":"李四","roles":["村党组织书记","村委会主任"],"village":"青山镇 · 柳树村","bound":true,"code":null,"phone4":""},` +
		`{"openid":"o_wang_wu","name":"王五","roles":["村干部"],"village":"青山镇 · 柳树村","bound":true,"code":null,"phone4":""},` +
		`{"openid":"o_qian_qi","name":"钱七","roles":["村干部"],"village":"青山镇 · 石桥村","bound":false,"code":"ABCD2345","phone4":"1234"},` +
		`{"openid":"o_zhao_liu","name":"赵六","roles":["镇干部"],"village":"","bound":true,"code":null,"phone4":""}]` + "\n"
	if status != http.StatusOK {
		t.Errorf("status %d", status)
	}
	if diff := cmp.Diff(want, body); diff != "" {
		t.Errorf("people (-want +got):\n%s", diff)
	}
}

func TestPeopleWithoutAny(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if status, body := w.do(t, http.MethodGet, "/sim/people", ""); status != http.StatusOK || body != "[]\n" {
		t.Errorf("%d %s", status, body)
	}
	broken := newWorld(t, func(o *sim.Options) {
		o.People = func(context.Context) ([]sim.Person, error) { return nil, errors.New("password of the database") }
	})
	if status, body := broken.do(t, http.MethodGet, "/sim/people", ""); status != http.StatusInternalServerError || strings.Contains(body, "password") {
		t.Errorf("%d %s", status, body)
	}
}

func TestOutbox(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.mustSay(t, li, "你好") // its reply is passive, and not in the outbox
	w.template(t, li, "柳树村")
	w.wall.pass(time.Minute)
	w.call(t, "message/custom/send", `{"touser":"o_li_si","msgtype":"text","text":{"content":"请`+strings.ReplaceAll(tapLink, `"`, `\"`)+`"}}`)
	status, body := w.do(t, http.MethodGet, "/sim/outbox?openid="+li, "")
	if status != http.StatusOK {
		t.Errorf("status %d", status)
	}
	var got []map[string]any
	in := json.NewDecoder(strings.NewReader(body))
	in.UseNumber()
	if err := in.Decode(&got); err != nil {
		t.Fatal(err)
	}
	for _, sent := range got {
		if id, err := sent["id"].(json.Number).Int64(); err != nil || id <= 0 {
			t.Errorf("id %v", sent["id"])
		}
		delete(sent, "id")
	}
	want := []map[string]any{
		{
			"at": "2026-03-30T09:00:00+08:00", "type": "template", "text": "考核结果通知\n考核对象：柳树村\n等次：优秀", "template_id": "T1",
			"data": map[string]any{"thing1": "柳树村", "phrase2": "优秀"}, "url": "https://example.com/r",
		},
		{"at": "2026-03-30T09:01:00+08:00", "type": "text", "text": "请确认", "template_id": "", "data": map[string]any{}, "url": ""},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("outbox (-want +got):\n%s", diff)
	}
	if status, body := w.do(t, http.MethodGet, "/sim/outbox?openid=nobody", ""); status != http.StatusOK || body != "[]\n" {
		t.Errorf("nobody's outbox: %d %s", status, body)
	}
	if status, _ := w.do(t, http.MethodGet, "/sim/outbox", ""); status != http.StatusBadRequest {
		t.Errorf("without openid: %d", status)
	}
}

func TestClockOverHTTP(t *testing.T) {
	t.Parallel()
	var ran atomic.Int32
	w := newWorld(t, func(o *sim.Options) {
		o.Next = func(_ context.Context, after time.Time) (time.Time, bool) { return after.Add(24 * time.Hour), true }
		o.Run = func(context.Context, time.Time) error { ran.Add(1); return nil }
	})
	tests := []struct {
		method, body string
		status       int
		want         string
	}{
		{http.MethodGet, "", http.StatusOK, `{"now":"2026-03-30T09:00:00+08:00"}`},
		{http.MethodPost, `{"now":"2026-04-01T03:00:00Z"}`, http.StatusOK, `{"now":"2026-04-01T11:00:00+08:00"}`},
		{http.MethodGet, "", http.StatusOK, `{"now":"2026-04-01T11:00:00+08:00"}`},
		{http.MethodPost, `{"now":"2026-04-01T11:00:00+08:00"}`, http.StatusOK, `{"now":"2026-04-01T11:00:00+08:00"}`},
		{http.MethodPost, `{"now":"2026-04-01T10:59:59+08:00"}`, http.StatusConflict, `"error"`},
		{http.MethodPost, `{"now":"tomorrow"}`, http.StatusBadRequest, `"error"`},
		{http.MethodPost, `now`, http.StatusBadRequest, `"error"`},
		{http.MethodPost, `{}`, http.StatusBadRequest, `"error"`},
	}
	for _, test := range tests {
		status, body := w.do(t, test.method, "/sim/clock", test.body)
		if status != test.status || !strings.Contains(body, test.want) {
			t.Errorf("%s %s: %d %s, want %d %s", test.method, test.body, status, body, test.status, test.want)
		}
	}
	if ran.Load() != 2 {
		t.Errorf("ran %d times, want 2", ran.Load())
	}
}

func TestPageIsGuarded(t *testing.T) {
	t.Parallel()
	var played atomic.Value
	w := newWorld(t, func(o *sim.Options) { o.Play = func(openID string) { played.Store(openID) } })
	for _, path := range []string{"/", "/sim/", "/sim/page/app.js", "/sim/page/phone.css"} {
		if status, body := w.do(t, http.MethodGet, path, ""); status != http.StatusOK || body == "" {
			t.Errorf("%s: %d", path, status)
		}
	}
	if status, _ := w.do(t, http.MethodGet, "/sim/nothing", ""); status != http.StatusNotFound {
		t.Errorf("an unknown page: %d", status)
	}
	if status, _ := w.do(t, http.MethodPost, "/sim/page/play", `{"openid":"o_li_si"}`); status != http.StatusOK || played.Load() != li {
		t.Errorf("play: %d, %v", status, played.Load())
	}
	if status, _ := w.do(t, http.MethodPost, "/sim/page/play", `{"openid":"nobody"}`); status != http.StatusNotFound {
		t.Errorf("play nobody: %d", status)
	}
	if status, _ := w.do(t, http.MethodPost, "/sim/page/say", `{"openid":"o_li_si","text":" "}`); status != http.StatusUnprocessableEntity {
		t.Errorf("say nothing: %d", status)
	}
	for _, path := range []string{"/sim/clock", "/sim/page/say", "/sim/page/play"} {
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, w.server.URL+path, strings.NewReader(`{}`))
		req.Header.Set("Origin", "https://elsewhere.example")
		res, err := w.server.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != http.StatusForbidden {
			t.Errorf("%s from elsewhere: %d", path, res.StatusCode)
		}
		if csp := res.Header.Get("Content-Security-Policy"); res.StatusCode == http.StatusOK && !strings.Contains(csp, "default-src 'self'") {
			t.Errorf("%s: policy %q", path, csp)
		}
	}
}
