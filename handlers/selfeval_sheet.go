package handlers

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/scoring"
)

// SelfEvalSheet is what somebody evaluates himself by, and what he has said by now.
type SelfEvalSheet struct {
	Quarter   calendar.Quarter
	Open      bool // it can be submitted now; else only kept
	Due       time.Time
	State     models.SelfEvalState // empty if nothing was kept
	Version   int
	Receipt   string
	Paper     bool // entered by somebody else
	Items     []SelfItem
	Statement string
	Draft     string // of a statement, from the records alone
	Photos    int    // that were handed in for the whole
}

// SelfItem is one check of it.
type SelfItem struct {
	Check    string
	Name     string // short: 上班制度
	Text     string // the rubric's
	Max      scoring.Points
	Last     *scoring.Points // what the last published result gave
	Recorded *scoring.Points // what this quarter's records give, where they say anything
	Found    []Sourced       // what the records say
	Mark     *SelfMark
	Photos   int // that were handed in
}

// Sourced is a sentence with the records that it is taken from.
type Sourced struct{ Text, Source string }

// String is the sentence with its source behind it.
func (s Sourced) String() string {
	if s.Source == "" {
		return s.Text
	}
	return s.Text + "〔" + s.Source + "〕"
}

// selfCheck is a check that a cadre can judge of himself.
type selfCheck struct {
	check scoring.Check
	item  string // id
	name  string
}

// selfChecks are the checks that are scored for one cadre alone, but for those that others
// answer (群众测评).
func selfChecks(r *scoring.Rubric) (out []selfCheck) {
	for _, d := range r.Dimensions {
		if d.Scope != scoring.CadreScope {
			continue
		}
		for _, it := range d.Items {
			for _, c := range it.Checks {
				name := it.Name
				if len(it.Checks) > 1 {
					name = c.Text
				}
				if c.Rule.Type != scoring.SurveyRule {
					out = append(out, selfCheck{c, it.ID, name})
				}
			}
		}
	}
	return out
}

// pointsAt is what a sheet gives at a check, and false if its dimension is left out or
// there is none of that id.
func pointsAt(s scoring.Sheet, p selfCheck) (scoring.Points, bool) {
	for _, d := range s.Dimensions {
		for _, it := range d.Items {
			if it.ID != p.item {
				continue
			}
			sum := p.check.Points
			for _, l := range it.Lines {
				if l.Check == p.check.ID {
					sum += l.Points
				}
			}
			return max(0, sum), !d.Left
		}
	}
	return 0, false
}

// SelfEvalSheet returns what somebody is to evaluate himself by: the quarter that is named
// or, without one, that whose time it is. Of somebody else, who is entered from paper, it
// holds the rubric's text alone.
func (v *View) SelfEvalSheet(personID string, q calendar.Quarter) (SelfEvalSheet, error) {
	who, target, err := v.selfEvalOf(personID)
	if err != nil {
		return SelfEvalSheet{}, err
	}
	if err := v.may("SelfEvalSheet", target); err != nil {
		return SelfEvalSheet{}, err
	}
	c, due, err := v.selfEvalCycle(q)
	if err != nil {
		return SelfEvalSheet{}, err
	}
	now, err := v.liveOf(who, c.Quarter)
	if err != nil {
		return SelfEvalSheet{}, err
	}
	s := SelfEvalSheet{Quarter: c.Quarter, Open: c.State == models.CycleSelfEval, Due: due}
	for _, p := range selfChecks(now.rubric) {
		s.Items = append(s.Items, SelfItem{Check: p.check.ID, Name: p.name, Text: p.check.Text, Max: p.check.Points})
	}
	row, err := v.tx.SelfEval(c.Quarter, personID)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return s, fmt.Errorf("self-evaluation of %s: %w", personID, err)
	}
	s.State, s.Version, s.Receipt, s.Paper = row.State, row.Version, row.Receipt, row.EnteredBy != ""
	if personID != v.Who.ID {
		return s, nil
	}
	marks, statement, err := v.openedSelfEval(row)
	if err != nil {
		return s, err
	}
	n, err := v.selfPhotos(row, marks)
	if err != nil {
		return s, err
	}
	for i := range s.Items {
		if m, judged := marks[s.Items[i].Check]; judged {
			s.Items[i].Mark, s.Items[i].Photos = &m, n[s.Items[i].Check]
		}
	}
	s.Statement, s.Photos = statement, n[""]
	return s, v.addRecords(&s, now)
}

// addRecords adds what the records say, of this quarter and of the last result.
func (v *View) addRecords(s *SelfEvalSheet, now live) error {
	last, err := v.lastSheet(now.person.ID, s.Quarter)
	if err != nil {
		return err
	}
	found, err := v.found(now, s.Quarter)
	if err != nil {
		return err
	}
	for i, p := range selfChecks(now.rubric) {
		it := &s.Items[i]
		if points, ok := pointsAt(last, p); ok {
			it.Last = &points
		}
		it.Found = found[it.Check]
		if points, ok := pointsAt(now.sheet, p); ok && len(it.Found) > 0 {
			it.Recorded = &points
		}
	}
	s.Draft = draftOf(s.Items, now.sheet.Adjustments)
	return nil
}

// lastSheet is the sheet of the last published result before a quarter, or an empty one.
func (v *View) lastSheet(personID string, q calendar.Quarter) (scoring.Sheet, error) {
	rows, err := v.tx.ResultsOf(personID)
	if err != nil {
		return scoring.Sheet{}, fmt.Errorf("last result of %s: %w", personID, err)
	}
	for _, r := range rows { // the newest first
		if r.Quarter.Compare(q) >= 0 {
			continue
		}
		seq, err := v.tx.Sequence(r.SequenceID)
		if err != nil {
			return scoring.Sheet{}, fmt.Errorf("last result of %s: %w", personID, err)
		}
		if seq.Step == models.SequencePublished || seq.Step == models.SequenceFinal {
			s, err := v.published(r, seq)
			return s.Sheet, err
		}
	}
	return scoring.Sheet{}, nil
}

// found is what a quarter's records say of one cadre, by check: what was done, and then
// what was deducted, each with its records. What nobody recorded is not there.
func (v *View) found(now live, q calendar.Quarter) (map[string][]Sourced, error) {
	out := map[string][]Sourced{}
	for check, count := range map[string]func(string, calendar.Quarter) ([]Sourced, error){
		dutyCheck: v.dutyDone, logCheck: v.logsDone, leaveCheck: v.leavesTaken,
	} {
		said, err := count(now.person.ID, q)
		if err != nil {
			return nil, err
		}
		out[check] = said
	}
	for _, d := range now.sheet.Dimensions {
		for _, it := range d.Items {
			for _, l := range it.Lines {
				if s, ok := deducted(l, q); ok {
					out[l.Check] = append(out[l.Check], s)
				}
			}
		}
	}
	return out, nil
}

// deducted is a line of a sheet as a sentence: with the days, and with the records behind
// them.
func deducted(l scoring.Line, q calendar.Quarter) (Sourced, bool) {
	if l.Check == "" || len(l.Records) == 0 {
		return Sourced{}, false
	}
	var days, sources []string
	for _, r := range l.Records {
		if !r.Date.Before(q.First()) {
			days = append(days, dayWords(r.Date))
		}
		sources = append(sources, strings.TrimSpace(r.Note))
	}
	sources = slices.Compact(slices.DeleteFunc(sources, func(s string) bool { return s == "" }))
	text := l.Reason
	if days = slices.Compact(days); len(days) > 0 {
		text += "（" + strings.Join(days[:min(3, len(days))], "、") + "）"
	}
	if len(sources) > 2 {
		sources = append(sources[:2:2], fmt.Sprintf("等%d条", len(sources)))
	}
	return Sourced{text, strings.Join(sources, "、")}, true
}

func (v *View) dutyDone(personID string, q calendar.Quarter) ([]Sourced, error) {
	last := v.until(q)
	shifts, err := v.tx.ShiftsOf(personID, q.First(), last)
	if err != nil {
		return nil, fmt.Errorf("shifts of %s: %w", personID, err)
	}
	came, err := v.tx.ArrivalsOf(personID, q.First(), last)
	if err != nil || len(shifts)+len(came) == 0 {
		return nil, err
	}
	text := fmt.Sprintf("排班%d次，签到%d次", len(shifts), len(came))
	source := "排班表，没有签到记录"
	if len(came) > 0 {
		source = fmt.Sprintf("排班表，签到回执%s至%s", came[0].Receipt, came[len(came)-1].Receipt)
	}
	return []Sourced{{text, source}}, nil
}

func (v *View) logsDone(personID string, q calendar.Quarter) ([]Sourced, error) {
	logs, err := v.tx.WorkLogsOf(personID, q.First(), v.until(q))
	if err != nil || len(logs) == 0 {
		return nil, err
	}
	if logs, _, err = v.counting(logs); err != nil {
		return nil, err
	}
	ids, visitors := make([]string, len(logs)), 0
	for i, l := range logs {
		ids[i] = l.ID
		visitors += l.Visitors
	}
	matters, err := v.tx.MattersOfLogs(ids)
	if err != nil {
		return nil, fmt.Errorf("matters of %s: %w", personID, err)
	}
	done := 0
	for _, m := range matters {
		if m.State == models.MatterDone {
			done++
		}
	}
	text := fmt.Sprintf("记日志%d篇，接待%d人，事项%d件，办结%d件", len(logs), visitors, len(matters), done)
	return []Sourced{{text, "日志回执" + logs[0].Receipt + "至" + logs[len(logs)-1].Receipt}}, nil
}

func (v *View) leavesTaken(personID string, q calendar.Quarter) ([]Sourced, error) {
	rows, err := v.tx.LeavesGranted([]string{personID}, q.First(), v.until(q))
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	var numbers []string
	for _, l := range rows {
		numbers = append(numbers, fmt.Sprintf("%d号", l.Number))
	}
	return []Sourced{{fmt.Sprintf("请假%d次", len(rows)), strings.Join(numbers, "、") + "假条"}}, nil
}

// dayWords is a day within a quarter that is known: 8月25日.
func dayWords(d calendar.Date) string { return fmt.Sprintf("%d月%d日", d.Month, d.Day) }

// until is the last day of a quarter that has come.
func (v *View) until(q calendar.Quarter) calendar.Date {
	if v.Today.Before(q.Last()) {
		return v.Today
	}
	return q.Last()
}

// longestDraft is how many characters a drafted statement has at most.
const longestDraft = 300

// draftOf puts what the records say into a statement, cut at the end of a sentence. It says
// nothing else, and nothing where there are no records.
func draftOf(items []SelfItem, events []scoring.AdjustmentLine) string {
	var all []Sourced
	for _, it := range items {
		all = append(all, it.Found...)
	}
	for _, e := range events {
		said := "加分"
		if e.Points < 0 {
			said = "扣分"
		}
		all = append(all, Sourced{fmt.Sprintf("%s：%s，%s（%s分）", said, e.Name, e.Matter, e.Points), e.Record})
	}
	draft := ""
	for _, s := range all {
		next := draft + s.String() + "。"
		if utf8.RuneCountInString(next) > longestDraft {
			break
		}
		draft = next
	}
	return draft
}
