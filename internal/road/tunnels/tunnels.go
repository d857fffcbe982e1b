package tunnels

import (
	"crypto/ecdh"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.zx2c4.com/wireguard/conn"
	"golang.zx2c4.com/wireguard/device"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/twin/stack"
)

// Tunnels is the gateway: WireGuard outside, a stack inside.
type Tunnels struct {
	net    *stack.Stack
	cfg    Config
	clk    clock.Clock
	dev    *device.Device
	public [32]byte
	port   uint16
	once   sync.Once

	mu    sync.Mutex
	pool  *pool
	peers map[sekisho.ConnectionID]*peer
	keys  map[[32]byte]sekisho.ConnectionID
}

type peer struct {
	Peer
	public [32]byte
}

// New starts the gateway. It answers nobody until Open.
func New(cfg Config, clk clock.Clock) (*Tunnels, error) {
	host, port, err := cfg.complete()
	if err != nil {
		return nil, err
	}
	if cfg.PrivateKey == ([32]byte{}) {
		_, _ = rand.Read(cfg.PrivateKey[:]) // crypto/rand never fails
	}
	public, err := stack.PublicKey(cfg.PrivateKey)
	if err != nil {
		return nil, err
	}
	s, err := stack.New(stack.Config{Address: cfg.Gateway, MTU: cfg.MTU, Gate: cfg.Gate})
	if err != nil {
		return nil, err
	}
	bind := conn.NewDefaultBind()
	if host.IsValid() {
		bind = stack.NewBind(host)
	}
	t := &Tunnels{
		net: s, cfg: cfg, clk: clk, public: public, dev: device.NewDevice(s, bind, stack.Logger(cfg.Log)),
		pool: newPool(cfg.Pool, cfg.Gateway), peers: map[sekisho.ConnectionID]*peer{}, keys: map[[32]byte]sekisho.ConnectionID{},
	}
	if err := t.dev.IpcSet("private_key=" + hex.EncodeToString(cfg.PrivateKey[:]) + "\nlisten_port=" + strconv.Itoa(int(port)) + "\n"); err != nil {
		_ = t.Close()
		return nil, fmt.Errorf("tunnels: configure: %w", err)
	}
	if err := t.dev.Up(); err != nil {
		_ = t.Close()
		return nil, fmt.Errorf("tunnels: listen on UDP %s: %w", cfg.Listen, err)
	}
	if t.port, err = t.listenPort(); err != nil {
		_ = t.Close()
		return nil, err
	}
	return t, nil
}

func (t *Tunnels) listenPort() (uint16, error) {
	text, err := t.dev.IpcGet()
	if err != nil {
		return 0, fmt.Errorf("tunnels: read port: %w", err)
	}
	for line := range strings.Lines(text) {
		if v, ok := strings.CutPrefix(line, "listen_port="); ok {
			n, err := strconv.ParseUint(strings.TrimSpace(v), 10, 16)
			return uint16(n), err
		}
	}
	return 0, fmt.Errorf("tunnels: WireGuard names no port")
}

// Endpoint is where PCs find the gateway.
func (t *Tunnels) Endpoint() string {
	if t.cfg.Public != "" {
		return t.cfg.Public
	}
	host, _, _ := net.SplitHostPort(t.cfg.Listen) // complete has checked it
	if ip, err := netip.ParseAddr(host); host == "" || (err == nil && ip.IsUnspecified()) {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, strconv.Itoa(int(t.port)))
}

// Open makes a peer for a connection: its own address, a fresh pre-shared key.
func (t *Tunnels) Open(connection sekisho.ConnectionID, public []byte) (Opened, error) {
	if _, err := ecdh.X25519().NewPublicKey(public); err != nil || connection == "" {
		return Opened{}, errKey
	}
	key := [32]byte(public)
	if key == ([32]byte{}) || key == t.public {
		return Opened{}, errKey // WireGuard would ignore both without a word
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, taken := t.keys[key]; taken || t.peers[connection] != nil {
		return Opened{}, errKeyInUse
	}
	if len(t.peers) >= t.cfg.MaxPeers {
		return Opened{}, errFull
	}
	addr, err := t.pool.take()
	if err != nil {
		return Opened{}, err
	}
	mtu, _ := t.net.MTU()
	o := Opened{Address: addr, Gateway: t.cfg.Gateway, Endpoint: t.Endpoint(), ServerKey: t.public, MTU: mtu}
	_, _ = rand.Read(o.PSK[:])
	if err := t.dev.IpcSet(stack.Peer{Public: key, PSK: o.PSK, Address: netip.PrefixFrom(addr, 32)}.Lines()); err != nil {
		t.dev.RemovePeer(device.NoisePublicKey(key)) // whatever was set of it
		t.pool.give(addr)
		return Opened{}, fmt.Errorf("tunnels: open %s: %w", connection, err)
	}
	t.peers[connection] = &peer{Peer: Peer{Connection: connection, Address: addr, Opened: t.clk.Now()}, public: key}
	t.keys[key] = connection
	return o, nil
}

// Remove takes a connection's peer away: from here on WireGuard drops whatever
// bears its keys. It says whether there was one.
func (t *Tunnels) Remove(connection sekisho.ConnectionID) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	p := t.peers[connection]
	if p == nil {
		return false
	}
	t.dev.RemovePeer(device.NoisePublicKey(p.public))
	delete(t.peers, connection)
	delete(t.keys, p.public)
	t.pool.give(p.Address)
	return true
}

// Address tells a connection's own address.
func (t *Tunnels) Address(connection sekisho.ConnectionID) (netip.Addr, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if p := t.peers[connection]; p != nil {
		return p.Address, true
	}
	return netip.Addr{}, false
}

// Peers lists every open tunnel with its counters. It asks WireGuard for all
// of them at once: for the floor and for tidying, not for the hot path.
func (t *Tunnels) Peers() ([]Peer, error) {
	stats, err := stack.ReadPeers(t.dev)
	if err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	out := make([]Peer, 0, len(stats))
	for _, s := range stats {
		if p := t.peers[t.keys[s.Public]]; p != nil {
			v := p.Peer
			v.LastHandshake, v.Received, v.Sent = s.LastHandshake, s.Received, s.Sent
			out = append(out, v)
		}
	}
	return out, nil
}

// Count is how many tunnels are open.
func (t *Tunnels) Count() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.peers)
}

// Listen accepts TCP on a port of the gateway's address inside the tunnels.
func (t *Tunnels) Listen(port uint16) (net.Listener, error) { return t.net.ListenTCP(port) }

// PacketConn is a UDP port of the gateway's address inside the tunnels.
func (t *Tunnels) PacketConn(port uint16) (net.PacketConn, error) { return t.net.ListenUDP(port) }

// Refuse resets the TCP connection of an inbound segment, keeping no state.
func (t *Tunnels) Refuse(k stack.Packet) { t.net.Refuse(k) }

// Flush waits until what the stack has sent is on its way: resets leave before
// the keys that carry them go. It takes a few milliseconds at most.
func (t *Tunnels) Flush() {
	t.net.Flush(10 * time.Millisecond)
	time.Sleep(encryption)
}

// encryption is more than WireGuard takes to encrypt and send what it was handed.
const encryption = 2 * time.Millisecond

// Stats counts the packets that crossed the gate.
func (t *Tunnels) Stats() stack.Stats { return t.net.Stats() }

// Close ends every tunnel and the stack.
func (t *Tunnels) Close() error {
	t.once.Do(t.dev.Close)
	return nil
}
