package handlers_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/cunkao/cunkao/handlers"
)

// TestAPrivateReplyIsReadByNobodyElse: neither the talk nor the stored reply nor the notice
// that it becomes shows what was said; whoever said it reads it in full, also when the
// message comes again and when the reply comes late.
func TestAPrivateReplyIsReadByNobodyElse(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.bound(t, "委员", "o-1")
		const said = "去县里看病"
		for _, refuses := range []bool{false, true} {
			cmd := o.by("o-1", o.key())
			cmd.Right = &handlers.Right{}
			_ = cmd.Right.GiveUp()
			turn := func(d *handlers.Desk) (string, error) {
				d.Private()
				err := d.SetTalk([]handlers.Draft{{Form: "leave", Answers: map[string]string{"reason": said}}})
				if refuses {
					err = errors.Join(err, handlers.Refuse("%s不行。", said))
				}
				return said, err
			}
			for range 2 {
				got, err := o.Do(t.Context(), cmd, turn)
				if r, refused := errors.AsType[*handlers.Refusal](err); refused {
					got, err = r.Text, nil
				}
				if err != nil || !strings.Contains(got, said) {
					t.Fatalf("answered %q, %v", got, err)
				}
			}
			if where := o.holds(t, said); len(where) > 0 {
				t.Errorf("it can be read in %v", where)
			}
			leases := o.lease(t, 9)
			if len(leases) != 1 || !strings.Contains(leases[0].Words["text"], said) {
				t.Fatalf("the late reply is %+v", leases)
			}
			o.settle(t, leases[0], handlers.Fate{})
		}
	})
}

// TestASilentTalkIsWarnedOfAndEnds: after a day its person is told, after three it ends and
// he is told that; one that goes on is left alone.
func TestASilentTalkIsWarnedOfAndEnds(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.bound(t, "委员", "o-1")
		o.bound(t, "主任", "o-2")
		say := func(who string) {
			o.do(t, who, o.key(), func(d *handlers.Desk) error { return d.SetTalk([]handlers.Draft{{Form: "leave"}}) })
		}
		tend := func(at time.Time) {
			o.set(at)
			for last, first := "", true; first || last != ""; first = false {
				o.job(t, o.key(), func(d *handlers.Desk) (err error) { last, err = d.TendTalks(last, 1); return err })
			}
		}
		open := func(who string) (n int) {
			o.look(t, who, func(v *handlers.View) error { drafts, err := v.Talk(); n = len(drafts); return err })
			return n
		}
		say("o-1")
		say("o-2")
		tend(morning.Add(23 * time.Hour))
		if got := o.notices(t, "委员", handlers.NoticeDraft); len(got) != 0 {
			t.Errorf("warned too early: %v", got)
		}
		tend(morning.Add(25 * time.Hour))
		tend(morning.Add(49 * time.Hour))
		if got := o.notices(t, "委员", handlers.NoticeDraft); len(got) != 1 || got[0]["until"] != "10月1日 周四 08:00" {
			t.Errorf("warned: %v", got)
		}
		say("o-2")
		tend(morning.Add(73 * time.Hour))
		if got := o.notices(t, "委员", handlers.NoticeDraftEnded); len(got) != 1 || open("o-1") != 0 {
			t.Errorf("ended: %v, open %d", got, open("o-1"))
		}
		if open("o-2") != 1 {
			t.Error("what went on was ended")
		}
	})
}
