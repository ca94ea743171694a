package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// askOn sends a request on a connection and reads the answer.
func askOn(conn net.Conn) error {
	if err := conn.SetDeadline(time.Now().Add(5 * time.Second)); err != nil {
		return err
	}
	if _, err := fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		return err
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	return err
}

// idler starts a server whose sweeps the test makes. What it returns opens a
// connection to it and asks once.
func idler(t *testing.T, idle *idleConns) func() net.Conn {
	t.Helper()
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ok") }))
	srv.Config.ConnState = idle.watch
	srv.Start()
	t.Cleanup(srv.Close)
	return func() net.Conn {
		t.Helper()
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", srv.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		if err := askOn(conn); err != nil {
			t.Fatal(err)
		}
		return conn
	}
}

func (i *idleConns) count() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.order.Len()
}

// until waits for a number of idle connections: the server hears of one a moment
// after its client has the answer.
func (i *idleConns) until(t *testing.T, n int) {
	t.Helper()
	for range 500 {
		if i.count() == n {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("%d connections are idle, want %d", i.count(), n)
}

func TestOfTooManyIdleConnectionsTheLongestWaitingGo(t *testing.T) {
	t.Parallel()
	idle := newIdleConns(5, time.Hour)
	open := idler(t, idle)
	var conns []net.Conn
	for n := range 12 {
		conns = append(conns, open())
		idle.until(t, n+1) // or a later one may begin to wait before it
	}
	idle.sweep()
	if n := idle.count(); n != 12 {
		t.Fatalf("%d are left of 12 that have just been used", n)
	}
	if err := askOn(conns[0]); err != nil { // and so waits for the shortest time
		t.Fatal(err)
	}
	idle.until(t, 12)
	idle.grace = 0
	idle.sweep()
	idle.until(t, 5)
	for i, conn := range conns {
		stays := i == 0 || i > 7
		if err := askOn(conn); (err == nil) != stays {
			t.Errorf("connection %d: %v", i, err)
		}
	}
}

func TestTooManyIdleConnectionsAreClosedByThemselves(t *testing.T) {
	t.Parallel()
	idle := newIdleConns(3, 50*time.Millisecond)
	open := idler(t, idle)
	for range 20 {
		open()
	}
	idle.until(t, 3)
}
