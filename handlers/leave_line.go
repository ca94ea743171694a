package handlers

import (
	"fmt"
	"slices"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
)

// Levels of those who decide about leave, from below.
const (
	villageLevel = iota + 1 // 村党组织: the 书记
	townLevel               // 镇党委
	countyLevel             // 县委组织部
)

// startLevel is where a leave of so many half days is decided: that of a 正职 by
// 镇党委, that of others by 村党组织 (article 7.4.3), and above if it is long.
func (v *View) startLevel(head bool, halves int) int {
	rules := v.h.county.Leave
	switch {
	case rules.CountyAbove > 0 && halves > 2*rules.CountyAbove:
		return countyLevel
	case head, rules.TownAbove > 0 && halves > 2*rules.TownAbove:
		return townLevel
	default:
		return villageLevel
	}
}

// line is who may decide about a leave now, in order: the first is told, the
// others may act in his place.
type line struct {
	level  int
	people []string
}

func (l line) first() string {
	if len(l.people) == 0 {
		return ""
	}
	return l.people[0]
}

// line finds who may decide about a leave now: never whose leave it is, nor who entered it
// from paper, nor a relative of either, nor somebody on leave, for whom the deputy acts whom
// his leave names and who has accepted. With nobody left it goes one level up.
func (v *View) line(l models.Leave) (line, error) {
	barred, err := v.barred(l.PersonID, l.RegisteredBy)
	if err != nil {
		return line{}, err
	}
	for level := max(l.Level, villageLevel); level <= countyLevel; level++ {
		heads, err := v.holders(level, l)
		if err != nil {
			return line{}, err
		}
		out := line{level: level}
		for _, id := range heads {
			acting, err := v.acting(id)
			if err != nil {
				return line{}, err
			}
			if acting != "" && !barred[id] && !barred[acting] && !slices.Contains(out.people, acting) {
				out.people = append(out.people, acting)
			}
		}
		if len(out.people) > 0 {
			return out, nil
		}
	}
	return line{level: countyLevel}, nil
}

// barred are those who count as the people themselves: they and their relatives (回避).
func (v *View) barred(people ...string) (map[string]bool, error) {
	out := map[string]bool{}
	for _, id := range people {
		if id == "" {
			continue
		}
		kin, err := v.tx.KinOf(id)
		if err != nil {
			return nil, fmt.Errorf("kin of %s: %w", id, err)
		}
		out[id] = true
		for _, k := range kin {
			out[k.Of(id)] = true
		}
	}
	return out, nil
}

// holders are those who decide at a level by post or role, in the order in which
// they got it.
func (v *View) holders(level int, l models.Leave) (people []string, err error) {
	if level == villageLevel {
		posts, err := v.tx.PostsWithin(l.VillageID, v.Today, v.Today)
		if err != nil {
			return nil, fmt.Errorf("who decides in %s: %w", l.VillageID, err)
		}
		for _, p := range posts {
			if p.Title == models.PartySecretary {
				people = append(people, p.PersonID)
			}
		}
		return people, nil
	}
	role, scope := TownLeader, l.TownID
	if level == countyLevel {
		role, scope = Org, ""
	}
	roles, err := v.tx.RolesOn(string(role), scope, v.Today)
	if err != nil {
		return nil, fmt.Errorf("who decides as %s: %w", role, err)
	}
	for _, r := range roles {
		people = append(people, r.PersonID)
	}
	return people, nil
}

// half is the half day that runs now.
func (v *View) half() calendar.Half {
	return calendar.Half{Day: v.Today, Noon: !v.Now.Before(v.Today.At(12, 0))}
}

// acting is who acts for somebody now: himself, the deputy of his leave, or nobody.
// A chain of deputies that comes back ends with nobody.
func (v *View) acting(personID string) (string, error) {
	for seen := map[string]bool{}; personID != "" && !seen[personID]; {
		seen[personID] = true
		l, away, err := v.awayOn(personID, v.half())
		if err != nil || !away {
			return personID, err
		}
		personID = ""
		if l.DeputySaid == models.DeputyAccepted {
			personID = l.DeputyID
		}
	}
	return "", nil
}

// awayOn returns the approved leave that a person is on for half a day.
func (v *View) awayOn(personID string, h calendar.Half) (models.Leave, bool, error) {
	rows, err := v.tx.LeavesGranted([]string{personID}, h.Day, h.Day)
	if err != nil {
		return models.Leave{}, false, fmt.Errorf("leave of %s: %w", personID, err)
	}
	for _, l := range rows {
		if taken := l.Taken(); taken.Valid() && taken.Has(h) {
			return l, true, nil
		}
	}
	return models.Leave{}, false, nil
}

// scope is whose leaves the person may see, by roles and as a deputy.
func (v *View) scope() (models.LeaveScope, error) {
	s := models.LeaveScope{Person: v.Who.ID, All: v.job != ""}
	for _, g := range v.grants {
		switch g.Role {
		case Secretary, Head, Supervisor:
			s.Villages = append(s.Villages, g.Village)
		case TownStaff, TownLeader:
			s.Towns = append(s.Towns, g.Town)
		case Org, Auditor, Assessor:
			s.All = true
		default:
		}
	}
	for _, g := range v.grants {
		if g.Role != Cadre || slices.Contains(s.Villages, g.Village) {
			continue
		}
		acts, err := v.actsFor(g.Village)
		if err != nil {
			return s, err
		}
		if acts {
			s.Villages = append(s.Villages, g.Village)
		}
	}
	return s, nil
}

// actsFor reports whether the person stands in for the 书记 of a village now.
func (v *View) actsFor(villageID string) (bool, error) {
	heads, err := v.holders(villageLevel, models.Leave{VillageID: villageID})
	if err != nil {
		return false, err
	}
	for _, id := range heads {
		acting, err := v.acting(id)
		if err != nil || acting == v.Who.ID {
			return err == nil, err
		}
	}
	return false, nil
}
