package handlers

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
)

// byWitness marks an arrival that a colleague attests (同事作证): whoever could not
// check in, for a dead telephone or a missing network, was on the spot all the same.
const byWitness = "witness"

// attestFor is for how long after its end a shift can be attested.
const attestFor = 24 * time.Hour

// Attestation is what a witness says of a shift, as people see it.
type Attestation struct {
	models.Attestation
	Name    string // of whose shift it is
	Witness string
	Said    string // the day
}

// AskAttestation asks a colleague to attest that the person was on the spot (请人作证): on
// a day or, with none, for the last shift that nobody has confirmed.
func (d *Desk) AskAttestation(witnessID string, day calendar.Date) (Attestation, error) {
	if err := d.may("AskAttestation", own(d.Who.ID)); err != nil {
		return Attestation{}, err
	}
	return d.attest("AskAttestation", d.Who.ID, witnessID, day)
}

// OfferAttestation attests that a colleague was on the spot (作证). It counts when he
// says so himself.
func (d *Desk) OfferAttestation(personID string, day calendar.Date) (Attestation, error) {
	if err := d.may("OfferAttestation", own(d.Who.ID)); err != nil {
		return Attestation{}, err
	}
	return d.attest("OfferAttestation", personID, d.Who.ID, day)
}

// attest stores what the one of the two has said, and asks the other.
func (d *Desk) attest(act, who, witness string, day calendar.Date) (Attestation, error) {
	if who == witness {
		return Attestation{}, RefuseField("witness", "自己不能给自己作证。")
	}
	shift, err := d.attestable(who, day)
	if err != nil {
		return Attestation{}, err
	}
	if err := d.fitsWitness(shift, witness); err != nil {
		return Attestation{}, err
	}
	switch _, err := d.tx.AttestationOfPair(who, witness, shift.Day); {
	case err == nil:
		return Attestation{}, RefuseField("witness", "%s的班你们两人之间已经问过作证，不能再问，也不能互相作证。请换一位同事。", shift.Day.Chinese())
	case !errors.Is(err, models.ErrNotFound):
		return Attestation{}, fmt.Errorf("attested before: %w", err)
	}
	last, err := d.tx.LastAttestationNo(shift.VillageID)
	if err != nil {
		return Attestation{}, fmt.Errorf("number an attestation: %w", err)
	}
	a := models.Attestation{
		ID: d.tx.NewID(), VillageID: shift.VillageID, No: last + 1, ShiftID: shift.ID, Day: shift.Day, Pair: models.PairOf(who, witness),
		PersonID: who, WitnessID: witness, AskedBy: d.Who.ID, State: models.AttestAsked,
		AskedAt: d.Sent.UTC(), Deadline: shift.EndsAt.Add(attestFor).UTC(),
	}
	switch err := d.tx.AddAttestation(&a); {
	case errors.Is(err, models.ErrExists): // somebody took the number, or the other of the two was faster
		return Attestation{}, fmt.Errorf("number an attestation: %w", models.ErrAgain)
	case err != nil:
		return Attestation{}, fmt.Errorf("store an attestation: %w", err)
	}
	shown, err := d.showAttestation(a)
	if err != nil {
		return shown, err
	}
	words := shown.words(d.Now)
	words["who"], words["what"] = d.Who.Name, shown.asks()
	err = d.tell(note{to: a.Answers(), kind: NoticeAttest, class: classTask, dedupe: "attest:" + a.ID, until: a.Deadline, words: words})
	if err != nil {
		return shown, err
	}
	return shown, d.did(act, a.ID, "")
}

// attestable finds the shift that can be attested: one that has begun, has not ended for
// a day, and that nobody has confirmed.
func (v *View) attestable(who string, day calendar.Date) (models.Shift, error) {
	if _, err := v.homeOf(who); err != nil {
		return models.Shift{}, err
	}
	sent := calendar.On(v.Sent)
	shifts, err := v.tx.ShiftsOf(who, sent.Add(-2), sent)
	if err != nil {
		return models.Shift{}, fmt.Errorf("shifts to attest: %w", err)
	}
	arrived, err := v.tx.ArrivalsOf(who, sent.Add(-2), sent)
	if err != nil {
		return models.Shift{}, fmt.Errorf("shifts to attest: %w", err)
	}
	var confirmed calendar.Date
	for _, s := range slices.Backward(shifts) {
		if v.Sent.Before(s.StartsAt) || !v.Sent.Before(s.EndsAt.Add(attestFor)) || !day.IsZero() && s.Day != day {
			continue
		}
		if !slices.ContainsFunc(arrived, func(a models.Arrival) bool { return a.Day == s.Day }) {
			return s, nil
		}
		confirmed = s.Day
	}
	if !confirmed.IsZero() {
		return models.Shift{}, Refuse("%s的班已经签到了，不用作证。", confirmed.Chinese())
	}
	when := "现在"
	if !day.IsZero() {
		when = day.Chinese()
	}
	return models.Shift{}, RefuseField("day", "%s没有可以作证的班。班开始以后、结束%d小时以内才能作证，过了请找镇上工作人员登记。", when, int(attestFor.Hours()))
}

// fitsWitness refuses who cannot speak for a shift: from another village, a relative, or
// away himself; and a shift within a leave.
func (v *View) fitsWitness(s models.Shift, witness string) error {
	at, err := v.placeOf(witness)
	if err != nil {
		return err
	}
	if at.Village != s.VillageID {
		return RefuseField("witness", "只能请本村的同事作证。")
	}
	kin, err := v.barred(s.PersonID)
	if err != nil {
		return err
	}
	if kin[witness] {
		return RefuseField("witness", "你们是亲属，要回避，请换一位同事作证。")
	}
	away, err := v.leavesOn([]string{s.PersonID, witness}, s.Day, s.Day)
	switch {
	case err != nil:
		return err
	case away.anyOf(s.PersonID, s.Day):
		return Refuse("%s请了假，这个班不能作证在岗。", s.Day.Chinese())
	case away.allDay(witness, s.Day):
		return RefuseField("witness", "作证的人%s请了假，不在村里，请换一位同事。", s.Day.Chinese())
	}
	return nil
}

// AgreeAttestation says yes to an attestation that the person was asked about (同意作证):
// that of a number or, with 0, the only one. Now the shift is confirmed.
func (d *Desk) AgreeAttestation(no int) (Attestation, error) {
	if err := d.may("AgreeAttestation", own(d.Who.ID)); err != nil {
		return Attestation{}, err
	}
	a, err := d.attestationFor(no)
	if err != nil {
		return Attestation{}, err
	}
	shift, err := d.attestable(a.PersonID, a.Day)
	if err != nil {
		return Attestation{}, err
	}
	if err := d.fitsWitness(shift, a.WitnessID); err != nil {
		return Attestation{}, err
	}
	id := d.tx.NewID()
	switch err := d.tx.AddArrivals([]models.Arrival{{
		ID: id, PersonID: shift.PersonID, Day: shift.Day, VillageID: shift.VillageID, ShiftID: shift.ID,
		At: shift.StartsAt.UTC(), Channel: byWitness, Receipt: receipt(id),
	}}); {
	case errors.Is(err, models.ErrExists): // a 签到 of the same moment
		return Attestation{}, Refuse("%s的班已经签到了，不用作证。", shift.Day.Chinese())
	case err != nil:
		return Attestation{}, fmt.Errorf("attested arrival: %w", err)
	}
	return d.answerAttestation(a, models.AttestAgreed, "AgreeAttestation")
}

// DeclineAttestation says no (不作证). The two are not asked again about the day.
func (d *Desk) DeclineAttestation(no int) (Attestation, error) {
	if err := d.may("DeclineAttestation", own(d.Who.ID)); err != nil {
		return Attestation{}, err
	}
	a, err := d.attestationFor(no)
	if err != nil {
		return Attestation{}, err
	}
	return d.answerAttestation(a, models.AttestDeclined, "DeclineAttestation")
}

// attestationFor finds what the person is asked to answer.
func (d *Desk) attestationFor(no int) (models.Attestation, error) {
	if no == 0 {
		return d.onlyAttestation()
	}
	a, err := d.tx.AttestationByNo(d.MyVillage(), no)
	switch {
	case errors.Is(err, models.ErrNotFound) || err == nil && a.Answers() != d.Who.ID:
		return a, RefuseField("no", "没有问您%d号作证。", no)
	case err != nil:
		return a, fmt.Errorf("attestation %d: %w", no, err)
	case a.State != models.AttestAsked:
		return a, Refuse("%d号作证您已经答复过了。", no)
	case !d.Sent.Before(a.Deadline):
		return a, Refuse("%d号作证已经过了%d小时，不能再答复。", no, int(attestFor.Hours()))
	default:
		return a, nil
	}
}

func (d *Desk) onlyAttestation() (models.Attestation, error) {
	open, err := d.attestationsAsked()
	switch {
	case err != nil:
		return models.Attestation{}, err
	case len(open) == 0:
		return models.Attestation{}, Refuse("现在没有要您答复的作证。")
	case len(open) > 1:
		return models.Attestation{}, RefuseField("no", "有几件作证等您答复，请带上号，如“同意作证%d”。", open[0].No)
	}
	return open[0], nil
}

// attestationsAsked are those that wait for the person's answer.
func (v *View) attestationsAsked() ([]models.Attestation, error) {
	open, err := v.tx.AttestationsOpen(v.Who.ID, v.Sent)
	if err != nil {
		return nil, fmt.Errorf("attestations that wait: %w", err)
	}
	return slices.DeleteFunc(open, func(a models.Attestation) bool { return a.Answers() != v.Who.ID }), nil
}

func (d *Desk) answerAttestation(a models.Attestation, to models.AttestState, act string) (Attestation, error) {
	switch err := d.tx.AnswerAttestation(a.ID, to, d.Sent); {
	case errors.Is(err, models.ErrStale):
		return Attestation{}, Refuse("%d号作证刚刚答复过了。", a.No)
	case err != nil:
		return Attestation{}, fmt.Errorf("answer attestation %s: %w", a.ID, err)
	}
	a.State = to
	shown, err := d.showAttestation(a)
	if err != nil {
		return shown, err
	}
	words := shown.words(d.Now)
	words["who"], words["what"], words["said"] = d.Who.Name, shown.Said+"的班", shown.answer()
	if err := d.tell(note{to: a.AskedBy, kind: NoticeAttestSaid, class: classTask, dedupe: "attestsaid:" + a.ID, words: words}); err != nil {
		return shown, err
	}
	return shown, d.did(act, a.ID, "")
}
