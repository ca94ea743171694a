package handlers

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/sheet"
)

// HolidayColumns are the columns of the county's own table of days off
// (放假安排). 类别 is 休 or, for a weekend that is worked in exchange (调休), 班.
func HolidayColumns() []string { return []string{"日期", "类别", "名称"} }

// The kinds of day of the table.
const (
	kindOff  = "休"
	kindWork = "班"
)

// The years that the table may speak of.
const (
	firstTableYear = 2000
	lastTableYear  = 2199
)

// longestHoliday is how many characters the name of a holiday may have.
const longestHoliday = 20

// Holidays is the table of days off of some years, whole years each.
type Holidays map[calendar.Date]calendar.OwnDay

// ReadHolidays takes the table out of a spreadsheet. A mistake in any row refuses
// the whole sheet, and names the rows.
func ReadHolidays(t sheet.Table) (Holidays, error) {
	if err := t.Require(HolidayColumns()...); err != nil {
		return nil, Refuse("%s", err)
	}
	days, at := Holidays{}, map[calendar.Date]int{}
	var wrong []string
	for _, row := range t.Rows {
		day, own, err := holidayOf(row)
		if err == nil && at[day] > 0 {
			err = Refuse("“日期”和第%d行一样。", at[day])
		}
		if err != nil {
			wrong = append(wrong, fmt.Sprintf("第%d行%s", row.N, err))
			continue
		}
		days[day], at[day] = own, row.N
	}
	if len(wrong) > mostMistakes {
		wrong = append(wrong[:mostMistakes], fmt.Sprintf("另外还有%d处。", len(wrong)-mostMistakes))
	}
	switch {
	case len(wrong) > 0:
		return nil, Refuse("放假安排没有导入，请改正：\n%s", strings.Join(wrong, "\n"))
	case len(days) == 0:
		return nil, Refuse("表里没有一天。")
	}
	return days, nil
}

func holidayOf(row sheet.Row) (calendar.Date, calendar.OwnDay, error) {
	c := row.Cells
	own := calendar.OwnDay{Name: c["名称"], Work: c["类别"] == kindWork}
	day, err := calendar.Parse(PlainDate(c["日期"]))
	switch {
	case err != nil || day.Year < firstTableYear || day.Year > lastTableYear:
		return day, own, Refuse("“日期”要写成 2027-02-05 的样子。")
	case c["类别"] != kindOff && c["类别"] != kindWork:
		return day, own, Refuse("“类别”要写“休”或“班”。")
	case own.Name == "" && !own.Work:
		return day, own, Refuse("“名称”要写是什么假。")
	case len([]rune(own.Name)) > longestHoliday:
		return day, own, Refuse("“名称”不超过%d个字。", longestHoliday)
	}
	return day, own, nil
}

// Years are the years of which the table has a day, in order.
func (h Holidays) Years() []int {
	years := map[int]bool{}
	for d := range h {
		years[d.Year] = true
	}
	return slices.Sorted(maps.Keys(years))
}

// days are the days of the table in order.
func (h Holidays) days() []calendar.Date {
	return slices.SortedFunc(maps.Keys(h), calendar.Date.Compare)
}

// Rows are the table as it is exported, with the day of the week beside each day.
func (h Holidays) Rows() [][]string {
	rows := make([][]string, 0, len(h))
	for _, d := range h.days() {
		kind := kindOff
		if h[d].Work {
			kind = kindWork
		}
		rows = append(rows, []string{d.String(), kind, h[d].Name, d.WeekdayName()})
	}
	return rows
}

// Holidays returns the county's own table of days off.
func (v *View) Holidays() (Holidays, error) {
	if err := v.may("Holidays", Target{}); err != nil {
		return nil, err
	}
	off, err := v.daysOff()
	return Holidays(off), err
}

// holidayChange is one day that a new table changes.
type holidayChange struct {
	day       calendar.Date
	was, will *calendar.OwnDay // nil: not in the table
}

// HolidayChanges says in Chinese what a table would change, a line a day; no line
// if nothing. The table stands for the whole of each year that it speaks of.
func (v *View) HolidayChanges(h Holidays) ([]string, error) {
	if err := v.may("HolidayChanges", Target{}); err != nil {
		return nil, err
	}
	changes, err := v.holidayChanges(h)
	if err != nil {
		return nil, err
	}
	lines := make([]string, 0, len(changes))
	for _, c := range changes {
		line := c.day.String() + " " + c.day.WeekdayName() + "："
		lines = append(lines, line+ownDayText(c.was)+" → "+ownDayText(c.will))
	}
	return lines, nil
}

// ownDayText writes what the table says of a day.
func ownDayText(o *calendar.OwnDay) string {
	switch {
	case o == nil:
		return "按国家安排"
	case o.Work:
		return strings.TrimSpace("补班 " + o.Name)
	}
	return "放假 " + o.Name
}

func (v *View) holidayChanges(h Holidays) ([]holidayChange, error) {
	off, err := v.daysOff()
	if err != nil {
		return nil, err
	}
	var out []holidayChange
	for _, d := range h.days() {
		will := h[d]
		if was, there := off[d]; !there {
			out = append(out, holidayChange{d, nil, &will})
		} else if was != will {
			out = append(out, holidayChange{d, &was, &will})
		}
	}
	years := h.Years()
	for d, was := range off {
		if _, stays := h[d]; !stays && slices.Contains(years, d.Year) {
			out = append(out, holidayChange{d, &was, nil})
		}
	}
	slices.SortFunc(out, func(a, b holidayChange) int { return a.day.Compare(b.day) })
	return out, nil
}

// SetHolidays makes the table the county's own for each year that it speaks of,
// and returns how many days that changes. What is counted in working days from
// then on follows it; a deadline that stands in a row stays.
func (d *Desk) SetHolidays(source string, h Holidays) (int, error) {
	if err := d.may("SetHolidays", Target{}); err != nil {
		return 0, err
	}
	changes, err := d.holidayChanges(h)
	if err != nil {
		return 0, err
	}
	for _, c := range changes {
		if c.will == nil {
			err = d.tx.DropDayOff(c.day)
		} else {
			err = d.tx.SetDayOff(models.DayOff{Day: c.day, Name: c.will.Name, Work: c.will.Work})
		}
		if err != nil {
			return 0, fmt.Errorf("set day off %s: %w", c.day, err)
		}
	}
	d.off = nil
	years := strings.Trim(fmt.Sprint(h.Years()), "[]")
	return len(changes), d.did("SetHolidays", years, fmt.Sprintf("%s，%d天", source, len(changes)))
}
