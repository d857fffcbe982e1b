package stack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/adapters/gonet"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv4"
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"
	"gvisor.dev/gvisor/pkg/tcpip/transport/udp"
	"gvisor.dev/gvisor/pkg/waiter"
)

// Conn is a TCP connection inside the tunnel. Its errors are those of package
// net: net.ErrClosed once this side closed it, syscall.ECONNRESET when the far
// side reset it.
type Conn struct {
	tcp    *gonet.TCPConn
	local  net.Addr
	remote net.Addr
	ep     tcpip.Endpoint
	once   sync.Once
	ended  atomic.Bool // closed or reset by this side
}

func newConn(wq *waiter.Queue, ep tcpip.Endpoint) *Conn {
	c := &Conn{tcp: gonet.NewTCPConn(wq, ep), ep: ep}
	// Kept, because the endpoint forgets them once it is reset.
	c.local, c.remote = c.tcp.LocalAddr(), c.tcp.RemoteAddr()
	return c
}

// Read implements net.Conn.
func (c *Conn) Read(b []byte) (int, error) {
	n, err := c.tcp.Read(b)
	return n, c.why(err)
}

// Write implements net.Conn.
func (c *Conn) Write(b []byte) (int, error) {
	n, err := c.tcp.Write(b)
	return n, c.why(err)
}

func (c *Conn) why(err error) error {
	switch {
	case err == nil:
		return nil
	case c.ended.Load():
		return net.ErrClosed
	case err == io.EOF:
		return io.EOF
	}
	if op, ok := errors.AsType[*net.OpError](err); ok {
		op.Source, op.Addr = c.local, c.remote
		switch op.Err.Error() {
		case (&tcpip.ErrConnectionReset{}).String():
			op.Err = syscall.ECONNRESET
		case (&tcpip.ErrTimeout{}).String():
			op.Err = syscall.ETIMEDOUT
		}
	}
	return err
}

// Close ends the connection in order: what was written is still delivered.
func (c *Conn) Close() error {
	c.ended.Store(true)
	c.once.Do(func() { _ = c.tcp.Close() })
	return nil
}

// LocalAddr implements net.Conn.
func (c *Conn) LocalAddr() net.Addr { return c.local }

// RemoteAddr implements net.Conn.
func (c *Conn) RemoteAddr() net.Addr { return c.remote }

// SetDeadline implements net.Conn.
func (c *Conn) SetDeadline(t time.Time) error { return c.tcp.SetDeadline(t) }

// SetReadDeadline implements net.Conn.
func (c *Conn) SetReadDeadline(t time.Time) error { return c.tcp.SetReadDeadline(t) }

// SetWriteDeadline implements net.Conn.
func (c *Conn) SetWriteDeadline(t time.Time) error { return c.tcp.SetWriteDeadline(t) }

// CloseWrite says that nothing more will be written.
func (c *Conn) CloseWrite() error { return c.tcp.CloseWrite() }

// Reset ends the connection at once, also one that is being closed in order:
// nothing that waits is delivered to either side, and the far side is told by a
// reset.
func (c *Conn) Reset() {
	c.ended.Store(true)
	c.ep.Abort()
	_ = c.Close() // releases what Abort leaves
}

var _ net.Conn = (*Conn)(nil)

// Reset ends conn abruptly wherever it lives: a connection of this package, a
// kernel TCP socket (SO_LINGER 0: what this side still holds never reaches the
// reader; what lies in the reader's own buffer is past recall), or a wrapper that tells the connection below it by NetConn.
func Reset(conn net.Conn) {
	for {
		switch c := conn.(type) {
		case interface{ Reset() }:
			c.Reset()
			return
		case *net.TCPConn:
			_ = c.SetLinger(0) // fails only on a socket that is closed already
			_ = c.Close()
			return
		case interface{ NetConn() net.Conn }:
			conn = c.NetConn()
		default:
			if conn != nil {
				_ = conn.Close()
			}
			return
		}
	}
}

// endpoint makes a socket while the stack is open and keeps Close out until set is done.
func (s *Stack) endpoint(proto tcpip.TransportProtocolNumber, wq *waiter.Queue, set func(tcpip.Endpoint) tcpip.Error) (tcpip.Endpoint, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return nil, net.ErrClosed
	}
	ep, terr := s.net.NewEndpoint(proto, ipv4.ProtocolNumber, wq)
	if terr != nil {
		return nil, errors.New(terr.String())
	}
	if terr := set(ep); terr != nil {
		ep.Close()
		return nil, errors.New(terr.String())
	}
	return ep, nil
}

func full(a netip.AddrPort) tcpip.FullAddress {
	return tcpip.FullAddress{NIC: nic, Addr: tcpip.AddrFrom4(a.Addr().As4()), Port: a.Port()}
}

// backlog bounds handshakes that nobody has accepted yet; beyond it SYN cookies answer.
const backlog = 1024

// ListenTCP accepts connections to a port of the stack's own address.
func (s *Stack) ListenTCP(port uint16) (net.Listener, error) {
	at := netip.AddrPortFrom(s.address, port)
	l := &listener{stack: s, done: make(chan struct{}), addr: net.TCPAddrFromAddrPort(at)}
	ep, err := s.endpoint(tcp.ProtocolNumber, &l.wq, func(ep tcpip.Endpoint) tcpip.Error {
		if err := ep.Bind(full(at)); err != nil {
			return err
		}
		return ep.Listen(backlog)
	})
	if err != nil {
		return nil, fmt.Errorf("stack: listen on TCP %v: %w", at, err)
	}
	l.ep = ep
	if local, err := ep.GetLocalAddress(); err == nil {
		l.addr.Port = int(local.Port)
	}
	return l, nil
}

type listener struct {
	stack *Stack
	ep    tcpip.Endpoint
	wq    waiter.Queue
	addr  *net.TCPAddr
	once  sync.Once
	done  chan struct{}
}

func (l *listener) Accept() (net.Conn, error) {
	entry, ready := waiter.NewChannelEntry(waiter.ReadableEvents)
	l.wq.EventRegister(&entry)
	defer l.wq.EventUnregister(&entry)
	for {
		ep, wq, err := l.ep.Accept(nil)
		switch err.(type) {
		case nil:
			return newConn(wq, ep), nil
		case *tcpip.ErrWouldBlock:
		default: // the endpoint is gone
			return nil, net.ErrClosed
		}
		select {
		case <-ready:
		case <-l.done:
			return nil, net.ErrClosed
		case <-l.stack.ctx.Done():
			return nil, net.ErrClosed
		}
	}
}

func (l *listener) Close() error {
	l.once.Do(func() {
		close(l.done)
		l.ep.Close()
	})
	return nil
}

func (l *listener) Addr() net.Addr { return l.addr }

// DialContext connects to a numeric address through the tunnel. network is
// "tcp", "tcp4", "udp" or "udp4".
func (s *Stack) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	to, err := netip.ParseAddrPort(address)
	if err != nil || !to.Addr().Is4() {
		return nil, &net.AddrError{Err: "not a numeric IPv4 address inside the tunnel", Addr: address}
	}
	switch network {
	case "tcp", "tcp4":
		return s.dialTCP(ctx, to)
	case "udp", "udp4":
		return s.DialUDP(to)
	}
	return nil, net.UnknownNetworkError(network)
}

func (s *Stack) dialTCP(ctx context.Context, to netip.AddrPort) (net.Conn, error) {
	fail := func(err error) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Addr: net.TCPAddrFromAddrPort(to), Err: err}
	}
	var wq waiter.Queue
	entry, ready := waiter.NewChannelEntry(waiter.WritableEvents)
	wq.EventRegister(&entry)
	defer wq.EventUnregister(&entry)
	ep, err := s.endpoint(tcp.ProtocolNumber, &wq, func(ep tcpip.Endpoint) tcpip.Error {
		err := ep.Connect(full(to))
		if _, started := err.(*tcpip.ErrConnectStarted); started {
			return nil
		}
		return err
	})
	if err != nil {
		return fail(err)
	}
	select {
	case <-ready:
	case <-ctx.Done():
		ep.Abort()
		return fail(ctx.Err())
	case <-s.ctx.Done():
		ep.Abort()
		return fail(net.ErrClosed)
	}
	if terr := ep.LastError(); terr != nil {
		ep.Close()
		switch terr.(type) {
		case *tcpip.ErrConnectionRefused:
			return fail(syscall.ECONNREFUSED)
		case *tcpip.ErrTimeout:
			return fail(syscall.ETIMEDOUT)
		}
		return fail(errors.New(terr.String()))
	}
	return newConn(&wq, ep), nil
}

// udpBuffer holds a burst of the lease datagrams of 10,000 PCs.
const udpBuffer = 4 << 20

// PacketConn is a UDP socket inside the tunnel.
type PacketConn struct {
	*gonet.UDPConn
	ended atomic.Bool
}

// ListenUDP binds a port of the stack's own address; 0 picks a free one.
func (s *Stack) ListenUDP(port uint16) (*PacketConn, error) {
	at := netip.AddrPortFrom(s.address, port)
	return s.packetConn(func(ep tcpip.Endpoint) tcpip.Error { return ep.Bind(full(at)) })
}

// DialUDP makes a socket that speaks with one address alone.
func (s *Stack) DialUDP(to netip.AddrPort) (*PacketConn, error) {
	if !to.Addr().Is4() {
		return nil, &net.AddrError{Err: "not an IPv4 address", Addr: to.String()}
	}
	return s.packetConn(func(ep tcpip.Endpoint) tcpip.Error { return ep.Connect(full(to)) })
}

func (s *Stack) packetConn(set func(tcpip.Endpoint) tcpip.Error) (*PacketConn, error) {
	wq := new(waiter.Queue)
	ep, err := s.endpoint(udp.ProtocolNumber, wq, func(ep tcpip.Endpoint) tcpip.Error {
		ep.SocketOptions().SetReceiveBufferSize(udpBuffer, true)
		ep.SocketOptions().SetSendBufferSize(udpBuffer, true)
		return set(ep)
	})
	if err != nil {
		return nil, fmt.Errorf("stack: open UDP: %w", err)
	}
	return &PacketConn{UDPConn: gonet.NewUDPConn(wq, ep)}, nil
}

// ReadFrom implements net.PacketConn.
func (c *PacketConn) ReadFrom(b []byte) (int, net.Addr, error) {
	n, from, err := c.UDPConn.ReadFrom(b)
	if err == io.EOF || (err != nil && c.ended.Load()) {
		err = net.ErrClosed
	}
	return n, from, err
}

// Read implements net.Conn.
func (c *PacketConn) Read(b []byte) (int, error) {
	n, _, err := c.ReadFrom(b)
	return n, err
}

// WriteTo implements net.PacketConn; the address must be a *net.UDPAddr of IPv4.
func (c *PacketConn) WriteTo(b []byte, to net.Addr) (int, error) {
	a, ok := to.(*net.UDPAddr)
	if !ok || a.IP.To4() == nil {
		return 0, &net.AddrError{Err: "not an IPv4 UDP address", Addr: fmt.Sprint(to)}
	}
	return c.UDPConn.WriteTo(b, &net.UDPAddr{IP: a.IP.To4(), Port: a.Port})
}

// Close implements net.PacketConn.
func (c *PacketConn) Close() error {
	if c.ended.CompareAndSwap(false, true) {
		return c.UDPConn.Close()
	}
	return nil
}
