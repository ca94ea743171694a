package bot

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/wechat"
)

// hearFor is how long taking in an event may last: the platform waits for five
// seconds.
const hearFor = 4 * time.Second

// hearing takes in an event to which nobody reads an answer.
type hearing func(ctx context.Context, m wechat.Message) error

// hearing is what an event is taken in by; nil for what is answered, and for what
// is only acknowledged.
func (b *Bot) hearing(m wechat.Message) hearing {
	if m.Type != wechat.TypeEvent {
		return nil
	}
	switch m.Event {
	case wechat.EventTemplateSendJob, wechat.EventSubscriptionSent:
		return b.hearReports
	case wechat.EventSubscriptionPopup, wechat.EventSubscriptionChange:
		return b.hearChoices
	case wechat.EventUnsubscribe, wechat.EventUserRevoked, wechat.EventUserCancelled:
		return b.hearFarewell
	case wechat.EventUnqualified, wechat.EventUnnamed, wechat.EventAnnualRenew, wechat.EventVerifyExpired:
		return b.hearAlert
	default:
		return nil
	}
}

// hear takes in an event and says success. If that fails it says nothing, and the
// platform sends the event again.
func (b *Bot) hear(w http.ResponseWriter, r *http.Request, m wechat.Message, take hearing) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), hearFor)
	defer cancel()
	if err := take(ctx, m); err != nil {
		b.meter.Faults.Add(1)
		b.Log.ErrorContext(ctx, "bot: take in an event", "event", m.Event, "err", err)
		b.hangUp()
	}
	b.meter.Answered.Add(1)
	_, _ = io.WriteString(w, success)
}

// hearReports takes in what became of messages that were sent.
func (b *Bot) hearReports(ctx context.Context, m wechat.Message) error {
	if m.Event == wechat.EventTemplateSendJob {
		return b.Desk.Report(ctx, m.MsgID, strings.ToLower(strings.TrimSpace(m.Status)))
	}
	var failed error
	for _, r := range m.SubscriptionResults() {
		outcome := handlers.ReportSuccess
		if r.Err() != nil {
			outcome = "failed: " + r.Code + " " + r.Status
		}
		failed = errors.Join(failed, b.hearSubscription(ctx, m.FromUser, r.TemplateID, outcome))
	}
	return failed
}

// hearSubscription takes in what became of a subscription notice: when it was
// sent, the platform gave no id.
func (b *Bot) hearSubscription(ctx context.Context, openID, templateID, outcome string) error {
	for kind, t := range b.Subscriptions {
		if t.ID != templateID {
			continue
		}
		if err := b.Desk.ReportOf(ctx, openID, kind, bySubscription, outcome); err != nil {
			return err
		}
	}
	return nil
}

// hearChoices takes in to which subscription notices somebody has agreed.
func (b *Bot) hearChoices(ctx context.Context, m wechat.Message) error {
	var choices []handlers.Choice
	for _, c := range m.SubscriptionChoices() {
		for _, t := range b.Subscriptions {
			if t.ID == c.TemplateID {
				choices = append(choices, handlers.Choice{TemplateID: c.TemplateID, Accepted: c.Accepted, Lasting: t.Lasting})
				break
			}
		}
	}
	if len(choices) == 0 {
		return nil
	}
	// Two choices of one second differ only by what was chosen.
	in := Input{Key: m.Key(b.AppID) + m.Digest()[:16], Who: m.FromUser, Sent: m.Sent(), Digest: m.Digest()}
	return b.take(ctx, in, func(d *handlers.Desk) error {
		return d.Choose(choices, m.Event == wechat.EventSubscriptionChange)
	})
}

// hearFarewell takes in that somebody has left the account, or has told the
// platform that his data are to go.
func (b *Bot) hearFarewell(ctx context.Context, m wechat.Message) error {
	return b.partWith(ctx, Input{Key: m.Key(b.AppID), Who: cmp.Or(m.OpenID, m.FromUser), Sent: m.Sent(), Digest: m.Digest()})
}

// hearNoMore takes in that somebody had left the account when a notice was sent to
// him: the event of it was lost.
func (b *Bot) hearNoMore(ctx context.Context, l handlers.Lease, at time.Time) error {
	return b.partWith(ctx, Input{Key: "left:" + l.ID + ":" + strconv.FormatInt(at.UnixMilli(), 10), Who: l.OpenID, Sent: at})
}

// partWith takes in a farewell. What its person only asked for is forgotten with his drafts.
func (b *Bot) partWith(ctx context.Context, in Input) error {
	person := ""
	err := b.take(ctx, in, func(d *handlers.Desk) error {
		person = d.Who.ID
		return d.Unfollow()
	})
	if err == nil && person != "" {
		b.Cache.ForgetAsked(ctx, person)
	}
	return err
}

// take carries out what an event asks for, once.
func (b *Bot) take(ctx context.Context, in Input, fn func(*handlers.Desk) error) error {
	_, err := b.Desk.Do(ctx, in.command(), func(d *handlers.Desk) (string, error) { return "", fn(d) })
	if refused, ok := errors.AsType[*handlers.Refusal](err); ok {
		b.Log.WarnContext(ctx, "bot: an event was refused", "message", in.name(), "why", refused.Text)
		return nil
	}
	return err
}

// hearAlert tells whoever runs the program that the account is about to lose what
// it may do, or has.
func (b *Bot) hearAlert(ctx context.Context, m wechat.Message) error {
	b.meter.Alerts.Add(1)
	b.Log.ErrorContext(ctx, "bot: the platform warns of the account", "event", m.Event, "until", m.Expired, "why", m.FailReason)
	return nil
}

// nowhere is the kind of a location message without a place.
const nowhere = "nowhere"

// unread is what is said to a message that is no text. Nothing of it is kept.
func unread(kind string) string {
	switch kind {
	case wechat.TypeImage:
		return "照片收到了，但现在没有要照片的事，没有保存。"
	case wechat.TypeVoice:
		return "语音听不了，请打字，或者点下面的字。"
	case wechat.TypeLocation:
		return "位置收到了，但本县不用位置签到，没有保存。到岗了请回复“签到”。"
	case nowhere:
		return "没有看到位置，请重新选一下再发。到岗了请回复“签到”。"
	default:
		return "这种消息看不了，没有保存。请打字，或者点下面的字。"
	}
}
