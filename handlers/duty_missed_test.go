package handlers_test

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/scoring"
)

// dutyCase is a village with its people and what its duty of a quarter was.
type dutyCase struct {
	Posts    []models.Post // PersonID is a number within the village
	Shifts   []models.Shift
	Arrivals []models.Arrival // ShiftID is the number of a shift, or nothing
}

// someDuty draws a village's quarter, with everything that a roster may have:
// posts that begin and end in it, several kinds of shifts on one day, those who
// came unrostered, too late, or to another village.
func someDuty() *rapid.Generator[dutyCase] {
	titles := []models.PostTitle{
		models.PartySecretary, models.CommitteeDirector, models.CommitteeMember, models.PartyDeputySecretary, models.Supervisor,
	}
	return rapid.Custom(func(t *rapid.T) (c dutyCase) {
		day := func(label string, n int) calendar.Date {
			return third.First().Add(rapid.IntRange(-3, n).Draw(t, label))
		}
		people := rapid.IntRange(1, 5).Draw(t, "people")
		name := func(i int) string { return string(rune('a' + i)) }
		for i := range people {
			p := models.Post{PersonID: name(i), Title: rapid.SampledFrom(titles).Draw(t, "title"), FromDay: day("from", 40), Subsidized: true}
			if rapid.IntRange(0, 2).Draw(t, "ends") == 0 {
				p.ToDay = p.FromDay.Add(rapid.IntRange(0, 60).Draw(t, "days"))
			}
			c.Posts = append(c.Posts, p)
		}
		for range rapid.IntRange(0, 25).Draw(t, "shifts") {
			c.Shifts = append(c.Shifts, someShift(t, day("day", 12), name(rapid.IntRange(0, people-1).Draw(t, "who"))))
		}
		c.Shifts = once(c.Shifts, func(s models.Shift) string { return s.PersonID + s.Day.String() })
		for i, s := range c.Shifts {
			if rapid.IntRange(0, 3).Draw(t, "came") > 0 {
				c.Arrivals = append(c.Arrivals, models.Arrival{PersonID: s.PersonID, Day: s.Day, ShiftID: string(rune('0' + i)), At: s.StartsAt})
			}
		}
		for range rapid.IntRange(0, 15).Draw(t, "unrostered") {
			d := day("day", 12)
			c.Arrivals = append(c.Arrivals, models.Arrival{
				PersonID: name(rapid.IntRange(0, people-1).Draw(t, "who")), Day: d,
				At: d.At(rapid.IntRange(5, 30).Draw(t, "hour"), 0).UTC(), Channel: rapid.SampledFrom([]string{"here", "elsewhere"}).Draw(t, "where"),
			})
		}
		c.Arrivals = once(c.Arrivals, func(a models.Arrival) string { return a.PersonID + a.Day.String() })
		return c
	})
}

func someShift(t *rapid.T, day calendar.Date, who string) models.Shift {
	s := models.Shift{
		Day: day, PersonID: who, Kind: models.DeskShift, Chief: rapid.Bool().Draw(t, "chief"),
		StartsAt: day.At(8, 30).UTC(), EndsAt: day.At(18, 0).UTC(),
	}
	if rapid.IntRange(0, 3).Draw(t, "kind") == 0 {
		s.Kind, s.StartsAt, s.EndsAt = models.RestShift, day.At(8, 0).UTC(), day.At(32, 0).UTC()
	}
	return s
}

// once keeps the first of those that are alike.
func once[T any](rows []T, key func(T) string) (out []T) {
	seen := map[string]bool{}
	for _, r := range rows {
		if !seen[key(r)] {
			out, seen[key(r)] = append(out, r), true
		}
	}
	return out
}

// add stores a village in a town.
func (c dutyCase) add(tx *models.Tx, town string) error {
	village := tx.NewID()
	if err := tx.AddVillage(&models.Village{ID: village, TownID: town, Name: village}); err != nil {
		return err
	}
	ids := map[string]string{}
	for i := range c.Posts {
		p := &c.Posts[i]
		ids[p.PersonID] = tx.NewID()
		if err := tx.AddPerson(&models.Person{ID: ids[p.PersonID], Name: "某人", PhoneIndex: ids[p.PersonID]}); err != nil {
			return err
		}
		p.ID, p.PersonID, p.VillageID = tx.NewID(), ids[p.PersonID], village
		if err := tx.AddPost(p); err != nil {
			return err
		}
	}
	for i := range c.Shifts {
		s := &c.Shifts[i]
		s.ID, s.PersonID, s.VillageID = tx.NewID(), ids[s.PersonID], village
	}
	for i := range c.Arrivals {
		a := &c.Arrivals[i]
		a.ID, a.PersonID, a.VillageID, a.Receipt = tx.NewID(), ids[a.PersonID], village, "R"
		if a.Channel == "elsewhere" {
			a.VillageID = town
		}
		if a.ShiftID != "" {
			a.ShiftID = c.Shifts[a.ShiftID[0]-'0'].ID
		}
	}
	slices.Reverse(c.Shifts) // the order of ids is not that of the rows
	if err := tx.AddShifts(c.Shifts); err != nil {
		return err
	}
	return tx.AddArrivals(c.Arrivals)
}

// TestDutyIsCountedByTheDatabaseAsRowByRow compares what the database finds
// missed, with its evidence, with what going through every shift and 签到 of a
// village finds, to the byte.
func TestDutyIsCountedByTheDatabaseAsRowByRow(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		town, duty, found := "", someDuty(), 0
		err := o.db.Write(t.Context(), func(tx *models.Tx) error {
			town = tx.NewID()
			return tx.AddTown(&models.Town{ID: town, Name: "乱镇"})
		})
		for seed := range 160 {
			if err == nil {
				err = o.db.Write(t.Context(), func(tx *models.Tx) error { return duty.Example(seed).add(tx, town) })
			}
		}
		if err != nil {
			t.Fatal(err)
		}
		reviewed(t, o)
		err = o.db.Read(t.Context(), func(tx *models.Tx) error {
			for _, seq := range o.cycle(t).Sequences {
				rows, err := tx.Results(seq.ID, seq.Round)
				if err != nil {
					return err
				}
				for _, r := range rows {
					found += sameDuty(t, tx, r)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if found < 100 {
			t.Errorf("only %d records of anybody: too few to compare", found)
		}
	})
}

// sameDuty compares the duty of a result with the rows, and counts its records.
func sameDuty(t *testing.T, tx *models.Tx, r models.Result) int {
	t.Helper()
	var stored struct{ Cadre map[string]json.RawMessage }
	if err := json.Unmarshal([]byte(r.Facts), &stored); err != nil {
		t.Fatal(err)
	}
	want := rowByRow(t, tx, r.VillageID, r.PersonID)
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(string(text), string(stored.Cadre["D1.1"])); diff != "" {
		t.Errorf("duty of %s (-row by row +stored):\n%s", r.PersonID, diff)
	}
	return len(want.Records)
}

// village is everything that a village's duty of the quarter left.
type village struct {
	shifts   []models.Shift
	arrivals []models.Arrival
	posts    []models.Post
}

// rowByRow is what the records hold against a cadre, from every row.
func rowByRow(t *testing.T, tx *models.Tx, villageID, personID string) scoring.Fact {
	t.Helper()
	first, last := third.First(), third.Last()
	shifts, err := tx.ShiftsIn(villageID, first, last)
	arrivals, err2 := tx.ArrivalsIn(villageID, first, last)
	posts, err3 := tx.PostsAmong([]string{villageID}, first, last)
	if e := cmp.Or(err, err2, err3); e != nil {
		t.Fatal(e)
	}
	v := village{shifts, arrivals, posts}
	var records []scoring.Record
	for _, s := range v.shifts {
		if s.PersonID == personID && !v.came(s) && v.holds(personID, s.Day, func(p models.PostTitle) bool { return p != models.Supervisor }) {
			event := map[models.ShiftKind]string{models.DeskShift: "duty_absent", models.RestShift: "holiday_duty_absent"}[s.Kind]
			note := "班次" + strings.ToUpper(s.ID[len(s.ID)-6:])
			records = append(records, scoring.Record{ID: s.ID, Date: s.Day, Event: event, Note: note})
		}
	}
	for i, s := range v.shifts {
		firstOfDay := i == 0 || v.shifts[i-1].Day != s.Day
		if firstOfDay && s.Kind == models.DeskShift && v.holds(personID, s.Day, models.PostTitle.Head) && !v.headCame(s.Day) {
			records = append(records, scoring.Record{ID: s.ID, Date: s.Day, Event: "no_head_on_site_day", Note: "当日无正职签到"})
		}
	}
	slices.SortFunc(records, func(x, y scoring.Record) int { return x.Date.Compare(y.Date) })
	counts := map[string]int64{}
	for _, r := range records {
		counts[r.Event]++
	}
	return scoring.Fact{Value: scoring.Tally(counts), Records: records}
}

func (v village) holds(personID string, day calendar.Date, post func(models.PostTitle) bool) bool {
	return slices.ContainsFunc(v.posts, func(p models.Post) bool { return p.PersonID == personID && post(p.Title) && p.On(day) })
}

func (v village) came(s models.Shift) bool {
	return slices.ContainsFunc(v.arrivals, func(a models.Arrival) bool {
		inTime := !a.At.Before(s.StartsAt.Add(-90*time.Minute)) && a.At.Before(s.EndsAt)
		return a.PersonID == s.PersonID && a.Day == s.Day && (a.ShiftID == s.ID || inTime)
	})
}

func (v village) headCame(day calendar.Date) bool {
	return slices.ContainsFunc(v.arrivals, func(a models.Arrival) bool {
		return a.Day == day && a.At.Before(day.At(18, 0)) && v.holds(a.PersonID, day, models.PostTitle.Head)
	}) || slices.ContainsFunc(v.shifts, func(s models.Shift) bool { return s.Day == day && s.Chief && v.came(s) })
}
