package bot

import (
	"strings"
	"testing"
)

// granted has somebody hand in a leave that the 书记 approves.
func (v *village) granted(t *testing.T, who, text, no string) {
	t.Helper()
	v.requested(t, who, text)
	v.wants(t, "赵书记", "同意"+no, "已同意 ✓")
}

// Of several leaves the one is extended that somebody is on, or that he names.
func TestWhichLeaveIsExtended(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	v.granted(t, "孙委员", "今天下午请事假，送孩子上学", "1")
	v.granted(t, "孙委员", "20号请病假，看牙", "2")
	v.wants(t, "孙委员", "续假到9号 没办完", "续的是1号假（事假10月8日下午，半天）", "续到：10月9日", "事由：没办完")
	v.wants(t, "孙委员", "确认", "3号假条")
	v.wants(t, "孙委员", "续假2 到22号 牙没好", "续的是2号假", "续到：10月22日", "事由：牙没好")
	v.say(t, "孙委员", "取消")
	for _, text := range []string{"续假2号 到22号", "续假2号假条到22号", "续假2再请两天"} {
		v.wants(t, "孙委员", text, "为什么要续假")
		v.wants(t, "孙委员", "牙没好", "续的是2号假", "续到：10月22日")
		v.say(t, "孙委员", "取消")
	}
	v.wants(t, "孙委员", "续假1", "续到哪天")
	v.wants(t, "孙委员", "续假2", "这是另一份续假", "续到哪天")
	v.wants(t, "孙委员", "取消", "已取消续假")
	v.wants(t, "孙委员", "续假3", "3号假条待审批，不能续")
	v.wants(t, "孙委员", "续假2号", "“2号”是哪一个", "续2号假条", "续到2号", "!续到哪天")
	v.wants(t, "孙委员", "续假9", "续到哪天")
}

// Where he is on two of them, or on none, he is asked, and what he said is kept.
func TestWhichOfSeveralLeaves(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	v.granted(t, "孙委员", "今天上午请事假，送孩子上学", "1")
	v.granted(t, "孙委员", "今天下午请病假，看牙", "2")
	for _, answer := range []string{"2", "2号", "2号假条", "续假2", "病假"} {
		v.wants(t, "孙委员", "续假两天 没办完", "要续的是哪一张", "1号假条　事假10月8日上午", "2号假条　病假10月8日下午", "!请带上号")
		v.wants(t, "孙委员", answer, "续的是2号假", "续到：10月10日", "事由：没办完")
		v.say(t, "孙委员", "取消")
	}
	v.say(t, "孙委员", "续假到9号 没办完")
	v.wants(t, "孙委员", "3", "您没有3号假条", "1号假条")
	v.wants(t, "孙委员", "1", "续的是1号假", "续到：10月9日")
	v.say(t, "孙委员", "取消")
	if got := v.say(t, "孙委员", "销假 今天下午"); !containsAll(got, "要销的假有2张，请点一张：", link("销假1 今天下午", "销假1"), link("销假2 今天下午", "销假2")) {
		t.Error(got)
	}
	v.wants(t, "孙委员", "销假2", "销假成功 ✓ 2号假")
	v.requested(t, "孙委员", "12号请事假，赶集")
	v.requested(t, "孙委员", "13号请事假，赶集")
	if got := v.say(t, "孙委员", "催办"); !containsAll(got, "等待审批的假条有2张，请点一张：", say("催办3"), say("催办4")) {
		t.Error(got)
	}
}

func containsAll(text string, parts ...string) bool {
	for _, part := range parts {
		if !strings.Contains(text, part) {
			return false
		}
	}
	return true
}

// How people say that they are back.
func TestHowPeopleSayThatTheyAreBack(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"我提前回来了", "提前回来了", "已经回村", "已经回村了", "我已经回来了", "我刚回村", "我从县城回来了", "今天下午回来的", "我今天下午提前回来了", "下午回的村",
	} {
		v := newVillage(t)
		v.granted(t, "孙委员", "今天下午到明天请事假，送孩子上学", "1")
		v.wants(t, "孙委员", text, "销假成功 ✓ 1号假，10月8日 周四下午回村")
	}
	v := newVillage(t)
	for _, text := range []string{"他昨天下午回来的", "儿子已经回村", "还没回村", "回村路上", "昨天下午回来的三个人"} {
		v.wants(t, "孙委员", text, "!销假成功", "!要销的假")
	}
}

// Who is back extends nothing any more.
func TestAReturnEndsAnExtensionThatIsBeingFilled(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"销假", "回来了", "我提前回来了"} {
		v := newVillage(t)
		v.granted(t, "孙委员", "今天下午到明天请事假，送孩子上学", "1")
		v.say(t, "孙委员", "续假到12号")
		v.wants(t, "孙委员", text, "销假成功", "正在填的续假不用办了", "!续假还没办完")
		v.wants(t, "孙委员", "确认", "!您没有可以续的假", "!请核对")
	}
	v := newVillage(t)
	v.granted(t, "孙委员", "今天下午到明天请事假，送孩子上学", "1")
	v.say(t, "孙委员", "明天请事假")
	v.wants(t, "孙委员", "销假", "销假成功", "!不用办了", "请假还没办完")
}

// Whoever reported somebody else's return by mistake taps it back: by its number, for it is no
// leave of his own.
func TestWhoReportedForAnotherTakesItBack(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	v.granted(t, "孙委员", "今天下午到明天请事假，送孩子上学", "1")
	said := v.say(t, "李干事", "代销假1")
	if !strings.Contains(said, "收回销假1") {
		t.Errorf("nothing to tap for leave 1 in\n%s", said)
	}
	v.wants(t, "李干事", "收回销假1", "销假收回了 ✓ 1号假条")
	v.wants(t, "李干事", "收回销假1", "1号假条已批准，没有销假可以收回", "!村干部用的")
}
