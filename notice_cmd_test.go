package main

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
)

// TestCommandsShowTheQueueAndTheDead keeps watch over what was not sent and what
// was not understood, without reading either.
func TestCommandsShowTheQueueAndTheDead(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	d := newTestDemo(t, models.Source{File: filepath.Join(data, "cunkao.db"), Unsynced: true})
	s := newShell(t, d, data)
	org, clerk := d.holder(t, "org", 0), d.holder(t, "town_staff", 0)
	lost := &models.Notice{Kind: handlers.NoticeStep, Words: map[string]string{"text": "机密内容"}}
	err := d.db.Write(t.Context(), func(tx *models.Tx) error {
		id, err := d.desk.PersonNamed(context.WithoutCancel(t.Context()), "李江")
		if err != nil {
			return err
		}
		lost.PersonID = id
		return tx.AddNotice(lost)
	})
	if err != nil {
		t.Fatal(err)
	}
	leases, _, err := d.desk.LeaseNotices(t.Context(), 1)
	if err != nil || len(leases) != 1 {
		t.Fatal(leases, err)
	}
	if err := d.desk.SettleNotice(t.Context(), leases[0], handlers.Fate{Problem: "43004 not a follower"}); err != nil {
		t.Fatal(err)
	}
	if err := d.desk.Bury(t.Context(), "k:o-1:1:1", "event new_kind", "unknown kind", "<xml>悄悄话</xml>"); err != nil {
		t.Fatal(err)
	}

	_, out, _ := s.run("notices", "--as", org.Name, "--state", "dead", "--of", "李江")
	if !strings.Contains(out, "李江") || !strings.Contains(out, "发不出去") || !strings.Contains(out, "43004") || strings.Contains(out, "机密") {
		t.Errorf("the queue is shown as\n%s", out)
	}
	s.refuse("没有办理这件事的权限", "notices", "--as", clerk.Name)
	const once = "00000000-0000-4000-8000-0000000000"
	s.refuse("没有编号", "notices", "retry", "--as", org.Name, "--key", once+"01", "--reason", "试", "nobody")
	s.expect("已放回队列", "notices", "retry", "--as", org.Name, "--key", once+"02", "--reason", "重新关注了", lost.ID)
	s.expect("待发", "notices", "list", "--as", org.Name, "--of", "李江")

	_, out, _ = s.run("notices", "dead", "--as", org.Name)
	if !strings.Contains(out, "new_kind") || strings.Contains(out, "悄悄话") {
		t.Errorf("the dead are shown as\n%s", out)
	}
	s.refuse("要写明理由", "notices", "dead", "--as", org.Name, "--key", "k:o-1:1:1", "--once", once+"03")
	s.expect("悄悄话", "notices", "dead", "--as", org.Name, "--key", "k:o-1:1:1", "--once", once+"04", "--reason", "查新事件")
	s.refuse("没有办理这件事的权限", "notices", "dead", "--as", clerk.Name, "--key", "k:o-1:1:1", "--once", once+"05", "--reason", "看看")

	s.expect("已解绑", "unbind", "--as", clerk.Name, "--key", once+"06", "--reason", "丢了手机", "李江")
	s.refuse("没有绑定微信", "unbind", "--as", clerk.Name, "--key", once+"07", "--reason", "丢了手机", "李江")
	s.expect("绑定码", "code", "--as", clerk.Name, "--key", once+"08", "李江")
}
