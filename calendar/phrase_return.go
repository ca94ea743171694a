package calendar

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// The words beside a day on which a leave is over: somebody travels home on it, or
// works again.
const (
	homeWords = "回来 回村 返回 到家 返村 返程 返乡 回程"
	workWords = "上班 复工 收假 到单位 回岗 返岗 到岗 销假 回来上班 回单位 回村上班 正常上班 来上班"
)

// journey are the words of a leave that is a journey: its last day is the way
// back.
const journey = "走 不在 去 动身 出发 启程 回老家 回娘家 出门 出远门 外出 出差 离开 离村 上路 到 车 飞机 高铁 航班"

// tieWords join what is said of several leaves.
const tieWords = "连着 连上 连 除了 除 加上 外加 加 还有 另外 以及 然后 再 各 都 也 和 跟 全天 一天 我 想 要"

// dayBack is the day on which somebody is back, nil if none was said. Without a day of its
// own it is that of the leave: 明天早上走晚上回来. It is lost if no such day comes after the
// first of the leave: 12月6日走3日回来.
func dayBack(all []Found, days int, plain []rune) (back *Found, lost bool) {
	for k := range all {
		f := all[k]
		if k == days || days < 0 || f.rank() < 2 || !f.isReturn(plain) {
			continue
		}
		if !f.isPoint() { // 8、9号回来
			lost = lost || k > days && f.Kind == Days
			continue
		}
		said := string(plain[f.From:f.To])
		switch {
		case f.Today && f.rank() == 2 && k > days, hasPrefix(said, "当天 当日 当晚"):
			all[k] = f.on(all[days].End)
			return &all[k], false
		case f.rank() < 3:
			continue
		}
		near, ok := f.following(all[days].Start, said)
		switch {
		case ok:
			all[k] = near
			return &all[k], false
		case k > days && !f.Start.Before(all[days].Start.Add(-longSpan)) && hasAny(said, "月 号 日 周 星期 礼拜 天后"):
			lost = true
		}
	}
	return nil, lost
}

// insideLeave reports whether somebody works on a day in the middle of the leave, which cuts
// it in two: 周一到周五请假，周三上班.
func insideLeave(all []Found, days int, back *Found, plain []rune) bool {
	if back == nil || days < 0 {
		return false
	}
	_, after := clauseAround(plain, back.From, back.To)
	return hasPrefix(afterMay(after), workWords) && back.Start.After(all[days].Start) && back.Start.Before(all[days].End)
}

// isReturn reports whether somebody is back on the day.
func (f Found) isReturn(plain []rune) bool {
	_, after := clauseAround(plain, f.From, f.To)
	return isBack(after)
}

// offDuty reports whether the journey begins after work: the leave begins the next day.
func (s *leaveSentence) offDuty() bool {
	if s.days == nil || s.days.Kind != OneDay {
		return false
	}
	_, after := clauseAround([]rune(s.plain), s.days.From, s.days.To)
	off, ok := strings.CutPrefix(after, "下班")
	return ok && goesOff(strings.TrimLeft(off, "以后之就"))
}

// bothHalves reports whether the other half of a day is asked for too, as another leave:
// 上午请病假，下午请事假.
func bothHalves(all []Found, days int, plain []rune) bool {
	if days < 0 || all[days].Kind != HalfDay {
		return false
	}
	for k := days + 1; k < len(all); k++ {
		_, after := clauseAround(plain, all[k].From, all[k].To)
		if f := all[k]; f.Kind == HalfDay && f.Today && halfOf(f.Part) != halfOf(all[days].Part) && hasPrefix(afterMay(after), "请 也请 休") {
			return true
		}
	}
	return false
}

// isPoint reports whether the phrase names one day, or a part of it.
func (f Found) isPoint() bool { return f.Kind == OneDay || f.Kind == HalfDay || f.Kind == Moment }

// on is the same part of another day.
func (f Found) on(d Date) Found {
	f.Start, f.End, f.Asks, f.Today = d, d, nil, false
	return f
}

// following takes of a day's readings the first that is not before another day, in the
// next month or week if need be: 30号走8号回来, 下周一走周五回来. It reports whether there
// is one.
func (f Found) following(first Date, said string) (Found, bool) {
	for _, g := range f.each() {
		if !g.Start.Before(first) {
			f.Reading, f.Asks = g, nil
			return f, true
		}
	}
	switch {
	case hasAny(said, "周 星期 礼拜") && !hasAny(said, "月 号 这 本 下周 下个 下星 下礼 上周 上个 上星 上礼"):
		return f.on(nthWeekday(first, 1, f.Start.Weekday())), true
	case strings.Contains(said, "月") || !hasAny(said, "号 日") || f.Kind == Moment:
		return f, false
	}
	f = f.on(addMonths(f.Start, 1))
	return f, !f.Start.Before(first)
}

// mayWords may stand between a day and what is done on it: 6号就回来, 6号再上班.
const mayWords = "先 暂时 暂 估计 就 才 再 能 要 可以 可 会 准时 准 赶 我 得 必须 大概 应该 往 即 正式 继续 照常 正常"

// afterMay is what stands after a day without words that may stand between.
func afterMay(after string) string {
	for trimmed := true; trimmed; {
		trimmed = false
		for w := range strings.FieldsSeq(mayWords) {
			if t, ok := strings.CutPrefix(after, w); ok {
				after, trimmed = t, true
			}
		}
	}
	return after
}

// homeward counts the runes after a day that say that somebody is back on it.
func homeward(after string) int {
	rest := afterMay(after)
	said := longestAt(rest, homeWords+" "+workWords+" 回", strings.HasPrefix)
	return utf8.RuneCountInString(after) - utf8.RuneCountInString(rest) + utf8.RuneCountInString(said)
}

// isBack reports whether what stands after a day says that somebody is back on it.
func isBack(after string) bool {
	if !strings.ContainsAny(after, "回返到班工假岗来") {
		return false
	}
	after = afterMay(after)
	return after == "回" || after == "来" || hasPrefix(after, homeWords+" "+workWords) && !hasPrefix(after, "到家里 到家中 到家门")
}

// severalLeaves reports whether the sentence names more days than those of the
// leave, with nothing but asking between: 明天请一天后天请半天, 周一到周五除了周三.
func severalLeaves(all []Found, days int, back *Found, plain []rune) bool {
	for k := range all {
		if days < 0 || k == days || all[k].rank() < 4 || &all[k] == back {
			continue
		}
		if before, _ := clauseAround(plain, all[k].From, all[k].To); k < days && hasSuffix(before, "是") { // 今天是2号
			continue
		}
		first, later := min(k, days), max(k, days)
		tie := tieBetween(all[first:later+1], plain)
		_, after := clauseAround(plain, all[later].From, all[later].To)
		_, asked := clauseAround(plain, all[first].From, all[first].To)
		inside := !all[k].Start.Before(all[days].Start) && !all[days].End.Before(all[k].End)
		goesOn := after == "" || hasPrefix(after, "请 休 歇 也 再 都 假") || later+1 < len(all) && all[later+1].From == all[later].To
		switch {
		case strings.Contains(tie, "除"):
			return true
		case !inside && goesOn && onlyTies(tie):
			return true
		case !inside && hasPrefix(asked, "请") && hasPrefix(after, "请") && !hasAny(tie, "改 不 错"): // 8号请假接孩子，9号请假看牙
			return true
		}
	}
	return false
}

// tieBetween is what stands between the first and the last of some phrases, besides
// phrases and asking.
func tieBetween(all []Found, plain []rune) string {
	from, to := all[0].To, all[len(all)-1].From
	text := append([]rune(nil), plain[from:to]...)
	for _, f := range all[1 : len(all)-1] {
		for i := f.From; i < f.To; i++ {
			text[i-from] = dropped
		}
	}
	dropWords(text, plain[from:to])
	return strings.Map(func(c rune) rune {
		if c == dropped || isStop(c) {
			return -1
		}
		return c
	}, string(text))
}

// onlyTies reports whether a text says nothing but that more comes.
func onlyTies(text string) bool {
	for w := range strings.FieldsSeq(tieWords + " 请 休 歇 假") {
		text = strings.ReplaceAll(text, w, "")
	}
	return text == ""
}

// bothEnds asks for both ends of a leave.
const bothEnds = "请说从哪天到哪天，例如“10月8日到9日”。"

// eachUntilBack are the leaves that a day of return leaves open for each reading of the days.
func (s *leaveSentence) eachUntilBack(all []LeaveDays) []LeaveDays {
	if s.back == nil {
		return nil
	}
	var out []LeaveDays
	more := false
	for _, l := range all {
		longer := s.untilBack(l)
		if s.length != nil {
			longer = s.contradicted(l, longer)
		}
		more = more || len(longer) > 0
		if len(longer) == 0 {
			longer = []LeaveDays{l}
		}
		out = append(out, longer...)
	}
	if !more {
		return nil
	}
	first := out[0].halves()
	return slices.DeleteFunc(out, func(l LeaveDays) bool { return l.halves() > first+2*longSpan }) // 去年元旦走
}

// contradicted are a leave and what its day of return makes of it, if that is another length
// than the one that was said: 1号走，请3天，6号回来, and not 4号.
func (s *leaveSentence) contradicted(l LeaveDays, longer []LeaveDays) []LeaveDays {
	if !s.isTrip([]rune(s.plain)) {
		longer = slices.DeleteFunc(longer, func(b LeaveDays) bool { return b == l })
	}
	same := func(b LeaveDays) bool { return b.Halves(s.r.off) == l.Halves(s.r.off) }
	if len(longer) == 0 || slices.ContainsFunc(longer, same) {
		return nil
	}
	return append([]LeaveDays{l}, longer...)
}

// untilBack are the leaves that a day of return leaves open, none if it says no more
// than l: a journey may include the way back, 明天走后天回来.
func (s *leaveSentence) untilBack(l LeaveDays) []LeaveDays {
	plain := []rune(s.plain)
	b, ok := s.back.following(l.Start, string(plain[s.back.From:s.back.To]))
	if !ok {
		return nil
	}
	_, after := clauseAround(plain, b.From, b.To)
	to := func(d Date, p Part) LeaveDays { return LeaveDays{l.Start, l.StartPart, d, p} }
	eve := to(b.Start.Add(-1), Afternoon)
	trip := s.isTrip(plain)
	if hasPrefix(afterMay(after), workWords) {
		if end, ok := b.leaveDays(); ok && end.StartPart == Afternoon {
			eve = to(b.Start, Morning)
		}
		if trip && eve.Span().Valid() && !eve.End.Before(l.End) { // 30号走4号回来上班
			return []LeaveDays{eve}
		}
		if eve.Span().Valid() && eve.End.Before(l.End) { // 3号到5号请假，5号上班
			return []LeaveDays{l, eve}
		}
		return s.orLonger(l, eve)
	}
	part, sure := b.wayHome()
	home := to(b.Start, part)
	switch all := s.orLonger(l, eve); {
	case !trip && len(all) > 0 && home.Halves(s.r.off) > eve.Halves(s.r.off):
		return append(all, home)
	case !trip:
		return all
	case home.End.Before(l.End):
		return []LeaveDays{l, home}
	case sure:
		return []LeaveDays{home}
	}
	if all := s.orLonger(eve, home); len(all) > 0 {
		return all
	}
	return []LeaveDays{home} // the day of return is a day of rest
}

// isTrip reports whether the days of the leave are those of a journey: 3号走6号回来, 6号回来
// 3号走.
func (s *leaveSentence) isTrip(plain []rune) bool {
	before, after := clauseAround(plain, s.days.From, s.days.To)
	if hasPrefix(after, "起 开始") || hasSuffix(before, "从 自 打") { // 12月1号开始，3号上班
		return true
	}
	if s.days.From < s.back.From {
		return hasAny(string(plain[s.days.To:s.back.From]), journey)
	}
	return hasAny(after, journey)
}

// sets reports whether a journey begins at a part of a day: 下午走.
func (s *leaveSentence) sets(part *Found) bool {
	_, after := clauseAround([]rune(s.plain), part.From, part.To)
	return part.Kind == HalfDay && goesOff(after)
}

// goesOff reports whether what stands after a day says that a journey begins on it.
func goesOff(after string) bool {
	if !strings.ContainsAny(after, "走出动启") {
		return false
	}
	after = afterMay(after)
	return hasPrefix(after, "走 出发 动身 启程") && !hasPrefix(after, "走亲 走人 走访 走动")
}

// wayHome is the part of the day on which the way home ends. Whoever is back in the evening
// has been on it all day, whoever is back early may have been home the day before.
func (f Found) wayHome() (last Part, sure bool) {
	switch hour := f.StartAt.Hour(); {
	case f.Kind == HalfDay && f.Part == Noon, f.Kind == Moment && hour > 9 && hour < 13:
		return Morning, true
	case f.Kind == HalfDay && halfOf(f.Part) == Morning, f.Kind == Moment && hour < 13:
		return Morning, false
	default:
		return Afternoon, f.Kind != OneDay
	}
}

// orLonger are two leaves of which the second is longer, none if it has no more
// working days.
func (s *leaveSentence) orLonger(l, longer LeaveDays) []LeaveDays {
	switch {
	case longer.End.Before(l.End) || longer.Halves(s.r.off) <= l.Halves(s.r.off):
		return nil
	case !l.Span().Valid():
		return []LeaveDays{longer}
	}
	return []LeaveDays{l, longer}
}

// lastBefore moves the end of a leave to the day before the one on which work was
// said to begin: 请到下周一上班.
func (s *leaveSentence) lastBefore(f Found) Found {
	before, after := clauseAround([]rune(s.plain), f.From, f.To)
	said := before + string([]rune(s.plain)[f.From:f.To])
	if !hasPrefix(after, workWords) || !hasAny(said, "请到 假到 休到 歇到") || len(f.Asks) > 0 || f.EndPart != WholeDay || f.Kind != OneDay && f.Kind != Days {
		return f
	}
	f.End = f.End.Add(-1)
	if f.Kind == Days && f.Start == f.End && f.StartPart == WholeDay {
		f.Kind = OneDay
	}
	return f
}
