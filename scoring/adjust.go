package scoring

import "fmt"

// adjust turns the events of article 8 into lines, in the order in which their
// matters first appear. Of events with the same id and the same matter only
// the largest counts.
func (r *Rubric) adjust(events []Event) ([]AdjustmentLine, error) {
	lines := []AdjustmentLine{}
	at := map[[2]string]int{}
	for i, e := range events {
		line, err := r.adjustment(e)
		if err != nil {
			return nil, err.under(fmt.Sprintf("events[%d]", i))
		}
		key := [2]string{e.ID, e.Matter}
		j, seen := at[key]
		switch {
		case !seen || !r.HighestOnly:
			at[key] = len(lines)
			lines = append(lines, line)
		case line.size() > lines[j].size():
			lines[j] = line
		}
	}
	return lines, nil
}

// VerifyEvent reports whether e is one that the rubric knows; if not, the error
// is an [InputError] whose Field is id, level or matter.
func (r *Rubric) VerifyEvent(e Event) error {
	if _, err := r.adjustment(e); err != nil {
		return err
	}
	return nil
}

func (l AdjustmentLine) size() Points { return max(l.Points, -l.Points) }

func (r *Rubric) adjustment(e Event) (AdjustmentLine, *InputError) {
	for _, a := range r.Adjustments {
		if a.ID != e.ID {
			continue
		}
		size, err := a.size(e.Level)
		if err == nil && e.Matter == "" {
			err = bad("matter", "请写明%s的事项。", a.Name)
		}
		return AdjustmentLine{
			ID: a.ID, Name: a.Name, Level: e.Level, Matter: e.Matter,
			Points: Points(a.Sign) * size, Record: e.Record, Article: a.Article,
		}, err
	}
	return AdjustmentLine{}, bad("id", "没有“%s”这种加减分。", e.ID)
}

// size is what the adjustment is worth at a level.
func (a Adjustment) size(level string) (Points, *InputError) {
	if len(a.Levels) == 0 {
		return a.Flat, nil
	}
	for _, l := range a.Levels {
		if l.Level == level {
			return l.Points, nil
		}
	}
	return 0, bad("level", "%s没有“%s”这一级。", a.ID, level)
}
