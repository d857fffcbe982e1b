package load

import (
	"errors"
	"net"
	"net/netip"
	"sync"

	"golang.zx2c4.com/wireguard/conn"
)

// oneByOne is a conn.Bind that moves one datagram at a time: WireGuard then
// keeps one packet buffer a peer in place of 128, and ten thousand peers fit.
type oneByOne struct {
	mu  sync.Mutex
	udp *net.UDPConn
}

type endpoint struct{ netip.AddrPort }

func (e endpoint) ClearSrc()           {}
func (e endpoint) SrcToString() string { return "" }
func (e endpoint) DstToString() string { return e.String() }
func (e endpoint) DstToBytes() []byte  { b, _ := e.MarshalBinary(); return b }
func (e endpoint) DstIP() netip.Addr   { return e.Addr() }
func (e endpoint) SrcIP() netip.Addr   { return netip.Addr{} }

// Open listens on a port of its own on loopback.
func (b *oneByOne) Open(port uint16) ([]conn.ReceiveFunc, uint16, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.udp != nil {
		return nil, 0, conn.ErrBindAlreadyOpen
	}
	udp, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: int(port)})
	if err != nil {
		return nil, 0, err
	}
	b.udp = udp
	receive := func(packets [][]byte, sizes []int, eps []conn.Endpoint) (int, error) {
		n, from, err := udp.ReadFromUDPAddrPort(packets[0])
		if err != nil {
			return 0, err
		}
		sizes[0], eps[0] = n, endpoint{netip.AddrPortFrom(from.Addr().Unmap(), from.Port())}
		return 1, nil
	}
	return []conn.ReceiveFunc{receive}, uint16(udp.LocalAddr().(*net.UDPAddr).Port), nil
}

// Close closes the socket.
func (b *oneByOne) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.udp == nil {
		return nil
	}
	err := b.udp.Close()
	b.udp = nil
	return err
}

// SetMark is not needed on loopback.
func (b *oneByOne) SetMark(uint32) error { return nil }

// Send writes the datagrams one after another.
func (b *oneByOne) Send(bufs [][]byte, ep conn.Endpoint) error {
	b.mu.Lock()
	udp := b.udp
	b.mu.Unlock()
	to, ok := ep.(endpoint)
	if udp == nil || !ok {
		return errors.New("load: no socket")
	}
	for _, p := range bufs {
		if _, err := udp.WriteToUDPAddrPort(p, to.AddrPort); err != nil {
			return err
		}
	}
	return nil
}

// ParseEndpoint reads host:port in numbers.
func (b *oneByOne) ParseEndpoint(s string) (conn.Endpoint, error) {
	a, err := netip.ParseAddrPort(s)
	return endpoint{a}, err
}

// BatchSize is one.
func (b *oneByOne) BatchSize() int { return 1 }
