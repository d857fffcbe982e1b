package bench

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"time"

	"golang.zx2c4.com/wireguard/conn"
	"golang.zx2c4.com/wireguard/device"
	"golang.zx2c4.com/wireguard/tun/netstack"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/road/flows"
	"github.com/sekisho/sekisho/internal/road/tunnels"
	"github.com/sekisho/sekisho/internal/twin/stack"
	"github.com/sekisho/sekisho/test/faultproxy"
)

// always says that every address has a live lease of epoch 1.
type always struct{}

func (always) Alive(netip.Addr) (uint64, time.Duration) { return 1, 1 << 62 }

// unread is an audit log for figures: what the road writes is measured, where it goes is not.
type unread struct{}

func (unread) Afterwards(audit.Event) {}

func newGateway(listen string) (*flows.Flows, error) {
	return flows.New(flows.Config{Tunnels: tunnels.Config{Listen: listen, MaxPeers: 60_000, Log: slog.New(slog.DiscardHandler)}}, clock.System(), always{}, unread{})
}

// behind puts a delay in front of an endpoint, half of it each way.
func behind(endpoint string, delay time.Duration) (string, func(), error) {
	if delay == 0 {
		return endpoint, func() {}, nil
	}
	f := faultproxy.Faults{Delay: delay / 2}
	p, err := faultproxy.NewUDP(endpoint, 1, f, f)
	if err != nil {
		return "", nil, err
	}
	return p.Addr(), func() { _ = p.Close() }, nil
}

func freshKey() (private, public [32]byte, err error) {
	_, _ = rand.Read(private[:])
	public, err = stack.PublicKey(private)
	return private, public, err
}

// ourPath is the product's own: gateway with its gate, agent's client.
func ourPath(ctx context.Context, delay time.Duration) (path, error) {
	g, err := newGateway(":0")
	if err != nil {
		return path{}, err
	}
	c, stop, err := ourClient(ctx, g, "bench", delay, nil, 0)
	if err != nil {
		return path{}, errors.Join(err, g.Close())
	}
	p := path{close: func() { _ = c.Close(); stop(); _ = g.Close() }}
	l, err := g.Listen(80)
	if err == nil {
		p.gateway, p.pc, err = meet(ctx, l, func(ctx context.Context) (net.Conn, error) { return c.DialContext(ctx, "tcp", "100.64.0.1:80") })
	}
	if err != nil {
		p.close()
	}
	return p, err
}

func ourClient(ctx context.Context, g *flows.Flows, id string, delay time.Duration, bind conn.Bind, batch int) (*stack.Client, func(), error) {
	private, public, err := freshKey()
	if err != nil {
		return nil, nil, err
	}
	o, err := g.Connect(sekisho.ConnectionID(id), public[:])
	if err != nil {
		return nil, nil, err
	}
	at, stop, err := behind(o.Endpoint, delay)
	if err != nil {
		return nil, nil, err
	}
	c, err := stack.NewClient(stack.ClientConfig{
		PrivateKey: private, ServerKey: o.ServerKey, PSK: o.PSK, Address: o.Address, Gateway: o.Gateway, Endpoint: at, MTU: o.MTU,
		Bind: bind, Batch: batch, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		stop()
		return nil, nil, err
	}
	if err := c.Up(ctx); err != nil {
		stop()
		return nil, nil, errors.Join(err, c.Close())
	}
	return c, stop, nil
}

// meet accepts what dial dials.
func meet(ctx context.Context, l net.Listener, dial func(context.Context) (net.Conn, error)) (far, near net.Conn, err error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	type accepted struct {
		c   net.Conn
		err error
	}
	got := make(chan accepted, 1)
	go func() {
		c, err := l.Accept()
		got <- accepted{c, err}
	}()
	if near, err = dial(ctx); err != nil {
		return nil, nil, err
	}
	select {
	case a := <-got:
		return a.c, near, a.err
	case <-ctx.Done():
		return nil, nil, ctx.Err()
	}
}

// stockPath is WireGuard as it comes: its own netstack at both ends, the same MTU.
func stockPath(ctx context.Context, delay time.Duration) (path, error) {
	var keys [2][2][32]byte
	for i := range keys {
		private, public, err := freshKey()
		if err != nil {
			return path{}, err
		}
		keys[i] = [2][32]byte{private, public}
	}
	gateway, pc := tunnels.Gateway, tunnels.Gateway.Next()
	far, farDev, err := stockEnd(gateway, keys[0][0], stack.Peer{Public: keys[1][1], Address: netip.PrefixFrom(pc, 32)})
	if err != nil {
		return path{}, err
	}
	port, err := portOf(farDev)
	if err != nil {
		farDev.Close()
		return path{}, err
	}
	at, stop, err := behind("127.0.0.1:"+port, delay)
	if err != nil {
		farDev.Close()
		return path{}, err
	}
	near, nearDev, err := stockEnd(pc, keys[1][0], stack.Peer{Public: keys[0][1], Address: netip.PrefixFrom(gateway, 32), Endpoint: netip.MustParseAddrPort(at)})
	if err != nil {
		farDev.Close()
		stop()
		return path{}, err
	}
	var p path
	l, err := far.ListenTCP(&net.TCPAddr{Port: 80})
	if err == nil {
		p.gateway, p.pc, err = meet(ctx, l, func(ctx context.Context) (net.Conn, error) { return near.DialContext(ctx, "tcp", "100.64.0.1:80") })
	}
	p.close = func() {
		// Connections first, and no Close of devices in use: the stock device races with its own packets.
		for _, c := range []net.Conn{p.gateway, p.pc} {
			if c != nil {
				_ = c.Close()
			}
		}
		_, _ = nearDev.Down(), farDev.Down()
		stop()
	}
	if err != nil {
		p.close()
	}
	return p, err
}

func stockEnd(addr netip.Addr, private [32]byte, peer stack.Peer) (*netstack.Net, *device.Device, error) {
	tun, n, err := netstack.CreateNetTUN([]netip.Addr{addr}, nil, stack.DefaultMTU)
	if err != nil {
		return nil, nil, err
	}
	dev := device.NewDevice(tun, conn.NewDefaultBind(), stack.Logger(slog.New(slog.DiscardHandler)))
	if err := dev.IpcSet("private_key=" + hex.EncodeToString(private[:]) + "\nlisten_port=0\n" + peer.Lines()); err != nil {
		dev.Close()
		return nil, nil, err
	}
	return n, dev, dev.Up()
}

func portOf(dev *device.Device) (string, error) {
	text, err := dev.IpcGet()
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(text) {
		if port, ok := strings.CutPrefix(line, "listen_port="); ok {
			return strings.TrimSpace(port), nil
		}
	}
	return "", errors.New("bench: WireGuard names no port")
}
