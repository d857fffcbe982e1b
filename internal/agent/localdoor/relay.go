package localdoor

import (
	"context"
	"crypto/subtle"
	"errors"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"

	"github.com/pion/logging"
	"github.com/pion/turn/v5"

	"github.com/sekisho/sekisho/internal/wire"
)

// Bounds of a relay. A page has one connection; a second one is made while the
// first is being replaced.
const (
	mostAllocations = 2
	mostClients     = 4
	relayRealm      = "sekisho"
)

var (
	errNoTCP     = errors.New("localdoor: the relay carries datagrams to the gateway alone")
	errRelayFull = errors.New("localdoor: the relay has no more room")
)

// media opens a socket inside the tunnel to the one permitted peer.
type media interface {
	Media(ctx context.Context) (net.PacketConn, netip.AddrPort, error)
}

// relay is a TURN server (RFC 8656) on a loopback TCP port for one page: random
// credentials, one peer, sockets inside the tunnel. A page whose WebRTC may use
// relays alone has no other way out.
type relay struct {
	up       media
	peer     netip.AddrPort
	listener net.Listener
	username string
	secret   string

	over    atomic.Bool
	mu      sync.Mutex
	clients map[net.Conn]struct{}
	sockets map[*tunnelled]struct{}
}

// openRelay listens on a free port of 127.0.0.1 for the given user of this PC. It
// tries the way through the tunnel first.
func openRelay(ctx context.Context, up media, user int) (*relay, error) {
	probe, peer, err := up.Media(ctx)
	if err != nil {
		return nil, err
	}
	if err := probe.Close(); err != nil {
		return nil, err
	}
	l, err := listenExclusive("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &relay{up: up, peer: peer, listener: l, username: secret(), secret: secret(), clients: map[net.Conn]struct{}{}, sockets: map[*tunnelled]struct{}{}}
	quiet := logging.NewDefaultLoggerFactory()
	quiet.DefaultLogLevel, quiet.ScopeLevels = logging.LogLevelDisabled, map[string]logging.LogLevel{}
	_, err = turn.NewServer(turn.ServerConfig{
		Realm: relayRealm, LoggerFactory: quiet, AuthHandler: r.auth, QuotaHandler: r.quota,
		ListenerConfigs: []turn.ListenerConfig{{
			Listener: tapped{gatekeeper{l, user, peerIs}, r}, RelayAddressGenerator: r, PermissionHandler: r.permit,
		}},
	})
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return r, nil
}

// tell is what the page needs to know.
func (r *relay) tell() wire.LocalRelay {
	return wire.LocalRelay{URLs: []string{"turn:" + r.listener.Addr().String() + "?transport=tcp"}, Username: r.username, Credential: r.secret}
}

func (r *relay) auth(a *turn.RequestAttributes) (string, []byte, bool) {
	if r.over.Load() || subtle.ConstantTimeCompare([]byte(a.Username), []byte(r.username)) != 1 {
		return "", nil, false
	}
	return r.username, turn.GenerateAuthKey(r.username, relayRealm, r.secret), true
}

func (r *relay) quota(string, string, net.Addr) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.sockets) < mostAllocations
}

// permit lets datagrams go to the gateway; the socket looks at the port.
func (r *relay) permit(_ net.Addr, peer net.IP) bool {
	a, ok := netip.AddrFromSlice(peer)
	return ok && a.Unmap() == r.peer.Addr()
}

// Validate implements turn.RelayAddressGenerator.
func (r *relay) Validate() error { return nil }

// AllocatePacketConn implements turn.RelayAddressGenerator.
func (r *relay) AllocatePacketConn(turn.AllocateListenerConfig) (net.PacketConn, net.Addr, error) {
	ctx, cancel := context.WithTimeout(context.Background(), mediaWithin)
	defer cancel()
	conn, _, err := r.up.Media(ctx)
	if err != nil {
		return nil, nil, err
	}
	s := &tunnelled{PacketConn: conn, r: r}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.over.Load() || len(r.sockets) >= mostAllocations {
		return nil, nil, errors.Join(errRelayFull, conn.Close())
	}
	r.sockets[s] = struct{}{}
	return s, conn.LocalAddr(), nil
}

// AllocateListener implements turn.RelayAddressGenerator: never (RFC 6062).
func (r *relay) AllocateListener(turn.AllocateListenerConfig) (net.Listener, net.Addr, error) {
	return nil, nil, errNoTCP
}

// AllocateConn implements turn.RelayAddressGenerator: never (RFC 6062).
func (r *relay) AllocateConn(turn.AllocateConnConfig) (net.Conn, error) { return nil, errNoTCP }

// abort ends the relay at once: nothing goes through any more, and what the kernel
// holds for the page is thrown away.
func (r *relay) abort() {
	if r.over.Swap(true) {
		return
	}
	_ = r.listener.Close() // over either way, as is all that follows
	r.mu.Lock()
	defer r.mu.Unlock()
	for c := range r.clients {
		if tcp, ok := c.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
		_ = c.Close()
	}
	for s := range r.sockets {
		_ = s.PacketConn.Close()
	}
	clear(r.sockets)
}

// tapped hands out connections that abort can find.
type tapped struct {
	net.Listener
	r *relay
}

func (t tapped) Accept() (net.Conn, error) {
	for {
		c, err := t.Listener.Accept()
		if err != nil {
			return nil, err
		}
		t.r.mu.Lock()
		full := t.r.over.Load() || len(t.r.clients) >= mostClients
		if !full {
			t.r.clients[c] = struct{}{}
		}
		t.r.mu.Unlock()
		if !full {
			return client{c, t.r}, nil
		}
		_ = c.Close() // refused: its error tells nothing
	}
}

// client is the page's TCP connection.
type client struct {
	net.Conn
	r *relay
}

// Write carries nothing once the relay is over.
func (c client) Write(b []byte) (int, error) {
	if c.r.over.Load() {
		return 0, net.ErrClosed
	}
	return c.Conn.Write(b)
}

func (c client) Close() error {
	c.r.mu.Lock()
	delete(c.r.clients, c.Conn)
	c.r.mu.Unlock()
	return c.Conn.Close()
}

// tunnelled is one allocation's socket inside the tunnel, for the one peer.
type tunnelled struct {
	net.PacketConn
	r *relay
}

// WriteTo carries datagrams to the one peer; others are lost.
func (s *tunnelled) WriteTo(b []byte, to net.Addr) (int, error) {
	if s.r.over.Load() {
		return 0, net.ErrClosed
	}
	if !s.isPeer(to) {
		return len(b), nil
	}
	return s.PacketConn.WriteTo(b, to)
}

// ReadFrom hears the one peer alone.
func (s *tunnelled) ReadFrom(b []byte) (int, net.Addr, error) {
	for {
		n, from, err := s.PacketConn.ReadFrom(b)
		switch {
		case err != nil:
			return n, from, err
		case s.r.over.Load():
			return 0, nil, net.ErrClosed
		case s.isPeer(from):
			return n, from, nil
		}
	}
}

func (s *tunnelled) isPeer(a net.Addr) bool {
	u, ok := a.(*net.UDPAddr)
	return ok && u.AddrPort().Port() == s.r.peer.Port() && u.AddrPort().Addr().Unmap() == s.r.peer.Addr()
}

func (s *tunnelled) Close() error {
	s.r.mu.Lock()
	delete(s.r.sockets, s)
	s.r.mu.Unlock()
	return s.PacketConn.Close()
}
