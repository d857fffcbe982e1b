package stack

import (
	"context"
	"fmt"
	"net/netip"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"golang.zx2c4.com/wireguard/tun"
	"gvisor.dev/gvisor/pkg/buffer"
	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/link/channel"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv4"
	netstack "gvisor.dev/gvisor/pkg/tcpip/stack"
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"
	"gvisor.dev/gvisor/pkg/tcpip/transport/udp"
)

const (
	// DefaultMTU fits PPPoE and IPv4-over-IPv6 access lines with WireGuard's own
	// 60 bytes on top; TCP's segment size follows from it.
	DefaultMTU = 1280
	minMTU     = 576 // RFC 791: what every host must take

	maxBatch  = 128  // packets handed over in one call, as many as WireGuard's socket takes
	queueSize = 4096 // packets that may wait for WireGuard; more are lost, and TCP slows down
	nic       = 1
)

// Gate decides over each IPv4 packet. Inbound is asked for packets that come
// out of WireGuard, Outbound for those that go in; both run on the hot path,
// concurrently, and must neither block nor keep p.
type Gate interface {
	Inbound(p []byte) bool
	Outbound(p []byte) bool
}

// Batches is a Gate that wants to know which packets cross together: it is
// asked for a gate for each batch, at most 128 packets within microseconds, and
// so needs to read the clock once for all of them.
type Batches interface {
	Gate
	Batch() Gate
}

// Config is what a Stack needs to start.
type Config struct {
	Address netip.Addr // the one address of this end, IPv4
	MTU     int        // 0 is DefaultMTU
	Gate    Gate       // nil passes all
	Batch   int        // packets handed over in one call; 0 is 128, fewer cost less memory (64 KiB each)
}

// Stack is one end of the network inside the tunnel. It is a tun.Device for
// WireGuard on one side, and listeners and connections on the other.
type Stack struct {
	address netip.Addr
	mtu     int
	batch   int
	gate    Gate
	link    *channel.Endpoint
	net     *netstack.Stack
	events  chan tun.Event

	ctx    context.Context // done once the stack is closing: wakes Read
	cancel context.CancelFunc
	once   sync.Once

	mu     sync.RWMutex // Write holds it for reading, so that Close never pulls the stack from under a packet
	closed bool

	dropped, passed struct{ in, out atomic.Uint64 }
}

// New builds a stack with one address and a route to everything through the tunnel.
func New(cfg Config) (*Stack, error) {
	if !cfg.Address.Is4() {
		return nil, fmt.Errorf("stack: address %v is not IPv4", cfg.Address)
	}
	if cfg.MTU == 0 {
		cfg.MTU = DefaultMTU
	}
	if cfg.MTU < minMTU || cfg.MTU > 1<<15 {
		return nil, fmt.Errorf("stack: MTU %d is not between %d and %d", cfg.MTU, minMTU, 1<<15)
	}
	if cfg.Batch <= 0 || cfg.Batch > maxBatch {
		cfg.Batch = maxBatch
	}
	s := &Stack{
		address: cfg.Address, mtu: cfg.MTU, batch: cfg.Batch, gate: cfg.Gate,
		link:   channel.New(queueSize, uint32(cfg.MTU), ""),
		events: make(chan tun.Event, 1),
		net: netstack.New(netstack.Options{
			NetworkProtocols:   []netstack.NetworkProtocolFactory{ipv4.NewProtocol},
			TransportProtocols: []netstack.TransportProtocolFactory{tcp.NewProtocol, udp.NewProtocol},
			HandleLocal:        true, // also makes the stack refuse packets that claim to come from itself
		}),
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	// WireGuard has authenticated every byte that arrives: summing it again is waste.
	s.link.LinkEPCapabilities = netstack.CapabilityRXChecksumOffload
	if err := s.configure(); err != nil {
		_ = s.Close()
		return nil, err
	}
	s.events <- tun.EventUp
	return s, nil
}

func (s *Stack) configure() error {
	sack := tcpip.TCPSACKEnabled(true)
	cubic := tcpip.CongestionControlOption("cubic")
	moderate := tcpip.TCPModerateReceiveBufferOption(true)
	receive := tcpip.TCPReceiveBufferSizeRangeOption{Min: 4 << 10, Default: 1 << 20, Max: 8 << 20}
	send := tcpip.TCPSendBufferSizeRangeOption{Min: 4 << 10, Default: 1 << 20, Max: 6 << 20}
	for _, o := range []tcpip.SettableTransportProtocolOption{&sack, &cubic, &moderate, &receive, &send} {
		if err := s.net.SetTransportProtocolOption(tcp.ProtocolNumber, o); err != nil {
			return fmt.Errorf("stack: set %T: %v", o, err)
		}
	}
	if err := s.net.CreateNIC(nic, s.link); err != nil {
		return fmt.Errorf("stack: create interface: %v", err)
	}
	own := tcpip.ProtocolAddress{Protocol: ipv4.ProtocolNumber, AddressWithPrefix: tcpip.AddrFrom4(s.address.As4()).WithPrefix()}
	if err := s.net.AddProtocolAddress(nic, own, netstack.AddressProperties{}); err != nil {
		return fmt.Errorf("stack: add address: %v", err)
	}
	s.net.AddRoute(tcpip.Route{Destination: header.IPv4EmptySubnet, NIC: nic})
	return nil
}

// Address is the stack's own address inside the tunnel.
func (s *Stack) Address() netip.Addr { return s.address }

// Name, File, Events, MTU and BatchSize complete tun.Device.
func (s *Stack) Name() (string, error)    { return "sekisho", nil }
func (s *Stack) File() *os.File           { return nil }
func (s *Stack) Events() <-chan tun.Event { return s.events }
func (s *Stack) MTU() (int, error)        { return s.mtu, nil }
func (s *Stack) BatchSize() int           { return s.batch }

// Read hands packets of the stack to WireGuard: it waits for one and takes
// with it what else is ready. What the gate refuses is dropped here, at the
// last moment before encryption.
func (s *Stack) Read(bufs [][]byte, sizes []int, offset int) (int, error) {
	for {
		pkt := s.link.ReadContext(s.ctx)
		if pkt == nil {
			return 0, os.ErrClosed
		}
		n, gate := 0, s.batchGate()
		for pkt != nil {
			end := offset
			for _, part := range pkt.AsSlices() {
				end += copy(bufs[n][end:], part)
			}
			pkt.DecRef()
			if gate == nil || gate.Outbound(bufs[n][offset:end]) {
				sizes[n] = end - offset
				n++
			} else {
				s.dropped.out.Add(1)
			}
			if n == len(bufs) {
				break
			}
			pkt = s.link.Read()
		}
		if n > 0 {
			s.passed.out.Add(uint64(n))
			return n, nil
		}
	}
}

// Write takes packets from WireGuard into the stack. It never fails: what is
// not IPv4 or not let in is dropped, and after Close everything is.
func (s *Stack) Write(bufs [][]byte, offset int) (int, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return len(bufs), nil
	}
	passed, gate := 0, s.batchGate()
	for _, b := range bufs {
		p := b[offset:]
		if len(p) < ipv4Header || p[0]>>4 != 4 || (gate != nil && !gate.Inbound(p)) {
			s.dropped.in.Add(1)
			continue
		}
		pkt := netstack.NewPacketBuffer(netstack.PacketBufferOptions{Payload: buffer.MakeWithData(p)})
		s.link.InjectInbound(header.IPv4ProtocolNumber, pkt)
		pkt.DecRef()
		passed++
	}
	s.passed.in.Add(uint64(passed))
	return len(bufs), nil
}

func (s *Stack) batchGate() Gate {
	if b, ok := s.gate.(Batches); ok {
		return b.Batch()
	}
	return s.gate
}

// Refuse answers an inbound TCP segment with a reset that leaves no state, so
// that the far end learns at once that its connection is over. A Gate calls it
// for a segment that it then drops; resets themselves are never answered.
func (s *Stack) Refuse(k Packet) {
	if k.Proto != ProtoTCP || k.Flags&FlagRST != 0 {
		return
	}
	pkt := netstack.NewPacketBuffer(netstack.PacketBufferOptions{Payload: buffer.MakeWithData(k.reset())})
	defer pkt.DecRef()
	var list netstack.PacketBufferList
	list.PushBack(pkt)
	_, _ = s.link.WritePackets(list) // full or closed: the far end asks again
}

// Flush waits until WireGuard has taken what the stack wanted to send, at most
// for limit.
func (s *Stack) Flush(limit time.Duration) {
	for until := time.Now().Add(limit); s.link.NumQueued() > 0 && time.Now().Before(until); {
		time.Sleep(100 * time.Microsecond)
	}
}

// Stats counts packets since the start.
type Stats struct {
	PassedIn, PassedOut   uint64 // through the gate
	DroppedIn, DroppedOut uint64 // by the gate, or not IPv4
}

// Stats reads the counters.
func (s *Stack) Stats() Stats {
	return Stats{
		PassedIn: s.passed.in.Load(), PassedOut: s.passed.out.Load(),
		DroppedIn: s.dropped.in.Load(), DroppedOut: s.dropped.out.Load(),
	}
}

// Close ends every connection and listener and wakes Read. Only the first call acts.
func (s *Stack) Close() error {
	s.once.Do(func() {
		s.cancel()
		s.mu.Lock()
		s.closed = true
		s.mu.Unlock()
		s.net.Close()
		s.link.Close()
		_ = s.net.RemoveNIC(nic) // unlinks the two, so that no late timer keeps them in memory; gone already is fine
		close(s.events)
	})
	return nil
}
