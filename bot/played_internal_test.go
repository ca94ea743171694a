package bot

import (
	"slices"
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
		c.says = append(slices.Clip(asked), c.says...)
		t.Run(name, func(t *testing.T) { t.Parallel(); c.run(t) })
	}
}

// TestALogIsNotLost is of matters that an answer did not name, and of what was said as people speak.
func TestALogIsNotLost(t *testing.T) {
	t.Parallel()
	const two = "记日志 来了仨人，低保那个事办好了，老李家的房子漏水没弄完转小王"
	for name, c := range map[string]playedCase{
		"three of them":                       {says: []string{"孙委员", "今个来了仨人，问低保，办好了"}, has: []string{"接待：3人", "问低保（已办结）"}},
		"two of them":                         {says: []string{"孙委员", "记日志 来了俩老乡问医保，说清楚了"}, has: []string{"接待：2人"}},
		"given to somebody who is not there":  {says: []string{"孙委员", "记日志 来了3个人，低保办好了，老李家房子漏雨没弄完，给小王"}, has: []string{"本村没有找到“小王”", "谁接着办"}, not: []string{"（？）"}},
		"given to a colleague":                {says: []string{"孙委员", "记日志 低保办好了，老李家房子漏雨没弄完，给钱主任"}, has: []string{"老李家房子漏雨（未办结，转钱主任）"}},
		"given to an office":                  {says: []string{"孙委员", "记日志 低保办不下来，给县民政局"}, has: []string{"谁接着办"}, not: []string{"办完了吗"}},
		"one of two is told of":               {says: []string{"孙委员", two, "孙委员", "李家房子那个交给钱主任"}, has: []string{"接待：3人", "低保那个事（已办结）；老李家的房子漏水（未办结，转钱主任）"}},
		"another one takes none away":         {says: []string{"孙委员", "记日志 村口路灯坏了没修好", "孙委员", "低保那个也没办完", "孙委员", "我"}, has: []string{"村口路灯坏了（未办结）；低保那个"}},
		"no matter after one":                 {says: []string{"孙委员", "记日志 今天 接待1人，低保办好了", "孙委员", "确认", "孙委员", "无事"}, has: []string{"已经记了办的事", "改日志"}, not: []string{"记好了"}},
		"for another he goes on himself":      {says: []string{"李干事", "代录日志 孙委员 今天 接待3人，低保已办结，李家危房未办结转王主任", "李干事", "孙委员自己办"}, has: []string{"谁接着办：孙委员"}},
		"who is meant by self is not a clerk": {says: []string{"李干事", "代录日志 孙委员 今天 接待3人，李家危房未办结转王主任", "李干事", "我自己接着办", "李干事", "确认"}, has: []string{"（孙委员接着办）"}},
		"a clerk corrects how many came":      {says: []string{"李干事", "代录日志 孙委员 今天 接待3人，低保已办结", "李干事", "接待改成5人"}, has: []string{"接待：5人"}},
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); c.run(t) })
	}
}

// TestALeaveAsAnOldCadreTellsIt is of words that were not heard, or were heard as something else.
func TestALeaveAsAnOldCadreTellsIt(t *testing.T) {
	t.Parallel()
	const asked = "13号请事假，送孩子上学"
	for name, c := range map[string]playedCase{
		"who stands in for me":              {says: []string{"孙委员", asked, "孙委员", "让钱主任替俺"}, has: []string{"代理人：钱主任"}},
		"who stands in is another":          {says: []string{"孙委员", asked, "孙委员", "让钱主任替我", "孙委员", "替班的换成赵书记"}, has: []string{"代理人：赵书记"}},
		"who decides":                       {says: []string{"孙委员", asked, "孙委员", "谁批"}, has: []string{"由赵书记审批", "没错请回复"}, not: []string{"没有看懂"}},
		"on duty elsewhere, by its name":    {says: []string{"孙委员", "公差 13号到14号 去省里培训"}, has: []string{"假别：公差", "事由：去省里培训", "10月13日 周二到10月14日"}},
		"the day before that":               {says: []string{"孙委员", "13号到14号公差 去省里培训"}, has: []string{"假别：公差"}},
		"at the end":                        {says: []string{"孙委员", "我13号去县里开会，请个公差"}, has: []string{"假别：公差"}},
		"why it was refused":                {says: []string{"孙委员", asked, "孙委员", "确认", "赵书记", "不同意1 那天有检查", "孙委员", "为什么不同意"}, has: []string{"未批准", "批语：那天有检查"}},
		"why the 书记 refused it":             {says: []string{"孙委员", asked, "孙委员", "确认", "赵书记", "不同意1 那天有检查", "孙委员", "赵书记为啥不批"}, has: []string{"批语：那天有检查"}},
		"why it still waits":                {says: []string{"孙委员", asked, "孙委员", "确认", "孙委员", "为啥还没批"}, has: []string{"1号假条", "等赵书记审批"}},
		"not back yet after all":            {says: []string{"孙委员", "今天请事假，走亲戚", "孙委员", "确认", "赵书记", "同意1", "孙委员", "我回来了", "孙委员", "其实还没回"}, has: []string{"销假收回了"}},
		"why is of points otherwise":        {says: []string{"孙委员", "为什么"}, not: []string{"假条"}},
		"a whole leave replaces what stood": {says: []string{"孙委员", "请两天假", "孙委员", "到16号", "孙委员", "13号请病假一天，发烧了"}, has: []string{"假别：病假", "10月13日 周二，1天", "事由：发烧"}},
		"an extension to before":            {says: []string{"孙委员", "15号到16号请事假，走亲戚", "孙委员", "确认", "赵书记", "同意1", "孙委员", "续假到12号 还没好"}, has: []string{"不用续到10月12日", "续到哪天"}, not: []string{"请核对"}},
		"a check-in that failed":            {says: []string{"孙委员", "我没签上到 网不行"}, has: []string{"作证"}, not: []string{"没有听懂"}},
		"nothing at all was done":           {says: []string{"孙委员", "今天啥也没干"}, has: []string{"今日无事项"}},
		"nothing much":                      {says: []string{"孙委员", "没啥事"}, has: []string{"今日无事项"}},
		"what a log was before":             {says: []string{"孙委员", "看更正前"}, not: []string{"没有听懂"}},
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); c.run(t) })
	}
}

// TestWhatAnotherQuestionWouldAsk is of somebody who tells why, when or who stands in before he is
// asked for it: it is kept for its own question.
func TestWhatAnotherQuestionWouldAsk(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]playedCase{
		"a reason at the kind":            {says: []string{"孙委员", "请假", "孙委员", "到县里办社保卡"}, has: []string{"记下了，事由：到县里办社保卡。\n请什么假？"}},
		"a day at the kind":               {says: []string{"孙委员", "请假", "孙委员", "明天"}, has: []string{"记下了，时间：10月9日 周五，1天。\n请什么假？"}},
		"who stands in at the kind":       {says: []string{"孙委员", "请假", "孙委员", "钱主任替我"}, has: []string{"记下了，代理人：钱主任。\n请什么假？"}},
		"his mere name":                   {says: []string{"孙委员", "请假", "孙委员", "钱主任"}, has: []string{"记下了，代理人：钱主任。\n请什么假？"}},
		"somebody whom nobody knows":      {says: []string{"孙委员", "请假", "孙委员", "隔壁老王替我"}, has: []string{"替您的是哪一位？"}},
		"a length at the kind":            {says: []string{"孙委员", "请假", "孙委员", "两天", "孙委员", "明天", "孙委员", "1"}, has: []string{"请假做什么？"}},
		"a reason at the days":            {says: []string{"孙委员", "请事假", "孙委员", "家里盖房"}, has: []string{"记下了，事由：家里盖房。\n从哪天请到哪天？"}},
		"who stands in at the days":       {says: []string{"孙委员", "请事假", "孙委员", "钱主任替我"}, has: []string{"记下了，代理人：钱主任。\n从哪天请到哪天？"}},
		"who stands in is no reason":      {says: []string{"孙委员", "请事假 明天", "孙委员", "钱主任替我"}, has: []string{"记下了，代理人：钱主任。\n请假做什么？"}},
		"all of it comes together":        {says: []string{"孙委员", "请假", "孙委员", "明天", "孙委员", "到县里办社保卡", "孙委员", "钱主任", "孙委员", "事假"}, has: []string{"时间：10月9日 周五", "事由：到县里办社保卡", "代理人：钱主任", "确认"}},
		"who knows nothing is asked":      {says: []string{"孙委员", "请假", "孙委员", "不知道"}, has: []string{"没有“不知道”这种假", "请点一种"}, not: []string{"记下了"}},
		"a question is kept for nothing":  {says: []string{"孙委员", "请假", "孙委员", "我想请几天"}, has: []string{"请点一种"}, not: []string{"记下了"}},
		"an unreadable day is no reason":  {says: []string{"孙委员", "请事假", "孙委员", "那天"}, has: []string{"没有看懂“那天”是哪天到哪天"}},
		"a second reason is none at days": {says: []string{"孙委员", "请假", "孙委员", "家里盖房", "孙委员", "娃儿开家长会"}, has: []string{"没有看懂“娃儿开家长会”是哪天到哪天"}},
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); c.run(t) })
	}
}

// TestMoreOfALeave is of somebody on leave who asks for more of it in his own words.
func TestMoreOfALeave(t *testing.T) {
	t.Parallel()
	away := []string{"孙委员", "今天下午请事假，看病", "孙委员", "确认", "赵书记", "同意1"}
	for name, c := range map[string]playedCase{
		"a length goes on from its end":        {says: []string{"孙委员", "再请两天"}, has: []string{"为什么要续假？"}},
		"with the reason":                      {says: []string{"孙委员", "病没好，再请两天"}, has: []string{"续到：10月10日", "事由：病没好", "续的是1号假"}},
		"up to a day":                          {says: []string{"孙委员", "病没好，再请到12号"}, has: []string{"续到：10月12日", "事由：病没好", "续的是1号假"}},
		"in three characters":                  {says: []string{"孙委员", "续两天"}, has: []string{"为什么要续假？"}},
		"as a question":                        {says: []string{"孙委员", "能再请两天吗"}, has: []string{"为什么要续假？"}},
		"another end where the reason was due": {says: []string{"孙委员", "再请两天", "孙委员", "到12号"}, has: []string{"改成续到10月12日 周一。\n为什么要续假？"}, not: []string{"不是事由"}},
		"and in the end":                       {says: []string{"孙委员", "再请两天", "孙委员", "到12号", "孙委员", "病没好", "孙委员", "到13号"}, has: []string{"续到：10月13日", "事由：病没好"}},
		"an end before the leave's":            {says: []string{"孙委员", "再请两天", "孙委员", "到8号"}, has: []string{"不用续到10月8日"}, not: []string{"请核对"}},
		"another kind is another leave":        {says: []string{"孙委员", "再请两天病假"}, has: []string{"请从哪天开始？"}, not: []string{"续假"}},
		"another first day is another leave":   {says: []string{"孙委员", "明天再请两天"}, has: []string{"请什么假？"}},
		"the past asks for nothing":            {says: []string{"孙委员", "我再请了两天"}, not: []string{"续假", "请什么假"}},
	} {
		c.says = append(slices.Clip(away), c.says...)
		t.Run(name, func(t *testing.T) { t.Parallel(); c.run(t) })
	}
	playedCase{says: []string{"孙委员", "再请两天"}, has: []string{"请从哪天开始？"}}.run(t)
	playedCase{says: []string{"孙委员", "请假 明天", "孙委员", "应该是到13号"}, has: []string{"改了，时间：10月9日 周五到10月13日 周二"}}.run(t)
}

// TestALogIsCorrectedInTheMiddleOfOne is of somebody who says 改日志 while 记日志 is open.
func TestALogIsCorrectedInTheMiddleOfOne(t *testing.T) {
	t.Parallel()
	stored := []string{"孙委员", "记日志 接待2人，低保办好了", "孙委员", "确认"}
	for name, c := range map[string]playedCase{
		"nothing is stored of the day":        {says: []string{"孙委员", "记日志", "孙委员", "改日志 今天"}, has: []string{"10月8日 周四的日志还没有记下，正在填的就是", "办了哪些事？"}},
		"another day stays another day":       {says: []string{"孙委员", "记日志", "孙委员", "改日志 昨天"}, has: []string{"10月7日 周三没有您的日志", "1. 日期：10月8日"}},
		"what was told is corrected":          {says: []string{"孙委员", "记日志 接待2人，低保办好了", "孙委员", "改日志 接待3人"}, has: []string{"接待：3人"}, not: []string{"更正的是"}},
		"one is stored, and nothing told yet": {says: append(slices.Clip(stored), "孙委员", "记日志", "孙委员", "改日志 今天"), has: []string{"更正的是15:00记的日志", "接待：2人"}, not: []string{"先放着"}},
		"without the day":                     {says: append(slices.Clip(stored), "孙委员", "记日志", "孙委员", "改日志 接待5人"), has: []string{"更正的是15:00记的日志", "接待：5人"}},
		"one is stored, and one half told":    {says: append(slices.Clip(stored), "孙委员", "补记 危房还没办完", "孙委员", "改日志 今天"), has: []string{"工作日志先放着", "更正的是15:00记的日志"}},
		"and a correction of what is told":    {says: append(slices.Clip(stored), "孙委员", "补记 接待1人，危房办好了", "孙委员", "改日志 接待4人"), has: []string{"接待：4人"}, not: []string{"更正的是"}},
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); c.run(t) })
	}
}
