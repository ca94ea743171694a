package handlers_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
)

// admitted adds people to an office.
func (o *office) admitted(t testing.TB, people ...handlers.PersonEntry) {
	t.Helper()
	for i := range people {
		people[i].From, people[i].Phone = calendar.Date{Year: 2024, Month: 1, Day: 1}, "1880000000"+string(rune('0'+i))
	}
	o.job(t, o.key(), func(d *handlers.Desk) error {
		done, err := d.Admit(handlers.Register{People: people})
		for i, p := range people {
			o.ids[p.Name] = done.IDs[i]
		}
		return err
	})
}

func (o *office) kin(t testing.TB, a, b string) {
	t.Helper()
	o.job(t, o.key(), func(d *handlers.Desk) error { return d.AddKin(o.ids[a], o.ids[b], "兄弟姐妹") })
}

// deputized lets somebody go on leave with a deputy who has accepted.
func (o *office) deputized(t testing.TB, name, by, deputy string, s calendar.Span) handlers.Leave {
	t.Helper()
	req := request(s)
	req.DeputyID = o.ids[deputy]
	l := o.granted(t, name, by, req)
	if refused := o.leave(t, deputy, func(d *handlers.Desk) (handlers.Leave, error) { return d.AcceptDeputy(l.Number) }); refused != "" {
		t.Fatalf("%s for %s: %s", deputy, name, refused)
	}
	return l
}

// Whom a leave waits for. Today is Monday, 28 September; whoever is away is away
// today and tomorrow.
func TestWhomALeaveWaitsFor(t *testing.T) {
	t.Parallel()
	away := days(time.September, 28, 29)
	for name, tc := range map[string]struct {
		prepare func(*testing.T, *office)
		who     string
		days    int    // of the leave, one if 0
		by      string // who enters it from paper
		want    string // of those in line, the first
		bars    []string
	}{
		"one of the others waits for the 书记":         {who: "委员", want: "书记", bars: []string{"主任", "东镇党委", "组织部"}},
		"the 书记 waits for the town":                  {who: "书记", want: "东镇党委", bars: []string{"书记", "主任"}},
		"the 主任 waits for the town":                  {who: "主任", want: "东镇党委", bars: []string{"书记"}},
		"who is both waits for the town":             {who: "一肩挑", want: "西镇党委", bars: []string{"一肩挑", "东镇党委"}},
		"a long one of the others waits for the 书记":  {who: "委员", days: 30, want: "书记"},
		"the 书记 is a relative":                       {who: "委员", want: "东镇党委", bars: []string{"书记"}, prepare: func(t *testing.T, o *office) { o.kin(t, "书记", "委员") }},
		"the 书记 and the town's leader are relatives": {who: "委员", want: "组织部", bars: []string{"书记", "东镇党委"}, prepare: func(t *testing.T, o *office) { o.kin(t, "书记", "委员"); o.kin(t, "委员", "东镇党委") }},
		"the town has a second leader": {who: "书记", want: "东镇副", prepare: func(t *testing.T, o *office) {
			o.admitted(t, handlers.PersonEntry{Name: "东镇副", Town: "东镇", Roles: []handlers.RoleName{handlers.TownLeader}})
			o.kin(t, "书记", "东镇党委")
		}},
		"the 书记 is away with a deputy": {
			who: "委员", want: "副书记", bars: []string{"书记", "东镇党委"},
			prepare: func(t *testing.T, o *office) { o.deputized(t, "书记", "东镇党委", "副书记", away) },
		},
		"the 书记 is away without one": {
			who: "委员", want: "东镇党委", bars: []string{"书记"},
			prepare: func(t *testing.T, o *office) { o.granted(t, "书记", "东镇党委", request(away)) },
		},
		"the deputy has not accepted": {who: "委员", want: "东镇党委", bars: []string{"副书记"}, prepare: func(t *testing.T, o *office) {
			req := request(away)
			req.DeputyID = o.ids["副书记"]
			o.granted(t, "书记", "东镇党委", req)
		}},
		"the deputy has declined": {who: "委员", want: "东镇党委", bars: []string{"副书记"}, prepare: func(t *testing.T, o *office) {
			req := request(away)
			req.DeputyID = o.ids["副书记"]
			l := o.granted(t, "书记", "东镇党委", req)
			o.leave(t, "副书记", func(d *handlers.Desk) (handlers.Leave, error) { return d.DeclineDeputy(l.Number) })
		}},
		"the deputy himself asks": {
			who: "副书记", want: "东镇党委", bars: []string{"副书记"},
			prepare: func(t *testing.T, o *office) { o.deputized(t, "书记", "东镇党委", "副书记", away) },
		},
		"the deputy is a relative of who asks": {who: "委员", want: "东镇党委", bars: []string{"副书记"}, prepare: func(t *testing.T, o *office) {
			o.deputized(t, "书记", "东镇党委", "副书记", away)
			o.kin(t, "委员", "副书记")
		}},
		"the 书记 is a relative, and his deputy is not": {who: "委员", want: "东镇党委", bars: []string{"副书记"}, prepare: func(t *testing.T, o *office) {
			o.deputized(t, "书记", "东镇党委", "副书记", away)
			o.kin(t, "委员", "书记")
		}},
		"the deputy went on leave too": {who: "委员", want: "主任", bars: []string{"副书记", "书记"}, prepare: func(t *testing.T, o *office) {
			o.deputized(t, "书记", "东镇党委", "副书记", days(time.September, 28, 30))
			o.deputized(t, "副书记", "东镇党委", "主任", away)
		}},
		"the 书记 goes tomorrow": {
			who: "委员", want: "书记",
			prepare: func(t *testing.T, o *office) {
				o.deputized(t, "书记", "东镇党委", "副书记", days(time.September, 29, 30))
			},
		},
		"the 书记 is back early": {who: "委员", want: "书记", bars: []string{"副书记"}, prepare: func(t *testing.T, o *office) {
			o.deputized(t, "书记", "东镇党委", "副书记", away)
			if refused := o.leave(t, "书记", back(0, calendar.Half{})); refused != "" {
				t.Fatal(refused)
			}
		}},
		"the 书记 enters it from paper":   {who: "委员", by: "书记", want: "东镇党委", bars: []string{"书记", "主任"}},
		"the town enters it from paper": {who: "委员", by: "东镇干事", want: "书记", bars: []string{"东镇党委"}},
		"the 书记 enters it from paper and goes away with a deputy": {
			who: "委员", by: "书记", want: "东镇党委", bars: []string{"书记", "副书记"},
			prepare: func(t *testing.T, o *office) { o.deputized(t, "书记", "东镇党委", "副书记", away) },
		},
		"the town's leader is a relative of the 书记 who enters it from paper": {
			who: "委员", by: "书记", want: "组织部", bars: []string{"书记", "东镇党委"},
			prepare: func(t *testing.T, o *office) { o.kin(t, "书记", "东镇党委") },
		},
		"who is staff and leader of the town enters it from paper": {
			who: "书记", by: "东镇副", want: "东镇党委", bars: []string{"东镇副"},
			prepare: func(t *testing.T, o *office) {
				o.admitted(t, handlers.PersonEntry{Name: "东镇副", Town: "东镇", Roles: []handlers.RoleName{handlers.TownStaff, handlers.TownLeader}})
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachOffice(t, func(t *testing.T, o *office) {
				if tc.prepare != nil {
					tc.prepare(t, o)
				}
				req, by := request(calendar.Span{First: on(time.October, 12), Last: on(time.October, 12).Add(max(tc.days, 1) - 1)}), tc.who
				if tc.by != "" {
					by, req.PersonID, req.PaperRef = tc.by, o.ids[tc.who], "第7号"
				}
				l := o.asked(t, by, req)
				if l.Approver != tc.want {
					t.Errorf("waits for %s, want %s", l.Approver, tc.want)
				}
				if got := o.notices(t, tc.want, handlers.NoticeLeaveAsk); !slices.ContainsFunc(got, func(w map[string]string) bool { return w["no"] == strconv.Itoa(l.Number) }) {
					t.Errorf("%s was told %v", tc.want, got)
				}
				for _, who := range append(tc.bars, tc.who) {
					if refused := o.leave(t, who, approve(l.Number)); refused == "" {
						t.Errorf("%s may approve", who)
					}
					if slices.Contains(o.pending(t, who), l.Number) {
						t.Errorf("it stands in what waits for %s", who)
					}
				}
				if !slices.Contains(o.pending(t, tc.want), l.Number) {
					t.Errorf("it does not stand in what waits for %s", tc.want)
				}
				if refused := o.leave(t, tc.want, approve(l.Number)); refused != "" {
					t.Errorf("%s approves: %s", tc.want, refused)
				}
			})
		})
	}
}

// The county may have long leaves decided above.
func TestLengthsThatGoUp(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.inCounty(t, func(c *handlers.County) { c.Leave.TownAbove, c.Leave.CountyAbove = 3, 10 })
		for i, tc := range []struct {
			who  string
			span calendar.Span
			want string
		}{
			{"委员", days(time.October, 12, 14), "书记"},
			{"委员", half(days(time.October, 12, 15), false, true), "东镇党委"},
			{"委员", days(time.October, 12, 22), "组织部"},
			{"主任", days(time.October, 12, 14), "东镇党委"},
			{"主任", days(time.October, 12, 22), "组织部"},
		} {
			l := o.asked(t, tc.who, request(tc.span))
			if l.Approver != tc.want {
				t.Errorf("%d: waits for %s, want %s", i, l.Approver, tc.want)
			}
			o.leave(t, tc.who, func(d *handlers.Desk) (handlers.Leave, error) { return d.WithdrawLeave(0) })
		}
		l := o.granted(t, "委员", "书记", request(days(time.October, 12, 14)))
		o.set(on(time.October, 14).At(9, 0))
		ext := models.Leave{}
		refused := o.leave(t, "委员", func(d *handlers.Desk) (handlers.Leave, error) {
			got, err := d.ExtendLeave(l.Number, calendar.Half{Day: on(time.October, 15), Noon: true}, "车停运")
			ext = got.Leave
			return got, err
		})
		if refused != "" || ext.Level != 2 {
			t.Errorf("an extension to four days goes to level %d: %s", ext.Level, refused)
		}
	})
}

// What waits goes to the deputy when the leave begins, and back when it is over;
// each is told once.
func TestWhatWaitsFollowsTheLeave(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		waits := o.asked(t, "委员", request(days(time.October, 20, 21)))
		o.deputized(t, "书记", "东镇党委", "副书记", half(days(time.October, 12, 14), true, false))
		route := func() { o.job(t, o.key(), (*handlers.Desk).RouteLeaves) }
		for _, step := range []struct {
			at       time.Time
			act      func()
			waits    string
			told     int // of the deputy
			toldHead int
		}{
			{on(10, 12).At(7, 50), route, "书记", 0, 1},
			{on(10, 12).At(12, 5), route, "副书记", 1, 1},
			{on(10, 13).At(7, 50), route, "副书记", 1, 1},
			{on(10, 14).At(9, 0), func() {
				if refused := o.leave(t, "书记", back(0, calendar.Half{})); refused != "" {
					t.Error(refused)
				}
			}, "书记", 1, 2},
			{on(10, 15).At(7, 50), route, "书记", 1, 2},
		} {
			o.set(step.at)
			step.act()
			if got := o.seen(t, "委员", waits.Number).Approver; got != step.waits {
				t.Errorf("on %s it waits for %s, want %s", step.at, got, step.waits)
			}
			deputy, head := o.notices(t, "副书记", handlers.NoticeLeaveAsk), o.notices(t, "书记", handlers.NoticeLeaveAsk)
			if len(deputy) != step.told || len(head) != step.toldHead {
				t.Errorf("on %s the deputy was told %d times and the head %d times", step.at, len(deputy), len(head))
			}
		}
	})
}

func TestDeputies(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		req := request(days(time.October, 12, 14))
		req.DeputyID = o.ids["主任"]
		l := o.asked(t, "书记", req)
		act := func(fn func(*handlers.Desk, int) (handlers.Leave, error), no int) func(*handlers.Desk) (handlers.Leave, error) {
			return func(d *handlers.Desk) (handlers.Leave, error) { return fn(d, no) }
		}
		name := func(who string) func(*handlers.Desk) (handlers.Leave, error) {
			return func(d *handlers.Desk) (handlers.Leave, error) { return d.NameDeputy(l.Number, o.ids[who]) }
		}
		for i, step := range []struct {
			who  string
			do   func(*handlers.Desk) (handlers.Leave, error)
			want string
		}{
			{"副书记", act((*handlers.Desk).AcceptDeputy, 1), "1号假条没有请您代理，或者已经结束。"},
			{"副书记", act((*handlers.Desk).AcceptDeputy, 0), "没有请您代理的假条。"},
			{"主任", act((*handlers.Desk).DeclineDeputy, 0), ""},
			{"主任", act((*handlers.Desk).AcceptDeputy, 1), "1号假条的代理您已经答复过了。"},
			{"书记", name("乙委员"), "代理人要是甲村在任的村干部。"},
			{"书记", name("副书记"), ""},
			{"主任", act((*handlers.Desk).AcceptDeputy, 1), "1号假条没有请您代理，或者已经结束。"},
			{"副书记", act((*handlers.Desk).AcceptDeputy, 1), ""},
			{"书记", name("主任"), "1号假条的代理人已经同意代理，不能换人。"},
			{"委员", name("主任"), "您没有1号假条。"},
		} {
			if got := o.leave(t, step.who, step.do); got != step.want {
				t.Errorf("step %d: %q, want %q", i, got, step.want)
			}
		}
		var heard []string
		for _, words := range o.notices(t, "书记", handlers.NoticeLeaveSaid) {
			heard = append(heard, words["said"])
		}
		slices.Sort(heard)
		if want := []string{"主任不能代理，请另请一位", "副书记同意代理"}; !slices.Equal(heard, want) {
			t.Errorf("the 书记 heard %v", heard)
		}
	})
}

func TestKin(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		add := func(a, b, relation string) func(*handlers.Desk) error {
			return func(d *handlers.Desk) error { return d.AddKin(o.ids[a], o.ids[b], relation) }
		}
		remove := func(d *handlers.Desk) error { return d.RemoveKin(o.ids["委员"], o.ids["书记"]) }
		waits := o.asked(t, "委员", request(days(time.October, 12, 13)))
		for i, step := range []struct {
			who  string
			do   func(*handlers.Desk) error
			want string
		}{
			{"书记", add("书记", "委员", "夫妻"), "没有办理这件事的权限"},
			{"西镇党委", add("书记", "委员", "夫妻"), "没有办理这件事的权限"},
			{"东镇干事", add("书记", "委员", "朋友"), "关系应是夫妻、父母子女"},
			{"东镇干事", add("书记", "书记", "夫妻"), "同一个人"},
			{"东镇干事", remove, "没有登记亲属关系"},
			{"东镇干事", add("书记", "委员", "夫妻"), ""},
			{"组织部", add("委员", "书记", "夫妻"), "已经登记过了"},
			{"西镇党委", remove, "没有办理这件事的权限"},
		} {
			if got := o.do(t, step.who, o.key(), step.do); (got == "") != (step.want == "") || !strings.Contains(got, step.want) {
				t.Errorf("step %d: %q, want %q", i, got, step.want)
			}
		}
		if got := o.seen(t, "委员", waits.Number).Approver; got != "东镇党委" || len(o.notices(t, "东镇党委", handlers.NoticeLeaveAsk)) != 1 {
			t.Errorf("what waited for a relative waits for %s", got)
		}
		for _, who := range []string{"书记", "委员"} {
			o.look(t, who, func(v *handlers.View) error {
				got, err := v.Kin(o.ids[who])
				if err != nil || len(got) != 1 || got[0].Relation != "夫妻" || got[0].Name == who {
					t.Errorf("kin of %s: %v, %v", who, got, err)
				}
				return err
			})
		}
		if said := o.look(t, "主任", func(v *handlers.View) error { _, err := v.Kin(o.ids["书记"]); return err }); said == "" {
			t.Error("anybody reads who is kin to whom")
		}
		if got := o.do(t, "东镇干事", o.key(), remove); got != "" {
			t.Error(got)
		}
	})
}
