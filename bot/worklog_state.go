package bot

import (
	"regexp"
	"strings"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
)

// What became of a matter and who goes on with it, as people say it.

const (
	notYet = `(?:都|也|全|一直)?(?:还没有|还没|没有|没|尚未|未)(?:给)?`
	// doneVerb with what completes it: 修好, 谈拢, 说清楚.
	doneVerb = `(?:修|弄|搞|谈|整|调解|调处|协调|处理|解决|办|疏通|清理|打扫)(?:好|完|成|妥当|妥|通|拢|巴适|到位|下来)|(?:装|换|送|发|清|铺)(?:好|完)|(?:说|讲|解释|做)(?:清楚|明白|通)|(?:解释|答复)了`
)

var (
	stateWords = regexp.MustCompile(`(?:(已经|已|都|全)|((?:都|也|全|一直)?(?:还没有|还没|没有|没|未|尚未|暂未|不能|正在)))?(?:给)?(` + doneVerb + `|办结|办完|办妥|办好|解决|处理完|处理好|答复|弄好|弄完|调解|调处|化解|登记|上报|办)(?:了)?`)
	// undoneWords are of verbs that no list holds: “路灯还没装”, “没批下来”. They end what is said of
	// a matter.
	undoneWords = regexp.MustCompile(`(` + notYet + `(?:\p{Han}{1,2}?(?:好|完|成|妥当|妥|拢|通|下来|到位|清楚|明白)|(?:下来|处理|解决|答复|落实|动工|开工|回复|批复|审批|完工|修复|办理|调解|安排)|[修弄搞办批拨谈装拆清换签铺整调])|(?:都|也|一直)?还没有?\p{Han})(?:了|呢)?(?:$|[ ]|转|移交|交|让|由|我|自己|等)`)
	openWords   = regexp.MustCompile(`(待办|待处理|跟进|等(?:着|镇上|上面)?批|正在办|办理中|还没有?\p{Han}{1,4}$)`)
	handWords   = regexp.MustCompile(`^[,，、 ]*(?:已)?(?:转给|移交给|交给|移交|转交|转|交)([^,，。;；]+)`)
	// letWords and selfWords end a clause: “让李江接着办”, “我自己接着办”.
	letWords   = regexp.MustCompile(`(?:都|全)?(?:由|让|叫|请|安排)([^,，。;；]{2,8}?)(?:来|去)?(?:接着|继续)?(?:来|去)?(?:办理|办|弄|跟进|跟|处理|负责)(?:一下)?$`)
	thenWords  = regexp.MustCompile(`(?:来|去)?(?:接着|继续)(?:来|去)?(?:办理|办|弄|跟进|跟|处理|负责)(?:下去)?$`)
	selfWords  = regexp.MustCompile(`(?:都|全|还是|就|由|让|后面|剩下的)*(?:(?:我自己|我|自己|本人)(?:再|来|去|会|要)*(?:接着|继续)(?:再|来|去)*|(?:我自己|本人)(?:来|去)?)(?:办理|办|弄|跟进|跟|处理|搞|做|负责)(?:下去)?$`)
	notHim     = regexp.MustCompile(`^(?:不是|不要|不用|别|不)(?:转给|转|移交给|移交|交给|交|让|由|叫|请|给)(.+?)(?:来|去)?(?:接着|继续)?(?:办理|办|弄|跟进|处理|负责)?(?:的|了)?$`)
	handedOver = regexp.MustCompile(`^(?:转给|转|移交给|移交|交给|交|让|由|叫|请|给)+`)
)

// hands are those who can go on with a matter: who writes the log, and his colleagues.
type hands struct {
	self      handlers.Colleague
	colleague []handlers.Colleague
}

// handsOf are those who can be named in a log.
func handsOf(h listening) (hands, error) {
	all, err := colleaguesOf(h)
	self := handlers.Colleague{PersonID: h.a["person"], Name: h.a["name"]}
	if self.PersonID == "" {
		self = handlers.Colleague{PersonID: h.v.Who.ID, Name: mySelf}
	}
	return hands{self: self, colleague: all}, err
}

// colleaguesOf are those who can be named in a log; in one that is entered for somebody
// else nobody.
func colleaguesOf(h listening) ([]handlers.Colleague, error) {
	if h.a["person"] != "" {
		return nil, nil
	}
	return h.v.Colleagues(calendar.Span{})
}

// named is who is meant by 给王主任, 让李江办, 我自己; no one if nobody or several fit.
func (w hands) named(text string) handlers.Colleague {
	text = handedOver.ReplaceAllString(strings.TrimSpace(text), "")
	if strings.HasPrefix(text, "我") || strings.HasPrefix(text, "自己") || strings.HasPrefix(text, "本人") {
		return w.self
	}
	return whoIs(text, w.colleague)
}

// clauseMatters takes apart what was said in one breath: “低保咨询已办结李家危房未办结转王主任”.
func clauseMatters(clause string, who hands) (out []logMatter) {
	clause = strings.TrimSpace(clause)
	if head, c := handedLast(clause, who); c.PersonID != "" {
		out = clauseMatters(head, who)
		if len(out) == 0 {
			out = []logMatter{{}}
		}
		last := &out[len(out)-1]
		last.State, last.Holder, last.Name = matterOpen, c.PersonID, c.Name
		return out
	}
	if whole := (logMatter{}); whole.handed(clause, who) {
		return []logMatter{whole}
	}
	for clause != "" {
		from, to, state := stateIn(clause)
		if head, c := handedOn(clause, who); state == "" && c.PersonID != "" {
			return append(out, logMatter{Words: trimMatter(head), State: matterOpen, Holder: c.PersonID, Name: c.Name})
		}
		if state == "" {
			m := logMatter{Words: trimMatter(clause)}
			if openWords.MatchString(clause) {
				m.State = matterOpen
			}
			return append(out, m)
		}
		if hasObject(clause, from, to) {
			return append(out, logMatter{Words: trimMatter(clause), State: state})
		}
		m := logMatter{Words: trimMatter(clause[:from]), State: state}
		clause = strings.TrimSpace(clause[to:])
		if c := handedTo(clause, who); c.PersonID != "" {
			m.Holder, m.Name, clause = c.PersonID, c.Name, ""
		} else if state == matterOpen && m.handed(clause, who) {
			clause = ""
		}
		out = append(out, m)
	}
	return out
}

// hasObject reports whether the words that say what became of a matter are the verb of it:
// “修好了路灯”, “给老王办好了低保”.
func hasObject(clause string, from, to int) bool {
	verb, after := clause[from:to], clause[to:]
	if !strings.HasSuffix(verb, "了") || objectless.MatchString(verb) || !objectWords.MatchString(after) {
		return false
	}
	_, _, then := stateIn(after)
	return then == "" && !openWords.MatchString(after)
}

var (
	objectless  = regexp.MustCompile(`^(?:已|都|全)|办结`)
	bareVerbs   = regexp.MustCompile(`^(?:办|调解|调处|化解|登记|上报)$`)
	objectWords = regexp.MustCompile(`^[0-9\p{Han}]{2}`)
)

// stateIn finds the first words that say what became of a matter; state is empty if there
// are none. A bare 办 or 调解 is a verb: “办低保”, “调解纠纷”.
func stateIn(clause string) (from, to int, state string) {
	for _, at := range stateWords.FindAllStringSubmatchIndex(clause, -1) {
		switch {
		case at[4] >= 0:
			from, to, state = at[0], at[1], matterOpen
		case at[2] >= 0 || !bareVerbs.MatchString(clause[at[6]:at[7]]):
			from, to, state = at[0], at[1], matterDone
		default:
			continue
		}
		break
	}
	if at := undoneWords.FindStringSubmatchIndex(clause); at != nil && (state == "" || at[2] <= from) {
		return at[2], max(at[3], to), matterOpen
	}
	return from, to, state
}

// handedTo is to whom a clause that begins with 转 or 移交 hands a matter.
func handedTo(clause string, who hands) handlers.Colleague {
	if hand := handWords.FindStringSubmatch(clause); hand != nil {
		return who.named(hand[1])
	}
	return handlers.Colleague{}
}

// handedLast is who goes on with a matter by the end of a clause, and what stands before that.
func handedLast(clause string, who hands) (head string, c handlers.Colleague) {
	if at := selfWords.FindStringIndex(clause); at != nil {
		return clause[:at[0]], who.self
	}
	if at := letWords.FindStringSubmatchIndex(clause); at != nil && !denied.MatchString(clause[:at[0]]) {
		return clause[:at[0]], who.named(clause[at[2]:at[3]])
	}
	if at := thenWords.FindStringIndex(clause); at != nil {
		for _, c := range who.colleague {
			if head, ends := strings.CutSuffix(clause[:at[0]], c.Name); ends && !denied.MatchString(head) {
				return head, c
			}
		}
		if c := whoIs(clause[:at[0]], who.colleague); len([]rune(clause[:at[0]])) <= 4 {
			return "", c
		}
	}
	return clause, handlers.Colleague{}
}

var denied = regexp.MustCompile(`(?:不是|不要|不用|别|不)$`)

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
