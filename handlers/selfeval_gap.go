package handlers

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/scoring"
)

// SelfCompared is a self-evaluation beside the group's score of the same checks.
type SelfCompared struct {
	State     models.SelfEvalState
	Paper     bool // entered by somebody else
	Receipt   string
	Statement string // only for whose it is
	Self      scoring.Points
	Group     scoring.Points
	Full      scoring.Points
	Items     []ComparedItem // those that were judged
	Photos    int            // of all of it
	Recheck   string         // why the group's score stands, if that was looked at again
}

// ComparedItem is one check of both.
type ComparedItem struct {
	Check            string
	Name             string
	Self, Group, Max scoring.Points
	Words            string   // of the cadre
	Why              []string // what the group's score says
	Far              bool     // to be looked at again
	Photos           int      // of the cadre, for this check
}

// Far reports whether the scores as a whole, or at a check, differ by more than a tenth of
// the full points.
func (c SelfCompared) Far() bool {
	return scoring.FarApart(c.Self, c.Group, c.Full) || slices.ContainsFunc(c.Items, func(it ComparedItem) bool { return it.Far })
}

// compared puts a self-evaluation beside a sheet. Where a dimension is left out there is
// nothing to compare.
func (v *View) compared(row models.SelfEval, photos []models.Photo, r *scoring.Rubric, sheet scoring.Sheet) (SelfCompared, error) {
	c := SelfCompared{State: row.State, Paper: row.EnteredBy != "", Receipt: row.Receipt}
	if row.State != models.SelfEvalSubmitted {
		return c, nil
	}
	marks, statement, err := v.openedSelfEval(row)
	if err != nil {
		return c, err
	}
	n := photosBy(marks, photos)
	c.Statement = statement
	c.Photos = sumOf(n)
	for _, p := range selfChecks(r) {
		m, judged := marks[p.check.ID]
		group, counts := pointsAt(sheet, p)
		if !judged || !counts {
			continue
		}
		c.Self, c.Group, c.Full = c.Self+m.Points, c.Group+group, c.Full+p.check.Points
		c.Items = append(c.Items, ComparedItem{
			Check: p.check.ID, Name: p.name, Photos: n[p.check.ID], Self: m.Points, Group: group, Max: p.check.Points, Words: m.Words,
			Why: reasonsAt(sheet, p), Far: scoring.FarApart(m.Points, group, p.check.Points),
		})
	}
	return c, nil
}

func reasonsAt(s scoring.Sheet, p selfCheck) (out []string) {
	for _, d := range s.Dimensions {
		for _, it := range d.Items {
			for _, l := range it.Lines {
				if it.ID == p.item && l.Check == p.check.ID && l.Points != 0 {
					out = append(out, l.Reason)
				}
			}
		}
	}
	return out
}

// comparedResults puts the results of a sequence beside the self-evaluations, by result.
func (v *View) comparedResults(rows []models.Result) (map[string]SelfCompared, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	var people, ids []string
	for _, r := range rows {
		people, ids = append(people, r.PersonID), append(ids, r.ID)
	}
	evals, err := v.tx.SelfEvalsAmong(rows[0].Quarter, people)
	if err != nil {
		return nil, fmt.Errorf("self-evaluations of %s: %w", rows[0].Quarter, err)
	}
	var evalIDs []string
	for _, e := range evals {
		evalIDs = append(evalIDs, e.ID)
	}
	photos, err := v.tx.PhotosAmong(evalIDs)
	if err != nil {
		return nil, fmt.Errorf("photos of self-evaluations of %s: %w", rows[0].Quarter, err)
	}
	rechecks, err := v.tx.RechecksOf(ids)
	if err != nil {
		return nil, fmt.Errorf("rechecks of %s: %w", rows[0].Quarter, err)
	}
	out := make(map[string]SelfCompared, len(rows))
	for _, r := range rows {
		one, err := v.comparedResult(r, evals[r.PersonID], photos[evals[r.PersonID].ID])
		if err != nil {
			return nil, err
		}
		if c, closed := rechecks[r.ID]; closed {
			if one.Recheck, err = v.h.box.Open(c.Reason, "rechecks.reason."+c.ID); err != nil {
				return nil, fmt.Errorf("recheck %s: %w", c.ID, err)
			}
		}
		out[r.ID] = one
	}
	return out, nil
}

func (v *View) comparedResult(r models.Result, row models.SelfEval, photos []models.Photo) (SelfCompared, error) {
	if row.State != models.SelfEvalSubmitted {
		return SelfCompared{State: row.State}, nil
	}
	rubric, err := v.rubric(r.Rubric)
	if err != nil {
		return SelfCompared{}, err
	}
	s, err := v.published(r, models.Sequence{})
	if err != nil {
		return SelfCompared{}, err
	}
	return v.compared(row, photos, rubric, s.Sheet)
}

// Gap is a result that is far from what the cadre thinks of himself.
type Gap struct {
	ResultID string
	Quarter  calendar.Quarter
	Town     string // id
	PersonID string
	Name     string
	Village  string
	SelfCompared
}

// GapList returns the results that are to be looked at again (复核) before they are
// published, in the person's scope, with what both scores say; those that somebody has
// closed have his reason in them.
func (v *View) GapList() ([]Gap, error) {
	if err := v.may("GapList", Target{Town: v.myTown()}); err != nil {
		return nil, err
	}
	cycles, err := v.tx.CyclesAlive()
	if err != nil {
		return nil, fmt.Errorf("gaps: %w", err)
	}
	var out []Gap
	for _, c := range cycles {
		seqs, err := v.tx.Sequences(c.Quarter)
		if err != nil {
			return nil, fmt.Errorf("gaps of %s: %w", c.Quarter, err)
		}
		for _, seq := range seqs {
			if !rechecked(c, seq) || v.may("GapList", Target{Town: seq.TownID}) != nil {
				continue
			}
			some, err := v.gapsOf(seq)
			if err != nil {
				return nil, err
			}
			out = append(out, some...)
		}
	}
	return out, nil
}

// rechecked reports whether the results of a sequence may still be looked at again.
func rechecked(c models.Cycle, s models.Sequence) bool {
	return s.Round == c.Round && (s.Step == models.SequenceComputed || s.Step == models.SequenceConfirmed || s.Step == models.SequenceFiled)
}

func (v *View) gapsOf(seq models.Sequence) ([]Gap, error) {
	rows, err := v.tx.Results(seq.ID, seq.Round)
	if err != nil {
		return nil, fmt.Errorf("results of sequence %s: %w", seq.ID, err)
	}
	all, err := v.comparedResults(rows)
	if err != nil {
		return nil, err
	}
	var out []Gap
	for _, r := range rows {
		if !all[r.ID].Far() {
			continue
		}
		g := Gap{ResultID: r.ID, Quarter: r.Quarter, Town: seq.TownID, PersonID: r.PersonID, SelfCompared: all[r.ID]}
		person, err := v.tx.Person(r.PersonID)
		if err != nil {
			return nil, fmt.Errorf("person of result %s: %w", r.ID, err)
		}
		village, err := v.tx.Village(r.VillageID)
		if err != nil {
			return nil, fmt.Errorf("village of result %s: %w", r.ID, err)
		}
		g.Name, g.Village, g.Statement = person.Name, village.Name, ""
		out = append(out, g)
	}
	return out, nil
}

// CloseRecheck ends looking again at a result of the list, with the reason why it stands.
// The cadre reads it when the results are published. Nobody closes his own, or a relative's.
func (d *Desk) CloseRecheck(resultID, reason string) error {
	gaps, err := d.GapList()
	if err != nil {
		return err
	}
	at := slices.IndexFunc(gaps, func(g Gap) bool { return g.ResultID == resultID })
	if at < 0 {
		return Refuse("这个结果现在不用复核。")
	}
	g := gaps[at]
	if err := d.may("CloseRecheck", Target{Town: g.Town}); err != nil {
		return err
	}
	barred, err := d.barred(d.Who.ID)
	if err != nil {
		return err
	}
	reason = strings.TrimSpace(reason)
	switch {
	case barred[g.PersonID]:
		return Refuse("%s是您本人或亲属，要由别人来复核。", g.Name)
	case g.Recheck != "":
		return Refuse("%s已经复核过了。", g.Name)
	case utf8.RuneCountInString(reason) < 4:
		return RefuseField("reason", "请写清复核的理由，如“复核 %s 督查记录属实，核定不变”。", g.Name)
	case utf8.RuneCountInString(reason) > longestWords:
		return RefuseField("reason", "理由太长了，请控制在%d字以内。", longestWords)
	}
	row := models.Recheck{ID: d.tx.NewID(), ResultID: g.ResultID, PersonID: g.PersonID, ClosedBy: d.Who.ID, ClosedAt: d.Now}
	row.Reason = d.h.box.Seal(reason, "rechecks.reason."+row.ID)
	switch err := d.tx.AddRecheck(&row); {
	case errors.Is(err, models.ErrExists):
		return Refuse("%s刚刚被别人复核过了。", g.Name)
	case err != nil:
		return fmt.Errorf("close a recheck: %w", err)
	}
	return d.did("CloseRecheck", g.ResultID, row.ID)
}

// recheckTasks says how many results wait to be looked at again.
func (v *View) recheckTasks() ([]Task, error) {
	if !v.Is(TownLeader) && !v.Is(Org) {
		return nil, nil
	}
	gaps, err := v.GapList()
	if err != nil {
		return nil, err
	}
	gaps = slices.DeleteFunc(gaps, func(g Gap) bool { return g.Recheck != "" })
	if len(gaps) == 0 {
		return nil, nil
	}
	return []Task{{Text: fmt.Sprintf("%s自评和核定相差超过10%%的有%d人，待复核", gaps[0].Quarter.Chinese(), len(gaps)), Say: "复核"}}, nil
}

// MySelfEvals returns the self-evaluation of a quarter of one's own beside the score: the
// published one or, before that, with no score.
func (v *View) MySelfEvals(q calendar.Quarter) (SelfCompared, bool, error) {
	if err := v.may("MySelfEvals", own(v.Who.ID)); err != nil {
		return SelfCompared{}, false, err
	}
	row, err := v.tx.SelfEval(q, v.Who.ID)
	if errors.Is(err, models.ErrNotFound) {
		return SelfCompared{}, false, nil
	}
	if err != nil {
		return SelfCompared{}, false, fmt.Errorf("my self-evaluation of %s: %w", q, err)
	}
	rows, err := v.tx.ResultsOf(v.Who.ID)
	if err != nil {
		return SelfCompared{}, false, fmt.Errorf("my result of %s: %w", q, err)
	}
	for _, r := range rows {
		if r.Quarter != q {
			continue
		}
		seq, err := v.tx.Sequence(r.SequenceID)
		if err != nil {
			return SelfCompared{}, false, fmt.Errorf("my result of %s: %w", q, err)
		}
		if seq.Step == models.SequencePublished || seq.Step == models.SequenceFinal {
			all, err := v.comparedResults([]models.Result{r})
			return all[r.ID], true, err
		}
	}
	marks, statement, err := v.openedSelfEval(row)
	c := SelfCompared{State: row.State, Paper: row.EnteredBy != "", Receipt: row.Receipt, Statement: statement}
	for _, m := range marks {
		c.Self += m.Points
	}
	if err != nil {
		return c, false, err
	}
	n, err := v.selfPhotos(row, marks)
	c.Photos = sumOf(n)
	return c, false, err
}
