package handlers_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
)

// notes looks at a leave before it is asked for.
func (o *office) notes(t testing.TB, name string, s calendar.Span) (n handlers.LeaveNotes) {
	t.Helper()
	req := handlers.LeaveRequest{Span: s}
	if refused := o.look(t, name, func(v *handlers.View) (err error) { n, err = v.LeaveNotes(req); return err }); refused != "" {
		t.Fatalf("notes of %s: %s", name, refused)
	}
	return n
}

// said are the notes of a kind, with their ways.
func said(n handlers.LeaveNotes, kind string) (out []string) {
	for _, note := range n.Notes {
		if note.Kind == kind {
			out = append(out, strings.Join(append([]string{note.Text}, note.Ways...), "|"))
		}
	}
	return out
}

func half(s calendar.Span, fromNoon, toNoon bool) calendar.Span {
	s.FromNoon, s.ToNoon = fromNoon, toNoon
	return s
}

// The 书记 is away from Wednesday 14 to Friday 16 October; the two 正职 must not
// be away at once on a working day. 10 October is worked in exchange for a holiday.
func TestWhoIsLeftInTheVillage(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.granted(t, "书记", "东镇党委", request(days(time.October, 14, 16)))
		for name, tc := range map[string]struct {
			who   string
			span  calendar.Span
			head  []string
			many  []string
			words string
		}{
			"none of the days": {who: "主任", span: days(time.October, 12, 13), words: "10月12日至10月13日，2天"},
			"one of the days": {
				who: "主任", span: days(time.October, 13, 14), words: "10月13日至10月14日，2天",
				head: []string{"14日书记、主任都不在，违反至少一名正职在岗|改请10月12日至10月13日（2天）|改请10月13日（1天）"},
			},
			"the afternoon of one": {
				who: "主任", span: half(days(time.October, 14, 14), true, false), words: "10月14日下午，半天",
				head: []string{"14日书记、主任都不在，违反至少一名正职在岗|改请10月13日下午（半天）|改请10月12日下午（半天）"},
			},
			"all of the days, with a weekend behind": {
				who: "主任", span: days(time.October, 14, 19), words: "10月14日至10月19日，6天（其中工作日4天）",
				head: []string{"14日至16日书记、主任都不在，违反至少一名正职在岗|改请10月17日至10月22日（6天）|改请10月17日至10月19日（3天）"},
			},
			"a weekend, on which duty is by shift": {who: "主任", span: days(time.October, 17, 18), words: "10月17日至10月18日，2天（都是休息日）"},
			"not one of the 正职":                    {who: "委员", span: days(time.October, 14, 14), words: "10月14日，1天"},
		} {
			got := o.notes(t, tc.who, tc.span)
			for i, h := range tc.head {
				tc.head[i] = "10月" + h
			}
			if diff := cmp.Diff([]any{tc.head, tc.many, tc.words}, []any{said(got, handlers.NoteNoHead), said(got, handlers.NoteTooMany), got.Words}); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
			for _, b := range got.Better {
				if again := o.notes(t, tc.who, b); len(again.Better) > 0 || said(again, handlers.NoteNoHead) != nil {
					t.Errorf("%s: what is proposed leaves a gap itself: %v", name, again)
				}
			}
		}
		o.granted(t, "副书记", "书记", request(days(time.October, 14, 14)))
		if got := said(o.notes(t, "委员", days(time.October, 13, 14)), handlers.NoteTooMany); len(got) != 1 || !strings.HasPrefix(got[0], "10月14日村里4名干部有3名不在，超过50%|改请10月12日至10月13日（2天）|改请10月13日（1天）") {
			t.Errorf("three of four away: %v", got)
		}
	})
}

func TestTheDeputySecretaryCoversALonelyHead(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		if got := o.notes(t, "一肩挑", days(time.October, 14, 14)); len(got.Notes) != 0 || got.Approver != "西镇党委" {
			t.Errorf("with the deputy secretary there: %+v", got)
		}
		o.granted(t, "乙副书记", "一肩挑", request(days(time.October, 14, 14)))
		got := said(o.notes(t, "一肩挑", days(time.October, 14, 14)), handlers.NoteNoHead)
		if len(got) != 1 || !strings.HasPrefix(got[0], "10月14日书记、主任、副书记都不在") {
			t.Errorf("with the deputy secretary away: %v", got)
		}
	})
}

func TestOwnShiftsAreToBeSwapped(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		shifts := o.roster(t, "甲村", on(10, 5), on(10, 12))
		var saturday, desk calendar.Date // the 委员's
		o.look(t, "委员", func(v *handlers.View) error {
			mine, _, err := v.MyShifts(20)
			for _, s := range mine {
				if s.Kind == "rest" && saturday.IsZero() {
					saturday = s.Shift.Day
				}
				if s.Kind == "desk" && desk.IsZero() {
					desk = s.Shift.Day
				}
			}
			return err
		})
		if saturday.IsZero() || desk.IsZero() {
			t.Fatalf("the 委员 has no shift of both kinds in %v", shifts)
		}
		got := said(o.notes(t, "委员", calendar.Span{First: saturday, Last: saturday}), handlers.NoteShift)
		if len(got) != 1 || !strings.Contains(got[0], "带班要调给别人|调给") {
			t.Errorf("a shift of a day off: %v", got)
		}
		got = said(o.notes(t, "委员", half(calendar.Span{First: desk, Last: desk}, false, true)), handlers.NoteShift)
		if len(got) != 1 || !strings.Contains(got[0], "另外半天要到岗签到") {
			t.Errorf("half a desk shift: %v", got)
		}
		if slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, "调给") }) {
			t.Errorf("half a desk shift is not swapped: %v", got)
		}
	})
}
