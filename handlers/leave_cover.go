package handlers

import (
	"fmt"
	"maps"
	"slices"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
)

// cover answers who of a village is there while somebody is on leave: he must
// leave a 正职 on each working day (article 7.4.1), and not too few people.
type cover struct {
	who     string
	posts   []models.Post
	leaves  leaveBook // approved ones of the village's people
	asked   leaveBook // those of others that wait
	off     calendar.DaysOff
	percent int  // of the cadres that may be away
	stands  bool // a deputy secretary may stand in for a lone 正职
	today   calendar.Date
}

// ifApproved is the cover as it would be if all that waits were approved.
func (c cover) ifApproved() cover {
	c.leaves = maps.Clone(c.leaves)
	for id, rows := range c.asked {
		c.leaves[id] = slices.Concat(c.leaves[id], rows)
	}
	c.asked = nil
	return c
}

// gaps are the notes on who is left in the village in a span and, for further days, on who
// would be if all that waits were approved.
func (c cover) gaps(s calendar.Span, ways []string) (out []LeaveNote) {
	then := c.ifApproved()
	for _, kind := range []string{NoteNoHead, NoteTooMany} {
		now := c.gapDays(kind, s)
		if len(now) > 0 {
			out = append(out, LeaveNote{kind, now, c.gapText(kind, now, s), ways})
		}
		more := slices.DeleteFunc(then.gapDays(kind, s), func(d calendar.Date) bool { return slices.Contains(now, d) })
		if len(more) > 0 {
			out = append(out, LeaveNote{kind, more, "若都批准，" + then.gapText(kind, more, s), ways})
		}
	}
	return out
}

func (c cover) gapDays(kind string, s calendar.Span) []calendar.Date {
	if kind == NoteNoHead {
		return daysOf(s, c.noHead)
	}
	return daysOf(s, c.tooMany)
}

func (c cover) gapText(kind string, days []calendar.Date, s calendar.Span) string {
	if kind == NoteNoHead {
		return dayList(days) + c.headTitles(days[0]) + "都不在，违反至少一名正职在岗"
	}
	away, all := c.away(firstOf(s, days[0]))
	return fmt.Sprintf("%s村里%d名干部有%d名不在，超过%d%%", dayList(days), all, away, c.percent)
}

// halvesOf are the half days of a span.
func halvesOf(s calendar.Span) (out []calendar.Half) {
	for d := s.First; !d.After(s.Last); d = d.Add(1) {
		for _, noon := range []bool{false, true} {
			if h := (calendar.Half{Day: d, Noon: noon}); s.Has(h) {
				out = append(out, h)
			}
		}
	}
	return out
}

// spanOf is the span from one half day to another.
func spanOf(from, to calendar.Half) calendar.Span {
	return calendar.Span{First: from.Day, FromNoon: from.Noon, Last: to.Day, ToNoon: !to.Noon}
}

// noHead reports whether the leave leaves no 正职 for half a working day.
func (c cover) noHead(h calendar.Half) bool {
	if !c.off.IsWorkday(h.Day) {
		return false
	}
	chiefs, _ := able(c.posts, h.Day, c.stands)
	return slices.Contains(chiefs, c.who) && !slices.ContainsFunc(chiefs, func(id string) bool { return id != c.who && !c.leaves.on(id, h) })
}

// away counts who is away for half a day, with him, and of how many.
func (c cover) away(h calendar.Half) (away, all int) {
	seen := map[string]bool{}
	for _, p := range c.posts {
		if p.Title == models.Supervisor || !p.On(h.Day) || seen[p.PersonID] {
			continue
		}
		seen[p.PersonID] = true
		if p.PersonID == c.who || c.leaves.on(p.PersonID, h) {
			away++
		}
	}
	return away, len(seen)
}

// tooMany reports whether the leave makes too large a share be away for half a
// working day. Whoever is away alone is never too many.
func (c cover) tooMany(h calendar.Half) bool {
	away, all := c.away(h)
	return c.off.IsWorkday(h.Day) && away > 1 && away*100 > c.percent*all
}

func (c cover) gap(h calendar.Half) bool { return c.noHead(h) || c.tooMany(h) }

func (c cover) free(s calendar.Span) bool { return !slices.ContainsFunc(halvesOf(s), c.gap) }

// searched is how many days before and after a span others are looked for.
const searched = 21

// better returns up to two spans that leave no gap: the nearest one of the same
// length, and what of this one can be had; the second nearest if that is nothing.
func (c cover) better(s calendar.Span) []calendar.Span {
	moved := c.moved(s)
	out := moved[:min(1, len(moved))]
	if part, ok := c.part(s); ok {
		return append(slices.Clone(out), part)
	}
	return moved
}

// moved are the two nearest spans of the same length that leave no gap, a later
// one before an earlier one that is as near.
func (c cover) moved(s calendar.Span) (out []calendar.Span) {
	try := func(t calendar.Span) {
		if len(out) < 2 && t.Valid() && !t.First.Before(c.today) && c.own(t) && c.free(t) {
			out = append(out, t)
		}
	}
	if s.Halves() == 1 {
		try(calendar.Span{First: s.First, FromNoon: !s.FromNoon, Last: s.Last, ToNoon: !s.ToNoon})
	}
	for n := 1; n <= searched && len(out) < 2; n++ {
		for _, by := range []int{n, -n} {
			t := s
			t.First, t.Last = s.First.Add(by), s.Last.Add(by)
			if t.WorkHalves(c.off) >= min(1, s.WorkHalves(c.off)) { // not a rest day for a working day
				try(t)
			}
		}
	}
	return out
}

// own reports whether somebody has no other leave in a span.
func (c cover) own(s calendar.Span) bool {
	return !slices.ContainsFunc(c.leaves[c.who], func(l models.Leave) bool {
		taken := l.Taken()
		return taken.Valid() && taken.Overlaps(s)
	})
}

// part is the longest part of a span that can still be had, leaves no gap and has
// working time in it.
func (c cover) part(s calendar.Span) (best calendar.Span, ok bool) {
	var run []calendar.Half
	longest := 0
	for _, h := range append(halvesOf(s), calendar.Half{}) {
		if h.Day.Before(c.today) || c.gap(h) || c.leaves.on(c.who, h) { // the last one has no day
			if len(run) > longest {
				if t := spanOf(run[0], run[len(run)-1]); t.WorkHalves(c.off) > 0 {
					best, longest = t, len(run)
				}
			}
			run = nil
			continue
		}
		run = append(run, h)
	}
	return best, longest > 0 && best != s
}
