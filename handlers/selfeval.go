package handlers

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/scoring"
)

// A cadre says what he thinks of his own quarter (述职自评): points for each check that is
// scored for him alone, and a statement. It counts nothing, is shown beside the group's
// score, and whoever says nothing loses nothing (REGULATION, the state self_evaluation).

// SelfMark is what somebody gives himself at one check.
type SelfMark struct {
	Points scoring.Points `json:"points"`
	Words  string         `json:"words,omitempty"`
	Photos []string       `json:"photos,omitempty"` // ids of its photos; of a request none
}

// SelfEvalRequest is a self-evaluation as it was told.
type SelfEvalRequest struct {
	Quarter   calendar.Quarter
	Version   int // of what was read before; 0 if there was nothing
	Marks     map[string]SelfMark
	Statement string // 述职; may be empty
	Photos    []SelfPhoto
}

// SelfEvalDone is what became of it.
type SelfEvalDone struct {
	models.SelfEval
	Name   string
	Judged int
	Of     int
	Sum    scoring.Points // of what was judged
	Full   scoring.Points // of the same
	Due    time.Time
	Photos int // that came with this request
	Kept   int // that were there before; they stay
}

// The longest texts, in characters.
const (
	longestWords     = 200
	longestStatement = 1000
)

// SaveSelfEval keeps a self-evaluation as a draft (存着), also before the time to submit it.
func (d *Desk) SaveSelfEval(req SelfEvalRequest) (SelfEvalDone, error) {
	if err := d.may("SaveSelfEval", own(d.Who.ID)); err != nil {
		return SelfEvalDone{}, err
	}
	row, out, err := d.selfEvalRow(d.Who, req)
	if err != nil {
		return out, err
	}
	if row.State == models.SelfEvalSubmitted {
		return out, Refuse("这份自评已经交了（回执%s），不用再存。要改请回复“重新自评”。", row.Receipt)
	}
	row.State, row.Channel = models.SelfEvalDraft, d.cmd.Channel
	return d.storeSelfEval("SaveSelfEval", row, out)
}

// SubmitSelfEval submits one's self-evaluation, or another in its place while there is time.
func (d *Desk) SubmitSelfEval(req SelfEvalRequest) (SelfEvalDone, error) {
	if err := d.may("SubmitSelfEval", own(d.Who.ID)); err != nil {
		return SelfEvalDone{}, err
	}
	row, out, err := d.submitted(d.Who, req)
	if err != nil {
		return out, err
	}
	row.Channel, row.EnteredBy = d.cmd.Channel, ""
	return d.storeSelfEval("SubmitSelfEval", row, out)
}

// RegisterSelfEval enters somebody's self-evaluation from paper (代录): by the village's 书记
// or the town's staff. What a cadre submitted himself stands.
func (d *Desk) RegisterSelfEval(personID string, req SelfEvalRequest) (SelfEvalDone, error) {
	if personID == d.Who.ID {
		return SelfEvalDone{}, Refuse("自己的自评请回复“自评”。")
	}
	who, target, err := d.selfEvalOf(personID)
	if err != nil {
		return SelfEvalDone{}, err
	}
	if err := d.may("RegisterSelfEval", target); err != nil {
		return SelfEvalDone{}, err
	}
	was, err := d.tx.SelfEval(req.Quarter, personID)
	if err == nil && was.State == models.SelfEvalSubmitted && was.EnteredBy == "" {
		return SelfEvalDone{}, Refuse("%s已经自己交了自评（回执%s），不用代录。", who.Name, was.Receipt)
	}
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return SelfEvalDone{}, fmt.Errorf("self-evaluation of %s: %w", personID, err)
	}
	row, out, err := d.submitted(who, req)
	if err != nil {
		return out, err
	}
	row.Channel, row.EnteredBy = byPaper, d.Who.ID
	return d.storeSelfEval("RegisterSelfEval", row, out)
}

// selfEvalOf is whom a self-evaluation from paper is about.
func (v *View) selfEvalOf(personID string) (models.Person, Target, error) {
	if personID == v.Who.ID {
		return v.Who, own(personID), nil
	}
	who, err := v.tx.Person(personID)
	if err != nil {
		return who, Target{}, fmt.Errorf("whose self-evaluation: %w", err)
	}
	at, err := v.homeOf(personID)
	return who, Target{Person: personID, Village: at.village.ID, Town: at.village.TownID}, err
}

// submitted is a row as it is when it is submitted now.
func (d *Desk) submitted(who models.Person, req SelfEvalRequest) (models.SelfEval, SelfEvalDone, error) {
	row, out, err := d.selfEvalRow(who, req)
	if err != nil {
		return row, out, err
	}
	if out.Judged == 0 {
		return row, out, RefuseField(SelfEvalField(0), "一项都还没有评。至少评一项再交。")
	}
	c, err := d.tx.Cycle(req.Quarter)
	if err != nil {
		return row, out, fmt.Errorf("submit a self-evaluation: %w", err)
	}
	if c.State == models.CycleOpen {
		return row, out, Refuse("%s自评从%s开始交，现在可以先回复“存着”。", c.Quarter.Chinese(), c.Quarter.Last().Add(1).Chinese())
	}
	at := d.Sent.UTC()
	row.State, row.Receipt, row.SubmittedAt = models.SelfEvalSubmitted, receipt(row.ID), &at
	return row, out, nil
}

// SelfEvalField is the name of the input of the n-th item, counted from 0.
func SelfEvalField(n int) string { return fmt.Sprintf("item%d", n+1) }

// selfEvalRow checks what was told and puts it into the row that is there, or a new one.
func (d *Desk) selfEvalRow(who models.Person, req SelfEvalRequest) (models.SelfEval, SelfEvalDone, error) {
	none := models.SelfEval{}
	c, due, err := d.selfEvalCycle(req.Quarter)
	if err != nil {
		return none, SelfEvalDone{}, err
	}
	now, err := d.liveOf(who, c.Quarter)
	if err != nil {
		return none, SelfEvalDone{}, err
	}
	out := SelfEvalDone{Name: who.Name, Due: due}
	for i, p := range selfChecks(now.rubric) {
		out.Of++
		m, judged := req.Marks[p.check.ID]
		switch {
		case !judged:
			continue
		case m.Points < 0 || m.Points > p.check.Points:
			return none, out, RefuseField(SelfEvalField(i), "%s满分%s，自评要在0到%s之间。", p.name, p.check.Points, p.check.Points)
		case utf8.RuneCountInString(m.Words) > longestWords:
			return none, out, RefuseField(SelfEvalField(i), "说明太长了，请控制在%d字以内。", longestWords)
		}
		out.Judged, out.Sum, out.Full = out.Judged+1, out.Sum+m.Points, out.Full+p.check.Points
	}
	switch {
	case out.Judged != len(req.Marks):
		return none, out, fmt.Errorf("self-evaluation of %s: a check that nobody judges himself at", who.ID)
	case utf8.RuneCountInString(req.Statement) > longestStatement:
		return none, out, RefuseField("statement", "述职太长了，请控制在%d字以内。", longestStatement)
	}
	row, err := d.tx.SelfEval(c.Quarter, who.ID)
	switch {
	case errors.Is(err, models.ErrNotFound):
		row = models.SelfEval{ID: d.tx.NewID(), Quarter: c.Quarter, PersonID: who.ID}
	case err != nil:
		return none, out, fmt.Errorf("self-evaluation of %s: %w", who.ID, err)
	case row.Version != req.Version:
		return none, out, Refuse("这份自评刚刚在别处改过，请再发“自评”看最新的。")
	}
	s := PhotoSubject{Kind: models.PhotoOfSelfEval, ID: row.ID, Day: c.Quarter.Last(), person: who.ID, village: now.village}
	marks, err := d.withPhotos(s, row, req, &out)
	if err != nil {
		return none, out, err
	}
	row.Items = d.h.box.Seal(mustJSON(marks), "self_evals.items."+row.ID)
	row.Statement = d.h.box.Seal(req.Statement, "self_evals.statement."+row.ID)
	return row, out, nil
}

// storeSelfEval adds or moves the row, by its version.
func (d *Desk) storeSelfEval(act string, row models.SelfEval, out SelfEvalDone) (SelfEvalDone, error) {
	var err error
	if row.Version == 0 {
		row.Version, row.UpdatedAt = 1, d.Now
		err = d.tx.AddSelfEvals([]models.SelfEval{row})
	} else {
		err = d.tx.MoveSelfEval(&row)
	}
	switch {
	case errors.Is(err, models.ErrExists), errors.Is(err, models.ErrStale):
		return out, Refuse("这份自评刚刚在别处改过，请再发“自评”看最新的。")
	case err != nil:
		return out, fmt.Errorf("store a self-evaluation: %w", err)
	}
	out.SelfEval = row
	return out, d.did(act, row.ID, "")
}

// selfEvalCycle finds the quarter that is to be evaluated: the one that is named, the one
// whose time it is, or else the running one, for a draft. Once the time is over it refuses.
func (v *View) selfEvalCycle(q calendar.Quarter) (models.Cycle, time.Time, error) {
	cycles, err := v.tx.CyclesAlive()
	if err != nil {
		return models.Cycle{}, time.Time{}, fmt.Errorf("which quarter to evaluate: %w", err)
	}
	at := slices.IndexFunc(cycles, func(c models.Cycle) bool {
		if q != (calendar.Quarter{}) {
			return c.Quarter == q
		}
		return c.State == models.CycleSelfEval
	})
	if at < 0 && q == (calendar.Quarter{}) {
		at = slices.IndexFunc(cycles, func(c models.Cycle) bool { return c.State == models.CycleOpen })
	}
	if at < 0 {
		return models.Cycle{}, time.Time{}, Refuse("现在没有要自评的季度。")
	}
	c := cycles[at]
	due, err := v.selfEvalDue(c)
	switch {
	case err != nil:
		return c, due, err
	case c.State == models.CycleSelfEval && v.Sent.Before(due), c.State == models.CycleOpen:
		return c, due, nil
	default:
		last := calendar.On(due.Add(-time.Second))
		return c, due, Refuse("%s的自评%s截止了。没有交的不扣分；有话要说，请找镇上工作人员（“人工”）。", c.Quarter.Chinese(), last.Chinese())
	}
}

// selfEvalDue is when the time to submit ends: 24:00 of a working day after the quarter.
func (v *View) selfEvalDue(c models.Cycle) (time.Time, error) {
	off, err := v.daysOff()
	if err != nil {
		return time.Time{}, err
	}
	var p Policy
	if err := json.Unmarshal([]byte(c.Policy), &p); err != nil {
		return time.Time{}, fmt.Errorf("policy of %s: %w", c.Quarter, err)
	}
	return off.AddWorkdays(c.Quarter.Last(), p.Deadlines.SelfEval).At(24, 0), nil
}

// openedSelfEval reads what is sealed in a row.
func (v *View) openedSelfEval(row models.SelfEval) (marks map[string]SelfMark, statement string, err error) {
	if row.Items == "" { // missing, and never begun
		return nil, "", nil
	}
	text, err := v.h.box.Open(row.Items, "self_evals.items."+row.ID)
	if err == nil {
		err = json.Unmarshal([]byte(text), &marks)
	}
	if err == nil {
		statement, err = v.h.box.Open(row.Statement, "self_evals.statement."+row.ID)
	}
	if err != nil {
		return nil, "", fmt.Errorf("self-evaluation %s: %w", row.ID, err)
	}
	return marks, statement, nil
}
