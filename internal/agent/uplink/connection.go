package uplink

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"

	"golang.org/x/crypto/curve25519"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/twin/stack"
	"github.com/sekisho/sekisho/internal/wire"
)

// Options of a connection.
type Options struct {
	Dir    string // state folder, for a renewed certificate and the pinned checkpoint
	BootID string // of this run of the agent
	Login  string // who sits at a shared PC
	Key    DeviceKey
	Clock  Clock
	Tunnel func(stack.ClientConfig) (Tunnel, error) // NewTunnel
}

// Connection is one binding of this PC: its tunnel, its lease key, its counter.
type Connection struct {
	ID      sekisho.ConnectionID
	Tier    sekisho.Tier
	gateway netip.Addr
	lease   ed25519.PrivateKey
	tunnel  Tunnel
	clock   Clock
	counter atomic.Uint64
	reports atomic.Uint64 // of posture, so far

	mu     sync.Mutex
	pool   *pool // of connections inside the tunnel
	closed bool
}

// LogValue hides the keys.
func (c *Connection) LogValue() slog.Value { return slog.StringValue(string(c.ID)) }

// Connect opens a connection in quarantine: mutual TLS with the device key, a
// binding signed by it, the tunnel's first handshake. It returns the enrolment
// as it stands afterwards (a renewed certificate, a newer checkpoint).
func Connect(ctx context.Context, e Enrolment, o Options) (*Connection, Enrolment, error) {
	switch e.State {
	case StateIssued:
	case StatePending:
		return nil, e, ErrPending
	case StateRefused:
		return nil, e, ErrRefused
	default:
		return nil, e, ErrUnenrolled
	}
	certificate := tls.Certificate{Certificate: [][]byte{e.Certificate}, PrivateKey: o.Key,
		SupportedSignatureAlgorithms: []tls.SignatureScheme{tls.ECDSAWithP256AndSHA256}}
	door, err := dialDoor(ctx, e.Server, &e.Roots, &certificate)
	if err != nil {
		return nil, e, err
	}
	defer door.close()
	if e, err = reportPin(ctx, door, e, o.Dir); err != nil {
		return nil, e, err
	}
	keys := newKeys()
	answer, err := bind(ctx, door, e, o, keys)
	if err != nil {
		return nil, e, err
	}
	c, err := raise(ctx, answer, o, keys)
	if err != nil {
		return nil, e, err
	}
	next, err := learn(e, answer, o)
	if err != nil {
		_ = c.Close()
		return nil, e, err
	}
	return c, next, nil
}

// ephemeral keys of one connection; they are never written anywhere.
type ephemeral struct {
	wireguard [32]byte
	public    []byte
	lease     ed25519.PrivateKey
}

func newKeys() ephemeral {
	var k ephemeral
	_, _ = rand.Read(k.wireguard[:])                                      // crypto/rand never fails
	k.public, _ = curve25519.X25519(k.wireguard[:], curve25519.Basepoint) // fails only for points of low order
	_, k.lease, _ = ed25519.GenerateKey(rand.Reader)                      // fails only with the random source
	return k
}

// bind asks for a nonce and has the device key sign the binding over it.
func bind(ctx context.Context, door *serverDoor, e Enrolment, o Options, keys ephemeral) (a wire.ConnectAnswer, err error) {
	var nonce wire.BindNonce
	if err := door.ask(ctx, "bindings/nonce", struct{}{}, &nonce); err != nil {
		return a, err
	}
	exporter, err := door.exporter()
	if err != nil {
		return a, ErrAnswer.Because(err)
	}
	signed, err := signBinding(o.Key, wire.Binding{
		Device: e.Device, WireGuard: keys.public, LeaseKey: wire.Bytes(keys.lease.Public().(ed25519.PublicKey)),
		Nonce: nonce.Nonce, Exporter: exporter, BootID: o.BootID, Agent: wire.Version, Login: o.Login,
	})
	if err != nil {
		return a, err
	}
	return a, door.ask(ctx, "connections", signed, &a)
}

// signBinding is the one statement that the device key signs here; what goes from
// one shared PC to another twin/carrying composes.
func signBinding(key DeviceKey, b wire.Binding) (wire.Signed, error) {
	payload, err := json.Marshal(b)
	if err != nil {
		return wire.Signed{}, fmt.Errorf("uplink: binding: %w", err)
	}
	digest := wire.DeviceDigest(wire.DomainBinding, payload)
	sig, err := key.Sign(rand.Reader, digest[:], crypto.SHA256)
	if err != nil {
		return wire.Signed{}, fmt.Errorf("uplink: sign binding: %w", err)
	}
	return wire.Signed{Payload: payload, Signature: sig}, nil
}

// raise starts the tunnel and waits for its first handshake.
func raise(ctx context.Context, a wire.ConnectAnswer, o Options, keys ephemeral) (*Connection, error) {
	address, err1 := netip.ParseAddr(a.Address)
	gateway, err2 := netip.ParseAddr(a.Gateway)
	if err := errors.Join(err1, err2); err != nil {
		return nil, ErrAnswer.Because(err)
	}
	if len(a.ServerKey) != 32 || len(a.PSK) != 32 || !wire.ValidID(string(a.Connection)) {
		return nil, ErrAnswer.Because(errors.New("uplink: keys or id of the connection"))
	}
	t, err := o.Tunnel(stack.ClientConfig{
		PrivateKey: keys.wireguard, ServerKey: [32]byte(a.ServerKey), PSK: [32]byte(a.PSK),
		Address: address, Gateway: gateway, Endpoint: a.Endpoint, MTU: a.MTU,
	})
	if err != nil {
		return nil, err
	}
	if err := t.Up(ctx); err != nil {
		_ = t.Close()
		return nil, err
	}
	c := &Connection{ID: a.Connection, Tier: a.Tier, gateway: gateway, lease: keys.lease, tunnel: t, clock: o.Clock}
	c.pool = newPool(c)
	return c, nil
}

// learn keeps what the server handed over: a fresh certificate, a checkpoint.
func learn(e Enrolment, a wire.ConnectAnswer, o Options) (Enrolment, error) {
	next := e
	next.Shared = a.Group
	if a.Tier != "" {
		next.Tier = a.Tier
	}
	if len(a.Renewed) > 0 {
		public, ok := o.Key.Public().(*ecdsa.PublicKey)
		if !ok {
			return e, ErrState
		}
		if err := next.adopt(a.Renewed, public); err != nil {
			return e, err
		}
	}
	var err error
	if next.Checkpoint, err = firstPin(next, a.Checkpoint, o.Dir); err != nil {
		return e, err
	}
	return next, next.Save(o.Dir)
}

// Close ends the connection with its tunnel and forgets its keys.
func (c *Connection) Close() error {
	c.mu.Lock()
	c.closed = true
	pool := c.pool
	c.mu.Unlock()
	pool.reset()
	return c.tunnel.Close()
}

// Listen opens the lease's UDP port inside the tunnel.
func (c *Connection) listen() (net.PacketConn, error) { return c.tunnel.ListenPacket(wire.LeasePort) }
