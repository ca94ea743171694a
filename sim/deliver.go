package sim

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Notice is what a phone shows when the account does not answer as it must.
const Notice = "该公众号提供的服务出现故障，请稍后再试"

// tries is how often the platform posts one message.
const tries = 3

// maxAnswer is the most that is read of a webhook's answer.
const maxAnswer = 1 << 20

// How one delivery ended.
const (
	Replied  = "replied"
	Quiet    = "quiet"     // success, or nothing
	TimedOut = "timed out" // tried again
	Refused  = "refused"   // no connection; tried again
	Broken   = "broken"    // an answer that is none; not tried again
	Accepted = "accepted"  // outbound
	Declined = "declined"  // outbound, with an errcode
	Vanished = "vanished"  // outbound, taken and shown to nobody
	Scripted = "scripted"  // outbound, went wrong by a script; Kind is the API
)

// NoticeError says that the person saw the failure notice: the account failed,
// not the platform.
type NoticeError struct{ Last Delivery }

// Error names the reason, which the person does not see.
func (e *NoticeError) Error() string {
	return fmt.Sprintf("failure notice shown after try %d: %s", e.Last.Try, e.Last.Reason)
}

// Delivery is one line of the platform's own history: one try of an inbound
// message, or one call that sends something.
type Delivery struct {
	At      time.Time
	Out     bool   // the account sent it
	Kind    string // text, CLICK, TEMPLATESENDJOBFINISH ...; for outbound text, template ...
	OpenID  string
	Created int64 // the message's CreateTime
	MsgID   int64 // the message's id, or the msgid that was answered
	Try     int
	Nonce   string
	Webhook string
	Status  int // of HTTP
	Outcome string
	Code    int    // errcode, outbound
	Reason  string // what was wrong
	Reply   string // the reply's words with their links, or what was sent
}

// deliverOne posts a message up to three times and returns what the phone shows.
func (s *Sim) deliverOne(ctx context.Context, m inbound) (shown, error) {
	var last Delivery
	for n := 1; n <= tries; n++ {
		d, r, err := s.try(ctx, m, n)
		if err != nil {
			return shown{}, err
		}
		s.record(d)
		last = d
		if d.Outcome == TimedOut || d.Outcome == Refused {
			continue
		}
		if d.Outcome != Broken {
			return showReply(r), nil
		}
		break
	}
	s.o.Log.WarnContext(ctx, "sim: failure notice", "kind", m.kind, "reason", last.Reason)
	return shown{}, &NoticeError{Last: last}
}

// try posts a message once, in an envelope of its own. The error is the
// simulator's; what the account did wrong is in the delivery.
func (s *Sim) try(ctx context.Context, m inbound, n int) (Delivery, reply, error) {
	d := Delivery{At: s.now(), Kind: m.kind, OpenID: m.openID, Created: m.created, MsgID: m.msgID, Try: n}
	hook, err := s.anyWebhook()
	if err != nil {
		return d, reply{}, err
	}
	d.Webhook, d.Nonce = hook, strconv.FormatInt(randomN(1<<31), 10)
	cut, cancel := context.WithTimeout(ctx, s.o.Cut)
	defer cancel()
	req, err := s.request(cut, m, d)
	if err != nil {
		return d, reply{}, err
	}
	status, body, err := s.post(req)
	if ctx.Err() != nil {
		return d, reply{}, fmt.Errorf("sim: deliver %s: %w", m.kind, ctx.Err())
	}
	d.Status = status
	if err != nil {
		d.Outcome, d.Reason = Refused, err.Error()
		if cut.Err() != nil {
			d.Outcome = TimedOut
		}
		return d, reply{}, nil
	}
	r := s.judge(&d, body)
	return d, r, nil
}

// judge fills in how an answer is taken.
func (s *Sim) judge(d *Delivery, body []byte) reply {
	answer := string(body)
	switch {
	case d.Status != http.StatusOK:
		d.Outcome, d.Reason = Broken, "status "+strconv.Itoa(d.Status)
		return reply{}
	case answer == "" || answer == "success":
		d.Outcome = Quiet
		return reply{}
	}
	r, err := s.readReply(body, d.OpenID)
	if err != nil {
		d.Outcome, d.Reason = Broken, err.Error()
		return reply{}
	}
	d.Outcome, d.Reply = Replied, r.Content
	return r
}

// request is one try's envelope: new time, new nonce, new ciphertext.
func (s *Sim) request(ctx context.Context, m inbound, d Delivery) (*http.Request, error) {
	random := []byte(strconv.FormatInt(1_000_000_000_000_000+randomN(9_000_000_000_000_000-1), 10))
	sealed := s.box.seal(random, m.xml(s.o.Account.GhID))
	stamp := strconv.FormatInt(d.At.Unix(), 10)
	u, err := url.Parse(d.Webhook)
	if err != nil {
		return nil, fmt.Errorf("sim: webhook: %w", err)
	}
	q := u.Query()
	q.Set("signature", s.box.sign(stamp, d.Nonce))
	q.Set("timestamp", stamp)
	q.Set("nonce", d.Nonce)
	q.Set("openid", m.openID)
	q.Set("encrypt_type", "aes")
	q.Set("msg_signature", s.box.sign(stamp, d.Nonce, sealed))
	u.RawQuery = q.Encode()
	body := writeXML([]pair{{name: "ToUserName", value: s.o.Account.GhID}, {name: "Encrypt", value: sealed}})
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("sim: webhook: %w", err)
	}
	req.Header.Set("Content-Type", "text/xml")
	req.Header.Set("User-Agent", "Mozilla/4.0")
	req.Header.Set(mineHeader, s.boot)
	if pass := s.o.Clock.passOf(ctx); pass != "" {
		req.Header.Set(walkHeader, pass)
	}
	return req, nil
}

// post reads the whole answer within the cut: a body that comes too late is a
// late answer.
func (s *Sim) post(req *http.Request) (status int, body []byte, err error) {
	res, err := s.o.Client.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	body, err = io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	return res.StatusCode, body, err
}

// anyWebhook picks a replica as a load balancer would: without memory, so that
// a repeat may well reach another one than the first try did.
func (s *Sim) anyWebhook() (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.webhooks) == 0 {
		return "", errors.New("sim: no webhook is configured")
	}
	return s.webhooks[randomN(int64(len(s.webhooks)))], nil
}

// push queues an event that the platform sends by itself.
func (s *Sim) push(m inbound) {
	s.mu.Lock()
	s.pending++
	s.mu.Unlock()
	s.enqueue(m)
}

// enqueue queues an event that is counted as pending already.
func (s *Sim) enqueue(m inbound) {
	select {
	case s.pushes <- m:
	default:
		s.pushed()
		s.o.Log.Warn("sim: too many events are waiting", "kind", m.kind)
	}
}

// deliverPushes delivers such events one after another until the platform is
// closed.
func (s *Sim) deliverPushes() {
	ctx, cancel := s.life()
	defer cancel()
	for {
		select {
		case <-s.quit:
			return
		case m := <-s.pushes:
			s.deliverPush(ctx, m)
		}
	}
}

// deliverPush waits for the clock like any phone: an account must not hear from
// the platform in the middle of a walk.
func (s *Sim) deliverPush(ctx context.Context, m inbound) {
	defer s.pushed()
	leave, err := s.o.Clock.depart(ctx)
	if err != nil {
		return
	}
	defer leave()
	// Nobody sees an answer to an event of the platform's own, nor its lack.
	if _, err := s.deliver(ctx, m); err != nil && ctx.Err() == nil {
		s.o.Log.WarnContext(ctx, "sim: push", "kind", m.kind, "err", err)
	}
}

func (s *Sim) pushed() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pending--
	if s.pending <= 0 {
		s.idle.Broadcast()
	}
}

// record adds to the history, forgetting the oldest quarter when it is full.
func (s *Sim) record(d Delivery) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.recordLocked(d)
}

func (s *Sim) recordLocked(d Delivery) {
	if len(s.history) >= keptHistory {
		s.history = append([]Delivery(nil), s.history[keptHistory/4:]...)
	}
	s.history = append(s.history, d)
}

// History is what the platform delivered, oldest first: each inbound try with
// its answer, each outbound call with its outcome.
func (s *Sim) History() []Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Delivery(nil), s.history...)
}
