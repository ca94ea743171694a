package bot

import (
	"testing"

	"github.com/cunkao/cunkao/handlers"
)

// requested has somebody hand in a leave.
func (v *village) requested(t *testing.T, who, text string) {
	t.Helper()
	v.say(t, who, text)
	v.wants(t, who, "确认", "已提交")
}

// A question is no reason for a refusal, and what is decided stays so.
func TestAQuestionIsNoReason(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	v.requested(t, "孙委员", "明天请事假，送孩子上学")
	v.say(t, "赵书记", "不同意1")
	for _, text := range []string{"为啥要理由", "要理由吗", "必须写原因吗？", "啥", "不同意", "确认", "好的", "没有", "不用", "谢谢"} {
		v.wants(t, "赵书记", text, "那天有检查", "!已不同意")
	}
	v.wants(t, "赵书记", "为啥要理由", "所以要写一句")
	v.wants(t, "赵书记", "不同意1 为啥", "请写几个字说明原因", "!已不同意")
	v.wants(t, "赵书记", "为什么不早说，人手都排好了", "已不同意")
	v.wants(t, "赵书记", "同意1", "已由赵书记办过：未批准，不能再改", "重新提交一张")
}

// Leaves are decided in natural words, one by one, and only by a number or a name.
func TestLeavesAreDecidedInWords(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	next := 0
	ask := func(day string) { next++; v.requested(t, "孙委员", day+"请事假，送孩子上学") }
	for _, day := range []string{"9号", "10月12日", "10月13日", "10月14日", "10月15日"} {
		ask(day)
	}
	for _, text := range []string{"都同意", "全部批准", "第一个同意第二个不同意", "都批了吧"} {
		v.wants(t, "赵书记", text, "一张一张批", "同意1　不同意1", "同意2　不同意2", "还有3张", "!已同意", "!已不同意")
	}
	v.wants(t, "赵书记", "同意1和2、3", "已同意 ✓ 孙委员的1号假条", "还没有办：同意2　同意3")
	v.wants(t, "赵书记", "不同意2和3", "为什么不同意？", "还没有办：不同意3")
	v.wants(t, "赵书记", "不同意", "“不同意”不是原因")
	v.say(t, "赵书记", "取消")
	v.wants(t, "赵书记", "批了2", "已同意 ✓ 孙委员的2号假条")
	v.wants(t, "赵书记", "3号同意吧", "已同意 ✓ 孙委员的3号假条")
	v.wants(t, "赵书记", "驳回4 农忙走不开", "已不同意 孙委员的4号假条")
	v.wants(t, "赵书记", "5号不同意 农忙", "已不同意 孙委员的5号假条")
	for i, text := range []string{"不批6", "拒绝7", "不准8号", "9不同意"} {
		ask("10月" + []string{"20", "21", "22", "23"}[i] + "日")
		v.wants(t, "赵书记", text, "为什么不同意？")
		v.wants(t, "赵书记", "农忙走不开", "已不同意")
	}
	ask("10月26日")
	v.wants(t, "赵书记", "同意孙委员", "已同意 ✓ 孙委员的10号假条")
	ask("10月27日")
	ask("10月28日")
	v.wants(t, "赵书记", "同意孙委员", "您同意的是哪张假条？", "!已同意")
	// In a form of one's own nothing but a number decides, and nothing leads out.
	v.say(t, "赵书记", "明天请事假，开会")
	v.wants(t, "赵书记", "不同意", "您不同意的是哪张假条？", "!已取消")
	v.wants(t, "赵书记", "同意孙委员", "!已提交")
	v.wants(t, "赵书记", "进度", "请核对")
	// What only sounds like it decides nothing.
	for _, text := range []string{"5号同意拆迁的签了字", "村民都同意", "批了7亩地", "拒绝了3个人"} {
		v.wants(t, "钱主任", text, "!已同意", "!已不同意", "!为什么不同意", "!权限")
	}
	v.wants(t, "钱主任", "批了11", "!已同意")
}

// Whoever asks about leaves of others, or how to ask for one, asks for none.
func TestQuestionsAboutLeave(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	v.requested(t, "孙委员", "今天下午请事假，送孩子上学")
	for _, text := range []string{"谁请假了", "哪些人请假了", "有没有人请假", "今天谁请了假", "今天谁请假了？"} {
		v.wants(t, "赵书记", text, "10月8日 周四没有人请假", "!从哪天")
	}
	v.say(t, "赵书记", "同意1")
	v.wants(t, "赵书记", "谁请假了", "10月8日 周四请假的：\n孙委员　事假10月8日下午，半天　看假条1")
	v.wants(t, "赵书记", "明天谁请假", "10月9日 周五没有人请假")
	v.wants(t, "李干事", "甲村谁请假了", "孙委员")
	for _, text := range []string{"请假条咋写", "请假要几天批", "病假怎么请", "请假最多能请几天", "请假扣补贴吗"} {
		v.wants(t, "钱主任", text, "请假说一句就行", "没批以前不能走")
		v.wants(t, "钱主任", "进度", "没有正在办的事")
	}
	v.wants(t, "钱主任", "我昨天请假没去", "没有查到您10月7日", "!请什么假")
	v.wants(t, "钱主任", "谁替我，明天请事假走亲戚", "请核对")
	v.say(t, "钱主任", "取消")
	v.wants(t, "钱主任", "明天请事假，娃不知道怎么办入学", "请核对")
	v.wants(t, "钱主任", "请假条咋写", "请假说一句就行", "请假还没办完")
	v.wants(t, "孙委员", "我从医院回来了", "销假成功", "这张假一天也没用上")
}

// Who does not want a leave any more gets out of it, and a number is a slip and no day.
func TestALeaveIsLetGo(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	v.requested(t, "孙委员", "13号请事假，送孩子上学")
	for _, text := range []string{"不填了", "不去了", "后悔了不请了", "算了不改了", "不请了", "算了,不请了"} {
		v.say(t, "孙委员", "明天请事假")
		v.wants(t, "孙委员", text, "已取消请假")
	}
	for _, text := range []string{"1号不请了", "取消1号"} {
		v.say(t, "孙委员", "明天请事假")
		v.wants(t, "孙委员", text, "已撤回 1号假条")
		v.say(t, "孙委员", "取消")
		v.requested(t, "孙委员", "13号请事假，送孩子上学")
		v.say(t, "孙委员", "撤回2")
		v.say(t, "孙委员", "撤回3")
		break
	}
	v.say(t, "孙委员", "明天请事假，赶集")
	v.wants(t, "孙委员", "7号不请了", "您没有能取消的7号假条", "取消")
	v.wants(t, "孙委员", "进度", "时间：10月9日")
	v.wants(t, "孙委员", "9号不请了", "已取消请假")
}

// What is wrong with the days is said when they are said, and days are no reason.
func TestDaysAreLookedAtAtOnce(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	v.requested(t, "孙委员", "13号请事假，送孩子上学")
	v.say(t, "孙委员", "请事假")
	v.wants(t, "孙委员", "13号", "已经有1号假条", "从哪天", "!请假做什么")
	v.wants(t, "孙委员", "上周五", "已经过了", "!请假做什么")
	v.wants(t, "孙委员", "11号", "是休息日", "!请假做什么")
	v.wants(t, "孙委员", "下午", "哪一个")
	v.wants(t, "孙委员", "14号", "请假做什么")
	v.wants(t, "孙委员", "两天", "时间改成10月14日 周三到10月15日 周四，2天", "请假做什么")
	v.wants(t, "孙委员", "两天", "时间已经是", "请假做什么")
	v.wants(t, "孙委员", "12", "不是事由")
	v.wants(t, "孙委员", "16号", "哪一个")
	v.wants(t, "孙委员", "2", "请假做什么")
	v.wants(t, "孙委员", "两天家里有事", "事由：两天家里有事")
	v.wants(t, "孙委员", "请三天", "10月18日")
	v.wants(t, "孙委员", "改成三天", "时间已经是")
	v.wants(t, "孙委员", "20号请事假，走亲戚", "哪一个")
	v.wants(t, "孙委员", "2", "时间：10月20日 周二，1天", "事由：走亲戚")
	v.wants(t, "孙委员", "改成13号", "已经有1号假条", "10月20日", "!从哪天")
	v.wants(t, "孙委员", "提前一周", "已经有1号假条", "10月20日", "!从哪天")
	v.say(t, "孙委员", "取消")
	v.say(t, "孙委员", "请事假")
	v.wants(t, "孙委员", "昨天", "紧急补假")
	v.wants(t, "孙委员", "紧急补假", "10月7日", "是休息日", "!没有看懂")
	v.wants(t, "孙委员", "请事假 20号走亲戚", "接着办", "10月20日", "事由：走亲戚")
	v.wants(t, "孙委员", "请事假 21号送孩子", "接着办", "10月21日", "事由：送孩子")
}

// What is handed in is not changed in passing, and a date is no number of a slip.
func TestAfterALeaveIsHandedIn(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	v.requested(t, "孙委员", "13号请事假，送孩子上学")
	for _, text := range []string{"三天", "改成下午", "改成10月10号", "1号假条改成半天", "改到14号"} {
		v.wants(t, "孙委员", text, "1号假条（事假10月13日，1天）已经交了", "撤回1")
	}
	v.wants(t, "孙委员", "催一下9月30日谁来", "没有听懂", "!9号假条")
	v.wants(t, "孙委员", "催一下", "1号假条")
	v.say(t, "赵书记", "同意1")
	v.wants(t, "孙委员", "改成下午", "1号假条（事假10月13日，1天）已经批准", "取消请假1")
	v.wants(t, "孙委员", "我不请了", "真的不请了吗", "确认取消1")
	v.wants(t, "孙委员", "对", "确认取消1")
	v.wants(t, "孙委员", "是的不请了", "确认取消1")
	v.wants(t, "孙委员", "今天天气不错", "!号假条（")
	v.wants(t, "钱主任", "三天", "没有听懂")
}

// The day that is named is the day whose duty is told.
func TestWhoIsOnDutyOnADay(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	for text, want := range map[string]string{
		"明天谁值班": "10月9日", "10月1号谁值班": "10月1日", "谁在值班 明天": "10月9日", "今天谁在岗": "10月8日", "谁没签到": "10月8日", "甲村后天谁带班": "10月10日",
		"谁在值班": "10月8日", "值班 甲村": "10月8日",
	} {
		v.wants(t, "孙委员", text, "甲村 "+want)
	}
}

// TestLeavesToTap: what does not fit is counted, with the word that shows it.
func TestLeavesToTap(t *testing.T) {
	t.Parallel()
	leaves := make([]handlers.Leave, 5)
	for i := range leaves {
		leaves[i].Number = i + 1
	}
	for most, want := range map[int]string{5: "哪张？\n1\n2\n3\n4\n5", 2: "哪张？\n1\n2\n还有3张，看" + say("待办") + "。"} {
		if got := leavesToTap("哪张？", leaves, most, "待办", func(_ handlers.Leave, no string) string { return no }); got != want {
			t.Errorf("%d of five: %s", most, got)
		}
	}
}

// What a correction says that stands there already is so, and is said to be.
func TestACorrectionToWhatIsThere(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	v.say(t, "孙委员", "12号请事假，送孩子上学")
	v.wants(t, "孙委员", "改成事假", "假别已经是事假", "请核对")
	for _, text := range []string{"改成12号", "改成10.12", "12号", "改成一天"} {
		v.wants(t, "孙委员", text, "时间已经是10月12日 周一，1天", "请核对", "!没有看懂")
	}
	v.wants(t, "孙委员", "钱主任替班", "代理人：钱主任", "!已经是")
	v.wants(t, "孙委员", "钱主任替班", "代理人已经是钱主任", "请核对")
	v.wants(t, "孙委员", "改成病假", "假别：病假", "!已经是")
	v.wants(t, "孙委员", "请假 12号", "接着办", "假别：病假", "!已经是", "!从哪天")
	v.say(t, "孙委员", "取消")
	v.granted(t, "孙委员", "今天下午请事假，送孩子上学", "1")
	v.say(t, "孙委员", "续假到9号 没办完")
	v.wants(t, "孙委员", "改成9号", "已经续到10月9日", "请核对")
}

// “A, not B, C” is A and C.
func TestTwoThingsAreCorrectedAtOnce(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	v.say(t, "孙委员", "12号请事假，送孩子上学")
	v.wants(t, "孙委员", "病假，不是事假，10月13号", "假别：病假", "时间：10月13日")
	v.wants(t, "孙委员", "不是病假，是事假，14号", "假别：事假", "时间：10月14日")
	v.wants(t, "孙委员", "15号，不是14号", "假别：事假", "时间：10月15日")
}

// A command with a number glued to it is one in the middle of a form; a count is an answer.
func TestANumberAtACommandIsNoAnswer(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	v.requested(t, "孙委员", "13号请事假，送孩子上学")
	v.say(t, "孙委员", "明天请事假")
	for text, want := range map[string]string{
		"看假条1": "1号假条：甲村 孙委员", "看假条18": "没有18号假条", "办结3": "3号", "移交3孙玉山": "请写上编号和姓名", "催办1": "1号假条刚提交不久", "为什么1": "", "看假条1号": "1号假条：甲村",
	} {
		v.wants(t, "孙委员", text, want, "请假做什么", "!请核对")
	}
	v.wants(t, "孙委员", "补贴500元没到账", "事由：补贴500元没到账")
	for text, want := range map[string]string{"撤回17": "没有17号假条", "为什么1": "", "办结3": "3号"} {
		v.wants(t, "孙委员", text, want, "请假还没办完", "!没有看懂")
	}
	v.wants(t, "孙委员", "撤回1", "已撤回 1号假条")
}

// A tap on a proposal of a form that is over changes nothing, and leads on.
func TestAProposalThatIsOver(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	for _, text := range []string{"钱主任替我值班", "请钱主任替班", "改成10月9日到10月10日", "改成12号"} {
		if got := v.say(t, "孙委员", text); !containsAll(got, "没有正在填的请假", say("请假")) {
			t.Errorf("%s is answered\n%s", text, got)
		}
	}
	v.wants(t, "孙委员", "谁替我值班", "!没有正在填的请假")
	v.requested(t, "孙委员", "13号请事假，送孩子上学")
	if got := v.say(t, "孙委员", "钱主任替我值班"); !containsAll(got, "1号假条（事假10月13日，1天）已经交了", link("请人代理1 钱主任", "请钱主任代理")) {
		t.Error(got)
	}
	v.wants(t, "孙委员", "请人代理1 钱主任", "已请钱主任代理1号假")
	v.wants(t, "孙委员", "改成12号", "已经交了", "撤回1")
}

// Small words, as people say them.
func TestSmallWordsOfALeave(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	v.say(t, "孙委员", "12号请事假，送孩子上学，钱主任替班")
	v.wants(t, "孙委员", "理由写错了，是去看病", "事由：去看病")
	v.wants(t, "孙委员", "事由不对，应该是去镇上看病", "事由：去镇上看病")
	for _, text := range []string{"不要替班", "不用替班了", "代理人不要了", "不要代理人"} {
		v.wants(t, "孙委员", text, "请核对", "!代理人", "!哪一位")
		v.wants(t, "孙委员", "钱主任替班", "代理人：钱主任")
	}
	v.wants(t, "孙委员", "全部重来", "从头来")
	v.wants(t, "孙委员", "退出", "已取消请假")
	for i, text := range []string{"好的没问题", "行，没问题", "对，没错", "可以可以"} {
		v.say(t, "孙委员", []string{"12号", "13号", "14号", "15号"}[i]+"请事假，送孩子上学")
		v.wants(t, "孙委员", text, "已提交")
	}
	v.wants(t, "赵书记", "同意一", "已同意 ✓ 孙委员的1号假条")
	v.wants(t, "赵书记", "同意第二张", "!已同意")
	v.wants(t, "赵书记", "驳回13", "没有13号假条")
	v.wants(t, "赵书记", "13同意", "没有13号假条")
	v.wants(t, "赵书记", "同意十三", "没有13号假条")
	v.wants(t, "赵书记", "同意99999999999999", "没有99999999999999号假条", "!9223")
	v.wants(t, "赵书记", "同意99999999999999999999999", "没有99999999999999999999999号假条", "!9223")
	v.wants(t, "赵书记", "不同意99999999999999999999999", "没有99999999999999999999999号假条", "!9223")
	v.wants(t, "赵书记", "批了1", "1号假条", "已由赵书记办过")
}
