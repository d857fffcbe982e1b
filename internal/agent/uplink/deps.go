package uplink

import (
	"context"
	"crypto"
	"net"
	"time"

	"github.com/sekisho/sekisho/internal/twin/stack"
	"github.com/sekisho/sekisho/internal/wire"
)

// Clock is the agent's clock: monotonic for everything that is decided, wall
// time for what people read.
type Clock interface {
	Mono() time.Duration
	Now() time.Time
}

// DeviceKey is the part of the device's key that a connection needs.
type DeviceKey interface {
	crypto.Signer
	Kind() string
	EK(ctx context.Context) ([]byte, error)
	// Prove has the TPM prove that the key lives in it; ask carries its request to
	// the server. nil without a TPM.
	Prove(ctx context.Context, ask func(context.Context, wire.AttestRequest) (wire.AttestChallenge, error)) (*wire.Attestation, error)
}

// Tunnel is the PC's end of the network inside the tunnel.
type Tunnel interface {
	Up(ctx context.Context) error
	DialContext(ctx context.Context, network, address string) (net.Conn, error)
	ListenPacket(port uint16) (net.PacketConn, error)
	Close() error
}

// NewTunnel starts the tunnel of the product.
func NewTunnel(cfg stack.ClientConfig) (Tunnel, error) {
	c, err := stack.NewClient(cfg)
	if err != nil {
		return nil, err
	}
	return tunnel{c}, nil
}

type tunnel struct{ *stack.Client }

func (t tunnel) ListenPacket(port uint16) (net.PacketConn, error) { return t.ListenUDP(port) }
