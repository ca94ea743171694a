package handlers_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/scoring"
)

// What a quarter's records hold against the 委员 of 甲村, in the results.
func TestLeaveCountsInTheQuarter(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		sep := func(first, last int) calendar.Span { return days(time.September, first, last) }
		for _, l := range []struct {
			who, by  string
			span     calendar.Span
			urgent   bool // and found to be none
			asked    calendar.Date
			reported time.Time // zero: never
			back     calendar.Half
		}{
			{who: "委员", by: "书记", span: sep(1, 2), asked: on(8, 31), reported: on(9, 2).At(18, 0)},
			{who: "委员", by: "书记", span: sep(7, 8), asked: on(9, 8), urgent: true, reported: on(9, 11).At(9, 0)},
			{who: "委员", by: "书记", span: sep(14, 15), asked: on(9, 14), reported: on(9, 18).At(9, 0), back: calendar.Half{Day: on(9, 16)}},
			{who: "主任", by: "东镇党委", span: sep(27, 28), asked: on(9, 27)}, // never reported
			{who: "副书记", by: "书记", span: days(time.June, 25, 28), asked: on(6, 24), reported: on(7, 3).At(9, 0)},
		} {
			o.set(l.asked.At(8, 0))
			req := request(l.span)
			req.Emergency = l.urgent
			asked := o.asked(t, l.who, req)
			o.leave(t, l.by, func(d *handlers.Desk) (handlers.Leave, error) {
				return d.ApproveLeave(asked.Number, handlers.Approval{NotUrgent: l.urgent})
			})
			if !l.reported.IsZero() {
				o.set(l.reported)
				if refused := o.leave(t, l.who, back(0, l.back)); refused != "" {
					t.Fatal(refused)
				}
			}
		}
		o.set(morning)
		reviewed(t, o)
		want := map[string][]string{
			"委员": {
				"2026-09-07 leave_filed_late 2号假条，离开以后才补",
				"2026-09-09 overstay_day 2号假条，批到9月8日 周二", "2026-09-10 overstay_day 2号假条，批到9月8日 周二",
				"2026-09-10 return_not_reported 2号假条，9月11日 周五 09:00销假",
				"2026-09-17 return_not_reported 3号假条，9月18日 周五 09:00销假",
			},
			"主任": {
				"2026-09-29 overstay_day 4号假条，批到9月28日 周一",
				"2026-09-30 overstay_day 4号假条，批到9月28日 周一", "2026-09-30 return_not_reported 4号假条，还没有销假",
			},
			"副书记": {"2026-07-01 overstay_day 5号假条，批到6月28日 周日", "2026-07-02 overstay_day 5号假条，批到6月28日 周日"},
			"书记":  nil, "乙委员": nil,
		}
		for who, records := range want {
			fact := o.fact(t, who, "D3.1")
			var got []string
			for _, r := range fact.Records {
				got = append(got, strings.Join([]string{r.Date.String(), r.Event, r.Note}, " "))
			}
			if diff := cmp.Diff(records, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", who, diff)
			}
			for _, event := range []string{"leave_filed_late", "overstay_day", "return_not_reported"} {
				n := int64(0)
				for _, r := range fact.Records {
					if r.Event == event {
						n++
					}
				}
				if fact.Value.Count(event) != n {
					t.Errorf("%s: %d of %s, and %d records", who, fact.Value.Count(event), event, n)
				}
			}
		}
	})
}

// fact is what a result of the quarter was computed from.
func (o *office) fact(t testing.TB, name, check string) (f scoring.Fact) {
	t.Helper()
	err := o.db.Read(t.Context(), func(tx *models.Tx) error {
		for _, seq := range o.cycle(t).Sequences {
			rows, err := tx.Results(seq.ID, seq.Round)
			if err != nil {
				return err
			}
			for _, r := range rows {
				var d handlers.Dossier
				if r.PersonID != o.ids[name] {
					continue
				}
				if err := json.Unmarshal([]byte(r.Facts), &d); err != nil {
					return err
				}
				f = d.Cadre[check]
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// Duty of three working days in September: who answers for what is missed while
// he, or everybody who could be there, is on leave.
func TestLeaveExcusesDuty(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		leave map[string]calendar.Span // by name
		back  map[string]calendar.Half // who came back early
		heads map[string]int           // days without a 正职 that each answers for, of three
		duty  map[string]int           // shifts missed
	}{
		"nobody on leave": {heads: map[string]int{"书记": 3, "主任": 3}},
		"the 主任 for one day": {
			leave: map[string]calendar.Span{"主任": days(time.September, 22, 22)}, heads: map[string]int{"书记": 3, "主任": 2},
		},
		"the 主任 for half a day": {
			leave: map[string]calendar.Span{"主任": half(days(time.September, 22, 22), true, false)}, heads: map[string]int{"书记": 3, "主任": 3},
		},
		"both for one day: the 书记 answers": {
			leave: map[string]calendar.Span{"主任": days(time.September, 22, 22), "书记": days(time.September, 22, 22)}, heads: map[string]int{"书记": 3, "主任": 2},
		},
		"the 书记 for all days, the 主任 back after one": {
			leave: map[string]calendar.Span{"书记": days(time.September, 21, 23), "主任": days(time.September, 21, 23)},
			back:  map[string]calendar.Half{"主任": {Day: on(9, 22)}},
			heads: map[string]int{"书记": 1, "主任": 2},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachOffice(t, func(t *testing.T, o *office) {
				o.set(on(9, 20).At(12, 0))
				shifts := o.roster(t, "甲村", on(9, 21), on(9, 23))
				for who, span := range tc.leave {
					o.granted(t, who, "东镇党委", request(span))
				}
				for who, at := range tc.back {
					o.set(at.Day.At(8, 0))
					if refused := o.leave(t, who, back(0, at)); refused != "" {
						t.Fatal(refused)
					}
				}
				o.set(morning)
				reviewed(t, o)
				for _, who := range []string{"书记", "主任", "委员", "副书记"} {
					missed := 0
					for _, s := range shifts {
						span, away := tc.leave[who], false
						if l, ok := tc.back[who]; ok {
							span.Last = l.Day.Add(-1)
						}
						if _, asked := tc.leave[who]; asked {
							away = span.Has(calendar.Half{Day: s.Day}) && span.Has(calendar.Half{Day: s.Day, Noon: true})
						}
						if s.PersonID == o.ids[who] && !away {
							missed++
						}
					}
					fact := o.fact(t, who, "D1.1")
					if got := int(fact.Value.Count("no_head_on_site_day")); got != tc.heads[who] {
						t.Errorf("%s answers for %d days without a 正职, want %d", who, got, tc.heads[who])
					}
					if got := int(fact.Value.Count("duty_absent")); got != missed {
						t.Errorf("%s missed %d shifts, want %d", who, got, missed)
					}
				}
			})
		})
	}
}

// Nobody on leave is on the roster, reminded, or asked to check in.
func TestLeaveAndTheRoster(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		rest := on(10, 4) // a Sunday
		before := o.roster(t, "甲村", rest, rest)
		for _, s := range before {
			who := o.named(s.PersonID)
			by := "书记"
			if who == "书记" || who == "主任" {
				by = "东镇党委"
			}
			o.granted(t, who, by, request(calendar.Span{First: rest.Add(-1), Last: rest}))
		}
		o.set(rest.At(7, 40))
		o.job(t, o.key(), func(d *handlers.Desk) error { return d.RemindDuty(rest) })
		for _, s := range before {
			who := o.named(s.PersonID)
			if got := o.notices(t, who, handlers.NoticeDuty); len(got) > 0 {
				t.Errorf("%s is on leave and reminded: %v", who, got)
			}
			o.look(t, who, func(v *handlers.View) error {
				tasks, err := v.Todo()
				if !slices.ContainsFunc(tasks, func(k handlers.Task) bool { return k.Say == "销假" }) || slices.ContainsFunc(tasks, func(k handlers.Task) bool { return k.Say == "签到" }) {
					t.Errorf("%s has to do %v", who, tasks)
				}
				duty, err2 := v.OnDuty(s.VillageID, calendar.Date{})
				for _, p := range duty.People {
					if !p.OnLeave {
						t.Errorf("%s is shown as there", p.Name)
					}
				}
				if on, err := v.OnLeave(s.PersonID, calendar.Half{Day: rest}); err != nil || !on {
					t.Errorf("%s is not on leave: %v", who, err)
				}
				if err == nil {
					err = err2
				}
				return err
			})
		}
		for _, s := range o.roster(t, "甲村", rest.Add(-1), rest.Add(-1)) {
			for _, b := range before {
				if s.PersonID == b.PersonID {
					t.Errorf("%s is on leave and on the roster", o.named(s.PersonID))
				}
			}
		}
	})
}

func (o *office) named(id string) string {
	for name, one := range o.ids {
		if one == id {
			return name
		}
	}
	return ""
}

// The tasks of a leave: to decide, to stand in, to come back.
func TestTasksOfLeave(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		req := request(days(time.October, 12, 13))
		req.DeputyID = o.ids["副书记"]
		o.asked(t, "委员", req)
		says := func(name string) (out []string) {
			o.look(t, name, func(v *handlers.View) error {
				tasks, err := v.Todo()
				for _, k := range tasks {
					if strings.Contains(k.Say+k.Look, "假") || strings.Contains(k.Say, "同意") {
						out = append(out, k.Text+"|"+k.Say)
					}
				}
				return err
			})
			return out
		}
		want := map[string][]string{
			"书记": {"甲村委员事假10月12日至10月13日，2天，送孩子上学，待您审批|同意1"}, "副书记": {"委员10月12日至10月13日请假，请您代理|同意代理1"},
		}
		check := func(when string) {
			t.Helper()
			for _, who := range []string{"书记", "副书记", "委员", "主任", "东镇党委"} {
				if diff := cmp.Diff(want[who], says(who)); diff != "" {
					t.Errorf("%s, %s (-want +got):\n%s", when, who, diff)
				}
			}
		}
		check("asked")
		o.leave(t, "书记", approve(1))
		delete(want, "书记")
		check("approved")
		o.set(on(10, 13).At(8, 0))
		want["委员"] = []string{"10月13日 周二到期，回村后请销假|销假"}
		check("on the last day")
		o.leave(t, "委员", back(0, calendar.Half{}))
		check2 := map[string][]string{}
		want = check2
		check("back")
	})
}
