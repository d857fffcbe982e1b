package rawpc

import (
	"context"
	"crypto/ed25519"
	"errors"
	"net"
	"sync"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// Lease answers the nonces of one session over its own socket.
type Lease struct {
	c       *Connection
	session sekisho.SessionID
	udp     net.Conn
	mu      sync.Mutex
	last    wire.LeaseNonce
	sent    []byte
	at      time.Time // when the answer to last was first sent
	// Took is called with the time from an answer to the nonce that acknowledges it.
	Took func(time.Duration)
	// Answer says what to answer; nil answers present.
	Answer func(wire.LeaseNonce) *wire.LeaseRenewal
}

// Lease opens the lease socket of a session.
func (c *Connection) Lease(session sekisho.SessionID) (*Lease, error) {
	udp, err := c.Tunnel.DialUDP(c.Gateway(wire.LeasePort))
	return &Lease{c: c, session: session, udp: udp}, err
}

// Present is the honest answer of somebody alone in front of his PC.
func (l *Lease) Present(n wire.LeaseNonce) *wire.LeaseRenewal {
	return &wire.LeaseRenewal{Session: n.Session, Counter: n.Counter, Nonce: n.Nonce, State: sekisho.Present, InState: time.Minute}
}

// Send signs and sends a renewal of any content.
func (l *Lease) Send(r wire.LeaseRenewal) error {
	b, err := r.Sign(func(m []byte) []byte { return ed25519.Sign(l.c.Keys.Lease, m) })
	if err != nil {
		return err
	}
	return l.SendRaw(b)
}

// SendRaw sends any bytes.
func (l *Lease) SendRaw(b []byte) error { _, err := l.udp.Write(b); return err }

// Run answers nonces until ctx ends or the server says that the lease is over.
func (l *Lease) Run(ctx context.Context) error {
	defer l.udp.Close()
	// The first datagram tells the server from which port we speak.
	if err := l.Send(wire.LeaseRenewal{Session: l.session, State: sekisho.Present}); err != nil {
		return err
	}
	buf := make([]byte, wire.MaxLeaseDatagram)
	for ctx.Err() == nil {
		if err := l.udp.SetReadDeadline(time.Now().Add(wire.RepeatEvery)); err != nil {
			return err
		}
		n, err := l.udp.Read(buf)
		if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() {
			continue
		}
		if err != nil {
			return err
		}
		if _, err := wire.ParseLeaseClosed(buf[:n]); err == nil {
			return nil
		}
		nonce, err := wire.ParseLeaseNonce(buf[:n])
		if err != nil {
			continue
		}
		l.take(nonce)
	}
	return nil
}

func (l *Lease) take(n wire.LeaseNonce) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if n.Acked >= l.last.Counter && l.last.Counter > 0 && !l.at.IsZero() {
		if l.Took != nil {
			l.Took(time.Since(l.at))
		}
		l.at = time.Time{}
	}
	if n.Counter == l.last.Counter {
		if l.sent != nil && n.Acked < n.Counter {
			_ = l.SendRaw(l.sent) // the server repeats until it has the answer
		}
		return
	}
	l.last, l.sent = n, nil
	answer := l.Answer
	if answer == nil {
		answer = l.Present
	}
	r := answer(n)
	if r == nil {
		return
	}
	b, err := r.Sign(func(m []byte) []byte { return ed25519.Sign(l.c.Keys.Lease, m) })
	if err != nil {
		return
	}
	l.sent, l.at = b, time.Now()
	_ = l.SendRaw(b) // a lost one is sent again
}

// Last is the newest nonce that arrived.
func (l *Lease) Last() wire.LeaseNonce { l.mu.Lock(); defer l.mu.Unlock(); return l.last }
