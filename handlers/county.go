package handlers

import (
	"errors"
	"fmt"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/scoring"
)

// County is what a county decides for itself. What a quarter depends on is
// frozen into its cycle when it opens (Policy).
type County struct {
	Name   string
	Policy Policy
	// OthersPerShift is how many besides the 正职 sit a shift.
	OthersPerShift int
	// ActingHead lets the deputy secretary stand in where one person is both
	// 书记 and 主任 and would never rest.
	ActingHead bool
	// LogsSince is the first day whose log (工作日志) is kept here; none means that logs
	// are kept on paper.
	LogsSince calendar.Date
	Leave     LeaveRules
	// CheckIn is what goes with a 签到: see CheckInByWord. None is the word.
	CheckIn string
}

// Policy is what a quarter is assessed by. It is stored with the cycle.
type Policy struct {
	Rubric       string           `json:"rubric"` // hash of the source
	HeadMonth    scoring.Fen      `json:"head_month"`
	OtherMonth   scoring.Fen      `json:"other_month"`
	Bonus        int              `json:"bonus_percent"`
	Deduct       int              `json:"deduct_percent"`
	DeductSecond int              `json:"deduct_percent_second"`
	Rounding     scoring.Rounding `json:"quota_rounding"`
	Deadlines    Deadlines        `json:"deadlines"`
}

// Deadlines are the terms of a cycle (REGULATION: the state machine). All are
// working days but Appeal, which counts calendar days.
type Deadlines struct {
	SelfEval     int `json:"self_evaluation"` // after the quarter's last day
	Verification int `json:"verification"`    // after the quarter's last day
	Review       int `json:"town_review"`     // after the results are computed
	Filing       int `json:"county_filing"`   // after the last town confirmed
	Publishing   int `json:"publishing"`      // after filing
	Notice       int `json:"public_notice"`   // how long the public notice lasts
	Appeal       int `json:"appeal"`          // days to file one, from publishing
}

// DefaultPolicy is the regulation's, with the choices it leaves open made as
// little as they can be: the lower rates, and a quota that rounds down.
func DefaultPolicy() Policy {
	return Policy{
		HeadMonth: 2000_00, OtherMonth: 1600_00,
		Bonus: 30, Deduct: 30, DeductSecond: 50, Rounding: scoring.Floor,
		Deadlines: Deadlines{SelfEval: 5, Verification: 12, Review: 4, Filing: 3, Publishing: 1, Notice: 5, Appeal: 10},
	}
}

// month is the monthly subsidy of a class of posts.
func (p Policy) month(class string) scoring.Fen {
	if class == models.ClassHead {
		return p.HeadMonth
	}
	return p.OtherMonth
}

// rules are the rubric's rules of pay at the rates that the quarter opened with.
func (p Policy) rules(r *scoring.Rubric) scoring.PayRules {
	rules := r.Pay
	rules.BonusPercent, rules.DeductPercent, rules.DeductPercentSecond = p.Bonus, p.Deduct, p.DeductSecond
	return rules
}

// daysOff is the national table under the county's own.
func (v *View) daysOff() (calendar.DaysOff, error) {
	if v.off != nil {
		return v.off, nil
	}
	rows, err := v.tx.DaysOff()
	if err != nil {
		return nil, fmt.Errorf("read the days off: %w", err)
	}
	v.off = calendar.DaysOff{}
	for _, r := range rows {
		v.off[r.Day] = calendar.OwnDay{Name: r.Name, Work: r.Work}
	}
	return v.off, nil
}

// DaysOff is the county's table of days off, for reading what people say of days.
func (v *View) DaysOff() (calendar.DaysOff, error) { return v.daysOff() }

// unannounced says that nobody has announced a year's holidays, or nothing.
func unannounced(off calendar.DaysOff, days ...calendar.Date) string {
	for _, d := range days {
		if !off.Known(d.Year) {
			return fmt.Sprintf("%d年放假安排尚未录入，先按周末休息计。", d.Year)
		}
	}
	return ""
}

// rubric returns a version of the rules that is stored.
func (v *View) rubric(hash string) (*scoring.Rubric, error) {
	if r, parsed := v.h.rubrics.Load(hash); parsed {
		return r.(*scoring.Rubric), nil //nolint:forcetypeassert // nothing else is stored
	}
	row, err := v.tx.Rubric(hash)
	if errors.Is(err, models.ErrNotFound) {
		return nil, fmt.Errorf("rubric %.12s is not stored", hash)
	}
	if err != nil {
		return nil, fmt.Errorf("read rubric %.12s: %w", hash, err)
	}
	v.h.parsing.Lock() // a quarter is computed in several transactions at once
	defer v.h.parsing.Unlock()
	if r, parsed := v.h.rubrics.Load(hash); parsed {
		return r.(*scoring.Rubric), nil //nolint:forcetypeassert // the same
	}
	r, err := scoring.ParseRubric([]byte(row.Source))
	if err != nil {
		return nil, fmt.Errorf("parse rubric %.12s: %w", hash, err)
	}
	v.h.rubrics.Store(hash, r)
	return r, nil
}
