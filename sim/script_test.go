package sim_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cunkao/cunkao/sim"
)

const templateSend = "message/template/send"

// tried is what a client sees of one call.
type tried struct {
	status int
	kind   string
	body   string
	err    error
}

// try sends a result to 李四 and gives up after a while.
func (w *world) try(t *testing.T, patience time.Duration) tried {
	t.Helper()
	token := w.stable(t, "false").Token
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	body := `{"touser":"o_li_si","template_id":"T1","data":{"thing1":{"value":"柳树村"},"phrase2":{"value":"优秀"}}}`
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.server.URL+"/sim/api/cgi-bin/"+templateSend+"?access_token="+token, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	res, err := w.server.Client().Do(req)
	if err != nil {
		return tried{err: err}
	}
	defer res.Body.Close()
	out, err := io.ReadAll(res.Body)
	return tried{res.StatusCode, res.Header.Get("Content-Type"), string(out), err}
}

func TestScripts(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		fail    sim.Fail
		as      func(tried) bool
		arrives bool
	}{
		"nothing goes wrong": {sim.Fail{}, func(a tried) bool { return a.err == nil && strings.Contains(a.body, `"errcode":0`) }, true},
		"an errcode": {sim.Fail{Code: -1, Msg: "system error"}, func(a tried) bool {
			return a.err == nil && a.status == 200 && strings.HasPrefix(a.body, `{"errcode":-1,"errmsg":"system error rid: `)
		}, false},
		"an errcode without words": {sim.Fail{Code: 45009}, func(a tried) bool { return strings.Contains(a.body, `"errcode":45009,"errmsg":"`) }, false},
		"a status": {sim.Fail{Status: 502}, func(a tried) bool {
			return a.err == nil && a.status == 502 && strings.Contains(a.body, "502 Bad Gateway")
		}, false},
		"a page instead of JSON": {sim.Fail{HTML: true}, func(a tried) bool {
			return a.status == 200 && strings.HasPrefix(a.kind, "text/html") && strings.HasPrefix(a.body, "<html>")
		}, false},
		"a delay":                      {sim.Fail{Delay: 30 * time.Millisecond}, func(a tried) bool { return strings.Contains(a.body, `"errcode":0`) }, true},
		"longer than anybody waits":    {sim.Fail{Delay: time.Minute}, func(a tried) bool { return errors.Is(a.err, context.DeadlineExceeded) }, false},
		"a lost answer":                {sim.Fail{Lost: true}, func(a tried) bool { return errors.Is(a.err, context.DeadlineExceeded) }, true},
		"an answer lost with the line": {sim.Fail{Lost: true, Cut: true}, func(a tried) bool { return errors.Is(a.err, io.EOF) }, true},
		"a cut line":                   {sim.Fail{Cut: true}, func(a tried) bool { return errors.Is(a.err, io.EOF) }, false},
		"half an answer": {sim.Fail{Half: true}, func(a tried) bool {
			return errors.Is(a.err, io.ErrUnexpectedEOF) && strings.HasPrefix(a.body, `{"errcode":0`) && !json.Valid([]byte(a.body))
		}, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			test.fail.Times = 1
			if err := w.Script(templateSend, test.fail); err != nil {
				t.Fatal(err)
			}
			patience := 20 * time.Second
			if test.fail.Lost && !test.fail.Cut || test.fail.Delay == time.Minute {
				patience = time.Second // nothing will come
			}
			if got := w.try(t, patience); !test.as(got) {
				t.Errorf("the client sees %+v", got)
			}
			if got := len(w.Outbox(li)) == 1; got != test.arrives {
				t.Errorf("the message arrived: %v, want %v", got, test.arrives)
			}
			told := slices.ContainsFunc(w.History(), func(d sim.Delivery) bool { return d.Outcome == sim.Scripted && d.Kind == templateSend })
			if told == (name == "nothing goes wrong") {
				t.Errorf("the history tells of the failure: %v", told)
			}
			if got := w.try(t, 20*time.Second); !strings.Contains(got.body, `"errcode":0`) {
				t.Errorf("the next call: %+v", got)
			}
		})
	}
}

func TestScriptInOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if err := w.Script(templateSend, sim.Fail{Times: 2}, sim.Fail{Code: -1, Times: 2}, sim.Fail{Code: 45011}); err != nil {
		t.Fatal(err)
	}
	for i, want := range []int{0, 0, -1, -1, 45011, 45011} {
		if a := w.template(t, li, "柳树村"); a.Code != want {
			t.Errorf("call %d: %+v, want %d", i+1, a, want)
		}
	}
	if err := w.Script(templateSend); err != nil {
		t.Fatal(err)
	}
	if a := w.template(t, li, "柳树村"); a.Code != 0 {
		t.Errorf("after the script was taken away: %+v", a)
	}
}

func TestScriptOfEveryAPI(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.stable(t, "false").Token
	if err := errors.Join(w.Script(sim.EveryAPI, sim.Fail{Code: -1}), w.Script("menu/get", sim.Fail{})); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]int{"menu/delete": -1, "menu/get": 46003, "token": -1} {
		if a := w.api(t, http.MethodGet, path+"?access_token="+token, ""); a.Code != want {
			t.Errorf("%s: %+v, want %d", path, a, want)
		}
	}
}

func TestScriptByChance(t *testing.T) {
	t.Parallel()
	luck := func(seed uint64) (failed int, which string) {
		var calls strings.Builder
		w := newWorld(t)
		if err := w.Script("menu/get", sim.Fail{Code: -1, Chance: 30, Seed: seed}); err != nil {
			t.Fatal(err)
		}
		token := w.stable(t, "false").Token
		for range 100 {
			code := w.api(t, http.MethodGet, "menu/get?access_token="+token, "").Code
			fmt.Fprint(&calls, code, " ")
			if code == -1 {
				failed++
			}
		}
		return failed, calls.String()
	}
	n, first := luck(7)
	_, again := luck(7)
	_, other := luck(8)
	if n < 15 || n > 45 || first != again || first == other {
		t.Errorf("of 100 calls failed %d:\n%s\n%s\n%s", n, first, again, other)
	}
}

func TestScriptThatCannotBe(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, f := range map[string]sim.Fail{
		"two ways":            {Code: -1, HTML: true},
		"a status of success": {Status: 200},
		"a delay into past":   {Delay: -1},
		"a chance over all":   {Chance: 101},
	} {
		if err := w.Script(templateSend, f); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	if err := w.Script("no/such/api", sim.Fail{Code: -1}); err == nil {
		t.Error("an unknown API was taken")
	}
}

func TestScriptOverHTTP(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	status, body := w.do(t, http.MethodPost, "/sim/script", `{"api":"message/template/send","fails":[{"code":45009,"times":2},{"lost":true,"delay_ms":20,"times":1}]}`)
	want := `[{"api":"message/template/send","fails":[{"code":45009,"times":2},{"lost":true,"times":1,"delay_ms":20}]}]` + "\n"
	if status != http.StatusOK || body != want {
		t.Errorf("%d %s, want %s", status, body, want)
	}
	if a := w.template(t, li, "柳树村"); a.Code != 45009 {
		t.Errorf("the call: %+v", a)
	}
	want = strings.Replace(want, `"times":2`, `"times":1`, 1)
	if _, body = w.do(t, http.MethodGet, "/sim/script", ""); body != want {
		t.Errorf("%s, want %s", body, want)
	}
	if _, body = w.do(t, http.MethodPost, "/sim/script", `{"api":"message/template/send"}`); body != "[]\n" {
		t.Errorf("taken away: %s", body)
	}
	for _, bad := range []string{`{"api":"nothing"}`, `{"api":"menu/get","fails":[{"code":1,"half":true}]}`, `{"api":"menu/get","fails":[{"delay_ms":9223372036854775807}]}`} {
		if status, body := w.do(t, http.MethodPost, "/sim/script", bad); status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", bad, status, body)
		}
	}
	if status, _ := w.do(t, http.MethodPost, "/sim/script", `no JSON`); status != http.StatusBadRequest {
		t.Errorf("no JSON: %d", status)
	}
}

func TestScriptsAreNotForOtherPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.server.URL+"/sim/script", strings.NewReader(`{"api":"*","fails":[{"code":-1}]}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	res, err := w.server.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusForbidden {
		t.Errorf("from another site: %s", res.Status)
	}
}
