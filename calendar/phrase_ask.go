package calendar

import "strings"

// The words of a question about a day, which answers nothing: 明天是不是放假, 后天上班吗. Who asks
// whether a day will do (明天行吗) names it.
const (
	askedOf = "是不是 有没有 会不会 要不要 用不用 上不上 放不放 休不休 补不补 开不开 是否 放几天 放多少天 放假几天 几天假 星期几 礼拜几 周几 几号 啥日子 什么日子 什么时候 啥时候 几时 谁 " +
		"放假不 放假没 上班不 值班不 开会不 补班不 休息不"
	askedWhether = "行吗 行么 可以吗 可以么 好吗 好么 成吗 中吗 能行吗 行不行 可不可以 能不能"
	requests     = "请 想休 要休 歇 补休 调休 补假 休假"
)

// isQuestion reports whether a sentence asks about a day instead of naming one.
func isQuestion(plain string) bool {
	if !strings.ContainsAny(plain, "吗么?不没几谁时否") || hasAny(plain, requests) || hasAny(plain, askedWhether) {
		return false
	}
	end := strings.TrimRight(plain, "?!。啊呀呢 ")
	return hasAny(plain, askedOf) || hasSuffix(end, "吗 么 没有") || strings.HasSuffix(plain, "?")
}
