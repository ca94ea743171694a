package handlers_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/sheet"
)

// setHolidays makes a table the county's own.
func (o *office) setHolidays(t *testing.T, h handlers.Holidays) {
	t.Helper()
	refused := o.do(t, "组织部", fmt.Sprintf("holidays:%d", o.n.Add(1)), func(d *handlers.Desk) error {
		_, err := d.SetHolidays("放假.csv", h)
		return err
	})
	if refused != "" {
		t.Fatal(refused)
	}
}

// changes is what a table would change, to somebody who looks.
func (o *office) changes(t *testing.T, name string, h handlers.Holidays) (lines []string, err error) {
	t.Helper()
	_, err = o.Look(t.Context(), o.by(name, "look"), func(v *handlers.View) (string, error) {
		var err error
		lines, err = v.HolidayChanges(h)
		return "", err
	})
	return lines, err
}

func TestTheTableStandsForTheYearsItSpeaksOf(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		first := handlers.Holidays{on(10, 8): {Name: "县庆"}, on(10, 11): {Work: true}, on(10, 12).Add(365): {Name: "县庆"}}
		o.setHolidays(t, first)
		second := handlers.Holidays{on(10, 8): {Name: "秋收"}, on(10, 9): {Name: "秋收"}}
		lines, err := o.changes(t, "组织部", second)
		want := []string{"2026-10-08 周四：放假 县庆 → 放假 秋收", "2026-10-09 周五：按国家安排 → 放假 秋收", "2026-10-11 周日：补班 → 按国家安排"}
		if diff := cmp.Diff(want, lines); diff != "" || err != nil {
			t.Fatal(diff, err)
		}
		o.setHolidays(t, second)
		if lines, err := o.changes(t, "组织部", second); len(lines) > 0 || err != nil {
			t.Errorf("it would change %q, %v", lines, err)
		}
		var rows [][]string
		_, err = o.Look(t.Context(), o.by("组织部", "look"), func(v *handlers.View) (string, error) {
			days, err := v.Holidays()
			rows = days.Rows()
			return "", err
		})
		if diff := cmp.Diff([][]string{{"2026-10-08", "休", "秋收", "周四"}, {"2026-10-09", "休", "秋收", "周五"}, {"2027-10-12", "休", "县庆", "周二"}}, rows); diff != "" || err != nil {
			t.Error(diff, err)
		}
	})
}

func TestOnlyTheCountySetsItsDaysOff(t *testing.T) {
	t.Parallel()
	o := newOffice(t, models.Source{File: t.TempDir() + "/test.db", Unsynced: true})
	table := handlers.Holidays{on(10, 8): {Name: "县庆"}}
	for _, name := range []string{"书记", "东镇干事", "东镇党委"} {
		refused := o.do(t, name, "set:"+name, func(d *handlers.Desk) error { _, err := d.SetHolidays("x", table); return err })
		if !strings.Contains(refused, "没有办理这件事的权限") {
			t.Errorf("%s: %q", name, refused)
		}
	}
	if _, err := o.changes(t, "书记", table); err == nil {
		t.Error("a cadre sees what would change")
	}
}

func TestReadHolidays(t *testing.T) {
	t.Parallel()
	read := func(rows ...string) (handlers.Holidays, error) {
		table, err := sheet.ReadCSV(strings.NewReader("日期,类别,名称\n"+strings.Join(rows, "\n")+"\n"), sheet.DefaultLimits())
		if err != nil {
			t.Fatal(err)
		}
		return handlers.ReadHolidays(table)
	}
	got, err := read("2027/2/5,休,春节", "2027年2月13日,班,")
	want := handlers.Holidays{on(2, 5).Add(365): {Name: "春节"}, on(2, 13).Add(365): {Work: true}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	for name, test := range map[string]struct{ row, want string }{
		"no such day":       {"2027-02-30,休,春节", "第2行“日期”"},
		"a year far off":    {"1927-02-03,休,春节", "第2行“日期”"},
		"no kind":           {"2027-02-05,放,春节", "第2行“类别”"},
		"off for no reason": {"2027-02-05,休,", "第2行“名称”要写"},
		"a long name":       {"2027-02-05,休," + strings.Repeat("节", 21), "第2行“名称”不超过"},
		"a day twice":       {"2027-02-05,休,春节\n2027-2-5,班,", "第3行“日期”和第2行一样"},
		"nothing":           {",,", "没有一天"},
	} {
		if _, err := read(test.row); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %s", name, err, test.want)
		}
	}
}
