package bot

import (
	"strings"
	"testing"
)

// playedCase is a talk of several people: who, what he says, who, what he says …, and what the
// last answer holds and does not hold.
type playedCase struct {
	says     []string
	has, not []string
}

func (c playedCase) run(t *testing.T) {
	t.Helper()
	v, got := newVillage(t), ""
	for i := 0; i < len(c.says); i += 2 {
		got = shown(v.say(t, c.says[i], c.says[i+1]))
	}
	for _, want := range c.has {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
	for _, not := range c.not {
		if strings.Contains(got, not) {
			t.Errorf("%q is in\n%s", not, got)
		}
	}
}

// TestWhatIsEnteredFromPaper is what went wrong for a clerk who types what a slip says.
func TestWhatIsEnteredFromPaper(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]playedCase{
		"the number of a slip is no day":     {says: []string{"李干事", "代请假 孙委员 后天 事假 看病 纸质假条3号"}, has: []string{"时间：10月10日 周六 · 补班日，1天", "事由：看病\n", "纸质假条：3号\n"}},
		"in front of what the slip says":     {says: []string{"李干事", "代请假 孙委员 纸质假条3号，12号到13号事假，看病"}, has: []string{"时间：10月12日 周一到10月13日 周二，2天", "事由：看病\n", "纸质假条：3号\n"}},
		"the day of a slip is no day either": {says: []string{"李干事", "代请假 孙委员 12号 事假 看病 假条10月7日"}, has: []string{"时间：10月12日 周一，1天", "纸质假条：10月7日\n"}},
		"as the other words for paper":       {says: []string{"李干事", "代录请假 孙委员 12号 事假 看病 纸条3号"}, has: []string{"时间：10月12日 周一，1天", "纸质假条：3号\n", "代孙委员登记"}},
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); c.run(t) })
	}
}

// TestDecisionsInOneMessage is of a 书记 in a hurry: what he says of one leave is no reason of another.
func TestDecisionsInOneMessage(t *testing.T) {
	t.Parallel()
	asked := []string{"孙委员", "12号请事假，看病", "孙委员", "确认", "孙委员", "13号请事假，盖房", "孙委员", "确认"}
	for name, c := range map[string]playedCase{
		"no to both asks why, and keeps the other": {says: []string{"赵书记", "不同意1 不同意2"}, has: []string{"为什么不同意？", "“不同意2”，这件还没有办"}},
		"and decides the other after that":         {says: []string{"赵书记", "不同意1 不同意2", "赵书记", "那天有检查", "赵书记", "待办"}, has: []string{"2号假条", "待您审批"}, not: []string{"1号假条"}},
		"yes and no":                               {says: []string{"赵书记", "同意1，不同意2 那天有检查"}, has: []string{"已同意 ✓ 孙委员的1号假条", "“不同意2 那天有检查”，这件还没有办"}},
		"no with its reason, and yes":              {says: []string{"赵书记", "不同意1 那天有检查，同意2"}, has: []string{"已不同意 孙委员的1号假条", "“同意2”，这件还没有办"}},
		"the reason is no more than it":            {says: []string{"赵书记", "不同意1 那天有检查，同意2", "孙委员", "看假条1"}, has: []string{"批语：那天有检查"}, not: []string{"同意2"}},
		"yes twice":                                {says: []string{"赵书记", "同意1 同意2"}, has: []string{"1号假条", "“同意2”，这件还没有办"}},
	} {
		c.says = append(asked[:len(asked):len(asked)], c.says...)
		t.Run(name, func(t *testing.T) { t.Parallel(); c.run(t) })
	}
}
