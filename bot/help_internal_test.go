package bot

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
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

// TestEveryDeedIsOnRecord: what somebody did by the account has a name in 我的记录, where he looks
// when he is not sure whether it was done.
func TestEveryDeedIsOnRecord(t *testing.T) {
	t.Parallel()
	unnamed := []string{ // by the clock, by the command line, by the platform
		"AddKin", "Compute", "Follow", "OpenDeadLetter", "OpenPhoto", "OpenTalkLog", "RemindDuty", "RemindLeaves", "RemindSelfEvals", "RemindSteps",
		"RemoveKin", "Requeue", "RouteLeaves", "SetFences", "SetHolidays", "TalkLog", "TellNoHead", "Unfollow",
	}
	files, err := filepath.Glob("../handlers/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	deed := regexp.MustCompile(`(?:did|logged|noted|moveMatter|addLog)\("([A-Za-z]+)"`)
	found := 0
	for _, name := range files {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range deed.FindAllStringSubmatch(string(source), -1) {
			if found++; (ActName(m[1]) == "") != slices.Contains(unnamed, m[1]) {
				t.Errorf("%s: %s is called “%s”", name, m[1], ActName(m[1]))
			}
		}
	}
	if found < 30 {
		t.Errorf("%d deeds were found", found)
	}
}
