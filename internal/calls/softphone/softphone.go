package softphone

import (
	"context"
	"log/slog"
	"net"
	"net/netip"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/logging"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/wire"
)

// Config is the room's socket. Softphones owns it from New on.
type Config struct {
	Conn    net.PacketConn // UDP 5004 of the gateway's address (flows.PacketConn)
	Address netip.AddrPort // the one address that browsers are told
	Most    int            // lines at a time; 0 is 2,000
}

const (
	mostLines = 2000
	looking   = 100 * time.Millisecond
)

var (
	errOver    = sekisho.Fail(sekisho.KindDenied, "softphone.over")
	errCrowded = sekisho.Fail(sekisho.KindBusy, "softphone.crowded")
	errMedia   = sekisho.Fail(sekisho.KindBusy, "softphone.media")
)

// Softphones are the lines of all operators of this server.
type Softphones struct {
	cfg     Config
	clk     clock.Clock
	log     Log
	deps    Deps
	ward    *ward
	mux     ice.UDPMux
	reports *interceptor.Registry
	panics  atomic.Uint64

	mu     sync.Mutex
	closed bool
	lines  map[*Line]struct{}
	making int // being negotiated

	work sync.WaitGroup
	stop chan struct{}
}

// New starts to serve the socket. Nobody is heard before Open.
func New(cfg Config, clk clock.Clock, log Log, deps Deps) (*Softphones, error) {
	if cfg.Most == 0 {
		cfg.Most = mostLines
	}
	reports, err := reportsOnly()
	if err != nil {
		return nil, err
	}
	s := &Softphones{
		cfg: cfg, clk: clk, log: log, deps: deps, ward: &ward{PacketConn: cfg.Conn}, reports: reports,
		lines: map[*Line]struct{}{}, stop: make(chan struct{}),
	}
	s.mux = ice.NewUDPMuxDefault(ice.UDPMuxParams{UDPConn: s.ward, Logger: quiet().NewLogger("mux")})
	s.work.Go(s.keep)
	return s, nil
}

// quiet keeps WebRTC's own words, which name addresses, out of the log.
func quiet() logging.LoggerFactory {
	f := logging.NewDefaultLoggerFactory()
	f.DefaultLogLevel = logging.LogLevelDisabled
	f.ScopeLevels = map[string]logging.LogLevel{}
	return f
}

// Open answers a page's offer with a line for its session. An older line of the
// same session, person or address ends first. The answer is complete: it names the
// one candidate that there is.
func (s *Softphones) Open(ctx context.Context, session Session, offer string) (answer string, l *Line, err error) {
	defer func() {
		if err != nil {
			s.log.Afterwards(lineRow("line.refused", session, "", audit.Deny, sekisho.CodeOf(err)))
		}
	}()
	if session.ID == "" || session.Person == "" || !session.Address.Is4() {
		return "", nil, errOver
	}
	offer, err = checkOffer(offer)
	if err != nil {
		return "", nil, err
	}
	if !s.deps.Leases.Alive(session.ID, session.Address) {
		return "", nil, errOver
	}
	if !s.begin() {
		return "", nil, errCrowded
	}
	defer s.done()
	l = s.newLine(session)
	if err := s.log.Commit(ctx, lineRow("line.opened", session, l.ID, audit.Allow, "")); err != nil {
		return "", nil, err
	}
	if answer, err = l.negotiate(ctx, offer); err != nil {
		return "", nil, err
	}
	if err := s.enter(l); err != nil {
		return "", nil, err
	}
	return answer, l, nil
}

func (s *Softphones) newLine(session Session) *Line {
	l := &Line{ID: sekisho.LineID(wire.NewID()), Session: session, room: s, begun: s.clk.Mono(), ended: make(chan struct{})}
	l.voice = &voice{bound: func(f formats) {
		l.law.Store(uint32(f.first))
		l.agreed.Store(&f)
	}}
	return l
}

// begin takes one place among the lines that may be; done gives it back once the
// line is entered, or not.
func (s *Softphones) begin() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || len(s.lines)+s.making >= s.cfg.Most {
		return false
	}
	s.making++
	return true
}

func (s *Softphones) done() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.making--
}

// enter gives a line its place, and then asks again whether its session is alive:
// an end in between has either seen the line or is seen here.
func (s *Softphones) enter(l *Line) error {
	var older []*Line
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		l.abandon()
		return errOver
	}
	for o := range s.lines {
		if o.Session.ID == l.Session.ID || o.Session.Person == l.Session.Person || o.Session.Address == l.Session.Address {
			older = append(older, o)
		}
	}
	s.lines[l] = struct{}{}
	s.mu.Unlock()
	for _, o := range older {
		o.Hang(calls.Replaced)
		if s.deps.Replaced != nil {
			s.deps.Replaced(o.Session.Person, o.ID)
		}
	}
	s.ward.seat(l.Session.Address, l)
	if !s.deps.Leases.Alive(l.Session.ID, l.Session.Address) {
		l.end(calls.GateClosed, true)
		return errOver
	}
	return nil
}

// Line is the line of a session, if it has one.
func (s *Softphones) Line(session sekisho.SessionID) (*Line, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for l := range s.lines {
		if l.Session.ID == session {
			return l, true
		}
	}
	return nil, false
}

// Cut ends a session's line because its lease is over: nothing passes any more, in
// either direction, when it returns.
func (s *Softphones) Cut(session sekisho.SessionID) {
	for _, l := range s.all(func(l *Line) bool { return l.Session.ID == session }) {
		l.end(calls.GateClosed, true)
	}
}

func (s *Softphones) all(which func(*Line) bool) (out []*Line) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for l := range s.lines {
		if which(l) {
			out = append(out, l)
		}
	}
	return out
}

// leave takes an ended line out, and tears its connection down aside.
func (s *Softphones) leave(l *Line) {
	s.mu.Lock()
	delete(s.lines, l)
	s.work.Add(1) // with the deletion: Close waits for what it no longer finds
	s.mu.Unlock()
	s.log.Afterwards(lineRow("line.closed", l.Session, l.ID, "", string(l.cause)))
	go func() {
		defer s.work.Done()
		l.release()
		s.ward.unseat(l.Session.Address, l)
		l.tell()
	}()
}

// keep looks at every line until the room closes.
func (s *Softphones) keep() {
	tick := time.NewTicker(looking)
	defer tick.Stop()
	for {
		select {
		case <-s.stop:
			return
		case <-tick.C:
		}
		now := s.clk.Mono()
		for _, l := range s.all(func(*Line) bool { return true }) {
			l.look(now)
		}
	}
}

// Stats counts since the start.
type Stats struct {
	Lines   int
	Foreign uint64 // packets of addresses without a line
	Panics  uint64 // packets that something stumbled over
}

// Stats reads the counters.
func (s *Softphones) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Stats{Lines: len(s.lines), Foreign: s.ward.foreign.Load(), Panics: s.panics.Load()}
}

// Close ends every line and the socket, and waits for all that was started.
func (s *Softphones) Close() error {
	s.mu.Lock()
	first := !s.closed
	s.closed = true
	s.mu.Unlock()
	if !first {
		return nil
	}
	for _, l := range s.all(func(*Line) bool { return true }) {
		l.Hang(calls.ServerStopping)
	}
	close(s.stop)
	s.work.Wait()
	return s.mux.Close() // and the socket with it
}

// survive is deferred by every goroutine that reads what came from outside.
func (s *Softphones) survive(where string) {
	if p := recover(); p != nil {
		if s.panics.Add(1) == 1 {
			slog.Error("a packet made the softphone stumble; later ones are only counted", "where", where, "panic", p, "stack", string(debug.Stack()))
		}
	}
}

func lineRow(kind string, session Session, line sekisho.LineID, decision, reason string) audit.Event {
	return audit.Event{
		Kind: kind, Actor: audit.Actor{Person: session.Person, Device: session.Device}, Object: audit.Object{Type: "line", ID: string(line)},
		Decision: decision, Reason: reason, Session: session.ID, Closing: kind == "line.closed",
	}
}
