package clock

import (
	"sync"
	"time"
)

// Clock reads both clocks of a machine.
type Clock interface {
	// Now is the wall clock in UTC. It may jump; decide nothing by it.
	Now() time.Time
	// Mono is the time since the process started. It never goes back and, where
	// the operating system allows, keeps counting while the machine sleeps.
	Mono() time.Duration
}

type system struct{}

// System is the machine's own clock.
func System() Clock { return system{} }

func (system) Now() time.Time      { return time.Now().UTC() }
func (system) Mono() time.Duration { return sinceBoot() - started }

// Fake is a clock for tests: it moves only when told to. Use NewFake.
type Fake struct {
	mu   sync.Mutex
	wall time.Time
	mono time.Duration
}

// NewFake stands at the given wall time; its monotonic reading starts at zero.
func NewFake(at time.Time) *Fake { return &Fake{wall: at.UTC()} }

// Now is the fake wall clock.
func (f *Fake) Now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.wall
}

// Mono is the fake monotonic clock.
func (f *Fake) Mono() time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.mono
}

// Advance lets d pass on both clocks; a negative d passes none.
func (f *Fake) Advance(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	d = max(d, 0)
	f.wall, f.mono = f.wall.Add(d), f.mono+d
}

// Jump sets the wall clock forward or back by d, as a person or NTP might; no time passes.
func (f *Fake) Jump(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.wall = f.wall.Add(d)
}
