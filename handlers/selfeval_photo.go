package handlers

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
)

// Photos of a self-evaluation are evidence of one check, or of the whole. Which check a photo
// is of stands sealed in the marks; one that no mark names is of the whole. What was handed
// in stays, as with a log: who submits again adds to it.

// SelfPhoto is a photo that comes with a self-evaluation.
type SelfPhoto struct {
	Check string // empty: of the whole
	Media string // id at the platform
}

// withPhotos adds the photos of a request, and returns its marks with the ids of theirs and of
// those that were there before.
func (d *Desk) withPhotos(s PhotoSubject, was models.SelfEval, req SelfEvalRequest, out *SelfEvalDone) (map[string]SelfMark, error) {
	old, _, err := d.openedSelfEval(was)
	if err != nil {
		return nil, err
	}
	if was.Version > 0 {
		if out.Kept, err = d.tx.CountPhotos(was.ID); err != nil {
			return nil, fmt.Errorf("photos of self-evaluation %s: %w", was.ID, err)
		}
	}
	media := make([]string, len(req.Photos))
	for i, p := range req.Photos {
		media[i] = p.Media
	}
	ids, err := d.addPhotos(s, media)
	if err != nil {
		return nil, err
	}
	out.Photos = len(ids)
	marks := maps.Clone(req.Marks)
	for check, m := range marks {
		m.Photos = slices.Clone(old[check].Photos)
		for i, p := range req.Photos {
			if p.Check == check {
				m.Photos = append(m.Photos, ids[i])
			}
		}
		marks[check] = m
	}
	return marks, nil
}

// selfPhotos counts the photos of one self-evaluation, as photosBy does.
func (v *View) selfPhotos(row models.SelfEval, marks map[string]SelfMark) (map[string]int, error) {
	photos, err := v.tx.PhotosAmong([]string{row.ID})
	if err != nil {
		return nil, fmt.Errorf("photos of self-evaluation %s: %w", row.ID, err)
	}
	return photosBy(marks, photos[row.ID]), nil
}

// photosBy counts the photos of a self-evaluation by check, and under "" those of the whole.
// One that could not be had is no evidence.
func photosBy(marks map[string]SelfMark, photos []models.Photo) map[string]int {
	of, n := checkOfPhotos(marks), map[string]int{}
	for _, p := range photos {
		if p.State != models.PhotoFailed {
			n[of[p.ID]]++
		}
	}
	return n
}

// checkOfPhotos is the check that each photo is of.
func checkOfPhotos(marks map[string]SelfMark) map[string]string {
	of := map[string]string{}
	for check, m := range marks {
		for _, id := range m.Photos {
			of[id] = check
		}
	}
	return of
}

// justSubmitted is one's self-evaluation if it was submitted just now and can still be changed,
// so that a photo is meant for it.
func (v *View) justSubmitted() (models.SelfEval, bool, error) {
	c, _, err := v.selfEvalCycle(calendar.Quarter{})
	if _, refused := errors.AsType[*Refusal](err); refused || err == nil && c.State != models.CycleSelfEval {
		return models.SelfEval{}, false, nil
	}
	if err != nil {
		return models.SelfEval{}, false, err
	}
	row, err := v.tx.SelfEval(c.Quarter, v.Who.ID)
	switch {
	case errors.Is(err, models.ErrNotFound):
		return row, false, nil
	case err != nil:
		return row, false, fmt.Errorf("self-evaluation of %s: %w", v.Who.ID, err)
	}
	return row, row.State == models.SelfEvalSubmitted && row.EnteredBy == "" && v.Sent.Sub(*row.SubmittedAt) <= afterLog, nil
}

func sumOf(n map[string]int) (sum int) {
	for _, one := range n {
		sum += one
	}
	return sum
}
