package handlers

import (
	"errors"
	"fmt"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
)

// Photos of a self-evaluation are taken back (删照片) as long as it can be changed: the pictures
// are gone at once, and the journal keeps that they were there.

// SelfPhotos are photos of one's self-evaluation that can be taken back: those of a check, or
// of the whole.
type SelfPhotos struct {
	Check string // empty: of the whole
	Name  string
	Place int // among the checks, from 1
	N     int
}

// SelfPhotos lists the photos of one's self-evaluation that can be taken back now. It refuses
// where there are none, or no longer any that can be.
func (v *View) SelfPhotos() ([]SelfPhotos, error) {
	if err := v.may("SelfPhotos", own(v.Who.ID)); err != nil {
		return nil, err
	}
	row, of, err := v.removable()
	if err != nil {
		return nil, err
	}
	now, err := v.liveOf(v.Who, row.Quarter)
	if err != nil {
		return nil, err
	}
	var out []SelfPhotos
	for i, p := range selfChecks(now.rubric) {
		if n := len(of[p.check.ID]); n > 0 {
			out = append(out, SelfPhotos{p.check.ID, p.name, i + 1, n})
		}
	}
	if n := len(of[""]); n > 0 {
		out = append(out, SelfPhotos{N: n})
	}
	return out, nil
}

// RemoveSelfPhotos takes the photos of a check back or, without one, those of the whole, and
// returns how many they were.
func (d *Desk) RemoveSelfPhotos(check string) (int, error) {
	if err := d.may("RemoveSelfPhotos", own(d.Who.ID)); err != nil {
		return 0, err
	}
	row, of, err := d.removable()
	if err != nil {
		return 0, err
	}
	ids := of[check]
	if len(ids) == 0 {
		return 0, Refuse("这里没有照片可以删。")
	}
	switch err := d.tx.RemovePhotos(row.ID, ids); {
	case errors.Is(err, models.ErrStale):
		return 0, Refuse("照片刚刚变过，请再发“删照片”。")
	case err != nil:
		return 0, fmt.Errorf("remove photos of self-evaluation %s: %w", row.ID, err)
	}
	return len(ids), d.did("RemoveSelfPhotos", row.ID, fmt.Sprintf("%s %d", check, len(ids)))
}

// removable finds the self-evaluation whose photos can be taken back now, and their ids by
// check.
func (v *View) removable() (models.SelfEval, map[string][]string, error) {
	c, _, err := v.selfEvalCycle(calendar.Quarter{})
	refusal, over := errors.AsType[*Refusal](err)
	if err != nil && !over {
		return models.SelfEval{}, nil, err
	}
	running := calendar.QuarterOf(v.Today)
	for _, q := range []calendar.Quarter{c.Quarter, running, running.Prev()} {
		row, of, err := v.photosOfSelfEval(q)
		switch {
		case err != nil:
			return row, nil, err
		case len(of) == 0:
		case refusal != nil, q != c.Quarter:
			return row, nil, Refuse("%s的自评截止了，附的照片不能再删，到期会自动删除。有急事请找镇上工作人员（“人工”）。", q.Chinese())
		default:
			return row, of, nil
		}
	}
	return models.SelfEval{}, nil, Refuse("您的自评没有照片可以删。")
}

// photosOfSelfEval are the photos of one's self-evaluation of a quarter, by check; those that
// could not be had are among them.
func (v *View) photosOfSelfEval(q calendar.Quarter) (models.SelfEval, map[string][]string, error) {
	row, err := v.tx.SelfEval(q, v.Who.ID)
	if errors.Is(err, models.ErrNotFound) {
		return row, nil, nil
	}
	if err != nil {
		return row, nil, fmt.Errorf("self-evaluation of %s: %w", v.Who.ID, err)
	}
	marks, _, err := v.openedSelfEval(row)
	if err != nil {
		return row, nil, err
	}
	photos, err := v.tx.PhotosAmong([]string{row.ID})
	if err != nil {
		return row, nil, fmt.Errorf("photos of self-evaluation %s: %w", row.ID, err)
	}
	named, of := checkOfPhotos(marks), map[string][]string{}
	for _, p := range photos[row.ID] {
		of[named[p.ID]] = append(of[named[p.ID]], p.ID)
	}
	return row, of, nil
}
