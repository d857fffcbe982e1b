package grants

import (
	"context"
	"fmt"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Book holds every connection, session and lease of this node, in memory.
type Book struct {
	db  *storage.DB
	clk clock.Clock
	Deps

	byAddress    *index[netip.Addr]
	byConnection *index[sekisho.ConnectionID]
	bySession    *index[sekisho.SessionID]
	byPerson     *index[sekisho.PersonID] // seats with a live session

	epochs  atomic.Uint64
	opening [stripes]sync.Mutex // one opening at a time for each person
	suspect suspects
	unclear atomic.Bool // the last Rejudge could not find everything out

	mu       sync.RWMutex // of the listeners
	onOpen   []func(Session)
	onEnd    []func(Ended)
	onChange []func(Seat)
	onNarrow []func(sekisho.PersonID, sekisho.DesktopID)
}

// dead is the deadline of addresses that nobody has.
var dead atomic.Int64

// NewBook starts an empty book: after a restart everybody is in quarantine.
// Who must pass a challenge is remembered across restarts and read here.
func NewBook(ctx context.Context, db *storage.DB, clk clock.Clock, d Deps) (*Book, error) {
	b := &Book{
		db: db, clk: clk, Deps: d,
		byAddress: newIndex[netip.Addr](), byConnection: newIndex[sekisho.ConnectionID](),
		bySession: newIndex[sekisho.SessionID](), byPerson: newIndex[sekisho.PersonID](),
	}
	held, err := b.loadSuspects(ctx)
	if err != nil {
		return nil, fmt.Errorf("grants: new book: %w", err)
	}
	b.suspect.start(held)
	return b, nil
}

// OnOpen registers a listener for sessions that have opened; it is called before Open returns.
func (b *Book) OnOpen(fn func(Session)) { b.mu.Lock(); b.onOpen = append(b.onOpen, fn); b.mu.Unlock() }

// OnEnd registers a listener for sessions that have ended. It is called
// synchronously, in the order of registration, with the deadline already at 0,
// and must not wait for SQL or for a peer.
func (b *Book) OnEnd(fn func(Ended)) { b.mu.Lock(); b.onEnd = append(b.onEnd, fn); b.mu.Unlock() }

// OnChange registers a listener for what the floor shows.
func (b *Book) OnChange(fn func(Seat)) {
	b.mu.Lock()
	b.onChange = append(b.onChange, fn)
	b.mu.Unlock()
}

// OnNarrow registers a listener for people who lost a desktop while they may be using it.
func (b *Book) OnNarrow(fn func(sekisho.PersonID, sekisho.DesktopID)) {
	b.mu.Lock()
	b.onNarrow = append(b.onNarrow, fn)
	b.mu.Unlock()
}

// listeners is read without the lock: slices only ever grow by append.
func listeners[T any](b *Book, of *[]T) []T {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return *of
}

// Connect takes a connection into quarantine. Its address must be free.
func (b *Book) Connect(ctx context.Context, c Connection) error {
	if !c.valid() {
		return errConnection
	}
	p, err := b.Policies.Get(ctx, c.Policy)
	if err != nil {
		return fmt.Errorf("grants: connect %s: %w", c.ID, err)
	}
	if c.Tier == sekisho.TierC && !p.AllowSoftware {
		return errSoftwareKey
	}
	s := &seat{conn: c, phase: PhaseQuarantine, since: b.clk.Now()}
	if !b.byConnection.add(c.ID, s) {
		return errConnection
	}
	if !b.byAddress.add(c.Address, s) {
		b.byConnection.remove(c.ID, s)
		return errConnection
	}
	b.changed(s)
	return nil
}

// Disconnect ends the session of a connection, if any, and forgets the
// connection. It says whether there was one.
func (b *Book) Disconnect(id sekisho.ConnectionID, reason string) bool {
	s := b.byConnection.get(id)
	if s == nil {
		return false
	}
	s.mu.Lock()
	s.gone = true
	ended := b.endLocked(s, sekisho.Lost, reason, b.clk.Mono())
	s.mu.Unlock()
	b.byAddress.remove(s.conn.Address, s)
	b.byConnection.remove(id, s)
	b.tell(ended)
	b.changed(s)
	return true
}

// Find gives the standing of a connection by its address inside the tunnel.
func (b *Book) Find(addr netip.Addr) (Standing, bool) { return b.standing(b.byAddress.get(addr)) }

// Connection gives the standing of a connection by its id.
func (b *Book) Connection(id sekisho.ConnectionID) (Standing, bool) {
	return b.standing(b.byConnection.get(id))
}

func (b *Book) standing(s *seat) (Standing, bool) {
	if s == nil {
		return Standing{}, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	st := Standing{Connection: s.conn, Last: s.session.ID, State: s.state}
	if s.live && s.lease.Alive(b.clk.Mono()) {
		st.Live, st.Session = true, s.session
	}
	return st, !s.gone
}

// Alive gives the epoch and the deadline of the live session at addr, or two
// zeros. A flow opened in another epoch belongs to a session that is over.
func (b *Book) Alive(addr netip.Addr) (epoch uint64, deadline time.Duration) {
	s := b.byAddress.get(addr)
	if s == nil {
		return 0, 0
	}
	epoch, deadline = s.epoch.Load(), time.Duration(s.deadline.Load())
	if epoch == 0 || b.clk.Mono() >= deadline || s.epoch.Load() != epoch {
		return 0, 0
	}
	return epoch, deadline
}

// Deadline is the number that the road compares with the monotonic clock for
// every packet of addr: nanoseconds, 0 for dead. It stays the same number for
// the whole connection. An address that nobody has gets one that is always 0.
func (b *Book) Deadline(addr netip.Addr) *atomic.Int64 {
	if s := b.byAddress.get(addr); s != nil {
		return &s.deadline
	}
	return &dead
}

// Live lists every connected seat for the floor, in no order.
func (b *Book) Live() []Seat {
	seats := b.byConnection.all()
	out := make([]Seat, 0, len(seats))
	for _, s := range seats {
		s.mu.Lock()
		out = append(out, s.view())
		s.mu.Unlock()
	}
	return out
}

func (b *Book) changed(s *seat) {
	s.mu.Lock()
	v := s.view()
	if s.gone {
		v.Phase = PhaseOffline
	}
	s.mu.Unlock()
	for _, fn := range listeners(b, &b.onChange) {
		fn(v)
	}
}
