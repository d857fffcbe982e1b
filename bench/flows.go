package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/netip"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/road/flows"
	"github.com/sekisho/sekisho/internal/road/tunnels"
	"github.com/sekisho/sekisho/internal/twin/stack"
)

var loopback = netip.MustParseAddr("127.0.0.1")

// held is the memory in use once the collector has found all there is to find:
// WireGuard's queues have finalizers, each of which costs more rounds, so it
// has to stay the same for five of them.
func held() (now float64) {
	var m runtime.MemStats
	same := 0
	for round := 0; same < 5 && round < 100; round++ {
		runtime.GC()
		time.Sleep(200 * time.Millisecond)
		runtime.ReadMemStats(&m)
		last := now
		now = float64(m.HeapAlloc + m.StackInuse)
		if same++; last-now > now/500 || last == 0 {
			same = 0
		}
	}
	return now
}

// peers measures what an idle peer costs the gateway, and how long it takes to
// take one away while another PC uses the tunnel at full speed.
func (s roadSize) peers(ctx context.Context, logf func(string, ...any)) (out []Result, err error) {
	g, err := newGateway("127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, g.Close()) }()
	busy, stop, err := ourClient(ctx, g, "busy", 0, stack.NewBind(loopback), 0)
	if err != nil {
		return nil, err
	}
	defer func() { stop(); _ = busy.Close() }()
	before := held()
	for i := range s.idle {
		// A real PC connects, shakes hands and leaves without a word; its peer stays.
		c, stop, err := ourClient(ctx, g, "idle "+strconv.Itoa(i), 0, stack.NewBind(loopback), 1)
		if err != nil {
			return out, err
		}
		stop()
		_ = c.Close()
	}
	each := (held() - before) / float64(s.idle)
	r := spread("idle_peer_bytes", map[string]string{"peers": strconv.Itoa(s.idle)}, "B", "lower", []float64{each})
	r.N = s.idle
	out = append(out, r)
	logf("an idle peer costs %.0f bytes", each)

	l, err := g.Listen(80)
	if err != nil {
		return out, err
	}
	far, near, err := meet(ctx, l, func(ctx context.Context) (net.Conn, error) { return busy.DialContext(ctx, "tcp", "100.64.0.1:80") })
	if err != nil {
		return out, err
	}
	var wg sync.WaitGroup
	defer wg.Wait()
	defer func() { _, _ = far.Close(), near.Close() }()
	wg.Go(func() { pour(far) })
	wg.Go(func() { _, _ = io.Copy(io.Discard, near) })
	var ms []float64
	for i := range s.idle {
		start := time.Now()
		g.Disconnect(sekisho.ConnectionID("idle "+strconv.Itoa(i)), "bench")
		ms = append(ms, float64(time.Since(start))/1e6)
	}
	out = append(out, percentile("disconnect_ms", map[string]string{"load": "one stream at full speed"}, ms, 0.99))
	logf("a connection is dead %.3f ms (p99) after it is disconnected", out[len(out)-1].Value)
	return out, nil
}

func pour(c net.Conn) {
	b := make([]byte, 32<<10)
	for {
		if _, err := c.Write(b); err != nil {
			return
		}
	}
}

// percentile is a Result whose value is a percentile of many and whose interval
// comes from the order statistics (normal approximation of the binomial).
func percentile(name string, labels map[string]string, v []float64, p float64) Result {
	slices.Sort(v)
	n := float64(len(v))
	at := func(i float64) float64 { return v[int(min(max(i, 0), n-1))] }
	width := 1.96 * math.Sqrt(n*p*(1-p))
	return Result{Name: name, Labels: labels, Value: at(n * p), Unit: "ms", Better: "lower", Low: at(n*p - width), High: at(n*p + width + 1), N: len(v), OK: true, Peers: []Peer{}}
}

// epochs is a book in which everybody has the same epoch, until it is taken away.
type epochs struct{ now atomic.Uint64 }

func (e *epochs) Alive(netip.Addr) (uint64, time.Duration) {
	if n := e.now.Load(); n != 0 {
		return n, 1 << 62
	}
	return 0, 0
}

// seat is one PC with a tunnel and a flow.
type seat struct {
	*stack.Client
	session   flows.Session
	far, near net.Conn
}

// hall is a gateway with PCs.
type hall struct {
	*flows.Flows
	epochs *epochs
	inside net.Listener
	seats  []*seat
}

func newHall(ctx context.Context, n int) (*hall, error) {
	h := &hall{epochs: new(epochs)}
	f, err := flows.New(flows.Config{Tunnels: tunnels.Config{Listen: "127.0.0.1:0", MaxPeers: n}}, clock.System(), h.epochs, unread{})
	if err != nil {
		return nil, err
	}
	h.Flows = f
	if h.inside, err = f.Listen(80); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	for i := range n {
		id := strconv.Itoa(i)
		c, _, err := ourClient(ctx, f, id, 0, stack.NewBind(loopback), 1)
		if err != nil {
			h.close()
			return nil, fmt.Errorf("bench: PC %d: %w", i, err)
		}
		h.seats = append(h.seats, &seat{Client: c, session: flows.Session{ID: sekisho.SessionID(id), Connection: sekisho.ConnectionID(id), Address: c.Address()}})
	}
	return h, nil
}

func (h *hall) close() {
	for _, s := range h.seats {
		_ = s.Close()
	}
	_ = h.Close()
}

// open gives every seat a session of a new epoch and a registered flow.
func (h *hall) open(ctx context.Context) error {
	epoch := h.epochs.now.Add(1)
	for _, s := range h.seats {
		far, near, err := meet(ctx, h.inside, func(ctx context.Context) (net.Conn, error) { return s.DialContext(ctx, "tcp", "100.64.0.1:80") })
		if err != nil {
			return err
		}
		s.far, s.near, s.session.Epoch = far, near, epoch
		if _, err := h.Register(far, flows.Info{Session: s.session.ID, Connection: s.session.Connection}); err != nil {
			return err
		}
	}
	return nil
}

// closing measures one busy flow: from CloseSession to the last byte that the PC reads.
func (s roadSize) closing(ctx context.Context, logf func(string, ...any)) (out []Result, err error) {
	h, err := newHall(ctx, 1)
	if err != nil {
		return nil, err
	}
	defer h.close()
	var call, last []float64
	for range s.closes {
		if err := h.open(ctx); err != nil {
			return nil, err
		}
		pc := h.seats[0]
		go pour(pc.far)
		if _, err := io.CopyN(io.Discard, pc.near, 1<<20); err != nil {
			return nil, err
		}
		ended := make(chan time.Time, 1)
		go func() {
			b, at := make([]byte, 64<<10), time.Now()
			for {
				n, err := pc.near.Read(b)
				if n > 0 {
					at = time.Now()
				}
				if err != nil {
					ended <- at
					return
				}
			}
		}()
		start := time.Now()
		h.CloseSession(pc.session, "bench")
		call = append(call, float64(time.Since(start))/1e6)
		last = append(last, max(0, float64((<-ended).Sub(start))/1e6))
	}
	out = append(out,
		percentile("flow_closed_ms", map[string]string{"to": "CloseSession has returned"}, call, 0.99),
		percentile("flow_closed_ms", map[string]string{"to": "last byte read by the PC"}, last, 0.99))
	logf("a busy flow: CloseSession takes %.2f ms, the last byte comes after %.2f ms (p99)", out[0].Value, out[1].Value)
	return out, nil
}

// closeAll closes a thousand sessions and waits until the last PC has noticed.
func (s roadSize) closeAll(ctx context.Context, logf func(string, ...any)) (out []Result, err error) {
	h, err := newHall(ctx, s.seats)
	if err != nil {
		return nil, err
	}
	defer h.close()
	var server, all []float64
	for range s.rounds {
		if err := h.open(ctx); err != nil {
			return nil, err
		}
		var wg sync.WaitGroup
		var orderly atomic.Int64
		for _, pc := range h.seats {
			wg.Go(func() {
				if _, err := pc.near.Read(make([]byte, 1)); err == nil || errors.Is(err, io.EOF) {
					orderly.Add(1)
				}
				_ = pc.near.Close()
			})
		}
		start := time.Now()
		closed := 0
		for _, pc := range h.seats {
			n, _ := h.CloseSession(pc.session, "bench")
			closed += n
		}
		server = append(server, float64(time.Since(start))/1e6)
		wg.Wait()
		all = append(all, float64(time.Since(start))/1e6)
		if closed != len(h.seats) || orderly.Load() != 0 {
			return nil, fmt.Errorf("bench: %d flows closed of %d, %d not by a reset", closed, len(h.seats), orderly.Load())
		}
	}
	n := strconv.Itoa(s.seats)
	out = append(out,
		spread("close_all_ms", map[string]string{"sessions": n, "to": "every flow is reset at the gateway"}, "ms", "lower", server),
		spread("close_all_ms", map[string]string{"sessions": n, "to": "the last PC has seen its reset"}, "ms", "lower", all))
	logf("%s sessions closed in %.1f ms, felt everywhere in %.1f ms", n, out[0].Value, out[1].Value)
	return out, nil
}
