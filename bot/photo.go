package bot

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/wechat"
)

// sent is what somebody has sent that is no text: a photo or a place.
type sent struct {
	photo string        // MediaId
	place *wechat.Point // nil for a photo
}

// sent is what a message brings besides words, and false if it is nothing of the kind.
func (in Input) sent() (sent, bool) {
	return sent{in.Photo, in.Place}, in.Photo != "" || in.Place != nil
}

// receiveSent takes a photo or a place: for the open form, for a record that was made just
// now, for 签到 where the county has it so; else nothing of it is kept.
func (b *Bot) receiveSent(ctx context.Context, in Input, s sent) (string, error) {
	idle := func(v *handlers.View) (string, error) {
		menu, err := b.menu(v, "")
		return b.unwanted(s, in.Unread) + "\n" + menu, err
	}
	belongs := func(v *handlers.View) (bool, error) {
		to, err := b.whereTo(v, s)
		return to != nil, err
	}
	in.word = "照片或位置"
	return b.lookOrDo(ctx, in, belongs, idle, func(d *handlers.Desk) (string, error) {
		to, err := b.whereTo(d.View, s)
		if err != nil {
			return "", err
		}
		if to == nil { // it was ended meanwhile
			return idle(d.View)
		}
		return to(d)
	})
}

// unwanted is what is said to a photo or a place that nothing takes.
func (b *Bot) unwanted(s sent, kind string) string {
	if s.place != nil && b.Desk.CheckInBy() == handlers.CheckInByPlace {
		return "位置收到了，但现在没有要位置的事，没有保存。"
	}
	return unread(kind)
}

// whereTo finds what takes a photo or a place; nil if nothing does.
func (b *Bot) whereTo(v *handlers.View, s sent) (func(*handlers.Desk) (string, error), error) {
	drafts, err := v.Talk()
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(drafts, func(one handlers.Draft) bool { return b.forms[one.Form].name != "" })
	if at >= 0 && b.forms[drafts[at].Form].takes(s, drafts[at]) {
		return func(d *handlers.Desk) (string, error) { return b.intoForm(d, s) }, nil
	}
	switch {
	case !v.Bound() || !v.Is(handlers.Cadre):
		return nil, nil
	case s.photo != "":
		subject, err := v.PhotoSubject()
		if err == nil && subject.Kind != "" {
			return func(d *handlers.Desk) (string, error) { return b.attach(d, s.photo) }, nil
		}
		return nil, err
	case b.Desk.CheckInBy() == handlers.CheckInByPlace && at < 0:
		return func(d *handlers.Desk) (string, error) {
			if reply, err := b.checkInMore(d, ""); err != nil || !b.asksSpot(d) {
				return reply, err
			}
			return b.intoForm(d, s)
		}, nil
	}
	return nil, nil
}

// takes reports whether a field of a form takes what was sent.
func (f form) takes(s sent, one handlers.Draft) bool {
	_, ok := f.taking(s, one)
	return ok && one.Edition == f.edition
}

// taking is the field that takes what was sent: the open one, or else the last that takes
// such a thing.
func (f form) taking(s sent, one handlers.Draft) (to field, ok bool) {
	for _, q := range f.asked(one.Answers) {
		if q.sent == nil || q.photo != (s.photo != "") {
			continue
		}
		if to, ok = q, true; q.name == one.Open {
			break
		}
	}
	return to, ok
}

// intoForm lets the open form take a photo or a place.
func (b *Bot) intoForm(d *handlers.Desk, s sent) (string, error) {
	t, err := b.heldTurn(d)
	if err != nil {
		return "", err
	}
	q, _ := t.form.taking(s, *t.draft()) // whereTo saw it in this transaction
	got, err := q.sent(t.listening(), s)
	if err != nil {
		return "", err
	}
	return t.settle(got.said, q, got)
}

// attach adds a photo to a record that was made just now.
func (b *Bot) attach(d *handlers.Desk, photo string) (string, error) {
	s, err := d.AttachPhoto(photo)
	if err != nil {
		return "", err
	}
	return b.withOpenQuestion(d.View, "照片收到了 ✓ 附在您"+s.Words()+"里。")
}

// photosField is the field of a form to which photos may be sent.
func photosField(sent func(listening, sent) (heard, error)) field {
	return field{
		name: "photos", quiet: true, optional: true, photo: true,
		sent: sent, read: readPhotos, show: func(a answers) string { return strconv.Itoa(len(photosOf(a))) + "张" },
	}
}

// formPhotos is how many photos one form takes.
const formPhotos = 9

func photosOf(a answers) []string { return strings.Fields(a["photos"]) }

func hearPhoto(h listening, s sent) (heard, error) {
	all := photosOf(h.a)
	switch {
	case slices.Contains(all, s.photo):
	case len(all) >= formPhotos:
		return heard{said: h.words.says("manyphotos", "n", strconv.Itoa(formPhotos)) + "\n"}, nil
	default:
		all = append(all, s.photo)
	}
	said := h.words.says("gotphoto", "n", strconv.Itoa(len(all))) + "\n"
	return heard{fill: answers{"photos": strings.Join(all, " ")}, said: said}, nil
}

func readPhotos(h listening, text string) (heard, error) {
	if !h.whole {
		return heard{}, nil
	}
	if slices.Contains([]string{"不要照片", "不要", "删除", "删掉", "去掉"}, text) {
		return filled("photos", ""), nil
	}
	return heard{complaint: h.words.says("nophoto", "said", short(text))}, nil
}

// Fetcher is what the platform does for photos.
type Fetcher interface {
	Media(ctx context.Context, mediaID string) (wechat.Photo, error)
}

// How photos are fetched.
const (
	photosAtOnce = 4
	mostJPEG     = 400 << 10 // bytes that are kept of one
)

// Fetch fetches photos as they come, until ctx ends.
func (b *Bot) Fetch(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	trouble := NewTrouble(b.Log, "bot: fetch photos")
	for {
		err := b.FetchDue(ctx)
		trouble.Heed(ctx, b.Now(), err)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// FetchDue fetches the photos that are due now.
func (b *Bot) FetchDue(ctx context.Context) error {
	for b.Fetcher != nil && ctx.Err() == nil {
		leases, err := b.Desk.LeasePhotos(ctx, photosAtOnce)
		if err != nil || len(leases) == 0 {
			return err
		}
		for _, l := range leases {
			if err := b.Desk.SettlePhoto(ctx, l, b.fetch(ctx, l)); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// fetch tries one photo.
func (b *Bot) fetch(ctx context.Context, l handlers.PhotoLease) handlers.PhotoFate {
	p, err := b.Fetcher.Media(ctx, l.MediaID)
	if err == nil {
		var jpeg []byte
		if jpeg, err = p.Within(mostJPEG); err == nil {
			b.meter.PhotosKept.Add(1)
			return handlers.PhotoFate{JPEG: jpeg}
		}
	}
	f := handlers.PhotoFate{Problem: err.Error()}
	switch wechat.ClassOf(err) {
	case wechat.Retry:
		f.Again = backoff(l.Tries())
	case wechat.RetryLater, wechat.Config, wechat.Quota: // the account's own trouble, which passes
		f.Again = max(10*time.Minute, backoff(l.Tries()))
	default:
		b.meter.PhotosLost.Add(1)
		b.Log.WarnContext(ctx, "bot: a photo is lost", "photo", l.ID(), "err", err)
	}
	return f
}

// PhotoState is how far a photo is, in words.
func PhotoState(s models.PhotoState) string {
	return map[models.PhotoState]string{models.PhotoWaiting: "待取", models.PhotoKept: "已存", models.PhotoFailed: "取不到"}[s]
}
