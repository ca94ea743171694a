package bot

import (
	"cmp"
	"context"
	"time"

	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
)

// noticeText is a notice as a plain message.
func (b *Bot) noticeText(n models.Notice) string {
	w := n.Words
	switch n.Kind {
	case handlers.NoticeResult:
		recheck := ""
		if w["recheck"] != "" {
			recheck = "您的自评和核定差得较多，已经复核：" + w["recheck"] + "\n"
		}
		return w["quarter"] + "考核结果已公布：您的等次是" + w["grade"] + "，" + w["total"] + "分。\n" + recheck + "看每一分的来由：" + say("为什么") + "　看补贴：" + say("我的补贴")
	case handlers.NoticeStep:
		return w["what"] + "，请在" + w["due"] + "前办理。回复" + say("待办") + "查看。"
	case handlers.NoticeDuty:
		return "提醒：" + w["day"] + "您" + w["shift"] + "。到岗后请回复" + say("签到") + "。"
	case handlers.NoticeNoHead:
		return w["village"] + " " + w["day"] + "还没有正职到岗，请安排。回复" + say("待办") + "查看。"
	default:
		return b.taskText(n)
	}
}

// taskText is a notice of what somebody is to do or has begun.
func (b *Bot) taskText(n models.Notice) string {
	w := n.Words
	switch n.Kind {
	case handlers.NoticeMatter:
		return w["from"] + "把" + w["no"] + "号事项转给您接着办：" + w["what"] + "。\n办好后回复“办结" + w["no"] + " 结果”，看全部发" + say("未办事项") + "。"
	case handlers.NoticeMatterGone: // one that waits since before an upgrade does not say why
		return w["no"] + "号事项（" + w["what"] + "）已由" + w["from"] + cmp.Or(w["said"], "转给别人接着办") + "，您不用再办了。"
	case handlers.NoticeLog:
		return w["day"] + "您在岗的日志还没有记，今天24:00前要记。回复" + say("记日志") + "，没有事就回复" + say("无事") + "。"
	case handlers.NoticeSelfEval:
		return w["quarter"] + "的述职自评还没有交，" + w["due"] + "24:00截止。回复" + say("自评") + "，一项一项来，几分钟就好。不交不扣分。"
	case handlers.NoticePhoto:
		return "您" + w["what"] + "的照片没有取到，请再发一次照片，发来就补上。"
	case handlers.NoticeDraft:
		return b.FormTitle(w["form"]) + "还没办完，已填的都留着，" + w["until"] + "作废。接着办请回复" + say("继续") + "，不办了回复" + say("取消") + "。"
	case handlers.NoticeDraftEnded:
		return b.FormTitle(w["form"]) + "放得太久没有办完，已在" + w["until"] + "作废，什么也没有记下。要办请重新发一遍。"
	case handlers.NoticeAttest:
		return w["who"] + w["what"] + "。作证的人记名，要对此负责。\n" + say("同意作证"+w["no"]) + "　" + say("不作证"+w["no"])
	case handlers.NoticeAttestSaid:
		return w["who"] + "答复" + w["no"] + "号作证（" + w["what"] + "）：" + w["said"] + "。"
	default:
		return leaveText(n)
	}
}

// leaveText is a notice of a leave, or one that is its text.
func leaveText(n models.Notice) string {
	w := n.Words
	switch n.Kind {
	case handlers.NoticeLeaveAsk:
		warning := w["warning"]
		if warning != "" {
			warning = "注意：" + warning + "。\n"
		}
		return w["who"] + "申请" + w["what"] + "。\n" + warning + say("同意"+w["no"]) + "　" + say("不同意"+w["no"]) + "　" + say("看假条"+w["no"])
	case handlers.NoticeLeaveSaid:
		return w["no"] + "号假条（" + w["what"] + "）" + w["said"] + "。"
	case handlers.NoticeLeaveDeputy:
		return w["who"] + w["span"] + "请假，请您代理。\n" + say("同意代理"+w["no"]) + "　" + say("不代理"+w["no"])
	case handlers.NoticeLeaveBack:
		return "您的假" + w["when"] + "，回村了吗？回来了请回复" + say("销假") + "，回不来请回复" + say("续假") + "。"
	case handlers.NoticeLeaveOver:
		return w["who"] + "的假" + w["day"] + "到期，已过" + w["days"] + "天没有销假，请联系本人。" + say("看假条"+w["no"])
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
	trouble := NewTrouble(b.Log, "bot: deliver")
	for {
		b.tagIfDue(ctx, &tags)
		err := b.DeliverDue(ctx)
		trouble.Heed(ctx, b.Now(), err)
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
			fate, at := handlers.Fate{Untried: true}, b.Now() // the platform was slow: back into the queue
			if l.Fresh(at) {
				fate = b.send(ctx, l)
			}
			if err := b.Desk.SettleNotice(ctx, l, fate); err != nil {
				return err
			}
			if !fate.Left {
				continue
			}
			if err := b.hearNoMore(ctx, l, at); err != nil {
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
