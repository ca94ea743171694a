package handlers_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/sheet"
)

// register brings entries in.
func (o *office) register(t testing.TB, key string, people ...handlers.PersonEntry) {
	t.Helper()
	o.job(t, key, func(d *handlers.Desk) error { _, err := d.Admit(handlers.Register{People: people}); return err })
}

// bring brings a sheet of people in, as the operator does, and returns what is said.
func (o *office) bring(t testing.TB, key string, rows ...string) string {
	t.Helper()
	cells := make([][]string, len(rows))
	for i, row := range rows {
		cells[i] = strings.Split(row, " ")
		for j, c := range cells[i] {
			if c == "-" {
				cells[i][j] = ""
			}
		}
		cells[i] = append(cells[i], make([]string, len(handlers.RegisterColumns())-len(cells[i]))...)
	}
	return o.bringCells(t, key, cells)
}

func (o *office) bringCells(t testing.TB, key string, cells [][]string) string {
	t.Helper()
	var b bytes.Buffer
	if err := sheet.Write(&b, "人员登记", handlers.RegisterColumns(), cells); err != nil {
		t.Fatal(err)
	}
	table, err := sheet.Read(bytes.NewReader(b.Bytes()), sheet.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	r, err := handlers.ReadRegister(table)
	if err != nil {
		return refusal(t, err)
	}
	cmd := handlers.Command{Key: "job:" + key, Who: handlers.Who{Job: "test"}, Channel: handlers.ByJob}
	said, err := o.Do(t.Context(), cmd, func(d *handlers.Desk) (string, error) {
		done, err := d.Admit(r)
		return done.Words(), err
	})
	if err != nil {
		return refusal(t, err)
	}
	return said
}

func (o *office) registerRows(t testing.TB) (rows [][]string) {
	t.Helper()
	_, err := o.Look(t.Context(), handlers.Command{Key: "look", Who: handlers.Who{Job: "test"}, Channel: handlers.ByJob}, func(v *handlers.View) (_ string, err error) {
		rows, err = v.ExportRegister()
		return "", err
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// line is the exported row of somebody.
func (o *office) line(t testing.TB, name string) string {
	t.Helper()
	var out []string
	for _, row := range o.registerRows(t) {
		if row[0] == name {
			out = append(out, strings.Join(row[1:8], "|"))
		}
	}
	return strings.Join(out, "\n")
}

// TestWhoGoesAndWhoComes changes posts by the sheet that is exported: 离任, 换岗, a new phone,
// and back again.
func TestWhoGoesAndWhoComes(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		all := o.registerRows(t)
		if said := o.bringCells(t, "as it was", all); said != "已导入：新登记0人，变动0行，照旧17行。" {
			t.Errorf("as exported: %s", said)
		}
		if got := o.line(t, "一肩挑"); got != "199****0041|西镇|乙村|村党组织书记、村委会主任|2024-01-01||" {
			t.Errorf("two posts of one day: %s", got)
		}
		o.bound(t, "委员", "o-1")
		o.set(on(10, 8).At(9, 0))
		// The director goes, the member follows him, and a new member comes.
		said := o.bring(t, "changed",
			"主任 199****0011 东镇 甲村 村委会主任 2024/1/1 - 2026/10/9",
			"委员 199****0021 东镇 甲村 村委会委员 - - 2026.10.9",
			"委员 199****0021 东镇 甲村 村委会主任 2026/10/10",
			"新委员 13900000001 东镇 甲村 村委会委员 2026/10/10")
		if said != "已导入：新登记1人，变动3行，照旧0行。" {
			t.Fatal(said)
		}
		if got := o.line(t, "委员"); got != "199****0021|东镇|甲村|村委会主任|2026-10-10||\n199****0021|东镇|甲村|村委会委员|2024-01-01||2026-10-09" {
			t.Errorf("two tenures: %s", got)
		}
		post := func(at calendar.Date) (out string) {
			o.set(at.At(9, 0))
			o.look(t, "委员", func(v *handlers.View) error {
				me, err := v.WhoAmI()
				out = me.Post
				return err
			})
			return out
		}
		if a, b := post(on(10, 9)), post(on(10, 10)); a != "村委会委员" || b != "村委会主任" {
			t.Errorf("on the last day %s, on the first %s", a, b)
		}
		if said := o.bring(t, "mistaken, without a first day", "主任 199****0011 东镇 甲村 村委会主任 - - 在任"); !strings.Contains(said, "登记的是委员") {
			t.Errorf("two directors, without a first day: %s", said)
		}
		if said := o.bring(t, "mistaken", "主任 199****0011 东镇 甲村 村委会主任 2024/1/1 - 在任"); said != "甲村的村委会主任登记的是委员，从2026-10-10起。换成主任的，请在表里也给委员写一行截止日期。没有导入。" {
			t.Errorf("two directors: %s", said)
		}
		said = o.bring(t, "back", "主任 199****0011 东镇 甲村 村委会主任 2024/1/1 - 在任", "委员 199****0021 东镇 甲村 村委会主任 2026/10/10 - 2026/10/10")
		if said != "甲村的村委会主任登记的是委员，从2026-10-10起。换成主任的，请在表里也给委员写一行截止日期。没有导入。" {
			t.Errorf("two directors for a day: %s", said)
		}
		if said = o.bring(t, "phone", "书记 199****0001 - - - - - - 13700000007"); said != "已导入：新登记0人，变动1行，照旧0行。" {
			t.Fatal(said)
		}
		if got := o.line(t, "书记"); !strings.HasPrefix(got, "137****0007|") {
			t.Errorf("another phone: %s", got)
		}
		c := o.codes(t, "书记")
		if said := o.bind(t, "o-9", "k-9", handlers.Proof{Code: c.Code, Phone4: "0007"}); said != "" {
			t.Errorf("bound by the new phone: %s", said)
		}
	})
}

func TestWhatOfARegisterIsRefused(t *testing.T) {
	t.Parallel()
	o := newOffice(t, models.Source{File: t.TempDir() + "/test.db", Unsynced: true})
	o.openCycle(t, third)
	before := o.registerRows(t)
	for name, c := range map[string]struct {
		rows []string
		want string
	}{
		"somebody unknown, hidden": {[]string{"新人 139****0001 东镇 甲村 村委会委员 2026/1/1"}, "没有登记过手机号是139****0001的新人。"},
		"of another name":          {[]string{"别人 19900010001 东镇 甲村 村委会委员 2026/1/1"}, "别人的手机号已经登记在别人名下"},
		"another first day":        {[]string{"主任 199****0011 东镇 甲村 村委会主任 2026/2/1 - 2026/9/30"}, "主任已经登记为村委会主任，从2024-01-01起，和表里的起始日期2026-02-01不一样。"},
		"an end before it began":   {[]string{"主任 199****0011 东镇 甲村 村委会主任 - - 2023/12/1"}, "主任的村委会主任从2024-01-01起，不能在2023-12-01截止。"},
		"no such post":             {[]string{"主任 199****0011 东镇 甲村 村委会委员 - - 2026/9/30"}, "主任没有在任的村委会委员可以截止。"},
		"a second secretary":       {[]string{"委员 199****0021 东镇 甲村 村党组织书记 2026/10/1"}, "甲村的村党组织书记登记的是书记"},
		"a phone of somebody":      {[]string{"主任 199****0011 - - - - - - 19900010001"}, "主任的新手机号已经登记在别人名下"},
		"half a phone":             {[]string{"主任 199****0011 - - - - - - 1990000"}, "第2行“新手机号”要11位数字。"},
		"no first day":             {[]string{"新人 13900000001 东镇 甲村 村委会委员 - - 2026/12/1"}, "没有登记过新人"},
		"a day that is none":       {[]string{"主任 199****0011 东镇 甲村 村委会主任 - - 月底"}, "第2行“截止日期”要写成 2026-01-05 的样子"},
		"the wrong way round":      {[]string{"新人 13900000001 东镇 甲村 村委会委员 2026/3/1 - 2026/2/1"}, "第2行“截止日期”在“起始日期”前面。"},
		"nothing of it, for one":   {[]string{"主任 199****0011 东镇 甲村 村委会主任 - - 2026/10/9", "别人 19900010001 东镇 甲村 村委会委员 2026/1/1"}, "没有导入"},
	} {
		if said := o.bring(t, name, c.rows...); !strings.Contains(said, c.want) {
			t.Errorf("%s: %s", name, said)
		}
	}
	if after := o.registerRows(t); len(after) != len(before) || o.line(t, "主任") != "199****0011|东镇|甲村|村委会主任|2024-01-01||" {
		t.Errorf("%d rows, were %d: %s", len(after), len(before), o.line(t, "主任"))
	}
}

// TestAComputedQuarterKeepsItsPeople: its points and its pay rest on who was in post.
func TestAComputedQuarterKeepsItsPeople(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.set(third.First().At(0, 30))
		o.openCycle(t, third)
		if said := o.bring(t, "in time", "乙委员 199****0051 西镇 乙村 村委会委员 - - 2026-09-15"); said != "已导入：新登记0人，变动1行，照旧0行。" {
			t.Fatal(said)
		}
		if got := o.step(t, on(10, 23).At(0, 10)); got != models.CycleTownReview {
			t.Fatal(got)
		}
		if said := o.bring(t, "29th", "主任 199****0011 东镇 甲村 村委会主任 - - 2026-09-29"); said != "主任的村委会主任从2026-09-30起有变动，可是2026年第三季度已经核算，不能再改它的任职。没有导入。" {
			t.Errorf("within the quarter: %s", said)
		}
		if said := o.bring(t, "30th", "主任 199****0011 东镇 甲村 村委会主任 - - 2026-09-30"); said != "已导入：新登记0人，变动1行，照旧0行。" {
			t.Errorf("with the quarter: %s", said)
		}
		if said := o.bring(t, "late", "乙委员 199****0051 西镇 乙村 村委会委员 2024-01-01 - 在任"); !strings.Contains(said, "从2026-09-16起有变动") {
			t.Errorf("an end taken back: %s", said)
		}
	})
}

// TestTwoImportsAtOnceChangeOnce: two operators bring in sheets that say the same.
func TestTwoImportsAtOnceChangeOnce(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		var wg sync.WaitGroup
		said := make([]string, 8)
		for i := range said {
			wg.Go(func() {
				said[i] = o.bring(t, fmt.Sprint("import", i),
					"委员 199****0021 东镇 甲村 村委会副主任 2026-10-01",
					"副书记 199****0031 东镇 甲村 党组织副书记 - - 2026-10-09")
			})
		}
		wg.Wait()
		slices.Sort(said)
		if said[0] != "已导入：新登记0人，变动0行，照旧2行。" || said[6] != said[0] || said[7] != "已导入：新登记0人，变动2行，照旧0行。" {
			t.Errorf("%q", said)
		}
		if got := o.line(t, "委员"); strings.Count(got, "村委会副主任") != 1 {
			t.Errorf("twice: %s", got)
		}
	})
}

// TestShiftsOfWhoGoesAreTakenOver: nobody is on the roster who is not in post, and what was
// his before he went stays.
func TestShiftsOfWhoGoesAreTakenOver(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		village := o.village(t, "甲村")
		o.set(on(9, 1).At(0, 30))
		o.job(t, "roster", func(d *handlers.Desk) error { _, err := d.MakeRoster(village, on(9, 1), on(10, 31)); return err })
		shifts := func() (all []models.Shift) {
			err := o.db.Read(t.Context(), func(tx *models.Tx) (err error) {
				all, err = tx.ShiftsIn(village, on(9, 1), on(10, 31))
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return all
		}
		before := shifts()
		o.set(on(10, 12).At(9, 0))
		if said := o.bring(t, "goes",
			"主任 199****0011 东镇 甲村 村委会主任 - - 2026-10-08",
			"委员 199****0021 东镇 甲村 村委会委员 - - 2026-10-20",
			"新主任 13900000001 东镇 甲村 村委会主任 2026-10-09"); said != "已导入：新登记1人，变动2行，照旧0行。" {
			t.Fatal(said)
		}
		o.ids["新主任"] = o.idOf(t, "新主任")
		after := shifts()
		lasts := map[string]calendar.Date{o.ids["主任"]: on(10, 8), o.ids["委员"]: on(10, 20)}
		count := map[calendar.Date]int{}
		took := 0
		for _, s := range after {
			if last, left := lasts[s.PersonID]; left && s.Day.After(last) {
				t.Errorf("%s is still his who went on %s", s.Day, last)
			}
			if s.PersonID == o.ids["新主任"] {
				took++
				if !s.Day.After(on(10, 12)) || !s.Chief {
					t.Errorf("the new director sits on %s, as the head: %v", s.Day, s.Chief)
				}
			}
			count[s.Day]++
		}
		if took == 0 {
			t.Error("the new director has no shift")
		}
		for _, s := range before {
			gone := s.PersonID == o.ids["主任"] && s.Day.After(on(10, 8)) && !s.Day.After(on(10, 12))
			kept := slices.ContainsFunc(after, func(x models.Shift) bool { return x.ID == s.ID })
			if last, left := lasts[s.PersonID]; kept == (left && s.Day.After(last)) {
				t.Errorf("the shift of %s: kept is %v", s.Day, kept)
			}
			if n := count[s.Day]; !gone && s.Day.After(on(10, 12)) && n != 2 {
				t.Errorf("%s has %d", s.Day, n)
			}
		}
	})
}

func (o *office) idOf(t testing.TB, name string) (id string) {
	t.Helper()
	err := o.db.Read(t.Context(), func(tx *models.Tx) error {
		rows, err := tx.PeopleNamed(name)
		if err == nil {
			id = rows[0].ID
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}
