package models_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
)

// TestWarmAnswersAreThoseOfQueries fills a county at random, and asks for
// everybody's things with and without having read them at once.
func TestWarmAnswersAreThoseOfQueries(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *models.DB) {
		day := calendar.Date{Year: 2026, Month: 9, Day: 28}
		openIDs := crowded(t, db, day)
		ask := models.Ask{OpenIDs: append([]string{"o-nobody"}, openIDs...), Keys: []string{"k-1", "k-none"}, Days: func(time.Time) (calendar.Date, calendar.Date) {
			return day.Add(-1), day
		}}
		cold, alone, warm := map[string]any{}, map[string]any{}, map[string]any{}
		err := db.Read(t.Context(), func(tx *models.Tx) error { return gatherAll(tx, boundTo(tx), ask.OpenIDs, day, cold) })
		if err != nil {
			t.Fatal(err)
		}
		err = db.Read(t.Context(), func(tx *models.Tx) error { return gatherAll(tx, tx.PersonByOpenID, ask.OpenIDs, day, alone) })
		if d := cmp.Diff(cold, alone, cmpopts.EquateEmpty()); d != "" || err != nil {
			t.Fatalf("read with the person: %v (-queries +got)\n%s", err, d)
		}
		err = db.Gather(t.Context(), ask, func(tx *models.Tx, kept map[string]models.Inbox) error {
			if len(kept) != 1 || kept["k-1"].Reply != "答" {
				t.Errorf("kept = %+v", kept)
			}
			return gatherAll(tx.Reading(), tx.PersonByOpenID, ask.OpenIDs, day, warm)
		})
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(cold, warm, cmpopts.EquateEmpty()); d != "" {
			t.Errorf("(-queries +warm)\n%s", d)
		}
	})
}

// boundTo finds who is bound to a WeChat user by plain queries.
func boundTo(tx *models.Tx) func(openID string) (models.Person, error) {
	return func(openID string) (models.Person, error) {
		bound, err := tx.Bindings()
		for personID, bindsTo := range bound {
			if bindsTo == openID {
				return tx.Person(personID)
			}
		}
		return models.Person{}, errors.Join(models.ErrNotFound, err)
	}
}

// gatherAll asks for all that a 签到 looks at.
func gatherAll(
	tx *models.Tx, who func(openID string) (models.Person, error), openIDs []string, day calendar.Date, into map[string]any,
) error {
	off, err := tx.DaysOff()
	into["off"] = off
	for _, id := range openIDs {
		p, missing := who(id)
		into[id] = errors.Is(missing, models.ErrNotFound)
		if missing != nil {
			continue
		}
		posts, e1 := tx.PostsOf(p.ID)
		roles, e2 := tx.RolesOf(p.ID)
		shifts, e3 := tx.ShiftsOf(p.ID, day.Add(-1), day)
		today, e4 := tx.ShiftsOf(p.ID, day, day)
		later, e5 := tx.ShiftsOf(p.ID, day, day.Add(3))
		arrivals, e6 := tx.ArrivalsOf(p.ID, day.Add(-1), day)
		err = errors.Join(err, e1, e2, e3, e4, e5, e6)
		into[id+".all"] = []any{p, posts, roles, shifts, today, later, arrivals}
		for _, post := range posts {
			v, e := tx.Village(post.VillageID)
			err = errors.Join(err, e)
			into[post.ID] = v
		}
	}
	return err
}

// crowded fills a database and returns who is bound.
func crowded(t *testing.T, db *models.DB, day calendar.Date) (openIDs []string) {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	err := db.Write(t.Context(), func(tx *models.Tx) error {
		town := models.Town{ID: tx.NewID(), Name: "东镇"}
		err := tx.AddTown(&town)
		var villages []string
		for i := range 4 {
			v := models.Village{ID: tx.NewID(), TownID: town.ID, Name: fmt.Sprintf("%d村", i)}
			villages = append(villages, v.ID)
			err = errors.Join(err, tx.AddVillage(&v))
		}
		err = errors.Join(err, tx.SetDayOff(models.DayOff{Day: day, Name: "节", Work: true}))
		err = errors.Join(err, tx.AddInbox(&models.Inbox{CmdKey: "k-1", Reply: "答", SentAt: tx.Now, ReceivedAt: tx.Now}))
		for i := range 30 {
			p := models.Person{ID: tx.NewID(), Name: fmt.Sprintf("人%d", i), PhoneIndex: fmt.Sprint("p", i), CreatedAt: tx.Now}
			err = errors.Join(err, tx.AddPerson(&p))
			if i%5 != 0 {
				openIDs = append(openIDs, fmt.Sprintf("o-%d", i))
				err = errors.Join(err, tx.AddBinding(p.ID, openIDs[len(openIDs)-1], "1"))
			}
			for range r.IntN(4) {
				err = errors.Join(err, tx.AddPost(&models.Post{
					ID: tx.NewID(), PersonID: p.ID, VillageID: villages[r.IntN(4)], Title: models.CommitteeMember,
					FromDay: day.Add(-r.IntN(400)), Subsidized: r.IntN(2) == 0,
				}))
			}
			for range r.IntN(3) {
				err = errors.Join(err, tx.AddRole(&models.Role{ID: tx.NewID(), PersonID: p.ID, Name: "villager", ScopeID: villages[r.IntN(4)], FromDay: day.Add(-9)}))
			}
			err = errors.Join(err, crowdedDuty(tx, r, p.ID, villages, day))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return openIDs
}

func crowdedDuty(tx *models.Tx, r *rand.Rand, person string, villages []string, day calendar.Date) (err error) {
	for d := -3; d <= 2; d++ {
		on, village := day.Add(d), villages[r.IntN(4)]
		if r.IntN(2) == 0 {
			err = errors.Join(err, tx.AddShifts([]models.Shift{{
				ID: tx.NewID(), VillageID: village, Day: on, PersonID: person, Kind: models.DeskShift, Chief: r.IntN(2) == 0,
				StartsAt: on.At(8, 30).UTC(), EndsAt: on.At(18, 0).UTC(),
			}}))
		}
		if r.IntN(2) == 0 {
			err = errors.Join(err, tx.AddArrivals([]models.Arrival{{
				ID: tx.NewID(), PersonID: person, Day: on, VillageID: village, At: on.At(8, 1).UTC(), Channel: "wechat", Receipt: "R",
			}}))
		}
	}
	return err
}

func TestAReadingTransactionRefusesToWrite(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *models.DB) {
		err := db.Write(t.Context(), func(tx *models.Tx) error { return tx.Reading().AddTown(&models.Town{ID: tx.NewID(), Name: "西镇"}) })
		if !errors.Is(err, models.ErrReadOnly) {
			t.Errorf("a write: %v, want ErrReadOnly", err)
		}
	})
}
