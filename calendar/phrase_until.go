package calendar

import (
	"slices"
	"strings"
)

// The words before the day on which a leave ends: of asking, and 到 alone, which may be
// that the day has come.
const (
	askedUntil = "假到 假至 休到 休至 请到 请至 歇到 天到 天至"
	untilAlone = "到 至 截至 截止到 一直到"
)

// fromEnd are the leaves of a sentence that says when a leave ends, and not when it begins:
// 请假到周五, 请到后天中午, 请三天假到5号. None if the day is no end. The first day is asked
// for: who says no more goes today or tomorrow.
func (s *leaveSentence) fromEnd(f Found) []LeaveDays {
	before, after := clauseAround([]rune(s.plain), f.From, f.To)
	if !strings.ContainsAny(before, "到至") {
		return nil
	}
	alone := slices.Contains(strings.Fields(untilAlone), strings.TrimSpace(before))
	if !f.isPoint() || len(f.Asks) > 0 || !f.Start.After(s.r.today) || !alone && !hasSuffix(before, askedUntil) {
		return nil
	}
	end, _ := f.leaveDays()
	if f.Kind == HalfDay && f.Part == Noon {
		end.EndPart = Morning
	}
	all := s.endingWith(end)
	if alone && len(all) > 0 && hasPrefix(afterMay(after), "请 休 歇") { // 到周五请假
		only, _ := f.leaveDays()
		if s.length != nil {
			only = only.lasting(s.length.halves())
		}
		if !slices.Contains(all, only) {
			all = append(all, only)
		}
	}
	return all
}

// endingWith are the leaves that end as another does: of the length that was said, or from
// today or tomorrow.
func (s *leaveSentence) endingWith(end LeaveDays) (all []LeaveDays) {
	l := LeaveDays{s.r.today, Morning, end.End, end.EndPart}
	if s.length != nil {
		return append(all, s.lastingUntil(end))
	}
	for range 2 {
		if l.Span().Valid() {
			all = append(all, l)
		}
		l.Start = l.Start.Add(1)
	}
	return all
}

// lastingUntil is the leave of the length that was said which ends as another does.
func (s *leaveSentence) lastingUntil(end LeaveDays) LeaveDays {
	l := LeaveDays{end.End, end.EndPart, end.End, end.EndPart}
	if n := s.length.Workdays; n > 0 {
		l.Start, l.StartPart = s.r.off.AddWorkdays(end.End.Add(1), -n), Morning
		return l
	}
	return l.moved(1 - s.length.halves()).lasting(s.length.halves())
}

// onlyBack are the leaves of a sentence that says of nothing but when somebody is back: 请两天
// 假后天回来, 请假，下周一上班. None if its days are no such day. It is not sure if both ends
// have to be asked for.
func (s *leaveSentence) onlyBack(f Found) (all []LeaveDays, is bool) {
	_, after := clauseAround([]rune(s.plain), f.From, f.To)
	if s.back != nil || !f.isPoint() || !f.Start.After(s.r.today) || !isBack(after) || hasPrefix(after, nextLabel) || s.makesUp() {
		return nil, false
	}
	back, _ := f.leaveDays()
	part, sure := f.wayHome()
	eve := LeaveDays{s.r.today, Morning, back.Start.Add(-1), Afternoon}
	if work := hasPrefix(afterMay(after), workWords); work {
		if back.StartPart == Afternoon {
			eve.End, eve.EndPart = back.Start, Morning
		}
		return s.endingWith(eve), true
	}
	home := LeaveDays{s.r.today, Morning, back.Start, part}
	switch {
	case sure:
		return s.endingWith(home), true
	case s.length != nil:
		return append(s.endingWith(eve), s.endingWith(home)...), true
	}
	return nil, true
}

// restOf are the leaves of a week or a third of a month that has begun, from today or from
// tomorrow: 这周请假, said on a Thursday.
func (s *leaveSentence) restOf(f Found) []LeaveDays {
	begun := f.Start.Before(s.r.today) && f.End.After(s.r.today)
	said := string([]rune(s.plain)[f.From:f.To])
	if named := f.whole || hasAny(said, "旬"); !named || said == s.plain || !begun || f.Kind != Days || len(f.Asks) > 0 || s.length != nil || s.makesUp() || rankedLong(f) {
		return nil
	}
	end, _ := f.leaveDays()
	return s.endingWith(end)
}
