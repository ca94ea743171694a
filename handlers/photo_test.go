package handlers_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
)

// attached is an office in which 委员 has written a log with so many photos.
func attached(t *testing.T, o *office, photos ...string) {
	t.Helper()
	if _, refused := o.wrote(t, "委员", handlers.LogRequest{Nothing: true, Photos: photos}); refused != "" {
		t.Fatal(refused)
	}
}

func (o *office) photos(t testing.TB, as, of string) (cards []handlers.PhotoCard, refused string) {
	t.Helper()
	refused = o.look(t, as, func(v *handlers.View) (err error) {
		cards, err = v.Photos(o.ids[of])
		return err
	})
	return cards, refused
}

func (o *office) attach(t testing.TB, name, media string) string {
	t.Helper()
	return o.do(t, name, o.key(), func(d *handlers.Desk) error { _, err := d.AttachPhoto(media); return err })
}

func (o *office) leased(t testing.TB, n int) []handlers.PhotoLease {
	t.Helper()
	leases, err := o.LeasePhotos(t.Context(), 9)
	if err != nil || len(leases) != n {
		t.Fatalf("%d photos leased, want %d, %v", len(leases), n, err)
	}
	return leases
}

func (o *office) fetched(t testing.TB, l handlers.PhotoLease, f handlers.PhotoFate) {
	t.Helper()
	if err := o.SettlePhoto(t.Context(), l, f); err != nil {
		t.Fatal(err)
	}
}

// states are the states of a person's photos, the newest first.
func (o *office) states(t testing.TB, name string) string {
	t.Helper()
	cards, refused := o.photos(t, name, name)
	if refused != "" {
		t.Fatal(refused)
	}
	words := make([]string, len(cards))
	for i, c := range cards {
		words[i] = string(c.State)
	}
	return strings.Join(words, " ")
}

// TestAPhotoIsFetchedOnce follows a photo: leased by one at a time, tried again, lost, and
// asked for again once.
func TestAPhotoIsFetchedOnce(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		attached(t, o, "m-1")
		first := o.leased(t, 1)[0]
		if first.MediaID != "m-1" {
			t.Errorf("the media id came back as %q", first.MediaID)
		}
		o.leased(t, 0)
		o.set(morning.Add(3 * time.Minute)) // the one that leased it died
		second := o.leased(t, 1)[0]
		o.fetched(t, first, handlers.PhotoFate{JPEG: []byte("late")})
		if got := o.states(t, "委员"); got != "waiting" {
			t.Errorf("who lost the lease made it %s", got)
		}
		o.fetched(t, second, handlers.PhotoFate{Again: time.Hour, Problem: "away"})
		o.leased(t, 0)
		o.set(morning.Add(2 * time.Hour))
		o.fetched(t, o.leased(t, 1)[0], handlers.PhotoFate{Problem: "40007"})
		if got := o.states(t, "委员"); got != "failed" {
			t.Errorf("a photo that is gone is %s", got)
		}
		if got := o.notices(t, "委员", handlers.NoticePhoto); len(got) != 1 || got[0]["what"] != "9月28日 周一的日志" {
			t.Errorf("委员 was told %v", got)
		}
		if refused := o.attach(t, "委员", "m-2"); refused != "" {
			t.Fatal(refused)
		}
		l := o.leased(t, 1)[0]
		o.fetched(t, l, handlers.PhotoFate{JPEG: []byte("picture")})
		o.fetched(t, l, handlers.PhotoFate{Problem: "twice"})
		if got := o.states(t, "委员"); got != "kept" {
			t.Errorf("the other photo is %s", got)
		}
	})
}

// TestAPhotoIsGivenUpWithItsMedia: the platform keeps one for three days.
func TestAPhotoIsGivenUpWithItsMedia(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		attached(t, o, "m-1")
		o.set(morning.Add(71 * time.Hour))
		o.fetched(t, o.leased(t, 1)[0], handlers.PhotoFate{Again: 2 * time.Hour, Problem: "away"})
		if got := o.states(t, "委员"); got != "failed" {
			t.Errorf("after three days it is %s", got)
		}
	})
}

// TestWhatAPhotoIsFor: the log of the last ten minutes, at most nine, and nothing else.
func TestWhatAPhotoIsFor(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		if refused := o.attach(t, "委员", "m"); !strings.Contains(refused, "没有要照片的事") {
			t.Errorf("before any log: %q", refused)
		}
		if refused := o.attach(t, "村民", "m"); !strings.Contains(refused, "没有办理这件事的权限") {
			t.Errorf("a villager: %q", refused)
		}
		attached(t, o, "1", "2", "3", "4", "5", "6", "7", "8")
		o.set(morning.Add(10 * time.Minute))
		if refused := o.attach(t, "委员", "9"); refused != "" {
			t.Errorf("the ninth: %q", refused)
		}
		if refused := o.attach(t, "委员", "10"); !strings.Contains(refused, "最多附9张") {
			t.Errorf("the tenth: %q", refused)
		}
		o.set(morning.Add(10*time.Minute + time.Second))
		if refused := o.attach(t, "委员", "m"); !strings.Contains(refused, "没有要照片的事") {
			t.Errorf("after ten minutes: %q", refused)
		}
		if refused := o.attach(t, "主任", "m"); !strings.Contains(refused, "没有要照片的事") {
			t.Errorf("somebody else's log: %q", refused)
		}
	})
}

// TestWhoMaySeeAPhoto: the village's 书记, the town's 党委 and the auditor, for a reason; its
// owner sees that it is there.
func TestWhoMaySeeAPhoto(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		attached(t, o, "m-1")
		cards, _ := o.photos(t, "委员", "委员")
		open := func(name, reason string) (got []byte, refused string) {
			refused = o.do(t, name, o.key(), func(d *handlers.Desk) (err error) {
				got, err = d.OpenPhoto(cards[0].ID, reason)
				return err
			})
			return got, refused
		}
		if _, refused := open("书记", "核对"); !strings.Contains(refused, "还没有取到") {
			t.Errorf("before it is fetched: %q", refused)
		}
		o.fetched(t, o.leased(t, 1)[0], handlers.PhotoFate{JPEG: []byte("\xff\xd8picture")})
		const no = "没有办理这件事的权限"
		for name, want := range map[string]struct{ list, open string }{
			"委员": {"", no}, "书记": {}, "东镇党委": {}, "审计": {},
			"主任": {no, no}, "副书记": {no, no}, "监委": {no, no}, "村民": {no, no}, "一肩挑": {no, no}, "东镇干事": {no, no},
			"西镇党委": {no, no}, "组织部": {no, no}, "考核组": {no, no}, "管理员": {no, no},
		} {
			if _, refused := o.photos(t, name, "委员"); want.list == "" && refused != "" || !strings.Contains(refused, want.list) {
				t.Errorf("%s lists: %q", name, refused)
			}
			got, refused := open(name, "核对")
			if want.open == "" && string(got) != "\xff\xd8picture" || !strings.Contains(refused, want.open) {
				t.Errorf("%s opens %d bytes: %q", name, len(got), refused)
			}
		}
		if got, refused := open("书记", " "); got != nil || !strings.Contains(refused, "请写明原因") {
			t.Errorf("without a reason: %q", refused)
		}
	})
}

// TestPhotosAreDeletedInTime: after thirty days, and the end of the quarter's appeals.
func TestPhotosAreDeletedInTime(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		left := func(at time.Time) string {
			o.set(at)
			if err := o.TidyPhotos(t.Context()); err != nil {
				t.Fatal(err)
			}
			return o.states(t, "委员")
		}
		o.set(third.First().At(0, 30))
		o.openCycle(t, third)
		o.set(morning)
		attached(t, o, "m-1")
		for _, day := range []int{1, 29} {
			if got := left(on(10, day).At(3, 50)); got != "waiting" {
				t.Fatalf("10-%02d: %q", day, got)
			}
		}
		publishAll(t, o) // 10-23: appeals until 11-02
		if got := left(on(11, 2).At(23, 0)); got != "waiting" {
			t.Errorf("while the quarter can be appealed: %q", got)
		}
		if got := left(on(11, 3).At(3, 50)); got != "" {
			t.Errorf("after the appeals: %q", got)
		}
		o.set(on(11, 4).At(9, 0)) // of a quarter that nobody assesses
		attached(t, o, "m-2")
		if got := left(on(12, 10).At(3, 50)); got != "waiting" {
			t.Errorf("before its quarter ends: %q", got)
		}
		o.set(time.Date(2027, 1, 2, 0, 0, 0, 0, time.UTC))
		if got := left(o.now()); got != "" {
			t.Errorf("after it: %q", got)
		}
	})
}

// publishAll takes the quarter that is open to where its results hang out.
func publishAll(t *testing.T, o *office) {
	t.Helper()
	for range 9 {
		o.job(t, o.key(), func(d *handlers.Desk) error { _, err := d.StepCycle(third); return err })
		c := o.cycle(t)
		if c.State == models.CycleAggregation {
			for _, s := range c.Sequences {
				o.job(t, o.key(), func(d *handlers.Desk) error { return d.Compute(s.ID) })
			}
		}
		if c.State == models.CycleTownReview {
			break
		}
	}
	o.set(on(10, 23).At(12, 0))
	takeAll(t, o, "西镇党委", "审定", 2)
	takeAll(t, o, "东镇党委", "审定", 2)
	takeAll(t, o, "组织部", "备案", 4)
	takeAll(t, o, "东镇党委", "公布", 2)
	takeAll(t, o, "西镇党委", "公布", 2)
}

func sweepPhotos() map[string]func(*testing.T, *office) swept {
	return map[string]func(*testing.T, *office) swept{
		"AttachPhoto": func(t *testing.T, o *office) swept {
			attached(t, o, "m-1")
			return sweptBy(o, "委员", func(d *handlers.Desk) (string, error) {
				s, err := d.AttachPhoto("m-2")
				return s.Words(), err
			})
		},
		"AttachPhoto, in place of a lost one": func(t *testing.T, o *office) swept {
			attached(t, o, "m-1")
			o.fetched(t, o.leased(t, 1)[0], handlers.PhotoFate{Problem: "40007"})
			o.set(morning.Add(time.Hour))
			return sweptBy(o, "委员", func(d *handlers.Desk) (string, error) {
				s, err := d.AttachPhoto("m-2")
				return s.Words(), err
			})
		},
		"OpenPhoto": func(t *testing.T, o *office) swept {
			attached(t, o, "m-1")
			o.fetched(t, o.leased(t, 1)[0], handlers.PhotoFate{JPEG: []byte("picture")})
			cards, _ := o.photos(t, "委员", "委员")
			return sweptBy(o, "书记", func(d *handlers.Desk) (string, error) {
				b, err := d.OpenPhoto(cards[0].ID, "核对")
				return strconv.Itoa(len(b)), err
			})
		},
		"LeasePhotos": func(t *testing.T, o *office) swept {
			attached(t, o, "m-1", "m-2")
			return sweptHouse(func(ctx context.Context, h *handlers.Handlers) error {
				_, err := h.LeasePhotos(ctx, 9)
				return err
			})
		},
		"SettlePhoto": func(t *testing.T, o *office) swept {
			attached(t, o, "m-1")
			l := o.leased(t, 1)[0]
			return sweptHouse(func(ctx context.Context, h *handlers.Handlers) error {
				return h.SettlePhoto(ctx, l, handlers.PhotoFate{Problem: "40007"})
			})
		},
		"TidyPhotos": func(t *testing.T, o *office) swept {
			attached(t, o, "m-1")
			o.set(morning.AddDate(0, 0, 40))
			return sweptHouse(func(ctx context.Context, h *handlers.Handlers) error { return h.TidyPhotos(ctx) })
		},
		"SetFences": func(t *testing.T, o *office) swept {
			return sweptBy(o, "东镇干事", func(d *handlers.Desk) (string, error) {
				return "导入了", d.SetFences("a.csv", []handlers.FenceEntry{{Village: "甲村", Spot: handlers.Spot{Latitude: 30_000_000, Longitude: 120_000_000}, Radius: 300}})
			})
		},
		"CheckInWith": func(t *testing.T, o *office) swept {
			o.roster(t, "甲村", morningDay(), morningDay())
			e := handlers.Evidence{Presence: handlers.Presence{Verdict: models.VerdictOut, Distance: "更远", Reason: "去镇里开会"}, Photos: []string{"m"}}
			return sweptBy(o, "主任", func(d *handlers.Desk) (string, error) {
				in, err := d.CheckInWith(e)
				return in.Arrival.Day.String(), err
			})
		},
	}
}

// TestNoPhotoIsLeftOfARefusedLog: what a rule refuses leaves nothing to be fetched.
func TestNoPhotoIsLeftOfARefusedLog(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		req := handlers.LogRequest{Matters: []handlers.MatterEntry{{Words: "危房", Holder: o.ids["乙委员"]}}, Photos: []string{"m"}}
		if _, refused := o.wrote(t, "委员", req); refused == "" {
			t.Fatal("it was not refused")
		}
		o.leased(t, 0)
		_, err := o.Do(t.Context(), o.by("书记", o.key()), func(d *handlers.Desk) (string, error) {
			_, err := d.OpenPhoto("nobody", "核对")
			return "", err
		})
		if r, ok := errors.AsType[*handlers.Refusal](err); !ok || !strings.Contains(r.Text, "没有这张照片") {
			t.Errorf("a photo that is not: %v", err)
		}
	})
}
