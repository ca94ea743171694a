package handlers_test

import (
	"strings"
	"testing"
	"time"

	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/sheet"
)

func (o *office) fence(t testing.TB, name string, entries ...handlers.FenceEntry) string {
	t.Helper()
	return o.do(t, name, o.key(), func(d *handlers.Desk) error { return d.SetFences("范围.csv", entries) })
}

// TestWhereSomebodyIs is the fence at its edges: a degree of latitude is 111,195 m.
func TestWhereSomebodyIs(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		at := func(decimetres int) handlers.Spot {
			return handlers.Spot{Latitude: 30_000_000 + decimetres*1_000_000/1_111_951, Longitude: 120_000_000}
		}
		where := func(name string, s handlers.Spot) (p handlers.Presence, refused string) {
			refused = o.look(t, name, func(v *handlers.View) (err error) { p, err = v.Locate(s); return err })
			return p, refused
		}
		if got, _ := where("委员", at(0)); got.Verdict != models.VerdictUnknown {
			t.Errorf("without a fence: %v", got)
		}
		if refused := o.fence(t, "东镇干事",
			handlers.FenceEntry{Village: "甲村", Spot: handlers.Spot{Latitude: 30_000_000, Longitude: 120_000_000}, Radius: 300},
			handlers.FenceEntry{Village: "甲村", Spot: handlers.Spot{Latitude: 30_100_000, Longitude: 120_000_000}, Radius: 500}); refused != "" {
			t.Fatal(refused)
		}
		for decimetres, want := range map[int]handlers.Presence{
			0:         {Verdict: models.VerdictIn},
			2990:      {Verdict: models.VerdictIn},
			3005:      {Verdict: models.VerdictIn}, // less than a metre beyond is not beyond
			3020:      {Verdict: models.VerdictOut, Distance: "500米内"},
			7990:      {Verdict: models.VerdictOut, Distance: "500米内"},
			8020:      {Verdict: models.VerdictOut, Distance: "2公里内"},
			22_990:    {Verdict: models.VerdictOut, Distance: "2公里内"},
			23_020:    {Verdict: models.VerdictOut, Distance: "更远"},
			110_000:   {Verdict: models.VerdictIn}, // of the other place
			9_000_000: {Verdict: models.VerdictOut, Distance: "更远"},
		} {
			if got, refused := where("委员", at(decimetres)); got != want || refused != "" {
				t.Errorf("%d dm: %v %q, want %v", decimetres, got, refused, want)
			}
		}
		for east, want := range map[int]models.Verdict{3100: models.VerdictIn, 3120: models.VerdictIn, 3130: models.VerdictOut} { // 298.5, 300.4 and 301.4 m
			if got, _ := where("委员", handlers.Spot{Latitude: 30_000_000, Longitude: 120_000_000 + east}); got.Verdict != want {
				t.Errorf("to the east by %d: %v", east, got)
			}
		}
		if _, refused := where("村民", at(0)); refused == "" {
			t.Error("a villager is located")
		}
	})
}

// TestCheckInWithAPlace: inside, outside with a reason, and none; the verdict is read by right.
func TestCheckInWithAPlace(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		in := func(name string, e handlers.Evidence) string {
			return o.do(t, name, o.key(), func(d *handlers.Desk) error { _, err := d.CheckInWith(e); return err })
		}
		out := handlers.Presence{Verdict: models.VerdictOut, Distance: "更远"}
		if refused := in("委员", handlers.Evidence{Presence: out}); !strings.Contains(refused, "在外面办什么事") {
			t.Errorf("outside, without a reason: %q", refused)
		}
		out.Reason = "去镇里开会"
		for name, p := range map[string]handlers.Presence{"委员": out, "主任": {Verdict: models.VerdictIn}, "书记": {Verdict: models.VerdictUnknown}} {
			if refused := in(name, handlers.Evidence{Presence: p}); refused != "" {
				t.Errorf("%s: %q", name, refused)
			}
		}
		if refused := in("委员", handlers.Evidence{Presence: out}); !strings.Contains(refused, "已经签到了") {
			t.Errorf("twice: %q", refused)
		}
		for name, reads := range map[string]bool{
			"书记": true, "主任": true, "监委": true, "东镇干事": true, "东镇党委": true, "组织部": true, "审计": true, "考核组": true,
			"委员": false, "副书记": false, "村民": false, "西镇党委": false, "管理员": false,
		} {
			var got map[string]handlers.Presence
			refused := o.look(t, name, func(v *handlers.View) (err error) {
				got, err = v.Verdicts(o.village(t, "甲村"), morningDay())
				return err
			})
			if reads != (refused == "") || reads && (len(got) != 3 || got[o.ids["委员"]] != out) {
				t.Errorf("%s reads %v, %q", name, got, refused)
			}
		}
	})
}

// TestAPlaceCountsWhenItWasSent: who is asked for a reason at the shift's end is not late by it.
func TestAPlaceCountsWhenItWasSent(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		shifts := o.roster(t, "甲村", morningDay(), morningDay())
		end := shifts[0].EndsAt
		e := handlers.Evidence{Presence: handlers.Presence{Verdict: models.VerdictOut, Reason: "开会"}, At: end.Add(-time.Minute)}
		o.set(end.Add(2 * time.Hour))
		name := o.named(shifts[0].PersonID)
		act := func(d *handlers.Desk) error {
			in, err := d.CheckInWith(e)
			if err == nil && !in.Arrival.At.Equal(e.At) {
				t.Errorf("it counts from %v", in.Arrival.At)
			}
			return err
		}
		if refused := o.do(t, name, o.key(), act); !strings.Contains(refused, "已经结束") {
			t.Errorf("two hours after: %q", refused)
		}
		o.set(end.Add(5 * time.Minute))
		if refused := o.do(t, name, o.key(), act); refused != "" {
			t.Errorf("five minutes after: %q", refused)
		}
	})
}

// TestFencesAreReadAndSetByRight is each mistake of the sheet, and who may bring it in.
func TestFencesAreReadAndSetByRight(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ line, wrong string }{
		"as it should be":   {"甲村,30.274512,119.998201,300,gcj02", ""},
		"with its unit":     {"甲村,30.274512,119.998201,500米,WGS-84", ""},
		"no village":        {",30.2,119.9,300,gcj02", "“村”没有写"},
		"the wrong way":     {"甲村,119.998201,30.274512,300,gcj02", "先纬度后经度"},
		"no number":         {"甲村,NaN,119.9,300,gcj02", "先纬度后经度"},
		"an exponent":       {"甲村,3e1,119.9,300,gcj02", "先纬度后经度"},
		"too small":         {"甲村,30.2,119.9,299,gcj02", "300到5000米"},
		"too large":         {"甲村,30.2,119.9,5001,gcj02", "300到5000米"},
		"an unknown system": {"甲村,30.2,119.9,300,bd09", "“坐标系”要写"},
	} {
		table, err := sheet.ReadCSV(strings.NewReader("村,纬度,经度,半径,坐标系\n"+tc.line+"\n"), sheet.DefaultLimits())
		if err != nil {
			t.Fatal(err)
		}
		got, err := handlers.ReadFences(table)
		if tc.wrong == "" && (err != nil || len(got) != 1) || tc.wrong != "" && (err == nil || !strings.Contains(err.Error(), tc.wrong)) {
			t.Errorf("%s: %v %v", name, got, err)
		}
	}
	eachOffice(t, func(t *testing.T, o *office) {
		of := func(village string) handlers.FenceEntry {
			return handlers.FenceEntry{Row: 2, Village: village, Spot: handlers.Spot{Latitude: 30_000_000, Longitude: 120_000_000}, Radius: 300}
		}
		for name, tc := range map[string]struct{ who, village, refused string }{
			"the town's own": {"东镇干事", "甲村", ""}, "its 党委": {"东镇党委", "丁村", ""}, "the county": {"组织部", "乙村", ""},
			"another town's": {"东镇干事", "乙村", "没有办理这件事的权限"}, "a secretary": {"书记", "甲村", "没有办理这件事的权限"},
			"no such village": {"组织部", "丙村", "第2行没有“丙村”"},
		} {
			if refused := o.fence(t, tc.who, of(tc.village)); tc.refused == "" && refused != "" || !strings.Contains(refused, tc.refused) {
				t.Errorf("%s: %q", name, refused)
			}
		}
	})
}
