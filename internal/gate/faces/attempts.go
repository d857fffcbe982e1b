package faces

import (
	"sync"
	"time"

	"github.com/sekisho/sekisho"
)

// Limits of failed logins in a row (NIST SP 800-63B-4 §3.2.3).
const (
	freeFailures = 5
	firstDelay   = 30 * time.Second
	maxDelay     = 10 * time.Minute
	maxFailures  = 50
)

// delay is how long a person waits after so many failures in a row.
func delay(run int) time.Duration {
	if run < freeFailures {
		return 0
	}
	return min(firstDelay<<min(run-freeFailures, 10), maxDelay)
}

// gates keeps when a person may try again, on the monotonic clock: the number
// of failures is in SQL, and a restart begins the delay anew.
type gates struct {
	mu    sync.Mutex
	until map[sekisho.PersonID]time.Duration
	turns [64]sync.Mutex // one judgement at a time for each person
}

func (g *gates) turn(p sekisho.PersonID) *sync.Mutex {
	h := uint32(2166136261) // FNV-1a
	for i := range len(p) {
		h = (h ^ uint32(p[i])) * 16777619
	}
	return &g.turns[h%uint32(len(g.turns))]
}

// may says why a person with so many failures may not try now, or nil.
func (g *gates) may(p sekisho.PersonID, run int, now time.Duration) error {
	if run >= maxFailures {
		return errLocked
	}
	wait := delay(run)
	if wait == 0 {
		return nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	until, known := g.until[p]
	if !known {
		until = now + wait
		g.until[p] = until
	}
	if now < until {
		return errWait
	}
	return nil
}

// failed begins the delay after the run-th failure; run 0 ends it.
func (g *gates) failed(p sekisho.PersonID, run int, now time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if run == 0 {
		delete(g.until, p)
		return
	}
	g.until[p] = now + delay(run)
}
