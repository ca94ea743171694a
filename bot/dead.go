package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"

	"github.com/cunkao/cunkao/wechat"
)

// familiar reports whether a kind of message or event is one that the platform
// is known to send. New ones appear without notice: they are acknowledged and
// kept, and somebody looks at them.
func familiar(m wechat.Message) bool {
	switch m.Type {
	case wechat.TypeText, wechat.TypeImage, wechat.TypeVoice, wechat.TypeVideo, wechat.TypeShortVideo, wechat.TypeLocation, wechat.TypeLink:
		return true
	case wechat.TypeEvent:
	default:
		return false
	}
	switch m.Event {
	case wechat.EventSubscribe, wechat.EventUnsubscribe, wechat.EventScan, wechat.EventLocation, wechat.EventClick, wechat.EventView,
		wechat.EventViewMiniProgram, wechat.EventScanPush, wechat.EventScanWait, wechat.EventPhoto, wechat.EventPhotoOrAlbum,
		wechat.EventAlbum, wechat.EventLocationSelect, wechat.EventTemplateSendJob, wechat.EventSubscriptionPopup,
		wechat.EventSubscriptionChange, wechat.EventSubscriptionSent, wechat.EventUserModified, wechat.EventUserRevoked,
		wechat.EventUserCancelled, wechat.EventQualified, wechat.EventUnqualified, wechat.EventNamed, wechat.EventUnnamed,
		wechat.EventAnnualRenew, wechat.EventVerifyExpired, wechat.EventMassSendJob:
		return true
	}
	return false
}

// bury keeps a message that cannot be carried out, and acknowledges it then.
func (b *Bot) bury(w http.ResponseWriter, r *http.Request, m wechat.Message, why string) {
	key, kind := m.Key(b.AppID), m.Type+" "+m.Event
	if m.FromUser == "" { // it could not be read so far
		sum := sha256.Sum256([]byte(m.XML))
		key = b.AppID + ":#" + hex.EncodeToString(sum[:])
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), hearFor)
	defer cancel()
	b.meter.Buried.Add(1)
	if err := b.Desk.Bury(ctx, key, kind, why, m.XML); err != nil {
		b.Log.ErrorContext(ctx, "bot: bury a message", "err", err)
		b.hangUp()
	}
	_, _ = io.WriteString(w, success)
}
