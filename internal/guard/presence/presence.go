package presence

import (
	"context"
	"fmt"
	"net/netip"
	"sync"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/gate/devices"
	"github.com/sekisho/sekisho/internal/gate/grants"
)

// Presence is the room.
type Presence struct {
	db   *storage.DB
	clk  clock.Clock
	book *grants.Book
	deps Deps

	wheel   *wheel
	repeats repeats // of beat alone
	ports   ports
	send    chan parting   // closing notices; nobody waits for them
	rows    *devices.Limit // of refusals

	mu         sync.Mutex
	expected   map[sekisho.IncidentID]time.Duration // monotonic reading at which missing evidence is an alarm
	onIncident []func(Incident)
}

// parting is the closing notice of one session.
type parting struct {
	connection sekisho.ConnectionID
	to         netip.Addr
	datagram   []byte
}

// New makes the room on a migrated database and follows the book's sessions.
func New(ctx context.Context, db *storage.DB, clk clock.Clock, book *grants.Book, d Deps) (*Presence, error) {
	p := &Presence{
		db: db, clk: clk, book: book, deps: d,
		wheel: newWheel(clk.Mono()), ports: ports{known: map[netip.Addr]port{}},
		send: make(chan parting, 4096), rows: devices.NewLimit(clk, rowsAtOnce, rowEvery), expected: map[sekisho.IncidentID]time.Duration{},
	}
	waiting, err := p.waiting(ctx)
	if err != nil {
		return nil, fmt.Errorf("presence: new: %w", err)
	}
	for _, id := range waiting {
		p.expected[id] = clk.Mono() + evidenceWithin
	}
	book.OnOpen(func(s grants.Session) { p.wheel.add(s.ID, p.clk.Mono()) })
	book.OnEnd(p.part)
	return p, nil
}

// OnFloor registers a listener for what the floor shows: a seat that connected,
// opened, changed its state, closed or left.
func (p *Presence) OnFloor(fn func(grants.Seat)) { p.book.OnChange(fn) }

// Floor lists the connected seats.
func (p *Presence) Floor() []grants.Seat { return p.book.Live() }

// OnIncident registers a listener for incidents that are new, decided, objected
// to, or whose evidence arrived or is missing.
func (p *Presence) OnIncident(fn func(Incident)) {
	p.mu.Lock()
	p.onIncident = append(p.onIncident, fn)
	p.mu.Unlock()
}

func (p *Presence) tell(i Incident) {
	p.mu.Lock()
	fns := p.onIncident
	p.mu.Unlock()
	for _, fn := range fns {
		fn(i)
	}
}

// ports remembers from which port each PC speaks, for as long as its connection lasts.
type ports struct {
	mu    sync.RWMutex
	known map[netip.Addr]port
}

type port struct {
	connection sekisho.ConnectionID
	number     uint16
}

// learn says whether the port is new.
func (p *ports) learn(addr netip.Addr, c sekisho.ConnectionID, number uint16) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	fresh := port{c, number}
	if p.known[addr] == fresh {
		return false
	}
	p.known[addr] = fresh
	return true
}

func (p *ports) of(addr netip.Addr, c sekisho.ConnectionID, otherwise uint16) uint16 {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if k := p.known[addr]; k.connection == c && k.number != 0 {
		return k.number
	}
	return otherwise
}
