package wechat_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/cunkao/cunkao/wechat"
)

func TestInvalidCallsAreNotSent(t *testing.T) {
	t.Parallel()
	f := newFake(t, "a")
	c := newClient(t, f, nil)
	click := func(name string) wechat.Button { return wechat.Button{Name: name, Key: "k"} }
	menu := func(b ...wechat.Button) func(context.Context) error {
		return func(ctx context.Context) error { return c.PublishMenu(ctx, wechat.Menu{Buttons: b}) }
	}
	code := func(scene string, d time.Duration) func(context.Context) error {
		return func(ctx context.Context) error { _, err := c.SceneQR(ctx, scene, d); return err }
	}
	menus := func(tags ...wechat.TagMenu) func(context.Context) error {
		return func(ctx context.Context) error {
			return c.PublishMenus(ctx, wechat.Menu{Buttons: []wechat.Button{click("a")}}, tags...)
		}
	}
	tagged := func(id int, b ...wechat.Button) wechat.TagMenu {
		return wechat.TagMenu{TagID: id, Menu: wechat.Menu{Buttons: b}}
	}
	tag := func(id int, others []int, openIDs ...string) func(context.Context) error {
		return func(ctx context.Context) error { return c.SetTag(ctx, id, others, openIDs...) }
	}
	ensure := func(name string) func(context.Context) error {
		return func(ctx context.Context) error { _, err := c.EnsureTag(ctx, name); return err }
	}
	media := func(id string) func(context.Context) error {
		return func(ctx context.Context) error { _, err := c.Media(ctx, id); return err }
	}
	notice := func(s wechat.Subscription) func(context.Context) error {
		return func(ctx context.Context) error { _, err := c.SendSubscription(ctx, s); return err }
	}
	var four []wechat.Button
	for _, host := range []string{"a", "b", "c", "d"} {
		four = append(four, wechat.Button{Name: host, URL: "https://" + host + ".org/x"})
	}
	tests := map[string]func(context.Context) error{
		"a name with a line break":    menu(click("a\nb")),
		"a name that is no UTF-8":     menu(click("a\xff")),
		"a name that JSON escapes":    menu(click("a\u2028b")),
		"a key that JSON escapes":     menu(wechat.Button{Name: "a", Key: "\u2029"}),
		"a type that is not known":    menu(wechat.Button{Name: "a", Key: "k", Type: "view_limited"}),
		"a scan without a key":        menu(wechat.Button{Name: "a", Type: wechat.ScanWait}),
		"a scan with an address":      menu(wechat.Button{Name: "a", Type: wechat.ScanWait, URL: "https://e.org"}),
		"an address of a script":      menu(wechat.Button{Name: "a", URL: "javascript:alert(1)"}),
		"an address without a server": menu(wechat.Button{Name: "a", URL: "/x"}),
		"a conditional menu for all":  menus(tagged(0, click("a"))),
		"a tag of the platform's":     menus(tagged(2, click("a"))),
		"a tag with two menus":        menus(tagged(101, click("a")), tagged(101, click("b"))),
		"a conditional menu of none":  menus(tagged(101)),
		"a menu to four servers":      menus(tagged(101, wechat.Button{Name: "a", Sub: four})),
		"a tag below zero":            tag(-1, nil, openID),
		"no tag and one of another":   tag(0, []int{1}, openID),
		"a tag beyond 31 bits":        tag(1<<31, nil, openID),
		"a tag for nobody":            tag(101, nil),
		"a tag for nobody's name":     tag(101, nil, openID, ""),
		"a tag without a name":        ensure(""),
		"a tag of 31 characters":      ensure(strings.Repeat("村", 31)),
		"a tag with a line break":     ensure("a\nb"),
		"members of no tag":           func(ctx context.Context) error { _, err := c.TagMembers(ctx, 0); return err },
		"no media":                    media(""),
		"media of 257 bytes":          media(strings.Repeat("m", 257)),
		"a notice for nobody":         notice(wechat.Subscription{TemplateID: "t", Data: map[string]string{"thing1": "好"}}),
		"a notice that says nothing":  notice(wechat.Subscription{OpenID: openID, TemplateID: "t"}),
		"a notice with a bad field":   notice(wechat.Subscription{OpenID: openID, TemplateID: "t", Data: map[string]string{"phrase1": "A"}}),
		"a text for nobody":           func(ctx context.Context) error { return c.SendText(ctx, "", "好") },
		"a text without words":        func(ctx context.Context) error { return c.SendText(ctx, openID, " \x00") },
		"a template for nobody":       func(ctx context.Context) error { _, err := c.SendTemplate(ctx, wechat.Template{}); return err },
		"a menu without buttons":      menu(),
		"a menu of four":              menu(click("a"), click("b"), click("c"), click("d")),
		"a button without a name":     menu(click("")),
		"a name of six characters":    menu(click("一二三四五六")),
		"a button that does nothing":  menu(wechat.Button{Name: "a"}),
		"a button that does two":      menu(wechat.Button{Name: "a", Key: "k", URL: "https://e.org"}),
		"a key of 129 bytes":          menu(wechat.Button{Name: "a", Key: strings.Repeat("k", 129)}),
		"an address of 1025 bytes":    menu(wechat.Button{Name: "a", URL: strings.Repeat("u", 1025)}),
		"six below one":               menu(wechat.Button{Name: "a", Sub: []wechat.Button{click("1"), click("2"), click("3"), click("4"), click("5"), click("6")}}),
		"three levels":                menu(wechat.Button{Name: "a", Sub: []wechat.Button{{Name: "b", Sub: []wechat.Button{click("c")}}}}),
		"a scene without a name":      code("", time.Hour),
		"a scene of 65 characters":    code(strings.Repeat("村", 65), time.Hour),
		"a scene for half a second":   code("s", time.Second/2),
		"a scene for more than month": code("s", 30*24*time.Hour+time.Second),
	}
	for name, do := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := do(t.Context()); err == nil || wechat.ClassOf(err) != wechat.Ours {
				t.Errorf("got %v", err)
			}
		})
	}
	t.Cleanup(func() {
		if asked, _, calls := f.counts(); asked+calls > 0 {
			t.Errorf("%d requests were made", asked+calls)
		}
	})
}
