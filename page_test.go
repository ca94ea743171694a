package main

import (
	"context"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/testkit"
)

// visitor is somebody with the demo's page open in a real browser.
type visitor struct {
	t   *testing.T
	ctx context.Context
}

// visit opens the page of a fresh demo. CUNKAO_SHOTS names a folder for pictures.
func visit(t *testing.T, width, height int64, how ...chromedp.EmulateViewportOption) visitor {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		testkit.Without(t, "chromium")
	}
	d := newTestDemo(t, models.Source{File: t.TempDir() + "/test.db", Unsynced: true})
	srv := httptest.NewServer(d.handler())
	t.Cleanup(srv.Close)
	alive(t, d)
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
	ctx, cancel = context.WithTimeout(ctx, 8*time.Minute)
	t.Cleanup(cancel)
	v := visitor{t, ctx}
	v.do(chromedp.EmulateViewport(width, height, how...), chromedp.Navigate(srv.URL+"/"), chromedp.WaitVisible(`#stops .stop:nth-child(3)`))
	return v
}

// alive runs what happens by itself, as in a demo that somebody looks at.
func alive(t *testing.T, d *demo) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	var loop sync.WaitGroup
	loop.Go(func() { d.loop(ctx) })
	t.Cleanup(func() {
		stop()
		loop.Wait()
	})
}

func (v visitor) do(steps ...chromedp.Action[chromedp.Void]) {
	v.t.Helper()
	if err := chromedp.Do(v.ctx, steps...); err != nil {
		v.shot("failed")
		v.t.Fatal(err)
	}
}

// sees waits until a script's value is true.
func (v visitor) sees(what, script string) {
	v.t.Helper()
	if _, err := chromedp.Run(v.ctx, chromedp.Poll[bool](script, chromedp.WithPollingTimeout(4*time.Minute))); err != nil {
		v.shot("failed")
		v.t.Fatalf("%s: %v", what, err)
	}
}

// reads waits until the last words of the account on a phone contain some.
func (v visitor) reads(phone, words string) {
	v.t.Helper()
	v.sees(phone+" reads "+words, `[...document.querySelectorAll("`+phone+` .line:not(.mine)")].at(-1)?.textContent.includes("`+words+`")`)
}

// taps waits for a button or link with some words, the last of its kind that
// can be seen and is covered by nothing, and taps it before the page can change.
func (v visitor) taps(where, words string) {
	v.t.Helper()
	v.sees(where+" has "+words, `(() => {
		const all = [...document.querySelectorAll("`+where+`")].filter((e) => e.offsetParent && e.textContent.includes("`+words+`"));
		const e = all.filter((e) => e.textContent === "`+words+`").at(-1) || all.at(-1); // 同意1 is no 不同意1
		if (!e || e.disabled) return false;
		e.scrollIntoView({ block: "nearest" });
		const r = e.getClientRects()[0];
		if (!e.contains(document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2))) return false;
		e.click();
		return true;
	})()`)
}

func (v visitor) says(phone, words string) {
	v.t.Helper()
	v.do(chromedp.SendKeys(phone+` .keys input`, words+"\r"))
}

// menu taps a button of the account's menu, or one below it.
func (v visitor) menu(phone, top, below string) {
	v.t.Helper()
	v.taps(phone+" .top", top)
	if below != "" {
		v.taps(phone+" .sub button", below)
	}
}

// walks moves the clock by a button and waits until it has arrived.
func (v visitor) walks(stop, day string) {
	v.t.Helper()
	v.taps("#stops .stop", stop)
	v.sees("the clock arrives", `document.querySelector("#day").textContent === "`+day+`" && document.querySelector("#walk").hidden`)
}

func (v visitor) shot(name string) {
	v.t.Helper()
	dir := os.Getenv("CUNKAO_SHOTS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(v.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		v.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, v.t.Name()+"-"+name+".png"), png, 0o600); err != nil {
		v.t.Fatal(err)
	}
}

// Somebody who has read nothing comes from a code on a slip of paper to a result
// and the reason for every point, on a small phone.
func TestPageLeadsANewcomerToTheResult(t *testing.T) {
	testkit.Unraced(t)
	t.Parallel()
	v := visit(t, 375, 812, chromedp.EmulateMobile, chromedp.EmulateTouch)
	const me = "#phone1"
	v.taps(me+" .choice", "吴英海")
	v.taps(me+" .newcomer button", "绑定")
	v.reads(me, "不保存位置")
	v.taps(me+" .bubble .link", "同意")
	v.reads(me, "绑定成功。吴英海，您好！")
	v.sees("the hint is gone", `document.querySelector("#phone1 .newcomer").hidden`)
	v.menu(me, "签到", "")
	v.reads(me, "签到成功")
	v.menu(me, "我的", "我的得分")
	v.reads(me, "2026年第三季度 到今天：")
	v.shot("score")
	v.taps(me+" .bubble .link", "为什么")
	v.reads(me, "1. ")
	v.reads(me, "〔第七条（")
	v.reads(me, "看哪一条的全部依据")

	v.walks("季度末", "2026年9月30日")
	v.walks("到公布日", "2026年11月4日")
	v.sees("the card arrives", `[...document.querySelectorAll("#phone1 .card")].at(-1)?.textContent.includes("考核结果通知考核周期2026年第三季度")`)
	v.menu(me, "我的", "我的得分")
	v.reads(me, "2026年第三季度 考核结果：")
	v.taps(me+" .bubble .link", "为什么")
	v.reads(me, "每一分的来由") // or else the link below may be that of an earlier answer
	v.taps(me+" .bubble .link", "看后面的")
	v.reads(me, "有效票")
	v.menu(me, "我的", "我的补贴")
	v.reads(me, "公示期满、没有异议后发放。")
	v.shot("pay")
	v.sees("nothing is wider than the screen", `document.documentElement.scrollWidth <= 375`)
	v.sees("no markup shows", `!/<a |weixin:|\bnull\b|undefined/.test(document.body.innerText)`)

	// After a look away everything is still there, and the newest words are in sight.
	v.do(chromedp.Reload())
	v.reads(me, "公示期满、没有异议后发放。")
	v.sees("the newest is in sight", `(() => { const c = document.querySelector("#phone1 .chat"); return c.scrollHeight - c.scrollTop - c.clientHeight < 5; })()`)
}

// The town's leader and the county's organisation take the steps on two phones
// side by side; whoever is waited for is named beside the clock.
func TestPageLetsTwoOrganisationsPublish(t *testing.T) {
	testkit.Unraced(t)
	t.Parallel()
	v := visit(t, 1440, 900)
	const town, org = "#phone1", "#phone2"
	v.taps(town+" .choice", "金涛")
	v.do(chromedp.SendKeys(org+` .find`, "组织部"))
	v.sees("the office is found by its name", `document.querySelectorAll("#phone2 .choice").length === 1`)
	v.taps(org+" .choice", "陶志")
	v.walks("到公布日", "2026年11月4日")
	v.sees("who is late is named", `document.querySelector("#stops").textContent.includes("等金涛审定")`)
	v.taps(town+" .bar .plain", "键盘")
	v.taps(org+" .bar .plain", "键盘")
	v.says(town, "待办")
	v.reads(town, "有2件事")
	v.taps(town+" .bubble .link", "查看")
	v.reads(town, "优秀名额2")
	v.shot("town")
	v.taps(town+" .bubble .link", "确认审定")
	v.reads(town, "还有1件等您办")
	v.says(town, "确认")
	v.reads(town, "下一步由县委组织部备案。")

	for _, left := range []string{"还有3件", "还有2件", "还有1件", "下一步由镇党委公布。"} {
		v.says(org, "待办")
		v.reads(org, "件事：")
		v.taps(org+" .bubble .link", "确认备案")
		v.reads(org, left)
	}
	v.says(org, "待办")
	v.reads(org, "现在没有要您办的事。")
	v.sees("who is waited for is named", `document.querySelector("#stops").textContent.includes("等金涛公布")`)
	v.says(town, "待办")
	v.taps(town+" .bubble .link", "确认公布")
	v.reads(town, "还有1件等您办")
	v.says(town, "确认公布")
	v.reads(town, "结果已经发给每一位村干部。")

	v.walks("到公布日", "2026年11月5日")
	v.taps(org+" .who", "陶志")
	v.taps(org+" .choice", "赵建")
	v.reads(org, "考核结果通知")
	v.shot("card")
	v.sees("no markup shows", `!/<a |weixin:|\bnull\b|undefined/.test(document.body.innerText)`)
}

// A leave from one sentence to the return: corrected twice, granted on the other
// phone, reported back too late, which the score then says; and what leaves the
// village without a 正职 is warned of.
func TestPageLeadsThroughALeave(t *testing.T) {
	testkit.Unraced(t)
	t.Parallel()
	v := visit(t, 1180, 900, chromedp.EmulateScale(1.5))
	const cadre, head = "#phone1", "#phone2"
	for phone, name := range map[string]string{cadre: "周海燕", head: "赵建"} {
		v.taps(phone+" .choice", name)
		v.taps(phone+" .bar .plain", "键盘")
	}
	for _, turn := range [][2]string{
		{"明天下午到后天请事假，送孩子上学", "时间：9月29日 周二 下午到9月30日 周三，1天半"},
		{"推迟一天", "时间：9月30日 周三 下午到10月1日"},
		{"不是事假是病假", "假别：病假"},
		{"确认", "已提交 ✓ 1号假条"},
	} {
		v.says(cadre, turn[0])
		v.reads(cadre, turn[1])
	}
	v.says(head, "待办")
	v.reads(head, "1号假条：石桥村周海燕病假")
	v.taps(head+" .bubble .link", "看假条1")
	v.reads(head, "1号假条：石桥村 周海燕")
	v.taps(head+" .bubble .link", "同意1")
	v.reads(head, "已同意 ✓ 周海燕的1号假条")
	v.sees("the answer arrives", `[...document.querySelectorAll("#phone1 .card")].at(-1)?.textContent.includes("已批准")`)
	v.sees("nothing is typed into", `(document.activeElement.blur(), true)`)
	v.shot("granted")
	v.do(chromedp.EmulateViewport(375, 812, chromedp.EmulateMobile, chromedp.EmulateTouch))
	v.sees("nothing is wider than the screen", `document.documentElement.scrollWidth <= 375`)
	v.shot("granted-small")
	v.do(chromedp.EmulateViewport(1180, 900, chromedp.EmulateScale(1.5)))

	v.walks("季度末", "2026年9月30日")
	v.walks("下一个工作日", "2026年10月8日")
	v.says(cadre, "销假")
	v.reads(cadre, "销假成功 ✓")
	v.says(cadre, "为什么")
	v.reads(cadre, "每一分的来由")
	v.says(cadre, "为什么3")
	v.reads(cadre, "1号假条，10月8日 周四 08:")
	v.shot("back")

	v.taps(cadre+" .who", "周海燕")
	v.taps(cadre+" .choice", "钱兰永")
	v.taps(cadre+" .bar .plain", "键盘")
	v.says(cadre, "明天请事假，去县里开家长会")
	v.reads(cadre, "由金涛审批") // a 正职's leave is the town's to decide
	v.says(cadre, "确认")
	v.sees("the town grants it", `[...document.querySelectorAll("#phone1 .card")].at(-1)?.textContent.includes("事假10月9日，1天结果已批准")`) // 金涛 is nobody's: the crowd plays him
	v.says(head, "明天请事假，家里有事")
	v.reads(head, "都不在，违反至少一名正职在岗")
	v.shot("warned")
	v.sees("no markup shows", `!/<a |weixin:|\bnull\b|undefined/.test(document.body.innerText)`)
}
