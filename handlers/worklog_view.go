package handlers

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
)

// MatterCard is a matter as somebody sees it: a villager's name only where he may.
type MatterCard struct {
	No     int
	Day    calendar.Date
	Words  string
	Done   bool
	Holder string
	Mine   bool // I am to go on with it
}

// LogCard is an entry of a log as somebody sees it.
type LogCard struct {
	Day      calendar.Date
	At       time.Time
	Name     string
	Visitors int
	Nothing  bool
	Amends   bool // it adds to an earlier entry of the day
	Paper    bool // entered from paper by somebody else
	Receipt  string
	Matters  []MatterCard
	Before   []LogCard // the entries that it took the place of (更正前), the last first
}

// OpenMatters returns up to n open matters of one's village, one's own first.
func (v *View) OpenMatters(n int) ([]MatterCard, error) {
	village := v.MyVillage()
	if err := v.may("OpenMatters", Target{Village: village}); err != nil {
		return nil, err
	}
	rows, err := v.tx.OpenMatters(village, n)
	if err != nil {
		return nil, fmt.Errorf("open matters: %w", err)
	}
	slices.SortStableFunc(rows, func(a, b models.Matter) int {
		mine := func(m models.Matter) int {
			if m.HolderID == v.Who.ID {
				return 0
			}
			return 1
		}
		return mine(a) - mine(b)
	})
	return v.matterCards(rows)
}

func (v *View) matterCards(rows []models.Matter) ([]MatterCard, error) {
	names, err := v.namesOf(matterHolders(rows))
	if err != nil {
		return nil, err
	}
	cards := make([]MatterCard, len(rows))
	for i, m := range rows {
		words, err := v.wordsOf(m)
		if err != nil {
			return nil, err
		}
		if !v.seesNames(m) {
			words = masked(words)
		}
		cards[i] = MatterCard{
			No: m.No, Day: m.Day, Words: words, Done: m.State == models.MatterDone, Holder: names[m.HolderID], Mine: m.HolderID == v.Who.ID,
		}
	}
	return cards, nil
}

// wordsOf are the words of a matter, opened.
func (v *View) wordsOf(m models.Matter) (string, error) {
	words, err := v.h.box.Open(m.Words, "matters.words."+m.ID)
	if err != nil {
		return "", fmt.Errorf("words of matter %s: %w", m.ID, err)
	}
	return words, nil
}

// seesNames reports whether somebody may read the villager's name of a matter: whoever
// wrote it down or goes on with it, the village's 书记, the town's 党委.
func (v *View) seesNames(m models.Matter) bool {
	return m.PersonID == v.Who.ID || m.HolderID == v.Who.ID || slices.ContainsFunc(v.grants, func(g Grant) bool {
		return g.Role == Secretary && g.Village == m.VillageID || g.Role == TownLeader && v.inTown(m.VillageID, g.Town)
	})
}

func (v *View) inTown(villageID, townID string) bool {
	village, err := v.tx.Village(villageID)
	return err == nil && village.TownID == townID
}

// MyLogs returns one's own entries from a day on.
func (v *View) MyLogs(from calendar.Date) ([]LogCard, error) {
	if err := v.may("MyLogs", own(v.Who.ID)); err != nil {
		return nil, err
	}
	rows, err := v.tx.WorkLogsOf(v.Who.ID, from, v.Today)
	if err != nil {
		return nil, fmt.Errorf("my logs: %w", err)
	}
	return v.logCards(rows)
}

// VillageLogs returns the entries of a village on a day: to its cadres and to the town.
func (v *View) VillageLogs(villageID string, day calendar.Date) ([]LogCard, error) {
	village, err := v.tx.Village(villageID)
	if err != nil {
		return nil, fmt.Errorf("logs of a village: %w", err)
	}
	if err := v.may("VillageLogs", Target{Village: villageID, Town: village.TownID}); err != nil {
		return nil, err
	}
	rows, err := v.tx.WorkLogsIn([]string{villageID}, day, day)
	if err != nil {
		return nil, fmt.Errorf("logs of %s: %w", village.Name, err)
	}
	return v.logCards(rows)
}

func (v *View) logCards(rows []models.WorkLog) ([]LogCard, error) {
	var ids, people []string
	for _, l := range rows {
		ids, people = append(ids, l.ID), append(people, l.PersonID)
	}
	names, err := v.namesOf(people)
	if err != nil {
		return nil, err
	}
	all, err := v.tx.MattersOfLogs(ids)
	if err != nil {
		return nil, fmt.Errorf("matters of logs: %w", err)
	}
	counting, by, err := v.counting(rows)
	if err != nil {
		return nil, err
	}
	cards := make([]LogCard, len(counting))
	for i, l := range counting {
		var its []models.Matter
		for _, m := range all {
			if m.LogID == l.ID {
				its = append(its, m)
			}
		}
		matters, err := v.matterCards(its)
		if err != nil {
			return nil, err
		}
		cards[i] = LogCard{
			Day: l.Day, At: l.At, Name: names[l.PersonID], Visitors: l.Visitors, Nothing: l.Nothing, Amends: l.Amends != "",
			Paper: l.EnteredBy != "", Receipt: l.Receipt, Matters: matters,
		}
		if cards[i].Before, err = v.before(l, by); err != nil {
			return nil, err
		}
	}
	return cards, nil
}

// RemindLogs reminds those whose shift of a day has no log, once, before it is due.
func (d *Desk) RemindLogs(day calendar.Date) error {
	if err := d.may("RemindLogs", Target{}); err != nil {
		return err
	}
	if !d.h.county.logsFrom(day) {
		return nil
	}
	missing, err := d.tx.ShiftsWithoutLog(day)
	if err != nil {
		return fmt.Errorf("remind of logs: %w", err)
	}
	for _, s := range missing {
		err := d.tell(note{
			to: s.PersonID, kind: NoticeLog, class: classTask, dedupe: "log:" + s.ID, until: logDue(day),
			words: map[string]string{"day": day.Chinese(), "date": day.String()},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// nameAt is how many characters at the beginning of a text are somebody's name: a family
// name and what shows that it is one (张大爷, 李家, 王某, 赵建国来问). 0 is none.
func nameAt(text []rune) int {
	if len(text) < 2 || !strings.ContainsRune(familyNames, text[0]) {
		return 0
	}
	for _, after := range []string{"家", "某", "大爷", "大妈", "大娘", "大叔", "大婶", "大伯", "奶奶", "爷爷", "阿姨", "嫂", "叔", "婶", "伯", "姨", "老师", "师傅", "老汉", "老太"} {
		if strings.HasPrefix(string(text[1:]), after) {
			return 1
		}
	}
	for n := 2; n <= 3 && n < len(text); n++ { // 赵建国来问低保
		rest := string(text[n:])
		for _, verb := range []string{"来问", "来办", "来反映", "来说", "咨询", "反映", "申请", "要求", "家", "户", "的低保", "的危房", "上门", "来访"} {
			if strings.HasPrefix(rest, verb) {
				return n
			}
		}
	}
	return 0
}

// familyNames are the common ones.
const familyNames = "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高梁郑罗宋谢唐韩曹许邓萧冯曾程蔡彭潘袁于董余苏叶吕魏蒋田杜丁沈姜范江傅钟卢汪戴崔任陆廖姚方金邱夏谭韦贾邹石熊孟秦阎薛侯雷白龙段郝孔邵史毛常万顾赖武康贺严尹钱施牛洪龚"

// masked hides the names of villagers in what was said: the family name stays.
func masked(words string) string {
	var out strings.Builder
	runes := []rune(words)
	for i := 0; i < len(runes); i++ {
		out.WriteRune(runes[i])
		if n := nameAt(runes[i:]); n > 0 {
			out.WriteString("某")
			i += n - 1
		}
	}
	return out.String()
}
