package main

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/cunkao/cunkao/bot"
	"github.com/cunkao/cunkao/config"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/wechat"
)

// menuCmd is `cunkao menu publish`.
type menuCmd struct {
	Publish struct{ settingsFlag } `cmd:"" help:"发布公众号菜单：所有人的，村干部的，工作人员的。"`
}

// Run publishes the menus of the account.
func (c *menuCmd) Run(ctx context.Context, s std) error {
	cfg, err := c.Publish.read(config.Serve, s)
	if err != nil {
		return err
	}
	return withDesk(ctx, c.Publish.settingsFlag, s, func(a *app) error {
		client, err := clientOf(cfg, a)
		if err != nil {
			return err
		}
		defer client.Close()
		if err := publishMenus(ctx, client); err != nil {
			return err
		}
		_, err = fmt.Fprintln(s.out, "菜单已发布，手机上最多5分钟后更新。")
		return err
	})
}

// publishMenus publishes the menu of everybody and that of each tag.
func publishMenus(ctx context.Context, client *wechat.Client) error {
	var menus []wechat.TagMenu
	names := bot.TagNames()
	for _, tag := range slices.Sorted(maps.Keys(names)) {
		t, err := client.EnsureTag(ctx, names[tag])
		if err != nil {
			return err
		}
		menus = append(menus, wechat.TagMenu{TagID: t.ID, Menu: menuOf(tag)})
	}
	return client.PublishMenus(ctx, menuOf(handlers.TagNone), menus...)
}

// menuOf is what the account shows at the bottom of the chat to those of a tag. A
// button sends its key, which is the word to type.
func menuOf(tag string) wechat.Menu {
	word := func(names ...string) []wechat.Button {
		var out []wechat.Button
		for _, n := range names {
			out = append(out, wechat.Button{Name: n, Key: n})
		}
		return out
	}
	service := wechat.Button{Name: "服务", Sub: word("谁在值班", "公示", "帮助", "人工")}
	switch tag {
	case handlers.TagCadre:
		return wechat.Menu{Buttons: []wechat.Button{
			{Name: "签到", Key: "签到"},
			{Name: "办事", Sub: word("请假", "销假", "记日志", "无事", "待办")},
			{Name: "我的", Sub: word("我的得分", "我的排班", "我的补贴", "我的记录", "帮助")},
		}}
	case handlers.TagStaff:
		return wechat.Menu{Buttons: []wechat.Button{
			{Name: "待办", Key: "待办"},
			{Name: "办理", Sub: word("绑定码", "解绑", "我的记录")},
			service,
		}}
	default:
		return wechat.Menu{Buttons: []wechat.Button{
			{Name: "谁在值班", Key: "谁在值班"},
			{Name: "公示", Key: "公示"},
			{Name: "服务", Sub: word("绑定", "我的记录", "帮助", "人工")},
		}}
	}
}
