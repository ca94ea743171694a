package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/wechat"
)

// tagger is a platform that remembers tags and refuses some users.
type tagger struct {
	ways
	names  []string
	tags   map[string][]int
	away   error
	nobody string
}

func (p *tagger) EnsureTag(_ context.Context, name string) (wechat.Tag, error) {
	if !slices.Contains(p.names, name) {
		p.names = append(p.names, name)
	}
	return wechat.Tag{ID: 100 + slices.Index(p.names, name), Name: name}, p.away
}

func (p *tagger) SetTag(_ context.Context, id int, others []int, openIDs ...string) error {
	if slices.Contains(openIDs, p.nobody) {
		return &wechat.Error{Code: 40003, Message: "invalid openid", API: "tags/members/batchtagging"}
	}
	for _, o := range openIDs {
		p.tags[o] = slices.DeleteFunc(p.tags[o], func(t int) bool { return slices.Contains(others, t) })
		if id != 0 {
			p.tags[o] = append(p.tags[o], id)
		}
	}
	return nil
}

func TestTagsAreToldOnceAndNobodyIsHeldUpByAnother(t *testing.T) {
	t.Parallel()
	p := &tagger{tags: map[string][]int{}, nobody: "o-2", away: errors.New("no connection")}
	b := wayBot(t, p, "")
	b.Tagger = p
	ctx := t.Context()
	cmd := handlers.Command{Key: "admit", Who: handlers.Who{Job: "test"}, Channel: handlers.ByJob}
	_, err := b.Desk.Do(ctx, cmd, func(d *handlers.Desk) (string, error) {
		entries := make([]handlers.PersonEntry, 3)
		for i := range entries {
			entries[i] = handlers.PersonEntry{Name: fmt.Sprint("人", i), Phone: fmt.Sprintf("1990000000%d", i), Town: "东镇", Roles: []handlers.RoleName{handlers.TownStaff}}
		}
		entries[2].Roles = []handlers.RoleName{handlers.Org}
		for i := range entries {
			entries[i].From.Year, entries[i].From.Month, entries[i].From.Day = 2024, 1, 1
		}
		done, err := d.Admit(handlers.Register{Towns: []handlers.TownEntry{{Name: "东镇"}}, People: entries})
		if err != nil {
			return "", err
		}
		return strings.Join(done.IDs, " "), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range []string{"人0", "人1", "人2"} {
		bindNamed(t, b, name, fmt.Sprint("o-", i+1))
	}
	if err := b.TagDue(ctx); err == nil {
		t.Error("the platform is away, and nobody says so")
	}
	p.away = nil
	for range 2 {
		if err := b.TagDue(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if len(p.names) != 2 || len(p.tags["o-1"]) != 1 || len(p.tags["o-2"]) != 0 || !slices.Equal(p.tags["o-3"], p.tags["o-1"]) {
		t.Errorf("names %q, tags %v", p.names, p.tags)
	}
	if due, err := b.Desk.TagsDue(ctx); err != nil || len(due) != 0 {
		t.Errorf("still due: %v, %v", due, err)
	}
}

// bindNamed binds somebody to a WeChat user by a scanned code.
func bindNamed(t *testing.T, b *Bot, name, openID string) {
	t.Helper()
	ctx := t.Context()
	id, err := b.Desk.PersonNamed(ctx, name)
	if err != nil {
		t.Fatal(err)
	}
	var codes handlers.Codes
	_, err = b.Desk.Do(ctx, handlers.Command{Key: "code:" + name, Who: handlers.Who{Job: "test"}}, func(d *handlers.Desk) (_ string, err error) {
		codes, err = d.IssueCode(id)
		return "", err
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = b.Desk.Do(ctx, handlers.Command{Key: "bind:" + name, Who: handlers.Who{OpenID: openID}}, func(d *handlers.Desk) (string, error) {
		_, err := d.Bind(handlers.Proof{Scene: codes.Scene})
		return "", err
	})
	if err != nil {
		t.Fatal(err)
	}
}
