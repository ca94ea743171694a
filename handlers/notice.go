package handlers

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
)

// The kinds of notices. Each has its words; the bot makes the message of them.
const (
	NoticeReply      = "reply"      // the answer to a message, come too late: text
	NoticeResult     = "result"     // quarter, grade, total, pay, recheck
	NoticeStep       = "step"       // what, due, date
	NoticeDuty       = "duty"       // day, shift, date
	NoticeNoHead     = "nohead"     // village, day, date
	NoticeUnbound    = "unbound"    // name, text
	NoticeMatter     = "matter"     // from, no, what, date: a matter to go on with
	NoticeMatterGone = "mattergone" // from, no, what, said, date: a matter not to go on with
	NoticeLog        = "log"        // day, date: a log that is missing
	NoticeSelfEval   = "selfeval"   // quarter, due, date: a self-evaluation that is missing
	NoticePhoto      = "photo"      // what, date: a photo that could not be had
	NoticeDraft      = "draft"      // form, until: a draft that will end
	NoticeDraftEnded = "draftended" // form, until

	NoticeAttest     = "attest"      // no, who, what, date: to whoever is to answer
	NoticeAttestSaid = "attest_said" // no, who, what, said, date: what became of it

	NoticeLeaveAsk    = "leave_ask"    // no, who, what, warning, date: to whoever decides
	NoticeLeaveSaid   = "leave_said"   // no, what, said, date: what became of a leave
	NoticeLeaveDeputy = "leave_deputy" // no, who, span
	NoticeLeaveBack   = "leave_back"   // no, when, day, date: to report back
	NoticeLeaveOver   = "leave_over"   // no, who, day, days, date: to those above
)

// NoticeKinds are all kinds of notices.
func NoticeKinds() []string {
	return []string{
		NoticeReply, NoticeResult, NoticeStep, NoticeDuty, NoticeNoHead, NoticeUnbound, NoticeDraft, NoticeDraftEnded,
		NoticeMatter, NoticeMatterGone, NoticeLog, NoticeSelfEval, NoticePhoto, NoticeAttest, NoticeAttestSaid,
		NoticeLeaveAsk, NoticeLeaveSaid, NoticeLeaveDeputy, NoticeLeaveBack, NoticeLeaveOver,
	}
}

// Classes of notices: the lower goes first.
const (
	classReply = iota
	classTask
	classNews
)

// Quiet hours (安静时段): no reminder is sent from 21:00 to 07:30.
func loud(t time.Time) time.Time {
	day := calendar.On(t)
	switch morning, night := day.At(7, 30), day.At(21, 0); {
	case t.Before(morning):
		return morning
	case t.Before(night):
		return t
	default:
		return day.Add(1).At(7, 30)
	}
}

// note is one message to be queued.
type note struct {
	to     string // a person's id
	kind   string
	words  map[string]string
	class  int
	dedupe string    // the same for what must be told once
	until  time.Time // after which it is pointless
}

// tell queues a message in the transaction that makes it true.
func (d *Desk) tell(n note) error {
	row := models.Notice{
		PersonID: n.to, Kind: n.kind, Words: n.words, Class: n.class, Dedupe: n.dedupe, NotBefore: loud(d.Now).UTC(),
	}
	if n.class == classReply {
		row.NotBefore = d.Now
	}
	if !n.until.IsZero() {
		until := n.until.UTC()
		row.NotAfter = &until
	}
	if err := d.tx.AddNotice(&row); err != nil {
		return fmt.Errorf("queue a notice of %s: %w", n.kind, err)
	}
	d.told = true
	return nil
}

// wakeNotices makes what waited for a person's binding due.
func (d *Desk) wakeNotices(personID string) error {
	at := loud(d.Now)
	if err := d.tx.WakeNotices(personID, at, at.Add(triedFor)); err != nil {
		return fmt.Errorf("wake the notices of %s: %w", personID, err)
	}
	d.told = true
	return nil
}

// replyLate queues the answer that nobody waits for any more.
func (d *Desk) replyLate(text string) error {
	d.told = true
	row := &models.Notice{
		PersonID: d.Who.ID, OpenID: d.OpenID, Kind: NoticeReply, Class: classReply,
		Words: map[string]string{"text": text}, Dedupe: "reply:" + d.cmd.Key,
	}
	if d.pile != nil { // the claim is ours, so nobody else tells this
		d.tx.Queue(row)
		return d.appendRow(row)
	}
	return d.tx.AddNotice(row)
}

// ReplyLate queues the answer to a question that took too long.
func (h *Handlers) ReplyLate(ctx context.Context, cmd Command, text string) error {
	err := h.keepHouse(ctx, func(tx *models.Tx) error {
		d := &Desk{View: &View{h: h, tx: tx, OpenID: cmd.Who.OpenID}, cmd: cmd}
		return d.replyLate(text)
	})
	if err != nil {
		return fmt.Errorf("reply late to %s: %w", cmd.Name(), err)
	}
	h.wake()
	return nil
}

// keepHouse runs a transaction that touches no record of the domain, and tries
// it again when the database asks for that.
func (h *Handlers) keepHouse(ctx context.Context, fn func(*models.Tx) error) error {
	return h.again(ctx, func() error { return h.db.Write(ctx, fn) })
}

// again does something until the database does not ask to try again.
func (h *Handlers) again(ctx context.Context, do func() error) error {
	for try := 1; ; try++ {
		err := do()
		if !errors.Is(err, models.ErrAgain) || try == maxTries || !pause(ctx, try) {
			return err
		}
	}
}

// Lease is a notice that is to be sent now, by whoever holds the lease.
type Lease struct {
	models.Notice
	owner string
}

// Fresh reports whether so much of the lease is left that a slow sending ends
// within it: nobody else sends meanwhile.
func (l Lease) Fresh(now time.Time) bool { return l.NotBefore.Sub(now) > leaseTime/2 }

// How notices are sent.
const (
	unboundFor = 30 * 24 * time.Hour // how long a notice waits for its person to be bound
	unboundNap = 12 * time.Hour      // between two looks: binding wakes it too
	shutNap    = 6 * time.Hour       // between two tries while no way is open: writing wakes it too
	leaseTime  = 2 * time.Minute
	triedFor   = 72 * time.Hour  // how long a notice without an end of its own is tried
	unknownAge = 8 * time.Minute // after which a lost answer is not risked again: the platform drops repeats for ten
)

// LeaseNotices takes up to n due notices. Those that nobody can get now are
// settled at once and not returned. More may be due as long as seen is not 0,
// whether or not any of these is to be sent.
func (h *Handlers) LeaseNotices(ctx context.Context, n int) (out []Lease, seen int, err error) {
	err = h.keepHouse(ctx, func(tx *models.Tx) error {
		out = nil
		owner := tx.NewID()
		var rows []models.Notice
		rows, seen, err = tx.LeaseNotices(owner, n, leaseTime)
		if err != nil {
			return err
		}
		for _, row := range rows {
			keep, err := address(tx, &row)
			if err != nil {
				return err
			}
			if keep {
				if row.Words, err = h.wordsOf(row); err != nil {
					return err
				}
				out = append(out, Lease{row, owner})
			} else if err := tx.SettleNotice(row, owner); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, 0, fmt.Errorf("lease notices: %w", err)
	}
	return out, seen, nil
}

// wordsOf are a notice's words as they are sent: a private reply waits sealed.
func (h *Handlers) wordsOf(n models.Notice) (map[string]string, error) {
	key, late := strings.CutPrefix(n.Dedupe, "reply:")
	if n.Kind != NoticeReply || !late {
		return n.Words, nil
	}
	text, err := h.Opened(n.Words["text"], key)
	if err != nil {
		return nil, fmt.Errorf("notice %s: %w", n.ID, err)
	}
	return map[string]string{"text": text}, nil
}

// address finds the WeChat user of a notice. It is false if the notice is not
// to be sent; then its state says why.
func address(tx *models.Tx, n *models.Notice) (bool, error) {
	give := func(state models.NoticeState, why string) (bool, error) {
		n.State, n.Problem = state, why
		return false, nil
	}
	switch {
	case n.NotAfter != nil && tx.Now.After(*n.NotAfter):
		return give(models.NoticeDead, "too late to be of use")
	case n.TriedAt != nil && tx.Now.Sub(*n.TriedAt) > unknownAge:
		return give(models.NoticeUnknown, "a worker died while sending")
	case n.Class != classReply && night(tx.Now) && !triedBefore(tx.Now, n):
		rest(n, loud(tx.Now))
		return false, nil
	}
	if n.OpenID == "" {
		openID, err := tx.OpenIDOf(n.PersonID)
		if errors.Is(err, models.ErrNotFound) {
			unbound(tx.Now, n)
			return false, nil
		}
		if err != nil {
			return false, err
		}
		n.OpenID = openID
	}
	if n.NotAfter == nil && tx.Now.Sub(n.CreatedAt) > triedFor {
		return give(models.NoticeDead, "tried too long: "+n.Problem)
	}
	return true, nil
}

// rest puts a leased notice back that was not tried.
func rest(n *models.Notice, until time.Time) {
	n.State, n.NotBefore = models.NoticeWaiting, until.UTC()
	n.Tries--
}

// unbound lets a notice wait until its person is bound, but not for ever.
func unbound(now time.Time, n *models.Notice) {
	n.Problem = "not bound"
	if now.Sub(n.CreatedAt) > unboundFor {
		n.State = models.NoticeDead
		return
	}
	rest(n, now.Add(unboundNap))
}

// night reports whether no reminder may go out: what was queued by day and could
// not be sent before waits for the morning too.
func night(t time.Time) bool { return !loud(t).Equal(t) }

// triedBefore reports whether a worker died with this notice, which may have
// arrived.
func triedBefore(now time.Time, n *models.Notice) bool {
	return n.TriedAt != nil && now.Sub(*n.TriedAt) > time.Second
}

// Fate is how sending a notice went.
type Fate struct {
	PlatformID string
	Way        string        // by which it was sent, or may have been
	Problem    string        // for the operator; empty if it went well
	Again      time.Duration // when to try again; 0 means never
	Unsure     bool          // it may have arrived
	Untried    bool          // it was not sent: whoever comes first may
	Shut       bool          // no way to the person is open: it waits until he writes
	Left       bool          // the platform says that the person has left the account
}

// SettleNotice records the fate of a leased notice. A lease that ran out
// meanwhile is somebody else's: then nothing happens.
func (h *Handlers) SettleNotice(ctx context.Context, l Lease, f Fate) error {
	err := h.keepHouse(ctx, func(tx *models.Tx) error {
		n := l.Notice
		n.Problem, n.Way = short(f.Problem, 300), f.Way
		switch {
		case f.Untried:
			n.Problem, n.Way = l.Problem, l.Way
			rest(&n, tx.Now)
		case f.Shut:
			rest(&n, tx.Now.Add(shutNap))
		case f.Problem == "":
			n.State, n.SentAt, n.PlatformID = models.NoticeSent, &tx.Now, short(f.PlatformID, 40)
		case f.Again > 0:
			n.State, n.NotBefore = models.NoticeWaiting, tx.Now.Add(f.Again)
		case f.Unsure:
			n.State = models.NoticeUnknown
		default:
			n.State = models.NoticeDead
		}
		return tx.SettleNotice(n, l.owner)
	})
	switch {
	case errors.Is(err, models.ErrStale):
		return nil
	case err != nil:
		return fmt.Errorf("settle notice %s: %w", l.ID, err)
	case f.Again > 0:
		h.meter.PutOff.Add(1)
	case f.PlatformID != "" && f.Problem == "":
		return h.matchReport(ctx, short(f.PlatformID, 40))
	}
	return nil
}

// WakeNoticesOf makes due what waits for a WeChat user who has just written: the
// way to him is open again.
func (h *Handlers) WakeNoticesOf(ctx context.Context, openID string) error {
	err := h.keepHouse(ctx, func(tx *models.Tx) error {
		at := loud(tx.Now)
		who, err := tx.PersonByOpenID(openID)
		if err != nil && !errors.Is(err, models.ErrNotFound) {
			return err
		}
		if err := tx.WakeNoticesTo(openID, who.ID, at); err != nil || who.ID == "" {
			return err
		}
		return tx.WakeNotices(who.ID, at, at.Add(triedFor))
	})
	if err != nil {
		return fmt.Errorf("wake the notices of a writer: %w", err)
	}
	h.wake()
	return nil
}

// NextNotice returns when the next notice is due, and false if none waits.
func (h *Handlers) NextNotice(ctx context.Context) (at time.Time, ok bool, err error) {
	err = h.db.Read(ctx, func(tx *models.Tx) error {
		at, err = tx.NextNotice()
		return err
	})
	if errors.Is(err, models.ErrNotFound) {
		return at, false, nil
	}
	return at, err == nil, err
}

// short cuts a text to n bytes without cutting a character.
func short(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n]
}
