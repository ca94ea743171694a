package bench

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Outcome is what became of a load.
type Outcome struct {
	Took    time.Duration
	Waits   []time.Duration // of each request, from when it was due
	Answers [][]byte        // bodies; nil where none came
	Failed  int             // without an answer
	CPU     time.Duration   // of this process, the generator's included
}

// Rate is answered requests per second.
func (o Outcome) Rate() int {
	return int(int64(len(o.Waits)-o.Failed) * int64(time.Second) / max(1, int64(o.Took)))
}

// Percentile is how long the slowest but (100-p) % of the requests took.
func (o Outcome) Percentile(p int) time.Duration {
	if len(o.Waits) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(o.Waits))
	return sorted[min(len(sorted)-1, len(sorted)*p/100)]
}

// Load sends requests to a server on loopback.
type Load struct {
	Addr     string
	Requests [][]byte
	Conns    int
	// PerSecond sends at that rate, whether or not answers come. 0 sends the
	// next request of a connection when its last was answered.
	PerSecond int
	Now       func() time.Time
}

// line is one connection, which is opened when it is needed.
type line struct {
	conn net.Conn
	r    *bufio.Reader
}

// Run sends every request once and waits for the answers.
func (l Load) Run(ctx context.Context) (Outcome, error) {
	o := Outcome{Waits: make([]time.Duration, len(l.Requests)), Answers: make([][]byte, len(l.Requests))}
	var next, failed atomic.Int64
	var all sync.WaitGroup
	lines := make([]line, l.Conns)
	for i := range lines {
		if err := lines[i].open(ctx, l.Addr); err != nil {
			return o, err
		}
		defer lines[i].close()
	}
	cpu, start := cpuTime(), l.Now()
	for i := range lines {
		all.Go(func() {
			for {
				n := int(next.Add(1)) - 1
				if n >= len(l.Requests) || ctx.Err() != nil {
					return
				}
				due := l.due(start, n)
				body, err := lines[i].ask(ctx, l.Addr, l.Requests[n])
				if err != nil {
					failed.Add(1)
				}
				o.Answers[n], o.Waits[n] = body, l.Now().Sub(due)
			}
		})
	}
	all.Wait()
	o.Took, o.CPU, o.Failed = l.Now().Sub(start), cpuTime()-cpu, int(failed.Load())
	return o, ctx.Err()
}

// due waits until a request is due and returns when that was: a server that
// keeps the generator waiting does not get its time back.
func (l Load) due(start time.Time, n int) time.Time {
	if l.PerSecond == 0 {
		return l.Now()
	}
	at := start.Add(time.Duration(n) * time.Second / time.Duration(l.PerSecond))
	time.Sleep(at.Sub(l.Now()))
	return at
}

func (l *line) open(ctx context.Context, addr string) error {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	l.conn, l.r = conn, bufio.NewReaderSize(conn, 4<<10)
	return nil
}

func (l *line) close() {
	if l.conn != nil {
		l.conn.Close()
		l.conn = nil
	}
}

// ask sends one request and returns the body of its answer.
func (l *line) ask(ctx context.Context, addr string, request []byte) (body []byte, err error) {
	if l.conn == nil {
		if err := l.open(ctx, addr); err != nil {
			return nil, err
		}
	}
	if _, err = l.conn.Write(request); err == nil {
		body, err = l.read()
	}
	if err != nil {
		l.close()
	}
	return body, err
}

// Ask sends one request on a connection and waits for its answer.
func Ask(conn net.Conn, request []byte) error {
	l := line{conn: conn, r: bufio.NewReaderSize(conn, 1<<10)}
	if _, err := conn.Write(request); err != nil {
		return fmt.Errorf("ask: %w", err)
	}
	if _, err := l.read(); err != nil {
		return fmt.Errorf("ask: %w", err)
	}
	return nil
}

// read reads an answer. What it knows of HTTP is what net/http writes for a
// short body.
func (l *line) read() ([]byte, error) {
	first, err := l.r.ReadSlice('\n')
	if err != nil {
		return nil, err
	}
	if !bytes.Contains(first, []byte(" 200 ")) {
		return nil, fmt.Errorf("answered %s", strings.TrimSpace(string(first)))
	}
	length := -1
	for {
		h, err := l.r.ReadSlice('\n')
		if err != nil {
			return nil, err
		}
		if len(h) <= 2 {
			break
		}
		if v, ok := bytes.CutPrefix(h, []byte("Content-Length: ")); ok {
			length, err = strconv.Atoi(strings.TrimSpace(string(v)))
			if err != nil {
				return nil, errors.New("no length")
			}
		}
	}
	if length < 0 {
		return nil, errors.New("no length")
	}
	body := make([]byte, length)
	_, err = io.ReadFull(l.r, body)
	return body, err
}

// Serve serves a handler on loopback until stop is called.
func Serve(ctx context.Context, h http.Handler) (addr string, stop func(), err error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, fmt.Errorf("listen: %w", err)
	}
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second}
	var wg sync.WaitGroup
	wg.Go(func() { _ = srv.Serve(l) })
	return l.Addr().String(), func() { _ = srv.Close(); wg.Wait() }, nil
}
