package models_test

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
)

// filled gives every field of a row a value that is not zero.
func filled[T any](t *testing.T, n int) *T {
	t.Helper()
	row := new(T)
	v := reflect.ValueOf(row).Elem()
	for i := range v.NumField() {
		switch f := v.Field(i); f.Interface().(type) {
		case string:
			f.SetString(string(rune('a'+i)) + string(rune('a'+n)))
		case bool:
			f.SetBool(true)
		case int:
			f.SetInt(int64(i + 1))
		case time.Time:
			f.Set(reflect.ValueOf(noon.Add(time.Duration(i) * time.Second)))
		case *time.Time:
			at := noon.Add(time.Duration(i) * time.Second)
			f.Set(reflect.ValueOf(&at))
		case models.NoticeState:
			f.SetString("s" + string(rune('a'+i)))
		case map[string]string:
			f.Set(reflect.ValueOf(map[string]string{"text": "<“𠮷”&>"}))
		case calendar.Date:
			f.Set(reflect.ValueOf(calendar.On(noon).Add(i)))
		default:
			t.Fatalf("a field of type %s", f.Type())
		}
	}
	return row
}

// The journal, which nobody reads, has no column that may be left out.
func TestStoreKeepsEveryColumn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *models.DB) {
		t.Helper()
		in, arrival, journal := filled[models.Inbox](t, 0), filled[models.Arrival](t, 0), filled[models.Journal](t, 0)
		notice := filled[models.Notice](t, 0)
		var pile models.Pile
		for _, row := range []models.Row{in, arrival, journal, notice, filled[models.Inbox](t, 1)} {
			pile.Put(row)
		}
		if err := db.Write(t.Context(), func(tx *models.Tx) error { return tx.Store(pile) }); err != nil {
			t.Fatal(err)
		}
		err := db.Read(t.Context(), func(tx *models.Tx) error {
			gotIn, err := tx.Inbox(in.CmdKey)
			gotArrival, err2 := tx.Arrival(arrival.PersonID, arrival.Day)
			gotNotice, err3 := tx.Notice(notice.ID)
			if err := errors.Join(err, err2, err3); err != nil {
				return err
			}
			if diff := cmp.Diff([]any{*in, *arrival, *notice}, []any{gotIn, gotArrival, gotNotice}); diff != "" {
				t.Errorf("stored (-want +got):\n%s", diff)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		again := db.Write(t.Context(), func(tx *models.Tx) error { return tx.Store(pile) })
		if !errors.Is(again, models.ErrExists) {
			t.Errorf("the same rows once more: %v", again)
		}
	})
}

func TestAResultIsStoredOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *models.DB) {
		t.Helper()
		var rows []models.Result
		err := db.Write(t.Context(), func(tx *models.Tx) error {
			for range 45 {
				rows = append(rows, models.Result{
					ID: tx.NewID(), Quarter: calendar.Quarter{Year: 2026, N: 3}, Round: 1, PersonID: tx.NewID(), SequenceID: "s", VillageID: "v",
					Post: "委员", Rubric: "r", Facts: "{\"'\":1}", Sheet: "{}", Pay: "{}", Total: -5, Grade: "合格", Tied: true, Fails: 2, PayTotal: 7, CreatedAt: tx.Now,
				})
			}
			return tx.AddResults(rows)
		})
		if err != nil {
			t.Fatal(err)
		}
		again := db.Write(t.Context(), func(tx *models.Tx) error { return tx.AddResults(rows[:20]) })
		if !errors.Is(again, models.ErrExists) {
			t.Errorf("the same results once more: %v", again)
		}
		err = db.Read(t.Context(), func(tx *models.Tx) error {
			got, err := tx.Results("s", 1)
			if diff := cmp.Diff(rows, got); diff != "" {
				t.Errorf("results (-want +got):\n%s", diff)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
