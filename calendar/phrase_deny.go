package calendar

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// The words beside days that are none of the leave (3号不请, 除外), and the words of a half
// of each of several days.
const (
	deniedWords = "不请 别请 不休 不歇 不用请 不用休 不要请 不需要请 不算 不用 不要 除外 不包括 不含 不在内 不计"
	deniedAhead = "不是请 不是 不请 别请 不休 不用请 不算 不含 不包括 不包含 扣除 扣掉 去掉 刨去 刨除 抛开 除去 不要"
	eachWords   = "每天 每日 天天 每一天 每个上午 每个下午"
	eachHalf    = "每天只请半天，请一天一天地分开请假，先说头一天，例如“10月8日下午”。"
)

// denials takes the phrases of which it is said that they are not asked for out of those
// that are. A word stands behind what it denies or before it, and denies one phrase.
func denials(all []Found, plain []rune) (kept, denied []Found) {
	if !slices.ContainsFunc(plain, func(c rune) bool { return strings.ContainsRune("不别除扣去刨抛", c) }) {
		return all, nil
	}
	spent := 0
	for i, f := range all {
		before, after := clauseAround(plain, f.From, f.To)
		rest := afterMay(strings.TrimLeft(after, "的也都我"))
		behind, ahead := longestAt(rest, deniedWords, strings.HasPrefix), longestAt(before, deniedAhead, strings.HasSuffix)
		if hasAny(string(plain[f.From:f.To]), weekendWords) && ahead == "" { // 除了周末都请
			ahead = longestAt(before, "除了 除 除开 除掉", strings.HasSuffix)
		}
		end := f.To + utf8.RuneCountInString(after) - utf8.RuneCountInString(rest) + utf8.RuneCountInString(behind)
		if loose := strings.TrimPrefix(rest, behind); hasPrefix(behind, "不用 不要") && loose != "" && !hasPrefix(behind, "不用请 不用休 不要请") && !hasPrefix(loose, "了 啦") { // 明天不用车
			behind = ""
		}
		switch object := hasPrefix(behind, deniedAhead) && !hasPrefix(behind, "不请 不休 不用 不要") && i+1 < len(all) && all[i+1].From == end; {
		case behind != "" && f.rank() > 1 && !object: // 1号到5号不含3号
			denied, spent = append(denied, f), end
		case ahead != "" && f.From-utf8.RuneCountInString(ahead) >= spent && !hasSuffix(before, "要不请 要不休 是不是") && (f.rank() > 1 || strings.HasPrefix(ahead, "不是")):
			denied = append(denied, f)
		default:
			kept = append(kept, f)
		}
	}
	return kept, denied
}

// longestAt is the longest of some words that stands at one end of a text.
func longestAt(text, words string, at func(text, word string) bool) (longest string) {
	for w := range strings.FieldsSeq(words) {
		if len(w) > len(longest) && at(text, w) {
			longest = w
		}
	}
	return longest
}

// weekendWords name what is no part of any leave that is counted in working days.
const weekendWords = "周末 双休 休息日"

// without notes what is not asked for. A weekend makes of three days three working days and
// cuts nothing; a half of a day leaves the other half of that day.
func (s *leaveSentence) without(denied []Found) {
	each := hasAny(s.plain, eachWords)
	for _, f := range denied {
		switch weekend := hasAny(string([]rune(s.plain)[f.From:f.To]), weekendWords); {
		case !weekend:
			s.denied = append(s.denied, f)
		case s.length != nil && s.length.Seconds%secondsOfDay == 0:
			s.length.Workdays = int(s.length.Seconds / secondsOfDay)
		}
		s.dropDenied(f)
	}
	switch {
	case each && s.part != nil && s.length != nil && s.length.halves() > 1: // 我妈每天下午透析，明天请假一天
		s.part = nil
	case s.days == nil && s.part != nil && len(s.denied) == 1 && s.denied[0].Kind == HalfDay: // 明天下午不请，上午请
		*s.part = s.part.on(s.denied[0].Start)
	}
}

// lessDenied takes the days that are not asked for off the leaves, none if there is nothing to
// take off. It is not ok if what is left is more than one leave, or none.
func (s *leaveSentence) lessDenied(all []LeaveDays) (left []LeaveDays, ok bool) {
	changed := false
	for _, l := range all {
		for _, f := range s.denied {
			rest, ok := s.less(l, f)
			if !ok {
				return nil, false
			}
			changed = changed || rest != l
			l = rest
		}
		if !slices.Contains(left, l) {
			left = append(left, l)
		}
	}
	if !changed {
		return nil, true
	}
	return left, true
}

// less is a leave without days at one of its ends. A part without a day is one of the only
// day of the leave.
func (s *leaveSentence) less(l LeaveDays, f Found) (LeaveDays, bool) {
	if f.Today && l.Start != l.End {
		return l, false
	}
	if f.Today {
		f = f.on(l.Start)
	} else if near, ok := f.following(l.Start, string([]rune(s.plain)[f.From:f.To])); ok {
		f = near
	}
	off, ok := f.leaveDays()
	if !ok || !l.Span().Overlaps(off.Span()) {
		return l, true
	}
	left := l.except(off)
	if len(left) != 1 {
		return l, false
	}
	return left[0], true
}

// except is what is left of a leave before and after other days.
func (l LeaveDays) except(off LeaveDays) (left []LeaveDays) {
	before, after, gap := l, l, off.Span()
	if before.End, before.EndPart = off.Start, Morning; !gap.FromNoon {
		before.End, before.EndPart = off.Start.Add(-1), Afternoon
	}
	if after.Start, after.StartPart = off.End, Afternoon; !gap.ToNoon {
		after.Start, after.StartPart = off.End.Add(1), Morning
	}
	for _, part := range []LeaveDays{before, after} {
		if part.Span().Valid() {
			left = append(left, part)
		}
	}
	return left
}

// dropDenied leaves what is said of a day that is not asked for out of the reason.
func (s *leaveSentence) dropDenied(f Found) {
	before, after := clauseAround([]rune(s.plain), f.From, f.To)
	from, to := f.From, f.To
	if w := longestAt(before, deniedAhead+" 除了 除开 除掉", strings.HasSuffix); w != "" {
		from -= utf8.RuneCountInString(w)
	} else {
		to += utf8.RuneCountInString(after)
	}
	s.used = append(s.used, [2]int{from, to})
}

// eachDay reports whether half of each of several days is asked for: 周一到周五每天下午,
// 1号到3号，上午请假. A leave has no gaps.
func (s *leaveSentence) eachDay() bool {
	short := s.length != nil && s.length.Workdays == 0 && s.length.Seconds < secondsOfDay
	switch several := s.days != nil && s.days.Kind == Days; {
	case s.part == nil && !short:
		return false
	case hasAny(s.plain, eachWords):
		return several || s.length == nil || short
	case s.part == nil || !several:
		return false
	}
	plain := []rune(s.plain)
	_, after := clauseAround(plain, s.part.From, s.part.To)
	first, last := *s.days, *s.part
	if last.From < first.From {
		first, last = last, first
	}
	return onlyTies(tieBetween([]Found{first, last}, plain)) && (after == "" || hasPrefix(after, "请 休 歇"))
}
