package bot

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/cunkao/cunkao/cache"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/wechat"
)

// Sender is what the platform does for notices.
type Sender interface {
	SendText(ctx context.Context, openID, text string) error
	SendTemplate(ctx context.Context, t wechat.Template) (msgID string, err error)
	SendSubscription(ctx context.Context, s wechat.Subscription) (msgID string, err error)
}

// Template says how a kind of notice becomes a template message or a
// subscription notice: which word of the notice fills which key.
type Template struct {
	ID     string
	Fields map[string]string // key of the template → word of the notice, or =text
	// Lasting says of a subscription that one yes is for all notices, not for one.
	Lasting bool
}

// fill makes the data of a template message: no value is empty. How long one may
// be is the matter of its field's kind, which the client knows (wechat.Shape).
func (t Template) fill(words map[string]string) map[string]string {
	data := map[string]string{}
	for _, key := range slices.Sorted(maps.Keys(t.Fields)) {
		value, fixed := strings.CutPrefix(t.Fields[key], "=")
		if !fixed {
			value = words[value]
		}
		data[key] = cmp.Or(strings.TrimSpace(value), "—")
	}
	return data
}

// The ways a notice can go, in the order in which they are tried.
const (
	byTemplate     = "template"     // to every follower
	bySubscription = "subscription" // to whoever has agreed
	byText         = "text"         // to whoever has written lately
)

// send tries one notice by the ways that the account has for its kind. A way that
// is shut to the person, or that the account has no longer, leads to the next;
// one that may have brought the notice there is the only one from then on.
func (b *Bot) send(ctx context.Context, l handlers.Lease) handlers.Fate {
	shut := handlers.Fate{Shut: true, Problem: "no way is open", Way: l.Way}
	left := false // the person has left the account
	var rested time.Time
	for _, way := range []string{byTemplate, bySubscription, byText} {
		if l.Way != "" && l.Way != way || left && way == byText {
			continue
		}
		if until, rests := b.pauses.resting(way, b.Now()); rests {
			rested = until
			continue
		}
		id, tried, err := b.sendBy(ctx, way, l)
		if e, refused := errors.AsType[*wechat.Error](err); refused {
			b.restAfter(way, e)
		}
		switch {
		case !tried:
			continue
		case closed(l, err):
			shut.Problem = err.Error()
			b.Log.WarnContext(ctx, "bot: a way is shut", "notice", l.ID, "kind", l.Kind, "way", way, "err", err)
			continue
		case usedUp(err): // of each kind of message so many a day
			b.Log.ErrorContext(ctx, "bot: the day's quota is used up", "way", way, "err", err)
			rested, _ = b.pauses.resting(way, b.Now())
			continue
		case way == byTemplate && unfollowed(err):
			shut, left = b.fate(ctx, l, way, err), true
			shut.PlatformID, shut.Left = id, true
			continue
		}
		f := b.fate(ctx, l, way, err)
		f.PlatformID, f.Left = id, unfollowed(err)
		return f
	}
	switch {
	case shut.Shut && !rested.IsZero():
		return handlers.Fate{Problem: "the account's way rests", Way: l.Way, Again: rested.Sub(b.Now())}
	case shut.Shut:
		b.Cache.Park(ctx, l.OpenID)
	}
	return shut
}

// usedUp reports that no more goes by a way until midnight.
func usedUp(err error) bool {
	e, ok := errors.AsType[*wechat.Error](err)
	return ok && e.Class() == wechat.Quota
}

// unfollowed reports that somebody has left the account, or was never known to it:
// a notice to which he has agreed reaches him all the same.
func unfollowed(err error) bool {
	e, ok := errors.AsType[*wechat.Error](err)
	return ok && (e.Code == 43004 || e.Code == 50005 || e.Code == 40003)
}

// closed reports a refusal that says nothing of other ways: the person is not to
// be had by this one, or the account has it no longer. A template is unknown at
// times for minutes (40037) and then known again. What does not fit a template may
// fit another.
func closed(l handlers.Lease, err error) bool {
	e, ok := errors.AsType[*wechat.Error](err)
	return errors.Is(err, wechat.ErrInvalid) || ok && (e.Class() == wechat.Window || e.Code == 48001 || e.Code == 40037 && l.Tries > 1)
}

// sendBy tries a notice by one way, if there is one.
func (b *Bot) sendBy(ctx context.Context, way string, l handlers.Lease) (id string, tried bool, err error) {
	switch way {
	case byTemplate:
		t, has := b.Templates[l.Kind]
		if !has {
			return "", false, nil
		}
		id, err = b.Sender.SendTemplate(ctx, wechat.Template{
			OpenID: l.OpenID, TemplateID: t.ID, ClientMsgID: l.ID, Data: t.fill(b.wordsOf(l)),
		})
		return id, true, err
	case bySubscription:
		return b.sendSubscription(ctx, l)
	default:
		return "", true, b.sendText(ctx, l)
	}
}

// wordsOf are the words of a notice; a form is named as people call it.
func (b *Bot) wordsOf(l handlers.Lease) map[string]string {
	words := maps.Clone(l.Words)
	if form := words["form"]; form != "" {
		words["title"] = b.FormTitle(form)
	}
	return words
}

// sendText sends a customer message, unless it is known that the platform would
// not take it.
func (b *Bot) sendText(ctx context.Context, l handlers.Lease) error {
	if b.Cache.WayTo(ctx, l.OpenID, b.Now()) == cache.WayShut {
		return &wechat.Error{Code: 45015, Message: "not asked for: the window is over", API: "message/custom/send"}
	}
	err := b.Sender.SendText(ctx, l.OpenID, b.shorten(ctx, l.OpenID, b.noticeText(l.Notice)))
	switch e, refused := errors.AsType[*wechat.Error](err); {
	case refused && (e.Code == 45015 || e.Code == 45047):
		b.Cache.ShutWay(ctx, l.OpenID)
	case !refused && !errors.Is(err, wechat.ErrUnsent):
		b.Cache.Spent(ctx, l.OpenID, b.Now())
	}
	return err
}

// sendSubscription sends a notice to somebody who has agreed to it.
func (b *Bot) sendSubscription(ctx context.Context, l handlers.Lease) (id string, tried bool, err error) {
	t, has := b.Subscriptions[l.Kind]
	if !has {
		return "", false, nil
	}
	left, err := b.Desk.Subscribed(ctx, l.OpenID, t.ID)
	if err != nil || left == 0 {
		return "", err != nil, err
	}
	id, err = b.Sender.SendSubscription(ctx, wechat.Subscription{OpenID: l.OpenID, TemplateID: t.ID, Data: t.fill(b.wordsOf(l))})
	used := 1
	switch e, refused := errors.AsType[*wechat.Error](err); {
	case refused && e.Code == 43101:
		used = left
	case refused || errors.Is(err, wechat.ErrUnsent) || t.Lasting:
		return id, true, err
	}
	if spent := b.Desk.SpendSubscription(ctx, l.OpenID, t.ID, used); spent != nil {
		b.Log.ErrorContext(ctx, "bot: spend a subscription", "notice", l.ID, "err", spent)
	}
	return id, true, err
}

// fate says what becomes of a notice after a try by a way that was not shut.
func (b *Bot) fate(ctx context.Context, l handlers.Lease, way string, err error) handlers.Fate {
	if err == nil {
		return handlers.Fate{Way: way}
	}
	f := handlers.Fate{Problem: err.Error(), Way: l.Way} // an earlier try may have brought it there
	refused, told := errors.AsType[*wechat.Error](err)
	switch {
	case !told && errors.Is(err, wechat.ErrUnsent): // nothing can be doubled, however long the platform is away
		f.Again = backoff(l.Tries)
		return f
	case !told:
		f.Again, f.Unsure, f.Way = repeat(l, way), true, way
		return f
	}
	switch refused.Class() {
	case wechat.Retry:
		f.Again = backoff(l.Tries)
	case wechat.RetryLater:
		f.Again = max(refused.Delay(), backoff(l.Tries))
	case wechat.Config: // until somebody mends it
		b.Log.ErrorContext(ctx, "bot: the account is set up wrong", "errcode", refused.Code, "message", refused.Message)
		f.Again = min(time.Hour, 10*time.Minute<<min(max(l.Tries, 1)-1, 3))
	case wechat.UnderReview: // it may still go out
		f.Unsure, f.Way = true, way
	default:
		b.Log.WarnContext(ctx, "bot: notice given up", "notice", l.ID, "kind", l.Kind, "way", way, "err", err)
	}
	return f
}

// repeat is how long to wait after no answer: the notice may have arrived. The
// platform drops repeats of a template's id for ten minutes; later ones may be
// doubles, but without answers there is soon no token to send them with. What has
// no id is doubled by each repeat, so there are two: for a broken connection, and
// for a platform that was down.
func repeat(l handlers.Lease, way string) time.Duration {
	switch {
	case way == byTemplate || l.Tries <= 1:
		return backoff(l.Tries)
	case l.Tries == 2:
		return 10 * time.Minute
	default:
		return 0
	}
}
