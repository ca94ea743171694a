package bot

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// shown is an answer as it is read: what a tap sends is left out.
func shown(answer string) string { return regexp.MustCompile(`<[^>]*>`).ReplaceAllString(answer, "") }

// wants says something and wants some words in the answer, none of those after “!”.
func (v *village) wants(t *testing.T, who, text string, want ...string) {
	t.Helper()
	got := shown(v.say(t, who, text))
	for _, w := range want {
		if without, no := strings.CutPrefix(w, "!"); no == strings.Contains(got, without) {
			t.Errorf("%s says %q, wanting %q, and reads\n%s", who, text, w, got)
		}
	}
}

// Whoever decides sees in his list what a leave is for, and taps its own number.
func TestLeavesInTheListOfWhoeverDecides(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	v.say(t, "孙委员", "明天请事假，送孩子上学")
	v.say(t, "孙委员", "确认")
	v.wants(t, "赵书记", "待办", "1号假条：甲村孙委员事假10月9日，1天，送孩子上学，待您审批 同意1 不同意1 看假条1", "!1. ")
	v.wants(t, "钱主任", "待办", "!送孩子上学")
	v.wants(t, "赵书记", "看假条1", "事由：送孩子上学", "同意1　不同意1")
}

// 不同意 without a reason asks for it, and takes the next message for one.
func TestWhyALeaveIsRejected(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	ask := func(text string) { v.say(t, "孙委员", text); v.say(t, "孙委员", "确认") }
	ask("明天请事假，送孩子上学")
	v.wants(t, "赵书记", "不同意1", "为什么不同意？")
	v.wants(t, "赵书记", "行", "请写几个字说明原因")
	v.wants(t, "赵书记", "那天有检查", "已不同意 孙委员的1号假条，原因已告诉本人。")
	v.wants(t, "孙委员", "看假条1", "未批准", "批语：那天有检查")
	v.wants(t, "赵书记", "不同意1", "1号假条", "已由赵书记办过：未批准", "!为什么")

	ask("明天请事假，赶集")
	v.wants(t, "赵书记", "不同意 这个结果", "您不同意的是哪张假条？", "不同意2", "!已不同意")
	v.wants(t, "赵书记", "不同意", "孙委员的2号假条：事假10月9日，1天。\n为什么不同意？")
	v.wants(t, "赵书记", "取消", "已取消不同意假条")
	v.wants(t, "赵书记", "不同意吧", "孙委员的2号假条", "为什么不同意？")
	v.wants(t, "赵书记", "不同意 人手不够", "已不同意 孙委员的2号假条")

	ask("明天请事假，走亲戚")
	v.say(t, "赵书记", "不同意3")
	v.wants(t, "赵书记", "同意3", "已同意 ✓ 孙委员的3号假条")
	v.wants(t, "赵书记", "谁在值班", "!不同意假条还没办完")

	ask("12号请事假，看戏")
	v.say(t, "赵书记", "不同意4")
	v.say(t, "赵书记", "不同意4 要值班")
	v.wants(t, "赵书记", "谁在值班", "!不同意假条还没办完")
	ask("12号请事假，看戏")
	v.say(t, "孙委员", "撤回5")
	v.wants(t, "赵书记", "不同意5", "5号假条已撤回，不用审批了", "!为什么")
	ask("12号请事假，看戏")
	v.say(t, "赵书记", "不同意6")
	v.wants(t, "赵书记", "取消", "已取消不同意假条")
	v.wants(t, "孙委员", "我的假条", "6号 事假10月12日，1天，等赵书记审批")
}

// An approved leave is given up only when it was asked again; one that waits at once.
func TestALeaveIsGivenUp(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	ask := func(text string) { v.say(t, "孙委员", text); v.say(t, "孙委员", "确认") }
	ask("明天请事假，送孩子上学")
	v.wants(t, "孙委员", "不请了", "已撤回 1号假条")
	ask("明天请事假，送孩子上学")
	v.say(t, "赵书记", "同意2")
	v.wants(t, "孙委员", "不请了", "2号假条（事假10月9日，1天）已经批准，真的不请了吗？", "确认取消2")
	v.wants(t, "孙委员", "我的假条", "2号 事假10月9日，1天，已批准")
	ask("12号请事假，看戏")
	v.wants(t, "孙委员", "取消请假", "您不请的是哪一张？", "取消请假2", "取消请假3")
	v.wants(t, "孙委员", "取消请假3", "已撤回 3号假条")
	v.wants(t, "孙委员", "确认取消2", "已取消 2号假条")
	v.wants(t, "孙委员", "不请了", "您没有可以取消的假")

	v.say(t, "孙委员", "13号请事假，看戏") // what is being asked for is dropped
	v.wants(t, "孙委员", "不请了", "已取消请假，刚才填的没有记下")
}

// Who speaks of a leave that he had asked for is shown it, and asks for none.
func TestALeaveOfThePast(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	v.say(t, "孙委员", "明天请事假，送孩子上学")
	v.say(t, "孙委员", "确认")
	v.wants(t, "孙委员", "9月22日我请了假的", "没有查到您9月22日 周二的假条", "纸质假条交镇上", "!核对")
	v.wants(t, "孙委员", "11月2日我请过假的", "没有查到您2025年11月2日 周日的假条")
	v.wants(t, "孙委员", "明天我已经请了假", "1号 事假10月9日，1天，等赵书记审批")
	v.wants(t, "孙委员", "我请了假的", "您的假条：", "1号 事假10月9日")
	v.wants(t, "孙委员", "昨天我请了假的", "没有查到您10月7日", "请事假 10月7日 父亲住院，紧急补假")
	v.wants(t, "孙委员", "媳妇请了产假，13号我请一天事假照看", "请核对", "10月13日")
}

// Of two leaves in one sentence the first is asked for, and the second is not forgotten.
func TestTwoLeavesInASentence(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	v.wants(t, "孙委员", "9号请事假接孩子，10号请病假看牙",
		"一次先请一张。“10号请病假看牙”等这张交了再请。", "假别：事假", "时间：10月9日", "事由：接孩子\n")
	v.wants(t, "孙委员", "确认", "已提交", "还没请的：10号请病假看牙。", "接着请")
	v.wants(t, "孙委员", "10号请病假看牙", "假别：病假", "时间：10月10日", "!一次先请一张")
	v.say(t, "孙委员", "取消")
	v.wants(t, "孙委员", "请事假12号接孩子，请病假13号看牙", "“请病假13号看牙”等这张交了再请", "时间：10月12日", "假别：事假")
	v.say(t, "孙委员", "取消")
	v.wants(t, "孙委员", "12号请事假，不对，请病假", "!一次先请一张")
}

// A day, 请 and a length are a leave without the word for it.
func TestALeaveWithoutItsWord(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"娃儿发高烧明儿请一天": true, "明天请半天，去医院": true, "后天请两天回老家": true, "下周一请三天": true, "腿疼，请上两天": true, "明天下午请半天吧": true,
		"请两天工人修路": false, "请三天内交表": false, "村里请一天戏班子": false, "请王主任来": false, "请一天后再来": false,
	} {
		if got := leaveSentence.MatchString(text); got != want {
			t.Errorf("%q asks for leave: %t", text, got)
		}
	}
	v := newVillage(t)
	v.wants(t, "孙委员", "娃儿发高烧明儿请一天", "请什么假")
	v.wants(t, "孙委员", "事假", "时间：10月9日", "事由：娃儿发高烧")
}

// A length alone keeps the first day, and who stands in may be said at the summary.
func TestALeaveIsCorrectedInWords(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	v.say(t, "孙委员", "12号请事假，送孩子上学")
	v.wants(t, "孙委员", "三天", "时间：10月12日 周一到10月14日 周三，3天")
	v.say(t, "孙委员", "改时间")
	v.wants(t, "孙委员", "两天", "时间：10月12日 周一到10月13日 周二，2天")
	v.wants(t, "孙委员", "钱主任替我坐班", "代理人：钱主任")
	v.wants(t, "孙委员", "赵书记替我带班", "代理人：赵书记")
}

// Nobody is given words that he cannot use: only whoever decides now is offered 同意, and who
// enters a leave from paper neither urges nor withdraws it.
func TestOnlyWhatOneCanUseIsOffered(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	v.say(t, "李干事", "代请假 孙委员 13号 事假 送孩子上学")
	v.say(t, "李干事", "3号")
	v.wants(t, "李干事", "确认", "已提交 ✓ 1号假条", "看假条1", "!催办", "!撤回", "!我的假条")
	v.wants(t, "李干事", "看假条1", "1号假条：甲村 孙委员", "!同意")
	v.wants(t, "钱主任", "看假条1", "1号假条：甲村 孙委员", "!同意")
	v.wants(t, "孙委员", "看假条1", "1号假条：甲村 孙委员", "!同意")
	v.wants(t, "赵书记", "看假条1", "事由：送孩子上学", "同意1　不同意1")
	v.say(t, "赵书记", "同意1")
	v.wants(t, "赵书记", "看假条1", "!同意1")
}

// Whoever types the words that he could tap gets the next page.
func TestTheNextPageIsTyped(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	for _, day := range []int{12, 13, 14, 15, 16, 19, 20, 21, 22} {
		v.requested(t, "孙委员", "10月"+strconv.Itoa(day)+"日请事假，送孩子上学")
	}
	second := v.say(t, "孙委员", "我的假条 第2页")
	for _, text := range []string{"看后面的", "更多", "下一页"} {
		v.wants(t, "孙委员", "我的假条", "看后面的")
		if got := v.say(t, "孙委员", text); got != second || !strings.Contains(got, "您的假条：") {
			t.Errorf("%s shows\n%s\nand the second page is\n%s", text, got, second)
		}
	}
	if got := v.say(t, "孙委员", "看后面的"); got == second {
		t.Errorf("the third page is the second:\n%s", got)
	}
}
