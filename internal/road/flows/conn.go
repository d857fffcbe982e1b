package flows

import (
	"net"
	"net/netip"

	"github.com/sekisho/sekisho/internal/twin/stack"
)

// Conn is an accepted connection that knows the epoch it was opened in. Its
// reads and writes end with the lease, whatever lies in the buffers.
type Conn struct {
	net.Conn
	f      *Flows
	seat   *seat
	record *record
	epoch  uint64
}

// Peer is the PC's address inside the tunnel.
func (c *Conn) Peer() netip.Addr { return c.seat.addr }

// Epoch is the epoch of the lease under which the connection was opened; 0 is quarantine.
func (c *Conn) Epoch() uint64 { return c.epoch }

func (c *Conn) alive() bool { return c.f.passes(c.seat, c.epoch) }

// Read implements net.Conn. What arrived before the lease died is not handed on after it.
func (c *Conn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if !c.alive() {
		clear(b[:n])
		c.Reset()
		return 0, net.ErrClosed
	}
	return n, err
}

// Write implements net.Conn.
func (c *Conn) Write(b []byte) (int, error) {
	if !c.alive() {
		c.Reset()
		return 0, net.ErrClosed
	}
	return c.Conn.Write(b)
}

// Close ends the connection in order.
func (c *Conn) Close() error {
	c.over()
	return c.Conn.Close()
}

// Reset ends the connection at once.
func (c *Conn) Reset() {
	c.over()
	stack.Reset(c.Conn)
}

func (c *Conn) over() {
	c.seat.mu.Lock()
	defer c.seat.mu.Unlock()
	if !c.record.closed {
		c.record.closed, c.record.since = true, c.f.clk.Mono()
	}
}

// listener hands out only connections whose record the gate knows and lets pass.
type listener struct {
	net.Listener
	f *Flows
}

func (l listener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if ours := l.f.admit(c); ours != nil {
			return ours, nil
		}
		stack.Reset(c)
	}
}

func (f *Flows) admit(c net.Conn) *Conn {
	remote, ok := c.RemoteAddr().(*net.TCPAddr)
	local, ok2 := c.LocalAddr().(*net.TCPAddr)
	if !ok || !ok2 {
		return nil
	}
	from := remote.AddrPort()
	s := f.seats.get(from.Addr().Unmap())
	if s == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.records[key{from.Port(), uint16(local.Port)}]
	if r == nil || r.conn != nil || !f.passes(s, r.epoch) {
		return nil
	}
	r.conn = &Conn{Conn: c, f: f, seat: s, record: r, epoch: r.epoch}
	return r.conn
}
