package bench

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/sekisho/sekisho/internal/app"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/wire"
	"github.com/sekisho/sekisho/test/centre"
	"github.com/sekisho/sekisho/test/faultproxy"
	"github.com/sekisho/sekisho/test/load"
	"github.com/sekisho/sekisho/test/rawpc"
)

// boundLapseMS is six seconds after the last nonce and one tick.
const boundLapseMS = 6000 + 100

// stopped is how long a server stands still.
const stopped = 8 * time.Second

// Lapse measures when access is over once nobody answers any more: from the
// last nonce that was answered to the last byte of a busy desktop, for sessions
// whose agent falls silent, whose cable is pulled, whose server is stopped and
// continued, and while the server's wall clock jumps by an hour.
// SEKISHO_BENCH_LAPSES sets how many sessions each (20).
func Lapse(ctx context.Context, logf func(string, ...any)) (out []Result, err error) {
	dir, err := os.MkdirTemp("", "sekisho-bench-lapse-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	n := runs("SEKISHO_BENCH_LAPSES", 20)
	desktop, err := centre.StartDesktop(ctx, filepath.Join(dir, "desktop"))
	if err != nil {
		return nil, err
	}
	defer desktop.Close()
	for _, part := range []func(context.Context, string, *centre.Desktop, int, func(string, ...any)) ([]Result, error){lapseProcess, lapseJump} {
		more, err := part(ctx, dir, desktop, n, logf)
		if out = append(out, more...); err != nil {
			return out, err
		}
	}
	return out, nil
}

// lapseProcess uses the server as it ships, in a process of its own.
func lapseProcess(ctx context.Context, dir string, desktop *centre.Desktop, n int, logf func(string, ...any)) (out []Result, err error) {
	c, fleet, err := fleetCentre(ctx, filepath.Join(dir, "process"), "bin", 3*n)
	if err != nil {
		return nil, err
	}
	if err := c.Serve(ctx); err != nil {
		return nil, err
	}
	defer c.Close()
	h, err := newLapses(ctx, c, fleet, desktop, n)
	if err != nil {
		return nil, err
	}
	defer h.close()
	for _, way := range []struct {
		cause string
		wait  func(context.Context, []*lapsing) ([]float64, error)
	}{
		{"agent killed: no answer, the tunnel stays", h.silence(func() {})},
		{"cable pulled: no datagram either way, seen from the desktop's side", h.cable},
		{"server stopped for 8 s and continued", h.stop},
	} {
		r, err := h.measure(ctx, way.cause, way.wait)
		if err != nil {
			return out, fmt.Errorf("bench: %s: %w", way.cause, err)
		}
		out = append(out, r)
		logf("%s: over after %.0f ms at the latest, of %d", way.cause, r.Value, r.N)
	}
	return out, nil
}

// jumping is the machine's clock with a wall clock that can be put forward and back.
type jumping struct {
	clock.Clock
	by atomic.Int64
}

func (j *jumping) Now() time.Time { return j.Clock.Now().Add(time.Duration(j.by.Load())) }

// lapseJump runs the server inside this process, on a clock that jumps.
func lapseJump(ctx context.Context, dir string, desktop *centre.Desktop, n int, logf func(string, ...any)) (out []Result, err error) {
	c, fleet, err := fleetCentre(ctx, filepath.Join(dir, "jump"), "bin", 2*n)
	if err != nil {
		return nil, err
	}
	set, err := app.LoadSettings(c.Config, true)
	if err != nil {
		return nil, err
	}
	clk := &jumping{Clock: clock.System()}
	run, stop := context.WithCancel(ctx)
	srv, err := app.Open(run, set, clk)
	if err != nil {
		stop()
		return nil, err
	}
	defer func() { stop(); err = errors.Join(err, srv.Wait(context.WithoutCancel(ctx))) }()
	c.Addresses = centre.Addresses(srv.Addresses)
	h, err := newLapses(ctx, c, fleet, desktop, n)
	if err != nil {
		return nil, err
	}
	defer h.close()
	for _, by := range []time.Duration{time.Hour, -time.Hour} {
		cause := fmt.Sprintf("agent killed and wall clock jumps by %+d h", int(by.Hours()))
		r, err := h.measure(ctx, cause, h.silence(func() { clk.by.Store(int64(by)) }))
		clk.by.Store(0)
		if err != nil {
			return out, fmt.Errorf("bench: %s: %w", cause, err)
		}
		out = append(out, r)
		logf("%s: over after %.0f ms at the latest, of %d", cause, r.Value, r.N)
	}
	return out, nil
}

// lapses are the sessions of one server.
type lapses struct {
	*centre.Centre
	fleet   *load.Fleet
	relay   *relay
	desktop string
	n, next int
}

// lapsing is one session that will lapse.
type lapsing struct {
	*rawpc.Connection
	proxy    *faultproxy.UDP
	flow     *busy
	gone     <-chan time.Time // when the gateway left the desktop
	silent   atomic.Bool
	answered atomic.Int64 // UnixNano of the last nonce that was answered
}

func newLapses(ctx context.Context, c *centre.Centre, file string, desktop *centre.Desktop, n int) (h *lapses, err error) {
	h = &lapses{Centre: c, n: n}
	if h.relay, err = newRelay("127.0.0.1:" + strconv.Itoa(desktop.Port)); err != nil {
		return nil, err
	}
	admin, err := c.As(ctx, "admin")
	if err != nil {
		return nil, errors.Join(err, h.relay.Close())
	}
	var made struct {
		ID string `json:"id"`
	}
	err = admin.Post(ctx, "desktops", map[string]any{
		"name": "業務デスクトップ 1", "host": "127.0.0.1", "port": h.relay.Addr().(*net.TCPAddr).Port, "secret": desktop.Password,
	}, &made)
	if err == nil {
		h.desktop = made.ID
		h.fleet, err = load.Load(file, c.Addresses.Agents, 0)
	}
	people := []string{}
	if err == nil {
		for _, p := range h.fleet.PCs {
			people = append(people, string(p.Person))
		}
		err = admin.Put(ctx, "desktops/"+made.ID+"/people", map[string]any{"people": people}, nil)
	}
	if err != nil {
		return nil, errors.Join(err, h.relay.Close())
	}
	return h, nil
}

func (h *lapses) close() {
	_ = h.relay.Close() // ending either way
	h.fleet.Close()
}

// begin brings the next PC to work on a busy desktop, through a cable that can be pulled.
func (h *lapses) begin(ctx context.Context) (l *lapsing, err error) {
	pc := h.fleet.PCs[h.next]
	h.next++
	k := rawpc.NewKeys()
	a, err := pc.Bind(ctx, k, nil)
	if err != nil {
		return nil, err
	}
	l = &lapsing{}
	if l.proxy, err = faultproxy.NewUDP(a.Endpoint, 1, faultproxy.Faults{}, faultproxy.Faults{}); err != nil {
		return nil, err
	}
	a.Endpoint = l.proxy.Addr()
	t, err := rawpc.Dial(ctx, k, a)
	if err != nil {
		return nil, errors.Join(err, l.proxy.Close())
	}
	l.Connection = rawpc.On(pc.PC, k, a, t)
	s, err := l.Login(ctx, nil)
	if err != nil {
		return nil, errors.Join(err, l.end())
	}
	lease, err := l.Lease(s.Session.ID)
	if err != nil {
		return nil, errors.Join(err, l.end())
	}
	lease.Answer = func(n wire.LeaseNonce) *wire.LeaseRenewal {
		if l.silent.Load() {
			return nil
		}
		l.answered.Store(time.Now().UnixNano())
		return lease.Present(n)
	}
	go func() { _ = lease.Run(ctx) }() // ends with the session
	if l.flow, err = openBusy(ctx, l.Connection, h.desktop); err != nil {
		return nil, errors.Join(err, l.end())
	}
	l.gone = h.relay.gone()
	return l, nil
}

func (l *lapsing) end() error {
	l.Connection.Close()
	return l.proxy.Close()
}

// measure brings n sessions to work, lets wait make them lapse, and keeps the longest.
func (h *lapses) measure(ctx context.Context, cause string, wait func(context.Context, []*lapsing) ([]float64, error)) (r Result, err error) {
	run, cancel := context.WithCancel(ctx)
	defer cancel()
	var all []*lapsing
	defer func() {
		for _, l := range all {
			err = errors.Join(err, l.end())
		}
	}()
	for range h.n {
		l, err := h.begin(run)
		if err != nil {
			return r, err
		}
		all = append(all, l)
	}
	if err := pause(ctx, wire.NonceEvery+time.Second); err != nil { // each has answered a nonce
		return r, err
	}
	for _, l := range all {
		if l.answered.Load() == 0 || time.Since(l.flow.lastByte()) > time.Second {
			return r, errors.New("a session was not busy before it lapsed")
		}
	}
	ms, err := wait(ctx, all)
	if err != nil {
		return r, err
	}
	// The promise says "always": one longer run refutes it, so the longest is the figure.
	longest := 0.0
	for _, v := range ms {
		longest = max(longest, v)
	}
	bound := float64(boundLapseMS)
	r = one("lapse_closed_ms", "ms", "lower", longest, map[string]string{
		"cause": cause, "is": "longest", "median": strconv.FormatFloat(median(ms), 'f', 0, 64),
	})
	r.N, r.Bound, r.OK = len(ms), &bound, longest <= bound
	return r, nil
}

// silence lets every agent fall silent while its tunnel stays; at the same moment also happens.
func (h *lapses) silence(also func()) func(context.Context, []*lapsing) ([]float64, error) {
	return func(ctx context.Context, all []*lapsing) (ms []float64, err error) {
		for _, l := range all {
			l.silent.Store(true)
		}
		also()
		for _, l := range all {
			select {
			case <-l.flow.ended:
				ms = append(ms, since(l, l.flow.lastByte()))
			case <-time.After(20 * time.Second):
				return nil, errors.New("a flow outlived its lease by far")
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}
		return ms, nil
	}
}

// cable drops every datagram both ways and asks the far side when it was left.
func (h *lapses) cable(ctx context.Context, all []*lapsing) (ms []float64, err error) {
	for _, l := range all {
		l.proxy.Set(faultproxy.Faults{Blackhole: true}, faultproxy.Faults{Blackhole: true})
	}
	for _, l := range all {
		select {
		case at := <-l.gone:
			ms = append(ms, since(l, at))
		case <-time.After(20 * time.Second):
			return nil, errors.New("the gateway kept a desktop open without a lease")
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return ms, nil
}

// stop freezes the server; what it still sends when it goes on counts as the last byte.
func (h *lapses) stop(ctx context.Context, all []*lapsing) (ms []float64, err error) {
	if err := h.Server.Signal(syscall.SIGSTOP); err != nil {
		return nil, err
	}
	err = pause(ctx, stopped)
	for _, l := range all {
		l.silent.Store(true) // nonces from before the pause that arrive after it
	}
	err = errors.Join(err, h.Server.Signal(syscall.SIGCONT), pause(ctx, 2*time.Second))
	if err != nil {
		return nil, err
	}
	for _, l := range all {
		select {
		case <-l.flow.ended:
		default:
			return nil, errors.New("a flow goes on after the server stood still")
		}
		ms = append(ms, since(l, l.flow.lastByte()))
	}
	return ms, nil
}

// since is from the last nonce that was answered, in ms.
func since(l *lapsing, at time.Time) float64 {
	return float64(at.UnixNano()-l.answered.Load()) / 1e6
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
