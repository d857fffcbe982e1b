package load

import (
	"context"
	"encoding/hex"
	"fmt"
	"net"
	"net/netip"
	"os"
	"sync"
	"time"

	"golang.zx2c4.com/wireguard/device"
	"golang.zx2c4.com/wireguard/tun"
	"gvisor.dev/gvisor/pkg/buffer"
	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/adapters/gonet"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/link/channel"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv4"
	gstack "gvisor.dev/gvisor/pkg/tcpip/stack"
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"
	"gvisor.dev/gvisor/pkg/tcpip/transport/udp"

	"github.com/sekisho/sekisho/internal/twin/stack"
)

const (
	nic = 1
	mtu = 1280
)

// Network is one TCP/IP stack with an address for each of some PCs. What an
// address sends leaves by that PC's own WireGuard device.
type Network struct {
	link  *channel.Endpoint
	stack *gstack.Stack
	mu    sync.RWMutex
	peers map[netip.Addr]*Tunnel
	stop  context.CancelFunc
	done  chan struct{}
}

// NewNetwork starts the stack and its dispatcher.
func NewNetwork() (*Network, error) {
	n := &Network{
		link:  channel.New(1024, mtu, ""),
		peers: map[netip.Addr]*Tunnel{},
		done:  make(chan struct{}),
		stack: gstack.New(gstack.Options{
			NetworkProtocols:   []gstack.NetworkProtocolFactory{ipv4.NewProtocol},
			TransportProtocols: []gstack.TransportProtocolFactory{tcp.NewProtocol, udp.NewProtocol},
		}),
	}
	if err := n.stack.CreateNIC(nic, n.link); err != nil {
		return nil, fmt.Errorf("load: network: %s", err)
	}
	n.stack.AddRoute(tcpip.Route{Destination: header.IPv4EmptySubnet, NIC: nic})
	ctx, cancel := context.WithCancel(context.Background())
	n.stop = cancel
	go n.dispatch(ctx)
	return n, nil
}

// dispatch hands each outgoing packet to the tunnel of its source address.
func (n *Network) dispatch(ctx context.Context) {
	defer close(n.done)
	for {
		p := n.link.ReadContext(ctx)
		if p == nil {
			return
		}
		b := p.ToBuffer()
		raw := b.Flatten()
		b.Release()
		p.DecRef()
		if len(raw) < header.IPv4MinimumSize {
			continue
		}
		src := netip.AddrFrom4([4]byte(raw[12:16]))
		n.mu.RLock()
		t := n.peers[src]
		n.mu.RUnlock()
		if t == nil {
			continue
		}
		select {
		case t.out <- raw:
		default: // a full queue drops, as a network does
		}
	}
}

// Close ends the stack; close the tunnels first.
func (n *Network) Close() {
	n.stop()
	<-n.done
	n.stack.Close()
}

// Tunnel is one PC's WireGuard device, and the tun.Device under it.
type Tunnel struct {
	n      *Network
	Addr   netip.Addr
	dev    *device.Device
	out    chan []byte
	events chan tun.Event
	closed chan struct{}
	once   sync.Once
}

// Tunnel brings up a device for one connection.
func (n *Network) Tunnel(key [32]byte, addr netip.Addr, server stack.Peer) (*Tunnel, error) {
	t := &Tunnel{n: n, Addr: addr, out: make(chan []byte, 64), events: make(chan tun.Event, 1), closed: make(chan struct{})}
	t.events <- tun.EventUp
	err := n.stack.AddProtocolAddress(nic, tcpip.ProtocolAddress{
		Protocol: ipv4.ProtocolNumber, AddressWithPrefix: tcpip.AddrFrom4(addr.As4()).WithPrefix(),
	}, gstack.AddressProperties{})
	if err != nil {
		return nil, fmt.Errorf("load: address %v: %s", addr, err)
	}
	n.mu.Lock()
	n.peers[addr] = t
	n.mu.Unlock()
	t.dev = device.NewDevice(t, &oneByOne{}, device.NewLogger(device.LogLevelSilent, ""))
	if err := t.dev.IpcSet("private_key=" + hex.EncodeToString(key[:]) + "\n" + server.Lines()); err != nil {
		t.Shut()
		return nil, err
	}
	return t, t.dev.Up()
}

// Shut ends the device and frees the address.
func (t *Tunnel) Shut() {
	t.dev.Close()
	t.n.mu.Lock()
	delete(t.n.peers, t.Addr)
	t.n.mu.Unlock()
	_ = t.n.stack.RemoveAddress(nic, tcpip.AddrFrom4(t.Addr.As4())) // gone either way
}

// DialTCP opens a connection from this PC to the gateway.
func (t *Tunnel) DialTCP(ctx context.Context, to netip.AddrPort) (net.Conn, error) {
	local := tcpip.FullAddress{NIC: nic, Addr: tcpip.AddrFrom4(t.Addr.As4())}
	remote := tcpip.FullAddress{NIC: nic, Addr: tcpip.AddrFrom4(to.Addr().As4()), Port: to.Port()}
	return gonet.DialTCPWithBind(ctx, t.n.stack, local, remote, ipv4.ProtocolNumber)
}

// DialUDP opens a socket from this PC to the gateway.
func (t *Tunnel) DialUDP(to netip.AddrPort) (net.Conn, error) {
	local := tcpip.FullAddress{NIC: nic, Addr: tcpip.AddrFrom4(t.Addr.As4())}
	remote := tcpip.FullAddress{NIC: nic, Addr: tcpip.AddrFrom4(to.Addr().As4()), Port: to.Port()}
	return gonet.DialUDP(t.n.stack, &local, &remote, ipv4.ProtocolNumber)
}

// Handshaken waits until WireGuard has shaken hands.
func (t *Tunnel) Handshaken(ctx context.Context) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		peers, err := stack.ReadPeers(t.dev)
		if err != nil {
			return err
		}
		if len(peers) == 1 && !peers[0].LastHandshake.IsZero() {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// The methods below make a Tunnel the tun.Device of its own WireGuard device.

// Read hands WireGuard the next packet that this PC sends.
func (t *Tunnel) Read(bufs [][]byte, sizes []int, offset int) (int, error) {
	select {
	case p := <-t.out:
		sizes[0] = copy(bufs[0][offset:], p)
		return 1, nil
	case <-t.closed:
		return 0, os.ErrClosed
	}
}

// Write takes packets that came for this PC.
func (t *Tunnel) Write(bufs [][]byte, offset int) (int, error) {
	for _, b := range bufs {
		p := gstack.NewPacketBuffer(gstack.PacketBufferOptions{Payload: buffer.MakeWithData(b[offset:])})
		t.n.link.InjectInbound(header.IPv4ProtocolNumber, p)
		p.DecRef()
	}
	return len(bufs), nil
}

// Close is called by the device.
func (t *Tunnel) Close() error {
	t.once.Do(func() { close(t.closed); close(t.events) })
	return nil
}

// Name, File, MTU, Events and BatchSize complete tun.Device.
func (t *Tunnel) Name() (string, error)    { return "fleet", nil }
func (t *Tunnel) File() *os.File           { return nil }
func (t *Tunnel) MTU() (int, error)        { return mtu, nil }
func (t *Tunnel) Events() <-chan tun.Event { return t.events }
func (t *Tunnel) BatchSize() int           { return 1 }
