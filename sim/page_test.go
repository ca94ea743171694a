package sim_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/cunkao/cunkao/sim"
)

// people are those of the page's tests. 钱七 has not bound a phone yet.
func people(context.Context) ([]sim.Person, error) {
	code := "ABCD2345"
	return []sim.Person{
		{OpenID: li, Name: "李四", Roles: []string{"村党组织书记", "村委会主任"}, Village: "青山镇 · 柳树村", Bound: true},
		{OpenID: wang, Name: "王五", Roles: []string{"村干部"}, Village: "青山镇 · 柳树村", Bound: true},
		{OpenID: "o_qian_qi", Name: "钱七", Roles: []string{"村干部"}, Village: "青山镇 · 石桥村", Code: &code, Phone4: "1234"},
		{OpenID: "o_zhao_liu", Name: "赵六", Roles: []string{"镇干部"}, Bound: true},
	}, nil
}

const buttons = `{"button":[{"name":"履职","sub_button":[{"type":"click","name":"值班签到","key":"duty"},{"type":"click","name":"写日志","key":"log"}]},
 {"type":"click","name":"请假","key":"leave"},{"name":"我的","sub_button":[{"type":"click","name":"我的记录","key":"mine"},{"type":"view","name":"办法全文","url":"https://example.com/"}]}]}`

// pageWorld is a world with everything that the page shows.
func pageWorld(t *testing.T) *world {
	t.Helper()
	var w *world
	w = newWorld(t, func(o *sim.Options) {
		o.People = people
		o.Scenes = func(context.Context, string) ([]sim.Scene, error) {
			return []sim.Scene{{Label: "柳树村村委会墙上的码", Scene: "bind-li"}, {Label: "会议签到码", Scene: "meet-1"}}, nil
		}
		o.Stops = func(context.Context) ([]sim.Stop, error) {
			now := w.clock.Now()
			return []sim.Stop{
				{Label: "下一个工作日", Hint: "早上九点", At: now.Add(24 * time.Hour)},
				{Label: "季度末", Hint: "日志和值班截止", At: start().Add(33 * time.Hour)},
				{Label: "到公布日", Hint: "结果公示", At: start().Add(24 * 20 * time.Hour)},
			}, nil
		}
		o.Next = func(_ context.Context, after time.Time) (time.Time, bool) { return after.Add(24 * time.Hour), true }
		o.Run = func(_ context.Context, at time.Time) error {
			time.Sleep(40 * time.Millisecond)
			w.template(t, wang, at.Format("1月2日")+"的结果")
			return nil
		}
	})
	w.Follow(wang, "o_qian_qi", "o_zhao_liu")
	w.call(t, "menu/create", buttons)
	w.account.on(func(m got) string {
		if m.Content == "<script>alert(1)</script>" {
			return w.account.say(m, "<b>粗</b><img src=x onerror=alert(1)>")
		}
		return w.account.say(m, "收到“"+m.Content+m.Key+"”。\n请选：\n1 "+tapLink+"\n2 "+strings.ReplaceAll(tapLink, "确认", "取消")+"\n或看"+webLink)
	})
	return w
}

// browser opens a new browser, or skips the test where there is none.
func browser(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil && os.Getenv("CUNKAO_TEST_SERVICES") == "required" {
		t.Fatal(err)
	}
	if err != nil {
		t.Skip("no chromium on the PATH")
	}
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), chromedp.ExecPath(path), chromedp.Headless, chromedp.NoSandbox,
		chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.UserDataDir(t.TempDir()), chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true))
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(func() {
		if err := chromedp.Cancel(ctx); err != nil {
			t.Logf("close the browser: %v", err)
		}
		cancel()
	})
	// The browser belongs to the context of the first action, the deadline to all.
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	ctx, cancel = context.WithTimeout(ctx, 90*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// page is a page in a browser.
type page struct {
	t   *testing.T
	ctx context.Context
}

func (p page) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.t.Fatal(err)
	}
}

// seen waits until an element is to be seen. The page draws lists anew while it is
// looked at: whoever keeps a node for a moment may hold one that is gone.
func seen(selector string) chromedp.Action[chromedp.Void] {
	return holds(`!!e`, selector)
}

// tap waits until an element is to be seen, covered by nothing, and taps it before
// the page can change.
func tap(selector string) chromedp.Action[chromedp.Void] {
	return holds(`(() => {
		if (!e || e.disabled) return false;
		e.scrollIntoView({ block: "nearest" });
		const r = e.getClientRects()[0];
		if (!e.contains(document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2))) return false;
		e.click();
		return true;
	})()`, selector)
}

// holds waits until something is true of the first element of a kind that can be
// seen.
func holds(what, selector string) chromedp.Action[chromedp.Void] {
	poll := chromedp.Poll[bool]("((e) => "+what+")([...document.querySelectorAll(`"+selector+"`)].find((e) => e.getClientRects().length))",
		chromedp.WithPollingTimeout(20*time.Second))
	return func(ctx context.Context, t *chromedp.Target) (none chromedp.Void, err error) {
		_, err = poll(ctx, t)
		return none, err
	}
}

// sees waits until a script's value is true.
func (p page) sees(what, script string) {
	p.t.Helper()
	if _, err := chromedp.Run(p.ctx, chromedp.Poll[bool](script, chromedp.WithPollingTimeout(20*time.Second))); err != nil {
		p.shot("failed")
		p.t.Fatalf("%s: %v", what, err)
	}
}

func (p page) shot(name string) {
	p.t.Helper()
	dir := os.Getenv("CUNKAO_SHOTS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o600); err != nil {
		p.t.Fatal(err)
	}
}

func (p page) has(phone, words string) {
	p.t.Helper()
	p.sees(phone+" shows "+words, `document.querySelector("`+phone+` .chat").textContent.includes("`+words+`")`)
}

func TestPageOnADesktop(t *testing.T) {
	t.Parallel()
	w := pageWorld(t)
	p := page{t: t, ctx: browser(t)}
	p.do(chromedp.EmulateViewport(1440, 900), chromedp.Navigate(w.server.URL+"/"),
		seen(`#phone1 [data-openid="o_li_si"]`), seen(`#stops .stop`))
	p.shot("d1-choose")
	p.do(tap(`#phone1 [data-openid="o_li_si"]`), tap(`#phone2 [data-openid="o_qian_qi"]`),
		seen(`#phone2 .newcomer .primary`), seen(`#phone1 .top`))
	p.do(tap(`#phone2 .newcomer .primary`))
	p.has("#phone2", "收到“绑定 ABCD2345 1234”")

	p.do(tap(`#phone1 .bar .plain`), chromedp.SendKeys(`#phone1 .keys input`, "我要请假\r"))
	p.has("#phone1", "收到“我要请假”")
	p.do(tap(`#phone1 .bubble .link`))
	p.has("#phone1", "收到“确认 7”")
	p.do(chromedp.SendKeys(`#phone1 .keys input`, "<script>alert(1)</script>\r"))
	p.has("#phone1", "<b>粗</b><img src=x onerror=alert(1)>")
	p.sees("words stay words", `!document.querySelector(".bubble b, .bubble img, .bubble script")`)
	p.do(tap(`#phone1 .bar > .plain`), tap(`#phone1 .slot .has`))
	p.shot("d2-menu")
	p.do(tap(`#phone1 .sub:not([hidden]) button`))
	p.has("#phone1", "收到“duty”")

	p.do(tap(`#phone1 header .plain`), seen(`#phone1 .sheet .choice`))
	p.shot("d3-scan")
	p.do(tap(`#phone1 .sheet .choice`))
	p.has("#phone1", "收到“bind-li”")

	p.do(tap(`#stops .stop:nth-child(3)`), seen(`#walk`))
	p.sees("the date moves", `document.querySelector("#progress").value > 20`)
	p.shot("d4-walk")
	p.sees("the clock arrives", `document.querySelector("#day").textContent === "2026年4月19日" && document.querySelector("#walk").hidden`)
	p.do(seen(`#waiting .choice`))
	p.shot("d5-arrived")
	p.do(tap(`#waiting .choice`))
	p.has("#phone2", "考核结果通知")
	p.sees("nothing is unread", `!document.querySelector("#waiting .choice")`)
	p.shot("d6-cards")

	p.do(chromedp.Reload())
	p.has("#phone1", "收到“bind-li”")
	p.has("#phone2", "考核结果通知")
	p.do(chromedp.EmulateViewport(1024, 768))
	p.sees("two phones fit a small desktop", `document.documentElement.scrollWidth <= 1024 && document.querySelector("#phone2").offsetWidth > 300`)
	p.shot("d7-small")
}

func TestPageOnAPhone(t *testing.T) {
	t.Parallel()
	w := pageWorld(t)
	p := page{t: t, ctx: browser(t)}
	p.do(chromedp.EmulateViewport(375, 700, chromedp.EmulateMobile, chromedp.EmulateTouch), chromedp.Navigate(w.server.URL+"/sim/"),
		seen(`#phone1 [data-openid="o_qian_qi"]`))
	p.shot("m1-choose")
	p.do(tap(`#phone1 [data-openid="o_qian_qi"]`), seen(`#phone1 .newcomer .primary`))
	p.shot("m2-newcomer")
	p.do(tap(`#phone1 .newcomer .primary`))
	p.has("#phone1", "收到“绑定 ABCD2345 1234”")
	p.do(tap(`#phone1 .bar > .plain`), chromedp.SendKeys(`#phone1 .keys input`, "今天值班\r"))
	p.has("#phone1", "收到“今天值班”")
	p.shot("m3-chat")
	p.do(tap(`#phone1 .bar > .plain`), tap(`#phone1 .slot:last-child .has`), seen(`#phone1 .slot:last-child .sub`))
	p.shot("m4-menu")
	p.do(tap(`#phone1 .slot:last-child .sub button`))
	p.has("#phone1", "收到“mine”")
	p.do(tap(`#stops .stop`))
	p.sees("the clock arrives", `document.querySelector("#day").textContent === "2026年3月31日" && document.querySelector("#walk").hidden`)
	p.do(seen(`#phone1 .who .dot`), tap(`#tabs button:nth-child(2)`), seen(`#phone2 [data-openid="o_wang_wu"]`))
	p.sees("the list marks who received something", `document.querySelector("#phone2 [data-openid=o_wang_wu] .count")?.textContent === "1"`)
	p.shot("m5-other")
	p.do(tap(`#phone2 [data-openid="o_wang_wu"]`))
	p.has("#phone2", "考核结果通知")
	p.shot("m6-card")
	p.sees("nothing is wider than the screen", `document.documentElement.scrollWidth <= 375`)
	p.sees("everything to tap is big enough", `[...document.querySelectorAll("button:not(.link), .keys input")].filter((b) => b.offsetParent).every((b) => b.offsetHeight >= 44 && b.offsetWidth >= 44)`)
}
