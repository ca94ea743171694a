package models_test

import (
	"errors"
	"fmt"
	"strconv"
	"testing"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/testkit"
)

// rememberedQuery is a query that a transaction remembers, with what changes its answer.
type rememberedQuery struct {
	ask     func(tx *models.Tx) (string, error)
	changes []func(tx *models.Tx) error
}

func rememberedQueries(day calendar.Date) map[string]rememberedQuery {
	counted := func(n int, err error) (string, error) { return strconv.Itoa(n), err }
	leave := func(tx *models.Tx) *models.Leave {
		return &models.Leave{
			ID: tx.NewID(), TownID: "t", VillageID: "v", PersonID: "p", FirstDay: day, LastDay: day,
			State: models.LeaveAsked, AskedAt: tx.Now, ToldAt: tx.Now,
		}
	}
	var filed *models.Leave
	file := func(tx *models.Tx) error {
		filed = leave(tx)
		return tx.AddLeave(filed)
	}
	approve := func(tx *models.Tx) error {
		filed.State = models.LeaveApproved
		return tx.MoveLeave(filed, models.LeaveAsked)
	}
	post := func(tx *models.Tx) error {
		return tx.AddPost(&models.Post{ID: "post", PersonID: "p", VillageID: "v", FromDay: day})
	}
	role := func(tx *models.Tx) error {
		return tx.AddRole(&models.Role{ID: "role", PersonID: "p", Name: "villager", ScopeID: "v", FromDay: day})
	}
	duty := func(tx *models.Tx) error {
		return tx.AddShifts([]models.Shift{{ID: "shift", VillageID: "v", Day: day, PersonID: "p", StartsAt: tx.Now, EndsAt: tx.Now}})
	}
	return map[string]rememberedQuery{
		"Person": {func(tx *models.Tx) (string, error) {
			_, err := tx.Person("p")
			if errors.Is(err, models.ErrNotFound) {
				return "none", nil
			}
			return "one", err
		}, []func(tx *models.Tx) error{addPerson}},
		"PeopleByID": {func(tx *models.Tx) (string, error) {
			rows, err := tx.PeopleByID([]string{"p", ""})
			return counted(len(rows), err)
		}, []func(tx *models.Tx) error{addPerson}},
		"PostsOf": {func(tx *models.Tx) (string, error) {
			rows, err := tx.PostsOf("p")
			return fmt.Sprint(rows), err
		}, []func(tx *models.Tx) error{post, func(tx *models.Tx) error { return tx.EndPost("post", calendar.Date{}, day) }}},
		"PostsWithin": {func(tx *models.Tx) (string, error) {
			rows, err := tx.PostsWithin("v", day, day)
			return fmt.Sprint(rows), err
		}, []func(tx *models.Tx) error{post, func(tx *models.Tx) error { return tx.EndPost("post", calendar.Date{}, day) }}},
		"RolesOf": {func(tx *models.Tx) (string, error) {
			rows, err := tx.RolesOf("p")
			return fmt.Sprint(rows), err
		}, []func(tx *models.Tx) error{role, func(tx *models.Tx) error { return tx.EndRole("role", calendar.Date{}, day) }}},
		"RolesOn": {func(tx *models.Tx) (string, error) {
			rows, err := tx.RolesOn("villager", "v", day)
			return fmt.Sprint(rows), err
		}, []func(tx *models.Tx) error{role, func(tx *models.Tx) error { return tx.EndRole("role", calendar.Date{}, day) }}},
		"DaysOff": {func(tx *models.Tx) (string, error) {
			rows, err := tx.DaysOff()
			return fmt.Sprint(rows), err
		}, []func(tx *models.Tx) error{
			func(tx *models.Tx) error { return tx.SetDayOff(models.DayOff{Day: day, Name: "节"}) },
			func(tx *models.Tx) error { return tx.SetDayOff(models.DayOff{Day: day, Name: "班", Work: true}) },
			func(tx *models.Tx) error { return tx.DropDayOff(day) },
		}},
		"KinOf": {func(tx *models.Tx) (string, error) {
			rows, err := tx.KinOf("p")
			return counted(len(rows), err)
		}, []func(tx *models.Tx) error{
			func(tx *models.Tx) error { return tx.AddKin(models.Kin{PersonID: "p", OtherID: "q"}) },
			func(tx *models.Tx) error { return tx.RemoveKin("p", "q") },
		}},
		"LeavesOpenOf": {func(tx *models.Tx) (string, error) {
			rows, err := tx.LeavesOpenOf("p")
			return fmt.Sprint(rows), err
		}, []func(tx *models.Tx) error{file, approve}},
		"LeavesInTheWay": {func(tx *models.Tx) (string, error) {
			rows, err := tx.LeavesInTheWay([]string{"p"}, day, day)
			return fmt.Sprint(rows), err
		}, []func(tx *models.Tx) error{file, approve}},
		"LeavesGranted": {func(tx *models.Tx) (string, error) {
			rows, err := tx.LeavesGranted([]string{"p"}, day, day)
			return counted(len(rows), err)
		}, []func(tx *models.Tx) error{func(tx *models.Tx) error { return errors.Join(file(tx), approve(tx)) }}},
		"ShiftsOf": {func(tx *models.Tx) (string, error) {
			rows, err := tx.ShiftsOf("p", day, day)
			return counted(len(rows), err)
		}, []func(tx *models.Tx) error{duty, func(tx *models.Tx) error { return tx.DropShift("shift") }}},
		"ShiftsIn": {func(tx *models.Tx) (string, error) {
			rows, err := tx.ShiftsIn("v", day, day)
			return counted(len(rows), err)
		}, []func(tx *models.Tx) error{duty, func(tx *models.Tx) error { return tx.DropShift("shift") }}},
		"ArrivalsOf": {func(tx *models.Tx) (string, error) {
			rows, err := tx.ArrivalsOf("p", day, day)
			return counted(len(rows), err)
		}, []func(tx *models.Tx) error{func(tx *models.Tx) error {
			var p models.Pile
			p.Put(&models.Arrival{ID: tx.NewID(), PersonID: "p", Day: day, VillageID: "v", At: tx.Now})
			return tx.Store(p)
		}}},
		"LeavesOf": {func(tx *models.Tx) (string, error) {
			rows, err := tx.LeavesOf("p", 9)
			return fmt.Sprint(rows), err
		}, []func(tx *models.Tx) error{file, approve}},
		"Talk":     {talkSaid((*models.Tx).Talk), talked},
		"TalkHeld": {talkSaid((*models.Tx).TalkHeld), talked},
	}
}

// talked begins a talk, goes on with it and ends it.
var talked = []func(tx *models.Tx) error{
	func(tx *models.Tx) error { return tx.SetTalk(models.Talk{OpenID: "o", Form: "a", UpdatedAt: tx.Now}) },
	func(tx *models.Tx) error { return tx.SetTalk(models.Talk{OpenID: "o", Form: "b", UpdatedAt: tx.Now}) },
	func(tx *models.Tx) error { return tx.EndTalk("o") },
}

func talkSaid(ask func(tx *models.Tx, openID string) (models.Talk, error)) func(tx *models.Tx) (string, error) {
	return func(tx *models.Tx) (string, error) {
		talk, err := ask(tx, "o")
		if errors.Is(err, models.ErrNotFound) {
			err = nil
		}
		return talk.Form, err
	}
}

func addPerson(tx *models.Tx) error {
	return tx.AddPerson(&models.Person{ID: "p", Name: "甲", PhoneIndex: "i", CreatedAt: tx.Now})
}

// TestATransactionSeesWhatItWrites asks each query that is remembered before and after
// each change, and after the change was undone.
func TestATransactionSeesWhatItWrites(t *testing.T) {
	t.Parallel()
	day := calendar.Date{Year: 2026, Month: 9, Day: 28}
	each(t, func(t *testing.T, db *models.DB) {
		for name, q := range rememberedQueries(day) {
			undone := errors.New("undone")
			err := db.Write(t.Context(), func(tx *models.Tx) error {
				said := make([]string, 0, len(q.changes)+1)
				hear := func() error {
					answer, err := q.ask(tx)
					if len(said) > 0 && answer == said[len(said)-1] {
						t.Errorf("%s answers %s as before its %dth change", name, answer, len(said))
					}
					said = append(said, answer)
					return err
				}
				err := errors.Join(tx.Mark(), hear())
				for _, change := range q.changes {
					err = errors.Join(err, change(tx), hear())
				}
				err = errors.Join(err, tx.Undo())
				if last, e := q.ask(tx); last != said[0] {
					t.Errorf("%s answers %s after all was undone, and %s before (%v)", name, last, said[0], e)
				}
				return errors.Join(err, undone)
			})
			if !errors.Is(err, undone) || err.Error() != undone.Error() {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// TestAfterWaitingATransactionReadsAnew holds a person whom another command has changed
// since he was read.
func TestAfterWaitingATransactionReadsAnew(t *testing.T) {
	t.Parallel()
	day := calendar.Date{Year: 2026, Month: 9, Day: 28}
	db := open(t, models.Source{DSN: testkit.MariaDB(t)})
	if err := db.Write(t.Context(), addPerson); err != nil {
		t.Fatal(err)
	}
	post := func(id string) func(tx *models.Tx) error {
		return func(tx *models.Tx) error {
			return tx.AddPost(&models.Post{ID: id, PersonID: "p", VillageID: "v", FromDay: day})
		}
	}
	err := db.Write(t.Context(), func(tx *models.Tx) error {
		var counts []int
		count := func() error {
			rows, err := tx.PostsOf("p")
			counts = append(counts, len(rows))
			return err
		}
		err := errors.Join(
			count(), db.Write(t.Context(), post("a")), count(), // remembered
			tx.HoldPerson("p"), count(), // anew
			db.Write(t.Context(), post("b")), tx.HoldPerson("p"), count(), // held already
		)
		if got := fmt.Sprint(counts); got != "[0 0 1 1]" {
			t.Errorf("posts = %s", got)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
