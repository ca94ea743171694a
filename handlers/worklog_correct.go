package handlers

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
)

// LogEntry is an entry as it stands, to be put right. Of one that was entered for somebody
// else from paper PersonID and Name say whose it is.
type LogEntry struct {
	ID       string
	PersonID string
	Name     string
	Day      calendar.Date
	At       time.Time
	Visitors int
	Nothing  bool
	Matters  []MatterEntry
}

// LogsToCorrect returns the entries of somebody and a day that count and that one may correct,
// the last one written first: of no day, those of the day of the last one; of nobody, one's own,
// or those that one entered last.
func (v *View) LogsToCorrect(personID string, day calendar.Date) ([]LogEntry, error) {
	if err := v.may("LogsToCorrect", own(v.Who.ID)); err != nil {
		return nil, err
	}
	rows, err := v.tx.WorkLogsOf(v.Who.ID, v.Today.Add(-longestBack), v.Today)
	if err != nil {
		return nil, fmt.Errorf("logs to correct: %w", err)
	}
	entered, err := v.logsEntered()
	if err != nil {
		return nil, err
	}
	if rows, _, err = v.counting(append(rows, entered...)); err != nil {
		return nil, err
	}
	rows = slices.DeleteFunc(rows, func(l models.WorkLog) bool {
		return !v.corrects(l) || personID != "" && l.PersonID != personID || !day.IsZero() && l.Day != day
	})
	slices.Reverse(rows)
	mine := func(l models.WorkLog) bool { return l.PersonID == v.Who.ID }
	slices.SortStableFunc(rows, func(a, b models.WorkLog) int {
		if !day.IsZero() && mine(a) != mine(b) { // of a day one means one's own
			return map[bool]int{true: -1, false: 1}[mine(a)]
		}
		return b.At.Compare(a.At)
	})
	var out []LogEntry
	for _, l := range rows {
		if l.PersonID != rows[0].PersonID || l.Day != rows[0].Day {
			continue
		}
		e, err := v.entryOf(l)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

// logsEntered are the entries of the last days that one entered for others.
func (v *View) logsEntered() ([]models.WorkLog, error) {
	var villages []string
	for _, g := range v.grants {
		switch g.Role {
		case Secretary:
			villages = append(villages, g.Village)
		case TownStaff:
			all, err := v.tx.VillagesOf(g.Town)
			if err != nil {
				return nil, fmt.Errorf("villages to correct logs in: %w", err)
			}
			for _, one := range all {
				villages = append(villages, one.ID)
			}
		default:
		}
	}
	rows, err := v.tx.WorkLogsIn(villages, v.Today.Add(-longestBack), v.Today)
	if err != nil {
		return nil, fmt.Errorf("logs to correct: %w", err)
	}
	return slices.DeleteFunc(rows, func(l models.WorkLog) bool { return l.EnteredBy != v.Who.ID }), nil
}

// corrects reports whether one may correct an entry: one's own, and what one entered for
// somebody else who has not put it right himself by then.
func (v *View) corrects(l models.WorkLog) bool {
	return l.PersonID == v.Who.ID || l.EnteredBy == v.Who.ID && l.Channel == byPaper
}

func (v *View) entryOf(l models.WorkLog) (LogEntry, error) {
	e := LogEntry{ID: l.ID, PersonID: l.PersonID, Day: l.Day, At: l.At, Visitors: l.Visitors, Nothing: l.Nothing}
	names, err := v.namesOf([]string{l.PersonID})
	if err != nil {
		return e, err
	}
	e.Name = names[l.PersonID]
	e.Matters, err = v.entriesOf(l.ID)
	return e, err
}

// opened is a matter with its words.
type opened struct {
	models.Matter
	words string
}

// mattersOf are the matters of an entry, opened.
func (v *View) mattersOf(logID string) ([]opened, error) {
	rows, err := v.tx.MattersOfLogs([]string{logID})
	if err != nil {
		return nil, fmt.Errorf("matters to correct: %w", err)
	}
	out := make([]opened, len(rows))
	for i, m := range rows {
		words, err := v.wordsOf(m)
		if err != nil {
			return nil, err
		}
		out[i] = opened{m, words}
	}
	return out, nil
}

// entriesOf are the matters of an entry as a correction begins with them.
func (v *View) entriesOf(logID string) ([]MatterEntry, error) {
	rows, err := v.mattersOf(logID)
	if err != nil {
		return nil, err
	}
	holders := make([]string, len(rows))
	for i, m := range rows {
		holders[i] = m.HolderID
	}
	names, err := v.namesOf(holders)
	if err != nil {
		return nil, err
	}
	var out []MatterEntry
	for _, m := range rows {
		e := MatterEntry{No: m.No, Version: m.Version, Words: m.words, Done: m.State == models.MatterDone}
		if !e.Done && m.HandedAt != nil {
			e.Holder, e.HolderName = m.HolderID, names[m.HolderID]
		}
		out = append(out, e)
	}
	return out, nil
}

// logToCorrect is an entry that is to be corrected, and whose act that is: what was entered from
// paper whoever entered it corrects as far as he may still enter.
func (d *Desk) logToCorrect(id string) (models.WorkLog, Target, error) {
	was, err := d.tx.WorkLog(id)
	switch {
	case errors.Is(err, models.ErrNotFound):
		return was, own(d.Who.ID), nil
	case err != nil:
		return was, Target{}, fmt.Errorf("correct a log: %w", err)
	case was.PersonID == d.Who.ID || !d.corrects(was):
		return was, own(d.Who.ID), nil
	}
	village, err := d.tx.Village(was.VillageID)
	if err != nil {
		return was, Target{}, fmt.Errorf("correct a log: %w", err)
	}
	return was, Target{Person: was.PersonID, Village: village.ID, Town: village.TownID}, nil
}

// CorrectLog puts an entry right (更正日志): the entry as it is right takes the place of the one
// before it, which stays readable. Its matters keep their numbers, and it the mark that it was
// on paper. What was late stays late, for a matter keeps when it was ended or handed on, and
// what is moved to another day is written for that day only now.
func (d *Desk) CorrectLog(id string, req LogRequest) (Logged, error) {
	was, target, err := d.logToCorrect(id)
	if err != nil {
		return Logged{}, err
	}
	if err := d.may("CorrectLog", target); err != nil {
		return Logged{}, err
	}
	switch {
	case !d.corrects(was):
		return Logged{}, Refuse("没有找到要更正的日志。")
	case d.Today.Since(was.Day) > longestBack:
		return Logged{}, Refuse("%s过去太久了，更正请找镇上工作人员。", was.Day.Chinese())
	case req.Day.IsZero():
		req.Day = was.Day
	}
	if err := d.fitsDay(req.Day); err != nil {
		return Logged{}, err
	}
	if err := req.whole(); err != nil {
		return Logged{}, err
	}
	old, err := d.mattersOf(was.ID)
	if err != nil {
		return Logged{}, err
	}
	log := models.WorkLog{
		ID: d.tx.NewID(), VillageID: was.VillageID, Day: req.Day, PersonID: was.PersonID, EnteredBy: was.EnteredBy, Amends: was.ID,
		Visitors: req.Visitors, Nothing: req.Nothing, At: d.Sent.UTC(), Channel: d.cmd.Channel,
	}
	if was.PersonID != d.Who.ID {
		log.Channel = byPaper
	}
	if err := d.replaceLog(log.ID, was.ID, old); err != nil {
		return Logged{}, err
	}
	if req.Words == "" {
		if req.Words, err = d.h.box.Open(was.Words, "work_logs.words."+was.ID); err != nil {
			return Logged{}, fmt.Errorf("what was said of log %s: %w", was.ID, err)
		}
	}
	if log, err = d.storeLog(log, req); err != nil {
		return Logged{}, err
	}
	matters, err := d.correctMatters(log, old, req.Matters)
	if err != nil {
		return Logged{}, err
	}
	out, err := d.logged("CorrectLog", log, matters)
	if err != nil || log.Day == was.Day {
		return out, err
	}
	out.Left, err = d.leftDay(was)
	return out, err
}

// leftDay is the day that an entry was moved from, if that has no log any more.
func (v *View) leftDay(was models.WorkLog) (calendar.Date, error) {
	rows, err := v.tx.WorkLogsOf(was.PersonID, was.Day, was.Day)
	if err != nil {
		return was.Day, fmt.Errorf("the day that a log left: %w", err)
	}
	if len(rows) > 0 {
		return calendar.Date{}, nil
	}
	return was.Day, nil
}

// correctMatters makes the matters of a corrected entry what they are to be: those that it
// names again go on, the others of the entry before it are dropped, the rest is new.
func (d *Desk) correctMatters(log models.WorkLog, old []opened, entries []MatterEntry) ([]models.Matter, error) {
	var kept []models.Matter
	var added []MatterEntry
	for _, e := range entries {
		at := slices.IndexFunc(old, func(m opened) bool { return e.No > 0 && m.No == e.No })
		if at < 0 {
			added = append(added, e)
			continue
		}
		m, err := d.correctMatter(log, old[at], e)
		if err != nil {
			return nil, err
		}
		kept, old = append(kept, m), slices.Delete(old, at, at+1)
	}
	for _, m := range old {
		if err := d.dropMatter(log, m); err != nil {
			return nil, err
		}
	}
	fresh, err := d.addMatters(log, added)
	return append(kept, fresh...), err
}

// dropMatter leaves a matter out of a corrected entry, and tells whoever was to go on with it.
// The result shows that it was open until then.
func (d *Desk) dropMatter(log models.WorkLog, was opened) error {
	m := was.Matter
	open := m.State == models.MatterOpen
	if open {
		m.DoneAt, m.Result = &log.At, d.h.box.Seal(correctedAway, "matters.result."+m.ID)
	}
	m.State = models.MatterDropped
	if err := d.putMatter(m); err != nil || !open {
		return err
	}
	m.Version++
	return d.tellGone(m.HolderID, m, was.words, correctedAway)
}

// correctMatter carries a matter over into a corrected entry, and tells whoever is to go on
// with it what has become different for him.
func (d *Desk) correctMatter(log models.WorkLog, was opened, e MatterEntry) (models.Matter, error) {
	m, at := was.Matter, log.At
	if m.Version != e.Version {
		return m, Refuse("%d号事项刚被别人办过，请再发“改日志”看一看。", m.No)
	}
	m.LogID = log.ID
	if log.Day.Before(m.Day) || at.Before(logDue(m.Day)) || !leftOpen(m) { // a later day does not mend what was left open
		m.Day = log.Day
	}
	if e.Words != was.words {
		m.Words = d.h.box.Seal(e.Words, "matters.words."+m.ID)
	}
	switch {
	case e.Done && m.State == models.MatterOpen:
		m.State, m.DoneAt, m.Result = models.MatterDone, &at, d.h.box.Seal(correctedToDone, "matters.result."+m.ID)
	case !e.Done && m.State == models.MatterDone:
		m.State, m.DoneAt, m.Result = models.MatterOpen, nil, ""
	}
	if !e.Done && e.Holder != "" && (e.Holder != m.HolderID || m.HandedAt == nil) {
		handOn(&m, e.Holder, at)
	}
	if err := d.putMatter(m); err != nil {
		return m, err
	}
	m.Version++
	if m.HolderID == was.HolderID && e.Words == was.words && m.State == was.State {
		return m, nil
	}
	return m, d.tellCorrected(was.Matter, m, e.Words)
}

// tellCorrected tells who is to go on with a matter that was corrected, and who was until
// now and is not any more.
func (d *Desk) tellCorrected(was, m models.Matter, words string) error {
	switch {
	case m.State != models.MatterOpen && was.State == models.MatterOpen:
		return d.tellGone(was.HolderID, m, words, correctedToDone)
	case m.State != models.MatterOpen:
		return nil
	case m.HolderID != d.Who.ID && (m.HolderID != m.PersonID || was.HolderID != m.HolderID):
		if err := d.tellHolder(m, words); err != nil {
			return err
		}
	}
	if was.HolderID == m.HolderID {
		return nil
	}
	return d.tellGone(was.HolderID, m, words, handedElsewhere)
}

func (d *Desk) putMatter(m models.Matter) error {
	stood, err := d.tx.CorrectMatter(m)
	switch {
	case err != nil:
		return fmt.Errorf("correct matter %d: %w", m.No, err)
	case !stood:
		return Refuse("%d号事项刚被别人办过，请再发“改日志”看一看。", m.No)
	default:
		return nil
	}
}
