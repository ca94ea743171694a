package handlers_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
)

// removable are 委员's photos that can be taken back.
func (o *office) removable(t testing.TB) (out []handlers.SelfPhotos, refused string) {
	t.Helper()
	refused = o.look(t, "委员", func(v *handlers.View) (err error) { out, err = v.SelfPhotos(); return err })
	return out, refused
}

func remove(check string) func(*handlers.Desk) error {
	return func(d *handlers.Desk) error { _, err := d.RemoveSelfPhotos(check); return err }
}

// TestPhotosOfASelfEvaluationAreTakenBack: those of a check or of the whole, one's own, while
// there is time; the others and the points stay, and it stands in the journal.
func TestPhotosOfASelfEvaluationAreTakenBack(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		selfEvaluating(t, o)
		if _, refused := o.removable(t); refused != "您的自评没有照片可以删。" {
			t.Errorf("without any: %q", refused)
		}
		o.do(t, "委员", o.key(), submit(pictured(0, "a", "D1.1", "", "D1.1", "D2.1")))
		o.fetched(t, o.leased(t, 4)[0], handlers.PhotoFate{JPEG: []byte("picture")})
		got, _ := o.removable(t)
		if len(got) != 3 || got[0].Check != "D1.1" || got[0].Place != 1 || got[0].N != 2 || got[1].N != 1 || got[2] != (handlers.SelfPhotos{N: 1}) {
			t.Errorf("there are %+v", got)
		}
		if refused := o.do(t, "委员", o.key(), remove("D1.1")); refused != "" || o.counted(t) != [3]int{0, 1, 1} {
			t.Errorf("of a check: %q, %v", refused, o.counted(t))
		}
		if refused := o.do(t, "委员", o.key(), remove("D1.1")); refused != "这里没有照片可以删。" {
			t.Errorf("twice: %q", refused)
		}
		if refused := o.do(t, "委员", o.key(), remove("")); refused != "" || o.counted(t) != [3]int{0, 1, 0} {
			t.Errorf("of the whole: %q, %v", refused, o.counted(t))
		}
		if cards, _ := o.photos(t, "委员", "委员"); len(cards) != 1 {
			t.Errorf("%d photos are left", len(cards))
		}
		if refused := o.do(t, "书记", o.key(), remove("D2.1")); refused != "您的自评没有照片可以删。" {
			t.Errorf("of somebody else: %q", refused)
		}
		s, _ := o.sheet(t, "委员", "委员")
		if s.State != models.SelfEvalSubmitted || s.Version != 1 || s.Items[0].Mark == nil {
			t.Errorf("the self-evaluation is %s in version %d", s.State, s.Version)
		}
		o.set(on(10, 14).At(9, 0)) // after its time, before the quarter moves on, and later
		for _, later := range []func(){func() {}, func() { o.step(t, on(10, 14).At(9, 0)) }} {
			later()
			_, refused := o.removable(t)
			if diff := cmp.Diff(refused, o.do(t, "委员", o.key(), remove("D2.1"))); diff != "" || !strings.Contains(refused, "2026年第三季度的自评截止了，附的照片不能再删") {
				t.Errorf("after its time: %q %s", refused, diff)
			}
		}
	})
}

// TestAPhotoAfterASelfEvaluation: sent within ten minutes it is of the whole, until the time is
// over; a log that was written later goes before.
func TestAPhotoAfterASelfEvaluation(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		selfEvaluating(t, o)
		for i, one := range []struct {
			at      time.Time
			evals   bool
			refused string
		}{
			{on(10, 8).At(9, 0), true, ""},
			{on(10, 8).At(9, 10), false, ""},
			{on(10, 8).At(9, 11), false, "没有要照片的事"},
			{on(10, 13).At(23, 59), true, ""},
			{on(10, 14).At(0, 5), false, "没有要照片的事"},
		} {
			o.set(one.at)
			if one.evals {
				s, _ := o.sheet(t, "委员", "委员")
				o.do(t, "委员", o.key(), submit(pictured(s.Version, "x")))
			}
			if refused := o.attach(t, "委员", "m"+o.key()); !strings.Contains(refused, one.refused) || (refused == "") != (one.refused == "") {
				t.Errorf("%d: %q", i, refused)
			}
		}
		if cards, _ := o.photos(t, "委员", "委员"); len(cards) != 3 {
			t.Errorf("%d photos", len(cards))
		}
	})
}
