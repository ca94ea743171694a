package handlers

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
)

// A shift can be confirmed from ninety minutes before it starts to its end.
// Whether somebody came late is for an inspection (督查) to find, not for this.
const early = 90 * time.Minute

// Somebody who is not on the roster may still say that he is at work, between
// these hours.
const openFrom, openTo = 6, 20

// CheckedIn is what a 签到 did.
type CheckedIn struct {
	Arrival models.Arrival
	Shift   models.Shift // with no ID if the person was not on the roster
	Days    calendar.DaysOff
}

// CheckIn records that the cadre is on the spot (签到). A second one refuses and
// says when the first was. What counts is when it was sent.
func (d *Desk) CheckIn() (CheckedIn, error) {
	if err := d.may("CheckIn", own(d.Who.ID)); err != nil {
		return CheckedIn{}, err
	}
	in, err := d.arrive()
	if err != nil {
		return CheckedIn{}, err
	}
	return in, d.did("CheckIn", in.Arrival.ID, "")
}

// Evidence is what goes with a 签到 where the county wants more than the word.
type Evidence struct {
	Presence

	Photos []string  // ids at the platform
	At     time.Time // when the place or the photo was sent; what was asked after it takes its time
}

// longestAnswer is for how long after his place was sent somebody may say why he is out.
const longestAnswer = time.Hour

// CheckInWith is CheckIn with a place or a photo. Whoever is out is recorded as out, with his
// reason, and never refused.
func (d *Desk) CheckInWith(e Evidence) (CheckedIn, error) {
	if err := d.may("CheckInWith", own(d.Who.ID)); err != nil {
		return CheckedIn{}, err
	}
	if e.Verdict == models.VerdictOut && strings.TrimSpace(e.Reason) == "" {
		return CheckedIn{}, RefuseField("reason", "请说一下在外面办什么事。")
	}
	if late := d.Sent.Sub(e.At); !e.At.IsZero() && late > 0 && late < longestAnswer {
		d.Sent = e.At
	}
	in, err := d.arrive()
	if err != nil {
		return CheckedIn{}, err
	}
	id := in.Arrival.ID
	if e.Verdict != "" {
		row := models.Presence{ArrivalID: id, Verdict: e.Verdict, Distance: e.Distance}
		if e.Verdict == models.VerdictOut {
			row.Reason = d.h.box.Seal(e.Reason, awayOf(id))
		}
		if err := d.tx.AddPresence(&row); err != nil {
			return CheckedIn{}, fmt.Errorf("check in: %w", err)
		}
	}
	subject := PhotoSubject{Kind: models.PhotoOfArrival, ID: id, Day: in.Arrival.Day, person: d.Who.ID, village: in.Arrival.VillageID}
	if _, err := d.addPhotos(subject, e.Photos); err != nil {
		return CheckedIn{}, err
	}
	return in, d.did("CheckInWith", id, "")
}

// MayCheckIn refuses what CheckIn would, before more than the word is asked for.
func (v *View) MayCheckIn() error {
	if err := v.may("MayCheckIn", own(v.Who.ID)); err != nil {
		return err
	}
	_, _, err := v.dutyNow()
	return err
}

// arrive stores the arrival at the shift of now.
func (d *Desk) arrive() (CheckedIn, error) {
	off, err := d.daysOff()
	if err != nil {
		return CheckedIn{}, err
	}
	shift, village, err := d.dutyNow()
	if err != nil {
		return CheckedIn{}, err
	}
	a := models.Arrival{
		ID: d.tx.NewID(), PersonID: d.Who.ID, Day: shift.Day, VillageID: village, ShiftID: shift.ID,
		At: d.Sent.UTC(), Channel: d.cmd.Channel,
	}
	a.Receipt = receipt(a.ID)
	switch err := d.appendRow(&a); {
	case errors.Is(err, models.ErrExists): // by another channel, at this moment
		first, err := d.tx.Arrival(d.Who.ID, shift.Day)
		if err != nil {
			return CheckedIn{}, fmt.Errorf("check in again: %w", err)
		}
		return CheckedIn{}, alreadyIn(first)
	case err != nil:
		return CheckedIn{}, fmt.Errorf("check in: %w", err)
	}
	return CheckedIn{a, shift, off}, nil
}

// receipt is what a person can name: the last characters of an id, in capitals.
func receipt(id string) string { return strings.ToUpper(id[len(id)-6:]) }

func alreadyIn(first models.Arrival) error {
	if first.Channel == byWitness {
		return Refuse("%s的班已经由同事作证在岗（回执%s），不用再签。", first.Day.Chinese(), first.Receipt)
	}
	return Refuse("%s的班您在%s已经签到了（回执%s），不用再签。", first.Day.Chinese(), calendar.TimeOfDay(first.At), first.Receipt)
}

// dutyNow finds the shift that a 签到 belongs to. At the change of two shifts it
// is the one that is not confirmed yet. With none it is the day itself. If that
// is confirmed, it refuses.
func (v *View) dutyNow() (shift models.Shift, villageID string, err error) {
	today := calendar.On(v.Sent)
	shifts, err := v.tx.ShiftsOf(v.Who.ID, today.Add(-1), today)
	if err != nil {
		return shift, "", fmt.Errorf("my shift: %w", err)
	}
	all := slices.Clone(shifts)
	shifts = slices.DeleteFunc(shifts, func(s models.Shift) bool { return !confirms(v.Sent, s) })
	arrived, err := v.tx.ArrivalsOf(v.Who.ID, today.Add(-1), today)
	if err != nil {
		return shift, "", fmt.Errorf("my arrivals: %w", err)
	}
	on := func(day calendar.Date) int {
		return slices.IndexFunc(arrived, func(a models.Arrival) bool { return a.Day == day })
	}
	for i, s := range shifts {
		switch done := on(s.Day); {
		case done < 0:
			return s, s.VillageID, nil
		case i == len(shifts)-1:
			return shift, "", alreadyIn(arrived[done])
		}
	}
	if done := on(today); done >= 0 && len(all) > 0 {
		return shift, "", alreadyIn(arrived[done])
	}
	if err := outsideHours(all, today, v.Sent); err != nil {
		return shift, "", err
	}
	shift, villageID, err = v.unrostered(today)
	if done := on(today); err == nil && done >= 0 {
		err = alreadyIn(arrived[done])
	}
	return shift, villageID, err
}

// confirms reports whether what was sent at an instant can confirm a shift.
func confirms(at time.Time, s models.Shift) bool {
	return !at.Before(s.StartsAt.Add(-early)) && at.Before(s.EndsAt)
}

// outsideHours refuses to confirm today's shift before or after its hours:
// having come in the evening is not having been there in the day.
func outsideHours(shifts []models.Shift, today calendar.Date, sent time.Time) error {
	for _, s := range shifts {
		switch {
		case s.Day != today:
		case sent.Before(s.StartsAt):
			return Refuse("您今天的班%s开始，%s起可以签到。", calendar.TimeOfDay(s.StartsAt), calendar.TimeOfDay(s.StartsAt.Add(-early)))
		default:
			return Refuse("您今天的班%s已经结束，过后不能补签。当时在岗的，24小时以内可以请同事作证，如“请王主任作证”；过了请找镇上工作人员登记。", calendar.TimeOfDay(s.EndsAt))
		}
	}
	return nil
}

func (v *View) unrostered(today calendar.Date) (models.Shift, string, error) {
	if hour := v.Sent.In(calendar.Zone).Hour(); hour < openFrom || hour >= openTo {
		next, err := v.nextShift()
		if err != nil {
			return models.Shift{}, "", err
		}
		return models.Shift{}, "", Refuse("现在没有排您的班，不用签到。%s", next)
	}
	posts, err := v.tx.PostsOf(v.Who.ID)
	if err != nil {
		return models.Shift{}, "", fmt.Errorf("my posts: %w", err)
	}
	for _, p := range posts {
		if p.On(today) && p.Title != models.Supervisor {
			return models.Shift{Day: today}, p.VillageID, nil
		}
	}
	return models.Shift{}, "", errForbidden()
}

func (v *View) nextShift() (string, error) {
	shifts, err := v.tx.ShiftsOf(v.Who.ID, v.Today.Add(1), v.Today.Add(45))
	if err != nil {
		return "", fmt.Errorf("my next shift: %w", err)
	}
	if len(shifts) == 0 {
		return "接下来的班还没有排。", nil
	}
	return "您的下一班是" + shifts[0].Day.Chinese() + "。", nil
}
