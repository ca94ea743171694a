package models

import (
	"time"

	"gorm.io/gorm"

	"github.com/cunkao/cunkao/calendar"
)

// PhotoKind is what a photo belongs to.
type PhotoKind string

// The kinds.
const (
	PhotoOfLog      PhotoKind = "log"
	PhotoOfLeave    PhotoKind = "leave"
	PhotoOfArrival  PhotoKind = "arrival"
	PhotoOfSelfEval PhotoKind = "selfeval"
)

// PhotoState is how far a photo is.
type PhotoState string

// The states of a photo.
const (
	PhotoWaiting PhotoState = "waiting" // at the platform, to be fetched
	PhotoKept    PhotoState = "kept"
	PhotoFailed  PhotoState = "failed" // gone, or no picture: another has to be sent
)

// Photo is a picture that belongs to a record. It is fetched behind the command that added it.
type Photo struct {
	ID        string           `gorm:"size:26;primaryKey"`
	PersonID  string           `gorm:"size:26;not null;index:idx_photos_person,priority:1"`
	VillageID string           `gorm:"size:26;not null"`
	Kind      PhotoKind        `gorm:"size:8;not null"`
	SubjectID string           `gorm:"size:26;not null;index:idx_photos_subject"`
	Quarter   calendar.Quarter `gorm:"type:char(6);not null;index:idx_photos_expires,priority:2"` // of the subject's day
	MediaID   string           `gorm:"size:500;not null"`                                         // sealed; empty once it is fetched
	State     PhotoState       `gorm:"size:8;not null;index:idx_photos_due,priority:1"`
	DueAt     time.Time        `gorm:"not null;index:idx_photos_due,priority:2"` // of the next try; while one is under way, the end of its lease
	Tries     int              `gorm:"not null"`
	Problem   string           `gorm:"size:200;not null"`
	Body      string           `gorm:"type:mediumtext;not null"` // sealed JPEG, drawn anew
	TakenAt   time.Time        `gorm:"not null;index:idx_photos_person,priority:2"`
	ExpiresAt time.Time        `gorm:"not null;index:idx_photos_expires,priority:1"` // not before; the quarter's appeal may be later
}

// AddPhotos stores photos.
func (tx *Tx) AddPhotos(p []Photo) error { return insert(tx, p) }

// Photo returns a photo with its body, or ErrNotFound.
func (tx *Tx) Photo(id string) (Photo, error) { return one[Photo](tx.g.Where("id = ?", id)) }

// PhotosOf returns a person's photos without their bodies, the newest first.
func (tx *Tx) PhotosOf(personID string) ([]Photo, error) {
	return many[Photo](tx.g.Omit("Body").Where("person_id = ?", personID).Order("taken_at DESC, id DESC"))
}

// PhotosAmong returns the photos of subjects without their bodies, by subject.
func (tx *Tx) PhotosAmong(subjects []string) (map[string][]Photo, error) {
	rows, err := among[Photo](subjects, func(ids []string) *gorm.DB {
		return tx.g.Omit("Body").Where("subject_id IN ?", ids).Order("taken_at, id")
	})
	of := map[string][]Photo{}
	for _, p := range rows {
		of[p.SubjectID] = append(of[p.SubjectID], p)
	}
	return of, err
}

// CountPhotos counts the photos of a subject.
func (tx *Tx) CountPhotos(subjectID string) (int, error) {
	var n int64
	err := tx.g.Model(&Photo{}).Where("subject_id = ?", subjectID).Count(&n).Error
	return int(n), known(err)
}

// FailedPhoto returns the latest photo of a person since an instant that could not be had, or
// ErrNotFound.
func (tx *Tx) FailedPhoto(personID string, since time.Time) (Photo, error) {
	return one[Photo](tx.g.Omit("Body").Where("person_id = ? AND taken_at >= ? AND state = ?", personID, since.UTC(), PhotoFailed).
		Order("taken_at DESC, id DESC"))
}

// LeasePhotos takes up to n photos that are due until the lease ends. The rows are as they
// are from then on; Tries says whose try it is.
func (tx *Tx) LeasePhotos(n int, lease time.Duration) ([]Photo, error) {
	rows, err := many[Photo](tx.g.Omit("Body").Where("state = ? AND due_at <= ?", PhotoWaiting, tx.Now).Order("due_at, id").Limit(n))
	if err != nil {
		return nil, err
	}
	var mine []Photo
	for _, p := range rows {
		next := p
		next.Tries, next.DueAt = p.Tries+1, tx.Now.Add(lease)
		took, err := changed(tx.photo(p).Select("Tries", "DueAt").Updates(next))
		if err != nil {
			return nil, err
		}
		if took {
			mine = append(mine, next)
		}
	}
	return mine, nil
}

// SettlePhoto stores what a try came to, unless the try was given to somebody else meanwhile,
// which it reports.
func (tx *Tx) SettlePhoto(p Photo) (bool, error) {
	return changed(tx.photo(p).Select("State", "DueAt", "Problem", "Body", "MediaID").Updates(p))
}

// RenewPhoto puts another picture in the place of one that could not be had, and reports
// whether that still was so.
func (tx *Tx) RenewPhoto(p Photo) (bool, error) {
	return changed(tx.g.Model(&Photo{}).Where("id = ? AND state = ?", p.ID, PhotoFailed).
		Select("State", "DueAt", "Tries", "Problem", "MediaID").Updates(p))
}

// photo is a photo that waits, at the try it was read at.
func (tx *Tx) photo(p Photo) *gorm.DB {
	return tx.g.Model(&Photo{}).Where("id = ? AND state = ? AND tries = ?", p.ID, PhotoWaiting, p.Tries)
}

// changed reports whether an update hit a row.
func changed(q *gorm.DB) (bool, error) { return q.RowsAffected == 1, known(q.Error) }

// RemovePhotos deletes photos of a subject, or none and ErrStale if one of them is gone.
func (tx *Tx) RemovePhotos(subjectID string, ids []string) error {
	gone := tx.g.Where("subject_id = ? AND id IN ?", subjectID, ids).Delete(&Photo{})
	if gone.Error == nil && gone.RowsAffected != int64(len(ids)) {
		return ErrStale
	}
	return known(gone.Error)
}

// PhotoQuarters returns the quarters of photos that have expired.
func (tx *Tx) PhotoQuarters() (quarters []calendar.Quarter, err error) {
	return quarters, known(tx.g.Model(&Photo{}).Where("expires_at <= ?", tx.Now).Distinct().Order("quarter").Pluck("quarter", &quarters).Error)
}

// DropPhotos deletes the photos of a quarter that have expired, and returns how many.
func (tx *Tx) DropPhotos(q calendar.Quarter) (int64, error) {
	gone := tx.g.Where("quarter = ? AND expires_at <= ?", q, tx.Now).Delete(&Photo{})
	return gone.RowsAffected, known(gone.Error)
}
