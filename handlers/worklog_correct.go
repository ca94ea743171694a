package handlers

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
)

// LogEntry is an entry of one's own as it stands, to be put right.
type LogEntry struct {
	ID       string
	Day      calendar.Date
	At       time.Time
	Visitors int
	Nothing  bool
	Matters  []MatterEntry
}

// LogsToCorrect returns one's own entries of a day that count, the last one written first;
// of no day, those of the day of the last one.
func (v *View) LogsToCorrect(day calendar.Date) ([]LogEntry, error) {
	if err := v.may("LogsToCorrect", own(v.Who.ID)); err != nil {
		return nil, err
	}
	rows, err := v.tx.WorkLogsOf(v.Who.ID, v.Today.Add(-longestBack), v.Today)
	if err != nil {
		return nil, fmt.Errorf("logs to correct: %w", err)
	}
	if rows, _, err = v.counting(rows); err != nil {
		return nil, err
	}
	slices.Reverse(rows)
	slices.SortStableFunc(rows, func(a, b models.WorkLog) int { return b.At.Compare(a.At) })
	if day.IsZero() && len(rows) > 0 {
		day = rows[0].Day
	}
	rows = slices.DeleteFunc(rows, func(l models.WorkLog) bool { return l.Day != day })
	entries := make([]LogEntry, len(rows))
	for i, l := range rows {
		entries[i] = LogEntry{ID: l.ID, Day: l.Day, At: l.At, Visitors: l.Visitors, Nothing: l.Nothing}
		if entries[i].Matters, err = v.entriesOf(l.ID); err != nil {
			return nil, err
		}
	}
	return entries, nil
}

// counting leaves out the entries that a correction took the place of, and returns the
// corrections by what they replaced.
func (v *View) counting(rows []models.WorkLog) ([]models.WorkLog, map[string]models.LogCorrection, error) {
	ids := make([]string, len(rows))
	for i, l := range rows {
		ids[i] = l.ID
	}
	by, err := v.tx.LogCorrections(ids)
	if err != nil {
		return nil, nil, fmt.Errorf("corrections of logs: %w", err)
	}
	return slices.DeleteFunc(slices.Clone(rows), func(l models.WorkLog) bool { return by[l.ID].LogID != "" }), by, nil
}

// entriesOf are the matters of an entry as a correction begins with them.
func (v *View) entriesOf(logID string) ([]MatterEntry, error) {
	rows, err := v.tx.MattersOfLogs([]string{logID})
	if err != nil {
		return nil, fmt.Errorf("matters to correct: %w", err)
	}
	names, err := v.namesOf(matterHolders(rows))
	if err != nil {
		return nil, err
	}
	var out []MatterEntry
	for _, m := range rows {
		words, err := v.h.box.Open(m.Words, "matters.words."+m.ID)
		if err != nil {
			return nil, fmt.Errorf("words of matter %s: %w", m.ID, err)
		}
		e := MatterEntry{No: m.No, Version: m.Version, Words: words, Done: m.State == models.MatterDone}
		if !e.Done && m.HandedAt != nil {
			e.Holder, e.HolderName = m.HolderID, names[m.HolderID]
		}
		out = append(out, e)
	}
	return out, nil
}

// CorrectLog puts an entry of one's own right (更正日志): the entry as it is right takes the
// place of the one before it, which stays readable. Its matters keep their numbers, and it the
// mark that it was on paper. What was late stays late, for a matter keeps when it was ended or
// handed on.
func (d *Desk) CorrectLog(id string, req LogRequest) (Logged, error) {
	if err := d.may("CorrectLog", own(d.Who.ID)); err != nil {
		return Logged{}, err
	}
	was, err := d.tx.WorkLog(id)
	switch {
	case errors.Is(err, models.ErrNotFound) || err == nil && was.PersonID != d.Who.ID:
		return Logged{}, Refuse("没有找到要更正的日志。")
	case err != nil:
		return Logged{}, fmt.Errorf("correct a log: %w", err)
	case d.Today.Since(was.Day) > longestBack:
		return Logged{}, Refuse("%s过去太久了，更正请找镇上工作人员。", was.Day.Chinese())
	}
	if err := req.whole(); err != nil {
		return Logged{}, err
	}
	old, err := d.tx.MattersOfLogs([]string{was.ID})
	if err != nil {
		return Logged{}, fmt.Errorf("correct a log: %w", err)
	}
	log := models.WorkLog{
		ID: d.tx.NewID(), VillageID: was.VillageID, Day: was.Day, PersonID: was.PersonID, EnteredBy: was.EnteredBy, Amends: was.ID,
		Visitors: req.Visitors, Nothing: req.Nothing, At: d.Sent.UTC(), Channel: d.cmd.Channel,
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
	return d.logged("CorrectLog", log, matters)
}

// pastMatter is a matter as it stood in an entry that was replaced.
type pastMatter struct {
	No     int                `json:"no"`
	Words  string             `json:"words"`
	State  models.MatterState `json:"state"`
	Holder string             `json:"holder"` // id
	Result string             `json:"result,omitempty"`
}

// replaceLog keeps how an entry stood that another takes the place of. Only one can.
func (d *Desk) replaceLog(id, replaces string, old []models.Matter) error {
	past := make([]pastMatter, len(old))
	for i, m := range old {
		words, err := d.h.box.Open(m.Words, "matters.words."+m.ID)
		if err != nil {
			return fmt.Errorf("words of matter %s: %w", m.ID, err)
		}
		past[i] = pastMatter{No: m.No, Words: words, State: m.State, Holder: m.HolderID}
		if m.Result == "" {
			continue
		}
		if past[i].Result, err = d.h.box.Open(m.Result, "matters.result."+m.ID); err != nil {
			return fmt.Errorf("result of matter %s: %w", m.ID, err)
		}
	}
	text, err := json.Marshal(past)
	if err != nil {
		return fmt.Errorf("keep what is corrected: %w", err)
	}
	err = d.tx.AddLogCorrection(&models.LogCorrection{LogID: id, Replaces: replaces, Was: d.h.box.Seal(string(text), "log_corrections.was."+id)})
	switch {
	case errors.Is(err, models.ErrExists):
		return Refuse("这篇日志已经更正过了，请再发“改日志”看一看。")
	case err != nil:
		return fmt.Errorf("correct a log: %w", err)
	default:
		return nil
	}
}

// correctMatters makes the matters of a corrected entry what they are to be: those that it
// names again go on, the others of the entry before it are dropped, the rest is new.
func (d *Desk) correctMatters(log models.WorkLog, old []models.Matter, entries []MatterEntry) ([]models.Matter, error) {
	var kept []models.Matter
	var added []MatterEntry
	for _, e := range entries {
		at := slices.IndexFunc(old, func(m models.Matter) bool { return e.No > 0 && m.No == e.No })
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
func (d *Desk) dropMatter(log models.WorkLog, m models.Matter) error {
	open := m.State == models.MatterOpen
	if open {
		m.DoneAt, m.Result = &log.At, d.h.box.Seal(correctedAway, "matters.result."+m.ID)
	}
	m.State = models.MatterDropped
	if err := d.putMatter(m); err != nil || !open {
		return err
	}
	m.Version++
	words, err := d.h.box.Open(m.Words, "matters.words."+m.ID)
	if err != nil {
		return fmt.Errorf("words of matter %s: %w", m.ID, err)
	}
	return d.tellGone(m.HolderID, m, words, correctedAway)
}

// correctMatter carries a matter over into a corrected entry, and tells whoever is to go on
// with it what has become different for him.
func (d *Desk) correctMatter(log models.WorkLog, m models.Matter, e MatterEntry) (models.Matter, error) {
	words, err := d.h.box.Open(m.Words, "matters.words."+m.ID)
	if err != nil {
		return m, fmt.Errorf("words of matter %s: %w", m.ID, err)
	}
	if m.Version != e.Version {
		return m, Refuse("%d号事项刚被别人办过，请再发“改日志”看一看。", m.No)
	}
	was, at := m, log.At
	m.LogID = log.ID
	if e.Words != words {
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
	if m.HolderID == was.HolderID && e.Words == words && m.State == was.State {
		return m, nil
	}
	return m, d.tellCorrected(was, m, e.Words)
}

// tellCorrected tells who is to go on with a matter that was corrected, and who was until
// now and is not any more.
func (d *Desk) tellCorrected(was, m models.Matter, words string) error {
	switch {
	case m.State != models.MatterOpen && was.State == models.MatterOpen:
		return d.tellGone(was.HolderID, m, words, correctedToDone)
	case m.State != models.MatterOpen:
		return nil
	case m.HolderID != d.Who.ID:
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

// before returns the cards of the entries that one took the place of, the last first.
func (v *View) before(l models.WorkLog, rows []models.WorkLog, by map[string]models.LogCorrection) ([]LogCard, error) {
	var out []LogCard
	for {
		at := slices.IndexFunc(rows, func(r models.WorkLog) bool { return by[r.ID].LogID == l.ID })
		if at < 0 {
			return out, nil
		}
		old, c := rows[at], by[rows[at].ID]
		text, err := v.h.box.Open(c.Was, "log_corrections.was."+c.LogID)
		if err != nil {
			return nil, fmt.Errorf("what entry %s replaced: %w", l.ID, err)
		}
		var past []pastMatter
		if err := json.Unmarshal([]byte(text), &past); err != nil {
			return nil, fmt.Errorf("what entry %s replaced: %w", l.ID, err)
		}
		card := LogCard{Day: old.Day, At: old.At, Visitors: old.Visitors, Nothing: old.Nothing, Receipt: old.Receipt}
		if card.Matters, err = v.pastCards(old, past); err != nil {
			return nil, err
		}
		out, l = append(out, card), old
	}
}

func (v *View) pastCards(l models.WorkLog, past []pastMatter) ([]MatterCard, error) {
	ids := make([]string, len(past))
	for i, m := range past {
		ids[i] = m.Holder
	}
	names, err := v.namesOf(ids)
	if err != nil {
		return nil, err
	}
	cards := make([]MatterCard, len(past))
	for i, m := range past {
		cards[i] = MatterCard{No: m.No, Day: l.Day, Words: m.Words, Done: m.State == models.MatterDone, Holder: names[m.Holder]}
		if !v.seesNames(models.Matter{PersonID: l.PersonID, HolderID: m.Holder, VillageID: l.VillageID}) {
			cards[i].Words = masked(m.Words)
		}
	}
	return cards, nil
}
