package calendar

import "strings"

// solarTermNames are the 24 solar terms (节气) in the order of the solar year.
const solarTermNames = "小寒 大寒 立春 雨水 惊蛰 春分 清明 谷雨 立夏 小满 芒种 夏至 小暑 大暑 立秋 处暑 白露 秋分 寒露 霜降 立冬 小雪 大雪 冬至"

// clearAndBright is 清明 among the solar terms.
const clearAndBright = 6

// solarTerms are the names under which the library keeps the terms of a year; its
// first 冬至 is that of the year before.
func solarTerms() []string {
	names := strings.Fields(solarTermNames)
	names[23] = "DONG_ZHI"
	return names
}

// solarTerm is the day of a solar term in a year, and false for years before 1900
// or after 2199.
func solarTerm(year, i int) (Date, bool) {
	y := moonYearOf(year)
	if y == nil {
		return Date{}, false
	}
	return y.terms[i], true
}
