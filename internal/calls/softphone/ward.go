package softphone

import (
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
)

// ward is the room's socket with a guard before it: only addresses that have a
// line are heard and answered.
type ward struct {
	net.PacketConn
	lines   sync.Map // netip.Addr → *Line
	foreign atomic.Uint64
}

// seat gives an address to a line; whoever had it before has it no more.
func (w *ward) seat(addr netip.Addr, l *Line) { w.lines.Store(addr, l) }

// unseat takes an address from l, unless another line has it by now.
func (w *ward) unseat(addr netip.Addr, l *Line) { w.lines.CompareAndDelete(addr, l) }

func (w *ward) at(a net.Addr) *Line {
	u, ok := a.(*net.UDPAddr)
	if !ok {
		return nil
	}
	l, ok := w.lines.Load(u.AddrPort().Addr().Unmap())
	if !ok {
		return nil
	}
	return l.(*Line)
}

// ReadFrom implements net.PacketConn.
func (w *ward) ReadFrom(b []byte) (int, net.Addr, error) {
	for {
		n, from, err := w.PacketConn.ReadFrom(b)
		if err != nil {
			return n, from, err
		}
		if l := w.at(from); l != nil && !l.wire.shut.Load() {
			return n, from, nil
		}
		w.foreign.Add(1)
	}
}

// WriteTo implements net.PacketConn. What may not go is lost, as on any network.
func (w *ward) WriteTo(b []byte, to net.Addr) (int, error) {
	l := w.at(to)
	if l == nil || !l.wire.enter() {
		return len(b), nil
	}
	defer l.wire.leave()
	return w.PacketConn.WriteTo(b, to)
}
