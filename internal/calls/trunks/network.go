package trunks

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/emiago/sipgo/sip"
)

// Bounds of what a peer may do to us.
const (
	maxConns      = 256
	maxConnsOfOne = 16
	idleConn      = 10 * time.Minute
	wholeMessage  = 10 * time.Second // from its first octet to its last
	writeWait     = 5 * time.Second
)

// way is how to reach the other side of a transaction.
type way struct {
	kind Transport
	to   netip.AddrPort
	send func([]byte) error
}

func (w way) reliable() bool { return w.kind != UDP }

// network holds the sockets of signalling. Whoever is not on a trunk's list is
// never answered: his datagrams are dropped and his connections closed unread.
type network struct {
	admitted func(netip.Addr) bool
	received func(sip.Message, verdict, way)
	secure   *tls.Config

	udp       *net.UDPConn
	listeners []net.Listener
	at        map[Transport]netip.AddrPort // where each listens
	flood     *buckets
	unknown   atomic.Uint64 // what strangers sent
	panics    atomic.Uint64

	mu     sync.Mutex
	closed bool
	conns  map[*stream]struct{}
	wait   sync.WaitGroup
}

type stream struct {
	net.Conn
	kind Transport
	peer netip.AddrPort
	mu   sync.Mutex
}

func (s *stream) way() way {
	return way{s.kind, s.peer, func(b []byte) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		if err := s.SetWriteDeadline(time.Now().Add(writeWait)); err != nil {
			return err
		}
		_, err := s.Write(b)
		return err
	}}
}

func (n *network) listen(cfg Config) error {
	n.at, n.conns, n.secure = map[Transport]netip.AddrPort{}, map[*stream]struct{}{}, cfg.TLSConfig
	if cfg.UDP != "" {
		c, err := net.ListenPacket("udp", cfg.UDP)
		if err != nil {
			return fmt.Errorf("trunks: listen: %w", err)
		}
		n.udp = c.(*net.UDPConn)
		n.at[UDP] = n.udp.LocalAddr().(*net.UDPAddr).AddrPort()
	}
	for kind, where := range map[Transport]string{TCP: cfg.TCP, TLS: cfg.TLS} {
		if where == "" {
			continue
		}
		l, err := net.Listen("tcp", where)
		if err != nil {
			n.close()
			return fmt.Errorf("trunks: listen: %w", err)
		}
		n.at[kind] = l.Addr().(*net.TCPAddr).AddrPort()
		n.listeners = append(n.listeners, l)
		n.wait.Add(1)
		go n.accept(l, kind)
	}
	if n.udp != nil {
		n.wait.Add(1)
		go n.datagrams()
	}
	return nil
}

func (n *network) close() {
	n.mu.Lock()
	n.closed = true
	if n.udp != nil {
		n.udp.Close()
	}
	for _, l := range n.listeners {
		l.Close()
	}
	for c := range n.conns {
		c.Close()
	}
	n.mu.Unlock()
	n.wait.Wait()
}

func (n *network) datagrams() {
	defer n.wait.Done()
	buf := make([]byte, 65536)
	for {
		size, from, err := n.udp.ReadFromUDPAddrPort(buf)
		if err != nil {
			if errors.Is(err, net.ErrClosed) {
				return
			}
			continue // an ICMP answer to something that we sent
		}
		from = netip.AddrPortFrom(from.Addr().Unmap(), from.Port())
		if !n.admitted(from.Addr()) || !n.flood.take(from.Addr()) {
			n.unknown.Add(1)
			continue
		}
		if len(bytes.TrimLeft(buf[:size], "\r\n\x00")) > 0 {
			n.message(bytes.Clone(buf[:size]), n.datagramWay(from))
		}
	}
}

func (n *network) datagramWay(to netip.AddrPort) way {
	return way{UDP, to, func(b []byte) error {
		_, err := n.udp.WriteToUDPAddrPort(b, to)
		return err
	}}
}

// message hands one message on. Whatever its handler does, the process goes on.
func (n *network) message(data []byte, w way) {
	defer func() {
		if recover() != nil && n.panics.Add(1) == 1 {
			slog.Error("trunks: a message broke its handler")
		}
	}()
	m, v := readMessage(data)
	if m == nil {
		return
	}
	m.SetSource(w.to.String())
	n.received(m, v, w)
}

func (n *network) accept(l net.Listener, kind Transport) {
	defer n.wait.Done()
	for {
		c, err := l.Accept()
		if err != nil {
			if errors.Is(err, net.ErrClosed) {
				return
			}
			time.Sleep(50 * time.Millisecond) // out of descriptors: others give some back
			continue
		}
		from := c.RemoteAddr().(*net.TCPAddr).AddrPort()
		s := &stream{Conn: c, kind: kind, peer: netip.AddrPortFrom(from.Addr().Unmap(), from.Port())}
		if !n.admitted(s.peer.Addr()) || !n.flood.take(s.peer.Addr()) {
			n.unknown.Add(1)
			c.Close()
			continue
		}
		if kind == TLS {
			s.Conn = tls.Server(c, n.secure)
		}
		if !n.keep(s) {
			c.Close()
		}
	}
}

// keep starts to read a connection, if there may be one more.
func (n *network) keep(s *stream) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	same := 0
	for c := range n.conns {
		if c.peer.Addr() == s.peer.Addr() {
			same++
		}
	}
	if n.closed || len(n.conns) >= maxConns || same >= maxConnsOfOne {
		return false
	}
	n.conns[s] = struct{}{}
	n.wait.Add(1)
	go n.read(s)
	return true
}

func (n *network) read(s *stream) {
	defer n.wait.Done()
	defer func() {
		s.Close()
		n.mu.Lock()
		delete(n.conns, s)
		n.mu.Unlock()
	}()
	r := bufio.NewReaderSize(s, maxMessage)
	for {
		data, err := frame(r, s)
		if err != nil || !n.admitted(s.peer.Addr()) {
			return
		}
		if !n.flood.take(s.peer.Addr()) {
			return
		}
		n.message(data, s.way())
	}
}

// reach gives a way to a peer, over a connection that stands or a new one.
func (n *network) reach(ctx context.Context, kind Transport, to netip.AddrPort, name string) (way, error) {
	if kind == UDP {
		if n.udp == nil {
			return way{}, errLost
		}
		return n.datagramWay(to), nil
	}
	n.mu.Lock()
	for s := range n.conns {
		if s.kind == kind && s.peer == to {
			n.mu.Unlock()
			return s.way(), nil
		}
	}
	n.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, writeWait)
	defer cancel()
	c, err := (&net.Dialer{}).DialContext(ctx, "tcp", to.String())
	if err != nil {
		return way{}, errLost.Because(err)
	}
	s := &stream{Conn: c, kind: kind, peer: to}
	if kind == TLS {
		conf := n.secure.Clone()
		conf.ServerName, conf.MinVersion = name, tls.VersionTLS12
		t := tls.Client(c, conf)
		if err := t.HandshakeContext(ctx); err != nil {
			c.Close()
			return way{}, errLost.Because(err)
		}
		s.Conn = t
	}
	if !n.keep(s) {
		c.Close()
		return way{}, errLost
	}
	return s.way(), nil
}
