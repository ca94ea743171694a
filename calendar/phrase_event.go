package calendar

import "strings"

// eventWords are what befalls somebody on a day, whoever asks for leave because of it: the
// leave may begin before. What somebody does himself on it (ownWords) begins with the leave.
const (
	eventWords = "结婚 婚礼 办喜 喜酒 出嫁 出阁 订婚 定亲 订亲 过门 回门 娶 过寿 大寿 生日 满月 百天 百日 周岁 出殡 下葬 送葬 发丧 发引 去世 过世 病故 没了 老了人 三周年 周年 忌日 手术 开刀 " +
		"住院 出院 生孩子 生娃 预产期 开学 考试 高考 中考 毕业 过事 办事 上梁 乔迁 搬家"
	ownWords = "去 回 参加 赶 陪 送 带 接 到 走 照顾 伺候 出发"
	others   = kin + " 家里 家 同学 朋友 邻居 战友 亲家 老丈 丈母 侄 外甥 嫂 婶 岳母"
)

// fromWhen asks for the first day of a leave of which the length is known.
const fromWhen = "从哪天开始请？"

// ofEvent reports whether the days belong to the reason: somebody else's 12月5号结婚.
func (s *leaveSentence) ofEvent(f Found) bool {
	if f.Kind != OneDay && f.Kind != HalfDay && f.Kind != Moment || len(f.Asks) > 0 || s.length == nil || s.makesUp() {
		return false
	}
	before, after := clauseAround([]rune(s.plain), f.From, f.To)
	if over := f.Start.Before(s.r.today); !over && s.length.halves() < 3 && s.length.Workdays < 2 {
		return false
	} else if over && after != "" && !s.begins() && !hasPrefix(afterMay(after), besideDays) && hasAny(s.plain, "请") { // 昨天扭了脚请假三天
		return true
	}
	if s.begins() || hasPrefix(after, "请 休 歇") || hasSuffix(before, "请") {
		return false
	}
	if !hasAny(after, eventWords) {
		return false
	}
	what := after
	for w := range strings.FieldsSeq("请 休 歇") {
		what, _, _ = strings.Cut(what, w)
	}
	event := longestAt(what, eventWords, strings.Contains)
	if event == "" {
		return false
	}
	led, _, _ := strings.Cut(what, event)
	return hasAny(before+led, others) && !hasAny(led, ownWords)
}

// aroundEvent asks which days around somebody's day the leave is: from that day, from the day
// before, or until it. Of a day that is over the first day is asked for.
func (s *leaveSentence) aroundEvent(f Found) FoundLeave {
	day := f.Start
	if day.Before(s.r.today) {
		out := FoundLeave{Found: *s.length}
		out.Asks = []Question{{Reading{Kind: NoPhrase}, fromWhen}}
		return out
	}
	whole := LeaveDays{day, Morning, day, Afternoon}
	eve := LeaveDays{day.Add(-1), Morning, day, Afternoon}
	var all []LeaveDays
	for _, l := range []LeaveDays{s.longAs(whole), s.longAs(eve), s.lastingUntil(whole)} {
		if !l.Start.Before(s.r.today) && (len(all) == 0 || l != all[len(all)-1]) {
			all = append(all, l)
		}
	}
	return s.r.offer(FoundLeave{Found: f}, all)
}

// longAs is the leave that begins with another and has the length that was said.
func (s *leaveSentence) longAs(l LeaveDays) LeaveDays {
	if n := s.length.Workdays; n > 0 {
		return l.lastingWorkdays(n, s.r.off)
	}
	return l.lasting(s.length.halves())
}
