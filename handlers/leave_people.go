package handlers

import (
	"errors"
	"fmt"
	"slices"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
)

// Colleague is a cadre as others name him. Away says that he is on leave in some
// of the time that was asked about.
type Colleague struct {
	PersonID string
	Name     string
	Post     string // 村党组织书记兼村委会主任
	Village  string
	Away     bool
}

// Colleagues are the other cadres of the person's village, to hand something to or to stand
// in for a span (代理人). With no span nobody is away.
func (v *View) Colleagues(s calendar.Span) ([]Colleague, error) {
	if err := v.may("Colleagues", own(v.Who.ID)); err != nil {
		return nil, err
	}
	at, err := v.homeOf(v.Who.ID)
	if err != nil {
		return nil, err
	}
	posts, err := v.tx.PostsWithin(at.village.ID, v.Today, v.Today)
	if err != nil {
		return nil, fmt.Errorf("colleagues: %w", err)
	}
	var away leaveBook
	if s.Valid() {
		if away, err = v.leavesOn(holders(posts, []string{at.village.ID}, nil), s.First, s.Last); err != nil {
			return nil, err
		}
	}
	of := map[string][]models.Post{}
	for _, p := range posts {
		if p.Title != models.Supervisor && p.PersonID != v.Who.ID {
			of[p.PersonID] = append(of[p.PersonID], p)
		}
	}
	return v.colleagues(of, at.village.Name, func(id string) bool {
		return s.Valid() && slices.ContainsFunc(halvesOf(s), func(h calendar.Half) bool { return away.on(id, h) })
	})
}

// colleagues describes people by their posts, the higher first.
func (v *View) colleagues(of map[string][]models.Post, village string, away func(id string) bool) ([]Colleague, error) {
	var out []Colleague
	for _, title := range postOrder() {
		for id, posts := range of {
			if !slices.ContainsFunc(posts, func(p models.Post) bool { return p.Title == title }) ||
				slices.ContainsFunc(out, func(c Colleague) bool { return c.PersonID == id }) {
				continue
			}
			p, err := v.tx.Person(id)
			if err != nil {
				return nil, fmt.Errorf("colleagues: %w", err)
			}
			out = append(out, Colleague{PersonID: id, Name: p.Name, Post: postNames(posts, v.Today), Village: village, Away: away(id)})
		}
	}
	return out, nil
}

// CadresNamed finds the cadres of a name for whom the person may enter a leave
// from paper: those of the own village or town.
func (v *View) CadresNamed(name string) ([]Colleague, error) {
	if err := v.may("CadresNamed", own(v.Who.ID)); err != nil {
		return nil, err
	}
	people, err := v.tx.PeopleNamed(name)
	if err != nil {
		return nil, fmt.Errorf("cadres named %s: %w", name, err)
	}
	var out []Colleague
	for _, p := range people {
		at, err := v.homeOf(p.ID)
		if _, refused := errors.AsType[*Refusal](err); refused {
			continue
		}
		if err != nil {
			return nil, err
		}
		if v.may("AskLeave", Target{Person: p.ID, Village: at.village.ID, Town: at.village.TownID}) != nil {
			continue
		}
		posts, err := v.tx.PostsOf(p.ID)
		if err != nil {
			return nil, fmt.Errorf("posts of %s: %w", p.ID, err)
		}
		out = append(out, Colleague{PersonID: p.ID, Name: p.Name, Post: postNames(posts, v.Today), Village: at.village.Name})
	}
	return out, nil
}
