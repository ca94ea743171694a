package bot

import "testing"

// Who objects is told where to go; who asks whether he has checked in, whether he has.
func TestObjectionsAndCheckedIn(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	for _, text := range []string{"申诉", "我不服", "我不服！", "我有异议"} {
		v.wants(t, "孙委员", text, "这里还不能提交", "公布后10天内找镇党委", "15天内再找县委组织部", "为什么", "!没有听懂")
	}
	v.wants(t, "陌生人", "申诉", "公布后10天内找镇党委", "!我的得分")
	v.wants(t, "孙委员", "签到了吗？", "今天没有排您的班，也还没有签到", "我的排班", "!没有听懂")
	v.say(t, "孙委员", "签到")
	v.wants(t, "孙委员", "我签到了吗", "今天没有排您的班，您签过到：10月8日 15:00 签到 回执")
}
