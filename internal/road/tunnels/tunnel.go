package tunnels

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"strconv"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/twin/stack"
)

// Fixed names of the network inside the tunnel (DESIGN §9).
var (
	Gateway = netip.MustParseAddr("100.64.0.1")
	Pool    = netip.MustParsePrefix("100.64.0.0/10") // RFC 6598: meets no home network
)

// Config is what the gateway needs to start.
type Config struct {
	Listen     string       // UDP host:port; no host: all addresses; port 0: any
	Public     string       // host:port that PCs are told; "" is the port listened on, at 127.0.0.1 or the host of Listen
	PrivateKey [32]byte     // zero: a fresh one for this run, which is enough: PCs learn it with each connection
	Gateway    netip.Addr   // zero: Gateway
	Pool       netip.Prefix // zero: Pool
	MTU        int          // 0: stack.DefaultMTU
	Gate       stack.Gate   // decides over each packet; nil passes nothing
	MaxPeers   int          // 0: 12,000, a fifth more than one node promises
	Log        *slog.Logger // nil: slog.Default()
}

// LogValue hides the key.
func (c Config) LogValue() slog.Value { return slog.StringValue("gateway on " + c.Listen) }

const maxPeers = 12_000

func (c *Config) complete() (host netip.Addr, port uint16, err error) {
	if !c.Gateway.IsValid() {
		c.Gateway = Gateway
	}
	if !c.Pool.IsValid() {
		c.Pool = Pool
	}
	if c.MaxPeers == 0 {
		c.MaxPeers = maxPeers
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Gate == nil {
		c.Gate = shut{}
	}
	if !c.Pool.Addr().Is4() || !c.Pool.Contains(c.Gateway) {
		return host, 0, fmt.Errorf("tunnels: the pool %v must be IPv4 and hold the gateway %v", c.Pool, c.Gateway)
	}
	h, p, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return host, 0, fmt.Errorf("tunnels: listen: %w", err)
	}
	n, err := strconv.ParseUint(p, 10, 16)
	if err != nil {
		return host, 0, fmt.Errorf("tunnels: listen: port %q", p)
	}
	if h != "" {
		a, err := net.ResolveUDPAddr("udp", c.Listen)
		if err != nil {
			return host, 0, fmt.Errorf("tunnels: listen: %w", err)
		}
		if host = a.AddrPort().Addr().Unmap(); host.IsUnspecified() {
			host = netip.Addr{}
		}
	}
	return host, uint16(n), nil
}

// shut is the gate of a gateway that nobody gave one.
type shut struct{}

func (shut) Inbound([]byte) bool  { return false }
func (shut) Outbound([]byte) bool { return false }

// Opened is one tunnel as the PC is told of it.
type Opened struct {
	Address   netip.Addr
	Gateway   netip.Addr
	Endpoint  string
	ServerKey [32]byte
	PSK       [32]byte
	MTU       int
}

// LogValue hides the pre-shared key.
func (o Opened) LogValue() slog.Value { return slog.StringValue("tunnel " + o.Address.String()) }

// String hides it from fmt too.
func (o Opened) String() string { return "tunnel " + o.Address.String() }

// Peer is what the gateway knows of one connection's tunnel.
type Peer struct {
	Connection    sekisho.ConnectionID
	Address       netip.Addr
	Opened        time.Time
	LastHandshake time.Time // zero: never
	Received      uint64    // bytes
	Sent          uint64
}

var (
	errKeyInUse = sekisho.Fail(sekisho.KindConflict, "tunnel.key_in_use")
	errFull     = sekisho.Fail(sekisho.KindBusy, "tunnel.full")
	errKey      = sekisho.Fail(sekisho.KindInvalid, "request.malformed").Because(errors.New("tunnels: not an X25519 public key"))
)
