package stack

import (
	"context"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"time"

	"golang.zx2c4.com/wireguard/conn"
	"golang.zx2c4.com/wireguard/device"

	"github.com/sekisho/sekisho"
)

// ClientConfig is one tunnel from an issued PC to its gateway. The keys live
// as long as the connection and no longer.
type ClientConfig struct {
	PrivateKey [32]byte
	ServerKey  [32]byte
	PSK        [32]byte
	Address    netip.Addr // the PC's own /32
	Gateway    netip.Addr // the only address behind the tunnel
	Endpoint   string     // host:port of WireGuard, a name is resolved once
	MTU        int        // 0 is DefaultMTU
	Bind       conn.Bind  // nil is WireGuard's own, on all addresses
	Batch      int        // see Config
	Log        *slog.Logger
}

// LogValue hides the keys.
func (c ClientConfig) LogValue() slog.Value {
	return slog.StringValue("tunnel to " + c.Endpoint)
}

const (
	keepalive      = 20 * time.Second       // keeps a home router's UDP mapping open
	handshakePoll  = 20 * time.Millisecond  // how often Up looks for the handshake
	handshakeRetry = 750 * time.Millisecond // doubled each time; WireGuard alone would wait 5 s
	handshakeLimit = 10 * time.Second       // then UDP is taken as blocked
)

// Client is the PC's end of the tunnel.
type Client struct {
	*Stack
	dev  *device.Device
	peer Peer
	once sync.Once
}

// NewClient starts the tunnel's device; Up tells when it works.
func NewClient(cfg ClientConfig) (*Client, error) {
	to, err := net.ResolveUDPAddr("udp", cfg.Endpoint)
	if err != nil {
		return nil, sekisho.Fail(sekisho.KindInvalid, "tunnel.endpoint").Because(err)
	}
	if !cfg.Gateway.Is4() {
		return nil, fmt.Errorf("stack: gateway %v is not IPv4", cfg.Gateway)
	}
	s, err := New(Config{Address: cfg.Address, MTU: cfg.MTU, Batch: cfg.Batch})
	if err != nil {
		return nil, err
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.Bind == nil {
		cfg.Bind = conn.NewDefaultBind()
	}
	at := to.AddrPort()
	c := &Client{Stack: s, dev: device.NewDevice(s, cfg.Bind, Logger(cfg.Log)), peer: Peer{
		Public: cfg.ServerKey, PSK: cfg.PSK, Address: netip.PrefixFrom(cfg.Gateway, 32),
		Endpoint: netip.AddrPortFrom(at.Addr().Unmap(), at.Port()), Keepalive: keepalive,
	}}
	if err := c.dev.IpcSet("private_key=" + hex.EncodeToString(cfg.PrivateKey[:]) + "\n" + c.peer.Lines()); err != nil {
		_ = c.Close()
		return nil, fmt.Errorf("stack: configure tunnel: %w", err)
	}
	if err := c.dev.Up(); err != nil {
		_ = c.Close()
		return nil, sekisho.Fail(sekisho.KindBusy, "tunnel.socket").Because(err)
	}
	return c, nil
}

// Up waits for WireGuard's first handshake. Without one in 10 seconds UDP is
// taken as blocked on the way, and the error says so ("tunnel.udp_blocked").
// A lost first packet costs less than a second: the peer is set up anew, since
// WireGuard itself would not ask again for five.
func (c *Client) Up(ctx context.Context) error {
	limit := time.NewTimer(handshakeLimit)
	defer limit.Stop()
	poll := time.NewTicker(handshakePoll)
	defer poll.Stop()
	wait := handshakeRetry
	retry := time.NewTimer(wait)
	defer retry.Stop()
	for {
		peers, err := ReadPeers(c.dev)
		if err != nil {
			return err
		}
		if len(peers) == 1 && !peers[0].LastHandshake.IsZero() {
			return nil
		}
		select {
		case <-poll.C:
		case <-retry.C:
			if err := c.again(); err != nil {
				return err
			}
			wait *= 2
			retry.Reset(wait)
		case <-limit.C:
			return sekisho.Fail(sekisho.KindBusy, "tunnel.udp_blocked").
				Because(fmt.Errorf("stack: no handshake with %v in %v", c.peer.Endpoint, handshakeLimit))
		case <-ctx.Done():
			return ctx.Err()
		case <-c.Stack.ctx.Done():
			return net.ErrClosed
		}
	}
}

func (c *Client) again() error {
	gone := "public_key=" + hex.EncodeToString(c.peer.Public[:]) + "\nremove=true\n"
	if err := c.dev.IpcSet(gone + c.peer.Lines()); err != nil {
		return fmt.Errorf("stack: repeat handshake: %w", err)
	}
	return nil
}

// ClientStats is the tunnel as the PC sees it.
type ClientStats struct {
	Stats
	PeerStats
}

// Stats reads the counters of both layers.
func (c *Client) Stats() ClientStats {
	out := ClientStats{Stats: c.Stack.Stats()}
	if peers, err := ReadPeers(c.dev); err == nil && len(peers) == 1 {
		out.PeerStats = peers[0]
	}
	return out
}

// Close ends the tunnel: its connections, its socket and its keys.
func (c *Client) Close() error {
	c.once.Do(c.dev.Close) // closes the stack too
	return nil
}
