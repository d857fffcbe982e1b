package flows

import (
	"errors"
	"net"
	"net/netip"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/twin/stack"
)

// Door is one port of the gateway's address inside the tunnels.
type Door struct {
	Proto      uint8 // stack.ProtoTCP or stack.ProtoUDP
	Port       uint16
	Quarantine bool // answers without a live lease too
}

// Doors are the ports of DESIGN §9: the desk door tells quarantine by the
// connection's epoch, the lease protocol carries its own proof, media needs a lease.
var Doors = []Door{
	{Proto: stack.ProtoTCP, Port: 80, Quarantine: true},
	{Proto: stack.ProtoUDP, Port: 7001, Quarantine: true},
	{Proto: stack.ProtoUDP, Port: 5004},
}

// Session is a live session as the registry needs to know it.
type Session struct {
	ID         sekisho.SessionID
	Connection sekisho.ConnectionID
	Device     sekisho.DeviceID
	Person     sekisho.PersonID
	Address    netip.Addr
	Epoch      uint64
}

// Info says what a registered flow is for.
type Info struct {
	Session    sekisho.SessionID
	Connection sekisho.ConnectionID
	Person     sekisho.PersonID
	Target     string // what is reached: "desktop 0198…"
}

const (
	// maxFlows is how many TCP connections one PC may have at a time; a browser
	// with the desk open has about ten.
	maxFlows = 128
	// lingering is how long a closed connection's last packets still pass
	// (TCP's own goodbye, RFC 9293 §3.6), and how long a handshake may take.
	lingering = 60 * time.Second
)

// key is a TCP connection within one PC.
type key struct{ remote, local uint16 }

// record is what the gate knows of one TCP connection; seat.mu guards it.
type record struct {
	epoch  uint64        // of its SYN; 0 is quarantine
	since  time.Duration // monotonic: its SYN, or its close once closed
	conn   *Conn         // from Accept on, kept after Close: its goodbye may need a reset yet
	closed bool          // by us
	bye    bool          // the PC sent FIN or RST: a SYN on the same ports is a new connection
}

// Reasons for which packets are refused, as the audit log names them.
type reason uint8

const (
	malformed reason = iota // not plain TCP or UDP over IPv4, fragments included
	spoofed                 // not from an address that has joined
	sideways                // to another operator, or to any address but the gateway
	closedPort
	deadLease
	noFlow
	crowded
	reasons
)

var reasonNames = [reasons]string{"malformed", "spoofed", "operator_to_operator", "closed_port", "lease_over", "no_flow", "too_many_flows"}

var (
	errLeaseOver  = sekisho.Fail(sekisho.KindDenied, "flows.lease_over")
	errNotOurs    = sekisho.Fail(sekisho.KindInternal, "internal").Because(errors.New("flows: not a connection of this listener"))
	errNotJoined  = sekisho.Fail(sekisho.KindInternal, "internal").Because(errors.New("flows: address has not joined"))
	errDoubleJoin = sekisho.Fail(sekisho.KindConflict, "tunnel.key_in_use")
)

// unwrap finds our connection below wrappers that tell it by NetConn.
func unwrap(c net.Conn) (*Conn, bool) {
	for {
		switch v := c.(type) {
		case *Conn:
			return v, true
		case interface{ NetConn() net.Conn }:
			c = v.NetConn()
		default:
			return nil, false
		}
	}
}
