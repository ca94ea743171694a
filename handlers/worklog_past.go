package handlers

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/cunkao/cunkao/models"
)

// pastMatter is a matter as it stood in an entry that was replaced.
type pastMatter struct {
	No     int                `json:"no"`
	Words  string             `json:"words"`
	State  models.MatterState `json:"state"`
	Holder string             `json:"holder"` // id
	Result string             `json:"result,omitempty"`
}

// replaceLog keeps how an entry stood that another takes the place of. Only one can.
func (d *Desk) replaceLog(id, replaces string, old []opened) error {
	past := make([]pastMatter, len(old))
	for i, m := range old {
		past[i] = pastMatter{No: m.No, Words: m.words, State: m.State, Holder: m.HolderID}
		if m.Result == "" {
			continue
		}
		var err error
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

// before returns the cards of the entries that one took the place of, the last first.
func (v *View) before(l models.WorkLog, by map[string]models.LogCorrection) (out []LogCard, err error) {
	for c, corrected := correctionTo(l.ID, by); corrected; c, corrected = correctionTo(l.ID, by) {
		if l, err = v.tx.WorkLog(c.Replaces); err != nil {
			return nil, fmt.Errorf("what entry %s replaced: %w", c.LogID, err)
		}
		text, err := v.h.box.Open(c.Was, "log_corrections.was."+c.LogID)
		if err != nil {
			return nil, fmt.Errorf("what entry %s replaced: %w", c.LogID, err)
		}
		var past []pastMatter
		if err := json.Unmarshal([]byte(text), &past); err != nil {
			return nil, fmt.Errorf("what entry %s replaced: %w", c.LogID, err)
		}
		card := LogCard{Day: l.Day, At: l.At, Visitors: l.Visitors, Nothing: l.Nothing, Receipt: l.Receipt}
		if card.Matters, err = v.pastCards(l, past); err != nil {
			return nil, err
		}
		out = append(out, card)
		if by, err = v.tx.LogCorrections([]string{l.ID}); err != nil { // it may be of a day that was not looked at
			return nil, fmt.Errorf("what entry %s replaced: %w", l.ID, err)
		}
	}
	return out, nil
}

func correctionTo(id string, by map[string]models.LogCorrection) (models.LogCorrection, bool) {
	for _, c := range by {
		if c.LogID == id {
			return c, true
		}
	}
	return models.LogCorrection{}, false
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
		words, err := v.read(m.Words, models.Matter{PersonID: l.PersonID, HolderID: m.Holder, VillageID: l.VillageID})
		if err != nil {
			return nil, err
		}
		cards[i] = MatterCard{No: m.No, Day: l.Day, Words: words, Done: m.State == models.MatterDone, Holder: names[m.Holder]}
	}
	return cards, nil
}
