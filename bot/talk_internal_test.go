package bot

import (
	"strings"
	"testing"

	"github.com/cunkao/cunkao/handlers"
)

// TestATalkWhoseFormIsGone: what was meant for a form of another release does nothing else,
// and the talk is over with it.
func TestATalkWhoseFormIsGone(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	cmd := handlers.Command{Key: "wx:app:o-孙委员:gone", Who: handlers.Who{OpenID: "o-孙委员"}, Channel: handlers.ByWeChat, Sent: villageNow(), Right: &handlers.Right{}}
	if _, err := v.Desk.Do(t.Context(), cmd, func(d *handlers.Desk) (string, error) {
		return "ok", d.SetTalk([]handlers.Draft{{Form: "of another release", Open: "why", At: d.Now}})
	}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"没有听懂“确认”", "现在没有等您确认的事"} {
		if got := v.say(t, "孙委员", "确认"); !strings.HasPrefix(got, want) {
			t.Errorf("确认 is answered %q, want %q", got, want)
		}
	}
}
