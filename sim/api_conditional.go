package sim

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// mostHosts is to how many servers a conditional menu may lead, and
// mostConditional how many of them an account may have.
const (
	mostHosts       = 3
	mostConditional = 200
)

// android is the platform that the phones here run on.
const android = "2"

// conditional is a menu for some.
type conditional struct {
	id      int64
	buttons []Button
	rule    matchRule
}

// matchRule says for whom a conditional menu is. Sex, place and language are no
// longer asked for; whoever still asks is refused.
type matchRule struct {
	TagID    loose `json:"tag_id"`
	Platform loose `json:"client_platform_type"`
	Sex      loose `json:"sex"`
	Country  loose `json:"country"`
	Province loose `json:"province"`
	City     loose `json:"city"`
	Language loose `json:"language"`
}

// loose is a number or a word, with quotes or without: the platform takes both.
type loose string

// UnmarshalJSON takes the quotes off.
func (l *loose) UnmarshalJSON(b []byte) error {
	*l = loose(strings.Trim(string(b), `"`))
	if *l == "null" {
		*l = ""
	}
	return nil
}

func (r matchRule) check() *platformError {
	switch {
	case r.Sex+r.Country+r.Province+r.City+r.Language != "":
		return refuse(65320, "sex, country, province, city and language are not supported in matchrule")
	case r.TagID == "" && r.Platform == "":
		return refuse(65304, "match rule empty")
	case r.Platform != "" && r.Platform != "1" && r.Platform != android && r.Platform != "3":
		return refuse(40035, "invalid client_platform_type")
	}
	return nil
}

// fits reports whether a person is meant. Of several tags only the last that was
// put on counts.
func (r matchRule) fits(p *phone) bool {
	if r.Platform != "" && r.Platform != android {
		return false
	}
	return r.TagID == "" || len(p.tags) > 0 && strconv.Itoa(p.tags[len(p.tags)-1]) == string(r.TagID)
}

// addConditional adds a menu for some to that for everybody. It can only be
// replaced by another that is newer.
func (s *Sim) addConditional(c call) (any, *platformError) {
	var in struct {
		Rule *matchRule `json:"matchrule"`
	}
	buttons, no := readMenu(c)
	if no != nil {
		return nil, no
	}
	if no := c.decode(&in); no != nil {
		return nil, no
	}
	if in.Rule == nil {
		return nil, refuse(65304, "match rule empty")
	}
	if no := in.Rule.check(); no != nil {
		return nil, no
	}
	if hosts(buttons) > mostHosts {
		return nil, refuse(65314, "too many domains of the urls in the menu")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if no := s.mayAdd(*in.Rule); no != nil {
		return nil, no
	}
	s.lastMenu++
	s.conditional = append(s.conditional, conditional{id: s.lastMenu, buttons: buttons, rule: *in.Rule})
	return struct {
		ID string `json:"menuid"`
	}{strconv.FormatInt(s.lastMenu, 10)}, nil
}

// mayAdd asks whether there is what a conditional menu needs. Callers hold the
// lock.
func (s *Sim) mayAdd(r matchRule) *platformError {
	if len(s.menu) == 0 {
		return refuse(65303, "there is no selfmenu, please create selfmenu first")
	}
	if len(s.conditional) >= mostConditional {
		return refuse(65305, "conditional menu count limit")
	}
	if r.TagID == "" {
		return nil
	}
	id, err := strconv.Atoi(string(r.TagID))
	if err != nil {
		return refuse(codeNoSuchID, "invalid tag id")
	}
	_, no := s.findTag(id)
	return no
}

// hosts counts the servers that buttons lead to.
func hosts(buttons []Button) int {
	seen := map[string]bool{}
	for _, b := range buttons {
		for _, one := range append([]Button{b}, b.Sub...) {
			if u, err := url.Parse(one.URL); err == nil && u.Host != "" {
				seen[strings.ToLower(u.Hostname())] = true
			}
		}
	}
	return len(seen)
}

func (s *Sim) deleteConditional(c call) (any, *platformError) {
	var in struct {
		ID loose `json:"menuid"`
	}
	if no := c.decode(&in); no != nil {
		return nil, no
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.conditional, func(m conditional) bool { return strconv.FormatInt(m.id, 10) == string(in.ID) })
	if i < 0 {
		return nil, refuse(65301, "menuid not exist")
	}
	s.conditional = slices.Delete(s.conditional, i, i+1)
	return done(), nil
}

// tryMatch says which menu somebody sees.
func (s *Sim) tryMatch(c call) (any, *platformError) {
	var in struct {
		ID string `json:"user_id"`
	}
	if no := c.decode(&in); no != nil {
		return nil, no
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, no := s.follower(in.ID); no != nil {
		return nil, refuse(65302, "no such user")
	}
	if len(s.menu) == 0 {
		return nil, refuse(46003, "menu no exist")
	}
	return menu{Button: s.menuOf(in.ID)}, nil
}

// matching is the newest conditional menu that is meant for somebody. Callers
// hold the lock.
func (s *Sim) matching(openID string) (conditional, bool) {
	p, ok := s.phones[openID]
	if !ok {
		return conditional{}, false
	}
	for _, m := range slices.Backward(s.conditional) {
		if m.rule.fits(p) {
			return m, true
		}
	}
	return conditional{}, false
}

// menuOf is the menu for somebody, else that of everybody. Callers hold the lock.
func (s *Sim) menuOf(openID string) []Button {
	if m, ok := s.matching(openID); ok {
		return m.buttons
	}
	return append([]Button{}, s.menu...)
}

// MenuOf is the menu that a person's phone shows.
func (s *Sim) MenuOf(openID string) []Button {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.menuOf(openID)
}

// menuAnswer is what menu/get says. It calls a tag by the name that it had when
// it was a group.
type menuAnswer struct {
	Menu struct {
		Button []Button `json:"button"`
		ID     int64    `json:"menuid,omitempty"`
	} `json:"menu"`
	Conditional []conditionalAnswer `json:"conditionalmenu,omitempty"`
}

type conditionalAnswer struct {
	Button []Button `json:"button"`
	Rule   struct {
		Group    json.Number `json:"group_id,omitempty"`
		Platform string      `json:"client_platform_type,omitempty"`
	} `json:"matchrule"`
	ID int64 `json:"menuid"`
}

// getMenu says 46003 instead of an empty menu, as the platform does.
func (s *Sim) getMenu(call) (any, *platformError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.menu) == 0 {
		return nil, refuse(46003, "menu no exist")
	}
	var out menuAnswer
	out.Menu.Button = s.menu
	for _, m := range s.conditional {
		one := conditionalAnswer{Button: m.buttons, ID: m.id}
		one.Rule.Group, one.Rule.Platform = json.Number(m.rule.TagID), string(m.rule.Platform)
		out.Conditional = append(out.Conditional, one)
		out.Menu.ID = s.menuID
	}
	return out, nil
}
