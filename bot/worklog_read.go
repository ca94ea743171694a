package bot

import (
	"cmp"
	"encoding/json"
	"regexp"
	"strings"
)

// logMatter is one matter as it was heard. State is done, open, or empty if nobody said.
type logMatter struct {
	Words  string `json:"w"`
	State  string `json:"s,omitempty"`
	Holder string `json:"h,omitempty"` // id
	Name   string `json:"n,omitempty"` // of the holder
	To     string `json:"t,omitempty"` // whom it was said to go to, and nobody here is
	// Of one that is stored already: its number, and how often it was changed by then.
	No      int `json:"no,omitempty"`
	Version int `json:"v,omitempty"`
}

const (
	matterDone = "done"
	matterOpen = "open"
)

func mattersOf(a answers) (out []logMatter) {
	_ = json.Unmarshal([]byte(a["matters"]), &out) // written by packMatters, or empty
	return out
}

func packMatters(m []logMatter) string {
	b, _ := json.Marshal(m) //nolint:errchkjson // strings only
	return string(b)
}

// How people tell of a day's work without a word that begins a log: “给老王家办了低保”, “下午去
// 二组调解了纠纷”. A question tells of none, nor does what is still to come or has its own command.
var (
	workWords = regexp.MustCompile(`(?:(?:办|办理|办好|办完|办成|调解|调处|走访|入户|巡查|巡逻|排查|检查|慰问|看望|宣传|登记|发放|发|处理|解决|协调|接待|修|修好|清理|打扫|整理|核实|核查|上报|报送|组织|参加|召开|送|填|帮忙|劝返|劝)(?:完|好|成)?了)|开(?:完|好)?了.{0,8}会|开完?会了$|走访(?:.{0,4}户|群众|农户|贫困户|脱贫户)|入户(?:走访|排查|核查|宣传|了解|调查)|(?:巡查|巡河|巡山|巡逻|防火|防汛)(?:一圈|一遍|一次)`)
	askWords  = regexp.MustCompile(`[?？]|[吗么呢吧]$|怎么|咋|如何|什么|啥|哪|几时|多少|多久|谁|能不能|可不可以|是不是|有没有|要不要|能否|是否|为何|了没|没有$|请问|想问|问一下`)
	notWork   = regexp.MustCompile(`明天|后天|下周|下个月|准备|打算|计划|想去|想要|要去|得去|忘了|请假|销假|续假|假条|签到|打卡|自评|得分|扣分|补贴|工资|绑定|解绑|作证|私事|自己的事|家里有事|看病|值班表|排班|公示|投诉|^[0-9]+号(?:事项|办|已|解决|处理)|发错|收到|放假|生病|住院|打不|不开|不通|离开|走开|漏了`)
)

// tellsOfWork reports whether a sentence can only be of a day's log.
func tellsOfWork(text string) bool {
	return visitorWords.MatchString(text) || workWords.MatchString(text) && !askWords.MatchString(text) && !notWork.MatchString(text)
}

const (
	noMatter  = `(?:都|也)?(?:没有|没得|没|无|啥都没有)(?:啥子|啥|什么|任何|特别)?(?:的)?(?:事情|事项|事|大事|异常情况|异常|情况|来访)`
	quietDays = `(?:(?:啥|什么|啥事|什么事)(?:也|都)没(?:干|做|有)|一切正常|正常|平安无事|平安|` + noMatter + `)`
)

var (
	// nothingSaid says that a day had no matter: 无事, 今天没啥事, 今日值班，一切正常.
	nothingSaid = regexp.MustCompile(`^(?:今天|今日|今儿|当天|全天|白天)?(?:的)?(?:值班|坐班|带班)?(?:期间)?[, ]*` + quietDays + `(?:发生)?(?:[, ]*` + quietDays + `)*[了的。]*$|^无$`)
	// quietDuty is what follows 值班 where nobody asks who is on duty.
	quietDuty = regexp.MustCompile(`^(?:期间)?[, ]*` + quietDays)
)

// splitMatters takes a sentence apart: a matter ends with what became of it, or at a stop.
func splitMatters(text string, who hands) (out []logMatter) {
	for _, clause := range clauses(text) {
		for _, m := range clauseMatters(clause, who) {
			if m.Words == "" && ofAll.MatchString(clause) {
				settle(out, m)
			}
			out = joined(out, m)
		}
	}
	return out
}

// clauses are the parts of what was said: between stops, and where a space or the afternoon
// begins another thing.
func clauses(text string) (out []string) {
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",，。;；\n", r) }) {
		for _, half := range halves(part) {
			words := strings.Fields(half)
			for i, word := range words {
				last := len(out) - 1
				if i > 0 && (len([]rune(word)) <= 3 || len([]rune(out[last])) <= 3 || saidOfIt.MatchString(word)) {
					out[last] += " " + word
				} else {
					out = append(out, word)
				}
			}
		}
	}
	return out
}

// halves parts the morning from the afternoon.
func halves(text string) []string {
	at := laterWords.FindStringSubmatchIndex(text)
	if at == nil || len([]rune(text[:at[2]])) <= 3 || len([]rune(text[at[2]:])) <= 3 {
		return []string{text}
	}
	return []string{text[:at[2]], text[at[2]:]}
}

var (
	// saidOfIt begins what only goes on with the clause before a space.
	saidOfIt   = regexp.MustCompile(`^(?:转|移交|交给|等|已|未|没|还没|正在|还在|要|得|准备|办|弄)`)
	laterWords = regexp.MustCompile(`(?:上午|早上|早晨).+?(下午|晚上|中午)`)
)

// ofAll begins what is said of all matters before it: “…问低保，…问医保，都答复了”.
var ofAll = regexp.MustCompile(`^ *(?:都|全|也都|已经都)`)

// settle tells those matters what became of them of which nobody said so yet.
func settle(all []logMatter, said logMatter) {
	for i := range all {
		if all[i].State == "" {
			all[i].becomes(said)
		}
	}
}

// joined adds a matter, or what is only said of the one before: “…地界，办完了”, “…，等镇上批”,
// “…未办结，转王主任”.
func joined(all []logMatter, m logMatter) []logMatter {
	last := len(all) - 1
	for m.Words == "" && (m.Holder != "" || m.To != "") && last > 0 && all[last].State == matterDone { // an open one goes to somebody
		last--
	}
	switch {
	case last >= 0 && (m.Words == "" || goesOn(m.Words)):
		if m.Words != "" {
			all[last].Words += "，" + m.Words
			all[last].State = cmp.Or(all[last].State, matterOpen) // it goes on
		}
		all[last].becomes(m)
		return all
	case m.Words == "":
		return all
	default:
		return append(all, m)
	}
}

// goesOn reports whether words only say how it stands with the matter before them.
func goesOn(words string) bool {
	if offices.MatchString(words) {
		return true
	}
	for _, w := range []string{"等", "还在", "正在", "还要", "还得", "准备", "要报", "要等", "要上报", "得报", "得等", "再等", "报镇", "报给镇", "已报镇", "已上报"} {
		if strings.HasPrefix(words, w) {
			return true
		}
	}
	return false
}

func trimMatter(s string) string {
	s = strings.Trim(s, " :：、和跟及")
	for _, w := range []string{"今天", "今日", "今儿个", "今个儿", "今儿", "今个", "上午", "早上", "下午", "晚上", "然后", "还有", "另外", "有一个", "有个", "的事情", "的事"} {
		s = strings.TrimSuffix(strings.TrimPrefix(s, w), w)
	}
	return strings.Trim(s, " :：、的")
}
