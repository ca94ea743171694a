package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestMenuShowNeedsNothing looks at the menus where nothing is set.
func TestMenuShowNeedsNothing(t *testing.T) {
	t.Parallel()
	s := &shell{t, map[string]string{}}
	code, out, errs := s.run("menu", "show")
	want := `所有人的菜单（没有下面两种标签的人看到的）：
  谁在值班
  公示
  服务：绑定、我的记录、帮助、人工

标签“村考-村干部”的菜单：
  签到
  办事：请假、销假、记日志、无事、待办
  我的：我的得分、我的排班、我的补贴、我的记录、帮助

标签“村考-工作人员”的菜单：
  待办
  办理：绑定码、解绑、我的记录
  服务：谁在值班、公示、帮助、人工

点哪一项，就等于发那几个字。这里只是看，没有发布；发布用 cunkao menu publish。
`
	if diff := cmp.Diff(want, out); code != 0 || errs != "" || diff != "" {
		t.Errorf("%d %q (-want +got)\n%s", code, errs, diff)
	}
}
