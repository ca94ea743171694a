package handlers_test

import (
	"context"
	"maps"
	"testing"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/scoring"
)

// sweptBy is a use case of somebody's, always under the same key.
func sweptBy(o *office, name string, fn func(*handlers.Desk) (string, error)) swept {
	return func(ctx context.Context, h *handlers.Handlers) (string, error) {
		return h.Do(ctx, o.by(name, "swept"), fn)
	}
}

// sweptJob is a use case of the clock's or the command line's.
func sweptJob(fn func(*handlers.Desk) error) swept {
	return func(ctx context.Context, h *handlers.Handlers) (string, error) {
		cmd := handlers.Command{Key: "job:swept", Who: handlers.Who{Job: "test"}, Channel: handlers.ByJob}
		return h.Do(ctx, cmd, func(d *handlers.Desk) (string, error) { return "", fn(d) })
	}
}

// sweptHouse is housekeeping, which has no key and no answer.
func sweptHouse(fn func(ctx context.Context, h *handlers.Handlers) error) swept {
	return func(ctx context.Context, h *handlers.Handlers) (string, error) { return "", fn(ctx, h) }
}

// sweepCases are all use cases, by method and, after a comma, what is special.
func sweepCases() map[string]func(*testing.T, *office) swept {
	cases := map[string]func(*testing.T, *office) swept{}
	for _, some := range []map[string]func(*testing.T, *office) swept{sweepPeople(), sweepFollowers(), sweepDuty(), sweepLeave(), sweepAttest(), sweepLogs(), sweepTalk(), sweepSelfEval(), sweepQuarter(), sweepHouse(), sweepIntake(), sweepPhotos()} {
		maps.Copy(cases, some)
	}
	return cases
}

func sweepPeople() map[string]func(*testing.T, *office) swept {
	return map[string]func(*testing.T, *office) swept{
		"Admit": func(_ *testing.T, _ *office) swept {
			r := handlers.Register{
				Towns: []handlers.TownEntry{{Name: "南镇", Villages: []string{"丙村"}}},
				People: []handlers.PersonEntry{
					{Name: "新书记", Village: "丙村", Town: "南镇", Phone: "19900009991", From: on(1, 1), Posts: []models.PostTitle{models.PartySecretary}},
					{Name: "新干事", Town: "南镇", Phone: "19900009992", From: on(1, 1), Roles: []handlers.RoleName{handlers.TownStaff}},
				},
			}
			return sweptJob(func(d *handlers.Desk) error { _, err := d.Admit(r); return err })
		},
		"Admit, who goes and who comes": func(t *testing.T, o *office) swept {
			village := o.village(t, "甲村")
			o.job(t, "roster", func(d *handlers.Desk) error { _, err := d.MakeRoster(village, on(9, 28), on(10, 4)); return err })
			r := handlers.Register{People: []handlers.PersonEntry{
				{Name: "主任", Phone: "199****" + o.phone4(t, "主任"), NewPhone: "19900009993", Village: "甲村", Town: "东镇", To: on(9, 30), Posts: []models.PostTitle{models.CommitteeDirector}},
				{Name: "委员", Phone: "199****" + o.phone4(t, "委员"), Village: "甲村", Town: "东镇", From: on(10, 1), Posts: []models.PostTitle{models.CommitteeDirector}},
				{Name: "东镇干事", Phone: "199****" + o.phone4(t, "东镇干事"), Town: "东镇", To: on(9, 30), Roles: []handlers.RoleName{handlers.TownStaff}},
			}}
			return sweptJob(func(d *handlers.Desk) error { _, err := d.Admit(r); return err })
		},
		"IssueCode": func(_ *testing.T, o *office) swept {
			return sweptJob(func(d *handlers.Desk) error { _, err := d.IssueCode(o.ids["委员"]); return err })
		},
		"Bind": func(t *testing.T, o *office) swept {
			return sweptBinding(o, handlers.Proof{Code: o.codes(t, "委员").Code, Phone4: o.phone4(t, "委员")})
		},
		"Bind, refused and counted": func(t *testing.T, o *office) swept {
			return sweptBinding(o, handlers.Proof{Code: o.codes(t, "委员").Code, Phone4: "0000"})
		},
		"Introduce": func(t *testing.T, o *office) swept {
			o.bind(t, "o-1", "bind", handlers.Proof{Code: o.codes(t, "委员").Code, Phone4: o.phone4(t, "委员")})
			return sweptBy(o, "o-1", func(d *handlers.Desk) (string, error) {
				me, err := d.Introduce()
				return me.Title(), err
			})
		},
	}
}

func sweepFollowers() map[string]func(*testing.T, *office) swept {
	return map[string]func(*testing.T, *office) swept{
		"Unfollow": func(t *testing.T, o *office) swept {
			o.bound(t, "委员", "o-1")
			startTalk(t, o)
			return sweptBy(o, "o-1", func(d *handlers.Desk) (string, error) { return "", d.Unfollow() })
		},
		"Unfollow, and heard of again": func(t *testing.T, o *office) swept {
			o.bound(t, "委员", "o-1")
			o.event(t, "o-1", "gone", morning, (*handlers.Desk).Unfollow)
			o.set(morning.Add(time.Minute))
			return sweptBy(o, "o-1", checkIn)
		},
		"Follow": func(t *testing.T, o *office) swept {
			o.bound(t, "委员", "o-1")
			o.set(morning.Add(time.Minute))
			return sweptBy(o, "o-1", func(d *handlers.Desk) (string, error) { return "欢迎", d.Follow() })
		},
		"Choose": func(_ *testing.T, o *office) swept {
			return sweptBy(o, "o-1", func(d *handlers.Desk) (string, error) {
				return "", d.Choose([]handlers.Choice{{TemplateID: "a", Accepted: true}, {TemplateID: "b", Accepted: true}}, false)
			})
		},
		"Unbind": func(t *testing.T, o *office) swept {
			o.bound(t, "委员", "o-1")
			return sweptBy(o, "东镇干事", func(d *handlers.Desk) (string, error) { return "解绑了", d.Unbind(o.ids["委员"], "手机丢了") })
		},
		"Secret": func(_ *testing.T, o *office) swept {
			return sweptBy(o, "东镇干事", func(d *handlers.Desk) (string, error) {
				d.Secret()
				c, err := d.IssueCode(o.ids["委员"])
				return "绑定码" + c.Code, err
			})
		},
		"Requeue": func(t *testing.T, o *office) swept {
			lateReply(t, o)
			l := o.lease(t, 1)[0]
			o.settle(t, l, handlers.Fate{Problem: "43004"})
			return sweptJob(func(d *handlers.Desk) error { return d.Requeue(l.ID, "已关注") })
		},
		"OpenDeadLetter": func(t *testing.T, o *office) swept {
			if err := o.Bury(t.Context(), "wx:1", "event new", "unknown kind", "<xml/>"); err != nil {
				t.Fatal(err)
			}
			return sweptJob(func(d *handlers.Desk) error { _, err := d.OpenDeadLetter("wx:1", "查一查"); return err })
		},
	}
}

// sweptBinding ends a conversation by a binding, as the bot does.
func sweptBinding(o *office, p handlers.Proof) swept {
	return sweptBy(o, "o-1", func(d *handlers.Desk) (string, error) {
		if err := d.SetTalk(nil); err != nil {
			return "", err
		}
		who, err := d.Bind(p)
		return "绑定成功：" + who.Name, err
	})
}

func sweepDuty() map[string]func(*testing.T, *office) swept {
	day := morningDay()
	return map[string]func(*testing.T, *office) swept{
		"CheckIn": func(t *testing.T, o *office) swept {
			o.roster(t, "甲村", day, day)
			return sweptBy(o, "主任", checkIn)
		},
		"CheckIn, in a group": func(t *testing.T, o *office) swept {
			o.roster(t, "甲村", day, day)
			o.gather = true
			return sweptBy(o, "主任", checkIn)
		},
		"CheckIn, too late for the answer": func(_ *testing.T, o *office) swept {
			return func(ctx context.Context, h *handlers.Handlers) (string, error) {
				cmd := o.by("主任", "swept")
				cmd.Right = &handlers.Right{}
				cmd.Right.GiveUp()
				return h.Do(ctx, cmd, checkIn)
			}
		},
		"RegisterArrivals": func(t *testing.T, o *office) swept {
			village := o.village(t, "甲村")
			lines := []handlers.PaperArrival{
				{PersonID: o.ids["书记"], Day: day.Add(-1), At: day.Add(-1).At(8, 0)}, {PersonID: o.ids["委员"], Day: day, At: day.At(8, 0)},
			}
			return sweptBy(o, "东镇干事", func(d *handlers.Desk) (string, error) { return "登记了", d.RegisterArrivals(village, lines) })
		},
		"MakeRoster": func(t *testing.T, o *office) swept {
			village := o.village(t, "甲村")
			return sweptJob(func(d *handlers.Desk) error { _, err := d.MakeRoster(village, day, day.Add(6)); return err })
		},
		"RemindDuty": func(t *testing.T, o *office) swept {
			rest := on(10, 4) // a Sunday
			o.roster(t, "甲村", rest, rest)
			o.set(rest.At(7, 40))
			return sweptJob(func(d *handlers.Desk) error { return d.RemindDuty(rest) })
		},
		"TellNoHead": func(t *testing.T, o *office) swept {
			o.roster(t, "甲村", day, day)
			o.set(day.At(9, 40))
			village := o.village(t, "甲村")
			return sweptJob(func(d *handlers.Desk) error { return d.TellNoHead(village, day) })
		},
	}
}

func sweepQuarter() map[string]func(*testing.T, *office) swept {
	return map[string]func(*testing.T, *office) swept{
		"OpenCycle": func(_ *testing.T, _ *office) swept {
			return sweptJob(func(d *handlers.Desk) error { return d.OpenCycle(third, scoring.DefaultSource()) })
		},
		"StepCycle": func(t *testing.T, o *office) swept {
			o.openCycle(t, third)
			o.set(on(10, 1).At(0, 10))
			return sweptJob(func(d *handlers.Desk) error { _, err := d.StepCycle(third); return err })
		},
		"StepCycle, to the end": func(t *testing.T, o *office) swept {
			published(t, o)
			o.set(on(11, 3).At(0, 10))
			return sweptJob(func(d *handlers.Desk) error { _, err := d.StepCycle(third); return err })
		},
		"Compute": func(t *testing.T, o *office) swept {
			o.openCycle(t, third)
			aggregating(t, o)
			seq := o.cycle(t).Sequences[0]
			return sweptJob(func(d *handlers.Desk) error { return d.Compute(seq.ID) })
		},
		"TakeStep": func(t *testing.T, o *office) swept {
			reviewed(t, o)
			return sweptStep(t, o, "东镇党委", "审定")
		},
		"TakeStep, publishing": func(t *testing.T, o *office) swept {
			reviewed(t, o)
			takeAll(t, o, "西镇党委", "审定", 2)
			takeAll(t, o, "东镇党委", "审定", 2)
			takeAll(t, o, "组织部", "备案", 4)
			return sweptStep(t, o, "东镇党委", "公布")
		},
		"RemindSteps": func(t *testing.T, o *office) swept {
			reviewed(t, o)
			o.set(on(10, 23).At(8, 30))
			return sweptJob((*handlers.Desk).RemindSteps)
		},
		"SetHolidays": func(t *testing.T, o *office) swept {
			o.setHolidays(t, handlers.Holidays{on(10, 8): {Name: "县庆"}, on(10, 11): {Work: true}})
			return sweptBy(o, "组织部", func(d *handlers.Desk) (string, error) {
				_, err := d.SetHolidays("放假.csv", handlers.Holidays{on(10, 8): {Name: "秋收"}, on(10, 9): {Name: "秋收"}})
				return "导入了", err
			})
		},
		"ImportFacts": func(t *testing.T, o *office) swept {
			factOffice(t, o)
			rows := []handlers.FactRow{ofVillage("甲村", "A1.3", "2"), ofVillage("甲村", "B2.1", "248/250"), ofCadre("甲村", "书记", "D2.1", "1")}
			for i := range rows {
				rows[i].N = i + 2
			}
			return sweptBy(o, "东镇干事", func(d *handlers.Desk) (string, error) {
				_, err := d.ImportFacts(factQuarter(), "核查.xlsx", rows)
				return "录入了", err
			})
		},
	}
}

// aggregating takes a quarter to where its results are computed.
func aggregating(t *testing.T, o *office) {
	t.Helper()
	for _, at := range []calendar.Date{on(10, 1), on(10, 14), on(10, 23)} {
		o.set(at.At(0, 10))
		o.job(t, "to:"+at.String(), func(d *handlers.Desk) error { _, err := d.StepCycle(third); return err })
	}
	if got := o.cycle(t).State; got != models.CycleAggregation {
		t.Fatalf("the quarter is in %s", got)
	}
}

func takeAll(t *testing.T, o *office, name, step string, n int) {
	t.Helper()
	for range n {
		if said := o.take(t, name, step); said != "" {
			t.Fatalf("%s %s: %s", name, step, said)
		}
	}
}

// published takes a quarter to where its results hang out.
func published(t *testing.T, o *office) {
	t.Helper()
	reviewed(t, o)
	takeAll(t, o, "西镇党委", "审定", 2)
	takeAll(t, o, "东镇党委", "审定", 2)
	takeAll(t, o, "组织部", "备案", 4)
	takeAll(t, o, "东镇党委", "公布", 2)
	takeAll(t, o, "西镇党委", "公布", 2)
}

func sweptStep(t *testing.T, o *office, name, step string) swept {
	t.Helper()
	var w []handlers.Waiting
	o.look(t, name, func(v *handlers.View) (err error) { w, err = v.Waiting(step, ""); return err })
	if len(w) == 0 {
		t.Fatalf("nothing waits for %s of %s", step, name)
	}
	return sweptBy(o, name, func(d *handlers.Desk) (string, error) { return "办好了", d.TakeStep(w[0]) })
}

func sweepHouse() map[string]func(*testing.T, *office) swept {
	return map[string]func(*testing.T, *office) swept{
		"ReplyLate": func(_ *testing.T, o *office) swept {
			return sweptHouse(func(ctx context.Context, h *handlers.Handlers) error {
				return h.ReplyLate(ctx, o.by("o-1", "late"), "迟到的回答")
			})
		},
		"LeaseNotices": func(t *testing.T, o *office) swept {
			lateReply(t, o)
			return sweptHouse(func(ctx context.Context, h *handlers.Handlers) error {
				_, _, err := h.LeaseNotices(ctx, 10)
				return err
			})
		},
		"LeaseNotices, of somebody who is not bound": func(t *testing.T, o *office) swept {
			o.roster(t, "甲村", on(10, 4), on(10, 4))
			o.set(on(10, 4).At(7, 40))
			o.job(t, "remind", func(d *handlers.Desk) error { return d.RemindDuty(on(10, 4)) })
			return sweptHouse(func(ctx context.Context, h *handlers.Handlers) error {
				_, _, err := h.LeaseNotices(ctx, 10)
				return err
			})
		},
		"SettleNotice": func(t *testing.T, o *office) swept {
			lateReply(t, o)
			leases, _, err := o.LeaseNotices(t.Context(), 10)
			if err != nil || len(leases) != 1 {
				t.Fatalf("%d leases, %v", len(leases), err)
			}
			return sweptHouse(func(ctx context.Context, h *handlers.Handlers) error {
				return h.SettleNotice(ctx, leases[0], handlers.Fate{PlatformID: "1"})
			})
		},
		"Bury": func(_ *testing.T, _ *office) swept {
			return sweptHouse(func(ctx context.Context, h *handlers.Handlers) error {
				return h.Bury(ctx, "wx:1", "event new", "unknown kind", "<xml/>")
			})
		},
		"Report, in two steps": func(t *testing.T, o *office) swept {
			lateReply(t, o)
			o.settle(t, o.lease(t, 1)[0], handlers.Fate{PlatformID: "4711", Way: "template"})
			return sweptHouse(func(ctx context.Context, h *handlers.Handlers) error {
				return h.Report(ctx, "4711", handlers.ReportSuccess)
			})
		},
		"Tagged": func(t *testing.T, o *office) swept {
			o.bound(t, "委员", "o-1")
			return sweptHouse(func(ctx context.Context, h *handlers.Handlers) error {
				return h.Tagged(ctx, handlers.TagCadre, "o-1")
			})
		},
		"CheckTags": func(t *testing.T, o *office) swept {
			o.bound(t, "委员", "o-1")
			if err := o.Tagged(t.Context(), handlers.TagStaff, "o-1"); err != nil {
				t.Fatal(err)
			}
			return sweptHouse(func(ctx context.Context, h *handlers.Handlers) error { return h.CheckTags(ctx) })
		},
		"SpendSubscription": func(t *testing.T, o *office) swept {
			yes := []handlers.Choice{{TemplateID: "a", Accepted: true}}
			o.do(t, "o-1", "yes", func(d *handlers.Desk) error { return d.Choose(yes, false) })
			return sweptHouse(func(ctx context.Context, h *handlers.Handlers) error {
				return h.SpendSubscription(ctx, "o-1", "a", 1)
			})
		},
		"ForgetLeavers": func(t *testing.T, o *office) swept {
			o.bound(t, "委员", "o-1")
			o.event(t, "o-1", "wx:o-1:gone", morning, (*handlers.Desk).Unfollow)
			o.set(morning.Add(2 * time.Hour))
			return sweptHouse(func(ctx context.Context, h *handlers.Handlers) error { return h.ForgetLeavers(ctx) })
		},
		"ReportOf": func(t *testing.T, o *office) swept {
			o.bound(t, "委员", "o-1")
			waits(t, o, "委员")
			o.settle(t, o.lease(t, 1)[0], handlers.Fate{Way: "subscription"})
			return sweptHouse(func(ctx context.Context, h *handlers.Handlers) error {
				return h.ReportOf(ctx, "o-1", handlers.NoticeResult, "subscription", "failed:user block")
			})
		},
		"WakeNoticesOf": func(t *testing.T, o *office) swept {
			o.bound(t, "委员", "o-1")
			waits(t, o, "委员")
			o.settle(t, o.lease(t, 1)[0], handlers.Fate{Shut: true})
			return sweptHouse(func(ctx context.Context, h *handlers.Handlers) error { return h.WakeNoticesOf(ctx, "o-1") })
		},
		"EmptyGraves": func(t *testing.T, o *office) swept {
			if err := o.Bury(t.Context(), "wx:1", "event new", "unknown kind", "<xml/>"); err != nil {
				t.Fatal(err)
			}
			o.report(t, "4711", handlers.ReportSuccess)
			o.set(morning.AddDate(0, 0, 40))
			return sweptHouse(func(ctx context.Context, h *handlers.Handlers) error { return h.EmptyGraves(ctx) })
		},
		"JobDone": func(_ *testing.T, _ *office) swept {
			return sweptHouse(func(ctx context.Context, h *handlers.Handlers) error {
				return h.JobDone(ctx, "duty", morningDay().At(7, 40))
			})
		},
	}
}

// waits queues the news of a result for somebody.
func waits(t *testing.T, o *office, name string) {
	t.Helper()
	err := o.db.Write(t.Context(), func(tx *models.Tx) error {
		return tx.AddNotice(&models.Notice{PersonID: o.ids[name], Kind: handlers.NoticeResult, Class: 2, Words: map[string]string{}})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func lateReply(t *testing.T, o *office) {
	t.Helper()
	if err := o.ReplyLate(t.Context(), o.by("o-1", "late"), "迟到的回答"); err != nil {
		t.Fatal(err)
	}
}
