package calendar

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// The words beside the days of a leave: of asking, of making up for one, and of
// somebody who corrects himself.
const (
	besideDays  = "请 休 歇 想请 要请 得请 我请 我想请 我要请 补休 调休 补假"
	pastLeave   = "补假 补请 补个 补一 补上 假补 补下 没来 没去 没到"
	notThatOne  = "不对 错了 应该是 不对是 错了是 哦不 噢不 啊不 唉不 哎不 呃不 不不 哦不是 不是不是"
	workedOn    = "调休的 补班的 值班的 加班的 值班 值了 加班 加了 放假"
	nextLabel   = "返岗日期 返岗时间 返回日期 返回时间"
	labelBefore = "岗日期 岗时间 返回日期 返回时间 销假日期 销假时间"
)

// daysOfLeave is which phrase names the days of the leave: the likeliest, of several
// the first. It is tied if other days are as likely: 三号有事四号有事.
func (r *reader) daysOfLeave(all []Found, plain []rune) (best int, tied bool) {
	best, most := -1, -1
	for k, f := range all {
		if f.rank() < 3 {
			continue
		}
		score := r.likelihood(f, plain)
		if f.Kind == Days && slices.ContainsFunc(all, func(g Found) bool { return g.Kind == Length && g.halves() == f.wholeHalves() }) {
			score += 2 // 请3天假，4号到6号
		}
		if score == most && score < 3 && best >= 0 && f.Start != all[best].Start {
			tied = score > 0
		}
		if score > most {
			best, most, tied = k, score, false
		}
	}
	return best, tied
}

// wholeHalves counts the half-days of whole days.
func (f Found) wholeHalves() int { return 2 * (f.End.Since(f.Start) + 1) }

// otherLengths are the words before a length that is not that of the leave.
const otherLengths = "剩 剩下 剩余 还剩 还有 共有 攒了 值班了 值了 加班了 加了 休了 休过 请过 用了 用掉"

// lengthOfLeave is which phrase says how long the leave is: the one beside its days, or the
// first; -1 if none does.
func lengthOfLeave(all []Found, days int, plain []rune) int {
	first := -1
	for k, f := range all {
		before, after := clauseAround(plain, f.From, f.To)
		if f.Kind != Length || hasSuffix(before, otherLengths) || strings.HasPrefix(after, "了") { // 发烧三天了
			continue
		}
		if from, to := f.From-utf8.RuneCountInString(before), f.To+utf8.RuneCountInString(after); days >= 0 && all[days].From >= from && all[days].To <= to {
			return k
		}
		if asked := hasAny(before+after, "请 休 歇 假 共") || onlyTies(before+after) || days < 0; first < 0 && (asked || !all[days].isAsked(plain)) { // 发烧三天，明天请假
			first = k
		}
	}
	return first
}

// likelihood is how likely a phrase names the days of the leave: it stands in one
// clause with the asking or beside it, begins with 从, ends with 起 or puts right what
// was said. A day of return (后天回来) is none of them.
func (r *reader) likelihood(f Found, plain []rune) int {
	before, after := clauseAround(plain, f.From, f.To)
	switch {
	case hasPrefix(after, nextLabel): // the next label
	case hasSuffix(before, labelBefore):
		return -1
	case hasPrefix(after, workedOn), isBack(after), f.From > 0 && string(plain[f.From:f.To]) == "过年": // 腊月二十八回老家过年
		return 0
	}
	said := string(plain[f.From:f.To])
	score := f.rank() - 3
	if hasAny(before+" "+said+" "+after, "请 假 休") {
		score = 2
	}
	if strings.ContainsAny(after, "请休歇调补") && hasPrefix(afterMay(after), besideDays) || hasSuffix(before, "请 请假 休 休假 歇") {
		score++
	}
	if goesOff(after) { // 弟弟5号结婚，4号走
		score++
	}
	if hasPrefix(after, "没来 没去 没到 没上班 没签") { // 昨天没到岗，补假
		score += 2
	}
	if score > 0 && f.End.Before(r.today) && !hasAny(string(plain), pastLeave+" 补") { // 昨天摔了腿明天请假
		score--
	}
	if hasSuffix(strings.TrimRightFunc(string(plain[:f.From]), isStop), notThatOne) {
		score += 3
	}
	if hasPrefix(after, "起 开始") || hasPrefix(said, "从 自 打") {
		score += 2
	}
	return score
}

// soon is how many days ahead a day without a year can be taken as meant.
const soon = 180

// likely drops readings that nobody asks leave for, where others are left: days that
// are long past, hours of the night.
func (s *leaveSentence) likely(f Found) Found {
	if !asksForLeave(s.plain) || len(f.Asks) < 2 {
		return f
	}
	past := s.makesUp()
	kept := slices.DeleteFunc(slices.Clone(f.Asks), func(q Question) bool {
		if past {
			return q.Start.After(s.r.today)
		}
		night := (q.Kind == Moment || q.Kind == Spell) && q.StartAt.Hour() < 6
		return night || s.r.today.Since(q.End) > recent
	})
	switch {
	case len(kept) == 0 || len(kept) == len(f.Asks) || kept[0].Start.Since(s.r.today) > soon:
	case len(kept) == 1:
		f.Reading, f.Asks = kept[0].Reading, nil
	default:
		f.Reading, f.Asks = kept[0].Reading, kept
	}
	return f
}

// makesUp reports whether leave is asked for days that have passed: 补3号的假.
func (s *leaveSentence) makesUp() bool {
	return hasAny(s.plain, pastLeave) || hasPrefix(s.plain, "补") && !hasPrefix(s.plain, "补休 补办 补班")
}

// vaguely is the question about days of which only one side is known: 5号以前请假.
func (s *leaveSentence) vaguely(f Found) string {
	before, after := clauseAround([]rune(s.plain), f.From, f.To)
	near := hasPrefix(after, "前后 左右") || hasSuffix(string([]rune(s.plain)[f.From:f.To]), "左右 上下") && s.length != nil
	if over := longestAt(before, "过了 过完 过罢", strings.HasSuffix); over != "" && onlyTies(strings.TrimSuffix(before, over)) { // 过了正月十五请三天
		near = true
	}
	open := near || hasPrefix(after, "以前 以后 之前 之后") || slices.Contains([]string{"前", "后"}, after) || hasPrefix(after, "前请 后请 前休 后休")
	if s.makesUp() && f.Start.After(s.r.today) && len(f.Asks) == 0 {
		return "这一天还没到。补的是哪一天的假？例如“9月30日”。"
	}
	said := string([]rune(s.plain)[f.From:f.To])
	if w, n := wordAt(said); said == "过年" || w.class == cFestival && n == len(said) && (hasPrefix(after, "多 加 再 续 回来 结束 完 连着 连休 连请 接着 挨着") || hasSuffix(before, "连 连着 连上 挨着 接着 跟着")) { // 国庆多休两天
		return whichDayAfter
	}
	if open && (f.Kind == OneDay || f.Kind == Days) {
		return bothEnds
	}
	return ""
}

// roughWords name days that are a few as often as they are two.
const roughWords = "过两天 过俩天 这两天 这俩天 半个月后 半月后"

// roughly makes a proposal of a leave that was named so.
func (s *leaveSentence) roughly(out FoundLeave) FoundLeave {
	if out.HasDays() && hasAny(string([]rune(s.plain)[out.From:out.To]), roughWords) {
		out.Confirm = true
		out.Asks = []Question{{out.Days.reading(), s.r.isIt(out.Days.reading())}}
	}
	return out
}
