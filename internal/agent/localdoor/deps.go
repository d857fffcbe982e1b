package localdoor

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"time"

	"github.com/coder/websocket"

	"github.com/sekisho/sekisho/internal/wire"
)

// Clock is the agent's monotonic clock.
type Clock interface {
	Mono() time.Duration
}

// Agent is what stands behind the door.
type Agent interface {
	// Status is what a page may know, with texts in the language of an
	// Accept-Language header.
	Status(language string) wire.LocalStatus
	// Connect starts to connect; progress arrives as status. login names who sits at
	// a shared PC and is empty at every other one.
	Connect(login string) error
	// Disconnect ends the connection and whatever session it carries.
	Disconnect() error
	// Acknowledge signs for a version of a rule document, after reading it itself.
	Acknowledge(ctx context.Context, a wire.LocalAcknowledge) error
	// Again enrols this PC anew after its TPM has lost the key; progress arrives as
	// status.
	Again() error
	// Guard serves one page's guard socket until it ends or ctx is done.
	Guard(ctx context.Context, page *Page)
}

// Uplink carries requests through the tunnel, each signed by the lease key.
type Uplink interface {
	// Live says whether a session is open, as far as the agent knows.
	Live() bool
	// Do sends a request to the desk door; path starts with /api/desk/v1/ and includes the query.
	Do(ctx context.Context, method, path string, header http.Header, body []byte) (*http.Response, error)
	// WebSocket opens a signed WebSocket at the desk door.
	WebSocket(ctx context.Context, path string) (*websocket.Conn, error)
	// Media opens a UDP socket inside the tunnel for the one peer that sound goes to.
	Media(ctx context.Context) (net.PacketConn, netip.AddrPort, error)
}
