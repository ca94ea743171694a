package calendar

import "slices"

// leaveSentence are the phrases of a sentence about a leave.
type leaveSentence struct {
	r      *reader
	plain  string
	days   *Found // what names the days
	part   *Found // a part of the day alone
	length *Found // how long
	vague  *Found
	denied []Found  // days and parts that are not asked for
	back   *Found   // a day on which somebody is back
	lost   bool     // that day is not after the first of the leave
	more   bool     // further leaves were named
	used   [][2]int // runes that are no part of the reason
}

// leaveSentence finds the phrases of the sentence.
func (r *reader) leaveSentence(plain string) leaveSentence {
	s := leaveSentence{r: r, plain: plain}
	text := []rune(plain)
	all, denied := denials(r.all(), text)
	if len(all) == 1 && all[0].Kind == Moment && all[0].StartAt.Equal(r.now) { // 现在请假
		all = nil
	}
	all = askedHalf(halvesOfDays(all, text), text)
	all, cut := trimmedEnds(r.joinedEnds(all, text), text)
	days, tied := r.daysOfLeave(all, text)
	base := days
	if part := slices.IndexFunc(all, func(f Found) bool { return f.rank() == 2 }); days < 0 || part >= 0 && part < days && all[days].isReturn(text) { // 早上走晚上回, 下午走明天回
		days, base = -1, part
	}
	s.back, s.lost = dayBack(all, base, text)
	s.more = tied || cut || bothHalves(all, days, text) || insideLeave(all, days, s.back, text) || severalLeaves(all, days, s.back, text)
	long, part := lengthOfLeave(all, days, text), partOfLeave(all, days, text)
	for k := range all {
		switch f := &all[k]; {
		case f.Kind == Length && k != long, f.isPart() && k != part:
		case f != s.back && (f.rank() < 3 || k == days):
			s.take(f)
		case days >= 0 && (f.whole || f.Start == f.End) && !f.Start.After(all[days].Start) && !f.End.Before(all[days].End): // 下周只请周三, 25号中秋
			s.used = append(s.used, [2]int{f.From, f.To})
		}
	}
	s.without(denied)
	return s
}

// clauseAround is what stands before and after some runes in their clause.
func clauseAround(text []rune, from, to int) (before, after string) {
	first, last := from, to
	for first > 0 && !isStop(text[first-1]) {
		first--
	}
	for last < len(text) && !isStop(text[last]) {
		last++
	}
	return string(text[first:from]), string(text[to:last])
}

func (s *leaveSentence) take(f *Found) {
	slot := &s.vague
	switch rank := f.rank(); {
	case rank >= 3:
		slot = &s.days
	case rank == 2:
		slot = &s.part
	case f.Kind == Length:
		slot = &s.length
	case len(f.Asks) == 0:
		return
	}
	if *slot == nil {
		*slot = f
		s.used = append(s.used, [2]int{f.From, f.To})
	}
}
