package bot

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cunkao/cunkao/handlers"
)

// TestHowPeopleCorrect: what a correction may name, and what it says is right if it names
// nothing of its form.
func TestHowPeopleCorrect(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		sounds  bool // like a correction, to an open question
		namings []naming
		value   string
	}{
		"2":              {false, []naming{{"2", ""}}, "2"},
		"２":              {false, []naming{{"2", ""}}, "2"},
		"第二项":            {false, []naming{{"第二项", ""}}, "第二项"},
		"修改第2项":          {true, []naming{{"第2项", ""}, {"修", "第2项"}}, "修改第2项"},
		"第二项扣两分":         {false, []naming{{"第二项扣两分", ""}, {"2", "扣两分"}}, "第二项扣两分"},
		"第3项 1.5分":       {false, []naming{{"第3项 1.5分", ""}, {"3", "1.5分"}}, "第3项 1.5分"},
		"第二项改成满分":        {true, []naming{{"第二项成满分", ""}, {"第二项", "满分"}, {"2", "改成满分"}}, "满分"},
		"改日期":            {true, []naming{{"日期", ""}}, "改日期"},
		"日期改一下":          {true, []naming{{"日期", ""}, {"日期", "一下"}}, "日期改一下"},
		"日期错了":           {false, []naming{{"日期", ""}}, "日期"},
		"日期不对":           {true, []naming{{"日期", ""}}, "日期"},
		"日期改成9号":         {true, []naming{{"日期成9号", ""}, {"日期", "9号"}}, "9号"},
		"日期：９号":          {false, []naming{{"日期:9号", ""}, {"日期", "9号"}}, "日期:9号"},
		"把日期改到12号":       {true, []naming{{"把日期到12号", ""}, {"日期", "12号"}}, "12号"},
		"日期应该是9号":        {true, []naming{{"日期应该是9号", ""}, {"日期", "9号"}}, "9号"},
		"2 改成9号":         {true, []naming{{"2 成9号", ""}, {"2", "9号"}}, "9号"},
		"２　９号":           {false, []naming{{"2 9号", ""}, {"2", "9号"}}, "2 9号"},
		"改成9号到10号":       {true, []naming{{"成9号到10号", ""}}, "9号到10号"},
		"改成１２号":          {true, []naming{{"成12号", ""}}, "12号"},
		"不是事假是病假":        {true, []naming{{"不是事假是病假", ""}}, "病假"},
		"不是事假，而是病假":      {true, []naming{{"不是事假,而是病假", ""}}, "病假"},
		"说错了，应该是病假":      {true, []naming{{"说,应该是病假", ""}, {"说错了,", "病假"}}, "病假"},
		"不对，是13号":        {true, []naming{{",是13号", ""}, {"不对,", "13号"}}, "是13号"},
		"理由写错了，是去看病":     {false, []naming{{"理由写,是去看病", ""}, {"理由", "去看病"}}, "理由写,是去看病"},
		"推迟一天":           {false, []naming{{"推迟一天", ""}}, "推迟一天"},
		"改":              {true, []naming{{"", ""}}, "改"},
		"请假不是为了玩":        {true, []naming{{"请假不是为了玩", ""}}, "请假"}, // which fits no date and no kind
		"我儿子改天结婚":        {true, []naming{{"我儿子天结婚", ""}, {"我儿子", "天结婚"}}, "我儿子改天结婚"},
		"李家是贫困户":         {false, []naming{{"李家是贫困户", ""}, {"李家", "贫困户"}}, "李家是贫困户"},
		"去县里 看病":         {false, []naming{{"去县里 看病", ""}}, "去县里 看病"},
		"危房改造":           {true, []naming{{"危房造", ""}, {"危房", "造"}}, "危房改造"},
		"12345 打过电话":     {false, []naming{{"12345 打过电话", ""}}, "12345 打过电话"},
		"陪老人看眼睛，不是大病":    {true, []naming{{"陪老人看眼睛,不是大病", ""}}, "陪老人看眼睛"},
		"病假，不是事假，10月13号": {true, []naming{{"病假,不是事假,10月13号", ""}}, "病假,10月13号"},
		"是病假不是事假":        {true, []naming{{"是病假不是事假", ""}}, "病假"},
		"13号，不是12号":      {true, []naming{{"13号,不是12号", ""}}, "13号"},
		"接待3人，改成接待4人 ":   {true, []naming{{"接待3人,成接待4人", ""}, {"接待3人", "接待4人"}}, "接待4人"},
	} {
		said := plain(text)
		if got := corrects(said); got != want.sounds {
			t.Errorf("%q sounds like a correction: %t", text, got)
		}
		if diff := cmp.Diff(want.namings, namings(said), cmp.AllowUnexported(naming{})); diff != "" {
			t.Errorf("what %q names (-want +got):\n%s", text, diff)
		}
		if got := newValue(said); got != want.value {
			t.Errorf("%q says that %q is right, want %q", text, got, want.value)
		}
	}
}

// TestHowPeopleNumber: a number is a place, where nothing else stands with it.
func TestHowPeopleNumber(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"2": 2, "２": 2, "二": 2, "第二项": 2, "第2项": 2, "第２项": 2, "十": 10, "99": 99,
		"": 0, "0": 0, "-1": 0, "100": 0, "2号": 0, "第": 0, "项": 0, "二十": 0, "日期": 0,
	} {
		if got := placed(plain(text)); got != want {
			t.Errorf("%q is the place %d, want %d", text, got, want)
		}
	}
}

// TestHowPeopleChoose: by a number, by words, or by a part of them that only one has.
func TestHowPeopleChoose(t *testing.T) {
	t.Parallel()
	var offers []handlers.Offer
	for _, word := range []string{"事假", "病假", "年休假", "公差", "假"} {
		offers = append(offers, handlers.Offer{Say: word, Fill: answers{"kind": word}})
	}
	for text, want := range map[string]string{
		"1": "事假", "２": "病假", "第三个": "年休假", "4号": "公差", "第4种": "公差", "2.": "病假",
		"病假": "病假", "年休": "年休假", "假": "假",
		"0": "", "6": "", "休": "", "婚假": "", "第": "", "": "", "请病假": "",
	} {
		fill, ok := chosen(offers, plain(text))
		if ok != (want != "") || ok && fill["kind"] != want {
			t.Errorf("%q chooses %v, %t, want %q", text, fill, ok, want)
		}
	}
	offers = append(offers, handlers.Offer{Say: "陪产假"}, handlers.Offer{Say: "产假一天"})
	if fill, ok := chosen(offers, "产假"); ok {
		t.Errorf("of two that fit %v was chosen", fill)
	}
}

// A number in words is one only where nothing else is counted with it.
func TestNumbersInWords(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]string{
		"十三": "13", "十三号": "13号", "一百零二": "102", "二十": "20", "三 注意安全": "3 注意安全", "两千": "2000", "二十一号假条": "21号假条", "十三吧": "13吧",
		"第二张": "第二张", "二张": "二张", "一下": "一下", "13": "13", "": "", "三和五": "三和五",
	} {
		if got := arabic(said); got != want {
			t.Errorf("%q is %q, want %q", said, got, want)
		}
	}
	for said, want := range map[string]bool{"好的没问题": true, "行,没问题了": true, "对,没错": true, "是是是": true, "不行": false, "好吗": false, "": false, "好的明天": false} {
		if agrees(said) != want {
			t.Errorf("%q agrees: %t", said, !want)
		}
	}
}
