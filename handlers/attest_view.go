package handlers

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
)

func (v *View) showAttestation(a models.Attestation) (Attestation, error) {
	names, err := v.namesOf([]string{a.PersonID, a.WitnessID})
	if err != nil {
		return Attestation{}, err
	}
	off, err := v.daysOff()
	return Attestation{Attestation: a, Name: names[a.PersonID], Witness: names[a.WitnessID], Said: off.Chinese(a.Day)}, err
}

func (a Attestation) words(at time.Time) map[string]string {
	return map[string]string{"no": strconv.Itoa(a.No), "date": plainTime(at)}
}

// asks is what the other is asked.
func (a Attestation) asks() string {
	if a.AskedBy == a.PersonID {
		return "请您作证" + a.Said + "在岗"
	}
	return "为您作证" + a.Said + "在岗"
}

// answer is what the other said.
func (a Attestation) answer() string {
	switch {
	case a.State == models.AttestAgreed:
		return "同意，已算到岗"
	case a.AskedBy == a.PersonID:
		return "没有作证，请另请同事"
	default:
		return "不用作证"
	}
}

// attestTasks are the attestations that wait for the person, but for those of a shift
// that was confirmed meanwhile.
func (v *View) attestTasks() ([]Task, error) {
	if !v.Is(Cadre) && !v.Is(Supervisor) {
		return nil, nil
	}
	open, err := v.attestationsAsked()
	if err != nil {
		return nil, err
	}
	var out []Task
	for _, a := range open {
		arrived, err := v.tx.ArrivalsOf(a.PersonID, a.Day, a.Day)
		if err != nil {
			return nil, fmt.Errorf("attestations that wait: %w", err)
		}
		if len(arrived) > 0 {
			continue
		}
		shown, err := v.showAttestation(a)
		if err != nil {
			return nil, err
		}
		who, no := shown.Name, strconv.Itoa(a.No)
		if a.AskedBy == a.WitnessID {
			who = shown.Witness
		}
		out = append(out, Task{Text: who + shown.asks() + "（" + no + "号，不属实回复“不作证" + no + "”）", Say: "同意作证" + no, Due: a.Deadline})
	}
	return out, nil
}

// witnessOf names who attests an arrival; nobody if it was confirmed otherwise.
func (v *View) witnessOf(a models.Arrival) (string, error) {
	if a.Channel != byWitness {
		return "", nil
	}
	rows, err := v.tx.AttestationsIn([]string{a.VillageID}, a.Day, a.Day)
	if err != nil {
		return "", fmt.Errorf("who attests arrival %s: %w", a.ID, err)
	}
	i := slices.IndexFunc(rows, func(r models.Attestation) bool { return r.PersonID == a.PersonID })
	if i < 0 {
		return "", fmt.Errorf("arrival %s has no witness", a.ID)
	}
	p, err := v.tx.Person(rows[i].WitnessID)
	if err != nil {
		return "", fmt.Errorf("who attests arrival %s: %w", a.ID, err)
	}
	return p.Name, nil
}

// witnesses say of each cadre of villages who attested which shift of a quarter: a
// witness is named where his word counts.
func (v *View) witnesses(q calendar.Quarter, villages []string) (map[string]string, error) {
	rows, err := v.tx.AttestationsIn(villages, q.First(), q.Last())
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	ids := make([]string, len(rows))
	for i, a := range rows {
		ids[i] = a.WitnessID
	}
	names, err := v.namesOf(ids)
	if err != nil {
		return nil, err
	}
	said := map[string][]string{}
	for _, a := range rows {
		said[a.PersonID] = append(said[a.PersonID], a.Day.Chinese()+"由"+names[a.WitnessID]+"作证在岗")
	}
	out := map[string]string{}
	for id, lines := range said {
		out[id] = strings.Join(lines, "；")
	}
	return out, nil
}

// Witnesses are the colleagues of the person's village who may speak for each other, the
// members of the supervision committee too. The person is not among them.
func (v *View) Witnesses() ([]Colleague, error) {
	if err := v.may("Witnesses", own(v.Who.ID)); err != nil {
		return nil, err
	}
	village, err := v.tx.Village(v.MyVillage())
	if err != nil {
		return nil, fmt.Errorf("witnesses: %w", err)
	}
	posts, err := v.tx.PostsWithin(village.ID, v.Today, v.Today)
	if err != nil {
		return nil, fmt.Errorf("witnesses: %w", err)
	}
	of := map[string][]models.Post{}
	for _, p := range posts {
		if p.PersonID != v.Who.ID {
			of[p.PersonID] = append(of[p.PersonID], p)
		}
	}
	return v.colleagues(of, village.Name, func(string) bool { return false })
}
