package presence

import (
	"sync"
	"time"

	"github.com/sekisho/sekisho"
)

// grain is the wheel's step. It is finer than the protocol's tick of 100 ms so
// that the nonces of ten thousand leases leave one by one and their answers do
// not all arrive at once: a burst of 500 would wait 50 ms for its signatures.
const grain = 5 * time.Millisecond

// slots is the wheel's size: 20 s, more than any lease has between two beats.
const slots = 4096

// wheel holds which session is due at which step. Adding and taking cost the
// same for ten leases and for ten thousand.
type wheel struct {
	mu   sync.Mutex
	tick int64 // the last step that was taken
	size int   // sessions in it
	due  [slots][]sekisho.SessionID
}

func newWheel(now time.Duration) *wheel { return &wheel{tick: int64(now / grain)} }

// add makes id due at a reading of the monotonic clock, rounded up to a step,
// and never in a step that was already taken.
func (w *wheel) add(id sekisho.SessionID, at time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	t := int64((at + grain - 1) / grain)
	t = min(max(t, w.tick+1), w.tick+slots-1)
	w.due[t%slots] = append(w.due[t%slots], id)
	w.size++
}

// length is how many sessions wait in the wheel.
func (w *wheel) length() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.size
}

// take gives everything due until now. After a long pause, in which the process
// was stopped, that is the whole wheel, once.
func (w *wheel) take(now time.Duration) []sekisho.SessionID {
	w.mu.Lock()
	defer w.mu.Unlock()
	until := int64(now / grain)
	if until <= w.tick {
		return nil
	}
	var out []sekisho.SessionID
	for t := max(w.tick+1, until-slots+1); t <= until; t++ {
		out = append(out, w.due[t%slots]...)
		w.due[t%slots] = w.due[t%slots][:0]
	}
	w.tick = until
	w.size -= len(out)
	return out
}
