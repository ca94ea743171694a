package handlers

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
)

// LogRequest is one entry of the day's log (article 7.4.2).
type LogRequest struct {
	Day      calendar.Date // none is the day of the shift that is to be logged
	Visitors int           // how many came
	Nothing  bool          // 今日无事项
	Words    string        // what was said, as it was said
	Matters  []MatterEntry
	Amends   bool     // it adds to the day's last entry (补记)
	Photos   []string // ids at the platform
}

// MatterEntry is one matter of an entry.
type MatterEntry struct {
	Words  string // who came and what for
	Done   bool
	Holder string // id of who is to go on with it, oneself too; empty if nobody was named
	// Of a matter that is corrected: its number, how often it was changed when it was shown,
	// and the name of who is to go on with it.
	No         int
	Version    int
	HolderName string
}

// whole reports whether an entry says anything.
func (r LogRequest) whole() error {
	if !r.Nothing && r.Visitors == 0 && len(r.Matters) == 0 {
		return RefuseField("matters", "日志里还没有写事情。没有事就回复“无事”。")
	}
	return nil
}

// Logged is what an entry did.
type Logged struct {
	models.WorkLog
	Matters []models.Matter
	Holders map[string]string // names, by id
	Day     string            // as it is said
	Late    bool              // after 24:00 of the next day
	Left    calendar.Date     // of a correction: the day before it that has no log any more
}

// WriteLog adds an entry to a log. The day may be today or one of the days before it whose
// log is not due yet; a later one is taken too, and counts as missing.
func (d *Desk) WriteLog(req LogRequest) (Logged, error) {
	if err := d.may("WriteLog", own(d.Who.ID)); err != nil {
		return Logged{}, err
	}
	at, err := d.homeOf(d.Who.ID)
	if err != nil {
		return Logged{}, err
	}
	return d.addLog("WriteLog", req, d.Who.ID, at.village.ID)
}

// RegisterLog adds an entry for somebody else, from paper (代录): by the village's 书记 or
// the town's staff.
func (d *Desk) RegisterLog(personID string, req LogRequest) (Logged, error) {
	at, err := d.homeOf(personID)
	if err != nil {
		return Logged{}, err
	}
	if err := d.may("RegisterLog", Target{Person: personID, Village: at.village.ID, Town: at.village.TownID}); err != nil {
		return Logged{}, err
	}
	if personID == d.Who.ID {
		return Logged{}, Refuse("自己的日志请回复“记日志”。")
	}
	return d.addLog("RegisterLog", req, personID, at.village.ID)
}

func (d *Desk) addLog(act string, req LogRequest, who, village string) (Logged, error) {
	var err error
	if req.Day.IsZero() {
		if req.Day, err = d.logDay(who); err != nil {
			return Logged{}, err
		}
	}
	if err := d.fitsDay(req.Day); err != nil {
		return Logged{}, err
	}
	if err := req.whole(); err != nil {
		return Logged{}, err
	}
	if err := d.agrees(req, who); err != nil {
		return Logged{}, err
	}
	log := models.WorkLog{
		ID: d.tx.NewID(), VillageID: village, Day: req.Day, PersonID: who, Visitors: req.Visitors, Nothing: req.Nothing,
		At: d.Sent.UTC(), Channel: d.cmd.Channel,
	}
	if who != d.Who.ID {
		log.EnteredBy, log.Channel = d.Who.ID, byPaper
	}
	if req.Amends {
		if log.Amends, err = d.lastEntry(who, req.Day); err != nil {
			return Logged{}, err
		}
	}
	if log, err = d.storeLog(log, req); err != nil {
		return Logged{}, err
	}
	matters, err := d.addMatters(log, req.Matters)
	if err != nil {
		return Logged{}, err
	}
	return d.logged(act, log, matters)
}

// fitsDay refuses a day that no log may be of.
func (v *View) fitsDay(day calendar.Date) error {
	switch {
	case day.After(v.Today):
		return RefuseField("day", "%s还没有到，不能先写日志。", day.Chinese())
	case v.Today.Since(day) > longestBack:
		return RefuseField("day", "%s过去太久了，补记请找镇上工作人员。", day.Chinese())
	default:
		return nil
	}
}

// storeLog stores an entry with its receipt, what was said and its photos.
func (d *Desk) storeLog(log models.WorkLog, req LogRequest) (models.WorkLog, error) {
	log.Receipt = receipt(log.ID)
	log.Words = d.h.box.Seal(req.Words, "work_logs.words."+log.ID)
	if err := d.tx.AddWorkLog(&log); err != nil {
		return log, fmt.Errorf("write a log: %w", err)
	}
	subject := PhotoSubject{Kind: models.PhotoOfLog, ID: log.ID, Day: log.Day, person: log.PersonID, village: log.VillageID}
	_, err := d.addPhotos(subject, req.Photos)
	return log, err
}

// longestBack is how many days back a log may be written by oneself.
const longestBack = 7

// logDay is the day whose log is wanted most: of the last shift that has begun, if that
// has no entry and its log is not overdue; otherwise today.
func (v *View) logDay(personID string) (calendar.Date, error) {
	yesterday := v.Today.Add(-1)
	shifts, err := v.tx.ShiftsOf(personID, yesterday, v.Today)
	if err != nil {
		return v.Today, fmt.Errorf("which day to log: %w", err)
	}
	for _, s := range shifts {
		if s.Day == v.Today && !v.Now.Before(s.StartsAt) {
			return v.Today, nil
		}
	}
	logs, err := v.tx.WorkLogsOf(personID, yesterday, v.Today)
	if err != nil {
		return v.Today, fmt.Errorf("which day to log: %w", err)
	}
	if len(shifts) > 0 && shifts[0].Day == yesterday && len(logs) == 0 {
		return yesterday, nil
	}
	return v.Today, nil
}

// LogDay says which day an entry would be for, as it is said.
func (v *View) LogDay() (calendar.Date, error) {
	if err := v.may("LogDay", own(v.Who.ID)); err != nil {
		return v.Today, err
	}
	return v.logDay(v.Who.ID)
}

// agrees refuses to say of a day that nothing was done on which something was.
func (d *Desk) agrees(req LogRequest, who string) error {
	if !req.Nothing {
		return nil
	}
	logs, err := d.tx.WorkLogsOf(who, req.Day, req.Day)
	if err != nil {
		return fmt.Errorf("what the day holds: %w", err)
	}
	if slices.ContainsFunc(logs, func(l models.WorkLog) bool { return !l.Nothing }) {
		return Refuse("%s的日志已经记了办的事，不用再记无事。看发“我的日志”，记错了发“改日志”。", req.Day.Chinese())
	}
	return nil
}

func (d *Desk) lastEntry(personID string, day calendar.Date) (string, error) {
	logs, err := d.tx.WorkLogsOf(personID, day, day)
	switch {
	case err != nil:
		return "", fmt.Errorf("what is mended: %w", err)
	case len(logs) == 0:
		return "", RefuseField("day", "%s还没有日志，不用补充，直接记就行。", day.Chinese())
	default:
		return logs[len(logs)-1].ID, nil
	}
}

// addMatters stores the matters of an entry, and tells those who are to go on with one.
func (d *Desk) addMatters(log models.WorkLog, entries []MatterEntry) ([]models.Matter, error) {
	if len(entries) == 0 {
		return nil, nil
	}
	last, err := d.tx.LastMatterNo(log.VillageID)
	if err != nil {
		return nil, fmt.Errorf("number the matters: %w", err)
	}
	rows := make([]models.Matter, len(entries))
	for i, e := range entries {
		m := models.Matter{
			ID: d.tx.NewID(), VillageID: log.VillageID, No: last + 1 + i, LogID: log.ID, Day: log.Day, PersonID: log.PersonID,
			HolderID: log.PersonID, State: models.MatterOpen, Version: 1,
		}
		m.Words = d.h.box.Seal(e.Words, "matters.words."+m.ID)
		at := d.Sent.UTC()
		switch {
		case e.Done:
			m.State, m.DoneAt = models.MatterDone, &at
		case e.Holder != "":
			m.HolderID, m.HandedAt = e.Holder, &at
		}
		rows[i] = m
	}
	switch err := d.tx.AddMatters(rows); {
	case errors.Is(err, models.ErrExists): // somebody of the village took the numbers meanwhile
		return nil, fmt.Errorf("number the matters: %w", models.ErrAgain)
	case err != nil:
		return nil, fmt.Errorf("store the matters: %w", err)
	}
	for i, m := range rows {
		if m.HolderID != m.PersonID {
			if err := d.tellHolder(m, entries[i].Words); err != nil {
				return nil, err
			}
		}
	}
	return rows, nil
}

// tellHolder tells somebody that he is to go on with a matter.
func (d *Desk) tellHolder(m models.Matter, words string) error {
	at, err := d.placeOf(m.HolderID)
	if err != nil {
		return err
	}
	if at.Village != m.VillageID {
		return RefuseField("matters", "事项只能转给本村的干部。")
	}
	return d.tell(note{
		to: m.HolderID, kind: NoticeMatter, class: classTask, dedupe: fmt.Sprintf("matter:%s:%d", m.ID, m.Version),
		words: map[string]string{"from": d.Who.Name, "no": strconv.Itoa(m.No), "what": masked(words), "date": m.Day.String()},
	})
}

func (d *Desk) logged(act string, log models.WorkLog, matters []models.Matter) (Logged, error) {
	off, err := d.daysOff()
	if err != nil {
		return Logged{}, err
	}
	names, err := d.namesOf(matterHolders(matters))
	if err != nil {
		return Logged{}, err
	}
	late, err := d.lateLog(log)
	if err != nil {
		return Logged{}, err
	}
	out := Logged{WorkLog: log, Matters: matters, Holders: names, Day: off.Chinese(log.Day), Late: late}
	return out, d.did(act, log.ID, "")
}

// lateLog reports whether the log of an entry's day is missing by what is due: the first
// entry counts for that, and what is added or corrected later does no harm.
func (d *Desk) lateLog(log models.WorkLog) (bool, error) {
	due := logDue(log.Day)
	if log.At.Before(due) {
		return false, nil
	}
	rows, err := d.tx.WorkLogsOf(log.PersonID, log.Day, log.Day)
	if err != nil {
		return false, fmt.Errorf("is a log late: %w", err)
	}
	return !slices.ContainsFunc(rows, func(l models.WorkLog) bool { return l.At.Before(due) }), nil
}

func matterHolders(matters []models.Matter) (ids []string) {
	for _, m := range matters {
		ids = append(ids, m.HolderID)
	}
	return ids
}

// namesOf are the names of people, by id.
func (v *View) namesOf(ids []string) (map[string]string, error) {
	people, err := v.tx.PeopleByID(ids)
	if err != nil {
		return nil, fmt.Errorf("names: %w", err)
	}
	names := map[string]string{}
	for id, p := range people {
		names[id] = p.Name
	}
	return names, nil
}

// logDue is when the log of a day is due: 24:00 of the next day.
func logDue(day calendar.Date) time.Time { return day.Add(1).At(24, 0) }
