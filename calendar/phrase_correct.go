package calendar

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// correction reads one correction of a leave so far.
type correction struct {
	r     *reader
	plain string
	leave LeaveDays
	found []Found
	// denied says that nothing but what is not asked for was found.
	denied bool
	goes   bool // somebody goes off on the day that was said
}

// CorrectLeave reads a correction of a leave that is being asked for: 改成9号到10号,
// 推迟一天, 多请一天, 不对，是下午. What it leaves out stays as it was: a day without a
// month is near the leave. Found is none if nothing about days was said; Type is
// set where another kind of leave was (不是事假是病假).
func CorrectLeave(l LeaveDays, text string, now time.Time, off DaysOff) FoundLeave {
	plain := string(plain([]rune(text)))
	if isQuestion(plain) {
		return FoundLeave{Found: Found{Reading: Reading{Kind: NoPhrase}}}
	}
	r := newReader(text, now, off)
	r.about, r.last = l.Start, Stretch{l.Start, l.End}
	c := correction{r: r, plain: plain, leave: l}
	kept, denied := denials(r.all(), []rune(plain))
	if c.found = kept; len(kept) == 0 {
		c.found, c.denied = denied, len(denied) > 0
	}
	out := c.read()
	out.Type = leaveType(plain)
	if out.Type != "" && out.Kind == NoPhrase && len(out.Asks) == 0 { // 不是事假是病假
		out.Reading, out.Days = l.reading(), l
	}
	return out
}

// The words of a correction.
const (
	laterWords   = "推迟 延后 往后 后推 顺延 延迟 向后 晚走 后延 推后 后挪 后移 迟"
	earlierWords = "提前 提早 往前 向前 早走 前移 前推 前挪"
	moreWords    = "多请 再请 加请 延长 续假 再加 多加 多休 续 加 再多 多要 多 延"
	fewerWords   = "少请 减少 缩短 减 少休 少 早回"
	firstWords   = "开始 起 从"
	lastWords    = "结束 为止 截止 截至 止 回来 延长到 延长至"
	moveWords    = "改到 提前到 推迟到 换到 挪到 调到 延后到 推到 移到 变更到 顺延到 延迟到 推后到 调整到"
	onlyWords    = "只 仅 就请"
)

// read takes the meanings of a correction from the plainest to the loosest.
func (c *correction) read() FoundLeave {
	days, part, length := c.pick()
	switch {
	case days != nil && days.Kind == NoSuchDay:
		return FoundLeave{Found: *days}
	case (part != nil || length != nil) && hasAny(c.plain, eachWords):
		return c.ask(*cmp.Or(part, length), eachHalf)
	case days == nil && length != nil:
		return c.byLength(*length)
	case days == nil && part != nil && c.denied:
		return c.without(part.on(c.leave.Start))
	case days == nil && part != nil:
		return c.byPart(*part)
	case days == nil:
		return c.vague()
	}
	before, after := clauseAround([]rune(c.plain), days.From, days.To)
	c.goes = goesOff(after)
	switch dropped := c.denied || hasPrefix(afterMay(after), droppedWords+" "+deniedWords) || hasSuffix(before, "除了 除"); {
	case dropped && c.single():
		return c.without(*days)
	case c.single() && c.adds(before, after):
		return c.longerBy(*days)
	case isBack(after) && !c.single(), c.cuts(before): // 明天去后天回, 1号到3号除了2号 say it all anew
		s := c.r.leaveSentence(c.plain)
		return s.answer()
	case isBack(after) && length == nil:
		return c.untilBack(*days, after)
	}
	if part != nil && part.Kind == HalfDay && days.Kind == OneDay { // 9号只请上午
		days.Kind, days.Part, part = HalfDay, part.Part, nil
		for i := range days.Asks {
			days.Asks[i].Kind, days.Asks[i].Part = HalfDay, days.Part
		}
	}
	if longer := c.endsWith() && hasAny(c.plain, moreWords); longer { // 加半天，到4号上午
		length = nil
	}
	return c.toDays(*days, length)
}

// cuts reports whether days are said of which some are not asked for.
func (c *correction) cuts(before string) bool {
	_, denied := denials(c.r.all(), []rune(c.plain))
	return !c.single() && hasSuffix(before, "除了 除 除去 除开") || len(denied) > 0 && slices.ContainsFunc(c.found, func(f Found) bool { return f.Kind == Days && f.rank() == 4 })
}

// pick takes the last phrase of each sort: 不是8号是9号 means the second.
func (c *correction) pick() (days, part, length *Found) {
	for i := range c.found {
		switch f := &c.found[i]; {
		case f.rank() >= 3:
			days = f
		case f.rank() == 2:
			part = f
		case f.Kind == Length:
			length = f
		}
	}
	return days, part, length
}

// vague asks for what a correction does not say plainly: 多请几天.
func (c *correction) vague() FoundLeave {
	for _, f := range c.found {
		if len(f.Asks) > 0 {
			return FoundLeave{Found: f}
		}
	}
	return FoundLeave{Found: Found{Reading: Reading{Kind: NoPhrase}}}
}

// byLength is 推迟一天, 提前两天, 多请半天, 少请一天, 改成三天.
func (c *correction) byLength(f Found) FoundLeave {
	n, l := f.halves(), c.leave
	if f.Workdays > 0 {
		n = 2 * f.Workdays
	}
	if way := c.moves(f); way != 0 {
		return c.byMoving(f, n*way)
	}
	switch {
	case hasAny(c.plain, moreWords):
		return c.settled(f, l.lasting(l.halves()+n))
	case hasAny(c.plain, fewerWords):
		return c.shorter(f, n)
	case f.Workdays > 0:
		return c.settled(f, l.lastingWorkdays(f.Workdays, c.r.off))
	case n == 2 && l.Start == l.End && l.halves() == 1:
		whole := LeaveDays{l.Start, Morning, l.End, Afternoon}
		if hasAny(c.plain, "整 全") || l.StartPart == Morning { // 不是下午是一整天
			return c.settled(f, whole)
		}
		return c.r.offer(FoundLeave{Found: f}, []LeaveDays{whole, l.lasting(n)})
	case n == 1 && l.halves() > 1:
		l.End = l.Start
		am, pm := l, l
		am.StartPart, am.EndPart, pm.StartPart, pm.EndPart = Morning, Morning, Afternoon, Afternoon
		return c.r.offer(FoundLeave{Found: f}, []LeaveDays{am, pm})
	}
	return c.settled(f, l.lasting(n))
}

// byPart is 是下午 for a leave of one day. Of a longer one either end may be meant,
// unless it is said which.
func (c *correction) byPart(f Found) FoundLeave {
	half, l := halfOf(f.Part), c.leave
	_, after := clauseAround([]rune(c.plain), f.From, f.To)
	if f.Kind != HalfDay {
		half = halfAt(f.StartAt)
	}
	switch {
	case f.Kind == OneDay: // 上午和下午
		l.StartPart, l.EndPart = Morning, Afternoon
		return c.settled(f, l)
	case c.adds(clauseAround([]rune(c.plain), f.From, f.To)):
		return c.longerBy(f.on(l.Start))
	case l.Start != l.End && (hasAny(c.plain, eachWords) || hasAny(c.plain, onlyWords) && !hasAny(c.plain, firstWords+" "+lastWords)):
		return c.ask(f, eachHalf)
	case l.Start == l.End:
		l.StartPart, l.EndPart = half, half
		return c.settled(f, l)
	case hasAny(c.plain, firstWords), goesOff(after):
		l.StartPart = half
		return c.settled(f, l)
	case hasAny(c.plain, lastWords+" 到"):
		l.EndPart = half
		return c.settled(f, l)
	case half == Morning && l.StartPart == Afternoon && l.EndPart == Afternoon && strings.Contains(c.plain, "不是下午"):
		l.StartPart = Morning
		return c.settled(f, l)
	case half == Afternoon && l.EndPart == Morning && l.StartPart == Morning && strings.Contains(c.plain, "不是上午"):
		l.EndPart = Afternoon
		return c.settled(f, l)
	}
	first, last := l, l
	first.StartPart, last.EndPart = half, half
	return c.r.offer(FoundLeave{Found: f}, []LeaveDays{first, last})
}

// toDays is 改成9号到10号, 改到下周, 从9号开始, 到10号为止, 提前到7号.
func (c *correction) toDays(f Found, length *Found) FoundLeave {
	var all []LeaveDays
	week := false
	for _, g := range f.each() {
		l, ok := g.leaveDays()
		if !ok {
			continue
		}
		week = week || g.Kind == Days && g.Start.Weekday() == time.Monday && g.End.Since(g.Start) == 6
		placed := c.placed(g, l)
		switch trimmed, ok := c.trimmed(l, length); {
		case ok:
			placed = trimmed
		case length != nil:
			placed = []LeaveDays{l.lasting(length.halves())}
		}
		for _, l := range placed {
			if !l.End.Before(l.Start) && !slices.Contains(all, l) {
				all = append(all, l)
			}
		}
	}
	if len(all) == 0 {
		return c.ask(f, "这几天排不出来。请说从哪天到哪天，例如“10月8日到9日”。")
	}
	out := c.r.offer(FoundLeave{Found: f}, all)
	if len(all) > 1 || !week || c.leave.halves() > 10 {
		return out
	}
	out.Confirm = true
	out.Asks = []Question{{out.Reading, c.r.isIt(out.Reading)}}
	return out
}

// placed puts one end or the whole of the leave on what was said.
func (c *correction) placed(g Reading, l LeaveDays) []LeaveDays {
	was := c.leave
	if g.Kind == Days && g.Start.Weekday() == time.Monday && g.End.Since(g.Start) == 6 && was.halves() <= 10 {
		return c.sameDaysOf(g)
	}
	moved := was.moved(2 * l.Start.Since(was.Start))
	longer, later := was, was
	longer.End, longer.EndPart = l.End, l.EndPart
	if g.Part == Noon { // 3号中午结束
		longer.EndPart = Morning
	}
	later.Start, later.StartPart = l.Start, l.StartPart
	switch {
	case g.Start != g.End || hasAny(c.plain, onlyWords):
		return []LeaveDays{l}
	case hasAny(c.plain, lastWords) || c.endsWith():
		return []LeaveDays{longer}
	case hasAny(c.plain, "延到 延至"):
		return []LeaveDays{moved, longer}
	case strings.Contains(c.plain, "开始") && !hasAny(c.plain, moveWords):
		return []LeaveDays{later}
	case c.goes && l.Start == was.Start: // 1号下午走
		return []LeaveDays{later}
	case l.Start == l.End && c.goes && was.Start != was.End: // 29号走
		return []LeaveDays{moved, later}
	case l.StartPart == l.EndPart:
		return []LeaveDays{l}
	case hasAny(c.plain, moveWords):
		return c.wayOf(moved)
	case was.Start == was.End:
		was.Start, was.End = l.Start, l.End
		return []LeaveDays{was}
	}
	return []LeaveDays{moved, l}
}

// sameDaysOf moves the leave to the same days of another week. If it is in that
// week already, the week after it is meant.
func (c *correction) sameDaysOf(g Reading) []LeaveDays {
	l := c.leave
	days := g.Start.Since(weekSpan(l.Start).From)
	if days == 0 {
		days = 7
	}
	return []LeaveDays{l.moved(2 * days)}
}

// wayOf keeps a leave that was put off from beginning earlier: 推迟到下周一 is the
// Monday after it.
func (c *correction) wayOf(l LeaveDays) []LeaveDays {
	for range 2 {
		if hasAny(c.plain, laterWords+" 推到") && !l.Start.After(c.leave.Start) && strings.ContainsAny(c.plain, "周期拜") {
			l = l.moved(14)
		}
	}
	switch {
	case hasAny(c.plain, laterWords+" 推到") && l.Start.Before(c.leave.Start), hasAny(c.plain, earlierWords) && l.Start.After(c.leave.Start):
		return nil
	}
	return []LeaveDays{l}
}

// endsWith reports whether a day is said to be the last: 到10号.
func (c *correction) endsWith() bool {
	return strings.Contains(c.plain, "到") && !hasAny(c.plain, moveWords+" 延到")
}

// settled is a leave that is plain.
func (c *correction) settled(f Found, l LeaveDays) FoundLeave {
	out := FoundLeave{Found: f, Days: l}
	out.Reading, out.Asks = l.reading(), nil
	return out
}

// ask asks for words that can be read.
func (c *correction) ask(f Found, text string) FoundLeave {
	f.Kind = NoPhrase
	f.Asks = []Question{{Reading{Kind: NoPhrase}, text}}
	return FoundLeave{Found: f}
}

// each are the readings of what was found.
func (f Found) each() []Reading {
	if len(f.Asks) == 0 {
		return []Reading{f.Reading}
	}
	var all []Reading
	for _, q := range f.Asks {
		all = append(all, q.Reading)
	}
	return all
}
