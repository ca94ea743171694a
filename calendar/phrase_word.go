package calendar

import (
	"strings"
	"unicode/utf8"
)

// The classes of tokens. What val means stands beside each.
const (
	cOther       class = iota
	cNumber            // the number
	cHalf              // 半 (0), 半晌 (1)
	cYear              // 年
	cMonth             // 月
	cHao               // 号
	cDay               // 日 (0), 天 (1)
	cWeek              // 周, 星期
	cMeasure           // 个
	cHour              // 小时
	cClock             // 点 (0), 时 (1)
	cMinute            // 分 (0), 分钟 (1), 字 (2: five minutes)
	cQuarterHr         // 刻
	cSecond            // 秒
	cNightUnit         // 夜, in 三天三夜
	cDayName           // 今天: days after now
	cYearName          // 今年: years after now
	cShift             // 这 (0), 下 (1), 上 (-1), 下下 (2)
	cPart              // an index of partNames
	cDayPart           // 今晚: 16·(days after now + 8) + an index of partNames
	cFestival          // an index of festivals
	cTerm              // 节气: an index of solarTerms
	cLunar             // 农历
	cSolar             // 公历
	cLunarMonth        // 正月: the month
	cLeap              // 闰
	cBigYear           // 大年
	cDecade            // 上旬: 1 to 3
	cEdge              // 初 (1), 中 (2), 底 (3)
	cHalfYear          // 上半年: 1, 2
	cHalfMonth         // 上半月: 1, 2
	cQuarter           // 季度
	cFirst             // 首, 头
	cLast              // 最后
	cNth               // 第
	cWeekend           // 周末
	cWorkday           // 工作日
	cAfter             // 后 (0), 之后 (1)
	cBefore            // 前 (0), 之前 (1)
	cWithin            // 内
	cPast              // 过去
	cFuture            // 未来 (0), 接下来 (1)
	cFrom              // 从
	cTo                // 到 (0), 至 (1)
	cTilde             // ~
	cDash              // -
	cUntil             // 为止 (0), 结束 (1)
	cSince             // 起 (0), 开始 (1)
	cAnd               // 和 (0), 、 (1), , (2)
	cDot               // .
	cSlash             // /
	cColon             // :
	cMiddle            // ·
	cAm                // am
	cPm                // pm
	cLack              // 差
	cFull              // 整, 正
	cApprox            // 大约
	cBlock             // 假期, 放假
	cFeast             // 节
	cWhole             // 整, 全, in 一整天
	cAgain             // 再, 过
	cNextDay           // 次日, 第二天: days after what was said
	cMonthsOnly        // 钟: after a quarter, 一刻钟
	cVague             // 几 (0), 个把 (1), 十天半月 (2)
	cOpen              // (
	cClose             // )
	cDe                // 的
	cUnitOther         // 元, 个人 …: what a number before it counts is no day
	cLate              // 晚, 早 alone: an index of partNames
	cEndMark           // 。
	cOr                // 或
	cQuarterName       // Q1: 1 to 4
	cNow               // 现在
	cAsk               // 请假
	cMore              // 来, 多: 十来天
	cEvery             // 每
	cGo                // 走
	cMakeUp            // 补班 (0), 补班日 (1)
	cDayNames          // 今明: 16·(days after now + 8) + how many
	cSameDay           // 当天 (0), 那天 (1): the day that was just named
	cNot               // 不请
	cBack              // 回来 (0), 上班 (1)
)

// vocabulary is the word table: class, value, and the words. Where two words
// begin alike the longer one counts.
//
//nolint:gochecknoglobals // a constant, but for the language
var vocabulary = []struct {
	class class
	val   int
	words string
}{
	{cHalf, 0, "半"},
	{cHalf, 1, "半晌 一晌"},
	{cYear, 0, "年 年份 年度"},
	{cMonth, 0, "月 月份"},
	{cHao, 0, "号"},
	{cDay, 0, "日"},
	{cDay, 1, "天"},
	{cWeek, 0, "周 星期 礼拜 星其"},
	{cMeasure, 0, "个"},
	{cHour, 0, "小时 钟头 钟"},
	{cClock, 0, "点 点钟"},
	{cClock, 1, "时"},
	{cMinute, 0, "分"},
	{cMinute, 1, "分钟"},
	{cMinute, 2, "字"},
	{cQuarterHr, 0, "刻 刻钟"},
	{cSecond, 0, "秒 秒钟"},
	{cNightUnit, 0, "夜"},

	{cDayName, 0, "今天 今日 今儿 今儿个 本日 即日 今个儿 金天 今朝 今起"},
	{cDayName, 1, "明天 明日 明儿 明儿个 听日 翌日 明个儿 明个 名天 明起"},
	{cDayName, 2, "后天 后日 后儿 后儿个 后个儿 候天"},
	{cDayName, 3, "大后天 大后日 大后儿 大后儿个"},
	{cDayName, 4, "大大后天"},
	{cDayName, -1, "昨天 昨日 昨儿 昨儿个 寻日 琴日 昨个儿"},
	{cDayName, -2, "前天 前日 前儿 前儿个 前个儿"},
	{cDayName, -3, "大前天 大前日 大前儿"},
	{cDayName, -4, "大大前天"},
	{cDayNames, 16*8 + 2, "今明"},
	{cDayNames, 16*8 + 3, "今明后"},
	{cDayNames, 16*9 + 2, "明后"},
	{cDayNames, 16*7 + 2, "昨今"},
	{cSameDay, 0, "当天 当日 同日"},
	{cSameDay, 1, "那天 那一天 那日 这天 这一天 这日"},
	{cNextDay, 1, "次日 隔天 隔日 转天"},
	{cYearName, 0, "今年 本年 当年 本年度 今年度 同年"},
	{cYearName, 1, "明年 来年 下年 翌年"},
	{cYearName, 2, "后年"},
	{cYearName, 3, "大后年"},
	{cYearName, -1, "去年 旧年 上年 昨年"},
	{cYearName, -2, "前年"},
	{cYearName, -3, "大前年"},
	{cShift, 0, "这 这个 本 今 今个 当 同 该 这一个 呢个"},
	{cShift, 1, "下 下个 次 下一个 下一"},
	{cShift, 2, "下下 下下个 下下一个"},
	{cShift, 3, "下下下 下下下个"},
	{cShift, -1, "上 上个 上一个 上一"},
	{cShift, -2, "上上 上上个 上上一个"},
	{cShift, -3, "上上上 上上上个"},

	{cPart, 0, "凌晨 清晨 拂晓 黎明 大清早 天亮前"},
	{cPart, 1, "晚来一会 晚来一会儿 晚到一会 晚到一会儿 晚来会 晚来会儿 晚点来 晚点到 晚些来 晚些到 迟到 上午 早上 早晨 早间 清早 朝早 大早上 午前 上昼 一大早 早起 晨早 早晌 头晌 前晌 前半晌 头半晌 上半晌 一早 上半天 前半天"},
	{cPart, 2, "中午 正午 晌午 午间 大中午 晌午头"},
	{cPart, 3, "早走一会 早走一会儿 早走会 早走会儿 早退 早下班 提前下班 提早下班 早点走 早点下班 早些走 提前走一会 提前走会 下午 午后 晏昼 下昼 后晌 下晌 后半晌 下半晌 下午间 过晌 下半天 后半天"},
	{cPart, 4, "晚上 夜晚 傍晚 夜间 晚间 今夜 入夜 黄昏 傍黑 夜里 夜头 擦黑 前半夜 上半夜 晚黑"},
	{cPart, 5, "深夜 半夜 午夜 子夜 后半夜 下半夜 半夜里 三更半夜 深更半夜"},
	{cLate, 4, "晚"},
	{cLate, 1, "早 晨 朝"},
	{cDayPart, 16*8 + 4, "今晚 今夜 今黑 今黑儿 当晚 今晚上 今儿晚上 今晚间"},
	{cDayPart, 16*9 + 4, "明晚 明黑 明黑儿 听晚 明晚上"},
	{cDayPart, 16*7 + 4, "昨晚 昨夜 寻晚 琴晚 昨晚上"},
	{cDayPart, 16*10 + 4, "后晚"},
	{cDayPart, 16*6 + 4, "前晚"},
	{cDayPart, 16*8 + 1, "今早 今晨 今早上"},
	{cDayPart, 16*9 + 1, "明早 听朝 明晨 明早上"},
	{cDayPart, 16*7 + 1, "昨早 昨晨"},
	{cDayPart, 16*8 + 1, "今上午 今头晌"},
	{cDayPart, 16*9 + 1, "明上午 明头晌"},
	{cDayPart, 16*8 + 2, "今中午 今晌午"},
	{cDayPart, 16*9 + 2, "明中午 明晌午"},
	{cDayPart, 16*8 + 3, "今下午 今后晌"},
	{cDayPart, 16*9 + 3, "明下午 明后晌"},

	{cLunar, 0, "农历 阴历 旧历 老历 夏历 农历年"},
	{cSolar, 0, "公历 阳历 新历 西历 公元 公历年"},
	{cLunarMonth, 1, "正月"},
	{cLunarMonth, 11, "冬月 冬子月"},
	{cLunarMonth, 12, "腊月"},
	{cLeap, 0, "闰"},
	{cBigYear, 0, "大年"},
	{cDecade, 1, "上旬"},
	{cDecade, 2, "中旬"},
	{cDecade, 3, "下旬"},
	{cEdge, 1, "初"},
	{cEdge, 2, "中"},
	{cEdge, 3, "底 末 尾"},
	{cHalfYear, 1, "上半年 前半年 头半年"},
	{cHalfYear, 2, "下半年 后半年"},
	{cHalfMonth, 1, "上半月 前半月 上半个月 前半个月"},
	{cHalfMonth, 2, "下半月 后半月 下半个月 后半个月"},
	{cQuarter, 0, "季度 季"},
	{cFirst, 0, "首 头 首个 头一 头一个"},
	{cLast, 0, "最后 最末"},
	{cNth, 0, "第"},
	{cWeekend, 0, "周末 双休日 双休 星期末 礼拜末"},
	{cWorkday, 0, "工作日 上班日 上班天 个工作天 工作天 上班的日子"},
	{cAfter, 0, "后"},
	{cAfter, 1, "之后 以后 过后 放完假 放完假后 收假后 收假以后"},
	{cBefore, 0, "前"},
	{cBefore, 1, "之前 以前"},
	{cWithin, 0, "内 之内 以内 里"},
	{cPast, 0, "过去 最近 近 这 刚过去"},
	{cFuture, 0, "未来 将来 今后 随后 此后"},
	{cFuture, 2, "往后"},
	{cFuture, 1, "接下来 接着"},
	{cFrom, 0, "从 自 由 打 自从 打从 由从 起自"},
	{cTo, 0, "到 直到 一直到 到了"},
	{cTo, 1, "至 直至"},
	{cTilde, 0, "~"},
	{cDash, 0, "- -- ---"},
	{cUntil, 0, "为止 止"},
	{cUntil, 1, "结束"},
	{cSince, 0, "起 算起 起算"},
	{cSince, 1, "开始 开头"},
	{cAnd, 0, "和 跟 与 及 以及 还有 同 加 加上 连 连着 连上"},
	{cAnd, 1, "、"},
	{cAnd, 2, ", t"},
	{cQuarterName, 1, "q1"},
	{cQuarterName, 2, "q2"},
	{cQuarterName, 3, "q3"},
	{cQuarterName, 4, "q4"},
	{cAsk, 0, "请 请假 休 歇 休假 共 共计 一共 总共 为期 病假 事假 婚假 产假 丧假 年假 年休假 陪产假 公休假 护理假 假期共"},
	{cNow, 0, "现在 此刻 而家 依家 这会儿 如今"},
	{cMore, 0, "来 多 余"},
	{cOr, 0, "或 或者 还是 或是 要么"},
	{cEvery, 0, "每 每个 每逢"},
	{cNot, 0, "不请 不休 不歇 不用请 不用休 不要请 不需要请 不算 不用 不要 除外 不包括 不含"},
	{cGo, 0, "走 去 出发 动身 住 待 呆"},
	{cOther, 0, "走亲 走访 走动 走人 住院 待产 接待 招待"},
	{cBack, 0, "回来 回村 返回 返程 返村 到家"},
	{cBack, 1, "上班 返岗 到岗 销假 复工 收假 回单位 回来上班 回村上班"},
	{cMakeUp, 0, "补班"},
	{cMakeUp, 1, "补班日 补班那天 补班的那天 调休上班日 调休补班日"},
	{cDot, 0, "."},
	{cSlash, 0, "/"},
	{cColon, 0, ":"},
	{cMiddle, 0, "·"},
	{cAm, 0, "am a.m. a.m"},
	{cPm, 0, "pm p.m. p.m"},
	{cLack, 0, "差"},
	{cFull, 0, "正"},
	{cApprox, 0, "大约 大概 约 差不多 左右 上下 大致 大约在 大概在 将近 许"},
	{cBlock, 0, "假期 长假 小长假 放假 黄金周 期间 放假期间 假日 假 假期间 节假日 节假期 假期期间"},
	{cFeast, 0, "节 节日"},
	{cWhole, 0, "整 全"},
	{cAgain, 0, "再 过 再过 等"},
	{cAgain, 1, "过了 过完 过罢"},
	{cVague, 0, "几 好几 数"},
	{cVague, 1, "个把"},
	{cVague, 2, "十天半月 十天半个月 十天半拉月 三天两头"},
	{cOpen, 0, "("},
	{cClose, 0, ")"},
	{cDe, 0, "的 嘅"},
	{cEndMark, 0, "。 ; ! ?"},
	{cUnitOther, 0, "元 块 块钱 万 亿 人 名 位 户 亩 斤 公斤 公里 米 里地 次 件 项 岁 家 条 座 % ℃ 度 分之 倍 楼 栋 室 班 村 组 吨 头猪 只 届 期 路 批 个人 个村 分钱"},
	{cOther, 0, "一点也 一点都 有一点 一点儿 早一点 晚一点 差一点 一点点 有点 好一点 一下子 提前 推后 延后 往后推 往前推 往前 向前 往前提 向前提 往后延 往后挪 往前挪 向后推 后推 后延 前移 提前到 推迟 时候 时间 时期 点名 点击 分别 部分 分数 月亮 年级 年纪 周边 周围 日常 日子 日记 号码 天气 天上 前面 后面 前往 前去 前期 后期 上面 下面 下班 上去 下去 上来 下来 上学 下乡 下村 下雨 下雪 上报 上级 上交 上课 下课 上岗 本人 本村 本镇 本县 本次 本来 这样 这么 这边 这里 这次 后来 同意 同事 同学 里面 家里 村里 县里 镇里 市里 乡里 城里 院里 省里 心里 这会 来不 来回 来了 来得 来看 来访 过来 过去了 到位 由于 自己 自家 打针 打工 打算 打电话 头疼 头痛 头晕 正好 正在 整理 整改 家中 当时 当事 中学 中间 初中 高中 结束语 早点 早日 晚点 晚辈 晚会 次数 点滴 打点滴 加班 加强 加快 加急 加工 加油"},
}

// word is what the table says of a word.
type word struct {
	class class
	val   int
}

// lexicon is the table by word, with the bytes of the longest word that begins
// with a rune.
type lexicon struct {
	words   map[string]word
	longest map[rune]int
}

//nolint:gochecknoglobals // a constant, but for the language
var spokenWords = newLexicon()

func newLexicon() lexicon {
	l := lexicon{map[string]word{}, map[rune]int{}}
	for _, v := range vocabulary {
		for w := range strings.FieldsSeq(v.words) {
			l.add(w, word{v.class, v.val})
		}
	}
	for i, f := range festivals {
		for w := range strings.FieldsSeq(f.names) {
			l.add(w, word{cFestival, i})
		}
	}
	for i, name := range strings.Fields(solarTermNames) {
		l.add(name, word{cTerm, i})
	}
	return l
}

func (l lexicon) add(name string, w word) {
	if _, known := l.words[name]; known {
		return
	}
	l.words[name] = w
	r, _ := utf8.DecodeRuneInString(name)
	l.longest[r] = max(l.longest[r], len(name))
}

// wordAt is the longest word of the table at the beginning of s.
func wordAt(s string) (word, int) {
	r, first := utf8.DecodeRuneInString(s)
	for n := min(spokenWords.longest[r], len(s)); n >= first; n-- {
		if w, ok := spokenWords.words[s[:n]]; ok {
			return w, n
		}
	}
	return word{}, 0
}
