package bot

import (
	"regexp"
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
	v.wants(t, "赵书记", "不同意", "您不同意的是哪张假条？", "不同意2")
	v.say(t, "赵书记", "不同意2")
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
