package bot

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/wechat"
)

// byWord reports whether the word alone checks somebody in.
func (b *Bot) byWord() bool { return b.Desk == nil || b.Desk.CheckInBy() == handlers.CheckInByWord }

// checkIn is 签到: at once, or with the question that the county adds to it.
func (b *Bot) checkIn(d *handlers.Desk, rest string) (string, error) {
	if b.byWord() {
		return checkIn(d, rest)
	}
	return b.checkInMore(d, rest)
}

// checkInMore opens the form of a 签到 that wants more than the word.
func (b *Bot) checkInMore(d *handlers.Desk, _ string) (string, error) {
	if err := d.MayCheckIn(); err != nil {
		return "", err
	}
	return b.begin(d, b.forms["checkin"], answers{"by": b.Desk.CheckInBy()}, "")
}

// asksSpot reports whether the open question is for a place.
func (b *Bot) asksSpot(d *handlers.Desk) bool {
	drafts, err := d.Talk()
	return err == nil && len(drafts) > 0 && drafts[0].Form == "checkin" && drafts[0].Open == "spot"
}

// checkInForm is the conversation behind 签到 with a place or a photo. Nothing in it must be
// given: a place or photo that is not sent is held against nobody.
func checkInForm() form {
	unless := func(by string) func(a answers) bool { return func(a answers) bool { return a["by"] != by } }
	photos := photosField(hearArrivalPhoto)
	photos.quiet, photos.skip = false, unless(handlers.CheckInByPhoto)
	return form{
		name: "checkin", edition: 1, plain: true,
		fields: []field{
			{
				name: "spot", also: []string{"distance", "at"}, optional: true, skip: unless(handlers.CheckInByPlace),
				sent: hearSpot, read: readNoSpot,
			},
			{name: "reason", skip: func(a answers) bool { return a["spot"] != string(models.VerdictOut) }, read: readWhyOut},
			photos,
		},
		submit: submitCheckIn,
	}
}

// hearSpot keeps of a place only the verdict and a class of distance.
func hearSpot(h listening, s sent) (heard, error) {
	var at handlers.Spot
	at.Latitude, at.Longitude = s.place.In(wechat.WGS84).Millionths()
	p, err := h.v.Locate(at)
	if err != nil {
		return heard{}, err
	}
	return heard{fill: answers{"spot": string(p.Verdict), "distance": p.Distance, "at": sentAt(h.v)}}, nil
}

func hearArrivalPhoto(h listening, s sent) (heard, error) {
	return heard{fill: answers{"photos": s.photo, "at": sentAt(h.v)}}, nil
}

func sentAt(v *handlers.View) string { return strconv.FormatInt(v.Sent.Unix(), 10) }

func readNoSpot(h listening, text string) (heard, error) {
	switch {
	case !h.whole:
		return heard{}, nil
	case slices.Contains([]string{"不发", "不发位置", "不方便"}, text):
		return filled("spot", ""), nil
	}
	return heard{complaint: h.words.says("nospot", "said", short(text))}, nil
}

func readWhyOut(h listening, text string) (heard, error) {
	switch text = strings.TrimSpace(text); {
	case !h.whole:
		return heard{}, nil
	case len([]rune(text)) < 2:
		return heard{complaint: h.words.says("shortreason")}, nil
	}
	return filled("reason", text), nil
}

func submitCheckIn(d *handlers.Desk, a answers, w formWords) (string, error) {
	e := handlers.Evidence{Photos: photosOf(a)}
	if seconds, err := strconv.ParseInt(a["at"], 10, 64); err == nil {
		e.At = time.Unix(seconds, 0)
	}
	if a["by"] == handlers.CheckInByPlace {
		e.Presence = handlers.Presence{Verdict: models.Verdict(a["spot"]), Distance: a["distance"], Reason: a["reason"]}
		if e.Verdict == "" {
			e.Verdict = models.VerdictUnknown
		}
	}
	in, err := d.CheckInWith(e)
	if err != nil {
		return "", err
	}
	said := "withoutphoto"
	switch {
	case e.Verdict == models.VerdictIn:
		said = "in"
	case e.Verdict == models.VerdictOut:
		said = "out"
	case e.Verdict == models.VerdictUnknown:
		said = "unknown"
	case len(e.Photos) > 0:
		said = "withphoto"
	}
	return arrivedText(in) + "\n" + w.says(said, "distance", e.Distance, "reason", e.Reason), nil
}
