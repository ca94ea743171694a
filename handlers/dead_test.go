package handlers_test

import (
	"strings"
	"testing"

	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
)

func TestADeadLetterIsKeptSealedAndEmptiedInTime(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		letters := func() (all []models.DeadLetter) {
			err := o.db.Read(t.Context(), func(tx *models.Tx) (err error) { all, err = tx.DeadLetters(9); return err })
			if err != nil {
				t.Fatal(err)
			}
			return all
		}
		for range 3 { // as often as the platform sends it
			if err := o.Bury(t.Context(), "wx:o-1:1:1", strings.Repeat("类", 99), "not XML", "<秘密>"); err != nil {
				t.Fatal(err)
			}
		}
		all := letters()
		if len(all) != 1 || all[0].Why != "not XML" || strings.Contains(all[0].Body, "秘密") {
			t.Fatalf("kept %+v", all)
		}
		for _, tc := range []struct {
			day   int
			empty bool
		}{{29, false}, {31, true}} {
			o.set(morning.AddDate(0, 0, tc.day))
			if err := o.EmptyGraves(t.Context()); err != nil {
				t.Fatal(err)
			}
			if all := letters(); len(all) != 1 || (all[0].Body == "") != tc.empty {
				t.Errorf("after %d days: %+v", tc.day, all)
			}
		}
	})
}

// TestTheJournalHoldsNoOpenIDOfADeadLetter has one opened: nothing can ever be
// taken out of the journal again.
func TestTheJournalHoldsNoOpenIDOfADeadLetter(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		const openID, key = "o-writer-0123456789", "wx:o-writer-0123456789:1:9"
		if err := o.Bury(t.Context(), key, "text", "unknown", "?"); err != nil {
			t.Fatal(err)
		}
		said := o.do(t, "组织部", "k-1", func(d *handlers.Desk) error { _, err := d.OpenDeadLetter(key, "查一查"); return err })
		if where := o.holds(t, openID); said != "" || len(where) != 1 || where[0] != "dead_inbox.cmd_key" {
			t.Errorf("%s the openid is in %q", said, where)
		}
		if where := o.holds(t, "wx:o-writer…:1:9"); len(where) != 1 || where[0] != "journal.subject" {
			t.Errorf("what was opened is in %q", where)
		}
	})
}
