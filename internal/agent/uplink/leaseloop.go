package uplink

import (
	"encoding/hex"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// endPatience is how long an ending answer is repeated: by then the lease has
// passed on the server by itself.
const endPatience = wire.LeaseTTL + time.Second

// Heard is what the lease loop tells the guard's owner. Both are called from
// the loop's own goroutines and must not block.
type Heard struct {
	Nonce  func(text string)      // a new nonce, in the form that pages echo in their frames
	Closed func(wire.LeaseClosed) // the server ended the session
}

// LeaseLoop keeps one session's lease alive over UDP inside the tunnel.
type LeaseLoop struct {
	conn   net.PacketConn
	server netip.AddrPort
	clock  Clock
	heard  Heard

	mu sync.Mutex
	r  *Responder
	at time.Duration // when an ending verdict was given; 0 before

	quit chan struct{}
	once sync.Once
	gone sync.WaitGroup
}

// Lease starts the loop of a session that the server has just opened.
func (c *Connection) Lease(session sekisho.SessionID, heard Heard) (*LeaseLoop, error) {
	conn, err := c.listen()
	if err != nil {
		return nil, errBroken.Because(err)
	}
	l := &LeaseLoop{conn: conn, server: netip.AddrPortFrom(c.gateway, wire.LeasePort), clock: c.clock, heard: heard,
		r: c.Responder(session), quit: make(chan struct{})}
	l.gone.Go(l.listen)
	l.gone.Go(l.repeat)
	return l, nil
}

// Verdict hands a verdict over; what it answers leaves at once.
func (l *LeaseLoop) Verdict(v Verdict) {
	l.mu.Lock()
	b := l.r.Verdict(v, l.clock.Mono())
	if v.Ends && l.at == 0 {
		l.at = l.clock.Mono()
	}
	l.mu.Unlock()
	l.send(b)
}

// Close ends the loop.
func (l *LeaseLoop) Close() {
	l.once.Do(func() {
		close(l.quit)
		_ = l.conn.Close() // ends the read: its error tells nothing
	})
	l.gone.Wait()
}

func (l *LeaseLoop) send(b []byte) {
	if b == nil {
		return
	}
	if _, err := l.conn.WriteTo(b, net.UDPAddrFromAddrPort(l.server)); err != nil && !errors.Is(err, net.ErrClosed) {
		slog.Debug("lease datagram not sent; it is repeated", "error", err)
	}
}

func (l *LeaseLoop) listen() {
	buf := make([]byte, wire.MaxLeaseDatagram+1)
	for {
		n, from, err := l.conn.ReadFrom(buf)
		if err != nil {
			return // closed, here or with the tunnel
		}
		if from.String() == l.server.String() {
			l.datagram(buf[:n])
		}
	}
}

func (l *LeaseLoop) datagram(b []byte) {
	if nonce, err := wire.ParseLeaseNonce(b); err == nil {
		l.mu.Lock()
		fresh := l.r.Nonce(nonce, l.clock.Mono())
		l.mu.Unlock()
		if fresh && l.heard.Nonce != nil {
			l.heard.Nonce(hex.EncodeToString(nonce.Nonce[:]))
		}
		return
	}
	if closed, err := wire.ParseLeaseClosed(b); err == nil {
		l.mu.Lock()
		ours := l.r.Closed(closed)
		l.mu.Unlock()
		if ours && l.heard.Closed != nil {
			l.heard.Closed(closed)
		}
	}
}

func (l *LeaseLoop) repeat() {
	tick := time.NewTicker(wire.Tick)
	defer tick.Stop()
	for {
		select {
		case <-l.quit:
			return
		case <-tick.C:
		}
		l.mu.Lock()
		now := l.clock.Mono()
		b := l.r.Repeat(now)
		if l.at > 0 && now-l.at > endPatience {
			b = nil
		}
		l.mu.Unlock()
		l.send(b)
	}
}
