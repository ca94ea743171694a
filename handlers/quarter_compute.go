package handlers

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

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
}

// member is one cadre of a sequence.
type member struct {
	person  models.Person
	village string
	posts   []models.Post
	service scoring.Service
}

// Compute assesses, ranks and pays one sequence of a quarter under aggregation,
// in one short transaction.
func (d *Desk) Compute(sequenceID string) error {
	if err := d.may("Compute", Target{}); err != nil {
		return err
	}
	seq, err := d.tx.Sequence(sequenceID)
	if err != nil {
		return fmt.Errorf("compute: %w", err)
	}
	c, err := d.tx.Cycle(seq.Quarter)
	if err != nil {
		return fmt.Errorf("compute %s: %w", seq.Quarter, err)
	}
	if c.State != models.CycleAggregation {
		return Refuse("%s现在不在汇总阶段。", seq.Quarter.Chinese())
	}
	policy, rubric, err := d.policy(c)
	if err != nil {
		return err
	}
	members, err := d.members(seq, policy)
	if err != nil {
		return err
	}
	job := computing{d: d, seq: seq, round: c.Round, policy: policy, rubric: rubric}
	if err := job.run(members); err != nil {
		return fmt.Errorf("compute %s: %w", seq.ID, err)
	}
	return d.did("Compute", seq.ID, fmt.Sprintf("round %d", c.Round))
}

// members are those whose longer service of the quarter was in a town and of the
// sequence's class.
func (v *View) members(seq models.Sequence, p Policy) ([]member, error) {
	villages, err := v.tx.VillagesOf(seq.TownID)
	if err != nil {
		return nil, fmt.Errorf("villages of %s: %w", seq.TownID, err)
	}
	here, seen := map[string]bool{}, map[string]bool{}
	var ids, people []string
	for _, village := range villages {
		here[village.ID] = true
		ids = append(ids, village.ID)
	}
	posts, err := v.tx.PostsAmong(ids, seq.Quarter.First(), seq.Quarter.Last())
	if err != nil {
		return nil, fmt.Errorf("posts of %s: %w", seq.TownID, err)
	}
	for _, post := range posts {
		if !seen[post.PersonID] {
			people, seen[post.PersonID] = append(people, post.PersonID), true
		}
	}
	all, err := v.tx.PostsOfAll(people)
	if err != nil {
		return nil, fmt.Errorf("posts of %s: %w", seq.TownID, err)
	}
	var out []member
	for _, id := range people {
		m, assessed := memberOf(models.Person{ID: id}, all[id], seq.Quarter, p)
		if assessed && here[m.village] && m.service.Sequence() == seq.Class {
			out = append(out, m)
		}
	}
	return out, nil
}

// memberOf is one person's service of a quarter, and false if no post of it is
// assessed (article 2: subsidised posts of the two committees). Whoever changed
// villages belongs to the one of most days, the later if they are equal.
func memberOf(who models.Person, posts []models.Post, q calendar.Quarter, p Policy) (member, bool) {
	posts = slices.DeleteFunc(slices.Clone(posts), func(post models.Post) bool {
		return post.Title == models.Supervisor || !post.Subsidized ||
			post.FromDay.After(q.Last()) || !post.ToDay.IsZero() && post.ToDay.Before(q.First())
	})
	if len(posts) == 0 {
		return member{}, false
	}
	m := member{person: who, posts: posts, service: serviceOf(posts, q, p)}
	days := map[string]int{}
	for _, post := range posts {
		first, last := q.First(), q.Last()
		if post.FromDay.After(first) {
			first = post.FromDay
		}
		if !post.ToDay.IsZero() && post.ToDay.Before(last) {
			last = post.ToDay
		}
		days[post.VillageID] += last.Since(first) + 1
		if m.village == "" || days[post.VillageID] >= days[m.village] {
			m.village = post.VillageID
		}
	}
	return m, true
}

// byPerson groups tenures that are assessed, keeping the order of persons.
func byPerson(posts []models.Post) [][]models.Post {
	var out [][]models.Post
	for _, p := range posts {
		if p.Title == models.Supervisor || !p.Subsidized {
			continue
		}
		if n := len(out); n > 0 && out[n-1][0].PersonID == p.PersonID {
			out[n-1] = append(out[n-1], p)
		} else {
			out = append(out, []models.Post{p})
		}
	}
	return out
}

// serviceOf is a cadre's service in a quarter. On each day the higher post
// counts: a combined post (一肩挑) is one person and one subsidy.
func serviceOf(posts []models.Post, q calendar.Quarter, p Policy) scoring.Service {
	service := scoring.Service{Quarter: q}
	for day := q.First(); !day.After(q.Last()); day = day.Add(1) {
		class := classOn(posts, day)
		n := len(service.Standards)
		switch {
		case class == "":
		case n > 0 && service.Standards[n-1].Sequence == class && service.Standards[n-1].To == day.Add(-1):
			service.Standards[n-1].To = day
		default:
			service.Standards = append(service.Standards, scoring.Standard{
				Span: scoring.Span{From: day, To: day}, Month: p.month(class), Sequence: class,
			})
		}
	}
	if n := len(service.Standards); n > 0 {
		service.Tenure = scoring.Span{From: service.Standards[0].From, To: service.Standards[n-1].To}
	}
	return service
}

func classOn(posts []models.Post, day calendar.Date) string {
	class := ""
	for _, p := range posts {
		if !p.On(day) {
			continue
		}
		if p.Title.Head() {
			return models.ClassHead
		}
		class = models.ClassOther
	}
	return class
}

// computing is one sequence's computation.
type computing struct {
	d      *Desk
	seq    models.Sequence
	round  int
	policy Policy
	rubric *scoring.Rubric
	known  ledger
}

func (c *computing) run(members []member) error {
	var villages, people []string
	for _, m := range members {
		villages, people = append(villages, m.village), append(people, m.person.ID)
	}
	var err error
	if c.known, err = c.d.ledger(c.seq.Quarter, villages, people); err != nil {
		return err
	}
	rows, entries := make([]models.Result, len(members)), make([]scoring.Entry, len(members))
	dossiers := make([]Dossier, len(members))
	for i, m := range members {
		var sheet scoring.Sheet
		if dossiers[i], sheet, err = c.known.assess(c.rubric, m); err != nil {
			return err
		}
		entries[i] = sheet.Entry(m.person.ID, m.service.Graded(c.policy.rules(c.rubric)))
		rows[i] = c.row(m, sheet)
	}
	ranking := scoring.Rank(c.rubric, entries, c.policy.Rounding)
	for i, m := range members {
		c.settle(&rows[i], dossiers[i], m, ranking.Grades[i])
		rows[i].Tied = slices.Contains(ranking.Tied, m.person.ID)
	}
	if err := c.d.tx.AddResults(rows); err != nil {
		return fmt.Errorf("store results: %w", err)
	}
	was := c.seq.Step
	c.seq.Step, c.seq.Round, c.seq.Headcount, c.seq.Quota = models.SequenceComputed, c.round, ranking.Headcount, ranking.Quota
	return c.d.tx.MoveSequence(c.seq, was)
}

func (c *computing) row(m member, sheet scoring.Sheet) models.Result {
	return models.Result{
		ID: c.d.tx.NewID(), Quarter: c.seq.Quarter, Round: c.round, PersonID: m.person.ID, SequenceID: c.seq.ID,
		VillageID: m.village, Post: postNames(m.posts, c.seq.Quarter.Last()), Rubric: c.policy.Rubric,
		Sheet: mustJSON(sheet), Total: int64(sheet.Total), CreatedAt: c.d.Now,
	}
}

// settle adds grade and pay, which depend on the quarters before.
func (c *computing) settle(row *models.Result, dossier Dossier, m member, g scoring.Grade) {
	row.Grade, row.Fails = string(g), scoring.Fails(dossier.Fails, g)
	pay := scoring.PayQuarter(c.policy.rules(c.rubric), m.service, scoring.Outcome{Grade: g, Second: row.Fails > 1})
	row.Pay, row.PayTotal = mustJSON(pay), int64(pay.QuarterTotal)
	row.Facts = mustJSON(dossier)
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
