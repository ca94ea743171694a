package testkit

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// How is what a proxy does to a command.
type How int

// What a proxy can do. Commands and answers that no fault is meant for pass
// unchanged.
const (
	Delay      How = iota // the command waits before it is sent on
	Slow                  // the answer comes a few bytes at a time
	CutBefore             // the line breaks, and the server never reads the command
	CutAfter              // the server has answered, and nobody hears it
	CutMiddle             // the line breaks within the answer
	Reset                 // as CutBefore, but the client is told that the line is dead
	BlackHole             // the command and all that follow on this line get no answer
	RefuseLine            // who connects is turned away
)

// Fault says which commands a proxy spoils, and how.
type Fault struct {
	How      How
	Kind     string // first word of the command, in capitals; empty means any
	Nth      int    // only the nth such command, counted from 1; 0 means all
	Permille int    // how many of a thousand, by the proxy's seed; 0 means all
	Times    int    // at most so often; 0 means any number
	Wait     time.Duration
	Down     bool // afterwards every line is broken and nobody is let in, until Mend

	seen, done int
}

// Proxy passes what a client and a server say to each other, and spoils what it
// is told to. It knows where commands and answers begin, so it can lose the
// answer to a COMMIT that was carried out.
type Proxy struct {
	Addr string // for clients

	l       net.Listener
	network string
	to      string
	speech  speech

	mu     sync.Mutex
	random *rand.Rand
	faults []*Fault
	down   bool
	hits   int
	lines  map[*line]bool
	all    sync.WaitGroup
}

// MySQLProxy stands before a server that a DSN names, and returns the DSN that
// leads through it.
func MySQLProxy(tb testing.TB, dsn string, seed uint64) (p *Proxy, through string) {
	tb.Helper()
	before, rest, ok := strings.Cut(dsn, "(")
	to, after, closed := strings.Cut(rest, ")")
	at := strings.LastIndex(before, "@") + 1
	if !ok || !closed {
		tb.Fatalf("no address in the DSN %s", dsn)
	}
	p = newProxy(tb, before[at:], to, mysqlSpeech{}, seed)
	return p, before[:at] + "tcp(" + p.Addr + ")" + after
}

// RedisProxy stands before a Redis.
func RedisProxy(tb testing.TB, addr string, seed uint64) *Proxy {
	tb.Helper()
	return newProxy(tb, "tcp", addr, redisSpeech{}, seed)
}

func newProxy(tb testing.TB, network, to string, s speech, seed uint64) *Proxy {
	tb.Helper()
	l, err := (&net.ListenConfig{}).Listen(tb.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	p := &Proxy{
		Addr: l.Addr().String(), l: l, network: network, to: to, speech: s,
		random: rand.New(rand.NewPCG(seed, 0)), lines: map[*line]bool{}, //nolint:gosec // to be repeated
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(tb.Context()))
	p.all.Go(func() { p.accept(ctx) })
	tb.Cleanup(func() {
		cancel()
		l.Close()
		p.Cut()
		p.all.Wait()
	})
	return p
}

// Break sets the faults. Those that were set before are gone, and what they
// counted too.
func (p *Proxy) Break(faults ...Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults = nil
	for _, f := range faults {
		p.faults = append(p.faults, &f)
	}
}

// Mend removes every fault and lets people in again.
func (p *Proxy) Mend() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults, p.down = nil, false
}

// Down breaks every line and lets nobody in until Mend.
func (p *Proxy) Down() {
	p.mu.Lock()
	p.down = true
	p.mu.Unlock()
	p.Cut()
}

// Lead sends those who connect from now on to another server.
func (p *Proxy) Lead(network, to string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.network, p.to = network, to
}

// Cut breaks every line.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for l := range p.lines {
		l.close()
	}
}

// Hits is how many commands and lines were spoiled since the proxy began.
func (p *Proxy) Hits() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.hits
}

// connecting is the kind of what is no command: a client comes.
const connecting = "connecting"

// hit counts a command of a kind and returns what is to be done to it.
func (p *Proxy) hit(kind string) (f Fault, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, f := range p.faults {
		if (f.How == RefuseLine) != (kind == connecting) || f.Kind != "" && f.Kind != kind {
			continue
		}
		f.seen++
		if f.Nth > 0 && f.seen != f.Nth || f.Times > 0 && f.done >= f.Times || f.Permille > 0 && p.random.IntN(1000) >= f.Permille {
			continue
		}
		f.done++
		p.hits++
		return *f, true
	}
	return Fault{}, false
}

func (p *Proxy) accept(ctx context.Context) {
	for {
		in, err := p.l.Accept()
		if err != nil {
			return
		}
		p.all.Go(func() {
			if err := p.serve(ctx, in); err != nil && !errors.Is(err, io.EOF) {
				in.Close() // the line broke, as lines do
			}
		})
	}
}

// line is one client and its connection to the server.
type line struct {
	in, out net.Conn
	once    sync.Once
	broken  chan struct{}
	pending chan order // commands whose answer has not begun
}

// order is a command on its way, and what is to be done to its answer.
type order struct {
	fault  Fault
	spoils bool
}

func (l *line) close() {
	l.once.Do(func() {
		close(l.broken)
		l.in.Close()
		l.out.Close()
	})
}

func (p *Proxy) serve(ctx context.Context, in net.Conn) error {
	defer in.Close()
	p.mu.Lock()
	down, network, to := p.down, p.network, p.to
	p.mu.Unlock()
	if _, refused := p.hit(connecting); down || refused {
		return abort(in)
	}
	out, err := (&net.Dialer{Timeout: 3 * time.Second}).DialContext(ctx, network, to)
	if err != nil {
		return err
	}
	l := &line{in: in, out: out, broken: make(chan struct{}), pending: make(chan order, 4096)}
	p.mu.Lock()
	p.lines[l] = true
	p.mu.Unlock()
	defer func() {
		l.close()
		p.mu.Lock()
		delete(p.lines, l)
		p.mu.Unlock()
	}()
	var back sync.WaitGroup
	back.Go(func() { l.end(p, p.answers(l)) })
	err = p.commands(l)
	l.end(p, err)
	back.Wait()
	return nil
}

// spoiledError ends a line by a fault.
type spoiledError struct{ Fault }

// Error says which.
func (e spoiledError) Error() string { return fmt.Sprintf("spoiled: %d", e.How) }

// end closes a line by the fault that ended it.
func (l *line) end(p *Proxy, err error) {
	spoiled, yes := errors.AsType[spoiledError](err)
	if yes && spoiled.Down { // before the client can come back
		p.Down()
	}
	if yes && spoiled.How == Reset {
		_ = abort(l.in)
	}
	l.close()
}

// abort closes a line so that the client reads a reset.
func abort(c net.Conn) error {
	if t, ok := c.(*net.TCPConn); ok {
		if err := t.SetLinger(0); err != nil {
			return err
		}
	}
	return c.Close()
}

// commands carries what the client says.
func (p *Proxy) commands(l *line) error {
	from := bufio.NewReader(l.in)
	for {
		frame, kind, err := p.speech.command(from)
		if err != nil {
			return err
		}
		o := order{}
		if kind != "" {
			o.fault, o.spoils = p.hit(kind)
		}
		if err := l.before(o); err != nil {
			return err
		}
		if kind != "" {
			l.pending <- o
		}
		if _, err := l.out.Write(frame); err != nil {
			return err
		}
	}
}

// before does what a fault does to a command before the server reads it.
func (l *line) before(o order) error {
	if !o.spoils {
		return nil
	}
	switch o.fault.How { //nolint:exhaustive // the others are about answers
	case CutBefore, Reset:
		return spoiledError{o.fault}
	case BlackHole:
		_, err := io.Copy(io.Discard, l.in)
		return errors.Join(err, io.EOF)
	case Delay:
		return l.wait(o.fault.Wait)
	}
	return nil
}

// wait waits, unless the line breaks before.
func (l *line) wait(d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-l.broken:
		return net.ErrClosed
	}
}

// answers carries what the server says.
func (p *Proxy) answers(l *line) error {
	from := bufio.NewReader(l.out)
	for {
		frame, err := p.speech.answer(from)
		if err != nil {
			return err
		}
		o := order{}
		select {
		case o = <-l.pending: // this is how its answer begins
		default:
		}
		if err := l.after(o, frame); err != nil {
			return err
		}
	}
}

// after passes the beginning of an answer on, or does what a fault does to it.
func (l *line) after(o order, frame []byte) error {
	if o.spoils {
		switch o.fault.How { //nolint:exhaustive // the others are about commands
		case CutAfter:
			return spoiledError{o.fault}
		case CutMiddle:
			_, err := l.in.Write(frame[:len(frame)/2])
			return errors.Join(spoiledError{o.fault}, err)
		case Slow:
			return l.drip(frame, o.fault.Wait)
		}
	}
	_, err := l.in.Write(frame)
	return err
}

// drip sends a few bytes at a time.
func (l *line) drip(frame []byte, pause time.Duration) error {
	for len(frame) > 0 {
		n := min(3, len(frame))
		if _, err := l.in.Write(frame[:n]); err != nil {
			return err
		}
		frame = frame[n:]
		if err := l.wait(pause); err != nil {
			return err
		}
	}
	return nil
}
