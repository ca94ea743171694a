package handlers

import (
	"fmt"
	"strings"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
)

// ExportRegister returns who is registered as rows of the sheet of people (RegisterColumns),
// a row for what somebody became on one day in one place: who is in post, will be, or was in
// this quarter. The middle of a phone's number is hidden; the sheet is understood without it.
func (v *View) ExportRegister() ([][]string, error) {
	if err := v.may("ExportRegister", Target{}); err != nil {
		return nil, err
	}
	people, err := v.tx.People()
	if err != nil {
		return nil, fmt.Errorf("people: %w", err)
	}
	where, err := v.placeNames()
	if err != nil {
		return nil, err
	}
	var rows [][]string
	for _, p := range people {
		own, err := v.registerRows(p, where)
		if err != nil {
			return nil, err
		}
		rows = append(rows, own...)
	}
	return rows, nil
}

// placeNames are towns and villages by id, as a row names them: 镇, 村.
func (v *View) placeNames() (map[string][2]string, error) {
	places, err := v.knownPlaces()
	where := make(map[string][2]string, len(places))
	for names, id := range places {
		where[id] = names
	}
	return where, err
}

// registeredAs is what somebody is from one day on in one place.
type registeredAs struct {
	place, topic string
	from, to     calendar.Date
}

func (v *View) registerRows(p models.Person, where map[string][2]string) ([][]string, error) {
	phone, err := v.phoneOf(p)
	if err != nil {
		return nil, err
	}
	posts, err := v.tx.PostsOf(p.ID)
	if err != nil {
		return nil, fmt.Errorf("posts of %s: %w", p.ID, err)
	}
	roles, err := v.tx.RolesOf(p.ID)
	if err != nil {
		return nil, fmt.Errorf("roles of %s: %w", p.ID, err)
	}
	var order []registeredAs
	titles := map[registeredAs][]string{}
	add := func(as registeredAs, title string) {
		if !as.to.IsZero() && as.to.Before(calendar.QuarterOf(v.Today).First()) {
			return
		}
		if titles[as] == nil {
			order = append(order, as)
		}
		titles[as] = append(titles[as], title)
	}
	for _, title := range postOrder() {
		for _, post := range posts {
			if post.Title == title {
				add(registeredAs{place: post.VillageID, from: post.FromDay, to: post.ToDay}, title.Chinese())
			}
		}
	}
	for _, r := range roles {
		as := registeredAs{place: r.ScopeID, from: r.FromDay, to: r.ToDay}
		if RoleName(r.Name) == Department {
			as.place, as.topic = "", r.ScopeID
		}
		add(as, roleTitle(RoleName(r.Name)))
	}
	rows := make([][]string, 0, len(order))
	for _, as := range order {
		at, last := where[as.place], ""
		if !as.to.IsZero() {
			last = as.to.String()
		}
		rows = append(rows, []string{p.Name, hidden(phone), at[0], at[1], strings.Join(titles[as], "、"), as.from.String(), as.topic, last, ""})
	}
	return rows, nil
}
