package bot

import (
	"strings"
	"testing"
)

func TestTwoThings(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	for _, c := range []struct{ text, begun, first, other string }{
		{"签到", "", "签到", ""},
		{"签到,今天接待2人", "", "签到", "今天接待2人"},
		{"签到 明天请假", "", "签到", "明天请假"},
		{"签到今天接待2人,低保已办结", "", "签到", "今天接待2人,低保已办结"},
		{"签到了吗", "", "签到了吗", ""},
		{"今天接待2人,低保咨询已办结。明天请假送孩子上学", "", "今天接待2人,低保咨询已办结", "明天请假送孩子上学"},
		{"今天接待2人,低保咨询已办结,然后签到", "", "今天接待2人,低保咨询已办结", "然后签到"},
		{"记日志 今天接待2人,低保已办结。后天请事假", "", "记日志 今天接待2人,低保已办结", "后天请事假"},
		{"明天请假,今天接待3人都办完了", "", "明天请假", "今天接待3人都办完了"},
		{"今天接待2人,低保已办结,后天我想请一天假", "", "今天接待2人,低保已办结", "后天我想请一天假"},
		// One thing, however many clauses it has.
		{"打卡,我到了", "", "打卡,我到了", ""},
		{"请假,明天请事假,送孩子", "", "请假,明天请事假,送孩子", ""},
		{"今天接待2人,李家请假条的事已办结", "", "今天接待2人,李家请假条的事已办结", ""},
		{"请事假 10月8日到9日 送孩子上学,小王替班", "", "请事假 10月8日到9日 送孩子上学,小王替班", ""},
		{"续假,明天再请一天假", "", "续假,明天再请一天假", ""},
		{"送孩子上学,明天请假", "", "送孩子上学,明天请假", ""},
		{"销假,昨天下午", "", "销假,昨天下午", ""},
		{"记日志 李家低保,办结,王家危房,没办完", "", "记日志 李家低保,办结,王家危房,没办完", ""},
		{"去镇上开会,回来了,接待3人,低保已办结", "", "去镇上开会,回来了,接待3人,低保已办结", ""},
		{"记日志 组织村民大会,签到,发放资料,都办完了", "", "记日志 组织村民大会,签到,发放资料,都办完了", ""},
		{"记日志 上午巡河,下午要请人修路灯,没办完", "", "记日志 上午巡河,下午要请人修路灯,没办完", ""},
		{"接待2人,帮王芳办产假2天的证明,已办结", "", "接待2人,帮王芳办产假2天的证明,已办结", ""},
		{"我明天请事假,家里修房子来了3个人帮忙", "", "我明天请事假,家里修房子来了3个人帮忙", ""},
		{"签到90天,接待群众120人", "", "签到90天,接待群众120人", ""},
		{"对了,明天请事假", "记日志", "对了,明天请事假", ""},
		// In the middle of one, an answer comes first.
		{"李家低保已办结。明天请假", "记日志", "李家低保已办结", "明天请假"},
		{"就明天,明天请假", "请假", "就明天,明天请假", ""},
		{"送孩子上学,签到", "请假", "送孩子上学", "签到"},
	} {
		first, other := v.twoThings(plain(c.text), c.begun)
		if found, _, _ := v.route(plain(c.text)); c.begun == "" {
			first, other = v.commandAnd(found, plain(c.text))
			if other == "" {
				first, other = v.twoThings(plain(c.text), "")
			}
		}
		if first != c.first || other != c.other {
			t.Errorf("%s: %q and %q", c.text, first, other)
		}
	}
}

// One message does one thing, and names the other.
func TestOneIsDoneAndTheOtherIsNamed(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	v.say(t, "赵书记", "签到")
	for _, c := range []struct{ who, text, does, names string }{
		{"孙委员", "签到，今天接待2人", "签到成功", "今天接待2人"},
		{"孙委员", "今天接待2人，低保咨询已办结。明天请假送孩子上学", "3. 事项：低保咨询（已办结）", "明天请假送孩子上学"},
		{"赵书记", "签到，明天请假", "不用再签", "明天请假"},
	} {
		got := v.say(t, c.who, c.text)
		if !strings.Contains(got, c.does) || !strings.Contains(got, "您还说了“"+c.names+"”") || !strings.Contains(got, "msgmenucontent="+plain(c.names)+"&") {
			t.Errorf("%s is answered\n%s", c.text, got)
		}
	}
}

// What is asked in the middle of a form is answered, changes nothing, and the form goes on.
func TestAQuestionInAForm(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	v.say(t, "孙委员", "明天请事假")
	for _, c := range []struct{ text, want string }{
		{"我的排班是哪天", "班"},
		{"啥意思", "写明做什么"},
		{"怎么填？", "写明做什么"},
		{"今天天气咋样", "没有听懂“今天天气咋样”"},
		{"确认", "还没到确认这一步"},
		{"好的确认", "还没到确认这一步"},
	} {
		if got := v.say(t, "孙委员", c.text); !strings.Contains(got, c.want) || !strings.Contains(got, "请假做什么") {
			t.Errorf("%s is answered\n%s", c.text, got)
		}
	}
	v.say(t, "孙委员", "送孩子上学")
	for _, text := range []string{"今天天气咋样", "那我9号的班咋办", "今天下午开会", "9号的会我去不了"} {
		if got := v.say(t, "孙委员", text); !strings.Contains(got, "没有") {
			t.Errorf("%s is answered\n%s", text, got)
		}
		if got := v.say(t, "孙委员", "进度"); !strings.Contains(got, "10月9日") {
			t.Errorf("%s changed what was said:\n%s", text, got)
		}
	}
	for _, c := range [][2]string{{"那就12号吧", "10月12日"}, {"推迟一天", "10月13日"}, {"13号到14号比较好", "10月14日"}, {"还是9号上午", "10月9日 周五 上午"}} {
		if got := v.say(t, "孙委员", c[0]); !strings.Contains(got, c[1]) || !strings.Contains(got, "请核对") {
			t.Errorf("%s is answered\n%s", c[0], got)
		}
	}
	// Another thing that is begun sets the form aside.
	if got := v.say(t, "孙委员", "今天接待2人，低保咨询已办结"); !strings.Contains(got, "请假先放着") {
		t.Error(got)
	}
	if got := v.say(t, "孙委员", "确认(已办结)"); !strings.Contains(got, "请假还没办完") {
		t.Error(got)
	}
	// A matter that is a question of somebody else's is a matter.
	v.say(t, "孙委员", "取消")
	v.say(t, "孙委员", "记日志")
	if got := v.say(t, "孙委员", "张三来问低保怎么办"); !strings.Contains(got, "办完") {
		t.Error(got)
	}
}

// Whether matters are done is asked by their names, and answered with yes and no.
func TestWhatBecameOfMatters(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	for _, c := range []struct {
		text, asks string
		then       []string
		shows      string
	}{
		{"来了两个人问低保，都答复了", "3. 事项：问低保（已办结）", nil, ""},
		{"我到村部了，今天来了两个人，张家问低保，李家问医保，都答复了", "您还说了“今天来了两个人", nil, ""},
		{"今天接待2人，张家低保", "记的是：1. 张家低保（？）。\n这些事办完了吗", []string{"是的"}, "张家低保（已办结）"},
		{"今天接待2人，张家低保", "记的是：1. 张家低保（？）", []string{"还没呢", "我"}, "5. 谁接着办：我自己"},
		{"今天接待2人，张家低保，李家危房", "记的是：1. 张家低保（？）；2. 李家危房（？）", []string{"接待5人", "对"}, "2. 接待：5人"},
		{"写日志：上午去王家看危房，还没弄好，要报镇上；明儿我要请假去镇上看腿", "谁接着办", nil, ""},
	} {
		got := v.say(t, "孙委员", c.text)
		if !strings.Contains(got, c.asks) {
			t.Errorf("%s is answered\n%s", c.text, got)
		}
		for _, say := range c.then {
			got = v.say(t, "孙委员", say)
		}
		if !strings.Contains(got, c.shows) {
			t.Errorf("%s, %s: answered\n%s", c.text, c.then, got)
		}
		v.say(t, "孙委员", "取消")
	}
}

// Who binds may say his code and his number as people do.
func TestACodeAndANumberAsTheyAreSaid(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"手机尾号是零六九二": "0692", "0692": "0692", "13800005213": "5213", "手机号码是13800005213": "5213", "幺三八零": "1380", "我不记得": "",
	} {
		got, err := readPhone4(listening{whole: true}, text)
		if err != nil || got.fill["phone4"] != want {
			t.Errorf("%s is read as %v, %v", text, got, err)
		}
	}
	for text, want := range map[string][2]string{
		"我的码是92rdyj45后四位0692": {"92RDYJ45", "0692"}, "92rdyj45": {"92RDYJ45", ""}, "绑定码:92RDYJ45，手机0692": {"92RDYJ45", "0692"}, "忘了": {"", ""},
	} {
		got, err := readCode(listening{whole: true}, plain(text))
		if err != nil || got.fill["code"] != want[0] || got.fill["phone4"] != want[1] {
			t.Errorf("%s is read as %v, %v", text, got, err)
		}
	}
}

// A sentence that tells of a return is one in the middle of a form; a reason is a reason.
func TestAReturnInTheMiddleOfAForm(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"我提前回来了": true, "昨天下午回来了": true, "我从医院回来了": true, "回村了": true, "儿子从外地回来了": false, "等他回来了再说": false,
	} {
		if got := ownReturn.MatchString(text); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
	v := newVillage(t)
	v.say(t, "孙委员", "明天请事假")
	if got := v.say(t, "孙委员", "签到"); !strings.Contains(got, "请假还没办完") {
		t.Error(got)
	}
	if got := v.say(t, "孙委员", "签到"); !strings.Contains(got, "不用再签") || !strings.Contains(got, "请假还没办完") {
		t.Errorf("refused in the middle of a form:\n%s", got)
	}
	if got := v.say(t, "孙委员", "改成后天"); !strings.Contains(got, "改了，时间：10月10日") || !strings.Contains(got, "请假做什么") {
		t.Errorf("corrected in the middle of a form:\n%s", got)
	}
	if got := v.say(t, "孙委员", "儿子从外地回来了"); !strings.Contains(got, "3. 事由：儿子从外地回来了") {
		t.Error(got)
	}
}

// Free words are what they are: neither a visitor in a reason nor a leave in a statement is
// another thing.
func TestFreeWordsAreNotCut(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	for _, reason := range []string{"家里来了3户人", "回家看看老人怎么样", "家里修房子来了3个人帮忙"} {
		v.say(t, "孙委员", "明天请事假")
		if got := v.say(t, "孙委员", reason); !strings.Contains(got, "3. 事由："+reason) {
			t.Errorf("%s is answered\n%s", reason, got)
		}
		v.say(t, "孙委员", "取消")
	}
	v.say(t, "孙委员", "记日志 接待2人，张家低保已办结")
	if got := v.say(t, "孙委员", "对了，明天请事假"); !strings.Contains(got, "工作日志先放着") {
		t.Errorf("by the way:\n%s", got)
	}
	v.say(t, "孙委员", "取消")
	v.say(t, "孙委员", "取消")
	v.say(t, "孙委员", "记日志 接待3人，张家低保，李家危房")
	if got := v.say(t, "孙委员", "都办完了，还接待了2个人问路"); strings.Contains(got, "接待：2人") {
		t.Errorf("changed unseen:\n%s", got)
	}
}
