package sim_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/cunkao/cunkao/sim"
)

func TestDailyLimit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.SetLimits(sim.Limits{PerDay: map[string]int{"message/template/send": 2}})
	send := func() int { return w.template(t, li, "柳树村").Code }
	expect := func(when string, want ...int) {
		t.Helper()
		for i, code := range want {
			if got := send(); got != code {
				t.Errorf("%s, call %d: errcode %d, want %d", when, i+1, got, code)
			}
		}
	}
	expect("in the morning", 0, 0, 45009)
	w.wall.pass(15*time.Hour - time.Second)
	expect("a second before midnight", 45009)
	w.wall.pass(time.Second)
	expect("at midnight in Beijing", 0, 0, 45009)
	if a := w.api(t, http.MethodGet, "menu/get?access_token="+w.stable(t, "false").Token, ""); a.Code != 46003 {
		t.Errorf("another call the same day: %+v", a)
	}
	w.mustSay(t, li, "你好")
	if a := w.call(t, "message/custom/send", `{"touser":"o_li_si","msgtype":"text","text":{"content":"好"}}`); a.Code != 0 {
		t.Errorf("another kind of message the same day: %+v", a)
	}
}

func TestCallsThatFailCountToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.SetLimits(sim.Limits{PerDay: map[string]int{"message/template/send": 1}})
	if a := w.template(t, wang, "柳树村"); a.Code != 43004 {
		t.Errorf("to somebody who does not follow: %+v", a)
	}
	if a := w.template(t, li, "柳树村"); a.Code != 45009 {
		t.Errorf("afterwards: %+v", a)
	}
}

func TestLimitPerMinute(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.SetLimits(sim.Limits{PerMinute: map[string]int{"message/template/send": 1}, PerPerson: 0})
	for i, step := range []struct {
		wait time.Duration
		code int
	}{{0, 0}, {0, 45011}, {59 * time.Second, 45011}, {time.Second, 0}, {0, 45011}} {
		w.wall.pass(step.wait)
		if a := w.template(t, li, "柳树村"); a.Code != step.code {
			t.Errorf("call %d: %+v, want %d", i+1, a, step.code)
		}
	}
}

func TestLimitPerPerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Follow(wang)
	w.SetLimits(sim.Limits{PerPerson: 2})
	for i, want := range []int{0, 0, 43117} {
		if a := w.template(t, li, "柳树村"); a.Code != want {
			t.Errorf("message %d: %+v, want %d", i+1, a, want)
		}
	}
	if a := w.template(t, wang, "柳树村"); a.Code != 0 {
		t.Errorf("to somebody else: %+v", a)
	}
	w.wall.pass(time.Minute)
	if a := w.template(t, li, "柳树村"); a.Code != 0 {
		t.Errorf("a minute later: %+v", a)
	}
}

func TestLimitOfTokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.SetLimits(sim.Limits{PerDay: map[string]int{"token": 1}})
	get := "token?grant_type=client_credential&appid=wx1234567890abcdef&secret=" + strings.ReplaceAll(testAccount().Secret, " ", "%20")
	if a := w.api(t, http.MethodGet, get, ""); a.Token == "" {
		t.Errorf("the first: %+v", a)
	}
	if a := w.api(t, http.MethodGet, get, ""); a.Code != 45009 {
		t.Errorf("the second: %+v", a)
	}
	if a := w.stable(t, "false"); a.Token == "" {
		t.Errorf("the other kind: %+v", a)
	}
}

func TestClearQuota(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.SetLimits(sim.Limits{PerDay: map[string]int{"message/template/send": 1}})
	if a := w.call(t, "clear_quota", `{"appid":"another"}`); a.Code != 40013 {
		t.Errorf("another account's: %+v", a)
	}
	for i := range 10 {
		if a, b := w.template(t, li, "一"), w.template(t, li, "二"); a.Code != 0 || b.Code != 45009 {
			t.Errorf("round %d: %d, %d", i, a.Code, b.Code)
		}
		if a := w.call(t, "clear_quota", `{"appid":"wx1234567890abcdef"}`); a.Code != 0 {
			t.Errorf("round %d: %+v", i, a)
		}
	}
	if a := w.call(t, "clear_quota", `{"appid":"wx1234567890abcdef"}`); a.Code != 48006 {
		t.Errorf("the eleventh of a month: %+v", a)
	}
	w.wall.pass(48 * time.Hour)
	if a := w.call(t, "clear_quota", `{"appid":"wx1234567890abcdef"}`); a.Code != 0 {
		t.Errorf("in the next month: %+v", a)
	}
}
