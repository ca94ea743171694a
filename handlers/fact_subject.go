package handlers

import (
	"fmt"
	"slices"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/scoring"
)

// factSubject is a village or a cadre that facts are about.
type factSubject struct {
	kind    string // models.OfVillage or models.OfCadre
	id      string
	town    models.Town
	village string
	name    string // of a cadre, with the post if a namesake is in the village
}

// scope is whose checks concern the subject.
func (s factSubject) scope() scoring.Scope {
	if s.kind == models.OfVillage {
		return scoring.VillageScope
	}
	return scoring.CadreScope
}

// factSubjects are all villages and cadres of a quarter, each village before its
// cadres, whoever may enter facts about them. One query for each kind of row:
// a county has thousands.
func (v *View) factSubjects(q calendar.Quarter) ([]factSubject, error) {
	towns, err := v.tx.Towns()
	if err != nil {
		return nil, fmt.Errorf("subjects of %s: %w", q, err)
	}
	villages, err := v.tx.Villages()
	if err != nil {
		return nil, fmt.Errorf("subjects of %s: %w", q, err)
	}
	cadres, err := v.factCadres(q)
	if err != nil {
		return nil, err
	}
	var out []factSubject
	for _, town := range towns {
		for _, village := range villages {
			if village.TownID != town.ID {
				continue
			}
			out = append(out, factSubject{kind: models.OfVillage, id: village.ID, town: town, village: village.Name})
			for _, c := range cadres[village.ID] {
				c.town, c.village = town, village.Name
				out = append(out, c)
			}
		}
	}
	return out, nil
}

// factCadres are those who are assessed in a quarter, by village.
func (v *View) factCadres(q calendar.Quarter) (map[string][]factSubject, error) {
	posts, err := v.tx.PostsWithin("", q.First(), q.Last())
	if err != nil {
		return nil, fmt.Errorf("posts of %s: %w", q, err)
	}
	ids := make([]string, len(posts))
	for i, p := range posts {
		ids[i] = p.PersonID
	}
	slices.Sort(ids)
	people, err := v.tx.PeopleByID(slices.Compact(ids))
	if err != nil {
		return nil, fmt.Errorf("people of %s: %w", q, err)
	}
	byVillage := map[string][]models.Post{}
	for _, p := range posts {
		byVillage[p.VillageID] = append(byVillage[p.VillageID], p)
	}
	out := map[string][]factSubject{}
	for village, of := range byVillage {
		out[village] = cadresIn(byPerson(of), people)
	}
	return out, nil
}

// cadresIn names the cadres of a village so that each name is of one.
func cadresIn(posts [][]models.Post, people map[string]models.Person) []factSubject {
	namesakes := map[string]int{}
	for _, mine := range posts {
		namesakes[people[mine[0].PersonID].Name]++
	}
	var out []factSubject
	for _, mine := range posts {
		s := factSubject{kind: models.OfCadre, id: mine[0].PersonID, name: people[mine[0].PersonID].Name}
		if namesakes[s.name] > 1 {
			s.name += "（" + mine[0].Title.Chinese() + "）"
		}
		out = append(out, s)
	}
	return out
}

// townsWithin are the towns that a person's right reaches. None is a refusal.
func (v *View) townsWithin(may func(Target) error) (map[string]bool, error) {
	towns, err := v.tx.Towns()
	if err != nil {
		return nil, fmt.Errorf("towns within reach: %w", err)
	}
	reached, refused := map[string]bool{}, may(Target{})
	for _, t := range towns {
		if refused = may(Target{Town: t.ID}); refused == nil {
			reached[t.ID] = true
		}
	}
	if len(reached) == 0 {
		return nil, refused
	}
	return reached, nil
}

// factIndex finds subjects as a sheet names them.
type factIndex struct {
	villages map[string][]factSubject    // by name
	cadres   map[[2]string][]factSubject // by village, as town id and name, and bare name or label
	reached  map[string]bool
}

func indexSubjects(subjects []factSubject, reached map[string]bool) factIndex {
	x := factIndex{villages: map[string][]factSubject{}, cadres: map[[2]string][]factSubject{}, reached: reached}
	for _, s := range subjects {
		if s.kind == models.OfVillage {
			x.villages[s.village] = append(x.villages[s.village], s)
			continue
		}
		key := [2]string{s.town.ID + s.village, s.name}
		x.cadres[key] = append(x.cadres[key], s)
		if bare := bareName(s.name); bare != s.name {
			key[1] = bare
			x.cadres[key] = append(x.cadres[key], s)
		}
	}
	return x
}

// find returns the subject of a row, or says what is wrong with it.
func (x factIndex) find(r FactRow) (factSubject, *cellError) {
	if r.Kind != kindVillage && r.Kind != kindCadre {
		return factSubject{}, r.wrong(colKind, "应填“村”或“干部”，不是“%.20s”。", r.Kind)
	}
	of := slices.Clone(x.villages[r.Village])
	if r.Town != "" {
		of = slices.DeleteFunc(of, func(s factSubject) bool { return s.town.Name != r.Town })
	}
	switch {
	case len(of) == 0:
		return factSubject{}, r.wrong(colVillage, "没有%.20s%.20s这个村。", r.Town, r.Village)
	case len(of) > 1:
		return factSubject{}, r.wrong(colTown, "有几个村叫%.20s，请写明是哪个镇的。", r.Village)
	case !x.reached[of[0].town.ID]:
		return factSubject{}, r.wrong(colTown, "%s不归您录入。", of[0].town.Name)
	case r.Kind == kindVillage:
		return of[0], nil
	}
	named := x.cadres[[2]string{of[0].town.ID + of[0].village, r.Name}]
	switch len(named) {
	case 0:
		return factSubject{}, r.wrong(colName, "%s本季度没有叫“%.20s”的村干部。", of[0].village, r.Name)
	case 1:
		return named[0], nil
	default:
		return factSubject{}, r.wrong(colName, "%s有同名干部，请写成“%s”这样。", of[0].village, named[0].name)
	}
}
