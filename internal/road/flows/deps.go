package flows

import (
	"net/netip"
	"time"

	"github.com/sekisho/sekisho/internal/foundation/audit"
)

// Leases knows which lease is alive at an address (gate/grants).
type Leases interface {
	// Alive gives the epoch and the deadline of the live lease at addr, or zeros.
	// It is asked for every packet and must neither block nor allocate.
	Alive(addr netip.Addr) (epoch uint64, deadline time.Duration)
}

// Audit takes what happened, after it happened.
type Audit interface {
	Afterwards(e audit.Event)
}
