package calendar

import (
	"fmt"
	"slices"
	"strings"
)

// all are the phrases of the sentence in their order.
func (r *reader) all() []Found {
	var all []Found
	for i := 0; i < len(r.toks); {
		p, next := r.phrase(i)
		if next == i {
			i++
			continue
		}
		f := r.found(p, i, next)
		if all = append(all, f); f.rank() == 4 && f.Kind != NoSuchDay {
			r.last, r.unsure = Stretch{f.Start, f.End}, slices.ContainsFunc(f.Asks, func(q Question) bool { return q.Start != f.Start && r.today.Since(q.Start) <= recent })
		}
		i = next
	}
	return all
}

// best is the phrase of the sentence that names days, or else the first one.
func (r *reader) best() Found {
	best := Found{Reading: Reading{Kind: NoPhrase}}
	for _, f := range r.all() {
		if f.rank() > best.rank() {
			best = f
		}
	}
	return best
}

// longSpan is how many days are more than anybody names for a leave in passing:
// 今年收成不错，明天请假.
const longSpan = 27

// rank says how much a phrase says about days.
func (f Found) rank() int {
	switch f.Kind {
	case Days:
		if f.End.Since(f.Start) >= longSpan {
			return 3
		}
		return 4
	case NoSuchDay:
		return 4
	case OneDay, HalfDay, Moment, Spell:
		if f.Today {
			return 2
		}
		return 4
	case Length:
		return 1
	default:
		if len(f.Asks) > 0 {
			return 1
		}
		return 0
	}
}

// found is what a phrase means to the one who asked.
func (r *reader) found(p phrase, i, next int) Found {
	f := Found{whole: p.whole, Reading: Reading{Kind: NoPhrase}, From: r.toks[i].from, To: r.toks[next-1].to}
	switch {
	case p.invalid != "" && len(p.readings) == 0:
		f.Kind = NoSuchDay
		f.Asks = nil
		return f
	case len(p.readings) == 0:
		if p.vague != "" {
			f.Asks = []Question{{Reading: Reading{Kind: NoPhrase}, Text: p.vague}}
		}
		return f
	}
	f.Reading = p.readings[0]
	if len(p.readings) == 1 && !p.slip {
		return f
	}
	for _, got := range p.readings {
		f.Asks = append(f.Asks, Question{got, r.isIt(got)})
	}
	return f
}

// isIt asks whether a reading is meant.
func (r *reader) isIt(g Reading) string { return "是" + g.Chinese(r.off, r.today) + "吗？" }

// ChineseSeen writes a day as somebody says it on another day, with the year if
// that is another one, and with what kind of day it is where that is not plain:
// 10月10日 周六 · 补班日, 2027年2月6日 周六.
func (o DaysOff) ChineseSeen(d, from Date) string {
	if d.Year == from.Year {
		return o.Chinese(d)
	}
	return fmt.Sprintf("%d年%s", d.Year, o.Chinese(d))
}

// Chinese writes a reading as somebody says it on another day, each day with its
// weekday and, where that is not plain, what kind of day it is: 10月10日 周六 · 补班日.
func (g Reading) Chinese(off DaysOff, from Date) string {
	first, last := off.ChineseSeen(g.Start, from), off.ChineseSeen(g.End, g.Start)
	switch g.Kind {
	case OneDay:
		return first
	case Days:
		return withPart(first, g.StartPart) + "到" + withPart(last, g.EndPart)
	case HalfDay:
		return withPart(first, g.Part)
	case Moment:
		return first + " " + g.StartAt.Format("15:04")
	case Spell:
		return first + " " + g.StartAt.Format("15:04") + "到" + last + " " + g.EndAt.Format("15:04")
	case Length:
		return lengthText(g.Seconds, g.Workdays)
	default:
		return ""
	}
}

// withPart writes a day with a part of it.
func withPart(day string, p Part) string {
	if p == WholeDay {
		return day
	}
	return day + " " + p.Chinese()
}

// Chinese names a part of a day.
func (p Part) Chinese() string {
	switch p {
	case Dawn:
		return "凌晨"
	case Morning:
		return "上午"
	case Noon:
		return "中午"
	case Afternoon:
		return "下午"
	case Evening:
		return "晚上"
	case Night:
		return "深夜"
	default:
		return ""
	}
}

// lengthText writes a length: 2天12小时.
func lengthText(seconds int64, workdays int) string {
	if workdays > 0 {
		return fmt.Sprintf("%d个工作日", workdays)
	}
	var b strings.Builder
	for _, u := range []struct {
		size int64
		name string
	}{{secondsOfDay, "天"}, {3600, "小时"}, {60, "分钟"}, {1, "秒"}} {
		if n := seconds / u.size; n > 0 {
			fmt.Fprintf(&b, "%d%s", n, u.name)
		}
		seconds %= u.size
	}
	return b.String()
}
