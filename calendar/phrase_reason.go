package calendar

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// leaveKinds are the kinds of leave (请假类别) by the words that tell them, the
// plainest first.
//
//nolint:gochecknoglobals // a constant, but for the language
var leaveKinds = []struct{ name, words string }{
	{"陪产假", "陪产假 护理假 陪产 老婆生 媳妇生 爱人生 妻子生 老婆分娩 妻子分娩 爱人分娩"},
	{"产假", "产假 产检 我生孩子 分娩 坐月子 待产"},
	{"婚假", "婚假 我结婚 本人结婚 我要结婚 领结婚证 领证 办婚礼 拍婚纱照 举办婚礼"},
	{"丧假", "丧假 奔丧 丧事 去世 过世 出殡 下葬 白事 病故 治丧 办后事 送葬"},
	{"年休假", "年休假 年假 公休假 公休 带薪假 休年假"},
	{"病假", "病假"},
	{"事假", "事假"},
	{"公差", "公差 出差 公务 公出"},
	{"其他", "其他假 其它假"},
	{"病假", "看病 瞧病 生病 住院 发烧 感冒 头疼 头痛 头晕 肚子疼 胃疼 牙疼 拔牙 手术 医院 打针 输液 打点滴 不舒服 身体不适 体检 复查 腰疼 腿疼 咳嗽 发热 受伤 骨折 拉肚子 换药 挂水 抓药"},
	{"公差", "培训 开会 去镇上汇报 参会 党校 学习班 调研"},
	{"事假", "有事 私事 家事 办事 送孩子 接孩子 婚礼 喝喜酒 开学 家长会 搬家 考试 收麦 收稻 农忙 抢收 收玉米 盖房 赶集 走亲戚 探亲 看老人 照顾 孩子 相亲 办证"},
}

// kin are words that say that somebody else is ill.
const kin = "妈 爸 爹 娘 父 母 老婆 媳妇 老伴 妻 丈夫 老公 爱人 孩子 儿子 女儿 闺女 娃 孙 爷 奶 公公 岳 哥 弟 姐 妹 叔 舅 姑 姨 亲戚 家人 老人 陪 带着 照顾 儿媳 女婿"

// leaveType is the kind of leave that the words tell, none if they do not.
func leaveType(plain string) string {
	if _, after, corrected := strings.Cut(plain, "不是"); corrected {
		if _, is, ok := strings.Cut(after, "是"); ok {
			plain = is
		}
	}
	for _, w := range [...]string{"改成", "改为", "换成"} { // 年假改成事假
		if _, after, ok := strings.Cut(plain, w); ok && hasAny(after, "假 差") {
			plain = after
		}
	}
	for i, k := range leaveKinds {
		if !hasAny(plain, k.words) {
			continue
		}
		if i == illIndex && hasAny(plain, kin) {
			return "事假"
		}
		return k.name
	}
	return ""
}

// illIndex is the row of leaveKinds that tells an illness by its words.
const illIndex = 9

func hasAny(text, words string) bool {
	for w := range strings.FieldsSeq(words) {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// askingWords are what a request is made of besides days and reason.
const askingWords = "尊敬的领导 想请个假 要请个假 得请个假 嗯 呃 那啥 请年休假 请陪产假 请公休假 请护理假 请病假 请事假 请婚假 请产假 请丧假 请年假 休年休假 休年假 休婚假 休产假 休病假 休陪产假 " +
	"年休假 陪产假 公休假 护理假 病假 事假 婚假 产假 丧假 年假 请个假 请假条 请假 请下假 请一下假 补假 休假 销假 续假 告假 补个假 假期 请批准 望批准 请领导批准 " +
	"特请假 特请 请假时间 请假日期 请假事由 请假原因 请假理由 我想 想请 我要请 我要 申请 特此 麻烦您 麻烦 可以吗 行吗 好吗 能不能 可不可以 请您 书记 主任 领导 您好 你好 谢谢 给我 批一下 请公差 公差 调休 补休 想调休 想补休 能请假吗 能不能请假"

// asking are the askingWords by their first rune, the longer first.
//
//nolint:gochecknoglobals // a constant, but for the language
var asking = func() map[rune][][]rune {
	m := map[rune][][]rune{}
	for w := range strings.FieldsSeq(askingWords) {
		word := []rune(w)
		m[word[0]] = append(m[word[0]], word)
	}
	for _, words := range m {
		slices.SortStableFunc(words, func(a, b []rune) int { return len(b) - len(a) })
	}
	return m
}()

// cover are words of a clause that says who takes over.
const cover = "替班 顶班 代班 替我 代我 顶岗 帮我值 换班 代岗 替岗 值班"

// asksForLeave reports whether the sentence asks for leave.
func asksForLeave(plain string) bool { return hasAny(plain, "请 休 假") }

// reason is what a sentence says besides the days and the asking: whole words, in
// the speaker's own spelling.
func reason(text []rune, used [][2]int, plain string) string {
	keep := make([]rune, len(text))
	copy(keep, text)
	for _, u := range used {
		for i := u[0]; i < u[1]; i++ {
			keep[i] = dropped
		}
	}
	dropLinks(keep, []rune(plain), used)
	var parts []string
	for _, clause := range strings.FieldsFunc(string(keep), isStop) {
		clause = trimClause(strings.ReplaceAll(clause, string(dropped), ""))
		if len([]rune(clause)) > 1 && !hasAny(clause, cover) && !hasSuffix(clause, notThatOne+" 不请了") && !isLabel(clause) {
			parts = append(parts, clause)
		}
	}
	return strings.Join(parts, "，")
}

// dropLinks drops the words of asking and what ties them to the days: 开始 after a day,
// 到 before one. Before a place 到 is a verb, 到镇上办证.
func dropLinks(keep, plain []rune, used [][2]int) {
	for _, u := range used {
		for _, w := range [][]rune{[]rune("开始"), []rune("起")} {
			for i := range w {
				if hasAt(plain, w, u[1]) {
					keep[u[1]+i] = dropped
				}
			}
		}
		for i := range movedBy(plain[:u[0]]) {
			keep[u[0]-1-i] = dropped
		}
	}
	dropWords(keep, plain)
	for i, c := range keep {
		if c == '到' && (i+1 == len(keep) || keep[i+1] == dropped || isStop(keep[i+1])) {
			keep[i] = dropped
		}
	}
}

// movingWords are the words before what changes a leave: 往后推 before 一天, 再多请 before 半天.
const movingWords = laterWords + " " + earlierWords + " " + moreWords + " " + fewerWords + " " + moveWords + " 往后推 往后挪 往后移 往后延 向后推 往前推 往前提 往前挪 再多请 再多 再晚 再早 早 晚"

// movedBy counts the runes at the end of a text that are such a word.
func movedBy(text []rune) int {
	const longest = 5
	if len(text) == 0 || isStop(text[len(text)-1]) {
		return 0
	}
	tail := string(text[max(0, len(text)-longest):])
	return utf8.RuneCountInString(longestAt(tail, movingWords, strings.HasSuffix))
}

// isLabel reports whether a clause only says what stands beside it.
func isLabel(clause string) bool {
	return slices.Contains([]string{"时间", "日期", "开始", "结束", "返岗日期", "返岗时间", "事由", "原因", "走", "动身", "出发", "启程", "走了", "上班", "回来上班"}, clause)
}

// dropped stands for a rune that is no part of the reason.
const dropped = '\uFFFE'

// isStop reports whether a clause ends at r.
func isStop(r rune) bool {
	return strings.ContainsRune("，,。.；;！!？?、（）()：: \n\t　", r)
}

// dropWords drops the words of asking.
func dropWords(keep, plain []rune) {
	for i := range plain {
		if i < len(keep) && keep[i] == dropped {
			continue
		}
		for _, word := range asking[plain[i]] {
			if hasAt(plain, word, i) {
				for k := range word {
					keep[i+k] = dropped
				}
				break
			}
		}
	}
}

func hasAt(text, word []rune, at int) bool {
	if at+len(word) > len(text) {
		return false
	}
	for k, r := range word {
		if text[at+k] != r {
			return false
		}
	}
	return true
}

// edges are words that may stand at the edge of a reason and are no part of it.
const edges = "大概 连着 可能 最多 至少 本人 因为 由于 因 从 请 休 开始 起 共 一共 共计 总共 连 只 我 俺 要 想 得 的 假 了 吧 呢 为由 为止 不对 是 准备 打算 理由 原因 事由 于 和 在 就 还"

// trimClause takes words off both ends that say nothing.
func trimClause(s string) string {
	s = strings.TrimSpace(s)
	for trimmed := true; trimmed; {
		trimmed = false
		for w := range strings.FieldsSeq(edges) {
			if t := strings.TrimPrefix(s, w); t != s && keepsSense(w, t) {
				s, trimmed = t, true
			}
		}
		for w := range strings.FieldsSeq("的 得 假 请 吧 呢 为由 从 到 起 歇 要 想 就 是 共 休 我") {
			if t, ok := strings.CutSuffix(s, w); ok {
				s, trimmed = t, true
			}
		}
	}
	return s
}

// keepsSense reports whether a word before rest can be left out: not 我 of 我妈.
func keepsSense(w, rest string) bool {
	return w != "我" && w != "俺" || !hasPrefix(rest, kin+" 家 们 大 小 老 俩") && !hasPrefix(rest, "自己")
}

func hasPrefix(s, words string) bool {
	for w := range strings.FieldsSeq(words) {
		if strings.HasPrefix(s, w) {
			return true
		}
	}
	return false
}

func hasSuffix(s, words string) bool {
	for w := range strings.FieldsSeq(words) {
		if strings.HasSuffix(s, w) {
			return true
		}
	}
	return false
}
