package exchange

import (
	"context"
	"sync"
	"time"

	"github.com/sekisho/sekisho/internal/foundation/clock"
)

// Beat is the time between two frames of what we sound ourselves: 160 samples.
const (
	Beat    = 20 * time.Millisecond
	samples = 160
)

// maxLate is how many beats are made up for at once when the machine was busy;
// what is older is left out, so that no delay builds up.
const maxLate = 5

// voice is anything that must sound by itself: a player, a mixer.
type voice interface {
	// beat sounds one frame and says whether it wants another.
	beat() bool
}

// metronome beats for every voice of the node from one goroutine: a ticker for
// each call would cost more than the sound itself.
type metronome struct {
	clk    clock.Clock
	mu     sync.Mutex
	voices map[voice]struct{}
	late   uint64 // beats that were left out
}

func newMetronome(clk clock.Clock) *metronome {
	return &metronome{clk: clk, voices: map[voice]struct{}{}}
}

func (m *metronome) add(v voice) { m.mu.Lock(); m.voices[v] = struct{}{}; m.mu.Unlock() }

func (m *metronome) remove(v voice) { m.mu.Lock(); delete(m.voices, v); m.mu.Unlock() }

// run beats until ctx ends.
func (m *metronome) run(ctx context.Context) {
	tick := time.NewTicker(Beat)
	defer tick.Stop()
	next := m.clk.Mono() + Beat
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now := m.clk.Mono()
		if behind := int64((now - next) / Beat); behind > maxLate {
			m.late += uint64(behind - maxLate)
			next += time.Duration(behind-maxLate) * Beat
		}
		for ; next <= now; next += Beat {
			m.once()
		}
	}
}

func (m *metronome) once() {
	m.mu.Lock()
	all := make([]voice, 0, len(m.voices))
	for v := range m.voices {
		all = append(all, v)
	}
	m.mu.Unlock()
	for _, v := range all {
		if !v.beat() {
			m.remove(v)
		}
	}
}
