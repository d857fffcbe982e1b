package presence

import (
	"sync"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// slots is the wheel's size: 6.4 s of ticks, more than any lease has between two beats.
const slots = 64

// wheel holds which session is due at which tick. Adding and taking cost the
// same for ten leases and for ten thousand.
type wheel struct {
	mu   sync.Mutex
	tick int64 // the last tick that was taken
	due  [slots][]sekisho.SessionID
}

func newWheel(now time.Duration) *wheel { return &wheel{tick: int64(now / wire.Tick)} }

// add makes id due at a reading of the monotonic clock, rounded up to a tick,
// and never in a tick that was already taken.
func (w *wheel) add(id sekisho.SessionID, at time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	t := int64((at + wire.Tick - 1) / wire.Tick)
	t = min(max(t, w.tick+1), w.tick+slots-1)
	w.due[t%slots] = append(w.due[t%slots], id)
}

// take gives everything due until now. After a long pause, in which the process
// was stopped, that is the whole wheel, once.
func (w *wheel) take(now time.Duration) []sekisho.SessionID {
	w.mu.Lock()
	defer w.mu.Unlock()
	until := int64(now / wire.Tick)
	if until <= w.tick {
		return nil
	}
	var out []sekisho.SessionID
	for t := max(w.tick+1, until-slots+1); t <= until; t++ {
		out = append(out, w.due[t%slots]...)
		w.due[t%slots] = w.due[t%slots][:0]
	}
	w.tick = until
	return out
}
