package connect

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"time"

	"github.com/coder/websocket"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/agent/devicekey"
	"github.com/sekisho/sekisho/internal/agent/uplink"
	"github.com/sekisho/sekisho/internal/wire"
)

// clock is the agent's: monotonic for what is decided, wall time for what people read.
type clock interface {
	Mono() time.Duration
	Now() time.Time
	Asleep() time.Duration // spent suspended, which Mono does not count
}

// realClock reads the system's clocks. Time spent asleep does not pass on the
// monotonic one: the server's own clock ends the lease meanwhile, and wake the
// screen.
type realClock struct{ began time.Time }

func newClock() clock { return realClock{time.Now()} }

// Mono starts at an hour, so that no reading is ever the zero that means "never".
func (c realClock) Mono() time.Duration   { return time.Since(c.began) + time.Hour }
func (c realClock) Now() time.Time        { return time.Now() }
func (c realClock) Asleep() time.Duration { return asleep() }

// connection is one connection to the server: *uplink.Connection.
type connection interface {
	uplink.Sender
	Do(ctx context.Context, method, path string, header http.Header, body []byte) (*http.Response, error)
	WebSocket(ctx context.Context, path string) (*websocket.Conn, error)
	Me(ctx context.Context) (wire.Me, error)
	Roster(ctx context.Context) (wire.Roster, error)
	LoginNonce(ctx context.Context) (wire.LoginNonce, error)
	OpenByFace(ctx context.Context, f wire.FaceStatement) (wire.SessionAnswer, error)
	OpenByApproval(ctx context.Context, s wire.ApprovedStatement) (wire.SessionAnswer, error)
	RefuseFace(ctx context.Context, f wire.FaceRefusal) error
	StoreFace(ctx context.Context, f wire.FaceEnrolment) error
	OfferFace(ctx context.Context, f wire.FaceEnrolment) error
	Witnessing(ctx context.Context, id sekisho.ApprovalID) (wire.Witnessing, error)
	Acknowledge(ctx context.Context, p sekisho.PersonID, a wire.LocalAcknowledge) error
	Posture(ctx context.Context, r wire.PostureReport) (wire.PostureStanding, error)
	Shared(ctx context.Context) (wire.SharedPC, error)
	PutSealKey(ctx context.Context, k wire.CertifiedKey) error
	TakenFace(ctx context.Context, t wire.CarryTaken) error
	CarryTargets(ctx context.Context) (wire.CarryTargets, error)
	CarryFace(ctx context.Context, f wire.Carry) error
	EndSession(ctx context.Context, reason string) error
	Media(ctx context.Context) (net.PacketConn, netip.AddrPort, error)
	Renew()
	Cut()
	Close() error
}

// lease keeps one session alive: *uplink.LeaseLoop.
type lease interface {
	Verdict(v uplink.Verdict)
	Close()
}

// server opens connections and leases: the uplink room, or a server by hand in tests.
type server interface {
	// Connect names who sits there by login; on a PC of one person it is empty.
	Connect(ctx context.Context, e uplink.Enrolment, key devicekey.Key, login string) (connection, sekisho.ConnectionID, uplink.Enrolment, error)
	Lease(c connection, s sekisho.SessionID, heard uplink.Heard) (lease, error)
}

// door is the part of the front door that the conductor closes.
type door interface {
	Abort() int
}

// page is one page's guard socket: *localdoor.Page.
type page interface {
	Receive(ctx context.Context) (wire.PageMessage, []byte, error)
	Send(ctx context.Context, m wire.AgentMessage) error
	Close(code string)
}

// realServer is the uplink room.
type realServer struct {
	dir    string
	bootID string
	clock  clock
}

func (s realServer) Connect(ctx context.Context, e uplink.Enrolment, key devicekey.Key, login string) (connection, sekisho.ConnectionID, uplink.Enrolment, error) {
	c, e, err := uplink.Connect(ctx, e, uplink.Options{Dir: s.dir, BootID: s.bootID, Login: login, Key: key, Clock: s.clock, Tunnel: uplink.NewTunnel})
	if err != nil {
		return nil, "", e, err
	}
	return c, c.ID, e, nil
}

func (s realServer) Lease(c connection, id sekisho.SessionID, heard uplink.Heard) (lease, error) {
	real, ok := c.(*uplink.Connection)
	if !ok {
		return nil, uplink.ErrClosed
	}
	return real.Lease(id, heard)
}
