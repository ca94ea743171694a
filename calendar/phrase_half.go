package calendar

import (
	"slices"
	"strings"
)

// Which part of a day is asked for, and which only belongs to the reason: 上午有会下午请假.

// isAsked reports whether a part of a day stands beside the asking: 下午请假, 只请上午.
func (f Found) isAsked(plain []rune) bool {
	before, after := clauseAround(plain, f.From, f.To)
	return strings.ContainsAny(after, "请休歇调补") && hasPrefix(afterMay(after), besideDays) || hasSuffix(before, "请 请假 休 休假 歇 只要 改成")
}

// isPart reports whether the phrase names a part of a day without the day.
func (f Found) isPart() bool { return f.rank() == 2 }

// askedHalf takes the half that is asked for where the other one of the day is the reason:
// 明天上午有会我下午请假, 上午开完会下午请假.
func askedHalf(all []Found, plain []rune) []Found {
	var out []Found
	for _, f := range all {
		last := len(out) - 1
		if last < 0 || f.Kind != HalfDay || !f.Today || out[last].Kind != HalfDay || halfOf(f.Part) == halfOf(out[last].Part) ||
			!f.isAsked(plain) || out[last].isAsked(plain) || hasAny(string(plain[out[last].To:f.From]), "请 休 歇 假") || onlyTies(tieBetween([]Found{out[last], f}, plain)) {
			out = append(out, f)
			continue
		}
		if day := out[last]; !day.Today {
			f.Start, f.End, f.Today, f.Asks = day.Start, day.End, false, slices.Clone(day.Asks)
			for i := range f.Asks {
				f.Asks[i].Part = f.Part
			}
		}
		out[last] = f
	}
	return out
}

// partOfLeave is which phrase says which part of a day the leave is, -1 if none does: the one
// beside the asking, or the first. One that stands before the day with more than ties between is
// part of the reason: 晚上没睡好明天请假一天.
func partOfLeave(all []Found, days int, plain []rune) int {
	part := slices.IndexFunc(all, func(f Found) bool { return f.isPart() && f.isAsked(plain) })
	if part < 0 {
		part = slices.IndexFunc(all, Found.isPart)
	}
	if part < 0 || days < part {
		return part
	}
	if before, _ := clauseAround(plain, all[part].From, all[part].To); !onlyTies(before) || !onlyTies(tieBetween(all[part:days+1], plain)) {
		return -1
	}
	return part
}

// tiedPart reports whether the part belongs to the day that was said, and not to the reason:
// nothing but ties stands between, or it stands beside the asking.
func (s *leaveSentence) tiedPart() bool {
	plain := []rune(s.plain)
	if s.part.isAsked(plain) {
		return true
	}
	if s.part.From < s.days.From {
		return onlyTies(tieBetween([]Found{*s.part, *s.days}, plain))
	}
	_, after := clauseAround(plain, s.part.From, s.part.To)
	return after == "" && onlyTies(tieBetween([]Found{*s.days, *s.part}, plain))
}

// begins reports whether the leave is said to begin on its days: 从明天下午, 8号下午起, 下午走.
func (s *leaveSentence) begins() bool {
	before, after := clauseAround([]rune(s.plain), s.days.From, s.days.To)
	said := string([]rune(s.plain)[s.days.From:s.days.To])
	return hasPrefix(said, "从 自 打") || hasSuffix(before, "从 自 打") || hasPrefix(after, "起 开始 算") || goesOff(after)
}

// ofPart are the leaves of one day of which a part was named. Where the part may belong to the
// reason (明天请假，下午带孩子看病) the whole day may be meant; with a length of whole days it is.
func (s *leaveSentence) ofPart(l LeaveDays) (all []LeaveDays, is bool) {
	half, ok := s.part.on(l.Start).leaveDays()
	tied := s.tiedPart()
	switch {
	case !ok || l.Start != l.End || l.StartPart == l.EndPart || s.part.Kind != HalfDay && !tied:
		return nil, false
	case s.length == nil && !tied && !s.sets(s.part):
		return []LeaveDays{l, half}, true
	case s.length == nil || s.length.Workdays == 0 && s.length.halves() == 1:
		return []LeaveDays{half}, true
	case !tied && !s.sets(s.part):
		return nil, false
	}
	half.EndPart = Afternoon
	return []LeaveDays{half.lasting(s.length.halves())}, true
}

// restOfDay adds to the leaves from or until a time of day those with the other half too: 明天上午
// 十点以后请假 may be until noon, or all day.
func (s *leaveSentence) restOfDay(f Found, all []LeaveDays) []LeaveDays {
	_, after := clauseAround([]rune(s.plain), f.From, f.To)
	later, sooner := hasPrefix(after, "以后 之后 后请 开始请 起请"), hasPrefix(after, "以前 之前 前请")
	if f.Kind != Moment && f.Kind != HalfDay || s.length != nil || !later && !sooner || len(all) != 1 {
		return all
	}
	l := all[0]
	switch {
	case later && l.StartPart == Morning:
		l.EndPart = Afternoon
	case sooner && l.StartPart == Afternoon:
		l.StartPart = Morning
	default:
		return all
	}
	return append(all, l)
}

// The words of hours that are missed at one end of a day, and of a day away from early to late.
const (
	comesLate   = "晚来 晚到 晚去 晚点来 晚点到 晚些到 晚上班 迟到 迟来"
	leavesEarly = "早走 早点走 早些走 早下班 早点下班 提前走 提前下班 提早走 提早下班 早退 早离岗"
	awayAllDay  = "早走晚回 早去晚回 早出晚归 早走晚归 早去晚归"
)

// missedHours is the day with the half in which hours are missed: 明天早走一小时 is said of the
// afternoon, 明天晚到一小时 of the morning. A half that is named goes before.
func (s *leaveSentence) missedHours(g Reading, l LeaveDays) (LeaveDays, bool) {
	said := string([]rune(s.plain)[s.days.From:s.days.To])
	if l.Start != l.End || g.Kind == HalfDay && !hasSuffix(said, "早 晚") {
		return l, false
	}
	early := hasAny(s.plain, leavesEarly) || hasAny(s.plain, "提前 提早") && hasAny(s.plain, "下班")
	switch hours := s.length != nil && s.length.Workdays == 0 && s.length.Seconds < secondsOfDay/2; {
	case g.Kind == HalfDay && hasAny(s.plain, awayAllDay):
		return LeaveDays{l.Start, Morning, l.End, Afternoon}, true
	case hours && hasAny(s.plain, comesLate):
		return LeaveDays{l.Start, Morning, l.End, Morning}, true
	case hours && early:
		return LeaveDays{l.Start, Afternoon, l.End, Afternoon}, true
	}
	return l, false
}
