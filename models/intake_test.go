package models_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cunkao/cunkao/models"
)

func keep(t *testing.T, db *models.DB, fn func(tx *models.Tx) error) {
	t.Helper()
	if err := db.Keep(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func intakes(at time.Time, keys ...string) (rows []*models.Intake) {
	for _, key := range keys {
		rows = append(rows, &models.Intake{CmdKey: key, Body: "sealed", ReceivedAt: at, Owner: "dead", LeaseUntil: at, Tries: 1})
	}
	return rows
}

// TestIntakesThatAreThereAreTold stores messages of which one is there: nothing is
// stored, and then the others are.
func TestIntakesThatAreThereAreTold(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *models.DB) {
		t.Helper()
		keep(t, db, func(tx *models.Tx) error { return tx.AddIntakes(intakes(noon, "b")) })
		err := db.Keep(t.Context(), func(tx *models.Tx) error { return tx.AddIntakes(intakes(noon, "a", "b")) })
		if !errors.Is(err, models.ErrExists) {
			t.Fatalf("stored twice: %v", err)
		}
		keep(t, db, func(tx *models.Tx) error {
			there, err := tx.RepeatIntakes([]string{"c", "b", "a"})
			if !slices.Equal(there, []string{"b"}) {
				t.Errorf("%q are there", there)
			}
			return err
		})
		keep(t, db, func(tx *models.Tx) error {
			n, err := tx.CountIntakes()
			if n != 1 {
				t.Errorf("%d are kept", n)
			}
			return err
		})
	})
}

// TestIntakesAreLeasedInTheirOrder takes what is due, some at a time.
func TestIntakesAreLeasedInTheirOrder(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *models.DB) {
		t.Helper()
		keep(t, db, func(tx *models.Tx) error {
			return tx.AddIntakes(slices.Concat(intakes(noon.Add(-time.Second), "z"), intakes(noon, "b", "a"), intakes(noon.Add(time.Second), "later")))
		})
		lease := func(owner string, n int) (got []string) {
			keep(t, db, func(tx *models.Tx) error {
				rows, err := tx.LeaseIntakes(owner, n, time.Minute)
				for _, in := range rows {
					got = append(got, fmt.Sprintf("%s of %s, %d", in.CmdKey, in.Owner, in.Tries))
				}
				return err
			})
			return got
		}
		if diff := cmp.Diff([]string{"z of dead, 1", "a of dead, 1"}, lease("one", 2)); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"b of dead, 1"}, lease("two", 2)); diff != "" {
			t.Error(diff)
		}
		if got := lease("three", 2); len(got) > 0 {
			t.Errorf("leased %q twice", got)
		}
		keep(t, db, func(tx *models.Tx) error {
			old, err := tx.IntakesBefore(noon, 9)
			if len(old) != 1 || old[0].CmdKey != "z" || old[0].Owner != "one" || old[0].Tries != 2 {
				t.Errorf("the oldest are %+v", old)
			}
			return errors.Join(err, tx.DropIntakes([]string{"z", "a", "b"}))
		})
		keep(t, db, func(tx *models.Tx) error {
			n, err := tx.CountIntakes()
			if n != 1 {
				t.Errorf("%d are kept", n)
			}
			return err
		})
	})
}

// TestAPanicWhileKeepingIsAnError has nobody above it who could catch it.
func TestAPanicWhileKeepingIsAnError(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *models.DB) {
		t.Helper()
		err := db.Keep(t.Context(), func(tx *models.Tx) error {
			if err := tx.AddIntakes(intakes(noon, "a")); err != nil {
				return err
			}
			panic("planted")
		})
		if err == nil {
			t.Error("no error")
		}
		keep(t, db, func(tx *models.Tx) error { return tx.AddIntakes(intakes(noon, "a")) })
	})
}
