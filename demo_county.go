package main

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
)

// The demo's county is invented, and so is everybody in it.
const demoCounty = "青山县"

// demoPerson is somebody of the demo. Somebody without Bound is to be bound by
// whoever tries the demo.
type demoPerson struct {
	handlers.PersonEntry
	Bound bool
	// Careless never checks in by himself in what is left of the quarter.
	Careless bool
}

// openID is the same in every demo, and looks like the platform's.
func (p demoPerson) openID() string {
	sum := sha256.Sum256([]byte("demo" + p.Phone))
	return "o" + base64.RawURLEncoding.EncodeToString(sum[:])[:27]
}

func demoTowns() []handlers.TownEntry {
	return []handlers.TownEntry{
		{Name: "青石镇", Villages: []string{"石桥村", "松树村", "云岭村"}},
		{Name: "柳河镇", Villages: []string{"柳湾村", "杏花村", "桃源村"}},
	}
}

// oneHead is the village where one person is both 书记 and 主任 (一肩挑).
const oneHead = "云岭村"

// demoPeople is everybody, in a fixed order.
func demoPeople() []demoPerson {
	n := names{}
	since := calendar.Date{Year: 2024, Month: 1, Day: 1}
	var all []demoPerson
	add := func(e handlers.PersonEntry) *demoPerson {
		e.Name, e.Phone, e.From = n.next(), fmt.Sprintf("199000%05d", 10007+len(all)*137), since
		all = append(all, demoPerson{PersonEntry: e, Bound: true})
		return &all[len(all)-1]
	}
	for _, t := range demoTowns() {
		for _, village := range t.Villages {
			for _, posts := range demoPosts(village) {
				add(handlers.PersonEntry{Town: t.Name, Village: village, Posts: posts})
			}
			add(handlers.PersonEntry{Town: t.Name, Village: village, Posts: []models.PostTitle{models.Supervisor}})
			add(handlers.PersonEntry{Town: t.Name, Village: village, Roles: []handlers.RoleName{handlers.Villager}})
			add(handlers.PersonEntry{Town: t.Name, Village: village, Roles: []handlers.RoleName{handlers.Villager}}).Bound = false
		}
		add(handlers.PersonEntry{Town: t.Name, Roles: []handlers.RoleName{handlers.TownLeader}})
		add(handlers.PersonEntry{Town: t.Name, Roles: []handlers.RoleName{handlers.TownStaff}})
		add(handlers.PersonEntry{Town: t.Name, Roles: []handlers.RoleName{handlers.TownStaff}}).Bound = false
	}
	for _, role := range []handlers.RoleName{handlers.Org, handlers.Assessor, handlers.Assessor, handlers.Assessor, handlers.Auditor, handlers.Admin} {
		add(handlers.PersonEntry{Roles: []handlers.RoleName{role}})
	}
	for _, topic := range []string{"扶贫", "农业", "民政", "财政"} {
		add(handlers.PersonEntry{Roles: []handlers.RoleName{handlers.Department}, Topic: topic})
	}
	all[firstUnbound(all)].Bound = false
	all[2].Careless = true
	return all
}

// firstUnbound is the cadre who is to be bound in the demo: the last of the
// first village.
func firstUnbound(all []demoPerson) int {
	for i, p := range all {
		if i > 0 && len(p.Posts) == 1 && p.Posts[0] == models.Supervisor {
			return i - 1
		}
	}
	return 0
}

// demoPosts are the six cadres of a village, or the five where one holds both
// posts of a 正职.
func demoPosts(village string) [][]models.PostTitle {
	rest := [][]models.PostTitle{
		{models.PartyDeputySecretary}, {models.CommitteeDeputy}, {models.PartyMember}, {models.CommitteeMember},
	}
	heads := [][]models.PostTitle{{models.PartySecretary}, {models.CommitteeDirector}}
	if village == oneHead {
		heads = [][]models.PostTitle{{models.PartySecretary, models.CommitteeDirector}, {models.CommitteeMember}}
	}
	return append(heads, rest...)
}

// names hands out invented names, none twice while there are given ones left.
type names struct{ n int }

// givenNames are in the order of demoPeople: scripts and the README call some of
// these people by name.
const givenNames = `
	建 兰永 玉山 江 海燕 英海 春 斌桂 忠梅 萍 桂江 山 长福 华志 秀福 福 文红 燕忠 丽 强
	德兰 红 美玲 国栋 永 建英 晓强 涛 志珍 春梅 小红 义 建英 秀兰 立新 长江 海 淑英 国庆 斌
	凤英 文萍 桂芳 美兰 长生 华 秀福 福玉 文 晓燕 丽华 强 德明 红梅 玉珍 国强 永华 珍 德山 春涛
	志 雪梅 小义 志强 建军 桂英 玉 春江 海涛 英`

func (n *names) next() string {
	family, given := []rune("赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜"), strings.Fields(givenNames)
	i := n.n
	n.n++
	return string(family[i%len(family)]) + given[i%len(given)]
}
