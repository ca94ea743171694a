package main

import (
	"encoding/json"
	"slices"
)

// tags puts a tag on somebody and gives its bearers a menu of their own.
func (c *otherClient) tags(who string) {
	t := c.script.t
	var made struct{ Tag struct{ ID int } }
	c.must(&made, "createTags", "村干部")
	id := made.Tag.ID
	if out := c.call("createTags", "村干部"); out.Code != 45157 {
		t.Errorf("a tag of the same name: %+v, want 45157", out)
	}
	c.must(&done{}, "updateTag", id, "在职村干部")
	c.must(&done{}, "batchTagging", []string{who}, id)
	if out := c.call("batchTagging", slices.Repeat([]string{who}, 51), id); out.Code != 40032 {
		t.Errorf("51 at once: %+v, want 40032", out)
	}
	var all struct {
		Tags []struct {
			ID, Count int
			Name      string
		}
	}
	c.must(&all, "getTags")
	if last := all.Tags[len(all.Tags)-1]; last.ID != id || last.Name != "在职村干部" || last.Count != 1 {
		t.Errorf("tags %+v", all)
	}
	var members struct {
		Data struct{ OpenID []string }
	}
	c.must(&members, "getUsersFromTag", id)
	if !slices.Equal(members.Data.OpenID, []string{who}) {
		t.Errorf("members %+v", members)
	}
	c.conditionalMenu(who, id)
	c.must(&done{}, "batchUnTagging", []string{who}, id)
	var worn struct {
		IDs []int `json:"tagid_list"`
	}
	c.must(&worn, "getIdList", who)
	if len(worn.IDs) != 0 {
		t.Errorf("tags of somebody who has none: %v", worn.IDs)
	}
	c.must(&done{}, "deleteTag", id)
}

func (c *otherClient) conditionalMenu(who string, tag int) {
	t := c.script.t
	menu := func(name string) map[string]any {
		return map[string]any{"button": []any{map[string]any{"type": "click", "name": name, "key": name}}}
	}
	special := menu("干部")
	special["matchrule"] = map[string]any{"tag_id": tag}
	if out := c.call("addConditionalMenu", special); out.Code != 65303 {
		t.Errorf("without a menu of everybody: %+v, want 65303", out)
	}
	c.must(&done{}, "createMenu", menu("大家"))
	var added struct{ MenuID string }
	c.must(&added, "addConditionalMenu", special)
	sees := func(want string) {
		t.Helper()
		var seen buttons
		c.must(&seen, "tryConditionalMenu", who)
		if len(seen.Button) != 1 || seen.Button[0]["name"] != want {
			t.Errorf("sees %+v, want %s", seen, want)
		}
	}
	sees("干部")
	var got struct {
		Conditional []struct {
			MenuID json.Number
			Rule   struct {
				Group json.Number `json:"group_id"`
			} `json:"matchrule"`
		} `json:"conditionalmenu"`
	}
	c.must(&got, "getMenu")
	if len(got.Conditional) != 1 || got.Conditional[0].MenuID.String() != added.MenuID || got.Conditional[0].Rule.Group.String() != jsonNumber(tag) {
		t.Errorf("the menus come back as %+v", got)
	}
	special["matchrule"] = map[string]any{"tag_id": tag, "sex": "1"}
	if out := c.call("addConditionalMenu", special); out.Code != 65320 {
		t.Errorf("by sex: %+v, want 65320", out)
	}
	c.must(&done{}, "delConditionalMenu", added.MenuID)
	sees("大家")
}
