package presence

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"net"
	"net/netip"
	"runtime"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/gate/grants"
	"github.com/sekisho/sekisho/internal/wire"
)

// direct is a socket whose other end is a function.
type direct struct {
	in   chan packet
	late chan struct{}
	out  func(body []byte, to netip.AddrPort)
}

func (d *direct) ReadFrom(b []byte) (int, net.Addr, error) {
	select {
	case p := <-d.in:
		return copy(b, p.body), net.UDPAddrFromAddrPort(p.peer), nil
	case <-d.late:
		return 0, nil, net.ErrClosed
	}
}
func (d *direct) WriteTo(b []byte, to net.Addr) (int, error) {
	d.out(b, to.(*net.UDPAddr).AddrPort())
	return len(b), nil
}
func (d *direct) SetReadDeadline(time.Time) error  { close(d.late); return nil }
func (d *direct) SetDeadline(time.Time) error      { return nil }
func (d *direct) SetWriteDeadline(time.Time) error { return nil }
func (d *direct) Close() error                     { return nil }
func (d *direct) LocalAddr() net.Addr              { return &net.UDPAddr{} }

// unwritten takes audit rows and keeps none: the log has a benchmark of its own.
type unwritten struct{ *audit.Log }

func (unwritten) Append(context.Context, storage.Tx, audit.Event) error { return nil }
func (unwritten) Afterwards(audit.Event)                                {}

// BenchmarkLeases keeps many leases alive for a while and reports how long a
// renewal takes from its arrival to its acknowledgement, and the processor time
// for one, the agent's own signature included: both ends are this process.
//
//	go test -run xxx -bench Leases -benchtime 1x ./internal/guard/presence
func BenchmarkLeases(b *testing.B) {
	for _, sessions := range []int{1_000, 10_000} {
		b.Run(fmt.Sprint(sessions), func(b *testing.B) { benchmarkLeases(b, sessions) })
	}
}

func benchmarkLeases(b *testing.B, sessions int) {
	const long = 10 * time.Second
	ctx := b.Context()
	db := storagetest.SQLite(b)
	if err := db.Migrate(ctx, grants.Schema, Schema); err != nil {
		b.Fatal(err)
	}
	clk := clock.System()
	log := unwritten{}
	gate := open{wire.GuardPolicy{Name: "home", Version: 1, AbsentMS: 10_000}}
	book, err := grants.NewBook(ctx, db, clk, grants.Deps{Faces: gate, Approvals: gate, People: gate, Policies: gate, Training: gate, Posture: gate, Rules: gate, Ties: gate, Shifts: gate, Seats: gate, Audit: log})
	if err != nil {
		b.Fatal(err)
	}
	room, err := New(ctx, db, clk, book, Deps{Evidence: &kept{}, People: roles{}, Audit: log})
	if err != nil {
		b.Fatal(err)
	}
	f := newFleet(b, sessions)
	ended := 0
	book.OnEnd(func(grants.Ended) { f.mu.Lock(); ended++; f.mu.Unlock() })
	runCtx, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- room.Serve(runCtx, f.socket) }()
	go f.answer(runCtx)
	f.open(ctx, book)
	time.Sleep(5 * time.Second) // until all have settled
	var after runtime.MemStats
	cpu := processor(b)
	f.measure(true)
	for b.Loop() {
		time.Sleep(long)
	}
	f.measure(false)
	cpu = processor(b) - cpu
	runtime.GC()
	runtime.ReadMemStats(&after)
	f.mu.Lock()
	slices.Sort(f.took)
	n := len(f.took)
	if n < sessions || ended > 0 {
		b.Errorf("%d renewals, %d leases ended", n, ended)
	} else {
		b.ReportMetric(float64(f.took[n/2].Microseconds())/1000, "p50-ms")
		b.ReportMetric(float64(f.took[n*99/100].Microseconds())/1000, "p99-ms")
		b.ReportMetric(float64(f.took[n-1].Microseconds())/1000, "max-ms")
		b.ReportMetric(float64(n)/float64(b.N)/long.Seconds(), "renewals/s")
		b.ReportMetric(float64(cpu.Microseconds())/float64(n), "cpu-us/renewal")
		b.ReportMetric(float64(after.HeapAlloc)/float64(sessions), "heap-B/lease")
	}
	f.mu.Unlock()
	began := time.Now()
	book.EndAll("server.stopping")
	b.ReportMetric(float64(time.Since(began).Milliseconds()), "end-all-ms")
	stop()
	<-done
}

// processor is the time that this process has spent on processors.
func processor(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// fleet is the agents of many PCs.
type fleet struct {
	testing.TB
	socket *direct
	nonces chan packet
	pcs    map[netip.Addr]*machine

	mu        sync.Mutex
	measuring bool
	took      []time.Duration
}

type machine struct {
	conn     grants.Connection
	key      ed25519.PrivateKey
	answered uint64
	sent     time.Time
}

func newFleet(b *testing.B, n int) *fleet {
	f := &fleet{TB: b, nonces: make(chan packet, 1<<16), pcs: map[netip.Addr]*machine{}}
	f.socket = &direct{in: make(chan packet, 1<<14), late: make(chan struct{}), out: func(body []byte, to netip.AddrPort) {
		select {
		case f.nonces <- packet{slices.Clone(body), to}:
		default: // a full network drops
		}
	}}
	for i := range n {
		pub, key, err := ed25519.GenerateKey(nil)
		if err != nil {
			b.Fatal(err)
		}
		addr := netip.AddrFrom4([4]byte{100, 64, byte(1 + i/250), byte(1 + i%250)})
		f.pcs[addr] = &machine{key: key, conn: grants.Connection{
			ID: sekisho.ConnectionID(wire.NewID()), Device: sekisho.DeviceID(fmt.Sprint("d", i)), Person: sekisho.PersonID(fmt.Sprint("p", i)),
			Address: addr, LeaseKey: pub, Tier: sekisho.TierB, Policy: "home",
		}}
	}
	return f
}

// open connects and logs everybody in, a hundred at a time.
func (f *fleet) open(ctx context.Context, book *grants.Book) {
	queue := make(chan *machine)
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			for m := range queue {
				signed := wire.SignWith(m.key, wire.DomainFace, wire.FaceStatement{Connection: m.conn.ID, Person: m.conn.Person})
				if err := book.Connect(ctx, m.conn); err != nil {
					f.Error(err)
				}
				if _, err := book.Open(ctx, m.conn.ID, wire.OpenSession{Face: &signed}); err != nil {
					f.Error(err)
				}
			}
		})
	}
	for _, m := range f.pcs {
		queue <- m
	}
	close(queue)
	all.Wait()
}

// answer is every agent: one renewal for each nonce, and a watch on how soon it is acknowledged.
func (f *fleet) answer(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case p := <-f.nonces:
			n, err := wire.ParseLeaseNonce(p.body)
			if err != nil {
				continue
			}
			f.take(f.pcs[p.peer.Addr()], n, p.peer)
		}
	}
}

func (f *fleet) take(m *machine, n wire.LeaseNonce, at netip.AddrPort) {
	if n.Acked >= m.answered && !m.sent.IsZero() {
		f.mu.Lock()
		if f.measuring {
			f.took = append(f.took, time.Since(m.sent))
		}
		f.mu.Unlock()
		m.sent = time.Time{}
	}
	if n.Counter <= m.answered {
		return
	}
	b, err := wire.LeaseRenewal{Session: n.Session, Counter: n.Counter, Nonce: n.Nonce, State: sekisho.Present, InState: time.Minute}.
		Sign(func(msg []byte) []byte { return ed25519.Sign(m.key, msg) })
	if err != nil {
		f.Error(err)
		return
	}
	m.answered, m.sent = n.Counter, time.Now()
	f.socket.in <- packet{b, at}
}

func (f *fleet) measure(on bool) { f.mu.Lock(); f.measuring = on; f.mu.Unlock() }
