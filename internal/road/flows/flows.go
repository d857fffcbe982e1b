package flows

import (
	"context"
	"io"
	"net"
	"net/netip"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/road/tunnels"
	"github.com/sekisho/sekisho/internal/twin/stack"
)

// Config is the gateway's, with the ports that are served.
type Config struct {
	Tunnels tunnels.Config // its Gate is set here
	Doors   []Door         // nil: Doors
}

// Flows is the gateway with its gate: who may send what where, now.
type Flows struct {
	clk     clock.Clock
	leases  Leases
	audit   Audit
	gateway netip.Addr
	doors   []Door
	seats   *table
	tunnels *tunnels.Tunnels
	reset   func(stack.Packet) // answers a segment by a reset
	dropped [reasons]atomic.Uint64

	mu           sync.Mutex
	byConnection map[sekisho.ConnectionID]*seat
	leaving      sync.WaitGroup // tunnels that go once their resets are out
}

// New starts the gateway. Nobody reaches anything before Connect.
func New(cfg Config, clk clock.Clock, leases Leases, log Audit) (*Flows, error) {
	if !cfg.Tunnels.Gateway.IsValid() {
		cfg.Tunnels.Gateway = tunnels.Gateway
	}
	if !cfg.Tunnels.Pool.IsValid() {
		cfg.Tunnels.Pool = tunnels.Pool
	}
	f := newGate(cfg, clk, leases, log)
	cfg.Tunnels.Gate = f
	t, err := tunnels.New(cfg.Tunnels, clk)
	if err != nil {
		return nil, err
	}
	f.tunnels, f.reset = t, t.Refuse
	return f, nil
}

// newGate is the gate without a gateway below it.
func newGate(cfg Config, clk clock.Clock, leases Leases, log Audit) *Flows {
	if cfg.Doors == nil {
		cfg.Doors = Doors
	}
	return &Flows{
		clk: clk, leases: leases, audit: log, gateway: cfg.Tunnels.Gateway, doors: cfg.Doors,
		seats: newTable(cfg.Tunnels.Pool), reset: func(stack.Packet) {},
		byConnection: map[sekisho.ConnectionID]*seat{},
	}
}

// Connect opens a tunnel for a connection, in quarantine.
func (f *Flows) Connect(id sekisho.ConnectionID, wireguard []byte) (tunnels.Opened, error) {
	o, err := f.tunnels.Open(id, wireguard)
	if err != nil {
		return o, err
	}
	if err := f.join(o.Address, id); err != nil {
		f.tunnels.Remove(id)
		return tunnels.Opened{}, err
	}
	return o, nil
}

// join lets an address in. Until then its packets are dropped.
func (f *Flows) join(addr netip.Addr, id sekisho.ConnectionID) error {
	s := &seat{addr: addr, connection: id, records: map[key]*record{}, flows: map[*Flow]struct{}{}}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.byConnection[id] != nil {
		return errDoubleJoin
	}
	if !f.seats.put(s) {
		return errNotJoined
	}
	f.byConnection[id] = s
	return nil
}

// Disconnect ends everything of a connection, quarantine included: it is dead
// and its flows are reset when this returns, and its tunnel goes as soon as the
// resets are out. It says how many flows there were.
func (f *Flows) Disconnect(id sekisho.ConnectionID, reason string) (n int, took time.Duration) {
	start := f.clk.Mono()
	f.mu.Lock()
	s := f.byConnection[id]
	delete(f.byConnection, id)
	f.mu.Unlock()
	if s == nil {
		return 0, 0
	}
	s.gone.Store(true)
	n = s.close(func(uint64) bool { return true })
	took = f.clk.Mono() - start
	f.audit.Afterwards(closedRow(audit.Object{Type: "connection", ID: string(id)}, "", reason, n, took))
	f.noteRest(s)
	f.leaving.Go(func() {
		if f.tunnels != nil {
			f.tunnels.Flush()
			f.tunnels.Remove(id)
		}
		f.seats.remove(s)
	})
	return n, took
}

// CloseSession ends every flow of a session, registered or not: marked dead,
// reset, closed upstream, written to the audit log afterwards.
func (f *Flows) CloseSession(session Session, reason string) (n int, took time.Duration) {
	start := f.clk.Mono()
	if s := f.seats.get(session.Address); s != nil && s.connection == session.Connection && session.Epoch != 0 {
		for old := s.ended.Load(); old < session.Epoch && !s.ended.CompareAndSwap(old, session.Epoch); {
			old = s.ended.Load()
		}
		n = s.close(func(epoch uint64) bool { return epoch != 0 && epoch <= session.Epoch })
	}
	took = f.clk.Mono() - start
	f.audit.Afterwards(closedRow(audit.Object{Type: "session", ID: string(session.ID)}, session.ID, reason, n, took))
	return n, took
}

func closedRow(o audit.Object, session sekisho.SessionID, reason string, n int, took time.Duration) audit.Event {
	return audit.Event{
		Kind: "flows.closed", Actor: audit.Actor{Process: "server"}, Object: o, Reason: reason, Session: session, Closing: true,
		Detail: map[string]string{"n": strconv.Itoa(n), "ms": strconv.FormatFloat(float64(took.Microseconds())/1000, 'f', 3, 64)},
	}
}

// close resets the connections of the epochs that dead names, those that are
// closing in order included, then closes what was reached through them. The
// caller has marked them dead.
func (s *seat) close(dead func(epoch uint64) bool) (n int) {
	s.mu.Lock()
	var conns []*Conn
	var flows []*Flow
	for k, r := range s.records {
		if !dead(r.epoch) {
			continue
		}
		delete(s.records, k) // what still comes is answered by a reset, as of a flow that never was
		if r.conn != nil {
			conns = append(conns, r.conn)
		}
		if r.conn != nil && !r.closed {
			n++
		}
	}
	for fl := range s.flows {
		if dead(fl.conn.epoch) {
			flows = append(flows, fl)
			delete(s.flows, fl)
		}
	}
	s.mu.Unlock()
	for _, c := range conns {
		c.Reset()
	}
	for _, fl := range flows {
		fl.end()
	}
	return n
}

// Flow is a registered use of a connection: what is reached through it.
type Flow struct {
	Info
	conn *Conn

	mu       sync.Mutex
	ended    bool
	upstream []io.Closer
}

// Register enters a flow and then asks again whether its lease is alive: an
// end that came in between has either seen the flow or is seen here.
func (f *Flows) Register(conn net.Conn, info Info) (*Flow, error) {
	c, ok := unwrap(conn)
	if !ok || c.f != f {
		return nil, errNotOurs
	}
	if c.epoch == 0 {
		return nil, errLeaseOver
	}
	fl := &Flow{Info: info, conn: c}
	c.seat.mu.Lock()
	c.seat.flows[fl] = struct{}{}
	c.seat.mu.Unlock()
	if !c.alive() {
		fl.Release()
		c.Reset()
		return nil, errLeaseOver
	}
	return fl, nil
}

// Attach closes c when the flow ends; at once if it has ended.
func (fl *Flow) Attach(c io.Closer) {
	fl.mu.Lock()
	ended := fl.ended
	if !ended {
		fl.upstream = append(fl.upstream, c)
	}
	fl.mu.Unlock()
	if ended {
		_ = c.Close() // nobody is left to tell
	}
}

// Context ends with the parent or with the flow, whichever is first; with the
// flow before CloseSession returns.
func (fl *Flow) Context(parent context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(parent)
	fl.Attach(canceller(cancel))
	return ctx, func() { cancel(context.Canceled) }
}

type canceller context.CancelCauseFunc

func (c canceller) Close() error { c(errLeaseOver); return nil }

// Release takes the flow out of the registry; what is attached stays open.
func (fl *Flow) Release() {
	fl.conn.seat.mu.Lock()
	delete(fl.conn.seat.flows, fl)
	fl.conn.seat.mu.Unlock()
}

// end closes a flow that the registry has given up: its PC first, then upstream.
func (fl *Flow) end() {
	fl.conn.Reset()
	fl.mu.Lock()
	fl.ended = true
	upstream := fl.upstream
	fl.upstream = nil
	fl.mu.Unlock()
	for _, c := range upstream {
		_ = c.Close() // nobody is left to tell
	}
}

// Epoch tells under which lease a connection was opened: 0 for quarantine and
// for connections that are not ours.
func (f *Flows) Epoch(conn net.Conn) uint64 {
	if c, ok := unwrap(conn); ok && c.f == f {
		return c.epoch
	}
	return 0
}

// Listen accepts TCP on one of the doors.
func (f *Flows) Listen(port uint16) (net.Listener, error) {
	l, err := f.tunnels.Listen(port)
	if err != nil {
		return nil, err
	}
	return listener{l, f}, nil
}

// PacketConn is a UDP port of the gateway, one of the doors.
func (f *Flows) PacketConn(port uint16) (net.PacketConn, error) { return f.tunnels.PacketConn(port) }

// Tunnels lists the open tunnels with their counters.
func (f *Flows) Tunnels() ([]tunnels.Peer, error) { return f.tunnels.Peers() }

// Endpoint is where PCs find the gateway.
func (f *Flows) Endpoint() string { return f.tunnels.Endpoint() }

// Stats counts what the gate did since the start.
type Stats struct {
	Connections int
	stack.Stats
	Dropped map[string]uint64 // by reason
}

// Stats reads the counters.
func (f *Flows) Stats() Stats {
	st := Stats{Dropped: map[string]uint64{}}
	if f.tunnels != nil {
		st.Connections, st.Stats = f.tunnels.Count(), f.tunnels.Stats()
	}
	for why := range f.dropped {
		st.Dropped[reasonNames[why]] = f.dropped[why].Load()
	}
	return st
}

// Close ends every tunnel.
func (f *Flows) Close() error {
	f.leaving.Wait()
	return f.tunnels.Close()
}
