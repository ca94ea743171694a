package calendar_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cunkao/cunkao/calendar"
)

func on(year, month, day int) calendar.Date {
	return calendar.Date{Year: year, Month: time.Month(month), Day: day}
}

// announced is what the State Council announced for a year: spans of days off,
// and the weekend days that are worked to make up for them.
type announced struct {
	off  [][2]calendar.Date
	work []calendar.Date
}

func notices() map[int]announced {
	return map[int]announced{
		2025: {
			off: [][2]calendar.Date{
				{on(2025, 1, 1), on(2025, 1, 1)},
				{on(2025, 1, 28), on(2025, 2, 4)},
				{on(2025, 4, 4), on(2025, 4, 6)},
				{on(2025, 5, 1), on(2025, 5, 5)},
				{on(2025, 5, 31), on(2025, 6, 2)},
				{on(2025, 10, 1), on(2025, 10, 8)},
			},
			work: []calendar.Date{on(2025, 1, 26), on(2025, 2, 8), on(2025, 4, 27), on(2025, 9, 28), on(2025, 10, 11)},
		},
		2026: {
			off: [][2]calendar.Date{
				{on(2026, 1, 1), on(2026, 1, 3)},
				{on(2026, 2, 15), on(2026, 2, 23)},
				{on(2026, 4, 4), on(2026, 4, 6)},
				{on(2026, 5, 1), on(2026, 5, 5)},
				{on(2026, 6, 19), on(2026, 6, 21)},
				{on(2026, 9, 25), on(2026, 9, 27)},
				{on(2026, 10, 1), on(2026, 10, 7)},
			},
			work: []calendar.Date{on(2026, 1, 4), on(2026, 2, 14), on(2026, 2, 28), on(2026, 5, 9), on(2026, 9, 20), on(2026, 10, 10)},
		},
	}
}

// kind is what kind of day the notice makes of d.
func (n announced) kind(d calendar.Date) calendar.Kind {
	if slices.Contains(n.work, d) {
		return calendar.MakeUpWorkday
	}
	for _, span := range n.off {
		if !d.Before(span[0]) && !d.After(span[1]) {
			return calendar.Holiday
		}
	}
	if d.Weekday() == time.Saturday || d.Weekday() == time.Sunday {
		return calendar.Weekend
	}
	return calendar.Workday
}

func TestEveryDayIsAsAnnounced(t *testing.T) {
	t.Parallel()
	var national calendar.DaysOff
	for year, notice := range notices() {
		for d := on(year, 1, 1); d.Year == year; d = d.Add(1) {
			got, want := national.Of(d), notice.kind(d)
			if got.Kind != want || !got.Known {
				t.Errorf("%s is %+v, want kind %d of a known year", d, got, want)
			}
			if (got.Name == "") != (want == calendar.Workday || want == calendar.Weekend) {
				t.Errorf("%s is called %q", d, got.Name)
			}
		}
	}
}

func TestAYearThatNobodyAnnouncedIsNotKnown(t *testing.T) {
	t.Parallel()
	county := calendar.DaysOff{on(2027, 2, 6): {Name: "春节"}}
	tests := map[string]struct {
		days calendar.DaysOff
		year int
		want bool
	}{
		"a year of the national table":             {nil, 2026, true},
		"a year after it":                          {nil, 2027, false},
		"a December that belongs to the next year": {nil, 2001, false},
		"a year of the county's own table":         {county, 2027, true},
		"a year after that":                        {county, 2028, false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := tc.days.Known(tc.year); got != tc.want {
				t.Errorf("Known(%d) = %v", tc.year, got)
			}
		})
	}
	if d := calendar.DaysOff(nil).Of(on(2027, 10, 1)); d.Known || !d.Work() {
		t.Errorf("in an unknown year only weekends are off: %+v", d)
	}
}

func TestTheCountysOwnTableGoesFirst(t *testing.T) {
	t.Parallel()
	days := calendar.DaysOff{
		on(2026, 10, 7):  {Work: true},             // a holiday that is worked
		on(2026, 10, 11): {Name: "抢收", Work: true}, // a Sunday that is worked
		on(2026, 10, 12): {Name: "县庆"},             // a Monday off
		on(2026, 10, 10): {Name: "县庆"},             // a make-up day that is off
	}
	want := map[calendar.Date]calendar.Day{
		on(2026, 10, 6):  {Kind: calendar.Holiday, Name: "国庆节", Known: true},
		on(2026, 10, 7):  {Kind: calendar.Workday, Known: true},
		on(2026, 10, 10): {Kind: calendar.Holiday, Name: "县庆", Known: true},
		on(2026, 10, 11): {Kind: calendar.MakeUpWorkday, Name: "抢收", Known: true},
		on(2026, 10, 12): {Kind: calendar.Holiday, Name: "县庆", Known: true},
	}
	for d, day := range want {
		if diff := cmp.Diff(day, days.Of(d)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", d, diff)
		}
	}
}

func TestAddWorkdays(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		from calendar.Date
		n    int
		want calendar.Date
	}{
		"over the national holiday":            {on(2026, 9, 30), 1, on(2026, 10, 8)},
		"a make-up Saturday counts":            {on(2026, 9, 30), 3, on(2026, 10, 10)},
		"five days after the quarter":          {on(2026, 6, 30), 5, on(2026, 7, 7)},
		"from a day off":                       {on(2026, 10, 3), 1, on(2026, 10, 8)},
		"no days is the day itself":            {on(2026, 10, 3), 0, on(2026, 10, 3)},
		"backwards":                            {on(2026, 10, 8), -1, on(2026, 9, 30)},
		"twelve days over the Spring Festival": {on(2026, 2, 10), 12, on(2026, 3, 4)},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := calendar.DaysOff(nil).AddWorkdays(tc.from, tc.n); got != tc.want {
				t.Errorf("%d working days after %s is %s, want %s", tc.n, tc.from, got, tc.want)
			}
		})
	}
}

func TestNextWorkday(t *testing.T) {
	t.Parallel()
	for from, want := range map[calendar.Date]calendar.Date{
		on(2026, 10, 1):  on(2026, 10, 8),
		on(2026, 10, 8):  on(2026, 10, 8),
		on(2026, 10, 10): on(2026, 10, 10),
		on(2026, 10, 11): on(2026, 10, 12),
	} {
		if got := calendar.DaysOff(nil).NextWorkday(from); got != want {
			t.Errorf("the working day on or after %s is %s, want %s", from, got, want)
		}
	}
}

func TestADayInChineseSaysWhatIsNotPlain(t *testing.T) {
	t.Parallel()
	for d, want := range map[calendar.Date]string{
		on(2026, 10, 10): "10月10日 周六 · 补班日",
		on(2026, 10, 1):  "10月1日 周四 · 国庆节",
		on(2026, 1, 1):   "1月1日 周四 · 元旦",
		on(2026, 10, 11): "10月11日 周日",
		on(2026, 10, 12): "10月12日 周一",
	} {
		if got := calendar.DaysOff(nil).Chinese(d); got != want {
			t.Errorf("%s is written %q, want %q", d, got, want)
		}
	}
}

func TestSpringFestivalDeadline(t *testing.T) {
	t.Parallel()
	tests := map[int]struct{ festival, deadline calendar.Date }{
		2018: {on(2018, 2, 16), on(2018, 3, 16)},
		2019: {on(2019, 2, 5), on(2019, 3, 5)},
		2020: {on(2020, 1, 25), on(2020, 2, 25)},
		2021: {on(2021, 2, 12), on(2021, 3, 12)},
		2022: {on(2022, 2, 1), on(2022, 3, 1)},
		2023: {on(2023, 1, 22), on(2023, 2, 22)},
		2024: {on(2024, 2, 10), on(2024, 3, 10)},
		2025: {on(2025, 1, 29), on(2025, 2, 28)}, // February has no 29th
		2026: {on(2026, 2, 17), on(2026, 3, 17)},
		2027: {on(2027, 2, 6), on(2027, 3, 6)},
		2028: {on(2028, 1, 26), on(2028, 2, 26)},
	}
	for year, want := range tests {
		festival, _ := calendar.SpringFestival(year)
		deadline, ok := calendar.SpringFestivalDeadline(year)
		if festival != want.festival || deadline != want.deadline || !ok {
			t.Errorf("%d: %s and %s, want %s and %s", year, festival, deadline, want.festival, want.deadline)
		}
	}
	for _, year := range []int{1899, 2200, -1} {
		if _, ok := calendar.SpringFestivalDeadline(year); ok {
			t.Errorf("%d is beyond the calendar", year)
		}
	}
}

func TestEverySpringFestivalIsInJanuaryOrFebruary(t *testing.T) {
	t.Parallel()
	for year := 1900; year < 2200; year++ {
		d, ok := calendar.SpringFestival(year)
		if !ok || d.Year != year || d.Before(on(year, 1, 20)) || d.After(on(year, 2, 22)) {
			t.Errorf("%d: %s", year, d)
		}
	}
}

// The lunar library keeps the last year it reckoned; run with -race.
func TestTheCalendarServesManyAtOnce(t *testing.T) {
	t.Parallel()
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for year := 2018 + i; year < 2028; year++ {
				if d, _ := calendar.SpringFestivalDeadline(year); d.Year != year {
					t.Errorf("%d: %s", year, d)
				}
				calendar.DaysOff(nil).AddWorkdays(on(year, 1, 20), 10)
			}
		})
	}
	wg.Wait()
}
