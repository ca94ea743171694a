package handlers

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/scoring"
)

// Dossier is everything that one result is computed from. It is stored with the
// result, so that anyone can compute it again.
type Dossier struct {
	Village scoring.Facts   `json:"village"`
	Cadre   scoring.Facts   `json:"cadre"`
	Events  []scoring.Event `json:"events,omitempty"`
	Service scoring.Service `json:"service"`
	Fails   int             `json:"fails_before"`

	village []byte // JSON of Village, if that is there already
}

// text is the dossier as it is stored: what json.Marshal makes of it.
func (d Dossier) text() string {
	b := append(make([]byte, 0, 1024), `{"village":`...)
	if d.village != nil {
		b = append(b, d.village...)
	} else {
		b = d.Village.AppendJSON(b)
	}
	b = d.Cadre.AppendJSON(append(b, `,"cadre":`...))
	if len(d.Events) > 0 {
		b = append(append(b, `,"events":`...), mustJSON(d.Events)...)
	}
	b = append(append(b, `,"service":`...), mustJSON(d.Service)...)
	b = strconv.AppendInt(append(b, `,"fails_before":`...), int64(d.Fails), 10)
	return string(append(b, '}'))
}

// Compute assesses, ranks and pays some sequences of a quarter under aggregation,
// in one short transaction. What they need is read at once for all of them, so
// whoever calls says how many people that may be. A sequence that was computed in
// this round stays as it is.
func (d *Desk) Compute(sequenceIDs ...string) error {
	if err := d.may("Compute", Target{}); err != nil {
		return err
	}
	seqs, c, err := d.toCompute(sequenceIDs)
	if err != nil || len(seqs) == 0 {
		return err
	}
	if c.State != models.CycleAggregation {
		return Refuse("%s现在不在汇总阶段。", c.Quarter.Chinese())
	}
	policy, rubric, err := d.policy(c)
	if err != nil {
		return err
	}
	job := computing{d: d, round: c.Round, policy: policy, rubric: rubric}
	if err := job.read(seqs); err != nil {
		return err
	}
	for _, seq := range seqs {
		if err := job.run(seq); err != nil {
			return fmt.Errorf("compute %s: %w", seq.ID, err)
		}
		if err := d.did("Compute", seq.ID, fmt.Sprintf("round %d", c.Round)); err != nil {
			return err
		}
	}
	if err := d.tx.AddResults(job.results); err != nil {
		return fmt.Errorf("store results of %s: %w", c.Quarter, err)
	}
	return nil
}

// toCompute returns those of some sequences, all of one quarter, that were not
// computed in its round.
func (d *Desk) toCompute(ids []string) ([]models.Sequence, models.Cycle, error) {
	seqs, err := d.tx.SequencesAmong(ids)
	if err == nil && (len(seqs) == 0 || len(seqs) != len(ids)) {
		err = models.ErrNotFound
	}
	if err != nil {
		return nil, models.Cycle{}, fmt.Errorf("compute: %w", err)
	}
	q := seqs[0].Quarter
	if slices.ContainsFunc(seqs, func(s models.Sequence) bool { return s.Quarter != q }) {
		return nil, models.Cycle{}, fmt.Errorf("compute: sequences of several quarters, %s among them", q)
	}
	c, err := d.tx.Cycle(q)
	if err != nil {
		return nil, c, fmt.Errorf("compute %s: %w", q, err)
	}
	return slices.DeleteFunc(seqs, func(s models.Sequence) bool {
		return s.Step == models.SequenceComputed && s.Round == c.Round
	}), c, nil
}

// computing is the computation of some sequences of a quarter.
type computing struct {
	d       *Desk
	round   int
	policy  Policy
	rubric  *scoring.Rubric
	members map[comparison][]member
	known   ledger
	results []models.Result
}

// comparison is whom a sequence compares: a class of posts in a town.
type comparison struct{ town, class string }

// read reads what is known of everybody in the towns of some sequences.
func (c *computing) read(seqs []models.Sequence) error {
	q, townOf := seqs[0].Quarter, map[string]string{}
	for _, seq := range seqs {
		villages, err := c.d.tx.VillagesOf(seq.TownID)
		if err != nil {
			return fmt.Errorf("villages of %s: %w", seq.TownID, err)
		}
		for _, village := range villages {
			townOf[village.ID] = seq.TownID
		}
	}
	posts, err := c.d.tx.PostsAmong(slices.Collect(maps.Keys(townOf)), q.First(), q.Last())
	if err != nil {
		return fmt.Errorf("posts of %s: %w", q, err)
	}
	if err := c.sortOut(q, townOf, posts); err != nil {
		return err
	}
	villages, people := map[string]bool{}, []string(nil)
	for _, seq := range seqs {
		for _, m := range c.members[comparison{seq.TownID, seq.Class}] {
			villages[m.village], people = true, append(people, m.person.ID)
		}
	}
	c.known, err = c.d.ledger(q, slices.Collect(maps.Keys(villages)), people, posts)
	return err
}

// sortOut tells who is compared with whom: those whose longer service of the
// quarter was in a town, by the class of their posts.
func (c *computing) sortOut(q calendar.Quarter, townOf map[string]string, posts []models.Post) error {
	var people []string
	seen := map[string]bool{}
	for _, post := range posts {
		if !seen[post.PersonID] {
			people, seen[post.PersonID] = append(people, post.PersonID), true
		}
	}
	all, err := c.d.tx.PostsOfAll(people)
	if err != nil {
		return fmt.Errorf("posts of %s: %w", q, err)
	}
	c.members = map[comparison][]member{}
	for _, id := range people {
		m, assessed := memberOf(models.Person{ID: id}, all[id], q, c.policy)
		if town, here := townOf[m.village]; assessed && here {
			of := comparison{town, m.service.Sequence()}
			c.members[of] = append(c.members[of], m)
		}
	}
	return nil
}

func (c *computing) run(seq models.Sequence) error {
	members := c.members[comparison{seq.TownID, seq.Class}]
	rows, entries := make([]models.Result, len(members)), make([]scoring.Entry, len(members))
	dossiers := make([]Dossier, len(members))
	for i, m := range members {
		dossier, sheet, err := c.known.assess(c.rubric, m)
		if err != nil {
			return err
		}
		dossiers[i] = dossier
		entries[i] = sheet.Entry(m.person.ID, m.service.Graded(c.policy.rules(c.rubric)))
		rows[i] = c.row(seq, m, sheet)
	}
	ranking := scoring.Rank(c.rubric, entries, c.policy.Rounding)
	for i, m := range members {
		c.settle(&rows[i], dossiers[i], m, ranking.Grades[i])
		rows[i].Tied = slices.Contains(ranking.Tied, m.person.ID)
	}
	c.results = append(c.results, rows...)
	was := seq.Step
	seq.Step, seq.Round, seq.Headcount, seq.Quota = models.SequenceComputed, c.round, ranking.Headcount, ranking.Quota
	return c.d.tx.MoveSequence(seq, was)
}

func (c *computing) row(seq models.Sequence, m member, sheet scoring.Sheet) models.Result {
	return models.Result{
		ID: c.d.tx.NewID(), Quarter: seq.Quarter, Round: c.round, PersonID: m.person.ID, SequenceID: seq.ID,
		VillageID: m.village, Post: postNames(m.posts, seq.Quarter.Last()), Rubric: c.policy.Rubric,
		Sheet: string(sheet.AppendJSON(make([]byte, 0, 6<<10))), Total: int64(sheet.Total), CreatedAt: c.d.Now,
	}
}

// settle adds grade and pay, which depend on the quarters before.
func (c *computing) settle(row *models.Result, dossier Dossier, m member, g scoring.Grade) {
	row.Grade, row.Fails = string(g), scoring.Fails(dossier.Fails, g)
	pay := scoring.PayQuarter(c.policy.rules(c.rubric), m.service, scoring.Outcome{Grade: g, Second: row.Fails > 1})
	row.Pay, row.PayTotal = mustJSON(pay), int64(pay.QuarterTotal)
	row.Facts = dossier.text()
}

// mustJSON marshals the house's own plain types, which cannot fail.
func mustJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // a programming error
	}
	return string(b)
}

// carryFacts takes village facts over from the quarter before: whoever checks
// enters only what changed. What the records of one quarter count, and what
// falls due once a year, starts anew.
func (d *Desk) carryFacts(q calendar.Quarter, r *scoring.Rubric) error {
	rows, err := d.tx.Facts(q.Prev())
	if err != nil {
		return fmt.Errorf("carry facts to %s: %w", q, err)
	}
	var out []models.Fact
	for _, row := range rows {
		check, _, ok := r.Check(row.CheckID)
		if !ok || row.Kind != models.OfVillage || check.Scorer == "系统" || check.Rule.Due != "" {
			continue
		}
		row.Quarter, row.Source, row.EnteredAt = q, "沿用"+q.Prev().String(), d.Now
		out = append(out, row)
	}
	if err := d.tx.SetFacts(out); err != nil && !errors.Is(err, models.ErrExists) {
		return fmt.Errorf("carry facts to %s: %w", q, err)
	}
	return nil
}
