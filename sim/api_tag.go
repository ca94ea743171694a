package sim

import (
	"slices"
	"unicode/utf8"
)

// The platform's limits for tags.
const (
	mostTags     = 100 // an account has
	mostWorn     = 20  // a person has
	mostTagged   = 50  // people in one call
	longestTag   = 30  // characters
	firstTag     = 100 // smaller ids are the platform's own
	starTag      = 2
	starName     = "星标组"
	tagsPerPage  = 10_000
	codeNoSuchID = 45159
)

// tag is a mark that an account puts on people.
type tag struct {
	ID    int    `json:"id"`
	Name  string `json:"name"`
	Count int    `json:"count"`
}

type tagCall struct {
	Tag     tag      `json:"tag"`
	TagID   int      `json:"tagid"`
	OpenID  string   `json:"openid"`
	OpenIDs []string `json:"openid_list"`
	Next    string   `json:"next_openid"`
}

// tagging is a function of the API that is called with the lock held.
func (s *Sim) tagging(c call, do func(tagCall) (any, *platformError)) (any, *platformError) {
	var in tagCall
	if no := c.decode(&in); no != nil {
		return nil, no
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return do(in)
}

func (s *Sim) createTag(c call) (any, *platformError) {
	return s.tagging(c, func(in tagCall) (any, *platformError) {
		if no := s.checkTagName(in.Tag.Name); no != nil {
			return nil, no
		}
		if len(s.tags) >= mostTags {
			return nil, refuse(45056, "too many tag now, no need to add new")
		}
		s.lastTag = max(s.lastTag+1, firstTag)
		s.tags = append(s.tags, tag{ID: s.lastTag, Name: in.Tag.Name})
		var out struct {
			Tag struct {
				ID   int    `json:"id"`
				Name string `json:"name"`
			} `json:"tag"`
		}
		out.Tag.ID, out.Tag.Name = s.lastTag, in.Tag.Name
		return out, nil
	})
}

// checkTagName finds fault with a name. Callers hold the lock.
func (s *Sim) checkTagName(name string) *platformError {
	switch n := utf8.RuneCountInString(name); {
	case n < 1 || n > longestTag:
		return refuse(45158, "tag name too long")
	case name == starName || slices.ContainsFunc(s.tags, func(t tag) bool { return t.Name == name }):
		return refuse(45157, "invalid tag name")
	}
	return nil
}

// findTag is the place of one of the account's tags. Callers hold the lock.
func (s *Sim) findTag(id int) (int, *platformError) {
	i := slices.IndexFunc(s.tags, func(t tag) bool { return t.ID == id })
	if i < 0 {
		return 0, refuse(codeNoSuchID, "invalid tag id")
	}
	return i, nil
}

func (s *Sim) renameTag(c call) (any, *platformError) {
	return s.tagging(c, func(in tagCall) (any, *platformError) {
		if in.Tag.ID < firstTag {
			return nil, refuse(45058, "can't modify sys tag")
		}
		i, no := s.findTag(in.Tag.ID)
		if no == nil && s.tags[i].Name != in.Tag.Name {
			no = s.checkTagName(in.Tag.Name)
		}
		if no != nil {
			return nil, no
		}
		s.tags[i].Name = in.Tag.Name
		return done(), nil
	})
}

// deleteTag takes a tag away, also from those who have it.
func (s *Sim) deleteTag(c call) (any, *platformError) {
	return s.tagging(c, func(in tagCall) (any, *platformError) {
		if in.Tag.ID < firstTag {
			return nil, refuse(45058, "can't modify sys tag")
		}
		i, no := s.findTag(in.Tag.ID)
		if no != nil {
			return nil, no
		}
		s.tags = slices.Delete(s.tags, i, i+1)
		for _, p := range s.phones {
			p.takeOff(in.Tag.ID)
		}
		return done(), nil
	})
}

// getTags lists the account's tags, and the one that each account has.
func (s *Sim) getTags(call) (any, *platformError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := append([]tag{{ID: starTag, Name: starName}}, s.tags...)
	for _, p := range s.phones {
		for i := range list {
			if slices.Contains(p.tags, list[i].ID) {
				list[i].Count++
			}
		}
	}
	return struct {
		Tags []tag `json:"tags"`
	}{list}, nil
}

// putTag puts a tag on people, on all or on none.
func (s *Sim) putTag(c call) (any, *platformError) {
	return s.members(c, func(p *phone, id int) {
		if !slices.Contains(p.tags, id) {
			p.tags = append(p.tags, id)
		}
	}, func(p *phone, id int) *platformError {
		if len(p.tags) >= mostWorn && !slices.Contains(p.tags, id) {
			return refuse(45059, "fans has tagged too many tags")
		}
		return nil
	})
}

// takeTag takes a tag from people, whether they have it or not.
func (s *Sim) takeTag(c call) (any, *platformError) {
	return s.members(c, (*phone).takeOff, func(*phone, int) *platformError { return nil })
}

func (p *phone) takeOff(id int) {
	p.tags = slices.DeleteFunc(p.tags, func(t int) bool { return t == id })
}

// members changes several people's tag, if check finds fault with none.
func (s *Sim) members(c call, change func(*phone, int), check func(*phone, int) *platformError) (any, *platformError) {
	return s.tagging(c, func(in tagCall) (any, *platformError) {
		if n := len(in.OpenIDs); n < 1 || n > mostTagged {
			return nil, refuse(40032, "invalid openid list size")
		}
		if _, no := s.findTag(in.TagID); no != nil {
			return nil, no
		}
		for _, id := range in.OpenIDs {
			p, no := s.follower(id)
			if no == nil {
				no = check(p, in.TagID)
			}
			if no != nil {
				return nil, no
			}
		}
		for _, id := range in.OpenIDs {
			change(s.phones[id], in.TagID)
		}
		return done(), nil
	})
}

// follower is the phone of somebody who follows. Callers hold the lock.
func (s *Sim) follower(openID string) (*phone, *platformError) {
	p, ok := s.phones[openID]
	if !ok || !p.following {
		return nil, refuse(40003, "invalid openid")
	}
	return p, nil
}

// tagsOf lists a person's tags.
func (s *Sim) tagsOf(c call) (any, *platformError) {
	return s.tagging(c, func(in tagCall) (any, *platformError) {
		p, no := s.follower(in.OpenID)
		if no != nil {
			return nil, no
		}
		return struct {
			IDs []int `json:"tagid_list"`
		}{append([]int{}, p.tags...)}, nil
	})
}

type tagPage struct {
	Count int `json:"count"`
	Data  *struct {
		OpenIDs []string `json:"openid"`
	} `json:"data,omitempty"`
	Next string `json:"next_openid"`
}

// tagMembers lists who has a tag, page by page. The last page is empty and has
// no data at all.
func (s *Sim) tagMembers(c call) (any, *platformError) {
	return s.tagging(c, func(in tagCall) (any, *platformError) {
		if _, no := s.findTag(in.TagID); no != nil && in.TagID != starTag {
			return nil, no
		}
		var ids []string
		for id, p := range s.phones {
			if id > in.Next && slices.Contains(p.tags, in.TagID) {
				ids = append(ids, id)
			}
		}
		slices.Sort(ids)
		ids = ids[:min(len(ids), tagsPerPage)]
		out := tagPage{Count: len(ids)}
		if len(ids) > 0 {
			out.Data = &struct {
				OpenIDs []string `json:"openid"`
			}{ids}
			out.Next = ids[len(ids)-1]
		}
		return out, nil
	})
}
