package localdoor

import (
	"context"
	"net"
	"sync"
)

// flows are the loopback connections that carry data of a live session.
type flows struct {
	mu    sync.Mutex
	conns map[net.Conn]int
}

type connKey struct{}

// withConn is the server's ConnContext: handlers find their connection by it.
func withConn(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, c)
}

// track registers the connection of a request until release is called.
func (f *flows) track(ctx context.Context) (release func()) {
	conn, _ := ctx.Value(connKey{}).(net.Conn)
	if conn == nil {
		return func() {}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.conns == nil {
		f.conns = map[net.Conn]int{}
	}
	f.conns[conn]++
	return func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		if f.conns[conn]--; f.conns[conn] <= 0 {
			delete(f.conns, conn)
		}
	}
}

// abort resets every tracked connection: SO_LINGER 0 throws away what the
// kernel still holds for the page (RFC 9293 §3.9.1.5 ABORT).
func (f *flows) abort() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := len(f.conns)
	for conn := range f.conns {
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0) // fails only when it is closed already
		}
		_ = conn.Close() // the reset itself
		delete(f.conns, conn)
	}
	return n
}
