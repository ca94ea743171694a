package bot

import (
	"strings"
	"testing"
)

func TestWhoIsPoliteIsNotLost(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	for _, text := range []string{"谢谢", "谢谢您！", "辛苦了", "好的", "知道了", "[强][呲牙]", "🙏", "再见。"} {
		if got := v.say(t, "孙委员", text); !strings.HasPrefix(got, "不客气") {
			t.Errorf("%q is answered %q", text, got)
		}
	}
	for _, text := range []string{"？", "好多天没发补贴", "谢谢，明天我不来"} {
		if got := v.say(t, "孙委员", text); strings.HasPrefix(got, "不客气") {
			t.Errorf("%q is answered %q", text, got)
		}
	}
}

// 同意 alone asks which leave is meant, and does nothing.
func TestAgreeingToNoLeaveByName(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	if got := v.say(t, "赵书记", "同意"); !strings.Contains(got, "现在没有等您同意的事") {
		t.Error(got)
	}
	v.say(t, "孙委员", "明天请事假，送孩子上学")
	v.say(t, "孙委员", "确认")
	got := v.say(t, "赵书记", "同意")
	for _, want := range []string{"孙委员，事假10月9日", ">同意1<", ">看假条1<"} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is missing in %s", want, got)
		}
	}
	if got := v.say(t, "钱主任", "同意"); strings.Contains(got, "孙委员") {
		t.Errorf("who does not decide is shown %s", got)
	}
	if got := v.say(t, "赵书记", "同意1"); !strings.Contains(got, "已同意 ✓") {
		t.Error(got)
	}
}
