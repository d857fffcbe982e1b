package acd

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// ACD is the room: one machine, run by one goroutine.
type ACD struct {
	db     *storage.DB
	clk    clock.Clock
	log    Audit
	deps   Deps
	writer *writer
	origin time.Time // what the wall showed when the monotonic clock stood at zero
	panics atomic.Int64

	configuring sync.Mutex // so that events of changes come in the order of their commits

	mu    sync.Mutex // of the machine and its figures
	m     *Machine
	today *Tally
	day   time.Time

	in     sync.Mutex // of what follows; never held with mu
	inbox  []Event
	skills map[sekisho.PersonID]map[string]int
	onAct  []func(Act)
	wake   chan struct{}
}

// New makes the room on a migrated database. It does nothing until Run.
func New(db *storage.DB, clk clock.Clock, log Audit, deps Deps) (*ACD, error) {
	if deps.Clients == nil {
		return nil, errors.New("acd: new: no clients")
	}
	if deps.Reservations == nil {
		deps.Reservations = NewOneNode()
	}
	return &ACD{
		db: db, clk: clk, log: log, deps: deps, writer: newWriter(db), origin: clk.Now().Add(-clk.Mono()),
		m: NewMachine(deps.Reservations), skills: map[sekisho.PersonID]map[string]int{}, wake: make(chan struct{}, 1),
	}, nil
}

// OnAct registers a listener. Acts come in order and from Run's goroutine, so a
// listener must not wait for anything; it may call Do.
func (r *ACD) OnAct(fn func(Act)) {
	r.in.Lock()
	defer r.in.Unlock()
	r.onAct = append(r.onAct, fn)
}

// manyEvents is when an inbox is worth a line in the log.
const manyEvents = 10_000

// Do puts an event into the inbox and returns at once. Events are followed in the
// order in which they came, at the time at which their turn comes. Skills of an
// AgentIn that are nil are those that SetSkills keeps.
func (r *ACD) Do(e Event) {
	r.in.Lock()
	r.inbox = append(r.inbox, e)
	n := len(r.inbox)
	r.in.Unlock()
	if n == manyEvents {
		slog.Error("acd: the machine is behind", "events", n)
	}
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// Run runs the machine until ctx ends; then what waits for the log is written.
func (r *ACD) Run(ctx context.Context) error {
	if err := r.begin(ctx); err != nil {
		return fmt.Errorf("acd: run: %w", err)
	}
	var writing sync.WaitGroup
	done, stop := context.WithCancel(context.WithoutCancel(ctx)) // ends after the last fact
	writing.Go(func() { r.writer.run(done) })
	defer writing.Wait()
	defer stop()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	r.empty()
	for {
		select {
		case <-r.wake:
		case <-tick.C:
			r.Do(Tick{})
		case <-ctx.Done():
			return nil
		}
		r.empty()
	}
}

// begin reads what is configured and what has been counted today.
func (r *ACD) begin(ctx context.Context) error {
	var all []Queue
	var can map[sekisho.PersonID]map[string]int
	var today *Tally
	r.configuring.Lock() // nothing changes between what is read and what the machine is told
	defer r.configuring.Unlock()
	now := r.now()
	kept := places{}
	err := r.db.Read(ctx, func(tx storage.Tx) (err error) {
		if all, err = queues(ctx, tx); err != nil {
			return err
		}
		if can, err = skills(ctx, tx); err != nil {
			return err
		}
		if today, err = NewTally(24 * time.Hour); err != nil {
			return err
		}
		if r.writer.n, err = newest(ctx, tx); err != nil {
			return err
		}
		if err := eachFact(ctx, tx, now.Add(-maxCallback), now, kept.add); err != nil {
			return err
		}
		return eachFact(ctx, tx, midnight(now), now, today.Add)
	})
	if err != nil {
		return err
	}
	r.mu.Lock()
	r.today, r.day = today, midnight(now)
	r.mu.Unlock()
	r.writer.put([]Fact{{At: now, Kind: FactStarted}})
	r.in.Lock()
	r.skills = can
	first := make([]Event, 0, len(all)+len(kept)+len(r.inbox))
	for _, q := range all {
		if err := q.valid(); err != nil { // of an older version; the machine refuses it
			slog.Error("acd: a queue cannot be used as it is set", "queue", q.ID, "error", err)
		}
		first = append(first, SetQueue{Queue: q})
	}
	first = append(first, kept.events()...)
	r.inbox = append(first, r.inbox...)
	r.in.Unlock()
	return nil
}

// now never goes back, whatever somebody does to the wall clock.
func (r *ACD) now() time.Time { return r.origin.Add(r.clk.Mono()).UTC().Truncate(time.Microsecond) }

// empty follows all events in the inbox, those too that listeners put there.
func (r *ACD) empty() {
	for {
		r.in.Lock()
		events, listeners := r.inbox, r.onAct
		r.inbox = nil
		r.in.Unlock()
		if len(events) == 0 {
			return
		}
		for _, e := range events {
			for _, act := range r.follow(e) {
				for _, fn := range listeners {
					r.hand(fn, act)
				}
			}
		}
	}
}

// follow gives one event to the machine, and its facts to whoever counts.
func (r *ACD) follow(e Event) (acts []Act) {
	if in, ok := e.(AgentIn); ok && in.Skills == nil {
		in.Skills = r.skillsOf(in.Agent)
		e = in
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	defer r.survive("event")
	acts, facts := r.m.Do(e, r.now())
	if day := midnight(r.m.now); day.After(r.day) {
		if t, err := NewTally(24 * time.Hour); err == nil {
			r.today, r.day = t, day // the log keeps what the last one counted
		}
	}
	for _, f := range facts {
		r.today.Add(f)
	}
	r.writer.put(facts)
	return acts
}

func (r *ACD) hand(fn func(Act), act Act) {
	defer r.survive("listener")
	fn(act)
}

// survive lets one event cost itself alone: the first is logged, all are counted.
func (r *ACD) survive(what string) {
	if v := recover(); v != nil && r.panics.Add(1) == 1 {
		slog.Error("acd: panic", "in", what, "value", v)
	}
}

// Panics counts events and listeners that failed; anything but 0 is a defect.
func (r *ACD) Panics() int64 { return r.panics.Load() }

func (r *ACD) skillsOf(p sekisho.PersonID) map[string]int {
	r.in.Lock()
	defer r.in.Unlock()
	return maps.Clone(r.skills[p])
}

func (r *ACD) keepSkills(p sekisho.PersonID, can map[string]int) {
	r.in.Lock()
	defer r.in.Unlock()
	r.skills[p] = maps.Clone(can)
}

// Board gives the present moment. It costs microseconds and waits for one event at most.
func (r *ACD) Board() Board {
	r.mu.Lock()
	b := r.m.board(r.now())
	var today []Cell
	if r.today != nil {
		today = r.today.Queues()
	}
	day := r.day
	r.mu.Unlock()
	for _, c := range today {
		for i := range b.Queues {
			if b.Queues[i].ID == c.Queue && c.From.Equal(day) {
				b.Queues[i].Today = b.Queues[i].Today.Plus(c.Figures)
			}
		}
	}
	b.Behind = r.writer.behind()
	return b
}
