package calendar_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	lunar "github.com/6tail/lunar-go/calendar"
	"pgregory.net/rapid"

	"github.com/cunkao/cunkao/calendar"
)

func TestAWrittenDayReadsBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		day := on(1950, 1, 1).Add(rapid.IntRange(0, 50_000).Draw(t, "day"))
		now := day.Add(rapid.IntRange(-5000, 5000).Draw(t, "off")).At(rapid.IntRange(0, 23).Draw(t, "hour"), 0)
		for _, text := range []string{
			day.String(),
			fmt.Sprintf("%d年%d月%d日", day.Year, day.Month, day.Day),
			fmt.Sprintf("%d/%d/%d", day.Year, day.Month, day.Day),
			fmt.Sprintf("%d.%02d.%02d", day.Year, day.Month, day.Day),
			fmt.Sprintf("%d年%s", day.Year, day.Chinese()),
			inNumerals(day),
		} {
			f := calendar.Read(text, now, nil)
			if !f.Sure() || f.Kind != calendar.OneDay || f.Start != day || f.End != day || f.To-f.From != utf8.RuneCountInString(text) {
				t.Fatalf("%s was read as %s at %s", text, told(f), now)
			}
		}
	})
}

// inNumerals writes a day in Chinese numerals: 二〇二六年十月八日.
func inNumerals(d calendar.Date) string {
	digits := []rune("〇一二三四五六七八九")
	var b strings.Builder
	for _, c := range strconv.Itoa(d.Year) {
		b.WriteRune(digits[c-'0'])
	}
	tens := func(n int) string {
		s := [...]string{"", "十", "二十", "三十"}[n/10]
		if n%10 > 0 {
			s += string(digits[n%10])
		}
		return s
	}
	return b.String() + "年" + tens(int(d.Month)) + "月" + tens(d.Day) + "日"
}

func TestADayOfTheQuestionReadsBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		now := on(2026, 9, 28)
		day := now.Add(rapid.IntRange(0, 90).Draw(t, "day"))
		text := calendar.DaysOff(nil).ChineseSeen(day, now)
		if f := calendar.Read(text, now.At(9, 0), nil); !f.Sure() || f.Start != day {
			t.Fatalf("%s was read as %s", text, told(f))
		}
	})
}

func TestASpanReadsBackInOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		first := on(2026, 1, 1).Add(rapid.IntRange(0, 700).Draw(t, "first"))
		last := first.Add(rapid.IntRange(1, 60).Draw(t, "days"))
		join := rapid.SampledFrom([]string{"到", "至", "-", "~", "—"}).Draw(t, "join")
		text := fmt.Sprintf("%d年%d月%d日%s%d月%d日", first.Year, first.Month, first.Day, join, last.Month, last.Day)
		f := calendar.ReadLeave(text, on(2026, 9, 28).At(9, 0), nil)
		if f.Days.Start != first || f.Days.End != last {
			t.Fatalf("%s was read as %s", text, told(f.Found))
		}
		n := calendar.ReadLeave(fmt.Sprintf("从%s起请%d天", first, last.Since(first)+1), on(2026, 9, 28).At(9, 0), nil)
		if n.Days != f.Days {
			t.Fatalf("%d days from %s end on %s", last.Since(first)+1, first, n.Days.End)
		}
	})
}

func TestEveryLunarDayIsTheLibrarys(t *testing.T) {
	t.Parallel()
	for d := on(1995, 1, 1); d.Year < 2060; d = d.Add(1) {
		m := d.Moon()
		want := lunar.NewSolarFromYmd(d.Year, int(d.Month), d.Day).GetLunar()
		month := m.Month
		if m.Leap {
			month = -month
		}
		if m.Year != want.GetYear() || month != want.GetMonth() || m.Day != want.GetDay() {
			t.Fatalf("%s is %+v, not %s", d, m, want)
		}
		if back, ok := m.Date(); !ok || back != d {
			t.Fatalf("%+v is %s, not %s", m, back, d)
		}
		if got := m.Chinese(); got != strings.NewReplacer("二十", "廿").Replace(want.GetMonthInChinese()+"月"+want.GetDayInChinese()) && m.Day != 20 {
			t.Fatalf("%s is written %s, not %s月%s", d, got, want.GetMonthInChinese(), want.GetDayInChinese())
		}
	}
}

func TestLunarDaysThatThereAreNot(t *testing.T) {
	t.Parallel()
	for _, m := range []calendar.MoonDay{
		{Year: 2026, Month: 4, Day: 5, Leap: true}, {Year: 2026, Month: 13, Day: 1}, {Year: 2026, Month: 1, Day: 31}, {Year: 1800, Month: 1, Day: 1}, {Year: 2200, Month: 1, Day: 1}, {},
	} {
		if d, ok := m.Date(); ok {
			t.Errorf("%+v is %s", m, d)
		}
	}
}

func TestEaster(t *testing.T) {
	t.Parallel()
	for _, day := range []calendar.Date{on(1961, 4, 2), on(2000, 4, 23), on(2008, 3, 23), on(2024, 3, 31), on(2025, 4, 20), on(2026, 4, 5), on(2038, 4, 25)} {
		f := calendar.Read(fmt.Sprintf("%d年复活节", day.Year), on(2026, 9, 28).At(9, 0), nil)
		if f.Start != day {
			t.Errorf("Easter of %d is %s, not %s", day.Year, day, told(f))
		}
	}
}

// FuzzPhrase holds that whatever people send is read without a panic, stands
// within the sentence, and that what is read is in order.
func FuzzPhrase(f *testing.F) {
	for _, s := range said() {
		f.Add(s, int64(0))
	}
	for _, s := range []string{"从8号到10号、十二三四号", "９９９９年９９月９９日", "上上上下下下周周三三三", "第第第三个的的的", "2026-02-30到1/2/3/4", "农历闰十三月初三十", "(((（（", "\xff\xfe日", "零点零零零零一天后的前三天", "半半半天", "每每周末最后一天前一年后"} {
		f.Add(s, int64(1e9))
	}
	f.Fuzz(func(t *testing.T, text string, at int64) {
		if len(text) > 300 {
			t.Skip()
		}
		now := on(2026, 9, 28).Add(int(at%80_000)).At(int(uint64(at)%24), 0)
		runes := utf8.RuneCountInString(text)
		for _, found := range calendar.ReadAll(text, now, nil) {
			if found.From < 0 || found.To > runes || found.From >= found.To {
				t.Fatalf("%q: runes %d to %d", text, found.From, found.To)
			}
			for _, g := range append(readings(found), found.Reading) {
				if g.End.Before(g.Start) || g.EndAt.Before(g.StartAt) && !g.EndAt.IsZero() || g.Seconds < 0 {
					t.Fatalf("%q: %s", text, told(found))
				}
			}
		}
		leave := calendar.ReadLeave(text, now, nil)
		if d := leave.Days; leave.HasDays() && (d.End.Before(d.Start) || d.Halves(nil) < 0) {
			t.Fatalf("%q: a leave of %s", text, toldDays(d))
		}
		if leave.HasDays() && !leave.Sure() && !leave.Confirm {
			t.Fatalf("%q: a leave without a question", text)
		}
		l := calendar.LeaveDays{Start: on(2026, 10, 8), StartPart: calendar.Morning, End: on(2026, 10, 9), EndPart: calendar.Afternoon}
		if c := calendar.CorrectLeave(l, text, now, nil); c.HasDays() && c.Days.End.Before(c.Days.Start) {
			t.Fatalf("%q corrects to %s", text, toldDays(c.Days))
		}
	})
}

func readings(f calendar.Found) []calendar.Reading {
	var all []calendar.Reading
	for _, q := range f.Asks {
		all = append(all, q.Reading)
	}
	return all
}
