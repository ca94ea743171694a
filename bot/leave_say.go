package bot

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
)

// saying is a way to ask for a command that has none of its words at the front. It is for
// whole messages only.
type saying struct {
	pattern *regexp.Regexp
	command command
}

// How people speak of leaves that wait for them, of those of others, of who is there, and
// how they give up one of their own.
var (
	approves   = regexp.MustCompile(`^(?:批|准|批下|准假)(?:了|下)?第? ?([0-9]+)号?(?:假条|的假)?(?:吧|了)?$|^([0-9]+)号?(?:假条|的假)?(?:同意|批准|批|准)(?:了|吧)*$`)
	refuses    = regexp.MustCompile(`^(?:不批准?|不准|不予批准|拒绝|驳回)第? ?([0-9]+)号?(?:假条|的假)?(?:吧|了)?(?:$|[ ,:]+(.+))|^([0-9]+)号?(?:假条|的假)?(?:不同意|不批准?|不准|拒绝|驳回)(?:了|吧)?(?:$|[ ,:]+(.+))`)
	decidesAll = regexp.MustCompile(`^(?:都|全部|全都|全)(?:给我)?(?:同意|批准|批|准)(?:了|吧)*$|^(?:同意|批准)(?:全部|所有)(?:的)?(?:假条|请假)?$|^第[一二三四五]个?(?:同意|批准?|不同意|不批准?).{0,20}$`)
	whoIsAway  = regexp.MustCompile(`^(?:今天|明天|后天|[0-9]+月[0-9]+[日号]|[0-9]+[日号])?(?:.{1,6}村|村里|我村|本村|我们村|咱村)?(?:都|还)?(?:有)?(?:谁|哪些人|哪个人?|哪几个人?|没有人|几个人|多少人)(?:今天|明天|后天|在|都)?(?:请假|请了假|休假)(?:了|的)?(?:吗|没有|没|呢)?\??$`)
	whoIsThere = regexp.MustCompile(`^(?:村里|我村|本村|我们村|咱村)?.{0,12}?(?:是)?谁(?:在)?(?:值班|带班|坐班|当班|在岗)(?:啊|呢|呀)?\??$|^.{0,12}?(?:谁|哪些人|哪个)(?:还)?(?:没有?|未)(?:签到|打卡)\??$`)
	givesUp    = regexp.MustCompile(`^(?:取消|撤销|不请)第? ?([0-9]+)号?(?:假条|的假|假)?(?:了|吧)*$|^([0-9]+)号(?:假条|的假|假)?(?:不请|不去|取消|撤回|不要)(?:了|吧)*$`)
	leadsOut   = regexp.MustCompile(`^(?:(?:算了|是的?|对|后悔了?|那|还是|我)[, ]*)*(?:不填|不请|不去|不弄|不搞)(?:了|吧)+$|^算了[, ]*不改(?:了|吧)+$|^后悔了[, ]*不[^, ]{1,3}了$`)
)

// allSayings are what is tried where no command is at the front of a message.
func (b *Bot) allSayings() []saying {
	return []saying{
		{refuses, command{words: []string{"不同意"}, talks: true, do: b.decided}},
		{approves, command{words: []string{"同意"}, talks: true, do: b.decided}},
		{decidesAll, command{words: []string{"同意"}, talks: true, do: b.decidedAll}},
		{whyRefused, command{words: []string{"看假条"}, cadre: true, look: b.refusedLeave}},
		{whoIsAway, command{words: []string{"谁请假"}, talks: true, look: b.whoIsOnLeave}},
		{whoIsThere, command{words: []string{"谁在值班"}, talks: true, look: b.onDuty}},
		{givesUp, command{words: []string{"取消请假"}, talks: true, cadre: true, do: b.giveUpSlip}},
		{notBack, command{words: []string{"收回销假"}, cadre: true, do: b.stillAway}},
		{couldNot, command{words: []string{"请人作证"}, cadre: true, do: func(d *handlers.Desk, _ string) (string, error) { return askWitness(d, "") }}},
		{leadsOut, command{words: []string{"取消请假"}, talks: true, cadre: true, do: b.leadOut}},
	}
}

// asSaid finds the saying that a message is.
func (b *Bot) asSaid(text string) (command, bool) {
	at := slices.IndexFunc(b.sayings, func(s saying) bool { return s.pattern.MatchString(text) })
	if at < 0 {
		return command{}, false
	}
	return b.sayings[at].command, true
}

// firstOf is the first group of a match that holds something.
func firstOf(m []string) string {
	for _, s := range m[min(1, len(m)):] {
		if s != "" {
			return s
		}
	}
	return ""
}

// waits reports whether a leave waits for the person; whoever decides nothing has none.
func waits(v *handlers.View, fits func(handlers.Leave) bool) ([]handlers.Leave, error) {
	leaves, err := v.PendingLeaves()
	if _, refused := refusal(err); refused {
		return nil, nil
	}
	return slices.DeleteFunc(leaves, func(l handlers.Leave) bool { return !fits(l) }), err
}

// decided is 批了7, 7不同意, 驳回7 那天有检查. Where no such leave waits it may be an answer; if
// nothing is asked, the rule says why.
func (b *Bot) decided(d *handlers.Desk, text string) (string, error) {
	yes := approves.FindStringSubmatch(text)
	no := refuses.FindStringSubmatch(text)
	number := cmp.Or(firstOf(yes), firstOf(no))
	leaves, err := waits(d.View, func(l handlers.Leave) bool { return strconv.Itoa(l.Number) == number })
	if err != nil {
		return "", err
	}
	if len(leaves) == 0 {
		t, err := b.heldTurn(d)
		if err != nil {
			return "", err
		}
		if t.begun || !d.Bound() {
			return b.begun(d, text)
		}
	}
	if no != nil {
		return b.rejectLeave(d, number+" "+no[2]+no[4])
	}
	return b.agreeLeave(d, number)
}

// decidedAll is 都同意: leaves are decided one by one.
func (b *Bot) decidedAll(d *handlers.Desk, text string) (string, error) {
	leaves, err := waits(d.View, func(handlers.Leave) bool { return true })
	if err != nil {
		return "", err
	}
	if len(leaves) == 0 {
		return b.begun(d, text)
	}
	slices.SortFunc(leaves, func(a, b handlers.Leave) int { return a.Number - b.Number })
	return "", handlers.Refuse("%s", leavesToTap("假条要一张一张批，点一下就行：", leaves, tappable/2, "待办", func(l handlers.Leave, no string) string {
		return l.Name + "，" + l.Words + "　" + say("同意"+no) + "　" + say("不同意"+no)
	}))
}

// leavesToTap lists so many leaves, each with what can be done with its number, and the word
// that shows the rest.
func leavesToTap(head string, leaves []handlers.Leave, most int, rest string, line func(l handlers.Leave, no string) string) string {
	lines := []string{head}
	for _, l := range leaves[:min(most, len(leaves))] {
		lines = append(lines, line(l, strconv.Itoa(l.Number)))
	}
	if left := len(leaves) - most; left > 0 {
		lines = append(lines, "还有"+strconv.Itoa(left)+"张，看"+say(rest)+"。")
	}
	return strings.Join(lines, "\n")
}

// giveUpSlip is 取消2号, 2号不请了: the slip of that number. If there is none, the day of a leave
// that is being asked for may be meant, and never another day.
func (b *Bot) giveUpSlip(d *handlers.Desk, text string) (string, error) {
	no, _ := strconv.Atoi(firstOf(givesUp.FindStringSubmatch(text)))
	rows, err := d.MyLeaves(50)
	if err != nil {
		return "", err
	}
	own := slices.ContainsFunc(rows, func(l handlers.Leave) bool { return l.Number == no && givenUp(d.View, l) })
	t, err := b.heldTurn(d)
	if err != nil {
		return "", err
	}
	number := strconv.Itoa(no)
	if len(t.drafts) == 0 || t.form.name != "leave" {
		if len(t.drafts) > 0 && !own {
			return b.begun(d, text)
		}
		return b.cancelLeave(d, number)
	}
	days := leaveDaysIn(t.draft().Answers)
	about := !days.Start.IsZero() && !days.Start.After(days.End) && (days.Start.Day == no || days.End.Day == no)
	switch {
	case own && about:
		return "", handlers.Refuse("%s", t.form.words.says("which", "no", number)+"\n"+say("取消请假"+number)+"　"+link("取消", "不请正在填的这张"))
	case own:
		return b.cancelLeave(d, number)
	case about && days.Start != days.End:
		return b.begun(d, text)
	case about:
		return b.cancel(d, "")
	default:
		return "", handlers.Refuse("%s", t.form.words.says("none", "no", number)+say("取消")+"。")
	}
}

// leadOut is 不填了, 后悔了不请了: out of a leave that is being asked for or, without one, of
// that which was.
func (b *Bot) leadOut(d *handlers.Desk, text string) (string, error) {
	t, err := b.heldTurn(d)
	switch {
	case err != nil:
		return "", err
	case len(t.drafts) == 0 && strings.Contains(text, "请"):
		return b.cancelLeave(d, "")
	case len(t.drafts) == 0:
		return b.lost(d.View, text)
	}
	q, _ := t.form.field(t.draft().Open)
	ofLeave := t.form.name == "leave" || t.form.name == "extend"
	if ofLeave || !q.prose && (strings.Contains(text, "填") || strings.HasPrefix(text, "算了")) {
		return b.cancel(d, "")
	}
	return t.hear(text)
}

// whoIsOnLeave answers 谁请假了: of one's own village, or with the villages to choose from.
func (b *Bot) whoIsOnLeave(v *handlers.View, text string) (string, error) {
	day, _, err := dayNamed(v, text)
	if err != nil {
		return "", err
	}
	if day.IsZero() {
		day = v.Today
	}
	villages, err := v.VillageByName(text)
	if err != nil {
		return "", err
	}
	id := v.MyVillage()
	switch {
	case id != "":
	case len(villages) == 1:
		id = villages[0].ID
	default:
		return "", handlers.Refuse("请带上村名，如“%s谁请假了”；等您批的看“待办”。", villages[0].Name)
	}
	leaves, err := v.LeavesOn(id, day)
	if err != nil {
		return "", err
	}
	off, err := v.DaysOff()
	if err != nil {
		return "", err
	}
	if len(leaves) == 0 {
		return off.Chinese(day) + "没有人请假（批准的）。", nil
	}
	return leavesToTap(off.Chinese(day)+"请假的：", leaves, len(leaves), "", func(l handlers.Leave, no string) string {
		return l.Name + "　" + l.Words + "　" + say("看假条"+no)
	}), nil
}

// readingsOf are the readings of a phrase: the one it has, and those that are asked about.
func readingsOf(f calendar.Found) []calendar.Reading {
	all := []calendar.Reading{f.Reading}
	for _, q := range f.Asks {
		all = append(all, q.Reading)
	}
	return all
}

// afterLeave answers who corrects a leave that is handed in, or says yes to giving it up: what
// was handed in stays until he taps.
func (b *Bot) afterLeave(v *handlers.View, text string) (string, error) {
	if !v.Bound() || !v.Is(handlers.Cadre) {
		return "", nil
	}
	named, over := ofSlip.FindStringSubmatch(text), ""
	yes := slices.Contains([]string{"对", "对的", "是", "是的", "嗯", "真的"}, text)
	deputy, err := deputyTapped(v, text)
	days := correctsDays(v, text)
	if err != nil || named == nil && !yes && deputy == "" && !days {
		return "", err
	}
	w := b.forms["leave"].words
	if deputy != "" || days && corrects(text) {
		over = linked(w.says("over"))
	}
	rows, err := v.MyLeaves(20)
	if err != nil {
		return "", err
	}
	at := slices.IndexFunc(rows, func(l handlers.Leave) bool {
		if named != nil {
			return strconv.Itoa(l.Number) == named[1]
		}
		return l.Extends == "" && v.Now.Sub(l.AskedAt) < sameTalk || yes && l.State == models.LeaveApproved && givenUp(v, l)
	})
	if at < 0 || !givenUp(v, rows[at]) || yes && rows[at].State != models.LeaveApproved {
		return over, nil
	}
	l, no := rows[at], strconv.Itoa(rows[at].Number)
	switch {
	case yes:
		return w.says("sure", "no", no, "what", l.Words) + say("确认取消"+no), nil
	case deputy != "":
		return w.says("standin", "no", no, "what", l.Words) + link("请人代理"+no+" "+deputy, "请"+deputy+"代理"), nil
	case l.State == models.LeaveAsked:
		return w.says("handed", "no", no, "what", l.Words) + say("撤回"+no), nil
	default:
		return w.says("granted", "no", no, "what", l.Words) + say("取消请假"+no), nil
	}
}

// deputyTapped is the colleague whom a text names as who stands in, and nothing else; empty
// if it does not.
func deputyTapped(v *handlers.View, text string) (string, error) {
	name, at := deputyIn(text)
	if at == nil || strings.TrimSpace(withoutDeputy(text)) != "" {
		return "", nil
	}
	all, err := v.Colleagues(calendar.Span{})
	return whoIs(name, all).Name, err
}

// sameTalk is for how long what is said without a number may still be about a leave
// that was handed in.
const sameTalk = 2 * time.Hour

// ofSlip is a correction of a leave by its number.
var ofSlip = regexp.MustCompile(`^(?:把|我的?)?第? ?([0-9]+)号(?:假条|的假|假)(?:要|想)?(?:改|换)`)

// correctsDays reports whether a text is nothing but other days for a leave: 三天, 改成下午.
func correctsDays(v *handlers.View, text string) bool {
	off, err := v.DaysOff()
	if err != nil {
		return false
	}
	f := calendar.ReadLeave(newValue(text), v.Sent.In(calendar.Zone), off)
	said := f.HasDays() || len(f.Choices) > 0 || f.Kind == calendar.Length
	return said && strings.Trim(mild.ReplaceAllString(f.Reason, ""), "改成为到请 ") == ""
}
