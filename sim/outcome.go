package sim

import (
	"context"
	"slices"
	"strconv"
	"time"
)

// What the platform reports of a template message.
const (
	StatusSuccess = "success"
	StatusBlocked = "failed:user block"
	StatusFailed  = "failed: system failed"
)

// Reports say how the platform tells what became of template messages and
// subscription notices. The zero value tells of success, right behind the send's
// answer.
type Reports struct {
	Status string        // of each message; one that is no success is shown to nobody
	Early  bool          // before the send is answered
	Late   time.Duration // so much later by the platform's clock
	Lose   bool          // not at all
	Gather int           // so many wait for each other and come last first; notices to one person in one event
}

// late is an event that waits for its time.
type late struct {
	at time.Time
	m  inbound
}

// SetReports changes how outcomes are told from now on. Those that were gathered
// so far go on their way.
func (s *Sim) SetReports(r Reports) {
	s.mu.Lock()
	s.reports = r
	rest := s.gathered
	s.gathered = nil
	s.mu.Unlock()
	for _, m := range merge(rest) {
		s.push(m)
	}
}

// Block lets a person refuse the account's messages, or no longer. Template
// messages are taken, shown to nobody and reported as failed; customer messages
// are refused at once (48002).
func (s *Sim) Block(openID string, on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.phone(openID).blocks = on
}

// statusFor is what will become of a message. Callers hold the lock.
func (s *Sim) statusFor(p *phone) string {
	switch {
	case p.blocks:
		return StatusBlocked
	case s.reports.Status != "":
		return s.reports.Status
	}
	return StatusSuccess
}

// jobFinished is the event for a template message. Its MsgID is the send's, with
// a capital D that has misled many.
func (s *Sim) jobFinished(openID string, o outcome) inbound {
	return s.fact(openID, "TEMPLATESENDJOBFINISH",
		pair{name: "MsgID", value: strconv.FormatInt(o.id, 10), number: true},
		pair{name: "Status", value: o.status})
}

// noticeSent is the same for a subscription notice.
func (s *Sim) noticeSent(openID, templateID string, o outcome) inbound {
	code := "0"
	switch o.status {
	case StatusSuccess:
	case StatusBlocked:
		code = "43101"
	default:
		code = "-1"
	}
	list := pair{name: "List", sub: []pair{
		{name: "TemplateId", value: templateID},
		{name: "MsgID", value: strconv.FormatInt(o.id, 10)},
		{name: "ErrorCode", value: code},
		{name: "ErrorStatus", value: o.status},
	}}
	return s.fact(openID, sentEvent, pair{name: "SubscribeMsgSentEvent", sub: []pair{list}})
}

const sentEvent = "subscribe_msg_sent_event"

// fact is an event of the platform's own, whose answer nobody sees.
func (s *Sim) fact(openID, name string, fields ...pair) inbound {
	return inbound{
		openID: openID, kind: name, fields: append([]pair{{name: "Event", value: name}}, fields...),
		created: s.now().Unix(), silent: true,
	}
}

// tell sends an outcome on its way.
func (s *Sim) tell(m inbound) {
	r, ready := s.gather(m)
	for _, m := range ready {
		switch {
		case r.Early:
			s.tellNow(m)
		case r.Late > 0:
			s.tellLate(m, s.now().Add(r.Late))
		default:
			s.push(m)
		}
	}
}

// gather is what may go now that there is one outcome more.
func (s *Sim) gather(m inbound) (Reports, []inbound) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.reports
	if r.Lose {
		return r, nil
	}
	if r.Gather < 2 {
		return r, []inbound{m}
	}
	s.gathered = append(s.gathered, m)
	if len(s.gathered) < r.Gather {
		return r, nil
	}
	ready := s.gathered
	s.gathered = nil
	return r, merge(ready)
}

// merge turns outcomes around, and makes one event of a person's notices.
func merge(list []inbound) []inbound {
	var out []inbound
	for _, m := range slices.Backward(list) {
		i := slices.IndexFunc(out, func(o inbound) bool { return o.kind == sentEvent && m.kind == sentEvent && o.openID == m.openID })
		if i < 0 {
			out = append(out, m)
			continue
		}
		lists := &out[i].fields[1].sub
		*lists = append(slices.Clone(*lists), m.fields[1].sub...)
	}
	return out
}

// tellNow tells while the send is still unanswered. It belongs to whatever the
// send belongs to, so that it passes even in the middle of a walk.
func (s *Sim) tellNow(m inbound) {
	ctx, cancel := s.life()
	defer cancel()
	ctx = context.WithValue(ctx, passKey{}, s.o.Clock.pass)
	if _, err := s.deliver(ctx, m); err != nil && ctx.Err() == nil {
		s.o.Log.WarnContext(ctx, "sim: early report", "kind", m.kind, "err", err)
	}
}

func (s *Sim) tellLate(m inbound, at time.Time) {
	s.mu.Lock()
	s.late = append(s.late, late{at: at, m: m})
	s.mu.Unlock()
	select {
	case s.lateCame <- struct{}{}:
	default: // it is known already that there is something new
	}
}

// releaseLate pushes what was held back, each in its time, until the platform is
// closed.
func (s *Sim) releaseLate() {
	for {
		change := s.o.Clock.changed()
		timer := time.NewTimer(s.pushDue())
		select {
		case <-s.quit:
		case <-change:
		case <-s.lateCame:
		case <-timer.C:
		}
		timer.Stop()
		if s.closed() {
			return
		}
	}
}

// pushDue pushes what is due and says when to look again.
func (s *Sim) pushDue() time.Duration {
	s.mu.Lock()
	now := s.now()
	var due, rest []late
	for _, l := range s.late {
		if now.Before(l.at) {
			rest = append(rest, l)
			continue
		}
		due = append(due, l)
	}
	s.late = rest
	s.pending += len(due) // in the same moment, so that Wait misses none
	s.mu.Unlock()
	slices.SortStableFunc(due, func(a, b late) int { return a.at.Compare(b.at) })
	for _, l := range due {
		s.enqueue(l.m)
	}
	if len(rest) == 0 {
		return time.Hour
	}
	return time.Second
}
