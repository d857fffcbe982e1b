package softphone

import (
	"runtime"
	"sync/atomic"
	"time"
)

// valve lets packets through while it is open. Nobody waits for it but who shuts it.
type valve struct {
	shut   atomic.Bool
	inside atomic.Int32
}

// shutting bounds the wait for a packet that is under way: handing one on takes
// microseconds, and an end of a lease waits for nobody who breaks that rule.
const shutting = 20 * time.Millisecond

// enter asks for one packet; leave must be called if it is let in.
func (v *valve) enter() bool {
	v.inside.Add(1)
	if v.shut.Load() {
		v.inside.Add(-1)
		return false
	}
	return true
}

func (v *valve) leave() { v.inside.Add(-1) }

// close lets nothing in from now on, and returns when nothing is inside any more.
func (v *valve) close() {
	v.shut.Store(true)
	for until := time.Now().Add(shutting); v.inside.Load() > 0 && time.Now().Before(until); {
		runtime.Gosched()
	}
}

func (v *valve) open() { v.shut.Store(false) }
