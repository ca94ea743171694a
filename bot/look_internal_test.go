package bot

import (
	"database/sql"
	"strings"
	"testing"

	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/wechat"
)

// TestWhatIsReadIsKeptSealed asks a question and looks at what waits of its answer: in
// Redis for who asks again, in the queue where it came too late.
func TestWhatIsReadIsKeptSealed(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	const secret = "孙委员得了九十一分"
	in := Input{Key: "wx:app:o-孙委员:900", Who: "o-孙委员", Sent: villageNow(), Digest: "900", Right: &handlers.Right{}}
	asked := 0
	ask := func(in Input) string {
		t.Helper()
		got, err := v.look(t.Context(), in, func(*handlers.View) (string, error) {
			asked++
			return secret, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if got := ask(in); got != secret {
		t.Fatal(got)
	}
	kept, ok := v.Cache.Reply(t.Context(), in.Key)
	if !ok || strings.Contains(kept, secret) {
		t.Errorf("kept %q, %v", kept, ok)
	}
	if got := ask(in); got != secret || asked != 1 {
		t.Errorf("again %q, asked %d times", got, asked)
	}
	v.Cache.KeepReply(t.Context(), in.Key, v.Desk.Shut("别人的", "another"))
	if got := ask(in); got != secret || asked != 2 {
		t.Errorf("what was kept for another message: %q, asked %d times", got, asked)
	}

	v.shorten(t.Context(), in.Who, strings.Repeat(secret+"。\n", 100))
	rest, ok := v.Cache.More(t.Context(), in.Who)
	if !ok || strings.Contains(rest, secret) {
		t.Errorf("the rest is kept as %.40q, %v", rest, ok)
	}
	if got := v.say(t, "孙委员", "更多"); !strings.Contains(got, secret) {
		t.Errorf("更多 shows %q", got)
	}

	late := in
	late.Key, late.Right = "wx:app:o-孙委员:901", &handlers.Right{}
	late.Right.GiveUp()
	ask(late)
	v.onlySealed(t, secret)
	leases, _, err := v.Desk.LeaseNotices(t.Context(), 10)
	if err != nil || len(leases) != 1 || leases[0].Words["text"] != secret {
		t.Errorf("to be sent: %+v, %v", leases, err)
	}
}

// onlySealed looks for words in the notices as they are stored.
func (v *village) onlySealed(t *testing.T, words string) {
	t.Helper()
	raw, err := sql.Open("sqlite", v.file)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	var all, plain int
	if err := raw.QueryRowContext(t.Context(), "SELECT COUNT(*), COALESCE(SUM(INSTR(words, ?) > 0), 0) FROM notices", words).Scan(&all, &plain); err != nil {
		t.Fatal(err)
	}
	if all == 0 || plain > 0 {
		t.Errorf("%d of %d notices hold %s", plain, all, words)
	}
}

// TestWhoLeavesIsNotRemembered: what somebody only asked is kept for support, until he leaves.
func TestWhoLeavesIsNotRemembered(t *testing.T) {
	t.Parallel()
	for name, leave := range map[string]func(v *village) error{
		"by an event": func(v *village) error {
			return v.hearFarewell(t.Context(), wechat.Message{FromUser: "o-孙委员", CreateTime: villageNow().Unix(), Event: wechat.EventUnsubscribe})
		},
		"as a notice found": func(v *village) error {
			return v.hearNoMore(t.Context(), handlers.Lease{Notice: models.Notice{ID: "n", OpenID: "o-孙委员"}}, villageNow())
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := newVillage(t)
			v.say(t, "孙委员", "孩子住院怎么算")
			who, err := v.Desk.PersonNamed(t.Context(), "孙委员")
			if err != nil {
				t.Fatal(err)
			}
			if got := v.AskedBy(t.Context(), who, 9); len(got) != 1 {
				t.Fatalf("kept is %+v", got)
			}
			if err := leave(v); err != nil {
				t.Fatal(err)
			}
			if got := v.AskedBy(t.Context(), who, 9); len(got) != 0 {
				t.Errorf("of who left is kept %+v", got)
			}
		})
	}
}
