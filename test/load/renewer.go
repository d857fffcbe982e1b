package load

import (
	"crypto/ed25519"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// renewer keeps one lease as an agent does, but sleeps between nonces: ten
// thousand loops that look at the clock five times a second would be the load.
type renewer struct {
	mu  sync.Mutex
	udp net.Conn
}

func (r *renewer) stop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.udp != nil {
		_ = r.udp.Close() // ends the loop
	}
}

// Tally is what the renewals of a fleet came to.
type Tally struct {
	mu     sync.Mutex
	took   []time.Duration
	on     atomic.Bool // counted, else only done
	Closed atomic.Int64
	Resent atomic.Int64
}

// Count begins or ends counting.
func (t *Tally) Count(on bool) { t.on.Store(on) }

// Took is every counted renewal: from its first sending to the acknowledgement.
func (t *Tally) Took() []time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]time.Duration(nil), t.took...)
}

func (t *Tally) add(d time.Duration) {
	if t.on.Load() {
		t.mu.Lock()
		t.took = append(t.took, d)
		t.mu.Unlock()
	}
}

// quiet is how long a lease may be without a datagram before its PC speaks up
// again: its first word may have been lost.
const quiet = wire.NonceEvery + 2*wire.RepeatEvery

// Renew opens the PC's lease socket and answers every nonce until it is closed.
// ended is called if the server says that the lease is over.
func (p *PC) Renew(t *Tally, ended func(time.Time)) error {
	udp, err := p.Conn.Tunnel.DialUDP(p.Conn.Gateway(wire.LeasePort))
	if err != nil {
		return err
	}
	p.renews.mu.Lock()
	p.renews.udp = udp
	p.renews.mu.Unlock()
	hello, err := p.sign(wire.LeaseRenewal{Session: p.Session, State: sekisho.Present})
	if err != nil {
		return err
	}
	go p.renew(udp, hello, t, ended)
	return nil
}

func (p *PC) sign(r wire.LeaseRenewal) ([]byte, error) {
	return r.Sign(func(m []byte) []byte { return ed25519.Sign(p.Conn.Keys.Lease, m) })
}

func (p *PC) renew(udp net.Conn, latest []byte, t *Tally, ended func(time.Time)) {
	var counter uint64
	var sent time.Time
	buf := make([]byte, wire.MaxLeaseDatagram)
	_, _ = udp.Write(latest) // lost is sent again
	for {
		if err := udp.SetReadDeadline(time.Now().Add(quiet)); err != nil {
			return
		}
		n, err := udp.Read(buf)
		if slow, ok := errors.AsType[net.Error](err); ok && slow.Timeout() {
			t.Resent.Add(1)
			_, _ = udp.Write(latest)
			continue
		}
		if err != nil {
			return // closed by us
		}
		if _, err := wire.ParseLeaseClosed(buf[:n]); err == nil {
			t.Closed.Add(1)
			ended(time.Now())
			return
		}
		nonce, err := wire.ParseLeaseNonce(buf[:n])
		if err != nil {
			continue
		}
		if nonce.Acked >= counter && !sent.IsZero() {
			t.add(time.Since(sent))
			sent = time.Time{}
		}
		if nonce.Counter <= counter {
			if nonce.Acked < counter {
				t.Resent.Add(1)
				_, _ = udp.Write(latest)
			}
			continue
		}
		b, err := p.sign(wire.LeaseRenewal{Session: p.Session, Counter: nonce.Counter, Nonce: nonce.Nonce, State: sekisho.Present, InState: time.Minute})
		if err != nil {
			return
		}
		counter, latest, sent = nonce.Counter, b, time.Now()
		_, _ = udp.Write(b)
	}
}
