package calendar

import (
	"slices"
	"strings"
)

// The words behind a day on which a leave ends, and before one.
const (
	endsBehind = "结束 为止 截止 止"
	endsAhead  = "结束 结束时间 结束日期 结束时间为 截止 截止时间 截止日期 终止时间 终止日期"
)

// joinedEnds makes a span of two days of which the second is said to be the last: 明天开始，下
// 周三结束.
func (r *reader) joinedEnds(all []Found, plain []rune) []Found {
	if !hasAny(string(plain), "结束 止") {
		return all
	}
	var out []Found
	for _, f := range all {
		first := len(out) - 1
		_, after := clauseAround(plain, f.From, f.To)
		ahead := strings.TrimRightFunc(string(plain[:f.From]), isStop)
		if first < 0 || !f.isPoint() || f.rank() < 4 || !out[first].isPoint() || out[first].rank() < 4 || !hasPrefix(afterMay(after), endsBehind) && !hasSuffix(ahead, endsAhead) {
			out = append(out, f)
			continue
		}
		var all phrase
		for _, g := range out[first].each() {
			from, _ := g.leaveDays()
			if near, ok := f.following(g.Start, string(plain[f.From:f.To])); ok {
				to, _ := near.leaveDays()
				all.add(LeaveDays{from.Start, from.StartPart, to.End, to.EndPart}.reading())
			}
		}
		if len(all.readings) == 0 {
			out = append(out, f)
			continue
		}
		out[first].Reading, out[first].Asks, out[first].To = all.readings[0], nil, f.To
		if len(all.readings) > 1 {
			for _, g := range all.readings {
				out[first].Asks = append(out[first].Asks, Question{g, r.isIt(g)})
			}
		}
	}
	return out
}

// halvesOfDays makes one phrase of a day and its half that are apart: 周四只请上午.
func halvesOfDays(all []Found, plain []rune) []Found {
	var out []Found
	for _, f := range all {
		last := len(out) - 1
		if last < 0 || f.Kind != HalfDay || !f.Today || out[last].Kind != OneDay || out[last].Today ||
			!slices.Contains([]string{"只请", "只", "就请", "只要", "只休"}, string(plain[out[last].To:f.From])) {
			out = append(out, f)
			continue
		}
		day := out[last]
		day.Kind, day.Part, day.To = HalfDay, f.Part, f.To
		day.Asks = slices.Clone(day.Asks)
		for i := range day.Asks {
			day.Asks[i].Kind, day.Asks[i].Part = HalfDay, f.Part
		}
		out[last] = day
	}
	return out
}

// trimmedEnds takes half a day that is said of one end of a span into the span: 1号到3号，3号
// 只请上午. It is cut if the half is another one.
func trimmedEnds(all []Found, plain []rune) (out []Found, cut bool) {
	if len(all) < 2 {
		return all, false
	}
	for _, f := range all {
		span := len(out) - 1
		for span >= 0 && out[span].Kind != Days {
			span--
		}
		before, after := clauseAround(plain, f.From, f.To)
		asked := after == "" || hasPrefix(after, "请 休 歇") || hasAny(before+string(plain[f.From:f.To]), "只")
		if span < 0 || f.Kind != HalfDay || f.Today || !asked || !onlyTies(tieBetween([]Found{out[span], f}, plain)) {
			out = append(out, f)
			continue
		}
		days := &out[span]
		near, ok := f.following(days.Start, string(plain[f.From:f.To]))
		switch half := halfOf(f.Part); {
		case !ok || near.Start.After(days.End):
			out = append(out, f)
		case near.Start == days.End && half == Morning && len(days.Asks) == 0:
			days.EndPart, days.To = Morning, f.To
		case near.Start == days.Start && half == Afternoon && len(days.Asks) == 0:
			days.StartPart, days.To = Afternoon, f.To
		default:
			cut = true
		}
	}
	return out, cut
}
