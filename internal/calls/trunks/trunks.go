package trunks

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Config is what a node needs to know of itself.
type Config struct {
	UDP, TCP, TLS       string      // where to listen, as "0.0.0.0:5060"; "": not at all
	TLSConfig           *tls.Config // certificate of ours, and the roots that peers are judged by
	Bind                netip.Addr  // where RTP is received
	Public              netip.Addr  // what peers are told to send to
	FirstPort, LastPort uint16      // of RTP and RTCP
	Country             string      // "81"
}

// Trunks keeps the list of trunks and the calls that go over them.
type Trunks struct {
	db    *storage.DB
	clk   clock.Clock
	box   Box
	audit Audit
	cfg   Config

	book  atomic.Pointer[book]
	ports *ports
	net   *network
	table *table
	board Switchboard
	ctx   context.Context
	wait  sync.WaitGroup // goroutines of calls
	fresh chan struct{}  // the list changed
	away  chan struct{}  // closed when nothing is registered any more
	ready chan struct{}  // closed when calls are taken

	mu      sync.Mutex
	dialogs map[string]*dialog // by Call-ID and our tag
	lines   map[sekisho.TrunkID]*line
	places  map[sekisho.TrunkID]Standing
	serving bool
	stopped bool // no new calls
	shut    bool // no new goroutines
}

// New makes the room; its tables must have been migrated.
func New(db *storage.DB, clk clock.Clock, box Box, log Audit, cfg Config) (*Trunks, error) {
	if !cfg.Bind.IsValid() || !cfg.Public.IsValid() || cfg.FirstPort < 1024 || cfg.LastPort <= cfg.FirstPort || cfg.Country == "" {
		return nil, errConfig
	}
	if cfg.TLSConfig == nil {
		if cfg.TLS != "" {
			return nil, errConfig
		}
		cfg.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	t := &Trunks{
		db: db, clk: clk, box: box, audit: log, cfg: cfg, fresh: make(chan struct{}, 1), away: make(chan struct{}), ready: make(chan struct{}), table: newTable(clk.Mono),
		dialogs: map[string]*dialog{}, lines: map[sekisho.TrunkID]*line{}, places: map[sekisho.TrunkID]Standing{},
	}
	t.book.Store(&book{})
	return t, nil
}

// Serve listens and carries calls until ctx ends, then ends them all. It is called once.
func (t *Trunks) Serve(ctx context.Context, board Switchboard) error {
	t.mu.Lock()
	if t.serving || board == nil {
		t.mu.Unlock()
		return errConfig
	}
	t.mu.Unlock()
	if err := t.refresh(ctx); err != nil {
		return err
	}
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	t.ports = newPorts(t.cfg.Bind, t.cfg.FirstPort, t.cfg.LastPort)
	t.board, t.ctx = board, work
	t.net = &network{admitted: t.admitted, received: t.received, flood: &buckets{rate: 500, burst: 1000, now: t.clk.Mono, of: map[netip.Addr]*bucket{}}}
	if err := t.net.listen(t.cfg); err != nil {
		return err
	}
	t.mu.Lock()
	t.serving = true
	t.mu.Unlock()
	close(t.ready)
	t.wait.Add(2)
	go t.beat(work)
	go t.keepRegistered(work, ctx)
	<-ctx.Done()
	t.stop(stop)
	return nil
}

// stop ends every call with words to its peer, then all that runs.
func (t *Trunks) stop(stop context.CancelFunc) {
	t.mu.Lock()
	t.stopped = true
	open := make([]*dialog, 0, len(t.dialogs))
	for _, d := range t.dialogs {
		open = append(open, d)
	}
	t.mu.Unlock()
	for _, d := range open {
		d.hang(calls.ServerStopping)
	}
	for range 20 { // a moment for BYE to be answered
		t.mu.Lock()
		left := len(t.dialogs)
		t.mu.Unlock()
		if left == 0 {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	<-t.away
	t.mu.Lock()
	t.shut = true
	t.mu.Unlock()
	stop()
	t.net.close()
	for _, d := range open {
		d.over(calls.ServerStopping)
	}
	t.wait.Wait()
	t.ports.close()
}

// Ready is closed once calls are taken.
func (t *Trunks) Ready() <-chan struct{} { return t.ready }

// Serving says whether calls are taken now.
func (t *Trunks) Serving() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.serving && !t.stopped
}

// Listening is where a transport is heard; for tests and for screens.
func (t *Trunks) Listening(k Transport) netip.AddrPort {
	if !t.Serving() {
		return netip.AddrPort{}
	}
	return t.net.at[k]
}

// beat keeps the time of transactions and dialogs, and reads the list anew for
// what another node changed.
func (t *Trunks) beat(ctx context.Context) {
	defer t.wait.Done()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	read := t.clk.Mono()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		t.table.tick()
		now := t.clk.Mono()
		t.mu.Lock()
		open := make([]*dialog, 0, len(t.dialogs))
		for _, d := range t.dialogs {
			open = append(open, d)
		}
		t.mu.Unlock()
		for _, d := range open {
			d.tick(now)
		}
		if now-read > 5*time.Second {
			read = now
			t.background(func() {
				if err := t.refresh(ctx); err != nil && ctx.Err() == nil {
					slog.Warn("trunks: the list could not be read; the last one stands", "error", err)
				}
			})
		}
	}
}

// background runs f in a goroutine that Serve waits for. What breaks in it ends nothing else.
func (t *Trunks) background(f func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.shut {
		return
	}
	t.wait.Add(1)
	go func() {
		defer t.wait.Done()
		defer func() {
			if recover() != nil && t.net.panics.Add(1) == 1 {
				slog.Error("trunks: an act in a call broke")
			}
		}()
		f()
	}()
}

// received is every message that came from a known address.
func (t *Trunks) received(m sip.Message, v verdict, w way) {
	switch m := m.(type) {
	case *sip.Response:
		if v.status == 0 {
			t.table.answered(m, w)
		}
	case *sip.Request:
		t.request(m, v, w)
	}
}
