package bot

import (
	"context"
	"time"

	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
)

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

// Deliver sends waiting notices until ctx ends. It looks whenever wake is
// signalled and, in case a signal was lost, every so often.
func (b *Bot) Deliver(ctx context.Context, wake <-chan struct{}, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	var tags tagging
	for {
		b.tagIfDue(ctx, &tags)
		if err := b.DeliverDue(ctx); err != nil && ctx.Err() == nil {
			b.Log.ErrorContext(ctx, "bot: deliver", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case who := <-b.Cache.Writers():
			b.wakeFor(ctx, who)
		case <-wake:
		case <-tick.C:
		}
	}
}

// wakeFor makes due what waits for somebody who has just written.
func (b *Bot) wakeFor(ctx context.Context, openID string) {
	if err := b.Desk.WakeNoticesOf(ctx, openID); err != nil && ctx.Err() == nil {
		b.Log.ErrorContext(ctx, "bot: wake notices", "err", err)
	}
}

// wakeWriters makes due what waits for those who have just written.
func (b *Bot) wakeWriters(ctx context.Context) {
	for ctx.Err() == nil {
		select {
		case who := <-b.Cache.Writers():
			b.wakeFor(ctx, who)
		default:
			return
		}
	}
}

// batch is how many notices are leased at a time: a worker that dies leaves no
// more than these in doubt.
const batch = 20

// DeliverDue sends what is due now.
func (b *Bot) DeliverDue(ctx context.Context) error {
	for ctx.Err() == nil {
		b.wakeWriters(ctx) // a long queue may take hours
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

// backoff is how long to wait after the n-th try: 2 s, 4 s, 8 s … an hour.
func backoff(n int) time.Duration {
	return min(time.Hour, time.Second<<min(max(n, 1), 12))
}
