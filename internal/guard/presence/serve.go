package presence

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/gate/grants"
	"github.com/sekisho/sekisho/internal/wire"
)

// readers is how many goroutines take renewals in. A signature costs about
// 60 µs, so that two keep up with 30,000 renewals a second on two cores.
const readers = 2

// Serve speaks the lease protocol on conn until ctx ends or conn is closed, and
// runs the book beside it. It returns when everything it started has ended; conn
// stays the caller's.
func (p *Presence) Serve(ctx context.Context, conn net.PacketConn) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stop := context.AfterFunc(ctx, func() {
		_ = conn.SetReadDeadline(time.Unix(1, 0)) // wakes the readers; a closed conn is awake
	})
	defer stop()
	var all sync.WaitGroup
	for range readers {
		all.Go(func() { cancel(p.read(ctx, conn)) })
	}
	all.Go(func() { p.beat(ctx, conn) })
	all.Go(func() { p.watch(ctx) })
	all.Go(func() { cancel(p.book.Run(ctx)) })
	all.Wait()
	return context.Cause(ctx)
}

func (p *Presence) read(ctx context.Context, conn net.PacketConn) error {
	buf := make([]byte, wire.MaxLeaseDatagram+1)
	for {
		n, from, err := conn.ReadFrom(buf)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err != nil {
			return err // without its socket no lease can be renewed: the server must know
		}
		if at, ok := from.(*net.UDPAddr); ok {
			p.take(conn, buf[:n], at.AddrPort())
		}
	}
}

// take handles one datagram: it renews, and it tells from which port the PC speaks.
func (p *Presence) take(conn net.PacketConn, datagram []byte, from netip.AddrPort) {
	addr := from.Addr().Unmap()
	out := p.book.Renew(datagram, addr)
	if out.Refused == grants.RefusedStranger {
		return // not from a PC in the tunnel: no answer
	}
	id := out.Session.Connection
	if id == "" {
		st, ok := p.book.Find(addr)
		if !ok {
			return
		}
		id, out.Session = st.Connection.ID, st.Session
	}
	if p.ports.learn(addr, id, from.Port()) && out.Reply == nil && out.Session.ID != "" {
		out.Reply = p.book.Nonce(out.Session.ID) // what went to the wrong port until now
	}
	if out.Reply != nil {
		write(conn, out.Reply, net.UDPAddrFromAddrPort(from))
	}
}

// beat turns the wheel and sends closing notices.
func (p *Presence) beat(ctx context.Context, conn net.PacketConn) {
	tick := time.NewTicker(grain)
	defer tick.Stop()
	for n := 0; ; {
		select {
		case <-ctx.Done():
			return
		case bye := <-p.send:
			write(conn, bye.datagram, p.address(bye.to, bye.connection))
		case <-tick.C:
			p.turn(conn)
			if n++; n%int(time.Second/grain) == 0 {
				p.book.Sweep() // what no wheel knows ends here, a second late at most
			}
		}
	}
}

// turn serves every session that is due.
func (p *Presence) turn(conn net.PacketConn) {
	now := p.clk.Mono()
	p.repeats.fill(now, p.wheel.length())
	for _, id := range p.wheel.take(now) {
		b := p.book.Beat(id)
		if !b.Live {
			continue
		}
		if b.Datagram != nil && (!b.Repeat || p.repeats.take()) {
			write(conn, b.Datagram, p.address(b.To, b.Connection))
		}
		p.wheel.add(id, b.Next)
	}
}

func (p *Presence) address(to netip.Addr, c sekisho.ConnectionID) *net.UDPAddr {
	return net.UDPAddrFromAddrPort(netip.AddrPortFrom(to, p.ports.of(to, c, wire.LeasePort)))
}

// part queues the closing notice of a session. It never waits: the lease is over
// whether or not the notice arrives.
func (p *Presence) part(e grants.Ended) {
	b, err := wire.LeaseClosed{Session: e.Session.ID, State: e.State, Reason: e.Reason}.MarshalBinary()
	if err != nil {
		return // the session's id is ours and well formed
	}
	select {
	case p.send <- parting{e.Connection, e.Address, b}:
	default: // thousands end at once; the agents' own clocks tell them
	}
}

// write sends one datagram. What is lost is sent again by the protocol.
func write(conn net.PacketConn, b []byte, to *net.UDPAddr) {
	if _, err := conn.WriteTo(b, to); err != nil && !errors.Is(err, net.ErrClosed) {
		slog.Debug("lease socket: a write failed", "error", err)
	}
}
