package calendar

import "time"

// LeaveDays are the days of a leave (请假): from the morning or afternoon of Start
// to the morning or afternoon of End. Full days begin with Morning and end with
// Afternoon.
type LeaveDays struct {
	Start     Date
	StartPart Part
	End       Date
	EndPart   Part
}

// Span is the leave as a stretch of half days.
func (l LeaveDays) Span() Span {
	return Span{First: l.Start, FromNoon: l.StartPart == Afternoon, Last: l.End, ToNoon: l.EndPart == Morning}
}

// Halves counts the working half-days of the leave, by the table of days off.
func (l LeaveDays) Halves(off DaysOff) int { return l.Span().WorkHalves(off) }

// Chinese writes the leave with the weekday of each end, and what kind of day it
// is where that is not plain: 10月8日 周四下午到10月9日 周五.
func (l LeaveDays) Chinese(off DaysOff, from Date) string { return l.reading().Chinese(off, from) }

// reading is the leave as a reading.
func (l LeaveDays) reading() Reading {
	g := Reading{Kind: Days, Start: l.Start, End: l.End}
	switch {
	case l.Start == l.End && l.StartPart == l.EndPart:
		g.Kind, g.Part = HalfDay, l.StartPart
	case l.Start == l.End:
		g.Kind = OneDay
	default:
		if l.StartPart == Afternoon {
			g.StartPart = Afternoon
		}
		if l.EndPart == Morning {
			g.EndPart = Morning
		}
	}
	return g
}

// FoundLeave is what a sentence says of a leave.
type FoundLeave struct {
	Found
	// Days is the leave, if Found is sure or is to be confirmed.
	Days LeaveDays
	// Choices are the leaves that the Asks stand for, in their order.
	Choices []LeaveDays
	// Type is the kind of leave that was named or follows from the reason, such as
	// 病假; Reason is why, in the speaker's words. Either may be empty.
	Type, Reason string
}

// HasDays reports whether Days is a leave.
func (f FoundLeave) HasDays() bool { return !f.Days.Start.IsZero() }

// LastHalf is the half-day with which the leave ends, whatever its first day is: 请假到周五. It is
// not known if the readings differ.
func (f FoundLeave) LastHalf() (last Half, known bool) {
	all := f.Choices
	if f.HasDays() {
		all = []LeaveDays{f.Days}
	}
	for i, l := range all {
		half := Half{l.End, l.EndPart == Afternoon}
		if i > 0 && half != last {
			return Half{}, false
		}
		last = half
	}
	return last, len(all) > 0
}

// Lasting is how many half-days the leave has by every reading, whatever its first day is:
// 弟弟5号结婚，请两天. It is not known if they differ.
func (f FoundLeave) Lasting() (halves int, known bool) {
	for _, l := range f.Choices {
		if halves > 0 && l.halves() != halves {
			return 0, false
		}
		halves = l.halves()
	}
	return halves, halves > 0
}

// Lasting is the leave with as many half-days, from the same first one.
func (l LeaveDays) Lasting(halves int) LeaveDays { return l.lasting(halves) }

// longestLeave is how many days a leave may span; what is longer is none.
const longestLeave = 3660

// leaveDays are the days of a reading, false if it names none.
func (g Reading) leaveDays() (LeaveDays, bool) {
	l := LeaveDays{g.Start, Morning, g.End, Afternoon}
	if g.End.Since(g.Start) > longestLeave {
		return LeaveDays{}, false
	}
	switch g.Kind {
	case OneDay:
	case Days:
		if g.StartPart == Afternoon {
			l.StartPart = Afternoon
		}
		if g.EndPart == Morning {
			l.EndPart = Morning
		}
	case HalfDay:
		l.StartPart = halfOf(g.Part)
		l.EndPart = l.StartPart
	case Moment:
		l.StartPart = halfAt(g.StartAt)
		l.EndPart = l.StartPart
	case Spell:
		l.StartPart = halfAt(g.StartAt)
		if l.EndPart = halfAt(g.EndAt.Add(-time.Second)); g.EndAt.Hour() == 0 {
			l.End = On(g.EndAt.Add(-time.Second))
		}
	default:
		return LeaveDays{}, false
	}
	return l, true
}

// halfOf is the half of a working day in which a part of the day lies.
func halfOf(p Part) Part {
	if p == Dawn || p == Morning {
		return Morning
	}
	return Afternoon
}

func halfAt(t time.Time) Part {
	if t.Hour() < 12 {
		return Morning
	}
	return Afternoon
}

// lasting is the leave that begins where l does and lasts some half-days, counted
// over days off too.
func (l LeaveDays) lasting(halves int) LeaveDays {
	first := 0
	if l.StartPart == Afternoon {
		first = 1
	}
	last := first + halves - 1
	l.End, l.EndPart = l.Start.Add(last/2), Morning
	if last%2 == 1 {
		l.EndPart = Afternoon
	}
	return l
}

// lastingWorkdays is the leave that begins on the first working day from l's start
// on and lasts some working days.
func (l LeaveDays) lastingWorkdays(n int, off DaysOff) LeaveDays {
	l.Start = off.NextWorkday(l.Start)
	l.End, l.EndPart = off.AddWorkdays(l.Start, n-1), Afternoon
	return l
}

// halves counts the half-days of l, days off too.
func (l LeaveDays) halves() int { return l.Span().Halves() }

// ReadLeave reads the sentence of somebody who asks for leave at now: the days,
// the kind of leave and the reason. A length (三天) is counted in calendar days from
// the day that was said; working days are counted by off.
func ReadLeave(text string, now time.Time, off DaysOff) FoundLeave {
	runes := []rune(text)
	said := string(plain(runes))
	if isQuestion(said) {
		return FoundLeave{Found: Found{Reading: Reading{Kind: NoPhrase}}}
	}
	r := newReader(text, now, off)
	s := r.leaveSentence(said)
	f := s.answer()
	f.Type = leaveType(s.plain)
	f.Reason = reason(runes, s.used, s.plain)
	return f
}

// answer is what the phrases mean together.
func (s *leaveSentence) answer() FoundLeave {
	switch {
	case s.days != nil && s.days.Kind == NoSuchDay:
		return FoundLeave{Found: *s.days}
	case s.vague != nil:
		return FoundLeave{Found: *s.vague}
	case s.more:
		return s.r.askAbout(*s.days, apart)
	case s.lost:
		return s.r.askAbout(*s.days, bothEnds)
	case s.offDuty() && s.back == nil && s.length == nil:
		return s.r.askAbout(*s.days, bothEnds)
	case s.eachDay():
		return s.r.askAbout(Found{}, eachHalf)
	case s.days != nil:
		return s.fromDays(*s.days)
	case s.part != nil:
		s.days, s.part = s.part, nil
		return s.fromDays(*s.days)
	case s.length != nil:
		return s.fromLength(*s.length)
	}
	if len(s.denied) > 0 {
		return s.r.askAbout(s.denied[0], bothEnds)
	}
	return FoundLeave{Found: Found{Reading: Reading{Kind: NoPhrase}}}
}

// fromDays makes a leave of each reading of the days, with the part and the length
// that were said.
func (s *leaveSentence) fromDays(f Found) FoundLeave {
	if f.whole && (s.length != nil || rankedLong(f) && asksForLeave(s.plain)) { // 下周请三天
		return s.r.whichDays(f)
	}
	f = s.likely(s.lastBefore(f))
	if all := s.fromEnd(f); len(all) > 0 {
		return s.r.offer(FoundLeave{Found: f}, all)
	}
	if text := s.vaguely(f); text != "" {
		return s.r.askAbout(f, text)
	}
	if all := s.restOf(f); len(all) > 0 {
		return s.r.offer(FoundLeave{Found: f}, all)
	}
	switch all, is := s.onlyBack(f); {
	case is && len(all) > 0 && len(all) <= 3:
		return s.r.offer(FoundLeave{Found: f}, all)
	case is:
		return s.r.askAbout(f, bothEnds)
	case s.ofEvent(f):
		return s.aroundEvent(f)
	}
	var all []LeaveDays
	for _, g := range f.each() {
		all = append(all, s.complete(g)...)
	}
	all = s.restOfDay(f, all)
	out := FoundLeave{Found: f}
	if less, ok := s.lessDenied(all); !ok {
		return s.r.askAbout(f, apart)
	} else if len(less) > 0 {
		return s.r.offer(out, less)
	}
	if longer := s.eachUntilBack(all); len(longer) > 0 {
		_, after := clauseAround([]rune(s.plain), s.back.From, s.back.To)
		s.used = append(s.used, [2]int{s.back.From, s.back.To + homeward(after)})
		return s.r.offer(out, longer)
	}
	switch plain := s.part == nil && s.length == nil; {
	case len(all) == 0, plain && len(f.Asks) > 0:
		out.Choices = all
	case plain && len(all) == 1:
		out.Days, out.Choices = all[0], all
		return s.roughly(out)
	default:
		return s.roughly(s.r.offer(out, all))
	}
	return out
}

// rankedLong reports whether what was named is too long to be a leave as such.
func rankedLong(f Found) bool { return f.Kind == Days && f.End.Since(f.Start) >= longSpan }

// whichDays asks for the days within a week or month.
func (r *reader) whichDays(f Found) FoundLeave {
	return r.askAbout(f, "是"+f.Chinese(r.off, r.today)+"里的哪几天？例如“10月8日到9日”。")
}

// askAbout asks a question that offers nothing to choose from.
func (r *reader) askAbout(f Found, text string) FoundLeave {
	f.Kind = NoPhrase
	f.Asks = []Question{{Reading{Kind: NoPhrase}, text}}
	return FoundLeave{Found: f}
}

// offer asks which of the leaves is meant, if there are several.
func (r *reader) offer(out FoundLeave, all []LeaveDays) FoundLeave {
	out.Asks, out.Choices = nil, nil
	out.Reading = all[0].reading()
	if len(all) == 1 {
		out.Days = all[0]
		return out
	}
	for _, l := range all[:min(len(all), 3)] {
		g := l.reading()
		out.Asks = append(out.Asks, Question{g, r.isIt(g)})
		out.Choices = append(out.Choices, l)
	}
	return out
}

// complete puts part and length to one reading of the days.
func (s *leaveSentence) complete(g Reading) []LeaveDays {
	l, ok := g.leaveDays()
	if !ok {
		return nil
	}
	if s.offDuty() {
		l.Start, l.End = l.Start.Add(1), l.End.Add(1)
	}
	if half, is := s.missedHours(g, l); is {
		return []LeaveDays{half}
	}
	if s.part != nil && g.Kind == OneDay {
		if all, is := s.ofPart(l); is {
			return all
		}
	}
	if s.part != nil && g.Kind == Days && s.sets(s.part) { // 1号到3号请假，下午走
		l.StartPart = halfOf(s.part.Part)
	}
	if s.length == nil {
		return []LeaveDays{l}
	}
	n := s.length.halves()
	switch {
	case n == 1 && l.Start == l.End && l.StartPart == l.EndPart:
		return []LeaveDays{l}
	case n == 2 && s.length.Workdays == 0 && l.Start == l.End && l.StartPart == Afternoon && !s.begins(): // 明天下午请一天
		whole := LeaveDays{l.Start, Morning, l.End, Afternoon}
		return []LeaveDays{whole, l.lasting(n)}
	case n == 1 && l.Start == l.End: // 明天请半天
		am, pm := l, l
		am.EndPart, pm.StartPart = Morning, Afternoon
		return []LeaveDays{am, pm}
	case s.length.Workdays > 0:
		return []LeaveDays{l.lastingWorkdays(s.length.Workdays, s.r.off)}
	case g.Kind == Days && l.halves() != n:
		if n == l.Halves(s.r.off) {
			return []LeaveDays{l}
		}
		if n == 1 { // 24号全天25号半天
			short := l
			short.EndPart = Morning
			return []LeaveDays{short, l}
		}
		return []LeaveDays{l, l.lasting(n)}
	}
	return []LeaveDays{l.lasting(n)}
}

// halves counts the half-days of a length, rounded up.
func (g Reading) halves() int { return int((g.Seconds + secondsOfDay/2 - 1) / (secondsOfDay / 2)) }

// fromLength is a leave of which only the length is known. Half a day is proposed
// for what is left of today.
func (s *leaveSentence) fromLength(f Found) FoundLeave {
	out := FoundLeave{Found: f}
	if f.Workdays == 0 && f.Seconds == secondsOfDay/2 {
		l := LeaveDays{s.r.today, Afternoon, s.r.today, Afternoon}
		if s.r.now.Hour() >= 14 {
			l = LeaveDays{s.r.today.Add(1), Morning, s.r.today.Add(1), Morning}
		}
		out.Days, out.Confirm = l, true
		out.Asks = []Question{{l.reading(), s.r.isIt(l.reading())}}
		return out
	}
	if asksForLeave(s.plain) {
		out.Asks = []Question{{Reading{Kind: NoPhrase}, fromWhen}}
	}
	return out
}
