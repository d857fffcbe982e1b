package grants

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// reentryStrict is the policy word for match plus random challenge.
const reentryStrict = "strict"

// suspects remembers whose last session ended by somebody or something else in
// the seat. Memory decides; the table only carries it over a restart.
type suspects struct {
	mu    sync.Mutex
	held  map[sekisho.PersonID]suspicion
	dirty map[sekisho.PersonID]sekisho.State
	count uint64
	wake  chan struct{}
}

// suspicion is one of them; each has its own number, so that a login clears
// only what it knew of.
type suspicion struct {
	state  sekisho.State
	number uint64 // 0 is none
}

func (s *suspects) start(held map[sekisho.PersonID]sekisho.State) {
	s.held, s.dirty, s.wake = map[sekisho.PersonID]suspicion{}, map[sekisho.PersonID]sekisho.State{}, make(chan struct{}, 1)
	for p, st := range held {
		s.count++
		s.held[p] = suspicion{st, s.count}
	}
}

func (s *suspects) of(p sekisho.PersonID) suspicion {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.held[p]
}

// clear forgets what a login answered. What came up meanwhile stays, and is
// written again, since the login has just cleared the table.
func (s *suspects) clear(p sekisho.PersonID, known suspicion) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now := s.held[p]; now != known {
		s.dirty[p] = now.state
		s.nudge()
		return
	}
	delete(s.held, p)
	delete(s.dirty, p)
}

func (s *suspects) nudge() {
	select {
	case s.wake <- struct{}{}:
	default: // already awake
	}
}

func (s *suspects) take() map[sekisho.PersonID]sekisho.State {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.dirty
	s.dirty = map[sekisho.PersonID]sekisho.State{}
	return out
}

func (s *suspects) put(p sekisho.PersonID, st sekisho.State) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count++
	s.held[p], s.dirty[p] = suspicion{st, s.count}, st
	s.nudge()
}

// Suspect notes that a state was seen in a person's seat after which a strict
// policy asks a challenge. Other states are ignored. It does not wait for SQL.
func (b *Book) Suspect(p sekisho.PersonID, s sekisho.State) {
	switch s {
	case sekisho.Other, sekisho.Spoof, sekisho.Covered:
		b.suspect.put(p, s)
	}
}

// challenged says whether a suspicion asks a challenge under a policy.
func challenged(s suspicion, policy wire.GuardPolicy) bool {
	return s.number != 0 && policy.Reentry == reentryStrict
}

// Run writes suspects to their table until ctx ends. Decisions do not depend on it.
func (b *Book) Run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-b.suspect.wake:
		}
		for p, s := range b.suspect.take() {
			err := b.db.Write(ctx, func(tx storage.Tx) error {
				return saveSuspect(ctx, tx, p, s, storage.Micros(b.clk.Now()))
			})
			if err == nil {
				continue
			}
			slog.ErrorContext(ctx, "a suspect seat could not be written; trying again", "error", err)
			b.again(ctx, p)
		}
	}
}

// again writes a suspect later, unless it was cleared meanwhile.
func (b *Book) again(ctx context.Context, p sekisho.PersonID) {
	select {
	case <-ctx.Done():
	case <-time.After(time.Second):
	}
	s := &b.suspect
	s.mu.Lock()
	defer s.mu.Unlock()
	if now := s.held[p]; now.number != 0 {
		s.dirty[p] = now.state
		s.nudge()
	}
}
