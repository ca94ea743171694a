package sim_test

import (
	"net/http"
	"testing"
	"time"
)

func TestSpoiltTokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	plain := func() string {
		return w.api(t, http.MethodGet, "token?grant_type=client_credential&appid=wx1234567890abcdef&secret=a%20secret%20of%20the%20account", "").Token
	}
	code := func(token string) int {
		return w.api(t, http.MethodGet, "menu/get?access_token="+token, "").Code
	}
	w.SpoilTokens(10 * time.Second)
	one, stable := plain(), w.stable(t, "false").Token
	w.wall.pass(9 * time.Second)
	if code(one) != 46003 || code(stable) != 46003 {
		t.Errorf("before it is time: %d, %d", code(one), code(stable))
	}
	w.wall.pass(time.Second)
	if code(one) != 40001 || code(stable) != 40001 {
		t.Errorf("when it is time: %d, %d, want 40001", code(one), code(stable))
	}
	two, next := plain(), w.stable(t, "false").Token
	if two == one || next == stable || code(two) != 46003 || code(next) != 46003 {
		t.Errorf("new ones: %d, %d", code(two), code(next))
	}
	three := plain()
	if code(two) != 46003 || code(three) != 46003 {
		t.Errorf("within the overlap: %d, %d", code(two), code(three))
	}
	w.wall.pass(35 * time.Second)
	if code(three) != 40001 || code(next) != 40001 {
		t.Errorf("after more than three times: %d, %d", code(three), code(next))
	}
	w.SpoilTokens(0)
	four := w.stable(t, "false").Token
	w.wall.pass(time.Minute)
	if code(four) != 46003 {
		t.Errorf("after it was ended: %d", code(four))
	}
}

func TestForcedTokensAreFew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 20 {
		if a := w.stable(t, "true"); a.Token == "" {
			t.Fatalf("the %dth: %+v", i+1, a)
		}
		w.wall.pass(30 * time.Second)
	}
	if a := w.stable(t, "true"); a.Code != 45009 {
		t.Errorf("the 21st of a day: %+v", a)
	}
	if a := w.stable(t, "false"); a.Token == "" {
		t.Errorf("without force: %+v", a)
	}
}
