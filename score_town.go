package main

import (
	"slices"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/scoring"
)

// townAnswer is the answer to town: a row for each cadre, a ranking for each
// sequence, and the payroll's sums.
type townAnswer struct {
	Rows      []townRow              `json:"rows"`
	Sequences map[string]*rankAnswer `json:"sequences"`
	Payroll   payroll                `json:"payroll"`

	quarter calendar.Quarter
	sheets  []scoring.Sheet
	pays    []scoring.Pay
}

type townRow struct {
	Name            string          `json:"name"`
	Village         string          `json:"village"`
	Sequence        string          `json:"sequence"`
	A               *scoring.Points `json:"A"`
	B               *scoring.Points `json:"B"`
	C               *scoring.Points `json:"C"`
	D               *scoring.Points `json:"D"`
	E               *scoring.Points `json:"E"`
	Adjust          scoring.Points  `json:"adjust"`
	Total           scoring.Points  `json:"total"`
	Grade           scoring.Grade   `json:"grade"`
	MonthStandard   scoring.Fen     `json:"month_standard"`
	PerformancePaid scoring.Fen     `json:"performance_paid"`
	QuarterTotal    scoring.Fen     `json:"quarter_total"`
}

// payroll adds up a town. Perf is before, Total after the bonuses and
// deductions of Delta.
type payroll struct {
	Base  scoring.Fen `json:"base"`
	Perf  scoring.Fen `json:"perf"`
	Delta scoring.Fen `json:"delta"`
	Total scoring.Fen `json:"total"`
}

// townCadre is one cadre of the input.
type townCadre struct {
	at                      value
	name, village, sequence string
	standard                scoring.Fen
	facts                   scoring.Facts
	graded, second          bool
}

// townEvent is an event and whom it concerns: a whole village, or named cadres
// of it.
type townEvent struct {
	scoring.Event
	village string
	names   []string // nil for all
}

func (e townEvent) concerns(c townCadre) bool {
	return e.village == c.village && (e.names == nil || slices.Contains(e.names, c.name))
}

// townInput is the input of town.
type townInput struct {
	quarter  calendar.Quarter
	villages map[string]scoring.Facts
	cadres   []townCadre
	events   []townEvent
}

func scoreTown(r *scoring.Rubric, in value) (answer, error) {
	town := readTown(r, in)
	if err := in.failed(); err != nil {
		return nil, err
	}
	out := &townAnswer{quarter: town.quarter, Sequences: map[string]*rankAnswer{}}
	entries := map[string][]scoring.Entry{}
	for _, c := range town.cadres {
		sheet := town.assess(r, c)
		out.sheets = append(out.sheets, sheet)
		entries[c.sequence] = append(entries[c.sequence], sheet.Entry(c.name, c.graded))
	}
	for _, sequence := range []string{scoring.HeadSequence, scoring.OtherSequence} {
		out.Sequences[sequence] = rankOf(r, entries[sequence], scoring.Floor)
	}
	if err := in.failed(); err != nil {
		return nil, err
	}
	for i, c := range town.cadres {
		grade := out.Sequences[c.sequence].Grades[c.name]
		service := scoring.WholeQuarter(town.quarter, c.standard)
		pay := scoring.PayQuarter(r.Pay, service, scoring.Outcome{Grade: grade, Second: c.second})
		out.add(c, out.sheets[i], grade, pay)
	}
	return out, nil
}

// assess scores one cadre, and notes what is wrong with the facts.
func (t townInput) assess(r *scoring.Rubric, c townCadre) scoring.Sheet {
	var events []scoring.Event
	for _, e := range t.events {
		if e.concerns(c) {
			events = append(events, e.Event)
		}
	}
	sheet, err := scoring.Assess(r, t.villages[c.village], c.facts, events)
	if err != nil {
		c.at.key("facts").refuse(err, "cadre_facts.")
	}
	return sheet
}

func (out *townAnswer) add(c townCadre, s scoring.Sheet, grade scoring.Grade, pay scoring.Pay) {
	dims := assessmentOf(s).Dimensions
	out.Rows = append(out.Rows, townRow{
		Name: c.name, Village: c.village, Sequence: c.sequence,
		A: dims["A"], B: dims["B"], C: dims["C"], D: dims["D"], E: dims["E"],
		Adjust: s.AdjustmentTotal, Total: s.Total, Grade: grade,
		MonthStandard: c.standard, PerformancePaid: pay.PerformancePaid, QuarterTotal: pay.QuarterTotal,
	})
	out.pays = append(out.pays, pay)
	out.Payroll.Base += pay.BaseQuarter
	out.Payroll.Perf += pay.PerformanceStandard
	out.Payroll.Delta += pay.Change
	out.Payroll.Total += pay.QuarterTotal
}

func readTown(r *scoring.Rubric, in value) townInput {
	t := townInput{quarter: in.key("quarter").quarter(), villages: map[string]scoring.Facts{}}
	villages := in.key("villages")
	for _, name := range villages.keys() {
		t.villages[name] = readVillage(r, villages.key(name))
	}
	for _, one := range in.key("cadres").list() {
		t.cadres = append(t.cadres, t.readCadre(one))
	}
	if events := in.key("events"); events.there() {
		for _, one := range events.list() {
			t.events = append(t.events, t.readEvent(r, one))
		}
	}
	return t
}

// readVillage reads a village's facts, wrong even if no cadre belongs to it.
func readVillage(r *scoring.Rubric, in value) scoring.Facts {
	facts := in.facts()
	if in.failed() != nil {
		return facts
	}
	if _, err := scoring.Assess(r, facts, nil, nil); err != nil {
		in.refuse(err, "village_facts.")
	}
	return facts
}

func (t townInput) readCadre(in value) townCadre {
	c := townCadre{
		at:       in,
		name:     in.key("name").text(),
		village:  in.key("village").text(),
		sequence: in.key("sequence").text(),
		standard: in.key("month_standard_yuan").yuan(),
		facts:    in.key("facts").facts(),
		graded:   in.key("graded").flag(true),
		second:   in.key("second_fail").flag(false),
	}
	if _, known := t.villages[c.village]; !known {
		in.key("village").fail("没有%s这个村。", c.village)
	}
	if c.sequence != scoring.HeadSequence && c.sequence != scoring.OtherSequence {
		in.key("sequence").fail("序列应当是head（正职）或other（其他）。")
	}
	if slices.ContainsFunc(t.cadres, func(other townCadre) bool { return other.name == c.name }) {
		in.key("name").fail("%s写了两次。", c.name)
	}
	return c
}

func (t townInput) readEvent(r *scoring.Rubric, in value) townEvent {
	e := townEvent{Event: readEvent(r, in), village: in.key("village").text()}
	if _, known := t.villages[e.village]; !known {
		in.key("village").fail("没有%s这个村。", e.village)
	}
	to := in.key("applies_to")
	if !to.there() || to.raw == "all" {
		return e
	}
	e.names = []string{}
	for _, one := range to.list() {
		name := one.text()
		e.names = append(e.names, name)
		if !slices.ContainsFunc(t.cadres, func(c townCadre) bool { return c.name == name && c.village == e.village }) {
			one.fail("%s没有%s这名干部。", e.village, name)
		}
	}
	return e
}
