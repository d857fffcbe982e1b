package bench

import (
	"context"
	"errors"
	"net"
	"slices"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/sekisho/sekisho/internal/wire"
	"github.com/sekisho/sekisho/test/centre"
	"github.com/sekisho/sekisho/test/faultproxy"
	"github.com/sekisho/sekisho/test/load"
	"github.com/sekisho/sekisho/test/rawpc"
)

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
	return lapsed(cause, ms), nil
}

// lapsed is the figure of one cause. The promise says "always": one longer run
// refutes it, so the longest is the figure.
func lapsed(cause string, ms []float64) Result {
	longest := slices.Max(ms)
	bound := float64(boundLapseMS)
	r := one("lapse_closed_ms", "ms", "lower", longest, map[string]string{
		"cause": cause, "is": "longest", "median": strconv.FormatFloat(median(ms), 'f', 0, 64),
	})
	r.N, r.Bound, r.OK = len(ms), &bound, longest <= bound
	return r
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
