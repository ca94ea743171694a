package handlers

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
)

// The kinds of notes on a leave.
const (
	NoteNoHead  = "no_head"  // days without a 正职 in the village
	NoteTooMany = "too_many" // too large a share of the cadres is away
	NoteShift   = "shift"    // an own shift is to be swapped
	NoteArrived = "arrived"  // a 签到 on a day of leave: for somebody to find out
)

// LeaveNote is something to know before a leave is asked for or decided. It warns
// and never forbids. Ways are up to two things that would mend it, as they are said.
type LeaveNote struct {
	Kind string
	Days []calendar.Date
	Text string
	Ways []string
}

// LeaveNotes is what is to be known of a leave: how long it is, whom it will wait
// for, and what it leaves uncovered. Better are up to two spans that leave nothing
// uncovered.
type LeaveNotes struct {
	Words      string // 10月8日至10月9日，2天
	Halves     int    // half days, all of them
	WorkHalves int    // half days that are worked
	Approver   string
	Notes      []LeaveNote
	Better     []calendar.Span
}

// LeaveNotes looks at a leave before it is asked for. A span that AskLeave would
// refuse is refused here too; kind, reason and deputy may be open yet.
func (v *View) LeaveNotes(req LeaveRequest) (LeaveNotes, error) {
	a, target, err := v.whose(req)
	if err != nil {
		return LeaveNotes{}, err
	}
	if err := v.may("LeaveNotes", target); err != nil {
		return LeaveNotes{}, err
	}
	if err := v.fitsSpan(&a); err != nil {
		return LeaveNotes{}, err
	}
	if err := v.exempt(&a); err != nil {
		return LeaveNotes{}, err
	}
	s := req.Span
	l := models.Leave{
		PersonID: a.who.ID, VillageID: a.village.ID, TownID: a.village.TownID, Level: v.startLevel(a.head, s.Halves()),
		FirstDay: s.First, FromNoon: s.FromNoon, LastDay: s.Last, ToNoon: s.ToNoon, DeputyID: req.DeputyID,
	}
	if a.paper(v) {
		l.RegisteredBy = v.Who.ID
	}
	if err := v.overlaps(l); err != nil {
		return LeaveNotes{}, err
	}
	out, err := v.notesOn(l)
	if err != nil {
		return out, err
	}
	ahead, err := v.line(l)
	if err != nil || ahead.first() == "" {
		return out, err
	}
	p, err := v.tx.Person(ahead.first())
	if err != nil {
		return out, fmt.Errorf("who decides: %w", err)
	}
	out.Approver = p.Name
	return out, nil
}

// notesOn looks at the cover of a leave, asked for or not.
func (v *View) notesOn(l models.Leave) (LeaveNotes, error) {
	c, err := v.coverOf(l)
	if err != nil {
		return LeaveNotes{}, err
	}
	s := l.Span()
	out := LeaveNotes{Words: spanWords(s) + "，" + s.Length(c.off), Halves: s.Halves(), WorkHalves: s.WorkHalves(c.off)}
	then := c.ifApproved()
	if !then.free(s) {
		out.Better = then.better(s)
	}
	ways := make([]string, len(out.Better))
	for i, b := range out.Better {
		ways[i] = "改请" + spanWords(b) + "（" + calendar.DayCount(b.Halves()) + "）"
	}
	out.Notes = c.gaps(s, ways)
	for _, more := range []func(models.Leave, cover) ([]LeaveNote, error){v.shiftNotes, v.arrivalNotes} {
		notes, err := more(l, then)
		if err != nil {
			return out, err
		}
		out.Notes = append(out.Notes, notes...)
	}
	return out, nil
}

// arrivalNotes point out a 签到 on a day that is wholly of the leave. Both records
// stay; what was is for a person to find out.
func (v *View) arrivalNotes(l models.Leave, _ cover) ([]LeaveNote, error) {
	rows, err := v.tx.ArrivalsOf(l.PersonID, l.FirstDay, l.LastDay)
	if err != nil {
		return nil, fmt.Errorf("arrivals during leave %s: %w", l.ID, err)
	}
	var days []calendar.Date
	taken := l.Taken()
	for _, a := range rows {
		if taken.Valid() && taken.Has(calendar.Half{Day: a.Day}) && taken.Has(calendar.Half{Day: a.Day, Noon: true}) {
			days = append(days, a.Day)
		}
	}
	if len(days) == 0 {
		return nil, nil
	}
	return []LeaveNote{{Kind: NoteArrived, Days: days, Text: dayList(days) + "有签到，和请假对不上，请核实"}}, nil
}

// warning is the notes on who is left in the village, in a few words.
func (n LeaveNotes) warning() string {
	var said []string
	for _, note := range n.Notes {
		if note.Kind == NoteNoHead || note.Kind == NoteTooMany {
			said = append(said, note.Text)
		}
	}
	return strings.Join(said, "；")
}

// coverOf reads what the cover of a village depends on around a leave.
func (v *View) coverOf(l models.Leave) (cover, error) {
	first, last := l.FirstDay.Add(-searched), l.LastDay.Add(searched)
	posts, err := v.tx.PostsWithin(l.VillageID, first, last)
	if err != nil {
		return cover{}, fmt.Errorf("posts of %s: %w", l.VillageID, err)
	}
	rows, err := v.tx.LeavesInTheWay(holders(posts, []string{l.VillageID}, nil), first, last)
	if err != nil {
		return cover{}, fmt.Errorf("leaves around leave %s: %w", l.ID, err)
	}
	return v.coverWith(l, posts, rows)
}

// coverWith is the cover around a leave, with what else is approved or waits. What is looked
// at is not in its own way.
func (v *View) coverWith(l models.Leave, posts []models.Post, rows []models.Leave) (cover, error) {
	off, err := v.daysOff()
	rows = slices.DeleteFunc(slices.Clone(rows), func(o models.Leave) bool { return o.ID == l.ID })
	waits := func(o models.Leave) bool { return o.State == models.LeaveAsked }
	granted, asked := slices.DeleteFunc(slices.Clone(rows), waits), slices.DeleteFunc(rows, func(o models.Leave) bool { return !waits(o) })
	return cover{
		who: l.PersonID, posts: posts, leaves: bookOf(granted), asked: bookOf(asked), off: off, percent: v.h.county.Leave.AwayPercent,
		stands: v.h.county.ActingHead, today: v.Today,
	}, err
}

// daysOf are the days of a span on which something is so for a half.
func daysOf(s calendar.Span, so func(calendar.Half) bool) (days []calendar.Date) {
	for _, h := range halvesOf(s) {
		if so(h) {
			days = append(days, h.Day)
		}
	}
	return slices.Compact(days)
}

// firstOf is the first half of a day that a span has.
func firstOf(s calendar.Span, day calendar.Date) calendar.Half {
	h := calendar.Half{Day: day}
	h.Noon = !s.Has(h)
	return h
}

// dayList writes days: 10月8日、9日、12日至14日.
func dayList(days []calendar.Date) string {
	var parts []string
	month := days[0].Month - 1
	for i := 0; i < len(days); {
		j := i
		for j+1 < len(days) && days[j+1].Since(days[j]) == 1 {
			j++
		}
		part := ""
		if days[i].Month != month {
			part = fmt.Sprintf("%d月", days[i].Month)
		}
		part += fmt.Sprintf("%d日", days[i].Day)
		if j > i {
			part += "至"
			if days[j].Month != days[i].Month {
				part += fmt.Sprintf("%d月", days[j].Month)
			}
			part += fmt.Sprintf("%d日", days[j].Day)
		}
		parts, month, i = append(parts, part), days[j].Month, j+1
	}
	return strings.Join(parts, "、")
}

// headTitles names the posts that stand for the 正职 of a day: 书记、主任.
func (c cover) headTitles(day calendar.Date) string {
	chiefs, _ := able(c.posts, day, c.stands)
	short := map[models.PostTitle]string{
		models.PartySecretary: "书记", models.CommitteeDirector: "主任", models.PartyDeputySecretary: "副书记",
	}
	var titles []string
	for _, title := range postOrder() {
		if short[title] != "" && slices.ContainsFunc(c.posts, func(p models.Post) bool {
			return p.Title == title && p.On(day) && slices.Contains(chiefs, p.PersonID)
		}) {
			titles = append(titles, short[title])
		}
	}
	return strings.Join(titles, "、")
}

// takers name up to two who can take a shift: able, there, and free that day;
// those with the fewest shifts of the kind first.
func (v *View) takers(s models.Shift, shifts []models.Shift, c cover) ([]string, error) {
	chiefs, others := able(c.posts, s.Day, c.stands)
	people := others
	if s.Chief || len(others) == 0 {
		people = chiefs
	}
	people = slices.DeleteFunc(slices.Clone(people), func(id string) bool {
		return id == c.who || c.leaves.anyOf(id, s.Day) || slices.ContainsFunc(shifts, func(o models.Shift) bool { return o.Day == s.Day && o.PersonID == id })
	})
	t := turnsOf(shifts)
	var names []string
	for range min(2, len(people)) {
		id := t.next(people, s.Kind)
		p, err := v.tx.Person(id)
		if err != nil {
			return nil, fmt.Errorf("who can take a shift: %w", err)
		}
		names = append(names, "调给"+p.Name)
		people = slices.DeleteFunc(people, func(other string) bool { return other == id })
	}
	return names, nil
}
