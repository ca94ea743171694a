package wechat

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	sdk "github.com/silenceper/wechat/v2/officialaccount/context"
	"github.com/silenceper/wechat/v2/officialaccount/user"
)

// The platform's limits for tags. An account has 100, a person 20.
const (
	maxTagName  = 30 // characters
	maxTagged   = 50 // openids in one call
	maxTagPages = 100
	codeTagName = 45157 // there is a tag of that name
)

// Tag is a mark on users, by which conditional menus are chosen.
type Tag struct {
	ID    int    `json:"id"`
	Name  string `json:"name"`
	Count int    `json:"count"` // of users
}

// Tags are all tags of the account.
func (c *Client) Tags(ctx context.Context) ([]Tag, error) {
	a, err := c.call(ctx, "tags/get", func(s *sdk.Context) error {
		_, err := user.NewUser(s).GetTag()
		return err
	})
	return a.Tags, err
}

// EnsureTag is the tag of that name (1 to 30 characters), which is made if there
// is none.
func (c *Client) EnsureTag(ctx context.Context, name string) (Tag, error) {
	if n := utf8.RuneCountInString(name); n < 1 || n > maxTagName || !plain(name) {
		return Tag{}, invalid("name of tag %q: 1 to %d characters", name, maxTagName)
	}
	tags, err := c.Tags(ctx)
	if err != nil {
		return Tag{}, err
	}
	if i := slices.IndexFunc(tags, func(t Tag) bool { return t.Name == name }); i >= 0 {
		return tags[i], nil
	}
	a, err := c.call(ctx, "tags/create", func(s *sdk.Context) error {
		_, err := user.NewUser(s).CreateTag(name)
		return err
	})
	if e, ok := errors.AsType[*Error](err); ok && e.Code == codeTagName {
		return c.rival(ctx, name, err)
	}
	if err != nil {
		return Tag{}, err
	}
	if a.Tag == nil || a.Tag.ID == 0 {
		return Tag{}, errors.New("wechat tags/create: answer without a tag")
	}
	return Tag{ID: a.Tag.ID, Name: name}, nil
}

// rival finds the tag that somebody else has made meanwhile.
func (c *Client) rival(ctx context.Context, name string, refused error) (Tag, error) {
	tags, err := c.Tags(ctx)
	if err != nil {
		return Tag{}, err
	}
	for _, t := range tags {
		if t.Name == name {
			return t, nil
		}
	}
	return Tag{}, refused
}

// TagMembers are the openids of those who have the tag.
func (c *Client) TagMembers(ctx context.Context, tagID int) ([]string, error) {
	id, err := tagOf(tagID)
	if err != nil {
		return nil, err
	}
	var members []string
	next := ""
	for range maxTagPages {
		a, err := c.call(ctx, "user/tag/get", func(s *sdk.Context) error {
			_, err := user.NewUser(s).OpenIDListByTag(id, next)
			return err
		})
		if err != nil {
			return nil, err
		}
		members = append(members, a.Data.OpenIDs...)
		// The last page names its last openid as the next, or none.
		if len(a.Data.OpenIDs) == 0 || a.NextOpenID == "" || a.NextOpenID == next {
			return members, nil
		}
		next = a.NextOpenID
	}
	return nil, fmt.Errorf("wechat user/tag/get: over %d pages", maxTagPages)
}

// SetTag gives users the one of our tags that they are to have, or with tagID 0
// none. The others of ours go first, and the tag is put on last: among several
// tags the platform chooses the menu by the last. It may be repeated: if it fails
// in the middle, a user has one of ours or none, never two.
func (c *Client) SetTag(ctx context.Context, tagID int, others []int, openIDs ...string) error {
	for _, id := range append([]int{tagID}, others...) {
		if _, err := tagOf(id); err != nil && (id != 0 || tagID != 0) {
			return err
		}
	}
	if len(openIDs) == 0 || slices.Contains(openIDs, "") {
		return invalid("a tag for nobody")
	}
	for some := range slices.Chunk(openIDs, maxTagged) {
		for _, other := range others {
			if other == tagID {
				continue
			}
			if err := c.tag(ctx, "tags/members/batchuntagging", (*user.User).BatchUntag, other, some); err != nil {
				return err
			}
		}
		if tagID == 0 {
			continue
		}
		if err := c.tag(ctx, "tags/members/batchtagging", (*user.User).BatchTag, tagID, some); err != nil {
			return err
		}
	}
	return nil
}

// tag makes one call about a tag and some users.
func (c *Client) tag(ctx context.Context, api string, do func(*user.User, []string, int32) error, tagID int, openIDs []string) error {
	id, err := tagOf(tagID)
	if err != nil {
		return err
	}
	_, err = c.call(ctx, api, func(s *sdk.Context) error { return do(user.NewUser(s), openIDs, id) })
	return err
}

// tagOf checks the id of a tag. Below 100 are the platform's own.
func tagOf(id int) (int32, error) {
	if id < 100 || id > 1<<31-1 {
		return 0, invalid("tag %d", id)
	}
	return int32(id), nil
}
