package pc

import (
	"context"
	"net/netip"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/gate/devices"
	"github.com/sekisho/sekisho/internal/gate/networks"
	"github.com/sekisho/sekisho/internal/wire"
)

// Trust is what a PC must know before it believes the server.
type Trust interface {
	Trust() wire.TrustRoots
}

// Tunnels opens connections in quarantine and closes them.
type Tunnels interface {
	// Open makes a tunnel and registers its connection, so that an OnClosed of
	// the PC from this moment on finds it. A PC has one: an older one ends.
	Open(ctx context.Context, b devices.Binding) (wire.ConnectAnswer, error)
	// Close ends a connection at once. reason is an error code.
	Close(id sekisho.ConnectionID, reason string)
}

// Checkpoints are those of the audit log: PCs are given the newest to hold, and
// report back the one they hold.
type Checkpoints interface {
	Head(ctx context.Context) (note []byte, size int64, err error)
	Pin(ctx context.Context, note []byte) error
	// Follow proves the way from a checkpoint that fits to the newest one.
	Follow(ctx context.Context, note []byte) ([]wire.PinStep, error)
}

// Log is the audit log, for refusals.
type Log interface {
	Afterwards(e audit.Event)
}

// Networks says from where this door may be reached (gate/networks).
type Networks interface {
	Allows(ctx context.Context, door networks.Door, from netip.Addr) error
}
