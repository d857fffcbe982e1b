package flows

import (
	"encoding/binary"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/road/tunnels"
	"github.com/sekisho/sekisho/internal/twin/stack"
)

var (
	gw    = netip.MustParseAddr("100.64.0.1")
	alice = netip.MustParseAddr("100.64.0.2")
	bob   = netip.MustParseAddr("100.64.0.3")
	noone = netip.MustParseAddr("100.64.9.9")
)

// leases is a book of leases by hand.
type leases struct {
	mu  sync.Mutex
	clk clock.Clock
	m   map[netip.Addr]lease
}

type lease struct {
	epoch    uint64
	deadline time.Duration
}

func (l *leases) set(a netip.Addr, epoch uint64, deadline time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.m[a] = lease{epoch, deadline}
}

func (l *leases) Alive(a netip.Addr) (uint64, time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	v := l.m[a]
	if v.epoch == 0 || l.clk.Mono() >= v.deadline {
		return 0, 0
	}
	return v.epoch, v.deadline
}

// rows keeps audit events.
type rows struct {
	mu sync.Mutex
	e  []audit.Event
}

func (r *rows) Afterwards(e audit.Event) { r.mu.Lock(); r.e = append(r.e, e); r.mu.Unlock() }

func (r *rows) of(kind string) (out []audit.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, e := range r.e {
		if e.Kind == kind {
			out = append(out, e)
		}
	}
	return out
}

type bench struct {
	*Flows
	clk    *clock.Fake
	leases *leases
	rows   *rows
	resets []stack.Packet
}

// newBench is a gate with alice and bob in quarantine and no gateway below.
func newBench(t testing.TB) *bench {
	t.Helper()
	clk := clock.NewFake(time.Unix(1_790_000_000, 0))
	b := &bench{clk: clk, leases: &leases{clk: clk, m: map[netip.Addr]lease{}}, rows: &rows{}}
	b.Flows = newGate(Config{Tunnels: tunnels.Config{Gateway: gw, Pool: tunnels.Pool}}, clk, b.leases, b.rows)
	b.reset = func(k stack.Packet) {
		if k.Flags&stack.FlagRST == 0 {
			b.resets = append(b.resets, k)
		}
	}
	for a, id := range map[netip.Addr]sekisho.ConnectionID{alice: "conn-a", bob: "conn-b"} {
		if err := b.join(a, id); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

const (
	syn = stack.FlagSYN
	ack = stack.FlagACK
	fin = stack.FlagFIN
	rst = stack.FlagRST
)

func tcp(src, dst netip.Addr, sport, dport uint16, flags uint8, payload int) []byte {
	b := make([]byte, 40+payload)
	b[0], b[8], b[9] = 0x45, 64, stack.ProtoTCP
	binary.BigEndian.PutUint16(b[2:], uint16(len(b)))
	s, d := src.As4(), dst.As4()
	copy(b[12:], s[:])
	copy(b[16:], d[:])
	binary.BigEndian.PutUint16(b[20:], sport)
	binary.BigEndian.PutUint16(b[22:], dport)
	b[32], b[33] = 5<<4, flags
	return b
}

func udp(src, dst netip.Addr, sport, dport uint16) []byte {
	b := tcp(src, dst, sport, dport, 0, 0)[:28]
	b[9] = stack.ProtoUDP
	binary.BigEndian.PutUint16(b[2:], 28)
	binary.BigEndian.PutUint16(b[24:], 8)
	return b
}

func (b *bench) in(t *testing.T, want bool, what string, p []byte) {
	t.Helper()
	if got := b.Inbound(p); got != want {
		t.Errorf("inbound %s: passed %v", what, got)
	}
}

func (b *bench) out(t *testing.T, want bool, what string, p []byte) {
	t.Helper()
	if got := b.Outbound(p); got != want {
		t.Errorf("outbound %s: passed %v", what, got)
	}
}

func TestQuarantineReachesTwoDoorsAlone(t *testing.T) {
	b := newBench(t)
	for port := range uint16(65535) {
		if got := b.Inbound(tcp(alice, gw, 40000, port, syn, 0)); got != (port == 80) {
			t.Fatalf("SYN to port %d: %v", port, got)
		}
		if got := b.Inbound(udp(alice, gw, 40000, port)); got != (port == 7001) {
			t.Fatalf("datagram to port %d: %v", port, got)
		}
	}
	if len(b.resets) != 0 {
		t.Fatalf("%d closed ports answered: they must stay silent", len(b.resets))
	}
	b.out(t, true, "answer of port 80", tcp(gw, alice, 80, 40000, syn|ack, 0))
	b.out(t, true, "answer of port 7001", udp(gw, alice, 7001, 40000))
	b.out(t, false, "answer of a closed port", tcp(gw, alice, 22, 40000, syn|ack, 0))
	b.out(t, false, "media without a lease", udp(gw, alice, 5004, 40000))
	b.out(t, true, "our reset", tcp(gw, alice, 22, 40000, rst|ack, 0))
	b.out(t, false, "a reset that carries bytes", tcp(gw, alice, 22, 40000, rst|ack, 1))
	// The scan is one row at once and one at the end, not 131,068.
	scan := b.rows.of("flows.refused")
	if len(scan) != 1 || scan[0].Decision != audit.Deny || scan[0].Reason != "closed_port" || scan[0].Object.ID != "conn-a" {
		t.Fatalf("%+v", scan)
	}
	b.Disconnect("conn-a", "connection.closed")
	b.leaving.Wait()
	scan = b.rows.of("flows.refused")
	if len(scan) != 2 || scan[1].Reason != "closed_port" || scan[1].Detail["packets"] != "131066" {
		t.Fatalf("%+v", scan)
	}
}

func TestAnythingButTheGatewayIsRefused(t *testing.T) {
	b := newBench(t)
	b.leases.set(alice, 7, time.Hour) // a lease opens no way sideways
	for what, p := range map[string][]byte{
		"operator to operator, TCP": tcp(alice, bob, 40000, 80, syn, 0),
		"operator to operator, UDP": udp(alice, bob, 40000, 7001),
		"to nobody":                 tcp(alice, noone, 40000, 80, syn, 0),
		"to the internet":           tcp(alice, netip.MustParseAddr("192.0.2.1"), 40000, 80, syn, 0),
		"to loopback":               tcp(alice, netip.MustParseAddr("127.0.0.1"), 40000, 80, syn, 0),
		"broadcast":                 udp(alice, netip.MustParseAddr("255.255.255.255"), 40000, 7001),
		"from nobody":               tcp(noone, gw, 40000, 80, syn, 0),
		"from the gateway":          tcp(gw, gw, 40000, 80, syn, 0),
		"from outside the pool":     tcp(netip.MustParseAddr("192.168.1.2"), gw, 40000, 80, syn, 0),
		"fragment":                  func() []byte { p := udp(alice, gw, 40000, 7001); p[6] = 0x20; return p }(),
		"ICMP":                      func() []byte { p := udp(alice, gw, 40000, 7001); p[9] = 1; return p }(),
		"IPv6":                      make([]byte, 60),
		"empty":                     nil,
	} {
		b.in(t, false, what, p)
	}
	b.out(t, false, "forwarded from bob", tcp(bob, alice, 80, 40000, ack, 0))
	b.out(t, false, "forwarded reset", tcp(bob, alice, 80, 40000, rst, 0))
	b.out(t, false, "to nobody", tcp(gw, noone, 80, 40000, rst, 0))
	b.in(t, true, "control", tcp(alice, gw, 40000, 80, syn, 0))
	if r := b.rows.of("flows.refused"); len(r) != 1 || r[0].Reason != "operator_to_operator" {
		t.Fatalf("%+v", r)
	}
	b.clk.Advance(2 * time.Minute)
	b.in(t, false, "later", tcp(alice, bob, 40000, 80, syn, 0))
	if r := b.rows.of("flows.refused"); len(r) != 2 || r[1].Detail["packets"] == "1" {
		t.Fatalf("the second row must count what came between: %+v", r)
	}
}

func TestFlowOfALeaseDiesWithItsDeadline(t *testing.T) {
	b := newBench(t)
	b.in(t, true, "quarantine SYN", tcp(alice, gw, 40001, 80, syn, 0))
	b.leases.set(alice, 7, b.clk.Mono()+6*time.Second)
	b.in(t, true, "SYN", tcp(alice, gw, 40000, 80, syn, 0))
	b.in(t, true, "data", tcp(alice, gw, 40000, 80, ack, 100))
	b.out(t, true, "data", tcp(gw, alice, 80, 40000, ack, 100))
	b.in(t, true, "media", udp(alice, gw, 5000, 5004))
	b.out(t, true, "media", udp(gw, alice, 5004, 5000))
	b.clk.Advance(6*time.Second - 1)
	b.in(t, true, "a nanosecond before", tcp(alice, gw, 40000, 80, ack, 100))
	b.out(t, true, "a nanosecond before", tcp(gw, alice, 80, 40000, ack, 100))
	b.clk.Advance(1)
	// Nobody has called CloseSession: the packets die by themselves.
	b.in(t, false, "at the deadline", tcp(alice, gw, 40000, 80, ack, 100))
	b.out(t, false, "at the deadline", tcp(gw, alice, 80, 40000, ack, 100))
	b.in(t, false, "media", udp(alice, gw, 5000, 5004))
	b.out(t, false, "media", udp(gw, alice, 5004, 5000))
	b.in(t, false, "goodbye", tcp(alice, gw, 40000, 80, fin|ack, 0))
	b.out(t, true, "our reset", tcp(gw, alice, 80, 40000, rst|ack, 0))
	b.in(t, true, "quarantine flow", tcp(alice, gw, 40001, 80, ack, 100))
	b.out(t, true, "quarantine flow", tcp(gw, alice, 80, 40001, ack, 100))
	b.in(t, true, "lease datagrams", udp(alice, gw, 5000, 7001))
	if len(b.resets) != 2 {
		t.Fatalf("%d late segments were answered by a reset, want 2", len(b.resets))
	}
	// Another lease revives nothing of the old one.
	b.leases.set(alice, 8, b.clk.Mono()+6*time.Second)
	b.in(t, false, "old flow under a new lease", tcp(alice, gw, 40000, 80, ack, 100))
	b.out(t, false, "old flow under a new lease", tcp(gw, alice, 80, 40000, ack, 100))
	b.in(t, true, "new flow", tcp(alice, gw, 40002, 80, syn, 0))
	b.in(t, true, "new flow", tcp(alice, gw, 40002, 80, ack, 10))
}

func TestAClosedEpochIsDeadThoughTheLeaseSaysAlive(t *testing.T) {
	b := newBench(t)
	b.leases.set(alice, 7, time.Hour)
	b.in(t, true, "SYN", tcp(alice, gw, 40000, 80, syn, 0))
	b.CloseSession(Session{ID: "s", Connection: "conn-a", Address: alice, Epoch: 7}, "guard.onlooker")
	b.in(t, false, "data", tcp(alice, gw, 40000, 80, ack, 1))
	b.out(t, false, "data", tcp(gw, alice, 80, 40000, ack, 1))
	b.in(t, true, "a new SYN is quarantine", tcp(alice, gw, 40009, 80, syn, 0))
	if e := b.seats.get(alice).records[key{40009, 80}].epoch; e != 0 {
		t.Fatalf("epoch %d", e)
	}
	b.in(t, false, "media", udp(alice, gw, 5000, 5004))
	if r := b.rows.of("flows.closed"); len(r) != 1 || !r[0].Closing || r[0].Session != "s" || r[0].Reason != "guard.onlooker" {
		t.Fatalf("%+v", r)
	}
	// Another connection's session of the same epoch number does not touch alice.
	b.leases.set(alice, 9, time.Hour)
	b.in(t, true, "SYN of the next lease", tcp(alice, gw, 40010, 80, syn, 0))
	b.CloseSession(Session{ID: "x", Connection: "conn-other", Address: alice, Epoch: 9}, "")
	b.in(t, true, "still alive", tcp(alice, gw, 40010, 80, ack, 1))
}

// counting counts how often the book is asked.
type counting struct {
	Leases
	asked int
}

func (c *counting) Alive(a netip.Addr) (uint64, time.Duration) { c.asked++; return c.Leases.Alive(a) }

// TestBatch: the book is asked once for packets that cross together, and an end
// in their middle still stops the rest.
func TestBatch(t *testing.T) {
	b := newBench(t)
	book := &counting{Leases: b.leases}
	b.Flows.leases = book
	b.leases.set(alice, 7, time.Hour)
	b.in(t, true, "SYN", tcp(alice, gw, 40000, 80, syn, 0))
	batch := b.Batch()
	book.asked = 0
	for range 64 {
		if !batch.Inbound(tcp(alice, gw, 40000, 80, ack, 1)) {
			t.Fatal("dropped")
		}
	}
	if book.asked != 1 {
		t.Fatalf("asked %d times", book.asked)
	}
	b.CloseSession(Session{ID: "s", Connection: "conn-a", Address: alice, Epoch: 7}, "")
	if batch.Inbound(tcp(alice, gw, 40000, 80, ack, 1)) || batch.Outbound(tcp(gw, alice, 80, 40000, ack, 1)) {
		t.Fatal("passed after the end, within the same batch")
	}
	b.leases.set(bob, 9, time.Hour)
	b.in(t, true, "bob's SYN", tcp(bob, gw, 40000, 80, syn, 0))
	batch, book.asked = b.Batch(), 0
	if !batch.Inbound(tcp(bob, gw, 40000, 80, ack, 1)) || batch.Inbound(tcp(alice, gw, 40000, 80, ack, 1)) || !batch.Inbound(tcp(bob, gw, 40000, 80, ack, 1)) {
		t.Fatal("one PC's answer was taken for another's")
	}
	b.leases.set(bob, 0, 0)
	if b.Batch().Inbound(tcp(bob, gw, 40000, 80, ack, 1)) {
		t.Fatal("the next batch knew an old answer")
	}
}

func TestSegmentsWithoutARecordAreResetAndStayOutside(t *testing.T) {
	b := newBench(t)
	b.in(t, false, "data out of nothing", tcp(alice, gw, 40000, 80, ack, 10))
	b.in(t, false, "SYN with ACK", tcp(alice, gw, 40000, 80, syn|ack, 0))
	b.in(t, false, "SYN with FIN", tcp(alice, gw, 40000, 80, syn|fin, 0))
	b.in(t, false, "reset", tcp(alice, gw, 40000, 80, rst, 0))
	b.in(t, false, "no flags", tcp(alice, gw, 40000, 80, 0, 0))
	if len(b.resets) != 4 {
		t.Fatalf("%d resets: all but the reset are answered", len(b.resets))
	}
	b.out(t, false, "data of a flow that nobody opened", tcp(gw, alice, 80, 40000, ack, 10))
}

func TestOnePCCannotFillTheTable(t *testing.T) {
	b := newBench(t)
	for i := range uint16(maxFlows) {
		b.in(t, true, "SYN", tcp(alice, gw, 10000+i, 80, syn, 0))
	}
	b.in(t, false, "one too many", tcp(alice, gw, 9999, 80, syn, 0))
	b.in(t, true, "the other PC", tcp(bob, gw, 9999, 80, syn, 0))
	b.in(t, true, "repeated SYN of one that is in", tcp(alice, gw, 10000, 80, syn, 0))
	b.clk.Advance(lingering + 1)
	b.in(t, true, "after handshakes that came to nothing", tcp(alice, gw, 9999, 80, syn, 0))
	if r := b.rows.of("flows.refused"); len(r) != 1 || r[0].Reason != "too_many_flows" {
		t.Fatalf("%+v", r)
	}
}

// TestShortConnectionsNeverFillTheTable: what was closed makes room, the oldest first.
func TestShortConnectionsNeverFillTheTable(t *testing.T) {
	b := newBench(t)
	seat := b.seats.get(alice)
	for i := range uint16(4 * maxFlows) {
		b.in(t, true, "SYN", tcp(alice, gw, 10000+i, 80, syn, 0))
		r := seat.records[key{10000 + i, 80}]
		r.conn = &Conn{Conn: nowhere{}, f: b.Flows, seat: seat, record: r}
		if i >= 3 { // three stay open
			_ = r.conn.Close()
		}
		b.clk.Advance(time.Microsecond) // of two that closed in one instant neither is the older
	}
	if len(seat.records) > maxFlows {
		t.Fatalf("%d records", len(seat.records))
	}
	for i := range uint16(3) {
		b.in(t, true, "one that stayed open", tcp(alice, gw, 10000+i, 80, ack, 1))
	}
	b.in(t, true, "the goodbye of the newest", tcp(alice, gw, 10000+4*maxFlows-1, 80, fin|ack, 0))
	b.in(t, false, "the oldest", tcp(alice, gw, 10003, 80, ack, 1))
}

// nowhere is a connection that can be closed.
type nowhere struct{ net.Conn }

func (nowhere) Close() error { return nil }

func TestSamePortsAgainUnderALeaseAreANewFlow(t *testing.T) {
	b := newBench(t)
	b.in(t, true, "SYN in quarantine", tcp(alice, gw, 40000, 80, syn, 0))
	b.leases.set(alice, 7, time.Hour)
	b.in(t, true, "the same SYN again", tcp(alice, gw, 40000, 80, syn, 0))
	if e := b.seats.get(alice).records[key{40000, 80}].epoch; e != 0 {
		t.Fatalf("a repeated SYN took the flow from quarantine to epoch %d", e)
	}
	b.in(t, true, "its goodbye", tcp(alice, gw, 40000, 80, fin|ack, 0))
	b.in(t, true, "a new SYN", tcp(alice, gw, 40000, 80, syn, 0))
	if e := b.seats.get(alice).records[key{40000, 80}].epoch; e != 7 {
		t.Fatalf("epoch %d", e)
	}
}

func TestDisconnectedPCIsUnknown(t *testing.T) {
	b := newBench(t)
	b.leases.set(alice, 7, time.Hour)
	b.in(t, true, "SYN", tcp(alice, gw, 40000, 80, syn, 0))
	b.Disconnect("conn-a", "device.revoked")
	b.leaving.Wait()
	for what, p := range map[string][]byte{
		"data": tcp(alice, gw, 40000, 80, ack, 1), "SYN": tcp(alice, gw, 40001, 80, syn, 0),
		"lease": udp(alice, gw, 1, 7001), "media": udp(alice, gw, 1, 5004),
	} {
		b.in(t, false, what, p)
	}
	if err := b.join(alice, "conn-c"); err != nil {
		t.Fatal("its address is not free again:", err)
	}
	if err := b.join(alice, "conn-d"); err == nil {
		t.Fatal("an address was joined twice")
	}
	if err := b.join(bob, "conn-c"); err == nil {
		t.Fatal("a connection joined twice")
	}
	if err := b.join(netip.MustParseAddr("192.0.2.1"), "conn-e"); err == nil {
		t.Fatal("an address outside the pool joined")
	}
}

// TestNoPacketOutlivesItsLease holds for any order of openings, lapses, ends,
// packets and ports: a packet of a flow of a lease passes exactly while that
// very lease is alive and has not been closed.
func TestNoPacketOutlivesItsLease(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := newBench(t)
		type flow struct{ epoch uint64 }
		flows := map[uint16]flow{}
		var epoch, ended uint64
		var deadline time.Duration
		alive := func() uint64 {
			if epoch > ended && b.clk.Mono() < deadline {
				return epoch
			}
			return 0
		}
		for range rapid.IntRange(1, 60).Draw(rt, "acts") {
			port := rapid.Uint16Range(1000, 1005).Draw(rt, "port")
			switch rapid.IntRange(0, 5).Draw(rt, "act") {
			case 0: // a new session
				epoch++
				deadline = b.clk.Mono() + 6*time.Second
				b.leases.set(alice, epoch, deadline)
			case 1: // renewed, if alive
				if alive() != 0 {
					deadline = b.clk.Mono() + 6*time.Second
					b.leases.set(alice, epoch, deadline)
				}
			case 2:
				b.clk.Advance(time.Duration(rapid.Int64Range(0, int64(4*time.Second)).Draw(rt, "wait")))
			case 3: // ended, with or without the book knowing
				b.CloseSession(Session{ID: "s", Connection: "conn-a", Address: alice, Epoch: epoch}, "")
				ended = max(ended, epoch)
			case 4:
				if _, ok := flows[port]; !ok && b.Inbound(tcp(alice, gw, port, 80, syn, 0)) {
					flows[port] = flow{alive()}
				}
			case 5:
				f, ok := flows[port]
				want := ok && (f.epoch == 0 || f.epoch == alive())
				if got := b.Inbound(tcp(alice, gw, port, 80, ack, 1)); got != want {
					rt.Fatalf("inbound passed %v, epoch %d, alive %d", got, f.epoch, alive())
				}
				if got := b.Outbound(tcp(gw, alice, 80, port, ack, 1)); got != want {
					rt.Fatalf("outbound passed %v, epoch %d, alive %d", got, f.epoch, alive())
				}
			}
		}
	})
}

func FuzzGate(f *testing.F) {
	f.Add(tcp(alice, gw, 1, 80, syn, 0))
	f.Add(udp(alice, gw, 1, 7001))
	f.Add(tcp(alice, bob, 1, 80, rst, 3))
	f.Fuzz(func(t *testing.T, p []byte) {
		b := newBench(t)
		if b.Inbound(p) {
			k, ok := stack.ParsePacket(p)
			if !ok || k.Dst.Addr() != gw || (k.Src.Addr() != alice && k.Src.Addr() != bob) {
				t.Fatalf("%x passed", p)
			}
		}
		if b.Outbound(p) {
			if k, ok := stack.ParsePacket(p); !ok || k.Src.Addr() != gw {
				t.Fatalf("%x passed out", p)
			}
		}
	})
}

func BenchmarkGate(b *testing.B) {
	g := newBench(b)
	g.leases.set(alice, 7, time.Hour)
	for i := range 10_000 {
		a := netip.AddrFrom4([4]byte{100, 70, byte(i >> 8), byte(i)})
		if err := g.join(a, sekisho.ConnectionID(a.String())); err != nil {
			b.Fatal(err)
		}
	}
	g.Inbound(tcp(alice, gw, 40000, 80, syn, 0))
	p := tcp(gw, alice, 80, 40000, ack, 1200)
	b.ReportAllocs()
	batch := g.Batch()
	for i := 0; b.Loop(); i++ {
		if i%64 == 0 {
			batch = g.Batch()
		}
		if !batch.Outbound(p) {
			b.Fatal("dropped")
		}
	}
}
