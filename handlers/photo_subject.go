package handlers

import (
	"errors"
	"fmt"
	"slices"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
)

// PhotoSubject is the record that a photo belongs to.
type PhotoSubject struct {
	Kind    models.PhotoKind // none: there is no such record
	ID      string
	Day     calendar.Date
	person  string
	village string
	lost    models.Photo // in whose place the photo comes
}

// Words names the record: 10月8日的日志.
func (s PhotoSubject) Words() string {
	if s.Kind == models.PhotoOfSelfEval {
		return calendar.QuarterOf(s.Day).Chinese() + "的自评"
	}
	return s.Day.Chinese() + map[models.PhotoKind]string{
		models.PhotoOfLog: "的日志", models.PhotoOfLeave: "起的假条", models.PhotoOfArrival: "的签到",
	}[s.Kind]
}

// PhotoSubject finds what a photo is for that is sent now, outside any form: the log that was
// written in the last ten minutes, or the self-evaluation that was submitted, whichever was
// later; or else, of the last days, the record whose photo was lost.
func (v *View) PhotoSubject() (PhotoSubject, error) {
	if err := v.may("PhotoSubject", own(v.Who.ID)); err != nil {
		return PhotoSubject{}, err
	}
	just, err := v.justMade()
	if err != nil || just.Kind == models.PhotoOfLog {
		return just, err
	}
	lost, err := v.tx.FailedPhoto(v.Who.ID, v.Today.Add(-anotherDays).At(0, 0))
	switch {
	case errors.Is(err, models.ErrNotFound):
		return just, nil
	case err != nil:
		return PhotoSubject{}, fmt.Errorf("what is a photo for: %w", err)
	case just.Kind != "" && just.ID != lost.SubjectID:
		return just, nil
	}
	s, err := v.subjectOf(lost)
	s.lost = lost
	return s, err
}

// justMade is what the person made in the last ten minutes: the log, or the self-evaluation
// if that was later and can still be changed.
func (v *View) justMade() (PhotoSubject, error) {
	logs, err := v.tx.WorkLogsOf(v.Who.ID, v.Today.Add(-longestBack-1), v.Today)
	if err != nil {
		return PhotoSubject{}, fmt.Errorf("what is a photo for: %w", err)
	}
	logs = slices.DeleteFunc(logs, func(l models.WorkLog) bool { return l.Channel == byPaper || v.Sent.Sub(l.At) > afterLog })
	eval, just, err := v.justSubmitted()
	if err != nil {
		return PhotoSubject{}, err
	}
	if len(logs) > 0 {
		last := slices.MaxFunc(logs, func(a, b models.WorkLog) int { return a.At.Compare(b.At) })
		if !just || !eval.SubmittedAt.After(last.At) {
			return PhotoSubject{Kind: models.PhotoOfLog, ID: last.ID, Day: last.Day, person: v.Who.ID, village: last.VillageID}, nil
		}
	}
	if !just {
		return PhotoSubject{}, nil
	}
	now, err := v.liveOf(v.Who, eval.Quarter)
	return PhotoSubject{Kind: models.PhotoOfSelfEval, ID: eval.ID, Day: eval.Quarter.Last(), person: v.Who.ID, village: now.village}, err
}

// subjectOf finds the record of a photo.
func (v *View) subjectOf(p models.Photo) (PhotoSubject, error) {
	s := PhotoSubject{Kind: p.Kind, ID: p.SubjectID, person: p.PersonID, village: p.VillageID}
	var err error
	switch p.Kind {
	case models.PhotoOfLog:
		var l models.WorkLog
		l, err = v.tx.WorkLog(p.SubjectID)
		s.Day = l.Day
	case models.PhotoOfLeave:
		var l models.Leave
		l, err = v.tx.Leave(p.SubjectID)
		s.Day = l.FirstDay
	case models.PhotoOfSelfEval:
		var e models.SelfEval
		e, err = v.tx.SelfEvalByID(p.SubjectID)
		s.Day = e.Quarter.Last()
	default:
		var a models.Arrival
		a, err = v.tx.ArrivalByID(p.SubjectID)
		s.Day = a.Day
	}
	if err != nil {
		return s, fmt.Errorf("subject of photo %s: %w", p.ID, err)
	}
	return s, nil
}
