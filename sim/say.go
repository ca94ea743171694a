package sim

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Say sends one text message from a phone, with the platform's tries, and
// returns the reply as the phone shows it: empty if the account keeps quiet,
// the failure notice together with a NoticeError if it fails. Other errors are
// the simulator's.
func (s *Sim) Say(ctx context.Context, openID, text string) (string, error) {
	return s.Tap(ctx, openID, Piece{Say: text})
}

// Tap taps a link in a text, or an item of a menu message.
func (s *Sim) Tap(ctx context.Context, openID string, link Piece) (string, error) {
	if strings.TrimSpace(link.Say) == "" {
		return "", errors.New("sim: nothing to say")
	}
	return s.act(ctx, s.saying(openID, link))
}

// saying is words on their way, typed or by a tap.
func (s *Sim) saying(openID string, link Piece) action {
	fields := []pair{{name: "Content", value: link.Say}}
	if link.ID != "" {
		fields = append(fields, pair{name: "bizmsgmenuid", value: link.ID, number: isDigits(link.ID)})
	}
	return action{
		openID: openID, kind: "text", fields: fields,
		show: entry{Type: "text", Pieces: []Piece{{Text: link.Say}}},
		open: func(p *phone) { p.open(s.now(), link.Menu) },
	}
}

// Click taps a button of the account's menu.
func (s *Sim) Click(ctx context.Context, openID, key string) (string, error) {
	return s.act(ctx, action{
		openID: openID, kind: "CLICK", fields: event("CLICK", key),
		open: func(p *phone) { p.open(s.now(), true) },
	})
}

// Scan scans a code. Whoever does not follow the account yet follows it so.
func (s *Sim) Scan(ctx context.Context, openID, scene string) (string, error) {
	s.mu.Lock()
	following, ticket := s.phone(openID).following, s.ticketOf(scene)
	s.mu.Unlock()
	kind, key := "SCAN", scene
	if !following {
		kind, key = "subscribe", "qrscene_"+scene
	}
	return s.act(ctx, action{
		openID: openID, kind: kind, stranger: !following,
		fields: append(event(kind, key), pair{name: "Ticket", value: ticket}),
		show:   entry{Type: "note", Pieces: []Piece{{Text: "扫了二维码"}}},
		open:   func(p *phone) { p.open(s.now(), true) },
	})
}

// Subscribe follows the account by its name, without a code.
func (s *Sim) Subscribe(ctx context.Context, openID string) (string, error) {
	return s.act(ctx, action{
		openID: openID, kind: "subscribe", fields: event("subscribe", ""), stranger: true,
		show: entry{Type: "note", Pieces: []Piece{{Text: "关注了公众号"}}},
		open: func(p *phone) { p.open(s.now(), true) },
	})
}

// Unfollow ends following. The account hears of it, and its answer is shown to
// nobody. The tags are gone: whether they always are is not documented, and an
// account had better not count on them.
func (s *Sim) Unfollow(ctx context.Context, openID string) error {
	_, err := s.act(ctx, action{
		openID: openID, kind: "unsubscribe", fields: event("unsubscribe", ""), silent: true,
		show: entry{Type: "note", Pieces: []Piece{{Text: "不再关注公众号"}}},
		open: func(p *phone) { p.following, p.spokeLeft, p.actedLeft, p.tags = false, 0, 0, nil },
	})
	if notice, ok := errors.AsType[*NoticeError](err); ok {
		return fmt.Errorf("sim: nobody took the farewell: %s", notice.Last.Reason)
	}
	return err
}

// Repeat delivers a person's last message again, as a platform does that did
// not hear the answer: same id, same time, new envelope.
func (s *Sim) Repeat(ctx context.Context, openID string) (string, error) {
	leave, err := s.o.Clock.depart(ctx)
	if err != nil {
		return "", fmt.Errorf("sim: wait for the clock: %w", err)
	}
	defer leave()
	s.mu.Lock()
	last := s.phone(openID).last
	s.mu.Unlock()
	if last == nil {
		return "", fmt.Errorf("sim: %s has not said anything", openID)
	}
	return s.answer(ctx, *last)
}

// action is something a person does with the phone.
type action struct {
	openID   string
	kind     string
	fields   []pair
	show     entry        // in the chat; a click leaves no trace there
	open     func(*phone) // what it changes for the platform
	stranger bool         // whoever does this does not follow yet, and does then
	anybody  bool         // whoever does this need not follow
	silent   bool
}

func (s *Sim) act(ctx context.Context, a action) (string, error) {
	leave, err := s.o.Clock.depart(ctx)
	if err != nil {
		return "", fmt.Errorf("sim: wait for the clock: %w", err)
	}
	defer leave()
	m, err := s.begin(a)
	if err != nil {
		return "", err
	}
	return s.answer(ctx, m)
}

// report lets the account hear of something that a person does and whose reply
// nobody sees.
func (s *Sim) report(ctx context.Context, openID string, fields ...pair) error {
	return s.reportAs(ctx, action{openID: openID, fields: fields, open: func(*phone) {}})
}

// reportAs carries out an action whose reply nobody sees. That the account fails
// to take it is in the history.
func (s *Sim) reportAs(ctx context.Context, a action) error {
	a.kind, a.silent = a.fields[0].value, true
	_, err := s.act(ctx, a)
	if _, failed := errors.AsType[*NoticeError](err); failed {
		return nil
	}
	return err
}

// begin makes the message of an action and shows it on the phone.
func (s *Sim) begin(a action) (inbound, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.phone(a.openID)
	if !p.following && !a.stranger && !a.anybody {
		return inbound{}, fmt.Errorf("sim: %s does not follow the account", a.openID)
	}
	m := inbound{openID: a.openID, kind: a.kind, fields: a.fields, created: s.now().Unix(), silent: a.silent}
	if isMessage(a.kind) {
		s.lastMsg++
		m.msgID = s.lastMsg
	}
	p.following = p.following || a.stranger
	a.open(p)
	p.last = &m
	if a.show.Type != "" {
		from := fromMe
		if a.show.Type == "note" {
			from = fromSystem
		}
		s.add(p, from, a.show)
	}
	return m, nil
}

// answer delivers a message and shows what comes back.
func (s *Sim) answer(ctx context.Context, m inbound) (string, error) {
	out, err := s.deliver(ctx, m)
	notice, failed := errors.AsType[*NoticeError](err)
	if err != nil && !failed {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.phone(m.openID)
	switch {
	case m.silent && failed:
		return "", notice
	case m.silent || out.empty() && !failed:
		return "", nil
	case failed:
		s.add(p, fromSystem, entry{Type: "note", Pieces: []Piece{{Text: Notice}}})
		return Notice, notice
	}
	s.add(p, fromAccount, out.entries...)
	return out.words, nil
}

func event(name, key string) []pair {
	return []pair{{name: "Event", value: name}, {name: "EventKey", value: key}}
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
