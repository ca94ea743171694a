package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/cunkao/cunkao/cache"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/wechat"
)

// The times of a callback. The platform cuts the line after five seconds and
// then sends the message again, three times in all.
const (
	waitFor  = 4 * time.Second
	keepFor  = 600 * time.Millisecond // then it must be stored
	waitOnce = 300 * time.Millisecond // more, once the answer is certain to come
	workFor  = 10 * time.Second
	queueFor = 2 * time.Minute         // the same for a message that nobody waits for: less than handlers.IntakeLease
	shedFor  = 4 * time.Second         // for storing a message that is not waited for
	lastTry  = 9500 * time.Millisecond // a message older than this is not sent again
	maxBody  = 64 << 10
	window   = 10 * time.Minute // between the platform's clock and ours
)

// crowd is how many messages are waited for at once, unless Options say
// otherwise; with three times as many under way more are kept for later.
const crowd = 16 << 10

// perMinute is how many messages of one person are answered, unless Options
// say otherwise.
const perMinute = 60

// receivedKey is the context's key of when a request came.
type receivedKey struct{}

// WithReceived says when a request came, where it had to wait before it was
// served.
func WithReceived(ctx context.Context, at time.Time) context.Context {
	return context.WithValue(ctx, receivedKey{}, at)
}

func (b *Bot) receivedAt(ctx context.Context) time.Time {
	if at, ok := ctx.Value(receivedKey{}).(time.Time); ok {
		return at
	}
	return b.Now()
}

// opens says what a message opens for customer messages.
func opens(m wechat.Message) cache.Opening {
	switch {
	case m.Type != wechat.TypeEvent && m.BizMenuID == "":
		return cache.OpensSpoke
	case m.Type != wechat.TypeEvent:
		return cache.OpensTapped
	}
	switch m.Event {
	case wechat.EventSubscribe, wechat.EventScan, wechat.EventClick, wechat.EventScanPush, wechat.EventScanWait:
		return cache.OpensActed
	default:
		return cache.OpensNone
	}
}

// refuses counts a message and returns what is said instead of answering it, if
// too many came.
func (b *Bot) refuses(ctx context.Context, m wechat.Message, at time.Time) (said string, refused bool) {
	l := cache.Limits{PersonMinute: b.PerMinute, AllSecond: b.PerSecond}
	if l.PersonMinute == 0 {
		l.PersonMinute = perMinute
	}
	switch b.Cache.Count(ctx, cache.Arrival{Who: m.FromUser, Key: m.Key(b.AppID), At: at, Opens: opens(m)}, l) {
	case cache.TooFast:
		b.meter.TooFast.Add(1)
		return "您发得太快了，请过一分钟再发。", true
	case cache.TooMany:
		b.meter.TooMany.Add(1)
		return "现在发消息的人太多，这条没有记录下来，请过一分钟再发。", true
	default:
		return "", false
	}
}

const success = "success"

// ServeHTTP is the callback of the platform.
func (b *Bot) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	q, err := wechat.ParseQuery(r.URL)
	switch {
	case err != nil:
		b.forbid(w, r, err)
	case r.Method == http.MethodGet && b.Codec.CheckURL(q):
		_, _ = io.WriteString(w, q.Echostr)
	case r.Method == http.MethodPost:
		b.receive(w, r, q)
	default:
		b.forbid(w, r, errors.New("bad signature or method"))
	}
}

func (b *Bot) forbid(w http.ResponseWriter, r *http.Request, err error) {
	b.meter.Forged.Add(1)
	b.Log.WarnContext(r.Context(), "bot: refused a callback", "err", err)
	w.WriteHeader(http.StatusForbidden)
}

func (b *Bot) receive(w http.ResponseWriter, r *http.Request, q wechat.Query) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		b.forbid(w, r, err)
		return
	}
	at := b.receivedAt(r.Context())
	m, err := b.Codec.Open(q, body, at)
	switch {
	case errors.Is(err, wechat.ErrMalformed): // the platform's own, and unreadable: no repeat would mend it
		b.meter.Unreadable.Add(1)
		b.Log.ErrorContext(r.Context(), "bot: unreadable message", "err", err)
		b.bury(w, r, m, err.Error())
	case err != nil:
		b.forbid(w, r, err)
	case b.recorded(m) && at.Sub(m.Sent()).Abs() > window: // an old message in a new envelope would be a record of the past
		b.forbid(w, r, errors.New("the message was made at another time"))
	default:
		// Who has left, and what became of a notice, is told however much was said.
		if said, refused := b.refuses(r.Context(), m, at); refused && b.asks(m) {
			b.write(w, r, m, said)
			return
		}
		b.reply(w, r, m)
	}
}

// outcome is what the work behind a message came to.
type outcome struct {
	text string
	err  error
}

// reply waits for the answer as long as the platform does. The work goes on
// when the wait is over.
func (b *Bot) reply(w http.ResponseWriter, r *http.Request, m wechat.Message) {
	if !familiar(m) {
		b.bury(w, r, m, "unknown kind")
		return
	}
	if take := b.hearing(m); take != nil {
		b.hear(w, r, m, take)
		return
	}
	in, asks := b.input(m)
	if !asks {
		b.meter.Answered.Add(1)
		_, _ = io.WriteString(w, success)
		return
	}
	in.Right = &handlers.Right{}
	if under := int(b.meter.Under.Add(1)); under > b.crowded() { // who waits behind so many would wait in vain
		b.shed(w, r, m, in, under)
		return
	}
	done, ctx := make(chan outcome, 1), context.WithoutCancel(r.Context())
	start := b.Now()
	before, leave := b.lines.join(m.FromUser)
	b.under.Go(func() {
		defer leave()
		before(waitFor)
		b.work(ctx, in, workFor, done)
	})
	wait := time.NewTimer(waitFor)
	defer wait.Stop()
	select {
	case out := <-done:
		b.finish(w, r, m, out)
	case <-wait.C:
		b.overdue(w, r, m, in, done)
	}
	b.meter.Waits.add(b.Now().Sub(start))
}

// Wait waits for the messages under way: none is lost by a shutdown.
func (b *Bot) Wait() { b.under.Wait() }

// work answers one message within a deadline of its own.
func (b *Bot) work(ctx context.Context, in Input, within time.Duration, done chan<- outcome) {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	defer b.meter.Under.Add(-1)
	defer func() {
		if p := recover(); p != nil {
			b.meter.Panics.Add(1)
			b.Log.ErrorContext(ctx, "bot: panic", "message", in.name(), "number", number(in.Key), "panic", p)
			text, err := b.excuse(in, fmt.Errorf("panic: %v", p))
			done <- outcome{text, err}
		}
	}()
	start := b.Now()
	text, err := b.Answer(ctx, in)
	b.Log.DebugContext(ctx, "bot: answered", "message", in.name(), "took", b.Now().Sub(start))
	done <- outcome{text, err}
}

func (b *Bot) finish(w http.ResponseWriter, r *http.Request, m wechat.Message, out outcome) {
	switch {
	case out.err == nil:
		b.write(w, r, m, out.text)
	case b.Now().Sub(m.Sent()) >= lastTry:
		b.write(w, r, m, unsure)
	default:
		b.hangUp()
	}
}

// hangUp ends the request without an answer: the platform sends the message
// again, with the same key, and that finds out.
func (b *Bot) hangUp() {
	b.meter.HungUp.Add(1)
	panic(http.ErrAbortHandler) // the way of net/http to close the line
}

func (b *Bot) write(w http.ResponseWriter, r *http.Request, m wechat.Message, text string) {
	b.meter.Answered.Add(1)
	if text == "" {
		_, _ = io.WriteString(w, success)
		return
	}
	reply, err := b.Codec.Reply(m, text, b.Now())
	if err != nil {
		b.Log.ErrorContext(r.Context(), "bot: seal a reply", "err", err)
		_, _ = io.WriteString(w, success)
		return
	}
	w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	_, _ = w.Write(reply) //nolint:gosec // encrypted XML, which no browser shows
}

// recorded reports whether a message may become a record under its own time.
// The rest only reports, be it late.
func (b *Bot) recorded(m wechat.Message) bool {
	return b.asks(m) || m.Type == wechat.TypeEvent && m.Event == wechat.EventUnsubscribe
}

// asks reports whether somebody reads what is answered to a message.
func (b *Bot) asks(m wechat.Message) bool {
	_, asks := b.input(m)
	return asks
}

// input puts a message into the words of the conversation. It is false for what
// asks for no answer.
func (b *Bot) input(m wechat.Message) (Input, bool) {
	in := Input{Key: m.Key(b.AppID), Who: m.FromUser, Sent: m.Sent(), Digest: m.Digest(), Text: m.Content}
	if m.Type != wechat.TypeEvent {
		if m.Type != wechat.TypeText {
			in.Unread = m.Type
		}
		switch at, somewhere := m.Point(b.Systems); {
		case m.Type == wechat.TypeImage:
			in.Photo = m.MediaID
		case m.Type == wechat.TypeLocation && somewhere:
			in.Place = &at
		case m.Type == wechat.TypeLocation:
			in.Unread = nowhere
		}
		return in, true
	}
	switch m.Event {
	case wechat.EventSubscribe, wechat.EventScan:
		in.Scene, in.Text = m.Scene(), "欢迎"
		return in, true
	case wechat.EventClick:
		in.Text = m.EventKey
		return in, true
	default: // VIEW, LOCATION, and what hearing takes in: nobody reads a reply
		return in, false
	}
}
