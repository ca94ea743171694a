package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/cunkao/cunkao/bot"
	"github.com/cunkao/cunkao/config"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/wechat"
)

// menuCmd is `cunkao menu`.
type menuCmd struct {
	Show    menuShowCmd    `cmd:"" help:"看看会发布什么样的菜单，不连微信，不发布。"`
	Publish menuPublishCmd `cmd:"" help:"发布公众号菜单：所有人的，村干部的，工作人员的。"`
}

type menuShowCmd struct{}

// Run prints what Publish would publish.
func (menuShowCmd) Run(s std) error {
	names := bot.TagNames()
	lines := append([]string{"所有人的菜单（没有下面两种标签的人看到的）："}, menuLines(menuOf(handlers.TagNone))...)
	for _, tag := range slices.Sorted(maps.Keys(names)) {
		lines = append(append(lines, "", "标签“"+names[tag]+"”的菜单："), menuLines(menuOf(tag))...)
	}
	lines = append(lines, "", "点哪一项，就等于发那几个字。这里只是看，没有发布；发布用 cunkao menu publish。")
	_, err := fmt.Fprintln(s.out, strings.Join(lines, "\n"))
	return err
}

// menuLines is a menu in words, a button on each line.
func menuLines(m wechat.Menu) (lines []string) {
	for _, b := range m.Buttons {
		names := make([]string, len(b.Sub))
		for i, one := range b.Sub {
			names[i] = one.Name
		}
		line := "  " + b.Name
		if len(names) > 0 {
			line += "：" + strings.Join(names, "、")
		}
		lines = append(lines, line)
	}
	return lines
}

type menuPublishCmd struct{ settingsFlag }

// Run publishes the menus of the account.
func (c *menuPublishCmd) Run(ctx context.Context, s std) error {
	cfg, err := c.read(config.Serve, s)
	if err != nil {
		return err
	}
	return withDesk(ctx, c.settingsFlag, s, func(a *app) error {
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
