package wechat

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	sdk "github.com/silenceper/wechat/v2/officialaccount/context"
	"github.com/silenceper/wechat/v2/officialaccount/menu"
	"github.com/silenceper/wechat/v2/util"
)

// codeNoMenu is how the platform says that an account has no menu.
const codeNoMenu = 46003

// TagMenu is the menu of those who have a tag. A menu is a view only: what a
// button leads to has to ask again who may.
type TagMenu struct {
	TagID int
	Menu  Menu
}

// PublishMenus replaces the account's menu and all conditional ones, of which
// the platform can only make and delete each: first the menu of everybody, then
// the new conditional ones, which are matched before older ones, and last the
// old ones go. So nobody is without a menu in between, and if it fails in the
// middle, it may be repeated as a whole. A tag may occur once; the addresses in
// a conditional menu may lead to three servers. The platform takes 2,000
// conditional menus a day.
func (c *Client) PublishMenus(ctx context.Context, everybody Menu, tags ...TagMenu) error {
	if _, err := everybody.translate(); err != nil {
		return err
	}
	bodies, err := conditional(tags)
	if err != nil {
		return err
	}
	old, err := c.conditionalMenus(ctx)
	if err != nil {
		return err
	}
	if err := c.PublishMenu(ctx, everybody); err != nil {
		return err
	}
	for _, body := range bodies {
		if err := c.post(ctx, "menu/addconditional", body); err != nil {
			return err
		}
	}
	for _, id := range old {
		if err := c.post(ctx, "menu/delconditional", map[string]string{"menuid": id}); err != nil {
			return err
		}
	}
	return nil
}

// conditionalMenu is what the platform is told. The SDK's has group_id, which
// is no more, in the place of tag_id.
type conditionalMenu struct {
	Buttons []*menu.Button `json:"button"`
	Rule    struct {
		TagID string `json:"tag_id"`
	} `json:"matchrule"`
}

// conditional checks the menus of tags and makes what is sent of them.
func conditional(tags []TagMenu) ([]conditionalMenu, error) {
	seen := map[int]bool{}
	var out []conditionalMenu
	for _, t := range tags {
		if _, err := tagOf(t.TagID); err != nil {
			return nil, err
		}
		if seen[t.TagID] {
			return nil, invalid("tag %d has two menus", t.TagID)
		}
		seen[t.TagID] = true
		buttons, err := t.Menu.translate()
		if err != nil {
			return nil, err
		}
		if n := len(t.Menu.hosts()); n > maxDomains {
			return nil, invalid("addresses of %d servers in the menu of tag %d", n, t.TagID)
		}
		m := conditionalMenu{Buttons: buttons}
		m.Rule.TagID = strconv.Itoa(t.TagID)
		out = append(out, m)
	}
	return out, nil
}

// hosts are the servers that a menu leads to.
func (m Menu) hosts() map[string]bool {
	hosts := map[string]bool{}
	for _, b := range m.Buttons {
		for _, s := range append([]Button{b}, b.Sub...) {
			if s.URL != "" {
				hosts[s.host()] = true
			}
		}
	}
	return hosts
}

// conditionalMenus are the ids of the conditional menus that there are.
func (c *Client) conditionalMenus(ctx context.Context) ([]string, error) {
	a, err := c.call(ctx, "menu/get", func(s *sdk.Context) error {
		_, err := menu.NewMenu(s).GetMenu()
		return err
	})
	if e, ok := errors.AsType[*Error](err); ok && e.Code == codeNoMenu {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, m := range a.Conditional {
		id := strings.Trim(string(m.MenuID), `"`)
		if _, err := strconv.ParseUint(id, 10, 64); err != nil {
			return nil, errors.New("wechat menu/get: a menu without an id")
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// post makes a call whose JSON the SDK has no shape for. It is sent as UTF-8:
// with escapes in it menus are refused (40033).
func (c *Client) post(ctx context.Context, api string, body any) error {
	_, err := c.call(ctx, api, func(s *sdk.Context) error {
		token, err := s.GetAccessToken()
		if err != nil {
			return fmt.Errorf("mark of the call: %w", err)
		}
		_, err = util.PostJSON("https://"+officialHost+"/cgi-bin/"+api+"?access_token="+token, body)
		return err
	})
	return err
}
