package handlers_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/scoring"
)

// pictured is a self-evaluation with photos: of the named checks, or "" of the whole.
func pictured(version int, media string, checks ...string) handlers.SelfEvalRequest {
	req := evaluation(version, map[string]scoring.Points{"D1.1": 30})
	for i, check := range checks {
		req.Photos = append(req.Photos, handlers.SelfPhoto{Check: check, Media: media + strconv.Itoa(i)})
	}
	return req
}

// counted are the photos of 委员's own sheet: of D1.1, of D2.1, of the whole.
func (o *office) counted(t testing.TB) [3]int {
	t.Helper()
	s, refused := o.sheet(t, "委员", "委员")
	if refused != "" {
		t.Fatal(refused)
	}
	return [3]int{s.Items[0].Photos, s.Items[1].Photos, s.Photos}
}

// TestPhotosOfASelfEvaluation: each is of its check or of the whole, what was handed in stays,
// and there are nine at most.
func TestPhotosOfASelfEvaluation(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		selfEvaluating(t, o)
		hand := func(req handlers.SelfEvalRequest) (done handlers.SelfEvalDone, refused string) {
			refused = o.do(t, "委员", o.key(), func(d *handlers.Desk) (err error) { done, err = d.SubmitSelfEval(req); return err })
			return done, refused
		}
		if done, refused := hand(pictured(0, "a", "D1.1", "", "D1.1")); refused != "" || done.Photos != 3 || done.Kept != 0 {
			t.Fatalf("handed in: %d and %d, %q", done.Photos, done.Kept, refused)
		}
		if got := o.counted(t); got != [3]int{2, 0, 1} {
			t.Errorf("photos by check: %v", got)
		}
		if done, refused := hand(pictured(1, "b", "D2.1", "D1.1")); refused != "" || done.Photos != 2 || done.Kept != 3 {
			t.Fatalf("added: %d and %d, %q", done.Photos, done.Kept, refused)
		}
		if got := o.counted(t); got != [3]int{3, 1, 1} {
			t.Errorf("with what was added: %v", got)
		}
		if _, refused := hand(pictured(2, "c", "", "", "", "", "")); !strings.Contains(refused, "2026年第三季度的自评最多附9张照片") {
			t.Errorf("ten photos: %q", refused)
		}
		o.leased(t, 5)
		without := pictured(2, "d", "D2.1") // of a check that he does not judge any more
		delete(without.Marks, "D2.1")
		if _, refused := hand(without); refused != "" {
			t.Fatal(refused)
		}
		if got := o.counted(t); got != [3]int{3, 0, 3} {
			t.Errorf("without points at D2.1: %v", got)
		}
		o.fetched(t, o.leased(t, 1)[0], handlers.PhotoFate{Problem: "40007"})
		if got := o.counted(t); got != [3]int{3, 0, 2} {
			t.Errorf("with one lost: %v", got)
		}
		if got := o.notices(t, "委员", handlers.NoticePhoto); len(got) != 1 || got[0]["what"] != "2026年第三季度的自评" {
			t.Errorf("委员 was told %v", got)
		}
		if refused := o.attach(t, "委员", "e"); refused != "" || o.counted(t) != [3]int{3, 0, 3} {
			t.Errorf("another in its place: %q, %v", refused, o.counted(t))
		}
	})
}

// TestWhoSeesThePhotosOfASelfEvaluation: those who see any photo, once it is submitted; the
// town reads how many there are; and they go when the quarter's appeals are over.
func TestWhoSeesThePhotosOfASelfEvaluation(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		selfEvaluating(t, o)
		o.do(t, "委员", "keep", func(d *handlers.Desk) error { _, err := d.SaveSelfEval(pictured(0, "a", "D3.1")); return err })
		o.fetched(t, o.leased(t, 1)[0], handlers.PhotoFate{JPEG: []byte("\xff\xd8picture")})
		cards, refused := o.photos(t, "书记", "委员")
		if refused != "" || len(cards) != 1 || cards[0].Of != "2026年第三季度的自评" {
			t.Fatalf("书记 lists %+v, %q", cards, refused)
		}
		open := func(name string) (got []byte, refused string) {
			refused = o.do(t, name, o.key(), func(d *handlers.Desk) (err error) { got, err = d.OpenPhoto(cards[0].ID, "核对"); return err })
			return got, refused
		}
		if got, refused := open("书记"); got != nil || !strings.Contains(refused, "还没有交") {
			t.Errorf("a draft's photo: %d bytes, %q", len(got), refused)
		}
		req := evaluation(1, map[string]scoring.Points{"D1.1": 200})
		if refused := o.do(t, "委员", "submit", submit(req)); refused != "" {
			t.Fatal(refused)
		}
		const no = "没有办理这件事的权限"
		for name, want := range map[string]string{
			"书记": "", "东镇党委": "", "审计": "", "委员": no, "主任": no, "监委": no, "村民": no, "东镇干事": no, "西镇党委": no, "组织部": no, "考核组": no, "管理员": no,
		} {
			if got, refused := open(name); want == "" && string(got) != "\xff\xd8picture" || !strings.Contains(refused, want) {
				t.Errorf("%s opens %d bytes: %q", name, len(got), refused)
			}
		}
		o.gapHasPhoto(t)
		publishAll(t, o) // 10-23: appeals until 11-02, thirty days until 11-07
		for i, want := range []string{"kept", ""} {
			day := 6 + 2*i
			o.set(on(11, day).At(3, 50))
			if err := o.TidyPhotos(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := o.states(t, "委员"); got != want {
				t.Errorf("11-%02d: %q", day, got)
			}
		}
	})
}

// gapHasPhoto takes the quarter to the town, which reads how many photos a check has.
func (o *office) gapHasPhoto(t *testing.T) {
	t.Helper()
	if got := o.step(t, on(10, 23).At(0, 10)); got != models.CycleTownReview {
		t.Fatalf("the quarter is in %s", got)
	}
	var gaps []handlers.Gap
	o.look(t, "东镇党委", func(v *handlers.View) (err error) { gaps, err = v.GapList(); return err })
	if len(gaps) != 1 {
		t.Fatalf("gaps: %+v", gaps)
	}
	if refused := o.do(t, "东镇党委", o.key(), func(d *handlers.Desk) error { return d.CloseRecheck(gaps[0].ResultID, "记录属实，不变") }); refused != "" {
		t.Error(refused)
	}
	if gaps[0].Photos != 1 || gaps[0].Items[2].Photos != 1 || gaps[0].Items[0].Photos != 0 {
		t.Errorf("the town reads %+v", gaps)
	}
}
