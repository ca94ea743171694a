package bot

import (
	"cmp"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"github.com/cunkao/cunkao/handlers"
)

// logMatter is one matter as it was heard. State is done, open, or empty if nobody said.
type logMatter struct {
	Words  string `json:"w"`
	State  string `json:"s,omitempty"`
	Holder string `json:"h,omitempty"` // id
	Name   string `json:"n,omitempty"` // of the holder
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

const figure = `([0-9]+|[一二两三四五六七八九十]+)`

// How people say who came, what became of a matter and who goes on with it.
var (
	visitorWords = regexp.MustCompile(`(?:一共|共|总共)?(?:接待|来访|来了|来)(?:了|过)?(?:群众|村民|来访群众)?` + figure + `(?:个|名|位)?(?:人次|人|户|群众|村民)(?:来访|来办事)?`)
	bareNumber   = regexp.MustCompile(`^(?:接待)?` + figure + `(?:个|名|位)?(?:人次|人|户)?$`)
	stateWords   = regexp.MustCompile(`(?:(已经|已|都|全)|(还没有|还没|没有|没|未|尚未|暂未|不能|正在))?(?:给)?(办结|办完|办妥|办好|解决|处理完|处理好|答复|弄好|弄完|办)(?:了)?`)
	openWords    = regexp.MustCompile(`(待办|待处理|跟进|等(?:着|镇上|上面)?批|正在办|办理中)`)
	handWords    = regexp.MustCompile(`^[,，、 ]*(?:已)?(?:转给|移交给|交给|移交|转交|转|交)([^,，。;；]+)`)
)

// How people tell of a day's work without a word that begins a log: “给老王家办了低保”, “下午去
// 二组调解了纠纷”. A question tells of none, nor does what is still to come or has its own command.
var (
	workWords = regexp.MustCompile(`(?:(?:办|办理|办好|办完|办成|调解|调处|走访|入户|巡查|巡逻|排查|检查|慰问|看望|宣传|登记|发放|发|处理|解决|协调|接待|修|修好|清理|打扫|整理|核实|核查|上报|报送|组织|参加|召开|开|开完|送|收|填|帮忙|劝返|劝)(?:完|好|成)?了)|走访(?:.{0,4}户|群众|农户|贫困户|脱贫户)|入户(?:走访|排查|核查|宣传|了解|调查)|(?:巡查|巡河|巡山|巡逻|防火|防汛)(?:一圈|一遍|一次)`)
	askWords  = regexp.MustCompile(`[?？]|[吗么呢吧]$|怎么|咋|如何|什么|啥|哪|几时|多少|多久|谁|能不能|可不可以|是不是|有没有|要不要|能否|是否|为何|了没|没有$|请问|想问|问一下`)
	notWork   = regexp.MustCompile(`明天|后天|下周|下个月|准备|打算|计划|想去|想要|要去|得去|忘了|请假|销假|续假|假条|签到|打卡|自评|得分|扣分|补贴|工资|绑定|解绑|作证|私事|自己的事|家里有事|看病|值班表|排班|公示|投诉|^[0-9]+号(?:事项|办|已|解决|处理)|发错|收到|放假|生病|住院`)
)

// tellsOfWork reports whether a sentence can only be of a day's log.
func tellsOfWork(text string) bool {
	return visitorWords.MatchString(text) || workWords.MatchString(text) && !askWords.MatchString(text) && !notWork.MatchString(text)
}

// nothingWords say that a day had no matter.
func nothingWords() []string {
	return []string{"无事", "今日无事", "今天无事", "今日无事项", "无事项", "没事", "没什么事", "今天没事", "没有事", "无"}
}

// count reads 3 or 三.
func count(s string) int {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	r := []rune(strings.ReplaceAll(s, "两", "二"))
	digit := func(c rune) int { return strings.IndexRune("零一二三四五六七八九", c) / len("零") }
	switch {
	case len(r) == 1 && r[0] == '十':
		return 10
	case len(r) == 1:
		return digit(r[0])
	case len(r) == 2 && r[0] == '十':
		return 10 + digit(r[1])
	case len(r) == 2 && r[1] == '十':
		return digit(r[0]) * 10
	case len(r) == 3 && r[1] == '十':
		return digit(r[0])*10 + digit(r[2])
	default:
		return -1
	}
}

// splitVisitors takes how many came out of a sentence.
func splitVisitors(text string) (n int, rest string, ok bool) {
	at := visitorWords.FindStringSubmatchIndex(text)
	if at == nil {
		return 0, text, false
	}
	n = count(text[at[2]:at[3]])
	return n, strings.Trim(text[:at[0]]+text[at[1]:], " ,，。;；、"), n >= 0 && n < 1000
}

// splitMatters takes a sentence apart: a matter ends with what became of it, or at a stop.
func splitMatters(text string, colleagues []handlers.Colleague) (out []logMatter) {
	for _, clause := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",，。;；\n", r) }) {
		for _, m := range clauseMatters(clause, colleagues) {
			if m.Words == "" && ofAll.MatchString(clause) {
				settle(out, m)
			}
			out = joined(out, m)
		}
	}
	return out
}

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

// clauseMatters takes apart what was said in one breath: “低保咨询已办结李家危房未办结转王主任”.
func clauseMatters(clause string, colleagues []handlers.Colleague) (out []logMatter) {
	if c := handedTo(clause, colleagues); c.PersonID != "" {
		return []logMatter{{State: matterOpen, Holder: c.PersonID, Name: c.Name}}
	}
	for clause = strings.TrimSpace(clause); clause != ""; {
		from, to, state := stateIn(clause)
		if state == "" {
			m := logMatter{Words: trimMatter(clause)}
			if openWords.MatchString(clause) {
				m.State = matterOpen
			}
			return append(out, m)
		}
		m := logMatter{Words: trimMatter(clause[:from]), State: state}
		clause = strings.TrimSpace(clause[to:])
		if c := handedTo(clause, colleagues); c.PersonID != "" {
			m.Holder, m.Name, clause = c.PersonID, c.Name, ""
		}
		out = append(out, m)
	}
	return out
}

// stateIn finds the first words that say what became of a matter; state is empty if there
// are none. A bare 办 is a verb: “办低保”.
func stateIn(clause string) (from, to int, state string) {
	for _, at := range stateWords.FindAllStringSubmatchIndex(clause, -1) {
		switch {
		case at[4] >= 0:
			return at[0], at[1], matterOpen
		case at[2] >= 0 || clause[at[6]:at[7]] != "办":
			return at[0], at[1], matterDone
		}
	}
	return 0, 0, ""
}

// handedTo is to whom a clause that begins with 转 or 移交 hands a matter.
func handedTo(clause string, colleagues []handlers.Colleague) handlers.Colleague {
	if hand := handWords.FindStringSubmatch(clause); hand != nil {
		return whoIs(hand[1], colleagues)
	}
	return handlers.Colleague{}
}

// goesOn reports whether words only say how it stands with the matter before them.
func goesOn(words string) bool {
	for _, w := range []string{"等", "还在", "正在", "还要", "还得", "准备", "要报", "要等", "要上报", "得报", "得等", "再等", "报镇", "报给镇", "已报镇", "已上报"} {
		if strings.HasPrefix(words, w) {
			return true
		}
	}
	return false
}

func trimMatter(s string) string {
	s = strings.Trim(s, " :：、和跟及")
	for _, w := range []string{"今天", "今日", "上午", "下午", "然后", "还有", "另外", "有一个", "有个", "的事情", "的事"} {
		s = strings.TrimSuffix(strings.TrimPrefix(s, w), w)
	}
	return strings.Trim(s, " :：、的")
}

// whoIs finds the colleague whom a text begins with: by name, by family name and post (王主任),
// or by a post that only one has. No one if nobody or several fit.
func whoIs(text string, colleagues []handlers.Colleague) handlers.Colleague {
	text = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(text), "给"))
	var fit []handlers.Colleague
	for _, c := range colleagues {
		if strings.HasPrefix(text, c.Name) {
			return c
		}
		family := string([]rune(c.Name)[:1])
		for _, title := range []string{"主任", "书记", "副书记", "副主任", "委员", "会计", "文书", "支书", "村长"} {
			post := map[string]string{"支书": "书记", "村长": "主任"}[title]
			if post == "" {
				post = title
			}
			holds := strings.Contains(c.Post, post) || title == "主任" && strings.Contains(c.Post, "委会主任")
			if holds && (strings.HasPrefix(text, family+title) || strings.HasPrefix(text, title)) {
				fit = append(fit, c)
				break
			}
		}
		if strings.HasPrefix(text, "小"+family) || strings.HasPrefix(text, "老"+family) {
			fit = append(fit, c)
		}
	}
	if len(fit) == 1 {
		return fit[0]
	}
	return handlers.Colleague{}
}
