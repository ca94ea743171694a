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

// A correction that cannot be is said to be wrong, what was answered stays, and the summary
// is there to be agreed to.
func TestACorrectionThatCannotBe(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	v.say(t, "孙委员", "明天请事假，送孩子上学")
	got := v.say(t, "孙委员", "改成2月30号")
	for _, want := range []string{"没有这一天", "请核对", "时间：10月9日"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
	if got := v.say(t, "孙委员", "确认"); !strings.Contains(got, "已提交") {
		t.Errorf("agreed to:\n%s", got)
	}

	// In the middle of 绑定 it is the open question that counts.
	v.say(t, "新人", "绑定 ABCD2345")
	if got := v.say(t, "新人", "不是"); strings.Contains(got, "绑定码是8位") {
		t.Errorf("asked for the last digits, 不是 is taken for a code:\n%s", got)
	}
}
