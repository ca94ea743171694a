package main

import (
	"log/slog"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/testkit"
)

// TestCommandsShowATalkAndKin: support sees where somebody is stuck, and what he was told
// only for a reason and by right; relatives are declared, seen and taken back.
func TestCommandsShowATalkAndKin(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	redis := testkit.Redis(t)
	d := demoBeside(t, demoOptions{
		database: models.Source{File: filepath.Join(data, "cunkao.db"), Unsynced: true}, redis: redis,
		log: slog.New(slog.NewTextHandler(testLog{t, nil}, &slog.HandlerOptions{Level: slog.LevelError})),
	})
	s := newShell(t, d, data)
	s.env["CUNKAO_REDIS"] = redis
	org, clerk := d.holder(t, "org", 0), d.holder(t, "town_staff", 0)
	st := &stage{demo: d}
	for _, text := range []string{"老天爷真热", "我的排班", "请事假 10月12日 去县里办事", "改日期", "随便"} {
		if _, err := st.speak(t.Context(), "周海燕", text); err != nil {
			t.Fatal(err)
		}
	}
	const once = "00000000-0000-4000-8000-0000000001"
	_, out, _ := s.run("talk", "show", "--as", org.Name, "--key", once+"01", "周海燕")
	if !strings.Contains(out, "没办完：请假，在问“时间”，1次没有听懂") || !strings.Contains(out, "记在草稿里") || strings.Contains(out, "办事") {
		t.Errorf("the talk is shown as\n%s", out)
	}
	if !regexp.MustCompile(`—\s+没有听懂`).MatchString(out) || !regexp.MustCompile(`问：我的排班\s+答了`).MatchString(out) || strings.Contains(out, "老天爷") {
		t.Errorf("what stored nothing is shown as\n%s", out)
	}
	s.expect("本人说：老天爷真热", "talk", "show", "--as", org.Name, "--key", once+"07", "--reason", "本人来问", "周海燕")
	s.expect("去县里办事", "talk", "show", "--as", org.Name, "--key", once+"02", "--reason", "本人来问", "周海燕")
	s.refuse("没有办理这件事的权限", "talk", "show", "--as", clerk.Name, "--key", once+"03", "周海燕")

	s.expect("互相回避", "kin", "add", "--as", org.Name, "--key", once+"04", "周海燕", "赵建", "夫妻")
	s.expect("赵建 夫妻", "kin", "list", "--as", org.Name, "周海燕")
	s.expect("已删去", "kin", "remove", "--as", org.Name, "--key", once+"05", "周海燕", "赵建")
	s.expect("没有登记亲属", "kin", "list", "--as", org.Name, "周海燕")
}
