package calendar

import "strings"

// The words beside a day on which a leave is over: somebody travels home on it, or
// works again.
const (
	homeWords = "回来 回村 返回 到家 返村 才回"
	workWords = "上班 返岗 到岗 销假 回来上班 回单位 回村上班 正常上班 来上班"
)

// journey are the words of a leave that is a journey: its last day is the way
// back.
const journey = "走 不在 去 动身 出发 启程 回老家 出门"

// tieWords join what is said of several leaves.
const tieWords = "除了 除 加上 外加 加 还有 另外 以及 然后 再 各 都 也 和 跟 全天 一天 我 想 要"

// dayBack is the day after the days of the leave on which somebody is back, nil if
// none was said.
func dayBack(all []Found, days int, plain []rune) *Found {
	for k := days + 1; k < len(all) && days >= 0; k++ {
		f := all[k]
		_, after := clauseAround(plain, f.From, f.To)
		if single := f.Kind == OneDay || f.Kind == HalfDay || f.Kind == Moment; !single || f.rank() < 3 || !isBack(after) {
			continue
		}
		if f, ok := f.following(all[days].Start, string(plain[f.From:f.To])); ok {
			all[k] = f
			return &all[k]
		}
	}
	return nil
}

// following takes of a day's readings the first that is not before another day, in the
// next month if need be: 30号走8号回来. It reports whether there is one.
func (f Found) following(first Date, text string) (Found, bool) {
	for _, g := range f.each() {
		if !g.Start.Before(first) {
			f.Reading, f.Asks = g, nil
			return f, true
		}
	}
	if strings.Contains(text, "月") || !hasAny(text, "号 日") || f.Kind == Moment {
		return f, false
	}
	f.Start = addMonths(f.Start, 1)
	f.End, f.Asks = f.Start, nil
	return f, !f.Start.Before(first)
}

// isBack reports whether what stands after a day says that somebody is back on it.
func isBack(after string) bool {
	return after == "回" || hasPrefix(after, homeWords+" "+workWords)
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

// untilBack are the leaves that a day of return leaves open, none if it says no more
// than l: a journey may include the way back, 明天走后天回来.
func (s *leaveSentence) untilBack(l LeaveDays) []LeaveDays {
	b := s.back
	plain := []rune(s.plain)
	_, after := clauseAround(plain, b.From, b.To)
	to := func(d Date, p Part) LeaveDays { return LeaveDays{l.Start, l.StartPart, d, p} }
	eve := to(b.Start.Add(-1), Afternoon)
	if hasPrefix(after, workWords) {
		if end, ok := b.leaveDays(); ok && end.StartPart == Afternoon {
			eve = to(b.Start, Morning)
		}
		return s.orLonger(l, eve)
	}
	trip := hasAny(tieBetween([]Found{*s.days, *b}, plain), journey)
	half, _ := b.leaveDays()
	home := to(b.Start, half.EndPart)
	switch {
	case !trip:
		if all := s.orLonger(l, eve); len(all) > 0 {
			return append(all, home)
		}
		return nil
	case half.EndPart == Afternoon && half.StartPart == Afternoon:
		return []LeaveDays{home}
	}
	return s.orLonger(eve, home)
}

// orLonger are two leaves of which the second is longer, none if it has no more
// working days.
func (s *leaveSentence) orLonger(l, longer LeaveDays) []LeaveDays {
	switch {
	case longer.End.Before(l.End) || longer.Halves(s.r.off) <= l.Halves(s.r.off):
		return nil
	case l.End.Before(l.Start):
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
