package bot

import (
	"slices"
	"testing"
)

// TestWhatASummaryChanged: what changed is told from what was shown; where something went,
// all of it has to be seen again.
func TestWhatASummaryChanged(t *testing.T) {
	t.Parallel()
	shown := []string{"请核对：", "1. 日期：9号", "2. 事由：看病", "超过三天。", "没错请回复确认。"}
	for name, one := range map[string]struct {
		seen, now, want []string
	}{
		"nothing was shown yet":             {nil, shown, shown},
		"nothing changed":                   {shown, shown, nil},
		"one answer":                        {shown, []string{"请核对：", "1. 日期：9号", "2. 事由：开会", "超过三天。", "没错请回复确认。"}, []string{"2. 事由：开会"}},
		"an answer, and what is warned of":  {shown, []string{"请核对：", "1. 日期：8号", "2. 事由：看病", "超过五天。", "没错请回复确认。"}, []string{"1. 日期：8号", "超过五天。"}},
		"another answer":                    {shown, append(slices.Clone(shown), "3. 照片：1张"), []string{"3. 照片：1张"}},
		"a warning went":                    {shown, slices.Concat(shown[:3], shown[4:]), nil},
		"a warning went, an answer changed": {shown, []string{"请核对：", "1. 日期：8号", "2. 事由：看病", "没错请回复确认。"}, nil},
		"an answer and a note came and another note went": {
			shown, []string{"请核对：", "1. 日期：9号", "2. 事由：看病", "3. 照片：1张", "没错请回复确认。"}, nil,
		},
		"two answers changed places": {shown, []string{shown[0], shown[2], shown[1], shown[3], shown[4]}, nil},
		"a note came before another": {shown, slices.Insert(slices.Clone(shown), 3, "合计1天。"), []string{"合计1天。"}},
		"an answer and a note changed": {
			shown, []string{shown[0], shown[1], "2. 事由：开会", "合计1天。", shown[3], shown[4]}, []string{"2. 事由：开会", "合计1天。"},
		},
	} {
		if got := changedLines(seenLines(one.seen), one.now); !slices.Equal(got, one.want) {
			t.Errorf("%s: %q, want %q", name, got, one.want)
		}
	}
}
