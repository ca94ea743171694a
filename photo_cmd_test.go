package main

import (
	"bytes"
	"image/jpeg"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/sim"
)

// TestCommandsShowPhotos: what somebody sent is listed and written to a file by right, for a
// reason, each time under a key of its own.
func TestCommandsShowPhotos(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	d := newTestDemo(t, models.Source{File: filepath.Join(data, "cunkao.db"), Unsynced: true})
	s := newShell(t, d, data)
	st := &stage{demo: d}
	if _, err := st.speak(t.Context(), "周海燕", "无事"); err != nil {
		t.Fatal(err)
	}
	if said, err := sendPicture(t.Context(), st, []string{"周海燕"}); err != nil || !strings.Contains(said, "照片收到了 ✓") {
		t.Fatal(said, err)
	}
	if err := d.sim.Script("media/get", sim.Fail{Status: 502, Times: 1}); err != nil {
		t.Fatal(err)
	}
	if err := d.bot.FetchDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.expect("待取", "photo", "list", "--as", "赵建", "--of", "周海燕")
	if err := d.clock.Walk(t.Context(), demoStart.Add(10e9), silentSteps()); err != nil {
		t.Fatal(err)
	}
	if err := d.bot.FetchDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, out, _ := s.run("photo", "list", "--as", "赵建", "--of", "周海燕")
	id := regexp.MustCompile(`(?m)^([0-9a-z]{26}) .*的日志 +已存`).FindStringSubmatch(out)
	if id == nil {
		t.Fatalf("the photos are listed as\n%s", out)
	}
	const once = "00000000-0000-4000-8000-0000000002"
	file := filepath.Join(t.TempDir(), "a.jpg")
	show := func(as, key, to string) []string {
		return []string{"photo", "show", "--as", as, "--key", once + key, "--reason", "核对日志", "--to", to, id[1]}
	}
	s.refuse("没有办理这件事的权限", show("李江", "01", file)...)
	s.expect("已记入日志", show("赵建", "02", file)...)
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if cfg, err := jpeg.DecodeConfig(bytes.NewReader(b)); err != nil || cfg.Width != 640 {
		t.Errorf("the file holds %v, %v", cfg, err)
	}
	s.refuse("请换一个新的", show("赵建", "02", file+"2")...)
	if _, _, errs := s.run(show("赵建", "03", file)...); !strings.Contains(errs, "exists") {
		t.Errorf("over a file that is there: %s", errs)
	}

	fences := filepath.Join(data, "fences.csv")
	if err := os.WriteFile(fences, []byte("村,纬度,经度,半径,坐标系\n石桥村,30.204512,119.918201,500,gcj02\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.expect("已导入1个值班地点", "import", "fences", "--as", "金涛", "--key", once+"04", fences)
	s.refuse("没有办理这件事的权限", "import", "fences", "--as", "赵建", "--key", once+"05", fences)
}
