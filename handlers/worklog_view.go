package handlers

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
)

// MatterCard is a matter as somebody sees it: a villager's name only where he may.
type MatterCard struct {
	No     int
	Day    calendar.Date
	Words  string
	Done   bool
	Holder string
	Mine   bool // I am to go on with it
}

// LogCard is an entry of a log as somebody sees it.
type LogCard struct {
	Day      calendar.Date
	At       time.Time
	Name     string
	Visitors int
	Nothing  bool
	Amends   bool // it adds to an earlier entry of the day
	Paper    bool // entered from paper by somebody else
	Receipt  string
	Matters  []MatterCard
	Before   []LogCard // the entries that it took the place of (更正前), the last first
}

// OpenMatters returns up to n open matters of one's village, one's own first.
func (v *View) OpenMatters(n int) ([]MatterCard, error) {
	village := v.MyVillage()
	if err := v.may("OpenMatters", Target{Village: village}); err != nil {
		return nil, err
	}
	rows, err := v.tx.OpenMatters(village, n)
	if err != nil {
		return nil, fmt.Errorf("open matters: %w", err)
	}
	slices.SortStableFunc(rows, func(a, b models.Matter) int {
		mine := func(m models.Matter) int {
			if m.HolderID == v.Who.ID {
				return 0
			}
			return 1
		}
		return mine(a) - mine(b)
	})
	return v.matterCards(rows)
}

func (v *View) matterCards(rows []models.Matter) ([]MatterCard, error) {
	names, err := v.namesOf(matterHolders(rows))
	if err != nil {
		return nil, err
	}
	cards := make([]MatterCard, len(rows))
	for i, m := range rows {
		words, err := v.wordsOf(m)
		if err != nil {
			return nil, err
		}
		if words, err = v.read(words, m); err != nil {
			return nil, err
		}
		cards[i] = MatterCard{
			No: m.No, Day: m.Day, Words: words, Done: m.State == models.MatterDone, Holder: names[m.HolderID], Mine: m.HolderID == v.Who.ID,
		}
	}
	return cards, nil
}

// wordsOf are the words of a matter, opened.
func (v *View) wordsOf(m models.Matter) (string, error) {
	words, err := v.h.box.Open(m.Words, "matters.words."+m.ID)
	if err != nil {
		return "", fmt.Errorf("words of matter %s: %w", m.ID, err)
	}
	return words, nil
}

// read are the words of a matter as this person may read them: with the villager's name for
// whoever wrote them or holds it, the secretary and the town's approvers, or for a reason.
func (v *View) read(words string, m models.Matter) (string, error) {
	if v.opened || m.PersonID == v.Who.ID || m.HolderID == v.Who.ID {
		return words, nil
	}
	village, err := v.tx.Village(m.VillageID)
	if err != nil {
		return "", fmt.Errorf("village of matter %s: %w", m.ID, err)
	}
	if slices.ContainsFunc(v.grants, func(g Grant) bool {
		return g.Role == Secretary && g.Village == village.ID || g.Role == TownLeader && g.Town == village.TownID
	}) {
		return words, nil
	}
	return masked(words), nil
}

// MyLogs returns one's own entries from a day on.
func (v *View) MyLogs(from calendar.Date) ([]LogCard, error) {
	if err := v.may("MyLogs", own(v.Who.ID)); err != nil {
		return nil, err
	}
	rows, err := v.tx.WorkLogsOf(v.Who.ID, from, v.Today)
	if err != nil {
		return nil, fmt.Errorf("my logs: %w", err)
	}
	return v.logCards(rows)
}

// VillageLogs returns the entries of a village on a day: to its cadres and to the town.
func (v *View) VillageLogs(villageID string, day calendar.Date) ([]LogCard, error) {
	village, err := v.tx.Village(villageID)
	if err != nil {
		return nil, fmt.Errorf("logs of a village: %w", err)
	}
	if err := v.may("VillageLogs", Target{Village: villageID, Town: village.TownID}); err != nil {
		return nil, err
	}
	return v.logsIn(village, day)
}

func (v *View) logsIn(village models.Village, day calendar.Date) ([]LogCard, error) {
	rows, err := v.tx.WorkLogsIn([]string{village.ID}, day, day)
	if err != nil {
		return nil, fmt.Errorf("logs of %s: %w", village.Name, err)
	}
	return v.logCards(rows)
}

// OpenVillageLogs is VillageLogs with the villagers' names, for a reason that is journalled.
func (d *Desk) OpenVillageLogs(villageID string, day calendar.Date, reason string) ([]LogCard, error) {
	village, err := d.tx.Village(villageID)
	if err != nil {
		return nil, fmt.Errorf("logs of a village: %w", err)
	}
	if err := d.may("OpenVillageLogs", Target{Village: villageID, Town: village.TownID}); err != nil {
		return nil, err
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		return nil, Refuse("要看群众的姓名，请写明原因。")
	}
	d.opened = true
	d.Secret()
	cards, err := d.logsIn(village, day)
	if err != nil {
		return nil, err
	}
	return cards, d.did("OpenVillageLogs", villageID+" "+day.String(), reason)
}

func (v *View) logCards(rows []models.WorkLog) ([]LogCard, error) {
	var ids, people []string
	for _, l := range rows {
		ids, people = append(ids, l.ID), append(people, l.PersonID)
	}
	names, err := v.namesOf(people)
	if err != nil {
		return nil, err
	}
	all, err := v.tx.MattersOfLogs(ids)
	if err != nil {
		return nil, fmt.Errorf("matters of logs: %w", err)
	}
	counting, by, err := v.counting(rows)
	if err != nil {
		return nil, err
	}
	cards := make([]LogCard, len(counting))
	for i, l := range counting {
		var its []models.Matter
		for _, m := range all {
			if m.LogID == l.ID {
				its = append(its, m)
			}
		}
		matters, err := v.matterCards(its)
		if err != nil {
			return nil, err
		}
		cards[i] = LogCard{
			Day: l.Day, At: l.At, Name: names[l.PersonID], Visitors: l.Visitors, Nothing: l.Nothing, Amends: l.Amends != "",
			Paper: l.EnteredBy != "", Receipt: l.Receipt, Matters: matters,
		}
		if cards[i].Before, err = v.before(l, by); err != nil {
			return nil, err
		}
	}
	return cards, nil
}

// RemindLogs reminds those whose shift of a day has no log, once, before it is due.
func (d *Desk) RemindLogs(day calendar.Date) error {
	if err := d.may("RemindLogs", Target{}); err != nil {
		return err
	}
	if !d.h.county.logsFrom(day) {
		return nil
	}
	missing, err := d.tx.ShiftsWithoutLog(day)
	if err != nil {
		return fmt.Errorf("remind of logs: %w", err)
	}
	for _, s := range missing {
		err := d.tell(note{
			to: s.PersonID, kind: NoticeLog, class: classTask, dedupe: "log:" + s.ID, until: logDue(day),
			words: map[string]string{"day": day.Chinese(), "date": day.String()},
		})
		if err != nil {
			return err
		}
	}
	return nil
}
