package rawpc

import (
	"context"
	"encoding/hex"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"sync"
	"time"

	"golang.zx2c4.com/wireguard/conn"
	"golang.zx2c4.com/wireguard/device"
	"golang.zx2c4.com/wireguard/tun"

	"github.com/sekisho/sekisho/internal/twin/stack"
	"github.com/sekisho/sekisho/internal/wire"
)

// Tap is a tunnel into which any packet can be put and out of which every
// packet can be seen. Beside it an ordinary stack works on the same tunnel.
type Tap struct {
	*stack.Stack
	dev    *device.Device
	out    chan []byte // what goes into the tunnel
	done   chan struct{}
	once   sync.Once
	reader sync.WaitGroup
	mu     sync.Mutex
	seen   func(packet []byte)
}

// ErrSilent says that WireGuard's handshake was never answered.
var ErrSilent = errors.New("rawpc: no handshake")

// Tapped is Dial with a tap. It waits for the handshake as long as ctx allows;
// ErrSilent says that not one byte came back.
func Tapped(ctx context.Context, k Keys, a wire.ConnectAnswer) (*Tap, error) {
	addr, err := netip.ParseAddr(a.Address)
	if err != nil {
		return nil, err
	}
	endpoint, err := netip.ParseAddrPort(a.Endpoint)
	if err != nil {
		return nil, err
	}
	s, err := stack.New(stack.Config{Address: addr, MTU: a.MTU})
	if err != nil {
		return nil, err
	}
	t := &Tap{Stack: s, out: make(chan []byte, 4096), done: make(chan struct{})}
	t.reader.Go(t.pump)
	t.dev = device.NewDevice(t, conn.NewDefaultBind(), stack.Logger(slog.Default()))
	peer := stack.Peer{
		Public: [32]byte(a.ServerKey), PSK: [32]byte(a.PSK), Address: netip.MustParsePrefix("0.0.0.0/0"), // whatever we like
		Endpoint: endpoint, Keepalive: time.Second,
	}
	if err := t.dev.IpcSet("private_key=" + hex.EncodeToString(k.WireGuard[:]) + "\n" + peer.Lines()); err != nil {
		t.End()
		return nil, err
	}
	if err := t.dev.Up(); err != nil {
		t.End()
		return nil, err
	}
	if err := t.shaken(ctx); err != nil {
		t.End()
		return nil, err
	}
	return t, nil
}

func (t *Tap) shaken(ctx context.Context) error {
	tick := time.NewTicker(10 * time.Millisecond)
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
		case <-tick.C:
		case <-ctx.Done():
			if len(peers) == 1 && peers[0].Sent > 0 && peers[0].Received == 0 {
				return ErrSilent
			}
			return ctx.Err()
		}
	}
}

// pump carries the stack's own packets out.
func (t *Tap) pump() {
	bufs, sizes := make([][]byte, t.Stack.BatchSize()), make([]int, t.Stack.BatchSize())
	for i := range bufs {
		bufs[i] = make([]byte, 1<<16)
	}
	for {
		n, err := t.Stack.Read(bufs, sizes, 0)
		if err != nil {
			return
		}
		for i := range n {
			select {
			case t.out <- append([]byte(nil), bufs[i][:sizes[i]]...):
			case <-t.done:
				return
			}
		}
	}
}

// Put sends one packet as it is, whatever it says of itself.
func (t *Tap) Put(packet []byte) {
	select {
	case t.out <- packet:
	case <-t.done:
	}
}

// Watch calls seen with every packet that comes out of the tunnel.
func (t *Tap) Watch(seen func(packet []byte)) { t.mu.Lock(); t.seen = seen; t.mu.Unlock() }

// Read hands packets to WireGuard.
func (t *Tap) Read(bufs [][]byte, sizes []int, offset int) (int, error) {
	select {
	case p := <-t.out:
		sizes[0] = copy(bufs[0][offset:], p)
	case <-t.done:
		return 0, os.ErrClosed
	}
	for n := 1; n < len(bufs); n++ {
		select {
		case p := <-t.out:
			sizes[n] = copy(bufs[n][offset:], p)
		default:
			return n, nil
		}
	}
	return len(bufs), nil
}

// Write takes packets from WireGuard.
func (t *Tap) Write(bufs [][]byte, offset int) (int, error) {
	t.mu.Lock()
	seen := t.seen
	t.mu.Unlock()
	if seen != nil {
		for _, b := range bufs {
			seen(b[offset:])
		}
	}
	return t.Stack.Write(bufs, offset)
}

// Close is WireGuard's way to say that it is over; use End.
func (t *Tap) Close() error {
	t.once.Do(func() { close(t.done) })
	return t.Stack.Close()
}

// End ends the tunnel.
func (t *Tap) End() {
	t.dev.Close() // closes the tap
	t.reader.Wait()
}

// DialTCP and DialUDP reach the gateway as any program would.
func (t *Tap) DialTCP(ctx context.Context, to netip.AddrPort) (net.Conn, error) {
	return t.DialContext(ctx, "tcp", to.String())
}
func (t *Tap) DialUDP(to netip.AddrPort) (net.Conn, error) {
	return t.DialContext(context.Background(), "udp", to.String())
}

var _ tun.Device = (*Tap)(nil)
