package models

import (
	"time"

	"gorm.io/gorm"

	"github.com/cunkao/cunkao/calendar"
)

// AttestState is how far an attestation has come.
type AttestState string

// The states of an attestation.
const (
	AttestAsked    AttestState = "asked"    // the other has not answered
	AttestAgreed   AttestState = "agreed"   // the shift is confirmed by it
	AttestDeclined AttestState = "declined" //
)

// Attestation is what a witness says of a colleague's shift: that he was on the
// spot (同事作证). One of the two asks, the other answers. Pair keeps two people to
// one attestation of a day, whichever way round: nobody pays back in kind.
type Attestation struct {
	ID         string        `gorm:"size:26;primaryKey"`
	VillageID  string        `gorm:"size:26;not null;uniqueIndex:idx_attestations_no,priority:1;index:idx_attestations_day,priority:1"`
	No         int           `gorm:"not null;uniqueIndex:idx_attestations_no,priority:2"` // within the village: short to say
	ShiftID    string        `gorm:"size:26;not null"`
	Day        calendar.Date `gorm:"type:char(10);not null;uniqueIndex:idx_attestations_pair,priority:2;index:idx_attestations_day,priority:2"`
	Pair       string        `gorm:"size:53;not null;uniqueIndex:idx_attestations_pair,priority:1"`
	PersonID   string        `gorm:"size:26;not null;index:idx_attestations_person,priority:1"` // whose shift it is
	WitnessID  string        `gorm:"size:26;not null;index:idx_attestations_witness,priority:1"`
	AskedBy    string        `gorm:"size:26;not null"` // one of the two
	State      AttestState   `gorm:"size:8;not null;index:idx_attestations_person,priority:2;index:idx_attestations_witness,priority:2"`
	AskedAt    time.Time     `gorm:"not null"`
	Deadline   time.Time     `gorm:"not null"` // an answer from then on is too late
	AnsweredAt *time.Time
}

// Answers is who is asked: the one of the two who did not begin.
func (a Attestation) Answers() string {
	if a.AskedBy == a.PersonID {
		return a.WitnessID
	}
	return a.PersonID
}

// PairOf is the key of two people, whichever comes first.
func PairOf(a, b string) string { return min(a, b) + ":" + max(a, b) }

// AddAttestation stores an attestation. It returns ErrExists if the two have one
// of the day, or if somebody took the number.
func (tx *Tx) AddAttestation(a *Attestation) error { return known(tx.g.Create(a).Error) }

// LastAttestationNo is the highest number of a village's attestations.
func (tx *Tx) LastAttestationNo(villageID string) (n int, err error) {
	err = tx.g.Model(&Attestation{}).Where("village_id = ?", villageID).Select("COALESCE(MAX(no), 0)").Scan(&n).Error
	return n, known(err)
}

// AttestationByNo returns an attestation of a village, or ErrNotFound.
func (tx *Tx) AttestationByNo(villageID string, no int) (Attestation, error) {
	return one[Attestation](tx.g.Where("village_id = ? AND no = ?", villageID, no))
}

// AttestationOfPair returns what two people have of a day, or ErrNotFound.
func (tx *Tx) AttestationOfPair(a, b string, day calendar.Date) (Attestation, error) {
	return one[Attestation](tx.g.Where("pair = ? AND day = ?", PairOf(a, b), day))
}

// AttestationsOpen returns those of a person, on either side, that wait to be
// answered at an instant.
func (tx *Tx) AttestationsOpen(personID string, at time.Time) ([]Attestation, error) {
	var out []Attestation
	for _, side := range []string{"person_id", "witness_id"} { // an index each
		rows, err := many[Attestation](tx.g.Where(side+" = ? AND state = ? AND deadline > ?", personID, AttestAsked, at.UTC()).Order("id"))
		if err != nil {
			return nil, err
		}
		out = append(out, rows...)
	}
	return out, nil
}

// AttestationsIn returns the agreed attestations of villages from first to last.
func (tx *Tx) AttestationsIn(villages []string, first, last calendar.Date) ([]Attestation, error) {
	return among[Attestation](villages, func(ids []string) *gorm.DB {
		return tx.g.Where("village_id IN ? AND day >= ? AND day <= ? AND state = ?", ids, first, last, AttestAgreed).Order("day, id")
	})
}

// AnswerAttestation stores the answer to an attestation that waits for it, or
// returns ErrStale if there is one.
func (tx *Tx) AnswerAttestation(id string, to AttestState, at time.Time) error {
	return moved(tx.g.Model(&Attestation{}).Where("id = ? AND state = ?", id, AttestAsked).
		Updates(map[string]any{"state": to, "answered_at": at.UTC()}))
}
