package bot

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/wechat"
)

// Sender is what the platform does for notices.
type Sender interface {
	SendText(ctx context.Context, openID, text string) error
	SendTemplate(ctx context.Context, t wechat.Template) (msgID string, err error)
}

// Template says how a kind of notice becomes a template message: which word of
// the notice fills which key of the template.
type Template struct {
	ID     string
	Fields map[string]string // key of the template → word of the notice, or =text
}

// noticeText is a notice as a plain message.
func noticeText(n models.Notice) string {
	w := n.Words
	switch n.Kind {
	case handlers.NoticeResult:
		return w["quarter"] + "考核结果已公布：您的等次是" + w["grade"] + "，" + w["total"] + "分。\n看每一分的来由：" + say("为什么") + "　看补贴：" + say("我的补贴")
	case handlers.NoticeStep:
		return w["what"] + "，请在" + w["due"] + "前办理。回复" + say("待办") + "查看。"
	case handlers.NoticeDuty:
		return "提醒：" + w["day"] + "您" + w["shift"] + "。到岗后请回复" + say("签到") + "。"
	case handlers.NoticeNoHead:
		return w["village"] + " " + w["day"] + "还没有正职到岗，请安排。回复" + say("待办") + "查看。"
	default:
		return w["text"]
	}
}

// fill makes the data of a template message: each value on one line, at most
// twenty characters, never empty.
func (t Template) fill(words map[string]string) map[string]string {
	data := map[string]string{}
	for _, key := range slices.Sorted(maps.Keys(t.Fields)) {
		value, fixed := strings.CutPrefix(t.Fields[key], "=")
		if !fixed {
			value = words[value]
		}
		value = strings.Join(strings.Fields(value), " ")
		if r := []rune(value); len(r) > 20 {
			value = string(r[:19]) + "…"
		}
		if value == "" {
			value = "—"
		}
		data[key] = value
	}
	return data
}

// Deliver sends waiting notices until ctx ends. It looks whenever wake is
// signalled and, in case a signal was lost, every so often.
func (b *Bot) Deliver(ctx context.Context, wake <-chan struct{}, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if err := b.DeliverDue(ctx); err != nil && ctx.Err() == nil {
			b.Log.ErrorContext(ctx, "bot: deliver", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-wake:
		case <-tick.C:
		}
	}
}

// batch is how many notices are leased at a time: a worker that dies leaves no
// more than these in doubt.
const batch = 20

// DeliverDue sends what is due now.
func (b *Bot) DeliverDue(ctx context.Context) error {
	for ctx.Err() == nil {
		leases, seen, err := b.Desk.LeaseNotices(ctx, batch)
		if err != nil || seen == 0 {
			return err
		}
		for _, l := range leases {
			fate := handlers.Fate{Untried: true} // the platform was slow: back into the queue
			if l.Fresh(b.Now()) {
				fate = b.send(ctx, l)
			}
			if err := b.Desk.SettleNotice(ctx, l, fate); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// send tries one notice by the way that the account has.
func (b *Bot) send(ctx context.Context, l handlers.Lease) handlers.Fate {
	t, has := b.Templates[l.Kind]
	if !has {
		return b.fate(ctx, l, b.Sender.SendText(ctx, l.OpenID, b.shorten(ctx, l.OpenID, noticeText(l.Notice))))
	}
	id, err := b.Sender.SendTemplate(ctx, wechat.Template{
		OpenID: l.OpenID, TemplateID: t.ID, ClientMsgID: l.ID, Data: t.fill(l.Words),
	})
	f := b.fate(ctx, l, err)
	f.PlatformID = id
	return f
}

// fate says what becomes of a notice after a try.
func (b *Bot) fate(ctx context.Context, l handlers.Lease, err error) handlers.Fate {
	if err == nil {
		return handlers.Fate{}
	}
	f := handlers.Fate{Problem: err.Error()}
	refused, told := errors.AsType[*wechat.Error](err)
	switch {
	case errors.Is(err, wechat.ErrInvalid): // nothing was sent, and nothing ever will be
		return f
	case !told && errors.Is(err, wechat.ErrUnsent): // nothing can be doubled, however long the platform is away
		f.Again = backoff(l.Tries)
		return f
	case !told:
		f.Again, f.Unsure = b.repeat(l), true
		return f
	}
	switch refused.Class() {
	case wechat.Retry:
		f.Again = backoff(l.Tries)
	case wechat.RetryLater:
		f.Again = max(refused.Delay(), backoff(l.Tries))
	case wechat.Quota:
		now := b.Now()
		f.Again = calendar.On(now).Add(1).At(0, 0).Sub(now)
	case wechat.Config: // until somebody mends it
		f.Again = min(time.Hour, 10*time.Minute<<min(max(l.Tries, 1)-1, 3))
	case wechat.UnderReview: // it may still go out
		f.Unsure = true
	default:
		b.Log.WarnContext(ctx, "bot: notice given up", "notice", l.ID, "kind", l.Kind, "errcode", refused.Code)
	}
	return f
}

// repeat is how long to wait after no answer: the notice may have arrived. The
// platform drops repeats of a template's id for ten minutes; later ones may be
// doubles, but without answers there is soon no token to send them with. A text
// is doubled by each repeat, so there are two: for a broken connection, and for a
// platform that was down.
func (b *Bot) repeat(l handlers.Lease) time.Duration {
	_, template := b.Templates[l.Kind]
	switch {
	case template || l.Tries <= 1:
		return backoff(l.Tries)
	case l.Tries == 2:
		return 10 * time.Minute
	default:
		return 0
	}
}

// backoff is how long to wait after the n-th try: 2 s, 4 s, 8 s … an hour.
func backoff(n int) time.Duration {
	return min(time.Hour, time.Second<<min(max(n, 1), 12))
}
