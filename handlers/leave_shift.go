package handlers

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
)

// shiftsAhead is how many days before a shift it is said that nobody has it.
const shiftsAhead = 14

// shiftName is a shift as people call it.
func shiftName(s models.Shift) string {
	kind := "坐班"
	if s.Kind == models.RestShift {
		kind = "带班"
	}
	return fmt.Sprintf("%d月%d日的%s", s.Day.Month, s.Day.Day, kind)
}

// takes reports how much of a shift a leave takes: all of it, or half of one at a desk.
func takes(span calendar.Span, s models.Shift) (all, half bool) {
	morning, noon := span.Has(calendar.Half{Day: s.Day}), span.Has(calendar.Half{Day: s.Day, Noon: true})
	half = s.Kind == models.DeskShift && morning != noon
	return (morning || noon) && !half, half
}

// shiftNotes are the own shifts in a leave, each with who could take it. One with a deputy
// is his.
func (v *View) shiftNotes(l models.Leave, c cover) ([]LeaveNote, error) {
	deputy, err := v.tx.PeopleByID([]string{l.DeputyID})
	if err != nil {
		return nil, fmt.Errorf("deputy of leave %s: %w", l.ID, err)
	}
	return v.notesOfShifts(l, c, func(s models.Shift) string {
		if p := deputy[l.DeputyID]; p.Name != "" {
			return shiftName(s) + "要由" + p.Name + "顶"
		}
		return shiftName(s) + "要调给别人"
	})
}

// notesOfShifts are notes on the shifts that a leave takes, in the words of say.
func (v *View) notesOfShifts(l models.Leave, c cover, say func(models.Shift) string) ([]LeaveNote, error) {
	shifts, err := v.tx.ShiftsIn(l.VillageID, l.FirstDay.Add(-60), l.LastDay)
	if err != nil {
		return nil, fmt.Errorf("shifts of %s: %w", l.VillageID, err)
	}
	var out []LeaveNote
	for _, mine := range shifts {
		all, half := takes(l.Span(), mine)
		n := LeaveNote{Kind: NoteShift, Days: []calendar.Date{mine.Day}}
		switch {
		case mine.PersonID != l.PersonID || !all && !half:
			continue
		case half:
			n.Text = fmt.Sprintf("%d月%d日有您的坐班，请的是半天，另外半天要到岗签到", mine.Day.Month, mine.Day.Day)
		default:
			n.Text = say(mine)
			if l.DeputyID == "" || l.DeputySaid == models.DeputyDeclined {
				if n.Ways, err = v.takers(mine, shifts, c); err != nil {
					return nil, err
				}
			}
		}
		out = append(out, n)
	}
	return out, nil
}

// nobody says that nobody has a shift.
const nobody = "还没有人"

// approvedNotes tell whoever approved a leave who is left in the village, and which shifts
// nobody has by then.
func (v *View) approvedNotes(l models.Leave) ([]LeaveNote, error) {
	c, err := v.coverOf(l)
	if err != nil {
		return nil, err
	}
	bare, err := v.bareNotes(l, c.ifApproved())
	return append(c.gaps(l.Span(), nil), bare...), err
}

func (v *View) bareNotes(l models.Leave, c cover) ([]LeaveNote, error) {
	if l.DeputySaid == models.DeputyAccepted {
		return nil, nil
	}
	deputy, err := v.tx.PeopleByID([]string{l.DeputyID})
	if err != nil {
		return nil, fmt.Errorf("deputy of leave %s: %w", l.ID, err)
	}
	notes, err := v.notesOfShifts(l, c, func(s models.Shift) string {
		switch p := deputy[l.DeputyID]; {
		case !s.EndsAt.After(v.Now):
			return ""
		case p.Name != "" && l.DeputySaid == "":
			return shiftName(s) + nobody + "，" + p.Name + "还没有答应代理"
		default:
			return shiftName(s) + nobody
		}
	})
	return slices.DeleteFunc(notes, func(n LeaveNote) bool { return !strings.Contains(n.Text, nobody) }), err
}

// bareTasks are the shifts of the next days that nobody has, for somebody is on leave and has
// no deputy: for the heads of the village, who draw up its roster.
func (v *View) bareTasks() ([]Task, error) {
	var out []Task
	for at, g := range v.grants {
		if g.Role != Head || slices.Index(v.grants, g) < at {
			continue
		}
		shifts, err := v.tx.ShiftsIn(g.Village, v.Today, v.Today.Add(shiftsAhead))
		if err != nil {
			return nil, fmt.Errorf("shifts that nobody has: %w", err)
		}
		away, err := v.leavesOn(peopleOn(shifts), v.Today, v.Today.Add(shiftsAhead))
		if err != nil {
			return nil, err
		}
		for len(shifts) > 0 {
			of := slices.IndexFunc(shifts, func(s models.Shift) bool { return s.Day != shifts[0].Day })
			if of < 0 {
				of = len(shifts)
			}
			bare, err := v.bareOn(shifts[:of], away)
			if err != nil {
				return nil, err
			}
			out, shifts = append(out, bare...), shifts[of:]
		}
	}
	return out, nil
}

// bareShift is a shift whose person is on leave with nobody in his place.
type bareShift struct {
	models.Shift
	leave models.Leave
}

// bareOn are those of a day's shifts that nobody has.
func (v *View) bareOn(shifts []models.Shift, away leaveBook) ([]Task, error) {
	var bare []bareShift
	here := peopleOn(shifts) // whose coming fills no other shift
	for _, s := range shifts {
		at := slices.IndexFunc(away[s.PersonID], func(l models.Leave) bool {
			all, _ := takes(l.Taken(), s)
			return all
		})
		switch {
		case at < 0 || !s.EndsAt.After(v.Now):
		case away[s.PersonID][at].DeputySaid == models.DeputyAccepted:
			here = append(here, away[s.PersonID][at].DeputyID)
		default:
			bare = append(bare, bareShift{s, away[s.PersonID][at]})
		}
	}
	if len(bare) == 0 {
		return nil, nil
	}
	bare, err := v.filled(bare, here)
	if err != nil {
		return nil, err
	}
	names, err := v.tx.PeopleByID(peopleOn(shifts))
	if err != nil {
		return nil, fmt.Errorf("whose shifts: %w", err)
	}
	tasks := make([]Task, len(bare))
	for i, s := range bare {
		tasks[i] = Task{
			Text: shiftName(s.Shift) + nobody + "：" + names[s.PersonID].Name + "请假，请安排别人到岗签到", Look: "看假条" + strconv.Itoa(s.leave.Number),
		}
	}
	return tasks, nil
}

// filled leaves out the bare shifts of a day that somebody came for: his own, or else one for
// each person who is not here for another: that of whom he was asked to stand in for, one of
// his kind (正职 or not), or any.
func (v *View) filled(bare []bareShift, here []string) ([]bareShift, error) {
	village, day := bare[0].VillageID, bare[0].Day
	came, err := v.tx.ArrivalsIn(village, day, day)
	if err != nil {
		return nil, fmt.Errorf("who came on %s: %w", day, err)
	}
	bare = slices.DeleteFunc(bare, func(s bareShift) bool {
		return slices.ContainsFunc(came, func(a models.Arrival) bool { return a.PersonID == s.PersonID })
	})
	came = slices.DeleteFunc(came, func(a models.Arrival) bool { return slices.Contains(here, a.PersonID) })
	if len(came) == 0 {
		return bare, nil
	}
	heads, err := v.chiefsOn(village, nil, day)
	if err != nil {
		return nil, err
	}
	for _, a := range came[:min(len(came), len(bare))] {
		at := slices.IndexFunc(bare, func(s bareShift) bool { return s.leave.DeputyID == a.PersonID })
		if at < 0 {
			at = slices.IndexFunc(bare, func(s bareShift) bool { return s.Chief == slices.Contains(heads, a.PersonID) })
		}
		at = max(at, 0)
		bare = slices.Delete(bare, at, at+1)
	}
	return bare, nil
}
