package handlers_test

import (
	"strings"
	"testing"
	"time"

	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
)

// bound binds somebody to a WeChat user.
func (o *office) bound(t testing.TB, name, openID string) {
	t.Helper()
	if said := o.bind(t, openID, "bind:"+openID+name, handlers.Proof{Scene: o.codes(t, name).Scene}); said != "" {
		t.Fatal(said)
	}
}

func (o *office) event(t testing.TB, openID, key string, sent time.Time, fn func(*handlers.Desk) error) (said string) {
	t.Helper()
	cmd := o.by(openID, key)
	cmd.Sent = sent
	_, err := o.Do(t.Context(), cmd, func(d *handlers.Desk) (string, error) { return "", fn(d) })
	return refusal(t, err)
}

func (o *office) whoIs(t testing.TB, openID string) (name string) {
	t.Helper()
	o.look(t, openID, func(v *handlers.View) error { name = v.Who.Name; return nil })
	return name
}

// holds reports where the database holds a text in a row.
func (o *office) holds(t testing.TB, text string) (where []string) {
	t.Helper()
	err := o.db.Read(t.Context(), func(tx *models.Tx) (err error) { where, err = tx.Holding(text); return err })
	if err != nil {
		t.Fatal(err)
	}
	return where
}

// TestWhoLeavesIsForgottenAndKnownAgain is F024: the draft ends, nothing is sent
// meanwhile, of the openid a keyed hash is left, and that restores the binding.
func TestWhoLeavesIsForgottenAndKnownAgain(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		const openID = "o-leaver-0123456789"
		o.bound(t, "委员", openID)
		o.event(t, openID, "wx:"+openID+":1:1", morning, func(d *handlers.Desk) error {
			return d.SetTalk([]handlers.Draft{{Form: "bind"}})
		})
		if err := o.Bury(t.Context(), "wx:"+openID+":1:9", "text", "unknown", "?"); err != nil {
			t.Fatal(err)
		}
		if err := o.ReplyLate(t.Context(), o.by(openID, "wx:"+openID+":1:2"), "回答"); err != nil {
			t.Fatal(err)
		}
		err := o.db.Write(t.Context(), func(tx *models.Tx) error {
			return tx.AddNotice(&models.Notice{PersonID: o.ids["委员"], Kind: handlers.NoticeResult, Class: 2})
		})
		if err != nil {
			t.Fatal(err)
		}
		if said := o.event(t, openID, "wx:"+openID+":2:unsubscribe", morning.Add(time.Minute), (*handlers.Desk).Unfollow); said != "" {
			t.Fatal(said)
		}
		if leases := o.lease(t, 9); len(leases) != 0 {
			t.Errorf("a message is on its way to who left: %+v", leases)
		}
		o.look(t, openID, func(v *handlers.View) error {
			if drafts, err := v.Talk(); err != nil || len(drafts) > 0 {
				t.Error("the draft is still there")
			}
			return nil
		})
		o.set(morning.Add(2 * time.Hour))
		if err := o.ForgetLeavers(t.Context()); err != nil {
			t.Fatal(err)
		}
		if where := o.holds(t, openID); len(where) != 0 {
			t.Errorf("the openid is still in %q", where)
		}

		back := morning.Add(3 * time.Hour)
		o.set(back)
		var returned bool
		o.event(t, openID, "wx:"+openID+":3:subscribe", back, func(d *handlers.Desk) error {
			returned = d.Returned()
			return d.Follow()
		})
		if !returned || o.whoIs(t, openID) != "委员" {
			t.Errorf("who came back is %q, returned %v", o.whoIs(t, openID), returned)
		}
		if leases := o.lease(t, 9); len(leases) != 1 || leases[0].OpenID != openID {
			t.Errorf("what waited is not sent: %+v", leases)
		}
		// The farewell is told once more, late.
		o.event(t, openID, "wx:"+openID+":2:again", morning.Add(2*time.Minute), (*handlers.Desk).Unfollow)
		if o.whoIs(t, openID) != "委员" || len(o.holds(t, openID)) == 0 {
			t.Error("a farewell that came after the return ended the binding")
		}
	})
}

// TestWhoIsHeardOfIsBack loses the event of the return.
func TestWhoIsHeardOfIsBack(t *testing.T) {
	t.Parallel()
	eachDoor(t, func(t *testing.T, o *office) {
		const openID = "o-quiet"
		o.bound(t, "委员", openID)
		o.event(t, openID, "k-1", morning, (*handlers.Desk).Unfollow)
		if o.whoIs(t, openID) != "委员" {
			t.Error("who asks is not known by the mark")
		}
		_, err := o.Do(t.Context(), o.by(openID, "k-2"), func(d *handlers.Desk) (string, error) {
			c, err := d.CheckIn()
			return c.Arrival.Receipt, err
		})
		if said := refusal(t, err); said != "" {
			t.Errorf("签到: %s", said)
		}
		o.look(t, openID, func(v *handlers.View) error {
			if v.Returned() {
				t.Error("the binding was not restored by what was done")
			}
			return nil
		})
	})
}

func TestAVisitorWhoLeavesIsForgottenToo(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.bind(t, "o-visitor", "wx:o-visitor:1:1", handlers.Proof{Code: "AAAABBBB", Phone4: "0000"})
		o.event(t, "o-visitor", "wx:o-visitor:2:unsubscribe", morning, (*handlers.Desk).Unfollow)
		o.set(morning.Add(2 * time.Hour))
		if err := o.ForgetLeavers(t.Context()); err != nil {
			t.Fatal(err)
		}
		if where := o.holds(t, "o-visitor"); len(where) != 0 {
			t.Errorf("the openid is still in %q", where)
		}
		for range 5 { // to leave gives nobody new tries
			o.bind(t, "o-visitor", "wx:o-visitor:3:"+time.Duration(o.n.Add(1)).String(), handlers.Proof{Code: "AAAABBBB", Phone4: "0000"})
		}
		said := o.bind(t, "o-visitor", "wx:o-visitor:4:9", handlers.Proof{Code: "AAAABBBB", Phone4: "0000"})
		if !strings.Contains(said, "次数太多") {
			t.Errorf("the seventh try: %q", said)
		}
	})
}

// TestEventsOutOfOrder lets what was sent before somebody left come after it, and
// a farewell after what was done on coming back.
func TestEventsOutOfOrder(t *testing.T) {
	t.Parallel()
	away := func(t *testing.T, o *office, openID string) (away bool) {
		t.Helper()
		o.look(t, openID, func(v *handlers.View) error { away = v.Returned(); return nil })
		return away
	}
	for name, late := range map[string]func(*handlers.Desk) error{
		"a message":        func(d *handlers.Desk) error { _, err := d.CheckIn(); return err },
		"an older return":  (*handlers.Desk).Follow,
		"another farewell": (*handlers.Desk).Unfollow,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachOffice(t, func(t *testing.T, o *office) {
				o.bound(t, "委员", "o-1")
				o.set(morning.Add(10 * time.Second))
				o.event(t, "o-1", "k-1", morning.Add(5*time.Second), (*handlers.Desk).Unfollow)
				if said := o.event(t, "o-1", "k-2", morning.Add(3*time.Second), late); said != "" {
					t.Error(said)
				}
				if !away(t, o, "o-1") {
					t.Error("what was sent before he left brought him back")
				}
				o.event(t, "o-1", "k-3", morning.Add(6*time.Second), (*handlers.Desk).Follow)
				if away(t, o, "o-1") {
					t.Error("he is not back")
				}
			})
		})
	}
	eachOffice(t, func(t *testing.T, o *office) {
		o.bound(t, "委员", "o-1")
		o.event(t, "o-1", "k-1", morning.Add(-9*time.Second), (*handlers.Desk).Follow)
		o.event(t, "o-1", "k-2", morning.Add(-5*time.Second), (*handlers.Desk).Unfollow)
		if away(t, o, "o-1") {
			t.Error("a farewell from before the binding ended it")
		}
		yes := handlers.Choice{TemplateID: "once", Accepted: true}
		o.event(t, "o-1", "k-3", morning, func(d *handlers.Desk) error { return d.Choose([]handlers.Choice{yes}, false) })
		o.event(t, "o-1", "k-4", morning.Add(-4*time.Second), (*handlers.Desk).Unfollow)
		if n, err := o.Subscribed(t.Context(), "o-1", "once"); n != 1 || err != nil {
			t.Errorf("after a farewell from before it, of one yes there is %d, %v", n, err)
		}
	})
}

// TestWhatIsDoneAfterTheReturnIsNotForgotten lets a visitor leave, come back and
// be bound before anybody has forgotten him.
func TestWhatIsDoneAfterTheReturnIsNotForgotten(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		const openID = "o-back"
		o.event(t, openID, "wx:o-back:1:unsubscribe", morning, (*handlers.Desk).Unfollow)
		o.set(morning.Add(10 * time.Minute))
		o.event(t, openID, "wx:o-back:2:subscribe", o.now(), (*handlers.Desk).Follow)
		o.bound(t, "委员", openID)
		checkIn := func() (receipt string) {
			receipt, err := o.Do(t.Context(), o.by(openID, "wx:o-back:3:1"), func(d *handlers.Desk) (string, error) {
				c, err := d.CheckIn()
				return c.Arrival.Receipt, err
			})
			if said := refusal(t, err); said != "" {
				t.Error(said)
			}
			return receipt
		}
		receipt := checkIn()
		o.set(morning.Add(2 * time.Hour))
		if err := o.ForgetLeavers(t.Context()); err != nil {
			t.Fatal(err)
		}
		if again := checkIn(); again != receipt {
			t.Errorf("the message once more: receipt %q after %q", again, receipt)
		}
		o.look(t, openID, func(v *handlers.View) error {
			rows, err := v.MyRecords(9)
			if len(rows) != 2 {
				t.Errorf("of binding and 签到 he sees %d", len(rows))
			}
			return err
		})
	})
}

func TestTownStaffUnbindAndBindAgain(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.bound(t, "委员", "o-old")
		unbind := func(by, key, whom string) string {
			return o.do(t, by, key, func(d *handlers.Desk) error { return d.Unbind(o.ids[whom], "丢了手机") })
		}
		for i, by := range []string{"书记", "西镇党委", "委员", "监委", "审计", "管理员", "o-stranger"} {
			if said := unbind(by, "no-"+string(rune('a'+i)), "委员"); said == "" {
				t.Errorf("%s may unbind", by)
			}
		}
		o.set(morning.Add(time.Second))
		if said := unbind("东镇干事", "k-1", "委员"); said != "" {
			t.Fatal(said)
		}
		if said := unbind("东镇干事", "k-2", "委员"); said != "委员现在没有绑定微信。" {
			t.Errorf("once more: %q", said)
		}
		if who := o.whoIs(t, "o-old"); who != "" {
			t.Errorf("the old telephone is still %s", who)
		}
		leases := o.lease(t, 9)
		if len(leases) != 1 || leases[0].OpenID != "o-old" || leases[0].Kind != handlers.NoticeUnbound {
			t.Errorf("the old telephone is told %+v", leases)
		}
		records := func(openID string) (n int) {
			o.look(t, openID, func(v *handlers.View) error {
				rows, err := v.MyRecords(9)
				n = len(rows)
				return err
			})
			return n
		}
		if n := records("o-old"); n != 0 {
			t.Errorf("the old telephone still shows %d records", n)
		}
		o.set(morning.Add(time.Minute))
		o.bound(t, "主任", "o-old")
		if n := records("o-old"); n != 1 {
			t.Errorf("who is bound to the telephone after that sees %d records, want his binding", n)
		}
		o.bound(t, "委员", "o-new")
		if who := o.whoIs(t, "o-new"); who != "委员" {
			t.Errorf("the new telephone is %q", who)
		}
	})
}
