package calendar

// clipped is a row of numbers that share one 号: 8-10号, 8、9、10号.
type clipped struct {
	first, last, count int
	listed             bool // by 、 or 和
	gaps               bool // listed, and not one after another
	turned             bool // the first of a month after the last of another: 30、1号
}

// clippedAt reads the numbers of such a row.
func (r *reader) clippedAt(from int) (c clipped, next int) {
	first, ok := r.number(from, 1, 31)
	if !ok {
		return c, from
	}
	c, next = clipped{first: first, last: first, count: 1}, from+1
	dots := r.at(from+1) == cDot && r.at(from+3) == cDot // 3.4.5号
	for r.is(next, cTo, cDash, cTilde, cAnd) || dots && r.at(next) == cDot && r.val(next+1) == c.last+1 || r.at(next) == cNumber && !r.close(next) && r.val(next) == c.last+1 {
		if r.at(next) == cNumber { // 28 29 30号
			next--
		}
		n, ok := r.number(next+1, 1, 31)
		if !ok {
			break
		}
		turns := n == 1 && c.last >= 28
		c.listed = c.listed || r.at(next) == cAnd
		c.gaps = c.gaps || c.listed && n != c.last+1 && !turns
		c.turned = c.turned || c.listed && turns
		c.last, c.count, next = n, c.count+1, next+2
	}
	return c, next
}

// clippedDays reads days that share one 号: 8-10号, 8、9、10号, 10月8到9号, 3-5月.
func (r *reader) clippedDays(i int) (phrase, int) {
	from := r.skip(i, cFrom)
	c, next := r.clippedAt(from)
	if next <= from+1 {
		return phrase{}, i
	}
	marked := r.at(next) == cHao || r.at(next) == cDay && r.val(next) == 0
	counted := r.countedDays(next, c.last-c.first+1)
	switch {
	case c.gaps && marked: // 3、5号
		return phrase{vague: apart}, next + 1
	case c.gaps:
		return phrase{}, i
	case marked, counted, c.last > 24 && c.last > c.first && r.at(next) == cAsk: // 28、29两天, 28到30请假
		left := point{days: r.settle(0, 0, c.first), day: true, part: noPart}
		right, _ := r.rightPoint(left, next-1)
		out := r.between(left, right)
		if c.turned && (len(out.readings) == 0 || out.readings[0].End.Since(out.readings[0].Start)+1 != c.count) {
			out = phrase{vague: apart}
		}
		if marked {
			next++
		}
		return out, next
	case r.at(next) == cMonth && c.last <= 12 && c.first <= 12:
		left := point{days: r.wholeMonth(0, c.first), day: true, part: noPart}
		right, _ := r.rightPoint(left, next-1)
		return r.between(left, right), next + 1
	}
	return phrase{}, i
}
