package handlers

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
)

// What holds for photos.
const (
	mostPhotos  = 9                   // of one record
	afterLog    = 10 * time.Minute    // after a log was written, in which a photo is meant for it
	mediaLives  = 3 * 24 * time.Hour  // at the platform
	photosFor   = 30 * 24 * time.Hour // at least; longer while the quarter can be appealed
	photoLease  = 2 * time.Minute     // more than a download and a drawing take
	anotherDays = 3                   // in which another photo takes the place of one that was lost
)

// AttachPhoto adds a photo to what PhotoSubject finds. media is the platform's id of it.
func (d *Desk) AttachPhoto(media string) (PhotoSubject, error) {
	if err := d.may("AttachPhoto", own(d.Who.ID)); err != nil {
		return PhotoSubject{}, err
	}
	s, err := d.PhotoSubject()
	switch {
	case err != nil:
		return s, err
	case s.Kind == "":
		return s, Refuse("照片收到了，但现在没有要照片的事，没有保存。")
	case s.lost.ID == "":
		_, err = d.addPhotos(s, []string{media})
	default:
		err = d.renewPhoto(s.lost, media)
	}
	if err != nil {
		return s, err
	}
	return s, d.did("AttachPhoto", s.ID, "")
}

func (d *Desk) renewPhoto(p models.Photo, media string) error {
	p.State, p.Tries, p.Problem, p.DueAt = models.PhotoWaiting, 0, "", d.Now
	p.MediaID = d.h.box.Seal(media, mediaOf(p.ID))
	renewed, err := d.tx.RenewPhoto(p)
	switch {
	case err != nil:
		return fmt.Errorf("renew a photo: %w", err)
	case !renewed:
		return Refuse("这张照片刚才已经补上了。")
	default:
		return nil
	}
}

// addPhotos adds photos to a record; they are fetched behind the command. It returns their
// ids, in the order of media.
func (d *Desk) addPhotos(s PhotoSubject, media []string) ([]string, error) {
	if len(media) == 0 {
		return nil, nil
	}
	there, err := d.tx.CountPhotos(s.ID)
	if err != nil {
		return nil, fmt.Errorf("add photos: %w", err)
	}
	if there+len(media) > mostPhotos {
		return nil, RefuseField("photos", "%s最多附%d张照片。", s.Words(), mostPhotos)
	}
	rows, ids := make([]models.Photo, len(media)), make([]string, len(media))
	for i, id := range media {
		p := models.Photo{
			ID: d.tx.NewID(), PersonID: s.person, VillageID: s.village, Kind: s.Kind, SubjectID: s.ID, Quarter: calendar.QuarterOf(s.Day),
			State: models.PhotoWaiting, DueAt: d.Now, TakenAt: d.Now, ExpiresAt: d.Now.Add(photosFor),
		}
		p.MediaID = d.h.box.Seal(id, mediaOf(p.ID))
		rows[i], ids[i] = p, p.ID
	}
	if err := d.tx.AddPhotos(rows); err != nil {
		return nil, fmt.Errorf("add photos: %w", err)
	}
	return ids, nil
}

func mediaOf(id string) string { return "photos.media_id." + id }

func bodyOf(id string) string { return "photos.body." + id }

// PhotoLease is a photo that is to be fetched now, by whoever holds the lease.
type PhotoLease struct {
	MediaID string
	photo   models.Photo
}

// ID names the photo, for a log.
func (l PhotoLease) ID() string { return l.photo.ID }

// Tries counts the tries, this one among them.
func (l PhotoLease) Tries() int { return l.photo.Tries }

// LeasePhotos takes up to n photos that are to be fetched now.
func (h *Handlers) LeasePhotos(ctx context.Context, n int) (out []PhotoLease, err error) {
	err = h.keepHouse(ctx, func(tx *models.Tx) error {
		out = nil
		rows, err := tx.LeasePhotos(n, photoLease)
		if err != nil {
			return err
		}
		for _, p := range rows {
			media, err := h.box.Open(p.MediaID, mediaOf(p.ID))
			if err != nil {
				return fmt.Errorf("photo %s: %w", p.ID, err)
			}
			out = append(out, PhotoLease{MediaID: media, photo: p})
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("lease photos: %w", err)
	}
	return out, nil
}

// PhotoFate is what a try to fetch a photo came to: the picture, drawn anew, or when to try
// again; neither ends the tries.
type PhotoFate struct {
	JPEG    []byte
	Again   time.Duration
	Problem string // of the platform or the picture
}

// SettlePhoto stores what a try came to. Whoever sent a photo that cannot be had is asked
// for another, once.
func (h *Handlers) SettlePhoto(ctx context.Context, l PhotoLease, f PhotoFate) error {
	told := false
	err := h.keepHouse(ctx, func(tx *models.Tx) error {
		p := l.photo
		p.Problem = short(f.Problem, 200)
		switch {
		case len(f.JPEG) > 0:
			p.State, p.Problem, p.MediaID, p.Body = models.PhotoKept, "", "", h.box.Seal(string(f.JPEG), bodyOf(p.ID))
		case f.Again > 0 && tx.Now.Add(f.Again).Sub(p.TakenAt) < mediaLives:
			p.DueAt = tx.Now.Add(f.Again)
		default:
			p.State, p.MediaID = models.PhotoFailed, ""
		}
		settled, err := tx.SettlePhoto(p)
		told = settled && p.State == models.PhotoFailed
		if err != nil || !told {
			return err
		}
		return h.askAnother(tx, p)
	})
	if err != nil {
		return fmt.Errorf("settle photo %s: %w", l.ID(), err)
	}
	if told {
		h.wake()
	}
	return nil
}

func (h *Handlers) askAnother(tx *models.Tx, p models.Photo) error {
	d := &Desk{View: &View{h: h, tx: tx, Now: tx.Now, Today: calendar.On(tx.Now), Sent: tx.Now}}
	s, err := d.subjectOf(p)
	if err != nil {
		return err
	}
	return d.tell(note{
		to: p.PersonID, kind: NoticePhoto, class: classTask, dedupe: "photo:" + p.ID,
		words: map[string]string{"what": s.Words(), "date": s.Day.String()},
	})
}

// PhotoCard is a photo as it is listed.
type PhotoCard struct {
	ID, Of  string // Of: the record, in words
	State   models.PhotoState
	TakenAt time.Time
	Problem string
}

// Photos lists the photos of a person, the newest first.
func (v *View) Photos(personID string) ([]PhotoCard, error) {
	target := own(personID)
	if at, err := v.homeOf(personID); err == nil {
		target.Village, target.Town = at.village.ID, at.village.TownID
	}
	if err := v.may("Photos", target); err != nil {
		return nil, err
	}
	rows, err := v.tx.PhotosOf(personID)
	if err != nil {
		return nil, fmt.Errorf("photos: %w", err)
	}
	cards := make([]PhotoCard, 0, len(rows))
	for _, p := range rows {
		s, err := v.subjectOf(p)
		if err != nil {
			return nil, err
		}
		cards = append(cards, PhotoCard{ID: p.ID, Of: s.Words(), State: p.State, TakenAt: p.TakenAt, Problem: p.Problem})
	}
	return cards, nil
}

// OpenPhoto returns a photo as JPEG, for a reason that is journalled.
func (d *Desk) OpenPhoto(id, reason string) ([]byte, error) {
	p, err := d.tx.Photo(id)
	if errors.Is(err, models.ErrNotFound) {
		return nil, d.noPhoto()
	}
	if err != nil {
		return nil, fmt.Errorf("open photo %s: %w", id, err)
	}
	village, err := d.tx.Village(p.VillageID)
	if err != nil {
		return nil, fmt.Errorf("open photo %s: %w", id, err)
	}
	if err := d.may("OpenPhoto", Target{Person: p.PersonID, Village: village.ID, Town: village.TownID}); err != nil {
		return nil, err
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		return nil, RefuseField("reason", "要看照片，请写明原因。")
	}
	if p.State != models.PhotoKept {
		return nil, Refuse("这张照片还没有取到，或者取不到了。")
	}
	if err := d.handedIn(p); err != nil {
		return nil, err
	}
	body, err := d.h.box.Open(p.Body, bodyOf(p.ID))
	if err != nil {
		return nil, fmt.Errorf("open photo %s: %w", id, err)
	}
	return []byte(body), d.did("OpenPhoto", p.ID, reason)
}

// handedIn refuses a photo of a self-evaluation that is only kept: nobody reads a draft.
func (v *View) handedIn(p models.Photo) error {
	if p.Kind != models.PhotoOfSelfEval {
		return nil
	}
	e, err := v.tx.SelfEvalByID(p.SubjectID)
	if err != nil {
		return fmt.Errorf("open photo %s: %w", p.ID, err)
	}
	if e.State != models.SelfEvalSubmitted {
		return Refuse("这份自评还没有交，照片不能看。")
	}
	return nil
}

// noPhoto tells only those who may open one that there is none.
func (d *Desk) noPhoto() error {
	if d.Is(Secretary) || d.Is(TownLeader) || d.Is(Auditor) {
		return Refuse("没有这张照片，或者已经到期删除。")
	}
	return errForbidden()
}

// TidyPhotos deletes the photos whose time is over: thirty days, and the end of the quarter's
// appeals.
func (h *Handlers) TidyPhotos(ctx context.Context) error {
	err := h.keepHouse(ctx, func(tx *models.Tx) error {
		quarters, err := tx.PhotoQuarters()
		if err != nil {
			return err
		}
		v := &View{h: h, tx: tx, Now: tx.Now, Today: calendar.On(tx.Now)}
		for _, q := range quarters {
			over, err := v.appealsOver(q)
			if err != nil {
				return err
			}
			if !over {
				continue
			}
			if _, err := tx.DropPhotos(q); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("tidy photos: %w", err)
	}
	return nil
}

// appealsOver reports whether nobody can appeal a quarter's results any more. A quarter that
// nobody assesses has none.
func (v *View) appealsOver(q calendar.Quarter) (bool, error) {
	c, err := v.tx.Cycle(q)
	switch {
	case errors.Is(err, models.ErrNotFound), err == nil && c.State == models.CycleCancelled:
		return v.Today.After(q.Last()), nil
	case err != nil:
		return false, fmt.Errorf("appeals of %s: %w", q, err)
	}
	policy, err := policyOf(c)
	if err != nil {
		return false, err
	}
	seqs, err := v.tx.Sequences(q)
	if err != nil {
		return false, fmt.Errorf("appeals of %s: %w", q, err)
	}
	for _, s := range seqs {
		if s.PublishedAt == nil || !v.Today.After(calendar.On(*s.PublishedAt).Add(policy.Deadlines.Appeal)) {
			return false, nil
		}
	}
	return len(seqs) > 0, nil
}
