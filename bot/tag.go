package bot

import (
	"context"
	"errors"
	"time"

	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/wechat"
)

// Tagger is what the platform does for tags.
type Tagger interface {
	EnsureTag(ctx context.Context, name string) (wechat.Tag, error)
	SetTag(ctx context.Context, tagID int, others []int, openIDs ...string) error
}

// TagNames are the names of our tags in the platform's console.
func TagNames() map[string]string {
	return map[string]string{handlers.TagCadre: "村考-村干部", handlers.TagStaff: "村考-工作人员"}
}

// How often tags are looked after.
const (
	tagEvery = time.Minute
	tagRest  = 10 * time.Minute // after the platform refused
)

// tagging is when tags are looked after next. It belongs to the loop that
// delivers.
type tagging struct{ next time.Time }

// tagIfDue tells the platform the tags that it does not know, if it is time: who
// has just been bound gets his menu within a minute.
func (b *Bot) tagIfDue(ctx context.Context, t *tagging) {
	if b.Tagger == nil || b.Now().Before(t.next) {
		return
	}
	t.next = b.Now().Add(tagEvery)
	if err := b.TagDue(ctx); err != nil && ctx.Err() == nil {
		b.Log.WarnContext(ctx, "bot: tag", "err", err)
		if t.next = b.Now().Add(tagRest); usedUp(err) {
			t.next = midnight(b.Now())
		}
	}
}

// TagDue tells the platform the tags that it does not know yet.
func (b *Bot) TagDue(ctx context.Context) error {
	due, err := b.Desk.TagsDue(ctx)
	if err != nil || len(due) == 0 {
		return err
	}
	ids := map[string]int{}
	var all []int
	for tag, name := range TagNames() {
		t, err := b.Tagger.EnsureTag(ctx, name)
		if err != nil {
			return err
		}
		ids[tag], all = t.ID, append(all, t.ID)
	}
	users := map[string][]string{}
	for _, d := range due {
		users[d.Want] = append(users[d.Want], d.OpenID)
	}
	for want, openIDs := range users {
		if err := b.tagUsers(ctx, want, ids[want], all, openIDs); err != nil {
			return err
		}
	}
	return nil
}

// tagUsers gives users a tag. If the platform refuses all because of one, each is
// tried alone, and who is refused then is left as he is: his menu is that of
// everybody.
func (b *Bot) tagUsers(ctx context.Context, want string, id int, all []int, openIDs []string) error {
	err := b.Tagger.SetTag(ctx, id, all, openIDs...)
	refused, told := errors.AsType[*wechat.Error](err)
	alone := told && (refused.Class() == wechat.Dead || refused.Class() == wechat.Ours)
	switch {
	case err == nil || alone && len(openIDs) == 1:
		return b.Desk.Tagged(ctx, want, openIDs...)
	case !alone:
		return err
	}
	for _, one := range openIDs {
		if err := b.tagUsers(ctx, want, id, all, []string{one}); err != nil {
			return err
		}
	}
	return nil
}
