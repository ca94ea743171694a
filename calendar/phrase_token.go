package calendar

import (
	"strings"
	"unicode/utf8"
)

// class is what a token is to the grammar.
type class uint8

// token is a word, a number or a sign of a sentence.
type token struct {
	class    class
	val      int  // of a number, or what the word table says
	width    int  // digits of a number that was written digit by digit
	from, to int  // runes of the sentence
	gap      bool // a space or 的 stands before it
	digits   bool // a number in Arabic digits
	vague    bool // 三四, 几
	run      bool // a further day of a week: 三四 in 周二三四
	moon     bool // 廿: only lunar days are written so
}

// tokens cuts a sentence up: the longest word of the table at each place, numbers
// in one piece, spaces and 的 left out.
func tokens(text []rune) []token {
	s := string(text)
	toks := make([]token, 0, len(text))
	gap := false
	for at, n := 0, 0; at < len(s); {
		if s[at] == ' ' || s[at] == '\t' {
			at, n, gap = at+1, n+1, true
			continue
		}
		t, size := next(s[at:], toks)
		runes := utf8.RuneCountInString(s[at : at+size])
		t.from, t.to, t.gap = n, n+runes, gap
		at, n, gap = at+size, n+runes, false
		if t.class == cDe {
			gap = true
			continue
		}
		toks = append(toks, t)
	}
	return toks
}

// next is the token at the beginning of s and how many bytes it takes. What comes
// after 周 is one numeral: 周三三天 is two.
func next(s string, before []token) (token, int) {
	if n := len(before); n > 0 && before[n-1].class == cWeek && s[0] >= utf8.RuneSelf {
		r, size := utf8.DecodeRuneInString(s)
		if d, unit := numeral(r); d > 0 && unit == 0 {
			return token{class: cNumber, val: d, width: 1}, size
		}
	}
	if n := len(before); n > 1 && before[n-1].width == 1 && (before[n-1].run || before[n-2].class == cWeek) {
		if day, size := weekRun(s, before[n-1].val); size > 0 {
			return token{class: cNumber, val: day, width: 1, run: true}, size
		}
	}
	if t, size := afterToken(s, before); size > 0 {
		return t, size
	}
	if w, size := wordAt(s); size > 0 {
		return token{class: w.class, val: w.val}, size
	}
	if t, size := numberAt(s); size > 0 {
		return t, size
	}
	_, size := utf8.DecodeRuneInString(s)
	return token{class: cOther}, size
}

// afterToken reads what is another word than the table says after the token before it.
func afterToken(s string, before []token) (token, int) {
	if len(before) == 0 {
		return token{}, 0
	}
	last := before[len(before)-1]
	rest := strings.TrimLeft(s, "一")
	switch {
	case strings.HasPrefix(s, "天上") && (last.class == cNumber || last.class == cHalf || last.class == cWeek || last.class == cEvery): // 第一天上班, 星期天上午, 每天上午
		return token{class: cDay, val: 1}, len("天")
	case rest != s && rest != "" && rest[0] >= '0' && rest[0] <= '9' && last.val == 0 && (last.class == cHao || last.class == cDay): // 3号一5号
		return token{class: cDash}, len(s) - len(rest)
	case last.class == cAsk && strings.HasPrefix(s, "上"): // 歇上三天
		_, size := spokenNumber(s[len("上"):])
		if size > 0 && strings.HasPrefix(s[len("上")+size:], "天") {
			return token{class: cApprox}, len("上")
		}
	}
	return token{}, 0
}

// weekRun is the next day of a week at the beginning of s and its size, if it goes on
// with the days that were named: 三 in 周二三四, 三 in 周一三五, and not in 周二三天.
func weekRun(s string, day int) (next, size int) {
	r, size := utf8.DecodeRuneInString(s)
	d, unit := numeral(r)
	if d <= day || d > 6 || unit != 0 {
		return 0, 0
	}
	rest := s[size:]
	after, _ := utf8.DecodeRuneInString(rest)
	if n, unit := numeral(after); unit > 0 || n >= 0 && !endsRun(rest, n, d) {
		return 0, 0
	}
	w, _ := wordAt(rest)
	weekend := d == 6 && day == 5 && after == '日' // 周五六日
	if !weekend && countsDays(w.class) || strings.ContainsRune("点时分秒年周", after) {
		return 0, 0
	}
	return d, size
}

// endsRun reports whether the numeral n after the weekday d leaves it one: it goes on
// with the week, or it counts days, 周四五两天.
func endsRun(s string, n, d int) bool {
	if n > d {
		_, size := weekRun(s, d)
		return size > 0
	}
	_, size := utf8.DecodeRuneInString(s)
	w, _ := wordAt(s[size:])
	return w.class == cDay || w.class == cMeasure
}

// countsDays reports whether a number before the class is a number, and no day of a
// week.
func countsDays(c class) bool {
	return c == cDay || c == cMeasure || c == cHao || c == cMonth || c == cUnitOther
}

// numberAt reads a number at the beginning of s.
func numberAt(s string) (token, int) {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	if n == 0 {
		return spokenNumber(s)
	}
	t := token{class: cNumber, width: n, digits: true}
	if n > 9 { // no count of days, and too long to be reckoned with
		t.class = cOther
		return t, n
	}
	for _, c := range s[:n] {
		t.val = t.val*10 + int(c-'0')
	}
	return t, n
}

// spokenNumber reads a number in Chinese: 二十三, 廿三, 二零一七. Of digits that name
// a number between them (三四, 十二三) it says that they are vague.
func spokenNumber(s string) (token, int) {
	t := token{class: cNumber}
	size, spoken, digit, before := 0, 0, -1, -1
	for _, r := range s {
		d, unit := numeral(r)
		if d < 0 && unit == 0 {
			break
		}
		if endsDigits(r, d, digit) {
			break
		}
		size += utf8.RuneLen(r)
		if unit > 0 {
			if digit < 1 {
				digit = max(d, 1)
			}
			spoken += digit * unit
			digit, before, t.width = -1, -1, -1
			continue
		}
		t.vague = before < 0 && digit > 0 && (d == digit+1 || digit == 3 && d == 5)
		before, digit = digit, d
		if t.width >= 0 {
			t.width, t.val = t.width+1, t.val*10+d
		}
	}
	t.moon = strings.ContainsRune(s[:size], '廿')
	if t.width < 0 {
		t.width, t.val = 0, spoken+max(digit, 0)
		if before > 0 { // 十二三
			t.val = spoken + before
		}
	}
	if t.width > 9 {
		t.class = cOther
	}
	return t, size
}

// endsDigits reports whether r begins another number after a digit: 两 in 周四、五两天,
// and not in 一两天.
func endsDigits(r rune, d, before int) bool {
	return d > 1 && before >= 0 && before != d-1 && strings.ContainsRune("两俩仨", r)
}

// numerals are the digits, and the units as a digit (0: as many as the digit
// before says, or one) and what it counts.
//
//nolint:gochecknoglobals // a constant, but for the language
var numerals = map[rune][2]int{
	'零': {0, 0}, '一': {1, 0}, '二': {2, 0}, '两': {2, 0}, '俩': {2, 0}, '三': {3, 0}, '仨': {3, 0}, '四': {4, 0},
	'五': {5, 0}, '六': {6, 0}, '七': {7, 0}, '八': {8, 0}, '九': {9, 0},
	'十': {0, 10}, '百': {0, 100}, '千': {0, 1000}, '廿': {2, 10}, '卅': {3, 10},
}

// numeral is the digit of a rune, or the unit it stands for.
func numeral(r rune) (digit, unit int) {
	n, ok := numerals[r]
	if !ok {
		return -1, 0
	}
	return n[0], n[1]
}
