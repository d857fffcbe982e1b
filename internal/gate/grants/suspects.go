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
	held  map[sekisho.PersonID]sekisho.State
	dirty map[sekisho.PersonID]sekisho.State
	wake  chan struct{}
}

func (s *suspects) start(held map[sekisho.PersonID]sekisho.State) {
	s.held, s.dirty, s.wake = held, map[sekisho.PersonID]sekisho.State{}, make(chan struct{}, 1)
}

func (s *suspects) clear(p sekisho.PersonID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.held, p)
	delete(s.dirty, p)
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
	s.held[p], s.dirty[p] = st, st
	s.mu.Unlock()
	select {
	case s.wake <- struct{}{}:
	default: // already awake
	}
}

// Suspect notes that a state was seen in a person's seat after which a strict
// policy asks a challenge. Other states are ignored. It does not wait for SQL.
func (b *Book) Suspect(p sekisho.PersonID, s sekisho.State) {
	switch s {
	case sekisho.Other, sekisho.Spoof, sekisho.Covered:
		b.suspect.put(p, s)
	}
}

// challenged says whether a person must pass a challenge under a policy.
func (b *Book) challenged(p sekisho.PersonID, policy wire.GuardPolicy) bool {
	if policy.Reentry != reentryStrict {
		return false
	}
	b.suspect.mu.Lock()
	defer b.suspect.mu.Unlock()
	_, ok := b.suspect.held[p]
	return ok
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
			b.again(ctx, p, s)
		}
	}
}

// again puts a suspect back after a pause, unless something newer stands there.
func (b *Book) again(ctx context.Context, p sekisho.PersonID, s sekisho.State) {
	select {
	case <-ctx.Done():
	case <-time.After(time.Second):
	}
	b.suspect.mu.Lock()
	_, still := b.suspect.held[p]
	b.suspect.mu.Unlock()
	if still {
		b.suspect.put(p, s)
	}
}
