package handlers

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/scoring"
)

// mostShown is how many mistakes of a sheet one answer names.
const mostShown = 20

// cellError is one mistake of a sheet.
type cellError struct {
	n      int
	column string
	text   string
}

func (r FactRow) wrong(column, format string, args ...any) *cellError {
	return &cellError{r.N, column, fmt.Sprintf(format, args...)}
}

// entry is what a sheet says of one check of one subject.
type entry struct {
	of    factSubject
	check scoring.Check
	lines []entered
}

// entered is one line of an entry, read.
type entered struct {
	row    FactRow
	matter matter
	word   scoring.Value // 不涉及 or 未到期, of a line of a list
	value  scoring.Value // of a check of one line
	count  int64         // of a line of a list
}

// importing is one sheet on its way in.
type importing struct {
	d       *Desk
	rubric  *scoring.Rubric
	index   factIndex
	entries map[factKey]*entry
	order   []factKey
	seen    map[string]int // row by subject, check and line
	wrong   []cellError
}

// ImportFacts enters what a sheet says, all of it or nothing, and returns how
// many checks it changed. source names the sheet.
//
// A row without a value leaves what stands. If one line of a list (events,
// votes) has a value, the lines of that check in the sheet replace its whole
// entry: lines without a value, and lines that are not there, count as none.
func (d *Desk) ImportFacts(q calendar.Quarter, source string, rows []FactRow) (n int, err error) {
	reached, err := d.townsWithin(func(t Target) error { return d.may("ImportFacts", t) })
	if err != nil {
		return 0, err
	}
	// Held: no sheet comes in while the quarter moves on to its aggregation.
	c, rubric, err := d.factCycle(q, d.tx.CycleHeld)
	if err != nil {
		return 0, err
	}
	if err := mayEnter(c); err != nil {
		return 0, err
	}
	subjects, err := d.factSubjects(q)
	if err != nil {
		return 0, err
	}
	in := importing{
		d: d, rubric: rubric, index: indexSubjects(subjects, reached),
		entries: map[factKey]*entry{}, seen: map[string]int{},
	}
	for _, r := range rows {
		in.take(r)
	}
	facts := in.facts()
	if err := in.refusal(); err != nil {
		return 0, err
	}
	return in.store(q, short(source, 80), facts)
}

// note keeps a mistake.
func (in *importing) note(e *cellError) { in.wrong = append(in.wrong, *e) }

// take reads one row.
func (in *importing) take(r FactRow) {
	r.Value, r.Note = strings.TrimSpace(r.Value), strings.TrimSpace(r.Note)
	switch {
	case r.Value == "" && r.Note == "":
		return
	case r.Value == "":
		in.note(r.wrong(colValue, "写了说明，但没有填值。"))
		return
	}
	of, fault := in.index.find(r)
	if fault != nil {
		in.note(fault)
		return
	}
	check, fault := in.checkOf(r, of)
	if fault != nil {
		in.note(fault)
		return
	}
	line, fault := in.read(r, check)
	if fault != nil {
		in.note(fault)
		return
	}
	in.add(line, of, check)
}

// checkOf finds the check of a row.
func (in *importing) checkOf(r FactRow, of factSubject) (scoring.Check, *cellError) {
	c, scope, ok := in.rubric.Check(strings.ToUpper(plainDigits(r.Check)))
	switch {
	case !ok:
		return c, r.wrong(colCheck, "考评细则里没有要点“%.20s”。", r.Check)
	case scope != of.scope() && scope == scoring.VillageScope:
		return c, r.wrong(colKind, "%s是村的要点，类别应填“村”。", c.ID)
	case scope != of.scope():
		return c, r.wrong(colKind, "%s是干部个人的要点，类别应填“干部”。", c.ID)
	default:
		return c, nil
	}
}

// read reads what a row says of its check.
func (in *importing) read(r FactRow, c scoring.Check) (entered, *cellError) {
	if listed(c) {
		return readLine(r, c)
	}
	if r.Matter != "" {
		return entered{}, r.wrong(colMatter, "%s不分事项，这一格应当空着。", c.ID)
	}
	v, err := parseValue(c, r.Value)
	if err == nil {
		err = verified(in.rubric, c.ID, v)
	}
	if err != nil {
		return entered{}, r.wrong(colValue, "%s", err)
	}
	return entered{row: r, value: v}, nil
}

// readLine reads a row of a list.
func readLine(r FactRow, c scoring.Check) (entered, *cellError) {
	word, isWord := wordValue(r.Value)
	m, known := matterNamed(c, r.Matter)
	switch {
	case computedNamed(c, r.Matter):
		return entered{}, r.wrong(colMatter, "“%s”由%s计算，不能录入。", r.Matter, recordsOf(c.ID))
	case isWord && recordsOf(c.ID) != "":
		return entered{}, r.wrong(colValue, "%s由%s计算，不能填“%s”。", c.ID, recordsOf(c.ID), r.Value)
	case r.Matter == "" && !isWord || r.Matter != "" && !known:
		return entered{}, r.wrong(colMatter, "应填%s，不是“%.20s”。", matterLabels(c), r.Matter)
	case isWord:
		return entered{row: r, matter: m, word: word}, nil
	}
	n, err := parseCount(r.Value)
	if err != nil {
		return entered{}, r.wrong(colValue, "%s", err)
	}
	return entered{row: r, matter: m, count: n}, nil
}

// add puts a line to its check, unless the sheet says it twice.
func (in *importing) add(line entered, of factSubject, c scoring.Check) {
	key := factKey{of.kind, of.id, c.ID}
	slot := strings.Join([]string{of.kind, of.id, c.ID, line.matter.code}, "\x00")
	if first, twice := in.seen[slot]; twice {
		in.note(line.row.wrong(colCheck, "与第%d行重复。", first))
		return
	}
	in.seen[slot] = line.row.N
	if in.entries[key] == nil {
		in.entries[key] = &entry{of: of, check: c}
		in.order = append(in.order, key)
	}
	in.entries[key].lines = append(in.entries[key].lines, line)
}

// newFact is what one entry comes to.
type newFact struct {
	key  factKey
	of   *entry
	fact scoring.Fact
}

// facts merges the lines of each check.
func (in *importing) facts() []newFact {
	var out []newFact
	for _, key := range in.order {
		e := in.entries[key]
		v, fault := e.value()
		if fault != nil {
			in.note(fault)
			continue
		}
		out = append(out, newFact{key, e, scoring.Fact{Value: v, Note: e.note()}})
	}
	return out
}

// value is what the lines of a check come to.
func (e *entry) value() (scoring.Value, *cellError) {
	first := e.lines[0]
	if !listed(e.check) {
		return first.value, nil
	}
	counts := map[string]int64{}
	for _, l := range e.lines {
		if !l.word.Equal(first.word) {
			return scoring.Value{}, l.row.wrong(colValue, "%s的各行要么都填“%s”“%s”中的一个，要么都填次数。", e.check.ID, wordNone, wordNotDue)
		}
		counts[l.matter.code] = l.count
	}
	_, required := counts[e.check.Rule.Required]
	_, done := counts[e.check.Rule.Done]
	switch {
	case !first.word.IsZero():
		return first.word, nil
	case e.check.Rule.Type == scoring.RatioObligationRule && (!required || !done):
		return scoring.Value{}, first.row.wrong(colValue, "%s的应做和已做要一起填。", e.check.ID)
	default:
		return scoring.Tally(counts), nil
	}
}

// note joins what was said of the lines: see noteOf.
func (e *entry) note() string {
	if !listed(e.check) || !e.lines[0].word.IsZero() {
		said := slices.IndexFunc(e.lines, func(l entered) bool { return l.row.Note != "" })
		if said < 0 {
			return ""
		}
		return e.lines[said].row.Note
	}
	var parts []string
	for _, m := range mattersOf(e.check) {
		for _, l := range e.lines {
			if l.matter == m && l.row.Note != "" {
				parts = append(parts, flatLabel(m)+"："+strings.ReplaceAll(l.row.Note, "\n", " "))
			}
		}
	}
	return strings.Join(parts, "\n")
}

// refusal names the mistakes of a sheet in the order of its rows.
func (in *importing) refusal() error {
	if len(in.wrong) == 0 {
		return nil
	}
	slices.SortStableFunc(in.wrong, func(a, b cellError) int { return a.n - b.n })
	var b strings.Builder
	fmt.Fprintf(&b, "有%d处要改，一行也没有录入：", len(in.wrong))
	for _, e := range in.wrong[:min(len(in.wrong), mostShown)] {
		fmt.Fprintf(&b, "\n第%d行“%s”：%s", e.n, e.column, e.text)
	}
	if more := len(in.wrong) - mostShown; more > 0 {
		fmt.Fprintf(&b, "\n另外还有%d处。", more)
	}
	return Refuse("%s", b.String())
}

// store writes what is new. What stands already keeps who entered it and when.
func (in *importing) store(q calendar.Quarter, source string, facts []newFact) (int, error) {
	standing, err := in.d.standing(q)
	if err != nil {
		return 0, err
	}
	number := "录入" + receipt(in.d.tx.NewID()) // of the sheet: each of its records bears it
	var rows []models.Fact
	for _, f := range facts {
		was, stood := standing[f.key]
		if stood && was.Value.Equal(f.fact.Value) && was.Note == f.fact.Note {
			continue
		}
		if f.fact.Records, err = in.records(f, number); err != nil {
			return 0, err
		}
		rows = append(rows, models.Fact{
			Quarter: q, Kind: f.key.kind, SubjectID: f.key.id, CheckID: f.key.check, Payload: mustJSON(f.fact),
			Source: source, EnteredBy: short(in.d.actor(), 26), EnteredAt: in.d.Now,
		})
	}
	if len(rows) == 0 {
		return 0, nil
	}
	if err := in.d.tx.SetFacts(rows); err != nil {
		return 0, fmt.Errorf("import facts of %s: %w", q, err)
	}
	return len(rows), in.d.did("ImportFacts", q.String(), fmt.Sprintf("%s，%s，%d项", source, number, len(rows)))
}

// records are what 为什么 shows behind points that were lost: one for each event
// that costs something, and one for the rest of the check.
func (in *importing) records(f newFact, number string) ([]scoring.Record, error) {
	loses, err := in.loses(f)
	if err != nil || !loses {
		return nil, err
	}
	var out []scoring.Record
	for _, l := range f.of.lines {
		record := scoring.Record{ID: number, Date: in.d.Today, Note: l.row.Note}
		if l.matter.event {
			record.Event = l.matter.code
		}
		known := slices.ContainsFunc(out, func(r scoring.Record) bool { return r.Event == record.Event })
		if known || l.matter.event && l.count == 0 {
			continue
		}
		out = append(out, record)
	}
	return out, nil
}

// loses reports whether a fact costs points by itself.
func (in *importing) loses(f newFact) (bool, error) {
	alone := scoring.Facts{f.key.check: f.fact}
	village, cadre := scoring.Facts{}, alone
	if f.of.of.scope() == scoring.VillageScope {
		village, cadre = alone, scoring.Facts{}
	}
	s, err := scoring.Assess(in.rubric, village, cadre, nil)
	if err != nil {
		return false, errors.Join(fmt.Errorf("try fact %s", f.key.check), err)
	}
	for _, d := range s.Dimensions {
		for _, it := range d.Items {
			if slices.ContainsFunc(it.Lines, func(l scoring.Line) bool { return l.Check == f.key.check && l.Points < 0 }) {
				return true, nil
			}
		}
	}
	return false, nil
}
