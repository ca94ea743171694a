package bot

import (
	"strings"
	"testing"
)

// toldCase is what somebody says, one message after the other, and what the last answer holds and
// does not hold.
type toldCase struct {
	says     []string
	has, not []string
}

// TestALogAsAnOldCadreTellsIt is what was seen to go wrong in the words of one who types as
// he speaks.
func TestALogAsAnOldCadreTellsIt(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	const three = "记日志 接待3人，张家低保咨询已办结，李家危房未办结转钱主任，二组修路已办结"
	for name, c := range map[string]toldCase{
		"what is not mended yet is open": {
			says: []string{"今天接待了4个人 3个问低保 1个问厕所改造 都给解决了 另外路灯坏了还没修"},
			has:  []string{"谁接着办"}, not: []string{"办完了吗"},
		},
		"each of its clauses is a matter": {
			says: []string{"今天接待了4个人 3个问低保 1个问厕所改造 都给解决了 另外路灯坏了还没修", "我自己接着办"},
			has:  []string{"接待：4人", "3个问低保（已办结）；1个问厕所改造（已办结）；路灯坏了（未办结）"},
		},
		"a mere good does not close":           {says: []string{"记日志 咨询合作医疗", "好"}, has: []string{"办完了，还是都没办完", "咨询合作医疗（？）"}},
		"nor does a hum":                       {says: []string{"记日志 咨询合作医疗", "嗯"}, has: []string{"都没办完"}, not: []string{"请核对"}},
		"nor does a confirmation":              {says: []string{"记日志 咨询合作医疗", "确认"}, has: []string{"都没办完"}, not: []string{"请核对"}},
		"a yes does":                           {says: []string{"记日志 咨询合作医疗", "是的"}, has: []string{"咨询合作医疗（已办结）"}},
		"and so does all done":                 {says: []string{"记日志 咨询合作医疗", "嗯办完了"}, has: []string{"咨询合作医疗（已办结）"}},
		"the first is not done":                {says: []string{three, "第一件没办完", "我自己接着办"}, has: []string{"张家低保咨询（未办结）", "二组修路（已办结）"}},
		"the second is done":                   {says: []string{three, "第二件办完了"}, has: []string{"李家危房（已办结）；二组修路（已办结）"}},
		"the first goes to somebody":           {says: []string{three, "第一件交给赵书记"}, has: []string{"张家低保咨询（未办结，转赵书记）"}},
		"the third is not wanted":              {says: []string{three, "3删了"}, has: []string{"钱主任）\n"}, not: []string{"修路"}},
		"the third, in words":                  {says: []string{three, "第三件不要了"}, has: []string{"钱主任）\n"}, not: []string{"修路"}},
		"two places in one breath":             {says: []string{three, "第一件没办完转赵书记第二件办完了"}, has: []string{"张家低保咨询（未办结，转赵书记）；李家危房（已办结）"}},
		"the words of a place":                 {says: []string{three, "第三件改成三组修渠"}, has: []string{"三组修渠（已办结）"}, not: []string{"二组"}},
		"a place that there is not":            {says: []string{three, "第九件办完了"}, has: []string{"没有看懂"}},
		"a family's matter":                    {says: []string{three, "李家办完了"}, has: []string{"李家危房（已办结）；二组修路（已办结）\n"}},
		"of two of a family it is asked which": {says: []string{"记日志 张家低保已办结，张家危房已办结", "张家没办完"}, has: []string{"第几件"}},
		"one more":                             {says: []string{three, "加一件 去镇上开会办完了"}, has: []string{"二组修路（已办结）；去镇上开会（已办结）"}},
		"one more of which nobody said":        {says: []string{three, "再加一件 去镇上开会"}, has: []string{"办完了吗", "去镇上开会（？）"}},
		"strengthening is no adding":           {says: []string{three, "加固河堤办完了"}, has: []string{"加固河堤（已办结）"}},
		"a bare number is no matter":           {says: []string{"记日志 低保审核已办结，危房", "3改成3"}, has: []string{"没有听出办了什么事"}},
		"and takes no matter away":             {says: []string{"记日志 低保审核已办结，危房改造", "3改成3", "不改了", "都办完了"}, has: []string{"低保审核（已办结）；危房改造（已办结）"}},
		"it is how many came":                  {says: []string{"记日志 低保审核已办结，危房改造", "2改成3"}, has: []string{"1. 低保审核（已办结）；2. 危房改造（？）"}},
		"all that is held is shown":            {says: []string{"记日志 低保审核已办结，危房改造"}, has: []string{"记的是：1. 低保审核（已办结）；2. 危房改造（？）"}},
		"I go on with it":                      {says: []string{"今天接待3人低保办完了危房没办完我自己接着办"}, has: []string{"接待：3人", "低保（已办结）；危房（未办结，我自己接着办）"}},
		"I go on, after a stop":                {says: []string{"记日志 危房没办完，我接着办"}, has: []string{"事项：危房（未办结，我自己接着办）\n"}},
		"one goes on himself":                  {says: []string{"记日志 危房修了一半，自己接着弄"}, has: []string{"事项：危房修了一半（未办结，我自己接着办）\n"}},
		"said to the question what became":     {says: []string{"记日志 危房改造", "我自己接着办"}, has: []string{"危房改造（未办结，我自己接着办）"}},
		"another goes on":                      {says: []string{"记日志 危房没办完让赵书记接着办"}, has: []string{"危房（未办结，转赵书记）"}},
		"another, by name alone":               {says: []string{"记日志 危房没办完，钱主任接着办"}, has: []string{"危房（未办结，转钱主任）"}},
		"not he: who then":                     {says: []string{"记日志 危房没办完", "不是让钱主任办"}, has: []string{"不让钱主任办", "请点一位同事"}},
		"not he who was named":                 {says: []string{three, "不是让钱主任办"}, has: []string{"谁接着办"}},
		"not he who was chosen":                {says: []string{"记日志 危房没办完", "钱主任", "不是让钱主任办"}, has: []string{"谁接着办"}, not: []string{"请核对"}},
		"not he but another":                   {says: []string{three, "不是让钱主任办，是让赵书记办"}, has: []string{"李家危房（未办结，转赵书记）"}},
		"old people count":                     {says: []string{"来了3个老乡问医保，说清楚了"}, has: []string{"接待：3人", "问医保（已办结）"}},
		"and are counted behind":               {says: []string{"接待老乡3个，问医保，讲清楚了"}, has: []string{"接待：3人", "问医保（已办结）"}},
		"two clauses with a space between":     {says: []string{"来了5个老乡问医保都说清楚了 水渠堵了没弄好", "我自己接着办"}, has: []string{"接待：5人", "问医保（已办结）；水渠堵了（未办结）"}},
		"morning and afternoon":                {says: []string{"记日志 上午去镇上开会下午调解李家纠纷，都办完了"}, has: []string{"去镇上开会（已办结）；调解李家纠纷（已办结）"}},
		"an afternoon alone parts nothing":     {says: []string{"记日志 张家和李家下午来调解，谈拢了"}, has: []string{"事项：张家和李家下午来调解（已办结）\n"}},
		"done words of all sorts":              {says: []string{"记日志 李家纠纷弄巴适了，水管搞好了，路灯弄妥了"}, has: []string{"李家纠纷（已办结）；水管（已办结）；路灯（已办结）"}},
		"undone words of all sorts":            {says: []string{"记日志 李家纠纷没谈拢，水管没修好，补贴没批下来，低保没办成，证明还没开", "我自己接着办"}, has: []string{"李家纠纷（未办结）；水管（未办结）；补贴（未办结）；低保（未办结）；证明（未办结）"}},
		"a verb with its object":               {says: []string{"记日志 下午去二组修好了路灯"}, has: []string{"事项：去二组修好了路灯（已办结）\n"}},
		"not so many":                          {says: []string{"接待99999999人，低保已办结"}, has: []string{"999人", "接待了几个人"}, not: []string{"请核对"}},
		"nobody came, and it is said":          {says: []string{"记日志 低保已办结"}, has: []string{"2. 接待：0人"}},
		"how many came, the other way round":   {says: []string{three, "来了5个人不是3个"}, has: []string{"接待：5人", "李家危房（未办结，转钱主任）"}},
		"how the log is written":               {says: []string{"日志咋写"}, has: []string{"一件事说一句", "如“记日志 接待3人"}, not: []string{"办完了吗"}},
		"how the log is kept":                  {says: []string{"日志怎么记"}, has: []string{"一件事说一句"}},
		"whether it is there":                  {says: []string{"日志写好了没有"}, has: []string{"今天的日志还没有记"}},
		"a matter may be asked about":          {says: []string{"记日志 来人问低保怎么办，答复了"}, has: []string{"来人问低保怎么办（已办结）"}},
		"a matter may be wrong":                {says: []string{"日志 李家地界不对调解好了"}, has: []string{"李家地界不对（已办结）"}},
		"handed to somebody who is not there":  {says: []string{"接待3人，低保咨询已办结，李家危房未办结转王主任"}, has: []string{"本村没有找到“王主任”", "谁接着办"}, not: []string{"办完了吗"}},
		"and then to one who is":               {says: []string{"接待3人，低保咨询已办结，李家危房未办结转王主任", "钱主任"}, has: []string{"接待：3人", "低保咨询（已办结）；李家危房（未办结）", "谁接着办：钱主任"}},
		"or all of it is said again":           {says: []string{"接待3人，低保咨询已办结，李家危房未办结转王主任", "接待3人，低保咨询已办结，李家危房未办结转钱主任"}, has: []string{"低保咨询（已办结）；李家危房（未办结，转钱主任）\n"}},
		"or all of it where it is asked":       {says: []string{"记日志 接待1人，咨询合作医疗", "接待2人，咨询合作医疗已办结，李家危房未办结转钱主任"}, has: []string{"接待：2人", "咨询合作医疗（已办结）；李家危房（未办结，转钱主任）\n"}},
		"handed to a bookkeeper nobody is":     {says: []string{"记日志 李家危房没办完，转孙会计"}, has: []string{"本村没有找到“孙会计”"}},
		"handed to an office":                  {says: []string{"记日志 李家危房未办结移交镇民政办"}, has: []string{"谁接着办"}, not: []string{"没有找到", "办完了吗"}},
		"an office, and who goes on":           {says: []string{"记日志 李家危房未办结移交镇民政办", "我自己接着办"}, has: []string{"事项：李家危房，移交镇民政办（未办结）"}},
		"no state, and handed over":            {says: []string{"记日志 王家水管坏了转钱主任"}, has: []string{"事项：王家水管坏了（未办结，转钱主任）\n"}},
		"mediated is done":                     {says: []string{"记日志 张家地界纠纷已调解"}, has: []string{"事项：张家地界纠纷（已办结）\n"}},
		"turned, not handed":                   {says: []string{"记日志 给李家办转学手续已办结"}, has: []string{"转学手续（已办结）"}},
		"the log of today, with a stop":        {says: []string{"今天的日志 接待3人，低保咨询已办结"}, has: []string{"接待：3人", "事项：低保咨询（已办结）\n"}, not: []string{"还没有办"}},
		"the log of today, with a space":       {says: []string{"今日日志 接待3人 低保咨询已办结"}, has: []string{"接待：3人", "事项：低保咨询（已办结）\n"}},
		"nobody came":                          {says: []string{"记日志 今天没有人来"}, has: []string{"办了哪些事"}, not: []string{"没有人来"}},
		"nobody came, and one thing was done":  {says: []string{"记日志 没人来，打扫了村部已办结"}, has: []string{"接待：0人", "事项：打扫了村部（已办结）\n"}},
		"nobody came to mend the lamp":         {says: []string{"记日志 没有人来修路灯"}, has: []string{"没有人来修路灯（？）"}},
		"today's, said to who goes on":         {says: []string{"记日志 昨天 危房没办完", "今天的"}, has: []string{"谁接着办"}, not: []string{"没有找到"}},
		"nothing special":                      {says: []string{"记日志", "没啥事"}, has: []string{"今日无事项"}},
		"the day in the question":              {says: []string{"记日志 昨天", "今天的"}, has: []string{"办了哪些事"}, not: []string{"没有听出"}},
	} {
		got := ""
		for _, said := range c.says {
			got = v.say(t, "孙委员", said)
		}
		for _, want := range c.has {
			if !strings.Contains(got, want) {
				t.Errorf("%s: no %q in\n%s", name, want, got)
			}
		}
		for _, bad := range c.not {
			if strings.Contains(got, bad) {
				t.Errorf("%s: %q in\n%s", name, bad, got)
			}
		}
		v.say(t, "孙委员", "取消")
	}
}

// TestAStoredLogOfAnOldCadreIsCorrected: the log stays, and each correction is looked at.
func TestAStoredLogOfAnOldCadreIsCorrected(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	v.say(t, "孙委员", "记日志 接待3人，路灯坏了还没修转钱主任，低保已办结")
	if got := v.say(t, "孙委员", "确认"); !strings.Contains(got, "日志记好了") {
		t.Fatal(got)
	}
	for said, want := range map[string]string{
		"记错了是5个人来的":        "接待：5人\n3. 事项：路灯坏了（未办结，转钱主任）；低保（已办结）\n",
		"记错了 接待的是5个人":      "接待：5人\n3. 事项：路灯坏了（未办结，转钱主任）；低保（已办结）\n",
		"记错了路灯已经修好了":       "事项：路灯坏了（已办结）；低保（已办结）\n",
		"来了5个人不是3个":        "接待：5人\n3. 事项：路灯坏了（未办结，转钱主任）；低保（已办结）\n",
		"接待5人不是3人":         "接待：5人\n3. 事项：路灯坏了（未办结，转钱主任）；低保（已办结）\n",
		"日志上人数不对 来了5个人":    "接待：5人\n3. 事项：路灯坏了（未办结，转钱主任）；低保（已办结）\n",
		"日志里少写了一件事":        "更正的是15:00记的日志",
		"日志里少写了一件事 去开会办完了": "低保（已办结）；去开会（已办结）\n",
		"日志写好了没有":          "今天的日志记了",
		"日志写错了":            "更正的是15:00记的日志",
	} {
		if got := v.say(t, "孙委员", said); !strings.Contains(got, want) {
			t.Errorf("%s: %s", said, got)
		}
		v.say(t, "孙委员", "取消")
	}
}

// What was reviewed: a word in a matter swaps nothing, one clause does not swallow the next, and a
// day that is named is that day.
func TestCorrectionsOfALogKeepToWhatWasSaid(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ says, has, hasnt []string }{
		"改造 is a word":        {[]string{"记日志 接待3人，李家厕所改造没办完", "我", "厕所改造已办结"}, []string{"李家厕所改造（已办结）"}, nil},
		"two corrections":     {[]string{"记日志 接待3人，李家危房没办完", "我", "李家改成王家，接待5人"}, []string{"王家危房", "接待：5人"}, nil},
		"and what became":     {[]string{"记日志 接待3人，李家危房，张家低保", "李家改成王家，都办完了"}, []string{"王家危房（已办结）", "张家低保（已办结）"}, nil},
		"another day":         {[]string{"记日志 昨天 接待2人，调解纠纷办完了", "今天接待5人，低保已办结"}, []string{"10月8日", "接待：5人", "没有记下"}, []string{"10月7日"}},
		"another day's fix":   {[]string{"记日志 昨天 接待1人，低保已办结", "确认", "记日志 接待2人，医保已办结", "确认", "改日志", "改日志 昨天接待9人"}, []string{"10月7日", "接待：9人"}, nil},
		"trouble is no work":  {[]string{"链接打不开了"}, []string{"没有听懂"}, nil},
		"a mistaken shift":    {[]string{"我记错班了"}, []string{"没有听懂"}, nil},
		"a hand of one entry": {[]string{"记日志 接待1人，低保已办结", "确认", "补记 接待1人，医保已办结", "确认", "改日志", "加一件 王家危房没办完", "赵书记", "另一篇", "2", "加一件 三组修路没办完"}, []string{"谁接着办"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := newVillage(t)
			got := ""
			for _, text := range c.says {
				got = v.say(t, "孙委员", text)
			}
			for _, want := range c.has {
				if !strings.Contains(got, want) {
					t.Errorf("%q is missing in\n%s", want, got)
				}
			}
			for _, not := range c.hasnt {
				if strings.Contains(got, not) {
					t.Errorf("%q is in\n%s", not, got)
				}
			}
		})
	}
}

// TestTheDayThatNobodyNamed is told with why it is that one, as long as it is.
func TestTheDayThatNobodyNamed(t *testing.T) {
	t.Parallel()
	a := answers{"day": "2026-10-07", "missed": "2026-10-07（昨天的还没记）"}
	if got := showDayToLog(a); got != "10月7日 周三 · 国庆节（昨天的还没记）" {
		t.Error(got)
	}
	a["day"] = "2026-10-08"
	if got := showDayToLog(a); got != "10月8日 周四" {
		t.Error(got)
	}
}
