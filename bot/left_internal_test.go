package bot

import (
	"strings"
	"testing"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
)

// TestWhoHasLeftHisPost: what was open is no dead end, and what was his is still to be seen.
func TestWhoHasLeftHisPost(t *testing.T) {
	t.Parallel()
	for _, open := range []string{"请假", "请假 明天 事假 有事", "记日志 危房没办完", "自评", "续假"} {
		t.Run(open, func(t *testing.T) {
			t.Parallel()
			v := newVillage(t)
			v.say(t, "孙委员", open)
			job := handlers.Command{Key: "job:left", Who: handlers.Who{Job: "test"}, Channel: handlers.ByJob}
			_, err := v.Desk.Do(t.Context(), job, func(d *handlers.Desk) (string, error) {
				_, err := d.Admit(handlers.Register{
					Towns: []handlers.TownEntry{{Name: "东镇", Villages: []string{"甲村"}}},
					People: []handlers.PersonEntry{{
						Name: "孙委员", Phone: "199****1002", Town: "东镇", Village: "甲村",
						Posts: []models.PostTitle{models.CommitteeMember}, To: calendar.On(villageNow()).Add(-1),
					}},
				})
				return "", err
			})
			if err != nil {
				t.Fatal(err)
			}
			for _, said := range []string{"确认", "退出", "继续", "取消", "上一步", "事假", "5", "待办"} {
				if got := v.say(t, "孙委员", said); strings.Contains(got, "权限") || strings.Contains(got, "还没办完") {
					t.Errorf("%s: %s", said, got)
				}
			}
			v.wants(t, "孙委员", "签到", "是在任的村干部用的", "我的得分")
			v.wants(t, "孙委员", "请假 明天 事假 有事", "是在任的村干部用的")
			v.wants(t, "孙委员", "我的得分", "还没有开始考核")
			v.wants(t, "孙委员", "为什么", "还没有开始考核")
			v.wants(t, "孙委员", "菜单", "我的得分", "我的补贴")
		})
	}
}
