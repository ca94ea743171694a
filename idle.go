package main

import (
	"container/list"
	"net"
	"net/http"
	"runtime"
	"runtime/debug"
	"sync"
	"time"
)

// How many connections may wait for a next request, and how long more of them
// may: whoever sends one request after the other is not cut off between two.
// Each costs some 20 KB, and the platform, or the proxy in front, opens a new one
// at will.
const (
	mostIdle  = 1000
	idleGrace = 3 * time.Second
	idleWorth = 500 // closed at once, so that their memory is worth giving back
)

// newServer is the server of the account's callbacks.
func newServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 5 * time.Second,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10, ConnState: newIdleConns(mostIdle, idleGrace).watch,
	}
}

// idleConns bounds the connections on which nothing happens: of too many, those
// that wait longest are closed, as their time would have been up first.
type idleConns struct {
	most  int
	grace time.Duration
	mu    sync.Mutex
	order *list.List // of waiting, the longest first
	at    map[net.Conn]*list.Element
	due   bool // a sweep is
}

type waiting struct {
	conn  net.Conn
	since time.Time
}

func newIdleConns(most int, grace time.Duration) *idleConns {
	return &idleConns{most: most, grace: grace, order: list.New(), at: map[net.Conn]*list.Element{}}
}

// watch is told of every change of a connection's state.
func (i *idleConns) watch(c net.Conn, s http.ConnState) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if e, waits := i.at[c]; waits {
		i.order.Remove(e)
		delete(i.at, c)
	}
	if s != http.StateIdle {
		return
	}
	i.at[c] = i.order.PushBack(waiting{c, time.Now()}) //nolint:forbidigo // main's clock
	if i.order.Len() > i.most && !i.due {
		i.due = true
		time.AfterFunc(i.grace, i.sweep)
	}
}

// sweep closes what has waited too long, and comes back while there is too much.
func (i *idleConns) sweep() {
	over := i.over(time.Now().Add(-i.grace)) //nolint:forbidigo // main's clock
	for _, c := range over {
		_ = c.Close() // the server hears of it as of one that the other side closed
	}
	if len(over) >= idleWorth {
		time.AfterFunc(time.Second, giveBack) // when their goroutines are gone
	}
}

// giveBack returns memory to the system. Once does not do: what net/http keeps to
// use again outlives one collection.
func giveBack() {
	runtime.GC()
	debug.FreeOSMemory()
}

// over takes those out that are too many and wait since before an instant.
func (i *idleConns) over(before time.Time) (out []net.Conn) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for i.order.Len() > i.most {
		w, _ := i.order.Front().Value.(waiting)
		if w.since.After(before) {
			break
		}
		i.order.Remove(i.order.Front())
		delete(i.at, w.conn)
		out = append(out, w.conn)
	}
	if i.due = i.order.Len() > i.most; i.due {
		time.AfterFunc(i.grace, i.sweep)
	}
	return out
}
