package main

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"

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

// names hands out invented names, none twice.
type names struct{ n int }

func (n *names) next() string {
	family := []rune("赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜")
	given := []rune("建国秀英志强桂兰永福春梅德山玉珍文斌小红长江晓燕忠义美华海涛丽萍")
	i := n.n
	n.n++
	name := string(family[i%len(family)]) + string(given[(i*7)%len(given)])
	if i%3 != 0 {
		name += string(given[(i*5+3)%len(given)])
	}
	return name
}
