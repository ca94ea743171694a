package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"runtime"
	"time"

	"github.com/cunkao/cunkao/bench"
)

// benchIdleCmd is `cunkao bench idle`.
type benchIdleCmd struct {
	benchPlace
	Conns int `help:"连接数；每个连接说一句话，然后不再作声。" default:"10000"`
}

// Run opens connections, sends a message on each, and says what they cost while
// nothing happens on them any more.
func (c *benchIdleCmd) Run(ctx context.Context, s std) (err error) {
	a, err := c.openBench(ctx, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.done()) }()
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	srv := newServer(a.routes())
	a.loops.Go(func() { _ = srv.Serve(l) })
	defer srv.Close()
	before := held()
	conns, err := c.open(ctx, a, l.Addr().String())
	defer func() {
		for _, conn := range conns {
			_ = conn.Close()
		}
	}()
	if err != nil {
		return err
	}
	at := held()
	time.Sleep(2 * idleGrace)
	after := held()
	fmt.Fprintf(s.out, "%d个连接各说一句：内存先后是%d、%d MiB，%s后是%d MiB（客户端也在内），还连着%d个\n",
		len(conns), before>>20, at>>20, 2*idleGrace, after>>20, c.alive(conns))
	return nil
}

// open opens the connections one after the other, each with a message answered.
func (c *benchIdleCmd) open(ctx context.Context, a *benchApp, addr string) (conns []net.Conn, err error) {
	for i := range c.Conns {
		req, err := bench.Callback(a.account, benchOpenID(i), "帮助", int64(i), a.now())
		if err != nil {
			return conns, err
		}
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", addr)
		if err != nil {
			return conns, fmt.Errorf("connection %d: %w", i, err)
		}
		conns = append(conns, conn)
		if err := bench.Ask(conn, req); err != nil {
			return conns, fmt.Errorf("connection %d: %w", i, err)
		}
	}
	return conns, nil
}

// alive counts the connections that the server has not closed.
func (c *benchIdleCmd) alive(conns []net.Conn) (n int) {
	for _, conn := range conns {
		_ = conn.SetReadDeadline(time.Now().Add(time.Millisecond)) //nolint:forbidigo // a socket's deadline
		if _, err := conn.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
			n++
		}
	}
	return n
}

// held is the memory that the process has from the system.
func held() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.Sys - m.HeapReleased) //nolint:gosec // no process has so much
}
