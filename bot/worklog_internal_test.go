package bot

import (
	"strings"
	"testing"
)

// TestWhatTellsOfADaysWork: a sentence that can only be of a log begins one; a question, a
// leave or what has its own command does not.
func TestWhatTellsOfADaysWork(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"今天办了低保": true, "给老王家办了低保": true, "下午去二组调解了纠纷": true, "上午走访了五户": true, "入户走访脱贫户": true,
		"开了村民代表会": true, "今天巡查了河道": true, "帮李奶奶办好了医保": true, "8号去二组调解了纠纷": true, "慰问了老党员": true,
		"今天来了两个人问医保": true, "修了村道": true, "发放了种子": true, "处理了两起纠纷": true,
		"低保怎么办": false, "低保办了吗": false, "办了没有": false, "低保办了没": false, "谁办了低保": false, "低保什么时候办了算": false,
		"明天去镇上开会": false, "想去县里办事": false, "请假办了吗": false, "假条办好了": false, "自评填好了": false, "2号事项办好了": false,
		"我明天请假": false, "补贴发了": false, "没办成": false, "还没办": false, "今天下午去二组走访了五户，李家危房没办完": true, "低保是不是办了": false, "去县里办了私事": false, "你好啊": false, "我到了": false,
	} {
		if got := tellsOfWork(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// TestWhatSaysThatNothingHappened: these end a day's log in one sentence.
func TestWhatSaysThatNothingHappened(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"无事": true, "今日无事": true, "今天没事": true, "今天没啥事": true, "今天没有什么事": true, "今日值班,一切正常": true, "没事了": true,
		"值班正常,无异常情况": true, "今天值班平安无事": true, "今天没啥子事": true, "值班期间无异常": true, "无": true, "无来访,无事项": true,
		"没事先办": false, "今天没事能早走吗": false, "值班": false, "今天值班": false, "没有事假了": false, "正常签到": false, "情况正常吗": false, "无法签到": false,
	} {
		if got := nothingSaid.MatchString(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// TestAMatterIsPutRightInWords is what people say of the matters they see.
func TestAMatterIsPutRightInWords(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	for said, want := range map[string]string{
		"张家改成王家":           "王家低保咨询（已办结）；李家危房（未办结，转钱主任）；二组修路（已办结）",
		"不是张家是王家":          "王家低保咨询（已办结）；李家危房（未办结，转钱主任）；二组修路（已办结）",
		"不是张家，是王家":         "王家低保咨询（已办结）；李家危房（未办结，转钱主任）；二组修路（已办结）",
		"是王家不是张家":          "王家低保咨询（已办结）；李家危房（未办结，转钱主任）；二组修路（已办结）",
		"把二组改成三组":          "张家低保咨询（已办结）；李家危房（未办结，转钱主任）；三组修路（已办结）",
		"把三组写成二组了":         "张家低保咨询（已办结）；李家危房（未办结，转钱主任）；三组修路（已办结）",
		"李家危房已办结":          "张家低保咨询（已办结）；李家危房（已办结）；二组修路（已办结）",
		"危房已经办好了":          "张家低保咨询（已办结）；李家危房（已办结）；二组修路（已办结）",
		"李家危房改成已办结":        "张家低保咨询（已办结）；李家危房（已办结）；二组修路（已办结）",
		"未办结改成已办结":         "张家低保咨询（已办结）；李家危房（已办结）；二组修路（已办结）",
		"钱主任改成赵书记":         "张家低保咨询（已办结）；李家危房（未办结，转赵书记）；二组修路（已办结）",
		"二组修路没办完转钱主任":      "张家低保咨询（已办结）；李家危房（未办结，转钱主任）；二组修路（未办结，转钱主任）",
		"去掉二组修路":           "张家低保咨询（已办结）；李家危房（未办结，转钱主任）",
		"还有开证明已办结":         "张家低保咨询（已办结）；李家危房（未办结，转钱主任）；二组修路（已办结）；开证明（已办结）",
		"都办完了":             "张家低保咨询（已办结）；李家危房（已办结）；二组修路（已办结）",
		"不是张家低保咨询，是王家医保咨询": "王家医保咨询（已办结）；李家危房（未办结，转钱主任）；二组修路（已办结）",
		"接待5人":             "接待：5人",
		"不是3人是5人":          "接待：5人",
		"3人改成5人":           "接待：5人",
		"陈家改成王家":           "没有看懂",
	} {
		v.say(t, "孙委员", "记日志 接待3人，张家低保咨询已办结，李家危房未办结转钱主任，二组修路已办结")
		if got := v.say(t, "孙委员", said); !strings.Contains(got, want+"\n") && !strings.Contains(got, want) {
			t.Errorf("%s: %s", said, got)
		}
		v.say(t, "孙委员", "取消")
	}
}

// TestOneMatterIsMeantOrNone: words that fit two matters mean neither.
func TestOneMatterIsMeantOrNone(t *testing.T) {
	t.Parallel()
	all := []logMatter{{Words: "张家低保"}, {Words: "李家低保"}, {Words: "危房"}}
	for words, want := range map[string]int{"低保": -1, "张家": 0, "李家低保": 1, "李家的危房": 2, "房": -1, "路": -1} {
		if got := meantMatter(all, words); got != want {
			t.Errorf("%s: %d, want %d", words, got, want)
		}
	}
}

// TestALogOfNothingIsCorrected: nobody came, and then somebody did.
func TestALogOfNothingIsCorrected(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	v.say(t, "孙委员", "无事")
	for _, step := range [][2]string{
		{"日志记错了，接待了2人", "接待：2人"},
		{"开证明已办结", "事项：开证明（已办结）"},
		{"确认", "日志更正好了"},
		{"日志更正前", "更正前（15:00记的）：今日无事项"},
		{"改日志 无事", "今日无事项"},
		{"确认", "日志更正好了"},
	} {
		if got := v.say(t, "孙委员", step[0]); !strings.Contains(got, step[1]) {
			t.Errorf("%s: %s", step[0], got)
		}
	}
	if got := v.say(t, "李干事", "改日志"); !strings.Contains(got, "村干部用的") {
		t.Errorf("staff: %s", got)
	}
}

// TestTheBareWordGoesOnWithTheLogThatIsNotDone: whoever says 记日志 again has lost nothing.
func TestTheBareWordGoesOnWithTheLogThatIsNotDone(t *testing.T) {
	t.Parallel()
	const begun = "今天接待2人，低保咨询已办结，李家危房没办完"
	for name, between := range map[string][]string{"at once": nil, "after something else": {"请假"}, "after a look": {"我的排班"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := newVillage(t)
			v.say(t, "孙委员", begun)
			for _, said := range between {
				v.say(t, "孙委员", said)
			}
			v.wants(t, "孙委员", "记日志", "上次还没办完，接着办", "没办完的事，谁接着办")
			v.wants(t, "孙委员", "1", "低保咨询（已办结）；李家危房（未办结）", "谁接着办：我自己")
		})
	}
	v := newVillage(t)
	v.say(t, "孙委员", begun)
	v.wants(t, "孙委员", "重来", "办了哪些事")
}
