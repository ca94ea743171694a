package models

import (
	"maps"
	"slices"
	"time"

	"github.com/cunkao/cunkao/calendar"
)

// WorkLog is one entry of the day's log (工作日志). Entries are only added: an addition and a
// correction are entries of their own that name the one they mend. Which of them took the
// place of that one LogCorrection says.
type WorkLog struct {
	ID        string        `gorm:"size:26;primaryKey"`
	VillageID string        `gorm:"size:26;not null;index:idx_work_logs_village,priority:1"`
	Day       calendar.Date `gorm:"type:char(10);not null;index:idx_work_logs_village,priority:2;index:idx_work_logs_person,priority:2"`
	PersonID  string        `gorm:"size:26;not null;index:idx_work_logs_person,priority:1"`
	EnteredBy string        `gorm:"size:26;not null"` // somebody else, from paper (代录); else empty
	Amends    string        `gorm:"size:26;not null"` // the entry that this one mends; else empty
	Visitors  int           `gorm:"not null"`
	Nothing   bool          `gorm:"not null"`           // 今日无事项
	Words     string        `gorm:"type:text;not null"` // sealed: what was said
	At        time.Time     `gorm:"not null"`           // when it was sent
	Channel   string        `gorm:"size:16;not null"`
	Receipt   string        `gorm:"size:16;not null"`
}

// MatterState is how far a matter of a log is.
type MatterState string

// The states of a matter.
const (
	MatterDone MatterState = "done" // 已办结
	MatterOpen MatterState = "open" // 未办结
	// MatterDropped is one that a correction of its log left out; DoneAt says when, unless it
	// was done before.
	MatterDropped MatterState = "dropped"
)

// Matter is one thing that somebody came for (事项). Holder is who is to go on with it.
type Matter struct {
	ID        string        `gorm:"size:26;primaryKey"`
	VillageID string        `gorm:"size:26;not null;uniqueIndex:idx_matters_no,priority:1;index:idx_matters_open,priority:1"`
	No        int           `gorm:"not null;uniqueIndex:idx_matters_no,priority:2"` // within the village: short to say
	LogID     string        `gorm:"size:26;not null;index"`
	Day       calendar.Date `gorm:"type:char(10);not null"`
	PersonID  string        `gorm:"size:26;not null"` // who wrote it down
	HolderID  string        `gorm:"size:26;not null;index:idx_matters_holder,priority:1"`
	State     MatterState   `gorm:"size:8;not null;index:idx_matters_open,priority:2;index:idx_matters_holder,priority:2"`
	Words     string        `gorm:"type:text;not null"` // sealed: who, what
	Result    string        `gorm:"type:text;not null"` // sealed; empty while open, and of one that was written down as done
	Version   int           `gorm:"not null"`
	HandedAt  *time.Time    // when it was handed on first
	DoneAt    *time.Time
}

// AddWorkLog stores an entry.
func (tx *Tx) AddWorkLog(l *WorkLog) error { return known(tx.g.Create(l).Error) }

// WorkLog returns an entry, or ErrNotFound.
func (tx *Tx) WorkLog(id string) (WorkLog, error) { return one[WorkLog](tx.g.Where("id = ?", id)) }

// WorkLogsOf returns a person's entries from first to last, the oldest first, without those
// that a correction moved to another day.
func (tx *Tx) WorkLogsOf(personID string, first, last calendar.Date) ([]WorkLog, error) {
	return tx.workLogs("l.person_id = ? AND l.day >= ? AND l.day <= ?", personID, first, last)
}

func (tx *Tx) workLogs(where string, args ...any) ([]WorkLog, error) {
	rows, err := many[WorkLog](tx.g.Table("work_logs l").Where(where, args...).Order("l.day, l.at, l.id"))
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	moved, err := tx.movedLogs(where, args...)
	return slices.DeleteFunc(rows, func(l WorkLog) bool { return moved[l.ID] }), err
}

// WorkLogsIn returns the entries of villages from first to last, the oldest first, without
// those that a correction moved to another day.
func (tx *Tx) WorkLogsIn(villages []string, first, last calendar.Date) (out []WorkLog, err error) {
	err = chunks(villages, func(ids []string) error {
		rows, err := tx.workLogs("l.village_id IN ? AND l.day >= ? AND l.day <= ?", ids, first, last)
		out = append(out, rows...)
		return err
	})
	return out, err
}

// AddMatters stores matters. It returns ErrExists if another has the number.
func (tx *Tx) AddMatters(m []Matter) error { return insert(tx, m) }

// LastMatterNo is the highest number of a village's matters.
func (tx *Tx) LastMatterNo(villageID string) (n int, err error) {
	err = tx.g.Model(&Matter{}).Where("village_id = ?", villageID).Select("COALESCE(MAX(no), 0)").Scan(&n).Error
	return n, known(err)
}

// MatterByNo returns a matter of a village, or ErrNotFound.
func (tx *Tx) MatterByNo(villageID string, no int) (Matter, error) {
	return one[Matter](tx.g.Where("village_id = ? AND no = ?", villageID, no))
}

// MattersOfLogs returns the matters of some entries.
func (tx *Tx) MattersOfLogs(logs []string) (out []Matter, err error) {
	err = chunks(logs, func(ids []string) error {
		rows, err := many[Matter](tx.g.Where("log_id IN ?", ids).Order("no"))
		out = append(out, rows...)
		return err
	})
	return out, err
}

// OpenMatters returns up to n open matters of a village, the oldest first.
func (tx *Tx) OpenMatters(villageID string, n int) ([]Matter, error) {
	return many[Matter](tx.g.Where("village_id = ? AND state = ?", villageID, MatterOpen).Order("no").Limit(n))
}

// MattersHeldBy returns up to n open matters that a person is to go on with.
func (tx *Tx) MattersHeldBy(personID string, n int) ([]Matter, error) {
	return many[Matter](tx.g.Where("holder_id = ? AND state = ?", personID, MatterOpen).Order("no").Limit(n))
}

// MattersAmong returns the matters of villages that were written down from first to last.
func (tx *Tx) MattersAmong(villages []string, first, last calendar.Date) (out []Matter, err error) {
	err = chunks(villages, func(ids []string) error {
		rows, err := many[Matter](tx.g.Where("village_id IN ? AND day >= ? AND day <= ?", ids, first, last).Order("village_id, no"))
		out = append(out, rows...)
		return err
	})
	return out, err
}

// MoveMatter stores a matter that is still open as it was read, and reports whether it
// was: somebody else may have been faster.
func (tx *Tx) MoveMatter(m Matter) (bool, error) {
	was := m.Version
	m.Version++
	done := tx.g.Model(&Matter{}).Where("id = ? AND state = ? AND version = ?", m.ID, MatterOpen, was).
		Select("holder_id", "state", "result", "version", "handed_at", "done_at").Updates(&m)
	return done.RowsAffected == 1, known(done.Error)
}

// ShiftsWithoutLog returns the shifts of a day whose cadres wrote no log of that day.
func (tx *Tx) ShiftsWithoutLog(day calendar.Date) ([]Shift, error) {
	moved, err := tx.movedLogs("l.day = ?", day)
	if err != nil {
		return nil, err
	}
	gone := append(slices.Collect(maps.Keys(moved)), "") // no entry has no id, and no list is empty
	return many[Shift](tx.g.Where("day = ? AND NOT EXISTS (SELECT 1 FROM work_logs l WHERE l.person_id = shifts.person_id AND l.day = shifts.day AND l.id NOT IN ?)", day, gone).
		Order("village_id, id"))
}

// LogsMissing returns the shifts of villages from first to last of which no log was
// written before it was due: by 24:00 of the next day. An entry that was moved to another day
// is of that one from then on. Only a shift that was confirmed
// wants a log: whoever did not come has nothing to write.
func (tx *Tx) LogsMissing(villages []string, first, last calendar.Date) (out []Shift, err error) {
	err = chunks(villages, func(ids []string) error {
		shifts, err := many[Shift](tx.g.Where("village_id IN ? AND day >= ? AND day <= ?", ids, first, last).
			Where("EXISTS (SELECT 1 FROM arrivals a WHERE a.village_id = shifts.village_id AND a.day = shifts.day AND a.shift_id = shifts.id)").
			Order("village_id, day, id"))
		if err != nil {
			return err
		}
		logs, err := many[WorkLog](tx.g.Select("id", "person_id", "day", "at").Where("village_id IN ? AND day >= ? AND day <= ?", ids, first, last))
		if err != nil {
			return err
		}
		moved, err := tx.movedLogs("l.village_id IN ? AND l.day >= ? AND l.day <= ?", ids, first, last)
		if err != nil {
			return err
		}
		type entry struct {
			person string
			day    calendar.Date
		}
		written := map[entry]bool{}
		for _, l := range logs {
			if !moved[l.ID] && l.At.Before(l.Day.Add(1).At(24, 0)) {
				written[entry{l.PersonID, l.Day}] = true
			}
		}
		for _, s := range shifts {
			if !written[entry{s.PersonID, s.Day}] {
				out = append(out, s)
			}
		}
		return nil
	})
	return out, err
}
