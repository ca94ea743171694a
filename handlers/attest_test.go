package handlers_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/scoring"
)

type attesting func(*handlers.Desk) (handlers.Attestation, error)

func askFor(o *office, witness string, day calendar.Date) attesting {
	return func(d *handlers.Desk) (handlers.Attestation, error) { return d.AskAttestation(o.ids[witness], day) }
}

func offerTo(o *office, name string) attesting {
	return func(d *handlers.Desk) (handlers.Attestation, error) {
		return d.OfferAttestation(o.ids[name], calendar.Date{})
	}
}

func agreeTo(no int) attesting {
	return func(d *handlers.Desk) (handlers.Attestation, error) { return d.AgreeAttestation(no) }
}

func decline(no int) attesting {
	return func(d *handlers.Desk) (handlers.Attestation, error) { return d.DeclineAttestation(no) }
}

// The shift of the 委员 is that of Monday 28 September, 08:30 to 17:30 or so; with
// the 委员 sits the 书记 or the 主任.
func TestAColleagueAttestsAShift(t *testing.T) {
	t.Parallel()
	type step struct {
		by   string
		at   time.Time // no change if zero
		do   func(o *office) attesting
		want string // what is refused
	}
	ask := func(witness string) func(*office) attesting {
		return func(o *office) attesting { return askFor(o, witness, calendar.Date{}) }
	}
	offer := func(name string) func(*office) attesting {
		return func(o *office) attesting { return offerTo(o, name) }
	}
	agree := func(no int) func(*office) attesting { return func(*office) attesting { return agreeTo(no) } }
	no := func(n int) func(*office) attesting { return func(*office) attesting { return decline(n) } }
	noon := morning.Add(4 * time.Hour)
	for name, tc := range map[string]struct {
		before func(t *testing.T, o *office)
		steps  []step
		by     string // who attests in the end; nobody if empty
	}{
		"asked and agreed":                       {steps: []step{{by: "委员", do: ask("主任")}, {by: "主任", do: agree(1)}}, by: "主任"},
		"by the only one that is open":           {steps: []step{{by: "委员", do: ask("主任")}, {by: "主任", do: agree(0)}}, by: "主任"},
		"offered and agreed":                     {steps: []step{{by: "主任", do: offer("委员")}, {by: "委员", do: agree(1)}}, by: "主任"},
		"by a member of the supervision":         {steps: []step{{by: "监委", do: offer("委员")}, {by: "委员", do: agree(1)}}, by: "监委"},
		"asked and declined, and another agrees": {steps: []step{{by: "委员", do: ask("主任")}, {by: "主任", do: no(1)}, {by: "委员", do: ask("书记")}, {by: "书记", do: agree(2)}}, by: "书记"},
		"the asker does not answer himself": {steps: []step{
			{by: "委员", do: ask("主任")}, {by: "委员", do: agree(1), want: "没有问您1号作证"}, {by: "书记", do: agree(1), want: "没有问您1号作证"},
		}},
		"nobody attests himself":   {steps: []step{{by: "委员", do: ask("委员"), want: "自己不能给自己作证"}, {by: "委员", do: offer("委员"), want: "自己不能给自己作证"}}},
		"nobody from elsewhere":    {steps: []step{{by: "委员", do: ask("乙委员"), want: "只能请本村的同事"}, {by: "乙委员", do: offer("委员"), want: "只能请本村的同事"}}},
		"no villager":              {steps: []step{{by: "村民", do: offer("委员"), want: "没有办理这件事的权限"}}},
		"not twice, nor both ways": {steps: []step{{by: "委员", do: ask("主任")}, {by: "委员", do: ask("主任"), want: "已经问过"}, {by: "主任", do: offer("委员"), want: "已经问过"}}},
		"not again after a no":     {steps: []step{{by: "委员", do: ask("主任")}, {by: "主任", do: no(1)}, {by: "委员", do: ask("主任"), want: "请换一位同事"}}},
		"one answer":               {steps: []step{{by: "委员", do: ask("主任")}, {by: "主任", do: agree(1)}, {by: "主任", do: no(1), want: "已经答复过"}}, by: "主任"},
		"the second yes is too late": {steps: []step{
			{by: "委员", do: ask("主任")}, {by: "委员", do: ask("副书记")}, {by: "主任", do: agree(1)}, {by: "副书记", do: agree(2), want: "不用作证"},
		}, by: "主任"},
		"nothing to answer":         {steps: []step{{by: "主任", do: agree(0), want: "没有要您答复的作证"}, {by: "主任", do: agree(9), want: "没有问您9号"}}},
		"not before it begins":      {steps: []step{{by: "委员", at: morning, do: ask("主任"), want: "没有可以作证的班"}}},
		"a minute before a day":     {steps: []step{{by: "委员", at: on(9, 29).At(17, 29), do: ask("主任")}, {by: "主任", do: agree(1)}}, by: "主任"},
		"a day after its end":       {steps: []step{{by: "委员", at: on(9, 29).At(18, 0), do: ask("主任"), want: "没有可以作证的班"}}},
		"the answer comes too late": {steps: []step{{by: "委员", do: ask("主任")}, {by: "主任", at: on(9, 29).At(18, 0), do: agree(1), want: "已经过了24小时"}}},
		"no relatives": {
			before: func(t *testing.T, o *office) { o.kin(t, "委员", "主任") },
			steps:  []step{{by: "委员", do: ask("主任"), want: "亲属"}, {by: "主任", do: offer("委员"), want: "亲属"}},
		},
		"relatives on record since": {steps: []step{
			{by: "委员", do: ask("主任")},
			{by: "主任", do: func(o *office) attesting {
				o.kin(t, "委员", "主任")
				return agreeTo(1)
			}, want: "亲属"},
		}},
		"not within a leave": {
			before: func(t *testing.T, o *office) {
				o.set(morning)
				o.granted(t, "委员", "书记", request(half(days(time.September, 28, 28), true, false)))
				o.set(noon)
			},
			steps: []step{{by: "委员", do: ask("主任"), want: "请了假"}},
		},
		"no witness who is away": {
			before: func(t *testing.T, o *office) {
				o.set(morning)
				o.granted(t, "副书记", "书记", request(days(time.September, 28, 28)))
				o.set(noon)
			},
			steps: []step{{by: "委员", do: ask("副书记"), want: "不在村里"}},
		},
		"not after a 签到": {
			before: func(t *testing.T, o *office) {
				o.do(t, "委员", o.key(), func(d *handlers.Desk) error { _, err := d.CheckIn(); return err })
			},
			steps: []step{{by: "委员", do: ask("主任"), want: "不用作证"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachOffice(t, func(t *testing.T, o *office) {
				o.shiftOf(t, "委员")
				o.set(noon)
				if tc.before != nil {
					tc.before(t, o)
				}
				for i, s := range tc.steps {
					if !s.at.IsZero() {
						o.set(s.at)
					}
					got := o.attested(t, s.by, s.do(o))
					if (got == "") != (s.want == "") || !strings.Contains(got, s.want) {
						t.Fatalf("step %d: refused %q, want %q", i, got, s.want)
					}
				}
				if got := o.witness(t, "委员"); got != tc.by {
					t.Errorf("attested by %q, want %q", got, tc.by)
				}
			})
		})
	}
}

// shiftOf gives somebody of 甲村 a desk shift on the tests' first day.
func (o *office) shiftOf(t testing.TB, names ...string) {
	t.Helper()
	var rows []models.Shift
	village := o.village(t, "甲村")
	err := o.db.Write(t.Context(), func(tx *models.Tx) error {
		for _, name := range names {
			rows = append(rows, models.Shift{
				ID: tx.NewID(), VillageID: village, Day: morningDay(), PersonID: o.ids[name], Kind: models.DeskShift,
				StartsAt: morningDay().At(8, 30).UTC(), EndsAt: morningDay().At(17, 30).UTC(),
			})
		}
		return tx.AddShifts(rows)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// witness is who attests somebody's shift of the tests' first day, as 谁在值班 says it
// that day.
func (o *office) witness(t testing.TB, name string) (witness string) {
	t.Helper()
	now := o.now()
	defer o.set(now)
	o.set(morningDay().At(17, 0))
	village := o.village(t, "甲村")
	o.look(t, "书记", func(v *handlers.View) error {
		duty, err := v.OnDuty(village, calendar.Date{})
		for _, p := range duty.People {
			if p.Name == name {
				witness = p.Witness
			}
		}
		return err
	})
	return witness
}

// An attested shift is nobody's absence; the witness stands beside it.
func TestAnAttestedShiftCounts(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.openCycle(t, calendar.QuarterOf(morningDay()))
		o.shiftOf(t, "委员", "副书记")
		o.set(morning.Add(4 * time.Hour))
		if refused := o.attested(t, "委员", askFor(o, "主任", morningDay())); refused != "" {
			t.Fatal(refused)
		}
		o.look(t, "主任", func(v *handlers.View) error {
			tasks, err := v.Todo()
			if len(tasks) == 0 || tasks[0].Say != "同意作证1" {
				t.Errorf("待办 = %v", tasks)
			}
			return err
		})
		if refused := o.attested(t, "主任", agreeTo(1)); refused != "" {
			t.Fatal(refused)
		}
		if refused := o.do(t, "委员", o.key(), func(d *handlers.Desk) error { _, err := d.CheckIn(); return err }); !strings.Contains(refused, "已经由同事作证") {
			t.Errorf("签到 after it: %q", refused)
		}
		o.set(on(9, 30).At(9, 0))
		for name, want := range map[string]scoring.Points{"委员": 250, "副书记": 220} {
			o.look(t, name, func(v *handlers.View) error {
				score, err := v.MyScore(calendar.QuarterOf(morningDay()))
				if got, _ := score.Sheet.Item("D1"); got != want {
					t.Errorf("%s has %s of the duty, want %s", name, got, want)
				}
				return err
			})
		}
	})
}

// Of yes, no and a 签到 at one moment one confirms the shift at most, whichever replica
// each comes to.
func TestOneAnswerToAnAttestation(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.shiftOf(t, "委员")
		o.set(morning.Add(4 * time.Hour))
		o.attested(t, "委员", askFor(o, "主任", calendar.Date{}))
		other, _ := o.replica(t)
		errs := make([]error, 3)
		start, done := make(chan struct{}), sync.WaitGroup{}
		for n, act := range []struct {
			by string
			on *handlers.Handlers
			do func(*handlers.Desk) error
		}{
			{"主任", o.Handlers, func(d *handlers.Desk) error { _, err := d.AgreeAttestation(1); return err }},
			{"主任", other, func(d *handlers.Desk) error { _, err := d.DeclineAttestation(1); return err }},
			{"委员", other, func(d *handlers.Desk) error { _, err := d.CheckIn(); return err }},
		} {
			cmd := o.by(act.by, o.key())
			done.Go(func() {
				<-start
				_, errs[n] = act.on.Do(t.Context(), cmd, func(d *handlers.Desk) (string, error) { return "", act.do(d) })
			})
		}
		close(start)
		done.Wait()
		yes, no, in := refusal(t, errs[0]), refusal(t, errs[1]), refusal(t, errs[2])
		if yes == "" && (no == "" || in == "") {
			t.Errorf("yes %q, no %q, 签到 %q", yes, no, in)
		}
		if yes != "" && in != "" {
			t.Errorf("nothing confirmed the shift: %q, %q", yes, in)
		}
	})
}
